"""Exact numbers as short decimals, always rounded outward."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import Any

from flint import fmpq

from constructs.exact import from_text

DIGITS = 4
SHORT = 8  # characters of a rational that is shown as it is


def above(value: fmpq, digits: int = DIGITS) -> str:
    """A decimal >= the number, with so many digits.

    >>> above(fmpq(1, 3)), above(fmpq(-1, 3)), above(fmpq(5)), above(fmpq(1, 3 * 10**9))
    ('0.3334', '-0.3333', '5', '3.334e-10')
    """
    return _decimal(value, Context(prec=digits, rounding=ROUND_CEILING))


def below(value: fmpq, digits: int = DIGITS) -> str:
    """A decimal <= the number.

    >>> below(fmpq(1, 3)), below(fmpq(2, 3) * 10**9)
    ('0.3333', '6.666e+8')
    """
    return _decimal(value, Context(prec=digits, rounding=ROUND_FLOOR))


def _decimal(value: fmpq, context: Context) -> str:
    found = context.divide(Decimal(int(value.p)), Decimal(int(value.q))).normalize(context)
    return f"{found:f}" if found == 0 or -5 <= found.adjusted() < 6 else str(found).lower()


def between(lo: fmpq, hi: fmpq) -> str:
    """Both ends of an enclosure; one number where it is exact and short.

    >>> between(fmpq(1, 4), fmpq(1, 4)), between(fmpq(1, 3), fmpq(2, 3))
    ('1/4', '[0.3333, 0.6667]')
    """
    if lo == hi and len(str(lo)) <= SHORT:
        return str(lo)
    return f"[{below(lo)}, {above(hi)}]"


def plain(value: fmpq, up: bool) -> str:
    """The number itself where it is short, else a decimal rounded up or down."""
    text = str(value)
    return text if len(text) <= SHORT else (above if up else below)(value)


def pair(texts: Sequence[Any]) -> tuple[fmpq, fmpq]:
    """An enclosure as it stands in a certificate."""
    return from_text(texts[0]), from_text(texts[1])


def spans(numbers: Sequence[int]) -> str:
    """Increasing numbers for people.

    >>> spans([0, 1, 2, 4]), spans([3])
    ('0 to 2, 4', '3')
    """
    runs: list[list[int]] = []
    for n in numbers:
        if runs and runs[-1][-1] == n - 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    return ", ".join(f"{r[0]} to {r[-1]}" if len(r) > 2 else ", ".join(map(str, r)) for r in runs)
