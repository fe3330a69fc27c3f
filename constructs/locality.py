"""Where the output of a multiplicative network can change when its target changes in a box."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable

from flint import fmpq

from constructs.errors import ConstructError
from constructs.multiplicative import build
from constructs.network import Network
from constructs.quasi_interpolation import QuasiInterpolation
from constructs.supports import Box, box_of, support

Unit = tuple[
    Hashable, ...
]  # what a neuron of layer 2 computes: activation, bias, and how often which source and weight


def reach(rule: QuasiInterpolation, box: Box) -> tuple[Box, ...]:
    """Boxes whose union is where the network of f can change when f changes in the closed box.

    Returns: the supports, read off the weights, of all units that B-splines with dependent coefficients have; () if
    there is no sample point in the box.
    Guarantees: outside the union the output is the same for all such changes; in the cube the union lies within
    (q+1)/M of the box, one support width. No less would do: the union is the closure of the points where some change
    of f in the box changes the output, because no B-spline that is not 0 on a cell of the mesh is a combination of the
    others there. Equal units of these B-splines have weights of one sign, that of (-1)^(b-a+q+1) on each axis
    (constructs/bsplines.py), so that none of them is lost by merging.
    Raises: ConstructError for a box of another dimension.

    >>> from constructs.quasi_interpolation import on_cube
    >>> node = Box((fmpq(1, 2),), (fmpq(1, 2),))
    >>> max(reach(on_cube(1, 4, 1), node), key=lambda b: b.hi[0] - b.lo[0])
    Box(lo=(1/4,), hi=(3/4,))
    """
    depending = rule.depending(box)
    if not depending.any():
        return ()
    built = build(depending.astype(int).astype(object), rule.axis.degree, rule.axis.mesh, rule.axis.first)
    network = built.network
    return _all_known([support(network, i) for i in range(len(network.layers[1]))]) or ()


def difference(before: Network, after: Network) -> tuple[Box, ...] | None:
    """Boxes outside whose union two networks have the same output, from their weights alone.

    Requires: one readout each, of layer 2.
    Returns: the supports of the units that do not have the same weight in both; None if one of them is not known to be
    local, or the biases differ: then they may differ everywhere.
    Method: a unit is the product of its factors, whatever its place; weights of equal units are added.
    Raises: ConstructError.
    """
    (ours, bias), (theirs, other) = _weighted(before), _weighted(after)
    if bias != other:
        return None
    nothing = (fmpq(0), None)
    every = {**ours, **theirs}
    changed = [
        box for unit, (_, box) in every.items() if ours.get(unit, nothing)[0] != theirs.get(unit, nothing)[0]
    ]
    return _all_known(changed)


def _all_known(boxes: list[Box | None]) -> tuple[Box, ...] | None:
    known = dict.fromkeys(b for b in boxes if b is not None)
    return None if None in boxes else tuple(known)


def _weighted(network: Network) -> tuple[dict[Unit, tuple[fmpq, Box | None]], fmpq]:
    """Readout weight and support of every unit, and the readout's bias."""
    if network.depth != 2 or [r.layer for r in network.readouts] != [2]:
        raise ConstructError("network", f"depth {network.depth}", "two layers, and one readout of the second")
    first, second = network.layers[0], network.layers[1]
    factors = [(n.activation, n.affine) for n in first]
    weighted: dict[Unit, tuple[fmpq, Box | None]] = {}
    for source, weight in network.readouts[0].affine.terms:
        neuron = second[source]
        counted = Counter((factors[s], w) for s, w in neuron.affine.terms)
        unit = neuron.activation, neuron.affine.bias, frozenset(counted.items())
        before, box = weighted.get(unit) or (fmpq(0), box_of(neuron, first, network.inputs))
        weighted[unit] = before + weight, box
    return weighted, network.readouts[0].affine.bias
