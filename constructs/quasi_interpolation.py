"""Quasi-interpolants on the cube: spline coefficients from point values, exact on polynomials."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from flint import fmpq

from constructs.errors import ConstructError
from constructs.exact import Exact, rational
from constructs.functionals import Axis, cube_axis, zero_axis
from constructs.supports import Box
from constructs.targets.base import bounded_table, dimension


@dataclass(frozen=True)
class QuasiInterpolation:
    """f -> the spline sum over k of (lambda_k f) B_k, B_k(x) = product of B_q(M x_i - k_i), the same on every axis.

    lambda_k is the tensor product of its axes' functionals; arrays have one axis for each coordinate.
    """

    axis: Axis
    dim: int

    @property
    def norm(self) -> fmpq:
        """The largest norm of a lambda_k, exactly: |c_k| <= norm * sup|f|, so |spline| <= norm * sup|f| too."""
        return self.axis.norm**self.dim

    def samples(self, f: Callable[[list[fmpq]], Exact | None]) -> np.ndarray:
        """f at all sample points.

        Returns: an object array of fmpq, of shape (points,)*dim.
        Raises: ConstructError where f gives None: the caller must round.
        """
        values = np.empty((len(self.axis.points),) * self.dim, dtype=object)
        for place in np.ndindex(values.shape):
            x = [self.axis.points[i] for i in place]
            value = f(x)
            if value is None:
                shown = ", ".join(map(str, x))
                raise ConstructError(f"f({shown})", None, "an exact number; round irrational values first")
            values[place] = rational(value, "f")
        return values

    def coefficients(self, samples: np.ndarray) -> np.ndarray:
        """The c_k = lambda_k(f), exactly.

        Requires: exact numbers of shape (points,)*dim.
        Returns: an object array of fmpq; index 0 on every axis is k_i = axis.first.
        Raises: ConstructError.

        >>> Q = on_cube(2, 3, 1)
        >>> Q.coefficients(Q.samples(lambda x: x[0] ** 2))
        array([0, 0, 2/9, 2/3, 4/3], dtype=object)
        """
        given = np.asarray(samples)
        wanted = (len(self.axis.points),) * self.dim
        if given.shape != wanted:
            raise ConstructError("samples", f"shape {given.shape}", f"shape {wanted}")
        values = np.empty(wanted, dtype=object)
        values.reshape(-1)[:] = [rational(v, "samples") for v in given.reshape(-1).tolist()]
        for i in range(self.dim):
            values = np.moveaxis(self._along(np.moveaxis(values, i, 0)), 0, i)
        return values

    def _along(self, values: np.ndarray) -> np.ndarray:
        out = np.empty((len(self.axis.functionals), *values.shape[1:]), dtype=object)
        for k, functional in enumerate(self.axis.functionals):
            out[k] = sum(
                (values[p] * w for p, w in zip(functional.places, functional.weights, strict=True)), fmpq(0)
            )
        return out

    def depending(self, box: Box) -> np.ndarray:
        """Which coefficients depend on f's values in a closed box.

        Returns: booleans, shaped as the coefficients: whether lambda_k has a point there.
        """
        if len(box.lo) != self.dim:
            raise ConstructError("box", f"{len(box.lo)} coordinates", f"{self.dim}")
        total = np.ones((1,) * self.dim, dtype=bool)
        for i, (lo, hi) in enumerate(zip(box.lo, box.hi, strict=True)):
            inside = [lo <= x <= hi for x in self.axis.points]
            used = np.array([any(inside[p] for p in f.places) for f in self.axis.functionals])
            total = total & used.reshape((1,) * i + (-1,) + (1,) * (self.dim - 1 - i))
        return total


def on_cube(degree: int, mesh: int, dim: int) -> QuasiInterpolation:
    """The quasi-interpolant of functions on [0,1]^dim, from points of the cube only.

    Guarantees: the spline is p on the cube if f = p there and p has degree <= q in every coordinate. Degree 1:
    multilinear interpolation.
    Raises: ConstructError, for a mesh with too few points too.
    """
    return _of(cube_axis(degree, mesh), dim)


def zero_outside(degree: int, mesh: int, dim: int) -> QuasiInterpolation:
    """The quasi-interpolant on R^dim, of functions that vanish outside the open cube (0,1)^dim.

    Guarantees: coefficients by shifts of one functional; the spline vanishes farther than 2 floor(q/2) / M from the
    cube.
    Raises: ConstructError.
    """
    return _of(zero_axis(degree, mesh), dim)


def _of(axis: Axis, dim: int) -> QuasiInterpolation:
    d, most = dimension(dim), max(len(axis.points), len(axis.functionals))
    bounded_table("mesh", axis.mesh, most**d, "coefficients")
    return QuasiInterpolation(axis, d)
