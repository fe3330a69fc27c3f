"""2^J, and the floor of a multiple of it, as symbols: so that a table of a million cells is read as bit
fields.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from flint import fmpq

from constructs.activations import LARGEST_EXPONENT
from constructs.rationals import Rationals
from verify.axes import Unproved

WIDEST = 62
_PADDING = 9  # bytes: more than a field reaches into
_CHUNK = 1 << 16  # fields read at once


@dataclass(frozen=True)
class Powers:
    """factor * 2^exponents[region], or its floor: a neuron behind an exp2, on every region."""

    exponents: np.ndarray
    factor: fmpq
    floored: bool = False

    def scaled(self, weight: fmpq) -> Powers:
        """weight times it."""
        return Powers(self.exponents, self.factor * weight)

    def floor(self) -> Powers:
        """Its floor."""
        return Powers(self.exponents, self.factor, floored=True)


def read_fields(powers: list[tuple[fmpq, Powers]]) -> list[tuple[fmpq, Rationals]]:
    """Pairs c (floor(B y) - B floor(y)) as c times a bit field (§6.3).

    Raises: Unproved where a power of two is left over.
    """
    left, fields = list(powers), []
    while left:
        w, f = left.pop()
        for i, (v, g) in enumerate(left):
            if is_field(f, g, -v / w):
                (weight, upper, base) = (w, f, -v / w)
            elif is_field(g, f, -w / v):
                (weight, upper, base) = (v, g, -w / v)
            else:
                continue
            left.pop(i)
            try:
                read = field_reader(upper.factor, int(base.p))
                fields.append((weight, Rationals(read(upper.exponents))))
            except ValueError as error:
                raise Unproved(str(error)) from None
            break
        else:
            raise Unproved("uses an exp2 otherwise than by a pair floor(B y) - B floor(y)")
    return fields


def is_field(upper: Powers, lower: Powers, ratio: fmpq) -> bool:
    """upper = floor(B a 2^e), lower = floor(a 2^e) with the same e everywhere and B = ratio = 2^b, b <= 62."""
    if not (upper.floored and lower.floored) or ratio.q != 1:
        return False
    base = int(ratio.p)
    if not 2 <= base <= 1 << WIDEST or base & (base - 1):
        return False
    same = upper.exponents is lower.exponents or np.array_equal(upper.exponents, lower.exponents)
    return same and upper.factor == ratio * lower.factor


def field_reader(factor: fmpq, base: int) -> Callable[[Sequence[int] | np.ndarray], np.ndarray]:
    """A reader of floor(factor 2^e) - base floor((factor / base) 2^e) = floor(factor 2^e) mod base, for many
    e.

    Requires: base = 2^b, 1 <= b <= 62; factor = A / 2^s with A >= 0; |e| <= 2^31.
    Returns: a function from exponents to fields, an int64 array of the same shape. Exact.
    Method: with o = s - e the field is (A >> o) mod 2^b (A << -o for o < 0): bits o .. o+b-1 of A, bits below
    0 and above the top being 0; the nine bytes from that of bit o on hold them, and are shifted together.
    Raises: ValueError if the requirements are not met.

    >>> field_reader(fmpq(0b1101, 16), 4)([2, 4])
    array([3, 1])
    """
    b, s = base.bit_length() - 1, int(factor.q).bit_length() - 1
    if not 1 <= b <= WIDEST or base != 1 << b or factor.q != 1 << s or factor.p < 0:
        raise ValueError("not a table of bit fields")
    number = int(factor.p)
    top = 8 * (number.bit_length() // 8 + 1)  # from this bit on, and below bit 0, all is 0
    zeros = bytes(_PADDING)
    octets = np.frombuffer(zeros + number.to_bytes(top // 8, "little") + zeros, dtype=np.uint8)

    def read(exponents: Sequence[int] | np.ndarray) -> np.ndarray:
        if max((abs(int(e)) for e in (np.min(exponents), np.max(exponents))), default=0) > LARGEST_EXPONENT:
            raise ValueError(f"an exponent larger than {LARGEST_EXPONENT}")
        given = np.asarray(exponents)
        fields = np.empty(given.shape, dtype=np.int64)
        source, flat = given.reshape(-1), fields.reshape(-1)
        for start in range(0, flat.size, _CHUNK):
            part = slice(start, start + _CHUNK)
            bits = np.clip(s - source[part].astype(np.int64), -WIDEST, top) + 8 * _PADDING
            flat[part] = _read(octets, bits, b)
        return fields

    return read


def _read(octets: np.ndarray, places: np.ndarray, bits: int) -> np.ndarray:
    """The numbers that `bits` <= 62 bits from these places on are, the lowest first."""
    first, shift = places >> 3, (places & 7).astype(np.uint64)
    value = octets[first].astype(np.uint64) >> shift
    for j in range(1, (bits + 14) // 8):  # up to 7 bits before the field, and its own
        # in two steps: a shift by 64 means nothing; bits beyond the 64 are none of the field's
        value |= (octets[first + j].astype(np.uint64) << (np.uint64(8 * j - 1) - shift)) << np.uint64(1)
    return (value & np.uint64((1 << bits) - 1)).astype(np.int64)
