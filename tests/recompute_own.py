"""A certificate of a claim of one's own judged again by the producer's quantities: the second opinion on mutants."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from constructs.exact import from_text
from constructs.network import Network
from constructs.targets.base import Target
from constructs.targets.expression import ExpressionTarget
from constructs.targets.specification import from_specification
from verify.boxes import places
from verify.own.box_errors import enclosed, jet
from verify.own.line_errors import difference, square
from verify.own.monotone import _on_pieces as fall
from verify.own.piecewise import NotPiecewise
from verify.own.points import alone
from verify.own.polynomials import nonnegative
from verify.own.subject import Head, Subject, well_formed

SLACK = fmpq(1, 2**30)  # of the margins that a producer states
LEAST = fmpq(1, 2**70)


def holds(certificate: dict[str, Any]) -> bool:
    """Whether every finding is true of the certificate's network and target, and the status follows."""
    network = well_formed(Network.from_json(certificate["network"]))
    target = from_specification(certificate["target"])
    layers = frozenset(range(1, network.depth + 1))
    subject = Subject(network, target, {}, {}, lambda: network, layers)
    conditions = certificate["claim"]["parameters"]["conditions"]
    findings = certificate["findings"]
    good = all(true(subject, c, f) for c, f in zip(conditions, findings, strict=True))
    found = {f["status"] for f in findings}
    word = all(c["kind"] == "custom" for c in conditions)
    whole = "refuted" if "refuted" in found else "proved" if found == {"proved"} and not word else "undecided"
    return good and certificate["status"] == whole


def true(subject: Subject, condition: dict[str, Any], finding: dict[str, Any]) -> bool:
    """One finding."""
    kind, network = condition["kind"], subject.network
    if kind == "custom":
        return True
    if kind == "activations":
        used, bound = sorted(network.activations), condition["allowed"]
        return stated(finding, used, bound, set(used) <= set(bound))
    if kind in ("width", "depth", "neurons", "parameters"):
        used, bound = getattr(network, kind), condition["at_most"]
        return stated(finding, used, bound, used <= bound)
    if kind == "monotone":
        return rising(subject, condition, finding)
    if kind == "error":
        head = Head.of(subject.readout(condition["of"]))
        return error(subject, head, subject.target, condition, finding)
    head = subject.head(tuple(condition["neuron"]))
    return error(subject, head, from_specification(condition["target"]), condition, finding)


def stated(finding: dict[str, Any], value: Any, bound: Any, good: bool) -> bool:
    right = finding["status"] == ("proved" if good else "refuted")
    return right and finding["value"] == value and finding["bound"] == bound


def error(
    subject: Subject, head: Head, target: Target, condition: dict[str, Any], finding: dict[str, Any]
) -> bool:
    power = 2 if condition.get("norm") == 2 else 1
    bound, lo = from_text(condition["at_most"]) ** power, from_text(finding["error"][0])
    hi = None if finding["error"][1] is None else from_text(finding["error"][1])
    decided = "proved" if hi is not None and hi <= bound else "refuted" if lo > bound else "undecided"
    if finding["status"] != decided or from_text(finding["bound"]) != bound or lo < 0:
        return False
    if hi is not None and not (lo <= hi and above(subject, head, target, power, lo, hi, finding["grid"])):
        return False
    if power == 2:
        return hi is not None or lo == 0
    if finding["witness"] is None:
        return lo == 0
    x = tuple(from_text(c) for c in finding["witness"])
    exact = target.exact(x)
    if exact is None:
        distance = abs(target.ball(x, 256) - subject.value(head, x))
        return bool(distance > 0 if lo == 0 else distance >= float(lo) * (1 - 2.0**-40))
    return abs(exact - subject.value(head, x)) >= lo


def above(
    subject: Subject, head: Head, target: Target, power: int, lo: fmpq, hi: fmpq, grid: int | None
) -> bool:
    """The upper end, and for squares both."""
    if grid is None:
        try:
            e = difference(target, subject.curve(head))
        except NotPiecewise:
            return False
        if power == 2:
            whole = square(e, hi)
            return whole.hi is not None and lo <= whole.hi and whole.lo <= hi
        within = all(nonnegative(hi - p, a, b) and nonnegative(hi + p, a, b) for a, b, p in e.pieces)
        return within and all(abs(v) <= hi for v in e.values)
    if not isinstance(target, ExpressionTarget):
        return False
    ends = enclosed(alone(subject.network, head), target, grid)
    most, scale = fmpq(*ends.most.as_integer_ratio()), fmpq(*ends.scale.as_integer_ratio())
    slack = (scale + 1) * SLACK * (1 + scale) + LEAST
    if power == 1:
        return hi + slack >= most
    low, high = (fmpq(*end.as_integer_ratio()) for end in (ends.square_lo, ends.square_hi))
    return lo <= low + slack and hi + slack >= high


def rising(subject: Subject, condition: dict[str, Any], finding: dict[str, Any]) -> bool:
    axis, sign, head = condition["axis"], condition["sign"], Head.of(subject.readout(condition["of"]))
    if finding["status"] == "undecided":
        return finding["witness"] is None
    if finding["status"] == "refuted":
        x, y = (tuple(from_text(c) for c in p) for p in finding["witness"])
        same = all(a == b for i, (a, b) in enumerate(zip(x, y, strict=True)) if i != axis)
        return same and x[axis] < y[axis] and sign * subject.value(head, x) > sign * subject.value(head, y)
    if finding["witness"] is not None:
        return False
    if finding["grid"] is None:
        return fall(subject.curve(head), sign) is None
    return all(
        slopes(subject, head, axis, sign, over)
        for _, over, _ in places(subject.target.dim, finding["grid"], 1 << 14)
    )


def slopes(subject: Subject, head: Head, axis: int, sign: int, over: Any) -> bool:
    slope = jet(alone(subject.network, head), over, True)[1].get(axis)
    return slope is None or bool(((slope.lo if sign > 0 else -slope.hi) >= 0).all())
