"""L^p means of linear functions on simplices, exactly: Hermite-Genocchi, over whole Kuhn grids at once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from itertools import permutations
from math import factorial

import numpy as np
from flint import fmpq

from constructs.integers import exact_sum, largest, smallest_integers
from verify.powers import ZERO, Enclosure, power


def corner(nodal: np.ndarray, offset: tuple[int, ...]) -> np.ndarray:
    """The value at the corner `offset` of every cube of a nodal array."""
    return nodal[tuple(slice(o, n - 1 + o) for o, n in zip(offset, nodal.shape, strict=True))]


def simplex_vertices(nodal: np.ndarray, shift: np.ndarray | None = None) -> Iterator[list[np.ndarray]]:
    """For each of the d! orders: the d+1 vertex values of that simplex of every cube, less `shift` (one
    number a cube).
    """
    dim = nodal.ndim
    for order in permutations(range(dim)):
        offset = [0] * dim
        vertices = [corner(nodal, tuple(offset))]
        for i in order:
            offset[i] = 1
            vertices.append(corner(nodal, tuple(offset)))
        yield [v - shift for v in vertices] if shift is not None else vertices


def mean_power(vertices: list[np.ndarray], denominator: int, p: fmpq | None) -> Enclosure:
    """The sum over the cubes of mean |u|^p over the simplex with these vertex values / denominator; p None:
    the maximum of |u|.

    Returns: Enclosure: exact for integer p and for None.
    Method: integer p: `_integer_sum`. Other p: |mean|^p <= mean |u|^p <= mean of |vertex values|^p
    (convexity).
    Source: MATH §4; docs/geometric.md, norms.
    """
    if p is None:
        top = max(largest(v) for v in vertices)
        return Enclosure.exact(fmpq(top, denominator))
    if p.q == 1:
        return Enclosure.exact(_integer_sum(vertices, denominator, int(p.p)))
    count = len(vertices)
    lower = _power_sum(np.abs(sum(smallest_integers(v, count) for v in vertices)), denominator * count, p).lo
    upper = sum((_power_sum(np.abs(v), denominator, p).hi for v in vertices), ZERO)
    return Enclosure(lower, upper / count)


def _power_sum(values: np.ndarray, denominator: int, p: fmpq) -> Enclosure:
    distinct, counts = np.unique(values, return_counts=True)
    total = Enclosure(ZERO, ZERO)
    for value, count in zip(distinct.tolist(), counts.tolist(), strict=True):
        term = power(fmpq(int(value), denominator), p)
        total = total + Enclosure(term.lo * count, term.hi * count)
    return total


def _integer_sum(vertices: list[np.ndarray], denominator: int, p: int) -> fmpq:
    """Exact: mean |u|^p = p! d!/(p+d)! |h_p(u)| on simplices of one sign, and for even p; else divided
    differences.
    """
    d = len(vertices) - 1
    scale = fmpq(factorial(p) * factorial(d), factorial(p + d)) / fmpq(denominator) ** p
    symmetric = _homogeneous(vertices, p)
    if p % 2 == 0:
        return scale * exact_sum(symmetric)
    low, high = reduce(np.minimum, vertices), reduce(np.maximum, vertices)
    mixed = (low < 0) & (high > 0)
    total = fmpq(exact_sum(np.abs(symmetric[~mixed])))
    for nodes in zip(*(v[mixed].tolist() for v in vertices), strict=True):
        total += _divided_difference(sorted(nodes), p + d)
    return scale * total


def _homogeneous(vertices: list[np.ndarray], p: int) -> np.ndarray:
    """The complete homogeneous symmetric polynomial of degree p, for all cubes; int64 only where it cannot
    overflow.
    """
    top = max(largest(v) for v in vertices)
    terms = factorial(p + len(vertices) - 1) // (factorial(p) * factorial(len(vertices) - 1))
    fits = terms * max(top, 1) ** p < 2**62
    arrays = [v.astype(np.int64 if fits else object) for v in vertices]
    h = [np.ones_like(arrays[0])] + [np.zeros_like(arrays[0])] * p
    for u in arrays:
        for k in range(1, p + 1):
            h[k] = h[k] + u * h[k - 1]
    return h[p]


def _divided_difference(nodes: list[int], n: int) -> fmpq:
    """[nodes] of sgn(t) t^n, nodes sorted; for one sign it is +- the complete homogeneous polynomial of
    degree n - (count - 1).
    """
    if nodes[0] >= 0 or nodes[-1] <= 0:
        h = [1] + [0] * (n - len(nodes) + 1)
        for u in nodes:
            for k in range(1, len(h)):
                h[k] += u * h[k - 1]
        return fmpq(h[-1] if nodes[0] >= 0 and nodes[-1] > 0 else -h[-1])
    return (_divided_difference(nodes[1:], n) - _divided_difference(nodes[:-1], n)) / (nodes[-1] - nodes[0])
