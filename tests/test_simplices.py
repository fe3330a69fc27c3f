"""Means of |u|^p over simplices against a cubature on the pieces of one sign."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import exact, fraction, simplex_mean, simplex_mean_float

from verify.simplices import corner, mean_power, simplex_vertices

small = st.integers(-4, 4)
any_size = (
    small | st.integers(-(2**40), 2**40) | st.sampled_from([2**31, -(2**31), 2**62, -(2**63) + 1, 2**70])
)


@st.composite
def simplices(draw: st.DrawFn, entries: st.SearchStrategy[int] = any_size) -> list[np.ndarray]:
    d, count = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    listed = draw(st.lists(st.lists(entries, min_size=count, max_size=count), min_size=d + 1, max_size=d + 1))
    whole = draw(st.booleans()) and all(abs(v) < 2**63 for row in listed for v in row)
    return [np.array(row, dtype=np.int64 if whole else object) for row in listed]


def columns(vertices: list[np.ndarray], denominator: int) -> list[list[Fraction]]:
    return [
        [Fraction(v, denominator) for v in nodes]
        for nodes in zip(*(v.tolist() for v in vertices), strict=True)
    ]


@given(simplices(), st.integers(1, 5), st.integers(1, 5))
@settings(deadline=None, max_examples=150)
def test_integer_powers_are_exact(vertices: list[np.ndarray], denominator: int, p: int) -> None:
    bounds = mean_power(vertices, denominator, fmpq(p))
    assert bounds.lo == bounds.hi
    assert fraction(bounds.lo) == sum(simplex_mean(u, p) for u in columns(vertices, denominator))


@given(simplices(small), st.integers(1, 3), st.sampled_from(["3/2", "5/2", "7/3", "64/63"]))
@settings(deadline=None, max_examples=60)
def test_other_powers_are_enclosed(vertices: list[np.ndarray], denominator: int, p: str) -> None:
    if len(vertices) > 4:
        return
    bounds = mean_power(vertices, denominator, exact(p))
    truth = sum(simplex_mean_float(u, float(Fraction(p))) for u in columns(vertices, denominator))
    slack = 1e-9 * (1 + truth)
    assert float(fraction(bounds.lo)) <= truth + slack
    assert truth - slack <= float(fraction(bounds.hi))


@given(simplices(), st.integers(1, 3))
def test_the_supremum_is_at_a_vertex(vertices: list[np.ndarray], denominator: int) -> None:
    bounds = mean_power(vertices, denominator, None)
    assert bounds.lo == bounds.hi
    assert fraction(bounds.lo) == max(abs(u) for nodes in columns(vertices, denominator) for u in nodes)


@pytest.mark.parametrize("d", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("p", [1, 2, 3, 4, 7, 64])
def test_one_vertex_above_the_others_is_a_beta_integral(d: int, p: int) -> None:
    spike = [np.array([0])] * d + [np.array([-(2**40)])]
    known = Fraction(math.factorial(p) * math.factorial(d), math.factorial(p + d)) * 2 ** (40 * p)
    assert fraction(mean_power(spike, 1, fmpq(p)).lo) == known
    assert mean_power([np.array([0])] * (d + 1), 1, fmpq(p)).hi == 0


@pytest.mark.parametrize("d", [1, 2, 3])
def test_the_simplices_of_a_cube_fill_it(d: int) -> None:
    rng = np.random.default_rng(d)
    nodal = rng.integers(-9, 10, (4,) * d)
    each = list(simplex_vertices(nodal, shift=np.ones((3,) * d, dtype=int)))
    assert len(each) == math.factorial(d)
    paths = set()
    for vertices in each:
        assert len(vertices) == d + 1
        places = []
        for v in vertices:
            offsets = [o for o in itertools.product((0, 1), repeat=d) if (corner(nodal, o) - 1 == v).all()]
            assert len(offsets) == 1
            places.append(offsets[0])
        assert [sum(o) for o in places] == list(range(d + 1))
        paths.add(tuple(places))
    assert len(paths) == math.factorial(d)
