"""The geometric network: one hidden layer per level plus two, and a readout for every level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate

from flint import fmpq

from constructs import grids
from constructs.bit_decoder import BitDecoder
from constructs.digits import Digits, FloorDigits, StaircaseDigits
from constructs.errors import ConstructError, nearest_name
from constructs.exact import integer
from constructs.network import Network
from constructs.rationals import ONE, ZERO, Rationals, combination
from constructs.storage import Decoder, Stored
from constructs.two_sine import TwoSineDecoder
from constructs.wiring import Channel, Form, Head, assemble

DIGITS = ("relu", "floor")
DECODERS = ("two-sine", "bits")


@dataclass(frozen=True)
class Geometric:
    """A built network with what the construction knows of it: a hint for the judgement, never the judgement
    itself.
    """

    network: Network
    base: int
    levels: int
    digits: str
    decoder: str
    delta: fmpq | None
    tables: tuple[Rationals, ...]  # realized value of every level's readout on its cells
    bounds: tuple[fmpq, ...]  # >= |Phi_l| everywhere
    table_bits: tuple[int, ...]  # per level, bits of the number that holds its table; 0 where none is needed


def decoder_named(name: str) -> Decoder:
    """The decoder of that name.

    Raises: ConstructError.
    """
    if name not in DECODERS:
        raise ConstructError("decoder", name, f"two-sine or bits{nearest_name(name, DECODERS)}")
    return TwoSineDecoder() if name == "two-sine" else BitDecoder()


def stated_width(dim: int, base: int) -> int:
    """The width that arXiv 2604.20219 states: 2dN + d + 2."""
    return 2 * dim * base + dim + 2


def over_parents(table: Rationals, coarser: Rationals, base: int, weight: fmpq) -> Rationals:
    """Every cell's value plus weight times its parent's, which is not laid out on the cells.

    >>> over_parents(Rationals.of([3, 4]), Rationals.of([1]), 2, fmpq(-1)).numerators
    array([2, 3])
    """
    cells = table.rearranged(partial(grids.split, factor=base))
    parents = coarser.rearranged(partial(grids.split, factor=1))
    return combination([(ONE, cells), (weight, parents)], ZERO, cells.numerators.ndim).rearranged(
        grids.joined
    )


def _store_tables(
    wanted: Sequence[Rationals], tolerances: Sequence[fmpq], base: int, decoder: Decoder, extractor: Digits
) -> tuple[list[Stored], list[Rationals]]:
    """Each level's corrections stored: a child cell aims at its wanted value minus what its parent was really
    given.

    So |realized - wanted| <= tolerance at every level (for a sine, up to the rounding of `Stored.realized`):
    errors of coarser levels are repaired.
    """
    dim = len(wanted[0].shape)
    stored: list[Stored] = []
    tables: list[Rationals] = []
    for t, (table, tolerance) in enumerate(zip(wanted, tolerances, strict=True)):
        missing = over_parents(table, tables[-1], base, -ONE) if t else table
        corrections = missing.rearranged(grids.number_cells)
        del missing
        level = decoder.store(t, corrections, tolerance, extractor.index(t) if t else Form())
        del corrections
        stored.append(level)
        realized = level.realized.rearranged(partial(grids.from_numbered, dim=dim, cells=base**t))
        tables.append(over_parents(realized, tables[-1], base, ONE) if t else realized)
    return stored, tables


def build(
    wanted: Sequence[Rationals],
    base: int,
    tolerances: Sequence[fmpq],
    *,
    digits: str = "relu",
    decoder: str = "two-sine",
    delta: fmpq | None = None,
) -> Geometric:
    """The network whose readout of level l is, on every N-adic cell, the wanted value up to the level's
    tolerance.

    Requires: wanted[l] of shape (base^l,)*d for l = 0..L; one tolerance > 0 per level; for relu digits
    0 < delta < base^-L (the relative width of the strips), for floor digits none.
    Returns: Geometric; depth L+2, the readout of level l on layer l+2.
    Guarantees: width 2dN+3 (relu, two-sine), 2dN+4 (relu, bits), 3d+3 (floor, two-sine), 3d+4 (floor, bits),
    or less. With floor digits the network of L levels contains that of L-1 levels, weights unchanged.
    Raises: ConstructError.
    Source: docs/geometric.md; statement: arXiv 2604.20219.

    >>> half = [Rationals.of(["1/2"]), Rationals.of(["1/4", "3/4"])]
    >>> built = build(half, 2, [fmpq(1, 16)] * 2, digits="floor", decoder="bits")
    >>> built.network.evaluate(["1/3"]), built.network.evaluate([1])
    ([1/2, 1/4], [1/2, 3/4])
    """
    levels, dim = _validate(wanted, base, tolerances, digits, delta)
    extractor: Digits = StaircaseDigits(dim, base, delta) if delta is not None else FloorDigits(dim, base)
    stored, tables = _store_tables(wanted, tolerances, base, decoder_named(decoder), extractor)
    bounds = _bounds(stored)
    network = wire(stored, extractor, dim)
    return Geometric(
        network, base, levels, digits, decoder, delta, tuple(tables), tuple(bounds), _table_bits(stored)
    )


def _validate(
    wanted: Sequence[Rationals], base: int, tolerances: Sequence[fmpq], digits: str, delta: fmpq | None
) -> tuple[int, int]:
    integer(base, "base", 2)
    if not wanted or len(wanted) != len(tolerances):
        raise ConstructError(
            "wanted", f"{len(wanted)} tables, {len(tolerances)} tolerances", "one of each per level, from 0"
        )
    levels, dim = len(wanted) - 1, len(wanted[0].shape)
    if dim < 1 or any(table.shape != (base**t,) * dim for t, table in enumerate(wanted)):
        raise ConstructError(
            "wanted", f"{[t.shape for t in wanted]}", f"shape ({base}^l,)*d at level l, d >= 1"
        )
    if digits not in DIGITS:
        raise ConstructError("digits", digits, f"relu or floor{nearest_name(digits, DIGITS)}")
    if (delta is not None) != (digits == "relu"):
        raise ConstructError("delta", str(delta), "a rational for relu digits, none for floor digits")
    if delta is not None and not 0 < delta < fmpq(1, base**levels):
        raise ConstructError("delta", str(delta), f"a rational in (0, {base}^-{levels})")
    return levels, dim


def _table_bits(stored: Sequence[Stored]) -> tuple[int, ...]:
    """Bits of the numerator of the first outer neuron's only weight: the sine weight, or the packed fields."""
    return tuple(
        int(next(iter(s.outer[0].form.terms.values())).p).bit_length() if s.outer else 0 for s in stored
    )


def _ceiling(value: fmpq) -> int:
    return int(value.ceil())


def _bounds(stored: Sequence[Stored]) -> list[fmpq]:
    """Of |Phi_l|, level by level."""
    return list(accumulate(s.bound for s in stored))


def wire(stored: Sequence[Stored], extractor: Digits, dim: int) -> Network:
    """The network of these tables. Layers 1..L+2: digits of level t in layer t, the decoder of level t in layers
    t+1 and t+2, S in all of them.

    Requires: level 0 without channels.
    """
    levels, bounds = len(stored) - 1, _bounds(stored)
    layers: list[list[Channel]] = [extractor.channels(t) if t <= levels else [] for t in range(1, levels + 3)]
    heads: list[Head] = []
    for t in range(1, levels + 1):
        layers[t] += stored[t].inner
        layers[t + 1] += stored[t].outer
    offset = _ceiling(bounds[0])
    carried = stored[0].correction  # a constant: level 0 has one cell
    for t in range(levels + 1):
        for layer in layers[0:2] if t == 0 else layers[t + 1 : t + 2]:
            layer.append(
                Channel(
                    "S", "carries the readout of the level before, plus an offset", "relu", carried + offset
                )
            )
            carried = Form.of("S") - offset
        carried = carried + (stored[t].correction if t else 0)
        heads.append(Head(t, t + 2, carried))
        offset = _ceiling(bounds[t])
    return assemble([f"x{i}" for i in range(dim)], layers, heads)
