"""The best shift found: admissible, and its bound is what the quantities say."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import exact, fraction, kuhn_shifted, table

from constructs.targets.kuhn import KuhnTarget
from constructs.targets.step import StepTarget
from verify.kuhn_quantities import KuhnQuantities
from verify.moduli import _diagonals, lower
from verify.step_quantities import StepQuantities

values = st.fractions(-3, 3, max_denominator=3)


@given(st.integers(1, 2), st.data(), st.sampled_from([1, 2, 3]), st.integers(1, 4), st.booleans())
@settings(deadline=None, max_examples=40)
def test_the_bound_is_that_of_an_admissible_shift(
    d: int, data: st.DataObject, p: int, cells: int, euclidean: bool
) -> None:
    m = data.draw(st.integers(1, 2))
    listed = data.draw(st.lists(values, min_size=(m + 1) ** d, max_size=(m + 1) ** d))
    f = KuhnTarget(m, table(listed).reshape((m + 1,) * d))
    q, t = KuhnQuantities(f, fmpq(p)), fmpq(1, cells)
    g = q.grid(cells, 1)
    shift, bound = lower(q, d, t, g, euclidean)
    assert len(shift) == d
    assert sum((c * c for c in shift), fmpq(0)) <= t * t
    assert all(abs(c) < 1 for c in shift)
    if not euclidean:
        assert sum(c != 0 for c in shift) <= 1
    assert fraction(bound) == kuhn_shifted(f, [fraction(c) for c in shift], p)
    above = q.modulus_above(t, euclidean, g)
    assert above is not None
    assert bound <= above
    assert (bound == 0) == (f.constant() is not None)


@given(st.integers(2, 4), st.fractions(0, 1, max_denominator=40).filter(bool), st.integers(1, 50))
def test_diagonals_are_the_longest_admissible(d: int, t: Fraction, grid: int) -> None:
    found = _diagonals(d, exact(t), grid)
    longest = max(j for j in range(grid) if d * j * j <= (t * grid) ** 2)
    if not found:
        assert longest == 0
        return
    assert len(set(found)) == 2 ** (d - 1)
    for s in found:
        assert {abs(c) * grid for c in s} == {fmpq(longest)}


def test_diagonals_help_where_they_should() -> None:
    """f = x_0 + x_1: along the diagonal it changes √2 times as fast."""
    q = KuhnQuantities(KuhnTarget(1, table([[0, 1], [1, 2]])), fmpq(2))
    axis, along = (lower(q, 2, fmpq(1, 4), 64, euclidean)[1] for euclidean in (False, True))
    assert axis == fmpq(1, 16) * fmpq(3, 4)
    assert along == fmpq(2 * 11, 64) ** 2 * fmpq(53, 64) ** 2
    assert along > axis


@pytest.mark.parametrize("p", [1, 2, 5])
def test_the_modulus_of_a_jump_is_found(p: int) -> None:
    q = StepQuantities(StepTarget(((("2/7",), (1, 0)),)), fmpq(p))
    assert lower(q, 1, fmpq(1, 9), None, False)[1] == fmpq(1, 9)
    assert lower(q, 1, fmpq(1), None, False)[1] == fmpq(2, 7)


def test_constants_have_the_modulus_zero() -> None:
    q = KuhnQuantities(KuhnTarget(1, table([3, 3])), fmpq(2))
    assert lower(q, 1, fmpq(1), 2, False) == ((fmpq(0),), fmpq(0))
