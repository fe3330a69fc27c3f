"""Networks as plain data: layers of neurons that know their role, with affine readouts after some of the
layers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from flint import arb, ctx, fmpq

from constructs.activations import ACTIVATIONS
from constructs.errors import ConstructError
from constructs.exact import Exact, rational
from constructs.float_limits import require_floats
from constructs.neurons import Affine, Layer, Neuron, Number, Readout, bit_size


@dataclass(frozen=True)
class Network:
    """A feedforward network with one readout per level; exact rational weights.

    Requires: layer 1 reads the inputs, layer j reads layer j-1; every readout reads one existing layer.
    """

    inputs: int
    layers: Sequence[Layer]
    readouts: tuple[Readout, ...]

    @property
    def width(self) -> int:
        """The largest number of neurons in a layer."""
        return max(len(layer) for layer in self.layers)

    @property
    def depth(self) -> int:
        """The number of hidden layers."""
        return len(self.layers)

    @property
    def neurons(self) -> int:
        """The number of neurons in all layers."""
        return sum(len(layer) for layer in self.layers)

    def _affines(self) -> Iterable[Affine]:
        for layer in self.layers:
            for neuron in layer:
                yield neuron.affine
        for readout in self.readouts:
            yield readout.affine

    @cached_property
    def _bits(self) -> tuple[int, int, int]:
        sizes = [bit_size(w) for affine in self._affines() for w in affine.weights]
        return len(sizes), max(sizes, default=0), sum(sizes)

    @property
    def parameters(self) -> int:
        """The number of nonzero weights and biases, readouts included."""
        return self._bits[0]

    @property
    def weight_bits(self) -> int:
        """Bits of the largest weight."""
        return self._bits[1]

    @property
    def total_bits(self) -> int:
        """Bits of all weights together."""
        return self._bits[2]

    def prefix(self, level: int) -> Network:
        """The network cut after the readout of a level: the same neurons, the same weights.

        Raises: ConstructError if there is no such readout.
        """
        last = self._readout(level)
        kept = tuple(r for r in self.readouts if r.layer <= last.layer and r.level <= level)
        return Network(self.inputs, self.layers[: last.layer], kept)

    def subnetwork(self, level: int) -> Network:
        """The neurons that the readouts up to a level depend on, in their order; layers as in `prefix`.

        Raises: ConstructError if there is no such readout.
        """
        whole = self.prefix(level)
        needed: list[set[int]] = [set() for _ in whole.layers]
        for number in range(whole.depth, 0, -1):
            for readout in whole.readouts:
                if readout.layer == number:
                    needed[number - 1] |= {s for s, _ in readout.affine.terms}
            needed[number - 1] = needed[number - 1] or {0}
            if number > 1:
                needed[number - 2] |= {
                    s for i in needed[number - 1] for s, _ in whole.layers[number - 1][i].affine.terms
                }
        kept = [sorted(numbers) for numbers in needed]
        places = [{old: new for new, old in enumerate(numbers)} for numbers in kept]
        layers = tuple(
            tuple(
                replace(
                    whole.layers[i][n],
                    affine=whole.layers[i][n].affine.renumbered(places[i - 1] if i else None),
                )
                for n in numbers
            )
            for i, numbers in enumerate(kept)
        )
        readouts = tuple(replace(r, affine=r.affine.renumbered(places[r.layer - 1])) for r in whole.readouts)
        return Network(self.inputs, layers, readouts)

    def _readout(self, level: int) -> Readout:
        for readout in self.readouts:
            if readout.level == level:
                return readout
        raise ConstructError(
            "level", level, f"one of the readouts' levels, {[r.level for r in self.readouts]}"
        )

    def evaluate(self, x: Sequence[Exact], bits: int = 128) -> list[Number]:
        """The values of all readouts at a point.

        Requires: one exact number per input.
        Returns: an fmpq where the value is computed in rationals alone, else a certified ball (arb).
        Method: layer by layer; from the first irrational value on, balls at a precision of `bits` beyond the
        largest weight.
        Raises: ConstructError for a wrong number of coordinates.
        """
        if len(x) != self.inputs:
            raise ConstructError("x", f"{len(x)} coordinates", f"{self.inputs}")
        saved = ctx.prec
        ctx.prec = bits + self.weight_bits + 64
        try:
            return self._evaluate([rational(c, f"x[{i}]") for i, c in enumerate(x)])
        finally:
            ctx.prec = saved

    def _evaluate(self, x: list[fmpq]) -> list[Number]:
        values: list[Number] = list(x)
        found: dict[int, Number] = {}
        for number, layer in enumerate(self.layers, start=1):
            values = [_activate(neuron, neuron.affine(values)) for neuron in layer]
            found |= {r.level: r.affine(values) for r in self.readouts if r.layer == number}
        return [found[r.level] for r in self.readouts]

    def evaluate_floats(self, points: np.ndarray) -> np.ndarray:
        """Float values of all readouts at many points: for drawing, never for judging.

        Requires: an array (points, inputs).
        Returns: an array (points, readouts).
        Raises: ConstructError where the result would be noise: a weight that a float cannot hold feeds a
        floor, exp2 or sine; steep ramps feed an exp2, or a sine with a large weight; a value overflows.
        """
        require_floats(self.layers)
        values = np.asarray(points, dtype=float).T
        if values.ndim != 2 or values.shape[0] != self.inputs:
            raise ConstructError(
                "points", f"array of shape {np.shape(points)}", f"an array (points, {self.inputs})"
            )
        try:
            with np.errstate(over="raise", invalid="raise"):
                return self._evaluate_floats(values)
        except (FloatingPointError, OverflowError) as error:
            raise ConstructError(
                "network", str(error), "values within the range of floats; use evaluate() for exact values"
            ) from None

    def _evaluate_floats(self, values: np.ndarray) -> np.ndarray:
        found: dict[int, np.ndarray] = {}
        for number, layer in enumerate(self.layers, start=1):
            values = np.array([ACTIVATIONS[n.activation].floats(n.affine.floats(values)) for n in layer])
            found |= {r.level: r.affine.floats(values) for r in self.readouts if r.layer == number}
        return np.stack([found[r.level] for r in self.readouts], axis=1)

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
        """Reads what `to_json` wrote."""
        layers = tuple(
            tuple(Neuron(n["name"], n["role"], n["activation"], Affine.from_json(n)) for n in layer)
            for layer in data["layers"]
        )
        readouts = tuple(Readout(r["level"], r["layer"], Affine.from_json(r)) for r in data["readouts"])
        return Network(data["inputs"], layers, readouts)


def _activate(neuron: Neuron, u: Number) -> Number:
    activation = ACTIVATIONS[neuron.activation]
    if isinstance(u, fmpq):
        value = activation.exact(u)
        if value is not None:
            return value
        u = arb(u)
    return activation.ball(u)
