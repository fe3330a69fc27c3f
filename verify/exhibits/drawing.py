"""A network as it is drawn: small ones whole, deep or wide ones in part, and then it says what is left out."""

from __future__ import annotations

from collections.abc import Sequence

from constructs.network import Network
from constructs.neurons import Layer, Readout, bit_size
from verify.exhibits.kinds import Drawing, Unit

MOST_LAYERS = 10
FIRST, LAST = 6, 2  # of a deep network
MOST_NEURONS = 16  # of a layer


def drawing(network: Network, caption: str) -> Drawing | None:
    """The layers from the inputs on; None for a network without any."""
    if not network.depth:
        return None
    numbers = _numbers(network.depth)
    layers = {number: network.layers[number - 1] for number in numbers}
    kept = _kept(layers)
    units: list[tuple[Unit, ...]] = []
    places: dict[int, int] = {}
    for number in numbers:
        if number > 1 and number - 1 not in layers:
            units.append(())
        before = range(network.inputs) if number == 1 else kept.get(number - 1, [])
        units.append(_units(layers[number], kept[number], list(before)))
        places[number] = len(units)
    hidden = sum(len(layer) - len(kept[number]) for number, layer in layers.items())
    return Drawing(
        caption=caption,
        inputs=tuple(f"x{i}" for i in range(network.inputs)),
        layers=tuple(units),
        readouts=tuple((f"Phi_{r.level}", places[r.layer]) for r in _readouts(network, numbers)),
        left_out=_left_out(network, numbers, hidden),
    )


def _kept(layers: dict[int, Layer]) -> dict[int, list[int]]:
    """Which neurons of each layer are drawn: all of narrow ones; of wide ones those that the next layer's read."""
    kept: dict[int, list[int]] = {}
    for number in reversed(layers):
        layer = layers[number]
        if len(layer) <= MOST_NEURONS:
            kept[number] = list(range(len(layer)))
            continue
        after = [layers[number + 1][i] for i in kept[number + 1]] if number + 1 in kept else []
        read = sorted({s for neuron in after for s, _ in neuron.affine.terms})
        kept[number] = (read or list(range(MOST_NEURONS)))[:MOST_NEURONS]
    return kept


def _numbers(depth: int) -> list[int]:
    """The layers that are drawn, from 1."""
    if depth <= MOST_LAYERS:
        return list(range(1, depth + 1))
    return [*range(1, FIRST + 1), *range(depth - LAST + 1, depth + 1)]


def _units(layer: Layer, kept: Sequence[int], before: Sequence[int]) -> tuple[Unit, ...]:
    places = {number: place for place, number in enumerate(before)}
    return tuple(
        Unit(
            name=neuron.name,
            role=neuron.role,
            activation=neuron.activation,
            bits=max(map(bit_size, neuron.affine.weights), default=0),
            sources=tuple(places[s] for s, _ in neuron.affine.terms if s in places),
        )
        for neuron in (layer[i] for i in kept)
    )


def _readouts(network: Network, numbers: Sequence[int]) -> list[Readout]:
    """Those of layers that are drawn; of very many only the first and the last are looked at."""
    count = len(network.readouts)
    near = range(count) if count <= 2 * MOST_LAYERS else [*range(MOST_LAYERS), *range(count - LAST, count)]
    return [r for r in (network.readouts[i] for i in near) if r.layer in numbers]


def _left_out(network: Network, numbers: Sequence[int], hidden: int) -> str:
    parts = []
    if network.depth > len(numbers):
        parts.append(f"layers {FIRST + 1} to {network.depth - LAST}")
    if hidden:
        parts.append(f"{hidden:,} more neurons of the layers shown (at most {MOST_NEURONS} of each are)")
    return f"Not drawn: {' and '.join(parts)}." if parts else ""
