"""Outward rounded sums of floats against exact ones."""

from __future__ import annotations

from fractions import Fraction
from math import inf

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from verify.rounding import down, sum_down, sum_up, up

floats = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(floats, max_size=30))
def test_sums_are_enclosed(terms: list[float]) -> None:
    exact = sum((Fraction(t) for t in terms), start=Fraction(0))
    low, high = sum_down(np.array(terms)), sum_up(np.array(terms))
    assert low < inf
    assert high > -inf
    assert low == -inf or Fraction(low) <= exact
    assert high == inf or exact <= Fraction(high)
    if all(abs(t) < 1e300 for t in terms):
        assert up(up(low)) >= high


def test_sums_with_infinities() -> None:
    assert sum_up(np.array([inf, 1.0])) == inf
    assert sum_down(np.array([inf, -inf, 1.0])) == -inf
    assert sum_up(np.array([inf, -inf])) == inf
    assert sum_up(np.array([np.nan])) == inf


def test_up_and_down_are_neighbours() -> None:
    assert down(1.0) < 1.0 < up(1.0)
    assert up(np.array([np.finfo(float).max]))[0] == inf
