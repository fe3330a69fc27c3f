"""The number of a cell, from a geometric network's own weights, for symbolic digits and places in the cell."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import fmpq

from constructs.geometric import Geometric
from constructs.neurons import Affine, Neuron
from verify.symbolic.staircase import digit, number, of_network
from verify.symbolic.statements import Ledger, Statement, Undecided, stated

ACTIVATION = {  # of the channels that are followed, by the first letter of their names
    **dict.fromkeys("XZAB", "relu"),
    **dict.fromkeys("GF", "floor"),
    "E": "exp2",
    "I": "sine",
}


@dataclass(frozen=True)
class Place:
    """x in a cell of level t: x_i = (K_i + s_i)/N^t, K_i = sum over tau of k_(i,tau) N^(t-tau).

    inside: the coordinates; numbers: the K_i; digits[i][tau-1]: k_(i,tau). above: symbols >= 0 for what the digits lack
    to N-1, and the s_i to 1, put in place to see upper bounds.
    """

    inside: tuple[Any, ...]
    numbers: tuple[Any, ...]
    digits: tuple[tuple[Any, ...], ...]
    above: Mapping[sp.Symbol, Any]


def place(dim: int, base: int, level: int, ends: Collection[int] = ()) -> Place:
    """A cell with symbolic digits; on the axes in `ends` the point x_i = 1, which belongs to the last cell."""
    above: dict[sp.Symbol, Any] = {}
    inside, numbers, digits = [], [], []
    for i in range(dim):
        if i in ends:
            inside.append(sp.S.One)
            numbers.append(sp.Integer(base**level - 1))
            digits.append((sp.Integer(base - 1),) * level)
            continue
        row = []
        for tau in range(1, level + 1):
            k = sp.Symbol(f"k_{i}{tau}", integer=True, nonnegative=True)
            above[k] = base - 1 - sp.Symbol(f"m_{i}{tau}", integer=True, nonnegative=True)
            row.append(k)
        s = sp.Symbol(f"s_{i}", nonnegative=True)
        above[s] = 1 - sp.Symbol(f"r_{i}", positive=True)
        whole = sp.Add(*(k * base ** (level - tau) for tau, k in enumerate(row, start=1)))
        inside.append((whole + s) / base**level)
        numbers.append(whole)
        digits.append(tuple(row))
    return Place(tuple(inside), tuple(numbers), tuple(digits), above)


def index(built: Geometric, level: int, ends: Collection[int] = ()) -> Statement:
    """What the decoder of the level reads is J = sum over i of N^(t i) K_i: b J (bits) or 1 + J (two-sine).

    Requires: 1 <= level t; the level has a decoder. For relu digits x lies outside the strips of all digits read; that
    these are the digits of x is then proved for every layer by `staircase.digit`.
    Method: the network's layers are followed by their weights; carriers are >= 0, floors are decided by inequalities.
    """
    dim, N = built.network.inputs, built.base
    x = place(dim, N, level, ends)
    J = sp.Add(*(N ** (level * i) * K for i, K in enumerate(x.numbers)))
    where = " outside the strips" if built.digits == "relu" else ""
    name = f"the cell number of level {level} for d = {dim}, N = {N}, {built.digits} digits{where}"

    def prove(ledger: Ledger) -> None:
        sources = _followed(ledger, built, level, x)
        reader = next((n for n in built.network.layers[level] if n.name in (f"E{level}", f"I{level}")), None)
        if reader is None:
            raise Undecided(f"level {level} has no decoder")
        _as_named(reader)
        read = _form(reader.affine, sources)
        scale, more = (_field_bits(built, level), 0) if reader.name[0] == "E" else (1, 1)
        ledger.zero(read - scale * J - more, f"{reader.name} reads {scale} J + {more}")

    return stated(name, sp.Eq(sp.Symbol("J"), J), prove)


def _field_bits(built: Geometric, level: int) -> int:
    """b, from the weights of the two floors: a B and a, B = 2^b."""
    layer = {n.name: n.affine.terms[0][1] for n in built.network.layers[level + 1] if n.name[0] in "UV"}
    ratio = layer[f"V{level}"] / layer[f"U{level}"]
    b = int(ratio.p).bit_length() - 1
    if ratio != fmpq(2) ** b:
        raise Undecided(f"the weights of level {level} differ by {ratio}, no power of 2")
    return b


def _followed(ledger: Ledger, built: Geometric, level: int, x: Place) -> list[Any]:
    """The values of layer `level`; None for channels that the digits do not need."""
    sources: list[Any] = list(x.inside)
    for t in range(1, level + 1):
        layer = built.network.layers[t - 1]
        if built.digits == "relu":
            _staircases(ledger, built, t)
        sources = [_value(ledger, n, sources, t, x, built.base) for n in layer]
    return sources


def _staircases(ledger: Ledger, built: Geometric, t: int) -> None:
    if built.delta is None:
        raise Undecided("relu digits without a strip width")
    for i in range(built.network.inputs):
        stairs = of_network(built.network, built.base, t, i, built.delta)
        for j in range(built.base):
            one = digit(stairs, j)
            ledger.fact(one.proved, f"layer {t}, axis {i}: {one.name}")


def _value(ledger: Ledger, neuron: Neuron, sources: list[Any], t: int, x: Place, N: int) -> Any:
    name, what = neuron.name, f"layer {t}, {neuron.name}"
    if name[0] not in ACTIVATION or name[0] in "EI":
        return None
    _as_named(neuron)
    if name[0] in "AB":
        return _ramp(name, t, x, N)
    value = _form(neuron.affine, sources)
    if name[0] in "GF":
        return _floored(ledger, value, x, int(name[1:]), t, N, what)
    ledger.nonnegative(value, f"{what} passes its ReLU")
    if name[0] == "Z":
        rest = sp.expand(N * value - x.digits[int(name[1:])][t - 1])
        ledger.nonnegative(rest, f"{what}: its next digit, from below")
        ledger.nonnegative((1 - rest).subs(dict(x.above)), f"{what}: its next digit, from above")
    return value


def _as_named(neuron: Neuron) -> None:
    expected = ACTIVATION[neuron.name[0]]
    if neuron.activation != expected:
        raise Undecided(f"{neuron.name} has the activation {neuron.activation}, not {expected}")


def _floored(ledger: Ledger, value: Any, x: Place, i: int, t: int, N: int, what: str) -> Any:
    """The floor of N^t x_i or of x_i: the whole part is guessed from the digits, then decided."""
    read = sp.Add(*(k * N ** (t - tau) for tau, k in enumerate(x.digits[i][:t], start=1)))
    guess = sp.floor(value) if value.is_number else (read if what.split()[-1][0] == "G" else sp.S.Zero)
    return ledger.floor(value, guess, what, x.above)


def _ramp(name: str, t: int, x: Place, N: int) -> Any:
    """A and B of one ramp: anything, but together the ramps of an axis make its digit t."""
    axis, j = (int(part) for part in name[1:].split("."))
    free = [sp.Symbol(f"e_{t}.{axis}.{i}", real=True) for i in range(1, N - 1)]
    step = free[j - 1] if j < N - 1 else x.digits[axis][t - 1] - sp.Add(*free)
    below = sp.Symbol(f"b_{t}.{axis}.{j}", real=True)
    return below + step if name[0] == "A" else below


def _form(affine: Affine, sources: list[Any]) -> Any:
    total: Any = number(affine.bias)
    for source, weight in affine.terms:
        if sources[source] is None:
            raise Undecided(f"source {source} is no channel of the digits")
        total += number(weight) * sources[source]
    return sp.expand(total)
