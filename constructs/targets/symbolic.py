"""Expressions as SymPy objects, built node by node, never from text; used to see that one is constant."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from flint import arb, fmpq

from constructs.errors import ConstructError
from constructs.targets.nodes import Node
from constructs.targets.point_values import point_value

if TYPE_CHECKING:
    import sympy

_SIMPLIFIED = 60  # operations up to which an expression that looks constant is simplified
_BUILT = 400


def symbolic(nodes: tuple[Node, ...]) -> sympy.Expr:
    """The expression as a SymPy object; x_i are symbols assumed not negative.

    >>> from constructs.targets.parser import parse
    >>> symbolic(parse("abs(x0) + 2*x0", 1))
    3*x0
    """
    import sympy as sp

    functions = {
        "abs": sp.Abs,
        "sqrt": sp.sqrt,
        "exp": sp.exp,
        "log": sp.log,
        "sin": sp.sin,
        "cos": sp.cos,
        "tanh": sp.tanh,
    }
    values: list[sp.Expr] = []
    for node in nodes:
        args = [values[a] for a in node.args]
        match node.op:
            case "variable":
                value = sp.Symbol(f"x{node.axis}", nonnegative=True)
            case "number":
                value = _number(node)
            case "neg":
                value = -args[0]
            case "+":
                value = args[0] + args[1]
            case "-":
                value = args[0] - args[1]
            case "*":
                value = args[0] * args[1]
            case "/":
                value = args[0] / args[1]
            case "**":
                value = args[0] ** _number(node)
            case "min" | "max":
                value = reduce(sp.Min if node.op == "min" else sp.Max, args)
            case "step":
                value = sp.Heaviside(args[0], sp.S.One)  # pyright: ignore[reportArgumentType]
            case _:
                value = functions[node.op](args[0])
        values.append(value)
    return values[-1]


def _number(node: Node) -> sympy.Expr:
    import sympy as sp

    number = node.number if node.number is not None else fmpq(0)
    return sp.Rational(int(number.p), int(number.q))


def require_not_constant(text: str, nodes: tuple[Node, ...], dim: int) -> None:
    """Refuses expressions that are constant without being written as a rational.

    Method: disjoint balls at two points show that f is not constant. Only where all the points tried fail is
    SymPy asked; if it does not see a constant either, the expression passes.
    Raises: ConstructError.
    """
    if not any(node.op == "variable" for node in nodes):
        raise _constant(text, None)
    balls: list[arb] = []
    for x in _points(dim):
        value = point_value(nodes, x, 64)
        here = arb(value) if isinstance(value, fmpq) else value
        if any(not here.overlaps(b) for b in balls):
            return
        balls.append(here)
    if len(nodes) <= _BUILT:
        found = _seen_constant(nodes)
        if found is not None:
            raise _constant(text, found)


def _points(dim: int) -> list[list[fmpq]]:
    """Both ends of the diagonal, and points with odd denominators that differ in every coordinate."""
    ends = [[fmpq(c)] * dim for c in (0, 1)]
    inside = [[fmpq((j * (2 * i + 3) + i) % 29 + 1, 31) for i in range(dim)] for j in range(1, 12)]
    return ends + inside


def _seen_constant(nodes: tuple[Node, ...]) -> sympy.Expr | None:
    import sympy as sp

    try:
        value = symbolic(nodes)
        if value.free_symbols and value.count_ops() <= _SIMPLIFIED:
            value = sp.simplify(value)
    except (ArithmeticError, NotImplementedError, RecursionError, TypeError, ValueError):
        return None  # SymPy's failure shows nothing: the expression is not known to be constant
    return None if value.free_symbols else value


def _constant(text: str, value: sympy.Expr | None) -> ConstructError:
    advice = (
        "write the rational constant itself"
        if value is not None and value.is_Rational
        else "use a rational constant near it"
    )
    shown = (
        "constant and not found by rational arithmetic alone" if value is None else f"the constant {value}"
    )
    wanted = "an expression that is not constant, or a rational constant"
    return ConstructError(
        "expression", text, f"{wanted}; it is {shown}, so ω_p = 0 and no readout is exact: {advice}"
    )
