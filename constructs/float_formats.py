"""The two binary formats of IEEE 754 that networks are exported in, seen from the rationals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from flint import fmpq

from constructs.exact import dyadic


@dataclass(frozen=True)
class FloatFormat:
    """A binary format: `precision` significant bits, multiples of 2^least, sizes below 2^most."""

    name: str
    precision: int
    least: int
    most: int

    @cached_property
    def unit(self) -> fmpq:
        """The unit roundoff u: a sum or product is rounded by at most u times its size."""
        return dyadic(1, -self.precision)

    @cached_property
    def tiny(self) -> fmpq:
        """The smallest positive number: a product that underflows is off by at most half of it."""
        return dyadic(1, self.least)

    def nearest(self, value: fmpq) -> fmpq | None:
        """The number of this format next to a rational, ties to even; None where it is too large.

        >>> FLOAT32.nearest(fmpq(1, 3)), FLOAT64.nearest(fmpq(3, 4)), FLOAT32.nearest(fmpq(2) ** 128)
        (11184811/33554432, 3/4, None)
        """
        if value == 0:
            return value
        exponent = int(value.p).bit_length() - int(value.q).bit_length()  # floor(log2 |value|), or one more
        if abs(value) < dyadic(1, exponent):
            exponent -= 1
        step = max(exponent - self.precision + 1, self.least)
        doubled = value / dyadic(1, step) * 2
        below = int(doubled.floor())
        count, rest = divmod(below + 1, 2)
        if rest == 0 and doubled.q == 1 and count % 2:
            count -= 1  # halfway between count - 1 and count
        rounded = dyadic(count, step)
        return rounded if abs(rounded) < dyadic(1, self.most) else None


FLOAT64 = FloatFormat("float64", 53, -1074, 1024)
FLOAT32 = FloatFormat("float32", 24, -149, 128)
