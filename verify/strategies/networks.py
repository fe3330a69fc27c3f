"""Small networks of any shape, with exact weights."""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpq
from hypothesis import strategies as st

from constructs.activations import ACTIVATIONS
from constructs.errors import ConstructError
from constructs.exact import integer
from constructs.network import Network
from constructs.neurons import PRODUCT, Affine, Neuron, Readout
from verify.strategies.values import rationals

_WEIGHTS = st.sampled_from([fmpq(0), fmpq(1), fmpq(-1)]) | rationals(-4, 4, 9)
_MOST_LAYERS = 3
_MOST_NEURONS = 3
_MOST_INPUTS = 10

Form = tuple[list[tuple[int, fmpq]], fmpq]  # sources with weights, and the bias


def networks(inputs: int = 1, activations: Sequence[str] = ("relu", "floor")) -> st.SearchStrategy[Network]:
    """Networks of up to three layers of up to three neurons, a readout on every layer.

    Requires: inputs 1..10; names of constructs/activations.py, or "product".
    Returns: networks, sparse or dense, weights with denominators <= 9. They shrink to one neuron without weights, of
    the first activation.
    Raises: ConstructError.

    >>> from hypothesis import find
    >>> net = find(networks(), lambda net: net.evaluate([1])[0] != 0)
    >>> abs(net.evaluate([1])[0])
    1
    """
    names = list(activations)
    for name in names:
        if name not in ACTIVATIONS and name != PRODUCT:
            raise ConstructError("activations", name, f"some of {', '.join([*ACTIVATIONS, PRODUCT])}")
    if not names:
        raise ConstructError("activations", names, "at least one name")
    d = integer(inputs, "inputs", 1, _MOST_INPUTS)
    source = st.integers(0, max(d, _MOST_NEURONS) - 1)
    form = st.tuples(st.lists(st.tuples(source, _WEIGHTS), max_size=max(d, _MOST_NEURONS)), _WEIGHTS)
    neurons = st.lists(st.tuples(st.sampled_from(names), form), min_size=1, max_size=_MOST_NEURONS)
    layers = st.lists(st.tuples(neurons, form), min_size=1, max_size=_MOST_LAYERS)
    return layers.map(lambda drawn: _network(d, drawn))


def _network(inputs: int, drawn: list[tuple[list[tuple[str, Form]], Form]]) -> Network:
    """Sources count modulo the layer before, so that Hypothesis can delete a neuron and change nothing else."""
    layers, readouts, before = [], [], inputs
    for number, (neurons, readout) in enumerate(drawn):
        layers.append(tuple(_neuron(f"n{i}", *neuron, before) for i, neuron in enumerate(neurons)))
        before = len(neurons)
        readouts.append(Readout(number, number + 1, _affine(readout, before)))
    return Network(inputs, tuple(layers), tuple(readouts))


def _neuron(name: str, activation: str, form: Form, sources: int) -> Neuron:
    if activation != PRODUCT:
        return Neuron(name, "", activation, _affine(form, sources))
    factors = {s % sources for s, _ in form[0]} or {0}
    return Neuron(name, "", PRODUCT, Affine(tuple((s, fmpq(1)) for s in sorted(factors)), fmpq(0)))


def _affine(form: Form, sources: int) -> Affine:
    weights = {s % sources: w for s, w in form[0]}
    return Affine(tuple((s, w) for s, w in sorted(weights.items()) if w != 0), form[1])
