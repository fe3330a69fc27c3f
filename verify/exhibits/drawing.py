"""A network as it is drawn: small ones whole, deep or wide ones in part, and then it says what is left out."""

from __future__ import annotations

from collections.abc import Sequence

from constructs.network import Network
from constructs.neurons import Layer, bit_size
from verify.exhibits.kinds import Drawing, Unit

MOST_LAYERS = 10
FIRST, LAST = 6, 2  # of a deep network
MOST_NEURONS = 16  # of a layer


def drawing(network: Network, caption: str) -> Drawing | None:
    """The layers from the inputs on; None for a network without any."""
    if not network.depth:
        return None
    numbers = _numbers(network.depth)
    units: list[tuple[Unit, ...]] = []
    places: dict[int, int] = {0: 0}
    hidden = 0
    for before, number in zip([0, *numbers], numbers, strict=False):
        if number != before + 1:
            units.append(())
        layer = network.layers[number - 1]
        hidden += max(len(layer) - MOST_NEURONS, 0)
        shown = network.inputs if number == 1 else MOST_NEURONS if number == before + 1 else 0
        units.append(tuple(_units(layer, shown)))
        places[number] = len(units)
    readouts = [(r.level, r.layer) for r in _readouts(network, numbers)]
    return Drawing(
        caption=caption,
        inputs=tuple(f"x{i}" for i in range(network.inputs)),
        layers=tuple(units),
        readouts=tuple((f"Phi_{level}", places[layer]) for level, layer in readouts),
        left_out=_left_out(network, numbers, hidden),
    )


def _numbers(depth: int) -> list[int]:
    """The layers that are drawn, from 1."""
    if depth <= MOST_LAYERS:
        return list(range(1, depth + 1))
    return [*range(1, FIRST + 1), *range(depth - LAST + 1, depth + 1)]


def _units(layer: Layer, sources: int) -> list[Unit]:
    return [
        Unit(
            name=neuron.name,
            role=neuron.role,
            activation=neuron.activation,
            bits=max(map(bit_size, neuron.affine.weights), default=0),
            sources=tuple(s for s, _ in neuron.affine.terms if s < sources),
        )
        for neuron in layer[:MOST_NEURONS]
    ]


def _readouts(network: Network, numbers: Sequence[int]) -> list:
    """Those of layers that are drawn; of very many only the first and the last are looked at."""
    count = len(network.readouts)
    near = range(count) if count <= 2 * MOST_LAYERS else [*range(MOST_LAYERS), *range(count - LAST, count)]
    return [r for r in (network.readouts[i] for i in near) if r.layer in numbers]


def _left_out(network: Network, numbers: Sequence[int], hidden: int) -> str:
    parts = []
    if network.depth > len(numbers):
        parts.append(f"layers {FIRST + 1} to {network.depth - LAST}")
    if hidden:
        parts.append(f"{hidden:,} more neurons of the layers shown (at most {MOST_NEURONS} a layer are)")
    return f"Not drawn: {' and '.join(parts)}." if parts else ""
