"""Upper bounds of |e(b) - 2 e((a+b)/2) + e(a)| / |y|^s, y = (b-a)/2, over pairs of boxes A and B of one grid.

With a and b for coordinates every pair of points of the cube counts, and (a+b)/2 is in the cube by itself.
Formulas: docs/multiplicative.md, "Measured Zygmund seminorms".
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from flint import fmpq

from verify.enclosure import ZERO, Interval, power, thin
from verify.hessians import Ends
from verify.splines.error_pyramid import Level

NEAR = 3  # boxes whose numbers differ by no more are bounded by derivatives over all of their hull


@dataclass(frozen=True, eq=False)
class Bounds:
    """For every pair an upper bound, and a float that is about the quotient at the midpoints (0 for A = B)."""

    upper: np.ndarray
    middle: np.ndarray


def bounds(level: Level, first: np.ndarray, last: np.ndarray, s: fmpq) -> Bounds:
    """The bounds for the pairs of the boxes number first[n] and last[n], arrays of shape (pairs, d).

    Requires: 0 < s <= 1, or 0 < s <= 2 and a level with second derivatives.
    Guarantees: upper[n] is at least the quotient at all a in A, b in B, a != b.
    """
    apart = last - first
    upper, middle = np.full(len(first), np.inf), np.zeros(len(first))
    near = (np.abs(apart) <= NEAR).all(axis=1)
    if near.any():
        upper[near] = _by_derivatives(level, first[near], last[near], s)
    clear = (np.abs(apart) > 1).any(axis=1)
    if clear.any():
        by_mean_values = _Pairs(level, first[clear], last[clear], s)
        upper[clear] = np.minimum(upper[clear], by_mean_values.upper())
    different = apart.any(axis=1)
    middle[different] = _at_midpoints(level, first[different], last[different], s)
    return Bounds(upper, middle)


def _by_derivatives(level: Level, first: np.ndarray, last: np.ndarray, s: fmpq) -> np.ndarray:
    """|y|^(1-s) times how much the gradient differs in the hull of A and B, or |y|^(2-s) times the norm of D^2 e."""
    start, apart = np.minimum(first, last), np.abs(last - first)
    longest = ((apart + 1) ** 2).sum(axis=1)
    if s > 1:
        sizes = {pair: _over_hull(ends, start, apart) for pair, ends in level.second.items()}
        norm, order = _spectral(sizes), fmpq(2)
    else:
        widths = [_over_hull(ends, start, apart) for ends in level.slopes]
        squares = [power(Interval(w.hi) - Interval(w.lo), fmpq(2)) for w in widths]
        norm, order = power(sum(squares, ZERO), fmpq(1, 2)), fmpq(1)
    return np.asarray((norm * _lengths(longest, level.grid, order - s)).hi)


def _spectral(h: dict[tuple[int, int], Interval]) -> Interval:
    """At least the largest size of an eigenvalue of a symmetric matrix with these entries, d = 1 or 2."""
    if len(h) == 1:
        return abs(h[0, 0])
    mean, half = (h[0, 0] + h[1, 1]) * 0.5, (h[0, 0] - h[1, 1]) * 0.5
    return abs(mean) + power(power(half, fmpq(2)) + power(h[0, 1], fmpq(2)), fmpq(1, 2))


def _over_hull(ends: Ends, start: np.ndarray, apart: np.ndarray) -> Interval:
    """The hull over the boxes number start, ..., start + apart."""
    low, high = np.full(len(start), np.inf), np.full(len(start), -np.inf)
    for offset in product(range(NEAR + 1), repeat=start.shape[1]):
        at = tuple((start + np.minimum(apart, offset)).T)
        low, high = np.minimum(low, ends[0][at]), np.maximum(high, ends[1][at])
    return Interval(low, high)


class _Pairs:
    """Pairs with |y| > 0 throughout: the mean value theorem for the quotient, and for the second difference alone."""

    def __init__(self, level: Level, first: np.ndarray, last: np.ndarray, s: fmpq) -> None:
        apart = last - first
        self.half = Interval(1.0) / float(2 * level.grid)  # of a side of a box
        self.s, self.grid = s, level.grid
        self.shift = [Interval(k - 1.0, k + 1.0) * self.half for k in apart.T.astype(float)]
        size = np.abs(apart)
        self.squares = tuple((np.maximum(size + sign, 0) ** 2).sum(axis=1) for sign in (1, -1))
        self.inverse = self._lengths(-s)
        self.centre = _second_difference(level, first, last)
        self.centred = _lengths((size**2).sum(axis=1), level.grid, -s)
        middle = [_at(ends, first + last) for ends in level.between]
        self.turns = [
            tuple(_at(ends, box) - m for box in (first, last))
            for ends, m in zip(level.slopes, middle, strict=True)
        ]  # the derivatives of the second difference by a_i and b_i

    def _lengths(self, r: fmpq) -> Interval:
        """|y|^r, r < 0."""
        least, most = (_lengths(k, self.grid, r) for k in self.squares)
        return Interval(least.lo, most.hi)

    def upper(self) -> np.ndarray:
        """The better one of the two."""
        spread = sum((abs(t) for pair in self.turns for t in pair), ZERO) * self.half
        difference = self.centre + Interval(-np.asarray(spread.hi), np.asarray(spread.hi))
        plain = abs(difference) * self.inverse
        fall = difference * self._lengths(-self.s - 2) * thin(self.s / 2)
        steep = ZERO
        for y, (by_a, by_b) in zip(self.shift, self.turns, strict=True):
            steep = steep + abs(by_a * self.inverse + fall * y) + abs(by_b * self.inverse - fall * y)
        return np.minimum(plain.hi, (abs(self.centre) * self.centred + steep * self.half).hi)


def _at_midpoints(level: Level, first: np.ndarray, last: np.ndarray, s: fmpq) -> np.ndarray:
    values = np.asarray(abs(_second_difference(level, first, last)).lo)
    length = np.sqrt(((last - first) ** 2).sum(axis=1)) / (2 * level.grid)
    return values / length ** (int(s.p) / int(s.q))


def _second_difference(level: Level, first: np.ndarray, last: np.ndarray) -> Interval:
    """At the midpoints of A and B."""
    a, b, x = (_at(level.nodes, place) for place in (2 * first + 1, 2 * last + 1, first + last + 1))
    return a + b - x * 2.0


def _at(ends: Ends, place: np.ndarray) -> Interval:
    at = tuple(place.T)
    return Interval(ends[0][at], ends[1][at])


def _lengths(squares: np.ndarray, grid: int, r: fmpq) -> Interval:
    """|y|^r for |y|^2 = squares / (2 grid)^2; there are few different squares."""
    if r == 0:
        return Interval(1.0)
    used, codes = np.unique(squares, return_inverse=True)
    values = power(Interval(used.astype(float)) / float(2 * grid) ** 2, r / 2)
    return Interval(np.asarray(values.lo)[codes], np.asarray(values.hi)[codes])
