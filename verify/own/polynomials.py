"""Signs and extrema of polynomials with rational coefficients on an interval, decided exactly."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from flint import fmpq, fmpq_poly

from constructs.errors import ConstructError
from constructs.exact import from_float
from constructs.neurons import as_float

ZERO = fmpq(0)


def nonnegative(p: fmpq_poly, left: fmpq, right: fmpq) -> bool:
    """Whether p >= 0 on all of [left, right].

    Method: both ends; then a root of odd multiplicity inside would be a change of sign: Sturm's chain of the product of
    the factors of odd multiplicity says whether there is one.
    Guarantees: exact.

    >>> square = fmpq_poly([1, -4, 4])
    >>> nonnegative(square, fmpq(0), fmpq(1)), nonnegative(square - fmpq(1, 10**9), fmpq(0), fmpq(1))
    (True, False)
    """
    if p.degree() < 1:
        return p[0] >= 0
    if p(left) < 0 or p(right) < 0:
        return False
    if p.degree() == 1:
        return True
    if p.degree() == 2:
        vertex = -p[1] / (2 * p[2])
        return not left < vertex < right or p(vertex) >= 0
    if _far_from_zero(p, left, right):
        return True
    odd = _odd_part(p)
    if odd.degree() > 0 and _roots_inside(odd, left, right):
        return False
    # No change of sign inside: one point that is no root tells which sign it is.
    return all(p(left + (right - left) * fmpq(k, p.degree() + 2)) >= 0 for k in range(1, p.degree() + 2))


def negative_point(p: fmpq_poly, left: fmpq, right: fmpq) -> fmpq | None:
    """A point of [left, right] with p < 0, inside if there is one; None if there is none.

    Guarantees: exact; the point is found by bisection, since where p < 0 inside it is so on an interval.

    >>> negative_point(fmpq_poly([-1, 0, 0, 2]), fmpq(1, 2), fmpq(1))
    3/4
    """
    while not nonnegative(p, left, right):
        middle = (left + right) / 2
        if p(middle) < 0:
            return middle
        left, right = (left, middle) if not nonnegative(p, left, middle) else (middle, right)
    return None


def stationary(p: fmpq_poly, left: fmpq, right: fmpq) -> list[fmpq]:
    """Points strictly inside where |p| may be largest: exactly those if p has degree <= 2, else good guesses."""
    if p.degree() < 2:
        return []
    guesses = [-p[1] / (2 * p[2])] if p.degree() == 2 else _guesses(p.derivative())
    return [x for x in guesses if left < x < right]


def _guesses(p: fmpq_poly) -> list[fmpq]:
    """Rationals near the real roots, by floats: nothing rests on them."""
    scale = max(abs(c) for c in p.coeffs())
    coefficients = [as_float(c / scale) for c in reversed(p.coeffs())]
    try:
        roots = np.roots(np.array(coefficients))
        return [from_float(round(float(z.real) * 2**40) / 2**40) for z in roots if abs(z.imag) < 1e-3]
    except (np.linalg.LinAlgError, ConstructError, OverflowError, ValueError):
        return []  # no candidates: the exact decision does without


def _far_from_zero(p: fmpq_poly, left: fmpq, right: fmpq) -> bool:
    """Whether the Taylor series around the middle shows p >= 0 at once: enough, not necessary."""
    series = p(fmpq_poly([(left + right) / 2, (right - left) / 2])).coeffs()
    return series[0] >= sum((abs(c) for c in series[1:]), ZERO)


def _odd_part(p: fmpq_poly) -> fmpq_poly:
    _, factors = p.factor_squarefree()
    odd = fmpq_poly([1])
    for factor, multiplicity in factors:
        if multiplicity % 2:
            odd = odd * factor
    return odd


def _roots_inside(p: fmpq_poly, left: fmpq, right: fmpq) -> int:
    """The number of roots of a squarefree p in the open interval."""
    chain = [p, p.derivative()]
    while chain[-1].degree() > 0:
        rest = -(chain[-2] % chain[-1])
        if rest.degree() < 0:
            break
        # A positive factor changes no sign and keeps the numbers short.
        chain.append(rest / max(abs(c) for c in rest.coeffs()))
    return _changes(chain, left) - _changes(chain, right) - (p(right) == 0)


def _changes(chain: list[fmpq_poly], x: fmpq) -> int:
    signs = [v > 0 for v in (q(x) for q in chain) if v != 0]
    return sum(a != b for a, b in pairwise(signs))
