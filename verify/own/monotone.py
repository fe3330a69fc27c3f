"""Whether a network rises or falls along an axis: on its pieces exactly, or on boxes by its gradient.

Source: verify/CERTIFICATE.md, 14.6.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import fmpq

from constructs.errors import ConstructError
from constructs.exact import to_text
from verify.boxes import places
from verify.enclosure import Interval
from verify.own.answers import Point
from verify.own.box_errors import CHUNK, grids, jet
from verify.own.conditions import Monotone
from verify.own.pieces import ZERO, Curve
from verify.own.points import alone, halves, lattice, rational_point
from verify.own.subject import Head, Subject
from verify.own.where import number, piece, point
from verify.quantities import TooLarge
from verify.verdict import Finding, Reason, Status

Pair = tuple[Point, Point]
SEARCHED = 1 << 13  # points of a float lattice
TRIED = 32


def monotone_finding(subject: Subject, level: int, condition: Monotone) -> Finding:
    """Proved on pieces or boxes, refuted by two points, else undecided."""
    axis, sign = condition.axis, condition.sign
    if axis >= subject.target.dim:
        raise ConstructError("monotone(axis)", axis, f"an axis below {subject.target.dim}")
    head = Head.of(subject.readout(condition.of))
    reason, note, pair, grid = Reason.UNSUPPORTED, "for relu and floor networks only", None, None
    proved = False
    if not subject.unsupported:
        try:
            proved, pair, grid, reason, note = _decided(subject, head, axis, sign)
        except TooLarge as error:
            reason, note = Reason.BUDGET, str(error)
    stated: dict[str, Any] = {
        "witness": None if pair is None else [[to_text(c) for c in x] for x in pair],
        "grid": grid,
    }
    if proved:
        return Finding("monotone", level, Status.PROVED, stated)
    if pair is None:
        return Finding("monotone", level, Status.UNDECIDED, stated, reason, note=note)
    words = f"{_shown(subject, head, pair)}\nthere {piece(subject, head, pair[0])}"
    return Finding("monotone", level, Status.REFUTED, stated, note=words)


def _decided(
    subject: Subject, head: Head, axis: int, sign: int
) -> tuple[bool, Pair | None, int | None, Reason, str]:
    budget = Reason.BUDGET
    if subject.target.dim == 1:
        found = _on_pieces(subject.curve(head), sign)
        return found is None, found, None, budget, ""
    found = _by_points(subject, head, axis, sign)
    if found is not None:
        return False, found, None, budget, ""
    if "floor" in subject.network.activations:
        return False, None, None, Reason.UNSUPPORTED, "with several variables, for relu networks only"
    network = alone(subject.network, head)
    for grid in grids(subject.target.dim, network.parameters):
        if all(
            np.all(np.asarray(_signed(jet(network, over, True)[1].get(axis), sign)) >= 0)
            for _, over, _ in places(subject.target.dim, grid, CHUNK)
        ):
            return True, None, grid, budget, ""
    return False, None, None, budget, "no grid within the budget shows it, and no two points contradict it"


def _signed(slope: Interval | None, sign: int) -> Any:
    if slope is None:
        return 0.0
    return slope.lo if sign > 0 else -np.asarray(slope.hi)


def _on_pieces(phi: Curve, sign: int) -> Pair | None:
    """Two points in the wrong order; None if there are none: slopes, and limits and values at the breaks, are right."""
    for k, (slope, start) in enumerate(phi.lines):
        a, b = phi.breaks[k], phi.breaks[k + 1]
        if sign * slope < 0:
            return ((a + a + b) / 3,), ((a + b + b) / 3,)
        at_a, at_b = slope * a + start, slope * b + start
        if sign * phi.values[k] > sign * at_a:
            return (a,), (_near(a, b, slope, start, phi.values[k], sign),)
        if sign * at_b > sign * phi.values[k + 1]:
            return (_near(b, a, slope, start, phi.values[k + 1], -sign),), (b,)
    return None


def _near(end: fmpq, other: fmpq, slope: fmpq, start: fmpq, value: fmpq, sign: int) -> fmpq:
    """A point of the piece, near its end, where sign·Phi < sign·value still."""
    step = (other - end) / 2
    while sign * (slope * (end + step) + start) >= sign * value:
        step /= 2
    return end + step


def _by_points(subject: Subject, head: Head, axis: int, sign: int) -> Pair | None:
    """Two points in the wrong order, found by floats, judged exactly; None if none was found."""
    d = subject.target.dim
    side = halves(d, SEARCHED) + 1
    points = lattice(d, side)
    try:
        values = alone(subject.network, head).evaluate_floats(points)[:, 0]
    except ConstructError:
        return None  # floats cannot hold it: nothing is known
    falls = sign * np.diff(values.reshape((side,) * d), axis=axis)
    order = np.argsort(falls, axis=None)[:TRIED]
    first = np.delete(np.arange(points.shape[0]).reshape((side,) * d), -1, axis=axis).reshape(-1)
    for place in order:
        here = rational_point(points[first[place]])
        there = list(here)
        there[axis] = rational_point(points[first[place]] + np.eye(d)[axis] / (side - 1))[axis]
        low, high = (sign * subject.value(head, x) for x in (here, there))
        if low > high and ZERO <= here[axis] < there[axis] <= 1:
            return tuple(here), tuple(there)
    return None


def _shown(subject: Subject, head: Head, pair: Pair) -> str:
    values = [f"{number(subject.value(head, x))} at {point(x)}" for x in pair]
    return f"{head.name} = {values[0]} and {values[1]}"
