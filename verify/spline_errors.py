"""The supremum of f - Phi and of its derivatives, both sides, for an expression f and a tensor spline Phi.

Formulas: verify/CERTIFICATE.md, 12.5. Floats below are ends, each operation followed by a step outward.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, isfinite

import numpy as np
from flint import fmpq

from constructs.exact import from_float
from constructs.integers import largest
from constructs.targets.expression import ExpressionTarget
from verify.enclosure import chunks, down, up
from verify.powers import MARGIN, ZERO, Enclosure, rounded
from verify.quantities import NotEnclosed
from verify.splines import Spline

SLACK = fmpq(1, 2**46)  # beside a relative 2^-34: arithmetics differ, also where everything cancels


@dataclass(frozen=True)
class Errors:
    """E = sup|f - Phi|, and L_i = sup|d_i(f - Phi)|; None where the gradient is not bounded."""

    supremum: Enclosure
    slopes: tuple[Enclosure, ...] | None


@dataclass(frozen=True, eq=False)
class Boxes:
    """On every box of a chunk: f - Phi at the midpoint, its derivatives over the box, and, where these are not bounded
    (`smooth` False), at most how large it is.
    """

    middle: tuple[np.ndarray, np.ndarray]
    slopes: tuple[tuple[np.ndarray, np.ndarray], ...]
    smooth: np.ndarray
    plain: np.ndarray


def boxes(target: ExpressionTarget, spline: Spline, grid: int) -> Iterator[Boxes]:
    """The boxes of a grid, chunk by chunk.

    Requires: grid, boxes per axis, a multiple of the spline's mesh.
    Raises: DomainUndecided; NotEnclosed for coefficients beyond the floats.
    """
    fine = spline.refined(grid // spline.mesh)
    centres = _ends(*fine.at_centres())
    hulls = [_hull(fine, axis) for axis in (None, *range(target.dim))]
    for place, part in chunks(target, grid):
        low, high = (e[place] for e in centres)
        slopes = []
        for i in range(target.dim):
            lo, hi = (e[place] for e in hulls[i + 1])
            mid, rad = part.grad_mid[i], part.grad_rad[i]
            slopes.append((down(down(mid - rad) - hi), up(up(mid + rad) - lo)))
        lo, hi = (e[place] for e in hulls[0])
        yield Boxes(
            (down(part.value_lo - high), up(part.value_hi - low)),
            tuple(slopes),
            np.asarray(np.isfinite(part.grad_sup).all(axis=0)),
            np.maximum(np.abs(down(part.range_lo - hi)), np.abs(up(part.range_hi - lo))),
        )


def slack(spline: Spline, derivative: bool = False) -> fmpq:
    """2^-46 of the scale of the coefficients, or of their differences times the mesh."""
    low, high, denominator = spline.hull()
    scale = max(largest(low), largest(high))
    if derivative:
        scale = max(largest(np.diff(spline.coefficients, axis=i)) for i in range(spline.dim)) * spline.mesh
    return SLACK * fmpq(scale, denominator)


def errors(target: ExpressionTarget, spline: Spline, grid: int) -> Errors:
    """E and the L_i on the whole cube.

    Requires: grid, boxes per axis, a multiple of the spline's mesh.
    Guarantees: the ends are wider than ours by a relative 2^-34 and 2^-46 of the scale, since arithmetics differ.
    Raises: DomainUndecided; NotEnclosed where no upper end is known.
    """
    low, high, bounded = 0.0, 0.0, True
    slopes = np.zeros((target.dim, 2))
    for part in boxes(target, spline, grid):
        low = max(low, _least(part.middle))
        reach = _most(part.middle)
        spread: np.ndarray | float = 0.0
        for i, g in enumerate(part.slopes):
            spread = up(spread + _most(g))
            slopes[i] = max(slopes[i, 0], _least(g)), max(slopes[i, 1], float(_most(g).max()))
        bounded = bounded and bool(part.smooth.all())
        reach = up(reach + up(spread * up(0.5 / grid)))
        high = max(high, float(np.where(part.smooth, reach, part.plain).max()))
    steep = slack(spline, derivative=True)
    found = tuple(_stated(float(a), float(b), steep) for a, b in slopes) if bounded else None
    return Errors(_stated(low, high, slack(spline)), found)


def _least(ends: tuple[np.ndarray, np.ndarray]) -> float:
    """The largest mignitude."""
    return float(np.maximum(ends[0], -ends[1]).max())


def _most(ends: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    return np.maximum(np.abs(ends[0]), np.abs(ends[1]))


def _stated(low: float, high: float, by: fmpq) -> Enclosure:
    if not isfinite(high):
        raise NotEnclosed("the error or its slope has no upper bound on some box")
    below = max(from_float(max(low, 0.0)) * (1 - MARGIN) - by, ZERO)
    return rounded(Enclosure(below, from_float(high) * (1 + MARGIN) + by))


def _hull(fine: Spline, axis: int | None) -> tuple[np.ndarray, np.ndarray]:
    low, high, denominator = fine.hull(axis)
    return _ends(low, denominator)[0], _ends(high, denominator)[1]


def _ends(numerators: np.ndarray, denominator: int) -> tuple[np.ndarray, np.ndarray]:
    """Floats below and above: int / int of Python is correctly rounded.

    Raises: NotEnclosed beyond the floats.
    """
    try:
        values = [n / denominator for n in numerators.reshape(-1).tolist()]
    except OverflowError:
        raise NotEnclosed("a coefficient is beyond the floats") from None
    near = np.array(values).reshape(numerators.shape)
    return np.nextafter(near, -inf), np.nextafter(near, inf)
