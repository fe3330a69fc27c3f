"""Means of |L|^p over a box for affine L = a + sum b_i t_i, |t_i| <= 1/2: enclosed, in floats.

Everything is a sum of products of numbers >= 0, so that rounding changes it by a small factor only (ROUND).
Source: verify/CERTIFICATE.md, 7.4.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import product
from math import comb

import numpy as np
from flint import fmpq

from verify.float_powers import ROUND, product_power, raised

Ends = tuple[np.ndarray, np.ndarray]
SAME_SIGN = 1 + 2.0**-20  # L keeps its sign if |a| exceeds the sum of the |b_i|/2 by this factor
# places and weights: of Jensen's rule, and of the vertices' rule
CENTRES = ((-0.375, 0.25), (-0.125, 0.25), (0.125, 0.25), (0.375, 0.25))
NODES = ((-0.5, 0.125), (-0.25, 0.25), (0.0, 0.25), (0.25, 0.25), (0.5, 0.125))
MOST_AXES = 8
SUMMED = 1 + 2.0**-35  # 5^7 additions


def mean_power(p: fmpq, size: Ends, b: Sequence[np.ndarray]) -> Ends:
    """Enclosures of the mean of |L|^p.

    Requires: p >= 1; size: lower and upper ends >= 0 of |a|; b: |b_i|, to a relative 2^-50; all broadcast together, at
    most 8 of the b_i not identically 0.
    Returns: lower and upper ends.

    >>> lo, hi = mean_power(fmpq(2), (np.array([1.0]), np.array([1.0])), [np.array([2.0])])
    >>> bool(lo[0] <= 4 / 3 <= hi[0] <= 1.334)
    True
    """
    n = int(p.floor())
    if p.q == 1:
        return _whole(n, size, b)
    _, high = _whole(n, size, b)
    next_low, next_high = _whole(n + 1, size, b)
    theta = p - n
    _, left = raised(high, 1 - theta)
    _, right = raised(next_high, theta)
    _, far = _whole(n + 2, size, b)
    lower, _ = raised(next_low, 2 - theta)
    _, under = raised(far, 1 - theta)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(under > 0, lower / under, 0.0)
    return ratio / ROUND, left * right * ROUND


def _whole(n: int, size: Ends, b: Sequence[np.ndarray]) -> Ends:
    """The same for an integer n >= 1."""
    b = [x for x in b if x.any()]
    if n % 2 == 0:
        return _moments(n, size, b)
    reach = reduce(np.add, b, np.zeros(1)) * 0.5
    changes = np.broadcast_to(
        size[0] < reach * SAME_SIGN, np.broadcast_shapes(*(np.shape(x) for x in (*size, *b)))
    )
    if not changes.any():
        return _moments(n, size, b)
    low, high = (
        _moments(n, size, b) if not changes.all() else (np.empty(changes.shape), np.empty(changes.shape))
    )
    low, high = (np.array(np.broadcast_to(x, changes.shape)) for x in (low, high))
    least, most = (np.broadcast_to(x, changes.shape)[changes] for x in size)
    low[changes], high[changes] = _changing(
        n, (least, most), [np.broadcast_to(x, changes.shape)[changes] for x in b]
    )
    return low, high


def _moments(n: int, size: Ends, b: Sequence[np.ndarray]) -> Ends:
    """sum_j C(n, 2j) |a|^(n-2j) m_2j: for even n, or where L keeps its sign."""
    moments: list[np.ndarray | float] = [1.0, *[0.0] * (n // 2)]
    for x in b:
        powers = _powers(x * x, n // 2)
        own = [powers[k] / ((2 * k + 1) * 4.0**k) for k in range(n // 2 + 1)]
        moments = [
            sum((comb(2 * j, 2 * k) * (moments[j - k] * own[k]) for k in range(j + 1)), 0.0)
            for j in range(n // 2 + 1)
        ]
    out = []
    for a, factor in zip(size, (1 / ROUND, ROUND), strict=True):
        powers = _powers(a, n)
        total = sum(comb(n, 2 * j) * (powers[n - 2 * j] * m) for j, m in enumerate(moments))
        out.append(np.asarray(total * factor))
    return out[0], out[1]


def _powers(x: np.ndarray, most: int) -> list[np.ndarray | float]:
    out: list[np.ndarray | float] = [1.0]
    for _ in range(most):
        out.append(out[-1] * x)
    return out


def _changing(n: int, size: Ends, b: list[np.ndarray]) -> Ends:
    """For odd n: exactly along the axis of the largest b, by Jensen and by vertices of quarters along the others."""
    if len(b) > MOST_AXES:
        return np.zeros(size[0].shape), np.full(size[0].shape, np.inf)
    ordered = np.sort(np.stack(b), axis=0)
    largest, others = ordered[-1], ordered[:-1]
    return (
        _rule(n, size[0], largest, others, CENTRES, above=False),
        _rule(n, size[1], largest, others, NODES, above=True),
    )


def _rule(
    n: int,
    a: np.ndarray,
    largest: np.ndarray,
    others: np.ndarray,
    rule: tuple[tuple[float, float], ...],
    above: bool,
) -> np.ndarray:
    """sum of weights times psi(a + sum b_i t_i); psi is even and grows with |s|."""
    total = np.zeros(a.shape)
    for points in product(rule, repeat=len(others)):
        s = a
        weight = 1.0
        for (t, w), x in zip(points, others, strict=True):
            s = s + t * x
            weight *= w
        total = total + weight * _psi(n, np.abs(s), largest, above)
    return total * SUMMED if above else total / SUMMED


def _psi(n: int, s: np.ndarray, largest: np.ndarray, above: bool) -> np.ndarray:
    """((s + B/2)|s + B/2|^n - (s - B/2)|s - B/2|^n) / ((n + 1) B), s >= 0.

    Rounding: where L changes its sign |s| <= d B, d <= 8; so u, v are known to 2^-45 of u, their powers to
    (n + 1) times that.
    """
    u, v = s + largest * 0.5, s - largest * 0.5
    size = product_power(u, n + 1)
    value = size - np.sign(v) * product_power(np.abs(v), n + 1)
    error = size * (n + 2) * 2.0**-44
    value = value + error if above else np.maximum(value - error, 0.0)
    return value / ((n + 1) * largest)
