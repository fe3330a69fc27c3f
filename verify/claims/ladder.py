"""A multiplicative claim on a ladder of meshes: how fast its errors fall from mesh to mesh.

Rules: verify/CERTIFICATE.md, §13.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from flint import fmpq

from constructs.errors import ConstructError
from constructs.exact import Exact, integer, rational, to_text
from constructs.targets.base import Target
from verify.claims.contents import certificate_of
from verify.claims.multiplicative import LARGEST_PART, MultiplicativeClaim, multiplicative
from verify.powers import Enclosure
from verify.progress import Notify, Stage, shares, silent
from verify.verdict import Finding, Reason, Status, Verdict, overall

MOST_RUNGS = 6
DERIVATIVES = {"sup": 0, "l2": 0, "derivative": 1, "gradient": 1, "second": 2, "hessian": 2}
ROOM = fmpq(1, 2)  # a claimed order counts as seen if it is met up to this
FINENESS = (4, 8, 16)  # boxes per cell and axis that are tried, until every order is decided
MOST_BOXES = 1 << 16  # of a rung, as far as it is for the orders
PARTS = 64  # orders are stated in these parts of 1


@dataclass(frozen=True)
class LadderClaim:
    """The claim `of` on the meshes h, h/2, ..., and the order of each of its errors.

    Made by `on_ladder`, which validates.
    """

    of: MultiplicativeClaim
    rungs: int
    order: fmpq
    name: str = "ladder"

    def parameters(self, dim: int) -> dict[str, Any]:
        """As in the certificate (verify/CERTIFICATE.md, §13)."""
        below = {"name": self.of.name, "parameters": self.of.parameters(dim)}
        return {"rungs": self.rungs, "order": to_text(self.order), "of": below}

    def judge(self, target: Target, notify: Notify = silent) -> Verdict:
        """Judges every rung, on finer boxes as long as that helps to decide an order.

        Returns: Verdict; its network is that of the finest mesh.
        Raises: ConstructError for bad input; OutOfBudget if the target cannot be enclosed.
        """
        started = monotonic()
        verdicts, orders = self._judged(target, notify, FINENESS[0])
        for least in FINENESS[1:]:
            if all(f.status is not Status.UNDECIDED for f in orders):
                break
            verdicts, orders = self._judged(target, notify, least)
        findings = tuple(_at_mesh(f, v) for v in verdicts for f in v.findings) + tuple(orders)
        parameters = self.parameters(target.dim)
        rungs = [{key: v.certificate[key] for key in ("evidence", "findings", "status")} for v in verdicts]
        claim = {"name": self.name, "parameters": parameters}
        network = {"rungs": [v.certificate["network"] for v in verdicts]}
        certificate = certificate_of(claim, target, network, {"rungs": rungs}, orders, overall(findings))
        return replace(
            verdicts[-1],
            claim=self.name,
            parameters=parameters,
            findings=findings,
            certificate=certificate,
            seconds=monotonic() - started,
        )

    def _judged(self, target: Target, notify: Notify, least: int) -> tuple[list[Verdict], list[Finding]]:
        verdicts = []
        behind = shares([2 ** (target.dim * i) for i in range(self.rungs)])
        for i in range(self.rungs):
            mesh = self.of.mesh << i
            within = [n for n in FINENESS if n <= least and (mesh * n) ** target.dim <= MOST_BOXES]

            def stage(text: str, mesh: int = mesh, done: float = behind[i]) -> None:
                notify(Stage(f"mesh 1/{mesh}: {text}", done))

            verdicts.append(replace(self.of, mesh=mesh).judge(target, stage, max(within, default=1)))
        orders = [
            self._fall(i, coarse, fine)
            for i in range(1, self.rungs)
            for coarse, fine in zip(verdicts[i - 1].findings, verdicts[i].findings, strict=True)
            if fine.property in DERIVATIVES
        ]
        return verdicts, orders

    def _fall(self, level: int, coarse: Finding, fine: Finding) -> Finding:
        """The order from the last mesh to this one: log2 of what the error falls by."""
        name, part = fine.property, fine.level
        before, after = (_measured(f) for f in (coarse, fine))
        halves = 2 if name in ("l2", "gradient", "hessian") else 1  # squares
        low = _exponent(before.lo / after.hi, halves) if before.lo > 0 else None
        rise = None if after.lo <= 0 else _exponent(after.lo / before.hi, halves)
        high = None if rise is None else -rise
        least = self.order - DERIVATIVES[name] - ROOM
        stated = {
            "of": name,
            "part": part,
            "order": [None if n is None else to_text(fmpq(n, PARTS)) for n in (low, high)],
            "least": to_text(least),
        }
        status, reason = Status.UNDECIDED, Reason.PRECISION
        if low is not None and fmpq(low, PARTS) >= least:
            status, reason = Status.PROVED, None
        elif high is not None and fmpq(high, PARTS) < least:
            status, reason = Status.REFUTED, None
        shown = None if low is None or high is None else Enclosure(fmpq(low, PARTS), fmpq(high, PARTS))
        return Finding("order", level, status, stated, reason, shown, Enclosure.exact(least))


def _measured(f: Finding) -> Enclosure:
    """The stated enclosure of an error, or of the integral of its square."""
    stated = f.stated["error"] if "error" in f.stated else f.stated["value"]
    return Enclosure(*(rational(text, f.property) for text in stated))


def _exponent(ratio: fmpq, halves: int) -> int | None:
    """The largest n with 2^(n/64) <= ratio^(1/halves) and |n| <= 64*64, if there is one.

    >>> _exponent(fmpq(2), 1), _exponent(fmpq(2), 2), _exponent(fmpq(1, 2), 1), _exponent(fmpq(1, 2**65), 1)
    (64, 32, -64, None)
    """
    power = ratio ** (PARTS // halves)
    n = int(power.p).bit_length() - int(power.q).bit_length()
    n -= fmpq(2) ** n > power
    return min(PARTS * PARTS, n) if n >= -PARTS * PARTS else None


def _at_mesh(f: Finding, verdict: Verdict) -> Finding:
    return replace(f, property=f"{f.property} at 1/{verdict.parameters['mesh']}")


def on_ladder(of: MultiplicativeClaim, rungs: int = 3, order: Exact | None = None) -> LadderClaim:
    """The claim on `rungs` meshes, each half the one before.

    Requires: rungs 2..6; order: that of sup|e|, as claimed, q+1 unless said otherwise; that of the i-th derivatives is
    less by i. An order is proved if every halving of the mesh makes the error fall at least by 2^(order - 1/2), refuted
    if one does not.
    Raises: ConstructError.

    >>> on_ladder(multiplicative(mesh="1/4"), 3).parameters(1)["order"]
    '2'
    """
    if not isinstance(of, MultiplicativeClaim):
        raise ConstructError("of", of, "a multiplicative claim, such as claims.multiplicative(mesh='1/4')")
    claimed = fmpq(of.degree + 1) if order is None else rational(order, "order")
    if max(abs(claimed.p), claimed.q) > LARGEST_PART:
        raise ConstructError("order", str(claimed), "a rational with numerator and denominator <= 64")
    return LadderClaim(of, integer(rungs, "rungs", 2, MOST_RUNGS), claimed)


def from_options(
    mesh: Exact = "1/8",
    degree: int = 1,
    norm: str = "sup",
    support: int | None = None,
    ladder: int | None = None,
    order: Exact | None = None,
) -> MultiplicativeClaim | LadderClaim:
    """The multiplicative claim as the command line gives it: on one mesh, or with `ladder` on so many.

    Raises: ConstructError.
    """
    of = multiplicative(mesh, degree, norm, support)
    if ladder is None:
        if order is not None:
            raise ConstructError("order", order, "none without a ladder of meshes, on which orders are seen")
        return of
    return on_ladder(of, ladder, order)
