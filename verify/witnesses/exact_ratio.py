"""The ratio error/modulus of a step target, enclosed: what a refutation rests on."""

from __future__ import annotations

from dataclasses import dataclass

from flint import fmpq

from constructs.targets.step import StepTarget
from verify import moduli
from verify.powers import ZERO, Enclosure, power, root
from verify.step_quantities import StepQuantities
from verify.witnesses.setting import Setting


@dataclass(frozen=True)
class Ratio:
    """||f - P_l f||_p and omega_p(f, N^-l), both as enclosed p-th powers (p None, infinity: themselves)."""

    error: Enclosure
    modulus: Enclosure
    p: fmpq | None

    def exceeds(self, constant: fmpq) -> bool:
        """Whether error > constant * modulus, for certain: the error from below, the modulus from above."""
        factor = constant if self.p is None else power(constant, self.p).hi
        return self.error.lo > factor * self.modulus.hi

    @property
    def enclosure(self) -> Enclosure | None:
        """error/modulus itself; None if the modulus may be 0."""
        if self.modulus.lo <= 0:
            return None
        powers = (self.error.lo / self.modulus.hi, self.error.hi / self.modulus.lo)
        if self.p is None:
            return Enclosure(*powers)
        lo, hi = (root(x ** int(self.p.q), int(self.p.p)) for x in powers)
        return Enclosure(lo.lo, hi.hi)


def ratio(target: StepTarget, setting: Setting) -> Ratio:
    """Both sides for the cell means as stored values.

    Requires: target.dim = setting.dim, at most `setting.most_breaks` breaks an axis.
    Guarantees: exact for integer p and infinity and the axis modulus (any modulus for d = 1); else enclosed:
    the Euclidean modulus lies between the axis modulus and the sum over the axes.
    Source: verify/CERTIFICATE.md, 7.3 and 8.2.

    >>> spike = StepTarget(((["1/9"], [1, 0]),))
    >>> ratio(spike, Setting(1, 2, 1, fmpq(1), False)).enclosure.lo
    14/9
    """
    if target.constant() is not None:
        return Ratio(Enclosure.exact(ZERO), Enclosure.exact(ZERO), setting.p)
    q = StepQuantities(target, setting.p)
    error = q.error(target.cell_values(setting.base, setting.level), ZERO, None)
    above = q.modulus_above(setting.t, setting.euclidean, None)
    if above is None:
        raise ValueError("too many breaks for an exact modulus")
    below = moduli.lower(q, setting.dim, setting.t, None, setting.euclidean)[1]
    return Ratio(error, Enclosure(below, above), setting.p)
