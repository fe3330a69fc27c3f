"""Targets that are sums of step functions of one coordinate each, with rational breaks: all is exact."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from flint import arb, fmpq

from constructs.arguments import items_of
from constructs.errors import ConstructError
from constructs.exact import Exact, common_denominator, rational, to_text
from constructs.rationals import FITS, Rationals, combination
from constructs.targets.base import (
    Target,
    bounded_table,
    cells_per_axis,
    dimension,
    float_points,
    point,
    rational_ball,
)

Axis = tuple[tuple[fmpq, ...], tuple[fmpq, ...]]
_EXPECTED = "a pair (breaks, values) for every coordinate"


@dataclass(frozen=True)
class StepTarget(Target):
    """f(x) = Σ_i g_i(x_i), g_i = values[j] on [b_j, b_{j+1}), the last piece closed.

    Requires: axes: for every coordinate a pair (breaks, values), 0 < b_1 < ... < b_n < 1, n+1 values.
    Raises: ConstructError.
    Source: verify/CERTIFICATE.md, 4.2.

    >>> spike = StepTarget(((["1/3"], [1, 0]),) * 2)
    >>> spike.exact([0, "1/3"]), spike.cell_values(2, 1).elements[0]
    (1, array([4/3, 2/3], dtype=object))
    """

    axes: tuple[Axis, ...]
    dim: int = field(init=False)

    def __post_init__(self) -> None:
        axes = items_of(self.axes, "axes", _EXPECTED)
        object.__setattr__(self, "dim", dimension(len(axes)))
        object.__setattr__(self, "axes", tuple(_axis(i, axis) for i, axis in enumerate(axes)))
        bounded_table("axes", self.dim, sum(len(values) for _, values in self.axes), "pieces")

    def specification(self) -> dict[str, Any]:
        axes = [
            {"breaks": [to_text(b) for b in breaks], "values": [to_text(v) for v in values]}
            for breaks, values in self.axes
        ]
        return {"kind": "step", "dim": self.dim, "axes": axes}

    def exact(self, x: Sequence[Exact]) -> fmpq:
        pairs = zip(self.axes, point(x, self.dim), strict=True)
        return sum((values[bisect_right(breaks, c)] for (breaks, values), c in pairs), start=fmpq(0))

    def ball(self, x: Sequence[Exact], bits: int) -> arb:
        return rational_ball(self.exact(x), bits)

    def cell_values(self, base: int, level: int) -> Rationals:
        """The exact cell means: the sum of the coordinates' means."""
        n = cells_per_axis(base, level, self.dim)
        means = [_means(breaks, values, n).along(i, self.dim) for i, (breaks, values) in enumerate(self.axes)]
        return combination([(fmpq(1), axis) for axis in means], fmpq(0), self.dim).reduced()

    def floats(self, points: np.ndarray) -> np.ndarray:
        array = float_points(points, self.dim)
        total = np.zeros(len(array))
        for i, (breaks, values) in enumerate(self.axes):
            pieces = np.searchsorted(np.array([_float(b) for b in breaks]), array[:, i], side="right")
            total += np.array([_float(v) for v in values])[pieces]
        return total

    def constant(self) -> fmpq | None:
        if any(v != values[0] for _, values in self.axes for v in values):
            return None
        return sum((values[0] for _, values in self.axes), start=fmpq(0))

    def describe(self) -> str:
        pieces = " + ".join(str(len(values)) for _, values in self.axes)
        return f"sum of step functions of one coordinate with {pieces} pieces"


def _axis(i: int, given: object) -> Axis:
    pair = items_of(given, f"axes[{i}]", _EXPECTED)
    if len(pair) != 2:
        raise ConstructError(f"axes[{i}]", given, _EXPECTED)
    breaks, values = (
        items_of(part, f"axes[{i}].{name}", "a list of exact numbers")
        for part, name in zip(pair, ("breaks", "values"), strict=True)
    )
    b = tuple(rational(v, f"axes[{i}].breaks") for v in breaks)
    g = tuple(rational(v, f"axes[{i}].values") for v in values)
    if len(g) != len(b) + 1:
        raise ConstructError(
            f"axes[{i}].values", f"{len(g)} values", f"{len(b) + 1} values for {len(b)} breaks"
        )
    for left, right in zip((fmpq(0), *b), (*b, fmpq(1)), strict=True):
        if not left < right:
            raise ConstructError(
                f"axes[{i}].breaks", f"{left}, {right}", "breaks with 0 < b_1 < ... < b_n < 1"
            )
    return b, g


def _means(breaks: tuple[fmpq, ...], values: tuple[fmpq, ...], n: int) -> Rationals:
    """n times the integrals over the n equal parts of [0,1].

    Method: differences of the integral from 0, which at k/n is that up to the last break before plus a piece of
    constant value: all in units of 1/D, with D/n whole and D b_j whole, and of the values' common denominator. No
    number is larger than 2 D max |value|.
    """
    height = Rationals.of(values)
    cuts, units = common_denominator([fmpq(0), *breaks, fmpq(1, n)])
    del cuts[-1]
    kind = np.int64 if max(2 * units * height.largest, n, units) < FITS else object
    starts, heights = np.array(cuts, dtype=kind), height.numerators.astype(kind)
    before = np.append(np.zeros(1, dtype=kind), np.cumsum(np.diff(starts) * heights[:-1]))
    borders = np.arange(n + 1).astype(kind) * (units // n)
    piece = np.searchsorted(starts, borders, side="right") - 1
    integral = before[piece] + (borders - starts[piece]) * heights[piece]
    return Rationals(np.diff(integral), units // n * height.denominator).reduced()


def _float(value: fmpq) -> float:
    return int(value.p) / int(value.q)
