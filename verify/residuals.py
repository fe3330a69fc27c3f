"""A target as nodal values on a Kuhn grid: exact for Kuhn targets, with certified margins for expressions."""

from __future__ import annotations

from math import isfinite

import numpy as np

from constructs.erosion import Residual
from constructs.errors import ConstructError
from constructs.targets.base import Target
from constructs.targets.expression import ExpressionTarget
from constructs.targets.kuhn import KuhnTarget
from constructs.windows import over_vertices
from verify.box_jets import at_nodes, chunks
from verify.quantities import NotEnclosed
from verify.rounding import up

MANTISSA = 40  # bits of the nodal values of an expression, relative to the largest
SLACK_BITS = 34  # margins are larger by 2^-34 of the scale than need be, since arithmetics differ (11.7)
MOST_NODES = 1 << 17  # of an expression's grid, beyond what the finest mesh needs
FINEST = 4  # an expression's grid is at most so many times finer than the finest mesh


def residual(target: Target, grid: int | None) -> Residual:
    """f as a function linear on a Kuhn grid, up to margins on every cube.

    Requires: grid, cubes per axis, for an expression; None for a Kuhn target, which has its own.
    Returns: Residual: without margins, and exact, for a Kuhn target.
    Guarantees: |f - f_hat| <= margin on every closed cube (verify/CERTIFICATE.md, 11.7).
    Raises: ConstructError for a target of another kind; DomainUndecided; NotEnclosed.
    """
    if isinstance(target, KuhnTarget):
        return Residual(*target.refine(target.cells))
    if isinstance(target, ExpressionTarget) and grid is not None:
        return _enclosed(target, grid)
    raise ConstructError(
        "target", target.describe(), "a continuous target: an expression or nodal values on a grid"
    )


def grid_for(target: Target, finest: int) -> int | None:
    """The grid on which an expression is interpolated: up to four times finer than the finest mesh 1/finest."""
    if isinstance(target, KuhnTarget):
        return None
    factor = FINEST
    while factor > 1 and (finest * factor + 1) ** target.dim > MOST_NODES:
        factor //= 2
    return finest * factor


def _enclosed(target: ExpressionTarget, grid: int) -> Residual:
    lower, upper = at_nodes(target, grid)
    scale = float(np.maximum(np.abs(lower), np.abs(upper)).max())
    if not isfinite(scale):
        raise NotEnclosed("the target's values overflow")
    bits = max(0, MANTISSA - int(np.frexp(max(scale, 1.0))[1]))
    middle = np.rint(np.ldexp(lower / 2 + upper / 2, bits))
    with np.errstate(over="ignore"):
        widths, noise = _spreads(target, grid, (lower, upper), middle, bits)
    if not (np.isfinite(widths).all() and np.isfinite(noise).all()):
        raise NotEnclosed("the target's values are beyond what floats can add")
    return Residual(_integers(middle), 1 << bits, *(_integers(np.ceil(x)) for x in (widths, noise)))


def _spreads(
    target: ExpressionTarget, grid: int, ends: tuple[np.ndarray, np.ndarray], middle: np.ndarray, bits: int
) -> tuple[np.ndarray, np.ndarray]:
    """Margins of the boxes and noise at the nodes, in units of 2^-bits."""
    (lower, upper), unit = ends, 0.5**bits
    scale = max(float(np.maximum(np.abs(lower), np.abs(upper)).max()), 1.0)
    off = np.maximum(up(upper - middle * unit), up(middle * unit - lower))
    # three times: another arithmetic may take another value within the same ends
    noise = up(up(3 * off) + scale * 0.5**SLACK_BITS) / unit
    widths = up(up(up(_distances(target, grid) * (1 + 2.0**-20)) / unit) + over_vertices(noise, np.maximum))
    return widths, noise


def _distances(target: ExpressionTarget, grid: int) -> np.ndarray:
    """On every box an upper bound of the distance of f from its own interpolant (11.7); every float operation is
    followed by a step upward.

    Raises: NotEnclosed.
    """
    found = np.empty((grid,) * target.dim)
    for place, part in chunks(target, grid):
        radius: np.ndarray | float = 0.0
        for i in range(target.dim):
            radius = up(radius + part.grad_rad[i])
        spread = up(part.range_hi - part.range_lo)
        bounded = np.isfinite(part.grad_sup).all(axis=0)
        found[place] = np.where(bounded, np.minimum(up(up(radius / grid) / 2), spread), spread)
    if not np.isfinite(found).all():
        raise NotEnclosed("the target's range overflows on a box")
    return found


def _integers(values: np.ndarray) -> np.ndarray:
    """Whole floats as integers: int64 if they fit."""
    if float(np.abs(values).max()) < 2.0**62:
        return values.astype(np.int64)
    flat = np.empty(values.size, dtype=object)
    flat[:] = [int(v) for v in values.ravel().tolist()]
    return flat.reshape(values.shape)
