"""A second reader's attacks on the checker: what it accepts of random networks and targets is true at points.

Every oracle here is plain evaluation at points: no table, no interval and no formula of the checker or the producer.
"""

from __future__ import annotations

import functools
import importlib
import itertools
import math
import random
from fractions import Fraction as Q
from types import SimpleNamespace
from typing import Any

import mpmath
import numpy as np
import pytest

check = importlib.import_module("verify.check")


# -- networks: an accepted table is what the network gives at points of every piece, ends included


def activation(kind: str, u: Any) -> Any:
    if kind == "relu":
        return max(u, type(u)(0))
    if kind == "floor":
        return Q(math.floor(u))
    if kind == "exp2" and isinstance(u, Q) and u.denominator == 1:
        return Q(2) ** int(u)
    return mpmath.power(2, real(u)) if kind == "exp2" else mpmath.sin(real(u))


def real(x: Any) -> Any:
    return mpmath.mpf(x.numerator) / x.denominator if isinstance(x, Q) else x


def affine(part: Any, values: list[Any]) -> Any:
    total = part.bias
    for s, w in part.weights:
        both = isinstance(total, Q) and isinstance(values[s], Q)
        total = total + w * values[s] if both else real(total) + real(w) * real(values[s])
    return total


def phi(network: Any, level: int, x: tuple[Q, ...]) -> Any:
    """The readout of a level at a point; neurons that it does not depend on stand as 0."""
    values: list[Any] = list(x)
    for layer, wanted in zip(network.layers, network.needed(level), strict=False):
        values = [
            activation(n.activation, affine(n, values)) if i in wanted else Q(0) for i, n in enumerate(layer)
        ]
    return affine(network.readouts[level], values)


def random_network(rng: random.Random, d: int, n: int, level: int, delta: Q | None) -> Any:
    """Digits, pairs of floors, sines and sums, right and slightly wrong ones."""
    N = round(n ** (1 / max(level, 1)))
    weights = [Q(1), Q(-1), Q(2), Q(-2), Q(N), Q(-N), Q(1, 2), Q(1, N), Q(n)]
    layers: list[list[Any]] = []
    for j in range(level + 2):
        layer: list[Any] = []
        while len(layer) < rng.randint(2, 5):
            i = rng.randrange(d)
            if j == 0 and delta is not None:
                t = rng.randint(1, max(level, 1))
                gap, c = (
                    delta / N ** (t - 1),
                    Q(rng.randint(0, N**t), N**t) + rng.choice([0, 0, 0, Q(1, 999)]),
                )
                s = rng.choice([1 / gap, 1 / gap, Q(1), -1 / gap])
                layer += [check.Neuron("relu", [(i, s)], -s * e) for e in (c - gap, c)]
            elif j == 0:
                s, b = rng.choice([Q(1), Q(n), Q(N), Q(-n), Q(n, 2)]), rng.choice([Q(0), Q(0), Q(1), Q(1, 2)])
                layer.append(check.Neuron(rng.choice(["relu", "floor", "floor"]), [(i, s)], b))
            elif j == 1 and delta is not None and rng.random() < 0.6:
                k, r = 2 * rng.randrange(len(layers[0]) // 2), rng.choice(weights)
                kind = rng.choice(["relu", "relu", "exp2", "sine"])
                layer.append(check.Neuron(kind, [(k, r), (k + 1, -r)], rng.choice([Q(0), Q(2)])))
            elif rng.random() < 0.4:
                s, w = rng.randrange(len(layers[-1])), Q(rng.randrange(1, 2**20, 2), 2 ** rng.randint(0, 40))
                w *= rng.choice([1, 1, 1, -1])
                b = 2 ** rng.randint(1, 6)
                layer += [check.Neuron("floor", [(s, v)], Q(0)) for v in (w, w * b)]
            else:
                chosen = sorted(rng.sample(range(len(layers[-1])), min(len(layers[-1]), rng.randint(1, 3))))
                r = rng.choice(weights)
                row = [(s, rng.choice([r, -r, rng.choice(weights)])) for s in chosen]
                kind = rng.choice(["relu", "floor", "exp2", "sine"])
                layer.append(check.Neuron(kind, row, rng.choice([Q(0), Q(1), Q(-3), Q(1, 3)])))
        layers.append(layer)
    heads = []
    for layer in layers[1:]:
        start = rng.randrange(len(layer))
        row, c = [(s, rng.choice(weights)) for s in range(start, min(start + 3, len(layer)))], Q(1, 3)
        for (a, _), (b, _) in itertools.pairwise(row):
            u, v = layer[a], layer[b]
            if u.activation == v.activation == "floor" and len(u.weights) == len(v.weights) == 1:
                row = [(a, -c * v.weights[0][1] / u.weights[0][1]), (b, c)]
        heads.append(check.Neuron("", row, rng.choice([Q(0), Q(1, 7)])))
    return check.Network(layers, heads)


def probes(pieces: Any) -> list[list[Q]]:
    """Points of each piece: its ends (just inside an open one) and two between."""
    den, ends = pieces.ends(pieces.level)
    tiny, result = Q(1, 10**30), []
    for a, b, half_open in ends:
        u, v = Q(a, den), Q(b, den)
        result.append([u, u + tiny, (3 * u + 2 * v) / 5, v - tiny if half_open else v] if u < v else [u])
    return result


@pytest.mark.parametrize("digits", ["relu", "floor"])
def test_accepted_tables_and_ranges_hold_at_points(digits: str) -> None:
    varied = 0
    with mpmath.workprec(600):
        for seed in range(900):
            rng = random.Random(f"{digits} {seed}")
            d, N = rng.choice([1, 1, 2]), rng.choice([2, 2, 3])
            level = rng.choice([0, 1, 1, 2] if d == 1 else [0, 1])
            n, delta = N**level, None if digits == "floor" else Q(1, rng.choice([5, 8, 11, 100]))
            network = random_network(rng, d, n, level, delta)
            claim = SimpleNamespace(base=N, dim=d)
            try:
                pieces = check.Pieces(claim, delta, level, check.scale_for(network), {})
                table = check.table_of(network, pieces)
            except check.Rejected:
                continue
            varied += len(set(table.values)) > 1
            inside = probes(pieces)
            for cell in itertools.product(range(len(inside)), repeat=d):
                at = functools.reduce(lambda k, i: k * n + min(i, n - 1), cell, 0)
                low, high = (real(Q(table.values[at], table.den) + e) for e in (-table.rho, table.rho))
                for x in itertools.product(*(inside[i] for i in cell)):
                    assert (
                        low - mpmath.mpf(2) ** -400
                        <= real(phi(network, level, x))
                        <= high + mpmath.mpf(2) ** -400
                    )
            try:
                bottom, top = check.range_of(network, level, d)
            except check.Rejected:
                continue
            for _ in range(6):
                x = tuple(Q(rng.randint(0, 5040), 5040) for _ in range(d))
                value = real(phi(network, level, x))
                assert real(bottom) - mpmath.mpf(2) ** -400 <= value <= real(top) + mpmath.mpf(2) ** -400
    assert varied >= 5


def table_of(
    layers: list[list[tuple[str, list[tuple[int, Any]], Any]]], head: Any, delta: Q | None = None
) -> Any:
    """Level 1, N = 2, d = 1: the table, the bad set and the range of a network of three layers."""
    made = [
        [check.Neuron(kind, [(s, Q(w)) for s, w in row], Q(b)) for kind, row, b in layer] for layer in layers
    ]
    network = check.Network(
        made, [check.Neuron("", [], Q(0)), check.Neuron("", [(s, Q(w)) for s, w in head], Q(0))]
    )
    pieces = check.Pieces(SimpleNamespace(base=2, dim=1), delta, 1, 320, {})
    found = check.table_of(network, pieces)
    return found.values, check.bad_set(network, pieces), check.range_of(network, 1, 1)


CARRY = [("relu", [(0, 1)], 0)]


@pytest.mark.parametrize(
    "first",
    [
        ("floor", [(0, 2)], 0),  # 2, not 1, at the point 1
        ("floor", [(0, 1)], 0),  # 0 on every cell, 1 at the point 1
        ("floor", [(0, 2)], Q(1, 10**30)),  # jumps just before 1/2
        ("floor", [(0, 2)], -Q(1, 10**30)),
        ("floor", [(0, -2)], 2),  # floor(2 - 2x): taken from the wrong side at 1/2
        ("floor", [(0, 3)], 0),
        ("relu", [(0, 1)], -Q(1, 2)),
    ],
)
def test_jumps_off_the_cells_are_refused(first: Any) -> None:
    with pytest.raises(check.Rejected):
        table_of([[first], CARRY, CARRY], [(0, 1)])


def test_a_spike_inside_a_strip_counts_in_the_range() -> None:
    """It leaves the table alone, so only the range of the readout over the bad set may notice it."""
    delta = Q(1, 10)
    hat = [("relu", [(0, 1)], -Q(1, 2) + e) for e in (delta, delta / 2, 0)]
    peak = [("relu", [(0, 10**6), (1, -2 * 10**6), (2, 10**6)], 0)]
    values, bad, (low, high) = table_of([hat, peak, CARRY], [(0, 1)], delta)
    assert values == [0, 0]
    assert bad == delta
    assert low <= 0
    assert high >= 10**6 * delta / 2
    with pytest.raises(check.Rejected):
        table_of([[(kind, row, b + Q(1, 100)) for kind, row, b in hat], peak, CARRY], [(0, 1)], delta)


# -- expressions: every box's statements against dense points

NAMES = {n: getattr(np, n) for n in ("abs", "sqrt", "exp", "log", "sin", "cos", "tanh")}
NAMES |= {
    "step": lambda u: (np.asarray(u) >= 0) * 1.0,
    "min": lambda *a: functools.reduce(np.minimum, a),
    "max": lambda *a: functools.reduce(np.maximum, a),
}
UNARY = [
    "abs({0})",
    "sin({0})",
    "exp({0})",
    "tanh({0})",
    "-{0}",
    "({0})**2",
    "({0})**3",
    "sqrt(abs({0}))",
    "step({0})",
    "step({0})",
    "({0})**(-1)",
    "abs({0})**(2/3)",
    "abs({0})**(5/3)",
    "log(1+abs({0}))",
    "(2+abs({0}))**(-5/2)",
    "sqrt({0})",
    "log({0})",
    "sin(9*({0}))",
    "({0})**0",
]
BINARY = [
    "({0})+({1})",
    "({0})*({1})",
    "({0})-({1})",
    "min({0},{1})",
    "max({0},{1})",
    "({0})/({1})",
    "min({0},{1},0)",
    "max({0},{1},{0})",
    "({0})*step({1})",
    "({0})/(1+({1})**2)",
    "0*({0})+({1})",
    "max(min({0},1/2),{1})",
    "({0})-({0})",
]


def expression(rng: random.Random, d: int, g: int, depth: int) -> str:
    """Kinks, jumps and zeros fall on the lines of the grid g as often as not."""
    if depth == 0:
        x = f"x{rng.randrange(d)}"
        return rng.choice(
            [x, x, f"({x}-{rng.randint(0, g)}/{g})", f"({rng.randint(-4, 4)}/{rng.choice([1, 2, 3])})"]
        )
    a, b = (expression(rng, d, g, depth - 1) for _ in range(2))
    return rng.choice(UNARY + BINARY).format(a, b)


def evaluate(text: str, x: list[Any]) -> Any:
    found = eval(text, NAMES, {f"x{i}": v for i, v in enumerate(x)})  # noqa: S307
    return np.broadcast_to(np.asarray(found, float), x[0].shape)


def measured(text: str, d: int, s: list[float], p: Q | None, count: int) -> tuple[float, float]:
    """||f(.+s) - f||_p^p (p = inf: the maximum) by midpoints, and the largest difference."""
    axes, volume = [], 1.0
    for e in s:
        a, b = max(0.0, -e), min(1.0, 1 - e)
        axes.append(a + (b - a) * (np.arange(count) + 0.5) / count)
        volume *= b - a
    X = [x.ravel() for x in np.meshgrid(*axes, indexing="ij")]
    gap = np.abs(evaluate(text, [x + e for x, e in zip(X, s, strict=True)]) - evaluate(text, X))
    return (gap.max() if p is None else volume * (gap ** float(p)).mean()), gap.max()


def test_boxes_sums_and_moduli_of_expressions_hold_at_points(monkeypatch: pytest.MonkeyPatch) -> None:
    accepted, plain = [0, 0], check.summary
    for seed in range(400):
        rng = random.Random(seed)
        d = rng.choice([1, 1, 2])
        g, p = (
            rng.choice([1, 2, 3, 4, 6] if d == 1 else [1, 2]),
            rng.choice([Q(1), Q(2), Q(3), Q(3, 2), None]),
        )
        text, seen = expression(rng, d, g, rng.choice([1, 2, 3])), []
        claim = SimpleNamespace(dim=d, p=p, modulus=rng.choice(["axis", "euclidean"]))
        target = check.Expression({"kind": "expression", "dim": d, "text": text}, claim)
        shift = [Q(0)] * d
        shift[rng.randrange(d)] = Q(rng.randint(1 - g, g - 1), g)
        table = check.Table(1, [rng.randint(-64, 64)], 48, Q(0))
        monkeypatch.setattr(check, "summary", lambda *a, keep=seen: keep.append(plain(*a)) or keep[-1])
        try:
            target.prepare(
                [check.Job("here", g, shift, table, rng.choice([0, 0, 1, 3]), Q(1, rng.choice([2, 5, 40])))]
            )
        except check.Rejected:
            continue
        bounded = target.passes[g].bounded
        accepted[bounded] += 1
        c, unit, count, total, blur = table.values[0] / 48, 2.0**target.w, 60 if d == 1 else 16, 0.0, 0.0
        for k, corner in enumerate(itertools.product(range(g), repeat=d)):
            X = np.meshgrid(*[(i + (np.arange(count) + 0.5) / count) / g for i in corner], indexing="ij")
            v = evaluate(text, [x.ravel() for x in X])
            (R, M), size = (
                ((b[0][k] / unit, b[1][k] / unit) for b in seen[0][:2]),
                1e-7 * (1 + np.abs(v).max()),
            )
            rough = size + (v.max() - v.min()) * (0.02 if bounded else 0.08)
            assert R[0] - size <= v.min() <= v.max() <= R[1] + size, text
            assert M[0] - rough <= v.mean() <= M[1] + rough, text
            u = np.abs(v - c) if p is None else np.abs(v - c) ** float(p)
            total = max(total, u.max()) if p is None else total + u.mean() / g**d
            blur = max(blur, 1e-6 * (1 + u.max()) + (u.max() - u.min()) * (0.02 if bounded else 0.08))
        stated = target.error(g, table)[0]
        assert total <= float(stated.hi) + blur, text
        assert p is None or total >= float(stated.lo) - blur, text
        points = 240 if d == 1 else 40
        value, most = measured(text, d, [float(e) for e in shift], p, points)
        loose = 1e-6 * (1 + most) + 0.05 * (most if p is None else most ** float(p))
        assert float(target.lower(g, shift).lo) <= value + loose, text
        t = Q(1, rng.choice([2, 3, 9]))
        above = target.upper(g, t)
        for part in (1.0, 0.5, -0.3) if above is not None else ():
            s = [float(t) * part] + [0.0] * (d - 1)
            if claim.modulus == "euclidean" and d == 2:
                s = [float(t) * math.cos(9 * part), float(t) * math.sin(9 * part)]
            value, most = measured(text, d, s, p, points)
            assert value <= float(above) * 1.02 + 1e-6 * (1 + most), text
    assert min(accepted) > 40


@pytest.mark.parametrize(
    ("text", "bounded"),
    [
        ("min(x0, 2 + step(x0 - 1/2))", True),  # the jump is never the least
        ("max(x0, -1 - sqrt(x0))", True),
        ("x0 + 0*step(x0 - 1/2)", True),
        ("min(x0, step(x0 - 1/2))", False),
        ("step(x0 - 1)", False),  # jumps at the last point only
        ("step(x0 - 1/2) + step(1/2 - x0)", False),  # 1 but for one point
        ("step(x0 - 1/2)*(1 - step(x0 - 1/2))", False),
    ],
)
def test_jumps_count_exactly_where_they_reach_the_value(text: str, bounded: bool) -> None:
    claim = SimpleNamespace(dim=1, p=Q(2), modulus="axis")
    target = check.Expression({"kind": "expression", "dim": 1, "text": text}, claim)
    table = check.Table(1, [0], 1, Q(0))
    target.prepare([check.Job("here", 8, [Q(0)], table)])
    assert (target.upper(8, Q(1, 2)) is not None) == bounded


def test_closed_pieces_hold_their_end() -> None:
    """For relu digits the last piece is [1/2, 1]: floor(2x) jumps at its end."""
    with pytest.raises(check.Rejected):
        table_of([[("floor", [(0, 2)], 0)], CARRY, CARRY], [(0, 1)], Q(1, 10))


@pytest.mark.parametrize(("a", "b"), [(-16, 1), (16, 1), (16, -1), (-16, -1), (-8, 1)])
def test_only_true_differences_are_bit_fields(a: int, b: int) -> None:
    """u = floor(11/8 * 2^e), v = floor(16 * 11/8 * 2^e), e = 0: u = 1, v = 22."""
    floors = [("floor", [(0, Q(11, 8))], 0), ("floor", [(0, 22)], 0)]
    values, _, (low, high) = table_of([[("relu", [], 0)], [("exp2", [(0, 1)], 0)], floors], [(0, a), (1, b)])
    assert values == [a + 22 * b] * 2
    assert low <= a + 22 * b <= high


@pytest.mark.parametrize("bits", [20, 100, 200, 220])
@pytest.mark.parametrize("middle", ["sine", "relu"])
def test_amplified_sines_stay_enclosed(bits: int, middle: str) -> None:
    """sin(w phi(w sin 1)): every layer multiplies what is not known by w."""
    w, head = 2**bits, check.Neuron("", [(0, Q(1))], Q(0))
    amplify = check.Neuron(middle, [(0, Q(w))], Q(0))
    last = check.Neuron("sine", [(0, Q(w if middle == "sine" else 1))], Q(0))
    network = check.Network([[check.Neuron("sine", [], Q(1))], [amplify], [last]], [head, head])
    pieces = check.Pieces(SimpleNamespace(base=2, dim=1), None, 1, check.scale_for(network), {})
    table = check.table_of(network, pieces)
    with mpmath.workprec(2000):
        inner = w * mpmath.sin(1)
        true = mpmath.sin(w * mpmath.sin(inner) if middle == "sine" else inner)
        for value in table.values:
            assert abs(true - real(Q(value, table.den))) <= real(table.rho)


@pytest.mark.parametrize("w", [1, 96, 400])
def test_functions_are_exact_where_their_values_are(w: int) -> None:
    """So that a jump of step(sin(x0)) or step(1 - exp(-x0)) at 0 is where it is."""
    one = 1 << w
    assert [check.sine(0, w, q) for q in range(4)] == [(0, 0), (one, one), (0, 0), (-one, -one)]
    assert check.exponential(0, w) == (one, one)
    assert check.tangent_h(0, w) == (0, 0)
    assert check.logarithm(one, w) == (0, 0)
