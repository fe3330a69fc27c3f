"""Slabs {lo < w.x < hi}, and where two additive networks of one direction differ, from their weights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from flint import fmpq

from constructs.additive import Vector, level
from constructs.errors import ConstructError
from constructs.network import Network
from constructs.supports import Box

ZERO, ONE = fmpq(0), fmpq(1)
Piece = tuple[fmpq | None, fmpq | None]  # an open interval; None: it has no end there


@dataclass(frozen=True)
class Slab:
    """The open set of the x with lo < w.x < hi, w = direction; None: no bound on that side.

    >>> Slab((fmpq(2), fmpq(1)), fmpq(1), None).holds((fmpq(1), fmpq(0)))
    True
    """

    direction: Vector
    lo: fmpq | None
    hi: fmpq | None

    def holds(self, x: Vector) -> bool:
        """Whether a point lies in it."""
        t = level(self.direction, x)
        return (self.lo is None or self.lo < t) and (self.hi is None or t < self.hi)

    def in_cube(self) -> Box | None:
        """The smallest closed box that holds all points of the slab in the closed cube [0,1]^m; None if there are none.

        Method: for a given x_i the other coordinates add anything from r to R to w_i x_i, so x_i occurs in the closed
        slab iff lo - R <= w_i x_i <= hi - r; an open slab that meets the cube is dense in the closed one there.

        >>> Slab((fmpq(4), fmpq(1)), fmpq(2), fmpq(3)).in_cube()
        Box(lo=(1/4, 0), hi=(3/4, 1))
        """
        least, most = (sum((extreme(c, ZERO) for c in self.direction), ZERO) for extreme in (min, max))
        lo = least - 1 if self.lo is None else self.lo
        hi = most + 1 if self.hi is None else self.hi
        if not (lo < hi and lo < most and hi > least):
            return None
        sides = [_where(c, lo - (most - max(c, ZERO)), hi - (least - min(c, ZERO))) for c in self.direction]
        return Box(tuple(a for a, _ in sides), tuple(b for _, b in sides))


def _where(c: fmpq, low: fmpq, high: fmpq) -> tuple[fmpq, fmpq]:
    """The u in [0,1] with low <= c u <= high; all of them for c = 0."""
    if c == 0:
        return ZERO, ONE
    ends = sorted((low / c, high / c))
    return max(ends[0], ZERO), min(ends[1], ONE)


def changed(before: Network, after: Network) -> tuple[Slab, ...]:
    """Where two additive networks differ: exactly the union of these disjoint slabs.

    Requires: one hidden layer of ReLUs max(w.x - t_j, 0), with one w for all; one readout.
    Returns: slabs, in the order of w.x; () if the networks are the same function.
    Method: the difference is a piecewise linear function of t = w.x with kinks at the t_j whose weights differ; its
    zeros are found piece by piece.
    Raises: ConstructError for other networks.

    >>> from constructs.additive import interpolant
    >>> one, two = (interpolant([(0,), (1,), (2,)], [0, v, 0], (1,)) for v in (3, 4))
    >>> changed(one, two)
    (Slab(direction=(1,), lo=0, hi=2),)
    """
    direction = _direction(before)
    if direction != _direction(after):
        raise ConstructError("after", "a network of another direction", f"{', '.join(map(str, direction))}")
    sizes: dict[fmpq, fmpq] = {}
    for network, sign in ((before, -1), (after, 1)):
        for j, weight in network.readouts[0].affine.terms:
            t = -network.layers[0][j].affine.bias
            sizes[t] = sizes.get(t, ZERO) + sign * weight
    start = after.readouts[0].affine.bias - before.readouts[0].affine.bias
    kinks = sorted((t, size) for t, size in sizes.items() if size != 0)
    return tuple(Slab(direction, lo, hi) for lo, hi in _joined(list(_nonzero(start, kinks))))


def _nonzero(value: fmpq, kinks: list[tuple[fmpq, fmpq]]) -> Iterator[tuple[Piece, bool]]:
    """The open pieces where the function is not 0, and whether it is not 0 at the lower end either."""
    if value != 0:
        yield (None, kinks[0][0] if kinks else None), False
    slope = ZERO
    for n, (t, size) in enumerate(kinks, start=1):
        end = kinks[n][0] if n < len(kinks) else None
        slope += size
        root = t - value / slope if slope != 0 else None
        if root is not None and root > t and (end is None or root < end):
            yield (t, root), value != 0
            yield (root, end), False
        elif slope != 0 or value != 0:
            yield (t, end), value != 0
        if end is not None:
            value += slope * (end - t)


def _joined(pieces: list[tuple[Piece, bool]]) -> list[Piece]:
    """Neighbours are joined where the function is not 0 between them."""
    out: list[Piece] = []
    for (lo, hi), goes_on in pieces:
        if goes_on and out and out[-1][1] == lo:
            lo = out.pop()[0]
        out.append((lo, hi))
    return out


def _direction(network: Network) -> Vector:
    expected = "one hidden layer of ReLUs with the same weights, and one readout"
    if network.depth != 1 or [r.layer for r in network.readouts] != [1]:
        raise ConstructError("network", f"depth {network.depth}", expected)
    layer = network.layers[0]
    for one, other in pairwise(layer):
        if one.affine.terms != other.affine.terms:
            raise ConstructError("network", f"{one.name} and {other.name} of different directions", expected)
    if any(neuron.activation != "relu" for neuron in layer):
        raise ConstructError("network", ", ".join(sorted(network.activations)), expected)
    weights = dict(layer[0].affine.terms)
    return tuple(weights.get(i, ZERO) for i in range(network.inputs))
