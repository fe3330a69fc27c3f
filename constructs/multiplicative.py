"""Multiplicative networks: splines on a uniform mesh as one sum of local products of ReLU powers.

Source: arXiv 2602.06374 for the class of networks; the construction is our own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from flint import fmpq

from constructs.activations import RELU_POWERS
from constructs.bsplines import Interval, local_coefficients
from constructs.errors import ConstructError
from constructs.exact import integer, rational
from constructs.network import Network
from constructs.neurons import PRODUCT, Affine, Layer, Neuron, Readout
from constructs.targets.base import bounded_table, dimension

ONE = fmpq(1)
NAMES = {q: name for name, q in RELU_POWERS.items()}
MOST_UNITS = 1 << 20


@dataclass(frozen=True, eq=False)
class Multiplicative:
    """The spline sum over k of c_k B_k, B_k(x) = product over i of B_q(M x_i - k_i), as a network.

    coefficients: fmpq, one axis for each coordinate, index 0 for k_i = first.
    """

    degree: int
    mesh: int
    first: int
    coefficients: np.ndarray

    @property
    def dim(self) -> int:
        """The number m of inputs."""
        return self.coefficients.ndim

    @property
    def units_before(self) -> int:
        """The number of units if those of different B-splines are not merged; B-splines of coefficient 0 left out."""
        splines = sum(c != 0 for c in self.coefficients.flat)
        return splines * len(local_coefficients(self.degree)) ** self.dim

    @property
    def units(self) -> int:
        """The number of product neurons; 1 for the function 0."""
        return len(self._kept)

    @cached_property
    def _intervals(self) -> list[list[Interval]]:
        """On every axis the intervals [a, b] of local units, in units of 1/M."""
        q = self.degree
        ends = [self.first + n + q for n in self.coefficients.shape]
        return [
            [(a, b) for a in range(self.first, end) for b in range(a + 1, min(a + q + 1, end) + 1)]
            for end in ends
        ]

    @cached_property
    def _weights(self) -> np.ndarray:
        """The readout's weight of every unit, by the numbers of its intervals."""
        weights = self.coefficients
        for i, intervals in enumerate(self._intervals):
            weights = np.moveaxis(self._along(np.moveaxis(weights, i, 0), intervals), 0, i)
        return weights

    def _along(self, c: np.ndarray, intervals: list[Interval]) -> np.ndarray:
        """Sums over k of c_k gamma_{a-k, b-k}, where 0 <= a-k < b-k <= q+1."""
        gamma = local_coefficients(self.degree)
        out = np.empty((len(intervals), *c.shape[1:]), dtype=object)
        for n, (a, b) in enumerate(intervals):
            low, high = a - self.first, b - self.first
            places = range(max(0, high - self.degree - 1), min(low, len(c) - 1) + 1)
            out[n] = sum((c[k] * gamma[low - k, high - k] for k in places), fmpq(0))
        return out

    @cached_property
    def _kept(self) -> list[tuple[int, ...]]:
        """The units of nonzero weight, in order; for the function 0 the first one stays, so that depth is 2."""
        places = np.argwhere(self._weights != 0).tolist()
        return [tuple(p) for p in places] or [(0,) * self.dim]

    @cached_property
    def network(self) -> Network:
        """The network, with one readout, of level 0.

        Guarantees: equal to the spline on all of R^m. Layer 1: max(M x_i - k, 0)^q and max(k - M x_i, 0)^q as far as
        needed, each once; layer 2: for each box one product of 2m of them, zero outside the box.
        """
        used = [sorted({p[i] for p in self._kept}) for i in range(self.dim)]
        sides = sorted(
            (i, upper, self._intervals[i][n][upper])
            for i, ns in enumerate(used)
            for n in ns
            for upper in (0, 1)
        )
        sides = list(dict.fromkeys(sides))
        number = {side: j for j, side in enumerate(sides)}
        pairs = [{n: self._pair(number, i, n) for n in ns} for i, ns in enumerate(used)]
        units = tuple(
            _unit(f"u{j}", [term for i, n in enumerate(p) for term in pairs[i][n]])
            for j, p in enumerate(self._kept)
        )
        terms = tuple((j, self._weights[p]) for j, p in enumerate(self._kept) if self._weights[p] != 0)
        layers: tuple[Layer, ...] = (tuple(_side(self.degree, self.mesh, *side) for side in sides), units)
        return Network(self.dim, layers, (Readout(0, 2, Affine(terms, fmpq(0))),))

    def _pair(self, number: dict[tuple[int, int, int], int], axis: int, n: int) -> list[tuple[int, fmpq]]:
        """The two factors over interval number n of an axis."""
        a, b = self._intervals[axis][n]
        return [(number[axis, 0, a], ONE), (number[axis, 1, b], ONE)]


def _unit(name: str, factors: list[tuple[int, fmpq]]) -> Neuron:
    return Neuron(name, "local unit", PRODUCT, Affine(tuple(factors), fmpq(0)))


def _side(q: int, mesh: int, axis: int, upper: int, end: int) -> Neuron:
    """max(M x_i - k, 0)^q, or max(k - M x_i, 0)^q if upper."""
    sign = -1 if upper else 1
    affine = Affine(((axis, fmpq(sign * mesh)),), fmpq(-sign * end))
    return Neuron(f"x{axis}{'<' if upper else '>'}{end}", "one side of boxes", NAMES[q], affine)


def build(coefficients: np.ndarray, degree: int, mesh: int, first: int | None = None) -> Multiplicative:
    """The network of the spline with these coefficients.

    Requires: exact numbers, an array with one axis for each coordinate; 1 <= degree q <= 5; mesh M >= 1, knots k/M;
    first: the k_i of index 0, -q if None: the first spline that meets the open cube.
    Guarantees: on all of R^m the network is the sum of c_k B_k, exactly; equal units of different B-splines are one
    unit, units of weight 0 are left out.
    Raises: ConstructError, before the work, for more than 2^20 units.
    Source: arXiv 2602.06374; constructs/bsplines.py.

    >>> built = build(np.array([0, 1, 2]), 1, 2)
    >>> built.network.evaluate(["1/8"]), built.network.evaluate([1]), built.units_before, built.units
    ([1/4], [2], 6, 5)
    """
    q, M = integer(degree, "degree", 1, max(NAMES)), integer(mesh, "mesh", 1)
    given = np.asarray(coefficients)
    dimension(given.ndim)
    if not given.size:
        raise ConstructError("coefficients", f"shape {given.shape}", "at least one on every axis")
    start = -q if first is None else integer(first, "first", -(1 << 31), 1 << 31)
    most = 1
    for n in given.shape:
        most *= (q + 1) * (n + q)
    bounded_table("coefficients", f"shape {given.shape}", most, "local units", MOST_UNITS)
    values = np.empty(given.shape, dtype=object)
    values.reshape(-1)[:] = [rational(v, "coefficients") for v in given.reshape(-1).tolist()]
    values.setflags(write=False)
    return Multiplicative(q, M, start, values)
