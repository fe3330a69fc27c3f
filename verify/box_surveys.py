"""An expression over all boxes of a grid at once: its means, for moduli, and the hull of its range and slopes.

Means of up to 2^20 boxes are kept, since several shifts are tried on one grid; beyond, chunks are made anew, so that
memory does not grow.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import inf, prod

import numpy as np
from flint import fmpq

from constructs.targets.expression import ExpressionTarget
from constructs.targets.float_values import float_values
from verify.box_models import CHUNK, at_place, models
from verify.boxes import Place, blocks
from verify.float_powers import raised
from verify.rounding import sum_down, sum_up
from verify.threads import in_order

MOST_KEPT = 1 << 20
MOST_SAMPLED = 1 << 16
SUMMED = 1 + 2.0**-27  # a sum of up to 2^25 floats >= 0, in any order: a chunk may be a whole axis
Ends = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Survey:
    """f in [low, high]; steepest: the largest of sup|G_i|; sums: of sup|G_i|^p over the boxes, for every i (p infinite:
    the maxima); infinite where there is no bound.
    """

    low: float
    high: float
    steepest: float
    sums: tuple[float, ...]


@lru_cache(maxsize=64)
def survey(target: ExpressionTarget, grid: int, p: fmpq | None) -> Survey:
    """One pass over the grid.

    Raises: DomainUndecided.

    >>> survey(ExpressionTarget("x0*x0", 1), 2, fmpq(1))
    Survey(low=0.0, high=1.0, steepest=2.0, sums=(3.0...,))
    """
    low, high, steepest = inf, -inf, 0.0
    sums: list[list[float]] = [[] for _ in range(target.dim)]
    for _, boxes in models(target, grid):
        lower, upper = boxes.range
        low, high = float(np.minimum(low, lower.min())), float(np.maximum(high, upper.max()))  # NaNs count
        for total, sup in zip(sums, boxes.sups, strict=True):
            steepest = max(steepest, float(sup.max()))
            count = prod(boxes.shape) // sup.size
            tops = sup if p is None else raised(sup, p)[1]
            with np.errstate(over="ignore"):
                total.append(float(tops.max()) if p is None else float(tops.sum()) * count * SUMMED)
    joined = (max(parts) if p is None else sum_up(np.array(parts)) for parts in sums)
    return Survey(low, high, steepest, tuple(joined))


def changed(target: ExpressionTarget, grid: int, steps: list[int], p: fmpq | None) -> float:
    """At most the sum (p infinite: the maximum) of mig(M_(Q+s) - M_Q)^p over the boxes Q for which Q + s lies in the
    grid; 0 where the grid is too large for shifts that are not along an axis.

    Requires: steps, integers, not all 0, each of size < grid.
    Raises: DomainUndecided.
    """

    def joined(lo: np.ndarray, hi: np.ndarray) -> float:
        gap = _change(lo, hi, steps)
        with np.errstate(over="ignore"):
            return float(np.max(gap, initial=0.0)) if p is None else float(raised(gap, p)[0].sum()) / SUMMED

    def on_chunk(place: Place) -> float:
        boxes = at_place(target, grid, place)
        lo, hi = (np.broadcast_to(x, boxes.shape) for x in boxes.mean)
        return joined(lo, hi)

    axes = [i for i, s in enumerate(steps) if s]
    if grid**target.dim <= MOST_KEPT:
        parts = [joined(*kept_means(target, grid))]
    elif len(axes) == 1:
        chunks = blocks(grid, target.dim, CHUNK, axes[0])
        parts = list(in_order(on_chunk, chunks, grid**target.dim))
    else:
        parts = [0.0]
    return max(parts) if p is None else sum_down(np.array(parts))


def _change(lo: np.ndarray, hi: np.ndarray, steps: list[int]) -> np.ndarray:
    here = tuple(slice(max(-j, 0), n - max(j, 0)) for j, n in zip(steps, lo.shape, strict=True))
    there = tuple(slice(max(j, 0), n - max(-j, 0)) for j, n in zip(steps, lo.shape, strict=True))
    gap = np.maximum(lo[there] - hi[here], lo[here] - hi[there])
    return np.maximum(gap * (1 - 2.0**-50), 0.0)


@lru_cache(maxsize=3)
def kept_means(target: ExpressionTarget, grid: int) -> Ends:
    """M of all boxes, lower and upper ends.

    Raises: DomainUndecided.
    """
    lo, hi = (np.empty((grid,) * target.dim) for _ in range(2))
    for place, boxes in models(target, grid):
        lo[place], hi[place] = boxes.mean
    return lo, hi


def lines(target: ExpressionTarget, grid: int, axis: int) -> np.ndarray:
    """f in floats at midpoints of boxes, on some lines along an axis, which is the first of the array.

    Method: as many lines, evenly spread, as make 2^16 values.
    """
    d = target.dim
    others = max(1, round((MOST_SAMPLED / grid) ** (1 / (d - 1)))) if d > 1 else 1
    count = min(others, grid)
    spread = (np.arange(count) * grid // count + 0.5) / grid
    whole = (np.arange(grid) + 0.5) / grid
    coordinates = np.ix_(*(whole if i == axis else spread for i in range(d)))
    shape = tuple(grid if i == axis else count for i in range(d))
    values = np.broadcast_to(float_values(target.nodes, coordinates), shape)
    return np.nan_to_num(np.moveaxis(values, axis, 0).reshape(grid, -1))
