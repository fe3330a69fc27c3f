"""Functions linear on Kuhn grids, as integer arrays of nodal values: exact interpolation onto finer grids."""

from __future__ import annotations

from itertools import product

import numpy as np

from constructs.integers import smallest_integers

_CHUNK = 1 << 18  # nodes interpolated at once


def interpolated(nodal: np.ndarray, factor: int) -> np.ndarray:
    """factor times the nodal values of the same function on the grid that is `factor` times finer.

    Requires: integers (int64 or Python's) of shape (m+1,)*d, on which the function is linear on the Kuhn
    simplices of m^d cubes; factor >= 1.
    Returns: integers of shape (m factor + 1,)*d; int64 if that cannot overflow.
    Method: factor 2: the node between k and k + e, e in {0,1}^d, gets the sum of the two; else with
    K = k factor + a the vertices of a's simplex have the weights a_(j) - a_(j+1).

    >>> interpolated(np.array([0, 1]), 3), interpolated(np.array([[0, 0], [0, 2]]), 2)[1]
    (array([0, 1, 2, 3]), array([0, 2, 2]))
    """
    nodal = smallest_integers(nodal, factor + 1)
    if factor == 1:
        return nodal.copy()
    return _doubled(nodal) if factor == 2 else _general(nodal, factor)


def lipschitz_below(nodal: np.ndarray, step: int) -> np.ndarray:
    """The largest nodal values below these that differ by at most `step` between neighbours along an axis.

    Requires: integers (Python's, or int64 with room for `step` more), step >= 0.
    Returns: min_μ (v_μ + step |ν−μ|_1) at the nodes ν, μ in units of the mesh: axis by axis, there and back.
    Source: McShane, Extension of range of functions, Bull. AMS 40 (1934).

    >>> lipschitz_below(np.array([9, 0, 1, 5]), 2)
    array([2, 0, 1, 3])
    """
    values = nodal[..., None].copy()  # an entry of `lines` stays an array, its dtype kept
    for axis in range(nodal.ndim):
        lines = np.moveaxis(values, axis, 0)
        for k in range(1, len(lines)):
            lines[k] = np.minimum(lines[k], lines[k - 1] + step)
        for k in range(len(lines) - 2, -1, -1):
            lines[k] = np.minimum(lines[k], lines[k + 1] + step)
    return values[..., 0]


def linear_floats(nodal: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The function with these nodal values at points of the cube, in floats: for drawing, never for judging.

    Requires: floats of shape (m+1,)*d; points, an array (points, d).
    Method: from vertex to vertex of the point's simplex, by falling coordinates.

    >>> linear_floats(np.array([[0.0, 0.0], [0.0, 1.0]]), np.array([[0.5, 0.25]])).tolist()
    [0.25]
    """
    d, m = nodal.ndim, nodal.shape[0] - 1
    scaled = points * m
    corner = np.clip(np.floor(scaled).astype(np.int64), 0, m - 1)
    rests = scaled - corner
    order = np.argsort(-rests, axis=1, kind="stable")
    values, strides = nodal.reshape(-1), (m + 1) ** np.arange(d - 1, -1, -1)
    index = corner @ strides
    result = values[index]
    for j in range(d):
        following = index + strides[order[:, j]]
        step = np.take_along_axis(rests, order[:, j : j + 1], axis=1)[:, 0]
        result = result + step * (values[following] - values[index])
        index = following
    return result


def _doubled(nodal: np.ndarray) -> np.ndarray:
    fine = np.empty(tuple(2 * n - 1 for n in nodal.shape), dtype=nodal.dtype)
    for e in product((0, 1), repeat=nodal.ndim):
        low = nodal[tuple(slice(0, n - i) for i, n in zip(e, nodal.shape, strict=True))]
        high = nodal[tuple(slice(i, None) for i in e)]
        fine[tuple(slice(i, None, 2) for i in e)] = low + high
    return fine


def _general(nodal: np.ndarray, factor: int) -> np.ndarray:
    m, d = nodal.shape[0] - 1, nodal.ndim
    g = m * factor
    fine = np.empty((g + 1,) * d, dtype=nodal.dtype)
    rows = max(1, _CHUNK // (g + 1) ** (d - 1))
    for start in range(0, g + 1, rows):
        fine[start : start + rows] = _rows(nodal, m, factor, slice(start, start + rows))
    return fine


def _rows(nodal: np.ndarray, m: int, r: int, rows: slice) -> np.ndarray:
    """r times the values at the nodes K/(m r), K_0 in rows."""
    d = nodal.ndim
    K = np.arange(m * r + 1)
    k = np.minimum(K // r, m - 1)
    axes = np.ix_(K[rows], *([K] * (d - 1)))
    strides = (m + 1) ** np.arange(d - 1, -1, -1)
    flat = nodal.reshape(-1)
    rests = np.stack(np.broadcast_arrays(*(x - k[x] * r for x in axes)))
    index = sum(
        (k[x] * s for x, s in zip(axes, strides.tolist(), strict=True)), start=np.zeros((), dtype=np.int64)
    )
    order = np.argsort(-rests, axis=0, kind="stable")
    falling = np.concatenate([np.take_along_axis(rests, order, axis=0), np.zeros_like(rests[:1])])
    weight = (r - falling[0]).astype(nodal.dtype)
    total = weight * flat[index]
    for j in range(d):
        index = index + strides[order[j]]
        total = total + (falling[j] - falling[j + 1]).astype(nodal.dtype) * flat[index]
    return total
