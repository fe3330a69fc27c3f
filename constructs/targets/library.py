"""Named targets with parameters: `name` or `name:key=value,key=value`."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from flint import fmpq

from constructs.arguments import text_of
from constructs.errors import ConstructError, nearest_name
from constructs.exact import integer, rational
from constructs.kuhn_grids import lipschitz_below
from constructs.targets.base import LARGEST_DIM, Target, bounded_table, dimension
from constructs.targets.parser import LARGEST_POWER

Parameters = dict[str, fmpq]
DIRECTIONS = 3  # components of a transition layer's direction


@dataclass(frozen=True)
class Entry:
    """One named target: defaults as texts, the dims it exists in, and its builder."""

    name: str
    description: str
    defaults: tuple[tuple[str, str], ...]
    build: Callable[[int, Parameters], Target]
    least_dim: int = 1
    most_dim: int = LARGEST_DIM


def names() -> tuple[str, ...]:
    """The names, in the library's order."""
    return tuple(entry.name for entry in LIBRARY)


def find(name: str) -> Entry:
    """The entry of a name.

    Raises: ConstructError with the nearest name.
    """
    for entry in LIBRARY:
        if entry.name == name:
            return entry
    raise ConstructError("target", name, f"an expression or a target's name{_nearest(name, names())}")


def build(text: str, dim: int) -> Target:
    """The target of a text such as "corner-spike:eta=1/100".

    Raises: ConstructError.

    >>> build("corner-spike:eta=1/3", 1).cell_values(3, 1).elements
    array([1, 0, 0], dtype=object)
    """
    name, colon, rest = (
        text_of(text, "target", "a text such as 'corner-spike:eta=1/100'").strip().partition(":")
    )
    entry = find(name.strip())
    dimension(dim)
    if not entry.least_dim <= dim <= entry.most_dim:
        raise ConstructError("dim", dim, f"{entry.least_dim} to {entry.most_dim} for {entry.name}")
    values = dict(entry.defaults)
    given: set[str] = set()
    for part in rest.split(",") if colon else []:
        key, equals, value = (s.strip() for s in part.partition("="))
        if key not in values:
            raise ConstructError(
                f"{entry.name}'s parameter", key, f"one of its parameters{_nearest(key, tuple(values))}"
            )
        if key in given or not equals or not value:
            raise ConstructError(f"{entry.name}'s parameter", part.strip(), "each key=value once")
        given.add(key)
        values[key] = value
    return entry.build(dim, {key: rational(value, f"{entry.name}'s {key}") for key, value in values.items()})


def _nearest(word: str, known: tuple[str, ...]) -> str:
    listed = f" ({', '.join(known)})" if known else " (it has none)"
    return nearest_name(word, known) + listed


def _whole(p: Parameters, key: str, least: int, most: int) -> int:
    value = p[key]
    if value.q != 1:
        raise ConstructError(key, str(value), f"an integer >= {least} and <= {most}")
    return integer(value.p, key, least, most)


def _positive(p: Parameters, key: str) -> fmpq:
    if not p[key] > 0:
        raise ConstructError(key, str(p[key]), "a number > 0")
    return p[key]


def _sum_over_axes(values: list[fmpq], dim: int) -> Target:
    """f(x) = Σ_i g(x_i), g with these nodal values: linear on every cell, so on every Kuhn simplex."""
    from constructs.targets.kuhn import KuhnTarget

    g = np.empty(len(values), dtype=object)
    g[:] = values
    total = np.full((1,) * dim, fmpq(0), dtype=object)
    for i in range(dim):
        total = total + g.reshape((1,) * i + (-1,) + (1,) * (dim - 1 - i))
    return KuhnTarget(len(values) - 1, total)


def _expression(text: str, dim: int) -> Target:
    from constructs.targets.expression import ExpressionTarget

    return ExpressionTarget(text, dim)


def _constant(dim: int, p: Parameters) -> Target:
    return _sum_over_axes([p["value"] / dim] * 2, dim)


def _linear(dim: int, p: Parameters) -> Target:
    return _sum_over_axes([fmpq(0), p["slope"]], dim)


def _tent(dim: int, _: Parameters) -> Target:
    return _sum_over_axes([fmpq(0), fmpq(1, 2), fmpq(0)], dim)


def _sawtooth(dim: int, p: Parameters) -> Target:
    teeth = _whole(p, "teeth", 1, 1 << 20)
    bounded_table("teeth", teeth, (2 * teeth + 1) ** dim, "nodes")
    return _sum_over_axes([fmpq(k % 2) for k in range(2 * teeth + 1)], dim)


def _takagi(dim: int, p: Parameters) -> Target:
    terms = _whole(p, "terms", 1, 20)
    bounded_table("terms", terms, (2**terms + 1) ** dim, "nodes")
    values = np.zeros(
        1, dtype=np.int64
    )  # times 2^terms: T_n(k/2^n) = Σ_j 2^-j |distance of 2^j k/2^n to the integers|
    k = np.arange(2**terms + 1)
    for j in range(terms):
        inside = k % 2 ** (terms - j)
        values = values + np.minimum(inside, 2 ** (terms - j) - inside)
    return _sum_over_axes([fmpq(int(v), 2**terms) for v in values], dim)


def _corner_spike(dim: int, p: Parameters) -> Target:
    from constructs.targets.step import StepTarget

    eta = p["eta"]
    if not 0 < eta < 1:
        raise ConstructError("eta", str(eta), "a rational > 0 and < 1")
    return StepTarget((((eta,), (fmpq(1), fmpq(0))),) * dim)


def _kink(dim: int, p: Parameters) -> Target:
    return _expression(f"abs(x0-({p['c']}))**({_positive(p, 'alpha')})", dim)


def _sqrt(dim: int, _: Parameters) -> Target:
    return _expression("sqrt(x0)", dim)


def _transition_layer(dim: int, p: Parameters) -> Target:
    for i in range(dim, DIRECTIONS):
        if p[f"n{i}"] != 0:
            raise ConstructError(f"n{i}", str(p[f"n{i}"]), f"0 in {dim} dimensions")
    normal = {i: p[f"n{i}"] for i in range(min(dim, DIRECTIONS)) if p[f"n{i}"] != 0}
    if not normal:
        raise ConstructError("n0, n1, ...", "0", "a direction: some of them not 0")
    form = "+".join(f"x{i}" if n == 1 else f"({n})*x{i}" for i, n in normal.items())
    return _expression(f"tanh(({form}-({p['c']}))/({_positive(p, 'eps')}))", dim)


def _cusp(dim: int, p: Parameters) -> Target:
    squares = "+".join(f"(x{i}-({p[f'c{i}']}))**2" for i in range(dim))
    return _expression(f"({squares})**({_positive(p, 'alpha') / 2})", dim)


def _bump(dim: int, p: Parameters) -> Target:
    k = _whole(p, "k", 1, LARGEST_POWER)
    return _expression("*".join(f"(4*x{i}*(1-x{i}))**{k}" for i in range(dim)), dim)


def _random_lipschitz(dim: int, p: Parameters) -> Target:
    """McShane's extension of random values on the nodes themselves: f(ν) = min_μ (v_μ + K |ν−μ|_1)."""
    from constructs.targets.kuhn import KuhnTarget

    K, m, seed = _positive(p, "lipschitz"), _whole(p, "cells", 1, 1 << 20), _whole(p, "seed", 0, 10**9)
    bounded_table("cells", m, (m + 1) ** dim, "nodes")
    draw = random.Random(seed)
    step = 1 << 10
    drawn = [draw.randrange(m * step // 2 + 1) for _ in range((m + 1) ** dim)]
    values = lipschitz_below(np.array(drawn, dtype=np.int64).reshape((m + 1,) * dim), step)
    nodal = np.empty(values.shape, dtype=object)
    nodal.reshape(-1)[:] = [K * fmpq(v, m * step) for v in values.reshape(-1).tolist()]
    return KuhnTarget(m, nodal)


LIBRARY = (
    Entry("constant", "a rational constant", (("value", "1/3"),), _constant),
    Entry("linear", "slope * Σ_i x_i", (("slope", "1"),), _linear),
    Entry("tent", "Σ_i (1/2 − |x_i − 1/2|), 1-Lipschitz", (), _tent),
    Entry("sawtooth", "Σ_i of a zigzag between 0 and 1", (("teeth", "4"),), _sawtooth),
    Entry("takagi", "Σ_i of a partial sum of Takagi's function", (("terms", "6"),), _takagi),
    Entry("corner-spike", "Σ_i 1[x_i < eta], extremal for p = 1", (("eta", "1/10"),), _corner_spike),
    Entry("kink", "|x_0 − c|^alpha", (("c", "1/3"), ("alpha", "1/2")), _kink),
    Entry("sqrt", "the square root of x_0", (), _sqrt),
    Entry(
        "transition-layer",
        "tanh((n·x − c)/eps), n = (n0, n1, n2)",
        (("c", "1/2"), ("eps", "1/50"), ("n0", "1"), ("n1", "0"), ("n2", "0")),
        _transition_layer,
    ),
    Entry(
        "cusp",
        "|x − c|^alpha, Euclidean distance to the point (c0, c1, c2)",
        (("alpha", "1/2"), ("c0", "1/3"), ("c1", "1/3"), ("c2", "1/3")),
        _cusp,
        most_dim=3,
    ),
    Entry("bump", "Π_i (4 x_i (1 − x_i))^k; 0 outside the cube it is C^(k−1) on R^d", (("k", "3"),), _bump),
    Entry(
        "random-lipschitz",
        "random nodal values made K-Lipschitz, piecewise linear",
        (("seed", "0"), ("cells", "8"), ("lipschitz", "1")),
        _random_lipschitz,
    ),
)
