"""Erosion sweeps: from a residual, the largest steps at the nodes of a Kuhn grid that never overshoot.

Source: arXiv 2601.16884; docs/multigrade.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

import numpy as np
from flint import fmpq

from constructs.errors import ConstructError
from constructs.exact import integer
from constructs.grades import Sweep
from constructs.integers import smallest_integers
from constructs.kuhn_grids import interpolated
from constructs.targets.base import bounded_table
from constructs.windows import over_support_boxes, over_supports

_ROOM = 4  # sums of so many entries cannot overflow


@dataclass(frozen=True, eq=False)
class Residual:
    """What is left of a target: linear on the Kuhn simplices of grid^d cubes up to a margin on every cube.

    values: integers (int64 or Python's) of shape (grid+1,)*d; r_hat(k/grid) = values[k] / denominator.
    margins: integers >= 0 of shape (grid,)*d, |r - r_hat| <= margin / denominator on the cube; None: r is r_hat.
    noise: the same at the nodes, of shape (grid+1,)*d; None: no more than the margins is known.
    """

    values: np.ndarray
    denominator: int
    margins: np.ndarray | None = None
    noise: np.ndarray | None = None

    def __post_init__(self) -> None:
        integer(self.denominator, "denominator", 1)
        if self.values.ndim < 1 or any(n != self.values.shape[0] or n < 2 for n in self.values.shape):
            raise ConstructError("values", f"shape {self.values.shape}", "(grid+1,)*d, grid >= 1, d >= 1")
        if self.margins is not None and self.margins.shape != (self.grid,) * self.dim:
            raise ConstructError("margins", f"shape {self.margins.shape}", f"{(self.grid,) * self.dim}")
        object.__setattr__(self, "values", smallest_integers(self.values, _ROOM))

    @property
    def dim(self) -> int:
        """d."""
        return self.values.ndim

    @property
    def grid(self) -> int:
        """Cubes per axis."""
        return self.values.shape[0] - 1

    @property
    def largest(self) -> fmpq:
        """The largest |r_hat|, exactly."""
        return fmpq(max(int(self.values.max()), -int(self.values.min())), self.denominator)

    def on(self, grid: int) -> Residual:
        """The same on a finer grid.

        Requires: a multiple of the present one; no margins unless it is the same.
        """
        if grid == self.grid:
            return self
        if grid % self.grid or self.margins is not None:
            expected = f"{self.grid}" + ("" if self.margins is not None else " times an integer")
            raise ConstructError("grid", grid, expected)
        bounded_table("grid", grid, (grid + 1) ** self.dim, "nodes")
        factor = grid // self.grid
        return Residual(interpolated(self.values, factor), self.denominator * factor)

    def less(self, nodal: np.ndarray, denominator: int) -> Residual:
        """r minus the function with these nodal values / denominator on a mesh that the grid refines."""
        q = self.grid // (nodal.shape[0] - 1)
        fine, below = interpolated(nodal, q), denominator * q
        if q > 1:  # steps rounded to multiples of q leave the denominator as it is
            common = gcd(q, int(np.gcd.reduce(fine, axis=None)))
            fine, below = fine // common, below // common
        ours = below // gcd(below, self.denominator)
        theirs = self.denominator * ours // below
        scaled, other = _times(self.values, ours), _times(fine, theirs)
        margins, noise = (None if a is None else _times(a, ours) for a in (self.margins, self.noise))
        return Residual(scaled - other, self.denominator * ours, margins, noise)


def steps(residual: Residual, cells: int) -> np.ndarray:
    """The erosion steps at the nodes of mesh 1/cells: sign * (min |r| over the support), 0 where r has no strict
    sign there.

    Requires: cells divides the residual's grid.
    Returns: integers over the residual's denominator, shape (cells+1,)*d. With margins: min |r_hat| less the
    support's largest margin, if that is positive, rounded towards 0 to a multiple of grid/cells.
    Method: minimum and maximum over supports; see constructs/windows.py.
    Guarantees: |step| <= |r| on the support, and r has the step's strict sign there.
    """
    if cells < 1 or residual.grid % cells:
        raise ConstructError("cells", cells, f"a divisor of the grid {residual.grid}")
    q = residual.grid // cells
    at_nodes = (slice(None, None, q),) * residual.dim
    low = over_supports(residual.values, q, np.minimum)[at_nodes]
    high = over_supports(residual.values, q, np.maximum)[at_nodes]
    if residual.margins is not None:
        margin = over_support_boxes(residual.margins, q, np.maximum)[at_nodes]
        low, high = low - margin, high + margin
        return q * (np.maximum(low, 0) // q) - q * (np.maximum(-high, 0) // q)
    return np.maximum(low, 0) + np.minimum(high, 0)


def sweep(residual: Residual, cells: int) -> tuple[Sweep, Residual]:
    """One erosion sweep at mesh 1/cells, and what is left.

    Requires: with margins, cells divides the grid; without, the grid is refined to lcm(grid, cells) first.
    Guarantees: every grade decreases |r| at every point of its support's interior, none increases it anywhere; all
    numbers exact.

    >>> grades, left = sweep(Residual(np.array([2, 1, -1]), 1), 2)
    >>> grades.numbers, grades.numerators, left.values
    (array([0]), array([1]), array([ 1,  1, -1]))
    """
    integer(cells, "cells", 1)
    if residual.margins is None:
        residual = residual.on(residual.grid * cells // gcd(residual.grid, cells))
    nodal = steps(residual, cells)
    numbers = np.flatnonzero(nodal)
    grades = Sweep(residual.dim, cells, numbers, nodal.reshape(-1)[numbers], residual.denominator)
    return grades, residual.less(nodal, residual.denominator)


def _times(array: np.ndarray, factor: int) -> np.ndarray:
    return array if factor == 1 else smallest_integers(array, abs(factor) + 1) * factor
