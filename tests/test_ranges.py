"""Ranges over the whole cube: never exceeded, and as sharp as their rules."""

from __future__ import annotations

from fractions import Fraction as Q

import pytest
from built import cases, ends, exact, fraction, points
from flint import fmpq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_network import networks

from constructs.network import Network
from constructs.neurons import Affine, Neuron, Readout
from verify.ranges import NoRange, network_range

relaxed = settings(deadline=None, suppress_health_check=list(HealthCheck))


@settings(relaxed, max_examples=80)
@given(networks(), st.data())
def test_no_value_leaves_the_range(network: Network, data: st.DataObject):
    spans = [network_range(network, r) for r in network.readouts]
    for _ in range(3):
        x = [data.draw(st.sampled_from([Q(0), Q(1)]) | st.fractions(0, 1)) for _ in range(network.inputs)]
        for (lo, hi), v in zip(spans, network.evaluate([exact(c) for c in x]), strict=True):
            mid, rad = ends(v)
            assert fraction(lo) - rad <= mid <= fraction(hi) + rad


@settings(relaxed, max_examples=30)
@given(st.data())
def test_constructed_networks_in_and_out_of_the_strips(data: st.DataObject):
    case = data.draw(cases(least=1))
    built = case.build()
    for readout in built.network.readouts:
        lo, hi = network_range(built.network, readout)
        assert hi <= built.bounds[readout.level] or readout.level  # S keeps an offset of at most 1 a level
        for _ in range(3):
            value = built.network.evaluate([exact(c) for c in data.draw(points(case))])[readout.level]
            mid, rad = ends(value)
            assert fraction(lo) - rad <= mid <= fraction(hi) + rad


def net(layers: list[list[tuple[str, list, int]]], weights: list, bias: int = 0) -> Network:
    """Layers of (activation, weights by source, bias)."""

    def affine(ws: list, b: int) -> Affine:
        return Affine(tuple((s, fmpq(w)) for s, w in enumerate(ws) if w != 0), fmpq(b))

    made = tuple(tuple(Neuron(a, "", a, affine(ws, b)) for a, ws, b in layer) for layer in layers)
    return Network(1, made, (Readout(0, len(layers), affine(weights, bias)),))


EXP = ("exp2", [3], 0)


@pytest.mark.parametrize(
    ("network", "range_"),
    [
        (net([[("relu", [2], -1)]], [1]), (0, 1)),
        (net([[("relu", [-2], 1)]], [-3], 1), (-2, 1)),
        (net([[("floor", [4], -1)]], [1]), (-1, 3)),
        (net([[("floor", [-1], 0)]], [1]), (-1, 0)),
        (net([[("sine", [1000], 0)]], [5], 1), (-4, 6)),
        (net([[("relu", [0], -2)]], [1], 7), (7, 7)),
        (net([[EXP], [("floor", [1], 0), ("floor", [4], 0)]], [-4, 1]), (0, 3)),
        (net([[EXP], [("floor", [4], 0), ("floor", [1], 0)]], [2, -8], 1), (1, 7)),
        (net([[EXP], [("floor", [4], 0), ("floor", [1], 0)]], [-2, 8], 1), (-5, 1)),
        (net([[EXP], [("floor", [fmpq(-3, 7)], 0), ("floor", [fmpq(-15, 7)], 0)]], [-5, 1]), (0, 4)),
    ],
)
def test_rules(network: Network, range_: tuple[int, int]):
    assert network_range(network, network.readouts[0]) == range_


@pytest.mark.parametrize(
    "network",
    [
        net([[EXP]], [1]),
        net([[EXP], [("relu", [1], 0)]], [1]),
        net([[EXP], [("floor", [1], 0)]], [1]),
        net([[EXP], [("floor", [1], 0), ("floor", [4], 0)]], [-3, 1]),  # not B
        net([[EXP], [("floor", [1], 0), ("floor", [4], 0)]], [4, 1]),  # the sign
        net([[EXP], [("floor", [1], 0), ("floor", [4], 0)]], [1, -4]),  # the wrong way round
        net([[EXP], [("floor", [1], 0), ("floor", [fmpq(5, 2)], 0)]], [fmpq(-5, 2), 1]),  # B not an integer
        net([[EXP], [("floor", [1], 1), ("floor", [4], 0)]], [-4, 1]),  # a bias
        net([[EXP], [("floor", [1], 0), ("relu", [4], 0)]], [-4, 1]),
        net([[EXP, ("exp2", [2], 0)], [("floor", [1, 0], 0), ("floor", [0, 4], 0)]], [-4, 1]),  # two sources
        net([[EXP], [("floor", [1], 0), ("floor", [1], 0)]], [-1, 1]),  # B = 1
    ],
)
def test_an_exp2_otherwise_than_in_a_pair_has_no_range(network: Network):
    with pytest.raises(NoRange):
        network_range(network, network.readouts[0])


def test_a_lower_floor_serves_one_upper_floor_only():
    network = net([[EXP], [("floor", [1], 0), ("floor", [4], 0), ("floor", [4], 0)]], [-4, 1, 1])
    with pytest.raises(NoRange):
        network_range(network, network.readouts[0])


@pytest.mark.parametrize("name", ["relu2", "relu5", "product"])
def test_powers_and_products_have_no_range(name: str):
    network = net([[("relu", [1], 0), ("relu", [1], 0)], [(name, [1, 1], 0)]], [1])
    with pytest.raises(NoRange, match=name):
        network_range(network, network.readouts[0])
