"""N-adic cells of the unit cube, and arrays of one entry per cell."""

from __future__ import annotations

import numpy as np


def number_cells(table: np.ndarray) -> np.ndarray:
    """The entries in the order of the cell number J = sum_i n^i k_i (coordinate 0 fastest)."""
    return table.ravel(order="F")


def from_numbered(entries: np.ndarray, dim: int, cells: int) -> np.ndarray:
    """The inverse of `number_cells`: an array with axis i for coordinate i."""
    return entries.reshape((cells,) * dim, order="F")


def refine(table: np.ndarray, factor: int) -> np.ndarray:
    """Every cell's entry given to its factor^d children."""
    for axis in range(table.ndim):
        table = np.repeat(table, factor, axis=axis)
    return table


def split(table: np.ndarray, factor: int) -> np.ndarray:
    """Every axis as two, the parent cell and the child's place in it: (m factor,)*d as (m, factor)*d.

    >>> split(np.arange(6), 3)
    array([[0, 1, 2],
           [3, 4, 5]])
    """
    return table.reshape([k for n in table.shape for k in (n // factor, factor)])


def joined(table: np.ndarray) -> np.ndarray:
    """The inverse of `split`."""
    return table.reshape([m * k for m, k in zip(table.shape[::2], table.shape[1::2], strict=True)])
