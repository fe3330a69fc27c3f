"""What a parameter of a claim may be: a whole number, a rational, one of a few numbers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from flint import fmpq

from constructs.errors import ConstructError
from constructs.exact import Exact, integer, rational, to_text

Value = int | Fraction


class Domain(Protocol):
    """The values that a parameter may have."""

    def read(self, value: Exact, name: str) -> Value:
        """The value of this domain that a number or text denotes. Raises: ConstructError."""
        ...

    def first(self) -> Value:
        """The least, or the first listed."""
        ...

    def text(self) -> str:
        """The domain in words."""
        ...


@dataclass(frozen=True)
class Whole:
    """The integers in [lo, hi]."""

    lo: int
    hi: int

    def read(self, value: Exact, name: str) -> int:
        number = rational(value, name)
        if number.q != 1 or not self.lo <= number <= self.hi:
            raise ConstructError(name, str(value), self.text())
        return int(number.p)

    def first(self) -> int:
        return self.lo

    def text(self) -> str:
        return f"a whole number from {self.lo} to {self.hi}"


@dataclass(frozen=True)
class Ratio:
    """The rationals in [lo, hi]."""

    lo: Fraction
    hi: Fraction

    def read(self, value: Exact, name: str) -> Fraction:
        number = _fraction(rational(value, name))
        if not self.lo <= number <= self.hi:
            raise ConstructError(name, str(value), self.text())
        return number

    def first(self) -> Fraction:
        return self.lo

    def text(self) -> str:
        return f"a rational from {self.lo} to {self.hi}"


@dataclass(frozen=True)
class OneOf:
    """A few numbers."""

    choices: tuple[Value, ...]

    def read(self, value: Exact, name: str) -> Value:
        number = _fraction(rational(value, name))
        for choice in self.choices:
            if choice == number:
                return choice
        raise ConstructError(name, str(value), self.text())

    def first(self) -> Value:
        return self.choices[0]

    def text(self) -> str:
        return f"one of {', '.join(str(c) for c in self.choices)}"


def whole(lo: int, hi: int) -> Whole:
    """The integers from lo to hi, both included; `construct` gets an int.

    Raises: ConstructError.

    >>> whole(1, 10).read("5", "m")
    5
    """
    least = integer(lo, "lo", -(10**9))
    return Whole(least, integer(hi, "hi", least))


def ratio(lo: Exact, hi: Exact) -> Ratio:
    """The rationals from lo to hi, both included; `construct` gets a Fraction.

    Raises: ConstructError.

    >>> ratio(0, "1/2").read("0.25", "eps")
    Fraction(1, 4)
    """
    least, most = (_fraction(rational(v, n)) for v, n in ((lo, "lo"), (hi, "hi")))
    if least > most:
        raise ConstructError("hi", str(hi), f"a rational >= lo = {lo}")
    return Ratio(least, most)


def one_of(*choices: Exact) -> OneOf:
    """A few numbers; `construct` gets an int where the choice is one, else a Fraction.

    Raises: ConstructError.

    >>> one_of(2, "5/2").read("2.5", "p")
    Fraction(5, 2)
    """
    if not choices:
        raise ConstructError("choices", "none", "at least one number")
    numbers = [_fraction(rational(c, "choices")) for c in choices]
    return OneOf(tuple(n.numerator if n.denominator == 1 else n for n in numbers))


def value_text(value: Value) -> str:
    """As in the certificate."""
    return to_text(rational(value))


def _fraction(number: fmpq) -> Fraction:
    return Fraction(int(number.p), int(number.q))
