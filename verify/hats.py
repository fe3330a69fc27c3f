"""Hats at the nodes of a finer grid."""

from __future__ import annotations

import numpy as np


def hat_near(node: tuple[int, ...], q: int, grid: int) -> tuple[tuple[slice, ...], np.ndarray]:
    """q psi at the nodes of mesh 1/grid around a node of the mesh that is q times coarser: where, and the values.

    Returns: slices, and integers (int64), negative outside the closed support.

    >>> hat_near((1,), 2, 4)
    ((slice(0, 5, None),), array([0, 1, 2, 1, 0]))
    """
    spans = [range(max((k - 1) * q, 0), min((k + 1) * q, grid) + 1) for k in node]
    t = np.ix_(*(np.arange(s.start, s.stop) - k * q for s, k in zip(spans, node, strict=True)))
    high = low = np.zeros((1,) * len(node), dtype=np.int64)
    for along in t:
        high, low = np.maximum(high, along), np.minimum(low, along)
    return tuple(slice(s.start, s.stop) for s in spans), q - high + low
