"""Additive networks: one hidden layer of ReLUs of one direction, through given values at given points."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from flint import fmpq

from constructs.errors import ConstructError
from constructs.exact import Exact, rational
from constructs.network import Network
from constructs.wiring import Channel, Form, Head, assemble

Vector = tuple[fmpq, ...]


def separating_direction(points: Sequence[Sequence[Exact]]) -> Vector:
    """A direction w = (B^(m-1), ..., B, 1) in which no two of the points are level: their w.x are distinct.

    Requires: distinct points with m >= 1 coordinates each.
    Returns: w, B a positive integer; on the points w.x increases in their lexicographic order.
    Method: let D be the longest range of a coordinate but the first, g the smallest gap between two values of one
    coordinate but the last. If x and y first differ in coordinate i, that makes at least B^(m-1-i) g of w.(x-y), and
    what follows takes away at most D (B^(m-2-i) + ... + 1) < B^(m-1-i) g, if (B-1) g >= D. On the grid of mesh 1/M of
    the cube B = M+1, and the w.x are equally spaced: no direction has a larger smallest gap relative to their range.
    Raises: ConstructError.

    >>> separating_direction([(0, 0), (0, "1/2"), ("1/2", 0), ("1/2", "1/2")])
    (2, 1)
    """
    given = _points(points)
    columns = [sorted(set(column)) for column in zip(*given, strict=True)]
    gaps = [b - a for column in columns[:-1] for a, b in pairwise(column)]
    longest = max((column[-1] - column[0] for column in columns[1:]), default=fmpq(0))
    base = fmpq(1 + (longest / min(gaps)).ceil()) if gaps else fmpq(1)
    return tuple(base ** (len(columns) - 1 - i) for i in range(len(columns)))


def interpolant(
    points: Sequence[Sequence[Exact]], values: Sequence[Exact], direction: Sequence[Exact]
) -> Network:
    """The network sum over j of a_j max(w.x - t_j, 0) + v that has these values at these points.

    Requires: one value for each point; a direction w in which no two points are level.
    Returns: Network: one hidden layer of at most as many ReLUs as points, one readout, of level 0.
    Guarantees: it is a function of t = w.x: through the points linearly, constant before the first and after the last;
    exactly. Kinks of size 0 are left out, one neuron stays for a constant.
    Method: a_j = the slope after t_j less that before it; v is the value of the first point.
    Raises: ConstructError.

    >>> network = interpolant([(0, 0), (0, 1), (1, 0), (1, 1)], [0, 0, 5, 0], (2, 1))
    >>> network.evaluate([1, 0]), network.evaluate([0, 1]), network.evaluate(["1/2", 1]), network.width
    ([5], [0], [5], 3)
    """
    given = _points(points)
    w = tuple(rational(c, "direction") for c in direction)
    if len(w) != len(given[0]):
        raise ConstructError("direction", f"{len(w)} coordinates", f"{len(given[0])}, as the points")
    if len(values) != len(given):
        raise ConstructError("values", f"{len(values)} of them", f"{len(given)}, one for each point")
    pairs = ((level(w, x), rational(v, "values")) for x, v in zip(given, values, strict=True))
    ordered = sorted(pairs, key=lambda pair: pair[0])
    for (a, _), (b, _) in pairwise(ordered):
        if a == b:
            raise ConstructError(
                "direction", ", ".join(map(str, w)), f"one in which no two points are level (here, at {a})"
            )
    slopes = [fmpq(0), *((v - u) / (b - a) for (a, u), (b, v) in pairwise(ordered)), fmpq(0)]
    projection = Form({f"x{i}": c for i, c in enumerate(w) if c != 0})
    kinks = [Channel(f"r{j}", "kink", "relu", projection - t) for j, (t, _) in enumerate(ordered)]
    sizes = {f"r{j}": after - before for j, (before, after) in enumerate(pairwise(slopes)) if after != before}
    return assemble([f"x{i}" for i in range(len(w))], [kinks], [Head(0, 1, Form(sizes, ordered[0][1]))])


def level(w: Vector, x: Vector) -> fmpq:
    """The scalar product w.x.

    >>> level((fmpq(2), fmpq(1)), (fmpq(1, 3), fmpq(1)))
    5/3
    """
    return sum((a * b for a, b in zip(w, x, strict=True)), fmpq(0))


def _points(points: Sequence[Sequence[Exact]]) -> list[Vector]:
    given = [tuple(rational(c, "points") for c in x) for x in points]
    if not given or not given[0]:
        raise ConstructError("points", "none, or without coordinates", "at least one point of R^m, m >= 1")
    if any(len(x) != len(given[0]) for x in given):
        raise ConstructError("points", "of several dimensions", "points with the same number of coordinates")
    if len(set(given)) < len(given):
        raise ConstructError("points", "one of them twice", "distinct points")
    return given
