"""Exact L^p errors and moduli of Kuhn targets (piecewise linear with rational nodal values)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from flint import fmpq

from constructs import grids
from constructs.integers import smallest_integers
from constructs.rationals import FITS, Rationals
from constructs.targets.kuhn import KuhnTarget
from verify.candidates import promising
from verify.powers import ZERO, Enclosure, power
from verify.quantities import TooLarge, axis_shift, euclidean_sum, lattice_steps, perturbed
from verify.simplices import mean_power, simplex_vertices

MOST_CUBES = 1 << 22
FIRST_CUBES = 1 << 8
_EXACT_FLOATS = 1 << 53


@dataclass(frozen=True, eq=False)
class KuhnQuantities:
    """See `Quantities`. On the grid lcm(m, cells) the simplices fit the cells: exact for integer p and for
    infinity.
    """

    target: KuhnTarget
    p: fmpq | None

    @property
    def exact(self) -> bool:
        """Whether the values are exact: for other real p they are enclosures that a finer grid tightens."""
        return self.p is None or self.p.q == 1

    def grid(self, cells: int, refinement: int) -> int:
        """lcm(m, cells), doubled for each refinement; at least 2 (one cube has no shifts), for real p some hundred."""
        g = max(math.lcm(self.target.cells, cells), 2) << refinement
        while not self.exact and g**self.target.dim < FIRST_CUBES:
            g *= 2
        if g**self.target.dim > MOST_CUBES:
            raise TooLarge("Kuhn cubes", g**self.target.dim, MOST_CUBES)
        return g

    @cached_property
    def _nodal(self) -> dict[int, Rationals]:
        return {}

    def _refined(self, grid: int | None) -> Rationals:
        g = self.target.cells if grid is None else grid
        if g not in self._nodal:
            self._nodal.clear()
            self._nodal[g] = self.target.nodal(g)
        return self._nodal[g]

    def _mean(
        self, nodal: np.ndarray, denominator: int, grid: int, shift: np.ndarray | None = None
    ) -> Enclosure:
        """The integral of |u|^p over the cubes of `nodal`, each of measure grid^-d; p infinite: the maximum."""
        parts = [mean_power(v, denominator, self.p) for v in simplex_vertices(nodal, shift)]
        if self.p is None:
            return Enclosure.exact(max(part.hi for part in parts))
        cubes = grid**self.target.dim * len(parts)
        return Enclosure(sum((q.lo for q in parts), ZERO) / cubes, sum((q.hi for q in parts), ZERO) / cubes)

    def error(self, values: Rationals, radius: fmpq, grid: int | None) -> Enclosure:
        """See `Quantities.error`."""
        g = self.grid(values.shape[0], 0) if grid is None else grid
        f_nodal = self._refined(g)
        common = math.lcm(f_nodal.denominator, values.denominator)
        factors = common // f_nodal.denominator, common // values.denominator
        # the difference of the two is what all else is computed from
        reach = f_nodal.largest * factors[0] + values.largest * factors[1]
        kind = np.int64 if max(reach, *factors) < FITS else object
        nodal, table = (
            v.numerators.astype(kind, copy=False) * k for v, k in zip((f_nodal, values), factors, strict=True)
        )
        bounds = self._mean(nodal, common, g, grids.refine(table, g // values.shape[0]))
        f, (least, most) = self.range(None), values.extremes
        top = max(f.hi - least, most - f.lo)
        return perturbed(bounds, radius, top, self.p)

    def shifted(self, shift: tuple[fmpq, ...], grid: int | None) -> fmpq:
        """See `Quantities.shifted`: s is on the lattice of the grid, so f(. + s) - f is linear on its
        simplices.
        """
        g = self.target.cells if grid is None else grid
        refined = self._refined(g)
        nodal = smallest_integers(refined.numerators, 2)
        steps = lattice_steps(shift, g)
        if any(abs(j) >= g for j in steps) or not any(steps):
            return ZERO
        here = nodal[tuple(slice(max(-j, 0), g + 1 - max(j, 0)) for j in steps)]
        there = nodal[tuple(slice(max(j, 0), g + 1 - max(-j, 0)) for j in steps)]
        return self._mean(there - here, refined.denominator, g).lo

    def shifts(self, t: fmpq, grid: int | None) -> list[tuple[fmpq, ...]]:
        """The most promising lattice shifts."""
        g = self.target.cells if grid is None else grid
        longest = min(int((t * g).floor()), g - 1)
        if not longest:
            return []
        refined = self._refined(g)
        size = max(refined.largest, 1)  # integers may be beyond the floats, their ratios are not
        nodal = refined.numerators if size < _EXACT_FLOATS else refined.numerators.astype(object)
        values = (nodal / size).astype(float)
        found = promising([np.moveaxis(values, i, 0) for i in range(values.ndim)], longest, self.p)
        return [axis_shift(self.target.dim, axis, fmpq(steps, g)) for axis, steps in found]

    def modulus_above(self, t: fmpq, euclidean: bool, grid: int | None) -> fmpq | None:
        """t^p max_i ||d_i f||_p^p: ||f(. + tau e_i) - f|| <= tau ||d_i f|| by Minkowski's integral
        inequality.
        """
        parts = self._gradients
        if euclidean and self.target.dim > 1:
            return euclidean_sum(parts, t, self.p)
        return max(parts) * (t if self.p is None else power(t, self.p).hi)

    @cached_property
    def _gradients(self) -> list[fmpq]:
        m, d = self.target.cells, self.target.dim
        refined = self._refined(m)
        nodal, denominator = smallest_integers(refined.numerators, 2 * m), refined.denominator
        parts = []
        for axis in range(d):
            edges = np.abs(np.diff(nodal, axis=axis)) * m
            if self.p is None:
                parts.append(fmpq(int(edges.max()), denominator))
                continue
            total = ZERO
            for offset in np.ndindex(*(1 if i == axis else 2 for i in range(d))):
                span = tuple(slice(o, o + m) for o in offset)
                before = sum(offset)
                share = math.factorial(before) * math.factorial(d - 1 - before)
                slopes, counts = np.unique(edges[span], return_counts=True)
                for slope, count in zip(slopes.tolist(), counts.tolist(), strict=True):
                    total += power(fmpq(int(slope), denominator), self.p).hi * (share * count)
            parts.append(total / (m**d * math.factorial(d)))
        return parts

    def range(self, grid: int | None) -> Enclosure:
        """The extreme nodal values."""
        return Enclosure(min(self.target.values.flat), max(self.target.values.flat))

    def lipschitz(self, grid: int | None) -> fmpq | None:
        """The exact constant."""
        return self.target.lipschitz()
