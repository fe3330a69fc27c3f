"""Identities of staircases, cell numbers and fields: true ones proved, damaged networks and wrong formulas not."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
import sympy as sp
from flint import fmpq

from constructs.geometric import Geometric, build
from constructs.network import Network
from constructs.neurons import Affine
from constructs.rationals import Rationals
from verify.symbolic import staircase as st
from verify.symbolic.cell_numbers import index
from verify.symbolic.fields import decoder, packed, tail, v
from verify.symbolic.page import example
from verify.symbolic.statements import Ledger, Undecided, nonnegative, positive, reduced, stated

CASES = [
    (1, 2, 3, "relu"),
    (1, 3, 2, "relu"),
    (2, 2, 1, "relu"),
    (1, 4, 2, "floor"),
    (2, 3, 2, "floor"),
    (3, 2, 1, "floor"),
]


def damaged(built: Geometric, layer: int, name: str, change) -> Geometric:
    """The same network with one neuron's affine form changed."""
    neurons = tuple(
        replace(n, affine=change(n.affine)) if n.name == name else n for n in built.network.layers[layer - 1]
    )
    assert neurons != built.network.layers[layer - 1]
    layers = list(built.network.layers)
    layers[layer - 1] = neurons
    return replace(built, network=Network(built.network.inputs, tuple(layers), built.network.readouts))


def scaled(factor: fmpq):
    return lambda a: Affine((*a.terms[:-1], (a.terms[-1][0], a.terms[-1][1] * factor)), a.bias)


def shifted(by: fmpq):
    return lambda a: Affine(a.terms, a.bias + by)


@pytest.mark.parametrize("base", [2, 3, 5])
def test_the_staircase_is_the_digit_for_every_delta_and_every_place(base: int):
    stairs = st.symbolic(base)
    for j in range(base):
        found = st.digit(stairs, j)
        assert found.proved, found.reason
        at = {st.delta: sp.Rational(1, 3 * base), st.z: sp.Rational(2 * j + 1, 2 * base)}
        assert stairs.value.subs(at) == j


@pytest.mark.parametrize(("d", "N", "L"), [(1, 2, 3), (1, 3, 2), (2, 2, 2)])
def test_the_symbolic_staircase_is_that_of_the_network(d: int, N: int, L: int):
    built = example(d, N, L, "relu")
    assert built.delta is not None
    width = st.number(built.delta)
    for t, i in product(range(1, L + 1), range(d)):
        read = st.of_network(built.network, N, t, i, built.delta)
        written = st.symbolic(N)
        for mine, formula in zip(read.ramps, written.ramps, strict=True):
            for a, b in (
                (mine.slope, formula.slope),
                (mine.rising, formula.rising),
                (mine.stopping, formula.stopping),
            ):
                assert a == b.subs(st.delta, width)


def test_a_wrong_staircase_is_not_proved():
    right = st.symbolic(3)
    first, second = right.ramps
    wrong = [
        replace(right, ramps=(first, first)),
        replace(right, ramps=(first,)),
        replace(right, ramps=(first, replace(second, slope=2 * second.slope))),
        replace(right, ramps=(first, replace(second, rising=second.rising + 1))),
        replace(right, ramps=(first, replace(second, rising=second.rising + 1 / st.delta**2))),
        replace(right, width=st.delta / 2),
    ]
    for stairs in wrong:
        assert not all(st.digit(stairs, j).proved for j in range(3))
    wide = replace(right, width=sp.Rational(1, 2))
    assert not any(st.digit(wide, j).proved for j in range(3))


@pytest.mark.parametrize(("d", "N", "L", "digits"), CASES)
def test_the_network_reads_the_number_of_the_cell(d: int, N: int, L: int, digits: str):
    built = example(d, N, L, digits)
    for ends in ((), (0,), range(d)):
        found = index(built, L, ends)
        assert found.proved, found.reason
    digit = {t: sp.Symbol(f"k_0{t}", integer=True, nonnegative=True) for t in range(1, L + 1)}
    expected = sum(digit[t] * N ** (L - t) for t in digit)
    others = {s: 0 for s in index(built, L).statement.rhs.free_symbols if not str(s).startswith("k_0")}
    assert sp.expand(index(built, L).statement.rhs.subs(others) - expected) == 0


def test_a_sine_reads_one_more():
    tables = [Rationals.of(t) for t in ([1], [0, 5], [0, 3, 2, 5])]
    tolerances, delta = [fmpq(3, 2)] * 3, fmpq(1, 16)
    for digits, width in (("relu", delta), ("floor", None)):
        built = build(tables, 2, tolerances, digits=digits, decoder="two-sine", delta=width)
        for level in (1, 2):
            assert index(built, level).proved
            assert not index(damaged(built, level + 1, f"I{level}", shifted(fmpq(1))), level).proved


@pytest.mark.parametrize("digits", ["relu", "floor"])
def test_a_damaged_network_does_not(digits: str):
    built, two = example(1, 3, 2, digits), fmpq(2)
    names = ["X0", "Z0", "A0.1", "B0.2"] if digits == "relu" else ["X0", "G0", "F0"]
    for layer, name in product((1, 2), names):
        if any(n.name == name for n in built.network.layers[layer - 1]):
            changes = [scaled(two), shifted(fmpq(1)), shifted(fmpq(1, 100))]
            for change in changes:
                assert not index(damaged(built, layer, name, change), 2).proved, (layer, name)
    for change in (scaled(two), shifted(fmpq(1))):
        wrong = damaged(built, 3, "E2", change)
        assert not (
            index(wrong, 2).proved and index(wrong, 2, (0,)).proved
        )  # floor(x0) counts at x0 = 1 only
    assert "no decoder" in index(built, 1).reason  # its table is constant


def activated(built: Geometric, name: str, activation: str) -> Geometric:
    """The same network with another activation of the neurons of that name."""
    layers = tuple(
        tuple(replace(n, activation=activation) if n.name == name else n for n in layer)
        for layer in built.network.layers
    )
    assert layers != built.network.layers
    return replace(built, network=Network(built.network.inputs, layers, built.network.readouts))


@pytest.mark.parametrize("digits", ["relu", "floor"])
def test_names_do_not_make_an_activation(digits: str):
    built = example(1, 3, 2, digits)
    for name in ("X0", "Z0", "A0.1", "B0.2") if digits == "relu" else ("G0", "F0"):
        assert not index(activated(built, name, "sine"), 2).proved
    assert not index(activated(built, "E2", "relu"), 2).proved
    for name in ("E2", "U2", "V2"):
        assert not packed(activated(built, name, "relu"), 2).proved


def test_a_digit_of_another_number_is_no_digit_of_x():
    built = example(1, 2, 2, "relu")
    for name in ("Z0", "A0.1", "B0.1"):  # all three read 2 x0 in place of x0
        built = damaged(built, 1, name, scaled(fmpq(2)))
    assert "next digit" in index(built, 2).reason


def test_the_decoder_returns_the_field():
    assert decoder().proved
    assert tail().proved
    for wrong in (v, 2 * v, sp.Integer(2), v + 1):
        assert not decoder(wrong).proved


@pytest.mark.parametrize(("d", "N", "L", "digits"), CASES)
def test_the_packed_table_is_as_the_decoder_needs_it(d: int, N: int, L: int, digits: str):
    built = example(d, N, L, digits)
    assert packed(built, L).proved
    for name in (f"U{L}", f"V{L}"):
        for change in (scaled(fmpq(2)), scaled(fmpq(1, 3)), shifted(fmpq(1, 2))):
            assert not packed(damaged(built, L + 2, name, change), L).proved
    assert not packed(example(1, 2, 3, digits), 1).proved


def test_what_is_decided():
    x, y, z = (*sp.symbols("x y", nonnegative=True), sp.Symbol("z", positive=True))
    free = sp.Symbol("w", real=True)
    assert nonnegative(x * y + 3)
    assert nonnegative((x - y) ** 2)
    assert nonnegative(-((x - y) ** 2) * -z / (1 + x))
    assert positive(z + x)
    assert not any(
        map(positive, (x, x - y, sp.Integer(0), sp.Integer(-1), x * z, free, sp.exp(-x) - 1, sp.I))
    )
    undecided = (
        x - y,
        -x - 1,
        free,
        free + 1,
        sp.sqrt(x) - 1,
        sp.nan,
        sp.oo - sp.oo,
        x / (y - 1),
        -((x - y) ** 2),
        sp.I,
    )
    assert not any(map(nonnegative, undecided))
    assert reduced((1 + x) ** 2 - 1 - 2 * x - x**2) == 0
    assert reduced(2 ** (1 / z) * 2 ** (-1 / z) - 1) == 0
    assert reduced(x - y) != 0


def test_nothing_is_proved_by_default():
    assert not stated("empty", sp.true, lambda ledger: None).proved
    found = stated("false", sp.true, lambda ledger: ledger.zero(sp.Symbol("a"), "a"))
    assert (found.proved, found.steps) == (False, ())
    assert "a" in found.reason

    def broken(ledger: Ledger) -> None:
        ledger.zero(sp.S.Zero, "0")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stated("broken", sp.true, broken)
    x, n = sp.Symbol("x", nonnegative=True), sp.Symbol("n", integer=True, nonnegative=True)
    with pytest.raises(Undecided):
        Ledger().floor(n + x, n, "x may be 1")
    with pytest.raises(Undecided):
        Ledger().floor(x, x, "x may be no integer")
    with pytest.raises(Undecided):
        Ledger().fact(1 == 2, "no")
