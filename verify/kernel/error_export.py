"""The errors that a geometric certificate states, in its Coq file: ||f - Phi_l||_p <= C omega_p(f, N^-l) with the shift
that shows the modulus, for a positive integer p or infinity.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import fmpq

from constructs.errors import ConstructError
from constructs.exact import from_text
from constructs.network import Network
from constructs.targets.expression import ExpressionTarget
from verify.claims import geometric
from verify.kernel.geometric_export import geometric_file, opening, read, realized
from verify.kernel.mean_plans import MeanPlan, Wanted, mean_plan, witness_point
from verify.kernel.mean_targets import mean_target
from verify.kernel.stated import bounds_of, rational_text
from verify.kernel.stored_tables import stored_tables

MOST_P = 8
REST = "The numbers in its findings (error, modulus, K) and its other findings are not in this file"
KINDS = {"axis": "Axis", "euclidean": "Euclidean"}
Point = tuple[tuple[fmpq, ...], tuple[fmpq, ...]]  # shift and point


def error_file(certificate: dict[str, Any]) -> str:
    """The text of `geometric_file`, if it can be written, and the `error` findings from level 0 on, as far as the
    kernel can afford them.

    Raises: ConstructError for what cannot be written, or if not even level 0 can be seen with affordable boxes.
    """
    p = certificate["claim"]["parameters"]["p"]
    if p != "inf" and (from_text(p).q != 1 or not 1 <= from_text(p) <= MOST_P):
        raise ConstructError("p", p, f"an integer from 1 up to {MOST_P}, or inf, for Coq")
    if p == "inf":
        points, why = _points(certificate)
        count, lines = len(points), _sup_lines(certificate, points)
    else:
        plans, why = _plans(certificate)
        count, lines = len(plans), _mean_lines(certificate, plans)
    said = [
        f"At the end: the error in L^{p} is at most C = {_constant(certificate)} times the modulus of continuity, "
        f"levels 0 to {count - 1}.",
    ]
    if count <= certificate["claim"]["parameters"]["levels"]:
        said.append(f"Not of level {count} on: {why}.")
    said.append(f"{REST}.")
    return _before(certificate, said) + "\n".join(["", *lines]) + "\n"


def _before(certificate: dict[str, Any], said: list[str]) -> str:
    """With bounds at every point, if the findings state some and boxes show them; else the head says why not."""
    try:
        return geometric_file(certificate, said)
    except ConstructError as why:
        if certificate["claim"]["parameters"]["p"] == "inf":
            raise
        remarks = [f"No bound at every point: {why}.", *said]
        data = read(certificate, mean_target(certificate["target"]))
        return "\n".join(opening(certificate, data, remarks)) + "\n"


def _plans(certificate: dict[str, Any]) -> tuple[list[MeanPlan], str]:
    """Of the levels from 0 on, and why not of the next one."""
    parameters, target = certificate["claim"]["parameters"], mean_target(certificate["target"])
    dim, base, p = parameters["dim"], parameters["base"], int(from_text(parameters["p"]).p)
    tables = realized(stored_tables(Network.from_json(certificate["network"]), dim, base), dim, base)
    plans: list[MeanPlan] = []
    for finding, table in zip(_findings(certificate), tables, strict=False):
        try:
            plans.append(mean_plan(target, Wanted(table, _shift(finding), p, _constant(certificate))))
        except ConstructError as error:
            return _some(plans, str(error))
    return _some(plans, "the certificate does not prove it with its claim's constant")


def _points(certificate: dict[str, Any]) -> tuple[list[Point], str]:
    target, points = _target(certificate), []
    for level, finding in enumerate(_findings(certificate)):
        least = bounds_of(certificate, level).most / _constant(certificate)
        try:
            points.append((_shift(finding), witness_point(target, _shift(finding), finding["grid"], least)))
        except ConstructError as error:
            return _some(points, str(error))
    return _some(points, "the certificate does not prove it with its claim's constant")


def _some(found: list[Any], why: str) -> tuple[list[Any], str]:
    if not found:
        raise ConstructError("certificate", why, "a proved error of level 0 that the kernel can afford")
    return found, why.rstrip(".")


def _target(certificate: dict[str, Any]) -> ExpressionTarget:
    target = certificate["target"]
    if target["kind"] != "expression":
        raise ConstructError(
            "target", target["kind"], "an expression, for p = inf against the modulus in Coq"
        )
    return ExpressionTarget(target["text"], target["dim"])


def _findings(certificate: dict[str, Any]) -> list[dict[str, Any]]:
    """The error findings of the levels 0, 1, ..., before the first that is not proved with the claim's constant.

    Raises: ConstructError if a level has two.
    """
    errors = [finding for finding in certificate["findings"] if finding["property"] == "error"]
    by_level = {finding["level"]: finding for finding in errors}
    if len(by_level) < len(errors):
        raise ConstructError("findings", "two errors of one level", "one of each level, for Coq")
    found: list[dict[str, Any]] = []
    for level in range(certificate["claim"]["parameters"]["levels"] + 1):
        finding = by_level.get(level)
        if finding is None or finding["status"] != "proved":
            break
        if from_text(finding["constant"][0]) != _constant(certificate):
            break  # the file's theorem would say less than the finding, or the finding less than the claim
        found.append(finding)
    return found


def _shift(finding: dict[str, Any]) -> tuple[fmpq, ...]:
    return tuple(from_text(s) for s in finding["shift"])


def _constant(certificate: dict[str, Any]) -> fmpq:
    """The lower end of the claim's C: from its parameters, since a finding may name another.

    Raises: ConstructError.
    """
    given = certificate["claim"]["parameters"]
    claim = geometric(
        given["base"], given["levels"], given["p"], constant=given["constant"], tolerance=given["tolerance"]
    )
    return claim.constant_enclosure(given["dim"]).lo


def _list(values: Sequence[fmpq]) -> str:
    return f"[{'; '.join(map(rational_text, values))}]"


def _mean_lines(certificate: dict[str, Any], plans: Sequence[MeanPlan]) -> list[str]:
    parameters = certificate["claim"]["parameters"]
    p = int(from_text(parameters["p"]).p)
    given = f"{KINDS[parameters['modulus']]} {parameters['dim']} {parameters['base']} {p} constant"
    target, last = mean_target(certificate["target"]), len(plans) - 1
    return [
        *_opening(certificate),
        "(** Of each level: a shift, a lower bound of the mean of |f(x + shift) - f(x)|^p, and how finely to cut. *)",
        "Definition errors : list mean_data := [",
        ";\n".join(
            f"  MeanData {_list(plan.shift)} {rational_text(plan.modulus)} {plan.fineness} {plan.pieces}"
            for plan in plans
        ),
        "].",
        "Open Scope R_scope.",
        "",
        "Lemma computed_errors :",
        f"  check_means {given} ({target.ranges}) value0 stored errors = true.",
        "Proof. vm_cast_no_check (eq_refl true). Qed.",
        "",
        f"(** ||f - Phi_l||_{p} <= C omega_{p}(f, N^-l) for every l up to {last}, one shift showing the modulus. *)",
        "Theorem errors_in_mean :",
        f"  forall l, (l <= {last})%nat -> error_in_mean {given} f (Phi (real certified) l) l.",
        "Proof.",
        f"  intros l H. exact (check_means_sound {given} f _ value0 stored errors",
        f"    ({target.proof}) computed_errors l (le_n_S _ _ H)).",
        "Qed.",
    ]


def _sup_lines(certificate: dict[str, Any], points: Sequence[Point]) -> list[str]:
    parameters = certificate["claim"]["parameters"]
    given = f"{KINDS[parameters['modulus']]} {parameters['dim']} {parameters['base']} constant"
    last = len(points) - 1
    return [
        *_opening(certificate),
        "(** Of each level: a shift, and a point where |f(x + shift) - f(x)| is large. *)",
        "Definition points : list point_data := [",
        ";\n".join(f"  PointData {_list(shift)} {_list(point)}" for shift, point in points),
        "].",
        "Open Scope R_scope.",
        "",
        "Lemma computed_points :",
        f"  check_points {given} (Averages.expression_values precision target) bounds points = true.",
        "Proof. vm_cast_no_check (eq_refl true). Qed.",
        "",
        f"(** |f - Phi_l| <= C omega(f, N^-l) at every point for every l up to {last}, a shift and a point showing the",
        "    modulus. *)",
        "Theorem errors_in_supremum :",
        f"  forall l, (l <= {last})%nat -> error_in_supremum {given} f (Phi (real certified) l) l.",
        "Proof.",
        f"  intros l H. refine (check_points_sound {given} f _ (Phi (real certified)) bounds points",
        "    (Averages.expression_at_points precision target) _ computed_points l (le_n_S _ _ H)).",
        "  intros k x Hk Hx. apply (proj2 (proj2 (proj2 certificate))); [|assumption].",
        f"  exact (Nat.le_trans _ _ _ (le_S_n _ _ Hk) (proj1 (Nat.leb_le {last} {parameters['levels']}) eq_refl)).",
        "Qed.",
    ]


def _opening(certificate: dict[str, Any]) -> list[str]:
    return [
        "From Approxcert Require Import Means MeanCheck ErrorCertificate.",
        "Open Scope Q_scope.",
        "(** C. *)",
        f"Definition constant : Q := {rational_text(_constant(certificate))}.",
    ]
