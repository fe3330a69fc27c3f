"""What a target is: a function on the unit cube that can be specified, averaged over cells, and evaluated."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
from flint import arb, ctx, fmpq

from constructs.arguments import float_array, items_of
from constructs.errors import ConstructError
from constructs.exact import Exact, integer, rational
from constructs.rationals import Rationals

LARGEST_DIM = 10
LARGEST_TABLE = 1 << 24  # cells or nodes of one array (verify/CERTIFICATE.md, 3.1)
BYTES_PER_EXACT = 64


class Target(ABC):
    """A function f on [0,1]^dim. Final subclasses: KuhnTarget, StepTarget, ExpressionTarget.

    Laws: `exact`, where it is not None, lies in `ball` at every precision; `constant` is not None only if f
    is that rational everywhere; the `cell_values` of kuhn and step targets are the exact means.
    """

    dim: int

    @abstractmethod
    def specification(self) -> dict[str, Any]:
        """The JSON object of verify/CERTIFICATE.md, 4."""

    @abstractmethod
    def cell_values(self, base: int, level: int) -> Rationals:
        """The value wanted on each cell of side base**-level; shape (base**level,)*dim."""

    @abstractmethod
    def exact(self, x: Sequence[Exact]) -> fmpq | None:
        """f(x) at a rational point, or None where it is not found by rational arithmetic alone."""

    @abstractmethod
    def ball(self, x: Sequence[Exact], bits: int) -> arb:
        """A ball that holds f(x), computed with a mantissa of `bits`."""

    @abstractmethod
    def floats(self, points: np.ndarray) -> np.ndarray:
        """f in floating point at the rows of an (n, dim) array: for drawing, it proves nothing."""

    @abstractmethod
    def constant(self) -> fmpq | None:
        """The rational that f is everywhere, if f is one."""

    @abstractmethod
    def describe(self) -> str:
        """A short text for people."""


def dimension(dim: object) -> int:
    """A dimension in 1..10.

    Raises: ConstructError.
    """
    return integer(dim, "dim", 1, LARGEST_DIM)


def cells_per_axis(base: int, level: int, dim: int) -> int:
    """base**level, once the table of base**(dim*level) cells is known to be small enough.

    Raises: ConstructError with an estimate, before any work.

    >>> cells_per_axis(2, 3, 2)
    8
    """
    integer(base, "base", 2)
    integer(level, "level", 0)
    if level * dim * (base.bit_length() - 1) > 64:
        raise ConstructError(
            "level", level, f"at most {LARGEST_TABLE} cells; {base}**({dim}*{level}) is far beyond that"
        )
    bounded_table("level", level, (base**level) ** dim, "cells")
    return base**level


def bounded_table(argument: str, value: object, size: int, what: str, most: int = LARGEST_TABLE) -> None:
    """Refuses tables beyond `most` entries.

    Raises: ConstructError with the number of entries and of bytes.
    """
    if size > most:
        shown = f"more than 2^{size.bit_length() - 1} {what}"
        if size.bit_length() < 1000:
            shown = f"{size} {what} (about {size * BYTES_PER_EXACT / 2**30:.3g} GiB)"
        raise ConstructError(argument, value, f"at most {most} {what}, this needs {shown}")


def point(x: Sequence[Exact], dim: int) -> list[fmpq]:
    """The coordinates as rationals.

    Raises: ConstructError for a wrong count or a coordinate outside [0,1].

    >>> point(["1/3", 0], 2)
    [1/3, 0]
    """
    given = items_of(x, "x", f"{dim} coordinates")
    if len(given) != dim:
        raise ConstructError("x", given, f"{dim} coordinates")
    coordinates = [rational(c, f"x[{i}]") for i, c in enumerate(given)]
    for i, c in enumerate(coordinates):
        if not 0 <= c <= 1:
            raise ConstructError(f"x[{i}]", str(c), "a number in [0, 1]")
    return coordinates


def float_points(points: np.ndarray, dim: int) -> np.ndarray:
    """The points as a float array of shape (n, dim).

    Raises: ConstructError for another shape.
    """
    array = float_array(points, "points", f"an array of shape (n, {dim})")
    if array.ndim != 2 or array.shape[1] != dim:
        raise ConstructError("points", f"shape {array.shape}", f"an array of shape (n, {dim})")
    return array


def rational_ball(value: fmpq, bits: int) -> arb:
    """The ball of a rational at a precision.

    >>> rational_ball(fmpq(1, 4), 53)
    0.250000000000000
    """
    with ctx.workprec(bits):
        return arb(value)
