"""Splines on finer meshes against sums of B-splines by their definition; networks against splines, from weights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from splines import rationals
from splines import spline as by_definition

from constructs import multiplicative
from constructs.network import Network
from constructs.neurons import Affine
from constructs.supports import support
from verify.splines.product_regions import differs_from_spline
from verify.splines.tensor import Spline, from_rationals


@st.composite
def splines(draw: st.DrawFn, most: int = 4) -> Spline:
    dim, q = draw(st.integers(1, 2)), draw(st.integers(1, 3))
    mesh = draw(st.integers(1, most if dim == 1 else 2))
    count = (mesh + q) ** dim
    c = draw(st.lists(st.integers(-9, 9), min_size=count, max_size=count))
    return Spline(q, mesh, np.array(c).reshape((mesh + q,) * dim), draw(st.integers(1, 5)))


def value(s: Spline, x: list[fmpq]) -> fmpq:
    return by_definition(s.coefficients.astype(object), s.degree, s.mesh, -s.degree, x) / s.denominator


@settings(max_examples=60)
@given(splines(), st.integers(1, 3), st.data())
def test_values_and_refinements(s: Spline, factor: int, data: st.DataObject):
    x = data.draw(st.lists(rationals(0, 1), min_size=s.dim, max_size=s.dim))
    fine = s.refined(factor)
    assert fine.mesh == s.mesh * factor
    assert s.value(x) == fine.value(x)
    if all(c < 1 for c in x):  # the definition's pieces are half-open
        assert s.value(x) == value(s, x)


@settings(max_examples=40)
@given(splines(), st.data())
def test_centres_and_hulls(s: Spline, data: st.DataObject):
    centres, denominator = s.at_centres()
    box = tuple(data.draw(st.integers(0, s.mesh - 1)) for _ in range(s.dim))
    middle = [fmpq(2 * b + 1, 2 * s.mesh) for b in box]
    assert fmpq(int(centres[box]), denominator) == value(s, middle)
    inside = [(b + data.draw(rationals(0, 1).filter(lambda t: 0 < t < 1))) / s.mesh for b in box]
    low, high, below = s.hull()
    assert low[box] <= value(s, inside) * below <= high[box]
    step = fmpq(1, 10**6) / s.mesh
    for axis in range(s.dim):
        moved = [
            c + (step if i == axis and c + step < fmpq(b + 1, s.mesh) else 0)
            for i, (b, c) in enumerate(zip(box, inside, strict=True))
        ]
        if moved == inside:
            continue
        low, high, below = s.hull((axis,))
        # a difference quotient is a value of the derivative in between
        assert low[box] <= (value(s, moved) - value(s, inside)) / step * below <= high[box]


def test_large_numbers_stay_exact():
    s = Spline(3, 2, np.array([2**61, -(2**61), 2**61, 0, 1]), 1)
    x = [fmpq(1, 3)]
    assert s.refined(3).value(x) == s.value(x) == value(s, x)


@settings(max_examples=30)
@given(splines(most=3))
def test_networks_are_their_splines(s: Spline):
    c = np.empty(s.coefficients.shape, dtype=object)
    c.reshape(-1)[:] = [fmpq(int(n), s.denominator) for n in s.coefficients.reshape(-1).tolist()]
    network = multiplicative.build(c, s.degree, s.mesh).network
    assert differs_from_spline(network, s) is None
    assert differs_from_spline(network, from_rationals(s.degree, s.mesh, c)) is None


def small(degree: int = 1) -> tuple[Network, Spline]:
    c = np.array(
        [[fmpq(3 * i - j * j, 2) for i in range(2 + degree)] for j in range(2 + degree)], dtype=object
    )
    return multiplicative.build(c, degree, 2).network, from_rationals(degree, 2, c)


def with_neuron(network: Network, layer: int, n: int, affine: Affine) -> Network:
    layers = [list(row) for row in network.layers]
    layers[layer][n] = replace(layers[layer][n], affine=affine)
    return Network(network.inputs, tuple(tuple(row) for row in layers), network.readouts)


@pytest.mark.parametrize("degree", [1, 2])
def test_wrong_networks_are_seen(degree: int):
    network, s = small(degree)
    assert differs_from_spline(network, s) is None
    # units outside the cube do not matter there: one inside
    boxes = [support(network, n) for n in range(len(network.layers[1]))]
    inside = next(n for n, b in enumerate(boxes) if b is not None and min(b.lo) >= 0 and max(b.hi) <= 1)
    unit = network.layers[1][inside].affine
    missing = with_neuron(network, 1, inside, Affine(unit.terms[:-1], unit.bias))
    assert "differs" in str(differs_from_spline(missing, s))
    n = unit.terms[0][0]
    side = network.layers[0][n].affine
    moved = with_neuron(network, 0, n, Affine(side.terms, side.bias + fmpq(1, 7)))
    assert "inside a cell" in str(differs_from_spline(moved, s))
    knot = with_neuron(network, 0, n, Affine(side.terms, side.bias + 1))
    assert "differs" in str(differs_from_spline(knot, s))
    readout = network.readouts[0]
    terms = tuple((m, w + fmpq(m == inside, 2**60)) for m, w in readout.affine.terms)
    off = replace(readout, affine=Affine(terms, readout.affine.bias))
    assert "differs" in str(differs_from_spline(Network(2, network.layers, (off,)), s))
    lifted = replace(readout, affine=Affine(readout.affine.terms, fmpq(1, 2**60)))
    assert "differs" in str(differs_from_spline(Network(2, network.layers, (lifted,)), s))


def test_other_networks_are_not_proved():
    network, s = small()
    from constructs import geometric
    from constructs.rationals import Rationals

    half = [Rationals.of(["1/2"])]
    other = geometric.build(half, 2, [fmpq(1, 16)], digits="floor", decoder="bits").network
    assert differs_from_spline(other, s) is not None
    assert differs_from_spline(network.prefix(0), s) is None
    wrong = Spline(s.degree, s.mesh, s.coefficients + np.eye(s.mesh + 1, dtype=np.int64), s.denominator)
    assert differs_from_spline(network, wrong) is not None
