"""Cardinal B-splines, and each of them as a combination of local product units."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations
from math import comb, factorial

from flint import fmpq, fmpq_mat, fmpq_poly

from constructs.exact import integer

Interval = tuple[int, int]

LARGEST_DEGREE = 12  # of what is solved for; networks stop at 5, the last power of a ReLU


@lru_cache(maxsize=32)
def pieces(degree: int) -> tuple[fmpq_poly, ...]:
    """B_q on [i, i+1], i = 0..q, as polynomials in t; B_q is 0 elsewhere.

    Requires: 0 <= degree <= LARGEST_DEGREE. The knots are 0..q+1.
    Method: Cox-de Boor: q B_q(t) = t B_{q-1}(t) + (q+1-t) B_{q-1}(t-1), B_0 = 1 on [0,1).
    Guarantees: the B_q(t-k), k an integer, add up to 1; B_q has q-1 continuous derivatives.
    Raises: ConstructError.

    >>> [str(p) for p in pieces(1)]
    ['x', '(-1)*x + 2']
    """
    q = integer(degree, "degree", 0, LARGEST_DEGREE)
    if q == 0:
        return (fmpq_poly([1]),)
    below, nothing = pieces(q - 1), fmpq_poly([0])
    rising, falling, back = fmpq_poly([0, 1]), fmpq_poly([q + 1, -1]), fmpq_poly([-1, 1])
    here, shifted = (*below, nothing), (nothing, *(p(back) for p in below))
    return tuple((rising * p + falling * s) / q for p, s in zip(here, shifted, strict=True))


def unit(degree: int, a: int, b: int) -> fmpq_poly:
    """beta_{a,b} on its support [a, b]: (t-a)^q (b-t)^q.

    beta_{a,b}(t) = max(t-a, 0)^q max(b-t, 0)^q is 0 everywhere else.
    """
    return (fmpq_poly([-a, 1]) * fmpq_poly([b, -1])) ** degree


@lru_cache(maxsize=32)
def local_coefficients(degree: int) -> dict[Interval, fmpq]:
    """The gamma_{a,b}, 0 <= a < b <= q+1, with B_q = sum of gamma_{a,b} beta_{a,b}, the one solution there is.

    Requires: 1 <= degree <= LARGEST_DEGREE.
    Returns: all pairs in order; no coefficient is 0. Not to be changed by the caller.
    Method: one equation for each power of t on each [i, i+1], solved exactly. That it has one solution is seen there;
    for every q it follows from `closed_form`.
    Guarantees: the identity holds at every real t, as polynomials on every [i, i+1].
    Raises: ConstructError for the degree; ArithmeticError if the equations had no solution, or several.
    Source: our own; arXiv 2602.06374 states that networks of such products are universal.

    >>> local_coefficients(1)
    {(0, 1): -1, (0, 2): 1, (1, 2): -1}
    """
    q = integer(degree, "degree", 1, LARGEST_DEGREE)
    pairs = list(combinations(range(q + 2), 2))
    zero = fmpq_poly([0])
    rows: list[list[fmpq]] = []
    for i, piece in enumerate(pieces(q)):
        columns = [unit(q, a, b) if a <= i < b else zero for a, b in pairs]
        rows += [[p[n] for p in (*columns, piece)] for n in range(2 * q + 1)]
    reduced, rank = fmpq_mat(rows).rref()
    unknowns = len(pairs)
    if rank != unknowns or any(reduced[i, i] != 1 for i in range(unknowns)):
        raise ArithmeticError(f"degree {q}: {unknowns} coefficients, but {rank} independent equations")
    return {pair: reduced[i, unknowns] for i, pair in enumerate(pairs)}


def closed_form(degree: int, a: int, b: int) -> fmpq:
    """gamma_{a,b} = (-1)^(a+b+q+1) (b-a) C(q+1,a) C(q+1,b) / (q! (q+1)!).

    Guarantees: for every q >= 1, by proof. Method: where a sum of gamma_{a,b} beta_{a,b} passes the knot i, its
    polynomial changes by (t-i)^q times the sum over j != i of d_j (j-t)^q, d_j = gamma_{i,j} for j > i and -gamma_{j,i}
    for j < i; that of B_q by c_i (t-i)^q, c_i = (-1)^i C(q+1,i)/q!. The (j-t)^q at the q+1 knots j != i are a basis of
    the polynomials of degree <= q, so the d_j are unique. Divided differences over these knots, which make 0 of t^n,
    n < q, and 1 of t^q, are such numbers: d_j = c_i / product of (j-l) over l != i, j. This is antisymmetric in i and
    j, so that the knots agree on gamma_{i,j}; and left of 0 both sides vanish. Any distinct knots would do as well.

    >>> closed_form(2, 0, 3), closed_form(2, 1, 2)
    (1/4, 3/4)
    """
    q = integer(degree, "degree", 1)
    integer(a, "a", 0, q)
    integer(b, "b", a + 1, q + 1)
    sign = -1 if (a + b + q + 1) % 2 else 1
    return fmpq(sign * (b - a) * comb(q + 1, a) * comb(q + 1, b), factorial(q) * factorial(q + 1))
