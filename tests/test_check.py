"""The checker: its functions against mpmath and independent formulas, and whole certificates, good and bad."""

from __future__ import annotations

import importlib
import itertools
import json
import math
import random
import re
import subprocess
import sys
from fractions import Fraction as Q
from pathlib import Path
from typing import Any

import handmade
import mpmath
import pytest

check = importlib.import_module("verify.check")
ROOT = Path(__file__).resolve().parent.parent


def rejects(data: Any) -> str:
    """The place of the rejection of a certificate."""
    with pytest.raises(check.Rejected) as caught:
        check.recheck(data if isinstance(data, bytes) else json.dumps(data).encode())
    return caught.value.place


# -- fixed point against mpmath

EDGES = [0, 1, -1, 2, 3]
POINTS = [0.1, 0.5, 2 / 3, 1.0, 4 / 3, 1.5, math.pi / 2, math.pi, 3.2, 10.0, 40.5]


def samples(w: int, positive: bool = False) -> list[int]:
    """Integers at scale w: edges, landmarks and both signs."""
    rng = random.Random(w)
    found = (
        EDGES
        + [int(x * 2**64) << (w - 64) for x in POINTS]
        + [rng.randrange(1 << (w + 3)) for _ in range(12)]
    )
    found += [-x for x in found]
    return sorted({x for x in found if x > 0}) if positive else found


def holds(bounds: tuple[int, int], true: mpmath.mpf, w: int, slack: int = 3) -> None:
    """bounds enclose true·2^w, tightly."""
    value = mpmath.ldexp(true, w)
    assert bounds[0] <= value <= bounds[1]
    assert bounds[1] - bounds[0] <= slack


@pytest.mark.parametrize("w", [64, 96, 1000])
@pytest.mark.parametrize("quarter", range(4))
def test_sine(w: int, quarter: int) -> None:
    with mpmath.workprec(3 * w + 64):
        for x in samples(w):
            # not sin(x + quarter pi/2): a rounded pi is not a zero of the sine, and x = 0 is exact here
            turned = (mpmath.cos if quarter % 2 else mpmath.sin)(mpmath.ldexp(x, -w))
            holds(check.sine(x, w, quarter), -turned if quarter >= 2 else turned, w)


@pytest.mark.parametrize("bits", [40, 300, 1000, 3000])
def test_sine_of_large_arguments(bits: int) -> None:
    rng = random.Random(bits)
    w = bits + 160
    with mpmath.workprec(2 * bits + 500):
        for x in [1 << (bits + w), -(1 << (bits + w)) + 1, rng.randrange(1 << (bits + w))]:
            holds(check.sine(x, w), mpmath.sin(mpmath.ldexp(x, -w)), w)
    with mpmath.workprec(2 * bits + 500):  # a coarse scale and a large argument
        x = rng.randrange(1 << (bits + 96))
        holds(check.sine(x, 96, 1), mpmath.cos(mpmath.ldexp(x, -96)), 96)


@pytest.mark.parametrize("w", [64, 96, 700])
def test_other_functions(w: int) -> None:
    with mpmath.workprec(3 * w + 200):
        holds(check.pi_fixed(w), +mpmath.pi, w)
        holds(check.ln2_fixed(w), mpmath.log(2), w)
        for x in samples(w):
            true = mpmath.exp(mpmath.ldexp(x, -w))
            holds(check.exponential(x, w), true, w, 3 + int(true) // 2**20)
            holds(check.tangent_h(x, w), mpmath.tanh(mpmath.ldexp(x, -w)), w, 4)
        for x in samples(w, positive=True):
            holds(check.logarithm(x, w), mpmath.log(mpmath.ldexp(x, -w)), w)
            holds(check.root(x, w), mpmath.sqrt(mpmath.ldexp(x, -w)), w)
            for r in (Q(3), Q(1, 2), Q(5, 2), Q(1, 3), Q(7, 5), Q(-1, 2), Q(-2), Q(-7, 3)):
                true = mpmath.ldexp(x, -w) ** (mpmath.mpf(r.numerator) / r.denominator)
                if true < 2**40:
                    holds(check.raise_to(x, r, w), true, w, 4 + int(true))


def test_exact_values() -> None:
    one = 1 << 96
    assert check.root(one // 4, 96) == (one // 2, one // 2)
    assert check.logarithm(one, 96) == (0, 0)
    assert check.raise_to(4 * one, Q(3, 2), 96) == (8 * one, 8 * one)
    assert check.power(Q(2, 3), Q(3)) == (Q(8, 27), Q(8, 27))
    lo, hi = check.power(Q(1, 10**30), Q(1, 3))
    assert lo <= Q(1, 10**10) <= hi
    assert hi - lo < Q(1, 10**55)


def test_at_most_decides_exactly() -> None:
    assert check.at_most(Q(4), Q(2), Q(2), Q(1))
    assert not check.at_most(Q(4) + Q(1, 10**40), Q(2), Q(2), Q(1))
    assert check.at_most(Q(8), Q(4), Q(3, 2), Q(1))
    assert not check.at_most(Q(8) + Q(1, 10**40), Q(4), Q(3, 2), Q(1))
    assert check.at_most(Q(6), Q(2), None, Q(3))
    assert not check.at_most(Q(0), Q(2), Q(2), Q(-1))
    assert check.at_most(Q(-1), Q(2), Q(2), Q(0))


# -- numbers


BAD_NUMBERS = [
    "", "1.5", "01", "+1", "-0", "2/4", "3/1", "1/0", "1/-2", " 1", "1\n", "\u0661", "1e3", "0x2p0", "0x01p1", "0xAp1",
    "0x1p01", "0x1p-0", "0x1p+1", "0x1", "0x0p0", "-0x0p0", "0x1p1000000001", "9" * 4001, "nan", "1/02",
    "0x1p999999999", "0x1p-999999999", "--1", "1/2/3", "0x1p1_0", "1_0",
]  # fmt: skip


@pytest.mark.parametrize("text", BAD_NUMBERS)
def test_numbers_refused(text: str) -> None:
    with pytest.raises(check.Rejected):
        check.weight(text, "here")


def test_numbers_read() -> None:
    assert [check.rational(t, "") for t in ("0", "-7", "22/7", "0x3p-2", "-0x1p3")] == [
        0,
        -7,
        Q(22, 7),
        Q(3, 4),
        -8,
    ]
    assert check.rational("9" * 4000, "") == 10**4000 - 1
    long = check.weight("0x" + "f" * 100_000 + "p-7", "")
    assert (long.head.bit_length(), long.tail) == (400_000, -7)
    for bad in (1, True, None, 1.5, ["1"]):
        with pytest.raises(check.Rejected):
            check.rational(bad, "")


def test_long_exact_values_become_enclosures() -> None:
    long = Q(1, 3**9000)
    lo, hi, exact = check.expressible(long, long)
    assert (lo <= long <= hi, exact) == (True, False)
    assert check.expressible(Q(1, 2**20000), Q(1, 2**20000)).exact
    assert check.expressible(Q(1, 3), Q(1, 3)).exact


# -- expressions


def thin(text: str, *point: Q) -> tuple[Q, Q]:
    """The interval value of an expression at a point."""
    slab = check.Slab([1] * len(point), 96, "here")
    inputs = [check.Jet(check.Arr((i,), *slab.fixed(x)[1:]), {}) for i, x in enumerate(point)]
    value = slab.run(check.Parser(text, len(point)).nodes, inputs).value
    return Q(value.lo[0], 2**96), Q(value.hi[0], 2**96)


VALUES = {  # at x0 = 1/2
    "-x0**2": Q(-1, 4), "x0**-2": Q(4), "x0**2**3": Q(1, 256), "1-2-3": Q(-4), "8/4/2": Q(1), "--x0": Q(1, 2),
    "+x0*-2": Q(-1), "1.25e-1": Q(1, 8), ".5E1": Q(5), "2e+0": Q(2), "min(3,x0,1)": Q(1, 2), "0**0": Q(1),
    "max( 3 ,x0)": Q(3), "abs(-x0)": Q(1, 2), "step(x0-1/2)": Q(1), "step(x0-0.75)": Q(0), "x0**0": Q(1),
    "x0**(1-3)": Q(4), "(x0)**+2": Q(1, 4), "4**.5": Q(2), "x0**(4/2)": Q(1, 4), "-x0**-1": Q(-2), "-2**2": Q(-4),
    "2*x0**3/4": Q(1, 16), "1-x0*2+3": Q(3), "sqrt(x0/2)": Q(1, 2), "x0**(2**3)": Q(1, 256),
}  # fmt: skip


@pytest.mark.parametrize(("text", "value"), VALUES.items())
def test_expression_values(text: str, value: Q) -> None:
    assert thin(text, Q(1, 2)) == (value, value)


BAD_TEXTS = [
    "", " ", "1.", "x1", "x10", "x", "x 0", "2x0", "1 2", "x0 x0", "(x0", "x0)", "sin x0", "sin()", "sin(x0,x0)",
    "min(x0)", "foo(x0)", "x0**x0", "x0**65", "x0**(1/65)", "x0**(1/0)", "x0**2**0.5", "x0***2",
    "* x0", "x0 +", "é", "1e401",
    "1" * 401, "x0;x0", "__import__(x0)", "x0.real", "0x10", "x0\u00a0", "(" * 101 + "x0" + ")" * 101, "1e", "e",
    "-" * 200 + "x0", "+".join(["x0"] * 3000), "x0**0**-1", "X0", "x0**sin(1)", "x0^2", "1,2", "pi", "x0**(9**9**9)",
]  # fmt: skip


@pytest.mark.parametrize("text", BAD_TEXTS)
def test_expressions_refused(text: str) -> None:
    with pytest.raises(check.Rejected):
        check.Parser(text, 1)


def test_expression_limits_are_met() -> None:
    check.Parser("(" * 100 + "x0" + ")" * 100, 1)
    assert len(check.Parser("+".join(["x0"] * 2500), 1).nodes) == 4999


SMOOTH = [
    "sin(3*x0)*x1 + abs(x0-1/3)", "cos(7*x0-x1)/(1+x0*x1)", "exp(-x0*x1)*tanh(4*(x0-x1))", "log(1+x0+x1**3)-x1**1.5",
    "min(x0,x1,1/2)*max(x0-x1,x1-x0)", "sqrt(x0+x1/3)", "step(x0-0.3)*x1", "(x0-1/2)**3*(x1+2)**-3+x1**0",
    "x0**(1/3)+x1",    "step(x0-1/2)*(x1-x1)", "(1+x0)**(-5/3)+sin(100*x1)", "min(step(x0-1/2),2+x0)",
    "(x0-x1)**2/(2-x0)-(-x1)", "1/3",
]  # fmt: skip


def numeric(text: str, x: tuple[float, float]) -> Any:
    """The value at a point by mpmath."""
    names = {n: getattr(mpmath, n) for n in ("sqrt", "exp", "log", "sin", "cos", "tanh")}
    names |= {"abs": abs, "min": min, "max": max, "step": lambda u: mpmath.mpf(u >= 0)}
    names |= {"x0": mpmath.mpf(x[0]), "x1": mpmath.mpf(x[1])}
    return eval(re.sub(r"(?<![\w.])(\d+\.?\d*)", r"mpf('\1')", text), {"mpf": mpmath.mpf, **names})  # noqa: S307


@pytest.mark.parametrize("text", SMOOTH)
def test_ranges_and_gradients_hold_at_points(text: str) -> None:
    """R and the affine model of rule 7.4, against values by mpmath at random points of each box."""
    grid, w, rng = 4, 96, random.Random(text)
    nodes = check.Parser(text, 2).nodes
    slab = check.Slab([grid, grid], w, "here")
    sides, centres = [], []
    for i in range(2):
        ends = [(k << w) // grid for k in range(grid + 1)]
        sides.append(check.Jet(check.Arr((i,), ends[:-1], ends[1:]), {i: slab.fixed(Q(1))}))
        mids = [((2 * k + 1) << w) // (2 * grid) for k in range(grid)]
        centres.append(check.Jet(check.Arr((i,), mids, mids), {}))
    jet = slab.run(nodes, sides)
    boxes = check.summary(slab, jet, slab.run(nodes, centres).value, grid)
    unit = mpmath.mpf(2) ** w
    for box, (i, j) in enumerate(itertools.product(range(grid), repeat=2)):
        values = []
        for _ in range(12):
            values.append(numeric(text, ((i + rng.random()) / grid, (j + rng.random()) / grid)))
            assert boxes.R[0][box] - 2**50 <= values[-1] * unit <= boxes.R[1][box] + 2**50
        most = abs(boxes.centre[box]) + sum(h[box] for h in boxes.halves) + boxes.rho[box]
        assert max(abs(v) for v in values) * unit <= most + 2**50
        assert boxes.R[0][box] <= boxes.M[0][box] <= boxes.M[1][box] <= boxes.R[1][box]
    small = check.Slab([grid], w, "here")
    assert small.w == w


@pytest.mark.parametrize("text", ["abs(x0-1/3)", "sin(5*x0)", "exp(x0)/(1+x0)", "sqrt(x0)", "step(x0-1/3)"])
def test_means_are_enclosed_and_tight(text: str) -> None:
    """S of rule 7.4 against quadrature by mpmath, for a table of constants; and both ends of the modulus."""
    target = check.Expression({"kind": "expression", "dim": 1, "text": text}, claim_of(p="2"))
    table = check.Table(2, [1, 2], 3, Q(0))
    target.prepare([check.Job("here", 256, [Q(1, 4)], table, 12, Q(1, 2**10))])
    (lo, hi, exact), _ = target.error(256, table)

    def gap(x: Any) -> Any:
        return (numeric(text, (x, 0)) - mpmath.mpf(1 if x < 0.5 else 2) / 3) ** 2

    def change(x: Any) -> Any:
        return (numeric(text, (x + 0.25, 0)) - numeric(text, (x, 0))) ** 2

    true = mpmath.quad(gap, [0, mpmath.mpf(1) / 3, 0.5, 1])
    assert not exact
    assert lo <= Q(str(true + 1e-9))
    assert Q(str(true - 1e-9)) <= hi
    assert hi - lo < Q(1, 500)
    shifted = mpmath.quad(change, [0, 1 / 12, 1 / 3, 0.75])
    low = target.lower(256, [Q(1, 4)]).lo
    assert 0.9 * shifted < float(low) <= shifted + 1e-9
    upper = target.upper(256, Q(1, 4))
    assert (upper is None) == (text in ("sqrt(x0)", "step(x0-1/3)"))
    assert upper is None or upper >= low


def claim_of(**changed: Any) -> Any:
    """A claim for tests of single targets."""
    base = {
        "dim": 1,
        "base": 2,
        "levels": 3,
        "p": "2",
        "digits": "floor",
        "decoder": "bits",
        "constant": "paper",
    }
    own = {**base, "modulus": "axis", "tolerance": "1/16", "until": None, **changed}
    return check.read_claim({"name": "geometric", "parameters": own})


@pytest.mark.parametrize(
    "text", ["1/x0", "log(x0)", "sqrt(x0-1/2)", "x0**-1", "(x0-1/2)**(1/2)", "1/(x0-1/2)", "x0**(-1/2)"]
)
def test_undefined_expressions_are_refused(text: str) -> None:
    target = check.Expression({"kind": "expression", "dim": 1, "text": text}, claim_of())
    with pytest.raises(check.Rejected) as caught:
        target.prepare([check.Job("findings[4]", 8, [Q(0)], check.Table(1, [0], 1, Q(0)))])
    assert caught.value.place == "findings[4].grid"


@pytest.mark.parametrize("text", ["exp(99999*x0)", "(((9+x0)**64)**64)**64", "exp(exp(exp(9+x0)))"])
def test_exploding_expressions_are_refused(text: str) -> None:
    target = check.Expression({"kind": "expression", "dim": 1, "text": text}, claim_of())
    with pytest.raises(check.Rejected):
        target.prepare([check.Job("findings[4]", 8, [Q(0)], check.Table(1, [0], 1, Q(0)))])


# -- simplices, steps


def dirichlet(u: tuple[int, ...], p: int) -> Q:
    """The mean of (sum l_i u_i)^p over a simplex by moments: E prod l_i^a_i = d! prod a_i! / (d + p)!."""
    d, total = len(u) - 1, Q(0)
    for powers in itertools.product(range(p + 1), repeat=d + 1):
        if sum(powers) == p:
            multinomial = Q(math.factorial(p), math.prod(map(math.factorial, powers)))
            moment = Q(math.factorial(d) * math.prod(map(math.factorial, powers)), math.factorial(d + p))
            total += multinomial * moment * math.prod(x**a for x, a in zip(u, powers, strict=True))
    return total


def clipped(u: tuple[Any, ...], p: int) -> Q:
    """The mean of |linear|^p: cut at the zero of one edge after another, until no piece has mixed signs."""
    for i, j in itertools.permutations(range(len(u)), 2):
        if u[i] < 0 < u[j]:
            share = Q(-u[i]) / Q(u[j] - u[i])  # the zero on the edge, measured from i
            first, second = list(u), list(u)
            first[j] = second[i] = 0
            return share * clipped(tuple(first), p) + (1 - share) * clipped(tuple(second), p)
    return dirichlet(tuple(abs(x) for x in u), p)


@pytest.mark.parametrize("p", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("dim", [1, 2, 3])
def test_hermite_genocchi(dim: int, p: int) -> None:
    rng = random.Random(dim * 10 + p)
    for _ in range(20):
        corners = [[rng.randrange(-4, 5)] for _ in range(1 << dim)]
        means = check.SimplexMeans(dim, 7, Q(p))
        means.add(corners)
        true = Q(0)
        for order in itertools.permutations(range(dim)):
            path = [0, *itertools.accumulate(1 << i for i in order)]
            true += clipped(tuple(corners[mask][0] for mask in path), p) / math.factorial(dim) / 7**p
        assert means.result(1) == (true, true, True)
        wide = check.SimplexMeans(dim, 7, Q(2 * p + 1, 2))
        wide.add(corners)
        lo, hi, _ = wide.result(1)
        assert 0 <= lo <= hi


def test_other_p_lies_between() -> None:
    means = check.SimplexMeans(1, 1, Q(3, 2))
    means.add([[0, -1], [1, 1]])  # mean of x^1.5 = 2/5; of |2x - 1|^1.5 = 2/5
    lo, hi, exact = means.result(2)
    assert lo <= Q(2, 5) <= hi
    assert not exact


def test_kuhn_values() -> None:
    """Rule 4.1 in two dimensions: linear on both triangles of the square; a finer mesh changes no mean."""
    value = {"kind": "kuhn", "dim": 2, "cells": 1, "values": ["0", "1", "3", "7"]}
    target = check.Kuhn(value, claim_of(dim=2, levels=1))
    assert target.nodes(2) == [0, 1, 2, 3, 7, 8, 6, 10, 14]  # twice the values; the diagonal halves 0 and 7
    coarse, _ = target.error(1, check.Table(1, [2], 1, Q(0)))
    fine, largest = target.error(4, check.Table(1, [2], 1, Q(0)))
    assert (coarse, largest) == (fine, 5)
    assert target.slopes()[0][0] == [3, 6]
    assert target.slopes()[1][0] == [1, 4]


def test_step_variation_is_the_maximum_of_shifts() -> None:
    rng = random.Random(7)
    for p in ("1", "2", "inf"):
        for _ in range(15):
            breaks = sorted({Q(rng.randrange(1, 30), 30) for _ in range(rng.randrange(5))})
            values = [Q(rng.randrange(-3, 4)) for _ in range(len(breaks) + 1)]
            raw = handmade.step(breaks, values)
            target = check.Step(raw, claim_of(p=p))
            ends = [Q(0), *breaks, Q(1)]
            for t in (Q(1), Q(1, 2), Q(1, 8), Q(1, 45)):
                shifts = {t} | {b - a for a in ends for b in ends if 0 < b - a <= t}
                norm = "inf" if p == "inf" else int(p)
                assert target.upper(None, t) == max(handmade.shift_norm(raw, s, norm) for s in shifts)
                for s in (t * Q(3, 7), t * Q(9, 10)):
                    assert (
                        target.lower(None, [-s]).lo
                        == handmade.shift_norm(raw, s, norm)
                        <= target.upper(None, t)
                    )


# -- regions


def test_bit_fields() -> None:
    rng = random.Random(3)
    for _ in range(300):
        head, tail, b = rng.randrange(1, 1 << 40, 2), rng.randrange(-60, 20), rng.randrange(1, 12)
        exps = [rng.randrange(-20, 60) for _ in range(5)]
        value = check.FloorOfPower(check.PowerOfTwo((), 0, exps), 0, head, tail)
        direct = [
            math.floor(head * Q(2) ** (tail + e)) - 2**b * math.floor(head * Q(2) ** (tail + e - b))
            for e in exps
        ]
        assert check.bit_field(value, b).vals == direct


def test_floor_on_pieces() -> None:
    assert check.one_floor(0, 4, True, 4)
    assert not check.one_floor(0, 4, False, 4)
    assert not check.one_floor(4, 0, True, 4)
    assert check.one_floor(7, 4, True, 4)
    assert not check.one_floor(7, 3, True, 4)
    assert not check.one_floor(3, 8, True, 4)
    assert check.one_floor(8, 8, False, 4)


def test_relu_pieces() -> None:
    claim = claim_of(digits="relu", base=3, levels=2)
    pieces = check.Pieces(claim, Q(1, 100), 2, 320, {})
    den, ends = pieces.ends(2)
    gaps = [Q(b, den) - Q(k + 1, 9) for k, (_, b, _) in enumerate(ends)]
    assert [-g * 300 for g in gaps] == [1, 1, 3, 1, 1, 3, 1, 1, 0]
    with pytest.raises(check.Rejected):
        check.Pieces(claim, Q(1, 3), 2, 320, {})


def relu_certificate(decoder: str, weight: int = 7) -> dict[str, Any]:
    """L = 1, N = 2, relu digits, f(x) = x; constants so large that rough enclosures decide (rule 6)."""
    delta, make = Q(1, 2**40), handmade.neuron
    up, down = (
        make(n, "relu", [["x0", 1 / delta]], b)
        for n, b in (("A", 1 - Q(1, 2) / delta), ("B", -Q(1, 2) / delta))
    )
    carrier = [make("S", "relu", [["S", Q(1)]])]
    J = [["A", Q(1)], ["B", Q(-1)]]
    if decoder == "bits":
        second, last = [make("E", "exp2", [[n, 4 * w] for n, w in J])], [
            make("u", "floor", [["E", Q(4 * 16 + 12, 256)]]), make("v", "floor", [["E", Q(4 * 16 + 12, 16)]]),
        ]  # fmt: skip
        head, table = [["v", Q(1, 16)], ["u", Q(-1)]], [mpmath.mpf(1) / 4, mpmath.mpf(3) / 4]
        phi = (Q(0), Q(15, 16))
    else:
        second, last = [make("I", "sine", J, 1)], [make("O", "sine", [["I", Q(weight)]])]
        head, table = [["O", Q(1, 2)]], [mpmath.sin(weight * mpmath.sin(1 + k)) / 2 for k in range(2)]
        phi = (Q(-1, 2), Q(1, 2))
    layers = [[make("S", "relu", [], 0), up, down], [*carrier, *second], [*carrier, *last]]
    readouts = [{"level": 0, "layer": 2, "weights": [["S", Q(1)]], "bias": Q(1, 2)}]
    readouts.append({"level": 1, "layer": 3, "weights": [["S", Q(1)], *head], "bias": Q(0)})
    parameters = {
        "dim": 1,
        "base": 2,
        "levels": 1,
        "p": "2",
        "digits": "relu",
        "decoder": decoder,
        "constant": "9",
    }
    parameters |= {"modulus": "axis", "tolerance": "1/16", "until": None}
    findings = [
        handmade.finding("width", True, value=3, bound=7), handmade.finding("depth", True, value=3, bound=3),
        handmade.finding("activations", True, value=sorted({n["activation"] for r in layers for n in r}),
                         bound=["exp2", "floor", "relu"] if decoder == "bits" else ["relu", "sine"]),
        handmade.finding("nested", True, contains=None),
    ]  # fmt: skip
    s1 = (
        sum(((k + 1) / mpmath.mpf(2) - table[k]) ** 3 - (k / mpmath.mpf(2) - table[k]) ** 3 for k in range(2))
        / 3
    )
    slack = delta * max(1 - phi[0], phi[1]) ** 2
    mid = Q(str(s1))
    errors = [[Q(1, 12)] * 2, [max(mid - slack - Q(1, 10**12), Q(0)), mid + slack + Q(1, 10**12)]]
    for level, (lo, hi) in enumerate(errors):
        s = Q(1, 2)
        own = {
            "grid": 2,
            "shift": ["1/2"],
            "error": [handmade.text(lo), handmade.text(hi)],
            "constant": ["9", "9"],
        }
        own["modulus"] = [handmade.text(s**2 * (1 - s)), None]
        findings.append(handmade.finding("error", hi <= 81 * s**2 * (1 - s), False, level, **own))
    return handmade.sealed({
        "format": "approxcert-certificate", "version": 1, "producer": {}, "target": handmade.kuhn([Q(0), Q(1)]),
        "claim": {"name": "geometric", "parameters": parameters}, "network": handmade.wired(layers, readouts),
        "evidence": {"delta": handmade.text(delta), "lipschitz": None}, "findings": findings, "status": "proved",
    })  # fmt: skip


@pytest.mark.parametrize("decoder", ["bits", "two-sine"])
def test_relu_digits(decoder: str) -> None:
    good = relu_certificate(decoder)
    assert check.recheck(json.dumps(good).encode()) == "proved"
    for changed, place in [
        ("1/1099511627777", "network.layers"),
        ("1", "evidence.delta"),
        (None, "evidence.delta"),
    ]:
        bad = handmade.sealed({**good, "evidence": {"delta": changed, "lipschitz": None}})
        if changed == "1/1099511627777":  # pieces a little longer than the digits allow
            assert rejects(bad).startswith(place)
        else:
            assert rejects(bad) == place
    narrow = json.loads(json.dumps(good))  # without the bad set's share
    lo, hi = (handmade.number(x) for x in narrow["findings"][5]["error"])
    middle = (lo + hi) / 2
    narrow["findings"][5]["error"] = [handmade.text(middle), handmade.text(hi)]
    assert rejects(handmade.sealed(narrow)) == "findings[5].error[0]"


def test_wide_sines() -> None:
    """A weight of 3,000 bits; one bit of it more and the stated error is false."""
    weight = 3**1893
    with mpmath.workprec(4000):
        good = relu_certificate("two-sine", weight)
    assert check.recheck(json.dumps(good).encode()) == "proved"
    good["network"]["layers"][2][1]["weights"][0][1] = handmade.text(weight + 1)
    assert rejects(handmade.sealed(good)).startswith("findings[5].error")


def test_undecided_networks_name_the_neuron() -> None:
    good = handmade.certificate(TARGETS["kuhn"], 2, 1, 2, Q(3))
    for change, place in [
        (("floor", [[0, "3"]]), "network.layers[0][1]"),
        (("exp2", [[0, "1"]]), "network.layers[0][1]"),
        (("sine", [[0, "1"]]), "network.layers[0][1]"),
    ]:
        bad = json.loads(json.dumps(good))
        bad["network"]["layers"][0][1] |= {"activation": change[0], "weights": change[1]}
        raw = check.read_network(bad["network"], claim_of(levels=1))
        with pytest.raises(check.Rejected) as caught:
            check.table_of(raw, check.Pieces(claim_of(levels=1), None, 1, 320, {}))
        assert caught.value.place == place


# -- whole certificates

TARGETS = {
    "kuhn": handmade.kuhn([Q(0), Q(1), Q(1, 3)]),
    "step": handmade.step([Q(1, 5), Q(2, 3)], [Q(0), Q(2), Q(1)]),
    "flat": handmade.kuhn([Q(1, 4), Q(1, 4)]),
}


@pytest.mark.parametrize("p", [1, 2, 3, "inf"])
@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize(("base", "levels"), [(2, 0), (2, 2), (3, 1)])
def test_true_certificates_are_accepted(name: str, p: int | str, base: int, levels: int) -> None:
    seen = set()
    for constant, until in ((Q(3), "1/2"), (Q(1, 10), None), (Q(3), "1/100000")):
        good = handmade.certificate(TARGETS[name], base, levels, p, constant, until=until)
        assert check.recheck(json.dumps(good).encode()) == good["status"]
        assert handmade.is_true(good)
        seen.add(good["status"])
    assert seen & {"proved", "refuted"}


@pytest.mark.parametrize(
    ("name", "p", "levels"), [("kuhn", 2, 1), ("step", 1, 1), ("kuhn", "inf", 0), ("kuhn", 1, 2)]
)
def test_every_mutant_is_rejected_or_true(name: str, p: int | str, levels: int) -> None:
    """Each place spoiled, hashes made anew. What is accepted still has to be true, by the oracle's own evaluation."""
    good = handmade.certificate(TARGETS[name], 2, levels, p, Q(3), until="1/2")
    body = {k: v for k, v in good.items() if k != "hash"}
    accepted, count = [], 0
    for at, spoiled in handmade.mutants(body):
        if not isinstance(spoiled, dict) or "network" not in spoiled:
            continue
        count += 1
        bad = handmade.sealed(spoiled)
        try:
            check.recheck(json.dumps(bad).encode())
        except check.Rejected:
            continue
        accepted.append(at)
        assert handmade.is_true(bad), at
    assert count > 500
    harmless = (
        ".producer",
        ".parameters.tolerance",
        ".parameters.until",
        ".shift",
        ".modulus[1]",
        ".network",
    )
    if p == "inf":  # the supremum does not see every nodal value
        harmless = (*harmless, ".target.values")
    assert [at for at in accepted if not any(word in at for word in harmless)] == []


def test_hashes_bind() -> None:
    good = handmade.certificate(TARGETS["kuhn"], 2, 1, 2, Q(3))
    for at, spoiled in handmade.mutants(good["hash"], "hash"):
        assert rejects({**good, "hash": spoiled}).startswith("hash"), at
    assert rejects({**good, "producer": {"approxcert": "other"}}) == "hash.all"


def test_stated_constants_must_be_tight() -> None:
    """A lower end far below the constant, even negative, has a large square: it must not prove anything."""
    good = handmade.certificate(TARGETS["kuhn"], 2, 1, 2, Q(1, 10))
    good["claim"]["parameters"]["constant"] = "sharp"
    for row in good["findings"][4:6]:
        row["constant"] = ["-1000", "1000"]
    assert rejects(handmade.sealed(good)).endswith(".constant[0]")  # sharp is exact at p = 2, d = 1
    claim = claim_of(p="3/2", constant="sharp")
    own = check.constant_of(claim)
    assert own.hi - own.lo < Q(1, 2**100)
    with mpmath.workprec(400):
        true = mpmath.mpf(2) ** (mpmath.mpf(2) / 3) + mpmath.mpf(1) / 16
        assert (
            mpmath.mpf(own.lo.numerator) / own.lo.denominator
            <= true
            <= mpmath.mpf(own.hi.numerator) / own.hi.denominator
        )
    for wide in (["-9", "9"], [handmade.text(own.lo - Q(1, 2**60)), handmade.text(own.hi)]):
        with pytest.raises(check.Rejected):
            check.check_constant(wide, claim, "constant")


# -- malformed input

GOOD = json.dumps(handmade.certificate(TARGETS["kuhn"], 2, 1, 2, Q(3)))
MALFORMED: dict[str, bytes] = {
    "empty": b"", "binary": bytes(range(256)), "truncated": GOOD[:-100].encode(), "half": GOOD[:700].encode(),
    "list": b"[]", "number": b"7", "null": b"null", "string": b'"x"', "object": b"{}", "deep": b"[" * 1_000_000,
    "deep objects": b'{"a":' * 100_000, "huge integer": b"[" + b"9" * 100_000 + b"]", "nan": b'{"format": NaN}',
    "infinity": b"[-Infinity]", "float": GOOD.replace('"version": 1', '"version": 1.0').encode(),
    "bom": b"\xef\xbb\xbf{}",
    "exponent": GOOD.replace('"version": 1', '"version": 1e0').encode(), "utf-16": GOOD.encode("utf-16"),
    "bool": GOOD.replace('"version": 1', '"version": true').encode(), "duplicate": b'{"a": 1, "a": 1}',
    "twice": GOOD.replace('"version": 1', '"version": 1, "version": 1').encode(), "trailing": (GOOD + "x").encode(),
    "surrogate": GOOD.replace("by hand", "\\ud800").encode(), "surrogate key": b'{"\\ud800": 1}',
    "strings": b'"' + b'\\"' * 500_000, "escapes": b'"\\' * 300_000,
    "newline place": b'{"a\\nb": 1}', "cyclic": b'{"$ref": "#"}',
    "long dyadic": GOOD.replace('"1/16"', '"0x1p999999999"').encode(),
    "many dyadics": b"[" + b",".join([b'"0x1p100000000"'] * 100) + b"]",
}  # fmt: skip


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_input_is_rejected_in_one_line(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(MALFORMED[name])
    assert check.main([str(path)]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("rejected: ")
    assert shown.err.count("\n") == 1
    assert shown.err.isascii()
    assert check.main([str(path), "--json"]) == 2
    report = json.loads(capsys.readouterr().out)
    assert (report["accepted"], report["status"]) == (False, None)


def structural_mutants() -> list[Any]:
    """Wrong types in every place of a good certificate, resealed where that can be."""
    body = {k: v for k, v in json.loads(GOOD).items() if k != "hash"}
    found = []
    for key in body:
        for junk in (None, True, -1, 10**9, "", "\ud800", [], [[]], {}, {"a": {}}, [None], "9" * 5000):
            found.append(handmade.sealed({**body, key: junk}))
    for place, junk in itertools.product(
        ("layers", "readouts", "inputs"), (None, [], [[]], [{}], -1, 2**29, "x", {"0": []})
    ):
        found.append(handmade.sealed({**body, "network": {**body["network"], place: junk}}))
    return found


def test_wrong_types_are_rejected_without_surprise() -> None:
    for bad in structural_mutants():
        if bad["producer"] == {} or bad["producer"] == {"a": {}}:
            continue
        assert rejects(bad)


@pytest.mark.parametrize("flags", [[], ["-O"]])
def test_as_a_program(flags: list[str], tmp_path: Path) -> None:
    """Both ways of calling it, with and without -O: statuses, one line, no traceback."""
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(GOOD)
    bad.write_bytes(b"[" * 1_000_000)
    status = {"proved": 0, "refuted": 1, "undecided": 3}[json.loads(GOOD)["status"]]
    cases = [
        (["-m", "verify.check"], good, status), (["-I", "verify/check.py"], good, status),
        (["verify/check.py"], bad, 2), (["verify/check.py"], tmp_path, 2), (["verify/check.py"], tmp_path / "none", 2),
    ]  # fmt: skip
    for how, path, expected in cases:
        done = subprocess.run(
            [sys.executable, *flags, *how, str(path)], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == expected
        assert "Traceback" not in done.stderr
        assert len((done.stdout + done.stderr).splitlines()) == 1
    done = subprocess.run(
        [sys.executable, *flags, "verify/check.py"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2


def test_the_whole_malformed_suite_under_optimisation(tmp_path: Path) -> None:
    """The same inputs in one interpreter started with -O."""
    paths = []
    for i, data in enumerate(MALFORMED.values()):
        path = tmp_path / f"{i}.json"
        path.write_bytes(data)
        paths.append(str(path))
    code = "import sys; from verify.check import run; sys.exit(any(run(p)[0] != 2 for p in sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-O", "-c", code, *paths], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_it_stands_alone() -> None:
    """Rule of trust: standard library only, no assert, no eval, no float."""
    source = (ROOT / "verify" / "check.py").read_text()
    imported = {
        line.split()[1].split(".")[0] for line in source.splitlines() if line.startswith(("import ", "from "))
    }
    assert imported <= {*sys.stdlib_module_names, "__future__"}
    for word in (
        "assert ",
        "eval(",
        "exec(",
        "float(",
        "math.sqrt",
        "math.sin",
        "math.exp",
        "math.log(",
        "__import__",
    ):
        assert word not in source
