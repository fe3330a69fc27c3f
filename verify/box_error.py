"""The L^p distance of an expression to a table, summed over boxes: bounds of second order, outward rounded.

Boxes on which the gradient has no bound are halved where that matters. Source: verify/CERTIFICATE.md, 7.4, 7.4.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import frexp, inf, isfinite, isnan
from typing import NamedTuple

import numpy as np
from flint import fmpq

from constructs.rationals import Rationals
from constructs.targets.expression import ExpressionTarget
from verify.affine_means import mean_power
from verify.box_models import CHUNK, ULP, Model, at_place, single
from verify.boxes import Place, blocks
from verify.float_powers import ROUND, TINY, raised
from verify.powers import ZERO, power
from verify.rounding import sum_down, sum_up
from verify.table_ends import float_ends
from verify.threads import in_order

MOST_HALVINGS = 24
MOST_PARTS = 1 << 20  # of halved boxes, in all
WORTH = 2.0**-8  # boxes are halved as long as they leave more than this part of the error open
SAMPLE = 1 << 10
MOST_SLACK = 40
SAFE_EXPONENT, LEAST_EXPONENT, MOST_EXPONENT = 100, -1000, 900
RHO_LOST = 2.0**-1060  # more than underflow loses in rho, before the unit
LOST = 2.0**-500  # more than underflow loses in a sum of upper ends, in units^p
LEAST, LEAST_WHOLE = 2.0**-240, 2.0**-480  # lower ends below count as 0, for fractions p and whole ones
SUMMED = 1 + 2.0**-34  # a sum of up to 2^18 floats >= 0, in any order
TOO_LARGE = 2.0**900
ONE = fmpq(1)

Ends = tuple[np.ndarray, np.ndarray]


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


@dataclass(frozen=True, eq=False)
class Table:
    """A table's values, of shape (n,)*d, each known up to the radius; as floats only where they are needed."""

    values: Rationals
    radius: fmpq = ZERO

    def at(self, corners: np.ndarray, grid: int) -> Ends:
        """Floats below and above on the cells in which boxes of side 1/grid lie, given by their corners, shape (n, d).

        Raises: NotEnclosed beyond the floats.
        """
        cells = tuple(k // (grid // self.values.shape[0]) for k in corners.T)
        return float_ends(self.values.rearranged(lambda numerators: numerators[cells]), self.radius)

    def on(self, place: Place, grid: int) -> Ends:
        """The same for a chunk of the boxes of a grid."""
        q = grid // self.values.shape[0]
        some = tuple(slice(s.start // q, (s.stop - 1) // q + 1) for s in place)
        ends = float_ends(self.values.rearranged(lambda numerators: numerators[some]), self.radius)
        cells = np.ix_(*(np.arange(s.start, s.stop) // q - s.start // q for s in place))
        return ends[0][cells], ends[1][cells]


class _Parts(NamedTuple):
    """On every box, in units: mig(M - c), sup|R - c|; bounds of the mean of |L|^p (p infinite: of sup|L|); rho."""

    least: np.ndarray
    most: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    rho: np.ndarray


def measured(target: ExpressionTarget, grid: int, table: Table, p: fmpq | None) -> Measured:
    """The error on a grid of boxes.

    Requires: the table finite, grid a multiple of its n; p >= 1, None for infinity.
    Returns: Measured, the sum over the boxes, its upper end infinite where floats overflow.
    Guarantees: the same for the same arguments, whatever the number of threads.
    Raises: DomainUndecided.

    >>> found = measured(ExpressionTarget("x0", 1), 4, Table(Rationals.of(["1/2"])), fmpq(2))
    >>> found.low <= 4 / 12 <= found.high, found.high / found.low < 1.0001
    (True, True)
    """
    unit, slack = _tuned(target, grid, table, p)
    total, left = _Total(p), _Open(p, target.dim)

    def found(boxes: Model, values: Ends) -> _Found:
        return _found(boxes, *_ends(_parts(boxes, values, p, unit), p, slack), p)

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


def _parts(boxes: Model, values: Ends, p: fmpq | None, unit: float) -> _Parts:
    low, high = values
    scale = 1 / unit
    value, h = boxes.value, boxes.h * scale
    fuzz = boxes.fuzz + float((high - low).max()) + 4 * ULP * float(np.abs(low).max() + np.abs(value).max())
    size = np.abs(value - low)
    near, far = np.maximum(size - fuzz, 0.0) * scale, (size + fuzz) * scale
    (range_low, range_high), (mean_low, mean_high) = boxes.range, boxes.mean
    b = [np.abs(g) * h for g in boxes.slopes]
    with np.errstate(over="ignore", invalid="ignore"):
        if p is None:
            reach = sum(b, np.zeros(1)) * 0.5
            lower, upper = (near + reach) / ROUND, (far + reach) * ROUND
        else:
            lower, upper = mean_power(p, (near, far), b)
        return _Parts(
            np.maximum(np.maximum(mean_low - low, low - mean_high) - fuzz, 0.0) * (scale / ROUND),
            (np.maximum(range_high - low, low - range_low) + fuzz) * (scale * ROUND),
            lower,
            upper,
            (boxes.rho + RHO_LOST) * (scale * ROUND) + TINY,
        )


def _ends(parts: _Parts, p: fmpq | None, slack: int) -> Ends:
    """Lower and upper ends of the mean of |f - c|^p over every box (p infinite: of the supremum), in units^p.

    Where floats overflow, the ends that follow from the range and the mean alone: NaNs do not count.
    """
    least, most, lower, upper, rho = parts
    with np.errstate(over="ignore", invalid="ignore"):
        if p is None:
            return np.fmax(least, lower - rho), most
        factor, weight = _factors(p, slack)
        rest = raised(rho * 2.0**slack, p)[1] * weight
        low = np.fmax(raised(least, p)[0], (lower - rest) / (factor * ROUND))
        return (
            np.where(low < (LEAST_WHOLE if p.q == 1 else LEAST), 0.0, low),
            np.fmin(raised(most, p)[1], (upper * factor + rest) * ROUND),
        )


def _factors(p: fmpq, slack: int) -> tuple[float, float]:
    """(1 - lambda)^(1-p) and lambda/(p + 1), rounded up: for the mean of |L|^p, and for (rho/lambda)^p, which neither
    overflows nor underflows where lambda^(1-p) and rho^p would.
    """
    share = fmpq(1, 2**slack)
    tops = [power(1 / (1 - share), p - 1).hi if p > 1 else ONE, share / (p + 1)]
    first, second = (int(x.p) / int(x.q) * ROUND for x in tops)
    return first, second


def _tuned(target: ExpressionTarget, grid: int, table: Table, p: fmpq | None) -> tuple[float, int]:
    """A unit that keeps powers within the floats, and the slack that is best on a sample of boxes."""
    d = target.dim
    if grid**d <= SAMPLE:
        corners = np.indices((grid,) * d).reshape(d, -1).T
    else:
        corners = np.random.default_rng(grid).integers(0, grid, (SAMPLE, d))
    boxes, values = single(target, grid, corners), table.at(corners, grid)
    largest = float(np.max(_parts(boxes, values, None, 1.0).most))
    unit = 1.0
    if p is not None and 0 < largest < inf:
        exponent = max(min(frexp(largest)[1], MOST_EXPONENT), LEAST_EXPONENT)
        unit = 2.0**exponent if abs(exponent) * p > SAFE_EXPONENT else 1.0
    if p is None or p == 1:
        return unit, 0
    parts = _parts(boxes, values, p, unit)

    def gap(slack: int) -> float:
        low, high = _ends(parts, p, slack)
        return float(np.sum(high)) - float(np.sum(low))

    best = min(range(1, MOST_SLACK + 1, 3), key=gap)
    best = min(range(max(best - 2, 1), best + 3), key=gap)
    return unit, best
