"""Networks of one input executed to a Piecewise: equal to the expected function, or not proved equal."""

from __future__ import annotations

import importlib.util
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp
from flint import fmpq
from hypothesis import given, settings
from small_networks import networks, value

from constructs import multigrade
from constructs.erosion import Residual
from constructs.raw_layers import layers
from verify.symbolic.execution import computes, executed
from verify.symbolic.pieces import of_expression, x
from verify.symbolic.statements import Undecided

EXAMPLES = Path(__file__).parent.parent / "examples"


def sawtooth(m: int) -> Any:
    """The m-fold composition of the tooth 1 - |1 - 2x| as a SymPy expression."""
    g: Any = x
    for _ in range(m):
        g = 1 - sp.Abs(1 - 2 * g)
    return g


def from_examples(name: str):
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("m", [1, 2, 3, 4])
def test_sawtooth_and_square(m: int):
    deep = from_examples("telgarsky_sawtooth").network(m)
    assert computes(deep, sawtooth(m)).proved
    assert not computes(deep, sawtooth(m + 1)).proved
    assert not computes(deep, sawtooth(m) + sp.Rational(1, 10**30)).proved
    square = x - sum((sawtooth(s) / sp.Integer(4) ** s for s in range(1, m + 1)), sp.S.Zero)
    network = from_examples("yarotsky_square").network(m)
    assert computes(network, square).proved
    assert not computes(network, x**2).proved


def test_a_hat_of_a_multigrade_network():
    built = multigrade.build(Residual(np.full(5, 3), 1), 2, 1).network
    left, middle = 3 * sp.Max(0, 1 - 2 * x), 3 * sp.Max(0, 1 - abs(2 * x - 1))
    assert computes(built, left, level=1).proved
    assert computes(built, left + middle, level=2).proved
    assert computes(built, sp.Integer(3), level=3).proved
    assert not computes(built, middle, level=1).proved
    assert not computes(built, left + middle, level=3).proved


def test_a_staircase_is_the_floor_outside_its_strips():
    delta = Fraction(1, 12)
    rows, weights = [], []
    for j in (1, 2):
        bias = -Fraction(j, 3) / delta
        rows += [("relu", [1 / delta], bias + 1), ("relu", [1 / delta], bias)]
        weights += [1, -1]
    network = layers([rows], (weights, 0))
    strips = [((j - sp.Rational(1, 4)) / 3, sp.Rational(j, 3)) for j in (1, 2)]
    ramps = [sp.Min(1, sp.Max(0, (x - a) / (b - a))) for a, b in strips]
    assert computes(network, ramps[0] + ramps[1]).proved
    assert not computes(network, sp.floor(3 * x)).proved
    steps = sp.Piecewise((sp.floor(3 * x), x <= strips[0][0]), (ramps[0] + ramps[1], x < 1), (2, True))
    assert computes(network, steps).proved


def test_one_point_makes_a_difference():
    network = layers([[("floor", [3], 0)]], ([1], 0))
    third = sp.Rational(1, 3)
    assert computes(network, sp.floor(3 * x)).proved
    cases = ((2, sp.Ge(x, 2 * third)), (1, sp.Ge(x, third)), (0, True))
    assert computes(network, sp.Piecewise((3, sp.Eq(x, 1)), *cases)).proved
    assert "at 1:" in computes(network, sp.Piecewise(*cases)).reason
    wrong = sp.Piecewise((3, sp.Eq(x, 1)), (2, sp.Ge(x, 2 * third)), (1, sp.Gt(x, third)), (0, True))
    assert "at 1/3:" in computes(network, wrong).reason


@settings(max_examples=40, deadline=None)
@given(networks())
def test_the_piecewise_has_the_network_s_values(network):
    pieces = executed(network)
    again = of_expression(pieces.expression())
    places = {*pieces.breaks, *((a + b) / 2 for a, b in zip(pieces.breaks, pieces.breaks[1:], strict=False))}
    fine = again.refined(sorted(places))
    for at, found in zip(fine.breaks, fine.values, strict=True):
        expected = value(network, fmpq(int(at.p), int(at.q)))
        assert (int(found.p), int(found.q)) == (int(expected.p), int(expected.q))
    assert computes(network, pieces.expression()).proved
    assert not computes(
        network, pieces.expression() + sp.Piecewise((1, sp.Eq(x, sp.Rational(2, 7))), (0, True))
    ).proved


def test_what_is_not_understood_is_undecided():
    network = layers([[("relu", [1], 0)]], ([1], 0))
    for expression in (
        sp.sin(x),
        sp.sqrt(x),
        1 / (1 + x),
        sp.Symbol("y"),
        sp.Abs(x**2 - sp.Rational(1, 2)),
        sp.pi * x,
    ):
        assert not computes(network, expression).proved
    assert computes(network, x).proved
    assert not computes(network, sp.Symbol("x")).proved  # another x, which need not be real
    with pytest.raises(Undecided):
        executed(layers([[("sine", [1], 0)]], ([1], 0)))
    with pytest.raises(Undecided):
        executed(layers([[("relu", [1, 1], 0)]], ([1], 0), inputs=2))
    assert "no readout" in computes(network, x, level=3).reason
