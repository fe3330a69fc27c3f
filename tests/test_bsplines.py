"""B-splines as combinations of local product units: identities on every knot interval and at random rationals."""

from __future__ import annotations

from itertools import combinations

import pytest
import sympy
from flint import fmpq, fmpq_mat, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

from constructs.bsplines import closed_form, local_coefficients, pieces, unit
from constructs.errors import ConstructError

degrees = st.integers(1, 5)
rationals = st.fractions(-2, 9, max_denominator=1000).map(lambda t: fmpq(t.numerator, t.denominator))


def binomial(n: int, k: int) -> int:
    return 1 if k in (0, n) else binomial(n - 1, k - 1) + binomial(n - 1, k)


def bspline(q: int, t: fmpq) -> fmpq:
    """By divided differences: (1/q!) sum of (-1)^i C(q+1,i) max(t-i, 0)^q."""
    total, factorial = fmpq(0), 1
    for i in range(q + 2):
        total += (-1) ** i * binomial(q + 1, i) * max(t - i, fmpq(0)) ** q
    for n in range(2, q + 1):
        factorial *= n
    return total / factorial


def beta(q: int, a: int, b: int, t: fmpq) -> fmpq:
    return max(t - a, fmpq(0)) ** q * max(b - t, fmpq(0)) ** q


def on_piece(q: int, coefficients: dict[tuple[int, int], fmpq], i: int) -> fmpq_poly:
    """The combination on [i, i+1], each unit multiplied out factor by factor."""
    total = fmpq_poly([0])
    for (a, b), c in coefficients.items():
        if a <= i and i + 1 <= b:
            term = fmpq_poly([c])
            for _ in range(q):
                term = term * fmpq_poly([-a, 1]) * fmpq_poly([b, -1])
            total = total + term
    return total


@pytest.mark.parametrize("q", range(1, 6))
def test_pieces_are_those_of_sympy(q: int):
    t = sympy.Symbol("t")
    (theirs,) = sympy.bspline_basis_set(q, list(range(q + 2)), t)
    for i, ours in enumerate(pieces(q)):
        branch = sympy.Poly(_branch(theirs, t, i), t)
        coefficients = [fmpq(int(c.p), int(c.q)) for c in reversed(branch.all_coeffs())]
        assert fmpq_poly(coefficients) == ours


def _branch(piecewise: sympy.Expr, t: sympy.Symbol, i: int) -> sympy.Expr:
    middle = sympy.Rational(2 * i + 1, 2)
    return next(value for value, where in piecewise.args if where.subs(t, middle) == True)  # noqa: E712


@given(st.integers(1, 8), rationals)
def test_pieces_are_divided_differences(q: int, t: fmpq):
    i = int(t.floor())
    assert bspline(q, t) == (pieces(q)[i](t) if 0 <= i <= q else 0)


@pytest.mark.parametrize("q", range(1, 9))
def test_the_combination_is_the_bspline_on_every_piece(q: int):
    found = local_coefficients(q)
    assert list(found) == list(combinations(range(q + 2), 2))
    for i, piece in enumerate(pieces(q)):
        assert on_piece(q, found, i) == piece
    assert all(unit(q, a, b) == on_piece(q, {(a, b): fmpq(1)}, a) for a, b in found)


@pytest.mark.parametrize("q", range(1, 9))
def test_the_closed_form_is_the_solution(q: int):
    assert {(a, b): closed_form(q, a, b) for a, b in combinations(range(q + 2), 2)} == local_coefficients(q)


@given(degrees, rationals)
def test_the_combination_at_random_rationals(q: int, t: fmpq):
    combined = sum((c * beta(q, a, b, t) for (a, b), c in local_coefficients(q).items()), fmpq(0))
    assert combined == bspline(q, t)


@given(degrees, rationals)
def test_partition_of_unity(q: int, t: fmpq):
    assert sum((bspline(q, t - k) for k in range(-q - 3, 10)), fmpq(0)) == 1


@given(degrees, st.data())
def test_another_coefficient_or_a_missing_unit_is_seen(q: int, data: st.DataObject):
    wrong = dict(local_coefficients(q))
    pair = data.draw(st.sampled_from(sorted(wrong)))
    if data.draw(st.booleans()):
        wrong[pair] += data.draw(st.sampled_from([1, -1])) * fmpq(1, 2**52)
    else:
        del wrong[pair]
    assert any(on_piece(q, wrong, i) != piece for i, piece in enumerate(pieces(q)))


def test_the_coefficients_in_the_notes():
    third = {(0, 1): 1, (0, 2): -2, (0, 3): 1, (1, 2): 3, (1, 3): -2, (2, 3): 1}
    assert local_coefficients(2) == {pair: fmpq(c, 4) for pair, c in third.items()}


@pytest.mark.parametrize("q", [1, 2, 3, 4])
def test_units_over_any_distinct_knots_combine_likewise(q: int):
    """The proof uses distinct knots only: here 0, 1, 4, 9, ..., the spline sum of c_i max(t - t_i, 0)^q with
    c_i = 1 / product of (t_i - t_j), and gamma_{a,b} = c_a c_b (t_b - t_a).
    """
    knots = [i * i for i in range(q + 2)]
    pairs = list(combinations(range(q + 2), 2))

    def jump(i: int) -> fmpq:
        product = fmpq(1)
        for j, t in enumerate(knots):
            product *= knots[i] - t if j != i else 1
        return 1 / product

    rows = []
    for i in range(q + 1):
        units = [unit(q, knots[a], knots[b]) if a <= i < b else fmpq_poly([0]) for a, b in pairs]
        truth = sum((jump(j) * fmpq_poly([-knots[j], 1]) ** q for j in range(i + 1)), fmpq_poly([0]))
        rows += [[p[n] for p in (*units, truth)] for n in range(2 * q + 1)]
    reduced, rank = fmpq_mat(rows).rref()
    assert rank == len(pairs)
    for row, (a, b) in enumerate(pairs):
        assert reduced[row, len(pairs)] == jump(a) * jump(b) * (knots[b] - knots[a])


def test_degrees_that_are_refused():
    for act in (pieces, local_coefficients):
        for degree in (-1, 13, True, 1.5):
            with pytest.raises(ConstructError, match="degree"):
                act(degree)  # type: ignore[arg-type]
    with pytest.raises(ConstructError, match="degree"):
        local_coefficients(0)
    for a, b in ((1, 1), (-1, 2), (0, 4), (2, 1)):
        with pytest.raises(ConstructError):
            closed_form(2, a, b)
