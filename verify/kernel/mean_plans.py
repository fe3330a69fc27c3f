"""How finely the kernel has to cut the cube so that sums over boxes show an error in L^p, and where a point shows one
for p = infinity: found with intervals like the kernel's, as a hint; the kernel decides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from flint import fmpq

from constructs.errors import ConstructError
from constructs.rationals import Rationals
from constructs.targets.expression import ExpressionTarget
from verify.boxes import coordinates
from verify.enclosure import DomainUndecided, evaluate
from verify.kernel.mean_targets import MeanTarget
from verify.table_ends import float_ends

MOST_BOXES = 1 << 18  # of one sum
MARGIN = 2.0**-20  # the kernel's intervals are a little wider
BITS = 24  # of the numerator of a modulus


@dataclass(frozen=True)
class MeanPlan:
    """One level: the mean of |f(x + shift) - f(x)|^p is at least `modulus`, on a grid of `fineness` boxes a side; that
    of |f - Phi|^p is at most C^p times that, on `pieces` boxes a cell and axis.
    """

    shift: tuple[fmpq, ...]
    modulus: fmpq
    fineness: int
    pieces: int


@dataclass(frozen=True)
class Wanted:
    """What a level states: ||f - table||_p <= constant * (the modulus that `shift` shows)."""

    table: Rationals
    shift: tuple[fmpq, ...]
    p: int
    constant: fmpq


def mean_plan(target: MeanTarget, wanted: Wanted) -> MeanPlan:
    """Grids for one level, coarse ones first; always that one is made finer whose sum gains more by it.

    Raises: ConstructError if more boxes are needed than are affordable.
    """
    cells, d = wanted.table.shape[0], target.dim
    factor = _float(wanted.constant) ** wanted.p * (1 - MARGIN)
    pieces, fineness = 1, 2 * cells
    above = [_error(target, wanted, pieces), _error(target, wanted, 2 * pieces)]
    below = [_modulus(target, wanted, fineness), _modulus(target, wanted, 2 * fineness)]
    while True:
        modulus = rounded_down(below[0])
        if above[0] <= factor * _float(modulus):
            return MeanPlan(whole(wanted.shift, fineness), modulus, fineness, pieces)
        finer = (2 * cells * pieces) ** d <= MOST_BOXES, (2 * fineness) ** d <= MOST_BOXES
        # whether the upper sum would fall more than the lower one would grow
        gains = below[0] > 0 and above[0] * below[0] >= above[1] * below[1]
        if finer[0] and (gains or not finer[1]):
            pieces *= 2
            above = [above[1], _error(target, wanted, 2 * pieces)]
        elif finer[1]:
            fineness *= 2
            below = [below[1], _modulus(target, wanted, 2 * fineness)]
        else:
            raise ConstructError(
                "target",
                target.shown,
                f"one whose error in L^{wanted.p} on {cells}^{d} cells is seen by plain enclosures on at most "
                f"{MOST_BOXES} boxes",
            )


def whole(shift: tuple[fmpq, ...], grid: int) -> tuple[fmpq, ...]:
    """The shift in whole boxes of a grid, rounded towards 0.

    >>> whole((fmpq(-5, 8), fmpq(1, 2)), 4)
    (-1/2, 1/2)
    """
    return tuple(fmpq((-1 if s < 0 else 1) * int((abs(s) * grid).floor()), grid) for s in shift)


def rounded_down(value: float) -> fmpq:
    """A rational number that is a little smaller, with a short numerator.

    >>> rounded_down(0.75)
    3145725/4194304
    """
    if value <= 0 or not np.isfinite(value):
        return fmpq(0)
    mantissa, exponent = np.frexp(value * (1 - MARGIN))
    return fmpq(int(mantissa * 2**BITS)) * fmpq(2) ** (int(exponent) - BITS)


def _float(value: fmpq) -> float:
    return int(value.p) / int(value.q)


def _error(target: MeanTarget, wanted: Wanted, pieces: int) -> float:
    """The sum over boxes of the largest |f - table|^p, by volume; infinite where it is not known or not affordable."""
    cells, d = wanted.table.shape[0], target.dim
    ends = target.closed_ends(cells * pieces) if (cells * pieces) ** d <= MOST_BOXES else None
    if ends is None:
        return np.inf
    lo, hi = float_ends(wanted.table, fmpq(0))
    cell = np.ix_(*(np.arange(cells * pieces) // pieces,) * d)
    return float(np.mean(np.maximum(ends[1] - lo[cell], hi[cell] - ends[0]) ** wanted.p))


def _modulus(target: MeanTarget, wanted: Wanted, grid: int) -> float:
    """The sum of the least |f(x + s) - f(x)|^p over the boxes that stay in the cube, by volume."""
    ends = target.closed_ends(grid) if grid**target.dim <= MOST_BOXES else None
    if ends is None:
        return 0.0
    steps = [int((s * grid).floor()) for s in whole(wanted.shift, grid)]
    here = tuple(slice(max(0, -j), grid - max(0, j)) for j in steps)
    there = tuple(slice(max(0, j), grid - max(0, -j)) for j in steps)
    least = np.maximum(ends[0][there] - ends[1][here], ends[0][here] - ends[1][there])
    return float(np.sum(np.maximum(least, 0.0) ** wanted.p)) / grid**target.dim


def witness_point(
    target: ExpressionTarget, shift: tuple[fmpq, ...], grid: int, least: fmpq
) -> tuple[fmpq, ...]:
    """The midpoint x of a box of a grid with |f(x + shift) - f(x)| >= least.

    Raises: ConstructError if there is none, or the shift is no whole number of boxes.
    """
    steps = [s * grid for s in shift]
    if any(j.q != 1 for j in steps) or grid**target.dim > 4 * MOST_BOXES:
        raise ConstructError("shift", shift, f"whole boxes of an affordable grid, not of {grid}^{target.dim}")
    try:
        values, _ = evaluate(target.nodes, coordinates(grid, (slice(0, grid),) * target.dim)[1], False)
    except DomainUndecided as error:
        raise ConstructError(
            "target", target.text, f"one that is seen to be defined at midpoints ({error})"
        ) from None
    lo, hi = (np.broadcast_to(np.asarray(end), (grid,) * target.dim) for end in (values.lo, values.hi))
    here = tuple(slice(max(0, -int(j.p)), grid - max(0, int(j.p))) for j in steps)
    there = tuple(slice(max(0, int(j.p)), grid - max(0, -int(j.p))) for j in steps)
    gaps = np.maximum(lo[there] - hi[here], lo[here] - hi[there])
    best = np.unravel_index(int(np.argmax(gaps)), gaps.shape)
    if not gaps[best] * (1 - MARGIN * 2.0**-20) >= _float(least):
        raise ConstructError(
            "modulus", f"{_float(least):.6g}", f"at most {gaps[best]:.6g}, that of a midpoint, for Coq"
        )
    return tuple(fmpq(2 * (int(b) + part.start) + 1, 2 * grid) for b, part in zip(best, here, strict=True))
