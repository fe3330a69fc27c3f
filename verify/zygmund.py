"""Zygmund seminorms [e]_s = sup |e(x+y) - 2 e(x) + e(x-y)| / |y|^s of an error, 0 < s <= 2: both sides.

Source: verify/CERTIFICATE.md, 12.8.
"""

from __future__ import annotations

import numpy as np
from flint import arb, ctx, fmpq

from constructs.exact import dyadic
from constructs.targets.expression import ExpressionTarget
from verify.powers import ZERO, Enclosure, power, root
from verify.splines import Spline

BITS = 128
POINTS = 24  # cells per axis in which candidates are tried, at most


def interpolated(sup: fmpq, slopes: list[fmpq], second: list[fmpq], s: fmpq) -> Enclosure:
    """F of 12.8: at least [e]_s if sup|e| <= sup, |d_i e| <= slopes[i], and, for s > 1, |d_i d_j e| <= second[n].

    Requires: 0 < s <= 2; second: all d^2 of them, asked for if s > 1.
    Method: |second difference| <= 4 sup|e|, <= 2 |y| sup|grad e| and <= |y|^2 sup|D^2 e|; min(a, b) <= a^(1-r) b^r.
    """
    steep = root(sum((x * x for x in (second if s > 1 else slopes)), ZERO), 2)
    r, factor = (s / 2, 1) if s > 1 else (s, 2)
    first = Enclosure.exact(fmpq(1)) if r == 1 else power(4 * sup, 1 - r)
    low, high = power(factor * steep.lo, r), power(factor * steep.hi, r)
    return Enclosure(first.lo * low.lo, first.hi * high.hi)


def witness(
    target: ExpressionTarget, spline: Spline, s: fmpq
) -> tuple[tuple[fmpq, ...], tuple[fmpq, ...], fmpq]:
    """A point x, a shift y, and a lower bound of the seminorm from them.

    Method: x in the middle of cells or at knots, y along an axis, half a cell or a quarter: the best in floats, then
    enclosed in balls.
    """
    d, M = target.dim, spline.mesh
    coarse = np.unique(np.linspace(1, 2 * M - 1, min(2 * M - 1, 2 * POINTS)).astype(int))
    grid = np.stack(np.meshgrid(*[coarse] * d, indexing="ij"), -1).reshape(-1, d)
    best: tuple[float, tuple[fmpq, ...], tuple[fmpq, ...]] | None = None
    for axis in range(d):
        for part in (2, 4):
            size = 1 / (part * M)
            shift = np.zeros(d)
            shift[axis] = size
            x = grid / (2 * M)
            values = [target.floats(x + k * shift) - _floats(spline, x + k * shift) for k in (-1, 0, 1)]
            seen = np.abs(values[0] - 2 * values[1] + values[2]) / size ** (int(s.p) / int(s.q))
            top = int(np.nan_to_num(seen).argmax())
            if best is None or seen[top] > best[0]:
                y = tuple(fmpq(1, part * M) if i == axis else ZERO for i in range(d))
                best = float(seen[top]), tuple(fmpq(int(k), 2 * M) for k in grid[top]), y
    if best is None:
        raise ValueError("no candidate")
    _, x, y = best
    return x, y, quotient(target, spline, x, y, s)


def quotient(
    target: ExpressionTarget, spline: Spline, x: tuple[fmpq, ...], y: tuple[fmpq, ...], s: fmpq
) -> fmpq:
    """A lower bound of |e(x+y) - 2 e(x) + e(x-y)| / |y|^s."""
    with ctx.workprec(BITS):
        total = arb(0)
        for k, weight in ((-1, 1), (0, -2), (1, 1)):
            point = [a + k * b for a, b in zip(x, y, strict=True)]
            total += weight * (target.ball(point, BITS) - arb(spline.value(point)))
        size = abs(total).lower()
        if not size > 0:
            return ZERO
        low = dyadic(*(int(v) for v in size.man_exp()))
    length = root(sum((b * b for b in y), ZERO), 2)
    return low * (1 - fmpq(1, 2**60)) / power(length.hi, s).hi


def _floats(spline: Spline, points: np.ndarray) -> np.ndarray:
    """Values in floats: for candidates only."""
    q, M, d = spline.degree, spline.mesh, spline.dim
    c = spline.coefficients.astype(float) / float(spline.denominator)
    t = points * M
    cell = np.clip(np.floor(t).astype(int), 0, M - 1)
    total = np.zeros(len(points))
    for offset in np.ndindex((q + 1,) * d):
        weight = np.ones(len(points))
        for i, o in enumerate(offset):
            weight = weight * _bspline(q, t[:, i] - (cell[:, i] - o))
        total += weight * c[tuple((cell[:, i] - o + q) for i, o in enumerate(offset))]
    return total


def _bspline(q: int, t: np.ndarray) -> np.ndarray:
    if q == 0:
        return ((t >= 0) & (t < 1)).astype(float)
    return (t * _bspline(q - 1, t) + (q + 1 - t) * _bspline(q - 1, t - 1)) / q
