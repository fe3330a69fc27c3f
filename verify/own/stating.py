"""The words in which an author states conditions: functions that validate what can be validated at once.

Source: verify/CERTIFICATE.md, 14.2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from constructs.activations import ACTIVATIONS
from constructs.errors import ConstructError
from constructs.exact import integer
from constructs.neurons import PRODUCT
from constructs.targets.base import Target
from verify.own.conditions import (
    Activations,
    Bound,
    Computes,
    Custom,
    Error,
    Local,
    Monotone,
    Nested,
    Side,
    Size,
    box,
)


def width(at_most: Bound) -> Size:
    """Neurons in the widest layer.

    >>> width(3).text(), width(lambda m: m + 2).text()
    ('width <= 3', 'width <= a function of m')
    """
    return Size("width", at_most)


def depth(at_most: Bound) -> Size:
    """Hidden layers."""
    return Size("depth", at_most)


def neurons(at_most: Bound) -> Size:
    """Neurons in all layers."""
    return Size("neurons", at_most)


def parameters(at_most: Bound) -> Size:
    """Nonzero weights and biases, readouts included."""
    return Size("parameters", at_most)


def activations(*allowed: str) -> Activations:
    """Only these activations: relu, floor, ...

    Raises: ConstructError for a name that is no activation.
    """
    for name in allowed:
        if not isinstance(name, str) or (name not in ACTIVATIONS and name != PRODUCT):
            raise ConstructError("activations", name, f"some of {', '.join(sorted([*ACTIVATIONS, PRODUCT]))}")
    return Activations(tuple(sorted(set(allowed))))


def error(norm: str | int, at_most: Bound, of: int | None = None) -> Error:
    """The norm of f - Phi over the cube, f the target, Phi the readout of level `of` (None: the last one).

    Requires: norm "inf", the supremum over all points, or 2.
    Raises: ConstructError.
    """
    if norm not in ("inf", 2, "2"):
        raise ConstructError("norm", norm, '"inf" or 2')
    return Error("inf" if norm == "inf" else 2, at_most, of)


def computes(
    neuron: str | tuple[int, int], target: Target | str | Callable[..., Target | str], at_most: Bound = 0
) -> Computes:
    """What one neuron computes, everywhere on the cube: it says where a wrong network goes wrong.

    Requires: its name, or where several have that, (layer from 1, index from 0).
    """
    return Computes(neuron, target, at_most)


def monotone(axis: int = 0, increasing: bool = True, of: int | None = None) -> Monotone:
    """Phi never falls (increasing), or never rises, along the axis."""
    return Monotone(integer(axis, "axis", 0, 9), 1 if increasing else -1, of)


def nested(parameter: str) -> Nested:
    """The layers of the network at the previous value of the parameter are the first layers of this one, and readouts
    of levels that both have are the same. At the first value of the parameter nothing is stated.

    Not checked by the independent checker, which sees one network.
    """
    return Nested(parameter)


def local(other: Callable[..., Any], within: Sequence[Side] | Callable[..., Sequence[Side]]) -> Local:
    """`other`, a function like `construct`, gives a network that computes the same outside the box `within`, a list of
    (lo, hi) for each coordinate. Decided for one variable (relu, floor), and for networks of local products.

    Not checked by the independent checker, which sees one network.
    """
    return Local(other, within if callable(within) else box(within))


def custom(name: str, decide: Callable[..., bool | str]) -> Custom:
    """decide(network, target, parameters by their names) -> True, False, or a text: undecided, for this reason.

    Not checked by the independent checker: it rests on the author's word.
    """
    if not isinstance(name, str) or not 1 <= len(name) <= 300:
        raise ConstructError("name", name, "1 to 300 characters")
    return Custom(name, decide)
