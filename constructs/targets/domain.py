"""Shows by intervals on ever smaller boxes that an expression is defined on the whole cube, or where not."""

from __future__ import annotations

from collections.abc import Callable

from flint import arb, ctx, fmpq

from constructs.errors import ConstructError
from constructs.targets.nodes import Node, releases
from constructs.targets.point_values import Undefined, point_value, root

_BITS = 128
_EVALUATIONS = 200_000  # of nodes, all boxes together
_LEAST_BOXES = 64
_SMALLEST = fmpq(1, 1 << 24)  # no stated grid is finer (verify/CERTIFICATE.md, 3.1)
_INF, _NEG_INF = arb.pos_inf(), arb.neg_inf()

Ends = tuple[arb, arb]
Box = tuple[tuple[fmpq, fmpq], ...]


class _Undecided(Exception):  # noqa: N818
    pass


def require_defined(text: str, nodes: tuple[Node, ...], dim: int) -> None:
    """Passes only if interval evaluation meets no undefined operation on boxes that cover [0,1]^dim.

    Method: depth first bisection. On a box that is not decided the expression is tried at two corners, the
    middle and the simplest rational point: one where it is certainly not defined ends the search.
    Raises: ConstructError: it is not defined at a point, or that could not be decided near a point.

    >>> from constructs.targets.parser import parse
    >>> require_defined("log(x0)", parse("log(x0)", 1), 1)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    constructs.errors.ConstructError: expression = log(x0): expected ... it is not at x0 = 0 (log of 0)
    """
    if not any(_partial(node) for node in nodes):
        return
    axes = sorted({node.axis for node in nodes if node.op == "variable"})
    boxes_left = max(_LEAST_BOXES, _EVALUATIONS // len(nodes))
    stack: list[Box] = [((fmpq(0), fmpq(1)),) * dim]
    while stack:
        box = stack.pop()
        boxes_left -= 1
        try:
            _evaluate(nodes, box)
            continue
        except _Undecided as reason:
            point = _undefined_point(nodes, box)
            if point is not None:
                raise _error(text, dim, f"it is not at {_place(axes, point[0])} ({point[1]})") from None
            widest = max(axes, key=lambda i: box[i][1] - box[i][0], default=None)
            if widest is None or boxes_left <= 0 or box[widest][1] - box[widest][0] <= _SMALLEST:
                middle = [(lo + hi) / 2 for lo, hi in box]
                where = f"near {_place(axes, middle)}" if axes else "at all"
                raise _error(text, dim, f"this could not be decided {where} ({reason})") from None
        lo, hi = box[widest]
        for half in ((lo, (lo + hi) / 2), ((lo + hi) / 2, hi)):
            stack.append((*box[:widest], half, *box[widest + 1 :]))


def _error(text: str, dim: int, finding: str) -> ConstructError:
    expected = f"an expression that is defined on the whole cube [0,1]^{dim}; {finding}"
    return ConstructError("expression", text, expected)


def _place(axes: list[int], x: list[fmpq]) -> str:
    if not axes:
        return "any point"
    shown = [c if c.height_bits() < 20 else round(int(c.p) / int(c.q), 9) for c in x]
    return ", ".join(f"x{i} = {shown[i]}" for i in axes)


def _partial(node: Node) -> bool:
    r = node.number
    return node.op in ("/", "log", "sqrt") or (node.op == "**" and r is not None and (r < 0 or r.q != 1))


def _undefined_point(nodes: tuple[Node, ...], box: Box) -> tuple[list[fmpq], str] | None:
    for choice in (min, max, lambda a, b: (a + b) / 2, simplest):
        x = [choice(lo, hi) for lo, hi in box]
        try:
            point_value(nodes, x, _BITS)
        except Undefined as reason:
            return x, str(reason)
    return None


def simplest(a: fmpq, b: fmpq) -> fmpq:
    """The rational of least denominator in [a, b], 0 <= a <= b.

    >>> simplest(fmpq(5, 16), fmpq(3, 8))
    1/3
    """
    whole = fmpq(a.floor())
    if whole == a:
        return a
    return whole + 1 if whole + 1 <= b else whole + 1 / simplest(1 / (b - whole), 1 / (a - whole))


def _evaluate(nodes: tuple[Node, ...], box: Box) -> None:
    """The natural interval extension. Raises _Undecided."""
    dropped = releases(nodes)
    values: dict[int, Ends] = {}
    with ctx.workprec(_BITS):
        for i, node in enumerate(nodes):
            if node.op == "variable":
                lo, hi = box[node.axis]
                values[i] = arb(lo).lower(), arb(hi).upper()
            else:
                values[i] = _apply(node, [values[a] for a in node.args])
            for a in dropped[i]:
                del values[a]


def _apply(node: Node, U: list[Ends]) -> Ends:
    lo, hi = U[0] if U else (_NEG_INF, _INF)
    match node.op:
        case "number":
            value = arb(node.number)
            return value.lower(), value.upper()
        case "neg":
            return -hi, -lo
        case "+":
            return _hull([lo + U[1][0]], [hi + U[1][1]])
        case "-":
            return _hull([lo - U[1][1]], [hi - U[1][0]])
        case "*":
            return _spanned([a * b for a in U[0] for b in U[1]])
        case "/":
            return _quotient(U[0], U[1])
        case "abs":
            mig = lo if lo > 0 else -hi if hi < 0 else arb(0)
            return mig, -lo if -lo > hi else hi
        case "min":
            return _hull([_fold(arb.min, [u[0] for u in U])], [_fold(arb.min, [u[1] for u in U])])
        case "max":
            return _hull([_fold(arb.max, [u[0] for u in U])], [_fold(arb.max, [u[1] for u in U])])
        case "step":
            return arb(int(lo >= 0)), arb(int(not hi < 0))
        case "sin":
            return _wave(arb.sin, lo, hi, -lo <= arb.pi() / 2 and hi <= arb.pi() / 2)
        case "cos":
            return _wave(arb.cos, hi, lo, lo >= 0 and hi <= arb.pi())
        case "tanh":
            return _hull([lo.tanh()], [hi.tanh()])
        case "exp":
            return _fold(arb.max, [_finite(lo.exp().lower(), arb(0)), arb(0)]), _finite(
                hi.exp().upper(), _INF
            )
        case "log":
            _require(lo > 0, "log of an interval that reaches 0")
            return _hull([lo.log()], [hi.log()])
        case "sqrt":
            _require(lo >= 0, "sqrt of an interval that goes below 0")
            return _hull([lo.sqrt()], [hi.sqrt()])
        case "**" if node.number is not None:
            return _power(U[0], node.number)
    raise ValueError(f"no rule for {node.op}")


def _wave(f: Callable[[arb], arb], least: arb, most: arb, monotone: bool) -> Ends:
    """sin or cos between two ends; `monotone`: it rises from `least` to `most`."""
    if monotone:
        return _hull([f(least)], [f(most)])
    ends = f(least.union(most))
    bound = arb(1)
    return _fold(arb.max, [-bound, _finite(ends.lower(), -bound)]), _fold(
        arb.min, [bound, _finite(ends.upper(), bound)]
    )


def _require(fact: bool, reason: str) -> None:
    if not fact:
        raise _Undecided(reason)


def _finite(value: arb, otherwise: arb) -> arb:
    return otherwise if value.is_nan() else value


def _hull(lower: list[arb], upper: list[arb]) -> Ends:
    """Outward ends of the least and the largest; infinite where an operation gave no number."""
    return _finite(_fold(arb.min, [a.lower() for a in lower]), _NEG_INF), _finite(
        _fold(arb.max, [a.upper() for a in upper]), _INF
    )


def _spanned(values: list[arb]) -> Ends:
    return (_NEG_INF, _INF) if any(v.is_nan() for v in values) else _hull(values, values)


def _fold(choose: Callable[[arb, arb], arb], values: list[arb]) -> arb:
    result = values[0]
    for value in values[1:]:
        result = choose(result, value)
    return result


def _quotient(u: Ends, w: Ends) -> Ends:
    _require(w[0] > 0 or w[1] < 0, "division by an interval that holds 0")
    return _spanned([a / b for a in u for b in w])


def _power(u: Ends, r: fmpq) -> Ends:
    lo, hi = u
    if r == 0:
        return arb(1), arb(1)
    if r < 0:
        return _quotient((arb(1), arb(1)), _power(u, -r))
    a, b = int(r.p), int(r.q)
    if b > 1:
        _require(lo >= 0, "a fractional power of an interval that goes below 0")
        return _hull([root(lo, b) ** a], [root(hi, b) ** a])
    if a % 2 == 0:
        lo, hi = _apply(Node("abs"), [u])
    return _hull([lo**a], [hi**a])
