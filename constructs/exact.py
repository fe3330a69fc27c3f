"""The one door for numbers: int, Fraction, "p/q" and decimal text become exact rationals; floats only on
request.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from fractions import Fraction
from numbers import Rational, Real

from flint import fmpq, fmpz

from constructs.errors import ConstructError

Exact = int | Fraction | fmpz | fmpq | str

_RATIONAL = re.compile(r"([+-]?\d+)(?:/(\d+))?")
_DECIMAL = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?")
_DYADIC = re.compile(r"(-?)0x([0-9a-f]+)p(-?\d+)")
LONGEST_TEXT = 4_000
LONGEST_DECIMAL = 60  # writing: numbers longer than this go into the dyadic form
LARGEST_EXPONENT = 400
LARGEST_DYADIC_EXPONENT = 10**9


def rational(value: Exact, name: str = "value") -> fmpq:
    """The exact rational that a value or text denotes.

    Requires: int, Fraction, fmpz, fmpq, or text "p/q", "-3", "0.125", "1e-3". Floats are refused: see
    `from_float`.
    Returns: fmpq.
    Raises: ConstructError.

    >>> rational("0.1"), rational("2/6"), rational("1e-2")
    (1/10, 1/3, 1/100)
    """
    if isinstance(value, fmpq):
        return value
    if isinstance(value, (int, fmpz)) and not isinstance(value, bool):
        return fmpq(value)
    if isinstance(value, Fraction):
        return fmpq(value.numerator, value.denominator)
    if isinstance(value, str) and len(value) <= LONGEST_TEXT:
        found = _from_text(value.strip())
        if found is not None:
            return found
    raise ConstructError(
        name, value, 'an exact number: an integer, "p/q" or decimal text (floats go through from_float)'
    )


def _from_text(text: str) -> fmpq | None:
    if match := _RATIONAL.fullmatch(text):
        denominator = int(match[2] or 1)
        return fmpq(int(match[1]), denominator) if denominator else None
    match = _DECIMAL.fullmatch(text)
    if not match or not (match[2] or match[3]):
        return None
    exponent = int(match[4] or 0)
    if abs(exponent) > LARGEST_EXPONENT:
        return None
    digits = int((match[2] or "") + (match[3] or ""))
    scale = exponent - len(match[3] or "")
    value = fmpq(digits * 10**scale) if scale >= 0 else fmpq(digits, 10**-scale)
    return -value if match[1] == "-" else value


def from_float(value: float, name: str = "value") -> fmpq:
    """The dyadic rational that a float is, exactly; an integer or a fraction is itself.

    Raises: ConstructError for NaN and infinities, and for what is no number.

    >>> from_float(0.75)
    3/4
    """
    if not isinstance(value, float):
        if isinstance(value, bool) or not isinstance(value, Real):
            raise ConstructError(name, value, "a finite number")
        if isinstance(value, Rational):
            return fmpq(int(value.numerator), int(value.denominator))
    if not math.isfinite(value):
        raise ConstructError(name, value, "a finite number")
    return fmpq(*float(value).as_integer_ratio())


def integer(value: object, name: str, least: int, most: int | None = None) -> int:
    """A Python int in [least, most].

    Raises: ConstructError, for booleans and floats too.
    """
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, fmpz))
        or value < least
        or (most is not None and value > most)
    ):
        upper = "" if most is None else f" and <= {most}"
        raise ConstructError(name, value, f"an integer >= {least}{upper}")
    return int(value)


def dyadic(mantissa: int, exponent: int) -> fmpq:
    """mantissa * 2**exponent."""
    if exponent >= 0:
        return fmpq(fmpz(mantissa) << exponent)
    return fmpq(mantissa, fmpz(1) << -exponent)


def common_denominator(values: Sequence[fmpq]) -> tuple[list[int], int]:
    """Integers n_i and one D > 0 with values_i = n_i / D.

    >>> common_denominator([fmpq(1, 2), fmpq(-1, 3)])
    ([3, -2], 6)
    """
    denominator = fmpz(1)
    for value in values:
        denominator = denominator.lcm(value.q)
    return [int(value.p * (denominator // value.q)) for value in values], int(denominator)


def floor_dyadic(value: fmpq, bits: int) -> fmpq:
    """The largest multiple of 2**-bits that is <= value.

    >>> floor_dyadic(fmpq(1, 3), 4)
    5/16
    """
    scale = fmpz(1) << bits
    return fmpq((value.p * scale) // value.q, scale)


def ceil_dyadic(value: fmpq, bits: int) -> fmpq:
    """The least multiple of 2**-bits that is >= value."""
    return -floor_dyadic(-value, bits)


def to_text(value: fmpq | fmpz | int) -> str:
    """The certificate's text of a rational (verify/CERTIFICATE.md, 1.2).

    >>> to_text(fmpq(-1, 3)), to_text(fmpq(2))
    ('-1/3', '2')
    """
    value = fmpq(value)
    p, q = value.p, value.q
    if p.height_bits() + q.height_bits() <= 4 * LONGEST_DECIMAL:
        text = str(int(p)) if q == 1 else f"{int(p)}/{int(q)}"
        if len(text) <= LONGEST_DECIMAL:
            return text
    power = int(q).bit_length() - 1
    if q != fmpz(1) << power:
        return str(p) if q == 1 else f"{p}/{q}"
    mantissa = abs(int(p))
    trailing = (mantissa & -mantissa).bit_length() - 1
    return f"{'-' if p < 0 else ''}0x{mantissa >> trailing:x}p{trailing - power}"


def from_text(text: str, name: str = "value") -> fmpq:
    """Reads what `to_text` wrote, and the texts of `rational`.

    Raises: ConstructError.

    >>> from_text("0x3p-4")
    3/16
    """
    if not isinstance(text, str):
        raise ConstructError(name, text, "the text of an exact number")
    match = _DYADIC.fullmatch(text)
    if not match:
        return rational(text, name)
    if len(match[3]) > 11 or abs(int(match[3])) > LARGEST_DYADIC_EXPONENT:
        raise ConstructError(name, text, f"an exponent of at most {LARGEST_DYADIC_EXPONENT} in size")
    value = dyadic(int(match[2], 16), int(match[3]))
    return -value if match[1] else value
