"""A network followed in floating point at many points: layers are read once and not kept, however many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np

from constructs.activations import ACTIVATIONS
from constructs.neurons import PRODUCT, Affine, Layer, Readout, as_float

CHUNK = (
    1 << 14
)  # at most so many points followed together: the values of a narrow layer stay in the processor's cache
VALUES = 1 << 25  # of the widest layer at a time: fewer points of a wide one
BLOCK = 1 << 8  # layers read before they are run on one chunk after another


class _Row(NamedTuple):
    """An affine form in floats, and its activation; None: the form itself; PRODUCT: its sources multiplied."""

    terms: list[tuple[int, float]]
    bias: float
    activation: str | None


class _Step(NamedTuple):
    """A layer's rows, and the rows read off it, each with its place in the results."""

    rows: list[_Row]
    reads: list[tuple[int, _Row]]


def follow(
    layers: Iterable[tuple[Layer, list[tuple[int, Readout]]]], points: np.ndarray, readouts: int
) -> np.ndarray:
    """The values of readouts at the points.

    Requires: the layers in order, each with the readouts that read it and their places among `readouts`
    results; points of shape (inputs, points).
    Returns: an array (readouts, points).
    Method: a block of layers at a time, put into floats once and run on every chunk of points; the first block says how
    many points that are. A neuron that only carries a value known to be >= 0 costs nothing.
    """
    results = np.empty((readouts, points.shape[1]))
    steps = _steps(layers, [bool((row >= 0).all()) for row in points])
    block = list(islice(steps, BLOCK))
    size = max(1, min(CHUNK, VALUES // max((len(step.rows) for step in block), default=1)))
    chunks = [slice(i, i + size) for i in range(0, points.shape[1], size)]
    values = [list(np.ascontiguousarray(points[:, chunk])) for chunk in chunks]
    while block:
        rest = list(islice(steps, BLOCK))
        for i, chunk in enumerate(chunks):
            after = _run(block, values[i], results[:, chunk])
            values[i] = after if rest else []
        block = rest
    return results


def _steps(
    layers: Iterable[tuple[Layer, list[tuple[int, Readout]]]], positive: list[bool]
) -> Iterator[_Step]:
    """The layers in floats; `positive`: which inputs are >= 0."""
    for layer, heads in layers:
        rows = [_row(n.affine, n.activation, positive) for n in layer]
        positive = [n.activation == "relu" for n in layer]
        yield _Step(rows, [(place, _row(readout.affine, None, positive)) for place, readout in heads])


def _row(affine: Affine, activation: str | None, positive: list[bool]) -> _Row:
    terms = [(s, as_float(w)) for s, w in affine.terms]
    bias = as_float(affine.bias)
    if activation == "relu" and bias == 0 and len(terms) == 1 and terms[0][1] == 1 and positive[terms[0][0]]:
        activation = None
    return _Row(terms, bias, activation)


def _run(block: list[_Step], values: list[np.ndarray], results: np.ndarray) -> list[np.ndarray]:
    """The values after the block, of those before it."""
    size = results.shape[1]
    for rows, reads in block:
        values = [_value(row, values, size) for row in rows]
        for place, row in reads:
            results[place] = _value(row, values, size)
    return values


def _value(row: _Row, sources: list[np.ndarray], size: int) -> np.ndarray:
    terms, bias, activation = row
    if activation == PRODUCT:
        return _product([sources[source] for source, _ in terms])
    if not terms:
        total = np.full(size, bias)
    else:
        source, weight = terms[0]
        if weight == 1 and bias == 0 and activation is None and len(terms) == 1:
            return sources[source]  # carried; no array is ever written to after it was made
        total = sources[source] * weight
        for source, weight in terms[1:]:
            if weight == 1:
                total += sources[source]
            elif weight == -1:
                total -= sources[source]
            else:
                total += sources[source] * weight
        if bias:
            total += bias
    if activation == "relu":
        return np.maximum(total, 0.0, out=total)
    return total if activation is None else ACTIVATIONS[activation].floats(total)


def _product(factors: list[np.ndarray]) -> np.ndarray:
    total = factors[0]
    for i, factor in enumerate(factors[1:]):
        total = np.multiply(total, factor, out=total if i else None)
    return total
