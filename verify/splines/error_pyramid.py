"""f - Phi on finer and finer grids of the cube: its values at nodes, its derivatives over boxes, all rounded outward.

Source: verify/CERTIFICATE.md, 12.5; docs/multiplicative.md, "Measured Zygmund seminorms".
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from constructs.targets.expression import ExpressionTarget
from verify.box_jets import at_nodes
from verify.hessians import Ends, Pair
from verify.quantities import NotEnclosed
from verify.rounding import down, up
from verify.splines.errors import boxes, floats_around
from verify.splines.tensor import Spline


@dataclass(frozen=True, eq=False)
class Level:
    """The boxes [n/grid, (n+1)/grid], n in {0, ..., grid-1}^d, and e = f - Phi.

    nodes: e at the points m/(2 grid), m in {0, ..., 2 grid}^d. slopes: d_i e over the boxes. between: d_i e over the
    boxes [m/(2 grid), (m+2)/(2 grid)], m in {0, ..., 2 grid - 2}^d. second: d_i d_j e over the boxes, i <= j, almost
    everywhere; empty unless asked for. Every one a pair of lower and upper ends.
    """

    grid: int
    nodes: Ends
    slopes: tuple[Ends, ...]
    between: tuple[Ends, ...]
    second: dict[Pair, Ends]


def levels(target: ExpressionTarget, spline: Spline, depth: int, twice: bool) -> list[Level]:
    """Levels of the grids mesh, 2 mesh, ..., 2^(depth-1) mesh.

    Requires: depth >= 1; the spline's cells are those of the cube; twice only for degree >= 2.
    Method: f and Phi are looked at on the grid 2^depth mesh only; a coarser box has the hull of its parts.
    Raises: DomainUndecided; NotEnclosed where a derivative that is asked for is not bounded.
    """
    grid, d = spline.mesh << depth, target.dim
    low, high = at_nodes(target, grid)
    phi = floats_around(*spline.refined(1 << depth).at_nodes())
    nodes = down(low - phi[1]), up(high - phi[0])
    parts = list(boxes(target, spline, grid))
    slopes = tuple(_joined([p.slopes[i] for p in parts], grid, d) for i in range(d))
    second = {pair: _joined([p.second[pair] for p in parts], grid, d) for pair in parts[0].second if twice}
    out: list[Level] = []
    for k in range(1, depth + 1):
        step = (slice(None, None, 1 << (k - 1)),) * d
        between = tuple(_hull(s, 1) for s in slopes)
        slopes = tuple(_hull(s, 2) for s in slopes)
        second = {pair: _hull(c, 2) for pair, c in second.items()}
        out.append(Level(grid >> k, (nodes[0][step], nodes[1][step]), slopes, between, second))
    return out[::-1]


def _joined(parts: list[Ends], grid: int, d: int) -> Ends:
    """The chunks, which come in C order, as one array."""
    low, high = (np.concatenate([p[side].reshape(-1) for p in parts]).reshape((grid,) * d) for side in (0, 1))
    if not (np.isfinite(low).all() and np.isfinite(high).all()):
        raise NotEnclosed("a derivative of the error is not bounded: a kink, or a singularity")
    return low, high


def _hull(ends: Ends, stride: int) -> Ends:
    """The hulls of 2^d neighbours, at every place or, stride 2, at every other one."""
    low, high = ends
    count = low.shape[0] - 1
    views = [
        tuple(slice(o, o + count, stride) for o in corner) for corner in product((0, 1), repeat=low.ndim)
    ]
    return np.minimum.reduce([low[v] for v in views]), np.maximum.reduce([high[v] for v in views])
