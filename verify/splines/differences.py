"""Lower bounds of the suprema of derivatives: difference quotients of enclosed values.

|Delta_t^n f| / t^n is a mean of the n-th derivative, so it is at most its supremum; nothing is assumed of f.
Source: verify/CERTIFICATE.md, 12.6.
"""

from __future__ import annotations

from math import comb

import numpy as np
from flint import fmpq

from constructs.exact import from_float
from verify.powers import MARGIN, ZERO, Enclosure, rounded
from verify.rounding import down, up


def largest(ends: tuple[np.ndarray, np.ndarray], beta: tuple[int, ...], step: int, grid: int) -> fmpq:
    """At most sup|d^beta f|.

    Requires: ends of f at the nodes of a grid; the spacing is t = step/grid, |beta| t <= 1.
    Method: the differences along the axes one after the other, with binomial factors.
    """
    parts: list[tuple[int, tuple[slice, ...]]] = [(1, ())]
    for axis, order in enumerate(beta):
        n = ends[0].shape[axis]
        parts = [
            (factor * (-1) ** (order - j) * comb(order, j), (*cut, slice(j * step, n - (order - j) * step)))
            for factor, cut in parts
            for j in range(order + 1)
        ]
    return _largest(ends, parts) / fmpq(step, grid) ** sum(beta)


def _largest(ends: tuple[np.ndarray, np.ndarray], parts: list[tuple[int, tuple[slice, ...]]]) -> fmpq:
    """The largest lower end of |sum of factor * f|, less a margin; small whole factors only."""
    low = high = np.zeros(1)
    for factor, cut in parts:
        a, b = ends[0][cut] * abs(factor), ends[1][cut] * abs(factor)
        if abs(factor) > 1:
            a, b = down(a), up(b)
        low, high = (down(low + a), up(high + b)) if factor > 0 else (down(low - b), up(high - a))
    found = float(np.maximum(low, -high).max())
    if not found > 0:
        return ZERO
    scale = float(max(np.abs(ends[0]).max(), np.abs(ends[1]).max()))
    value = from_float(found) * (1 - MARGIN) - from_float(scale) * fmpq(1, 2**50)
    return rounded(Enclosure.exact(value)).lo if value > 0 else ZERO
