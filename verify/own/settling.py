"""From what an author stated to conditions whose numbers and targets are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from constructs import targets
from constructs.errors import ConstructError
from constructs.targets.base import Target
from verify.own.asking import settled
from verify.own.conditions import CONDITIONS, Computes, Condition

MOST_CONDITIONS = 40  # verify/CERTIFICATE.md, 14
Stated = Condition | Callable[..., Any]


def as_target(given: Any, dim: int, what: str) -> Target:
    """A target, or the target of a text. Raises: ConstructError."""
    if isinstance(given, Target):
        return given
    if isinstance(given, str):
        return targets.parse(given, dim)
    raise ConstructError(what, f"a value of type {type(given).__name__}", "a Target, or the text of one")


def settle(
    conditions: Sequence[Stated] | Callable[..., Sequence[Stated]], known: Mapping[str, Any], dim: int
) -> list[Condition]:
    """The conditions for these parameters, every number known; a function among them may give several.

    Raises: ConstructError.
    """
    found: list[Condition] = []
    for entry in _listed(settled(conditions, known, "conditions")):
        for condition in _listed(settled(entry, known, "conditions")):
            if not isinstance(condition, CONDITIONS):
                kind = f"a value of type {type(condition).__name__}"
                raise ConstructError(
                    "conditions", kind, "width(...), error(...), ... or a function that gives them"
                )
            now = condition.settle(known)
            found.append(_computes(now, dim) if isinstance(now, Computes) else now)
    if not 1 <= len(found) <= MOST_CONDITIONS:
        raise ConstructError("conditions", len(found), f"1 to {MOST_CONDITIONS} conditions")
    return found


def _computes(condition: Computes, dim: int) -> Computes:
    """The condition with its target in the place of a text."""
    what = f"computes({condition.neuron!r})"
    target = as_target(condition.target, dim, what)
    if target.dim != dim:
        raise ConstructError(what, f"a target of {target.dim} variables", f"one of {dim}")
    return replace(condition, target=target)


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, (list, tuple)) else [value]
