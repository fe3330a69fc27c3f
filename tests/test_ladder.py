"""Orders from mesh to mesh: what is proved, what is refuted, and that stated exponents are the largest that hold."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import log2

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from constructs import targets
from constructs.errors import ConstructError
from verify import claims
from verify.claims.ladder import PARTS, _exponent
from verify.verdict import Finding, Status, Verdict


def orders(verdict: Verdict, of: str) -> list[Finding]:
    return [f for f in verdict.findings if f.property == "order" and f.stated["of"] == of]


def judged(text: str, rungs: int = 3, order: str | None = None, **options: object) -> Verdict:
    claim = claims.on_ladder(claims.multiplicative(**options), rungs, order)
    return claim.judge(targets.expression(text, 1))


@given(st.fractions(min_value=Fraction(1, 10**6), max_value=10**6), st.sampled_from([1, 2]))
def test_exponents_are_the_largest_that_hold(ratio: Fraction, halves: int):
    x = fmpq(ratio.numerator, ratio.denominator)
    n = _exponent(x, halves)
    assert fmpq(2) ** n <= x ** (PARTS // halves) < fmpq(2) ** (n + 1)
    assert abs(n / PARTS - log2(ratio) / halves) < 1 / PARTS + 1e-9


@pytest.mark.parametrize(("degree", "order"), [(1, 2), (2, 3), (3, 4)])
def test_proved_orders_of_a_smooth_target(degree: int, order: int):
    """The error of sin falls by 2^(q+1) per halving; one more is refuted."""
    verdict = judged("sin(2*x0) + x0**5/9", mesh="1/8", degree=degree)
    assert verdict.status is Status.PROVED
    for f in orders(verdict, "sup"):
        assert f.value is not None
        assert f.value.lo <= order + fmpq(35, 100)
        assert f.value.hi >= order - fmpq(35, 100)
    wrong = judged("sin(2*x0) + x0**5/9", order=str(order + 1), mesh="1/8", degree=degree)
    assert all(f.status is Status.REFUTED for f in orders(wrong, "sup"))
    assert wrong.status is Status.REFUTED


@pytest.mark.parametrize(("alpha", "low", "high"), [("3/2", 1.2, 1.8), ("1", 0.4, 1.6), ("7/4", 1.4, 2.1)])
def test_orders_fall_with_the_regularity(alpha: str, low: float, high: float):
    """|x - 1/3|^alpha, q = 1: order alpha, not 2."""
    verdict = judged(f"abs(x0-1/3)**({alpha})", order=alpha, mesh="1/8")
    assert all(f.status is Status.PROVED for f in orders(verdict, "sup"))
    for f in orders(verdict, "sup"):
        assert f.value is not None
        assert low <= float(Fraction(str(f.value.lo)))
        assert float(Fraction(str(f.value.hi))) <= high
    more = str(Fraction(alpha) + 1)
    assert judged(f"abs(x0-1/3)**({alpha})", order=more, mesh="1/8").status is Status.REFUTED


def test_zygmund_and_bessel_ends_fall_at_the_proved_rates():
    """q = 1: [e]_s like h^(2-s); q = 2 in H^(3/2): h^(3/2); seen on upper ends and witnesses from mesh to mesh."""
    for text, degree, norm, rate in (
        ("exp(-4*x0**2)", 1, "zygmund:1/2", 1.5),
        ("exp(-4*x0**2)", 2, "zygmund:3/2", 1.5),
        ("(x0*(1-x0))**4", 2, "bessel:3/2", 1.5),
        ("(x0*(1-x0))**4", 1, "bessel:1/2", 1.5),
    ):
        ends = []
        for mesh in (16, 32, 64):
            claim = claims.multiplicative(mesh=f"1/{mesh}", degree=degree, norm=norm)
            last = claim.judge(targets.expression(text, 1), least=16).findings[-1]
            assert last.status is Status.PROVED
            assert last.value is not None
            ends.append(float(Fraction(str(last.value.hi))))
        rates = [log2(a / b) for a, b in pairwise(ends)]
        assert all(rate - 0.35 < r < rate + 0.5 for r in rates), (norm, rates)


def test_a_rung_that_is_undecided_leaves_the_whole_undecided():
    verdict = judged("x0**2", mesh="1/2", rungs=2)
    assert verdict.status is Status.UNDECIDED
    assert any(f.property == "sup at 1/2" and f.status is Status.UNDECIDED for f in verdict.findings)


def test_what_is_refused():
    of = claims.multiplicative()
    for rungs, order, name in ((1, None, "rungs"), (7, None, "rungs"), (2, "65", "order"), (2, "x", "order")):
        with pytest.raises(ConstructError, match=name):
            claims.on_ladder(of, rungs, order)
