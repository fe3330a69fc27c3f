"""Targets of one variable that are polynomials on pieces of [0,1], read off exactly.

Source: verify/CERTIFICATE.md, 14.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

from flint import fmpq, fmpq_poly

from constructs.targets.base import Target
from constructs.targets.expression import ExpressionTarget
from constructs.targets.kuhn import KuhnTarget
from constructs.targets.nodes import Node
from constructs.targets.step import StepTarget
from verify.own.pieces import MOST_PIECES, ONE, ZERO
from verify.quantities import TooLarge

MOST_DEGREE = 24


class NotPiecewise(Exception):  # noqa: N818
    """The target is not recognised as piecewise polynomial; the message names the operation."""


@dataclass(frozen=True, eq=False)
class Piecewise:
    """polynomials[k] on the open piece between breaks k and k+1; nothing is said about the breaks themselves."""

    breaks: list[fmpq]
    polynomials: list[fmpq_poly]


def piecewise(target: Target) -> Piecewise:
    """The target as polynomials on pieces of [0,1].

    Requires: one variable.
    Raises: NotPiecewise; TooLarge.

    >>> f = piecewise(ExpressionTarget("abs(x0 - 1/3)", 1))
    >>> f.breaks, [p.coeffs() for p in f.polynomials]
    ([0, 1/3, 1], [[1/3, -1], [-1/3, 1]])
    """
    match target:
        case KuhnTarget():
            m, v = target.cells, target.values.tolist()
            _few(m)
            steps = [fmpq_poly([a - (b - a) * k, (b - a) * m]) for k, (a, b) in enumerate(pairwise(v))]
            return Piecewise([fmpq(k, m) for k in range(m + 1)], steps)
        case StepTarget():
            ((breaks, values),) = target.axes
            _few(len(values))
            return Piecewise([ZERO, *breaks, ONE], [fmpq_poly([v]) for v in values])
        case ExpressionTarget():
            return _expression(target.nodes)
    raise NotPiecewise(f"a target of kind {type(target).__name__}")


def common(curves: Sequence[tuple[list[fmpq], Sequence]]) -> Iterator[tuple[fmpq, fmpq, list]]:
    """The pieces between all breaks of several functions, with what each of them is there."""
    cuts = sorted({x for breaks, _ in curves for x in breaks})
    _few(len(cuts) - 1)
    places = [0] * len(curves)
    for left, right in pairwise(cuts):
        for i, (breaks, _) in enumerate(curves):
            while breaks[places[i] + 1] <= left:
                places[i] += 1
        yield left, right, [parts[place] for (_, parts), place in zip(curves, places, strict=True)]


def _few(pieces: int) -> None:
    if pieces > MOST_PIECES:
        raise TooLarge("pieces", pieces, MOST_PIECES)


def _expression(nodes: tuple[Node, ...]) -> Piecewise:
    found: list[Piecewise] = []
    constant: list[fmpq | None] = []
    for node in nodes:
        args = [found[a] for a in node.args]
        value = _apply(node, args, [constant[a] for a in node.args])
        if any(p.degree() > MOST_DEGREE for p in value.polynomials):
            raise NotPiecewise(f"a degree above {MOST_DEGREE}")
        found.append(value)
        constant.append(_number(node, value, [constant[a] for a in node.args]))
    return found[-1]


def _number(node: Node, value: Piecewise, args: Sequence[fmpq | None]) -> fmpq | None:
    """The node's value if it is made of numbers and arithmetic alone."""
    if node.op == "number":
        return node.number
    if node.op not in ("neg", "+", "-", "*", "/", "**") or None in args:
        return None
    return value.polynomials[0](ZERO)


def _apply(node: Node, args: list[Piecewise], numbers: list[fmpq | None]) -> Piecewise:
    match node.op:
        case "number" if node.number is not None:
            return Piecewise([ZERO, ONE], [fmpq_poly([node.number])])
        case "variable":
            return Piecewise([ZERO, ONE], [fmpq_poly([0, 1])])
        case "neg":
            return Piecewise(args[0].breaks, [-p for p in args[0].polynomials])
        case "+" | "-" | "*":
            return _joined(node.op, *args)
        case "/":
            divisor = numbers[1]
            if divisor is None or divisor == 0:
                raise NotPiecewise("division by what is not a number")
            return Piecewise(args[0].breaks, [p / divisor for p in args[0].polynomials])
        case "**" if node.number is not None and node.number.q == 1 and node.number >= 0:
            n = int(node.number.p)
            if any(p.degree() * n > MOST_DEGREE for p in args[0].polynomials):
                raise NotPiecewise(f"a degree above {MOST_DEGREE}")
            return Piecewise(args[0].breaks, [p**n for p in args[0].polynomials])
        case "abs":
            return _switched(args[0], args[0], _joined("-", _constant(0), args[0]), "abs")
        case "step":
            return _switched(args[0], _constant(1), _constant(0), "step")
        case "max":
            return reduce(lambda u, w: _switched(_joined("-", u, w), u, w, "max"), args)
        case "min":
            return reduce(lambda u, w: _switched(_joined("-", w, u), u, w, "min"), args)
    raise NotPiecewise(f"the operation {node.op}")


def _constant(value: int) -> Piecewise:
    return Piecewise([ZERO, ONE], [fmpq_poly([value])])


def _joined(op: str, u: Piecewise, w: Piecewise) -> Piecewise:
    breaks, parts = [ZERO], []
    for _, right, (p, q) in common([(u.breaks, u.polynomials), (w.breaks, w.polynomials)]):
        breaks.append(right)
        parts.append(p + q if op == "+" else p - q if op == "-" else p * q)
    return Piecewise(breaks, parts)


def _switched(by: Piecewise, above: Piecewise, below: Piecewise, what: str) -> Piecewise:
    """`above` where `by` >= 0, `below` where it is < 0; `by` must be affine on every piece."""
    breaks, parts = [ZERO], []
    for left, right, (s, p, q) in common([(c.breaks, c.polynomials) for c in (by, above, below)]):
        if s.degree() > 1:
            raise NotPiecewise(f"{what} of what is not affine on every piece")
        zero = -s[0] / s[1] if s.degree() == 1 else left
        cuts = [left, zero, right] if left < zero < right else [left, right]
        for a, b in pairwise(cuts):
            breaks.append(b)
            parts.append(p if s((a + b) / 2) >= 0 else q)
    _few(len(parts))
    return Piecewise(breaks, parts)
