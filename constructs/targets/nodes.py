"""An expression as a list of operations, each on earlier ones: what every reading of it goes through."""

from __future__ import annotations

from dataclasses import dataclass

from flint import fmpq


@dataclass(frozen=True, slots=True)
class Node:
    """One operation on earlier nodes.

    op: "number" (number), "variable" (axis), "neg", "+", "-", "*", "/", "**" (number: the exponent), "min",
    "max" or a function's name.
    """

    op: str
    args: tuple[int, ...] = ()
    number: fmpq | None = None
    axis: int = -1


def releases(nodes: tuple[Node, ...]) -> list[list[int]]:
    """For every node those it uses last, so that an interpreter can drop their values.

    >>> from constructs.targets.parser import parse
    >>> releases(parse("x0*x0 + 1", 1))
    [[], [0], [], [1, 2]]
    """
    last: dict[int, int] = {}
    for i, node in enumerate(nodes):
        for a in node.args:
            last[a] = i
    dropped: list[list[int]] = [[] for _ in nodes]
    for a, i in last.items():
        dropped[i].append(a)
    return dropped


def arithmetic(node: Node, values: list[fmpq]) -> fmpq | None:
    """neg + - * / ** of rationals by rational arithmetic alone; None where it is not so or not defined.

    >>> arithmetic(Node("**", (0,), fmpq(-2)), [fmpq(3)])
    1/9
    """
    first, last = values[0], values[-1]
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
            return first / last if last else None
        case "**" if node.number is not None and node.number.q == 1:
            return first ** int(node.number.p) if first or node.number >= 0 else None
    return None
