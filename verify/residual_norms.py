"""Supremum, L^p norms and slopes of a residual: exact without margins, enclosed with them.

Formulas: verify/CERTIFICATE.md, 11.8 and 11.9.
"""

from __future__ import annotations

from itertools import pairwise, product
from math import factorial

import numpy as np
from flint import fmpq

from constructs.erosion import Residual
from constructs.integers import largest, smallest_integers
from constructs.windows import over_support_boxes, over_vertices
from verify.powers import ZERO, Enclosure
from verify.simplices import mean_power, simplex_vertices


def supremum(r: Residual) -> Enclosure:
    """sup|r|.

    >>> supremum(Residual(np.array([1, -3]), 2)).hi
    3/2
    """
    if r.margins is None:
        return Enclosure.exact(r.largest)
    top = _tops(r.values)
    low, high = int((top - r.margins).max()), int((top + r.margins).max())
    return Enclosure(fmpq(max(low, 0), r.denominator), fmpq(high, r.denominator))


def integral(r: Residual, p: int) -> fmpq:
    """The exact integral of |r_hat|^p over the cube (Hermite-Genocchi).

    >>> integral(Residual(np.array([1, 1]), 2), 2)
    1/4
    """
    total = sum((mean_power(v, r.denominator, fmpq(p)).lo for v in simplex_vertices(r.values)), ZERO)
    return total / (r.grid**r.dim * factorial(r.dim))


def uncertainty(r: Residual, p: int) -> fmpq:
    """At most so far is the integral of |r|^p from that of |r_hat|^p.

    Method: ||a|^p - |b|^p| <= p |a-b| max(|a|,|b|)^(p-1) on every cube.
    """
    if r.margins is None:
        return ZERO
    return _weighted(
        p * r.margins.astype(object) * (_tops(r.values) + r.margins).astype(object) ** (p - 1), r, p
    )


def step_uncertainty(r: Residual, step: np.ndarray) -> fmpq:
    """At most so far is the decrease of the integral of r^2 by a sweep from that of r_hat^2; step: what the sweep
    takes away at the grid's nodes, over r's denominator, nowhere more than |r|.
    """
    if r.margins is None:
        return ZERO
    return _weighted(2 * r.margins.astype(object) * _tops(step).astype(object), r, 2)


def _weighted(values: np.ndarray, r: Residual, p: int) -> fmpq:
    return fmpq(int(values.sum()), r.denominator**p) / r.grid**r.dim


def slope(r: Residual) -> fmpq:
    """The Lipschitz constant of r for the gauge max(0,v) + max(0,-v): exact without margins, else from below.

    Method: on each simplex with vertex values u_0, ..., u_d (along the chain) the sum of the rises u_j - u_(j-1), or
    that of the falls, whichever is larger, times the grid. With margins: the largest |difference| along an edge, less
    the noise at its ends, since sums of rises that skip a vertex are slopes of r_hat, but not of r. For d <= 2 both
    are the largest slope along an edge.

    >>> slope(Residual(np.array([0, 1, 3]), 2))
    2
    """
    steepest = _along_chains(r) if r.margins is None else _along_edges(r)
    return fmpq(steepest * r.grid, r.denominator)


def _along_chains(r: Residual) -> int:
    steepest = 0
    for vertices in simplex_vertices(smallest_integers(r.values, 4 * r.dim)):
        changes = [b - a for a, b in pairwise(vertices)]
        for sign in (1, -1):
            steepest = max(steepest, largest(np.asarray(sum(np.maximum(sign * c, 0) for c in changes))))
    return steepest


def _along_edges(r: Residual) -> int:
    noise = (
        r.noise if r.noise is not None or r.margins is None else over_support_boxes(r.margins, 1, np.maximum)
    )
    values = smallest_integers(r.values, 4)
    unsure = np.zeros_like(values) if noise is None else smallest_integers(noise, 8)
    steepest, n = 0, r.grid + 1
    for e in product((0, 1), repeat=r.dim):
        if any(e):
            ahead, behind = (
                tuple(slice(j, n - i + j) for i, j in zip(e, at, strict=True)) for at in (e, (0,) * r.dim)
            )
            gaps = np.abs(values[ahead] - values[behind]) - (unsure[ahead] + unsure[behind])
            steepest = max(steepest, int(gaps.max()))
    return steepest


def _tops(values: np.ndarray) -> np.ndarray:
    """The largest |value| at the vertices of every cube."""
    return over_vertices(np.abs(smallest_integers(values, 4)), np.maximum)
