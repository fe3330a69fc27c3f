"""Networks proved linear on Kuhn simplices: against evaluation at any points, and against every simplex."""

from __future__ import annotations

from fractions import Fraction as Q
from itertools import product

import numpy as np
import pytest
from built import exact
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs.errors import ConstructError
from constructs.network import Network
from constructs.neurons import Affine, Neuron, Readout
from constructs.rationals import Rationals
from constructs.targets.kuhn import KuhnTarget
from verify.kuhn_regions import nodal_values
from verify.regions import Undecided
from verify.simplices import simplex_vertices

halves = st.fractions(-3, 3, max_denominator=2)


def affine(weights: dict[int, Q | int], bias: Q | int = 0) -> Affine:
    return Affine(tuple((s, exact(Q(w))) for s, w in sorted(weights.items()) if w), exact(Q(bias)))


def relu(name: str, weights: dict[int, Q | int], bias: Q | int = 0) -> Neuron:
    return Neuron(name, "", "relu", affine(weights, bias))


@st.composite
def networks(draw: st.DrawFn) -> tuple[Network, int]:
    """A grid and a network whose first layer bends on its faces x_i = k/m and x_i - x_j = k/m, or nearly."""
    dim, m = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    cells = m * draw(st.integers(1, 2))
    first = []
    for i in range(draw(st.integers(1, 3))):
        axis, other = draw(st.integers(0, dim - 1)), draw(st.integers(0, dim - 1))
        weights = {axis: m, other: -m} if axis != other and draw(st.booleans()) else {axis: m}
        factor = draw(halves)
        bias = draw(st.integers(-m, m)) + draw(st.sampled_from([Q(0), Q(0), Q(0), Q(1, 2)]))
        first.append(relu(f"first {i}", {s: factor * w for s, w in weights.items()}, factor * bias))
    layers = [tuple(first)]
    for j in range(draw(st.integers(0, 2))):
        sources = range(len(layers[-1]))
        layers.append(
            tuple(
                relu(f"{j} {i}", {s: draw(halves) for s in sources}, draw(halves))
                for i in range(draw(st.integers(1, 3)))
            )
        )
    readouts = tuple(
        Readout(j, j, affine({s: draw(halves) for s in range(len(layer))}, draw(halves)))
        for j, layer in enumerate(layers, start=1)
    )
    return Network(dim, tuple(layers), readouts), cells


def at_nodes(network: Network, number: int, neuron: Neuron, cells: int) -> np.ndarray:
    """The pre-activation at all nodes, one evaluation each."""
    cut = Network(network.inputs, network.layers[: number - 1], (Readout(0, number - 1, neuron.affine),))
    nodes = [[fmpq(k, cells) for k in node] for node in np.ndindex(*(cells + 1,) * network.inputs)]
    values = np.empty(len(nodes), dtype=object)
    values[:] = [cut.evaluate(x)[0] if number > 1 else neuron.affine(x) for x in nodes]
    return values.reshape((cells + 1,) * network.inputs)


def bends(values: np.ndarray) -> bool:
    """Whether some simplex has vertices of both signs, from all orders of the axes."""
    return any(
        bool(((np.min(v, axis=0) < 0) & (np.max(v, axis=0) > 0)).any())
        for v in map(np.array, simplex_vertices(values))
    )


def interpolant(values: Rationals, cells: int) -> KuhnTarget:
    array = np.empty(values.numerators.shape, dtype=object)
    array.reshape(-1)[:] = [fmpq(n, values.denominator) for n in values.numerators.reshape(-1).tolist()]
    return KuhnTarget(cells, array)


@settings(max_examples=60)
@given(networks(), st.data())
def test_any_network_is_its_interpolant_or_bends_within_a_simplex(
    made: tuple[Network, int], data: st.DataObject
):
    network, cells = made
    bent = next(
        (
            (number, neuron.name)
            for number, layer in enumerate(network.layers, start=1)
            for neuron in layer
            if bends(at_nodes(network, number, neuron, cells))
        ),
        None,
    )
    found = []
    try:
        found.extend(nodal_values(network, cells))
    except Undecided as error:
        assert bent is not None
        assert f"neuron {bent[1]!r} of layer {bent[0]}: changes its sign" in str(error)  # noqa: PT017
        assert [level for level, _ in found] == list(range(1, bent[0]))
    else:
        assert bent is None
        assert len(found) == network.depth
    for _ in range(3):
        x = [exact(data.draw(st.fractions(0, 1, max_denominator=40))) for _ in range(network.inputs)]
        values = network.evaluate(x)
        for level, nodal in found:
            assert interpolant(nodal, cells).exact(x) == values[level - 1]


def hat(node: tuple[int, ...], cells: int, factor: int = 1) -> Network:
    """max(0, 1 - max(0, t) - max(0, -t)) by maxima of two forms, a layer each; t = cells x - k; times factor."""
    d, m = len(node), cells
    layers, up, down = [], {}, {}
    up_bias = down_bias = 0
    for j, k in enumerate(node):
        x = d - 1  # carriers of all x first, then a, b
        carriers = [relu(f"x{i}", {i: 1}) for i in range(d)]
        a = relu("a", up | {j: up.get(j, 0) - m}, up_bias + k)
        b = relu("b", down | {j: down.get(j, 0) + m}, down_bias - k)
        layers.append((*carriers, a, b))
        up, up_bias = {j: m, x + 1: 1}, -k  # the maximum so far is t_j + a, that of -t is -t_j + b
        down, down_bias = {j: -m, x + 2: 1}, k
    layers.append((relu("psi", {d: -1, d + 1: -1}, 1),))
    return Network(d, tuple(layers), (Readout(1, d + 1, affine({0: factor})),))


@pytest.mark.parametrize(("dim", "cells"), [(1, 1), (1, 4), (2, 1), (2, 3), (3, 1), (3, 2), (4, 1), (4, 2)])
def test_hats_are_one_at_their_node(dim: int, cells: int):
    for node in product(range(cells + 1), repeat=dim):
        ((level, nodal),) = nodal_values(hat(node, cells), cells)
        want = np.zeros((cells + 1,) * dim, dtype=int)
        want[node] = 1
        assert level == 1
        assert (nodal.numerators == want * nodal.denominator).all()


def test_hats_on_finer_and_on_wrong_grids():
    network = hat((1, 1), 2)
    ((_, nodal),) = nodal_values(network, 4)
    assert fmpq(int(nodal.numerators[1, 1]), nodal.denominator) == fmpq(1, 2)
    with pytest.raises(Undecided, match=r"neuron 'a' of layer 1: .* \(1, 0\) and \(2, 0\)"):
        list(nodal_values(network, 3))


def test_numbers_beyond_64_bits():
    big = 10**30
    ((_, nodal),) = nodal_values(hat((1, 0), 2, big), 2)
    assert nodal.numerators[1, 0] == big * nodal.denominator
    steep = Network(
        1,
        ((relu("a", {0: 2 * big}, -big), relu("b", {0: -2 * big}, big)),),
        (Readout(1, 1, affine({0: 1, 1: 1})),),
    )
    ((_, nodal),) = nodal_values(steep, 2)
    assert nodal.numerators.tolist() == [big * nodal.denominator, 0, big * nodal.denominator]
    with pytest.raises(Undecided, match="neuron 'a' of layer 1"):
        list(nodal_values(steep, 3))


def test_a_bend_by_the_least_amount_is_seen():
    tiny = Network(1, ((relu("a", {0: 2}, Q(-1) - Q(1, 10**40)),),), (Readout(1, 1, affine({0: 1})),))
    with pytest.raises(Undecided, match="'a'"):
        list(nodal_values(tiny, 2))


@pytest.mark.parametrize("activation", ["floor", "exp2", "sine", "relu2", "relu5"])
def test_other_activations_are_undecided(activation: str):
    neuron = Neuron("n", "", activation, affine({}, 1))
    network = Network(1, ((neuron,),), (Readout(1, 1, affine({0: 1})),))
    with pytest.raises(Undecided, match=f"neuron 'n' of layer 1: {activation}"):
        list(nodal_values(network, 2))


def test_products_are_undecided():
    carried = Neuron("x", "", "relu", affine({0: 1}, 0))
    square = Neuron("n", "", "product", affine({0: 1, 1: 1}, 0))
    network = Network(1, ((carried, carried), (square,)), (Readout(1, 2, affine({0: 1})),))
    with pytest.raises(Undecided, match="neuron 'n' of layer 2: product"):
        list(nodal_values(network, 2))


def test_arguments():
    network = hat((1, 0), 1)
    with pytest.raises(ConstructError, match="level"):
        nodal_values(network, 1, levels=[2])
    for cells in (0, -1, 10**9):
        with pytest.raises(ConstructError, match="cells"):
            nodal_values(network, cells)
    assert list(nodal_values(Network(2, (), ()), 3)) == []
    assert list(nodal_values(network, 1, levels=[])) == []


def test_a_constant_is_given_at_all_nodes():
    network = Network(
        2,
        (
            (
                relu("a", {}, -1),
                relu("b", {0: -1}),
            ),
        ),
        (Readout(5, 1, affine({0: 1, 1: 2}, 3)),),
    )
    ((level, nodal),) = nodal_values(network, 2)
    assert (level, nodal.numerators.shape) == (5, (3, 3))
    assert (nodal.numerators == 3 * nodal.denominator).all()
