"""Where a claim goes wrong, in words: the point, both values there, the affine piece, the neurons that are active."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from flint import fmpq

from constructs.neurons import Affine
from constructs.targets.base import Target
from verify.own.answers import Answer, Point
from verify.own.pieces import ZERO, Curve
from verify.own.subject import Head, Subject
from verify.verdict import float_below

MOST_LAYERS = 6
MOST_NAMES = 6
LONGEST = 24


def where(subject: Subject, head: Head, target: Target, answer: Answer, bound: fmpq) -> str:
    """Lines about the witness of an error that is too large."""
    x = answer.witness or ()
    phi, f = subject.value(head, x), target.exact(x)
    shown = str(target.ball(x, 64)) if f is None else number(f)
    size = f"= {number(abs(f - phi))}" if f is not None else f">= {number(answer.lo)}"
    wanted = "f =" if head.name == "Phi" else "wanted"
    lines = [
        f"at {point(x)}: {wanted} {shown}, {head.name} = {number(phi)}; |difference| {size} > {number(bound)}",
        f"there {piece(subject, head, x)}",
        f"active there: {active(subject, head, x)}",
    ]
    return "\n".join(lines)


def point(x: Sequence[fmpq]) -> str:
    """A point for people: x0 = 1/3, x1 = 2."""
    return ", ".join(f"x{i} = {number(c, 60)}" for i, c in enumerate(x))


def number(value: fmpq, longest: int = LONGEST) -> str:
    """A rational, with about four digits where it is long or a fraction of large numbers."""
    text = str(value)
    if len(text) <= 6:
        return text
    decimal = f"{float_below(value):.6g}"
    return f"{text} (about {decimal})" if len(text) <= longest else f"about {decimal}"


def piece(subject: Subject, head: Head, x: Point) -> str:
    """The affine piece that holds the point, with its formula."""
    if len(x) == 1 and not subject.unsupported:
        return _on_curve(head.name, subject.curve(head), x[0])
    slopes, start = local_form(subject, head, x)
    return f"{head.name} = {formula(slopes, start)} on the region of this point"


def _on_curve(name: str, curve: Curve, x: fmpq) -> str:
    """The piece whose closure holds x and whose formula gives the value there."""
    after = min(bisect_right(curve.breaks, x), len(curve.lines))
    for k in (after - 1, after - 2) if x == curve.breaks[after - 1] and after > 1 else (after - 1,):
        slope, start = curve.lines[k]
        if x not in (curve.breaks[k], curve.breaks[k + 1]) or _value_at(curve, x) == slope * x + start:
            ends = f"[{number(curve.breaks[k])}, {number(curve.breaks[k + 1])}]"
            return f"{name} = {formula([slope], start)} for x0 in {ends}"
    return f"{name} jumps; it has this value at this point only"


def _value_at(curve: Curve, x: fmpq) -> fmpq:
    return curve.values[bisect_right(curve.breaks, x) - 1]


def formula(slopes: Sequence[fmpq], start: fmpq) -> str:
    """An affine form for people.

    >>> formula([fmpq(1, 2), fmpq(0), fmpq(-1)], fmpq(-3))
    '1/2*x0 - x2 - 3'
    """
    text = ""
    for i, c in enumerate([*slopes, start]):
        if c == 0:
            continue
        name = f"x{i}" if i < len(slopes) else ""
        size = number(abs(c))
        part = name if name and abs(c) == 1 else f"{size}*{name}" if name else size
        sign = "-" if c < 0 else "+"
        text += f" {sign} {part}" if text else f"-{part}" if c < 0 else part
    return text or "0"


def local_form(subject: Subject, head: Head, x: Point) -> tuple[list[fmpq], fmpq]:
    """Slopes and value at 0 of the affine function that the head is on the region of neurons active at the point; a
    floor is constant there, and so is a relu that is 0.
    """
    d = len(x)
    forms = [([fmpq(int(i == j)) for j in range(d)], ZERO) for i in range(d)]
    for layer, values in zip(subject.network.layers[: head.layer], subject.values(x), strict=False):
        forms = [
            _combined(n.affine, forms, d) if n.activation == "relu" and v > 0 else ([ZERO] * d, v)
            for n, v in zip(layer, values, strict=True)
        ]
    return _combined(head.affine, forms, d)


def _combined(affine: Affine, forms: Sequence[tuple[list[fmpq], fmpq]], d: int) -> tuple[list[fmpq], fmpq]:
    slopes = [sum((w * forms[s][0][i] for s, w in affine.terms), ZERO) for i in range(d)]
    return slopes, sum((w * forms[s][1] for s, w in affine.terms), affine.bias)


def active(subject: Subject, head: Head, x: Point) -> str:
    """The neurons that are not 0 at the point, by layers; long lists are cut."""
    parts = []
    for j, (layer, values) in enumerate(zip(subject.network.layers, subject.values(x), strict=True), start=1):
        if j > head.layer:
            break
        names = [n.name for n, v in zip(layer, values, strict=True) if v != 0]
        more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
        parts.append(f"layer {j}: {' '.join(names[:MOST_NAMES]) or 'none'}{more}")
    if len(parts) > MOST_LAYERS:
        parts = [*parts[: MOST_LAYERS - 1], "...", parts[-1]]
    return "; ".join(parts)
