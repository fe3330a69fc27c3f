"""What a decoder gives back: channels that turn a cell number into a stored correction, and what that
correction is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from flint import fmpq

from constructs.rationals import Rationals
from constructs.wiring import Channel, Form


@dataclass(frozen=True)
class Stored:
    """One level's table inside the network.

    inner, outer: channels of the layers t+1 and t+2; correction: an affine form over layer t+2; realized: its
    value on each cell, in the order of the cell number (for a sine: up to 2^-63 of its amplitude); bound >=
    |correction| for every input.
    """

    inner: tuple[Channel, ...]
    outer: tuple[Channel, ...]
    correction: Form
    realized: Rationals
    bound: fmpq


class Decoder(Protocol):
    """Stores a table: |correction - wanted| <= tolerance on every cell."""

    @property
    def name(self) -> str:
        """two-sine or bits."""
        ...

    def store(self, t: int, wanted: Rationals, tolerance: fmpq, index: Form) -> Stored:
        """The channels that turn `index`, the cell number J affine in layer t, into wanted[J]; wanted has one axis."""
        ...


def constant(wanted: Rationals) -> Stored | None:
    """The exact storage of a table with a single value: no channels at all; None for other tables."""
    single = wanted.single
    return None if single is None else without_channels(single, wanted.numerators.size)


def without_channels(value: fmpq, cells: int) -> Stored:
    """The same value on every cell."""
    return Stored((), (), Form(bias=value), Rationals.full(cells, value), abs(value))


def dyadic_exponent(value: fmpq) -> int:
    """The largest k with 2^k <= value, for value > 0.

    >>> dyadic_exponent(fmpq(1, 3)), dyadic_exponent(fmpq(4))
    (-2, 2)
    """
    guess = int(value.p).bit_length() - int(value.q).bit_length()
    return guess if fmpq(2) ** guess <= value else guess - 1
