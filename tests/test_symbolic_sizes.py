"""The formulas of verify/symbolic/sizes.py against networks built, and wrong layouts that do not fit."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import sympy as sp
from built import COMBINATIONS, table
from flint import fmpq

from constructs import multigrade, multiplicative
from constructs.erosion import Residual
from constructs.geometric import build, stated_width
from constructs.rationals import Rationals
from verify.symbolic import layouts as of
from verify.symbolic.layouts import Layout
from verify.symbolic.sizes import Bounds, formulas, width
from verify.symbolic.statements import Undecided

SIZES = [
    (1, 2, 1),
    (1, 2, 2),
    (1, 2, 3),
    (1, 2, 5),
    (1, 3, 3),
    (1, 5, 2),
    (2, 2, 1),
    (2, 2, 3),
    (2, 3, 2),
    (3, 2, 2),
]
CASES = [
    (d, N, L, *both)
    for (d, N, L), both in product(SIZES, COMBINATIONS)
    if both[1] == "bits" or N ** (d * L) <= 9  # a sine weight is searched for
]


def width_at(layout: Layout, values: Bounds) -> int:
    """The width for numbers in place of the symbols: the largest layer, counted.

    Requires: a value for every symbol that occurs in counts and places.
    """
    spans = [[int(sp.S(e).subs(values)) for e in (f.first, f.last, f.count)] for f in layout.families]
    return max(
        sum(count for a, b, count in spans if a <= layer <= b) for layer, last, _ in spans if layer <= last
    )


def built(d: int, N: int, L: int, digits: str, decoder: str):
    """A network of tables so uneven that no weight vanishes: the values are far apart, and grow with the level."""
    rng = np.random.default_rng(7)
    wanted = []
    for t in range(L + 1):
        flat = [100 * t + 7 + int(v) for v in rng.integers(0, 5, size=N ** (d * t))]
        flat[0], flat[-1] = 100 * t + 7, 100 * t + 12
        wanted.append(Rationals.of(table(flat).reshape((N**t,) * d)))
    tolerance = fmpq(3, 2) if decoder == "two-sine" else fmpq(1, 64)
    delta = fmpq(1, 4 * N**L) if digits == "relu" else None
    return build(wanted, N, [tolerance] * (L + 1), digits=digits, decoder=decoder, delta=delta).network


def sizes(formula, values):
    found = (formula.depth, formula.neurons, formula.parameters)
    return tuple(int(sp.S(e).subs(values)) for e in found)


@pytest.mark.parametrize(("d", "N", "L", "digits", "decoder"), CASES)
def test_geometric(d: int, N: int, L: int, digits: str, decoder: str):
    network = built(d, N, L, digits, decoder)
    layout, values = of.geometric(digits, decoder), {of.d: d, of.N: N, of.L: L}
    assert (network.depth, network.neurons, network.parameters) == sizes(formulas(layout), values)
    assert network.width == width_at(layout, values)


@pytest.mark.parametrize(("digits", "decoder"), COMBINATIONS)
def test_the_width_is_one_formula_for_all_sizes_from_some_on(digits: str, decoder: str):
    layout, least = of.geometric(digits, decoder), 3 if digits == "relu" else 4
    found = width(layout, {of.N: 2, of.L: least})
    expected = (2 * of.d * of.N if digits == "relu" else 3 * of.d) + (3 if decoder == "two-sine" else 4)
    assert sp.expand(found - expected) == 0
    with pytest.raises(Undecided):
        width(layout, {of.N: 2, of.L: least - 1})
    for d, N, L in product((1, 2, 5), (2, 3, 7), (least, least + 1, least + 6)):
        assert width_at(layout, {of.d: d, of.N: N, of.L: L}) == found.subs({of.d: d, of.N: N})
    stated = stated_width(1, 1) + 2 * (of.d * of.N - 1) + of.d - 1
    assert sp.expand(stated - (2 * of.d * of.N + of.d + 2)) == 0


@pytest.mark.parametrize(
    ("d", "mesh", "sweeps"), [(1, 1, 1), (1, 4, 3), (2, 1, 2), (2, 2, 2), (3, 1, 2), (3, 2, 1)]
)
def test_multigrade(d: int, mesh: int, sweeps: int):
    rng = np.random.default_rng(d)
    values = rng.integers(10, 30, size=(4 * mesh + 1,) * d)
    network = multigrade.build(Residual(values, 1), mesh, sweeps)
    nodes = [g.node for s in network.sweeps for g in s if g.step != 0]
    assert len(nodes) == network.grades > 0
    beta = sum(sum(int(a != b) for a, b in zip(k, (0, *k), strict=False)) for k in nodes)
    at = {of.d: d, of.G: network.grades, of.beta: beta}
    made = network.network
    assert (made.depth, made.neurons, made.parameters) == sizes(formulas(of.multigrade()), at)
    assert made.width == d + 3 == width(of.multigrade(), {}).subs(at)


@pytest.mark.parametrize(
    ("m", "n", "q", "first"),
    [(1, 3, 1, 1), (1, 4, 2, None), (2, 3, 2, None), (2, 4, 1, 5), (3, 2, 1, None), (1, 2, 5, 3)],
)
def test_multiplicative(m: int, n: int, q: int, first: int | None):
    coefficients = np.arange(1, n**m + 1).reshape((n,) * m)
    network = multiplicative.build(coefficients, q, 8, first).network
    start = -q if first is None else first
    zeros = m * (int(start <= 0 < start + n + q) + int(start < 0 <= start + n + q))
    values = {of.m: m, of.n: n, of.q: q, of.zeros: zeros}
    layout = of.multiplicative()
    assert (network.depth, network.neurons, network.parameters) == sizes(formulas(layout), values)
    assert network.width == width_at(layout, values) == width(layout, {}).subs(values)


def test_a_layout_with_one_channel_too_many_or_a_layer_too_early_does_not_fit():
    right = of.geometric("floor", "bits")
    values = {of.d: 1, of.N: 2, of.L: 3}
    network = built(1, 2, 3, "floor", "bits")
    for i, family in enumerate(right.families):
        for wrong in (
            replace(family, count=family.count + 1),
            replace(family, first=family.first + 1),
            replace(family, weights=family.weights + 1),
        ):
            families = tuple(wrong if j == i else f for j, f in enumerate(right.families))
            found = sizes(formulas(replace(right, families=families)), values)
            assert found != (network.depth, network.neurons, network.parameters)


def test_data_that_are_not_generic_have_fewer_parameters():
    tables = [Rationals.of(table([0])), Rationals.of(table([0, 0])), Rationals.of(table([0, 0, 1, 1]))]
    network = build(tables, 2, [fmpq(1, 8)] * 3, digits="floor", decoder="bits").network
    found = sizes(formulas(of.geometric("floor", "bits")), {of.d: 1, of.N: 2, of.L: 2})
    assert network.neurons < found[1]
    assert network.parameters < found[2]
