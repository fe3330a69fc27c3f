"""A table's values on boxes, and the ends of the mean of |f - c|^p on each of them: second order, outward rounded.

Source: verify/CERTIFICATE.md, 7.4, 7.4.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import frexp, inf
from typing import NamedTuple

import numpy as np
from flint import fmpq

from constructs.rationals import Rationals
from constructs.targets.expression import ExpressionTarget
from verify.affine_means import mean_power
from verify.box_models import ULP, Model, single
from verify.boxes import Place
from verify.float_powers import ROUND, TINY, raised
from verify.powers import ZERO, power
from verify.table_ends import float_ends

SAMPLE = 1 << 10
MOST_SLACK = 40
SAFE_EXPONENT, LEAST_EXPONENT, MOST_EXPONENT = 100, -1000, 900
RHO_LOST = 2.0**-1060  # more than underflow loses in rho, before the unit
LEAST, LEAST_WHOLE = 2.0**-240, 2.0**-480  # lower ends below count as 0, for fractions p and whole ones
ONE = fmpq(1)

Ends = tuple[np.ndarray, np.ndarray]


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


class Parts(NamedTuple):
    """On every box, in units: mig(M - c), sup|R - c|; bounds of the mean of |L|^p (p infinite: of sup|L|); rho."""

    least: np.ndarray
    most: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    rho: np.ndarray


def parts_of(boxes: Model, values: Ends, p: fmpq | None, unit: float) -> Parts:
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
        return Parts(
            np.maximum(np.maximum(mean_low - low, low - mean_high) - fuzz, 0.0) * (scale / ROUND),
            (np.maximum(range_high - low, low - range_low) + fuzz) * (scale * ROUND),
            lower,
            upper,
            (boxes.rho + RHO_LOST) * (scale * ROUND) + TINY,
        )


def ends_of(parts: Parts, p: fmpq | None, slack: int) -> Ends:
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


def tuned(target: ExpressionTarget, grid: int, table: Table, p: fmpq | None) -> tuple[float, int]:
    """A unit that keeps powers within the floats, and the slack that is best on a sample of boxes."""
    d = target.dim
    if grid**d <= SAMPLE:
        corners = np.indices((grid,) * d).reshape(d, -1).T
    else:
        corners = np.random.default_rng(grid).integers(0, grid, (SAMPLE, d))
    boxes, values = single(target, grid, corners), table.at(corners, grid)
    largest = float(np.max(parts_of(boxes, values, None, 1.0).most))
    unit = 1.0
    if p is not None and 0 < largest < inf:
        exponent = max(min(frexp(largest)[1], MOST_EXPONENT), LEAST_EXPONENT)
        unit = 2.0**exponent if abs(exponent) * p > SAFE_EXPONENT else 1.0
    if p is None or p == 1:
        return unit, 0
    parts = parts_of(boxes, values, p, unit)

    def gap(slack: int) -> float:
        low, high = ends_of(parts, p, slack)
        return float(np.sum(high)) - float(np.sum(low))

    best = min(range(1, MOST_SLACK + 1, 3), key=gap)
    best = min(range(max(best - 2, 1), best + 3), key=gap)
    return unit, best
