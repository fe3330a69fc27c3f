"""Sobolev norms (p = 2) of f - Phi on R^d for a target that vanishes on the boundary of the cube, both sides, s <= 2.

Formulas: verify/CERTIFICATE.md, 12.10. Floats below are ends, each operation followed by a step outward.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np
from flint import fmpq

from constructs.exact import from_float
from constructs.targets.expression import ExpressionTarget
from verify.box_jets import zero_on_face
from verify.powers import MARGIN, ZERO, Enclosure, power, root, rounded
from verify.quantities import NotEnclosed
from verify.rounding import down, sum_down, sum_up, up
from verify.splines.errors import Boxes, Ends, boxes, slack
from verify.splines.tensor import Spline


@dataclass(frozen=True)
class Squares:
    """The integrals of e^2, of |grad e|^2, and, where asked for, of the sum of all (d_i d_j e)^2."""

    value: Enclosure
    gradient: Enclosure
    hessian: Enclosure | None


def vanishes_on_boundary(target: ExpressionTarget, grid: int, twice: bool = False) -> bool:
    """Whether intervals give exactly 0 on every face, in boxes of side 1/grid; `twice`: of the gradient, too.

    Raises: DomainUndecided.
    """
    return all(zero_on_face(target, grid, axis, side, twice) for axis in range(target.dim) for side in (0, 1))


def squares(target: ExpressionTarget, spline: Spline, grid: int, twice: bool = False) -> Squares:
    """The integrals over the spline's cells; f counts as 0 outside the cube.

    Guarantees: ends wider than ours, since arithmetics differ: by a relative 2^-34, and by what 2^-44 of the scale,
    added to e everywhere, can change in a square: whatever the scale, that is little beside the square.
    Raises: DomainUndecided; NotEnclosed where the gradient, or a second derivative asked for, is not bounded.
    """
    sums = np.zeros((3, 2))
    for part in boxes(target, spline, grid):
        bounded = all(np.isfinite(e).all() for ends in part.second.values() for e in ends)
        if not part.smooth.all() or (twice and not bounded):
            raise NotEnclosed("the target's gradient, or a second derivative, is not bounded")
        found = [_square(part, grid), _sizes([(1, ends) for ends in part.slopes])]
        if twice:
            found.append(_sizes([(1 if i == j else 2, ends) for (i, j), ends in part.second.items()]))
        for row, (low, high) in enumerate(found):
            shape = np.broadcast_shapes(low.shape, high.shape, part.middle[0].shape)
            sums[row, 0] = down(sums[row, 0] + sum_down(np.broadcast_to(low, shape)))
            sums[row, 1] = up(sums[row, 1] + sum_up(np.broadcast_to(high, shape)))
    cells = fmpq(grid) ** target.dim
    wide = root(fmpq(spline.cells, spline.mesh) ** target.dim, 2).hi
    value, gradient, hessian = (
        _stated(a, b, cells, 4 * slack(spline, order) * wide) for order, (a, b) in enumerate(sums.tolist())
    )
    return Squares(value, gradient, hessian if twice else None)


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


def _sizes(parts: list[tuple[int, Ends]]) -> tuple[np.ndarray, np.ndarray]:
    """The sum of the squares, each as often as its number (1 or 2: exact in floats) says."""
    low: np.ndarray | float = 0.0
    high: np.ndarray | float = 0.0
    for times, (lo, hi) in parts:
        near, far = np.maximum(0.0, np.maximum(lo, -hi)), np.maximum(np.abs(lo), np.abs(hi))
        low, high = down(low + times * down(near * near)), up(high + times * up(far * far))
    return np.maximum(0.0, low), np.asarray(high)


def _stated(low: float, high: float, cells: fmpq, by: fmpq) -> Enclosure:
    """The square of a norm that is off by `by` at most."""
    if not isfinite(high):
        raise NotEnclosed("a square overflows")
    most = from_float(high) * (1 + MARGIN) / cells
    margin = (2 * root(most, 2).hi + by) * by
    below = max(from_float(max(low, 0.0)) * (1 - MARGIN) / cells - margin, ZERO)
    return rounded(Enclosure(below, most + margin))


def interpolated(square: fmpq, gradient: fmpq, hessian: fmpq, s: fmpq) -> Enclosure:
    """N(square, gradient, hessian) of 12.10: at least the H^s norm if these are at least the integrals; 0 <= s <= 2.

    Requires: hessian 0 where s <= 1 does not ask for it.

    >>> interpolated(fmpq(9), fmpq(7), fmpq(0), fmpq(1)).hi
    4
    >>> interpolated(fmpq(1), fmpq(1), fmpq(1), fmpq(2)).hi
    2
    """
    first, second, r = square, square + gradient, s
    if s > 1:
        first, second, r = second, square + 2 * gradient + hessian, s - 1
    a, b = root(first, 2), root(second, 2)
    low, high = _power(a.lo, 1 - r).lo * _power(b.lo, r).lo, _power(a.hi, 1 - r).hi * _power(b.hi, r).hi
    return Enclosure(low, high)


def from_below(found: Squares, s: fmpq) -> fmpq:
    """A lower bound of the H^s norm: the L^2 norm, and for s > 1 what convexity says: |e|_1^s / |e|_0^(s-1)."""
    if s <= 1:
        return root(found.value.lo, 2).lo
    low, high = root(found.value.lo + found.gradient.lo, 2), root(found.value.hi, 2)
    return _power(low.lo, s).lo / _power(high.hi, s - 1).hi


def _power(x: fmpq, r: fmpq) -> Enclosure:
    return Enclosure.exact(fmpq(1)) if r == 0 else power(x, r)
