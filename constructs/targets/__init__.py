"""Targets: functions on the unit cube, from text, files, nodal values or steps, loaded when asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from constructs.exact import Exact
from constructs.targets.base import Target

if TYPE_CHECKING:
    from constructs.targets.expression import ExpressionTarget
    from constructs.targets.kuhn import KuhnTarget
    from constructs.targets.step import StepTarget

__all__ = ["Target", "expression", "kuhn", "parse", "step"]


def expression(text: str, dim: int) -> ExpressionTarget:
    """The target of an expression in x0..x{dim-1}.

    Raises: ConstructError.

    >>> expression("abs(x0 - 1/3)", dim=1).exact([0])
    1/3
    """
    from constructs.targets.expression import ExpressionTarget

    return ExpressionTarget(text, dim)


def kuhn(cells: int, values: Any) -> KuhnTarget:
    """The target that is linear on the Kuhn simplices of cells**d cells, from an array of nodal values.

    Raises: ConstructError.

    >>> kuhn(1, [[0, 0], [0, 1]]).exact(["1/2", "1/3"])
    1/3
    """
    from constructs.targets.kuhn import KuhnTarget

    return KuhnTarget(cells, values)


def step(*axes: tuple[Sequence[Exact], Sequence[Exact]]) -> StepTarget:
    """The sum over the coordinates of step functions (breaks, values).

    Raises: ConstructError.

    >>> step((["1/2"], [1, 0])).exact(["1/2"])
    0
    """
    from constructs.targets.step import StepTarget

    return StepTarget(axes)  # pyright: ignore[reportArgumentType]


def parse(text: str, dim: int) -> Target:
    """The target that a text denotes: an expression.

    Raises: ConstructError.
    """
    return expression(text, dim)
