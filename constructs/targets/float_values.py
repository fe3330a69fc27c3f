"""Expressions in floating point over whole arrays: for drawing, and for the values a network aims at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

import numpy as np
from flint import fmpq

from constructs.targets.nodes import Node, releases

_FUNCTIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "neg": np.negative,
    "abs": np.abs,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "log": np.log,
    "sin": np.sin,
    "cos": np.cos,
    "tanh": np.tanh,
    "step": lambda u: np.where(u >= 0, 1.0, 0.0),
}
_OPERATIONS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "min": np.minimum,
    "max": np.maximum,
}


def float_values(nodes: tuple[Node, ...], coordinates: Sequence[np.ndarray]) -> np.ndarray:
    """The root's values at arrays that broadcast together; it has the shape of those it depends on.

    Returns: floats, not finite where an operation overflows or is not defined.

    >>> from constructs.targets.parser import parse
    >>> float_values(parse("x0/4 + x1", 2), [np.array([[1.0], [2.0]]), np.array([[0.0, 1.0]])])
    array([[0.25, 1.25],
           [0.5 , 1.5 ]])
    """
    dropped = releases(nodes)
    values: dict[int, np.ndarray] = {}
    with np.errstate(all="ignore"):
        for i, node in enumerate(nodes):
            values[i] = _value(node, [values[a] for a in node.args], coordinates)
            for a in dropped[i]:
                del values[a]
    return values[len(nodes) - 1]


def _value(node: Node, args: list[np.ndarray], coordinates: Sequence[np.ndarray]) -> np.ndarray:
    if node.op == "variable":
        return np.asarray(coordinates[node.axis])
    if node.op == "**" and node.number is not None:
        return np.power(args[0], nearest(node.number))
    if node.number is not None:
        return np.array(nearest(node.number))
    if node.op in _FUNCTIONS:
        return _FUNCTIONS[node.op](args[0])
    return reduce(_OPERATIONS[node.op], args)


def nearest(value: fmpq) -> float:
    """The float nearest to a rational, infinite on overflow.

    >>> nearest(fmpq(1, 3)), nearest(fmpq(10) ** 400)
    (0.3333333333333333, inf)
    """
    try:
        return int(value.p) / int(value.q)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
