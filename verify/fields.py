"""2^J, and the floor of a multiple of it, as symbols: so that a table of a million cells is read as bit
fields.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from flint import fmpq

from constructs.activations import LARGEST_EXPONENT

WIDEST = 62


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
    0 and above the top being 0; all bits of A are unpacked once.
    Raises: ValueError if the requirements are not met.

    >>> field_reader(fmpq(0b1101, 16), 4)([2, 4])
    array([3, 1])
    """
    b, s = base.bit_length() - 1, int(factor.q).bit_length() - 1
    if not 1 <= b <= WIDEST or base != 1 << b or factor.q != 1 << s or factor.p < 0:
        raise ValueError("not a table of bit fields")
    number = int(factor.p)
    octets = np.frombuffer(number.to_bytes(number.bit_length() // 8 + 1, "little"), dtype=np.uint8)
    stream = np.unpackbits(octets, bitorder="little")

    def read(exponents: Sequence[int] | np.ndarray) -> np.ndarray:
        if max((abs(int(e)) for e in (np.min(exponents), np.max(exponents))), default=0) > LARGEST_EXPONENT:
            raise ValueError(f"an exponent larger than {LARGEST_EXPONENT}")
        places = s - np.asarray(exponents, dtype=np.int64)
        fields = np.zeros(places.shape, dtype=np.int64)
        for j in range(b):
            at = places + j
            inside = (at >= 0) & (at < len(stream))
            fields |= np.where(inside, stream[np.clip(at, 0, len(stream) - 1)], 0).astype(np.int64) << j
        return fields

    return read
