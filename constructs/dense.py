"""A network as dense matrices of floats, the form in which other libraries run it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from flint import fmpq

from constructs.errors import ConstructError
from constructs.float_formats import FloatFormat
from constructs.float_limits import held_by_floats
from constructs.network import Network
from constructs.neurons import PRODUCT, Affine, Layer, Neuron, as_float

MOST_NUMBERS = 1 << 26  # half a gigabyte of float64
MOST_LAYERS = 1 << 13


@dataclass(frozen=True, eq=False)
class Form:
    """weights @ sources + bias, a row a neuron."""

    weights: np.ndarray
    bias: np.ndarray


@dataclass(frozen=True, eq=False)
class Group:
    """The neurons of a layer that have one activation."""

    activation: str
    form: Form


@dataclass(frozen=True, eq=False)
class Products:
    """The products of a layer that have equally many factors: a row of numbers of sources for each."""

    factors: np.ndarray


@dataclass(frozen=True, eq=False)
class DenseLayer:
    """A layer: the values of its parts one after another, which need not be the order of the network's neurons, and the
    readouts that read it, with their levels.
    """

    parts: tuple[Group | Products, ...]
    heads: tuple[tuple[int, Form], ...]


def dense_layers(network: Network, floats: FloatFormat) -> Iterator[DenseLayer]:
    """The layers with every weight rounded to the nearest float.

    Raises: ConstructError, naming layer and neuron, where floats cannot hold the network: see `held_by_floats`, and a
    weight that would become 0 or infinite; also for a network without readouts, or one too large.
    """
    _require_size(network)
    sources, places = network.inputs, list(range(network.inputs))
    held = held_by_floats(network.layers, floats)
    for number, (layer, (_, reads)) in enumerate(zip(held, network.walk(), strict=False), start=1):
        kinds: dict[tuple[str, int], list[int]] = {}
        for i, neuron in enumerate(layer):
            factors = len(neuron.affine.terms) if neuron.activation == PRODUCT else 0
            kinds.setdefault((neuron.activation, factors), []).append(i)
        write = _Writer(sources, places, floats)
        parts = tuple(
            write.part(activation, [layer[i] for i in chosen], number)
            for (activation, _), chosen in kinds.items()
        )
        sources, places = len(layer), _inverse([i for chosen in kinds.values() for i in chosen])
        write = _Writer(sources, places, floats)
        heads = tuple((r.level, write.form([(f"readout {r.level}", r.affine)])) for _, r in reads)
        yield DenseLayer(parts, heads)


def _require_size(network: Network) -> None:
    if not network.readouts:
        raise ConstructError("network", "no readouts", "at least one")
    if network.depth > MOST_LAYERS:
        raise ConstructError(
            "network", f"{network.depth} layers", f"at most {MOST_LAYERS}, as dense matrices"
        )
    before, numbers = network.inputs, 0
    for layer in network.layers:
        numbers += len(layer) * (1 if _only_products(layer) else before + 1)
        before = len(layer)
    if numbers > MOST_NUMBERS:
        raise ConstructError("network", f"{numbers} numbers as dense matrices", f"at most {MOST_NUMBERS}")


def _only_products(layer: Layer) -> bool:
    return all(n.activation == PRODUCT for n in layer)


def _inverse(order: Sequence[int]) -> list[int]:
    places = [0] * len(order)
    for place, i in enumerate(order):
        places[i] = place
    return places


@dataclass(frozen=True)
class _Writer:
    """Rows over a layer of which source i stands at places[i]."""

    sources: int
    places: Sequence[int]
    floats: FloatFormat

    def part(self, activation: str, neurons: Sequence[Neuron], number: int) -> Group | Products:
        if activation == PRODUCT:
            return Products(np.array([[self.places[s] for s, _ in n.affine.terms] for n in neurons]))
        return Group(activation, self.form([(f"{n.name} in layer {number}", n.affine) for n in neurons]))

    def form(self, rows: Sequence[tuple[str, Affine]]) -> Form:
        weights = np.zeros((len(rows), self.sources), dtype=self.floats.name)
        bias = np.zeros(len(rows), dtype=self.floats.name)
        for i, (name, affine) in enumerate(rows):
            for s, w in affine.terms:
                weights[i, self.places[s]] = as_float(self._rounded(w, name))
            bias[i] = as_float(self._rounded(affine.bias, name))
        return Form(weights, bias)

    def _rounded(self, value: fmpq, name: str) -> fmpq:
        rounded = self.floats.nearest(value)
        if rounded is None or (rounded == 0 and value != 0):
            size = "too large" if rounded is None else "too small"
            raise ConstructError(f"weight of {name}", f"{size} for {self.floats.name}", "within its range")
        return rounded
