"""Cell means and stored tables as integer arrays against the same one rational at a time."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction as Q

import numpy as np
import pytest
from built import exact, fraction
from flint import fmpq
from hypothesis import example, given, settings
from hypothesis import strategies as st

from constructs import bit_decoder, grids
from constructs.bit_decoder import BitDecoder, pack
from constructs.exact import dyadic, floor_dyadic
from constructs.geometric import build
from constructs.integers import common_divisor, exact_sum, narrowest, rounded_in_place
from constructs.rationals import FITS, Rationals
from constructs.storage import dyadic_exponent
from constructs.targets.kuhn import KuhnTarget
from constructs.targets.step import StepTarget
from constructs.wiring import Form
from verify.simplices import simplex_vertices

relaxed = settings(deadline=None)
small = st.fractions(-9, 9, max_denominator=12)
huge = st.sampled_from([Q(2**70), Q(-(2**63)), Q(2**63 - 1), Q(1, 3**50), Q(10**30, 7)])
rationals = small | huge


def held(table: Rationals) -> Rationals:
    """The table, once its promise about types is seen to be kept."""
    kind = table.numerators.dtype
    assert kind in (np.int64, object)
    assert table.denominator > 0
    if kind == np.int64:
        assert (table.numerators > -(2**63)).all()
    else:
        assert all(type(n) is int for n in table.numerators.flat)
    return table


@relaxed
@given(st.lists(rationals, min_size=6, max_size=6))
def test_from_rationals_and_back(values: list[Q]):
    table = held(Rationals.of(np.array(values, dtype=object).reshape(2, 3)))
    assert [fraction(v) for v in table.elements.flat] == values
    assert [fraction(v) for v in table.extremes] == [min(values), max(values)]
    assert (table.single is None) == (len(set(values)) > 1)
    twice = Rationals(table.numerators.astype(object) * 6, table.denominator * 6)
    least = held(twice.reduced())
    assert (least.elements == table.elements).all()
    assert least.denominator == math.lcm(*(v.denominator for v in values))
    assert held(table - twice).largest == 0
    assert held(table + table).elements.tolist() == (2 * table.elements).tolist()


def test_the_largest_of_64_bits_and_the_first_beyond():
    for n, kind in ((FITS - 1, np.int64), (FITS, object), (-FITS, object), (1 - FITS, np.int64)):
        for table in (Rationals.of([n]), Rationals.full(1, fmpq(n))):
            assert table.numerators.dtype == kind
            assert table.elements.tolist() == [n]
    assert Rationals(np.array([0, 0]), 2**70).reduced().denominator == 1


@relaxed
@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=9), st.integers(1, 2**70))
def test_sums_and_divisors(numbers: list[int], number: int):
    array = np.array(numbers, dtype=np.int64)
    assert exact_sum(array) == exact_sum(array.astype(object)) == sum(numbers)
    assert common_divisor(array.astype(object), number) == math.gcd(number, *numbers)


@relaxed
@given(st.lists(rationals, min_size=1, max_size=20), st.sampled_from([Q(1, 3), Q(1, 2), Q(4), Q(1, 2**30)]))
@example([Q(0), Q(1, 4), Q(3, 4), Q(5, 4)], Q(1, 4))  # halfway between two fields
@example([Q(-1, 3)] * 3, Q(1))
def test_stored_fields_are_the_nearest(values: list[Q], tolerance: Q):
    if max(values) - min(values) > 2**50 * tolerance:
        tolerance = (max(values) - min(values)) / 2**50
    stored = BitDecoder().store(2, Rationals.of(values), exact(tolerance), Form.of("J"))
    found = [fraction(v) for v in held(stored.realized).elements]
    if len(set(values)) == 1:
        assert found == values
        return
    places = -dyadic_exponent(2 * exact(tolerance))
    step, lo = fraction(dyadic(1, -places)), fraction(floor_dyadic(exact(min(values)), max(places, 0)))
    fields = [math.floor((v - lo) / step + Q(1, 2)) for v in values]
    assert found == [lo + step * v for v in fields]
    if any(fields):
        bits = max(fields).bit_length()
        number = sum(v << bits * (len(fields) - 1 - J) for J, v in enumerate(fields))
        assert stored.outer[0].form.terms["E2"] == dyadic(number, -bits * len(fields))


@relaxed
@given(st.integers(1, 62), st.integers(1, 40))
def test_full_and_single_fields(bits: int, count: int):
    full = 2**bits - 1
    assert pack([full] * count, bits) == 2 ** (bits * count) - 1
    for J in range(count):
        assert pack([full * (i == J) for i in range(count)], bits) == full << bits * (count - 1 - J)


@pytest.mark.parametrize("count", [1, 40, 41, 1000])
def test_fields_packed_in_pieces(count: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bit_decoder, "_CHUNK", 5)
    fields = np.random.default_rng(count).integers(0, 2**13, count)
    assert pack(fields, 13) == sum(int(v) << 13 * (count - 1 - J) for J, v in enumerate(fields))


@relaxed
@given(st.lists(st.floats(-1, 1), min_size=1, max_size=9), st.integers(-3, 60))
def test_floats_rounded_in_place(values: list[float], exponent: int):
    array = np.array(values)
    found = rounded_in_place(array, exponent)
    assert found.dtype == np.int64
    assert np.shares_memory(found, array)
    assert found.tolist() == [round(Q(v) * Q(2) ** exponent) for v in values]


@pytest.mark.parametrize("n", [0, 2**31 - 1, 2**31, -(2**31), 2**62])
def test_narrow_integers_are_the_same(n: int):
    found = narrowest(np.array([1, n]))
    assert found.tolist() == [1, n]
    assert found.dtype == (np.int32 if abs(n) < 2**31 else np.int64)


@settings(relaxed, max_examples=40)
@given(
    st.lists(st.lists(rationals, min_size=3, max_size=3), min_size=3, max_size=3),
    st.sampled_from([1, 2, 3, 4]),
)
def test_means_of_kuhn_targets(rows: list[list[Q]], n: int):
    """Level 1 of base n (level 0 for n = 1): the mean over a cube is the mean over the vertices of its simplices."""
    f = KuhnTarget(2, np.array([[exact(v) for v in row] for row in rows], dtype=object))
    g = math.lcm(2, n)
    nodal = np.array([[f.exact([fmpq(i, g), fmpq(j, g)]) for j in range(g + 1)] for i in range(g + 1)])
    cubes = sum(sum(vertices, start=fmpq(0)) for vertices in simplex_vertices(nodal)) / 6
    found = held(f.cell_values(max(n, 2), int(n > 1)))
    for cell in np.ndindex(found.shape):
        part = cubes[tuple(slice(c * g // n, (c + 1) * g // n) for c in cell)]
        assert found.elements[cell] == part.sum() / part.size


@settings(relaxed, max_examples=60)
@given(st.data())
def test_means_of_step_targets(data: st.DataObject):
    places = st.fractions(Q(1, 50), Q(49, 50), max_denominator=50) | st.sampled_from([Q(1, 2**70), Q(1, 3)])
    axes = []
    for _ in range(data.draw(st.integers(1, 2))):
        breaks = sorted(data.draw(st.sets(places, max_size=5)))
        axes.append(
            (breaks, data.draw(st.lists(rationals, min_size=len(breaks) + 1, max_size=len(breaks) + 1)))
        )
    base, level = data.draw(st.sampled_from([(2, 0), (2, 1), (3, 1), (2, 3)]))
    n = base**level
    found = held(StepTarget(tuple(axes)).cell_values(base, level))
    means = found.elements
    for cell in np.ndindex(found.shape):
        total = Q(0)
        for k, (breaks, values) in zip(cell, axes, strict=True):
            ends = [Q(0), *breaks, Q(1)]
            for a, b, v in zip(ends, ends[1:], values, strict=False):
                total += max(Q(0), min(b, Q(k + 1, n)) - max(a, Q(k, n))) * n * v
        assert fraction(means[cell]) == total


@settings(relaxed, max_examples=30)
@given(st.lists(rationals, min_size=5, max_size=5), st.sampled_from([Q(1, 8), Q(1, 1000)]))
def test_children_repair_what_their_parent_was_given(values: list[Q], tolerance: Q):
    wanted = [
        Rationals.of(values[:1]).rearranged(lambda v: v.reshape(1, 1)),
        Rationals.of([values[1:3], values[3:]]),
    ]
    tolerances = [exact(tolerance * max(1, *map(abs, values)))] * 2
    tables = build(wanted, 2, tolerances, digits="floor", decoder="bits").tables
    for table, aim in zip(tables, wanted, strict=True):
        held(table)
        for v, w in zip(table.elements.flat, aim.elements.flat, strict=True):
            assert abs(v - w) <= tolerances[0]
    children = grids.refine(tables[0].elements, 2)
    assert all(children[k] == tables[0].elements[0, 0] for k in itertools.product(range(2), repeat=2))
