"""Supports from weights; where the output can change when the target changes in a box, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from splines import LEAST_MESH, arrays, rationals
from test_multiplicative import value
from test_network import product

from constructs.errors import ConstructError
from constructs.locality import difference, reach
from constructs.multiplicative import build
from constructs.network import Network
from constructs.neurons import Affine, Neuron, Readout
from constructs.quasi_interpolation import QuasiInterpolation, on_cube, zero_outside
from constructs.supports import Box, support

ONE = fmpq(1)


def side(activation: str, bias: fmpq | int, *weights: tuple[int, int]) -> Neuron:
    return Neuron("s", "", activation, Affine(tuple((i, fmpq(w)) for i, w in weights), fmpq(bias)))


def one_unit(inputs: int, *sides: Neuron, activation: str = "product") -> Network:
    unit = product("u", *range(len(sides)))
    if activation != "product":
        unit = Neuron("u", "", activation, unit.affine)
    return Network(inputs, (sides, (unit,)), (Readout(0, 2, Affine(((0, ONE),), fmpq(0))),))


def test_supports():
    low, high = side("relu2", -1, (0, 3)), side("relu", 2, (0, -3))
    assert support(one_unit(1, low, high), 0) == Box((fmpq(1, 3),), (fmpq(2, 3),))
    narrower = side("relu5", fmpq(1, 2), (0, -1))
    assert support(one_unit(1, low, high, narrower), 0) == Box((fmpq(1, 3),), (fmpq(1, 2),))
    empty = support(one_unit(1, side("relu", -3, (0, 3)), high), 0)
    assert empty is not None
    assert not empty.solid
    square = one_unit(2, low, high, side("relu", 0, (1, 1)), side("relu", 5, (1, -1)))
    assert support(square, 0) == Box((fmpq(1, 3), fmpq(0)), (fmpq(2, 3), fmpq(5)))


@pytest.mark.parametrize(
    "network",
    [
        one_unit(1, side("relu", 0, (0, 1))),
        one_unit(1, side("relu", 0, (0, -1)), side("relu2", 1, (0, -1))),
        one_unit(2, side("relu", 0, (0, 1)), side("relu", 1, (0, -1)), side("relu", 0, (1, 1))),
        one_unit(2, side("relu", 0, (0, 1), (1, 1)), side("relu", 1, (0, -1)), side("relu", 1, (1, -1))),
        one_unit(1, side("relu", 0, (0, 1)), side("relu", 1, (0, -1)), side("relu", 1)),
        one_unit(1, side("relu", 0, (0, 1)), side("floor", 1, (0, -1))),
        one_unit(1, side("relu", 0, (0, 1)), side("relu", 1, (0, -1)), activation="relu"),
    ],
)
def test_what_is_not_known_to_be_local(network: Network):
    assert support(network, 0) is None
    nothing = Network(network.inputs, network.layers, (Readout(0, 2, Affine((), fmpq(0))),))
    assert difference(network, nothing) is None
    assert difference(network, network) == ()


@st.composite
def rules(draw: st.DrawFn) -> QuasiInterpolation:
    q, dim = draw(st.sampled_from([(1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (1, 2), (2, 2), (1, 3)]))
    least = max(LEAST_MESH[q], 2)
    mesh = draw(st.integers(least, least + {1: 9, 2: 3, 3: 1}[dim]))
    return draw(st.sampled_from([on_cube, zero_outside]))(q, mesh, dim)


@st.composite
def boxes(draw: st.DrawFn, rule: QuasiInterpolation) -> Box:
    """A cell of the mesh, or any box."""
    mesh = rule.axis.mesh
    if draw(st.booleans()):
        cell = draw(st.lists(st.integers(0, mesh - 1), min_size=rule.dim, max_size=rule.dim))
        return Box(tuple(fmpq(k, mesh) for k in cell), tuple(fmpq(k + 1, mesh) for k in cell))
    sides = [sorted(draw(st.lists(rationals(0, 1, 20), min_size=2, max_size=2))) for _ in range(rule.dim)]
    return Box(tuple(a for a, _ in sides), tuple(b for _, b in sides))


def within_one_width(rule: QuasiInterpolation, b: Box, box: Box) -> bool:
    """Whether b's part in the cube, if it has interior points, is at most (q+1)/M away from the box."""
    width = fmpq(rule.axis.degree + 1, rule.axis.mesh)
    part = Box(tuple(max(a, fmpq(0)) for a in b.lo), tuple(min(a, ONE) for a in b.hi))
    wide = Box(tuple(a - width for a in box.lo), tuple(a + width for a in box.hi))
    return wide.contains(part) or not part.solid


def network_of(rule: QuasiInterpolation, samples: np.ndarray) -> Network:
    return build(rule.coefficients(samples), rule.axis.degree, rule.axis.mesh, rule.axis.first).network


@settings(max_examples=60)
@given(rules(), st.data())
def test_a_change_in_a_box_is_seen_within_its_reach_only(rule: QuasiInterpolation, data: st.DataObject):
    dim, box = rule.dim, data.draw(boxes(rule))
    f, other = (data.draw(arrays((len(rule.axis.points),) * dim)) for _ in range(2))
    inside = [np.array([a <= x <= b for x in rule.axis.points]) for a, b in zip(box.lo, box.hi, strict=True)]
    where = np.ix_(*inside) if all(i.any() for i in inside) else None
    g = f.copy()
    if where is not None:
        g[where] = other[where]
    near, before, after = reach(rule, box), network_of(rule, f), network_of(rule, g)
    assert bool(near) == (where is not None)
    changed = difference(before, after)
    assert changed is not None
    assert set(changed) <= set(near)
    for b in near:
        assert within_one_width(rule, b, box)
    for _ in range(4):
        x = data.draw(st.lists(rationals(-1, 2), min_size=dim, max_size=dim))
        if not any(b.holds(tuple(x)) for b in near):
            assert value(before, x) == value(after, x)


@pytest.mark.parametrize(("q", "dim"), [(1, 1), (2, 1), (3, 1), (5, 1), (1, 2), (2, 2)])
def test_the_reach_is_no_larger_than_it_must_be(q: int, dim: int):
    """A random change in a cell changes the output in every cell of the reach, and in no other."""
    mesh = LEAST_MESH[q] + 5
    for make in (on_cube, zero_outside):
        rule, draw = make(q, mesh, dim), np.random.default_rng(q)
        cell = Box((fmpq(1, mesh),) * dim, (fmpq(2, mesh),) * dim)
        change = np.zeros((len(rule.axis.points),) * dim, dtype=object)
        inside = np.array([fmpq(1, mesh) <= x <= fmpq(2, mesh) for x in rule.axis.points])
        where = np.ix_(*[inside] * dim)
        change[where] = draw.integers(1, 10**6, change[where].shape).astype(object)
        network, near = network_of(rule, change), reach(rule, cell)
        for k in np.ndindex((mesh + 10,) * dim):
            x = tuple(fmpq(7 * (i - 5) + 3, 7 * mesh) for i in k)
            assert (value(network, list(x)) != 0) == any(b.holds(x) for b in near)


@settings(max_examples=60)
@given(rules(), st.data())
def test_the_output_at_a_point_depends_on_samples_within_one_support_width(
    rule: QuasiInterpolation, data: st.DataObject
):
    x = tuple(data.draw(st.lists(st.sampled_from(rule.axis.points), min_size=rule.dim, max_size=rule.dim)))
    assert all(within_one_width(rule, b, Box(x, x)) for b in reach(rule, Box(x, x)))


def test_networks_of_another_depth_are_refused():
    flat = Network(1, ((side("relu", 0, (0, 1)),),), (Readout(0, 1, Affine(((0, ONE),), fmpq(0))),))
    with pytest.raises(ConstructError, match="depth 1"):
        difference(flat, flat)
    with pytest.raises(ConstructError, match="box"):
        reach(on_cube(1, 2, 2), Box((fmpq(0),), (ONE,)))


def test_another_bias_changes_everything():
    network = one_unit(1, side("relu", 0, (0, 1)), side("relu", 1, (0, -1)))
    moved = Network(1, network.layers, (Readout(0, 2, Affine(((0, ONE),), ONE)),))
    assert difference(network, moved) is None
