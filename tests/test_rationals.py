"""Arrays of rationals against Fractions, at sizes around the end of 64-bit integers."""

from __future__ import annotations

import math
from fractions import Fraction as Q

import numpy as np
import pytest
from built import exact, fraction
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs import rationals
from constructs.rationals import FITS, Rationals, combination

relaxed = settings(deadline=None)
edges = st.sampled_from(
    [0, 1, -1, 2**31, 2**32 + 1, 2**62, 2**63 - 1, -(2**63) + 1, 2**63, -(2**63), 2**64 + 1]
)
integers = edges | st.integers(-(2**70), 2**70) | st.integers(-9, 9)
denominators = st.sampled_from([1, 2, 3, 2**31, 2**62, 2**63, 2**64 + 3])


def array(numerators: list[int], denominator: int) -> Rationals:
    """In 64 bits if they fit."""
    kind = np.int64 if all(abs(n) < FITS for n in numerators) else object
    return Rationals(np.array(numerators, dtype=kind), denominator)


def values(r: Rationals) -> list[Q]:
    """As Fractions; and the promise about their type is kept."""
    assert r.numerators.dtype == object or (np.abs(r.numerators.astype(object)) < 2**63).all()
    return [Q(int(n), r.denominator) for n in r.numerators.tolist()]


@st.composite
def arrays(draw: st.DrawFn) -> Rationals:
    return array(draw(st.lists(integers, min_size=3, max_size=3)), draw(denominators))


@settings(relaxed, max_examples=300)
@given(st.lists(st.tuples(integers, denominators, arrays()), max_size=3), integers, denominators)
def test_combination(terms: list[tuple[int, int, Rationals]], p: int, q: int):
    got = combination([(exact(Q(a, b)), r) for a, b, r in terms], exact(Q(p, q)), 1)
    want = [Q(p, q) + sum(Q(a, b) * values(r)[j] for a, b, r in terms) for j in range(3 if terms else 1)]
    assert values(got) == want


@settings(relaxed, max_examples=300)
@given(arrays(), arrays(), st.lists(st.booleans(), min_size=3, max_size=3))
def test_elementwise(f: Rationals, g: Rationals, where: list[bool]):
    plain = values(f)
    assert values(f * g) == [a * b for a, b in zip(plain, values(g), strict=True)]
    assert values(f.floor()) == [math.floor(a) for a in plain]
    assert values(f.positive_part()) == [max(a, Q(0)) for a in plain]
    assert values(f.kept(np.array(where))) == [a if w else 0 for a, w in zip(plain, where, strict=True)]
    assert f.integral == all(a.denominator == 1 for a in plain)
    assert values(f.over(6 * f.denominator)) == plain
    assert f.largest == max(abs(int(n)) for n in f.numerators.tolist())
    codes, different = f.distinct()
    assert [fraction(different[c]) for c in codes.tolist()] == plain
    assert len(set(map(fraction, different))) == len(different)


def test_zero_times_what_does_not_fit():
    huge, zeros = array([2**70, 1, -(2**65)], 1), array([0, 0, 0], 1)
    assert values(huge * zeros) == values(zeros * huge) == [0, 0, 0]
    assert values(combination([(exact(2**80), zeros), (exact(1), huge)], exact(0), 1)) == values(huge)


def test_along_an_axis():
    f, g = array([1, 2], 1), array([10, 20], 1)
    total = combination([(exact(1), f.along(0, 2)), (exact(1), g.along(1, 2))], exact(0), 2)
    assert total.numerators.tolist() == [[11, 21], [12, 22]]


@pytest.mark.parametrize("kind", [np.int64, object])
@pytest.mark.parametrize("shapes", [[(70, 90), (90,), (70, 1), (70, 90)], [(6300,), (1,)], [(), ()]])
def test_large_sums_are_made_in_pieces_and_leave_their_terms_alone(
    kind: type, shapes: list[tuple[int, ...]], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(rationals, "_CHUNK", 1000)
    random = np.random.default_rng(0)
    given = [random.integers(-(2**40), 2**40, shape) for shape in shapes]
    terms = [Rationals(np.array(np.asarray(n).T.astype(kind)).T, 3) for n in given]
    weights = [exact(Q(a, 7)) for a in (5, -1, 3, -4)][: len(terms)]
    got = combination(list(zip(weights, terms, strict=True)), exact(Q(1, 2)), terms[0].numerators.ndim)
    want = 21 + 2 * sum(
        a * n.astype(object) for a, n in zip((5, -1, 3, -4), map(np.asarray, given), strict=False)
    )
    assert got.denominator == 42
    assert got.numerators.dtype == np.int64
    assert (got.numerators == want).all()
    for n, f in zip(given, terms, strict=True):
        assert (f.numerators == n).all()


def test_what_shares_its_memory_does_not_change_it():
    f = Rationals(np.arange(5), 3)
    shared = combination([(exact(Q(1, 2)), f)], exact(Q(0)), 1)
    assert shared.numerators is f.numerators
    assert shared.denominator == 6
    assert f.positive_part() is f
    assert Rationals(np.array([2, -1])).floor().numerators.tolist() == [2, -1]
    total = shared + shared
    assert (total.numerators.tolist(), f.numerators.tolist()) == ([0, 2, 4, 6, 8], [0, 1, 2, 3, 4])
