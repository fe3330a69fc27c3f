"""Rational enclosures, powers and roots of rationals: what the judgements compare."""

from __future__ import annotations

from dataclasses import dataclass

from flint import fmpq, fmpz

from constructs.exact import to_text

GUARD_BITS = 160
ZERO = fmpq(0)
# Stated enclosures are wider than ours by this much (relatively), so that another arithmetic's lie inside.
MARGIN = fmpq(1, 2**34)


@dataclass(frozen=True)
class Enclosure:
    """A quantity known to lie in [lo, hi]."""

    lo: fmpq
    hi: fmpq

    @staticmethod
    def exact(value: fmpq) -> Enclosure:
        """The point."""
        return Enclosure(value, value)

    def __add__(self, other: Enclosure) -> Enclosure:
        return Enclosure(self.lo + other.lo, self.hi + other.hi)

    def to_json(self) -> list[str]:
        """The two ends as texts."""
        return [to_text(self.lo), to_text(self.hi)]


def root(value: fmpq, n: int) -> Enclosure:
    """The n-th root of a rational >= 0, exact where it is rational, else of width <= 2^-160 times min(1, root).

    >>> root(fmpq(4, 9), 2).lo
    2/3
    """
    p, q = value.p.root(n) if value.p else fmpz(0), value.q.root(n)
    if p**n == value.p and q**n == value.q:
        return Enclosure.exact(fmpq(p, q))
    leading_zeros = max(int(value.q).bit_length() - int(value.p).bit_length(), 0) // n + 1
    places = GUARD_BITS + leading_zeros
    below = ((value.p << (n * places)) // value.q).root(n)
    scale = fmpz(1) << places
    return Enclosure(fmpq(below, scale), fmpq(below + 1, scale))


def power(value: fmpq, p: fmpq) -> Enclosure:
    """value^p for value >= 0 and p > 0: exact for an integer p.

    >>> power(fmpq(1, 4), fmpq(3, 2)).hi
    1/8
    """
    raised = value ** int(p.p)
    return Enclosure.exact(raised) if p.q == 1 else root(raised, int(p.q))


def power_between(lo: fmpq, hi: fmpq, p: fmpq | None) -> Enclosure:
    """x^p for x in [lo, hi], 0 <= lo; p None (infinity): x itself."""
    return Enclosure(lo, hi) if p is None else Enclosure(power(lo, p).lo, power(hi, p).hi)


def norm(bounds: Enclosure, p: fmpq | None) -> Enclosure:
    """The p-th root of an enclosed p-th power."""
    if p is None:
        return bounds
    lo, hi = (root(x ** int(p.q), int(p.p)) for x in (bounds.lo, bounds.hi))
    return Enclosure(lo.lo, hi.hi)


def rounded(bounds: Enclosure, bits: int = 40) -> Enclosure:
    """A shorter enclosure around it: ends with about `bits` significant bits, so that certificates stay
    small.
    """
    return Enclosure(_short(bounds.lo, bits, up=False), _short(bounds.hi, bits, up=True))


def _short(value: fmpq, bits: int, up: bool) -> fmpq:
    if value == 0:
        return value
    places = bits - (int(value.p).bit_length() - int(value.q).bit_length())
    scale = fmpq(2) ** places
    scaled = value * scale
    return fmpq(scaled.ceil() if up else scaled.floor()) / scale
