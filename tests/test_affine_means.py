"""Means of |affine|^p over boxes against exact rational integrals, and the powers of floats they rest on."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import factorial, prod

import mpmath
import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.affine_means import mean_power
from verify.float_powers import raised

sizes = st.floats(0, 8, allow_subnormal=False).map(lambda x: x if x > 1e-6 else 0.0)
slopes = st.lists(sizes, min_size=1, max_size=3)


def exact_mean(n: int, a: Fraction, b: list[Fraction]) -> Fraction:
    """By the d-fold antiderivative of |t|^n at the vertices; axes with b_i = 0 do not count."""
    b = [x for x in b if x]
    d = len(b)
    if not d:
        return abs(a) ** n
    total = Fraction(0)
    for signs in product((1, -1), repeat=d):
        t = a + sum((s * x / 2 for s, x in zip(signs, b, strict=True)), Fraction(0))
        side = 1 if t >= 0 or d % 2 == 0 else -1
        total += prod(signs) * side * abs(t) ** (n + d)
    return total * Fraction(factorial(n), factorial(n + d)) / prod(b)


def ends(p: fmpq, a: float, b: list[float]) -> tuple[float, float]:
    lo, hi = mean_power(p, (np.array([a]), np.array([a])), [np.array([x]) for x in b])
    return float(np.broadcast_to(lo, 1)[0]), float(np.broadcast_to(hi, 1)[0])


@given(st.integers(1, 7), sizes, slopes)
@settings(deadline=None, max_examples=150)
def test_whole_powers_are_enclosed(n: int, a: float, b: list[float]) -> None:
    truth = exact_mean(n, Fraction(a), [Fraction(x) for x in b])
    lo, hi = ends(fmpq(n), a, b)
    slack = Fraction(1, 10**300)  # underflow
    assert Fraction(lo) <= truth + slack
    assert truth <= Fraction(hi) + slack


@given(st.integers(1, 6), sizes, slopes)
@settings(deadline=None, max_examples=100)
def test_they_are_exact_up_to_rounding_where_the_sign_is_kept_or_the_power_even(
    n: int, a: float, b: list[float]
) -> None:
    a = a if n % 2 == 0 else a + sum(b)
    lo, hi = ends(fmpq(n), a, b)
    assert hi <= lo * (1 + 1e-11) + 1e-300


@given(st.sampled_from([1, 3, 5]), st.floats(0, 1), st.lists(st.floats(0.01, 1), min_size=1, max_size=3))
@settings(deadline=None, max_examples=100)
def test_where_the_sign_changes_the_quarters_cost_little(n: int, part: float, b: list[float]) -> None:
    """Exact in one variable; else ends within the bounds of Jensen's and the vertices' rule on quarters."""
    lo, hi = ends(fmpq(n), part * sum(b) / 2, b)
    assert (hi / lo) ** (1 / n) <= (1 + 1e-9 if len(b) == 1 else 1.25)


@pytest.mark.parametrize("p", ["3/2", "7/2", "5/3", "9/8", "64/63"])
@pytest.mark.parametrize(
    ("a", "b"), [(0.0, [1.0]), (0.3, [1.0]), (2.0, [1.0]), (0.0, [1.0, 0.5]), (0.25, [0.5, 0.5])]
)
def test_other_powers(p: str, a: float, b: list[float]) -> None:
    q = mpmath.mpf(Fraction(p).numerator) / Fraction(p).denominator

    def antiderivative(t: mpmath.mpf) -> mpmath.mpf:
        return mpmath.sign(t) * abs(t) ** (q + 1) / (q + 1)

    def along_the_first(s: mpmath.mpf) -> mpmath.mpf:
        return (antiderivative(s + b[0] / 2) - antiderivative(s - b[0] / 2)) / b[0]

    truth = along_the_first(mpmath.mpf(a))
    if len(b) == 2:
        half = mpmath.mpf(b[1]) / 2
        kinks = sorted({-half, half, *(x for x in (b[0] / 2 - a, -b[0] / 2 - a) if -half < x < half)})
        truth = mpmath.quad(lambda s: along_the_first(a + s), kinks) / b[1]
    lo, hi = ends(fmpq(Fraction(p).numerator, Fraction(p).denominator), a, b)
    assert lo <= truth <= hi
    assert (hi / lo) ** (1 / float(q)) < 1.25


@given(
    st.lists(st.floats(0, 1e30), min_size=1, max_size=5),
    st.sampled_from(["1", "2", "5", "64", "1/2", "7/4", "2/3"]),
)
@settings(deadline=None, max_examples=150)
def test_powers_of_floats(xs: list[float], p: str) -> None:
    q = Fraction(p)
    lo, hi = raised(np.array(xs), fmpq(q.numerator, q.denominator))
    for x, low, high in zip(xs, lo.tolist(), hi.tolist(), strict=True):
        if np.isfinite(low):
            assert Fraction(low) ** q.denominator <= Fraction(x) ** q.numerator
        if np.isfinite(high):
            assert Fraction(x) ** q.numerator <= Fraction(high) ** q.denominator
        if low > 1e-280:
            assert high <= low * (1 + 1e-11)
