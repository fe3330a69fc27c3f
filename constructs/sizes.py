"""The sizes of a network, and the activations it uses, seen in one pass over its layers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from constructs.neurons import Layer, Readout, bit_size


@dataclass(frozen=True)
class Sizes:
    """Numbers of neurons, of nonzero weights and biases (readouts included), and of their bits; activations."""

    width: int
    neurons: int
    parameters: int
    weight_bits: int
    total_bits: int
    activations: frozenset[str]

    @staticmethod
    def of(layers: Iterable[Layer], readouts: Iterable[Readout]) -> Sizes:
        """Each layer and each readout is asked for once, and not kept.

        >>> Sizes.of((), ())
        Sizes(width=0, neurons=0, parameters=0, weight_bits=0, total_bits=0, activations=frozenset())
        """
        width = neurons = parameters = largest = total = 0
        used: set[str] = set()
        for layer in layers:
            width, neurons = max(width, len(layer)), neurons + len(layer)
            used |= {neuron.activation for neuron in layer}
            bits = [bit_size(w) for neuron in layer for w in neuron.affine.weights]
            parameters, largest, total = parameters + len(bits), max(largest, *bits, 0), total + sum(bits)
        for readout in readouts:
            bits = [bit_size(w) for w in readout.affine.weights]
            parameters, largest, total = parameters + len(bits), max(largest, *bits, 0), total + sum(bits)
        return Sizes(width, neurons, parameters, largest, total, frozenset(used))
