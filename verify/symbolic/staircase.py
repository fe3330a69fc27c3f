"""The ReLU staircase is the floor outside its strips: for a symbolic width delta, or read off a network's layers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import fmpq

from constructs.network import Network
from verify.symbolic.statements import Ledger, Statement, Undecided, stated

# The place in a cell: z = (j + s)/N; r is what is left up to the strip, s + r + N delta = 1.
s = sp.Symbol("s", nonnegative=True)
r = sp.Symbol("r", nonnegative=True)
delta = sp.Symbol("delta", positive=True)
z = sp.Symbol("z", real=True)
position = sp.Symbol("s", real=True)  # s in statements, where its sign is written down


@dataclass(frozen=True)
class Ramp:
    """relu(slope z + rising) - relu(slope z + stopping)."""

    slope: Any
    rising: Any
    stopping: Any


@dataclass(frozen=True)
class Staircase:
    """The sum of ramps that a digit in base N is read by; width: that of the strips, delta."""

    base: int
    ramps: tuple[Ramp, ...]
    width: Any

    @property
    def value(self) -> sp.Expr:
        """The staircase as a function of z."""
        return sp.Add(*(_relu(p.slope * z + p.rising) - _relu(p.slope * z + p.stopping) for p in self.ramps))


def symbolic(base: int) -> Staircase:
    """The staircase of docs/geometric.md with a symbolic delta.

    >>> symbolic(2).value
    -Max(0, z/delta - 1/(2*delta)) + Max(0, 1 + z/delta - 1/(2*delta))
    """
    steps = [sp.Rational(j, base) for j in range(1, base)]
    return Staircase(base, tuple(Ramp(1 / delta, 1 - x / delta, -x / delta) for x in steps), delta)


def of_network(network: Network, base: int, level: int, axis: int, width: fmpq) -> Staircase:
    """The staircase of one digit as the weights of layer `level` have it.

    Requires: a geometric network with relu digits; width: the delta that it was built with.
    Method: the channels A{axis}.j, B{axis}.j read the same form as Z{axis} does, times their slope.
    Raises: Undecided if they do not.
    """
    layer = {n.name: n.affine for n in network.layers[level - 1] if n.activation == "relu"}
    if any(f"{c}{axis}.{j}" not in layer for c in "AB" for j in range(1, base)) or f"Z{axis}" not in layer:
        raise Undecided(f"layer {level} has not all ReLUs of the digit of axis {axis}")
    fraction, ramps = layer[f"Z{axis}"], []
    for j in range(1, base):
        rising, stopping = layer[f"A{axis}.{j}"], layer[f"B{axis}.{j}"]
        slope = rising.terms[0][1] / fraction.terms[0][1]
        scaled = tuple((source, slope * weight) for source, weight in fraction.terms)
        if rising.terms != scaled or stopping.terms != scaled:
            raise Undecided(f"ramp {j} of layer {level} does not read the fractional coordinate")
        biases = [form.bias - slope * fraction.bias for form in (rising, stopping)]
        ramps.append(Ramp(number(slope), *map(number, biases)))
    return Staircase(base, tuple(ramps), number(width))


def number(value: fmpq) -> Any:
    """The same number in SymPy."""
    return sp.Rational(int(value.p), int(value.q))


def digit(stairs: Staircase, j: int) -> Statement:
    """The staircase is j at z = (j + s)/N for all s with 0 <= s <= 1 - N delta; for j = N-1: 0 <= s <= 1.

    Method: each ReLU's argument, times delta > 0, has one sign for all such s: with (s + r + N delta) in place of 1, a
    sum of numbers >= 0, it is a form whose coefficients tell its sign.
    """
    last = j == stairs.base - 1
    room = position <= 1 if last else position <= 1 - stairs.base * stairs.width
    value = stairs.value.subs(z, (j + position) / stairs.base)
    claim = sp.Implies(sp.And(position >= 0, room), sp.Eq(value, j))
    name = f"the staircase in base {stairs.base} is {j} on cell {j}"
    return stated(name, claim, lambda ledger: _prove(ledger, stairs, j, last))


def _prove(ledger: Ledger, stairs: Staircase, j: int, last: bool) -> None:
    N, width = stairs.base, stairs.width
    if width.is_number:
        ledger.fact(bool(0 < N * width < 1), "0 < N delta < 1")
    place, total = (j + s) / N, sp.S.Zero
    for i, ramp in enumerate(stairs.ramps, start=1):
        for sign, bias, what in ((1, ramp.rising, "rising"), (-1, ramp.stopping, "stopping")):
            argument = sp.expand(width * (ramp.slope * place + bias))
            if not last:
                argument = _homogeneous(argument, N, width)
            if i <= j:
                ledger.nonnegative(argument, f"ramp {i}, {what}: active, as delta times its argument")
                total += sign * (ramp.slope * place + bias)
            else:
                ledger.nonnegative(-argument, f"ramp {i}, {what}: off, as -delta times its argument")
    ledger.zero(total - j, f"{j} full ramps make {j}")


def _homogeneous(argument: Any, N: int, width: Any) -> Any:
    """The same number for s + r + N delta = 1, without a constant term."""
    variables = [s] if width.is_number else [s, delta]
    form = sp.Poly(argument, *variables) if argument.is_polynomial(*variables) else None
    if form is None or form.total_degree() > 1:
        raise Undecided(f"{argument} is not affine in {variables}")
    constant = form.coeff_monomial(1)
    rest = sp.expand(argument - constant)
    one = (s + r) / (1 - N * width) if width.is_number else s + r + N * width
    return rest + constant * one


def _relu(argument: Any) -> Any:
    return sp.Max(0, argument)
