"""Signs of polynomials on intervals, against what their factors say."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from flint import fmpq, fmpq_poly
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.own.polynomials import negative_point, nonnegative, stationary

POINTS = st.integers(-4, 8).map(lambda k: fmpq(k, 4))
FACTORS = st.lists(st.tuples(POINTS, st.integers(1, 3)), max_size=4)
POSITIVE = fmpq_poly([1, 1, 1])  # no real root


@st.composite
def cases(draw: st.DrawFn) -> tuple[fmpq_poly, list[fmpq], fmpq, fmpq]:
    factors, more = draw(FACTORS), draw(st.integers(0, 2))
    p = fmpq_poly([draw(st.sampled_from([-1, 1, fmpq(2, 3)]))]) * POSITIVE**more
    for root, multiplicity in factors:
        p = p * fmpq_poly([-root, 1]) ** multiplicity
    a, b = sorted(draw(st.lists(POINTS, min_size=2, max_size=2, unique=True)))
    return p, [r for r, _ in factors], a, b


@settings(max_examples=300)
@given(cases())
def test_signs_are_those_between_the_roots(case: tuple[fmpq_poly, list[fmpq], fmpq, fmpq]) -> None:
    p, roots, a, b = case
    cuts = sorted({a, b, *(r for r in roots if a < r < b)})
    middles = [(x + y) / 2 for x, y in pairwise(cuts)]
    truth = all(p(x) >= 0 for x in (*cuts, *middles))
    assert nonnegative(p, a, b) == truth
    found = negative_point(p, a, b)
    assert (found is None) == truth
    if found is not None:
        assert a < found < b
        assert p(found) < 0


@settings(max_examples=100)
@given(cases(), st.integers(8, 60))
def test_the_least_bit_below_zero_is_seen(case: tuple[fmpq_poly, list[fmpq], fmpq, fmpq], bits: int) -> None:
    p, _, a, b = case
    middle = (a + b) / 2
    touching = p * p * fmpq_poly([-middle, 1]) ** 2
    assert nonnegative(touching, a, b)
    below = touching - fmpq(1, 2**bits)
    assert not nonnegative(below, a, b)
    found = negative_point(below, a, b)
    assert found is not None
    assert below(found) < 0


def test_a_narrow_dip_is_found() -> None:
    centre = fmpq(1, 3)
    p = fmpq_poly([centre**2, -2 * centre, 1]) * fmpq_poly([2, 1, 0, 5]) - fmpq(1, 10**24)
    found = negative_point(p, fmpq(0), fmpq(1))
    assert found is not None
    assert abs(Fraction(int(found.p), int(found.q)) - Fraction(1, 3)) < Fraction(1, 10**11)


def test_stationary_points_of_low_degree_are_exact() -> None:
    assert stationary(fmpq_poly([0, 1, -1]), fmpq(0), fmpq(1)) == [fmpq(1, 2)]
    assert stationary(fmpq_poly([3, 1]), fmpq(0), fmpq(1)) == []
    assert stationary(fmpq_poly([0, 0, 1]), fmpq(0), fmpq(1)) == []  # at an end: not inside
    assert stationary(fmpq_poly([10**400, 1, 0, 10**400]), fmpq(0), fmpq(1)) == []


def test_a_narrow_dip_between_triple_roots_is_found() -> None:
    a, b = fmpq(1, 3), fmpq(1, 3) + fmpq(1, 2**50)
    p = fmpq_poly([-a, 1]) ** 3 * fmpq_poly([-b, 1]) ** 3
    assert not nonnegative(p, fmpq(0), fmpq(1))
    assert nonnegative(p * fmpq_poly([-a, 1]) * fmpq_poly([-b, 1]), fmpq(0), fmpq(1))
    found = negative_point(p, fmpq(0), fmpq(1))
    assert found is not None
    assert a < found < b
