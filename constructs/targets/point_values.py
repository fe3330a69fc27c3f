"""Expressions at one rational point: by rational arithmetic as long as it lasts, by balls afterwards."""

from __future__ import annotations

from collections.abc import Sequence

from flint import arb, ctx, fmpq

from constructs.targets.nodes import Node, arithmetic, releases

Value = fmpq | arb
_HEIGHT = 1 << 16  # bits of a rational beyond which it becomes a ball


class Undefined(ArithmeticError):  # noqa: N818
    """The expression is certainly not defined at the point; the message says which operation failed."""


def point_value(nodes: tuple[Node, ...], x: Sequence[fmpq], bits: int) -> Value:
    """The root's value at x: the rational itself if rational operations suffice, else a ball that holds it.

    Returns: fmpq or arb; a ball that is not finite where the precision does not tell.
    Raises: Undefined.

    >>> from constructs.targets.parser import parse
    >>> point_value(parse("abs(x0 - 1/2)**3", 1), [fmpq(1, 3)], 53)
    1/216
    """
    dropped = releases(nodes)
    values: dict[int, Value] = {}
    with ctx.workprec(bits):
        for i, node in enumerate(nodes):
            value = x[node.axis] if node.op == "variable" else _value(node, [values[a] for a in node.args])
            too_long = isinstance(value, fmpq) and value.height_bits() > _HEIGHT
            values[i] = arb(value) if too_long else value
            for a in dropped[i]:
                del values[a]
    return values[len(nodes) - 1]


def _value(node: Node, args: list[Value]) -> Value:
    if node.op == "number" and node.number is not None:
        return node.number
    _defined(node, args)
    rationals = [a for a in args if isinstance(a, fmpq)]
    if len(rationals) == len(args):
        found = _rational(node, rationals)
        if found is not None:
            return found
    return ball_operation(node, [arb(a) if isinstance(a, fmpq) else a for a in args])


def _defined(node: Node, args: list[Value]) -> None:
    """Raises Undefined for what is certain: comparisons of balls are true only if they are certain."""
    last = args[-1]
    zero = last == 0 if isinstance(last, fmpq) else last.is_zero()
    r = node.number
    if (node.op == "/" or (node.op == "**" and r is not None and r < 0)) and zero:
        raise Undefined("division by 0")
    if node.op == "log" and last <= 0:
        raise Undefined(f"log of {_shown(last)}")
    if node.op == "sqrt" and last < 0:
        raise Undefined(f"sqrt of {_shown(last)}")
    if node.op == "**" and r is not None and r.q != 1 and last < 0:
        raise Undefined(f"power {r} of {_shown(last)}")


def _shown(value: Value) -> str:
    return str(value) if isinstance(value, fmpq) and value.height_bits() < 100 else "a negative number"


def _rational(node: Node, args: list[fmpq]) -> fmpq | None:
    match node.op:
        case "abs":
            return abs(args[0])
        case "min":
            return min(args)
        case "max":
            return max(args)
        case "step":
            return fmpq(int(args[0] >= 0))
    return arithmetic(node, args)


def ball_operation(node: Node, args: list[arb]) -> arb:
    """One operation on balls, at the precision set; not finite where it is not defined on all of the ball.

    >>> ball_operation(Node("step", (0,)), [arb(-2)])
    0
    """
    first, last = args[0], args[-1]
    match node.op:
        case "neg":
            return -first
        case "+":
            return first + last
        case "-":
            return first - last
        case "*":
            return first * last
        case "/":
            return first / last
        case "abs":
            return abs(first)
        case "step":
            return arb(1) if first >= 0 else arb(0) if first < 0 else arb(0).union(arb(1))
        case "min" | "max":
            for other in args[1:]:
                first = first.min(other) if node.op == "min" else first.max(other)
            return first
        case "**" if node.number is not None:
            return _power(first, int(node.number.p), int(node.number.q))
    return getattr(first, node.op)()


def _power(u: arb, a: int, b: int) -> arb:
    rooted = root(u, b)
    return arb(1) / rooted**-a if a < 0 else rooted**a


def root(u: arb, b: int) -> arb:
    """The b-th root, at the precision set; not finite unless u >= 0 on all of the ball.

    >>> root(arb(0), 3), root(arb(8), 3).contains(2)
    (0, True)
    """
    if b == 1 or u.is_zero():
        return u
    return u.sqrt() if b == 2 else u.root(b)
