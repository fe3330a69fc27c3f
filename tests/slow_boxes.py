"""Errors of expressions a box at a time in ball arithmetic: of first order, slow, and written apart from verify/."""

from __future__ import annotations

from fractions import Fraction
from math import prod

import numpy as np
from flint import arb, fmpq

from constructs.targets.expression import ExpressionTarget


def ball_range(f: ExpressionTarget, box: list[arb]) -> arb:
    """f on a box, node by node."""
    values: list[arb] = []
    for node in f.nodes:
        u = [values[i] for i in node.args]
        match node.op:
            case "number":
                values.append(arb(node.number))
            case "variable":
                values.append(box[node.axis])
            case "neg":
                values.append(-u[0])
            case "+":
                values.append(u[0] + u[1])
            case "-":
                values.append(u[0] - u[1])
            case "*":
                values.append(u[0] * u[1])
            case "/":
                values.append(u[0] / u[1])
            case "min" | "max":
                values.append(u[0].min(u[1]) if node.op == "min" else u[0].max(u[1]))
            case "step":
                values.append(arb(1) if u[0] >= 0 else arb(0) if u[0] < 0 else arb(fmpq(1, 2), fmpq(1, 2)))
            case "**":
                values.append(raised(u[0], fmpq(node.number or 0)))
            case "sqrt":
                values.append(nonnegative(u[0]).sqrt())
            case "abs":
                values.append(abs(u[0]))
            case _:
                values.append(getattr(u[0], node.op)())
    return values[-1]


def nonnegative(u: arb) -> arb:
    """What of a ball is >= 0."""
    top = u.abs_upper()
    return u if u >= 0 else arb(top / 2, top / 2)


def raised(u: arb, r: fmpq) -> arb:
    if r.q == 1:
        whole = prod([u] * abs(int(r.p)), start=arb(1))  # a ball around 0 to the power 2 is not a number here
        return whole if r >= 0 else 1 / whole
    if r > 0 and not u > 0:  # a ball around 0 has no fractional power: between 0 and that of its upper end
        top = nonnegative(u).abs_upper() ** arb(r)
        return arb(0).union(top)
    return u ** arb(r)


def error(f: ExpressionTarget, table: np.ndarray, p: Fraction | None, grid: int) -> tuple[float, float]:
    """Lower and upper end of the mean of |f - T|^p (p None: of the supremum), from the range on every box."""
    d, k = f.dim, grid // table.shape[0]
    low = high = arb(0)
    for corner in np.ndindex(*(grid,) * d):
        box = [arb(fmpq(2 * i + 1, 2 * grid), fmpq(1, 2 * grid)) for i in corner]
        gap = abs(
            ball_range(f, box) - arb(fmpq(*float(table[tuple(i // k for i in corner)]).as_integer_ratio()))
        )
        ends = gap.abs_lower(), gap.abs_upper()
        if p is None:
            low, high = low.max(ends[0]), high.max(ends[1])
        else:
            low, high = (
                x + e ** arb(fmpq(p.numerator, p.denominator)) for x, e in zip((low, high), ends, strict=True)
            )
    boxes = 1 if p is None else grid**d
    return float((low / boxes).lower()), float((high / boxes).upper())
