"""What a claim asks of a target, whatever its kind: both sides of an L^p inequality, enclosed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from flint import fmpq

from constructs.rationals import Rationals
from verify.powers import Enclosure, power, root


class Quantities(Protocol):
    """The quantities of one target for one p (None: infinity), all as p-th powers (p infinite: as they are).

    `grid` is the number of boxes per axis on which a quantity is enclosed; exact kinds choose it themselves
    (see `grid`).
    """

    @property
    def exact(self) -> bool:
        """Whether a finer grid changes nothing."""
        ...

    def grid(self, cells: int, refinement: int) -> int | None:
        """A grid that fits `cells` cells per axis: number `refinement` (0, 1, ...) of ever finer ones; None
        if no grid matters.

        Raises: TooLarge.
        """
        ...

    def error(self, values: Rationals, radius: fmpq, grid: int | None) -> Enclosure:
        """||f - T||^p for the table T in values +- radius, of shape (cells per axis,)*d."""
        ...

    def shifted(self, shift: tuple[fmpq, ...], grid: int | None) -> fmpq:
        """A lower bound (exact for exact kinds) of ||f(. + s) - f||^p over the cube less the cube shifted
        back.
        """
        ...

    def shifts(self, t: fmpq, grid: int | None) -> list[tuple[fmpq, ...]]:
        """Shifts |s| <= t worth trying, the likeliest first; along the axes."""
        ...

    def modulus_above(self, t: fmpq, euclidean: bool, grid: int | None) -> fmpq | None:
        """An upper bound of the modulus' p-th power, None if there is none."""
        ...

    def range(self, grid: int | None) -> Enclosure:
        """f lies in it."""
        ...

    def lipschitz(self, grid: int | None) -> fmpq | None:
        """K with |f(x) - f(y)| <= K |x - y|_1, None if none was found."""
        ...


@dataclass(frozen=True)
class TooLarge(Exception):  # noqa: N818
    """More work than allowed: `needed` boxes, pieces or nodes, where `allowed` are."""

    what: str
    needed: int
    allowed: int

    def __str__(self) -> str:
        return f"{self.needed} {self.what}, where at most {self.allowed} are allowed"


class NotEnclosed(Exception):  # noqa: N818
    """No finite enclosure was found; the message says of what."""


def perturbed(exact: Enclosure, radius: fmpq, top: fmpq, p: fmpq | None) -> Enclosure:
    """The enclosure of ||f - T||^p for |T - c| <= radius from that for c, top >= |f - c|.

    Method: ||a + r|^p - |a|^p| <= p r (top + r)^(p-1) (p infinite: r); a measure of total mass 1.
    """
    if radius == 0:
        return exact
    if p is None:
        change = radius
    else:
        base = top + radius
        if p.q != 1:
            base = max(fmpq(1), base)
        change = p * radius * base ** (int(p.ceil()) - 1)
    return Enclosure(max(exact.lo - change, fmpq(0)), exact.hi + change)


def lattice_steps(shift: tuple[fmpq, ...], grid: int) -> list[int]:
    """The shift in steps of 1/grid.

    Raises: ValueError for a shift off the grid: no quantity is known for it.

    >>> lattice_steps((fmpq(1, 2), fmpq(0)), 4)
    [2, 0]
    """
    steps = [s * grid for s in shift]
    if any(s.q != 1 for s in steps):
        raise ValueError(f"shift = {list(shift)}: expected multiples of 1/{grid}")
    return [int(s.p) for s in steps]


def axis_shift(dim: int, axis: int, length: fmpq) -> tuple[fmpq, ...]:
    """The shift of a length along an axis."""
    return tuple(length if i == axis else fmpq(0) for i in range(dim))


def euclidean_sum(parts: list[fmpq], t: fmpq, p: fmpq | None) -> fmpq:
    """t^p (sum_i D_i^(2/p))^(p/2), rounded up (p infinite: t (sum D_i^2)^(1/2))."""
    if p is None:
        return t * root(sum((x * x for x in parts), fmpq(0)), 2).hi
    two_over_p = fmpq(2) / p
    total = sum((power(x, two_over_p).hi for x in parts), fmpq(0))
    return power(power(t * t * total, fmpq(1, 2)).hi, p).hi
