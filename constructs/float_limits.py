"""Whether floats can hold a network at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flint import fmpq

from constructs.activations import RELU_POWERS
from constructs.errors import ConstructError
from constructs.float_formats import FLOAT64, FloatFormat
from constructs.neurons import PRODUCT, Layer, Neuron, bit_size

FLOOR_BITS = 24  # a denominator is so many bits shorter than the exponents reach, so that nothing underflows
KEPT = 16  # bits that a ramp and a sine weight must leave to a number, together


def held_by_floats(layers: Iterable[Layer], floats: FloatFormat = FLOAT64) -> Iterator[Layer]:
    """The layers one after another, each shown before to keep the cell numbers and the stored values apart.

    Method: a ReLU ramp of slope 2^s rounds the cell number to about 2^(s-52), which a sine behind it
    multiplies by its weight, and which no exp2 bears: its exponents must come from floors. A power or a product
    has no slope that the weights bound: nothing but a ReLU, a power or a product may come after it.
    Raises: ConstructError, naming the neuron, when its layer is asked for.
    """
    before: Layer = ()
    curved = False  # whether a power or a product was met
    steep, harmless = 0, fmpq(1, 2)  # weights up to 2^(steep-1) in size have no larger exponent
    for number, layer in enumerate(layers, start=1):
        steeper, curves = steep, curved
        for neuron in layer:
            if neuron.activation == PRODUCT or RELU_POWERS.get(neuron.activation, 1) > 1:
                curves = True
                continue
            if neuron.activation != "relu":
                _require(neuron, number, before, None if curved else steep, floats)
                continue
            for _, weight in neuron.affine.terms:
                if abs(weight) > harmless:
                    steeper = max(steeper, _exponent(weight))
        yield layer
        if steeper > steep:
            steep, harmless = steeper, fmpq(1 << steeper, 2)
        before, curved = layer, curves


def _require(neuron: Neuron, number: int, before: Layer, steep: int | None, floats: FloatFormat) -> None:
    """Raises unless the neuron, which reads the layer `before`, bears ramps of slope up to 2^steep; None: anything."""
    weights = [w for _, w in neuron.affine.terms]
    held = steep is not None and all(
        int(w.p).bit_length() <= floats.precision and int(w.q).bit_length() <= floats.most - FLOOR_BITS
        for w in neuron.affine.weights
    )
    if neuron.activation == "sine":
        held = held and (steep or 0) + max(map(_exponent, weights), default=0) <= floats.precision - 1 - KEPT
    if neuron.activation == "exp2":
        held = held and all(w.q == 1 for w in neuron.affine.weights)
        held = held and all(
            s < len(before) and before[s].activation == "floor" for s, _ in neuron.affine.terms
        )
    if not held:
        before_it = "a power or a product" if steep is None else f"ramps of slope 2^{steep}"
        raise ConstructError(
            f"weights of neuron {neuron.name!r} in layer {number}",
            f"{max(map(bit_size, weights), default=0)} bits, after {before_it}",
            f"what {floats.precision} significant bits can hold; use evaluate() for exact values",
        )


def _exponent(value: fmpq) -> int:
    """About log2 of the size of a nonzero number, at least 0."""
    return max(int(value.p).bit_length() - int(value.q).bit_length(), 0)
