"""Sobolev norms (p = 2) of f - Phi on R^d for a target that vanishes on the boundary of the cube, both sides.

Formulas: verify/CERTIFICATE.md, 12.10. Floats below are ends, each operation followed by a step outward.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np
from flint import fmpq

from constructs.exact import from_float
from constructs.targets.expression import ExpressionTarget
from verify.enclosure import down, on_face, sum_down, sum_up, up
from verify.powers import MARGIN, ZERO, Enclosure, power, root, rounded
from verify.quantities import NotEnclosed
from verify.spline_errors import Boxes, boxes, slack
from verify.splines import Spline


@dataclass(frozen=True)
class Squares:
    """The integrals of e^2 and of |grad e|^2."""

    value: Enclosure
    gradient: Enclosure


def vanishes_on_boundary(target: ExpressionTarget, grid: int) -> bool:
    """Whether interval arithmetic gives exactly 0 on every face, in boxes of side 1/grid.

    Raises: DomainUndecided.
    """
    for axis in range(target.dim):
        for side in (0, 1):
            lower, upper = on_face(target, grid, axis, side)
            if lower != 0 or upper != 0:
                return False
    return True


def squares(target: ExpressionTarget, spline: Spline, grid: int) -> Squares:
    """The integrals over the cube.

    Guarantees: ends wider than ours by a relative 2^-34 and 2^-44 of the scale, since arithmetics differ.
    Raises: DomainUndecided; NotEnclosed where the gradient is not bounded.
    """
    sums = np.zeros((2, 2))
    for part in boxes(target, spline, grid):
        if not part.smooth.all():
            raise NotEnclosed("the target's gradient is not bounded")
        for row, (low, high) in enumerate((_square(part, grid), _gradient(part))):
            shape = np.broadcast_shapes(low.shape, high.shape, part.middle[0].shape)
            sums[row, 0] = down(sums[row, 0] + sum_down(np.broadcast_to(low, shape)))
            sums[row, 1] = up(sums[row, 1] + sum_up(np.broadcast_to(high, shape)))
    cells = grid**target.dim
    by = [slack(spline), slack(spline, derivative=True)]
    found = [_stated(a, b, cells, s) for (a, b), s in zip(sums.tolist(), by, strict=True)]
    return Squares(*found)


def _square(part: Boxes, grid: int) -> tuple[np.ndarray, np.ndarray]:
    """The mean of e^2 over each box: of its linear part, and twice the product with the rest."""
    low, high = part.middle
    near, far = np.maximum(0.0, np.maximum(low, -high)), np.maximum(np.abs(low), np.abs(high))
    below, above = down(near * near), up(far * far)
    rest: np.ndarray | float = 0.0
    size: np.ndarray | float = far
    for lo, hi in part.slopes:
        mid = 0.5 * lo + 0.5 * hi
        rad = up(np.maximum(hi - mid, mid - lo))
        rest = up(rest + up(rad * up(0.5 / grid)))
        size = up(size + up(np.abs(mid) * up(0.5 / grid)))
        square = np.abs(mid) / grid
        below = down(below + down(down(down(square) * down(square)) / 12))
        above = up(above + up(up(up(square) * up(square)) / 12))
    cross = up(2 * up(size * rest))
    return np.maximum(0.0, down(below - cross)), up(up(above + cross) + up(rest * rest))


def _gradient(part: Boxes) -> tuple[np.ndarray, np.ndarray]:
    low: np.ndarray | float = 0.0
    high: np.ndarray | float = 0.0
    for lo, hi in part.slopes:
        near, far = np.maximum(0.0, np.maximum(lo, -hi)), np.maximum(np.abs(lo), np.abs(hi))
        low, high = down(low + down(near * near)), up(high + up(far * far))
    return np.maximum(0.0, low), np.asarray(high)


def _stated(low: float, high: float, cells: int, by: fmpq) -> Enclosure:
    if not isfinite(high):
        raise NotEnclosed("a square overflows")
    below = max(from_float(max(low, 0.0)) * (1 - MARGIN) / cells - 4 * by, ZERO)
    return rounded(Enclosure(below, from_float(high) * (1 + MARGIN) / cells + 4 * by))


def interpolated(square: fmpq, gradient: fmpq, s: fmpq) -> Enclosure:
    """(square)^((1-s)/2) (square + gradient)^(s/2): at least the H^s norm if these are at least the integrals.

    >>> interpolated(fmpq(9), fmpq(7), fmpq(1)).hi
    4
    """
    first, second = root(square, 2), root(square + gradient, 2)
    low = _power(first.lo, 1 - s).lo * _power(second.lo, s).lo
    return Enclosure(low, _power(first.hi, 1 - s).hi * _power(second.hi, s).hi)


def _power(x: fmpq, r: fmpq) -> Enclosure:
    return Enclosure.exact(fmpq(1)) if r == 0 else power(x, r)
