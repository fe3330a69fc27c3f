"""Geometric networks against the tables that were asked for: values, widths, depth, nesting, refusals."""

from __future__ import annotations

from fractions import Fraction as Q

import numpy as np
import pytest
from built import (
    COMBINATIONS,
    Case,
    away,
    cases,
    cell_of,
    contains,
    ends,
    exact,
    fraction,
    in_strip,
    points,
    table,
)
from built import value_by_hand as by_hand
from flint import fmpq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from constructs.errors import ConstructError
from constructs.geometric import build, stated_width
from constructs.rationals import Rationals
from verify.ranges import network_range

ROUNDING = Q(1, 2**60)  # of Stored.realized, for sines
relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@settings(relaxed, max_examples=60)
@given(st.data())
def test_readouts_are_the_wanted_values_and_the_realized_tables(data: st.DataObject):
    case = data.draw(cases())
    built = case.build()
    network = built.network
    saved = network.to_json()
    realized_tables = [t.elements for t in built.tables]
    for _ in range(4):
        x = data.draw(points(case))
        values = network.evaluate([exact(c) for c in x])
        assert all(contains(v, w) for v, w in zip(values, by_hand(saved, x), strict=True))
        for level, value in enumerate(values):
            if in_strip(x, case, level):
                lo, hi = network_range(network, network.readouts[level])
                mid, rad = ends(value)
                assert fraction(lo) - rad <= mid <= fraction(hi) + rad
                assert abs(mid) - rad <= fraction(built.bounds[level])
                continue
            cell = cell_of(x, case.base**level)
            wanted, realized = (fraction(t[level][cell]) for t in (case.wanted, realized_tables))
            assert away(value, realized) <= (ROUNDING if case.decoder == "two-sine" else 0)
            assert away(value, wanted) <= fraction(case.tolerances[level])


def test_the_corners_of_every_strip_belong_to_the_cells():
    delta = Q(1, 100)
    wanted = [table([Q(0)]), table([Q(1), Q(2), Q(4)]), table([Q(k * k % 7) for k in range(9)])]
    built = build(
        [Rationals.of(t) for t in wanted],
        3,
        [fmpq(1, 64)] * 3,
        digits="relu",
        decoder="bits",
        delta=exact(delta),
    )
    for k in range(1, 9):
        width = delta if k % 3 == 0 else delta / 3
        below, at = (built.network.evaluate([exact(x)])[2] for x in (Q(k, 9) - width, Q(k, 9)))
        assert (below, at) == (wanted[2][k - 1], wanted[2][k])


def _random_case(dim: int, base: int, levels: int, digits: str, decoder: str) -> Case:
    rng = np.random.default_rng(dim * 100 + base * 10 + levels)
    wanted = []
    for t in range(levels + 1):
        flat = rng.integers(0, 5, size=base ** (dim * t)).tolist()
        flat[0], flat[-1] = 0, 4  # not constant
        wanted.append(table([Q(v, 4) for v in flat]).reshape((base**t,) * dim))
    tolerance = fmpq(1, 4) if decoder == "two-sine" else fmpq(1, 64)
    delta = fmpq(1, 4 * base**levels) if digits == "relu" else None
    return Case(dim, base, levels, digits, decoder, tuple(wanted), (tolerance,) * (levels + 1), delta)


WIDTHS = {
    ("relu", "two-sine"): lambda d, N: 2 * d * N + 3,
    ("relu", "bits"): lambda d, N: 2 * d * N + 4,
    ("floor", "two-sine"): lambda d, N: 3 * d + 3,
    ("floor", "bits"): lambda d, N: 3 * d + 4,
}


SIZES = [(1, 2, 3), (1, 3, 2), (2, 2, 1), (1, 2, 4), (2, 2, 3)]


@pytest.mark.parametrize(
    ("dim", "base", "levels", "digits", "decoder"),
    [
        (d, N, L, *both)
        for d, N, L in SIZES
        for both in COMBINATIONS
        if both[1] == "bits" or N ** (d * L) <= 16  # the search for a sine weight takes long beyond
    ],
)
def test_width_and_depth(dim: int, base: int, levels: int, digits: str, decoder: str):
    network = _random_case(dim, base, levels, digits, decoder).build().network
    formula = WIDTHS[digits, decoder](dim, base)
    assert network.depth == levels + 2
    assert [r.layer for r in network.readouts] == [t + 2 for t in range(levels + 1)]
    assert network.width <= formula
    if levels >= (
        3 if digits == "relu" else 4
    ):  # a layer with digits, both parts of decoders, and all carriers
        assert network.width == formula
    assert stated_width(dim, base) == 2 * dim * base + dim + 2
    if (digits, decoder) != ("relu", "bits") or dim > 1:
        assert formula <= stated_width(dim, base)


@settings(relaxed, max_examples=25)
@given(cases(digits="floor", least=1))
def test_floor_networks_contain_those_of_fewer_levels(case: Case):
    whole, part = case.build().network, case.build(case.levels - 1).network
    assert part.to_json() == whole.subnetwork(case.levels - 1).to_json()


@settings(relaxed, max_examples=25)
@given(st.data())
def test_prefix_and_subnetwork_have_the_same_readouts(data: st.DataObject):
    case = data.draw(cases(least=1))
    network = case.build().network
    level = data.draw(st.integers(0, case.levels))
    prefix, part = network.prefix(level), network.subnetwork(level)
    assert prefix.layers == network.layers[: level + 2]
    assert prefix.readouts == network.readouts[: level + 1]
    assert part.neurons <= prefix.neurons
    x = [exact(c) for c in data.draw(points(case))]
    values = [str(v) for v in network.evaluate(x)[: level + 1]]
    assert [str(v) for v in prefix.evaluate(x)] == values or case.decoder == "two-sine"
    for v, w in zip(part.evaluate(x), network.evaluate(x), strict=False):
        assert v == w if isinstance(v, fmpq) else v.overlaps(w)


@pytest.mark.parametrize(("digits", "decoder"), COMBINATIONS)
@pytest.mark.parametrize("value", ["1/3", "0", "-22/7"])
def test_constant_tables_need_no_decoder_and_are_exact(digits: str, decoder: str, value: str):
    wanted = [Rationals.of(np.full((2**t,) * 2, Q(value), dtype=object)) for t in range(3)]
    delta = fmpq(1, 100) if digits == "relu" else None
    built = build(wanted, 2, [fmpq(1, 8)] * 3, digits=digits, decoder=decoder, delta=delta)
    assert {n.activation for layer in built.network.layers for n in layer} == {"relu"}
    assert built.network.depth == 4
    assert built.table_bits == (0, 0, 0)
    for x in (["0", "1"], ["1/2", "1/7"], ["199/400", "1"]):  # the last one inside a strip
        assert built.network.evaluate(x) == [exact(value)] * 3


@pytest.mark.parametrize(("digits", "decoder"), COMBINATIONS)
def test_tables_within_the_tolerance_of_a_constant_need_no_decoder(digits: str, decoder: str):
    delta = fmpq(1, 100) if digits == "relu" else None
    wanted = [Rationals.of([Q(0)]), Rationals.of([Q(0), Q(1, 100)])]
    built = build(wanted, 2, [fmpq(1, 4)] * 2, digits=digits, decoder=decoder, delta=delta)
    for x, w in (("0", Q(0)), ("1", Q(1, 100))):
        assert away(built.network.evaluate([x])[1], w) <= Q(1, 4)


GOOD = {
    "wanted": [Rationals.of([0]), Rationals.of([0, 1])],
    "base": 2,
    "tolerances": [fmpq(1, 8)] * 2,
    "digits": "floor",
    "decoder": "bits",
    "delta": None,
}


@pytest.mark.parametrize(
    ("argument", "wrong"),
    [
        ("base", {"base": 1}),
        ("base", {"base": 2.0}),
        ("base", {"base": True}),
        ("wanted", {"wanted": []}),
        ("wanted", {"tolerances": [fmpq(1)]}),
        ("wanted", {"wanted": [Rationals.of([0]), Rationals.of([0, 1, 2])]}),
        ("wanted", {"base": 3}),
        ("digits", {"digits": "stairs"}),
        ("decoder", {"decoder": "sine"}),
        ("delta", {"delta": fmpq(1, 8)}),
        ("delta", {"digits": "relu"}),
        ("delta", {"digits": "relu", "delta": fmpq(0)}),
        ("delta", {"digits": "relu", "delta": fmpq(-1, 8)}),
        ("delta", {"digits": "relu", "delta": fmpq(1, 2)}),
        ("tolerance", {"tolerances": [fmpq(1, 8), fmpq(0)]}),
        ("tolerance", {"tolerances": [fmpq(1, 8), fmpq(-1)]}),
        ("range of level 1", {"tolerances": [fmpq(1, 8), fmpq(1, 2**70)]}),
    ],
)
def test_refusals(argument: str, wrong: dict):
    with pytest.raises(ConstructError) as caught:
        build(**(GOOD | wrong))
    assert caught.value.argument == argument


def test_the_good_one_is_good():
    assert build(**GOOD).network.evaluate(["3/4"]) == [0, 1]
