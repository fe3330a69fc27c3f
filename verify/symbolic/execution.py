"""Small networks of one input, executed symbolically to a Piecewise, and proved equal to an expected function.

Source: the pieces are those of verify/own/pieces.py (CERTIFICATE 14.3).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import sympy as sp

from constructs.network import Network
from verify.own.pieces import stages
from verify.quantities import TooLarge
from verify.symbolic.pieces import MOST_PIECES, Pieces, of_expression, x
from verify.symbolic.staircase import number
from verify.symbolic.statements import Ledger, Statement, Undecided, stated


def executed(network: Network, level: int | None = None) -> Pieces:
    """A readout (the last one if None) as affine pieces on [0,1].

    Requires: one input; ReLU and floor only.
    Raises: Undecided for other networks, and beyond 2^10 pieces.
    """
    if network.inputs != 1 or not network.activations <= {"relu", "floor"}:
        raise Undecided("only networks of one input with ReLU and floor are executed")
    heads = [r for r in network.readouts if level is None or r.level == level]
    if not heads:
        raise Undecided(f"no readout of level {level}")
    try:
        curve = stages(network, [heads[-1].layer])[heads[-1].layer].form(heads[-1].affine)
    except TooLarge as large:
        raise Undecided(str(large)) from None
    if len(curve.lines) > MOST_PIECES:
        raise Undecided(f"more than {MOST_PIECES} pieces")
    polynomials = tuple(number(slope) * x + number(start) for slope, start in curve.lines)
    return Pieces(tuple(map(number, curve.breaks)), polynomials, tuple(map(number, curve.values)))


def computes(network: Network, expression: Any, level: int | None = None) -> Statement:
    """The readout equals the expression at every point of [0,1].

    Requires: an expression in `pieces.x` that `of_expression` understands.
    Method: on the pieces between all breaks of both, their polynomials are equal; at all breaks, their values are.

    >>> from constructs.raw_layers import layers
    >>> hat = layers([[("relu", [2], 0), ("relu", [4], -2)]], readout=([1, -1], 0))
    >>> computes(hat, 1 - sp.Abs(1 - 2 * x)).proved
    True
    """
    expression = sp.S(expression)

    def prove(ledger: Ledger) -> None:
        here, there = executed(network, level), of_expression(expression)
        cuts = sorted({*here.breaks, *there.breaks})
        here, there = here.refined(cuts), there.refined(cuts)
        for (a, b), p, q in zip(pairwise(cuts), here.polynomials, there.polynomials, strict=True):
            ledger.zero(p - q, f"on ({a}, {b})")
        for at, p, q in zip(cuts, here.values, there.values, strict=True):
            ledger.zero(p - q, f"at {at}")

    return stated(
        "the network computes the expression on [0,1]", sp.Eq(sp.Function("Phi")(x), expression), prove
    )
