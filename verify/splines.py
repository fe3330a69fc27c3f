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
    """sum over k of coefficients[k + q] / denominator * prod_i B_q(mesh x_i - k_i), k_i = -q, ..., mesh-1.

    coefficients: integers (int64 or Python's) of shape (mesh+q,)*dim.
    """

    degree: int
    mesh: int
    coefficients: np.ndarray
    denominator: int

    @property
    def dim(self) -> int:
        """The number of coordinates."""
        return self.coefficients.ndim

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
        return Spline(q, self.mesh * factor, array, self.denominator * factor ** (q * self.dim))

    def value(self, x: list[fmpq]) -> fmpq:
        """The value at a point of the cube, exactly."""
        q, near = self.degree, []
        for c in x:
            t = c * self.mesh
            cell = min(int(t.floor()), self.mesh - 1)
            near.append([(k + q, pieces(q)[cell - k](t - k)) for k in range(cell - q, cell + 1)])
        total = fmpq(0)
        for terms in product(*near):
            weight = fmpq(int(self.coefficients[tuple(n for n, _ in terms)]), self.denominator)
            for _, w in terms:
                weight *= w
            total += weight
        return total

    def at_centres(self) -> tuple[np.ndarray, int]:
        """The values at the midpoints of the cells: integers and their denominator."""
        q = self.degree
        weights = [piece(fmpq(2 * j + 1, 2)) for j, piece in enumerate(pieces(q))]  # B_q(j + 1/2), j = 0..q
        common = lcm(*(int(w.q) for w in weights))
        numerators = [int(w.p) * (common // int(w.q)) for w in weights]
        array = self.coefficients
        for axis in range(self.dim):
            array = _combined(smallest_integers(array, common), axis, numerators)
        return array, self.denominator * common**self.dim

    def hull(self, axis: int | None = None) -> tuple[np.ndarray, np.ndarray, int]:
        """On every cell bounds of the function, or of its derivative along an axis.

        Returns: lower and upper ends as integers, and their denominator. Exact for q = 1.
        Method: the derivative is mesh * (differences of coefficients) in splines of degree q-1; a spline lies in the
        hull of the coefficients of those that do not vanish there.
        """
        array, denominator = smallest_integers(self.coefficients, 4 * self.mesh), self.denominator
        if axis is not None:
            array = np.diff(array, axis=axis) * self.mesh
        low = high = array
        for i in range(self.dim):
            count = self.degree + (0 if i == axis else 1)
            low, high = _window(low, i, count, np.minimum), _window(high, i, count, np.maximum)
        return low, high, denominator


def _inserted(array: np.ndarray, axis: int, mask: list[int], factor: int, q: int) -> np.ndarray:
    """d_l = sum over k of c_k a_(l - factor k), l = -q, ..., factor * mesh - 1."""
    moved = array.swapaxes(0, axis)
    mesh = len(moved) - q
    fine = np.zeros((factor * mesh + q, *moved.shape[1:]), dtype=moved.dtype)
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


def from_rationals(degree: int, mesh: int, coefficients: np.ndarray) -> Spline:
    """The spline with these rational coefficients (an array of fmpq)."""
    flat = coefficients.reshape(-1).tolist()
    common = lcm(*(int(c.q) for c in flat))
    numbers = np.empty(len(flat), dtype=object)
    numbers[:] = [int(c.p) * (common // int(c.q)) for c in flat]
    array = smallest_integers(numbers.reshape(coefficients.shape), 1 + (largest(numbers) == 0))
    return Spline(degree, mesh, array, common)
