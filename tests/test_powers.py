"""Powers and roots of rationals against integer comparisons, and the ends of enclosures."""

from __future__ import annotations

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from verify.norms import widened
from verify.powers import Enclosure, power, power_between, root, rounded

positive = st.builds(fmpq, st.integers(0, 10**30), st.integers(1, 10**30))
extreme = st.builds(lambda n, k: fmpq(n) * fmpq(2) ** k, st.integers(1, 99), st.integers(-4000, 4000))
numbers = positive | extreme
exponents = st.builds(fmpq, st.integers(1, 64), st.integers(1, 64))


@given(numbers, st.integers(1, 64))
def test_roots_are_enclosed_to_relative_precision(x: fmpq, n: int) -> None:
    bounds = root(x, n)
    assert bounds.lo >= 0
    assert bounds.lo**n <= x <= bounds.hi**n
    assert bounds.hi - bounds.lo <= fmpq(1, 2**150)
    assert (bounds.hi - bounds.lo) * 2**150 <= bounds.hi
    assert bounds.lo > 0 or x == 0


@given(st.builds(fmpq, st.integers(0, 10**6), st.integers(1, 10**6)), st.integers(1, 9))
def test_rational_roots_are_exact(x: fmpq, n: int) -> None:
    assert root(x**n, n) == Enclosure.exact(x)


@given(numbers, exponents)
def test_powers_are_enclosed(x: fmpq, p: fmpq) -> None:
    bounds = power(x, p)
    a, b = int(p.p), int(p.q)
    assert bounds.lo**b <= x**a <= bounds.hi**b
    if b == 1:
        assert bounds == Enclosure.exact(x**a)


@given(positive, positive, exponents | st.none())
def test_powers_of_intervals(x: fmpq, y: fmpq, p: fmpq | None) -> None:
    lo, hi = min(x, y), max(x, y)
    bounds = power_between(lo, hi, p)
    if p is None:
        assert bounds == Enclosure(lo, hi)
    else:
        assert bounds.lo ** int(p.q) <= lo ** int(p.p)
        assert bounds.hi ** int(p.q) >= hi ** int(p.p)


@given(numbers, numbers, st.booleans(), st.booleans(), st.integers(2, 80))
def test_rounding_goes_outward_for_both_signs(x: fmpq, y: fmpq, minus: bool, also: bool, bits: int) -> None:
    given_ends = sorted((-x if minus else x, -y if also else y))
    short = rounded(Enclosure(*given_ends), bits)
    assert short.lo <= given_ends[0]
    assert given_ends[1] <= short.hi
    for before, after in zip(given_ends, (short.lo, short.hi), strict=True):
        assert abs(before - after) <= abs(before) * fmpq(4, 2**bits)
        assert after.q == 1 or int(after.q).bit_count() == 1
        assert int(abs(after.p)).bit_length() <= bits + 2 or after.q == 1


@given(positive, positive)
def test_widening_goes_outward_from_zero_up(x: fmpq, y: fmpq) -> None:
    ends = Enclosure(min(x, y), max(x, y))
    wide = widened(ends)
    assert 0 <= wide.lo <= ends.lo
    assert ends.hi <= wide.hi
    assert wide.hi > ends.hi or ends.hi == 0
    assert wide.lo < ends.lo or ends.lo == 0


@pytest.mark.parametrize("n", [1, 2, 3, 64])
def test_the_root_of_a_tiny_number_is_not_rounded_to_zero(n: int) -> None:
    assert root(fmpq(1, 3 * 2**5000), n).lo > 0


def test_sums_add_ends() -> None:
    total = Enclosure(fmpq(1), fmpq(2)) + Enclosure(fmpq(-3), fmpq(1, 2))
    assert total == Enclosure(fmpq(-2), fmpq(5, 2))
    assert total.to_json() == ["-2", "5/2"]
