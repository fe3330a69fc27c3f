"""Which channels sit in which layers, with symbolic counts: the constructions' layouts written down once more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

d, N, L = sp.symbols("d N L", integer=True, positive=True)
m, n, q = sp.symbols("m n q", integer=True, positive=True)
G = sp.Symbol("G", integer=True, positive=True)
beta, zeros = sp.symbols("beta Z", integer=True, nonnegative=True)


@dataclass(frozen=True)
class Family:
    """`count` neurons in each of the layers first, ..., last, with `weights` nonzero numbers each.

    count, weights, first, last: SymPy expressions; last = first - 1: no layer at all.
    """

    name: str
    count: Any
    first: Any
    last: Any
    weights: Any


@dataclass(frozen=True)
class Heads:
    """`count` readouts with `weights` nonzero numbers each."""

    count: Any
    weights: Any


@dataclass(frozen=True)
class Layout:
    """A construction: `periods` times `depth` layers with the same families, and its readouts.

    extra: nonzero numbers that the families do not count. The data are taken to be generic, so that no weight vanishes
    and no two neurons merge: what that means, each construction says.
    """

    name: str
    families: tuple[Family, ...]
    heads: tuple[Heads, ...]
    depth: Any
    periods: Any = sp.S.One
    extra: Any = sp.S.Zero


def geometric(digits: str, decoder: str) -> Layout:
    """The geometric network of L >= 1 levels on N^(dL) cells (constructs/geometric.py).

    Generic: no level t >= 1 has a constant table, and no bias is 0.
    """
    families = _staircases() if digits == "relu" else _floors()
    index = 2 * d * N if digits == "relu" else 2 * d  # terms of the affine form of J_t
    if decoder == "bits":
        families += (Family("E", 1, 2, L + 1, index), Family("U, V", 2, 3, L + 2, 1))
        stored = 2
    else:
        families += (Family("I", 1, 2, L + 1, index + 1), Family("O", 1, 3, L + 2, 1))
        stored = 1
    sums = (
        Family("S: the first one, a constant", 1, 1, 1, 1),
        Family("S: only carried on", 1, 2, 3, 1),
        Family("S: with the correction before", 1, 4, L + 2, stored + 2),
    )
    heads = (Heads(1, 2), Heads(L, stored + 2))
    return Layout(f"geometric, {digits}, {decoder}", (*families, *sums), heads, L + 2)


def _floors() -> tuple[Family, ...]:
    return (Family("X", d, 1, L - 1, 1), Family("G, F", 2 * d, 1, L, 1))


def _staircases() -> tuple[Family, ...]:
    ramps = 2 * d * (N - 1)
    z = 2 * N - 1  # terms of z^(t-1), t >= 2: Z and the ramps of the digit before
    return (
        Family("X", d, 1, L, 1),
        Family("Z of x", d, 1, 1, 1),
        Family("Z", d, 2, L, z),
        Family("A, B of x", ramps, 1, 1, 2),
        Family("A, B", ramps, 2, L, z + 1),
    )


def multigrade() -> Layout:
    """G >= 1 grades, each of them d+1 layers (constructs/multigrade.py). Generic: no step is 0.

    beta: how many of the numbers k_0, k_1 - k_0, ..., k_(d-1) - k_(d-2) are not 0, over the nodes k of all grades: each
    is the bias of two neurons. From the second grade on S reads one neuron more, psi, in the first of its layers.
    """
    families = (
        Family("x", d, 1, d + 1, 1),
        Family("a, b of the first coordinate", 2, 1, 1, 1),
        Family("a, b of the others", 2, 2, d, 3),
        Family("psi", 1, d + 1, d + 1, 3),
        Family("S", 1, 1, d + 1, 1),
    )
    return Layout("multigrade", families, (Heads(G, 3),), d + 1, G, (G - 1) + 2 * beta)


def multiplicative() -> Layout:
    """Splines of degree q with n coefficients on each of m axes (constructs/multiplicative.py).

    Intervals of local units on an axis: n + q + 1 knots, lengths l = 1..q+1. Z: how many sides have their end at 0,
    and so no bias: one lower and one upper side for every axis with the knot 0 inside.
    Generic: coefficients of one sign, none 0.
    """
    length = sp.Symbol("l", integer=True, positive=True)
    units = sp.factor(sp.summation(n + q + 1 - length, (length, 1, q + 1))) ** m
    families = (Family("sides", 2 * m * (n + q), 1, 1, 2), Family("units", units, 2, 2, 2 * m))
    return Layout("multiplicative", families, (Heads(1, units),), sp.Integer(2), extra=-zeros)
