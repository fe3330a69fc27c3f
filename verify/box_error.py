"""The L^p distance of an expression to a table, summed over boxes: bounds of second order, outward rounded.

Boxes on which the gradient has no bound are halved where that matters. Source: verify/CERTIFICATE.md, 7.4, 7.4.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import inf, isfinite, isnan
from typing import NamedTuple

import numpy as np
from flint import fmpq

from constructs.targets.expression import ExpressionTarget
from verify.box_ends import Ends, Table, ends_of, parts_of, tuned
from verify.box_models import CHUNK, Model, at_place, single
from verify.boxes import Place, blocks
from verify.rounding import sum_down, sum_up
from verify.threads import in_order

MOST_HALVINGS = 24
MOST_PARTS = 1 << 20  # of halved boxes, in all
WORTH = 2.0**-8  # boxes are halved as long as they leave more than this part of the error open
LOST = 2.0**-500  # more than underflow loses in a sum of upper ends, in units^p
SUMMED = 1 + 2.0**-34  # a sum of up to 2^18 floats >= 0, in any order
TOO_LARGE = 2.0**900


@dataclass(frozen=True)
class Measured:
    """Bounds of unit^-p times the sum over the boxes of the means of |f - T|^p (p infinite: of the supremum); slack:
    lambda is 2^-slack.
    """

    low: float
    high: float
    unit: float
    slack: int
    halvings: int


def measured(target: ExpressionTarget, grid: int, table: Table, p: fmpq | None) -> Measured:
    """The error on a grid of boxes.

    Requires: the table finite, grid a multiple of its n; p >= 1, None for infinity.
    Returns: Measured, the sum over the boxes, its upper end infinite where floats overflow.
    Guarantees: the same for the same arguments, whatever the number of threads.
    Raises: DomainUndecided.

    >>> from constructs.rationals import Rationals
    >>> found = measured(ExpressionTarget("x0", 1), 4, Table(Rationals.of(["1/2"])), fmpq(2))
    >>> found.low <= 4 / 12 <= found.high, found.high / found.low < 1.0001
    (True, True)
    """
    unit, slack = tuned(target, grid, table, p)
    total, left = _Total(p), _Open(p, target.dim)

    def found(boxes: Model, values: Ends) -> _Found:
        return _found(boxes, *ends_of(parts_of(boxes, values, p, unit), p, slack), p)

    def on_grid(place: Place) -> _Found:
        result = found(at_place(target, grid, place), table.on(place, grid))
        return result.moved(np.array([s.start for s in place]))

    for result in in_order(on_grid, blocks(grid, target.dim, CHUNK), grid**target.dim):
        total.add(result, left.measure)
        left.hold(result, total)
    while left.worth_halving(total):
        corners = left.halved()
        finer = grid << left.halvings
        for start in range(0, len(corners), CHUNK):
            some = corners[start : start + CHUNK]
            result = found(single(target, finer, some), table.at(some, finer))
            total.add(result, left.measure)
            left.hold(result.among(some), total)
    left.close(total)
    low, high = total.ends
    return Measured(low, high, unit, slack, left.halvings)


class _Found(NamedTuple):
    """Of a chunk: sums (p infinite: maxima) of the ends of boxes with a bounded gradient, and every other box."""

    low: float
    high: float
    places: np.ndarray
    lows: np.ndarray
    highs: np.ndarray

    def moved(self, by: np.ndarray) -> _Found:
        return self._replace(places=self.places + by)

    def among(self, corners: np.ndarray) -> _Found:
        return self._replace(places=corners[self.places[:, 0]])


def _found(boxes: Model, low: np.ndarray, high: np.ndarray, p: fmpq | None) -> _Found:
    none = np.empty(0)
    places, lows, highs = np.empty((0, len(boxes.shape)), dtype=int), none, none
    if not boxes.bounded:
        where = np.broadcast_to(~np.isfinite(boxes.rho), boxes.shape)
        low, high = (np.array(np.broadcast_to(x, boxes.shape)) for x in (low, high))
        places, lows, highs = np.argwhere(where), low[where], high[where]
        low[where] = high[where] = 0.0
    return _Found(*_joined(low, high, p), places, lows, highs)


def _joined(low: np.ndarray, high: np.ndarray, p: fmpq | None) -> tuple[float, float]:
    """Their sums, or maxima, rounded outward; NaNs and overflow make an upper end infinite."""
    with np.errstate(over="ignore", invalid="ignore"):
        join = np.max if p is None else np.sum
        least, most = float(join(low, initial=0.0)), float(join(high, initial=0.0))
        if not isfinite(least):
            least = float(join(np.where(low < TOO_LARGE, low, 0.0), initial=0.0))
    rounding = 1.0 if p is None else SUMMED
    return least / rounding, inf if isnan(most) else most * rounding


class _Total:
    """Sums of lower and upper ends times measures, or maxima."""

    def __init__(self, p: fmpq | None) -> None:
        self.p, self.lows, self.highs = p, [0.0], [0.0]

    def add(self, found: _Found, measure: float) -> None:
        weight = 1.0 if self.p is None else measure
        self.lows.append(found.low * weight)
        self.highs.append(found.high * weight)

    @property
    def ends(self) -> tuple[float, float]:
        if self.p is None:
            return max(self.lows), max(self.highs)
        return max(sum_down(np.array(self.lows)), 0.0), sum_up(np.array(self.highs)) + LOST


class _Open:
    """The boxes (after some halvings) on which the gradient has no bound; none are held once there are too many."""

    def __init__(self, p: fmpq | None, dim: int) -> None:
        self.p, self.dim, self.halvings = p, dim, 0
        self.corners, self.lows, self.highs = list[np.ndarray](), list[np.ndarray](), list[np.ndarray]()
        self.parts, self.too_many = 0, False

    @property
    def measure(self) -> float:
        """Of a box, in boxes of the grid."""
        return 2.0 ** -(self.halvings * self.dim)

    def hold(self, found: _Found, total: _Total) -> None:
        """Keeps the boxes, or adds them to the total if they are too many."""
        self.parts += len(found.places) << self.dim
        self.too_many = self.too_many or self.parts > MOST_PARTS
        if len(found.places) and self.too_many and not self.halvings:
            total.add(self._sums(found.lows, found.highs), self.measure)
        elif len(found.places):
            self.corners.append(found.places)
            self.lows.append(found.lows)
            self.highs.append(found.highs)

    def _sums(self, low: np.ndarray, high: np.ndarray) -> _Found:
        return _Found(*_joined(low, high, self.p), np.empty(0), low, high)

    def worth_halving(self, total: _Total) -> bool:
        """Whether they leave enough of the error open, and are few enough."""
        if not self.corners or self.too_many or self.halvings == MOST_HALVINGS:
            return False
        seen = _Total(self.p)
        seen.add(self._sums(np.concatenate(self.lows), np.concatenate(self.highs)), self.measure)
        (known, known_high), (least, most) = total.ends, seen.ends
        if self.p is None:
            return most > max(known, least) * (1 + WORTH) and most > known_high * (1 - WORTH)
        return most - least > WORTH * (known + least)

    def halved(self) -> np.ndarray:
        """Their halves' corners, in units of the halves' side; they themselves are forgotten."""
        corners = np.concatenate(self.corners)
        shifts = np.array(list(product((0, 1), repeat=self.dim)))
        self.corners, self.lows, self.highs = [], [], []
        self.halvings += 1
        return (2 * corners[:, None] + shifts).reshape(-1, self.dim)

    def close(self, total: _Total) -> None:
        """What is left counts as it is."""
        for low, high in zip(self.lows, self.highs, strict=True):
            total.add(self._sums(low, high), self.measure)
