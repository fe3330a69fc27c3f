"""Writing a network down by channel names: forms over named channels, compiled to numbered sources, unused
neurons dropped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flint import fmpq, fmpz

from constructs.network import Network
from constructs.neurons import Affine, Layer, Neuron, Readout

Scalar = int | fmpz | fmpq


@dataclass(frozen=True)
class Form:
    """An affine form over the named channels of one layer.

    >>> 2 * Form.of("X0") - Form.of("Z0") + 1
    Form(terms={'X0': 2, 'Z0': -1}, bias=1)
    """

    terms: Mapping[str, fmpq] = field(default_factory=dict)
    bias: fmpq = field(default_factory=fmpq)

    @staticmethod
    def of(channel: str) -> Form:
        """The channel itself."""
        return Form({channel: fmpq(1)})

    def __add__(self, other: Form | Scalar) -> Form:
        if not isinstance(other, Form):
            return Form(self.terms, self.bias + other)
        terms = dict(self.terms)
        for channel, weight in other.terms.items():
            terms[channel] = terms.get(channel, fmpq(0)) + weight
        return Form({c: w for c, w in terms.items() if w != 0}, self.bias + other.bias)

    def __rmul__(self, factor: Scalar) -> Form:
        if factor == 0:
            return Form()
        return Form({c: fmpq(factor) * w for c, w in self.terms.items()}, fmpq(factor) * self.bias)

    def __sub__(self, other: Form | Scalar) -> Form:
        return self + -1 * other if isinstance(other, Form) else self + -other


@dataclass(frozen=True)
class Channel:
    """A neuron before it has a number: activation(form over the layer before)."""

    name: str
    role: str
    activation: str
    form: Form


@dataclass(frozen=True)
class Head:
    """A readout before its sources have numbers."""

    level: int
    layer: int
    form: Form


def assemble(inputs: Sequence[str], layers: Sequence[Sequence[Channel]], heads: Sequence[Head]) -> Network:
    """The network of the neurons that some head depends on, in the order given.

    Returns: Network; a layer that nothing depends on keeps its first neuron, so that depth is what was
    written.
    """
    kept: list[list[Channel]] = []
    needed: set[str] = set()
    for number in range(len(layers), 0, -1):
        for head in heads:
            if head.layer == number:
                needed |= set(head.form.terms)
        layer = [c for c in layers[number - 1] if c.name in needed] or [layers[number - 1][0]]
        kept.append(layer)
        needed = {source for channel in layer for source in channel.form.terms}
    kept.reverse()
    names = [list(inputs)] + [[c.name for c in layer] for layer in kept]
    compiled: list[Layer] = [
        tuple(Neuron(c.name, c.role, c.activation, _compile(c.form, names[i])) for c in layer)
        for i, layer in enumerate(kept)
    ]
    readouts = tuple(Readout(h.level, h.layer, _compile(h.form, names[h.layer])) for h in heads)
    return Network(len(inputs), tuple(compiled), readouts)


def _compile(form: Form, names: Sequence[str]) -> Affine:
    numbers = {name: i for i, name in enumerate(names)}
    terms = sorted((numbers[c], w) for c, w in form.terms.items())
    return Affine(tuple(terms), form.bias)
