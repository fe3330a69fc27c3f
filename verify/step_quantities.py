"""Exact L^p errors and moduli of step targets: sums over coordinates of piecewise constant functions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from math import prod

import numpy as np
from flint import fmpq

from constructs.exact import common_denominator
from constructs.rationals import FITS, ONE, Rationals, combination
from constructs.targets.step import StepTarget
from verify.powers import ZERO, Enclosure, power, power_between, root
from verify.quantities import TooLarge, axis_shift

MOST_PIECES = 1 << 22
MOST_BREAKS = 60
MOST_SHIFTS = 12


@dataclass(frozen=True)
class Merged:
    """One axis cut at breaks and cell borders: piece lengths, values, cell numbers."""

    lengths: Rationals
    values: Rationals
    cells: np.ndarray


@dataclass(frozen=True, eq=False)
class StepQuantities:
    """See `Quantities`. Exact for integer p and infinity; other p: sums of enclosed powers. No grid matters."""

    target: StepTarget
    p: fmpq | None

    @property
    def exact(self) -> bool:
        """A finer grid changes nothing."""
        return True

    def grid(self, cells: int, refinement: int) -> None:
        """None; refuses too many pieces."""
        needed = prod(cells + len(breaks) for breaks, _ in self.target.axes)
        if needed > MOST_PIECES:
            raise TooLarge("pieces", needed, MOST_PIECES)

    def _merged(self, axis: int, cells: int) -> Merged:
        breaks, values = self.target.axes[axis]
        inner, units = common_denominator([*breaks, fmpq(1, cells)])
        kind = np.int64 if units < FITS else object
        borders = np.arange(cells + 1).astype(kind) * inner.pop()
        cuts = np.unique(np.append(borders, np.array(inner, dtype=kind)))
        places = np.searchsorted(np.array(inner, dtype=kind), cuts[:-1], side="right")
        return Merged(
            Rationals(np.diff(cuts), units),
            Rationals.of(values).rearranged(lambda each: each[places]),
            np.searchsorted(borders, cuts[:-1], side="right") - 1,
        )

    def error(self, values: Rationals, radius: fmpq, grid: int | None) -> Enclosure:
        """See `Quantities.error`: a sum over the products of pieces, or the largest deviation."""
        d, cells = self.target.dim, values.shape[0]
        axes = [self._merged(i, cells) for i in range(d)]
        table = values.rearranged(lambda each: each[np.ix_(*(a.cells for a in axes))])
        given = [(ONE, a.values.along(i, d)) for i, a in enumerate(axes)]
        difference = combination([*given, (-ONE, table)], ZERO, d)
        measure = reduce(Rationals.__mul__, (a.lengths.along(i, d) for i, a in enumerate(axes)))
        weights = _gathered(difference, measure)
        terms = [(power_between(max(u - radius, ZERO), u + radius, self.p), mu) for u, mu in weights]
        if self.p is None:
            return Enclosure(max(q.lo for q, _ in terms), max(q.hi for q, _ in terms))
        return Enclosure(sum((q.lo * mu for q, mu in terms), ZERO), sum((q.hi * mu for q, mu in terms), ZERO))

    def _shift_power(self, axis: int, tau: fmpq) -> Enclosure:
        """The p-th power of ||g(. + tau) - g|| on [0, 1 - tau]."""
        breaks, values = self.target.axes[axis]
        if not 0 < tau < 1:
            return Enclosure(ZERO, ZERO)
        cuts = sorted({ZERO, 1 - tau} | {c for b in breaks for c in (b, b - tau) if 0 < c < 1 - tau})
        total, i, j = Enclosure(ZERO, ZERO), 0, 0
        for a, b in pairwise(cuts):
            while i < len(breaks) and breaks[i] <= a:
                i += 1
            while j < len(breaks) and breaks[j] <= a + tau:
                j += 1
            u = abs(values[j] - values[i])
            part = power_between(u, u, self.p)
            if self.p is None:
                total = max(total, part, key=lambda q: q.lo)
            else:
                total = total + Enclosure(part.lo * (b - a), part.hi * (b - a))
        return total

    def shifted(self, shift: tuple[fmpq, ...], grid: int | None) -> fmpq:
        """See `Quantities.shifted`; along one axis the other summands cancel."""
        moved = [(i, abs(s)) for i, s in enumerate(shift) if s != 0]
        return self._shift_power(*moved[0]).lo if len(moved) == 1 else ZERO

    def shifts(self, t: fmpq, grid: int | None) -> list[tuple[fmpq, ...]]:
        """All lengths at which the modulus can be attained, if few; else equal steps."""
        lengths = {t if t < 1 else fmpq(1, 2)}
        for breaks, _ in self.target.axes:
            points = [ZERO, *breaks, fmpq(1)]
            if len(points) <= MOST_BREAKS:
                lengths |= {b - a for a in points for b in points if 0 < b - a <= t and b - a < 1}
        lengths |= {t * k / MOST_SHIFTS for k in range(1, MOST_SHIFTS)}
        return [
            axis_shift(self.target.dim, axis, tau)
            for tau in sorted(lengths, reverse=True)
            for axis in range(self.target.dim)
        ]

    def modulus_above(self, t: fmpq, euclidean: bool, grid: int | None) -> fmpq | None:
        """The exact axis modulus (D is piecewise linear in tau, with corners at differences of breaks);
        euclidean: the sum over the axes.
        """
        each = []
        for axis, (breaks, _) in enumerate(self.target.axes):
            points = [ZERO, *breaks, fmpq(1)]
            if len(points) > MOST_BREAKS:
                return None
            lengths = {b - a for a in points for b in points if 0 < b - a <= t} | {t}
            each.append(max(self._shift_power(axis, tau).hi for tau in lengths))
        if not euclidean or len(each) == 1:
            return max(each)
        if self.p is None:
            return sum(each, ZERO)
        return power(sum((_inverse_power(x, self.p) for x in each), ZERO), self.p).hi

    def range(self, grid: int | None) -> Enclosure:
        """Sums of the extremes."""
        lo = sum((min(values) for _, values in self.target.axes), ZERO)
        return Enclosure(lo, sum((max(values) for _, values in self.target.axes), ZERO))

    def lipschitz(self, grid: int | None) -> fmpq | None:
        """0 for a constant, else none."""
        return ZERO if all(v == values[0] for _, values in self.target.axes for v in values) else None


def _gathered(difference: Rationals, measure: Rationals) -> list[tuple[fmpq, fmpq]]:
    """The different sizes, each with the measure of all pieces where it occurs.

    Requires: pieces of a cube of measure 1, whose numerators' sum is thus the denominator.
    """
    sizes = np.abs(difference.numerators).ravel()
    order = np.argsort(sizes, kind="stable")
    kind = np.int64 if measure.denominator < FITS else object
    weights = np.broadcast_to(measure.numerators, difference.shape).astype(kind).ravel()[order]
    used, starts = np.unique(sizes[order], return_index=True)
    sums = np.add.reduceat(weights, starts)
    return [
        (fmpq(u, difference.denominator), fmpq(mu, measure.denominator))
        for u, mu in zip(used.tolist(), sums.tolist(), strict=True)
    ]


def _inverse_power(x: fmpq, p: fmpq) -> fmpq:
    return root(x ** int(p.q), int(p.p)).hi
