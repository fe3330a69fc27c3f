"""Enclosures of an expression and its gradient over intervals, one for each box of an array.

The one place that knows the interval library, whose operations are rounded outward (tight, IEEE 1788). They are
those of the text as written, node by node; only these choices are made:

* even powers: u**n is the exact range of the power over U, not a repeated product; (u**n)' = n·U**(n−1)·u';
* (u·w)' = u'·W + U·w', (u/w)' = (u' − (U/W)·w')/W, sqrt' = u'/(2·sqrt U), exp' = u'·exp U, log' = u'/U,
  sin' = u'·cos U, cos' = −u'·sin U, tanh' = u'·(1 − (tanh U)²), (u**r)' = u'·r·U**(r−1);
* min and max of several arguments: folded from the left, each time the hull of both gradients unless the
  ranges are disjoint;
* unbounded factors stay unbounded, even when multiplied by 0.

Source: verify/CERTIFICATE.md, 4.4, 4.5.
"""

from __future__ import annotations

from fractions import Fraction
from math import inf, nextafter
from typing import Any

import ival
import numpy as np
from flint import fmpq
from ival import Interval

from constructs.targets.nodes import Node, releases

FUNCTIONS: dict[str, Any] = {
    name: getattr(ival, name)
    for name in ("sqrt", "exp", "log", "sin", "cos", "tanh", "recip", "pow", "rsqrt", "min", "max")
}
ENTIRE = Interval(-inf, inf)
ZERO, ONE = Interval(0.0), Interval(1.0)
Gradient = dict[int, Interval]


class DomainUndecided(Exception):  # noqa: N818
    """On some box interval arithmetic cannot exclude an undefined operation (4.5); the message names it."""


def evaluate(nodes: tuple[Node, ...], X: list[Interval], derive: bool) -> tuple[Interval, Gradient]:
    """The value for coordinates in X, and, with `derive`, the gradient; missing components are 0.

    Raises: DomainUndecided.
    """
    dropped = releases(nodes)
    values: dict[int, tuple[Interval, Gradient]] = {}
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


def apply(node: Node, U: list[Interval], dU: list[Gradient]) -> tuple[Interval, Gradient]:
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


def _sum(a: Gradient, b: Gradient) -> Gradient:
    return {
        i: a[i] + b[i] if i in a and i in b else a[i] if i in a else b[i] for i in sorted(a.keys() | b.keys())
    }


def _times(gradient: Gradient, factor: Interval) -> Gradient:
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


def _step(u: Interval, du: Gradient) -> tuple[Interval, Gradient]:
    lo, hi = np.asarray(u.lo) >= 0, np.asarray(u.hi) >= 0
    V = Interval(lo.astype(float), hi.astype(float))
    jump = hi & ~lo
    return V, {i: Interval(np.where(jump, -inf, 0.0), np.where(jump, inf, 0.0)) for i in du}


def extreme(op: str, U: list[Interval], dU: list[Gradient]) -> tuple[Interval, Gradient]:
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


def _power(u: Interval, du: Gradient, r: fmpq) -> tuple[Interval, Gradient]:
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
