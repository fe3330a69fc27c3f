"""Lower bounds of the suprema of derivatives: difference quotients of enclosed values.

|Delta_t^n f| / t^n is a mean of the n-th derivative, so it is at most its supremum; nothing is assumed of f.
Source: verify/CERTIFICATE.md, 12.6.
"""

from __future__ import annotations

from math import comb

import numpy as np
from flint import fmpq

from constructs.exact import from_float
from verify.enclosure import down, up
from verify.powers import MARGIN, ZERO, Enclosure, rounded


def pure(ends: tuple[np.ndarray, np.ndarray], axis: int, order: int, t: fmpq, step: int) -> fmpq:
    """At most sup|d^order f / dx_axis^order|.

    Requires: ends of f at the nodes of a grid; t = step times its mesh, order * t <= 1.
    """
    n = ends[0].shape[axis]
    parts = []
    for j in range(order + 1):
        cut = [slice(None)] * ends[0].ndim
        cut[axis] = slice(j * step, n - (order - j) * step)
        parts.append(((-1) ** (order - j) * comb(order, j), tuple(cut)))
    return _largest(ends, parts) / t**order


def mixed(ends: tuple[np.ndarray, np.ndarray], i: int, j: int, t: fmpq, step: int) -> fmpq:
    """At most sup|d_i d_j f|, i != j."""
    parts = []
    for a, b in ((0, 0), (0, 1), (1, 0), (1, 1)):
        cut = [slice(None)] * ends[0].ndim
        for axis, e in ((i, a), (j, b)):
            cut[axis] = slice(e * step, ends[0].shape[axis] - (1 - e) * step)
        parts.append((1 if a == b else -1, tuple(cut)))
    return _largest(ends, parts) / t**2


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
