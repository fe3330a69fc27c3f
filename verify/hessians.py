"""Enclosures of an expression's gradient at midpoints, and of its second derivatives, on every box of a grid.

Forward differentiation twice, in the interval arithmetic of verify/enclosure.py, whose conventions hold: unbounded
stays unbounded, even when multiplied by 0; where an abs, min, max or step may have its kink or jump in the closed
box, the second derivatives are unbounded: a kink on a face that two boxes share is seen by both.

Source: verify/CERTIFICATE.md, 12.11.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import inf

import numpy as np
from flint import fmpq

from constructs.targets.expression import ExpressionTarget
from constructs.targets.nodes import Node, releases
from verify import enclosure
from verify.boxes import Place, places
from verify.enclosure import ONE, ZERO, DomainUndecided, Interval

_Gradient = dict[int, Interval]
_Hessian = dict[tuple[int, int], Interval]  # keys (i, j), i <= j; what is missing is 0
_Jet = tuple[Interval, _Gradient, _Hessian]
Ends = tuple[np.ndarray, np.ndarray]
Pair = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Curvature:
    """d_i f at the midpoints of boxes, and d_i d_j f, i <= j, over the boxes: lower and upper ends, which broadcast to
    the chunk's shape; infinite where there is no bound.
    """

    gradient: tuple[Ends, ...]
    hessian: dict[Pair, Ends]


def curvature(target: ExpressionTarget, grid: int, boxes: int) -> Iterator[tuple[Place, Curvature]]:
    """The enclosures on all grid**d boxes, chunk by chunk, the chunks being those of `box_jets.chunks`.

    Guarantees: where all second derivatives are bounded on all boxes, f has a Lipschitz continuous gradient on the
    cube.
    Raises: DomainUndecided.

    >>> f = ExpressionTarget("x0**2 * x1", 2)
    >>> [(place, found)] = curvature(f, 1, 1)
    >>> found.hessian[0, 1][1].item(), found.hessian[1, 1][1].item(), found.gradient[0][0].item()
    (2.0, 0.0, 0.5)
    """
    d = target.dim
    for place, sides, middles in places(d, grid, boxes):
        _, gradient = enclosure.evaluate(target.nodes, middles, True)
        _, _, hessian = _follow(target.nodes, sides)
        yield (
            place,
            Curvature(
                tuple(_ends(gradient.get(i, ZERO), d) for i in range(d)),
                {(i, j): _ends(hessian.get((i, j), ZERO), d) for i in range(d) for j in range(i, d)},
            ),
        )


def _ends(x: Interval, d: int) -> Ends:
    lo, hi = (np.reshape(a, np.shape(a) or (1,) * d) for a in (x.lo, x.hi))
    if np.isnan(lo).any():
        raise DomainUndecided("an empty interval")
    return lo, hi


def _follow(nodes: tuple[Node, ...], X: list[Interval]) -> _Jet:
    dropped = releases(nodes)
    jets: dict[int, _Jet] = {}
    for i, node in enumerate(nodes):
        if node.op == "variable":
            jets[i] = X[node.axis], {node.axis: ONE}, {}
        else:
            jets[i] = _apply(node, [jets[a] for a in node.args])
        for a in dropped[i]:
            del jets[a]
    return jets[len(nodes) - 1]


def _apply(node: Node, args: list[_Jet]) -> _Jet:
    """Value and gradient as in verify/enclosure.py; the second derivatives beside them."""
    V, G = enclosure.apply(node, [u for u, _, _ in args], [g for _, g, _ in args])
    if not args or not G:
        return V, G, {}
    (u, du, hu), (w, dw, hw) = args[0], args[-1]
    match node.op:
        case "neg":
            return V, G, {key: -h for key, h in hu.items()}
        case "+":
            return V, G, _added(hu, hw)
        case "-":
            return V, G, _added(hu, {key: -h for key, h in hw.items()})
        case "*":
            return V, G, _added(_added(_scaled(hu, w), _scaled(hw, u)), _crossed(du, dw))
        case "/":
            # q w = u: q'' = (u'' - q w'' - q' w' - w' q') / w
            rest = _added(_scaled(hw, V), _crossed(G, dw))
            whole = _added(hu, {key: -h for key, h in rest.items()})
            return V, G, {key: h / w for key, h in whole.items()}
        case "min" | "max":
            return V, G, _extreme(node.op, args)
    first, second = _derivatives(node, u, V)
    return V, G, _added(_scaled(hu, first), _scaled(_squared(du), second))


def _derivatives(node: Node, u: Interval, V: Interval) -> tuple[Interval, Interval]:
    """phi' and phi'' over u, for V = phi(u)."""
    f = enclosure.FUNCTIONS
    table: dict[str, Callable[[], tuple[Interval, Interval]]] = {
        "exp": lambda: (V, V),
        "log": lambda: (f["recip"](u), -f["recip"](enclosure.power(u, fmpq(2)))),
        "sin": lambda: (f["cos"](u), -V),
        "cos": lambda: (-f["sin"](u), -V),
        "tanh": lambda: (1.0 - enclosure.power(V, fmpq(2)), -2.0 * V * (1.0 - enclosure.power(V, fmpq(2)))),
        "abs": lambda: (enclosure.sign(u), _where(_definite(u), ZERO)),
        "step": lambda: (_where(_same_side(u), ZERO), _where(_same_side(u), ZERO)),
        "sqrt": lambda: _powers(u, fmpq(1, 2)),
    }
    if node.op == "**" and node.number is not None:
        return _powers(u, node.number)
    if node.op not in table:
        raise ValueError(f"no rule for {node.op}")
    return table[node.op]()


def _powers(u: Interval, r: fmpq) -> tuple[Interval, Interval]:
    """r u^(r-1) and r (r-1) u^(r-2); unbounded where a negative power meets 0."""
    if r in (0, 1):
        return (ONE if r == 1 else ZERO), ZERO
    return enclosure.power(u, r - 1) * enclosure.thin(r), enclosure.power(u, r - 2) * enclosure.thin(
        r * (r - 1)
    )


def _definite(u: Interval) -> np.ndarray:
    return (np.asarray(u.lo) > 0) | (np.asarray(u.hi) < 0)


def _same_side(u: Interval) -> np.ndarray:
    return (np.asarray(u.lo) >= 0) | (np.asarray(u.hi) < 0)


def _where(known: np.ndarray, value: Interval) -> Interval:
    """The value where `known`, everything elsewhere."""
    return Interval(np.where(known, value.lo, -inf), np.where(known, value.hi, inf))


def _added(a: _Hessian, b: _Hessian) -> _Hessian:
    return {
        k: a[k] + b[k] if k in a and k in b else a[k] if k in a else b[k] for k in sorted(a.keys() | b.keys())
    }


def _scaled(h: _Hessian, factor: Interval) -> _Hessian:
    return {key: enclosure.product(x, factor) for key, x in h.items()}


def _crossed(a: _Gradient, b: _Gradient) -> _Hessian:
    """a_i b_j + a_j b_i."""
    out: _Hessian = {}
    for i, x in a.items():
        for j, y in b.items():
            out = _added(out, {(min(i, j), max(i, j)): enclosure.product(x, y) * (2.0 if i == j else 1.0)})
    return out


def _squared(g: _Gradient) -> _Hessian:
    """g_i g_j."""
    axes = sorted(g)
    return {
        (i, j): enclosure.power(g[i], fmpq(2)) if i == j else enclosure.product(g[i], g[j])
        for i in axes
        for j in axes
        if i <= j
    }


def _extreme(op: str, args: list[_Jet]) -> _Hessian:
    """That of the argument that is chosen on the whole box; none known where it is not clear which."""
    best = args[0]
    for other in args[1:]:
        lower, upper = (
            np.asarray(np.less(best[0].hi, other[0].lo)),
            np.asarray(np.less(other[0].hi, best[0].lo)),
        )
        first, second = (lower, upper) if op == "min" else (upper, lower)
        h: _Hessian = {}
        axes = sorted(best[1].keys() | other[1].keys())
        for key in ((i, j) for i in axes for j in axes if i <= j):
            a, b = best[2].get(key, ZERO), other[2].get(key, ZERO)
            lo = np.where(first, a.lo, np.where(second, b.lo, -inf))
            h[key] = Interval(lo, np.where(first, a.hi, np.where(second, b.hi, inf)))
        V, G = enclosure.extreme(op, [best[0], other[0]], [best[1], other[1]])
        best = V, G, h
    return best[2]
