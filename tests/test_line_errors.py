"""Suprema and square integrals of f - Phi in one variable: against closed forms, and dense exact evaluation."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import mpmath
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from small_networks import networks, value

from constructs import targets
from constructs.errors import ConstructError
from constructs.network import Network
from constructs.raw_layers import layers
from constructs.targets import Target
from verify.own.answers import Answer
from verify.own.line_errors import difference, square, supremum
from verify.own.pieces import stages
from verify.own.piecewise import NotPiecewise, piecewise
from verify.verdict import Status

IDENTITY = layers([[("relu", [1], 0)]], ([1], 0))
ZERO = layers([[("relu", [1], 0)]], ([0], 0))
TEXTS = (
    "x0**2",
    "abs(x0 - 1/3) + x0/2",
    "min(x0, 1/2, 1 - x0) - 2*x0**2",
    "step(x0 - 1/2)*x0**2 + 1/7",
    "max(0, 3*x0 - 1)*(x0 - 1) - (-x0)",
    "abs(abs(2*x0 - 1) - 1/2)/(2 - 1/3)",
    "x0**3 - x0",
    "3",
)


def errors(target: Target, network: Network):
    readout = network.readouts[0]
    return difference(target, stages(network, [readout.layer])[readout.layer].form(readout.affine))


def sup(target: Target, network: Network, bound: fmpq | str | int = 0) -> Answer:
    return supremum(errors(target, network), fmpq(*Fraction(str(bound)).as_integer_ratio()))


@st.composite
def some_target(draw: st.DrawFn) -> Target:
    kind = draw(st.sampled_from(["text", "kuhn", "step"]))
    small = st.fractions(-2, 2, max_denominator=4)
    if kind == "text":
        return targets.expression(draw(st.sampled_from(TEXTS)), 1)
    if kind == "kuhn":
        m = draw(st.integers(1, 5))
        return targets.kuhn(m, draw(st.lists(small, min_size=m + 1, max_size=m + 1)))
    breaks = sorted(draw(st.sets(st.sampled_from([Fraction(k, 6) for k in range(1, 6)]), max_size=3)))
    return targets.step((breaks, draw(st.lists(small, min_size=len(breaks) + 1, max_size=len(breaks) + 1))))


@settings(max_examples=150)
@given(networks(), some_target())
def test_suprema_are_never_below_what_points_show(network: Network, target: Target) -> None:
    e = errors(target, network)
    answer = supremum(e, fmpq(1))
    points = {fmpq(k, 60) for k in range(61)} | {fmpq(2 * k + 1, 14) for k in range(7)} | set(e.breaks)
    points |= {(a + b) / 2 for a, b, _ in e.pieces} | {a + (b - a) / 2**50 for a, b, _ in e.pieces}
    seen = {x: abs(_f(target, x) - value(network, x)) for x in points}
    assert answer.hi is not None
    assert max(seen.values()) <= answer.hi
    (w,) = answer.witness or ()
    assert answer.lo == abs(_f(target, w) - value(network, w))
    assert answer.hi - answer.lo <= (answer.hi + fmpq(1, 1000)) / 2**20
    exact = supremum(e, answer.hi)
    assert exact.status(answer.hi) is Status.PROVED
    if answer.lo > 0:
        smaller = answer.lo - answer.lo / 2**60
        again = supremum(e, smaller)
        assert again.status(smaller) is Status.REFUTED
        (w,) = again.witness or ()
        assert abs(_f(target, w) - value(network, w)) > smaller


def _f(target: Target, x: fmpq) -> fmpq:
    found = target.exact([x])
    assert found is not None
    return found


@settings(max_examples=60)
@given(networks(), some_target())
def test_square_integrals_are_those_of_quadrature(network: Network, target: Target) -> None:
    e = errors(target, network)
    with mpmath.workdps(40):
        total = mpmath.mpf(0)
        for a, b, p in e.pieces:
            low, high = (mpmath.mpf(int(v.p)) / int(v.q) for v in (a, b))
            total += mpmath.quad(lambda t, p=p: _at(p, t) ** 2, [low, (low + high) / 2, high])
        answer = square(e, fmpq(0))
        assert answer.lo == answer.hi
        assert abs(mpmath.mpf(int(answer.lo.p)) / int(answer.lo.q) - total) < mpmath.mpf(10) ** -12


def _at(p, x):
    return sum(mpmath.mpf(int(c.p)) / int(c.q) * x**k for k, c in enumerate(p.coeffs()))


@pytest.mark.parametrize("n", [3, 4, 7, 24])
def test_a_power_against_a_line_is_as_calculus_says(n: int) -> None:
    with mpmath.workdps(60):
        x = mpmath.mpf(n) ** (-mpmath.mpf(1) / (n - 1))
        truth = x - x**n
        near = Fraction(int(truth * 2**120), 2**120)
    below, above = (fmpq(*(near + d).as_integer_ratio()) for d in (-Fraction(1, 2**100), Fraction(1, 2**100)))
    e = errors(targets.expression(f"x0**{n}", 1), IDENTITY)
    assert supremum(e, above).status(above) is Status.PROVED
    refuted = supremum(e, below)
    assert refuted.status(below) is Status.REFUTED


def chebyshev(n: int) -> str:
    """T_n(2x - 1) in powers of x, from its closed form."""
    terms = []
    for k in range(n + 1):
        c = Fraction((-1) ** (n - k) * n * 4**k * comb(n + k, 2 * k), n + k)
        terms.append(f"({c})*x0**{k}")
    return " + ".join(terms)


@pytest.mark.parametrize("n", [3, 5, 8, 12])
def test_chebyshev_polynomials_have_supremum_1(n: int) -> None:
    f = targets.expression(chebyshev(n), 1)
    assert sup(f, ZERO, 1).status(fmpq(1)) is Status.PROVED
    assert sup(f, ZERO, 1).hi == 1
    less = "999999999999999999/1000000000000000000"
    assert sup(f, ZERO, less).status(fmpq(10**18 - 1, 10**18)) is Status.REFUTED


def test_one_sided_limits_count_and_are_approached() -> None:
    half = layers([[("floor", [2], 0)]], (["1/2"], 0))
    f = targets.expression("x0", 1)
    answer = sup(f, half, "1/2")
    assert answer.hi == fmpq(1, 2)
    assert answer.lo < fmpq(1, 2)
    tighter = fmpq(1, 2) - fmpq(1, 2**90)
    refuted = supremum(errors(f, half), tighter)
    assert refuted.status(tighter) is Status.REFUTED


@pytest.mark.parametrize(
    "text",
    ["sin(x0)", "x0**25", "1/(1+x0)", "abs(x0**2 - 1/2)", "sqrt(x0)", "x0**5*x0**20", "max(x0**2, x0)"],
)
def test_what_is_not_piecewise_polynomial_by_the_rules_is_not_claimed(text: str) -> None:
    with pytest.raises(NotPiecewise):
        piecewise(targets.expression(text, 1))


def test_piecewise_texts_agree_with_their_targets() -> None:
    for text in TEXTS:
        f = targets.expression(text, 1)
        found = piecewise(f)
        for k, p in enumerate(found.polynomials):
            a, b = found.breaks[k], found.breaks[k + 1]
            for j in range(1, 7):
                x = a + (b - a) * fmpq(j, 7)
                assert p(x) == f.exact([x])


def test_raw_layers_refuse_what_is_no_network() -> None:
    for rows, readout, named in (
        ([], ([1], 0), "rows"),
        ([[("relu", [1, 2], 0)]], ([1], 0), "neuron 1.0"),
        ([[("Relu", [1], 0)]], ([1], 0), "activation"),
        ([[("relu", [0.5], 0)]], ([1], 0), "weights"),
        ([[("relu", [1], 0)], []], ([1], 0), "layer 2"),
        ([[("relu", [1], 0)]], ([1, 1], 0), "readout 0"),
        ([[("relu", [1], 0)]], {2: ([1], 0)}, "layer of a readout"),
        ([["relu"]], ([1], 0), "neuron 1.0"),
    ):
        with pytest.raises(ConstructError, match=named):
            layers(rows, readout)  # pyright: ignore
