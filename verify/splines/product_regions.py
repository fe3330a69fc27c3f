"""A network of local products proved equal to a tensor spline, from its weights.

Source: verify/CERTIFICATE.md, 12.3.
"""

from __future__ import annotations

from math import lcm

import numpy as np
from flint import fmpq

from constructs.activations import RELU_POWERS
from constructs.bsplines import pieces
from constructs.network import Network
from constructs.neurons import PRODUCT, Neuron
from verify.splines.tensor import Spline


class _Unproved(Exception):  # noqa: N818
    """Why the network is not seen to be the spline."""


def differs_from_spline(network: Network, spline: Spline) -> str | None:
    """None if the network's only readout is the spline on its cells; else what is wrong, or could not be seen.

    Requires: nothing: everything is read off the weights.
    Method: on each cell of mesh 1/M every ReLU power must be 0 or the power of an affine function of one coordinate
    (its kink is at a knot); then network and spline are polynomials of degree <= D per coordinate on every cell, and
    equal if they agree at D+1 points per coordinate, cell by cell, in whole numbers.
    Guarantees: None is a proof.
    """
    try:
        _require_two_layers(network)
        degree = max(_degree(network, unit) for unit in network.layers[1])
        t = _points(spline, max(degree, spline.degree))
        sides = [_side(neuron, spline.mesh, t) for neuron in network.layers[0]]
        return _compared(network, spline, sides, t)
    except _Unproved as error:
        return str(error)


def _require_two_layers(network: Network) -> None:
    shape = len(network.layers) == 2 and len(network.readouts) == 1 and network.readouts[0].layer == 2
    if not shape or any(n.activation != PRODUCT for n in network.layers[1]):
        raise _Unproved("not two layers, products in the second, and one readout of it")


def _degree(network: Network, unit: Neuron) -> int:
    """The largest degree in one coordinate."""
    degrees: dict[int, int] = {}
    for source, _ in unit.affine.terms:
        factor = network.layers[0][source]
        if factor.activation not in RELU_POWERS or len(factor.affine.terms) != 1:
            raise _Unproved(f"{factor.name!r} is no ReLU power of one coordinate")
        axis = factor.affine.terms[0][0]
        degrees[axis] = degrees.get(axis, 0) + RELU_POWERS[factor.activation]
    return max(degrees.values(), default=0)


def _points(spline: Spline, degree: int) -> list[fmpq]:
    """degree+1 points in each cell, in units of the mesh, ends included (twice)."""
    n, cells = max(degree, 1), range(spline.start, spline.start + spline.cells)
    return [fmpq(n * k + j, n) for k in cells for j in range(n + 1)]


def _side(neuron: Neuron, mesh: int, t: list[fmpq]) -> tuple[int, list[fmpq], range]:
    """The axis, the values at the points, and where they are not all 0."""
    if neuron.activation not in RELU_POWERS or len(neuron.affine.terms) != 1:
        raise _Unproved(f"{neuron.name!r} is no ReLU power of one coordinate")
    ((axis, weight),) = neuron.affine.terms
    slope, q = weight / mesh, RELU_POWERS[neuron.activation]
    if (neuron.affine.bias / slope).q != 1:
        raise _Unproved(f"{neuron.name!r} has its kink inside a cell")
    u = [slope * x + neuron.affine.bias for x in t]
    values = [x**q if x > 0 else fmpq(0) for x in u]
    used = [i for i, v in enumerate(values) if v != 0]
    return axis, values, range(used[0], used[-1] + 1) if used else range(0)


def _compared(
    network: Network, spline: Spline, sides: list[tuple[int, list[fmpq], range]], t: list[fmpq]
) -> str | None:
    d, (readout,) = network.inputs, network.readouts
    common = lcm(*(int(v.q) for _, values, _ in sides for v in values))
    weights = lcm(int(readout.affine.bias.q), *(int(w.q) for _, w in readout.affine.terms))
    whole = [[int(v.p) * (common // int(v.q)) for v in values] for _, values, _ in sides]
    most = max(len(n.affine.terms) for n in network.layers[1])
    total = np.full((len(t),) * d, int((readout.affine.bias * weights).p) * common**most, dtype=object)
    for number, weight in readout.affine.terms:
        terms = network.layers[1][number].affine.terms
        place, block = _block([(sides[s][0], whole[s], sides[s][2]) for s, _ in terms], d, len(t))
        total[place] += block * (int((weight * weights).p) * common ** (most - len(terms)))
    found, below = _spline_values(spline, t)
    differs = np.argwhere(total * below != found * (weights * common**most))
    if not len(differs):
        return None
    x = ", ".join(str(t[i] / spline.mesh) for i in differs[0].tolist())
    return f"differs from the spline of its coefficients at ({x})"


def _block(
    factors: list[tuple[int, list[int], range]], d: int, count: int
) -> tuple[tuple[slice, ...], np.ndarray]:
    """A product of values along the axes, where it may differ from 0."""
    spans = [range(count)] * d
    for axis, _, used in factors:
        spans[axis] = range(max(spans[axis].start, used.start), min(spans[axis].stop, used.stop))
    block = np.ones((1,) * d, dtype=object)
    for i, span in enumerate(spans):
        along = np.ones(len(span), dtype=object)
        for axis, values, _ in factors:
            if axis == i:
                along = along * np.array(values[span.start : span.stop], dtype=object)
        block = block * along.reshape((1,) * i + (-1,) + (1,) * (d - 1 - i))
    return tuple(slice(s.start, max(s.start, s.stop)) for s in spans), block


def _spline_values(spline: Spline, t: list[fmpq]) -> tuple[np.ndarray, int]:
    """Values at the tensor points: integers and their denominator."""
    q, cells = spline.degree, spline.cells
    rows = []
    for x in t:
        row, place = [fmpq(0)] * (cells + q), x - spline.start
        for k in range(max(-q, int(place.floor()) - q - 1), min(cells, int(place.floor()) + 1)):
            if 0 <= place - k <= q + 1:
                row[k + q] = pieces(q)[min(int((place - k).floor()), q)](place - k)
        rows.append(row)
    common = lcm(*(int(v.q) for row in rows for v in row))
    matrix = np.array([[int(v.p) * (common // int(v.q)) for v in row] for row in rows], dtype=object)
    values = spline.coefficients.astype(object)
    for axis in range(spline.dim):
        values = np.moveaxis(np.tensordot(matrix, values, axes=(1, axis)), 0, axis)
    return values, spline.denominator * common**spline.dim
