"""The pieces of one axis (verify/CERTIFICATE.md, §6), and what is affine in one coordinate on each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from flint import fmpq

from constructs.errors import ConstructError
from constructs.rationals import Rationals, combination

ONE = fmpq(1)


class Unproved(Exception):  # noqa: N818
    """What could not be shown of a neuron or a readout."""


@dataclass(frozen=True)
class Pieces:
    """The pieces [lo, hi] of an axis, half-open at hi where `open_end`; the same on every axis.

    Requires: lo and hi over the same denominator.
    """

    lo: Rationals
    hi: Rationals
    open_end: np.ndarray

    @property
    def length(self) -> fmpq:
        """Their total length."""
        total = (self.hi.numerators.astype(object) - self.lo.numerators.astype(object)).sum()
        return fmpq(int(total), self.lo.denominator)


def pieces(base: int, level: int, delta: fmpq | None) -> Pieces:
    """The pieces of level `level`: floor digits (delta None) half-open cells and the point 1; else cells less
    their strips.

    Raises: ConstructError if delta is not positive or leaves no length of some piece.
    """
    n = base**level
    starts = np.arange(n, dtype=np.int64)
    if delta is None:
        lo = Rationals(np.append(starts, n), n)
        hi = Rationals(np.append(starts + 1, n), n)
        return Pieces(lo, hi, np.append(np.ones(n, dtype=bool), False))
    strips = np.zeros(n, dtype=np.int64)  # in units of delta / n
    for t in range(level, 0, -1):  # a boundary keeps the strip of the first level that it belongs to
        spacing = base ** (level - t)
        strips[spacing - 1 : n - 1 : spacing] = spacing * base
    hi = combination([(ONE, Rationals(starts + 1, n)), (-delta, Rationals(strips, n))], fmpq(0), 1)
    lo = Rationals(starts, n).over(hi.denominator)
    if delta <= 0 or not (hi.numerators > lo.numerators).all():
        raise ConstructError("delta", str(delta), f"a positive width less than {base}^-{level}")
    return Pieces(lo, hi, np.zeros(n, dtype=bool))


@dataclass(frozen=True)
class AxisForm:
    """constant[j] + slope[j] * x_axis on piece j."""

    axis: int
    constant: Rationals
    slope: Rationals

    @property
    def flat(self) -> bool:
        """Whether it does not vary within any piece."""
        return self.slope.largest == 0

    def ends(self, on: Pieces) -> tuple[Rationals, Rationals]:
        """Its values at lo and hi of every piece, over the same denominator."""
        lo, hi = (
            combination([(ONE, self.constant), (ONE, self.slope * x)], fmpq(0), 1) for x in (on.lo, on.hi)
        )
        return lo, hi

    def relu(self, on: Pieces) -> AxisForm:
        """max(form, 0) where it keeps one sign on every piece.

        Raises: Unproved.
        """
        a, b = (end.numerators for end in self.ends(on))
        keep, drop = (a >= 0) & (b >= 0), (a <= 0) & (b <= 0)
        self._require(keep | drop, "changes sign")
        return AxisForm(self.axis, self.constant.kept(keep), self.slope.kept(keep))

    def floor(self, on: Pieces) -> AxisForm:
        """floor(form) where its range over every piece lies in one [n, n+1).

        Raises: Unproved.
        """
        lo, hi = self.ends(on)
        a, b = lo.numerators, hi.numerators
        least, most = Rationals(np.minimum(a, b), lo.denominator), np.maximum(a, b)
        floors = least.floor()
        next_one = combination([(fmpq(lo.denominator), floors)], fmpq(lo.denominator), 1).numerators
        self._require((most < next_one) | ((most == next_one) & on.open_end & (b > a)), "jumps")
        return AxisForm(self.axis, floors, Rationals(np.zeros_like(floors.numerators)))

    def _require(self, shown: np.ndarray, what: str) -> None:
        if not shown.all():
            raise Unproved(f"{what} on piece {int(np.argmin(shown))} of x{self.axis}")


def added(terms: Sequence[tuple[fmpq, AxisForm]]) -> list[AxisForm]:
    """Weighted forms summed axis by axis."""
    out: list[AxisForm] = []
    for axis in sorted({f.axis for _, f in terms}):
        mine = [(w, f) for w, f in terms if f.axis == axis]
        constant = combination([(w, f.constant) for w, f in mine], fmpq(0), 1)
        slope = combination([(w, f.slope) for w, f in mine], fmpq(0), 1)
        out.append(AxisForm(axis, constant, slope))
    return out
