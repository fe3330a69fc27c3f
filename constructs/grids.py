"""N-adic cells of the unit cube, and tables of one value per cell."""

from __future__ import annotations

import numpy as np
from flint import fmpq


def number_cells(table: np.ndarray) -> list[fmpq]:
    """The table's values in the order of the cell number J = sum_i n^i k_i (coordinate 0 fastest)."""
    return list(table.ravel(order="F"))


def from_numbered(values: list[fmpq], dim: int, cells: int) -> np.ndarray:
    """The inverse of `number_cells`: an array with axis i for coordinate i."""
    flat = np.empty(len(values), dtype=object)
    flat[:] = values
    return flat.reshape((cells,) * dim, order="F")


def refine(table: np.ndarray, factor: int) -> np.ndarray:
    """Every cell's value given to its factor^d children."""
    for axis in range(table.ndim):
        table = np.repeat(table, factor, axis=axis)
    return table
