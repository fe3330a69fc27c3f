"""How much a quasi-interpolant can enlarge a function: its norm between spaces of continuous functions."""

from __future__ import annotations

from math import comb

from flint import fmpq, fmpq_poly

from constructs.bsplines import pieces
from constructs.exact import integer
from constructs.functionals import Axis


def operator_norm(axis: Axis, parts: int = 8, whole_line: bool = False) -> fmpq:
    """An upper bound of |spline(x)| for |f| <= 1 at all points and x in [0,1]; on m axes its m-th power is one.

    Requires: parts >= 1: more of them give a sharper bound. whole_line: for all real x.
    Returns: fmpq L, never more than axis.norm. At x the error of a quasi-interpolant of a function f on the cube is at
    most (1 + L^m) sup |f - p|, for every polynomial p of degree <= q, over x and the points within (q+1)/M of x.
    Method: the sup is that of the sum over j of |l_j|, l_j the spline whose sample j is 1 and whose others are 0; on
    each part of a cell l_j lies between its Bernstein coefficients, so the sum is at most the largest of the sums of
    their sizes.
    Raises: ConstructError.

    >>> from constructs.functionals import cube_axis
    >>> [operator_norm(cube_axis(q, 9), 1) for q in (1, 2, 3)]
    [1, 2, 2]
    """
    integer(parts, "parts", 1, 1 << 12)
    q, count = axis.degree, len(axis.functionals)
    known: dict[tuple, fmpq] = {(): fmpq(0)}
    for cell in range(axis.first, axis.first + count + q) if whole_line else range(axis.mesh):
        active = [k for k in range(cell - q, cell + 1) if 0 <= k - axis.first < count]
        found = [axis.functionals[k - axis.first] for k in active]
        start = min((f.places[0] for f in found), default=0)
        key = tuple(
            (cell - k, tuple(p - start for p in f.places), f.weights)
            for k, f in zip(active, found, strict=True)
        )
        if key not in known:  # most cells look alike
            known[key] = _on_cell(q, key, parts)
    return min(max(known.values()), axis.norm)


def _on_cell(q: int, splines: tuple, parts: int) -> fmpq:
    """The bound on one cell; splines: which piece of B_q, and the places and weights of its functional."""
    one, rows = fmpq_poly([0, 1]), {}
    for piece, places, weights in splines:
        polynomial = pieces(q)[piece](one + piece)  # in s = t - cell, 0 <= s <= 1
        for place, weight in zip(places, weights, strict=True):
            rows[place] = rows.get(place, fmpq_poly([0])) + polynomial * weight
    bounds = []
    for part in range(parts):
        scaled = (one + part) / parts
        coefficients = [_bernstein(row(scaled), q) for row in rows.values()]
        bounds += [sum((abs(c[n]) for c in coefficients), fmpq(0)) for n in range(q + 1)]
    return max(bounds)


def _bernstein(p: fmpq_poly, q: int) -> list[fmpq]:
    """The b_n with p(s) = sum of b_n C(q,n) s^n (1-s)^(q-n)."""
    return [sum((p[r] * fmpq(comb(n, r), comb(q, r)) for r in range(n + 1)), fmpq(0)) for n in range(q + 1)]
