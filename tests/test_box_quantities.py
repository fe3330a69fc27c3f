"""Enclosures for expressions against exact integrals of polynomials, and against quadrature across kinks and jumps."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import Polynomial, even_power_integral, exact, fraction, moved, table, text_of

from constructs.errors import ConstructError
from constructs.rationals import Rationals
from constructs.targets.expression import ExpressionTarget
from verify.box_quantities import MOST_BOXES, MOST_REFINED, BoxQuantities
from verify.quantities import NotEnclosed, TooLarge

numbers = st.fractions(-3, 3, max_denominator=7)
Function = Callable[[float], mpmath.mpf]
third = mpmath.mpf(1) / 3
CASES: dict[str, tuple[Function, list[float]]] = {
    "abs(x0-1/3)": (lambda x: abs(x - third), [third]),
    "sqrt(x0)": (mpmath.sqrt, []),
    "x0**(1/3)-x0": (lambda x: mpmath.cbrt(x) - x, []),
    "abs(x0-0.3)**(3/2)": (lambda x: mpmath.power(abs(x - mpmath.mpf("0.3")), 1.5), [mpmath.mpf("0.3")]),
    "step(x0-2/7)*sin(5*x0)": (
        lambda x: mpmath.sin(5 * x) if x >= mpmath.mpf(2) / 7 else mpmath.mpf(0),
        [mpmath.mpf(2) / 7],
    ),
    "max(x0, 1/2, 3*x0-1)": (lambda x: max(x, mpmath.mpf(0.5), 3 * x - 1), [mpmath.mpf(0.5)]),
    "cos(9*x0)*exp(x0)": (lambda x: mpmath.cos(9 * x) * mpmath.exp(x), []),
    "tanh(20*x0-7)/(1+x0)": (lambda x: mpmath.tanh(20 * x - 7) / (1 + x), []),
    "log(x0+1/50)": (lambda x: mpmath.log(x + mpmath.mpf(1) / 50), []),
    "-sqrt(abs(x0-0.5))": (lambda x: -mpmath.sqrt(abs(x - mpmath.mpf(0.5))), [mpmath.mpf(0.5)]),
}
POWERS = [1, 2, 3, "3/2", "5/2"]


def quantities(text: str, dim: int, p: int | str | None) -> BoxQuantities:
    return BoxQuantities(ExpressionTarget(text, dim), None if p is None else exact(p))


def split_at_zeros(u: Function, cuts: list[mpmath.mpf]) -> list[mpmath.mpf]:
    """The cuts, and the zeros of u between them, by bisection on a fine sample."""
    fine = [a + (b - a) * k / 12 for a, b in itertools.pairwise(cuts) for k in range(12)] + [cuts[-1]]
    found = set(fine)
    for a, b in itertools.pairwise(fine):
        a, b = a + mpmath.mpf(10) ** -14, b - mpmath.mpf(10) ** -14
        if b > a and u(a) * u(b) < 0:
            for _ in range(60):
                middle = (a + b) / 2
                a, b = (a, middle) if u(a) * u(middle) <= 0 else (middle, b)
            found.add(a)
    return sorted(found)


def quadrature(u: Function, cuts: set[mpmath.mpf], p: float) -> float:
    ends = split_at_zeros(u, sorted(cuts))
    return float(mpmath.quad(lambda x: abs(u(x)) ** p, ends, maxdegree=5))


def true_error(case: str, T: np.ndarray, p: float) -> float:
    f, kinks = CASES[case]
    total = 0.0
    for k, c in enumerate(T):
        lo, hi = mpmath.mpf(k) / len(T), mpmath.mpf(k + 1) / len(T)
        value = mpmath.mpf(int(c.p)) / int(c.q)
        total += quadrature(
            lambda x, value=value: f(x) - value, {lo, hi, *(z for z in kinks if lo < z < hi)}, p
        )
    return total


def true_shifted(case: str, s: Fraction, p: float) -> float:
    f, kinks = CASES[case]
    tau = mpmath.mpf(abs(s).numerator) / s.denominator
    inside = {z - move for z in kinks for move in (0, tau) if 0 < z - move < 1 - tau}
    return quadrature(lambda x: f(x + tau) - f(x), {mpmath.mpf(0), 1 - tau} | inside, p)


@pytest.mark.parametrize("case", list(CASES))
@given(data=st.data(), p=st.sampled_from(POWERS), cells=st.integers(1, 3), finer=st.integers(1, 5))
@settings(deadline=None, max_examples=4)
def test_errors_contain_the_quadrature(
    case: str, data: st.DataObject, p: int | str, cells: int, finer: int
) -> None:
    T = table(data.draw(st.lists(numbers, min_size=cells, max_size=cells)))
    bounds = quantities(case, 1, p).error(Rationals.of(T), fmpq(0), cells * finer * 16)
    truth = true_error(case, T, float(Fraction(p)))
    slack = 1e-7 * (1 + truth)
    assert float(fraction(bounds.lo)) - slack <= truth <= float(fraction(bounds.hi)) + slack


@pytest.mark.parametrize("case", list(CASES))
@given(data=st.data(), p=st.sampled_from(POWERS), grid=st.sampled_from([7, 32, 60]), steps=st.integers(0, 40))
@settings(deadline=None, max_examples=4)
def test_shifts_are_below_and_the_modulus_above(
    case: str, data: st.DataObject, p: int | str, grid: int, steps: int
) -> None:
    q = quantities(case, 1, p)
    s = Fraction(steps % grid, grid)
    exponent = float(Fraction(p))
    truth = true_shifted(case, s, exponent) if s else 0.0
    assert float(fraction(q.shifted((exact(s),), grid))) <= truth + 1e-7 * (1 + truth)
    t = data.draw(st.fractions(Fraction(1, 50), Fraction(9, 10), max_denominator=50))
    off = t * data.draw(st.fractions(Fraction(1, 9), 1, max_denominator=9))
    above = q.modulus_above(exact(t), False, grid)
    if above is not None:
        free = true_shifted(case, off, exponent)
        assert free - 1e-7 * (1 + free) <= float(fraction(above))


@pytest.mark.parametrize("case", list(CASES))
def test_enclosures_become_narrow(case: str) -> None:
    T = table([Fraction(1, 3), Fraction(-1, 5)])
    q = quantities(case, 1, 2)
    widths = [
        float(fraction(b.hi - b.lo)) for b in (q.error(Rationals.of(T), fmpq(0), g) for g in (32, 1024))
    ]
    assert widths[1] < widths[0] / 8
    assert widths[1] < 0.01
    assert q.shifted((fmpq(1, 4),), 1024) > fmpq(9, 10) * exact(
        Fraction(true_shifted(case, Fraction(1, 4), 2))
    )


@pytest.mark.parametrize("case", list(CASES))
@pytest.mark.parametrize("grid", [2, 12, 60])
def test_range_supremum_and_lipschitz(case: str, grid: int) -> None:
    f = CASES[case][0]
    q = quantities(case, 1, None)
    xs = [mpmath.mpf(k) / 997 for k in range(998)]
    sampled = [float(f(x)) for x in xs]
    bounds = q.range(grid)
    assert float(fraction(bounds.lo)) <= min(sampled) + 1e-12
    assert max(sampled) - 1e-12 <= float(fraction(bounds.hi))
    error = q.error(Rationals.of([Fraction(1, 7), Fraction(2)]), fmpq(0), grid)
    deviation = max(abs(v - (1 / 7 if k < 498.5 else 2)) for k, v in enumerate(sampled))
    assert deviation - 1e-12 <= float(fraction(error.hi))
    assert float(fraction(error.lo)) <= deviation + 0.1
    K = q.lipschitz(grid)
    if K is not None:
        slopes = [abs(b - a) * 997 for a, b in itertools.pairwise(sampled)]
        assert max(slopes) <= float(fraction(K)) + 1e-9
    else:
        assert case in {"sqrt(x0)", "x0**(1/3)-x0", "step(x0-2/7)*sin(5*x0)", "-sqrt(abs(x0-0.5))"}


# ----------------------------------------------------------------------------------- polynomials, exactly


def polynomials(d: int) -> st.SearchStrategy[Polynomial]:
    exponents = st.tuples(*[st.integers(0, 2)] * d)
    return st.dictionaries(exponents, numbers.filter(bool), min_size=1, max_size=3).filter(
        lambda f: any(map(any, f))
    )


@st.composite
def problems(draw: st.DrawFn) -> tuple[int, Polynomial]:
    d = draw(st.integers(1, 3))
    return d, draw(polynomials(d))


def target_of(f: Polynomial, d: int, p: int | None) -> BoxQuantities | None:
    try:
        return quantities(text_of(f), d, p)
    except ConstructError:  # an expression that is constant in disguise
        return None


@given(problems(), st.data(), st.sampled_from([2, 4]), st.integers(1, 3), st.integers(1, 4))
@settings(deadline=None, max_examples=30)
def test_errors_contain_the_exact_integral(
    problem: tuple[int, Polynomial], data: st.DataObject, p: int, cells: int, finer: int
) -> None:
    d, f = problem
    q = target_of(f, d, p)
    if q is None:
        return
    cells = min(cells, 4 - d)
    T = table(
        np.array(data.draw(st.lists(numbers, min_size=cells**d, max_size=cells**d)), dtype=object).reshape(
            (cells,) * d
        )
    )
    radius = data.draw(st.sampled_from([Fraction(0), Fraction(1, 1000), Fraction(1)]))
    moves = data.draw(st.lists(st.sampled_from([-1, 0, 1]), min_size=T.size, max_size=T.size))
    truth = Fraction(0)
    for (k, c), move in zip(np.ndenumerate(T), moves, strict=True):
        sides = [(Fraction(i, cells), Fraction(i + 1, cells)) for i in k]
        less = dict(f)
        less[(0,) * d] = less.get((0,) * d, Fraction(0)) - fraction(c) - move * radius
        truth += even_power_integral(less, sides, p)
    bounds = q.error(Rationals.of(T), exact(radius), cells * finer)
    assert 0 <= fraction(bounds.lo) <= truth <= fraction(bounds.hi)


@given(problems(), st.data(), st.sampled_from([2, 4]), st.integers(2, 6), st.booleans())
@settings(deadline=None, max_examples=30)
def test_shifts_and_moduli_of_polynomials(
    problem: tuple[int, Polynomial], data: st.DataObject, p: int, grid: int, euclidean: bool
) -> None:
    d, f = problem
    q = target_of(f, d, p)
    if q is None:
        return

    def power(s: list[Fraction]) -> Fraction:
        difference = moved(f, s)
        for key, c in f.items():
            difference[key] = difference.get(key, Fraction(0)) - c
        sides = [(max(-c, Fraction(0)), 1 - max(c, Fraction(0))) for c in s]
        return even_power_integral(difference, sides, p) if all(a < b for a, b in sides) else Fraction(0)

    steps = data.draw(st.lists(st.integers(-grid, grid), min_size=d, max_size=d))
    on_grid = [Fraction(k, grid) for k in steps]
    assert fraction(q.shifted(tuple(exact(c) for c in on_grid), grid)) <= power(on_grid)
    t = data.draw(st.fractions(Fraction(1, 20), 1, max_denominator=20))
    s = [t * c for c in data.draw(st.lists(st.fractions(-1, 1, max_denominator=9), min_size=d, max_size=d))]
    if not euclidean:
        axis = data.draw(st.integers(0, d - 1))
        s = [c if i == axis else Fraction(0) for i, c in enumerate(s)]
    while sum(c * c for c in s) > t * t:
        s = [c * 3 / 4 for c in s]
    above = q.modulus_above(exact(t), euclidean, grid)
    assert above is not None
    assert power(s) <= fraction(above)


# ------------------------------------------------------------------------------------------- the ends of floats


@pytest.mark.parametrize("text", ["exp(700*x0)**2", "exp(1000*x0)-exp(1001*x0)", "1e200*x0*(1e200*x0)"])
@pytest.mark.parametrize("p", [1, 2, 4, "3/2", None])
def test_overflow_is_never_a_finite_upper_bound(text: str, p: int | str | None) -> None:
    q = quantities(text, 1, p)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(NotEnclosed):
            q.error(Rationals.of([0, 1]), fmpq(0), 16)
        with pytest.raises(NotEnclosed):
            q.range(16)
        assert q.modulus_above(fmpq(1, 2), False, 16) is None
        assert q.lipschitz(16) is None
        for s in q.shifts(fmpq(1, 2), 16):
            assert q.shifted(s, 16) >= 0


@pytest.mark.parametrize("p", [2, 4, "5/2"])
def test_powers_that_overflow_are_no_upper_bound(p: int | str) -> None:
    """Those of the error are taken in units of the error's scale: then they do not."""
    q = quantities("exp(600*x0)", 1, p)
    assert q.range(64).hi >= exact(Fraction(float(mpmath.exp(600))))
    bounds = q.error(Rationals.of([0]), fmpq(0), 4096)
    exponent = mpmath.mpf(float(Fraction(p))) * 600
    truth = mpmath.expm1(exponent) / exponent
    lo, hi = (mpmath.mpf(int(x.p)) / int(x.q) for x in (bounds.lo, bounds.hi))
    assert lo <= truth <= hi <= lo * mpmath.mpf(2)
    assert q.modulus_above(fmpq(1, 2), False, 64) is None


def test_lower_bounds_next_to_overflow_are_true() -> None:
    """||exp(700x)(. + 1/2) − exp(700x)||_1 = (e^350 − 1)² / 700, about 1e301."""
    q = quantities("exp(700*x0)", 1, 1)
    lower = q.shifted((fmpq(1, 2),), 1024)
    truth = Fraction(int(mpmath.floor(mpmath.expm1(mpmath.mpf(350)) ** 2))) / 700
    assert 0 < fraction(lower) <= truth * (1 + Fraction(1, 10**9))


@pytest.mark.parametrize("p", [1, 2, "3/2"])
def test_underflow_goes_to_zero_below_and_not_above(p: int | str) -> None:
    q = quantities("1e-300*x0", 1, p)
    bounds = q.error(Rationals.of([0]), fmpq(0), 64)
    assert bounds.lo >= 0
    exponent = Fraction(p)
    assert fraction(bounds.hi) ** exponent.denominator >= (
        Fraction(1, 10**300) ** exponent.numerator / (exponent + 1) ** exponent.denominator
    )


def test_moduli_whose_powers_underflow() -> None:
    """The 64th power of the slope is half the least float."""
    slope = Fraction(113876, 10**5 * 2**17)
    q = quantities(f"{slope.numerator}*x0/{slope.denominator}", 1, 64)
    above = q.modulus_above(fmpq(1, 2), False, 4096)
    assert above is not None
    assert fraction(above) >= (slope / 2) ** 64
    for k in range(120, 140):  # (k 2^-24)^64 between floats without digits
        q = quantities(f"{k}*x0/{2**23}", 1, 64)
        assert fraction(q.shifted((fmpq(1, 2),), 16)) <= Fraction(k, 2**24) ** 64


def test_tables_beyond_the_floats() -> None:
    q = quantities("x0", 1, 2)
    with pytest.raises(NotEnclosed, match="beyond the floats"):
        q.error(Rationals.of([10**400]), fmpq(0), 4)
    tiny = q.error(Rationals.of([Fraction(1, 10**400)]), fmpq(0), 256)
    assert tiny.lo <= fmpq(1, 3) <= tiny.hi
    third_of = q.error(Rationals.of([Fraction(1, 3)]), fmpq(0), 256)
    assert third_of.lo <= fmpq(1, 9) <= third_of.hi


def test_shifts_off_the_grid_are_refused() -> None:
    with pytest.raises(ValueError, match="multiples of 1/4"):
        quantities("x0", 1, 2).shifted((fmpq(1, 8),), 4)


def test_grids() -> None:
    one, three = quantities("x0", 1, 2), quantities("x0*x1*x2", 3, 2)
    assert [one.grid(3, k) % 3 for k in range(3)] == [0, 0, 0]
    assert one.grid(3, 1) == 2 * one.grid(3, 0) >= 512
    assert three.grid(4, 0) ** 3 >= 512
    assert one.grid(MOST_BOXES, 0) == MOST_BOXES
    with pytest.raises(TooLarge):
        one.grid(MOST_BOXES, 1)
    with pytest.raises(TooLarge):
        one.grid(2, 20)
    assert MOST_REFINED <= MOST_BOXES
    for s in three.shifts(fmpq(1, 4), 16):
        assert all(abs(c) <= fmpq(1, 4) and (c * 16).q == 1 for c in s)
