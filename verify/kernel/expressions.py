"""Expression targets in Coq: as a function of reals for the reader, and as a term that the kernel encloses."""

from __future__ import annotations

from dataclasses import dataclass

from flint import fmpq

from constructs.errors import ConstructError
from constructs.targets.nodes import Node
from constructs.targets.parser import parse

MOST_NODES = 2_000  # of the written-out tree, in which nothing is shared
UNARY = {"neg": "Neg", "abs": "Abs", "sqrt": "Sqrt", "exp": "Exp", "log": "Ln", "sin": "Sin", "cos": "Cos"}
REAL = {
    "neg": "-",
    "abs": "Rabs ",
    "sqrt": "sqrt ",
    "exp": "exp ",
    "log": "ln ",
    "sin": "sin ",
    "cos": "cos ",
}
BINARY = {"+": "Add", "-": "Sub", "*": "Mul", "/": "Div"}


@dataclass(frozen=True)
class Written:
    """The same function twice: `real`, a term of type R over the coordinates of x; `term`, one of type expr. Reading
    `term` gives `real` by definition.
    """

    real: str
    term: str
    size: int


def written(text: str, dim: int) -> Written:
    """A target's text in Coq.

    Raises: ConstructError for operations that the kernel's intervals do not have, and for very long ones.

    >>> written("sin(7*x0) + 2", 1).real
    '(sin (7 * coord 0 x) + 2)'
    >>> written("x0/3", 1).term
    '(Ebinary Div (Evar 0) (Econst (Int 3)))'
    """
    done: list[Written] = []
    for node in parse(text, dim):
        done.append(_node(node, [done[a] for a in node.args]))
        if done[-1].size > MOST_NODES:
            raise ConstructError("target", text, f"at most {MOST_NODES} operations, written out, for Coq")
    return done[-1]


def _node(node: Node, args: list[Written]) -> Written:
    match node.op:
        case "number":
            return number(node.number if node.number is not None else fmpq(0))
        case "variable":
            return Written(f"coord {node.axis} x", f"(Evar {node.axis})", 1)
        case "**":
            return _power(args[0], node.number if node.number is not None else fmpq(1))
        case "min" | "max":
            found = args[0]
            for other in args[1:]:
                found = _extreme(node.op, found, other)
            return found
        case "tanh":
            twice = _unary("exp", _binary("*", number(fmpq(2)), args[0]))
            return _binary("/", _binary("-", twice, number(fmpq(1))), _binary("+", twice, number(fmpq(1))))
        case "step":
            raise ConstructError("target", "step(...)", "a continuous expression, for Coq")
        case op if op in BINARY:
            return _binary(op, *args)
        case op:
            return _unary(op, args[0])


def number(value: fmpq) -> Written:
    """A rational number.

    >>> number(fmpq(-1, 3)).real
    '((IZR (-1)) / 3)'
    """
    p, q = int(value.p), int(value.q)
    shown, inner = (str(p), str(p)) if p >= 0 else (f"(IZR ({p}))", f"({p})")
    top = Written(shown, f"(Econst (Int {inner}))", 1)
    return top if q == 1 else _binary("/", top, Written(str(q), f"(Econst (Int {q}))", 1))


def _unary(op: str, a: Written) -> Written:
    inner = a.real if a.real.startswith("(") else f"({a.real})"
    return Written(
        f"({REAL[op]}{inner})" if op == "neg" else f"{REAL[op]}{inner}",
        f"(Eunary {UNARY[op]} {a.term})",
        a.size + 1,
    )


def _binary(op: str, a: Written, b: Written) -> Written:
    return Written(
        f"({a.real} {op} {b.real})", f"(Ebinary {BINARY[op]} {a.term} {b.term})", a.size + b.size + 1
    )


def _power(a: Written, exponent: fmpq) -> Written:
    if int(exponent.q) == 2:
        root = _unary("sqrt", a)
        return root if exponent == fmpq(1, 2) else _power(root, exponent * 2)
    if exponent.q != 1:
        raise ConstructError("exponent", exponent, "an integer or a half of one, for Coq")
    n = int(exponent.p)
    return Written(f"powerRZ {_argument(a.real)} ({n})", f"(Eunary (PowerInt ({n})) {a.term})", a.size + 1)


def _argument(real: str) -> str:
    return real if real.startswith("(") else f"({real})"


def _extreme(op: str, a: Written, b: Written) -> Written:
    """max = (a + b + |a - b|)/2."""
    gap = _unary("abs", _binary("-", a, b))
    return _binary("/", _binary("+" if op == "max" else "-", _binary("+", a, b), gap), number(fmpq(2)))
