"""Bit fields against plain big-integer arithmetic."""

from __future__ import annotations

import math
from fractions import Fraction as Q

import numpy as np
import pytest
from built import exact
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs.activations import LARGEST_EXPONENT
from verify.fields import WIDEST, Powers, field_reader, is_field

relaxed = settings(deadline=None)


@relaxed
@given(
    st.integers(0, 2**300) | st.integers(0, 3),
    st.integers(0, 320),
    st.integers(1, WIDEST),
    st.lists(st.integers(-400, 400), min_size=1, max_size=8),
)
def test_field_reader(number: int, s: int, b: int, exponents: list[int]):
    """floor(a B 2^e) - B floor(a 2^e); fields below bit 0 and above the top included."""
    factor, base = Q(number, 2**s), 2**b
    want = [math.floor(factor * Q(2) ** e) - base * math.floor(factor / base * Q(2) ** e) for e in exponents]
    got = field_reader(exact(factor), base)(exponents)
    assert got.tolist() == want


def test_the_shape_is_kept():
    read = field_reader(fmpq(0b111001, 64), 4)
    assert read(np.array([[2], [4], [6]])).tolist() == [[3], [2], [1]]


@pytest.mark.parametrize("exponent", [LARGEST_EXPONENT, -LARGEST_EXPONENT])
def test_far_exponents(exponent: int):
    assert field_reader(fmpq(7, 8), 4)([exponent]).tolist() == [0]
    with pytest.raises(ValueError, match="exponent"):
        field_reader(fmpq(7, 8), 4)([2 * exponent])


def test_exponents_of_32_bits_do_not_wrap():
    exponents = [-(2**31) + 1, 3, 2**31 - 1]
    read = field_reader(fmpq(0b1101, 16), 4)
    assert read(np.array(exponents, dtype=np.int32)).tolist() == read(exponents).tolist() == [0, 2, 0]


@pytest.mark.parametrize(
    ("factor", "base"),
    [
        (fmpq(1, 3), 2),
        (fmpq(-1, 2), 2),
        (fmpq(1), 3),
        (fmpq(1), 1),
        (fmpq(1), 0),
        (fmpq(1), -2),
        (fmpq(1), 2**63),
    ],
)
def test_what_is_no_table_of_fields(factor: fmpq, base: int):
    with pytest.raises(ValueError, match="not a table"):
        field_reader(factor, base)


def _pair(exponents: list[int], factor: Q, ratio: Q) -> tuple[Powers, Powers]:
    one = Powers(np.array(exponents), fmpq(1))
    return one.scaled(exact(factor * ratio)).floor(), one.scaled(exact(factor)).floor()


@given(st.fractions().filter(bool), st.fractions(-8, 70, max_denominator=4).filter(bool))
def test_is_field(factor: Q, ratio: Q):
    upper, lower = _pair([0, 3], factor, ratio)
    power = ratio.denominator == 1 and ratio >= 2 and bin(int(ratio)).count("1") == 1
    assert is_field(upper, lower, exact(ratio)) == power
    assert not is_field(upper, lower, exact(ratio + 1))
    assert not is_field(upper, lower, exact(2 * ratio))
    assert not is_field(lower, upper, exact(ratio))


def test_is_field_needs_floors_of_the_same_power():
    upper, lower = _pair([0, 3], Q(1, 8), Q(4))
    other = _pair([0, 2], Q(1, 8), Q(4))[1]
    whole = Powers(np.array([0, 3]), fmpq(1, 8))
    assert is_field(upper, lower, fmpq(4))
    assert not is_field(upper, other, fmpq(4))
    assert not is_field(upper, whole, fmpq(4))
    assert not is_field(Powers(np.array([0, 3]), fmpq(1, 2)), lower, fmpq(4))
    wide = _pair([0, 3], Q(1, 8), Q(2**63))
    assert not is_field(*wide, fmpq(2**63))
