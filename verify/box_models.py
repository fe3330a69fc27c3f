"""An expression on the boxes of a grid: affine up to a remainder, with its range and its mean, all enclosed.

In floats with bounds of their rounding. The numbers are those of verify/CERTIFICATE.md, 7.4: on a box of side h with
midpoint m, |f(x) - v - sum g_i (x_i - m_i)| <= rho, f in [range_lo, range_hi], its mean in [mean_lo, mean_hi].
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import inf

import numpy as np

from constructs.targets.expression import ExpressionTarget
from verify.boxes import Place, blocks, coordinates
from verify.enclosure import ZERO, Interval, evaluate
from verify.float_powers import ROUND, TINY

CHUNK = 1 << 16  # boxes at once: their arrays stay in cache, and Python costs little
ULP = 2.0**-52


def above(x: np.ndarray | float) -> np.ndarray:
    """More than the exact result of the float operation that gave x; x is not -inf."""
    return x + (np.abs(x) * ULP + TINY)


def below(x: np.ndarray | float) -> np.ndarray:
    """Less than the exact result of the float operation that gave x; x is not +inf."""
    return x - (np.abs(x) * ULP + TINY)


@dataclass(frozen=True, eq=False)
class Model:
    """The boxes of a chunk; arrays broadcast to its shape, of length 1 along axes on which they do not depend.

    h: the side. value: v, up to `fuzz` on every box. slopes: the g_i. sups: sup |G_i|; where one is infinite (the
    gradient has no bound, or the value at the midpoint overflows) the slopes are 0 and rho is infinite.
    """

    shape: tuple[int, ...]
    h: float
    V: Interval
    value: np.ndarray
    fuzz: float
    slopes: tuple[np.ndarray, ...]
    sups: tuple[np.ndarray, ...]
    rho: np.ndarray
    mean_rest: np.ndarray

    @cached_property
    def bounded(self) -> bool:
        """Whether the gradient is bounded on every box."""
        return bool(np.isfinite(self.rho).all())

    @cached_property
    def range(self) -> tuple[np.ndarray, np.ndarray]:
        """R: V, narrowed by the value at the midpoint and the gradient."""
        with np.errstate(over="ignore"):
            spread = sum(self.sups, np.zeros(1)) * (0.5 * self.h) * ROUND + self.fuzz
        return self._around(np.asarray(self.V.lo), np.asarray(self.V.hi), spread)

    @cached_property
    def mean(self) -> tuple[np.ndarray, np.ndarray]:
        """M: R, narrowed by half the remainder."""
        return self._around(*self.range, self.mean_rest + self.fuzz)

    def _around(self, lo: np.ndarray, hi: np.ndarray, spread: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return np.maximum(lo, below(self.value - spread)), np.minimum(hi, above(self.value + spread))


def models(target: ExpressionTarget, grid: int) -> Iterator[tuple[Place, Model]]:
    """The models of all grid**d boxes, chunk by chunk, in C order.

    Raises: DomainUndecided.

    >>> [(place, found)] = models(ExpressionTarget("x0*x0", 1), 2)
    >>> found.range[1], found.slopes[0], found.rho
    (array([0.25, 1.  ]), array([0.5, 1.5]), array([0.125, 0.125]))
    """
    for place in blocks(grid, target.dim, CHUNK):
        yield place, at_place(target, grid, place)


def at_place(target: ExpressionTarget, grid: int, place: Place) -> Model:
    """The models of one chunk."""
    over, at = coordinates(grid, place)
    return model(target, over, at, tuple(s.stop - s.start for s in place), 1.0 / grid)


def single(target: ExpressionTarget, grid: int, corners: np.ndarray) -> Model:
    """The models of single boxes of side 1/grid, given by their lower corners in units of the side, shape (n, d)."""
    steps = [Interval(corners[:, i].astype(float)) for i in range(target.dim)]
    over = [Interval(k.lo, k.lo + 1.0) / float(grid) for k in steps]
    at = [(k * 2.0 + 1.0) / (2.0 * grid) for k in steps]
    return model(target, over, at, (len(corners),), 1.0 / grid)


def model(
    target: ExpressionTarget, over: list[Interval], at: list[Interval], shape: tuple[int, ...], h: float
) -> Model:
    """The model for coordinates over boxes of side h (to a relative 2^-53) and at their midpoints."""
    with np.errstate(over="ignore", invalid="ignore"):
        return _model(target, over, at, shape, h)


def _model(
    target: ExpressionTarget, over: list[Interval], at: list[Interval], shape: tuple[int, ...], h: float
) -> Model:
    flat = (1,) * len(shape)
    V, G = evaluate(target.nodes, over, True)
    v, _ = evaluate(target.nodes, at, False)
    parts = [_centred(G.get(i, ZERO), flat) for i in range(target.dim)]
    rest = np.zeros(flat)
    for _, rad, _ in parts:
        rest = rest + rad
    lo, hi = (np.reshape(x, np.shape(x) or flat) for x in (v.lo, v.hi))
    overflowing = ~(np.isfinite(lo) & np.isfinite(hi))
    if overflowing.any():
        lo, hi, rest = (
            np.where(overflowing, 0.0, lo),
            np.where(overflowing, 0.0, hi),
            np.where(overflowing, inf, rest),
        )
    unbounded = ~np.isfinite(rest)
    slopes, sups = tuple(mid for mid, _, _ in parts), tuple(sup for _, _, sup in parts)
    if unbounded.any():
        rest = np.where(unbounded, inf, rest)
        slopes = tuple(np.where(unbounded, 0.0, g) for g in slopes)
        sups = (np.where(overflowing, inf, sups[0]), *sups[1:]) if overflowing.any() else sups
    return Model(
        shape=shape,
        h=h,
        V=Interval(*(np.reshape(x, np.shape(x) or flat) for x in (V.lo, V.hi))),
        value=lo,
        fuzz=float(np.max(hi - lo)) * ROUND,
        slopes=slopes,
        sups=sups,
        rho=rest * (0.5 * h * ROUND),
        mean_rest=rest * (0.25 * h * ROUND),
    )


def _centred(G: Interval, flat: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Middle, radius and largest size; where G is not bounded 0, infinity, infinity."""
    lo, hi = (np.reshape(x, np.shape(x) or flat) for x in (G.lo, G.hi))
    mid = 0.5 * lo + 0.5 * hi
    rad = np.maximum(hi - mid, mid - lo) * (1 + 2 * ULP)
    sup = np.maximum(-lo, hi)
    bad = ~np.isfinite(sup) | ~np.isfinite(lo) | ~np.isfinite(hi)
    if bad.any():
        mid, rad, sup = np.where(bad, 0.0, mid), np.where(bad, inf, rad), np.where(bad, inf, sup)
    return mid, rad, sup
