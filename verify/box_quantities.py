"""Enclosed L^p errors and moduli of expression targets, from enclosures of value, mean and gradient on a grid
of boxes.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np
from flint import fmpq

from constructs.exact import from_float
from constructs.rationals import Rationals
from constructs.targets.expression import ExpressionTarget
from verify.box_ends import Table
from verify.box_error import measured
from verify.box_surveys import MOST_KEPT, changed, lines, survey
from verify.candidates import promising
from verify.powers import MARGIN, ZERO, Enclosure, power, power_between, rounded
from verify.quantities import NotEnclosed, TooLarge, axis_shift, euclidean_sum, lattice_steps

MOST_BOXES = 1 << 24
MANY_BOXES = 1 << 22  # beyond, a box a cell has to do
FORMAT_LIMIT = 1 << 26  # (2 grid)^d (verify/CERTIFICATE.md, 9.9)
MOST_REFINED = 1 << 20
FIRST_BOXES = 1 << 9
ONE = fmpq(1)


@dataclass(frozen=True)
class BoxEnclosure(Enclosure):
    """How it was found: halvings of boxes whose gradient has no bound, and the slack (verify/CERTIFICATE.md, 7.4)."""

    halvings: int = 0
    slack: fmpq | None = None


@dataclass(frozen=True, eq=False)
class BoxQuantities:
    """See `Quantities`; formulas: verify/CERTIFICATE.md, 7.4 and 8. All arithmetic rounded outward."""

    target: ExpressionTarget
    p: fmpq | None

    @property
    def exact(self) -> bool:
        """Enclosures only."""
        return False

    def grid(self, cells: int, refinement: int) -> int:
        """At least twice as many boxes per axis as cells, if that is not too many, and some hundred in all; doubled
        for each refinement.
        """
        g, d = 2 * cells, self.target.dim
        while g**d < FIRST_BOXES:
            g *= 2
        g = cells if g**d > MANY_BOXES else g << refinement
        allowed = MOST_REFINED if refinement else min(MOST_BOXES, FORMAT_LIMIT >> d)
        if g**d > allowed:
            raise TooLarge("boxes", g**d, allowed)
        return g

    def error(self, values: Rationals, radius: fmpq, grid: int | None) -> BoxEnclosure:
        """See `Quantities.error`."""
        found = measured(self.target, self._need(grid), Table(values, radius), self.p)
        unit = power_between(from_float(found.unit), from_float(found.unit), self.p)
        boxes = 1 if self.p is None else self._need(grid) ** self.target.dim
        ends = _below(found.low, boxes, unit.lo), _above(found.high, boxes, unit.hi)
        slack = None if self.p is None or self.p == 1 else fmpq(1, 2**found.slack)
        return BoxEnclosure(*ends, halvings=found.halvings, slack=slack)

    def shifted(self, shift: tuple[fmpq, ...], grid: int | None) -> fmpq:
        """See `Quantities.shifted`: by Jensen the mean of |f(. + s) - f|^p over a box is at least the power
        of the means' difference.
        """
        g = self._need(grid)
        steps = lattice_steps(shift, g)
        if any(abs(j) >= g for j in steps) or not any(steps):
            return ZERO
        found = changed(self.target, g, steps, self.p)
        return _below(found, 1 if self.p is None else g**self.target.dim)

    def shifts(self, t: fmpq, grid: int | None) -> list[tuple[fmpq, ...]]:
        """The most promising shifts by whole boxes; a single one where every shift costs a pass."""
        g, d = self._need(grid), self.target.dim
        longest = min(int((t * g).floor()), g - 1)
        if not longest:
            return []
        with np.errstate(all="ignore"):
            found = promising([lines(self.target, g, axis) for axis in range(d)], longest, self.p)
        kept = found if g**d <= MOST_KEPT else found[:1]
        return [axis_shift(d, axis, fmpq(steps, g)) for axis, steps in kept]

    def modulus_above(self, t: fmpq, euclidean: bool, grid: int | None) -> fmpq | None:
        """From enclosed gradients, if they and the sums of their powers are bounded."""
        g = self._need(grid)
        sums = survey(self.target, g, self.p).sums
        if not all(isfinite(x) for x in sums):
            return None
        boxes = 1 if self.p is None else g**self.target.dim
        parts = [_above(x, boxes) for x in sums]
        if euclidean and self.target.dim > 1:
            return euclidean_sum(parts, t, self.p)
        return max(parts) * (t if self.p is None else power(t, self.p).hi)

    def range(self, grid: int | None) -> Enclosure:
        """The hull of the boxes' ranges."""
        found = survey(self.target, self._need(grid), self.p)
        if not (isfinite(found.low) and isfinite(found.high)):
            raise NotEnclosed("the target's range overflows")
        lo, hi = from_float(found.low), from_float(found.high)
        margin = max(abs(lo), abs(hi)) * MARGIN
        return Enclosure(lo - margin, hi + margin)

    def lipschitz(self, grid: int | None) -> fmpq | None:
        """The largest gradient component, if bounded."""
        top = survey(self.target, self._need(grid), self.p).steepest
        return _above(top) if isfinite(top) else None

    def _need(self, grid: int | None) -> int:
        return self.grid(1, 0) if grid is None else grid


def _below(x: float, boxes: int = 1, unit: fmpq = ONE) -> fmpq:
    """A rational below x unit / boxes by the margin, at least 0."""
    return rounded(Enclosure.exact(from_float(x) * (1 - MARGIN) * unit / boxes)).lo if x > 0 else ZERO


def _above(x: float, boxes: int = 1, unit: fmpq = ONE) -> fmpq:
    """A rational above x unit / boxes by the margin.

    Raises: NotEnclosed for an infinite x.
    """
    if not isfinite(x):
        raise NotEnclosed("an upper bound overflows")
    return rounded(Enclosure.exact(from_float(x) * (1 + MARGIN) * unit / boxes)).hi
