"""Targets in Coq files: their definition for the reader, their enclosures for the kernel, and intervals like these to
plan with.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from flint import fmpq

from constructs.errors import ConstructError
from constructs.rationals import Rationals
from constructs.targets.expression import ExpressionTarget
from constructs.targets.kuhn import KuhnTarget
from constructs.targets.specification import from_specification
from verify.boxes import blocks, coordinates
from verify.enclosure import evaluate
from verify.kernel.expressions import written
from verify.table_ends import float_ends

CHUNK = 1 << 15
WIDEST = 1 << 61  # of nodal values in a machine integer
Ends = tuple[tuple[slice, ...], np.ndarray, np.ndarray]


class TargetText(Protocol):
    """A target f as it stands in a Coq file.

    shown: in one line; modules: of the library that are needed beside others; arrays: definitions of machine arrays;
    definitions: of f and what else is needed, f of type list R -> R.
    """

    @property
    def shown(self) -> str: ...
    @property
    def modules(self) -> tuple[str, ...]: ...
    @property
    def arrays(self) -> list[str]: ...
    @property
    def definitions(self) -> list[str]: ...


class CoqTarget(TargetText, Protocol):
    """A target that the kernel sees at every point. ranges: its enclosures on boxes, and proof: that they are some."""

    @property
    def ranges(self) -> str: ...
    @property
    def proof(self) -> str: ...

    def step(self, cells: int) -> int:
        """Splits of a grid of so many cells a side must be multiples of this."""
        ...

    def ends(self, grid: int) -> Iterator[Ends]:
        """Floats around the values on all boxes, chunk by chunk. Raises: DomainUndecided."""
        ...


def coq_target(specification: dict[str, Any]) -> CoqTarget:
    """The target of a certificate.

    Raises: ConstructError for a kind that Coq files are not written for.
    """
    target = from_specification(specification)
    match target:
        case ExpressionTarget():
            return CoqExpression(target)
        case KuhnTarget():
            return CoqKuhn(target)
    raise ConstructError(
        "target",
        specification["kind"],
        "an expression or nodal values on a Kuhn grid, for bounds at every point in Coq",
    )


@dataclass(frozen=True)
class CoqExpression:
    """An expression, enclosed by interval arithmetic."""

    target: ExpressionTarget
    modules: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The text."""
        return self.target.text

    @property
    def arrays(self) -> list[str]:
        """None."""
        return []

    @property
    def definitions(self) -> list[str]:
        """f, and the term that the kernel encloses."""
        function = written(self.target.text, self.target.dim)
        return [
            f"Definition f (x : list R) : R := {function.real}.",
            f"Definition target : expr := {function.term}.",
        ]

    @property
    def ranges(self) -> str:
        """Interval arithmetic."""
        return "Check.expression_ranges precision target"

    @property
    def proof(self) -> str:
        """For every expression."""
        return f"Check.expression_ranges_sound precision {self.target.dim} target"

    def step(self, cells: int) -> int:
        """Any split will do."""
        return 1

    def ends(self, grid: int) -> Iterator[Ends]:
        """Plain interval arithmetic."""
        for place in blocks(grid, self.target.dim, CHUNK):
            values, _ = evaluate(self.target.nodes, coordinates(grid, place)[0], False)
            yield place, np.asarray(values.lo), np.asarray(values.hi)


@dataclass(frozen=True)
class CoqKuhn:
    """Nodal values on a Kuhn grid; their ranges on boxes are exact."""

    target: KuhnTarget
    modules: tuple[str, ...] = ("KuhnTarget", "KuhnRanges")

    @property
    def shown(self) -> str:
        """Its size."""
        return f"nodal values on the Kuhn grid of mesh 1/{self.target.cells}"

    @cached_property
    def _integers(self) -> Rationals:
        values = Rationals.of(self.target.values)
        if values.largest >= WIDEST:
            raise ConstructError(
                "target", "nodal values", "integers below 2^61 over one denominator, for Coq"
            )
        return values

    @property
    def denominator(self) -> int:
        """Of the nodal values."""
        return self._integers.denominator

    @property
    def _offset(self) -> int:
        return max(0, -min(self._integers.numerators.reshape(-1).tolist()))

    @property
    def arrays(self) -> list[str]:
        """The integers less the least one, as 4.1 of the format orders them."""
        raised = [int(v) + self._offset for v in self._integers.numerators.reshape(-1).tolist()]
        return [f"Definition nodal : array int := ([| {'; '.join(map(str, raised))} | 0 |])%uint63."]

    @property
    def definitions(self) -> list[str]:
        """f by its nodal values."""
        m, d = self.target.cells, self.target.dim
        return [
            f"Definition node (k : list Z) : Z := node_value {m} {self._offset} nodal k.",
            f"Definition f : list R -> R := kuhn_target {d} {m} node {self.denominator}.",
        ]

    @property
    def ranges(self) -> str:
        """From corners."""
        return f"kuhn_ranges {self.target.cells} node {self.denominator}"

    @property
    def proof(self) -> str:
        """For all nodal values."""
        return f"kuhn_ranges_sound {self.target.dim} {self.target.cells} node {self.denominator}"

    def step(self, cells: int) -> int:
        """The boxes' grid must refine the Kuhn grid."""
        return self.target.cells // math.gcd(self.target.cells, cells)

    def ends(self, grid: int) -> Iterator[Ends]:
        """The least and the largest value at the corners."""
        lo, hi = float_ends(self.target.nodal(grid), fmpq(0))
        d = self.target.dim
        shifts = [tuple(slice(e, grid + e) for e in corner) for corner in itertools.product((0, 1), repeat=d)]
        yield (
            (slice(0, grid),) * d,
            np.min([lo[s] for s in shifts], axis=0),
            np.max([hi[s] for s in shifts], axis=0),
        )
