"""Zygmund seminorms [e]_s = sup |e(x+y) - 2 e(x) + e(x-y)| / |y|_2^s of e = f - Phi on the cube: both sides, measured.

Source: docs/multiplicative.md, "Measured Zygmund seminorms".
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import inf

import numpy as np
from flint import fmpq

from constructs.errors import ConstructError
from constructs.exact import Exact, from_float, rational
from constructs.targets.expression import ExpressionTarget
from verify.powers import Enclosure, rounded
from verify.splines import zygmund
from verify.splines.error_pyramid import Level, levels
from verify.splines.tensor import Spline
from verify.splines.zygmund_bounds import bounds

CHUNK = 1 << 15  # pairs at once
BUDGET = 1 << 21  # pairs in all
MOST_BOXES = {1: 1 << 13, 2: 1 << 18}  # on the finest grid on which f is looked at
DEEPEST = 14  # halvings of a cell
STEP = 3  # grids that are made at once, from the finest of them
STARTS = 16  # pairs near which a witness is looked for, on every level


@dataclass(frozen=True)
class MeasuredSeminorm:
    """seminorm: [e]_s, whose lower end is the quotient at x and y; reached: its ends are as near as was asked for.

    pairs: how many pairs of boxes were looked at.
    """

    seminorm: Enclosure
    x: tuple[fmpq, ...]
    y: tuple[fmpq, ...]
    reached: bool
    pairs: int


@dataclass(frozen=True, eq=False)
class _Open:
    """Pairs of boxes whose bound is not low enough, by the numbers of the boxes."""

    first: np.ndarray
    last: np.ndarray
    upper: np.ndarray

    def only(self, which: np.ndarray) -> _Open:
        return _Open(self.first[which], self.last[which], self.upper[which])


def measured(
    target: ExpressionTarget, spline: Spline, s: Exact, tolerance: Exact = "1/20", budget: int = BUDGET
) -> MeasuredSeminorm:
    """[f - Phi]_s, enclosed.

    Requires: dim 1 or 2; the spline's cells those of the cube; 0 < s <= 1, or s <= 2 for degree >= 2 (a spline of
    degree 1 has kinks: for s > 1 its seminorm is infinite unless it is affine); tolerance > 0; budget: pairs of boxes.
    Returns: MeasuredSeminorm; reached iff hi <= (1 + tolerance) lo.
    Method: branch and bound over pairs of boxes of the grids mesh, 2 mesh, ...; all open pairs are halved together,
    those with the largest bounds if the budget does not suffice.
    Guarantees: lo <= [f - Phi]_s <= hi, whether the tolerance was reached or not.
    Raises: ConstructError; DomainUndecided; NotEnclosed if derivatives of f (second ones for s > 1) are not bounded.
    Source: docs/multiplicative.md, "Measured Zygmund seminorms".

    >>> found = measured(ExpressionTarget("x0*(1-x0)", 1), Spline(1, 1, np.array([0, 0]), 1), 1)
    >>> found.seminorm.lo <= 1 <= found.seminorm.hi, found.x, found.y, found.reached
    (True, (1/2,), (1/2,), True)
    """
    order, near = _checked(spline, rational(s, "s")), rational(tolerance, "tolerance")
    if near <= 0:
        raise ConstructError("tolerance", tolerance, "a rational > 0")
    pairs = spline.mesh**spline.dim * (spline.mesh**spline.dim + 1) // 2
    if budget < pairs:
        raise ConstructError("budget", budget, f"at least {pairs}: the pairs of the spline's cells")
    x, y, low = zygmund.witness(target, spline, order)
    search = _Search(target, spline, order, float(1 + near * fmpq(1023, 1024)), x, y, low)
    high, seen = search.run(budget)
    upper = max(from_float(high), search.low)
    return MeasuredSeminorm(
        rounded(Enclosure(search.low, upper)), search.x, search.y, upper <= (1 + near) * search.low, seen
    )


def _checked(spline: Spline, s: fmpq) -> fmpq:
    if spline.dim not in MOST_BOXES:
        raise ConstructError("spline", f"one of {spline.dim} variables", "1 or 2 variables")
    if spline.start or spline.cells != spline.mesh:
        raise ConstructError("spline", f"one on cells from {spline.start}", "the cells of the cube")
    most = 1 if spline.degree == 1 else 2
    if not 0 < s <= most:
        raise ConstructError("s", s, f"0 < s <= {most} for splines of degree {spline.degree}")
    return s


def _depth(spline: Spline) -> int:
    """How often cells are halved; at least once."""
    fits = [k for k in range(1, DEEPEST + 1) if (spline.mesh << k) ** spline.dim <= MOST_BOXES[spline.dim]]
    return max([1, *fits])


@dataclass
class _Search:
    """What is known on the way: the best witness."""

    target: ExpressionTarget
    spline: Spline
    s: fmpq
    factor: float
    x: tuple[fmpq, ...]
    y: tuple[fmpq, ...]
    low: fmpq

    def run(self, budget: int) -> tuple[float, int]:
        """An upper bound of the seminorm, and the pairs looked at."""
        d = self.spline.dim
        cells = np.array(list(product(range(self.spline.mesh), repeat=d)))
        a, b = np.triu_indices(len(cells))
        pairs = _Open(cells[a], cells[b], np.full(len(a), inf))
        closed, seen, pyramid, depth = 0.0, 0, list[Level](), _depth(self.spline)
        for k in range(depth):
            if k == len(pyramid):
                pyramid = levels(self.target, self.spline, min(k + STEP, depth), self.s > 1)
            level = pyramid[k]
            seen += len(pairs.upper)
            pairs = self._bounded(level, pairs)
            limit = float(self.low) * self.factor
            done = pairs.upper <= limit
            closed = max(closed, float(pairs.upper[done].max(initial=0.0)))
            pairs = pairs.only(~done)
            room = (budget - seen) >> 2 * d
            if k == depth - 1 or not len(pairs.upper) or not room:
                break
            if len(pairs.upper) > room:
                order = np.argsort(-pairs.upper)
                closed = max(closed, float(pairs.upper[order[room]]))
                pairs = pairs.only(order[:room])
            pairs = _halved(pairs)
        return max(closed, float(pairs.upper.max(initial=0.0))), seen

    def _bounded(self, level: Level, pairs: _Open) -> _Open:
        """With the bounds of this level, where they are lower; the witness is improved."""
        upper, middle = pairs.upper.copy(), np.empty(len(pairs.upper))
        for start in range(0, len(upper), CHUNK):
            part = slice(start, start + CHUNK)
            found = bounds(level, pairs.first[part], pairs.last[part], self.s)
            upper[part] = np.minimum(upper[part], found.upper)
            middle[part] = found.middle
        top = np.argsort(-middle)[:STARTS]
        self._improve(level.grid, pairs.first[top], pairs.last[top])
        return _Open(pairs.first, pairs.last, upper)

    def _improve(self, grid: int, first: np.ndarray, last: np.ndarray) -> None:
        apart = (last != first).any(axis=1)
        x, y = (first + last + 1)[apart], (last - first)[apart]
        if not len(x):
            return
        point, shift = zygmund.climbed(self.target, self.spline, self.s, x, y, 2 * grid)
        low = zygmund.quotient(self.target, self.spline, point, shift, self.s)
        if low > self.low:
            self.x, self.y, self.low = point, shift, low


def _halved(pairs: _Open) -> _Open:
    """All pairs of halves, each once: of (A, B) and (B, A) the first."""
    d = pairs.first.shape[1]
    corners = np.array(list(product((0, 1), repeat=2 * d)))
    first = (2 * pairs.first[:, None] + corners[:, :d]).reshape(-1, d)
    last = (2 * pairs.last[:, None] + corners[:, d:]).reshape(-1, d)
    upper = np.repeat(pairs.upper, len(corners))
    lead = np.zeros(len(upper), dtype=first.dtype)
    for axis in range(d):
        lead = np.where(lead == 0, np.sign(last[:, axis] - first[:, axis]), lead)
    return _Open(first, last, upper).only((lead >= 0) | ~np.repeat(_same(pairs), len(corners)))


def _same(pairs: _Open) -> np.ndarray:
    return (pairs.first == pairs.last).all(axis=1)
