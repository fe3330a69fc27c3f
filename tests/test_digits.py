"""Digits and cell numbers against integer arithmetic on the coordinates."""

from __future__ import annotations

import math
from fractions import Fraction as Q

import pytest
from built import exact, fraction
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs.digits import FloorDigits, StaircaseDigits
from constructs.wiring import Head, assemble

relaxed = settings(deadline=None)


def numbers(extractor, x: list[Q], levels: int) -> list[Q]:
    """J_1, ..., J_levels at a point."""
    layers = [extractor.channels(t) for t in range(1, levels + 1)]
    heads = [Head(t, t, extractor.index(t)) for t in range(1, levels + 1)]
    network = assemble([f"x{i}" for i in range(len(x))], layers, heads)
    values = network.evaluate([exact(c) for c in x])
    return [fraction(v) for v in values if isinstance(v, fmpq)]


def by_hand(x: list[Q], base: int, t: int) -> int:
    """sum_i N^(t i) k_i, the last cell closed."""
    n = base**t
    return sum(n**i * min(math.floor(c * n), n - 1) for i, c in enumerate(x))


@st.composite
def coordinates(draw: st.DrawFn, base: int, levels: int) -> Q:
    n = base ** draw(st.integers(0, levels))
    corner = Q(draw(st.integers(0, n)), n)
    shift = draw(st.sampled_from([Q(0), Q(0), Q(1, 10**15), Q(-1, 10**15)]))
    return draw(st.one_of(st.fractions(0, 1), st.just(min(max(corner + shift, Q(0)), Q(1)))))


@relaxed
@given(st.integers(1, 3), st.integers(2, 5), st.integers(1, 4), st.data())
def test_floor_digits_are_exact_everywhere(dim: int, base: int, levels: int, data: st.DataObject):
    x = [data.draw(coordinates(base, levels)) for _ in range(dim)]
    got = numbers(FloorDigits(dim, base), x, levels)
    assert got == [by_hand(x, base, t) for t in range(1, levels + 1)]


@relaxed
@given(st.integers(1, 3), st.integers(2, 5), st.integers(1, 4), st.data())
def test_staircase_digits_are_exact_outside_the_strips_and_bounded_inside(
    dim: int, base: int, levels: int, data: st.DataObject
):
    delta = Q(1, base**levels) * data.draw(st.sampled_from([Q(1, 2), Q(1, 3), Q(1, 10**9)]))
    x = [data.draw(coordinates(base, levels)) for _ in range(dim)]
    got = numbers(StaircaseDigits(dim, base, exact(delta)), x, levels)
    for t in range(1, levels + 1):
        assert 0 <= got[t - 1] <= base ** (dim * t) - 1
        if not any(_in_strip(c, base, t, delta) for c in x):
            assert got[t - 1] == by_hand(x, base, t)


def _in_strip(c: Q, base: int, levels: int, delta: Q) -> bool:
    """Whether c lies within delta N^-(t-1) below a boundary that is new at level t <= levels."""
    for t in range(1, levels + 1):
        for k in range(1, base**t):
            if k % base and Q(k, base**t) - delta * Q(base) ** (1 - t) < c < Q(k, base**t):
                return True
    return False


@pytest.mark.parametrize(("dim", "base"), [(1, 2), (2, 3), (3, 4)])
def test_channels_are_counted(dim: int, base: int):
    stairs, floors = StaircaseDigits(dim, base, fmpq(1, 1000)), FloorDigits(dim, base)
    for t in (1, 2, 3):
        assert len(stairs.channels(t)) == 2 * dim * (base - 1) + 2 * dim
        assert len(floors.channels(t)) == 3 * dim
        assert {c.activation for c in stairs.channels(t)} == {"relu"}
