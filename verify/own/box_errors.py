"""A ReLU network and an expression on the boxes of a grid: enclosures of Phi, its gradient, and of f - Phi.

Source: verify/CERTIFICATE.md, 14.4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, isfinite

import numpy as np
from flint import fmpq

from constructs.exact import from_float
from constructs.network import Network
from constructs.neurons import Affine
from constructs.targets.expression import ExpressionTarget
from verify.boxes import places
from verify.enclosure import FUNCTIONS, ONE, ZERO, DomainUndecided, Interval, evaluate, thin
from verify.own.answers import Answer, Point
from verify.own.points import LEAST, alone
from verify.own.subject import Head, Subject
from verify.powers import Enclosure, rounded
from verify.rounding import down, sum_down, sum_up, up
from verify.verdict import Reason, Status

CHUNK = 1 << 14
MOST_BOXES = 1 << 20  # (2G)^d
MOST_WORK = 1 << 23  # operations times boxes
FIRST = 1 << 8  # boxes
RELATIVE, ABSOLUTE = fmpq(1, 2**30), fmpq(1, 2**40)  # how much wider ends are stated
COSTS = {"sqrt": 8, "exp": 32, "log": 32, "sin": 32, "cos": 32, "tanh": 32, "**": 128}
_Jet = tuple[Interval, dict[int, Interval]]


@dataclass(frozen=True)
class Ends:
    """Largest sup|R|, mean of sup|R|² and of mig(R)² over the boxes, and the scale of f and Phi; floats, outward."""

    most: float
    square_hi: float
    square_lo: float
    scale: float


def on_boxes(
    subject: Subject,
    head: Head,
    target: ExpressionTarget,
    power: int,
    bound: fmpq,
    seen: tuple[fmpq, Point] | None,
) -> Answer:
    """Both ends of the supremum, or of the integral of the square, on finer and finer boxes until that decides.

    Requires: relu only; seen: for the supremum a lower bound, and the point that shows it.
    """
    network = alone(subject.network, head)
    answer = Answer(*_lower(seen), reason=Reason.BUDGET, note="too many weights for any grid of boxes")
    for grid in grids(target.dim, _cost(network, target)):
        try:
            ends = enclosed(network, target, grid)
        except DomainUndecided as error:
            answer = Answer(*_lower(seen), reason=Reason.DOMAIN, note=str(error))
            continue
        if not all(isfinite(x) for x in (ends.most, ends.scale, ends.square_hi)):
            answer = Answer(*_lower(seen), reason=Reason.PRECISION, note="no finite enclosure on some box")
            continue
        answer = _stated(ends, power, grid, seen)
        if answer.status(bound) is not Status.UNDECIDED:
            break
    return answer


def grids(d: int, cost: int) -> Iterator[int]:
    """Boxes per axis worth trying, each twice the one before, within the limits."""
    grid = 1
    while (2 * grid) ** d < FIRST:
        grid *= 2
    while (2 * grid) ** d <= MOST_BOXES and cost * grid**d <= MOST_WORK:
        yield grid
        grid *= 2


def _lower(seen: tuple[fmpq, Point] | None) -> tuple[fmpq, None, Point | None]:
    return (fmpq(0), None, None) if seen is None else (seen[0], None, seen[1])


def _cost(network: Network, target: ExpressionTarget) -> int:
    """Operations a box takes; each weight counts 1."""
    return network.parameters + sum(COSTS.get(node.op, 1) for node in target.nodes)


def _stated(ends: Ends, power: int, grid: int, seen: tuple[fmpq, Point] | None) -> Answer:
    slack = from_float(ends.scale) * ABSOLUTE + LEAST
    reason, note = Reason.BUDGET, f"{grid} boxes per axis are too coarse to decide it"
    if power == 1:
        hi = rounded(Enclosure.exact(from_float(ends.most) * (1 + RELATIVE) + slack)).hi
        lo, _, witness = _lower(seen)
        return Answer(lo, hi, witness, grid, reason, note)
    # (a + s)² <= a² + 2as + s² with a <= 2·scale
    wide = slack * (4 * from_float(ends.scale) + slack)
    lo = max(fmpq(0), from_float(ends.square_lo) * (1 - RELATIVE) - wide)
    hi = from_float(ends.square_hi) * (1 + RELATIVE) + wide
    both = rounded(Enclosure(lo, hi))
    return Answer(both.lo, both.hi, None, grid, reason, note)


def enclosed(network: Network, target: ExpressionTarget, grid: int) -> Ends:
    """The enclosures of f - Phi on all grid**d boxes, Phi the first readout.

    Requires: relu only.
    Raises: DomainUndecided.
    """
    d, most, scale = target.dim, 0.0, 0.0
    tops, bottoms = [], []
    for place, over, middle in places(d, grid, CHUNK):
        shape = tuple(s.stop - s.start for s in place)
        V, G = evaluate(target.nodes, over, True)
        v, _ = evaluate(target.nodes, middle, False)
        P, H = jet(network, over, True)
        p, _ = jet(network, middle, False)
        low, high = _range(V - P, v - p, _less(G, H, d), grid)
        top = np.broadcast_to(np.maximum(np.abs(low), np.abs(high)), shape)
        bottom = np.broadcast_to(np.maximum(0.0, np.maximum(low, -high)), shape)
        # np.maximum keeps a NaN, which Python's max may lose
        most = float(np.maximum(most, top.max()))
        scale = float(np.max([scale, *(np.max(np.abs(end)) for end in (V.lo, V.hi, P.lo, P.hi))]))
        tops.append(sum_up(up(top * top)))
        bottoms.append(sum_down(np.maximum(0.0, down(bottom * bottom))))
    boxes = float(grid) ** d
    mean_hi = up(sum_up(np.array(tops)) / boxes)
    mean_lo = max(0.0, float(down(sum_down(np.array(bottoms)) / boxes)))
    return Ends(most, float(mean_hi), mean_lo, scale)


def _range(
    plain: Interval, centre: Interval, slopes: list[Interval], grid: int
) -> tuple[np.ndarray, np.ndarray]:
    """R of 14.4: the mean value form where all slopes are bounded, within the plain difference."""
    half = float(np.asarray((ONE / (2.0 * grid)).hi))
    spread: np.ndarray | float = 0.0
    for slope in slopes:
        size = np.maximum(np.abs(np.asarray(slope.lo)), np.abs(np.asarray(slope.hi)))
        spread = up(spread + up(np.where(np.isfinite(size), size, inf) * half))
    low = np.maximum(plain.lo, down(centre.lo - spread))
    high = np.minimum(plain.hi, up(centre.hi + spread))
    return np.asarray(low), np.asarray(high)


def _less(f: dict[int, Interval], phi: dict[int, Interval], d: int) -> list[Interval]:
    return [f.get(i, ZERO) - phi.get(i, ZERO) for i in range(d)]


def jet(network: Network, X: list[Interval], derive: bool) -> _Jet:
    """The first readout and, with `derive`, its gradient, for coordinates in X; missing components are 0.

    Requires: relu only.
    """
    sources: list[_Jet] = [(x, {i: ONE} if derive else {}) for i, x in enumerate(X)]
    readout = network.readouts[0]
    for layer in network.layers[: readout.layer]:
        sources = [_relu(*_form(neuron.affine, sources)) for neuron in layer]
    return _form(readout.affine, sources)


def _form(affine: Affine, sources: list[_Jet]) -> _Jet:
    value, gradient = thin(affine.bias), dict[int, Interval]()
    for source, weight in affine.terms:
        w, (U, dU) = thin(weight), sources[source]
        value = value + w * U
        for i, g in dU.items():
            gradient[i] = gradient[i] + w * g if i in gradient else w * g
    return value, gradient


def _relu(U: Interval, dU: dict[int, Interval]) -> _Jet:
    on, off = np.asarray(U.lo) >= 0, np.asarray(U.hi) <= 0
    value = FUNCTIONS["max"](U, ZERO)
    return value, {i: _part(g, on, off) for i, g in dU.items()}


def _part(g: Interval, on: np.ndarray, off: np.ndarray) -> Interval:
    low = np.where(on, g.lo, np.where(off, 0.0, np.minimum(g.lo, 0.0)))
    high = np.where(on, g.hi, np.where(off, 0.0, np.maximum(g.hi, 0.0)))
    return Interval(low, high)
