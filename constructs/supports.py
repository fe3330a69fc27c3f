"""The box outside which a product neuron vanishes, read off its weights."""

from __future__ import annotations

from dataclasses import dataclass

from flint import fmpq

from constructs.activations import RELU_POWERS
from constructs.network import Network
from constructs.neurons import PRODUCT, Layer, Neuron


@dataclass(frozen=True)
class Box:
    """The product of the closed intervals [lo_i, hi_i]; empty if some lo_i > hi_i.

    >>> Box((fmpq(0), fmpq(0)), (fmpq(1), fmpq(2))).contains(Box((fmpq(0), fmpq(1)), (fmpq(1), fmpq(1))))
    True
    """

    lo: tuple[fmpq, ...]
    hi: tuple[fmpq, ...]

    @property
    def solid(self) -> bool:
        """Whether it has interior points."""
        return all(a < b for a, b in zip(self.lo, self.hi, strict=True))

    def contains(self, other: Box) -> bool:
        """Whether the other is a subset, interval by interval."""
        return all(a <= b for a, b in zip(self.lo, other.lo, strict=True)) and all(
            a >= b for a, b in zip(self.hi, other.hi, strict=True)
        )

    def holds(self, x: tuple[fmpq, ...]) -> bool:
        """Whether a point lies in it."""
        return self.contains(Box(x, x))


def support(network: Network, index: int) -> Box | None:
    """The support of neuron `index` of layer 2, as a function of the inputs.

    Returns: Box, exactly the support if it is `solid`, and then the neuron is > 0 in its whole interior; if it is not,
    the neuron vanishes everywhere. None if it is no product of ReLU powers of one coordinate each, or if these leave it
    unbounded.
    Method: max(w x_i + b, 0)^q, w != 0, is positive exactly for x_i > -b/w (w > 0) or x_i < -b/w (w < 0); a product of
    such is positive exactly where all are.
    """
    return box_of(network.layers[1][index], network.layers[0], network.inputs)


def box_of(neuron: Neuron, first: Layer, inputs: int) -> Box | None:
    """As `support`, for a neuron that reads the layer `first`, which reads the inputs."""
    if neuron.activation != PRODUCT:
        return None
    ends: tuple[list[list[fmpq]], ...] = ([[] for _ in range(inputs)], [[] for _ in range(inputs)])
    for source, _ in neuron.affine.terms:
        factor = first[source]
        if factor.activation not in RELU_POWERS or len(factor.affine.terms) != 1:
            return None
        ((i, weight),) = factor.affine.terms
        if weight == 0:
            return None
        ends[weight < 0][i].append(-factor.affine.bias / weight)
    below, above = ends
    if not all(below) or not all(above):
        return None
    return Box(tuple(map(max, below)), tuple(map(min, above)))
