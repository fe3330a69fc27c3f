"""Index to value by bit extraction: one dyadic number holds the whole table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from flint import fmpq

from constructs.errors import ConstructError
from constructs.exact import dyadic, floor_dyadic
from constructs.rationals import Rationals, combination
from constructs.storage import Stored, constant, dyadic_exponent, without_channels
from constructs.wiring import Channel, Form

WIDEST_FIELD = 62


def pack(fields: Sequence[int] | np.ndarray, bits: int) -> int:
    """sum_J fields[J] 2^(bits (K-1-J)): the fields written one after the other, the first one highest.

    Requires: 0 <= fields[J] < 2^bits, 1 <= bits <= 62.
    Method: eight fields at a time fill `bits` bytes; each byte is put together from the fields that reach into it,
    for all eights at once. Linear in the size of the result.

    >>> bin(pack([1, 2, 3], 2))
    '0b11011'
    """
    table = np.asarray(fields, dtype=np.int64)
    eights = np.append(np.zeros(-len(table) % 8, dtype=np.int64), table).reshape(-1, 8)
    octets = np.zeros((len(eights), bits), dtype=np.uint8)
    for i, byte in product(range(8), range(bits)):
        above = bits * (i + 1) - 8 * (byte + 1)  # where the field ends, counted from where the byte does
        if -8 < above < bits:
            low = eights[:, i] & (0xFF >> -above) if above < 0 else (eights[:, i] >> above) & 0xFF
            octets[:, byte] |= (low << max(-above, 0)).astype(np.uint8)
    return int.from_bytes(octets.tobytes(), "big")


@dataclass(frozen=True)
class BitDecoder:
    """c(J) = lo + step v_J, v_J = floor(a B E) - B floor(a E), E = 2^(b J), B = 2^b, a = sum_J v_J B^-(J+1).

    Guarantees: three channels (exp2, two floors); |c(J) - wanted[J]| <= tolerance, exactly.
    Source: docs/geometric.md, decoders.
    """

    name: str = "bits"

    def store(self, t: int, wanted: Rationals, tolerance: fmpq, index: Form) -> Stored:
        """See `Decoder.store`; all numbers but a single-valued table's are dyadic.

        Raises: ConstructError if tolerance <= 0 or the table's range needs more than 62 bits a cell.
        """
        if tolerance <= 0:
            raise ConstructError("tolerance", tolerance, "a rational > 0")
        single = constant(wanted)
        if single is not None:
            return single
        places = -dyadic_exponent(2 * tolerance)
        step = dyadic(1, -places)
        lo = floor_dyadic(wanted.extremes[0], max(places, 0))
        units = [(fmpq(1, wanted.denominator) / step, Rationals(wanted.numerators))]
        fields = combination(units, fmpq(1, 2) - lo / step, 1).floor()
        cells = fields.numerators.size
        if not fields.largest:
            return without_channels(lo, cells)
        bits = fields.largest.bit_length()
        if bits > WIDEST_FIELD:
            raise ConstructError(
                "range of level " + str(t),
                f"about 2^{bits} storage tolerances",
                f"at most 2^{WIDEST_FIELD}: a larger --tolerance, or a target of smaller range",
            )
        return extraction(t, fields, bits, step, lo, index)


def extraction(t: int, fields: Rationals, bits: int, step: fmpq, lo: fmpq, index: Form) -> Stored:
    """The channels that turn J into lo + step fields[J].

    Requires: integers 0 <= fields[J] < 2^bits, 1 <= bits <= 62.
    """
    a = dyadic(pack(fields.numerators, bits), -bits * fields.numerators.size)
    return Stored(
        inner=(Channel(f"E{t}", f"level {t}: 2^(b J)", "exp2", bits * index),),
        outer=(
            Channel(f"U{t}", f"level {t}: fields before J's", "floor", a * Form.of(f"E{t}")),
            Channel(f"V{t}", f"level {t}: fields up to J's", "floor", (a * 2**bits) * Form.of(f"E{t}")),
        ),
        correction=step * (Form.of(f"V{t}") - 2**bits * Form.of(f"U{t}")) + lo,
        realized=combination([(step, fields)], lo, 1),
        bound=max(abs(lo), abs(lo + step * (2**bits - 1))),
    )
