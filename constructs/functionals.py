"""Functionals of point values that find the spline coefficients of polynomials, on one axis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import comb

from flint import fmpq, fmpq_mat

from constructs.activations import RELU_POWERS
from constructs.errors import ConstructError
from constructs.exact import integer

LARGEST_DEGREE = max(RELU_POWERS.values())
LARGEST_MESH = 1 << 24


@dataclass(frozen=True)
class Functional:
    """lambda(f) = sum of weights[j] * f(point number places[j]); places increasing, weights nonzero."""

    places: tuple[int, ...]
    weights: tuple[fmpq, ...]

    @property
    def norm(self) -> fmpq:
        """The sum of |weights|: |lambda(f)| <= norm * sup|f|, with equality for some f."""
        return sum((abs(w) for w in self.weights), fmpq(0))


@dataclass(frozen=True)
class Axis:
    """One axis of a quasi-interpolant: the splines x -> B_q(M x - k), k = first, first+1, ..., and their functionals.

    points: where functions are sampled, increasing, all in [0, 1].
    """

    degree: int
    mesh: int
    first: int
    points: tuple[fmpq, ...]
    functionals: tuple[Functional, ...]

    @cached_property
    def norm(self) -> fmpq:
        """The largest norm of a functional."""
        return max(f.norm for f in self.functionals)


def cube_axis(degree: int, mesh: int) -> Axis:
    """All splines whose support meets (0,1), each with points in [0,1] only.

    Requires: 1 <= q = degree <= 5; M = mesh so large that there are q+1 points: M >= q for odd q, M >= q-1 for even q.
    Returns: Axis with k = -q..M-1. Points: the nodes 0, 1/M, ..., 1 for odd q; for even q the middles of the cells,
    0 and 1. Each functional takes the q+1 points next to the middle of its spline's support.
    Guarantees: sum over k of lambda_k(p) B_q(M x - k) = p(x) on [0,1] for every polynomial p of degree <= q.
    Method: Marsden: such a p has the coefficient p*(k+1, ..., k+q), p* its blossom in t = M x. The blossom of t^n is
    e_n / C(q,n), e_n the elementary symmetric polynomial: q+1 linear equations for the weights, solved exactly.
    Raises: ConstructError.

    >>> [[str(w) for w in f.weights] for f in cube_axis(2, 5).functionals[:3]]
    [['7/3', '-3/2', '1/6'], ['-1/3', '3/2', '-1/6'], ['-1/8', '5/4', '-1/8']]
    """
    q, M = _sizes(degree, mesh)
    least = max(1, q - 1 + q % 2)
    if least > M:
        raise ConstructError("mesh", M, f"an integer >= {least}: degree {q} needs {q + 1} points on an axis")
    sites = [fmpq(i) for i in range(M + 1)]
    if q % 2 == 0:
        sites = [fmpq(0), *_middles(range(M)), fmpq(M)]
    inner = {}
    found = []
    for k in range(-q, M):
        start = _nearest(sites, _middle(q, k), q + 1)
        near = tuple(s - k for s in sites[start : start + q + 1])
        if near not in inner:  # most splines see the same points around them
            inner[near] = _weights(q, near)
        found.append(_sparse(range(start, start + q + 1), inner[near]))
    return Axis(q, M, -q, tuple(s / M for s in sites), tuple(found))


def zero_axis(degree: int, mesh: int) -> Axis:
    """The functionals of the whole line, for functions that vanish outside the open interval (0,1).

    Requires: 1 <= degree <= 5; mesh >= 1, for odd degrees >= 2.
    Returns: Axis with those k whose functional has a point in (0,1); points: the nodes in (0,1) for odd degrees, the
    middles of the cells for even ones. Values at all other points are 0 and are left out.
    Guarantees: for a function on the line that is 0 outside (0,1) the coefficients are those of the functionals
    lambda_k = lambda_0 shifted, which are symmetric and reproduce polynomials of degree <= q on the whole line. All
    splines together vanish outside [-w/M, 1+w/M], w = 2 floor(q/2).
    Raises: ConstructError.

    >>> axis = zero_axis(1, 4)
    >>> axis.first, [f.places for f in axis.functionals]
    (0, [(0,), (1,), (2,)])
    """
    q, M = _sizes(degree, mesh)
    if q % 2 and M < 2:
        raise ConstructError("mesh", M, "an integer >= 2: for odd degrees there is no point in (0,1) else")
    sites = [fmpq(i) for i in range(1, M)] if q % 2 else _middles(range(M))
    r = q // 2
    around, weights = line_functional(q)
    first = int((sites[0] - around[-1]).p)
    found = []
    for k in range(first, first + len(sites) + 2 * r):
        start = k - first - 2 * r  # the place of the first of its points
        inside = [j for j in range(2 * r + 1) if 0 <= start + j < len(sites)]
        found.append(_sparse((start + j for j in inside), [weights[j] for j in inside]))
    return Axis(q, M, first, tuple(s / M for s in sites), tuple(found))


def line_functional(degree: int) -> tuple[tuple[fmpq, ...], tuple[fmpq, ...]]:
    """The sites, in cells, and weights of lambda_0 on the whole line; lambda_k sees the sites moved by k.

    Guarantees: symmetric about the middle (q+1)/2 of the spline's support; right for polynomials of degree <= q.
    Raises: ConstructError.

    >>> line_functional(2)
    ((1/2, 3/2, 5/2), (-1/8, 5/4, -1/8))
    """
    q = integer(degree, "degree", 1, LARGEST_DEGREE)
    sites = tuple(_middle(q, 0) + j for j in range(-(q // 2), q // 2 + 1))
    return sites, tuple(_weights(q, sites))


def _sizes(degree: int, mesh: int) -> tuple[int, int]:
    return integer(degree, "degree", 1, LARGEST_DEGREE), integer(mesh, "mesh", 1, LARGEST_MESH)


def _middles(cells: Iterable[int]) -> list[fmpq]:
    return [fmpq(2 * i + 1, 2) for i in cells]


def _middle(q: int, k: int) -> fmpq:
    """That of the support [k, k+q+1]: the mean of the inner knots, too."""
    return fmpq(2 * k + q + 1, 2)


def _nearest(sites: list[fmpq], to: fmpq, count: int) -> int:
    """Where the `count` consecutive sites next to a place begin; of two equally near ones the first is taken."""
    start = 0
    guess = int(to.floor()) - count  # sites are at most 1 apart, and begin at 0
    start = min(max(guess, 0), len(sites) - count)
    while start + count < len(sites) and abs(sites[start + count] - to) < abs(sites[start] - to):
        start += 1
    return start


def _weights(q: int, sites: tuple[fmpq, ...]) -> list[fmpq]:
    """The weights at these sites with sum of w_j s_j^n = blossom of t^n at 1, ..., q, n = 0, 1, ...: the spline k = 0.

    Of 2r+1 sites symmetric about the middle, q odd: the equation for n = q follows by symmetry.
    """
    e = [fmpq(1)] + [fmpq(0)] * q
    for knot in range(1, q + 1):
        for n in range(knot, 0, -1):
            e[n] += e[n - 1] * knot
    count = len(sites)
    equations = fmpq_mat([[s**n for s in sites] for n in range(count)])
    solution = equations.solve(fmpq_mat([[e[n] / comb(q, n)] for n in range(count)]))
    return [solution[j, 0] for j in range(count)]


def _sparse(places: Iterable[int], weights: list[fmpq]) -> Functional:
    kept = [(p, w) for p, w in zip(places, weights, strict=True) if w != 0]
    return Functional(tuple(p for p, _ in kept), tuple(w for _, w in kept))
