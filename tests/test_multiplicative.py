"""Multiplicative networks equal their splines everywhere; what they are made of; and wrong ones are seen."""

from __future__ import annotations

import json
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np
import pytest
from built import Q, number, value_by_hand
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from splines import LEAST_MESH, arrays, polynomial, polynomials, rationals, spline
from test_bsplines import bspline

from constructs.bsplines import local_coefficients
from constructs.errors import ConstructError
from constructs.multiplicative import build
from constructs.network import Network
from constructs.neurons import Affine, Readout
from constructs.quasi_interpolation import on_cube, zero_outside
from constructs.supports import support

places = st.sampled_from([fmpq(0), fmpq(1)]) | rationals(0, 1)


def value(network: Network, x: list[fmpq]) -> fmpq:
    (found,) = network.evaluate(x)
    assert isinstance(found, fmpq)
    return found


@settings(max_examples=60)
@given(st.data())
def test_the_network_is_the_spline_everywhere(data: st.DataObject):
    dim = data.draw(st.integers(1, 3))
    q = data.draw(st.integers(1, {1: 5, 2: 3, 3: 2}[dim]))
    mesh, first = data.draw(st.integers(1, 4)), data.draw(st.integers(-q, 1))
    shape = tuple(data.draw(st.integers(1, {1: 7, 2: 3, 3: 2}[dim])) for _ in range(dim))
    c = data.draw(arrays(shape))
    network = build(c, q, mesh, first).network
    for _ in range(3):
        x = data.draw(st.lists(rationals(-3, 5), min_size=dim, max_size=dim))  # in and out of the cube
        assert value(network, x) == spline(c, q, mesh, first, x)


@settings(max_examples=40)
@given(st.data())
def test_polynomials_are_reproduced_up_to_the_boundary(data: st.DataObject):
    q, dim = data.draw(
        st.sampled_from([(1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (1, 2), (2, 2), (3, 2), (1, 3), (2, 3)])
    )
    mesh = LEAST_MESH[q] + (data.draw(st.integers(0, 3)) if dim < 3 else 0)
    p = data.draw(polynomials(q, dim))
    rule = on_cube(q, mesh, dim)
    network = build(rule.coefficients(rule.samples(lambda x: polynomial(p, x))), q, mesh).network
    for _ in range(3):
        x = data.draw(st.lists(places, min_size=dim, max_size=dim))
        assert value(network, x) == polynomial(p, x)


def test_cubic_polynomials_in_space():
    p = np.arange(-20, 44).reshape((4, 4, 4))
    rule = on_cube(3, 3, 3)
    network = build(rule.coefficients(rule.samples(lambda x: polynomial(p, x))), 3, 3).network
    for x in (
        [fmpq(0)] * 3,
        [fmpq(1)] * 3,
        [fmpq(1, 7), fmpq(1), fmpq(2, 3)],
        [fmpq(5, 9), fmpq(1, 3), fmpq(0)],
    ):
        assert value(network, x) == polynomial(p, x)


@given(st.integers(1, 5), st.integers(1, 6), rationals(0, 1))
def test_partition_of_unity(q: int, mesh: int, t: fmpq):
    network = build(np.ones(mesh + q, dtype=int), q, mesh).network
    assert value(network, [t]) == 1
    assert value(network, [fmpq(-q - 1, mesh)]) == value(network, [fmpq(mesh + q + 1, mesh)]) == 0


@settings(max_examples=40)
@given(st.integers(1, 3), st.integers(1, 2), st.integers(1, 4), st.data())
def test_units_and_their_supports(q: int, dim: int, mesh: int, data: st.DataObject):
    c = data.draw(arrays((mesh + q,) * dim))
    built = build(c, q, mesh)
    network = built.network
    first, second = network.layers
    assert len(network.readouts) == 1
    assert len(set(first)) == len(first) == len({n.name for n in first})
    assert {n.activation for n in first} == {"relu" if q == 1 else f"relu{q}"}
    boxes = [support(network, j) for j in range(len(second))]
    assert len(set(boxes)) == built.units == len(second)
    assert built.units <= max(1, built.units_before)
    assert built.units_before == int(np.count_nonzero(c)) * len(local_coefficients(q)) ** dim
    x = data.draw(st.lists(rationals(-1, 2, 12), min_size=dim, max_size=dim))
    sides = [n.affine(x) for n in first]
    for neuron, box in zip(second, boxes, strict=True):
        assert len(neuron.affine.terms) == 2 * dim
        assert box is not None
        for a, b in zip(box.lo, box.hi, strict=True):
            assert fmpq(1, mesh) <= b - a <= fmpq(q + 1, mesh)
        inside = all(a < t < b for a, t, b in zip(box.lo, x, box.hi, strict=True))
        assert (prod(max(sides[s], fmpq(0)) for s, _ in neuron.affine.terms) > 0) == inside
        assert box.holds(tuple(x)) or not inside


def test_counts():
    """Generic coefficients: (q+1) (2M+3q) / 2 intervals on an axis; 2m weights a unit, M x_i - k two or one a side."""
    draw = np.random.default_rng(1)
    for q, mesh, dim in ((1, 8, 2), (2, 5, 2), (3, 4, 1), (1, 3, 3), (5, 6, 1)):
        c = draw.integers(10**6, 10**9, (mesh + q,) * dim)
        built = build(c, q, mesh)
        splines = mesh + q
        intervals = sum(splines + q + 1 - length for length in range(1, q + 2))
        assert built.units == intervals**dim
        assert built.units_before == (splines * (q + 1) * (q + 2) // 2) ** dim
        sides = [n.affine for n in built.network.layers[0]]
        assert len(sides) == 2 * dim * (splines + q)
        weights = sum(1 + (a.bias != 0) for a in sides)
        assert built.network.parameters == weights + 2 * dim * built.units + built.units
        assert built.network.depth == 2
        assert built.network.width == built.units


def test_one_spline_and_none():
    c = np.zeros((5, 5), dtype=int)
    nothing = build(c, 2, 3)
    assert (nothing.units, nothing.units_before) == (1, 0)
    assert value(nothing.network, [fmpq(1, 3), fmpq(1, 2)]) == 0
    assert nothing.network.subnetwork(0).evaluate([0, 0]) == [0]
    c[2, 3] = 1
    one = build(c, 2, 3)
    assert one.units == one.units_before == 36
    x = [fmpq(1, 2), fmpq(5, 6)]
    assert value(one.network, x) == bspline(2, 3 * x[0]) * bspline(2, 3 * x[1] - 1)


@settings(max_examples=30)
@given(st.integers(1, 3), st.data())
def test_the_variant_on_the_whole_space(q: int, data: st.DataObject):
    mesh = data.draw(st.integers(2, 4))
    rule = zero_outside(q, mesh, 2)
    samples = data.draw(arrays((len(rule.axis.points),) * 2))
    c = rule.coefficients(samples)
    built = build(c, q, mesh, rule.axis.first)
    x = data.draw(st.lists(rationals(-2, 3), min_size=2, max_size=2))
    assert value(built.network, x) == spline(c, q, mesh, rule.axis.first, x)
    w = fmpq(2 * (q // 2), mesh)
    for j in range(len(built.network.layers[1])):
        box = support(built.network, j)
        assert box is not None
        assert all(-w <= a and b <= 1 + w for a, b in zip(box.lo, box.hi, strict=True))


@settings(max_examples=20)
@given(st.integers(1, 3), st.integers(1, 2), st.data())
def test_json_and_floats(q: int, dim: int, data: st.DataObject):
    network = build(data.draw(arrays((3,) * dim)), q, 2).network
    text = json.dumps(network.to_json())
    assert Network.from_json(json.loads(text)) == network
    x = data.draw(st.lists(rationals(0, 1), min_size=dim, max_size=dim))
    exact = value(network, x)
    assert value_by_hand(json.loads(text), [number(str(t)) for t in x]) == [Q(str(exact))]
    floats = network.evaluate_floats(np.array([[float(Q(str(t))) for t in x]]))
    assert floats[0, 0] == pytest.approx(float(Q(str(exact))), abs=1e-10)


# Wrong networks.


def _changed(network: Network, unit: int, terms: Any = None, weight: fmpq | None = None) -> Network:
    first, second = network.layers
    readout = network.readouts[0]
    if terms is not None:
        neuron = replace(second[unit], affine=Affine(terms, fmpq(0)))
        return Network(
            network.inputs, (first, (*second[:unit], neuron, *second[unit + 1 :])), network.readouts
        )
    weights = [(j, weight if j == unit else w) for j, w in readout.affine.terms]
    changed = Affine(tuple((j, w) for j, w in weights if w is not None and w != 0), readout.affine.bias)
    return Network(network.inputs, network.layers, (Readout(0, 2, changed),))


@settings(max_examples=40)
@given(st.integers(1, 3), st.integers(1, 2), st.data())
def test_a_missing_factor_or_a_wrong_weight_is_seen(q: int, dim: int, data: st.DataObject):
    mesh = LEAST_MESH[q] + 1
    rule = on_cube(q, mesh, dim)
    network = build(rule.coefficients(rule.samples(lambda x: 1 + sum(x, fmpq(0)))), q, mesh).network
    unit = data.draw(st.sampled_from([j for j, _ in network.readouts[0].affine.terms]))
    box = support(network, unit)
    assert box is not None
    inner = [data.draw(rationals(0, 1).filter(lambda t: 0 < t < 1)) for _ in range(dim)]
    x = [a + t * (b - a) for a, t, b in zip(box.lo, inner, box.hi, strict=True)]
    right = value(network, x)
    weight = dict(network.readouts[0].affine.terms)[unit]
    for off in (fmpq(1), fmpq(-1), fmpq(1, 2**52) * weight):
        assert value(_changed(network, unit, weight=weight + off), x) != right
    assert value(_changed(network, unit, weight=fmpq(0)), x) != right
    terms = network.layers[1][unit].affine.terms
    gone = data.draw(st.sampled_from(terms))
    wrong = _changed(network, unit, terms=tuple(t for t in terms if t != gone))
    assert support(wrong, unit) is None
    factor = max(network.layers[0][gone[0]].affine(x), fmpq(0)) ** q
    assert (value(wrong, x) == right) == (factor == 1)
    beyond = list(x)
    (axis, slope), bias = network.layers[0][gone[0]].affine.terms[0], network.layers[0][gone[0]].affine.bias
    beyond[axis] = -bias / slope - (1 if slope > 0 else -1)  # where the factor is 0 in the true network
    assert value(wrong, beyond) != value(network, beyond)


def test_refusals():
    c = np.ones(3, dtype=int)
    for degree, mesh in ((0, 1), (6, 1), (1, 0), (True, 1), (1, 1.0)):
        with pytest.raises(ConstructError):
            build(c, degree, mesh)  # type: ignore[arg-type]
    for bad in (np.array(1), np.ones((0,), dtype=int), np.ones((2, 0), dtype=int), np.array([0.5])):
        with pytest.raises(ConstructError):
            build(bad, 1, 1)
    with pytest.raises(ConstructError, match="first"):
        build(c, 1, 1, first=2**40)
    with pytest.raises(ConstructError, match="local units"):
        build(np.ones((40, 40, 40), dtype=int), 3, 37)
