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

_WEIGHTS = rationals(-4, 4, 9)
_MOST_LAYERS = 3
_MOST_NEURONS = 3
_MOST_INPUTS = 10


def networks(inputs: int = 1, activations: Sequence[str] = ("relu", "floor")) -> st.SearchStrategy[Network]:
    """Networks of up to three layers of up to three neurons, a readout on every layer.

    Requires: inputs 1..10; names of constructs/activations.py, or "product".
    Returns: networks, sparse or dense, weights with denominators <= 9. They shrink to one neuron without weights, of
    the first activation.
    Raises: ConstructError.

    >>> from hypothesis import find
    >>> net = find(networks(), lambda net: net.evaluate([1]) != [0])
    >>> net.depth, net.width, net.parameters
    (1, 1, 1)
    """
    names = list(activations)
    for name in names:
        if name not in ACTIVATIONS and name != PRODUCT:
            raise ConstructError("activations", name, f"some of {', '.join([*ACTIVATIONS, PRODUCT])}")
    if not names:
        raise ConstructError("activations", names, "at least one name")
    return _networks(integer(inputs, "inputs", 1, _MOST_INPUTS), names)


@st.composite
def _networks(draw: st.DrawFn, inputs: int, activations: list[str]) -> Network:
    widths = draw(st.lists(st.integers(1, _MOST_NEURONS), min_size=1, max_size=_MOST_LAYERS))
    layers = tuple(
        tuple(_neuron(draw, f"n{i}", before, activations) for i in range(width))
        for before, width in zip([inputs, *widths], widths, strict=False)
    )
    readouts = tuple(Readout(t, t + 1, _affine(draw, width)) for t, width in enumerate(widths))
    return Network(inputs, layers, readouts)


def _neuron(draw: st.DrawFn, name: str, sources: int, activations: list[str]) -> Neuron:
    activation = draw(st.sampled_from(activations))
    if activation != PRODUCT:
        return Neuron(name, "", activation, _affine(draw, sources))
    factors = sorted(draw(st.sets(st.integers(0, sources - 1), min_size=1)))
    return Neuron(name, "", PRODUCT, Affine(tuple((s, fmpq(1)) for s in factors), fmpq(0)))


def _affine(draw: st.DrawFn, sources: int) -> Affine:
    weights = [(s, draw(_WEIGHTS)) for s in sorted(draw(st.sets(st.integers(0, sources - 1))))]
    return Affine(tuple((s, w) for s, w in weights if w != 0), draw(_WEIGHTS))
