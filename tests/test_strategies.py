"""Strategies: what they promise against brute force, and what they shrink to."""

from __future__ import annotations

import itertools
import re
from random import Random
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import find as hypothesis_find
from hypothesis import strategies as st
from oracles import exact

from constructs import targets
from constructs.errors import ConstructError
from constructs.kuhn_grids import lipschitz_below
from constructs.targets.kuhn import KuhnTarget
from verify import claims
from verify.strategies import (
    expression_targets,
    geometric_claims,
    holder_targets,
    kuhn_targets,
    lipschitz_power,
    multigrade_claims,
    multiplicative_claims,
    networks,
    oscillating_targets,
    sample_targets,
    spike_targets,
    step_targets,
)
from verify.strategies.slopes import NORMS
from verify.verdict import Status

PHASES = (Phase.generate, Phase.shrink)
relaxed = settings(max_examples=25, phases=PHASES, suppress_health_check=[HealthCheck.too_slow])
bounds = st.sampled_from([fmpq(1), fmpq(1, 3), fmpq(7, 2)])
places = st.fractions(0, 1, max_denominator=60).map(lambda q: fmpq(q.numerator, q.denominator))


def least(strategy: st.SearchStrategy[Any], condition: Any) -> Any:
    """What the examples with the condition shrink to. Which small one is met first is chance: the seed is fixed."""
    looked = settings(database=None, max_examples=1000, phases=PHASES, deadline=None)
    return hypothesis_find(strategy, condition, settings=looked, random=Random(0))


def length(x: Any, norm: str) -> fmpq:
    """The norm of a vector, for l2 its square."""
    sizes = [abs(c) for c in x]
    return max(sizes) if norm == "linf" else sum((s * s if norm == "l2" else s for s in sizes), fmpq(0))


def gradients(f: KuhnTarget) -> list[list[fmpq]]:
    """On every simplex, from values of f around its barycentre."""
    d, m = f.dim, f.cells
    small = fmpq(1, 3 * m * (d + 1))
    out = []
    for k in np.ndindex(*(m,) * d):
        for order in itertools.permutations(range(1, d + 1)):
            x = [(i + fmpq(place, d + 1)) / m for i, place in zip(k, order, strict=True)]
            there = [[c + small * (i == j) for j, c in enumerate(x)] for i in range(d)]
            out.append([(f.exact(y) - f.exact(x)) / small for y in there])
    return out


# -- Kuhn targets


@relaxed
@given(st.integers(1, 3).flatmap(lambda d: kuhn_targets(d, lipschitz="5/3")))
def test_l1_constants_over_all_pairs_of_nodes(f: KuhnTarget) -> None:
    nodes = list(np.ndenumerate(f.values))
    worst = fmpq(0)
    for (a, u), (b, v) in itertools.combinations(nodes, 2):
        distance = fmpq(sum(abs(i - j) for i, j in zip(a, b, strict=True)), f.cells)
        worst = max(worst, abs(u - v) / distance)
    assert worst == lipschitz_power(f, "l1") == f.lipschitz() <= fmpq(5, 3)


@relaxed
@given(st.data(), st.integers(1, 3), st.sampled_from(NORMS), bounds)
def test_constants_over_all_gradients(data: st.DataObject, dim: int, norm: str, K: fmpq) -> None:
    f = data.draw(kuhn_targets(dim, lipschitz=K, norm=norm))
    dual = {"l1": "linf", "l2": "l2", "linf": "l1"}[norm]
    worst = max(length(g, dual) for g in gradients(f))
    assert worst == lipschitz_power(f, norm)
    assert worst <= (K**2 if norm == "l2" else K)


@relaxed
@given(st.data(), st.integers(1, 3), st.sampled_from(NORMS), bounds)
def test_no_two_points_refute_the_constant(data: st.DataObject, dim: int, norm: str, K: fmpq) -> None:
    f = data.draw(kuhn_targets(dim, lipschitz=K, norm=norm))
    for _ in range(5):
        x, y = (data.draw(st.lists(places, min_size=dim, max_size=dim)) for _ in range(2))
        distance = length([a - b for a, b in zip(x, y, strict=True)], norm)
        power = 2 if norm == "l2" else 1
        assert abs(f.exact(x) - f.exact(y)) ** power <= K**power * distance


@relaxed
@given(st.integers(1, 4).flatmap(kuhn_targets))
def test_constants_of_any_nodal_values(f: KuhnTarget) -> None:
    largest = [max(length(g, dual) for g in gradients(f)) for dual in ("linf", "l2", "l1")]
    assert largest == [lipschitz_power(f, norm) for norm in NORMS]


@given(st.integers(1, 3), st.integers(1, 3), st.integers(0, 5), st.data())
def test_the_largest_lipschitz_values_below(d: int, m: int, step: int, data: st.DataObject) -> None:
    size = (m + 1) ** d
    scale = data.draw(st.sampled_from([1, 2**70]))
    drawn = data.draw(st.lists(st.integers(-20, 20), min_size=size, max_size=size))
    v = np.array([scale * n for n in drawn], dtype=object).reshape((m + 1,) * d)
    below = lipschitz_below(v, step * scale)
    nodes = list(np.ndindex(v.shape))
    for a in nodes:
        away = [sum(abs(i - j) for i, j in zip(a, b, strict=True)) for b in nodes]
        assert below[a] == min(v[b] + step * scale * n for b, n in zip(nodes, away, strict=True))


@pytest.mark.parametrize(
    ("norm", "attained"), [("l1", fmpq(3)), ("l2", fmpq(9)), ("linf", fmpq(3))], ids=lambda x: str(x)
)
@pytest.mark.parametrize("dim", [1, 2])
def test_constants_are_attained(norm: str, attained: fmpq, dim: int) -> None:
    f = least(kuhn_targets(dim, 3, norm), lambda f: lipschitz_power(f, norm) == attained)
    assert f.cells == 1
    assert set(f.values.flat) == {fmpq(0), fmpq(3)}


def test_l2_constants_come_near() -> None:
    """Two slopes of K/√2, K/√2 rounded down."""
    f = least(kuhn_targets(2, 1, "l2"), lambda f: all(g[0] and g[1] for g in gradients(f)))
    assert fmpq(98, 100) < lipschitz_power(f, "l2") <= 1


@pytest.mark.parametrize(("norm", "other"), [("l1", "l2"), ("l1", "linf"), ("l2", "linf")])
def test_the_norm_matters(norm: str, other: str) -> None:
    assert (
        lipschitz_power(least(kuhn_targets(2, 1, norm), lambda f: lipschitz_power(f, other) > 1), norm) <= 1
    )


@relaxed
@given(st.data(), st.integers(1, 2), st.integers(1, 7))
def test_oscillations(data: st.DataObject, dim: int, n: int) -> None:
    f = data.draw(oscillating_targets(dim, n))
    assert f.cells == n
    assert all(0 < abs(v) <= 1 for v in f.values.flat)
    for axis in range(dim):
        lines = np.moveaxis(f.values, axis, 0)
        assert (
            all(u * v < 0 for a, b in itertools.pairwise(lines) for u, v in zip(a.flat, b.flat, strict=True))
            if dim > 1
            else all(u * v < 0 for u, v in itertools.pairwise(lines))
        )
    assert f.lipschitz() <= 2 * n


# -- steps, samples, Hölder


@relaxed
@given(st.integers(1, 3).flatmap(spike_targets), st.data())
def test_spikes_are_sums_at_a_corner(f: targets.StepTarget, data: st.DataObject) -> None:
    """Σ_i h 1[|x_i − c_i| < η] for one h, η and corner c, both ends of the jump aside."""
    (eta,) = {min(b, 1 - b) for (b,), _ in f.axes}
    corner = [int(b > fmpq(1, 2) or (b == fmpq(1, 2) and values[0] == 0)) for (b,), values in f.axes]
    h = f.exact(corner) / f.dim
    x = data.draw(st.lists(places, min_size=f.dim, max_size=f.dim))
    inside = [abs(a - c) < eta for a, c in zip(x, corner, strict=True)]
    if all(abs(a - c) != eta for a, c in zip(x, corner, strict=True)):
        assert f.exact(x) == h * sum(inside)
    assert f.constant() is None


def test_spikes_come_near_the_constant() -> None:
    """For p = 1 no constant below 2d holds (docs/geometric.md): spikes show it, and no wide one does."""
    claim = claims.geometric(levels=0, p=1, constant="19/10")
    f = least(spike_targets(1), lambda f: claim.judge(f).status is Status.REFUTED)
    (((eta,), values),) = f.axes
    # the mean of 1[x < η] is η; its error is 2η(1 − η), its modulus η
    assert 2 * (1 - eta) > fmpq(19, 10) >= 2 * (1 - 1 / (1 / eta - 1)) - fmpq(1, 32)
    assert values == (1, 0)


def cones(text: str) -> list[tuple[list[fmpq], fmpq]]:
    """Points and values, read off the text."""
    found = []
    for piece in text.removeprefix("min(").removesuffix(")" if text.startswith("min") else "").split(","):
        centre = [exact(c) for c in re.findall(r"abs\(x\d-(\d+(?:/\d+)?)\)", piece)]
        found.append((centre, exact(re.split(r"\+", piece)[0])))
    return found


@relaxed
@given(st.data(), st.integers(1, 3), bounds)
def test_samples(data: st.DataObject, dim: int, K: fmpq) -> None:
    f = data.draw(sample_targets(dim, K))
    known = cones(f.text)
    assert all(f.exact(p) == v and len(p) == dim for p, v in known)
    x, y = (data.draw(st.lists(places, min_size=dim, max_size=dim)) for _ in range(2))
    away = length([a - b for a, b in zip(x, y, strict=True)], "l1")
    assert abs(value(f, x) - value(f, y)) <= K * away
    p, _ = min(known, key=lambda sample: sample[1])
    assert value(f, near(p)) - value(f, p) == K * SMALL


SMALL = fmpq(1, 10**4)


def near(p: list[fmpq]) -> list[fmpq]:
    """A point of the cube at the distance SMALL along the first axis."""
    return [p[0] + (SMALL if p[0] < 1 else -SMALL), *p[1:]]


def value(f: targets.Target, x: Any) -> fmpq:
    found = f.exact(x)
    assert found is not None
    return found


@relaxed
@given(st.data(), st.integers(1, 2), bounds, st.sampled_from([fmpq(1, 2), fmpq(1, 3), fmpq(5, 7), fmpq(1)]))
def test_holder_constants(data: st.DataObject, dim: int, K: fmpq, alpha: fmpq) -> None:
    f = data.draw(holder_targets(dim, alpha, K))
    for _ in range(5):
        x, y = (data.draw(st.lists(places, min_size=dim, max_size=dim)) for _ in range(2))
        away = length([a - b for a, b in zip(x, y, strict=True)], "l1")
        if away:
            change = abs(f.ball(x, 200) - f.ball(y, 200))
            assert not change > arb(K) * arb(away) ** arb(alpha)
    p, v = min(cones(f.text), key=lambda sample: sample[1])
    assert f.ball(p, 200).overlaps(arb(v))
    with ctx.workprec(200):
        steep = (f.ball(near(p), 200) - arb(v)) / arb(SMALL) ** arb(alpha)
    assert steep.overlaps(arb(K))
    assert steep.rad() < 1e-12


# -- what they shrink to


def test_the_smallest_kuhn_targets() -> None:
    assert least(kuhn_targets(2, 1), lambda f: True).values.tolist() == [[0, 0], [0, 0]]
    first = least(kuhn_targets(1, "1/2"), lambda f: f.constant() is None)
    assert (first.cells, first.values.tolist()) == (1, [0, fmpq(1, 2)])
    bent = least(kuhn_targets(1, 1), lambda f: f.exact(["1/2"]) > max(f.exact([0]), f.exact([1])))
    half = fmpq(1, 2)  # both are as small, and which is met first is chance
    assert (bent.cells, bent.values.tolist()) in ((2, [0, half, 0]), (2, [-half, 0, -half]))
    negative = least(kuhn_targets(1), lambda f: f.values.min() < 0)
    assert (negative.cells, negative.values.tolist()) == (1, [0, -1])


def test_the_smallest_of_the_others() -> None:
    assert least(oscillating_targets(2, 1), lambda f: True).values.tolist() == [[1, -1], [-1, 1]]
    jump = least(step_targets(2), lambda f: f.constant() is None)
    assert sorted(jump.axes, key=str) == [((), (0,)), ((fmpq(1, 2),), (0, 1))]
    assert least(spike_targets(1), lambda f: f.axes[0][0][0] <= fmpq(1, 10)).axes == (
        ((fmpq(1, 10),), (1, 0)),
    )
    two = least(sample_targets(1), lambda f: f.text.startswith("min"))
    assert two.text == "min(0+abs(x0-0),0+abs(x0-1))"
    assert least(holder_targets(2), lambda f: True).text == "0+(abs(x0-0)+abs(x1-0))**(1/2)"
    assert least(expression_targets(1), lambda f: "sin" in f.text).text == "x0/3 + (sin(x0))"


def test_the_smallest_claims() -> None:
    assert least(geometric_claims(2), lambda c: True) == claims.geometric(2, 0, 1)
    assert least(geometric_claims(1), lambda c: c.levels > 1 and c.digits == "relu") == claims.geometric(
        2, 2, 1, digits="relu", decoder="two-sine"
    )
    assert least(multigrade_claims(1), lambda c: c.sweeps > 1) == claims.multigrade("1/1", 2)
    assert least(multiplicative_claims(1), lambda c: c.degree == 3) == claims.multiplicative("1/3", 3)


def test_the_smallest_networks() -> None:
    def uses(name: str) -> Any:
        return lambda net: name in net.activations

    floor = least(networks(2), uses("floor"))
    assert (floor.depth, floor.width, floor.parameters) == (1, 1, 0)
    product = least(networks(2, ["relu", "product"]), uses("product"))
    assert [n.affine.terms for n in product.layers[0]] == [((0, fmpq(1)),)]
    steep = least(networks(1, ["relu"]), lambda net: value_at(net, 1) - value_at(net, 0) > 1)
    assert steep.depth * steep.width <= 3  # of up to nine neurons; the others have no weights
    assert steep.parameters <= 5


def value_at(network: Any, x: int) -> fmpq:
    return network.evaluate([x])[-1]


# -- claims hold, arguments are looked at


@settings(relaxed, max_examples=25)
@given(st.data(), st.integers(1, 2))
def test_drawn_claims_are_never_refuted(data: st.DataObject, dim: int) -> None:
    geometric = data.draw(geometric_claims(dim))
    f = data.draw(step_targets(dim) | kuhn_targets(dim, most_cells=2))
    assert geometric.judge(f).status is Status.PROVED
    grades = data.draw(multigrade_claims(dim))
    assert grades.judge(data.draw(kuhn_targets(dim, most_cells=2))).status is Status.PROVED
    products = data.draw(multiplicative_claims(dim))
    g = targets.expression(f"sin(x0)*({data.draw(places)}) + x0", dim)
    assert products.judge(g).status is not Status.REFUTED


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: kuhn_targets(0), "dim = 0: expected an integer >= 1 and <= 6"),
        (lambda: kuhn_targets(7), "dim = 7"),
        (lambda: kuhn_targets(1, 0), "lipschitz = 0: expected a rational > 0"),
        (lambda: kuhn_targets(1, "steep"), "lipschitz = steep"),
        (lambda: kuhn_targets(1, 1, "l3"), "norm = l3: expected l1 or l2 or linf"),
        (lambda: kuhn_targets(3, most_cells=10), "most_cells = 10: expected at most 1000 nodes"),
        (lambda: lipschitz_power(targets.kuhn(1, [0, 1]), "sup"), "norm = sup"),
        (lambda: oscillating_targets(1, 0), "frequency = 0"),
        (lambda: oscillating_targets(2, 99), "frequency = 99: expected at most 1000 nodes"),
        (lambda: step_targets(1, -1), "most_breaks = -1"),
        (lambda: spike_targets(True), "dim = True"),
        (lambda: sample_targets(1, -1), "lipschitz = -1"),
        (lambda: sample_targets(1, 1, 0), "most_samples = 0"),
        (lambda: holder_targets(1, "3/2"), r"alpha = 3/2: expected a rational in \(0, 1\]"),
        (lambda: holder_targets(1, "1/65"), "alpha = 1/65"),
        (lambda: holder_targets(1, "1/2", 0), "constant = 0"),
        (lambda: geometric_claims(0), "dim = 0"),
        (lambda: networks(0), "inputs = 0"),
        (lambda: networks(1, ["tanh"]), "activations = tanh: expected some of relu, "),
        (lambda: networks(1, []), "at least one name"),
    ],
)
def test_bad_arguments(make: Any, message: str) -> None:
    with pytest.raises(ConstructError, match=message):
        make()


def test_the_finest_order_is_still_an_expression() -> None:
    assert least(holder_targets(1, "63/64"), lambda f: True).text == "0+abs(x0-0)**(63/64)"
