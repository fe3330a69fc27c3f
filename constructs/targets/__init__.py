"""Targets: functions on the unit cube, from text, files, nodal values or steps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from constructs.arguments import text_of
from constructs.exact import Exact
from constructs.targets.base import Target
from constructs.targets.expression import ExpressionTarget
from constructs.targets.kuhn import KuhnTarget
from constructs.targets.step import StepTarget

__all__ = [
    "ExpressionTarget",
    "KuhnTarget",
    "StepTarget",
    "Target",
    "exact_form",
    "expression",
    "kuhn",
    "parse",
    "step",
]

# The functions expression, kuhn and step replace the modules of the same names as attributes of this package;
# so the modules must be imported above. `from constructs.targets.kuhn import ...` still finds the module.
_NAMED = re.compile(r"(?!x[0-9]$)[A-Za-z][A-Za-z0-9_-]*\s*(:.*)?", re.DOTALL)
_LONGEST_NAMED = 2_000


def expression(text: str, dim: int) -> ExpressionTarget:
    """The target of an expression in x0..x{dim-1}.

    Raises: ConstructError.

    >>> expression("abs(x0 - 1/3)", dim=1).exact([0])
    1/3
    """
    return ExpressionTarget(text, dim)


def kuhn(cells: int, values: Any) -> KuhnTarget:
    """The target that is linear on the Kuhn simplices of cells**d cells, from an array of nodal values.

    Raises: ConstructError.

    >>> kuhn(1, [[0, 0], [0, 1]]).exact(["1/2", "1/3"])
    1/3
    """
    return KuhnTarget(cells, values)


def step(*axes: tuple[Sequence[Exact], Sequence[Exact]]) -> StepTarget:
    """The sum over the coordinates of step functions (breaks, values).

    Raises: ConstructError.

    >>> step((["1/2"], [1, 0])).exact(["1/2"])
    0
    """
    return StepTarget(axes)  # pyright: ignore[reportArgumentType]


def exact_form(target: Target) -> Target:
    """The target, a constant expression turned into the step target that it is: only there its norms are exact.

    >>> exact_form(expression("2/6", dim=1)).specification()["axes"]
    [{'breaks': [], 'values': ['1/3']}]
    """
    value = target.constant() if isinstance(target, ExpressionTarget) else None
    if value is None:
        return target
    return step(((), (value,)), *(((), (0,)) for _ in range(target.dim - 1)))


def parse(text: str, dim: int) -> Target:
    """The target of a text: "@file.json", "@file.csv", a library name with parameters, or an expression.

    Raises: ConstructError.

    >>> parse("tent", 1).describe(), parse("x0/2", 1).describe()
    ('piecewise linear on the Kuhn grid of 2^1 cells', 'x0/2')
    """
    text = text_of(text, "target", "a text: an expression, a target's name, or @ and a file")
    if text.startswith("@"):
        from constructs.targets.files import from_file

        return from_file(text[1:], dim)
    if len(text) <= _LONGEST_NAMED and _NAMED.fullmatch(text.strip()):
        from constructs.targets.library import build

        return build(text, dim)
    return expression(text, dim)
