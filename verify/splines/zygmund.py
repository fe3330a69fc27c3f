"""Zygmund seminorms [e]_s = sup |e(x+y) - 2 e(x) + e(x-y)| / |y|^s of an error, 0 < s <= 2: both sides.

Source: verify/CERTIFICATE.md, 12.8.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from flint import arb, ctx, fmpq

from constructs.exact import dyadic
from constructs.targets.expression import ExpressionTarget
from verify.powers import ZERO, Enclosure, power, root
from verify.splines.tensor import Spline

BITS = 128
POINTS = 24  # cells per axis in which candidates are tried, at most
STARTS = 16  # of them that are improved
HALVINGS, MOVES = 6, 4  # how fine, and how often at every size of step


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

    Method: x in the middle of cells or at knots, y along axes or diagonals, half a cell or a quarter: the best in
    floats are moved uphill, and the best of all is enclosed in balls.
    """
    d, M = spline.dim, spline.mesh
    coarse = np.unique(np.linspace(1, 2 * M - 1, min(2 * M - 1, 2 * POINTS)).astype(int))
    grid = 2 * np.stack(np.meshgrid(*[coarse] * d, indexing="ij"), -1).reshape(-1, d)
    chosen: list[tuple[float, np.ndarray, np.ndarray]] = []
    for way in product((-1, 0, 1), repeat=d):
        if way > (0,) * d:
            for part in (1, 2):
                shifts = np.broadcast_to(part * np.array(way), grid.shape)
                seen = _quotients(target, spline, s, grid, shifts, 4 * M)
                chosen += [(float(seen[n]), grid[n], shifts[n]) for n in np.argsort(-seen)[:STARTS]]
    best = sorted(chosen, key=lambda c: -c[0])[:STARTS]
    x, y = climbed(target, spline, s, np.array([c[1] for c in best]), np.array([c[2] for c in best]), 4 * M)
    return x, y, quotient(target, spline, x, y, s)


def climbed(
    target: ExpressionTarget, spline: Spline, s: fmpq, x: np.ndarray, y: np.ndarray, denominator: int
) -> tuple[tuple[fmpq, ...], tuple[fmpq, ...]]:
    """A point and a shift that floats find better than all x[n] / denominator, y[n] / denominator, or one of these.

    Requires: rows of integers, at least one; y[n] not 0; x[n] and x[n] ± y[n] in the cube.
    Method: every row moves x, y, or an end x ± y along an axis, to the best of these places while it is better; then by
    half as much.
    """
    x, y, denominator = x << HALVINGS, y << HALVINGS, denominator << HALVINGS
    now = _quotients(target, spline, s, x, y, denominator)
    rows, (by_x, by_y) = np.arange(len(x)), _moves(spline.dim)
    for step in (1 << k for k in range(HALVINGS - 1, -1, -1)):
        for _ in range(MOVES):
            points, shifts = x + step * by_x[:, None], y + step * by_y[:, None]
            seen = _quotients(
                target, spline, s, points.reshape(-1, spline.dim), shifts.reshape(-1, spline.dim), denominator
            ).reshape(len(by_x), -1)
            best = seen.argmax(axis=0)
            better = seen[best, rows] > now
            if not better.any():
                break
            x = np.where(better[:, None], points[best, rows], x)
            y = np.where(better[:, None], shifts[best, rows], y)
            now = np.where(better, seen[best, rows], now)
    top = int(now.argmax())
    point, shift = (tuple(fmpq(int(k), denominator) for k in row) for row in (x[top], y[top]))
    return point, shift


def _moves(d: int) -> tuple[np.ndarray, np.ndarray]:
    """What is added to x and to y when x, y, or one of x + y and x - y moves by one along an axis."""
    ways = [
        (sign * along * u, sign * along * v)
        for along in np.eye(d, dtype=int)
        for u, v in ((1, 0), (0, 1), (1, 1), (1, -1))
        for sign in (-1, 1)
    ]
    return np.array([u for u, _ in ways]), np.array([v for _, v in ways])


def _quotients(
    target: ExpressionTarget, spline: Spline, s: fmpq, x: np.ndarray, y: np.ndarray, denominator: int
) -> np.ndarray:
    """In floats: for candidates only; -1 outside the cube and for y = 0."""
    inside = ((abs(y) <= x) & (x + abs(y) <= denominator)).all(axis=1) & y.any(axis=1)
    out = np.full(len(x), -1.0)
    if inside.any():
        points = [(x + k * y)[inside] / denominator for k in (-1, 0, 1)]
        a, middle, b = (target.floats(p) - _floats(spline, p) for p in points)
        length = np.sqrt((y[inside] ** 2).sum(axis=1)) / denominator
        out[inside] = np.nan_to_num(np.abs(a - 2 * middle + b) / length ** (int(s.p) / int(s.q)))
    return out


def quotient(
    target: ExpressionTarget, spline: Spline, x: tuple[fmpq, ...], y: tuple[fmpq, ...], s: fmpq
) -> fmpq:
    """A lower bound of |e(x+y) - 2 e(x) + e(x-y)| / |y|^s, with room for 2^-80 of the values of f: the checker knows
    these to 2^-90 or so, and where e is hardly more than rounding, that counts.
    """
    with ctx.workprec(BITS):
        total, noise = arb(0), arb(0)
        for k, weight in ((-1, 1), (0, -2), (1, 1)):
            point = [a + k * b for a, b in zip(x, y, strict=True)]
            value = target.ball(point, BITS)
            total += weight * (value - arb(spline.value(point)))
            noise += (1 + abs(value)) * arb(2) ** -80
        size = (abs(total) - noise).lower()
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
