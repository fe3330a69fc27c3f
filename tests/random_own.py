"""Random small claims of one's own: a network, a target of any kind, and conditions whose bounds sit at the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st

from constructs import targets
from constructs.errors import ConstructError
from constructs.network import Network
from constructs.raw_layers import layers
from constructs.targets import Target
from verify.own.conditions import Condition
from verify.own.stating import (
    activations,
    computes,
    custom,
    depth,
    error,
    monotone,
    neurons,
    parameters,
    width,
)
from verify.theorem import theorem
from verify.verdict import Verdict

NUMBERS = [Fraction(n, q) for q in (1, 2, 3, 7) for n in (-5, -3, -2, -1, 1, 2, 3, 4)]
WEIGHTS = st.sampled_from([Fraction(0), Fraction(0), *NUMBERS])
POINTS = [Fraction(k, q) for q in (2, 3, 4, 7) for k in range(1, q)]
LITERALS = ["0", "1", "2", "1/2", "1/3", "0.25", "3", "-1", "(1/3-1/3)", "7/5", "1e-3"]
SHAPES = st.one_of(
    st.lists(st.integers(1, 4), min_size=1, max_size=3), st.lists(st.integers(1, 2), min_size=4, max_size=7)
)


@dataclass(frozen=True)
class Case:
    """What a claim is about; `conditions` but for the errors, whose bounds are set when the errors are known."""

    network: Network
    target: Target
    conditions: tuple[Condition, ...]
    jitter: Fraction

    def judged(self, bounds: Sequence[Fraction]) -> Verdict:
        """The producer's verdict: error in both norms with every bound, and the conditions."""
        stated = [error(norm, at_most=b) for b in bounds for norm in ("inf", 2)]
        claim = theorem(
            name="random",
            source="drawn",
            parameters={},
            construct=lambda: self.network,
            conditions=[*stated, *self.conditions],
        )
        return claim().judge(self.target)


@st.composite
def drawn_networks(draw: st.DrawFn, inputs: int, kinds: Sequence[str]) -> Network:
    """Constant neurons, zero weights, unused neurons, readouts of several layers."""
    rows, before = [], inputs
    sizes = draw(SHAPES)
    for size in sizes:
        rows.append(
            [
                (
                    draw(st.sampled_from(list(kinds))),
                    draw(st.lists(WEIGHTS, min_size=before, max_size=before)),
                    draw(WEIGHTS),
                )
                for _ in range(size)
            ]
        )
        before = size
    heads = {len(sizes)} | draw(st.sets(st.integers(1, len(sizes)), max_size=2))
    readouts = {
        j: (draw(st.lists(WEIGHTS, min_size=sizes[j - 1], max_size=sizes[j - 1])), draw(WEIGHTS))
        for j in heads
    }
    return layers(rows, readouts, inputs)


@st.composite
def _texts(draw: st.DrawFn, dim: int, most: int, smooth: bool) -> str:
    if most == 0:
        return draw(st.sampled_from([*LITERALS, *(f"x{i}" for i in range(dim)), "x0", "x0"]))
    part = _texts(dim, most - 1, smooth)
    ops = ["+", "-", "*", "/", "**", "abs", "min", "max", "step", "neg", "same"]
    op = draw(st.sampled_from([*ops, "sin", "exp", "tanh", "sqrt", "log"] if smooth else ops))
    u = draw(part)
    if op in ("+", "-", "*"):
        return f"({u} {op} {draw(part)})"
    if op == "/":
        return f"({u})/({draw(st.sampled_from(LITERALS))})"
    if op == "**":
        return f"({u})**{draw(st.sampled_from(['0', '1', '2', '3', '6', '(1+1)', '-1', '13']))}"
    if op in ("min", "max"):
        return f"{op}({u}, {draw(part)})"
    if op in ("neg", "same"):
        return f"(-({u}))" if op == "neg" else f"min({u}, {u})"
    return f"{op}({u})"


@st.composite
def drawn_targets(draw: st.DrawFn, dim: int) -> Target:
    kind = draw(st.sampled_from(["kuhn", "step", "text", "text", "smooth"]))
    if kind == "kuhn":
        cells = draw(st.integers(1, {1: 5, 2: 2, 3: 1}[dim]))
        count = (cells + 1) ** dim
        values = draw(st.lists(WEIGHTS, min_size=count, max_size=count))

        def nested(given: list, depth: int) -> list:
            if depth == 1:
                return given
            size = len(given) // (cells + 1)
            return [nested(given[k * size : (k + 1) * size], depth - 1) for k in range(cells + 1)]

        return targets.kuhn(cells, nested(values, dim))
    if kind == "step":
        axes = []
        for _ in range(dim):
            breaks = sorted(draw(st.sets(st.sampled_from(POINTS), max_size=3)))
            count = len(breaks) + 1
            axes.append((breaks, draw(st.lists(WEIGHTS, min_size=count, max_size=count))))
        return targets.step(*axes)
    text = draw(_texts(dim, draw(st.integers(0, 3)), kind == "smooth"))
    try:
        return targets.expression(text, dim)
    except ConstructError:  # defined nowhere, or too long
        reject()


@st.composite
def cases(draw: st.DrawFn) -> Case:
    dim = draw(st.sampled_from([1, 1, 1, 1, 2, 3]))
    kinds = draw(st.sampled_from([("relu",), ("relu", "floor"), ("floor",)]))
    network = draw(drawn_networks(dim, kinds))
    place = draw(
        st.sampled_from([(j, k) for j, row in enumerate(network.layers, 1) for k in range(len(row))])
    )
    other: list[Any] = [
        monotone(draw(st.integers(0, dim - 1)), draw(st.booleans()), of=draw(_levels(network))),
        monotone(0, True),
        monotone(0, False),
        error("inf", at_most=draw(st.sampled_from(["0", "1", "1/3"])), of=draw(_levels(network))),
        computes(place, draw(drawn_targets(dim)), draw(st.sampled_from(["0", "1/2", "2"]))),
        width(draw(st.integers(0, 4))),
        depth(draw(st.integers(0, 7))),
        neurons(draw(st.integers(0, 9))),
        parameters(draw(st.integers(0, 30))),
        activations(*draw(st.sets(st.sampled_from(["relu", "floor", "sine"])))),
        custom("said", lambda: True),
    ]
    chosen = tuple(c for c in other if draw(st.booleans()))
    return Case(
        network, draw(drawn_targets(dim)), chosen, Fraction(1, draw(st.sampled_from([10, 10**9, 10**30])))
    )


def _levels(network: Network) -> st.SearchStrategy[int]:
    return st.sampled_from([r.level for r in network.readouts])
