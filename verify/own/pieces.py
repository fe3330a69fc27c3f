"""A ReLU and floor network of one input as what it is: on every piece of [0,1] each neuron is affine, exactly.

Source: verify/CERTIFICATE.md, 14.3.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from flint import fmpq

from constructs.network import Network
from constructs.neurons import Affine, Layer, Neuron
from verify.quantities import TooLarge

MOST_PIECES = 1 << 16
MOST_FORMS = 1 << 22  # neurons times pieces
SUPPORTED = frozenset({"relu", "floor"})
ZERO, ONE = fmpq(0), fmpq(1)
Line = tuple[fmpq, fmpq]  # slope, value at 0


@dataclass(frozen=True, eq=False)
class Stage:
    """The neurons of a layer: lines[k][n] on the open piece k between two breaks, values[k][n] at the break k."""

    breaks: list[fmpq]
    lines: list[list[Line]]
    values: list[list[fmpq]]

    def form(self, affine: Affine) -> Curve:
        """An affine form of the layer's neurons."""
        return Curve(
            self.breaks,
            [_line(affine, sources) for sources in self.lines],
            [_at(affine, v) for v in self.values],
        )

    def neuron(self, index: int) -> Curve:
        """One of the neurons."""
        return self.form(Affine(((index, ONE),), ZERO))

    def piece(self, x: fmpq) -> int:
        """The number of a piece whose closure holds x."""
        return max(0, min(bisect_right(self.breaks, x), len(self.breaks) - 1) - 1)


@dataclass(frozen=True, eq=False)
class Curve:
    """A function on [0,1]: affine on the open pieces, with its values at the breaks."""

    breaks: list[fmpq]
    lines: list[Line]
    values: list[fmpq]


def stages(network: Network, wanted: Collection[int]) -> dict[int, Stage]:
    """The layers with these numbers (from 1), each on the pieces on which all neurons so far are affine.

    Requires: one input; activations relu and floor only. All layers are followed, whatever is wanted.
    Returns: stages whose breaks are those of 14.3: 0, 1, zeros of arguments of relu, integers passed by those of floor.
    Guarantees: exact.
    Raises: TooLarge beyond 2^16 pieces, or 2^22 neurons times pieces.

    >>> from constructs.raw_layers import layers
    >>> hat = layers([[("relu", [2], 0), ("relu", [4], -2)]], readout=([1, -1], 0))
    >>> stages(hat, [1])[1].form(hat.readouts[0].affine).lines
    [(2, 0), (-2, 2)]
    """
    here = Stage([ZERO, ONE], [[(ONE, ZERO)]], [[ZERO], [ONE]])
    found = {}
    for number, layer in enumerate(network.layers, start=1):
        here = _through(here, layer, network.neurons)
        if number in wanted:
            found[number] = here
    return found


def _through(before: Stage, layer: Layer, neurons: int) -> Stage:
    breaks, lines, values = [before.breaks[0]], [], [_applied(layer, before.values[0])]
    for (left, right), sources, after in zip(
        pairwise(before.breaks), before.lines, before.values[1:], strict=True
    ):
        arguments = [_line(neuron.affine, sources) for neuron in layer]
        room = MOST_PIECES - len(breaks) + 1
        cuts = sorted(
            {x for n, u in zip(layer, arguments, strict=True) for x in _cuts(n, u, left, right, room)}
        )
        if len(breaks) + len(cuts) > MOST_PIECES:
            raise TooLarge("pieces", len(breaks) + len(cuts), MOST_PIECES)
        for a, b in pairwise([left, *cuts, right]):
            middle = (a + b) / 2
            lines.append([_active(n, u, middle) for n, u in zip(layer, arguments, strict=True)])
            at_b = after if b == right else [slope * b + start for slope, start in sources]
            breaks.append(b)
            values.append(_applied(layer, at_b))
    if neurons * len(lines) > MOST_FORMS:
        raise TooLarge("neurons times pieces", neurons * len(lines), MOST_FORMS)
    return Stage(breaks, lines, values)


def _line(affine: Affine, sources: Sequence[Line]) -> Line:
    slope, start = ZERO, affine.bias
    for source, weight in affine.terms:
        slope, start = slope + weight * sources[source][0], start + weight * sources[source][1]
    return slope, start


def _at(affine: Affine, sources: Sequence[fmpq]) -> fmpq:
    return sum((weight * sources[source] for source, weight in affine.terms), affine.bias)


def _applied(layer: Layer, sources: Sequence[fmpq]) -> list[fmpq]:
    return [activated(neuron.activation, _at(neuron.affine, sources)) for neuron in layer]


def activated(activation: str, u: fmpq) -> fmpq:
    """relu or floor of a number; nothing else is known here."""
    match activation:
        case "relu":
            return max(u, ZERO)
        case "floor":
            return fmpq(u.floor())
    raise ValueError(f"no exact pieces for {activation}")


def _cuts(neuron: Neuron, u: Line, left: fmpq, right: fmpq, room: int) -> list[fmpq]:
    """Where the neuron, its argument affine on (left, right), is not affine or not continuous inside."""
    slope, start = u
    if slope == 0:
        return []
    if neuron.activation == "relu":
        zero = -start / slope
        return [zero] if left < zero < right else []
    low, high = sorted((slope * left + start, slope * right + start))
    first, last = int(low.floor()) + 1, int(high.ceil()) - 1
    if last - first >= room:
        raise TooLarge("pieces", last - first + 1, MOST_PIECES)
    return [(n - start) / slope for n in range(first, last + 1)]


def _active(neuron: Neuron, u: Line, middle: fmpq) -> Line:
    """The neuron on a piece inside which its argument u passes no kink and no jump."""
    slope, start = u
    if neuron.activation == "relu":
        return u if slope * middle + start > 0 else (ZERO, ZERO)
    return ZERO, fmpq((slope * middle + start).floor())
