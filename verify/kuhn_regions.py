"""ReLU networks proved linear on every simplex of a Kuhn grid, from their weights alone: every neuron followed at
every node.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

import numpy as np
from flint import fmpq

from constructs.exact import integer
from constructs.network import Network
from constructs.neurons import Affine, Layer, Neuron, Readout
from constructs.rationals import Rationals, combination
from constructs.targets.base import bounded_table
from verify.regions import Undecided


def nodal_values(
    network: Network, cells: int, levels: Sequence[int] | None = None
) -> Iterator[tuple[int, Rationals]]:
    """Every neuron, up to the last readout wanted, is linear on each simplex of the Kuhn grid of mesh 1/cells.

    Requires: cells >= 1. levels: those of the readouts wanted; None: of all.
    Returns: an iterator over (level, values), in the order in which the layers come: the readout is the function
    that is linear on the simplices of verify/CERTIFICATE.md, 4.1, and values[k] at the node k/cells; values is of
    shape (cells+1,)*inputs.
    Method: inputs are linear, and so are affine forms of what is. A relu is followed if its pre-activation, linear on
    each simplex, is >= 0 or <= 0 at all vertices of it. Then it is zero or the pre-activation there, and the
    values at the nodes say all about it. A neuron that depends on some coordinates only is an array of length 1
    along the others: the simplices of a grid project on those of the grid with fewer axes.
    Guarantees: integer arithmetic. No more than two layers are kept, and every one is asked for once.
    Raises: ConstructError for a level without a readout. On the way Undecided, naming the neuron: also for one
    that no readout needs, and for other activations.
    Source: verify/CERTIFICATE.md, 11.10.
    """
    integer(cells, "cells", 1)
    bounded_table("cells", cells, (cells + 1) ** network.inputs, "nodes")
    return _followed(network.walk(levels), network.inputs, cells)


def _followed(
    steps: Iterable[tuple[Layer, list[tuple[int, Readout]]]], dim: int, cells: int
) -> Iterator[tuple[int, Rationals]]:
    axis = Rationals(np.arange(cells + 1, dtype=np.int64), cells)
    values = [axis.along(i, dim) for i in range(dim)]
    for number, (layer, reads) in enumerate(steps, start=1):
        values = [_neuron(neuron, values, dim, number) for neuron in layer]
        for _, readout in reads:
            read = _affine(readout.affine, values, dim)
            whole = np.broadcast_to(read.numerators, (cells + 1,) * dim)
            yield readout.level, Rationals(whole, read.denominator)


def _affine(affine: Affine, values: list[Rationals], dim: int) -> Rationals:
    if affine.bias == 0 and len(affine.terms) == 1 and affine.terms[0][1] == 1:
        return values[affine.terms[0][0]]
    return combination([(w, values[s]) for s, w in affine.terms], affine.bias, dim)


def _neuron(neuron: Neuron, values: list[Rationals], dim: int, layer: int) -> Rationals:
    """Its values at the nodes, once it is known to be linear between them.

    Requires: values >= 0, as those of the inputs and of every relu are.
    """
    if neuron.activation != "relu":
        raise Undecided(neuron.name, layer, f"{neuron.activation}, not relu")
    u = _affine(neuron.affine, values, dim)
    if neuron.affine.bias >= 0 and all(w > 0 for _, w in neuron.affine.terms):
        return u
    lowest, highest = u.numerators.min(), u.numerators.max()
    if lowest >= 0:
        return u
    if highest <= 0:
        return combination([], fmpq(0), dim)
    edge = _crossed(u.numerators)
    if edge is not None:
        raise Undecided(neuron.name, layer, f"changes its sign between the nodes {edge[0]} and {edge[1]}")
    return u.positive_part()


def _crossed(u: np.ndarray) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """Two nodes of one simplex between which u changes its sign, as integers; None if there are none.

    Method: two nodes are vertices of one simplex iff one is the other plus some e in {0,1}^d: a cube holds both, and
    an order that takes the axes of its lower corner up first and then those of e passes through them. Along an
    axis of length 1 nothing changes.
    """
    above, below = u > 0, u < 0
    for e in product(*((0,) if n == 1 else (0, 1) for n in u.shape)):
        if not any(e):
            continue
        lower = tuple(slice(0, n - i) for i, n in zip(e, u.shape, strict=True))
        upper = tuple(slice(i, n) for i, n in zip(e, u.shape, strict=True))
        crossed = (above[lower] & below[upper]) | (below[lower] & above[upper])
        if crossed.any():
            node = tuple(int(k) for k in np.argwhere(crossed)[0])
            return node, tuple(k + i for k, i in zip(node, e, strict=True))
    return None
