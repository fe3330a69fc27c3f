"""What a multigrade network leaves of a target that is linear on a Kuhn grid, f - Phi, as one shallow ReLU network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from flint import fmpq

from constructs.errors import ConstructError
from constructs.grades import Sweep
from constructs.network import Network
from constructs.neurons import Affine, Layer, Neuron, Readout
from constructs.parallel_sweep import parallel
from constructs.targets.kuhn import KuhnTarget

ONE = fmpq(1)


def residual_network(target: KuhnTarget, sweeps: Sequence[Sweep]) -> Network:
    """The network with the one readout (level 1) f - Phi, Phi the sum of all grades.

    Returns: Network, of ReLUs, depth d+1: a hat for every node where f is not 0, and one for every grade, side by side.
    Method: f is the sum of f(k/m) psi over the nodes k of its own grid; each sweep as in `parallel`.
    Guarantees: exact on the cube. Linear on the simplices of every Kuhn grid that refines those of f and the sweeps, so
    that |f - Phi| is largest at a node of it.
    Raises: ConstructError where f is 0 and there are no grades.
    Source: verify/CERTIFICATE.md, 11.3; docs/multigrade.md.

    >>> tent, grade = KuhnTarget(2, np.array([0, 1, 0])), Sweep(1, 2, np.array([1]), np.array([3]), 4)
    >>> network = residual_network(tent, [grade])
    >>> network.depth, network.evaluate(["1/2"]), network.evaluate(["1/8"])
    (2, [1/4], [1/16])
    """
    parts = [("f", ONE, _hats(target))]
    parts += [(f"sweep {s}", -ONE, sweep) for s, sweep in enumerate(sweeps, start=1)]
    kept = [(name, sign, parallel(sweep)) for name, sign, sweep in parts if len(sweep)]
    if not kept:
        raise ConstructError("target", "0 everywhere, and no grades", "a network that is not empty")
    return _side_by_side(target.dim, kept)


def _hats(target: KuhnTarget) -> Sweep:
    """f as grades on its own grid: one for every node where it is not 0."""
    values, denominator = target.refine(target.cells)
    nodal = values.reshape(-1)
    numbers = np.flatnonzero(nodal)
    return Sweep(target.dim, target.cells, numbers, nodal[numbers], denominator)


def _side_by_side(inputs: int, parts: Sequence[tuple[str, fmpq, Network]]) -> Network:
    """The sum of sign * readout over networks of one depth, each of which has one readout, on its last layer."""
    depth = parts[0][2].depth
    layers: list[list[Neuron]] = [[] for _ in range(depth)]
    terms: list[tuple[int, fmpq]] = []
    bias = fmpq(0)
    for name, sign, network in parts:
        before = 0  # neurons of earlier parts in the layer below; all parts read the same inputs
        for layer, written in zip(network.layers, layers, strict=True):
            start = len(written)
            written += _shifted(layer, before, name)
            before = start
        head = network.readouts[0].affine
        terms += [(before + s, sign * w) for s, w in head.terms]
        bias += sign * head.bias
    total = Readout(1, depth, Affine(tuple(terms), bias))
    return Network(inputs, tuple(tuple(layer) for layer in layers), (total,))


def _shifted(layer: Layer, before: int, part: str) -> list[Neuron]:
    return [
        replace(
            neuron,
            name=f"{part}: {neuron.name}",
            affine=Affine(tuple((before + s, w) for s, w in neuron.affine.terms), neuron.affine.bias),
        )
        for neuron in layer
    ]
