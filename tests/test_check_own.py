"""The checker on claims of one's own made by hand: good certificates are accepted, bad ones are not."""

from __future__ import annotations

import copy
import importlib
import itertools
import json
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction as Q
from pathlib import Path
from typing import Any

import handmade_own as hand
import pytest
import sympy
from checked import rejects, status
from handmade import mutants, sealed
from handmade_own import Net, counted, erring, rising
from hypothesis import given, settings
from hypothesis import strategies as st

check = importlib.import_module("verify.check")
TINY = Q(1, 2**200)
HALF = Q(1, 2)
SQUARE = hand.polynomial([Q(0), Q(0), Q(1)])


def judged(net: Net, aim: hand.Aim | dict[str, Any], *rows: Any, **more: Any) -> str:
    raw = aim.raw if isinstance(aim, hand.Aim) else aim
    return status(hand.certificate(net, raw, list(rows), **more))


def refused(net: Net, aim: hand.Aim | dict[str, Any], *rows: Any, **more: Any) -> str:
    raw = aim.raw if isinstance(aim, hand.Aim) else aim
    return rejects(hand.certificate(net, raw, list(rows), **more))


def identity(readout: dict[int, Q] | None = None, bias: Q = Q(0)) -> Net:
    """x, by one relu."""
    return Net(1, [[("relu", {0: Q(1)}, Q(0))]], [(0, 1, {0: Q(1)} if readout is None else readout, bias)])


def floored(weight: Q, bias: Q = Q(0)) -> Net:
    """floor(weight·x + bias)."""
    return Net(1, [[("floor", {0: weight}, bias)]], [(0, 1, {0: Q(1)}, Q(0))])


# -- Yarotsky's network


@pytest.mark.parametrize("m", [1, 2, 3, 5])
def test_yarotsky_exactly(m: int) -> None:
    net, error = hand.sawtooth(m), Q(1, 4 ** (m + 1))
    assert hand.supremum(net, SQUARE)[0] == error
    middle = Q(1, 2 ** (m + 1))
    assert judged(net, SQUARE, erring(error, (Q(0), error))) == "proved"
    assert judged(net, SQUARE, erring(error, (error, error), witness=[middle])) == "proved"
    assert refused(net, SQUARE, erring(error, (Q(0), error - TINY))) == "findings[0].error[1]"
    place = refused(net, SQUARE, erring(error, (error + TINY, error + TINY), witness=[middle]))
    assert place == "findings[0].error[0]"
    below = error - TINY
    assert judged(net, SQUARE, erring(below, (Q(0), error))) == "undecided"
    assert judged(net, SQUARE, erring(below, (error, error), witness=[middle])) == "refuted"
    assert judged(net, SQUARE, erring(below, (error, None), witness=[middle])) == "refuted"


@pytest.mark.parametrize("m", [1, 2, 4])
def test_yarotsky_in_the_mean(m: int) -> None:
    net = hand.sawtooth(m)
    own = hand.square(net, SQUARE)
    assert own == Q(1, 30 * 16**m)
    assert judged(net, SQUARE, erring(Q(1, 5 * 4**m), (own, own), norm=2)) == "proved"
    assert judged(net, SQUARE, erring(Q(1, 6 * 4**m), (own, own), norm=2)) == "refuted"
    assert judged(net, SQUARE, erring(Q(1, 6 * 4**m), (Q(0), own), norm=2)) == "undecided"
    assert refused(net, SQUARE, erring(Q(1, 5 * 4**m), (own, own - TINY), norm=2)) == "findings[0].error"
    assert refused(net, SQUARE, erring(Q(1, 5 * 4**m), (own, own - own / 2), norm=2)) == "findings[0].error"
    assert refused(net, SQUARE, erring(Q(1, 5 * 4**m), (own / 3, own / 2), norm=2)) == "findings[0].error[1]"
    assert refused(net, SQUARE, erring(Q(1), (own + TINY, Q(1, 2)), norm=2)) == "findings[0].error[0]"
    assert refused(net, SQUARE, erring(Q(1), (Q(0), own), norm=2, witness=[HALF])) == "findings[0].witness"


def test_yarotsky_large() -> None:
    """1,024 pieces; also with a target of degree 5, for which double roots decide in every piece."""
    net, error = hand.sawtooth(10), Q(1, 4**11)
    start = time.process_time()
    assert judged(net, SQUARE, erring(error, (Q(0), error)), rising("proved")) == "proved"
    assert time.process_time() - start < 3
    assert refused(net, SQUARE, erring(error, (Q(0), error - TINY))) == "findings[0].error[1]"
    high = hand.expression("x0**2 + (x0-1/3)**4*0 + x0**5 - x0**4*x0")
    assert judged(net, high, erring(error, (Q(0), error))) == "proved"
    touching = hand.expression("x0**2*(1 - x0**2) + 0")  # |f| <= 1/4, at x^2 = 1/2: no rational point
    zero = identity({})
    start = time.process_time()
    assert judged(zero, touching, erring(Q(1, 4), (Q(0), Q(1, 4)))) == "proved"
    assert refused(zero, touching, erring(Q(1, 4), (Q(0), Q(1, 4) - TINY))) == "findings[0].error[1]"
    assert time.process_time() - start < 1


def test_double_roots_in_every_piece() -> None:
    """u^2 (c^2 - u^2) with a saw u of 1,024 teeth, from 0 to c: its maximum c^4/4 lies at irrational points."""
    saw = "x0"
    for j in range(1, 11):
        saw = f"abs({saw} - 1/2**{j})"
    target, top = hand.expression(f"({saw})**2*(1/2**20 - ({saw})**2)"), Q(1, 2**42)
    start = time.process_time()
    assert judged(identity({}), target, erring(top, (Q(0), top))) == "proved"
    assert time.process_time() - start < 3
    assert refused(identity({}), target, erring(top, (Q(0), top - TINY))) == "findings[0].error[1]"


# -- the shape of a network


def test_counts() -> None:
    net = hand.sawtooth(3)  # 4 neurons in each of 3 layers
    parameters = 4 + 2 + 2 * (3 * 3 + 4 + 2) + 4
    values = {"width": 4, "depth": 3, "neurons": 12, "parameters": parameters}
    for kind, value in values.items():
        assert judged(net, SQUARE, counted(kind, value, value)) == "proved"
        assert judged(net, SQUARE, counted(kind, value, value - 1)) == "refuted"
        assert judged(net, SQUARE, counted(kind, value, 10**9)) == "proved"
        for wrong in (value - 1, value + 1):
            assert refused(net, SQUARE, counted(kind, wrong, value)) == "findings[0].value"
        condition, own = counted(kind, value, value)
        assert refused(net, SQUARE, (condition, {**own, "bound": value + 1})) == "findings[0].bound"
        assert refused(net, SQUARE, (condition, {**own, "status": "refuted"})) == "findings[0].status"
        place = refused(net, SQUARE, (condition, {**own, "status": "undecided", "reason": "budget"}))
        assert place == "findings[0].status"
        assert refused(net, SQUARE, ({**condition, "at_most": True}, {**own, "bound": True})).endswith(
            "at_most"
        )


def activations(value: list[str], allowed: list[str], verdict: str) -> tuple[dict[str, Any], dict[str, Any]]:
    condition = {"kind": "activations", "allowed": allowed}
    return condition, hand.finding("activations", verdict, value=value, bound=allowed)


def test_activations() -> None:
    net = hand.sawtooth(1)
    assert judged(net, SQUARE, activations(["relu"], ["relu"], "proved")) == "proved"
    assert judged(net, SQUARE, activations(["relu"], ["floor", "relu", "tanh"], "proved")) == "proved"
    assert judged(net, SQUARE, activations(["relu"], ["floor"], "refuted")) == "refuted"
    assert judged(net, SQUARE, activations(["relu"], [], "refuted")) == "refuted"
    assert refused(net, SQUARE, activations([], ["relu"], "proved")) == "findings[0].value"
    assert refused(net, SQUARE, activations(["relu"], ["floor"], "proved")) == "findings[0].status"
    for allowed in (["relu", "floor"], ["relu", "relu"]):
        place = refused(net, SQUARE, activations(["relu"], allowed, "proved"))
        assert place == "claim.parameters.conditions[0].allowed"


# -- points that matter: floors and steps at single points, ends of the cube


def test_values_at_single_points_count() -> None:
    """floor(x) is 1 at x = 1 alone; the supremum sees it, the integral does not."""
    net, zero = floored(Q(1)), hand.polynomial([Q(0)])
    assert judged(net, zero, erring(Q(0), (Q(0), Q(0)), norm=2)) == "proved"
    assert refused(net, zero, erring(Q(0), (Q(0), Q(0)))) == "findings[0].error[1]"
    assert judged(net, zero, erring(Q(0), (Q(1), Q(1)), witness=[Q(1)])) == "refuted"
    assert judged(net, zero, rising("proved")) == "proved"
    assert refused(net, zero, rising("proved", sign=-1)) == "findings[0].status"


def test_one_sided_limits_count() -> None:
    """x - floor(2x)/2 has the limit 1/2 at 1/2, and the value 0."""
    net = Net(
        1, [[("floor", {0: Q(2)}, Q(0)), ("relu", {0: Q(1)}, Q(0))]], [(0, 1, {0: -HALF, 1: Q(1)}, Q(0))]
    )
    zero = hand.polynomial([Q(0)])
    assert hand.supremum(net, zero) == (HALF, None)
    assert judged(net, zero, erring(HALF, (Q(0), HALF))) == "proved"
    assert refused(net, zero, erring(HALF, (Q(0), HALF - TINY))) == "findings[0].error[1]"
    assert refused(net, zero, rising("proved")) == "findings[0].status"
    assert judged(net, zero, rising("refuted", [[Q(1, 4)], [HALF]])) == "refuted"


def test_a_spike_at_one_point() -> None:
    """floor(x) + floor(1 - x) is 0 inside and 1 at both ends; relu'd differences of floors: a spike inside."""
    both = Net(
        1, [[("floor", {0: Q(1)}, Q(0)), ("floor", {0: Q(-1)}, Q(1))]], [(0, 1, {0: Q(1), 1: Q(1)}, Q(0))]
    )
    zero = hand.polynomial([Q(0)])
    assert refused(both, zero, erring(HALF, (Q(0), HALF))) == "findings[0].error[1]"
    assert judged(both, zero, erring(HALF, (Q(1), Q(1)), witness=[Q(0)])) == "refuted"
    spike = Net(
        1, [[("floor", {0: Q(3)}, Q(0)), ("floor", {0: Q(-3)}, Q(0))]], [(0, 1, {0: Q(1), 1: Q(1)}, Q(1))]
    )  # 1 at multiples of 1/3, else 0
    assert refused(spike, zero, erring(HALF, (Q(0), HALF))) == "findings[0].error[1]"
    assert judged(spike, zero, erring(HALF, (Q(1), None), witness=[Q(1, 3)])) == "refuted"
    assert refused(spike, zero, rising("proved")) == "findings[0].status"
    assert judged(spike, zero, rising("refuted", [[Q(1, 3)], [HALF]])) == "refuted"


def test_step_targets_and_step_texts() -> None:
    """step(u) is 1 where u is 0, also on a whole piece; a step target takes its value from the right."""
    net = floored(Q(2))
    right = hand.stairs([HALF], [Q(0), Q(1)])
    place = refused(net, right, erring(Q(0), (Q(0), Q(0))))
    assert place == "findings[0].error[1]"  # floor(2) = 2 at 1
    net = Net(1, [[("floor", {0: Q(2)}, Q(0))], [("relu", {0: Q(-1)}, Q(1))]], [(0, 2, {0: Q(-1)}, Q(1))])
    assert judged(net, right, erring(Q(0), (Q(0), Q(0)))) == "proved"
    assert judged(net, hand.expression("step(x0-1/2)"), erring(Q(0), (Q(0), Q(0)))) == "proved"
    assert (
        refused(net, hand.expression("1-step(1/2-x0)"), erring(Q(0), (Q(0), Q(0)))) == "findings[0].error[1]"
    )
    flat = hand.expression("step(max(x0-1/2,0)) - step(0*x0) + step(min(0, x0))*0")
    assert judged(identity({}), flat, erring(Q(0), (Q(0), Q(0)))) == "proved"
    assert (
        judged(
            identity({}), hand.expression("step(max(x0-1/2,0))"), erring(Q(1), (Q(1), Q(1)), witness=[Q(0)])
        )
        == "proved"
    )


@pytest.mark.parametrize(
    "words",
    [
        "x0**1",
        "x0*(1/2)/(1/2)",
        "abs(x0)",
        "abs(-x0)",
        "max(x0, -x0, 0)",
        "min(x0, 1, 2-x0)",
        "x0**0*x0",
        "(x0-x0)**0*x0",
        "0**0*x0",
        "x0**2/1 - x0*x0 + x0",
        "-(-x0)",
        "abs(x0-1/2)*(2*step(x0-1/2)-1)+1/2",
        "max(x0, x0)",
        "max(x0**2, x0**2-1) - x0**2 + x0",
        "3e-1*x0 + .7*x0",
    ],
)
def test_texts_equal_to_x(words: str) -> None:
    net, target = identity(), hand.expression(words)
    assert judged(net, target, erring(Q(0), (Q(0), Q(0)))) == "proved"
    assert judged(net, target, erring(Q(0), (Q(0), Q(0)), witness=[Q(1, 7)])) == "proved"
    assert judged(net, target, erring(Q(0), (Q(0), Q(0)), norm=2)) == "proved"
    shifted = identity(bias=TINY)
    assert refused(shifted, target, erring(Q(0), (Q(0), Q(0)))) == "findings[0].error[1]"
    assert judged(shifted, target, erring(Q(0), (TINY, TINY), witness=[Q(1, 7)])) == "refuted"


@pytest.mark.parametrize(
    "words",
    ["abs(x0**2-1/4)", "x0/(x0+1)", "1/0", "sqrt(x0)", "x0**-1", "x0**(1/2)", "x0**25", "(x0**5)**5", "sin(x0)",
     "x0/step(x0-1/2)", "x0/(x0-x0)", "step(x0*x0)", "min(x0**2, 1/2)", "exp(0)", "x0**13*x0**12 - x0**25"],
)  # fmt: skip
def test_texts_that_pieces_do_not_take(words: str) -> None:
    assert refused(identity(), hand.expression(words), erring(Q(9), (Q(0), Q(9)))) == "findings[0].grid"


# -- witnesses


def test_witnesses() -> None:
    net, zero = identity(), hand.polynomial([Q(0)])
    for point in ([Q(2)], [Q(-1, 2)], [1 + TINY], [HALF, HALF], []):
        place = refused(net, zero, erring(Q(1), (Q(0), Q(1)), witness=point))
        assert place.startswith("findings[0].witness")
    assert refused(net, zero, erring(Q(1), (Q(1, 9), Q(1)))) == "findings[0].error[0]"  # lo without a witness
    assert refused(net, zero, erring(Q(1), (Q(-1), Q(1)), witness=[HALF])) == "findings[0].error[0]"
    condition, own = erring(HALF, (Q(0), None))  # nothing is known from above: undecided, or refuted
    open_ = {**own, "status": "undecided", "reason": "no-proof"}
    assert judged(net, zero, (condition, open_)) == "undecided"
    for wrong in ("proved", "refuted"):
        row = condition, {**open_, "status": wrong, "reason": None}
        assert refused(net, zero, row) == "findings[0].status"
    half = {**open_, "error": [str(HALF), None], "witness": [str(HALF)]}
    assert judged(net, zero, (condition, half)) == "undecided"
    assert (
        refused(net, zero, (condition, {**half, "status": "refuted", "reason": None})) == "findings[0].status"
    )
    assert refused(net, zero, (condition, {**half, "grid": 4})) == "findings[0].grid"
    condition, own = erring(HALF, (Q(1), None), norm=2)
    row = condition, {**own, "status": "refuted", "reason": None}
    assert refused(net, zero, row) == "findings[0].error[0]"
    assert judged(net, zero, erring(HALF, (Q(3, 4), None), witness=[Q(3, 4)])) == "refuted"
    wave = hand.expression("sin(x0)")  # enclosed at the witness
    assert judged(net, wave, erring(Q(1, 8), (Q(1, 7), None), witness=[Q(1)])) == "refuted"
    assert refused(net, wave, erring(Q(1, 8), (Q(1, 6), None), witness=[Q(1)])) == "findings[0].error[0]"


def test_refutations_in_two_dimensions() -> None:
    """Any target, floors too: a point is enough."""
    net = Net(2, [[("floor", {0: Q(2), 1: Q(1)}, Q(0))]], [(0, 1, {0: Q(1)}, Q(0))])
    kuhn = {"kind": "kuhn", "dim": 2, "cells": 1, "values": ["0", "1", "2", "5"]}
    x = [HALF, Q(1, 4)]  # floor(5/4) = 1; kuhn: 1/2·0 + 1/4·2 + 1/4·5 = 7/4
    assert judged(net, kuhn, erring(HALF, (Q(3, 4), None), witness=x)) == "refuted"
    assert refused(net, kuhn, erring(HALF, (Q(3, 4) + TINY, None), witness=x)) == "findings[0].error[0]"
    steps = {
        "kind": "step",
        "dim": 2,
        "axes": [{"breaks": ["1/2"], "values": ["0", "4"]}, {"breaks": [], "values": ["1"]}],
    }
    assert judged(net, steps, erring(HALF, (Q(4), None), witness=x)) == "refuted"
    left = [HALF - TINY, Q(1, 4)]
    assert refused(net, steps, erring(HALF, (Q(4), None), witness=left)) == "findings[0].error[0]"
    assert judged(net, steps, erring(HALF, (Q(2), None), witness=[Q(1), Q(1)])) == "refuted"
    assert refused(net, steps, erring(Q(5), (Q(0), Q(5)))) == "findings[0].grid"


# -- monotone


def test_monotone() -> None:
    net = identity()
    assert judged(net, SQUARE, rising("proved")) == "proved"
    assert judged(net, SQUARE, rising("undecided")) == "undecided"
    assert judged(net, SQUARE, rising("refuted", [[Q(0)], [TINY]], sign=-1)) == "refuted"
    at = "findings[0].witness"
    assert refused(net, SQUARE, rising("refuted", [[HALF], [HALF]], sign=-1)) == at
    assert refused(net, SQUARE, rising("refuted", [[HALF], [Q(1, 4)]])) == at  # backwards
    assert refused(net, SQUARE, rising("refuted", [[Q(0)], [HALF]])) == at
    assert refused(net, SQUARE, rising("refuted")) == "findings[0].status"
    assert refused(net, SQUARE, rising("proved", [[Q(0)], [TINY]], sign=-1)) == "findings[0].status"
    flat = identity({})
    assert refused(flat, SQUARE, rising("refuted", [[Q(0)], [HALF]])) == at  # equal values
    assert judged(flat, SQUARE, rising("proved"), rising("proved", sign=-1)) == "proved"
    for point in ([Q(2)], [Q(-1)]):
        assert refused(net, SQUARE, rising("refuted", [[Q(0)], point], sign=-1)).startswith(at)


def test_monotone_on_boxes() -> None:
    net = Net(
        2,
        [[("relu", {0: Q(1), 1: Q(-1)}, Q(0)), ("relu", {0: Q(1, 3), 1: Q(1)}, -HALF)]],
        [(0, 1, {0: Q(1), 1: Q(1)}, Q(0)), (1, 1, {0: Q(-1), 1: Q(1)}, Q(0))],
    )
    target = hand.expression("x0*x1", 2)
    assert judged(net, target, rising("proved", grid=1)) == "proved"
    assert refused(net, target, rising("proved", grid=3, axis=1)) == "findings[0].status"
    fall = [[Q(3, 4), Q(0)], [Q(3, 4), Q(1, 8)]]
    assert judged(net, target, rising("refuted", fall, axis=1)) == "refuted"
    assert refused(net, target, rising("refuted", fall, axis=0)) == "findings[0].witness"
    oblique = [[Q(3, 4), Q(0)], [Q(7, 8), Q(1, 2)]]
    assert refused(net, target, rising("refuted", oblique, axis=1)) == "findings[0].witness"
    assert judged(net, target, rising("proved", grid=4, axis=1, of=1)) == "proved"
    assert refused(net, target, rising("proved", grid=4, axis=0, of=1)) == "findings[0].status"
    assert refused(net, target, rising("proved")) == "findings[0].grid"
    assert refused(net, target, rising("proved", grid=513)) == "findings[0].grid"
    assert refused(net, target, rising("proved", grid=0)) == "findings[0].grid"
    assert refused(net, target, rising("proved", grid=1, axis=2)).endswith("axis")
    assert refused(net, target, rising("proved", grid=1, sign=0)).endswith("sign")
    net.layers[0][0] = ("floor", {0: Q(1)}, Q(0))
    assert refused(net, target, rising("proved", grid=1)) == "findings[0].grid"


def test_kinks_on_grid_lines_are_no_kinks() -> None:
    """relu(x - 1/2) - 2 relu(1/3 - x): exact at the faces of boxes."""
    net = Net(
        1, [[("relu", {0: Q(1)}, -HALF), ("relu", {0: Q(-1)}, Q(1, 3))]], [(0, 1, {0: Q(1), 1: Q(-2)}, Q(0))]
    )
    assert judged(net, SQUARE, rising("proved", grid=6)) == "proved"
    bent = Net(
        1, [[("relu", {0: Q(1)}, Q(0)), ("relu", {0: Q(1)}, -HALF)]], [(0, 1, {0: Q(-1), 1: Q(1)}, Q(0))]
    )
    assert judged(bent, SQUARE, rising("proved", grid=2, sign=-1)) == "proved"


# -- boxes


def product_target(box: list[hand.Interval]) -> hand.Jet:
    """x0*x1 + abs(x0 - 1/3)"""
    x, y = box
    u = x[0] - Q(1, 3), x[1] - Q(1, 3)
    size = max(u[0], -u[1], Q(0)), max(-u[0], u[1])
    slope = (Q(1), Q(1)) if u[0] >= 0 else (Q(-1), Q(-1)) if u[1] <= 0 else (Q(-1), Q(1))
    return hand.plus(hand.times(x, y), size), [hand.plus(y, slope), x]


def planar(biases: tuple[Q, Q] = (Q(0), -HALF)) -> Net:
    return Net(
        2,
        [
            [("relu", {0: Q(1), 1: Q(1)}, biases[0]), ("relu", {0: Q(1), 1: Q(-1, 3)}, biases[1])],
            [("relu", {0: Q(2, 3), 1: Q(-1)}, Q(-1, 4)), ("relu", {1: Q(5)}, Q(1, 7))],
        ],
        [(0, 2, {0: HALF, 1: Q(1, 9)}, Q(1, 10))],
    )


@pytest.mark.parametrize(
    "grid", [1, 4, 8]
)  # 1/3 is on no grid line: rounded there, it would be a kink beside it
def test_boxes(grid: int) -> None:
    net, target = planar(), hand.expression("x0*x1 + abs(x0 - 1/3)", 2)
    top, high, low = hand.over_boxes(net, grid, product_target, lambda x: x[0] * x[1] + abs(x[0] - Q(1, 3)))
    more, less = 1 + Q(1, 2**30), 1 - Q(1, 2**30)
    assert judged(net, target, erring(Q(9), (Q(0), top * more), grid=grid)) == "proved"
    assert judged(net, target, erring(top * less, (Q(0), top * more), grid=grid)) == "undecided"
    assert refused(net, target, erring(Q(9), (Q(0), top * less), grid=grid)) == "findings[0].error[1]"
    both = low * less, high * more
    assert judged(net, target, erring(Q(9), both, norm=2, grid=grid)) == "proved"
    assert (
        refused(net, target, erring(Q(9), (both[0], high * less), norm=2, grid=grid))
        == "findings[0].error[1]"
    )
    if low:
        wrong = low * more, both[1]
        assert refused(net, target, erring(Q(9), wrong, norm=2, grid=grid)) == "findings[0].error[0]"
        assert judged(net, target, erring(Q(1, 1000), both, norm=2, grid=grid)) == "refuted"


def test_boxes_with_a_jump() -> None:
    """Where the gradient is unbounded the ranges decide; the value at the jump counts."""
    net, target = identity({}), hand.expression("step(x0-1/2)*x0")

    def jump(box: list[hand.Interval]) -> hand.Jet:
        (a, b), *_ = box
        if b < HALF:
            return (Q(0), Q(0)), [(Q(0), Q(0))]
        return (a, b) if a >= HALF else (Q(0), b), None if a < HALF else [(Q(1), Q(1))]

    top = hand.over_boxes(net, 4, jump, lambda x: x[0] * (x[0] >= HALF))[0]
    assert top == 1
    assert judged(net, target, erring(Q(1), (Q(0), Q(1)), grid=4)) in ("proved", "undecided")
    assert refused(net, target, erring(Q(1), (Q(0), Q(1) - Q(1, 2**20)), grid=4)) == "findings[0].error[1]"


def test_boxes_that_are_refused() -> None:
    net, target = planar(), hand.expression("x0*x1", 2)
    assert refused(net, target, erring(Q(9), (Q(0), Q(9)))) == "findings[0].grid"
    for grid in (0, 513, True):
        assert refused(net, target, erring(Q(9), (Q(0), Q(9)), grid=grid)) == "findings[0].grid"
    kuhn = {"kind": "kuhn", "dim": 2, "cells": 1, "values": ["0"] * 4}
    assert refused(net, kuhn, erring(Q(9), (Q(0), Q(9)), grid=2)) == "findings[0].grid"
    net.layers[0][0] = ("floor", {0: Q(1)}, Q(0))
    assert refused(net, target, erring(Q(9), (Q(0), Q(9)), grid=2)) == "findings[0].grid"
    long = hand.expression("+".join(["sin(x0)"] * 100), 2)
    assert refused(planar(), long, erring(Q(999), (Q(0), Q(999)), grid=512)) == "findings[0].grid"


def test_constant_networks_on_boxes() -> None:
    """A neuron without sources keeps its gradient, 0."""
    net = Net(
        2, [[("relu", {}, Q(1))], [("relu", {0: Q(1)}, Q(1))]], [(0, 2, {0: Q(1)}, Q(0)), (5, 2, {}, Q(2))]
    )
    target = hand.expression("2", 2)
    rows = [erring(Q(0), (Q(0), Q(0)), grid=2), rising("proved", grid=2), rising("proved", grid=2, sign=-1)]
    rows += [erring(Q(0), (Q(0), Q(0)), grid=2, of=5), rising("proved", grid=2, of=5)]
    assert judged(net, target, *rows) == "proved"


def test_a_large_grid_in_time() -> None:
    """30 neurons, 128^2 boxes."""
    layers = [
        [("relu", {0: Q(i + 1, 7), 1: Q(3 - i, 5)}, Q(i - 4, 9)) for i in range(10)],
        *(
            [("relu", {j: Q((i * j) % 7 - 3, 11) for j in range(10)}, Q(i, 10)) for i in range(10)]
            for _ in range(2)
        ),
    ]
    net = Net(2, layers, [(0, 3, {i: Q(1, 5) for i in range(10)}, Q(0))])
    start = time.process_time()
    rows = [erring(Q(99), (Q(0), Q(99)), grid=128), erring(Q(99), (Q(0), Q(9801)), norm=2, grid=128)]
    assert judged(net, hand.expression("exp(-x0*x1)*sin(x0)", 2), *rows) == "proved"
    assert time.process_time() - start < 20


# -- computes, custom


def test_computes() -> None:
    net = hand.sawtooth(2)
    ramp = hand.expression("max(x0-1/2, 0)")
    row = erring(Q(0), (Q(0), Q(0)), computes=([1, 1], ramp))
    assert judged(net, SQUARE, row, erring(Q(1, 64), (Q(0), Q(1, 64)))) == "proved"
    tooth = hand.linear([Q(0), Q(1), Q(0)])
    assert judged(net, SQUARE, erring(Q(0), (Q(0), Q(0)), computes=([2, 0], tooth.raw))) == "proved"
    below = hand.linear([Q(0), Q(1) - TINY, Q(0)])
    assert (
        refused(net, SQUARE, erring(Q(0), (Q(0), Q(0)), computes=([2, 0], below.raw)))
        == "findings[0].error[1]"
    )
    assert judged(net, SQUARE, erring(TINY, (Q(0), TINY), computes=([2, 0], below.raw))) == "proved"
    assert (
        judged(net, SQUARE, erring(Q(0), (TINY, TINY), witness=[HALF], computes=([2, 0], below.raw)))
        == "refuted"
    )
    for wrong in ([0, 0], [3, 0], [1, 4], [1, -1], [1], [1, True]):
        place = refused(net, SQUARE, erring(Q(9), (Q(0), Q(9)), computes=(wrong, ramp)))
        assert place.startswith("claim.parameters.conditions[0].neuron")
    flat = hand.expression("x0*x1", 2)
    place = refused(net, SQUARE, erring(Q(9), (Q(0), Q(9)), computes=([1, 0], flat)))
    assert place == "claim.parameters.conditions[0].target.dim"
    bad = hand.expression("x0*")
    place = refused(net, SQUARE, erring(Q(9), (Q(0), Q(9)), computes=([1, 0], bad)))
    assert place == "claim.parameters.conditions[0].target.text"


def test_custom_is_the_authors(tmp_path: Path) -> None:
    """It counts for the status, and the answer says that nobody has checked it."""
    net = identity()
    row = {"kind": "custom", "name": "beauty"}, hand.finding("custom", "proved")
    for verdict, whole in (("proved", "undecided"), ("refuted", "refuted"), ("undecided", "undecided")):
        assert judged(net, SQUARE, (row[0], hand.finding("custom", verdict))) == whole
    assert (
        refused(net, SQUARE, (row[0], {**row[1], "established_by": "checker"}))
        == "findings[0].established_by"
    )
    condition, own = counted("width", 1, 1)
    assert (
        refused(net, SQUARE, (condition, {**own, "established_by": "author"})) == "findings[0].established_by"
    )
    assert refused(net, SQUARE, (row[0], {**row[1], "value": 1})) == "findings[0]"
    assert (
        refused(net, SQUARE, ({"kind": "custom", "name": 1}, row[1])) == "claim.parameters.conditions[0].name"
    )
    path = tmp_path / "c.json"
    made = hand.certificate(net, SQUARE.raw, [row, (condition, own), row])
    path.write_text(json.dumps(made))
    code, report = check.run(str(path))
    assert (code, report["custom"], report["status"]) == (0, 2, "proved")
    assert "2 custom" in report["message"]
    assert "not independently checked" in report["message"]
    path.write_text(json.dumps(hand.certificate(net, SQUARE.raw, [(condition, own)])))
    assert check.run(str(path))[1] == {
        "accepted": True,
        "status": "proved",
        "place": None,
        "message": "accepted: proved",
    }


def test_the_program(tmp_path: Path) -> None:
    """Exit status, and no traceback."""
    path, program = tmp_path / "c.json", Path(check.__file__)
    cases = [
        ([erring(Q(1), (Q(0), Q(1)))], 0),
        ([erring(Q(1, 8), (Q(1, 4), Q(1)), witness=[HALF])], 1),
        ([erring(Q(1, 8), (Q(0), Q(1)))], 3),
        ([erring(Q(1, 8), (Q(0), Q(1, 8)))], 2),
    ]
    for rows, code in cases:
        path.write_text(json.dumps(hand.certificate(identity(), SQUARE.raw, rows)))
        done = subprocess.run([sys.executable, program, path], capture_output=True, text=True, check=False)
        assert done.returncode == code
        assert "Traceback" not in done.stderr


# -- the object


def changed(certificate: dict[str, Any], change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    made = copy.deepcopy(certificate)
    change(made)
    return sealed(made)


def test_the_object_is_strict() -> None:
    good = hand.certificate(
        hand.sawtooth(2),
        SQUARE.raw,
        [counted("width", 4, 4), erring(Q(1, 64), (Q(0), Q(1, 64))), rising("proved")],
    )
    assert status(good) == "proved"
    P = "claim.parameters"

    def parameters(c: dict[str, Any]) -> dict[str, Any]:
        return c["claim"]["parameters"]

    cases: list[tuple[Callable[[Any], Any], str]] = [
        (lambda c: c["findings"].reverse(), "findings[0]"),
        (lambda c: c["findings"].pop(), "findings"),
        (lambda c: c["findings"].append(c["findings"][0]), "findings"),
        (lambda c: c["findings"][1].update(level=2), "findings[1].level"),
        (lambda c: c["findings"][1].update(level=None), "findings[1].level"),
        (lambda c: c["findings"][1].update(level=True), "findings[1].level"),
        (lambda c: c["findings"][1].update(more=1), "findings[1]"),
        (lambda c: c["findings"][1].update(reason="budget"), "findings[1].reason"),
        (lambda c: c["findings"][1].update(property="computes"), "findings[1].property"),
        (lambda c: c["findings"][1].update(bound="1/63"), "findings[1].bound"),
        (lambda c: c["findings"][1].update(error=["0", "NaN"]), "findings[1].error[1]"),
        (lambda c: c["findings"][1].update(error=["0", "inf"]), "findings[1].error[1]"),
        (lambda c: c["findings"][1].update(error=["0"]), "findings[1].error"),
        (lambda c: c["findings"][1].update(error=[None, "1/64"]), "findings[1].error[0]"),
        (lambda c: c["findings"][1].update(error=["0", "-1/128"]), "findings[1].error"),
        (lambda c: c.update(evidence={"delta": None}), "evidence"),
        (lambda c: c.update(evidence=[]), "evidence"),
        (lambda c: c.update(status="undecided"), "status"),
        (lambda c: parameters(c).update(title="x" * 301), f"{P}.title"),
        (lambda c: parameters(c).update(source=1), f"{P}.source"),
        (lambda c: parameters(c).update(values=[]), f"{P}.values"),
        (lambda c: parameters(c).update(values={str(k): "1" for k in range(41)}), f"{P}.values"),
        (lambda c: parameters(c).update(values={"m": 1}), f"{P}.values, number 0"),
        (lambda c: parameters(c).update(values={"m": "nan"}), f"{P}.values, number 0"),
        (lambda c: parameters(c).update(conditions=[]), f"{P}.conditions"),
        (lambda c: parameters(c).update(more=[]), P),
        (lambda c: parameters(c)["conditions"][0].update(more=1), f"{P}.conditions[0]"),
        (lambda c: parameters(c)["conditions"][0].update(kind="depth"), "findings[0].property"),
        (lambda c: parameters(c)["conditions"][0].update(kind="size"), f"{P}.conditions[0].kind"),
        (lambda c: parameters(c)["conditions"][1].update(norm=True), f"{P}.conditions[1].norm"),
        (lambda c: parameters(c)["conditions"][1].update(norm="2"), f"{P}.conditions[1].norm"),
        (lambda c: parameters(c)["conditions"][1].update(of=1), f"{P}.conditions[1].of"),
        (lambda c: parameters(c)["conditions"][1].update(of=False), f"{P}.conditions[1].of"),
        (lambda c: parameters(c)["conditions"][1].update(at_most="-1"), f"{P}.conditions[1].at_most"),
        (lambda c: c["network"].update(inputs=2), "network.inputs"),
        (lambda c: c["network"]["layers"][0][0].update(activation="sine"), "network.layers[0][0].activation"),
        (lambda c: c["network"]["readouts"].append(c["network"]["readouts"][0]), "network.readouts[1].level"),
        (lambda c: c["network"]["readouts"][0].update(layer=3), "network.readouts[0].layer"),
        (lambda c: c["network"]["readouts"][0].update(layer=0), "network.readouts[0].layer"),
        (lambda c: c["network"]["readouts"][0].update(weights=[[0, "0"]]), "network.readouts[0].weights[0][1]"),
        (lambda c: c["network"]["readouts"][0].update(weights=[[0, "0x1p99999"]]), "network.readouts[0].weights[0][1]"),
        (lambda c: c["target"].update(dim=2), "network.inputs"),
        (lambda c: c["target"].update(dim=11), "target.dim"),
    ]  # fmt: skip
    for change, place in cases:
        assert rejects(changed(good, change)) == place


def test_more_than_forty() -> None:
    row = counted("width", 1, 1)
    assert judged(identity(), SQUARE, *[row] * 40) == "proved"
    assert refused(identity(), SQUARE, *[row] * 41) == "claim.parameters.conditions"


# -- what costs too much is refused before it is done


def quickly(seconds: float, action: Callable[[], Any]) -> Any:
    start = time.process_time()
    result = action()
    assert time.process_time() - start < seconds
    return result


def test_work_is_bounded() -> None:
    zero, row = hand.polynomial([Q(0)]), erring(Q(1), (Q(0), Q(1)))
    assert quickly(1, lambda: refused(floored(Q(10**300)), zero, row)) == "findings[0].grid"
    assert quickly(1, lambda: refused(floored(Q(2**16 + 1)), zero, row)) == "findings[0].grid"
    assert quickly(9, lambda: refused(hand.sawtooth(17), SQUARE, row)) == "findings[0].grid"
    saw = [
        [("floor", {0: Q(60000)}, Q(0)), ("relu", {0: Q(60000)}, Q(0))],
        [("relu", {0: Q(-1), 1: Q(1)}, -HALF)],
    ]
    wide = Net(1, [*saw, [("floor", {0: Q(60000)}, Q(0))] * 60], [(0, 3, {i: Q(1) for i in range(60)}, Q(0))])
    assert quickly(5, lambda: refused(wide, zero, row)) == "findings[0].grid"
    long = Q(3**2500, 2**3900)  # numbers grow from layer to layer
    deep = Net(1, [[("relu", {0: long}, Q(1, 7))]] * 40, [(0, 40, {0: Q(1)}, Q(0))])
    assert quickly(5, lambda: refused(deep, zero, row)) == "findings[0].grid"
    assert (
        quickly(5, lambda: refused(deep, zero, erring(Q(0), (Q(1), None), witness=[HALF])))
        == "findings[0].witness"
    )
    assert quickly(5, lambda: refused(deep, zero, erring(Q(1), (Q(0), Q(1)), grid=4))) == "findings[0].grid"
    power = hand.expression("(((x0+1/3)**64)**64)**64")
    refuting = erring(Q(0), (Q(1), None), witness=[Q(1, 3**2000)])
    assert quickly(5, lambda: refused(identity(), power, refuting)) == "findings[0].witness"
    assert (
        quickly(5, lambda: refused(identity(), hand.expression("(((2**64)**64)**64)**64"), row))
        == "findings[0].grid"
    )
    teeth = hand.expression("+".join(f"abs(x0-{k}/61)" for k in range(1, 61)))
    assert quickly(9, lambda: judged(identity(), teeth, erring(Q(999), (Q(0), Q(999))))) == "proved"
    kuhn = {"kind": "kuhn", "dim": 1, "cells": 2**16 + 1, "values": ["0"] * (2**16 + 2)}
    assert quickly(5, lambda: refused(identity(), kuhn, row)) == "findings[0].grid"


# -- nonnegativity, against sympy


def brute_nonnegative(p: list[int]) -> bool:
    """No irreducible factor of odd multiplicity has a root within (0, 1), and one value there is positive."""
    poly = sympy.Poly(list(reversed(p)), hand.X)
    if poly.is_zero:
        return True
    for factor, times in poly.factor_list()[1]:
        inner = factor.count_roots(0, 1) - (factor.eval(0) == 0) - (factor.eval(1) == 0)
        if times % 2 and inner:
            return False
    value = next(v for k in range(1, 99) if (v := poly.eval(sympy.Rational(k, 101))))
    return bool(value > 0)


ROOTS = st.sampled_from([Q(0), Q(1), HALF, Q(1, 3), Q(-1, 2), Q(3, 2), Q(2, 5), Q(7, 8)])


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(ROOTS, st.integers(1, 4)), max_size=4),
    st.sampled_from([[1], [-1], [2, 0, -4], [-1, 0, 2], [1, 1, 1], [1, -4, 4, 0, 1]]),
    st.integers(-1, 1),
)
def test_nonnegative(roots: list[tuple[Q, int]], factor: list[int], shift: int) -> None:
    p = list(factor)
    for root, times in roots:
        for _ in range(times):
            n, d = root.as_integer_ratio()
            p = [d * a - n * b for a, b in zip([0, *p], [*p, 0], strict=True)]
    p[0] += shift * (len(p) > 6)
    own = check.nonnegative(p)
    assert own == brute_nonnegative(p)
    if own:
        below = [1000 * c for c in p]
        below[0] -= 1
        assert check.nonnegative(below) == brute_nonnegative(below)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-4, 4), min_size=4, max_size=9))
def test_nonnegative_of_anything(p: list[int]) -> None:
    least = min(sum(c * Q(k, 64) ** i for i, c in enumerate(p)) for k in range(65))
    for shift in (0, -1, 1, -2):
        q = [64**8 * c for c in p]
        q[0] += shift - int(least * 64**8)
        assert check.nonnegative(q) == brute_nonnegative(q)


def test_high_degree() -> None:
    """Degree 24 with twelve double roots: (T_12)^2, exact both ways."""
    t = sympy.Poly(sympy.chebyshevt(12, 2 * hand.X - 1), hand.X)
    p = [int(c) for c in reversed((t * t).all_coeffs())]
    assert quickly(2, lambda: check.nonnegative(p))
    p = [10**50 * c for c in p]
    p[0] -= 1
    assert not quickly(2, lambda: check.nonnegative(p))
    assert not check.nonnegative([0, 0, -1])
    assert check.nonnegative([0, 0, 1])
    assert check.nonnegative([])
    assert check.nonnegative([0, 0, 0])


# -- random networks of one dimension, against the exact supremum

SMALL = st.builds(Q, st.integers(-6, 6), st.sampled_from([1, 2, 3, 4]))


@st.composite
def nets(draw: Any) -> Net:
    layers, size = [], 1
    for _ in range(draw(st.integers(1, 3))):
        layer = []
        for _ in range(draw(st.integers(1, 3))):
            weights = {s: draw(SMALL) for s in range(size)}
            layer.append(
                (
                    draw(st.sampled_from(["relu", "relu", "floor"])),
                    {s: w for s, w in weights.items() if w},
                    draw(SMALL),
                )
            )
        layers.append(layer)
        size = len(layer)
    head = {s: draw(SMALL) for s in range(size)}
    return Net(1, layers, [(7, len(layers), {s: w for s, w in head.items() if w}, draw(SMALL))])  # fmt: skip


@st.composite
def aims(draw: Any) -> hand.Aim:
    kind = draw(st.sampled_from(["polynomial", "kuhn", "step", "kink"]))
    if kind == "polynomial":
        return hand.polynomial(draw(st.lists(SMALL, min_size=1, max_size=3)))
    if kind == "kuhn":
        return hand.linear(draw(st.lists(SMALL, min_size=2, max_size=5)))
    if kind == "step":
        breaks = sorted(draw(st.sets(st.sampled_from([Q(k, 12) for k in range(1, 12)]), max_size=3)))
        return hand.stairs(breaks, [draw(SMALL) for _ in range(len(breaks) + 1)])
    c = draw(st.sampled_from([Q(0), Q(1, 3), HALF, Q(1)]))
    words = f"x0*abs(x0-{c}) + min(x0, {c}) - step({c}-x0)"

    def near(x: Q) -> list[Q]:
        return [Q(0), -c, Q(1)] if x > c else [Q(-1), c + 1, Q(-1)]

    def value(x: Q) -> Q:
        return x * abs(x - c) + min(x, c) - (x <= c)

    def fixed(x: Q) -> list[Q]:
        p = near(x)
        return [p[0] + c, *p[1:]] if x > c else p

    return hand.by_text(words, [c], fixed, value)


@settings(max_examples=80, deadline=None)
@given(nets(), aims())
def test_random_suprema(net: Net, aim: hand.Aim) -> None:
    top, where = hand.supremum(net, aim)
    witness = None if where is None else [where]
    ends = (Q(0) if where is None else top, top)
    assert judged(net, aim, erring(top, ends, witness=witness, of=7)) == "proved"
    if top:
        wrong = top - TINY
        place = refused(net, aim, erring(wrong, (Q(0), wrong), of=7))
        assert place == "findings[0].error[1]"
        if witness:
            assert judged(net, aim, erring(wrong, ends, witness=witness, of=7)) == "refuted"
            place = refused(net, aim, erring(top, (top + TINY, top + 1), witness=witness, of=7))
            assert place == "findings[0].error[0]"


@settings(max_examples=40, deadline=None)
@given(nets(), aims())
def test_random_means(net: Net, aim: hand.Aim) -> None:
    own = hand.square(net, aim)
    bound = own + 1
    assert judged(net, aim, erring(bound, (own, own), norm=2, of=7)) == "proved"
    assert refused(net, aim, erring(bound, (own + TINY, own + TINY), norm=2, of=7)) == "findings[0].error[0]"
    if own:
        assert refused(net, aim, erring(bound, (Q(0), own - TINY), norm=2, of=7)) == "findings[0].error[1]"


@settings(max_examples=80, deadline=None)
@given(nets(), st.sampled_from([1, -1]))
def test_random_monotone(net: Net, sign: int) -> None:
    """Against the pieces and values found depth first."""
    events: list[tuple[Q, Q]] = []  # (point, value), from left to right with one-sided limits
    for a, b, (s, c) in net.pieces():
        events += [(a, net.at([a])), (a, s * a + c), (b, s * b + c)]
    events.append((Q(1), net.at([Q(1)])))
    values = [sign * v for _, v in events]
    good = all(u <= v for u, v in itertools.pairwise(values))
    if good:
        assert judged(net, SQUARE, rising("proved", of=7, sign=sign)) == "proved"
    else:
        assert refused(net, SQUARE, rising("proved", of=7, sign=sign)) == "findings[0].status"


# -- mutants


def test_mutants() -> None:
    """A change at any one place, sealed anew, is rejected, or leaves a statement that is true as well."""
    net = hand.sawtooth(2)
    net.readouts.append((3, 1, {1: Q(1)}, Q(0)))
    middle, own = [Q(1, 8)], hand.square(net, SQUARE)
    rows = [
        counted("width", 4, 4),
        erring(Q(1, 64), (Q(1, 64), Q(1, 64)), witness=middle),
        erring(Q(1, 64) - TINY, (Q(1, 64), Q(1, 64)), witness=middle),
        erring(Q(1, 5), (own, own), norm=2),
        rising("refuted", [[Q(0)], [Q(1)]], sign=-1),
        rising("proved", of=3),
    ]
    good = hand.certificate(net, SQUARE.raw, rows)
    assert status(good) == "refuted"
    accepted = []
    for place, mutant in mutants(good):
        if ".hash" not in place and "hash" in mutant and (".network" not in place or place.startswith(LIVE)):
            try:
                assert status(sealed(mutant)) == "refuted"
                accepted.append(place)
            except check.Rejected:
                continue
    assert sorted(place for place in accepted if not harmless(place)) == []
    assert len(accepted) > 20


# Neuron 2 of a layer is relu(g - 1) = 0 there, and the second readout has but to rise.
LIVE = tuple(
    f".network.{part}" for part in ("layers[0][0]", "layers[1][1].bias", "layers[1][3].bias", "readouts[0].w")
)
WIDER = {1: ".error[0]", 2: ".error[1]", 3: ".error", 4: ".witness"}  # or another point at which it falls


def harmless(place: str) -> bool:
    """Names, information, numbers of no condition; enclosures made wider; weights of dead neurons."""
    words = (".producer", ".name", ".role", ".title", ".source", ".values", "readouts[0].weights[2]")
    wider = any(place.startswith(f".findings[{k}]{end}") for k, end in WIDER.items())
    return wider or any(word in place for word in words)
