"""Minima and maxima over windows and over the supports of hats, for whole grids at once (mathematical morphology).

The lattice points t of the closed support {max(0,t) - min(0,t) <= q} of a hat that is q fine cells wide are the
union over a = 0..q of the cubes {-(q-a), ..., a}^d: a cube of side q slid along the diagonal. So an extremum over it
is one over cubes, axis by axis, and then one along the diagonal, each by doubling.
"""

from __future__ import annotations

import numpy as np

Extremum = np.ufunc  # np.minimum or np.maximum


def over_supports(nodal: np.ndarray, q: int, extremum: Extremum) -> np.ndarray:
    """At every node the extremum over the nodes of the grid in the closed support of a hat q cells wide there.

    >>> over_supports(np.array([3, 1, 4, 1, 5]), 1, np.minimum)
    array([1, 1, 1, 1, 1])
    """
    return _along_diagonal(_over_cubes(nodal, q + 1, extremum), q + 1, extremum)


def over_support_boxes(boxes: np.ndarray, q: int, extremum: Extremum) -> np.ndarray:
    """At every node the extremum over the boxes of the grid whose interior meets that support.

    Method: box k (its lowest corner, relative to the node) meets it iff -b-1 <= k_i <= a with a + b = q - 1.

    >>> over_support_boxes(np.array([3, 1, 4]), 1, np.maximum)
    array([3, 3, 4, 4])
    """
    return _along_diagonal(_over_cubes(boxes, q + 1, extremum), q, extremum)


def over_vertices(nodal: np.ndarray, extremum: Extremum) -> np.ndarray:
    """On every box the extremum over its 2^d vertices.

    >>> over_vertices(np.array([3, 1, 4]), np.maximum)
    array([3, 4])
    """
    for axis in range(nodal.ndim):
        moved = nodal.swapaxes(0, axis)
        nodal = extremum(moved[:-1], moved[1:]).swapaxes(0, axis)
    return nodal


def _over_cubes(array: np.ndarray, length: int, extremum: Extremum) -> np.ndarray:
    """Entry k + length - 1 (on each axis): the extremum over the entries k .. k + length - 1 that exist."""
    for axis in range(array.ndim):
        moved = array.swapaxes(0, axis)
        for step in _steps(length):
            n = len(moved)
            wider = np.empty((n + step, *moved.shape[1:]), dtype=array.dtype)
            wider[:step], wider[n:] = moved[:step], moved[n - step :]
            extremum(
                moved[step:], moved[: n - step], out=wider[step:n]
            )  # a window of step or more: n >= step
            moved = wider
        array = moved.swapaxes(0, axis)
    return array


def _along_diagonal(array: np.ndarray, length: int, extremum: Extremum) -> np.ndarray:
    """Entry k: the extremum over the entries k, k + (1..1), ..., k + (length-1)(1..1)."""
    d = array.ndim
    for step in _steps(length):
        array = extremum(array[(slice(0, -step),) * d], array[(slice(step, None),) * d])
    return array


def _steps(length: int) -> list[int]:
    """By how much to widen a window of 1, at most doubling it each time, until it has this length."""
    steps, reached = [], 1
    while reached < length:
        steps.append(min(reached, length - reached))
        reached += steps[-1]
    return steps
