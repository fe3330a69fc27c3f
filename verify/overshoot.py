"""Whether the grades of a sweep ever make a residual larger: proved by margins, or refuted at one point."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

import numpy as np

from constructs.erosion import Residual
from constructs.grades import Sweep
from constructs.integers import largest, smallest_integers
from constructs.windows import over_support_boxes, over_supports
from verify.hats import hat_near


@dataclass(frozen=True)
class Witness:
    """The grade of the sweep (from 0) that makes |r| larger next to a node of the residual's grid."""

    grade: int
    node: int


def within_residual(r: Residual, sweep: Sweep) -> bool:
    """Whether every step is at most |r| on its support, where r has the step's strict sign.

    Requires: the sweep's mesh divides the residual's grid.
    Guarantees: if so, |r| decreases, at every grade of the sweep and at every point (verify/CERTIFICATE.md, 11.11).
    """
    q = r.grid // sweep.cells
    at_nodes = (slice(None, None, q),) * r.dim
    low = over_supports(r.values, q, np.minimum)[at_nodes].reshape(-1)[sweep.numbers]
    high = over_supports(r.values, q, np.maximum)[at_nodes].reshape(-1)[sweep.numbers]
    if r.margins is not None:
        margin = over_support_boxes(r.margins, q, np.maximum)[at_nodes].reshape(-1)[sweep.numbers]
        low, high = low - margin, high + margin
    common = r.denominator * sweep.denominator // gcd(r.denominator, sweep.denominator)
    low, high = (_times(a, common // r.denominator) for a in (low, high))
    step = _times(sweep.numerators, common // sweep.denominator)
    return bool(np.all(np.where(step > 0, low >= step, (step == 0) | (high <= step))))


def witness(r: Residual, sweep: Sweep) -> Witness | None:
    """A grade and a node next to which that grade makes |r| larger; None if none is found.

    Method: grade by grade, rho = r less the grades before; |rho - c psi| > |rho| near a node of the closed support of
    psi where 2 sgn(c) rho < |c| psi. Without margins there is such a node iff the grade increases |r| anywhere:
    c psi (2 rho - c psi) is then a product of functions linear on the simplices.
    """
    q = r.grid // sweep.cells
    common = r.denominator * sweep.denominator * q // gcd(r.denominator, sweep.denominator * q)
    rho = r.values.astype(object) * (common // r.denominator)
    near = _near_nodes(r) * (common // r.denominator)
    for i, grade in enumerate(sweep):
        place, hat = hat_near(grade.node, q, r.grid)
        change = hat.astype(object) * (int(sweep.numerators[i]) * (common // (sweep.denominator * q)))
        sign = 1 if grade.step > 0 else -1
        inside = hat >= 0
        worse = inside & (2 * (sign * rho[place] + near[place]) < sign * np.where(inside, change, 0))
        if grade.step != 0 and worse.any():
            local = np.argwhere(worse)[0] + [s.start for s in place]
            return Witness(i, int(np.ravel_multi_index(tuple(local), r.values.shape)))
        rho[place] -= np.where(inside, change, 0)
    return None


def _near_nodes(r: Residual) -> np.ndarray:
    """At every node the largest margin of a cube with that vertex."""
    if r.margins is None:
        return np.zeros(r.values.shape, dtype=object)
    return over_support_boxes(r.margins, 1, np.maximum).astype(object)


def _times(array: np.ndarray, factor: int) -> np.ndarray:
    return smallest_integers(array, factor + 1) * factor if largest(array) else array
