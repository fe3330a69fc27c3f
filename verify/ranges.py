"""The range of a readout over the whole cube, strips included, by interval propagation through the weights."""

from __future__ import annotations

from flint import fmpq

from constructs.network import Network
from constructs.neurons import Affine, Layer, Readout

Range = tuple[fmpq, fmpq]


class NoRange(Exception):  # noqa: N818
    """No finite range could be shown."""


def network_range(network: Network, readout: Readout) -> Range:
    """Rationals lo <= Phi(x) <= hi for every x in [0,1]^d.

    Method: backwards from the readout, so that only what it depends on is looked at: a sine lies in [-1, 1];
    a pair floor(B y) - B floor(y), B >= 2 an integer, lies in [0, B-1] (verify/CERTIFICATE.md, 6.6).
    Raises: NoRange for other uses of exp2.
    """
    return _Ranges(network).affine(readout.affine, readout.layer)


class _Ranges:
    def __init__(self, network: Network) -> None:
        self.network = network
        self.known: dict[tuple[int, int], Range] = {}

    def affine(self, affine: Affine, layer: int) -> Range:
        """The range of a form over the neurons of layer number `layer` (0: the inputs)."""
        lo = hi = affine.bias
        terms = dict(affine.terms)
        spans: list[tuple[fmpq, Range]] = []
        for source in list(terms):
            partner = self._partner(source, terms, layer) if source in terms else None
            if partner is not None:
                weight = terms.pop(source)
                spans.append((weight, (fmpq(0), -terms.pop(partner) / weight - 1)))
        spans += [(weight, self._neuron(source, layer)) for source, weight in terms.items()]
        for weight, (a, b) in spans:
            lo, hi = lo + min(weight * a, weight * b), hi + max(weight * a, weight * b)
        return lo, hi

    def _partner(self, source: int, terms: dict[int, fmpq], layer: int) -> int | None:
        """The u of a pair v - B u for v = `source`, not yet used."""
        if layer == 0:
            return None
        neurons: Layer = self.network.layers[layer - 1]
        v = neurons[source]
        if v.activation != "floor" or v.affine.bias != 0 or len(v.affine.terms) != 1:
            return None
        (y, upper), weight = v.affine.terms[0], terms[source]
        for other, c in terms.items():
            u, factor = neurons[other], -c / weight
            if u.activation != "floor" or u.affine.bias != 0 or factor.q != 1 or factor < 2:
                continue
            if u.affine.terms == ((y, upper / factor),):
                return other
        return None

    def _neuron(self, number: int, layer: int) -> Range:
        if layer == 0:
            return fmpq(0), fmpq(1)
        key = (layer, number)
        if key not in self.known:
            neuron = self.network.layers[layer - 1][number]
            self.known[key] = self._activated(neuron.activation, neuron.affine, layer)
        return self.known[key]

    def _activated(self, activation: str, affine: Affine, layer: int) -> Range:
        if activation == "sine":
            return fmpq(-1), fmpq(1)
        if activation not in ("relu", "floor"):
            raise NoRange(f"layer {layer}: {activation} outside a pair of floors")
        lo, hi = self.affine(affine, layer - 1)
        if activation == "relu":
            return max(lo, fmpq(0)), max(hi, fmpq(0))
        return fmpq(lo.floor()), fmpq(hi.floor())
