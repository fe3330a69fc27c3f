"""Targets whose means over boxes the kernel can enclose, for errors in L^p: expressions and step functions.

Their enclosures hold on closed boxes, so that boxes may be moved; on a box that meets a jump they are wide.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from flint import fmpq

from constructs.errors import ConstructError
from constructs.targets.expression import ExpressionTarget
from constructs.targets.nodes import Node
from constructs.targets.specification import from_specification
from constructs.targets.step import StepTarget
from verify.boxes import coordinates
from verify.enclosure import DomainUndecided, evaluate
from verify.kernel.stated import rational_text
from verify.kernel.targets import CoqExpression, TargetText

MOST_BREAKS = 64  # of a step target: the kernel goes through them at every box
Ends = tuple[np.ndarray, np.ndarray]


class MeanTarget(TargetText, Protocol):
    """A target with enclosures on closed boxes. ranges: these, in Coq, and proof: that they are some."""

    @property
    def dim(self) -> int: ...
    @property
    def ranges(self) -> str: ...
    @property
    def proof(self) -> str: ...

    def closed_ends(self, grid: int) -> Ends | None:
        """Floats around the values on all closed boxes of a grid; None if f is not seen to be defined on all."""
        ...


def mean_target(specification: dict[str, Any]) -> MeanTarget:
    """The target of a certificate.

    Raises: ConstructError for a kind whose means are not written for Coq.
    """
    target = from_specification(specification)
    match target:
        case ExpressionTarget():
            return MeanExpression(target)
        case StepTarget():
            return MeanStep(target)
    raise ConstructError(
        "target",
        specification["kind"],
        "an expression or a step target, for errors against the modulus in Coq",
    )


@dataclass(frozen=True)
class MeanExpression(CoqExpression):
    """An expression, enclosed by interval arithmetic."""

    @property
    def dim(self) -> int:
        """Of the cube."""
        return self.target.dim

    @property
    def ranges(self) -> str:
        """Interval arithmetic."""
        return "Averages.B.expression_ranges precision target"

    @property
    def proof(self) -> str:
        """For every expression."""
        return f"Averages.expression_in_boxes precision {self.dim} target"

    def closed_ends(self, grid: int) -> Ends | None:
        """By plain interval arithmetic, on the operations that Coq has."""
        try:
            nodes = rewritten(self.target.nodes)
            values, _ = evaluate(nodes, coordinates(grid, (slice(0, grid),) * self.dim)[0], False)
        except DomainUndecided:
            return None
        shape = (grid,) * self.dim
        return np.broadcast_to(np.asarray(values.lo), shape), np.broadcast_to(np.asarray(values.hi), shape)


@dataclass(frozen=True)
class MeanStep:
    """A sum of step functions of one coordinate each: f itself, with its jumps.

    Raises: ConstructError for more than 64 breaks.
    """

    target: StepTarget
    modules: tuple[str, ...] = ("StepTarget",)
    arrays: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        breaks = sum(len(b) for b, _ in self.target.axes)
        if breaks > MOST_BREAKS:
            raise ConstructError("target", f"{breaks} breaks", f"at most {MOST_BREAKS}, for Coq")

    @property
    def shown(self) -> str:
        """Its size."""
        return self.target.describe()

    @property
    def dim(self) -> int:
        """Of the cube."""
        return self.target.dim

    @property
    def definitions(self) -> list[str]:
        """f by its breaks and values."""
        return [
            "(** Of each coordinate: the first value; then the breaks, each with the value from there on. *)",
            "Definition axes : list axis_steps := [",
            ";\n".join(f"  {_axis(breaks, values)}" for breaks, values in self.target.axes),
            "]%Q.",
            "Definition f : list R -> R := step_target axes.",
        ]

    @property
    def ranges(self) -> str:
        """From the pieces that boxes meet."""
        return "step_ranges axes"

    @property
    def proof(self) -> str:
        """For all step targets."""
        return f"step_in_boxes {self.dim} axes"

    def closed_ends(self, grid: int) -> Ends:
        """The least and the largest value of the pieces that a closed box meets, coordinate by coordinate."""
        lo, hi = np.zeros((1,) * self.dim), np.zeros((1,) * self.dim)
        for i, (breaks, values) in enumerate(self.target.axes):
            shape = (1,) * i + (grid,) + (1,) * (self.dim - 1 - i)
            below, above = _axis_ends(breaks, values, grid)
            lo, hi = lo + below.reshape(shape), hi + above.reshape(shape)
        return lo, hi


def rewritten(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """min, max and tanh by the operations that stand for them in Coq (verify/kernel/expressions.py), whose intervals
    are wider.

    >>> from constructs.targets.parser import parse
    >>> [node.op for node in rewritten(parse("max(x0, x1)", 2))]
    ['variable', 'variable', '-', 'abs', '+', '+', 'number', '/']
    """
    made: list[Node] = []

    def add(op: str, *args: int, number: fmpq | None = None) -> int:
        made.append(Node(op, args, number))
        return len(made) - 1

    place: list[int] = []
    for node in nodes:
        args = [place[a] for a in node.args]
        if node.op in ("min", "max"):
            found = args[0]
            for other in args[1:]:
                gap = add("abs", add("-", found, other))
                both = add("+" if node.op == "max" else "-", add("+", found, other), gap)
                found = add("/", both, add("number", number=fmpq(2)))
        elif node.op == "tanh":
            twice = add("exp", add("*", add("number", number=fmpq(2)), args[0]))
            one = add("number", number=fmpq(1))
            found = add("/", add("-", twice, one), add("+", twice, one))
        else:
            made.append(Node(node.op, tuple(args), node.number, node.axis))
            found = len(made) - 1
        place.append(found)
    return tuple(made)


def _axis(breaks: tuple[fmpq, ...], values: tuple[fmpq, ...]) -> str:
    later = (f"({rational_text(b)}, {rational_text(v)})" for b, v in zip(breaks, values[1:], strict=True))
    return f"({rational_text(values[0])}, [{'; '.join(later)}])"


def _axis_ends(breaks: tuple[fmpq, ...], values: tuple[fmpq, ...], grid: int) -> Ends:
    floats = np.array([int(v.p) / int(v.q) for v in values])
    starts = np.array([int((b * grid).ceil()) for b in breaks], dtype=np.int64)
    first = np.searchsorted(starts, np.arange(grid), side="right")
    last = np.searchsorted(starts, np.arange(1, grid + 1), side="right")
    lo, hi = floats[first], floats[first]
    for more in range(1, len(floats)):
        other = floats[np.minimum(first + more, last)]
        lo, hi = np.minimum(lo, other), np.maximum(hi, other)
    return lo, hi
