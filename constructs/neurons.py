"""The rows of a network: affine forms, neurons that know their role, readouts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flint import arb, fmpq

from constructs.exact import from_text, to_text

Number = fmpq | arb


def as_float(value: fmpq) -> float:
    """The float next to a rational."""
    return int(value.p) / int(value.q)


def bit_size(value: fmpq) -> int:
    """Bits of numerator and, unless it is 1, of denominator."""
    denominator = int(value.q).bit_length() if value.q != 1 else 0
    return int(value.p).bit_length() + denominator


@dataclass(frozen=True)
class Affine:
    """sum of weight * source + bias; sources are numbers of neurons of the layer before, increasing, weights
    nonzero.
    """

    terms: tuple[tuple[int, fmpq], ...]
    bias: fmpq

    def __call__(self, sources: Sequence[Number]) -> Number:
        total: Number = self.bias
        for source, weight in self.terms:
            total = total + sources[source] * weight
        return total

    def renumbered(self, places: dict[int, int] | None) -> Affine:
        """The same form with sources under new numbers (None: the old ones)."""
        if places is None:
            return self
        return Affine(tuple((places[s], w) for s, w in self.terms), self.bias)

    def to_json(self) -> dict:
        """As in verify/CERTIFICATE.md, §5."""
        return {"weights": [[s, to_text(w)] for s, w in self.terms], "bias": to_text(self.bias)}

    @staticmethod
    def from_json(data: dict) -> Affine:
        """Reads what `to_json` wrote."""
        return Affine(tuple((s, from_text(w)) for s, w in data["weights"]), from_text(data["bias"]))

    @property
    def weights(self) -> list[fmpq]:
        """The nonzero numbers stored."""
        return [w for _, w in self.terms] + ([self.bias] if self.bias != 0 else [])


@dataclass(frozen=True)
class Neuron:
    """activation(affine form of the layer before), with a name and, for people, its role."""

    name: str
    role: str
    activation: str
    affine: Affine


Layer = tuple[Neuron, ...]


@dataclass(frozen=True)
class Readout:
    """An affine head on layer number `layer` (1-based): the output of the given level."""

    level: int
    layer: int
    affine: Affine
