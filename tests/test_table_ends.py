"""Floats around an exact table against fractions: every path, ties, numbers next to 0 and next to overflow."""

from __future__ import annotations

import math
from fractions import Fraction as Q

import numpy as np
import pytest
from built import exact
from flint import fmpq
from hypothesis import example, given, settings
from hypothesis import strategies as st

from constructs.rationals import Rationals
from verify.quantities import NotEnclosed
from verify.table_ends import float_ends

relaxed = settings(deadline=None)
numerators = (
    st.integers(-9, 9)
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.integers(-(2**200), 2**200)
    | st.sampled_from([2**53 + 1, 2**54 + 2, -(2**53) - 1, 2**62 + 2**9, 2**63 - 1, -(2**63) + 1, 2**1023])
)
denominators = st.sampled_from(
    [1, 2, 3, 2**40, 2**53, 2**53 + 1, 2**62, 2**70, 2**1021, 2**1022, 2**1023, 2**1074, 2**1100, 3**700]
)
radii = st.sampled_from([Q(0), Q(1, 3), Q(1, 2**80), Q(1, 2**1100), Q(5)])


def nearest(value: Q) -> float:
    """Python's own division, correctly rounded."""
    return value.numerator / value.denominator


@settings(relaxed, max_examples=300)
@given(st.lists(numerators, min_size=1, max_size=6), denominators, radii)
@example([2**53 + 1, 2**53 + 3, -(2**53) - 1], 1, Q(0))  # ties, to even
@example([2**53 + 1], 2**1022, Q(0))
@example([1, 3], 2**1075, Q(0))  # a tie between 0 and the least float
def test_one_step_outside_the_nearest_float(numbers: list[int], denominator: int, radius: Q):
    kind = np.int64 if all(abs(n) < 2**63 for n in numbers) else object
    below, above = float_ends(Rationals(np.array(numbers, dtype=kind), denominator), exact(radius))
    for n, lo, hi in zip(numbers, below.tolist(), above.tolist(), strict=True):
        value = Q(n, denominator)
        assert lo == math.nextafter(nearest(value - radius), -math.inf)
        assert hi == math.nextafter(nearest(value + radius), math.inf)
        assert Q(lo) < value - radius
        assert math.isinf(hi) or Q(hi) > value + radius


def test_the_shape_is_kept_and_single_values_are_served():
    below, above = float_ends(Rationals.full((2, 3), fmpq(1, 3)), fmpq(0))
    assert below.shape == above.shape == (2, 3)
    assert set(below.flat) == {math.nextafter(1 / 3, 0)}


@pytest.mark.parametrize("value", [10**309, -(10**309), Q(2**1024 * 3, 3)])
@pytest.mark.parametrize("radius", [fmpq(0), fmpq(1, 3)])
def test_beyond_the_floats(value: Q | int, radius: fmpq):
    with pytest.raises(NotEnclosed, match="beyond the floats"):
        float_ends(Rationals.of([value, 0]), radius)
