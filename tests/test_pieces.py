"""Networks of one variable on their pieces, against their own evaluation at points."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from flint import fmpq
from hypothesis import given, settings
from small_networks import networks, value

from constructs.network import Network
from constructs.raw_layers import layers
from verify.own.pieces import Curve, activated, stages
from verify.quantities import TooLarge


def curve(network: Network) -> Curve:
    readout = network.readouts[0]
    return stages(network, [readout.layer])[readout.layer].form(readout.affine)


@settings(max_examples=150)
@given(networks())
def test_the_pieces_are_the_network(network: Network) -> None:
    found = curve(network)
    assert found.breaks[0] == 0
    assert found.breaks[-1] == 1
    for (a, b), (slope, start) in zip(pairwise(found.breaks), found.lines, strict=True):
        assert a < b
        for k in range(1, 8):
            x = a + (b - a) * fmpq(k, 8)
            assert value(network, x) == slope * x + start
    for x, v in zip(found.breaks, found.values, strict=True):
        assert value(network, x) == v


@settings(max_examples=60)
@given(networks())
def test_every_layer_can_be_asked_for(network: Network) -> None:
    whole = stages(network, range(1, network.depth + 1))
    assert set(whole) == set(range(1, network.depth + 1))
    for number, stage in whole.items():
        for k in range(len(network.layers[number - 1])):
            neuron = stage.neuron(k)
            for j in range(25):
                x = fmpq(j, 24)
                at = stage.piece(x)
                here = _at(network, number, k, x)
                if x in neuron.breaks:
                    assert neuron.values[neuron.breaks.index(x)] == here
                else:
                    slope, start = neuron.lines[at]
                    assert slope * x + start == here


def _at(network: Network, number: int, k: int, x: fmpq) -> fmpq:
    sources = [x]
    for layer in network.layers[:number]:
        sources = [activated(n.activation, n.affine(sources)) for n in layer]  # pyright: ignore
    return sources[k]


def test_teeth_have_the_breaks_that_they_should() -> None:
    tooth = [[("relu", [1], 0), ("relu", [1], "-1/2")]]
    rows = tooth + [[("relu", [2, -4], 0), ("relu", [2, -4], "-1/2")]] * 4
    found = curve(layers(rows, ([2, -4], 0)))
    kinks = [b for b, p, q in zip(found.breaks[1:-1], found.lines, found.lines[1:], strict=False) if p != q]
    assert kinks == [fmpq(k, 32) for k in range(1, 32)]


def test_too_many_pieces_are_refused_before_they_are_made() -> None:
    with pytest.raises(TooLarge, match="pieces"):
        curve(layers([[("floor", [10**30], 0)]], ([1], 0)))
    with pytest.raises(ValueError, match="sine"):
        activated("sine", fmpq(1))


def test_a_jump_has_its_own_value() -> None:
    found = curve(layers([[("floor", [2], 0), ("floor", [-2], 0)]], ([1, 1], 0)))
    assert found.breaks == [0, fmpq(1, 2), 1]
    assert found.lines == [(0, -1), (0, -1)]
    assert found.values == [0, 0, 0]
    assert Fraction(1, 2) == Fraction(int(found.breaks[1].p), int(found.breaks[1].q))
