"""Enclosures of an expression and its gradient on every box of a grid, and of its values at the nodes.

Everything is rounded outward: interval operations are the library's, single float operations are followed by a step
to the next float.

Source: verify/CERTIFICATE.md, 4.4, 7.4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

import numpy as np

from constructs.targets.expression import ExpressionTarget
from verify.boxes import Place, blocks, places
from verify.enclosure import ZERO, Gradient, Interval, evaluate
from verify.rounding import down, up

_CHUNK = 1 << 16  # boxes at once: they stay in cache


@dataclass(frozen=True, eq=False)
class BoxJets:
    """Enclosures on the boxes of a grid, in C order; in brackets the names of CERTIFICATE.md, 7.4.

    Lower and upper ends of the range [R] and the value at the midpoint [v]. The gradient [G_i]
    lies in grad_mid ± grad_rad and within ± grad_sup; these two are infinite where it is unbounded. Arrays
    of the gradient have one more axis, the first: i.
    """

    range_lo: np.ndarray
    range_hi: np.ndarray
    value_lo: np.ndarray
    value_hi: np.ndarray
    grad_mid: np.ndarray
    grad_rad: np.ndarray
    grad_sup: np.ndarray


def chunks(target: ExpressionTarget, grid: int, boxes: int = _CHUNK) -> Iterator[tuple[Place, BoxJets]]:
    """The enclosures on all grid**d boxes, chunk by chunk in C order: their place in the grid, and the enclosures.

    Returns: arrays that broadcast to the chunk's shape: on axes that a quantity does not depend on they have length 1.
    Method: chunks that stay in cache; every subexpression is evaluated on its own axes, then broadcast.
    Raises: DomainUndecided.

    >>> [(place, f)] = chunks(ExpressionTarget("x0*x0", 1), 2)
    >>> f.range_lo, f.range_hi, f.grad_sup[0]
    (array([0.  , 0.25]), array([0.25, 1.  ]), array([1., 2.]))
    """
    d = target.dim
    for place, X, middle in places(d, grid, boxes):
        V, G = evaluate(target.nodes, X, True)
        v, _ = evaluate(target.nodes, middle, False)
        with np.errstate(over="ignore"):
            part = _assemble(V, G, v, grid, d)
        yield place, part


def at_nodes(target: ExpressionTarget, grid: int) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper ends of f at the nodes k/grid, arrays of shape (grid+1,)*d.

    Raises: DomainUndecided.

    >>> at_nodes(ExpressionTarget("x0*x0", 1), 2)
    (array([0.  , 0.25, 1.  ]), array([0.  , 0.25, 1.  ]))
    """
    d = target.dim
    lower, upper = np.empty((grid + 1,) * d), np.empty((grid + 1,) * d)
    nodes = Interval(np.arange(grid + 1.0)) / float(grid)
    for place in blocks(grid + 1, d, _CHUNK):
        values, _ = evaluate(target.nodes, [_along(nodes, i, s, d) for i, s in enumerate(place)], False)
        lower[place], upper[place] = values.lo, values.hi
    return lower, upper


def zero_on_face(target: ExpressionTarget, grid: int, axis: int, side: int, derive: bool = False) -> bool:
    """Whether f, and with `derive` its gradient, is exactly 0 on all boxes of side 1/grid of the face x_axis = side.

    Requires: side 0 or 1.
    Raises: DomainUndecided.

    >>> [zero_on_face(ExpressionTarget("x0**2*(1-x0)", 1), 1, 0, side, True) for side in (0, 1)]
    [True, False]
    """
    d = target.dim
    for _, over, _ in places(d, grid, _CHUNK):
        over[axis] = Interval(np.full((1,) * d, float(side)), np.full((1,) * d, float(side)))
        values, gradient = evaluate(target.nodes, over, derive)
        if any(np.any(x.lo) or np.any(x.hi) for x in (values, *gradient.values())):
            return False
    return True


def _along(x: Interval, axis: int, part: slice, d: int) -> Interval:
    shape = tuple(-1 if i == axis else 1 for i in range(d))
    return Interval(np.asarray(x.lo)[part].reshape(shape), np.asarray(x.hi)[part].reshape(shape))


def _assemble(V: Interval, G: Gradient, v: Interval, grid: int, d: int) -> BoxJets:
    """R = V ∩ (v ± Σ sup|G_i| h/2)."""
    spread: np.ndarray | float = 0.0
    columns: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for i in range(d):
        mid, rad, sup = _centred(G.get(i, ZERO))
        columns.append((mid, rad, sup))
        spread = up(spread + sup)
    spread = up(spread * float(np.asarray((Interval(1.0) / (2.0 * grid)).hi)))
    range_lo = np.maximum(V.lo, down(v.lo - spread))
    range_hi = np.minimum(V.hi, up(v.hi + spread))
    flat = (1,) * d
    grads = (
        np.stack(np.broadcast_arrays(*parts, np.empty(flat))[:d]) for parts in zip(*columns, strict=True)
    )
    ends = (np.reshape(a, np.shape(a) or flat) for a in (range_lo, range_hi, v.lo, v.hi))
    return BoxJets(*ends, *grads)


def _centred(G: Interval) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    lo, hi = np.asarray(G.lo), np.asarray(G.hi)
    bounded = np.isfinite(lo) & np.isfinite(hi)
    mid = np.where(bounded, 0.5 * np.where(bounded, lo, 0.0) + 0.5 * np.where(bounded, hi, 0.0), 0.0)
    rad = np.maximum(hi - mid, mid - lo)
    return mid, np.where(rad > 0, up(rad), 0.0), np.where(bounded, np.maximum(-lo, hi), inf)
