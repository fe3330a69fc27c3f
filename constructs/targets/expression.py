"""Targets given by an expression in x0..x9."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from flint import arb, fmpq

from constructs.arguments import text_of
from constructs.errors import ConstructError
from constructs.exact import Exact, dyadic
from constructs.integers import rounded_in_place
from constructs.rationals import Rationals, combination
from constructs.targets.base import (
    LARGEST_TABLE,
    Target,
    cells_per_axis,
    dimension,
    float_points,
    point,
    rational_ball,
)
from constructs.targets.float_values import float_values
from constructs.targets.nodes import Node
from constructs.targets.parser import parse
from constructs.targets.point_values import point_value

if TYPE_CHECKING:
    import sympy

_MOST_SAMPLES = 1 << 22  # points, while more than two a cell and axis are asked
_CHUNK = 1 << 18  # points evaluated at once
_MANTISSA = 40  # bits kept of the approximate cell means
_LARGEST = 1e250


@dataclass(frozen=True)
class ExpressionTarget(Target):
    """f given by a text in the grammar of verify/CERTIFICATE.md, 4.3.

    Requires: a text defined on the whole cube; if constant, then rational by rational arithmetic alone.
    Raises: ConstructError.

    >>> f = ExpressionTarget(" abs(x0 - 1/3) ", 1)
    >>> f.exact([1]), f.specification()["text"]
    (2/3, 'abs(x0 - 1/3)')
    """

    text: str
    dim: int

    def __post_init__(self) -> None:
        dimension(self.dim)
        text = text_of(self.text, "expression", "a text such as 'x0**2 + 1/3'")
        object.__setattr__(self, "text", text.strip(" \t\r\n"))
        from constructs.targets.domain import require_defined
        from constructs.targets.symbolic import require_not_constant

        require_defined(self.text, self.nodes, self.dim)
        if self._rational is None:
            require_not_constant(self.text, self.nodes, self.dim)

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """The parsed text: every node after its arguments, the root last."""
        return parse(self.text, self.dim)

    @cached_property
    def _rational(self) -> fmpq | None:
        if any(node.op == "variable" for node in self.nodes):
            return None
        value = point_value(self.nodes, [], 64)
        return value if isinstance(value, fmpq) else None

    @cached_property
    def sympy(self) -> sympy.Expr:
        """The expression as a SymPy object, built node by node; x_i are symbols that are not negative."""
        from constructs.targets.symbolic import symbolic

        return symbolic(self.nodes)

    def specification(self) -> dict[str, Any]:
        return {"kind": "expression", "dim": self.dim, "text": self.text}

    def cell_values(self, base: int, level: int) -> Rationals:
        """Approximate cell means, as exact dyadic rationals of about 40 bits.

        Method: the composite midpoint rule in floating point; points where it is not finite are left out.
        Raises: ConstructError for values that floats cannot average.
        """
        d, n = self.dim, cells_per_axis(base, level, self.dim)
        constant = self.constant()
        if constant is not None:
            return Rationals.full((n,) * d, constant)
        means, done = np.empty((n,) * d), 0
        with np.errstate(over="ignore"):
            for part in self._means(n):
                means[done : done + len(part)] = part
                done += len(part)
        largest = np.maximum(means.max(), -means.min())
        if not largest < _LARGEST:
            raise ConstructError(
                "expression", self.text, f"values below about {_LARGEST:.0e} in size, to be averaged"
            )
        bits = _MANTISSA - int(np.frexp(largest)[1])
        scaled = Rationals(rounded_in_place(means, bits))
        return combination([(dyadic(1, -bits), scaled)], fmpq(0), d).reduced()

    def _means(self, n: int) -> Iterator[np.ndarray]:
        d = self.dim
        allowed = ((8, _MOST_SAMPLES), (4, _MOST_SAMPLES), (3, _MOST_SAMPLES), (2, LARGEST_TABLE))
        parts = next((k for k, most in allowed if k**d <= 64 and (n * k) ** d <= most), 1)
        middles = (np.arange(n * parts) + 0.5) / (n * parts)
        rows = max(1, _CHUNK // ((n * parts) ** (d - 1) * parts))
        for start in range(0, n, rows):
            count = min(rows, n - start)
            first = middles[start * parts : (start + count) * parts]
            values = float_values(self.nodes, np.ix_(first, *([middles] * (d - 1))))
            blocks = np.broadcast_to(values, (count * parts,) + (n * parts,) * (d - 1))
            blocks = blocks.reshape((count, parts) + (n, parts) * (d - 1))
            finite = np.isfinite(blocks)
            axes = tuple(range(1, 2 * d, 2))
            yield np.where(finite, blocks, 0.0).sum(axis=axes) / np.maximum(finite.sum(axis=axes), 1)

    def exact(self, x: Sequence[Exact]) -> fmpq | None:
        value = point_value(self.nodes, point(x, self.dim), 64)
        return value if isinstance(value, fmpq) else None

    def ball(self, x: Sequence[Exact], bits: int) -> arb:
        value = point_value(self.nodes, point(x, self.dim), bits)
        return rational_ball(value, bits) if isinstance(value, fmpq) else value

    def floats(self, points: np.ndarray) -> np.ndarray:
        array = float_points(points, self.dim)
        return np.broadcast_to(float_values(self.nodes, list(array.T)), len(array)).copy()

    def constant(self) -> fmpq | None:
        return self._rational

    def describe(self) -> str:
        return self.text if len(self.text) <= 60 else self.text[:57] + "..."
