"""Networks as plain data: layers of neurons that know their role, with affine readouts after some of the
layers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np
from flint import arb, ctx, fmpq

from constructs.activations import ACTIVATIONS
from constructs.arguments import float_array, items_of
from constructs.errors import ConstructError
from constructs.exact import Exact, integer, rational
from constructs.float_limits import held_by_floats
from constructs.float_walk import follow
from constructs.neurons import PRODUCT, Affine, Layer, Neuron, Number, Readout
from constructs.sizes import Sizes


@dataclass(frozen=True)
class Network:
    """A feedforward network with one readout per level; exact rational weights.

    Requires: layer 1 reads the inputs, layer j reads layer j-1; every readout reads one existing layer, and
    no two are of one level. Layers and readouts may be made when asked for: no pass keeps them.
    """

    inputs: int
    layers: Sequence[Layer]
    readouts: Sequence[Readout]

    @cached_property
    def _sizes(self) -> Sizes:
        return Sizes.of(self.layers, self.readouts)

    @property
    def width(self) -> int:
        """The largest number of neurons in a layer."""
        return self._sizes.width

    @property
    def depth(self) -> int:
        """The number of hidden layers."""
        return len(self.layers)

    @property
    def neurons(self) -> int:
        """The number of neurons in all layers."""
        return self._sizes.neurons

    @property
    def parameters(self) -> int:
        """The number of nonzero weights and biases, readouts included."""
        return self._sizes.parameters

    @property
    def weight_bits(self) -> int:
        """Bits of the largest weight."""
        return self._sizes.weight_bits

    @property
    def total_bits(self) -> int:
        """Bits of all weights together."""
        return self._sizes.total_bits

    @property
    def activations(self) -> frozenset[str]:
        """The names of the activations used."""
        return self._sizes.activations

    def prefix(self, level: int) -> Network:
        """The network cut after the readout of a level: the same neurons, the same weights.

        Returns: Network; its layers, and its readouts if they are the first ones, are slices of the old.
        Raises: ConstructError if there is no such readout.
        """
        _, last = self._heads[self._place(level)]
        kept = [i for i, (other, layer) in enumerate(self._heads) if layer <= last and other <= level]
        first = kept == list(range(len(kept)))
        readouts = self.readouts[: len(kept)] if first else tuple(self.readouts[i] for i in kept)
        return Network(self.inputs, self.layers[:last], readouts)

    def subnetwork(self, level: int) -> Network:
        """The neurons that the readouts up to a level depend on, in their order; layers as in `prefix`.

        Returns: Network; the prefix itself if it needs all of its neurons.
        Raises: ConstructError if there is no such readout.
        """
        whole = self.prefix(level)
        needed: set[int] = set()
        kept: list[list[int] | None] = []
        for layer, heads in whole._backwards():
            needed |= {s for readout in heads for s, _ in readout.affine.terms}
            needed = needed or {0}
            kept.append(None if len(needed) == len(layer) else sorted(needed))
            needed = {s for i in needed for s, _ in layer[i].affine.terms}
        kept.reverse()
        if not any(kept):
            return whole
        places = [
            None if numbers is None else {old: new for new, old in enumerate(numbers)} for numbers in kept
        ]
        layers = tuple(
            tuple(
                replace(layer[n], affine=layer[n].affine.renumbered(before))
                for n in (range(len(layer)) if numbers is None else numbers)
            )
            for layer, numbers, before in zip(whole.layers, kept, [None, *places], strict=False)
        )
        readouts = tuple(replace(r, affine=r.affine.renumbered(places[r.layer - 1])) for r in whole.readouts)
        return Network(self.inputs, layers, readouts)

    @cached_property
    def _heads(self) -> list[tuple[int, int]]:
        """Level and layer of every readout."""
        return [(r.level, r.layer) for r in self.readouts]

    @cached_property
    def _places(self) -> dict[int, int]:
        return {level: i for i, (level, _) in reversed(list(enumerate(self._heads)))}

    def _place(self, level: int) -> int:
        if not isinstance(level, (int, np.integer)) or level not in self._places:
            levels = [other for other, _ in self._heads]
            shown = levels if len(levels) <= 20 else f"{len(levels)} from {min(levels)} to {max(levels)}"
            raise ConstructError("level", level, f"one of the readouts' levels, {shown}")
        return self._places[level]

    def _wanted(self, levels: Sequence[int] | None) -> Sequence[int]:
        """The places of the readouts of these levels."""
        if levels is None:
            return range(len(self.readouts))
        return [self._place(level) for level in items_of(levels, "levels", "a list of the readouts' levels")]

    def walk(self, levels: Sequence[int] | None = None) -> Iterator[tuple[Layer, list[tuple[int, Readout]]]]:
        """The layers as far as the readouts of these levels (None: of all) need them, each with those that read it.

        Returns: pairs of a layer and its wanted readouts, these with their places in `levels`. Each layer, and each
        readout, is asked for once, and not kept.
        Raises: ConstructError for a level without a readout.
        """
        return self._forwards(self.layers, self._wanted(levels))

    def _forwards(
        self, layers: Iterable[Layer], wanted: Sequence[int]
    ) -> Iterator[tuple[Layer, list[tuple[int, Readout]]]]:
        order = sorted(range(len(wanted)), key=lambda i: self._heads[wanted[i]][1])
        last = self._heads[wanted[order[-1]]][1] if order else 0
        done = 0
        for number, layer in enumerate(islice(layers, last), start=1):
            reads: list[tuple[int, Readout]] = []
            while done < len(order) and self._heads[wanted[order[done]]][1] == number:
                reads.append((order[done], self.readouts[wanted[order[done]]]))
                done += 1
            yield layer, reads
        if done < len(order):
            raise ConstructError(
                "readouts", f"one on layer {self._heads[wanted[order[done]]][1]}", f"layers 1 to {self.depth}"
            )

    def _backwards(self) -> Iterator[tuple[Layer, list[Readout]]]:
        """The layers from the last to the first, each with the readouts that read it."""
        order = sorted(range(len(self._heads)), key=lambda i: self._heads[i][1])
        for number in range(self.depth, 0, -1):
            heads: list[Readout] = []
            while order and self._heads[order[-1]][1] == number:
                heads.append(self.readouts[order.pop()])
            yield self.layers[number - 1], heads

    def evaluate(
        self, x: Sequence[Exact], bits: int = 128, levels: Sequence[int] | None = None
    ) -> list[Number]:
        """The values of the readouts at a point: of all, or of those of some levels in the order given.

        Requires: one exact number per input.
        Returns: an fmpq where the value is computed in rationals alone, else a certified ball (arb).
        Method: layer by layer, as far as needed; from the first irrational value on, balls at a precision of
        `bits` beyond the largest weight.
        Raises: ConstructError for a wrong number of coordinates, or a level without a readout.
        """
        point, bits = items_of(x, "x", f"{self.inputs} coordinates"), integer(bits, "bits", 1)
        if len(point) != self.inputs:
            raise ConstructError("x", f"{len(point)} coordinates", f"{self.inputs}")
        values: list[Number] = [rational(c, f"x[{i}]") for i, c in enumerate(point)]
        found: dict[int, Number] = {}
        saved = ctx.prec
        try:
            for layer, reads in self.walk(levels):
                values = [self._value(neuron, values, bits) for neuron in layer]
                found |= {place: readout.affine(values) for place, readout in reads}
        finally:
            ctx.prec = saved
        return [found[place] for place in range(len(found))]

    def _value(self, neuron: Neuron, sources: Sequence[Number], bits: int) -> Number:
        if neuron.activation == PRODUCT:
            return neuron.product(sources)
        u = neuron.affine(sources)
        activation = ACTIVATIONS[neuron.activation]
        if isinstance(u, fmpq):
            value = activation.exact(u)
            if value is not None:
                return value
            # Only now: networks without irrational values need no pass over all weights.
            ctx.prec = bits + self.weight_bits + 64
            u = arb(u)
        return activation.ball(u)

    def evaluate_floats(self, points: np.ndarray, levels: Sequence[int] | None = None) -> np.ndarray:
        """Float values of the readouts at many points, of all or of some levels: for drawing, never for judging.

        Requires: an array (points, inputs).
        Returns: an array (points, readouts).
        Raises: ConstructError where the result would be noise: a weight that a float cannot hold feeds a
        floor, exp2 or sine; steep ramps feed an exp2, or a sine with a large weight, and powers or products
        any of them; a value overflows. Also for a level without a readout.
        """
        values = float_array(points, "points", f"an array (points, {self.inputs})").T
        if values.ndim != 2 or values.shape[0] != self.inputs:
            raise ConstructError(
                "points", f"array of shape {np.shape(points)}", f"an array (points, {self.inputs})"
            )
        wanted = self._wanted(levels)
        try:
            with np.errstate(over="raise", invalid="raise"):
                return follow(self._forwards(held_by_floats(self.layers), wanted), values, len(wanted)).T
        except (FloatingPointError, OverflowError) as error:
            raise ConstructError(
                "network", str(error), "values within the range of floats; use evaluate() for exact values"
            ) from None

    def to_torch(self) -> Any:
        """The network as a torch.nn.Module that gives all readouts; see `constructs.torch_network.torch_module`.

        Raises: ConstructError where float64 cannot hold the weights, or PyTorch is not installed.
        """
        from constructs.torch_network import torch_module

        return torch_module(self)

    def to_json(self) -> dict:
        """The network as in verify/CERTIFICATE.md, §5."""
        return {
            "inputs": self.inputs,
            "layers": [
                [
                    {"name": n.name, "role": n.role, "activation": n.activation, **n.affine.to_json()}
                    for n in layer
                ]
                for layer in self.layers
            ],
            "readouts": [{"level": r.level, "layer": r.layer, **r.affine.to_json()} for r in self.readouts],
        }

    @staticmethod
    def from_json(data: dict) -> Network:
        """Reads what `to_json` wrote.

        Raises: ConstructError where something is missing, or of another kind.
        """
        try:
            layers = tuple(
                tuple(Neuron(n["name"], n["role"], n["activation"], Affine.from_json(n)) for n in layer)
                for layer in data["layers"]
            )
            readouts = tuple(Readout(r["level"], r["layer"], Affine.from_json(r)) for r in data["readouts"])
            return Network(data["inputs"], layers, readouts)
        except (KeyError, IndexError, TypeError) as error:
            raise ConstructError("network", str(error), "the JSON object that to_json wrote") from None
