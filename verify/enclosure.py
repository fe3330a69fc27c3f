"""Enclosures of an expression, its mean and its gradient on every box of a grid.

The one place that knows the interval library. Everything is rounded outward: interval operations are the
library's (tight, IEEE 1788), single float operations are followed by a step to the next float. The operations
are those of the text as written, node by node; only these choices are made:

* even powers: u**n is the exact range of the power over U, not a repeated product; (u**n)' = n·U**(n−1)·u';
* (u·w)' = u'·W + U·w', (u/w)' = (u' − (U/W)·w')/W, sqrt' = u'/(2·sqrt U), exp' = u'·exp U, log' = u'/U,
  sin' = u'·cos U, cos' = −u'·sin U, tanh' = u'·(1 − (tanh U)²), (u**r)' = u'·r·U**(r−1);
* min and max of several arguments: folded from the left, each time the hull of both gradients unless the
  ranges are disjoint;
* unbounded factors stay unbounded, even when multiplied by 0.

Source: verify/CERTIFICATE.md, 4.4, 4.5, 7.4.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import fsum, inf, nextafter
from typing import Any

import ival
import numpy as np
from flint import fmpq
from ival import Interval

from constructs.targets.expression import ExpressionTarget
from constructs.targets.parser import Node, releases

_CHUNK = 1 << 16  # boxes at once: they stay in cache
FUNCTIONS: dict[str, Any] = {
    name: getattr(ival, name)
    for name in ("sqrt", "exp", "log", "sin", "cos", "tanh", "recip", "pow", "rsqrt", "min", "max")
}
ENTIRE = Interval(-inf, inf)
ZERO, ONE = Interval(0.0), Interval(1.0)
_Gradient = dict[int, Interval]


class DomainUndecided(Exception):  # noqa: N818
    """On some box interval arithmetic cannot exclude an undefined operation (4.5); the message names it."""


@dataclass(frozen=True, eq=False)
class BoxJets:
    """Enclosures on the boxes of a grid, in C order; in brackets the names of CERTIFICATE.md, 7.4.

    Lower and upper ends of the mean [M], the range [R] and the value at the midpoint [v]. The gradient [G_i]
    lies in grad_mid ± grad_rad and within ± grad_sup; these two are infinite where it is unbounded. Arrays
    of the gradient have one more axis, the first: i.
    """

    mean_lo: np.ndarray
    mean_hi: np.ndarray
    range_lo: np.ndarray
    range_hi: np.ndarray
    value_lo: np.ndarray
    value_hi: np.ndarray
    grad_mid: np.ndarray
    grad_rad: np.ndarray
    grad_sup: np.ndarray


def chunks(
    target: ExpressionTarget, grid: int, boxes: int = _CHUNK
) -> Iterator[tuple[tuple[slice, ...], BoxJets]]:
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


def places(
    d: int, grid: int, boxes: int
) -> Iterator[tuple[tuple[slice, ...], list[Interval], list[Interval]]]:
    """Chunks of the boxes of a grid: the place, and the coordinates over the boxes and at their midpoints."""
    for place in blocks(grid, d, boxes):
        yield place, *coordinates(grid, place)


def coordinates(grid: int, place: tuple[slice, ...]) -> tuple[list[Interval], list[Interval]]:
    """The coordinates of boxes of side 1/grid: over the boxes, and at their midpoints; each along its own axis."""
    over, at = [], []
    for axis, part in enumerate(place):
        k = np.arange(float(part.start), part.stop).reshape(
            [-1 if i == axis else 1 for i in range(len(place))]
        )
        edges = Interval(k) / float(grid), Interval(k + 1.0) / float(grid)
        over.append(Interval(edges[0].lo, edges[1].hi))
        at.append(Interval(2.0 * k + 1.0) / (2.0 * grid))
    return over, at


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


def blocks(grid: int, d: int, boxes: int, whole: int | None = None) -> Iterator[tuple[slice, ...]]:
    """Blocks of about `boxes` boxes: whole in the last axes, a run in one axis, single in the first ones; the axis
    `whole` counts as the very last.
    """
    lengths, room = [1] * d, boxes
    for axis in sorted(range(d), key=lambda i: (i == whole, i), reverse=True):
        lengths[axis] = grid if axis == whole else max(1, min(grid, room))
        room //= grid
    yield from itertools.product(*([slice(k, min(k + n, grid)) for k in range(0, grid, n)] for n in lengths))


def _along(x: Interval, axis: int, part: slice, d: int) -> Interval:
    shape = tuple(-1 if i == axis else 1 for i in range(d))
    return Interval(np.asarray(x.lo)[part].reshape(shape), np.asarray(x.hi)[part].reshape(shape))


def _assemble(V: Interval, G: _Gradient, v: Interval, grid: int, d: int) -> BoxJets:
    """R = V ∩ (v ± Σ sup|G_i| h/2), M = R ∩ (v ± Σ r_i h/4)."""
    spread: np.ndarray | float = 0.0
    remainder: np.ndarray | float = 0.0
    columns: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for i in range(d):
        mid, rad, sup = _centred(G.get(i, ZERO))
        columns.append((mid, rad, sup))
        spread, remainder = up(spread + sup), up(remainder + rad)
    half, quarter = (float(np.asarray((Interval(1.0) / (k * grid)).hi)) for k in (2.0, 4.0))
    spread, remainder = up(spread * half), up(remainder * quarter)
    range_lo = np.maximum(V.lo, down(v.lo - spread))
    range_hi = np.minimum(V.hi, up(v.hi + spread))
    mean_lo = np.maximum(range_lo, down(v.lo - remainder))
    mean_hi = np.minimum(range_hi, up(v.hi + remainder))
    flat = (1,) * d
    grads = (
        np.stack(np.broadcast_arrays(*parts, np.empty(flat))[:d]) for parts in zip(*columns, strict=True)
    )
    ends = (np.reshape(a, np.shape(a) or flat) for a in (mean_lo, mean_hi, range_lo, range_hi, v.lo, v.hi))
    return BoxJets(*ends, *grads)


def _centred(G: Interval) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    lo, hi = np.asarray(G.lo), np.asarray(G.hi)
    bounded = np.isfinite(lo) & np.isfinite(hi)
    mid = np.where(bounded, 0.5 * np.where(bounded, lo, 0.0) + 0.5 * np.where(bounded, hi, 0.0), 0.0)
    rad = np.maximum(hi - mid, mid - lo)
    return mid, np.where(rad > 0, up(rad), 0.0), np.where(bounded, np.maximum(-lo, hi), inf)


def evaluate(nodes: tuple[Node, ...], X: list[Interval], derive: bool) -> tuple[Interval, _Gradient]:
    """The value for coordinates in X, and, with `derive`, the gradient; missing components are 0.

    Raises: DomainUndecided.
    """
    dropped = releases(nodes)
    values: dict[int, tuple[Interval, _Gradient]] = {}
    for i, node in enumerate(nodes):
        if node.op == "variable":
            values[i] = X[node.axis], ({node.axis: ONE} if derive else {})
        else:
            values[i] = apply(node, [values[a][0] for a in node.args], [values[a][1] for a in node.args])
        for a in dropped[i]:
            del values[a]
    V, G = values[len(nodes) - 1]
    if np.isnan(V.lo).any() or any(np.isnan(g.lo).any() for g in G.values()):
        raise DomainUndecided("an empty interval")
    return V, G


def apply(node: Node, U: list[Interval], dU: list[_Gradient]) -> tuple[Interval, _Gradient]:
    """The operation's range and gradient; with empty `dU` (none wanted) the gradient is empty too."""
    u, w, du, dw = (U[0], U[-1], dU[0], dU[-1]) if U else (ZERO, ZERO, {}, {})
    match node.op:
        case "number":
            return thin(node.number), {}
        case "neg":
            return -u, {i: -g for i, g in du.items()}
        case "+":
            return u + w, _sum(du, dw)
        case "-":
            return u - w, _sum(du, {i: -g for i, g in dw.items()})
        case "*":
            return u * w, _sum(_times(du, w), _times(dw, u))
        case "/":
            _require(
                bool(np.all((np.asarray(w.lo) > 0) | (np.asarray(w.hi) < 0))),
                "division by an interval that holds 0",
            )
            q = u / w
            return q, {i: g / w for i, g in _sum(du, {i: -g for i, g in _times(dw, q).items()}).items()}
        case "abs":
            return abs(u), _times(du, sign(u)) if du else {}
        case "exp":
            V = FUNCTIONS["exp"](u)
            return V, _times(du, V)
        case "log":
            _require(bool(np.all(np.asarray(u.lo) > 0)), "log of an interval that reaches 0")
            return FUNCTIONS["log"](u), {i: g / u for i, g in du.items()}
        case "sqrt":
            _require(bool(np.all(np.asarray(u.lo) >= 0)), "sqrt of an interval that goes below 0")
            V = FUNCTIONS["sqrt"](u)
            return V, _times(du, FUNCTIONS["recip"](V * 2.0)) if du else {}
        case "sin":
            return FUNCTIONS["sin"](u), _times(du, FUNCTIONS["cos"](u)) if du else {}
        case "cos":
            return FUNCTIONS["cos"](u), _times(du, -FUNCTIONS["sin"](u)) if du else {}
        case "tanh":
            V = FUNCTIONS["tanh"](u)
            return V, _times(du, 1.0 - ival.pown(V, 2)) if du else {}
        case "step":
            return _step(u, du)
        case "min" | "max":
            return extreme(node.op, U, dU)
        case "**" if node.number is not None:
            return _power(u, du, node.number)
    raise ValueError(f"no rule for {node.op}")


def _require(fact: bool, message: str) -> None:
    if not fact:
        raise DomainUndecided(message)


def thin(number: fmpq | None) -> Interval:
    """A tight interval around a rational."""
    return Interval(Fraction(int(number.p), int(number.q))) if number is not None else ENTIRE


def _sum(a: _Gradient, b: _Gradient) -> _Gradient:
    return {
        i: a[i] + b[i] if i in a and i in b else a[i] if i in a else b[i] for i in sorted(a.keys() | b.keys())
    }


def _times(gradient: _Gradient, factor: Interval) -> _Gradient:
    """The gradient times a factor; entire where either is unbounded, whatever the other is."""
    return {i: product(g, factor) for i, g in gradient.items()}


def product(a: Interval, b: Interval) -> Interval:
    """a b; entire where either is unbounded, whatever the other is."""
    result = a * b
    for x in (a, b):
        bounded = np.isfinite(x.lo) & np.isfinite(x.hi)
        if not bounded.all():
            result = Interval(np.where(bounded, result.lo, -inf), np.where(bounded, result.hi, inf))
    return result


def sign(u: Interval) -> Interval:
    """The derivatives of abs."""
    return Interval(np.where(np.asarray(u.lo) > 0, 1.0, -1.0), np.where(np.asarray(u.hi) < 0, -1.0, 1.0))


def _step(u: Interval, du: _Gradient) -> tuple[Interval, _Gradient]:
    lo, hi = np.asarray(u.lo) >= 0, np.asarray(u.hi) >= 0
    V = Interval(lo.astype(float), hi.astype(float))
    jump = hi & ~lo
    return V, {i: Interval(np.where(jump, -inf, 0.0), np.where(jump, inf, 0.0)) for i in du}


def extreme(op: str, U: list[Interval], dU: list[_Gradient]) -> tuple[Interval, _Gradient]:
    """min or max, folded from the left, with the gradient of what is chosen on the whole box, else the hull."""
    V, G = U[0], dU[0]
    for W, H in zip(U[1:], dU[1:], strict=True):
        if G or H:
            below, above = np.asarray(np.less(V.hi, W.lo)), np.asarray(np.less(W.hi, V.lo))
            first, second = (below, above) if op == "min" else (above, below)
            G = {
                i: _chosen(G.get(i, ZERO), H.get(i, ZERO), first, second) for i in sorted(G.keys() | H.keys())
            }
        V = FUNCTIONS[op](V, W)
    return V, G


def _chosen(a: Interval, b: Interval, first: np.ndarray, second: np.ndarray) -> Interval:
    if first.all():
        return a
    if second.all():
        return b
    lo = np.where(first, a.lo, np.where(second, b.lo, np.minimum(a.lo, b.lo)))
    hi = np.where(first, a.hi, np.where(second, b.hi, np.maximum(a.hi, b.hi)))
    return Interval(lo, hi)


def _power(u: Interval, du: _Gradient, r: fmpq) -> tuple[Interval, _Gradient]:
    if r == 0:
        return ONE, {}
    lo, hi = np.asarray(u.lo), np.asarray(u.hi)
    if r.q == 1:
        n = int(r.p)
        _require(n > 0 or bool(np.all((lo > 0) | (hi < 0))), "division by an interval that holds 0")
        return ival.pown(u, n), _times(du, ival.pown(u, n - 1) * float(n)) if du else {}
    _require(
        bool(np.all(lo >= 0 if r > 0 else lo > 0)),
        "a fractional power of an interval that goes below 0 or reaches it",
    )
    return _fractional(u, r), _times(du, _fractional(u, r - 1) * thin(r)) if du else {}


def power(u: Interval, r: fmpq) -> Interval:
    """The range of u**r where that is defined; u >= 0 for a fraction r."""
    return ival.pown(u, int(r.p)) if r.q == 1 else _fractional(u, r)


def _fractional(u: Interval, r: fmpq) -> Interval:
    """The range of the power r of u >= 0; both roots are tight as pow is, and five times faster."""
    name = {fmpq(1, 2): "sqrt", fmpq(-1, 2): "rsqrt"}.get(r)
    return FUNCTIONS[name](u) if name else FUNCTIONS["pow"](u, thin(r))


def up(a: Any) -> Any:
    """The next float above: of the result of one float operation an upper bound of the exact result."""
    with np.errstate(over="ignore"):
        return np.nextafter(a, inf)


def down(a: Any) -> Any:
    """The next float below."""
    with np.errstate(over="ignore"):
        return np.nextafter(a, -inf)


def sum_up(a: np.ndarray) -> float:
    """A float >= the exact sum: a correctly rounded sum and one step up.

    >>> sum_up(np.array([1.0, 1e-30])) > 1.0
    True
    """
    return -sum_down(-np.asarray(a))


def sum_down(a: np.ndarray) -> float:
    """A float <= the exact sum; -inf where the sum of finite terms overflows."""
    terms = np.asarray(a, dtype=float).reshape(-1)
    if np.isneginf(terms).any() or np.isnan(terms).any():
        return -inf
    if np.isposinf(terms).any():
        return nextafter(inf, 0.0)
    try:
        return nextafter(fsum(terms.tolist()), -inf)
    except OverflowError:
        return -inf


def power_bounds(lo: np.ndarray, hi: np.ndarray, p: fmpq) -> tuple[np.ndarray, np.ndarray]:
    """Floats that enclose lo**p and hi**p.

    Requires: 0 <= lo <= hi, floats; p > 0.
    Returns: arrays (a, b), a <= lo**p and hi**p <= b.

    >>> power_bounds(np.array([0.5]), np.array([3.0]), fmpq(2))
    (array([0.25]), array([9.]))
    """
    if not (p > 0 and bool(np.all(np.asarray(lo) >= 0)) and bool(np.all(np.asarray(lo) <= hi))):
        raise ValueError("power_bounds needs 0 <= lo <= hi and p > 0")
    top = np.asarray(hi, dtype=float)
    unbounded = np.isposinf(top)
    base = Interval(np.minimum(lo, nextafter(inf, 0.0)), np.where(unbounded, nextafter(inf, 0.0), top))
    result = ival.pown(base, int(p.p)) if p.q == 1 else FUNCTIONS["pow"](base, thin(p))
    return np.asarray(result.lo), np.where(unbounded, inf, result.hi)
