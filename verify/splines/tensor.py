"""Tensor splines on finer meshes, exactly: what their values and slopes are on the boxes of a grid.

Source: verify/CERTIFICATE.md, 12.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import lcm

import numpy as np
from flint import fmpq, fmpz_poly

from constructs.bsplines import pieces
from constructs.integers import largest, smallest_integers


@dataclass(frozen=True, eq=False)
class Spline:
    """sum over k of coefficients[k - start + q] / denominator * prod_i B_q(mesh x_i - k_i) on the cube of the cells
    start, ..., start+cells-1, which are [n/mesh, (n+1)/mesh] on every axis; k_i = start-q, ..., start+cells-1.

    coefficients: integers (int64 or Python's) of shape (cells+q,)*dim.
    """

    degree: int
    mesh: int
    coefficients: np.ndarray
    denominator: int
    start: int = 0

    @property
    def dim(self) -> int:
        """The number of coordinates."""
        return self.coefficients.ndim

    @property
    def cells(self) -> int:
        """The number of cells on every axis."""
        return self.coefficients.shape[0] - self.degree

    def refined(self, factor: int) -> Spline:
        """The same function on a mesh that is `factor` times finer: knot insertion.

        Method: B_q(t) = sum_j a_j B_q(factor t - j), a_j from factor^-q (1 + z + ... + z^(factor-1))^(q+1).

        >>> Spline(1, 1, np.array([0, 2]), 1).refined(2).coefficients
        array([0, 2, 4])
        """
        q = self.degree
        mask = [int(a) for a in (fmpz_poly([1] * factor) ** (q + 1)).coeffs()]
        array = self.coefficients
        for axis in range(self.dim):
            array = _inserted(smallest_integers(array, sum(mask)), axis, mask, factor, q)
        denominator = self.denominator * factor ** (q * self.dim)
        return Spline(q, self.mesh * factor, array, denominator, self.start * factor)

    def value(self, x: list[fmpq]) -> fmpq:
        """The value at a point of its cells, exactly."""
        q, near = self.degree, []
        for c in x:
            t = c * self.mesh - self.start
            cell = min(int(t.floor()), self.cells - 1)
            near.append([(k + q, pieces(q)[cell - k](t - k)) for k in range(cell - q, cell + 1)])
        total = fmpq(0)
        for terms in product(*near):
            weight = fmpq(int(self.coefficients[tuple(n for n, _ in terms)]), self.denominator)
            for _, w in terms:
                weight *= w
            total += weight
        return total

    def at_centres(self, axis: int | None = None) -> tuple[np.ndarray, int]:
        """The values at the midpoints of the cells, or those of the derivative along an axis.

        Returns: integers and their denominator.
        """
        array, denominator = self.coefficients, self.denominator
        for i in range(self.dim):
            array, common = self._centred(array, i, derive=i == axis)
            denominator *= common
        return array, denominator

    def at_nodes(self) -> tuple[np.ndarray, int]:
        """The values at the corners of the cells, of shape (cells+1,)*dim: integers and their denominator.

        >>> Spline(2, 1, np.array([0, 0, 2]), 1).at_nodes()
        (array([0, 2]), 2)
        """
        values = [piece(fmpq(1)) for piece in pieces(self.degree)[:-1]]
        common = lcm(*(int(v.q) for v in values))
        weights = [int(v.p) * (common // int(v.q)) for v in values]
        array = self.coefficients
        for axis in range(self.dim):
            array = _combined(smallest_integers(array, sum(weights)), axis, weights)
        return array, self.denominator * common**self.dim

    def _centred(self, array: np.ndarray, axis: int, derive: bool) -> tuple[np.ndarray, int]:
        halves = [(piece, fmpq(2 * j + 1, 2)) for j, piece in enumerate(pieces(self.degree))]
        weights = [self.mesh * p.derivative()(t) if derive else p(t) for p, t in halves]
        common = lcm(*(int(w.q) for w in weights))
        numerators = [int(w.p) * (common // int(w.q)) for w in weights]
        growth = sum(abs(n) for n in numerators)
        return _combined(smallest_integers(array, growth), axis, numerators), common

    def hull(self, axes: tuple[int, ...] = ()) -> tuple[np.ndarray, np.ndarray, int]:
        """On every cell bounds of the function, or of its derivative along the axes named.

        Returns: lower and upper ends as integers, and their denominator. Exact for q = 1.
        Method: a derivative is mesh * (differences of coefficients) in splines of degree q-1; a spline lies in the
        hull of the coefficients of those that do not vanish there.
        """
        array = smallest_integers(self.coefficients, (4 * self.mesh) ** max(1, len(axes)))
        for axis in axes:
            array = np.diff(array, axis=axis) * self.mesh
        low = high = array
        for i in range(self.dim):
            count = self.degree + 1 - axes.count(i)
            low, high = _window(low, i, count, np.minimum), _window(high, i, count, np.maximum)
        return low, high, self.denominator


def _inserted(array: np.ndarray, axis: int, mask: list[int], factor: int, q: int) -> np.ndarray:
    """d_l = sum over k of c_k a_(l - factor k), l = -q, ..., factor * cells - 1, the first cell being number 0."""
    moved = array.swapaxes(0, axis)
    cells = len(moved) - q
    fine = np.zeros((factor * cells + q, *moved.shape[1:]), dtype=moved.dtype)
    for j, a in enumerate(mask):
        first = (
            j + q - factor * q
        )  # the entry of a_j c_(-q); entries below 0 are of splines that vanish on the cube
        skip = max(0, -(first // factor))
        rows = moved[skip : skip + len(range(first + skip * factor, len(fine), factor))]
        start = first + skip * factor
        fine[start : start + factor * len(rows) : factor] += rows * a
    return fine.swapaxes(0, axis)


def _combined(array: np.ndarray, axis: int, weights: list[int]) -> np.ndarray:
    """Entry b: sum over j = 0..q of c_(b-j) weights[j], c_(b-j) being entry b - j + q."""
    moved, q = array.swapaxes(0, axis), len(weights) - 1
    count = len(moved) - q
    total = sum(
        (moved[q - j : q - j + count] * w for j, w in enumerate(weights)), np.zeros_like(moved[:count])
    )
    return total.swapaxes(0, axis)


def _window(array: np.ndarray, axis: int, count: int, extremum: np.ufunc) -> np.ndarray:
    moved = array.swapaxes(0, axis)
    out = moved[: len(moved) - count + 1]
    for j in range(1, count):
        out = extremum(out, moved[j : len(moved) - count + 1 + j])
    return out.swapaxes(0, axis)


def from_rationals(degree: int, mesh: int, coefficients: np.ndarray, start: int = 0) -> Spline:
    """The spline with these rational coefficients (an array of fmpq)."""
    flat = coefficients.reshape(-1).tolist()
    common = lcm(*(int(c.q) for c in flat))
    numbers = np.empty(len(flat), dtype=object)
    numbers[:] = [int(c.p) * (common // int(c.q)) for c in flat]
    array = smallest_integers(numbers.reshape(coefficients.shape), 1 + (largest(numbers) == 0))
    return Spline(degree, mesh, array, common, start)


def on_space(degree: int, mesh: int, coefficients: np.ndarray, first: int) -> Spline:
    """The spline on all of R^d, on the cells outside which it vanishes: those of the supports.

    Requires: index 0 of the coefficients (an array of fmpq) is k_i = first on every axis.
    """
    q = degree
    padded = np.full([n + 2 * q for n in coefficients.shape], fmpq(0), dtype=object)
    padded[(slice(q, -q),) * coefficients.ndim] = coefficients  # beside them, splines that meet these cells
    return from_rationals(q, mesh, padded, first)
