"""The suprema of f - Phi and of its derivatives, both sides, for an expression f and a tensor spline Phi.

Formulas: verify/CERTIFICATE.md, 12.5. Floats below are ends, each operation followed by a step outward.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations_with_replacement
from math import inf, isfinite

import numpy as np
from flint import fmpq

from constructs.exact import from_float
from constructs.integers import largest
from constructs.targets.expression import ExpressionTarget
from verify.box_jets import BoxJets, chunks
from verify.hessians import Curvature, Ends, Pair, Place, curvature
from verify.powers import MARGIN, ZERO, Enclosure, rounded
from verify.quantities import NotEnclosed
from verify.rounding import down, up
from verify.splines.tensor import Spline

CHUNK = 1 << 16
SLACK = fmpq(1, 2**46)  # beside a relative 2^-34: arithmetics differ, also where everything cancels
LEAST = fmpq(1, 2**600)  # of upper ends: a checker's roots of squares below 2^-2048 are that large (12.9)


@dataclass(frozen=True)
class Errors:
    """E = sup|f - Phi|, L_i = sup|d_i(f - Phi)|, and the essential suprema of the second derivatives.

    None where the gradient, or a second derivative, is not bounded; of degree 1 second derivatives are not looked at.
    """

    supremum: Enclosure
    slopes: tuple[Enclosure, ...] | None
    second: dict[Pair, Enclosure] | None


@dataclass(frozen=True, eq=False)
class Boxes:
    """On every box of a chunk: f - Phi at the midpoint, its derivatives over the box, and, where these are not bounded
    (`smooth` False), at most how large it is. second: the second derivatives, for splines of degree >= 2.
    """

    middle: Ends
    slopes: tuple[Ends, ...]
    smooth: np.ndarray
    plain: np.ndarray
    second: dict[Pair, Ends]


def boxes(target: ExpressionTarget, spline: Spline, grid: int) -> Iterator[Boxes]:
    """The boxes of side 1/grid on the spline's cells, chunk by chunk; f counts as 0 outside the cube.

    Requires: grid a multiple of the spline's mesh.
    Raises: DomainUndecided; NotEnclosed for coefficients beyond the floats.
    """
    fine = spline.refined(grid // spline.mesh)
    twice, axes = spline.degree > 1, range(target.dim)
    pairs = [(i, j) for i in axes for j in axes if i <= j] if twice else []
    phi = _Spline(
        floats_around(*fine.at_centres()),
        _hull(fine, ()),
        [floats_around(*fine.at_centres(i)) for i in axes] if twice else [],
        [_hull(fine, (i,)) for i in axes],
        {pair: _hull(fine, pair) for pair in pairs},
    )
    for place, part, curved in _jets(target, grid, twice):
        yield _against(
            part, curved, phi, tuple(slice(s.start - fine.start, s.stop - fine.start) for s in place), grid
        )
    outside = np.ones((fine.cells,) * target.dim, dtype=bool)
    outside[(slice(-fine.start, grid - fine.start),) * target.dim] = False
    if outside.any():
        second = {pair: _negative(c, outside) for pair, c in phi.second.items()}
        slopes = tuple(_negative(s, outside) for s in phi.slopes)
        if twice:
            slopes = _narrowed(slopes, [_negative(s, outside) for s in phi.gradient], second, grid)
        yield Boxes(_negative(phi.middle, outside), slopes, np.ones(1, dtype=bool), np.zeros(1), second)


@dataclass(frozen=True, eq=False)
class _Spline:
    """Phi on all boxes, as in `Boxes`; gradient: at the midpoints."""

    middle: Ends
    plain: Ends
    gradient: list[Ends]
    slopes: list[Ends]
    second: dict[Pair, Ends]


def _against(part: BoxJets, curved: Curvature | None, phi: _Spline, at: Place, grid: int) -> Boxes:
    """f less Phi on a chunk."""
    slopes = tuple(
        _minus((down(mid - rad), up(mid + rad)), s, at)
        for mid, rad, s in zip(part.grad_mid, part.grad_rad, phi.slopes, strict=True)
    )
    second: dict[Pair, Ends] = {}
    if curved is not None:
        second = {pair: _minus(ends, phi.second[pair], at) for pair, ends in curved.hessian.items()}
        gradient = [_minus(g, s, at) for g, s in zip(curved.gradient, phi.gradient, strict=True)]
        slopes = _narrowed(slopes, gradient, second, grid)
    low, high = _minus((part.range_lo, part.range_hi), phi.plain, at)
    return Boxes(
        _minus((part.value_lo, part.value_hi), phi.middle, at),
        slopes,
        np.asarray(np.isfinite(part.grad_sup).all(axis=0)),
        np.maximum(np.abs(low), np.abs(high)),
        second,
    )


def _narrowed(
    slopes: tuple[Ends, ...], gradient: list[Ends], second: dict[Pair, Ends], grid: int
) -> tuple[Ends, ...]:
    """The derivatives over a box, also from those at the midpoint and the second ones where none of these is infinite.

    Even where those along one axis were enough for its own: the checker looks at boxes where all are bounded only.
    """
    rough = sum((_most(ends) for ends in second.values()), np.zeros(1)) == inf
    out = []
    for i, ((lo, hi), (low, high)) in enumerate(zip(slopes, gradient, strict=True)):
        spread: np.ndarray | float = np.where(rough, inf, 0.0)
        for j in range(len(slopes)):
            spread = up(spread + up(_most(second[min(i, j), max(i, j)]) * up(0.5 / grid)))
        out.append((np.maximum(lo, down(low - spread)), np.minimum(hi, up(high + spread))))
    return tuple(out)


def _jets(
    target: ExpressionTarget, grid: int, twice: bool
) -> Iterator[tuple[Place, BoxJets, Curvature | None]]:
    first = chunks(target, grid, CHUNK)
    if not twice:
        yield from ((place, part, None) for place, part in first)
        return
    for (place, part), (_, curved) in zip(first, curvature(target, grid, CHUNK), strict=True):
        yield place, part, curved


def _minus(f: Ends, spline: Ends, at: Place) -> Ends:
    return down(f[0] - spline[1][at]), up(f[1] - spline[0][at])


def _negative(spline: Ends, where: np.ndarray) -> Ends:
    return -spline[1][where], -spline[0][where]


def slack(spline: Spline, order: int = 0) -> fmpq:
    """2^-46 of the scale of the coefficients, or of their differences of this order times the mesh to that power."""
    low, high, denominator = spline.hull()
    scale = max(largest(low), largest(high))
    if order:
        axes = combinations_with_replacement(range(spline.dim), order)
        scale = max(max(largest(ends) for ends in spline.hull(along)[:2]) for along in axes)
    return SLACK * fmpq(scale, denominator)


def errors(target: ExpressionTarget, spline: Spline, grid: int) -> Errors:
    """E, the L_i and, for splines of degree >= 2, second derivatives, on the spline's cells.

    Requires: grid, boxes per axis of the cube, a multiple of the spline's mesh.
    Guarantees: the ends are wider than ours by a relative 2^-34 and 2^-46 of the scale, since arithmetics differ.
    Raises: DomainUndecided; NotEnclosed where no upper end is known.
    """
    low, high, bounded = 0.0, 0.0, True
    slopes: dict[int, tuple[float, float]] = {}
    second: dict[Pair, tuple[float, float]] = {}
    for part in boxes(target, spline, grid):
        low = max(low, _least(part.middle))
        reach = _most(part.middle)
        spread: np.ndarray | float = 0.0
        for i, g in enumerate(part.slopes):
            spread = up(spread + _most(g))
            slopes[i] = _wider(slopes.get(i), g)
        for pair, ends in part.second.items():
            second[pair] = _wider(second.get(pair), ends)
        bounded = bounded and bool(part.smooth.all())
        reach = up(reach + up(spread * up(0.5 / grid)))
        high = max(high, float(np.where(part.smooth, reach, part.plain).max()))
    steep = [_stated(*slopes[i], slack(spline, 1)) for i in sorted(slopes)] if bounded else None
    curved = None
    if bounded and second and all(isfinite(top) for _, top in second.values()):
        curved = {pair: _stated(*ends, slack(spline, 2)) for pair, ends in second.items()}
    return Errors(_stated(low, high, slack(spline)), None if steep is None else tuple(steep), curved)


def _wider(known: tuple[float, float] | None, ends: Ends) -> tuple[float, float]:
    low, high = known or (0.0, 0.0)
    return max(low, _least(ends)), max(high, float(_most(ends).max()))


def _least(ends: Ends) -> float:
    """The largest mignitude."""
    return float(np.maximum(ends[0], -ends[1]).max())


def _most(ends: Ends) -> np.ndarray:
    return np.maximum(np.abs(ends[0]), np.abs(ends[1]))


def _stated(low: float, high: float, by: fmpq) -> Enclosure:
    if not isfinite(high):
        raise NotEnclosed("the error or its slope has no upper bound on some box")
    below = max(from_float(max(low, 0.0)) * (1 - MARGIN) - by, ZERO)
    return rounded(Enclosure(below, max(from_float(high) * (1 + MARGIN) + by, LEAST)))


def _hull(fine: Spline, axes: tuple[int, ...]) -> Ends:
    low, high, denominator = fine.hull(axes)
    return floats_around(low, denominator)[0], floats_around(high, denominator)[1]


def floats_around(numerators: np.ndarray, denominator: int) -> Ends:
    """Floats below and above: int / int of Python is correctly rounded.

    Raises: NotEnclosed beyond the floats.
    """
    try:
        values = [n / denominator for n in numerators.reshape(-1).tolist()]
    except OverflowError:
        raise NotEnclosed("a coefficient is beyond the floats") from None
    near = np.array(values).reshape(numerators.shape)
    return np.nextafter(near, -inf), np.nextafter(near, inf)
