"""Enclosed L^p errors and moduli of expression targets, from enclosures of value, mean and gradient on a grid
of boxes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import inf, isfinite

import numpy as np
from flint import fmpq

from constructs import grids
from constructs.exact import from_float
from constructs.rationals import Rationals
from constructs.targets.expression import ExpressionTarget
from verify.candidates import promising
from verify.enclosure import BoxJets, down, jets, power_bounds, sum_down, sum_up, up
from verify.powers import MARGIN, ZERO, Enclosure, power, rounded
from verify.quantities import NotEnclosed, TooLarge, axis_shift, euclidean_sum, lattice_steps
from verify.table_ends import float_ends

MOST_BOXES = 1 << 22
MOST_REFINED = 1 << 20
FIRST_BOXES = 1 << 9


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
        """At least twice as many boxes per axis as cells, and some hundred in all; doubled for each
        refinement.
        """
        g, d = 2 * cells, self.target.dim
        while g**d < FIRST_BOXES:
            g *= 2
        g = cells if g**d > MOST_BOXES else g << refinement
        allowed = MOST_REFINED if refinement else MOST_BOXES
        if g**d > allowed:
            raise TooLarge("boxes", g**d, allowed)
        return g

    def error(self, values: Rationals, radius: fmpq, grid: int | None) -> Enclosure:
        """See `Quantities.error`."""
        g = self._need(grid)
        boxes = _jets(self.target, g)
        c_lo, c_hi = (grids.refine(end, g // values.shape[0]) for end in float_ends(values, radius))
        far = up(np.maximum(boxes.range_hi - c_lo, c_hi - boxes.range_lo))
        near = np.maximum(0.0, down(np.maximum(boxes.mean_lo - c_hi, c_lo - boxes.mean_hi)))
        if self.p is None:
            return Enclosure(_below(float(near.max())), _above(float(far.max())))
        _, upper = power_bounds(far, far, self.p)
        upper = np.minimum(upper, self._vertex_mean(boxes, c_lo, c_hi, g))
        lower, _ = power_bounds(near, near, self.p)
        boxes_in_all = g**self.target.dim
        return Enclosure(_below(sum_down(lower), boxes_in_all), _above(sum_up(upper), boxes_in_all))

    def _vertex_mean(self, boxes: BoxJets, c_lo: np.ndarray, c_hi: np.ndarray, g: int) -> np.ndarray:
        """2^-d sum over the box's vertices of (|v - c + sum +-g_i h/2| + sum r_i h/2)^p: a convex function's
        mean is at most that.
        """
        d = self.target.dim
        if self.p is None:
            raise ValueError("p infinite has no vertex mean")
        # an unbounded gradient makes the bound infinite, which the minimum with the other bound ignores
        bounded = np.isfinite(boxes.grad_sup).all(axis=0)
        mids = np.where(bounded, boxes.grad_mid, 0.0)
        h_up, h_down = up(0.5 / g), down(0.5 / g)
        rest = np.zeros_like(c_lo)
        for i in range(d):
            rest = up(rest + up(boxes.grad_rad[i] * h_up))
        total = np.zeros_like(c_lo)
        for signs in product((1.0, -1.0), repeat=d):
            lo, hi = down(boxes.value_lo - c_hi), up(boxes.value_hi - c_lo)
            for i, sign in enumerate(signs):
                a, b = sign * mids[i] * h_down, sign * mids[i] * h_up
                lo, hi = down(lo + down(np.minimum(a, b))), up(hi + up(np.maximum(a, b)))
            size = up(np.maximum(np.abs(lo), np.abs(hi)) + rest)
            size = np.where(bounded, size, inf)
            _, top = power_bounds(size, size, self.p)
            total = up(total + top)
        return up(total / 2.0**d)

    def shifted(self, shift: tuple[fmpq, ...], grid: int | None) -> fmpq:
        """See `Quantities.shifted`: by Jensen the mean of |f(. + s) - f|^p over a box is at least the power
        of the means' difference.
        """
        g = self._need(grid)
        boxes = _jets(self.target, g)
        steps = lattice_steps(shift, g)
        if any(abs(j) >= g for j in steps) or not any(steps):
            return ZERO
        here = tuple(slice(max(-j, 0), g - max(j, 0)) for j in steps)
        there = tuple(slice(max(j, 0), g - max(-j, 0)) for j in steps)
        lo, hi = boxes.mean_lo, boxes.mean_hi
        near = np.maximum(0.0, down(np.maximum(lo[there] - hi[here], lo[here] - hi[there])))
        if self.p is None:
            return _below(float(near.max()))
        lower, _ = power_bounds(near, near, self.p)
        return _below(sum_down(lower), g**self.target.dim)

    def shifts(self, t: fmpq, grid: int | None) -> list[tuple[fmpq, ...]]:
        """The most promising shifts by whole boxes."""
        g = self._need(grid)
        longest = min(int((t * g).floor()), g - 1)
        if not longest:
            return []
        boxes = _jets(self.target, g)
        # infinite ends become large ones: these means only order the candidates
        means = np.nan_to_num(boxes.mean_lo) / 2 + np.nan_to_num(boxes.mean_hi) / 2
        found = promising(means, longest, self.p)
        return [axis_shift(self.target.dim, axis, fmpq(steps, g)) for axis, steps in found]

    def modulus_above(self, t: fmpq, euclidean: bool, grid: int | None) -> fmpq | None:
        """From enclosed gradients, if they and the sums of their powers are bounded."""
        g = self._need(grid)
        sups = _jets(self.target, g).grad_sup
        if not np.isfinite(sups).all():
            return None
        parts = []
        for sup in sups:
            if self.p is None:
                parts.append(_above(float(sup.max())))
            else:
                total = sum_up(power_bounds(sup, sup, self.p)[1])
                if not isfinite(total):
                    return None
                parts.append(_above(total, g**self.target.dim))
        if euclidean and self.target.dim > 1:
            return euclidean_sum(parts, t, self.p)
        return max(parts) * (t if self.p is None else power(t, self.p).hi)

    def range(self, grid: int | None) -> Enclosure:
        """The hull of the boxes' ranges."""
        boxes = _jets(self.target, self._need(grid))
        lo, hi = float(boxes.range_lo.min()), float(boxes.range_hi.max())
        if not (isfinite(lo) and isfinite(hi)):
            raise NotEnclosed("the target's range overflows")
        lo, hi = from_float(lo), from_float(hi)
        margin = max(abs(lo), abs(hi)) * MARGIN
        return Enclosure(lo - margin, hi + margin)

    def lipschitz(self, grid: int | None) -> fmpq | None:
        """The largest gradient component, if bounded."""
        top = float(_jets(self.target, self._need(grid)).grad_sup.max())
        return _above(top) if isfinite(top) else None

    def _need(self, grid: int | None) -> int:
        return self.grid(1, 0) if grid is None else grid


@lru_cache(maxsize=3)
def _jets(target: ExpressionTarget, grid: int) -> BoxJets:
    return jets(target, grid)


def _below(x: float, boxes: int = 1) -> fmpq:
    """A rational below x / boxes by the margin, at least 0."""
    return rounded(Enclosure.exact(from_float(x) * (1 - MARGIN) / boxes)).lo if x > 0 else ZERO


def _above(x: float, boxes: int = 1) -> fmpq:
    """A rational above x / boxes by the margin.

    Raises: NotEnclosed for an infinite x.
    """
    if not isfinite(x):
        raise NotEnclosed("an upper bound overflows")
    return rounded(Enclosure.exact(from_float(x) * (1 + MARGIN) / boxes)).hi
