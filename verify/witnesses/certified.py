"""From a witness to a certificate of the claim `geometric`: a network whose error is refuted to be small."""

from __future__ import annotations

from flint import fmpq

from constructs.storage import dyadic_exponent
from verify.claims.geometric import Geometric, geometric
from verify.judging import rechecked
from verify.progress import Notify, silent
from verify.verdict import Status, Verdict
from verify.witnesses.setting import Setting
from verify.witnesses.shrinking import Witness

LARGEST_TOLERANCE = fmpq(1, 16)
ATTEMPTS = 3


def claim(setting: Setting, constant: fmpq, tolerance: fmpq) -> Geometric:
    """error <= constant * modulus at the levels 0, ..., l, with this storage tolerance."""
    return geometric(
        base=setting.base,
        levels=setting.level,
        p=setting.p,
        constant=constant,
        modulus="euclidean" if setting.euclidean else "axis",
        tolerance=tolerance,
    )


def certified(w: Witness, constant: fmpq, notify: Notify = silent) -> Verdict | None:
    """The verdict, accepted by the independent checker, that refutes the constant at level l.

    Requires: w.ratio.exceeds(constant).
    Returns: None if the margin is too small for a storage tolerance of a few attempts, or the checker
    rejects.
    Method: a network whose stored values are within eps * modulus of the cell means has an error of at least
    (ratio - eps) * modulus: eps is at most half of what the ratio is above the constant. What is stated is
    recomputed from the network that was built.
    """
    bounds = w.ratio.enclosure
    if bounds is None or not bounds.lo > constant:
        return None
    tolerance = min(fmpq(2) ** dyadic_exponent((bounds.lo - constant) / 2), LARGEST_TOLERANCE)
    for _ in range(ATTEMPTS):
        verdict = claim(w.setting, constant, tolerance).judge(w.target, notify)
        if any(
            f.property == "error" and f.level == w.setting.level and f.status is Status.REFUTED
            for f in verdict.findings
        ):
            verdict = rechecked(verdict, notify)
            return verdict if verdict.status is Status.REFUTED else None
        tolerance /= 16
    return None
