"""The rows of a network: affine forms, neurons that know their role, readouts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from flint import arb, fmpq

from constructs.errors import ConstructError
from constructs.exact import from_text, to_text

Number = fmpq | arb
PRODUCT = "product"  # the kind of neuron that multiplies its sources


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
    """activation(affine form of the layer before), with a name and, for people, its role.

    With the activation `PRODUCT`: the product of the sources, each once; the form names them, weights 1, bias 0.
    Raises: ConstructError for a product of anything else, so that no one can misread it.
    """

    name: str
    role: str
    activation: str
    affine: Affine

    def __post_init__(self) -> None:
        if self.activation == PRODUCT:
            self._require_plain_sources()

    def _require_plain_sources(self) -> None:
        sources = [s for s, _ in self.affine.terms]
        if not sources or self.affine.bias != 0 or any(w != 1 for _, w in self.affine.terms):
            raise ConstructError(
                f"form of product neuron {self.name!r}", str(self.affine), "weights 1 on some source, bias 0"
            )
        if any(s >= t for s, t in pairwise(sources)):
            raise ConstructError(f"sources of product neuron {self.name!r}", sources, "each once, increasing")

    def product(self, sources: Sequence[Number]) -> Number:
        """The value of a product neuron; a factor that is exactly 0 decides it.

        >>> Neuron("p", "", PRODUCT, Affine(((0, fmpq(1)), (2, fmpq(1))), fmpq(0))).product([fmpq(2), fmpq(5), fmpq(3)])
        6
        """
        total: Number = fmpq(1)
        for source, _ in self.affine.terms:
            factor = sources[source]
            if isinstance(factor, fmpq) and factor == 0:
                return factor
            total = total * factor
        return total


Layer = tuple[Neuron, ...]


@dataclass(frozen=True)
class Readout:
    """An affine head on layer number `layer` (1-based): the output of the given level."""

    level: int
    layer: int
    affine: Affine
