"""What a geometric network of floor digits and bit decoders stores, read off its weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from flint import fmpq

from constructs.bit_decoder import extraction
from constructs.digits import FloorDigits
from constructs.errors import ConstructError
from constructs.geometric import wire
from constructs.network import Network
from constructs.neurons import Neuron, Readout
from constructs.rationals import Rationals
from constructs.storage import Stored, without_channels
from verify.fields import field_reader


@dataclass(frozen=True)
class PackedLevel:
    """The correction low + step * fields[J] of the cells of one level."""

    bits: int
    low: fmpq
    step: fmpq
    fields: np.ndarray


@dataclass(frozen=True)
class StoredTables:
    """The value of level 0, and the corrections of the levels 1, 2, ..."""

    value0: fmpq
    levels: tuple[PackedLevel, ...]


class Unrecognised(Exception):  # noqa: N818
    """Something is not where the construction puts it."""


def stored_tables(network: Network, dim: int, base: int) -> StoredTables:
    """The data from which the construction makes this very network.

    Method: read from where the construction would put it; then the network is made again from what was read, and must
    be equal, weight by weight. So nothing rests on the neurons' names.
    Raises: ConstructError for any other network.
    """
    try:
        tables = _read(network, dim, base)
    except (Unrecognised, IndexError, ValueError) as error:
        raise _unsupported(str(error)) from None
    if made(tables, dim, base) != network:
        raise _unsupported("a network that differs from the construction's")
    return tables


def _unsupported(what: str) -> ConstructError:
    return ConstructError(
        "network", what, "floor digits, bit decoders, and no level of a single value, for Coq"
    )


def made(tables: StoredTables, dim: int, base: int) -> Network:
    """The network that the construction makes of these data."""
    digits = FloorDigits(dim, base)
    stored: list[Stored] = [without_channels(tables.value0, 1)]
    for t, level in enumerate(tables.levels, start=1):
        stored.append(
            extraction(t, Rationals(level.fields), level.bits, level.step, level.low, digits.index(t))
        )
    return wire(stored, digits, dim)


def _read(network: Network, dim: int, base: int) -> StoredTables:
    value0, lows = carried(network)
    levels = [
        _level(network, t, head, low, base ** (dim * t))
        for t, (head, low) in enumerate(zip(_heads(network)[1:], lows, strict=True), start=1)
    ]
    return StoredTables(value0, tuple(levels))


def _heads(network: Network) -> list[Readout]:
    return sorted(network.readouts, key=lambda r: r.level)


def carried(network: Network) -> tuple[fmpq, list[fmpq]]:
    """The value of level 0, and the constants in the corrections of the levels 1, 2, ...

    Method: S in layer t+2 gains the correction of level t-1, and the difference of two offsets.
    Raises: Unrecognised.
    """
    heads = _heads(network)
    first = -heads[0].affine.bias
    value0 = named(network, 1, "S")[0].affine.bias - first
    offset, lows = first, []
    for t, head in enumerate(heads[1:], start=1):
        if t > 1:
            offset += named(network, t + 2, "S")[0].affine.bias - lows[-1]
        lows.append(head.affine.bias + offset)
    return value0, lows


def named(network: Network, layer: int, name: str) -> tuple[Neuron, int]:
    """The neuron of that name in a layer, and its place. Raises: Unrecognised; IndexError for no such layer."""
    for place, neuron in enumerate(network.layers[layer - 1]):
        if neuron.name == name:
            return neuron, place
    raise Unrecognised(f"no neuron {name} in layer {layer}")


def only(terms: Sequence[tuple[int, fmpq]]) -> fmpq:
    """The only weight. Raises: Unrecognised."""
    if len(terms) != 1:
        raise Unrecognised(f"{len(terms)} weights where one is expected")
    return terms[0][1]


def _level(network: Network, t: int, head: Readout, low: fmpq, cells: int) -> PackedLevel:
    lower, _ = named(network, t + 2, f"U{t}")
    upper, place = named(network, t + 2, f"V{t}")
    weight, top = only(lower.affine.terms), only(upper.affine.terms)
    ratio = top / weight
    bits = int(ratio.p).bit_length() - 1
    if ratio != fmpq(2) ** bits or not 1 <= bits <= 62:
        raise Unrecognised(f"ratio {ratio} of two weights")
    read = field_reader(top, 1 << bits)
    fields = read(bits * np.arange(cells, dtype=np.int64))
    return PackedLevel(bits, low, dict(head.affine.terms)[place], fields)
