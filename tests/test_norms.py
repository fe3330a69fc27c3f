"""The error of a proved table, strips included."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from flint import fmpq
from hypothesis import example, given, settings
from hypothesis import strategies as st
from oracles import exact, fraction, table

from constructs.rationals import Rationals
from constructs.targets.expression import ExpressionTarget
from constructs.targets.kuhn import KuhnTarget
from constructs.targets.step import StepTarget
from verify.norms import error_power, quantities
from verify.powers import Enclosure
from verify.quantities import perturbed
from verify.regions import Table

X = KuhnTarget(1, table([0, 1]))


def proved(
    values: list[object], radius: object = 0, bad: object = 0, lo: object = 0, hi: object = 1
) -> Table:
    return Table(Rationals.of(values), exact(radius), exact(bad), exact(lo), exact(hi))


def test_every_kind_of_target_has_quantities() -> None:
    for f in (X, StepTarget(((("1/2",), (0, 1)),)), ExpressionTarget("x0", 1)):
        assert quantities(f, fmpq(2)).target is f
    with pytest.raises(TypeError, match="no quantities for int"):
        quantities(3, fmpq(2))


def test_without_strips_and_sines_it_is_exact() -> None:
    for p, truth in ((1, fmpq(1, 4)), (2, fmpq(1, 12)), (4, fmpq(1, 80))):
        q = quantities(X, fmpq(p))
        assert error_power(q, fmpq(p), proved(["1/2"]), 2) == Enclosure.exact(truth)


@given(
    st.fractions(-2, 3, max_denominator=9),
    st.lists(st.fractions(-2, 3, max_denominator=9), min_size=2, max_size=2),
    st.fractions(0, 1, max_denominator=9),
    st.sampled_from([1, 2, 3, 4]),
)
@settings(deadline=None)
def test_strips_may_hold_anything_within_the_range(
    inside: Fraction, ends: list[Fraction], bad: Fraction, p: int
) -> None:
    """f = x, Phi = 1/2 but on [1 − bad, 1], where it is any constant within its range."""
    lo, hi = min(*ends, Fraction(1, 2)), max(*ends, Fraction(1, 2))
    value = max(lo, min(hi, inside))

    def part(c: Fraction, a: Fraction, b: Fraction) -> Fraction:
        ends = sorted({a, b, min(max(c, a), b)})
        each = (abs((v - c) ** (p + 1) - (u - c) ** (p + 1)) / (p + 1) for u, v in pairwise(ends))
        return sum(each, start=Fraction(0))

    truth = part(Fraction(1, 2), Fraction(0), 1 - bad) + part(value, 1 - bad, Fraction(1))
    bounds = error_power(quantities(X, fmpq(p)), fmpq(p), proved(["1/2"], 0, bad, lo, hi), 2)
    assert 0 <= fraction(bounds.lo) <= truth <= fraction(bounds.hi)


def test_strips_have_no_supremum() -> None:
    with pytest.raises(ValueError, match="supremum over strips"):
        error_power(quantities(X, None), None, proved(["1/2"], 0, "1/100"), 2)


@given(
    st.fractions(-3, 3, max_denominator=20),
    st.fractions(0, 2, max_denominator=20),
    st.fractions(-1, 1, max_denominator=9),
    st.sampled_from(["1", "2", "3", "4", "3/2", "5/2", "64/63", "7/3"]),
    st.fractions(0, 2, max_denominator=5),
)
@example(Fraction(0), Fraction(1, 100), Fraction(1), "3/2", Fraction(0))  # a base below 1
@example(Fraction(1, 9), Fraction(1, 10), Fraction(1), "64/63", Fraction(0))
def test_perturbed_covers_every_change_within_the_radius(
    a: Fraction, radius: Fraction, share: Fraction, p: str, spare: Fraction
) -> None:
    """||a + r|^p − |a|^p| for one number a, |r| <= radius; compared by powers of p's denominator."""
    exponent = Fraction(p)
    n, b = exponent.numerator, exponent.denominator
    known = abs(a) ** exponent if b == 1 else None
    top = exact(abs(a) + spare)
    other = abs(a + share * radius)
    if known is not None:
        bounds = perturbed(Enclosure.exact(exact(known)), exact(radius), top, exact(p))
        assert 0 <= fraction(bounds.lo) <= other**n <= fraction(bounds.hi)
    else:
        near = Fraction(float(abs(a)) ** float(exponent))
        ends = Enclosure(exact(near * (1 - Fraction(1, 10**12))), exact(near * (1 + Fraction(1, 10**12))))
        bounds = perturbed(ends, exact(radius), top, exact(p))
        assert fraction(bounds.lo) ** b <= other**n <= fraction(bounds.hi) ** b
    sup = perturbed(Enclosure.exact(exact(abs(a))), exact(radius), top, None)
    assert fraction(sup.lo) <= other <= fraction(sup.hi)
