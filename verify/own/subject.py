"""What a claim of one's own is judged about: a network, a target, and what is known of them so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from flint import fmpq

from constructs.activations import ACTIVATIONS
from constructs.errors import ConstructError
from constructs.exact import integer
from constructs.network import Network
from constructs.neurons import PRODUCT, Affine, Readout
from constructs.targets.base import Target
from verify.own.asking import ask
from verify.own.domains import Domain
from verify.own.pieces import ONE, SUPPORTED, ZERO, Curve, Stage, activated, stages
from verify.quantities import TooLarge


@dataclass(frozen=True)
class Head:
    """A function that the network computes: an affine form of a layer's neurons."""

    layer: int
    affine: Affine
    name: str  # for people

    @staticmethod
    def of(readout: Readout) -> Head:
        """A readout."""
        return Head(readout.layer, readout.affine, "Phi")


@dataclass(frozen=True, eq=False)
class Subject:
    """A network and a target; `known`: what functions of the author may ask for by name."""

    network: Network
    target: Target
    known: dict[str, Any]
    domains: Mapping[str, Domain]
    construct: Callable[..., Any]
    wanted: frozenset[int]  # the layers that some condition speaks of

    def rebuilt(self, changed: Mapping[str, Any]) -> Network:
        """The network for other values of some parameters. Raises: ConstructError."""
        return well_formed(ask(self.construct, self.known | dict(changed), "construct"))

    @cached_property
    def unsupported(self) -> list[str]:
        """Activations that verify/CERTIFICATE.md, 14.1 does not allow."""
        return sorted(self.network.activations - SUPPORTED)

    @cached_property
    def stages(self) -> dict[int, Stage] | TooLarge:
        """The layers of a network of one input on their pieces; what is too large, if something is."""
        try:
            return stages(self.network, self.wanted)
        except TooLarge as error:
            return error

    def curve(self, head: Head) -> Curve:
        """The head on its pieces. Raises: TooLarge."""
        found = self.stages
        if isinstance(found, TooLarge):
            raise found
        return found[head.layer].form(head.affine)

    def readout(self, level: int | None) -> Readout:
        """The readout of a level; None: the last one. Raises: ConstructError."""
        found = {r.level: r for r in self.network.readouts}
        if level is None:
            return self.network.readouts[-1]
        if level not in found:
            raise ConstructError("of", level, f"one of the readouts' levels {sorted(found)}")
        return found[level]

    def neuron(self, name: str | tuple[int, int]) -> tuple[int, int]:
        """Layer from 1 and index from 0 of the neuron of a name, or of this place. Raises: ConstructError."""
        if isinstance(name, tuple):
            layer, index = (integer(n, f"neuron {name}", 0) for n in name)
            if not 1 <= layer <= self.network.depth or index >= len(self.network.layers[layer - 1]):
                raise ConstructError("neuron", name, "(layer from 1, index from 0)")
            return layer, index
        places = [
            (j, k)
            for j, layer in enumerate(self.network.layers, start=1)
            for k, neuron in enumerate(layer)
            if neuron.name == name
        ]
        if len(places) != 1:
            found = f"the name of one neuron, or (layer, index); {len(places)} have it"
            names = [n.name for layer in self.network.layers for n in layer][:12]
            raise ConstructError("neuron", name, f"{found}; there are {', '.join(names)}, ...")
        return places[0]

    def head(self, place: tuple[int, int]) -> Head:
        """A neuron as a head."""
        layer, index = place
        name = self.network.layers[layer - 1][index].name
        return Head(layer, Affine(((index, ONE),), ZERO), name)

    def values(self, x: Iterable[fmpq]) -> list[list[fmpq]]:
        """What every neuron gives at a point, layer by layer; exact, relu and floor only."""
        out, sources = [], list(x)
        for layer in self.network.layers:
            sources = [activated(n.activation, _exact(n.affine, sources)) for n in layer]
            out.append(sources)
        return out

    def value(self, head: Head, x: Iterable[fmpq]) -> fmpq:
        """The head at a point, exactly."""
        return _exact(head.affine, self.values(x)[head.layer - 1])


def _exact(affine: Affine, sources: list[fmpq]) -> fmpq:
    return sum((w * sources[s] for s, w in affine.terms), affine.bias)


def well_formed(network: object) -> Network:
    """The network, if it is one by the rules of verify/CERTIFICATE.md, §5.

    Raises: ConstructError that names the neuron.
    """
    if not isinstance(network, Network):
        raise ConstructError(
            "construct",
            f"a value of type {type(network).__name__}",
            "a Network (constructs.raw_layers.layers)",
        )
    if network.depth < 1 or len(network.readouts) < 1:
        raise ConstructError(
            "network",
            f"{network.depth} layers, {len(network.readouts)} readouts",
            "at least one layer and one readout",
        )
    before, sizes = network.inputs, []
    for j, layer in enumerate(network.layers, start=1):
        for neuron in layer:
            if neuron.activation not in ACTIVATIONS and neuron.activation != PRODUCT:
                raise ConstructError(f"activation of neuron {neuron.name}", neuron.activation, "a known one")
            _sources(f"neuron {neuron.name} of layer {j}", neuron.affine, before)
        before = len(layer)
        if not layer:
            raise ConstructError(f"layer {j}", "no neurons", "at least one")
        sizes.append(before)
    levels = [r.level for r in network.readouts]
    if len(set(levels)) != len(levels):
        raise ConstructError("levels of the readouts", levels, "each once")
    for r in network.readouts:
        if not 1 <= r.layer <= len(sizes):
            raise ConstructError(f"layer of readout {r.level}", r.layer, f"1 to {len(sizes)}")
        _sources(f"readout {r.level}", r.affine, sizes[r.layer - 1])
    return network


def _sources(what: str, affine: Affine, before: int) -> None:
    numbers = [s for s, _ in affine.terms]
    if any(a >= b for a, b in pairwise(numbers)) or any(not 0 <= s < before for s in numbers):
        raise ConstructError(f"sources of {what}", numbers, f"increasing numbers from 0 to {before - 1}")
    if not all(isinstance(w, fmpq) for w in (affine.bias, *(w for _, w in affine.terms))):
        raise ConstructError(f"weights of {what}", str(affine.weights), "rationals (fmpq)")
    if any(w == 0 for _, w in affine.terms):
        raise ConstructError(f"weights of {what}", "a weight 0", "only weights that are not 0")
