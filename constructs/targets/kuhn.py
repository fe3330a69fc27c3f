"""Targets linear on every simplex of a Kuhn grid, with rational nodal values: all about them is exact."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from flint import arb, fmpq

from constructs.errors import ConstructError
from constructs.exact import Exact, integer, rational, to_text
from constructs.integers import largest, smallest_integers
from constructs.kuhn_grids import interpolated, linear_floats
from constructs.rationals import Rationals
from constructs.targets.base import (
    Target,
    bounded_table,
    cells_per_axis,
    dimension,
    float_points,
    point,
    rational_ball,
)


@dataclass(frozen=True, eq=False)
class KuhnTarget(Target):
    """f with f(k/m) = values[k], linear on {t_π(1) >= ... >= t_π(d)}, t = m x − k, for all k and π.

    Requires: cells m >= 1; values: an array of shape (m+1,)*d of exact numbers.
    Raises: ConstructError.
    Source: docs/geometric.md; verify/CERTIFICATE.md, 4.1.

    >>> hat = KuhnTarget(2, np.array([0, 1, 0]))
    >>> hat.exact(["1/3"]), hat.lipschitz(), hat.cell_values(2, 1).elements
    (2/3, 2, array([1/2, 1/2], dtype=object))
    """

    cells: int
    values: np.ndarray
    dim: int = field(init=False)

    def __post_init__(self) -> None:
        m = integer(self.cells, "cells", 1)
        given = np.asarray(self.values)
        if given.shape != (m + 1,) * max(given.ndim, 1):
            raise ConstructError(
                "values", f"shape {given.shape}", f"{m + 1} values on every axis, for {m} cells"
            )
        bounded_table("cells", m, given.size, "nodes")
        values = np.empty(given.shape, dtype=object)
        values.reshape(-1)[:] = [rational(v, "values") for v in given.reshape(-1).tolist()]
        values.setflags(write=False)
        object.__setattr__(self, "dim", dimension(given.ndim))
        object.__setattr__(self, "values", values)

    @cached_property
    def _nodal(self) -> Rationals:
        return Rationals.of(self.values)

    def specification(self) -> dict[str, Any]:
        values = [to_text(v) for v in self.values.reshape(-1).tolist()]
        return {"kind": "kuhn", "dim": self.dim, "cells": self.cells, "values": values}

    def exact(self, x: Sequence[Exact]) -> fmpq:
        """f(x) = v(k) + Σ_j t_π(j) (v(k + e_π(1) + ... + e_π(j)) − v(k + ... + e_π(j−1)))."""
        scaled = [c * self.cells for c in point(x, self.dim)]
        corner = [min(int(s.floor()), self.cells - 1) for s in scaled]
        rests = [s - k for s, k in zip(scaled, corner, strict=True)]
        value = before = self.values[tuple(corner)]
        for i in sorted(range(self.dim), key=rests.__getitem__, reverse=True):
            corner[i] += 1
            here = self.values[tuple(corner)]
            value, before = value + rests[i] * (here - before), here
        return value

    def ball(self, x: Sequence[Exact], bits: int) -> arb:
        return rational_ball(self.exact(x), bits)

    def refine(self, g: int) -> tuple[np.ndarray, int]:
        """The nodal values on the grid of mesh 1/g, on which f is linear on the simplices too.

        Requires: g a multiple of `cells`.
        Returns: an object array of Python ints of shape (g+1,)*dim and D > 0; f(K/g) = array[K] / D.
        Raises: ConstructError.
        """
        nodal = self.nodal(g)
        return nodal.numerators.astype(object), nodal.denominator

    def nodal(self, g: int) -> Rationals:
        """As `refine`, in one table."""
        integer(g, "g", 1)
        if g % self.cells:
            raise ConstructError("g", g, f"a multiple of cells = {self.cells}")
        bounded_table("g", g, (g + 1) ** self.dim, "nodes")
        r = g // self.cells
        return Rationals(interpolated(self._nodal.numerators, r), self._nodal.denominator * r)

    def cell_values(self, base: int, level: int) -> Rationals:
        """The exact cell means.

        Method: on the grid of mesh 1/lcm(m, N^l) the mean over a cube gives the corner k + Σ_{i in S} e_i the
        weight 1/((d+1) C(d,|S|)): the mean over a simplex is that of its d+1 vertices, and this corner is one
        of them for |S|! (d−|S|)! of the d! orders.
        """
        d, n = self.dim, cells_per_axis(base, level, self.dim)
        g = math.lcm(self.cells, n)
        nodal = self.nodal(g)
        common = math.lcm(*(math.comb(d, k) for k in range(d + 1)))
        side = g // n
        sums = [smallest_integers(nodal.numerators, (d + 1) * common * side**d)]
        for axis in range(d):
            before = (slice(None),) * axis
            lower = [s[(*before, slice(None, -1))] for s in sums]
            upper = [s[(*before, slice(1, None))] for s in sums]
            sums = [lower[0], *(a + b for a, b in zip(lower[1:], upper[:-1], strict=True)), upper[-1]]
        total = sums[0] * common
        for k, s in enumerate(sums[1:], start=1):
            total = total + s * (common // math.comb(d, k))
        blocks = total.reshape((n, side) * d).sum(axis=tuple(range(1, 2 * d, 2)))
        return Rationals(blocks, nodal.denominator * (d + 1) * common * side**d).reduced()

    def lipschitz(self) -> fmpq:
        """The least K with |f(x) − f(y)| <= K |x−y|_1: the largest difference along an axis edge, times m."""
        array = smallest_integers(self._nodal.numerators, 2)
        steps = [largest(np.diff(array, axis=i)) for i in range(self.dim)]
        return fmpq(max(steps) * self.cells, self._nodal.denominator)

    def floats(self, points: np.ndarray) -> np.ndarray:
        return linear_floats(self.values.astype(float), float_points(points, self.dim))

    def constant(self) -> fmpq | None:
        first = self.values.reshape(-1)[0]
        return first if all(v == first for v in self.values.flat) else None

    def describe(self) -> str:
        return f"piecewise linear on the Kuhn grid of {self.cells}^{self.dim} cells"
