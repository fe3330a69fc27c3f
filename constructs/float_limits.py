"""Whether floats can hold a network at all."""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpq

from constructs.errors import ConstructError
from constructs.neurons import Layer, bit_size

FLOAT_BITS = 52
LONGEST_FLOAT = 1000  # bits of a denominator, so that nothing underflows
FLOAT_LOSS = 36  # of these, bits that a ramp and a sine weight may use up together


def require_floats(layers: Sequence[Layer]) -> None:
    """Float evaluation keeps the cell numbers and the stored values apart.

    Method: a ReLU ramp of slope 2^s rounds the cell number to about 2^(s-52), which a sine multiplies by its
    weight, and which no exp2 bears: its exponents must come from floors.
    Raises: ConstructError, naming the neuron.
    """
    ramps = [w for layer in layers for n in layer if n.activation == "relu" for _, w in n.affine.terms]
    steep = max((_exponent(w) for w in ramps), default=0)
    for number, layer in enumerate(layers):
        for neuron in layer:
            if neuron.activation == "relu":
                continue
            weights = [w for _, w in neuron.affine.terms]
            held = all(
                int(w.p).bit_length() <= FLOAT_BITS + 1 and int(w.q).bit_length() <= LONGEST_FLOAT
                for w in neuron.affine.weights
            )
            if neuron.activation == "sine":
                held = held and steep + max(map(_exponent, weights), default=0) <= FLOAT_LOSS
            if neuron.activation == "exp2":
                sources = layers[number - 1] if number else ()
                held = held and all(w.q == 1 for w in neuron.affine.weights)
                held = held and all(
                    s < len(sources) and sources[s].activation == "floor" for s, _ in neuron.affine.terms
                )
            if not held:
                raise ConstructError(
                    f"weights of neuron {neuron.name!r}",
                    f"{max(map(bit_size, weights), default=0)} bits, after ramps of slope 2^{steep}",
                    "what 53 significant bits can hold; use evaluate() for exact values",
                )


def _exponent(value: fmpq) -> int:
    """About log2 of the size of a nonzero number, at least 0."""
    return max(int(value.p).bit_length() - int(value.q).bit_length(), 0)
