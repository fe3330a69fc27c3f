"""A network written down number by number: layers of (activation, weights, bias)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from constructs.activations import ACTIVATIONS
from constructs.arguments import items_of
from constructs.errors import ConstructError
from constructs.exact import Exact, integer, rational
from constructs.network import Network
from constructs.neurons import Affine, Layer, Neuron, Readout

RawNeuron = tuple[str, Sequence[Exact], Exact] | tuple[str, Sequence[Exact], Exact, str]
RawReadout = tuple[Sequence[Exact], Exact]


def layers(
    rows: Sequence[Sequence[RawNeuron]],
    readout: RawReadout | Mapping[int, RawReadout],
    inputs: int = 1,
) -> Network:
    """The network with these weights.

    Requires: rows[j][k] = (activation, weights, bias) or (activation, weights, bias, name): one weight per neuron of
    the layer before (per input in the first layer), zeros included. readout: (weights, bias) over the last layer, which
    becomes level 0; or a dictionary {j: (weights, bias)} of readouts of layers j = 1, 2, ..., which become levels j.
    Numbers are exact: int, Fraction, "1/3", "0.1".
    Returns: Network; a neuron without a name is called after its place, "2.0": the first neuron of layer 2.
    Raises: ConstructError that names the neuron.

    >>> tent = layers([[("relu", [2], 0), ("relu", [4], -2)]], readout=([1, -1], 0))
    >>> tent.evaluate(["3/4"])
    [1/2]
    """
    before = integer(inputs, "inputs", 1)
    given_rows = items_of(rows, "rows", "a list of layers, each a list of neurons")
    if not given_rows:
        raise ConstructError("rows", "none", "at least one layer")
    built: list[Layer] = []
    for j, given_row in enumerate(given_rows, start=1):
        row = items_of(given_row, f"layer {j}", "a list of neurons")
        if not row:
            raise ConstructError(f"layer {j}", "no neurons", "at least one")
        built.append(tuple(_neuron(f"{j}.{k}", given, before) for k, given in enumerate(row)))
        before = len(row)
    heads = readout if isinstance(readout, Mapping) else {len(built): readout}
    found = []
    for j, head in sorted(heads.items()):
        layer = integer(j, "layer of a readout", 1, len(built))
        level = layer if isinstance(readout, Mapping) else 0
        pair = items_of(head, f"readout {level}", "a pair (weights, bias)")
        if len(pair) != 2:
            raise ConstructError(f"readout {level}", repr(head), "a pair (weights, bias)")
        weights, bias = pair
        found.append(Readout(level, layer, _affine(f"readout {level}", weights, bias, len(built[layer - 1]))))
    return Network(inputs, tuple(built), tuple(found))


def _neuron(place: str, given: RawNeuron, sources: int) -> Neuron:
    if not isinstance(given, Sequence) or isinstance(given, str) or len(given) not in (3, 4):
        raise ConstructError(
            f"neuron {place}", repr(given), "(activation, weights, bias) or (..., bias, name)"
        )
    activation, weights, bias = given[0], given[1], given[2]
    if not isinstance(activation, str) or activation not in ACTIVATIONS:
        raise ConstructError(
            f"activation of neuron {place}", activation, f"one of {', '.join(sorted(ACTIVATIONS))}"
        )
    name = str(given[3]) if len(given) == 4 else place
    return Neuron(name, "", activation, _affine(f"neuron {place}", weights, bias, sources))


def _affine(place: str, weights: Sequence[Exact], bias: Exact, sources: int) -> Affine:
    given = items_of(weights, f"weights of {place}", f"{sources} numbers, one per source")
    if len(given) != sources:
        raise ConstructError(f"weights of {place}", repr(weights), f"{sources} numbers, one per source")
    numbers = [rational(w, f"weights[{i}] of {place}") for i, w in enumerate(given)]
    terms = tuple((i, w) for i, w in enumerate(numbers) if w != 0)
    return Affine(terms, rational(bias, f"bias of {place}"))
