"""The independent checker of certificates: the one file a verdict rests on.

It recomputes every stated number of a certificate from the target's specification and the network's weights, by
the rules of CERTIFICATE.md, which the docstrings cite as "rule n.m". It uses the standard library only, shares no
code with the producer, and judges by integers and fractions alone: no floating point, no `assert`, no `eval`.

    python -m verify.check CERT.json [--json] [--progress]        or        python verify/check.py CERT.json ...

Exit status (rule 10): 0 accepted and proved, 1 accepted and refuted, 3 accepted and undecided, 2 rejected.

Read it top to bottom; the sections follow the rules:
    1 text and numbers   2-3 certificate and claim   F fixed-point functions   N p-th powers
    4 targets (4.1 kuhn, 4.2 step, 4.3 expression: parser, interval machine, second derivatives, passes over grids;
      with §7, §8 of each)
    5 network   6 regions   9 findings   11 the claim `multigrade`   12 the claim `multiplicative`   13 ladders
    14 a claim of one's own   2 the whole certificate   10 command line
Conventions. "At scale w" an integer x stands for x / 2^w; `>>` rounds down, `-(-x >> k)` rounds up; intervals are
rounded outward. "ulp" is one unit of the scale at hand. `p` is a Fraction, or None for p = inf.
"""

from __future__ import annotations

import bisect
import hashlib
import itertools
import json
import math
import operator
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

MAX_BYTES = 1 << 28  # of a certificate (rule 1.1)
MAX_BITS = 1 << 27  # of one dyadic number, written out
MAX_TOTAL_BITS = 1 << 31  # the exponents of all dyadic numbers of a certificate, added up
FRACTION_BITS = 1 << 16  # a longer dyadic is kept as (head, tail); only a floor neuron's weight may be one
MAX_CELLS = 1 << 24  # cells of a level (rule 3.1); simplices or product pieces of one level (rules 7.2, 7.3)
MAX_BOXES = 1 << 26  # (2 g)^d: the boxes of a grid times the corners of a box (rule 7.4)
MAX_PARTS = 1 << 23  # of halved boxes, at one grid (rules 7.4.2, 9.9)
MAX_VALUE_BITS = 1 << 13  # magnitudes met in an expression stay below 2^8192
SLAB = 1 << 13  # boxes or cubes worked on at a time
TABLE_BITS = 256  # scale at which a table behind a sine is read off
POWER_BITS = 160  # at least so many bits of a p-th power for p not an integer
MAX_NODES = 1 << 22  # of the grid of one sweep; 4 times as many of all sweeps together (rule 11.13)
MAX_GRADES = 1 << 21  # of a network; and grades times nodes where rule 11.10 wants `regions`
NODE_BITS = 1 << 30  # the numbers at all nodes of a grid, in bits
MAX_EFFORT = (
    1 << 48
)  # of the norms on the grid of one sweep: simplices times squared bits, about (rule 11.13)
MAX_VISITS = 1 << 25  # boxes times nodes of an expression, more if it needs many bits (rule 11.13)
MAX_UNITS = 1 << 22  # the products that a spline expands into (rule 12.9)
MAX_LATTICE = 1 << 22  # (2 G)^d, boxes times corners (rule 12.9)
TOLERANCE = 1 << 30  # coefficients are rounded by at most this part of the largest (rule 12.8)
SPLINE_BITS = 1 << 34  # the coefficients of a spline on all boxes of a grid, in bits
POINT_BITS = 1 << 12  # the common denominator of the points that a `zygmund` finding states
ROOT_BITS = 1 << 11  # roots are taken of numbers from 2^-2048 to 2^2048
RATIO_BITS = 1 << 14  # numerator and denominator of what is compared with a power of 2 (rule 13.2)

Ints = list[int]


class Rejected(Exception):  # noqa: N818
    """The certificate is not accepted: where, and which rule. It says nothing about the claim itself."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(place, message)
        self.place, self.message = place, message


def require(condition: bool, place: str, message: str) -> None:
    """Reject unless the condition holds."""
    if not condition:
        raise Rejected(place, message)


class Waiting:
    """Somebody who wants to be told on stderr how far a pass is (rule 10); no judgement reads it."""

    anybody = False

    @classmethod
    def tell(cls, done: int, whole: int) -> None:
        """One line: so much of the work at hand is done."""
        if cls.anybody:
            print(f"progress {done}/{whole}", file=sys.stderr, flush=True)


# ---------------------------------------------------------------------------------------------------------------
# 1 Text and numbers


def parse(data: bytes) -> Any:
    """Rule 1.1: strict JSON, its size, depth and keys bounded before anything is built from it."""
    require(len(data) <= MAX_BYTES, "certificate", "longer than 256 MiB (rule 1.1)")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Rejected("certificate", "not UTF-8 (rule 1.1)") from None
    depth = 0
    for token in re.finditer(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', text, re.DOTALL):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
        require(depth <= 12, "certificate", "nested more than 12 deep (rule 1.1)")
    try:
        value = json.loads(
            text, object_pairs_hook=_object, parse_int=_int, parse_float=_refused, parse_constant=_refused
        )
    except ValueError as error:
        raise Rejected("certificate", f"not JSON: {error} (rule 1.1)") from None
    require(_exponents(value) <= MAX_TOTAL_BITS, "certificate", "dyadic numbers too large (2^31 bits in all)")
    return value


def _exponents(value: Any) -> int:
    """The exponents of all dyadic numbers, added up: of the strings, whatever escapes they were written with."""
    total, left = 0, [value]
    while left:
        item = left.pop()
        if type(item) is dict:
            left += item.values()
        elif type(item) is list:
            left += item
        elif type(item) is str and "p" in item:
            match = re.search(r"p-?([0-9]{1,10})\Z", item)
            total += int(match[1]) if match else 0
    return total


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Rule 1.1: no key twice."""
    result = dict(pairs)
    if len(result) < len(pairs):
        raise Rejected("certificate", f"a key twice among {sorted(result)[:20]} (rule 1.1)")
    return result


def _int(text: str) -> int:
    """Rule 1.2: |n| <= 10^9."""
    require(len(text) <= 11 and abs(int(text)) <= 10**9, "certificate", "an integer above 10^9 (rule 1.2)")
    return int(text)


def _refused(text: str) -> Any:
    raise Rejected("certificate", f"the number {text[:40]} (rule 1.1)")


def fields(value: Any, place: str, names: str) -> list[Any]:
    """Rule 1.1: an object with exactly these keys; their values in the order of `names`."""
    require(type(value) is dict, place, "an object is wanted")
    keys = names.split()
    extra = sorted(set(value) - set(keys))
    missing = [key for key in keys if key not in value]
    require(not extra and not missing, place, f"keys missing: {missing}, not known: {extra[:5]} (rule 1.1)")
    return [value[key] for key in keys]


def items(value: Any, place: str, count: int | None = None) -> list[Any]:
    """A list, of `count` entries if that is given."""
    require(type(value) is list, place, "a list is wanted")
    require(count is None or len(value) == count, place, f"{len(value)} entries where {count} are due")
    return value


def integer(value: Any, place: str, low: int, high: int = 10**9) -> int:
    """Rule 1.2: an int (never a boolean) in [low, high]."""
    require(type(value) is int, place, "an integer is wanted (rule 1.2)")
    require(low <= value <= high, place, f"{value} is not in {low}..{high}")
    return value


def one_of(value: Any, place: str, *choices: str) -> str:
    """One of a few words."""
    require(type(value) is str and value in choices, place, f"one of {', '.join(choices)} is wanted")
    return value


class Huge(NamedTuple):
    """head·2^tail, head odd: a dyadic number too long for a Fraction."""

    head: int
    tail: int


_DECIMAL = re.compile(r"(-?)(0|[1-9][0-9]{0,3999})(?:/([1-9][0-9]{0,3999}))?")
_DYADIC = re.compile(r"(-?)0x([1-9a-f][0-9a-f]*)p(0|-?[1-9][0-9]{0,9})")


def rational(value: Any, place: str) -> Fraction:
    """Rule 1.2: a rational."""
    number = weight(value, place)
    if isinstance(number, Huge):
        raise Rejected(place, f"a number of more than {FRACTION_BITS} bits is not supported here")
    return number


def weight(value: Any, place: str) -> Fraction | Huge:
    """Rule 1.2: a rational, possibly a very long dyadic."""
    require(type(value) is str, place, "a rational is a string (rule 1.2)")
    match = _DECIMAL.fullmatch(value)
    if match:
        top, bottom = int(match[2]), int(match[3] or "1")
        require(
            value != "-0" and match[3] != "1" and math.gcd(top, bottom) == 1,
            place,
            "not in lowest terms (rule 1.2)",
        )
        return Fraction(-top if match[1] else top, bottom)
    match = _DYADIC.fullmatch(value)
    if not match:
        raise Rejected(place, "not a rational (rule 1.2)")
    head, tail = int(match[2], 16), int(match[3])
    require(head % 2 == 1 and abs(tail) <= 10**9, place, "a dyadic needs an odd head, |E| <= 10^9 (rule 1.2)")
    bits = head.bit_length() + abs(tail)
    require(bits <= MAX_BITS, place, "a number of more than 2^27 bits is refused")
    head = -head if match[1] else head
    if bits > FRACTION_BITS:
        return Huge(head, tail)
    return Fraction(head << max(tail, 0), 1 << max(-tail, 0))


def over_common(numbers: list[Fraction], place: str, most: int = FRACTION_BITS) -> tuple[int, list[int]]:
    """The numbers as integers over their least common denominator, which must not be absurdly long."""
    den = 1
    for d in {x.denominator for x in numbers}:
        den = math.lcm(den, d)
        require(den.bit_length() <= most, place, f"a common denominator of more than {most:,} bits")
    return den, [x.numerator * (den // x.denominator) for x in numbers]


class Enclosure(NamedTuple):
    """[lo, hi]; `exact` says that lo = hi by rational arithmetic alone (rule 1.3)."""

    lo: Fraction
    hi: Fraction
    exact: bool = False


def enclosure(value: Any, place: str) -> Enclosure:
    """Rule 1.3: a stated enclosure."""
    lo, hi = (rational(end, f"{place}[{i}]") for i, end in enumerate(items(value, place, 2)))
    require(lo <= hi, place, "lo > hi (rule 1.3)")
    return Enclosure(lo, hi)


def supported(stated: Enclosure, own: Enclosure, place: str) -> None:
    """Rule 1.3: does the checker's own enclosure support the stated one?"""
    if own.exact:
        require(stated.lo == own.lo, f"{place}[0]", "not the exact value (rule 1.3)")
        require(stated.hi == own.hi, f"{place}[1]", "not the exact value (rule 1.3)")
    require(stated.lo <= own.lo, f"{place}[0]", "above the lower end that the checker finds (rule 1.3)")
    require(stated.hi >= own.hi, f"{place}[1]", "below the upper end that the checker finds (rule 1.3)")


def expressible(lo: Fraction, hi: Fraction) -> Enclosure:
    """An own result. An exact one that rule 1.2 cannot write (over 4,000 digits, not dyadic) becomes an enclosure."""
    ten = 10**4000
    writable = lo.denominator & (lo.denominator - 1) == 0 or (
        abs(lo.numerator) < ten and lo.denominator < ten
    )
    if lo == hi and not writable:
        return Enclosure(Fraction(math.floor(lo * 2**512), 2**512), Fraction(math.ceil(lo * 2**512), 2**512))
    return Enclosure(lo, hi, lo == hi)


def hash_of(value: Any) -> str:
    """Rule 1.4."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


# ---------------------------------------------------------------------------------------------------------------
# 2-3 The certificate and its claim


@dataclass(frozen=True)
class Claim:
    """Rule 3: the parameters of `geometric`."""

    dim: int
    base: int
    levels: int
    p: Fraction | None
    digits: str
    decoder: str
    constant: str | Fraction
    modulus: str
    tolerance: Fraction
    until: Fraction | None


def positive(value: Any, place: str) -> Fraction:
    """A rational > 0."""
    number = rational(value, place)
    require(number > 0, place, "must be positive")
    return number


_CLAIMS = ("geometric", "multigrade", "multiplicative", "ladder", "own")


def claim_name(value: Any) -> str:
    """Rule 2: which claim is made."""
    return one_of(fields(value, "claim", "name parameters")[0], "claim.name", *_CLAIMS)


def read_claim(value: Any) -> Claim:
    """Rule 3."""
    name, parameters = fields(value, "claim", "name parameters")
    one_of(name, "claim.name", "geometric")
    at = "claim.parameters"
    names = "dim base levels p digits decoder constant modulus tolerance until"
    dim, base, levels, p, digits, decoder, constant, modulus, tolerance, until = fields(parameters, at, names)
    integer(dim, f"{at}.dim", 1, 10)
    integer(base, f"{at}.base", 2)
    integer(levels, f"{at}.levels", 0, 24)
    require(base ** (dim * levels) <= MAX_CELLS, f"{at}.levels", "more than 2^24 cells (rule 3.1)")
    one_of(digits, f"{at}.digits", "relu", "floor")
    one_of(decoder, f"{at}.decoder", "two-sine", "bits")
    one_of(modulus, f"{at}.modulus", "axis", "euclidean")
    exponent = None if p == "inf" else positive(p, f"{at}.p")
    if exponent is None:
        require(digits == "floor", f"{at}.p", "p = inf needs floor digits (rule 3.1)")
    else:
        require(
            exponent >= 1 and max(exponent.as_integer_ratio()) <= 64, f"{at}.p", "p out of range (rule 3.1)"
        )
    if constant not in ("paper", "sharp"):
        constant = positive(constant, f"{at}.constant")
    epsilon = positive(tolerance, f"{at}.tolerance")
    stop = None if until is None else positive(until, f"{at}.until")
    return Claim(dim, base, levels, exponent, digits, decoder, constant, modulus, epsilon, stop)


def constant_of(claim: Claim) -> Enclosure:
    """Rule 3.2: the constant C."""
    d, p = Fraction(claim.dim), claim.p
    if isinstance(claim.constant, Fraction):
        return Enclosure(claim.constant, claim.constant, True)
    if claim.constant == "paper":
        return Enclosure(2 * d + 1, 2 * d + 1, True)
    if p is None:
        lo = hi = d
    elif p == 2:
        lo, hi = power(d, Fraction(1, 2))
    else:
        lo, hi = (d * end for end in power(Fraction(2), 1 / p))
    return Enclosure(lo + claim.tolerance, hi + claim.tolerance, lo == hi)


# ---------------------------------------------------------------------------------------------------------------
# F Fixed-point functions with proved errors: each takes x at scale w and returns (lo, hi) at scale w.


def inverse_series(q: int, w: int, sign: int) -> tuple[int, int]:
    """(s, K) with |s - 2^w·A| <= K + 2, A = artanh(1/q) (sign 1) or arctan(1/q) (sign -1), q >= 3.

    Floor divisions nest, so each of the K terms is a true term rounded down: an error below 1. The first term left
    out is < 1; the rest after it is < 1 when signs alternate and < 1/(1 - q^-2) <= 9/8 when they do not.
    """
    power_of_q, total, k = (1 << w) // q, 0, 0
    while power_of_q:
        total += (power_of_q // (2 * k + 1)) * sign**k
        power_of_q //= q * q
        k += 1
    return total, k


@lru_cache(maxsize=512)
def pi_fixed(w: int) -> tuple[int, int]:
    """Machin: pi = 16 arctan(1/5) - 4 arctan(1/239); 32 guard bits absorb the error, so hi - lo <= 2 for w < 2^20."""
    (a, k), (b, n) = inverse_series(5, w + 32, -1), inverse_series(239, w + 32, -1)
    total, slack = 16 * a - 4 * b, 16 * (k + 2) + 4 * (n + 2)
    return (total - slack) >> 32, -((-total - slack) >> 32)


@lru_cache(maxsize=512)
def ln2_fixed(w: int) -> tuple[int, int]:
    """log 2 = 2 artanh(1/3); hi - lo <= 2 for w < 2^20."""
    total, k = inverse_series(3, w + 32, 1)
    return (2 * total - 2 * (k + 2)) >> 32, -((-2 * total - 2 * (k + 2)) >> 32)


def sine(x: int, w: int, quarter: int = 0) -> tuple[int, int]:
    """sin(x + quarter·pi/2).

    Reduction at scale W = w + 32: r = x - n·pi/2 with |n| <= 2^big; pi is known to 2 ulp at scale W + big, so r is
    within 2 ulp (one from n·pi, one from rounding down), and |r| < 0.8. Series of sin r or cos r in r^2 < 0.65: every
    term is rounded down, and its error obeys e' <= (0.65 e + 1)/2 + 2, hence e < 4; K terms and a tail below
    the first one left out (< 4) make < 4(K + 1); sin and cos have slope <= 1, so r adds 2: in all < 4K + 8.
    At x = 0 the value is exact, so that step(sin(x0)) is decided at x0 = 0.
    """
    if x == 0:
        exact = (0, 1, 0, -1)[quarter & 3] << w
        return exact, exact
    W, big = w + 32, max(0, abs(x).bit_length() - w) // 64 * 64 + 72
    pi = pi_fixed(W + big)[0]
    X = x << (W - w + big)
    n = (4 * X + pi) // (2 * pi)
    r = (2 * X - n * pi) >> (big + 1)
    odd = (n + quarter) & 1
    term, j = (1 << W, 1) if odd else (abs(r), 2)
    square, total, terms, sign = r * r >> W, 0, 0, 1
    while term:
        total += sign * term
        term = (term * square >> W) // (j * (j + 1))
        j, sign, terms = j + 2, -sign, terms + 1
    if not odd and r < 0:
        total = -total
    if (n + quarter) & 2:
        total = -total
    slack, one = 4 * terms + 8, 1 << w
    return max((total - slack) >> 32, -one), min(-((-total - slack) >> 32), one)


def exponential(x: int, w: int) -> tuple[int, int]:
    """exp x = 2^k·exp r, r = x - k log 2 in [0, 0.7).

    At scale W, r is within 2 ulp. Terms t' = t·r/(j + 1) are rounded down twice: e' <= 0.7 e + 2, hence e < 7; K terms
    and a tail below twice the first one left out (< 14) make < 7K + 14; the slope of exp, <= 2.1, adds < 5: < 7K + 32.
    """
    if x > MAX_VALUE_BITS << (w - 1):
        raise Rejected("", "exp of more than 4096")
    if x < -((w + 2) << w):
        return 0, 1
    if x == 0:
        return 1 << w, 1 << w
    k = (x * 3 >> w) // 2  # above the quotient by log 2 for x >= 0
    big = abs(k).bit_length() + 8
    W = w + 32 + max(0, k)
    ln2 = ln2_fixed(W + big)[0]
    X = x << (W + big - w)
    k = X // ln2
    r = (X - k * ln2) >> big
    term, total, terms = 1 << W, 0, 0
    while term:
        total += term
        terms += 1
        term = (term * r >> W) // terms
    slack, down = 7 * terms + 32, W - w - k
    return max((total - slack) >> down, 0), -((-total - slack) >> down)


def logarithm(x: int, w: int) -> tuple[int, int]:
    """log x for x > 0: x = m·2^k with 2/3 <= m < 4/3, log m = 2 artanh y, y = (m - 1)/(m + 1), |y| <= 1/5.

    At scale W = w + 32, y is rounded towards 0 by < 1 ulp, its square by < 2. Powers y·(y^2)^n, y^2 <= 1/25, rounded
    down: e' <= e/25 + 2/5 + 1, hence e < 2; a term is within 3, a tail below 3: < 3(K + 1) for artanh. log 2 is within
    2 ulp, times |k|.
    """
    W = w + 32
    k = (3 * x).bit_length() - w - 2
    one = 1 << (w + k)
    y = (abs(x - one) << W) // (x + one)
    square, term, total, terms = y * y >> W, y, 0, 0
    while term:
        total += term // (2 * terms + 1)
        term = term * square >> W
        terms += 1
    total = 2 * (total if x >= one else -total) + k * ln2_fixed(W)[0]
    slack = (6 * (terms + 1) if x != one else 0) + 2 * abs(k)
    return (total - slack) >> 32, -((-total - slack) >> 32)


def tangent_h(x: int, w: int) -> tuple[int, int]:
    """tanh x = (1 - q)/(1 + q), q = exp(-2x) for x >= 0 (decreasing in q); odd."""
    if x < 0:
        lo, hi = tangent_h(-x, w)
        return -hi, -lo
    lo, hi = exponential(-2 * x, w)
    one = 1 << w
    hi = min(hi, one)
    return ((one - hi) << w) // (one + hi), -(-((one - lo) << w) // (one + lo))


def root(x: int, w: int) -> tuple[int, int]:
    """sqrt x for x >= 0: floor and ceiling of the square root of x·2^w."""
    lo = math.isqrt(x << w)
    return lo, lo + (lo * lo != x << w)


def raise_to(x: int, r: Fraction, w: int) -> tuple[int, int]:
    """x^r for x >= 0 (x > 0 if r < 0), r = a/b: x^a rounded for b = 1; sqrt(x^a) for b = 2; else exp(r log x)."""
    a, b = r.as_integer_ratio()
    if b == 1:
        return integer_power(x, x, a, w)
    if x == 0 and a > 0:
        return 0, 0
    if b == 2 and a > 0:
        top = x**a << 2 * w
        lo = math.isqrt(top >> (a * w))
        return lo, lo + (lo * lo << (a * w) != top)
    W = w + 16
    lo, hi = logarithm(x << 16, W)
    if a < 0:
        lo, hi = hi, lo
    return exponential(a * lo // b, W)[0] >> 16, -(-exponential(-(-a * hi // b), W)[1] >> 16)


def integer_power(lo: int, hi: int, n: int, w: int) -> tuple[int, int]:
    """[lo, hi]^n, tight, for an interval with lo >= 0 or odd n (n < 0: not holding 0): monotone, rounded once."""
    if n > 0:
        return lo**n >> (w * (n - 1)), -(-(hi**n) >> (w * (n - 1)))
    if n == 0:
        return 1 << w, 1 << w
    top = 1 << (w * (1 - n))
    return top // hi**-n, -(-top // lo**-n)


# ---------------------------------------------------------------------------------------------------------------
# N p-th powers of non-negative rationals (rule 7: exact for integer p, enclosed otherwise)


def integer_root(x: int, b: int, up: bool) -> int:
    """The b-th root of x >= 0, rounded down or up: by Newton's method from above, from the root of the leading bits."""
    if x == 0:
        return 0
    if b == 2:
        y = math.isqrt(x)
    else:
        bits = -(-x.bit_length() // b)
        half = bits // 2
        y = (integer_root(x >> (b * half), b, False) + 1) << half if bits > 4 else 1 << bits
        while (step := ((b - 1) * y + x // y ** (b - 1)) // b) < y:
            y = step
    return y + (up and y**b != x)


def power(x: Fraction, r: Fraction) -> tuple[Fraction, Fraction]:
    """[lo, hi] holding x^r for x >= 0, r > 0: exact for integer r, else to at least 160 significant bits."""
    if r.denominator == 1:
        return x**r.numerator, x**r.numerator
    w = POWER_BITS + max(0, x.denominator.bit_length() - x.numerator.bit_length()) * math.ceil(max(r, 1))
    scaled = x * 2**w
    lo, hi = raise_to(math.floor(scaled), r, w)[0], raise_to(math.ceil(scaled), r, w)[1]
    return Fraction(lo, 2**w), Fraction(hi, 2**w)


def powers(values: Ints, den: int, p: Fraction, up: bool) -> Ints:
    """The p-th powers of values/den (values >= 0) as integers over `powers_den(den, p)`, rounded up or down."""
    if p.denominator == 1:
        n = p.numerator
        return values if n == 1 else [x * x for x in values] if n == 2 else [x**n for x in values]
    w = power_bits(p)
    if up:
        return [raise_to(-(-(x << w) // den), p, w)[1] for x in values]
    return [raise_to((x << w) // den, p, w)[0] for x in values]


def powers_den(den: int, p: Fraction) -> int:
    """The denominator that belongs to `powers`."""
    return den**p.numerator if p.denominator == 1 else 1 << power_bits(p)


def power_bits(p: Fraction) -> int:
    """The scale of a p-th power that is not exact."""
    return POWER_BITS + 16 * math.floor(p)


def at_most(x: Fraction, c: Fraction, p: Fraction | None, m: Fraction) -> bool:
    """x <= c^p·m, decided exactly (p = inf: c·m), for c > 0: with p = a/b, x^b <= c^a·m^b where x, m >= 0."""
    if p is None:
        return x <= c * m
    if x < 0 <= m or m < 0:
        return x < 0 <= m
    a, b = p.as_integer_ratio()
    return x**b <= c**a * m**b


def perturbation(p: Fraction | None, rho: Fraction, largest: Fraction) -> Fraction:
    """Rule 7.2: how far a table error rho moves a mean of |f - T|^p, |f - T| <= largest at the centre.

    | |u + e|^p - |u|^p | <= p·rho·(largest + rho)^(p-1); for other p, x^(p-1) <= max(1, x)^(ceil(p)-1).
    """
    if p is None or rho == 0:
        return rho
    top = largest + rho
    return p * rho * (top if p.denominator == 1 else max(Fraction(1), top)) ** (math.ceil(p) - 1)


def gradient_bound(sums: list[Fraction], t: Fraction, claim: Claim) -> Fraction:
    """Rule 8.2: an upper bound of W from D_i = ||d_i f||_p^p (p = inf: the suprema)."""
    p = claim.p
    if claim.modulus == "axis":
        return max(sums) * (t if p is None else power(t, p)[1])
    if p is None:
        return t * power(sum((x * x for x in sums), Fraction(0)), Fraction(1, 2))[1]
    total = sum((power(x, 2 / p)[1] for x in sums), Fraction(0))
    return power(t, p)[1] * power(total, p / 2)[1]


def outer_sum(parts: list[Ints]) -> Ints:
    """All sums of one entry of each part, the last part fastest: flat indices of a product of index lists."""
    total = [0]
    for part in parts:
        total = [x + y for x in total for y in part]
    return total


def strides_of(count: int, dim: int) -> Ints:
    """Row-major strides of a cube-shaped array, axis 0 slowest (rule 4.1)."""
    return [count ** (dim - 1 - i) for i in range(dim)]


def corner_offsets(count: int, dim: int) -> Ints:
    """offsets[mask]: from the lowest corner of a cube to the corner with those upper coordinates."""
    strides = strides_of(count, dim)
    return [sum(s for i, s in enumerate(strides) if mask >> i & 1) for mask in range(1 << dim)]


def slabs(ranges: list[range]) -> Iterator[list[range]]:
    """The product of ranges cut along its first axis into parts of about SLAB elements."""
    rows = max(1, SLAB // max(1, math.prod(len(r) for r in ranges[1:])))
    for start in range(ranges[0].start, ranges[0].stop, rows):
        yield [range(start, min(start + rows, ranges[0].stop)), *ranges[1:]]


def shifted(shift: Ints, count: int) -> list[range]:
    """The indices k with k and k + shift both in 0..count-1, axis by axis."""
    return [range(max(0, -s), max(min(count, count - s), max(0, -s))) for s in shift]


class Table(NamedTuple):
    """T_l (rule 6.4): cell k holds values[k]/den, to within rho; n cells along each axis."""

    n: int
    values: Ints
    den: int
    rho: Fraction


class Job(NamedTuple):
    """One level's error finding: where it stands, its grid and shift, and the table to compare with.

    For expressions also the halvings (rule 7.4.2) and lambda (None for p = 1 and p = inf: there is none).
    """

    place: str
    grid: Any
    shift: list[Fraction]
    table: Table
    halvings: int = 0
    slack: Fraction | None = None


# ---------------------------------------------------------------------------------------------------------------
# 4.1 Kuhn targets, with their parts of rules 7 and 8


def complete_homogeneous(values: tuple[int, ...], p: int) -> int:
    """h_p(values), the complete homogeneous symmetric polynomial of degree p."""
    row = [1] + [0] * p
    for x in values:
        for k in range(1, p + 1):
            row[k] += x * row[k - 1]
    return row[p]


def divided_difference(values: tuple[int, ...], p: int) -> Fraction:
    """[u_0, ..., u_d] of sgn(t)·t^(p+d), p odd: Newton's table on sorted nodes; equal nodes take derivatives / k!."""
    nodes, n = sorted(values), p + len(values) - 1
    row = [Fraction((1 if u >= 0 else -1) * u**n) for u in nodes]
    for k in range(1, len(nodes)):
        for i in range(len(nodes) - k):
            u, v = nodes[i], nodes[i + k]
            if u == v:
                row[i] = Fraction((1 if u >= 0 else -1) * math.comb(n, k) * u ** (n - k))
            else:
                row[i] = (row[i + 1] - row[i]) / (v - u)
    return row[0]


def path_of(order: tuple[int, ...]) -> Ints:
    """A simplex of a cube (rule 4.1): the masks of its vertices, one coordinate raised at a time in this order."""
    return [0, *itertools.accumulate(1 << i for i in order)]


class SimplexMeans:
    """Rule 7.2: gathers the means of |u|^p over equal simplices on which u is linear, from vertex values over `den`."""

    def __init__(self, dim: int, den: int, p: Fraction | None) -> None:
        self.dim, self.den, self.p = dim, den, p
        self.low = self.high = self.largest = 0
        self.mixed: dict[int, int] = {}

    def paths(self) -> Iterator[Ints]:
        """The d! simplices of a cube."""
        return map(path_of, itertools.permutations(range(self.dim)))

    def add(self, corners: list[Ints]) -> None:
        """One entry per cube: corners[mask] lists the values at the corners with those upper coordinates."""
        self.largest = max(self.largest, *(max(max(u), -min(u)) for u in corners))
        if self.p is not None and self.p.denominator == 1:
            self._add_exact(corners, self.p.numerator)
        elif self.p is not None:
            self._add_between(corners, self.p)

    def _add_exact(self, corners: list[Ints], n: int) -> None:
        """Integer p: sums of h_p where u has one sign (any for even p), else divided differences by denominator."""
        for path in self.paths():
            for u in zip(*(corners[mask] for mask in path), strict=True):
                if n % 2 == 0 or min(u) >= 0:
                    self.low += complete_homogeneous(u, n)
                elif max(u) <= 0:
                    self.low -= complete_homogeneous(u, n)
                else:
                    value = divided_difference(u, n)
                    self.mixed[value.denominator] = self.mixed.get(value.denominator, 0) + value.numerator

    def _add_between(self, corners: list[Ints], p: Fraction) -> None:
        """Other p: |mean u_i|^p <= mean |u|^p <= mean |u_i|^p. A corner with s bits lies on s!(d-s)! paths."""
        d = self.dim
        for mask, column in enumerate(corners):
            on_paths = math.factorial(mask.bit_count()) * math.factorial(d - mask.bit_count())
            self.high += on_paths * sum(powers([abs(u) for u in column], self.den, p, True))
        for path in self.paths():
            means = [abs(sum(u)) for u in zip(*(corners[mask] for mask in path), strict=True)]
            self.low += sum(powers(means, (d + 1) * self.den, p, False))

    def result(self, grid: int) -> Enclosure:
        """The sum over the simplices of measure·mean (p = inf: the largest |u|)."""
        p, d = self.p, self.dim
        if p is None:
            top = Fraction(self.largest, self.den)
            return Enclosure(top, top, True)
        measure = Fraction(1, math.factorial(d) * grid**d)
        if p.denominator != 1:
            scale = measure / powers_den(1, p)
            return Enclosure(self.low * scale, self.high * scale / (d + 1))
        scale = measure / self.den**p.numerator / math.comb(p.numerator + d, d)
        lo, hi = self._mixed_sum()
        return expressible(scale * (self.low + lo), scale * (self.low + hi))

    def _mixed_sum(self) -> tuple[Fraction, Fraction]:
        """The sum of the collected fractions: exact, or to 2^-512 where a common denominator is too long to matter."""
        parts = [Fraction(top, bottom) for bottom, top in self.mixed.items()]
        while len(parts) > 1 and max(part.denominator.bit_length() for part in parts) < FRACTION_BITS:
            parts = [sum(parts[i : i + 2], Fraction(0)) for i in range(0, len(parts), 2)]
        if len(parts) <= 1:
            total = sum(parts, Fraction(0))
            return total, total
        down = sum((top << 512) // bottom for bottom, top in self.mixed.items())
        return Fraction(down, 1 << 512), Fraction(down + len(self.mixed), 1 << 512)


def read_kuhn(value: Any, dim: int, most: int = FRACTION_BITS) -> tuple[int, int, Ints]:
    """Rule 4.1: the cells, the common denominator (of at most `most` bits), and the nodal values over it."""
    _, own, cells, values = fields(value, "target", "kind dim cells values")
    integer(own, "target.dim", dim, dim)
    integer(cells, "target.cells", 1)
    items(values, "target.values", (cells + 1) ** dim)
    numbers = [rational(v, f"target.values[{i}]") for i, v in enumerate(values)]
    return cells, *over_common(numbers, "target.values", most)


class Kuhn:
    """Rule 4.1, and rules 7.2, 8.1, 8.2, 8.4 for it. Nodal values are integers over `den`."""

    def __init__(self, value: Any, claim: Claim) -> None:
        self.claim, self.dim = claim, claim.dim
        self.cells, self.den, self.values = read_kuhn(value, claim.dim)
        self._fine: tuple[int, Ints] = (0, [])

    def check_grid(self, grid: Any, n: int, place: str) -> None:
        """Rule 7.2: a multiple of lcm(m, N^l), and not too much work."""
        integer(grid, place, 1)
        require(grid % math.lcm(self.cells, n) == 0, place, "not a multiple of lcm(cells, N^l) (rule 7.2)")
        require(math.factorial(self.dim) * grid**self.dim <= MAX_CELLS, place, "more than 2^24 simplices")

    def prepare(self, jobs: list[Job]) -> None:
        """Nothing is shared between levels but the nodes of a grid."""

    def nodes(self, grid: int) -> Ints:
        """The values at the (grid + 1)^d nodes of mesh 1/grid, over den·(grid/m), by the formula of rule 4.1."""
        if self._fine[0] == grid:
            return self._fine[1]
        q, values, result = grid // self.cells, self.values, []
        axes = []
        for stride in strides_of(self.cells + 1, self.dim):
            cell_of = [min(k // q, self.cells - 1) for k in range(grid + 1)]
            axes.append([(k - i * q, stride, i * stride) for k, i in enumerate(cell_of)])
        for node in itertools.product(*axes):
            at = sum(entry[2] for entry in node)
            value, last = 0, q
            for t, stride, _ in sorted(node, reverse=True):
                value += (last - t) * values[at]
                last, at = t, at + stride
            result.append(value + last * values[at])
        self._fine = (grid, result)
        return result

    def offsets(self, count: int) -> Ints:
        """The offsets of the corners of a cube."""
        return corner_offsets(count, self.dim)

    def error(self, grid: int, table: Table) -> tuple[Enclosure, Fraction]:
        """Rule 7.2: ||f - T||_p^p over the whole cells, T at its centre, and the largest |f - T|."""
        F, d, q = self.nodes(grid), self.dim, grid // table.n
        own = self.den * (grid // self.cells)
        den = math.lcm(own, table.den)
        a, values = den // own, [v * (den // table.den) for v in table.values]
        means = SimplexMeans(d, den, self.claim.p)
        node_strides, cell_strides = strides_of(grid + 1, d), strides_of(table.n, d)
        for part in slabs([range(grid)] * d):
            base = outer_sum([[k * s for k in r] for r, s in zip(part, node_strides, strict=True)])
            cell = outer_sum([[k // q * s for k in r] for r, s in zip(part, cell_strides, strict=True)])
            T = [values[i] for i in cell]
            means.add(
                [[a * F[i + o] - t for i, t in zip(base, T, strict=True)] for o in self.offsets(grid + 1)]
            )
        return means.result(grid), Fraction(means.largest, den)

    def lower(self, grid: int, shift: list[Fraction]) -> Enclosure:
        """Rule 8.1: ||f(.+s) - f||_p^p over the cubes Q with Q and Q + s in the cube."""
        F, d, steps = self.nodes(grid), self.dim, [int(s * grid) for s in shift]
        strides = strides_of(grid + 1, d)
        move = sum(s * k for s, k in zip(strides, steps, strict=True))
        means = SimplexMeans(d, self.den * (grid // self.cells), self.claim.p)
        for part in slabs(shifted(steps, grid)):
            base = outer_sum([[k * s for k in r] for r, s in zip(part, strides, strict=True)])
            if base:
                means.add([[F[i + o + move] - F[i + o] for i in base] for o in self.offsets(grid + 1)])
        return means.result(grid)

    def slopes(self) -> list[tuple[Ints, Ints]]:
        """For each axis: |difference| along each edge of the triangulation, and on how many simplices the edge lies."""
        m, d, result = self.cells, self.dim, []
        offsets, strides = self.offsets(m + 1), strides_of(m + 1, d)
        for i in range(d):
            differences, counts = [], []
            base = outer_sum([[k * s for k in range(m)] for s in strides])
            for mask in range(1 << d):
                if not mask >> i & 1:
                    steps = mask.bit_count()
                    lower, upper = offsets[mask], offsets[mask | 1 << i]
                    differences += [abs(self.values[b + upper] - self.values[b + lower]) for b in base]
                    counts += [math.factorial(steps) * math.factorial(d - 1 - steps)] * len(base)
            result.append((differences, counts))
        return result

    def upper(self, grid: int, t: Fraction) -> Fraction | None:
        """Rule 8.2: D_i = ||d_i f||_p^p, d_i f = m·difference on a simplex of measure m^-d/d!."""
        p, m, d, sums = self.claim.p, self.cells, self.dim, []
        for differences, counts in self.slopes():
            steep = [m * x for x in differences]
            if p is None:
                sums.append(Fraction(max(steep), self.den))
            else:
                total = sum(c * x for c, x in zip(counts, powers(steep, self.den, p, True), strict=True))
                sums.append(Fraction(total, powers_den(self.den, p) * math.factorial(d) * m**d))
        return gradient_bound(sums, t, self.claim)

    def extent(self, grid: int) -> tuple[Fraction, Fraction]:
        """Rule 7.1: [inf f, sup f]."""
        return Fraction(min(self.values), self.den), Fraction(max(self.values), self.den)

    def check_lipschitz(self, K: Fraction, grid: Any) -> bool:
        """Rule 8.4; True: K is exact."""
        require(grid is None, "evidence.lipschitz.grid", "must be null (rule 8.4)")
        own = Fraction(self.cells * max(max(differences) for differences, _ in self.slopes()), self.den)
        require(own == K, "evidence.lipschitz.K", "not the largest slope (rule 8.4)")
        return True


# ---------------------------------------------------------------------------------------------------------------
# 4.2 Step targets, with their parts of rules 7 and 8


class Piece(NamedTuple):
    """A piece of g_i inside one cell: the cell's number along the axis, the piece's length, the value."""

    cell: int
    length: int
    value: int


class Step:
    """Rule 4.2, and rules 7.3, 8.1, 8.2, 8.4 for it. Values are integers over `den`."""

    def __init__(self, value: Any, claim: Claim) -> None:
        _, dim, axes = fields(value, "target", "kind dim axes")
        self.claim, self.dim = claim, integer(dim, "target.dim", claim.dim, claim.dim)
        self.breaks: list[list[Fraction]] = []
        self.values: list[Ints] = []
        numbers: list[Fraction] = []
        for i, axis in enumerate(items(axes, "target.axes", dim)):
            at = f"target.axes[{i}]"
            breaks, values = fields(axis, at, "breaks values")
            inner = [rational(b, f"{at}.breaks[{j}]") for j, b in enumerate(items(breaks, f"{at}.breaks"))]
            ends = [Fraction(0), *inner, Fraction(1)]
            increasing = all(a < b for a, b in itertools.pairwise(ends))
            require(increasing, f"{at}.breaks", "must increase within 0..1 (rule 4.2)")
            over_common(ends, f"{at}.breaks")
            self.breaks.append(ends)
            items(values, f"{at}.values", len(ends) - 1)
            numbers += [rational(v, f"{at}.values[{j}]") for j, v in enumerate(values)]
        self.den, flat = over_common(numbers, "target.axes")
        for ends in self.breaks:
            self.values.append(flat[: len(ends) - 1])
            del flat[: len(ends) - 1]
        self._variation: dict[int, Callable[[Fraction], Fraction]] = {}

    def check_grid(self, grid: Any, n: int, place: str) -> None:
        """Rule 7.3: no grid; not too many pieces; rule 8.2: not too many differences of breaks."""
        require(grid is None, place, "must be null for a step target (rule 7.3)")
        require(
            math.prod(n + len(b) for b in self.breaks) <= MAX_CELLS, "target", "more than 2^24 product pieces"
        )
        require(max(len(b) for b in self.breaks) <= 2048, "target", "more than 2,047 pieces on an axis")

    def prepare(self, jobs: list[Job]) -> None:
        """Nothing is shared between levels."""

    def pieces(self, axis: int, n: int) -> tuple[int, list[Piece]]:
        """The pieces of g_axis inside the cells of side 1/n; lengths over the first result."""
        ends = self.breaks[axis]
        den = math.lcm(n, *(b.denominator for b in ends))
        cuts = sorted({k * (den // n) for k in range(n + 1)} | {int(b * den) for b in ends})
        result, j, inner = [], 0, [int(b * den) for b in ends]
        for a, b in itertools.pairwise(cuts):
            while a >= inner[j + 1]:
                j += 1
            result.append(Piece(a * n // den, b - a, self.values[axis][j]))
        return den, result

    def error(self, grid: Any, table: Table) -> tuple[Enclosure, Fraction]:
        """Rule 7.3: the sum of measure·|value - T|^p over the product pieces, and the largest |value - T|."""
        n, d, p = table.n, self.dim, self.claim.p
        axes = [self.pieces(i, n) for i in range(d)]
        den = math.lcm(self.den, table.den)
        a, T = den // self.den, [v * (den // table.den) for v in table.values]
        low, high, largest = 0, 0, 0
        for part in slabs([range(len(pieces)) for _, pieces in axes]):
            inside = [[pieces[k] for k in r] for (_, pieces), r in zip(axes, part, strict=True)]
            cell = outer_sum(
                [[q.cell * s for q in row] for row, s in zip(inside, strides_of(n, d), strict=True)]
            )
            f = outer_sum([[a * q.value for q in row] for row in inside])
            gap = [abs(v - T[k]) for v, k in zip(f, cell, strict=True)]
            largest = max(largest, *gap)
            if p is not None:
                measure = [math.prod(q.length for q in row) for row in itertools.product(*inside)]
                low += sum(m * x for m, x in zip(measure, powers(gap, den, p, False), strict=True))
                high += sum(m * x for m, x in zip(measure, powers(gap, den, p, True), strict=True))
        top = Fraction(largest, den)
        if p is None:
            return Enclosure(top, top, True), top
        scale = Fraction(1, powers_den(den, p) * math.prod(length_den for length_den, _ in axes))
        if p.denominator == 1:
            return expressible(low * scale, low * scale), top
        return Enclosure(low * scale, high * scale), top

    def lower(self, grid: Any, shift: list[Fraction]) -> Enclosure:
        """Rule 8.1: one axis; the overlaps of piece j with piece k moved back by s."""
        moved = [i for i, s in enumerate(shift) if s != 0]
        if not moved:
            return Enclosure(Fraction(0), Fraction(0), True)
        i, p = moved[0], self.claim.p
        s, ends, values = abs(shift[i]), self.breaks[i], self.values[i]
        low, high, j, k, x = Fraction(0), Fraction(0), 0, 0, Fraction(0)
        while x < 1 - s:
            while ends[j + 1] <= x:
                j += 1
            while ends[k + 1] <= x + s:
                k += 1
            end, gap = min(ends[j + 1], ends[k + 1] - s), [abs(values[k] - values[j])]
            if p is None:
                low = max(low, Fraction(gap[0], self.den))
            else:
                low += (end - x) * powers(gap, self.den, p, False)[0]
                high += (end - x) * powers(gap, self.den, p, True)[0]
            x = end
        if p is None:
            return Enclosure(low, low, True)
        scale = powers_den(self.den, p)
        return (
            expressible(low / scale, high / scale)
            if p.denominator == 1
            else Enclosure(low / scale, high / scale)
        )

    def variation(self, axis: int) -> Callable[[Fraction], Fraction]:
        """t -> the largest W(tau), 0 < tau <= t, of rule 8.2, for one axis.

        Pieces j < k, [a, b) and [c, e), overlap after a move by tau for c - b < tau < e - a, by (tau - (c - b))_+
        - (tau - (c - a))_+ - (tau - (e - b))_+ + (tau - (e - a))_+. So W is piecewise linear, its corners are
        differences of breaks, and W(0) = 0.
        """
        ends, values, p = self.breaks[axis], self.values[axis], self.claim.p
        den = math.lcm(*(b.denominator for b in ends))
        cuts = [int(b * den) for b in ends]
        bends: dict[int, int] = {}
        reach: dict[int, int] = {}
        for j, k in itertools.combinations(range(len(values)), 2):
            gap = abs(values[k] - values[j])
            if p is None:
                first = cuts[k] - cuts[j + 1]
                reach[first] = max(reach.get(first, 0), gap)
                continue
            w = powers([gap], self.den, p, True)[0]
            for sign, low in ((w, j + 1), (-w, j)):
                bends[cuts[k] - cuts[low]] = bends.get(cuts[k] - cuts[low], 0) + sign
                bends[cuts[k + 1] - cuts[low]] = bends.get(cuts[k + 1] - cuts[low], 0) - sign
        if p is None:
            return lambda t: Fraction(
                max((gap for first, gap in reach.items() if first < t * den), default=0), self.den
            )
        scale = powers_den(self.den, p) * den
        return lambda t: highest(sorted(bends.items()), t * den) / scale

    def upper(self, grid: Any, t: Fraction) -> Fraction | None:
        """Rule 8.2 for steps."""
        for i in range(self.dim):
            if i not in self._variation:
                self._variation[i] = self.variation(i)
        along = [self._variation[i](t) for i in range(self.dim)]
        p = self.claim.p
        if self.claim.modulus == "axis" or self.dim == 1:
            return max(along)
        if p is None:
            return sum(along, Fraction(0))
        return power(sum((power(w, 1 / p)[1] for w in along), Fraction(0)), p)[1]

    def extent(self, grid: Any) -> tuple[Fraction, Fraction]:
        """Rule 7.1: sums of extremes."""
        return Fraction(sum(map(min, self.values)), self.den), Fraction(sum(map(max, self.values)), self.den)

    def check_lipschitz(self, K: Fraction, grid: Any) -> bool:
        """Rule 8.4: only a constant has a K, 0."""
        require(
            all(len(set(v)) == 1 for v in self.values),
            "evidence.lipschitz",
            "must be null for a step (rule 8.4)",
        )
        require(K == 0 and grid is None, "evidence.lipschitz", "K = 0 and no grid for a constant (rule 8.4)")
        return False


def highest(bends: list[tuple[int, int]], end: Fraction) -> Fraction:
    """The largest value on [0, end] of the piecewise linear W with W(0) = 0 and these changes of slope."""
    best, value, slope, at = Fraction(0), Fraction(0), 0, Fraction(0)
    for x, change in [*bends, (math.ceil(end) + 1, 0)]:
        stop = min(Fraction(x), end)
        value, at = value + slope * (stop - at), stop
        best = max(best, value)
        if x >= end:
            break
        slope += change
    return best


# ---------------------------------------------------------------------------------------------------------------
# 4.3 Expression targets: parser


class Node(NamedTuple):
    """One node in postfix order: it consumes the results of the `arity` nodes before it that are still unused."""

    op: str
    arity: int
    value: Fraction  # of a number; the index of a variable; the exponent of a power; else 0


_TOKEN = re.compile(
    r"[ \t\r\n]*(?:(?P<number>(?:([0-9]+)(?:\.([0-9]+))?|\.([0-9]+))(?:[eE]([+-]?[0-9]+))?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<sign>\*\*|[-+*/(),]))"
)
_FUNCTIONS = ("abs", "sqrt", "exp", "log", "sin", "cos", "tanh", "step", "min", "max")
AT_TEXT = "target.text"


class Parser:
    """Recursive descent by the grammar of rule 4.3; `nodes` is the expression in postfix order."""

    def __init__(self, text: str, dim: int) -> None:
        self.dim, self.nodes, self.tokens = dim, [], []
        at, end = 0, len(text.rstrip(" \t\r\n"))
        while at < end:
            match = _TOKEN.match(text, at)
            if not match:
                raise Rejected(AT_TEXT, f"not understood at character {at} (rule 4.3)")
            self.tokens.append(match)
            at = match.end()
        self.next, self.depth, self.created = 0, 0, 0
        self.sum()
        require(self.next == len(self.tokens), AT_TEXT, self.here())

    def here(self) -> str:
        """Where the parser stands."""
        if self.next < len(self.tokens):
            return f"not understood at character {self.tokens[self.next].start()} (rule 4.3)"
        return "ends too early (rule 4.3)"

    def peek(self) -> str:
        """The sign that comes next, or ''."""
        return (self.tokens[self.next]["sign"] or "") if self.next < len(self.tokens) else ""

    def take(self, sign: str) -> None:
        """That sign must come next."""
        require(self.peek() == sign, AT_TEXT, self.here())
        self.next += 1

    def emit(self, op: str, arity: int, value: Fraction = Fraction(0)) -> None:
        """Append a node; at most 5,000 are ever made."""
        self.created += 1
        require(self.created <= 5000, AT_TEXT, "more than 5,000 nodes (rule 4.3)")
        self.nodes.append(Node(op, arity, value))

    def sum(self) -> None:
        """sum := term (("+"|"-") term)*"""
        self.term()
        while self.peek() in ("+", "-"):
            op = self.peek()
            self.next += 1
            self.term()
            self.emit(op, 2)

    def term(self) -> None:
        """term := factor (("*"|"/") factor)*"""
        self.factor()
        while self.peek() in ("*", "/"):
            op = self.peek()
            self.next += 1
            self.factor()
            self.emit(op, 2)

    def factor(self) -> None:
        """factor := ("+"|"-") factor | power. Every nesting of the grammar passes here."""
        self.depth += 1
        require(self.depth <= 101, AT_TEXT, "more than 100 nested levels (rule 4.3)")
        if self.peek() in ("+", "-"):
            op = self.peek()
            self.next += 1
            self.factor()
            if op == "-":
                self.emit("neg", 1)
        else:
            self.power()
        self.depth -= 1

    def power(self) -> None:
        """power := atom ("**" factor)?, the exponent folded to a constant by rule 4.4."""
        self.atom()
        if self.peek() == "**":
            self.next += 1
            start = len(self.nodes)
            self.factor()
            exponent = fold(self.nodes[start:])
            del self.nodes[start:]
            require(
                max(abs(exponent.numerator), exponent.denominator) <= 64,
                AT_TEXT,
                "an exponent above 64 (rule 4.4)",
            )
            self.emit("**", 1, exponent)

    def atom(self) -> None:
        """atom := number | "x"0..9 | name "(" sum ("," sum)* ")" | "(" sum ")" """
        if self.peek() == "(":
            self.next += 1
            self.sum()
            return self.take(")")
        require(self.next < len(self.tokens) and not self.peek(), AT_TEXT, self.here())
        match, name = self.tokens[self.next], self.tokens[self.next]["name"]
        if match["number"]:
            self.emit("number", 0, literal(match))
        elif re.fullmatch("x[0-9]", name):
            require(int(name[1]) < self.dim, AT_TEXT, f"{name} in dimension {self.dim} (rule 4.3)")
            self.emit("x", 0, Fraction(int(name[1])))
        else:
            require(name in _FUNCTIONS, AT_TEXT, self.here())
            return self.call(name)
        self.next += 1
        return None

    def call(self, name: str) -> None:
        """name "(" sum ("," sum)* ")" """
        self.next += 1
        self.take("(")
        self.sum()
        count = 1
        while self.peek() == ",":
            self.next += 1
            self.sum()
            count += 1
        self.take(")")
        require(
            count >= 2 if name in ("min", "max") else count == 1, AT_TEXT, f"{name} of {count} (rule 4.3)"
        )
        self.emit(name, count)


def literal(match: re.Match[str]) -> Fraction:
    """A number, exactly; at most 400 digits, |exponent| <= 400."""
    whole, part, bare, exponent = match[2] or "", match[3] or "", match[4] or "", match[5] or "0"
    digits = whole + part + bare
    require(
        len(digits) <= 400 and len(exponent) <= 401, AT_TEXT, "a number of more than 400 digits (rule 4.3)"
    )
    require(abs(int(exponent)) <= 400, AT_TEXT, "an exponent above 400 (rule 4.3)")
    return int(digits) * Fraction(10) ** (int(exponent) - len(part + bare))


def fold(nodes: list[Node]) -> Fraction:
    """Rule 4.4: the exact value of numbers joined by + - * / **."""
    stack: list[Fraction] = []
    for op, _, value in nodes:
        b = stack.pop() if op not in ("number", "x") and op in ("+", "-", "*", "/", "neg", "**") else value
        if op == "number":
            stack.append(b)
        elif op == "neg":
            stack.append(-b)
        elif op == "**":
            require(
                value.denominator == 1 and (b != 0 or value >= 0),
                AT_TEXT,
                "not a rational exponent (rule 4.4)",
            )
            stack.append(b**value.numerator)
        else:
            require(
                op in ("+", "-", "*", "/") and (op != "/" or b != 0),
                AT_TEXT,
                "not a constant exponent (rule 4.4)",
            )
            a = stack.pop()
            stack.append(a + b if op == "+" else a - b if op == "-" else a * b if op == "*" else a / b)
        bits = max(abs(stack[-1].numerator), stack[-1].denominator).bit_length()
        require(bits <= FRACTION_BITS, AT_TEXT, "an exponent too long to compute (rule 4.4)")
    return stack[0]


# ---------------------------------------------------------------------------------------------------------------
# 4.3 Expression targets: interval machine (rule 7.4) over a slab of boxes


class Arr(NamedTuple):
    """Intervals [lo, hi] at the slab's scale, one for each index over `axes` (ascending; row-major)."""

    axes: tuple[int, ...]
    lo: Ints
    hi: Ints


class Jet(NamedTuple):
    """Value, gradient (an axis that is missing: 0), and where the gradient is unbounded (None: nowhere)."""

    value: Arr
    grad: dict[int, Arr]
    wild: Arr | None = None  # lo = hi = [1 where unbounded, else 0]


class Slab:
    """Interval operations on a slab of boxes with these numbers of boxes along its axes, at scale w."""

    def __init__(self, shape: list[int], w: int, place: str) -> None:
        self.shape, self.w, self.one, self.place = shape, w, 1 << w, place
        self.maps: dict[tuple[tuple[int, ...], tuple[int, ...]], Ints] = {}

    # -- shapes

    def spread(self, axes: tuple[int, ...], values: Ints, target: tuple[int, ...]) -> Ints:
        """The values repeated along the axes of `target` that they do not depend on."""
        if axes == target:
            return values
        index = self.maps.get((axes, target))
        if index is None:
            own = [i for i in target if i in axes]
            stride = {i: math.prod(self.shape[j] for j in own if j > i) for i in own}
            index = outer_sum([[k * stride.get(i, 0) for k in range(self.shape[i])] for i in target])
            self.maps[axes, target] = index
        return [values[i] for i in index]

    def align(self, *arrays: Arr) -> tuple[tuple[int, ...], list[Ints]]:
        """The union of the axes; lo and hi of each array, spread over it."""
        axes = arrays[0].axes
        if any(a.axes != axes for a in arrays):
            axes = tuple(sorted({i for a in arrays for i in a.axes}))
        return axes, [self.spread(a.axes, part, axes) for a in arrays for part in (a.lo, a.hi)]

    def bounded(self, a: Arr) -> Arr:
        """Keeps numbers from growing without limit."""
        limit = 1 << (self.w + MAX_VALUE_BITS)
        require(max(a.hi) <= limit and min(a.lo) >= -limit, self.place, "values above 2^8192")
        return a

    def fixed(self, value: Fraction) -> Arr:
        """A constant."""
        top = value.numerator << self.w
        return Arr((), [top // value.denominator], [-(-top // value.denominator)])

    # -- arithmetic: exact ranges of the operation, rounded outward

    def add(self, a: Arr, b: Arr) -> Arr:
        axes, (al, ah, bl, bh) = self.align(a, b)
        return Arr(
            axes, [x + y for x, y in zip(al, bl, strict=True)], [x + y for x, y in zip(ah, bh, strict=True)]
        )

    def neg(self, a: Arr) -> Arr:
        return Arr(a.axes, [-x for x in a.hi], [-x for x in a.lo])

    def mul(self, a: Arr, b: Arr) -> Arr:
        """Products; where one factor is >= 0 throughout, two of them are enough."""
        w = self.w
        axes, (al, ah, bl, bh) = self.align(a, b)
        if min(bl) < 0 <= min(al):
            al, ah, bl, bh = bl, bh, al, ah
        if min(bl) >= 0:
            lo = [x * (y if x >= 0 else z) >> w for x, y, z in zip(al, bl, bh, strict=True)]
            hi = [-(-x * (z if x >= 0 else y) >> w) for x, y, z in zip(ah, bl, bh, strict=True)]
            return self.bounded(Arr(axes, lo, hi))
        lo, hi = [], []
        for x, X, y, Y in zip(al, ah, bl, bh, strict=True):
            four = (x * y, x * Y, X * y, X * Y)
            lo.append(min(four) >> w)
            hi.append(-(-max(four) >> w))
        return self.bounded(Arr(axes, lo, hi))

    def div(self, a: Arr, b: Arr) -> Arr:
        """Quotients; rule 4.5: the divisor's interval does not hold 0."""
        w = self.w
        axes, (al, ah, bl, bh) = self.align(a, b)
        lo, hi = [], []
        for x, X, y, Y in zip(al, ah, bl, bh, strict=True):
            require(y > 0 or Y < 0, self.place, "a division by an interval that holds 0 (rule 4.5)")
            if Y < 0:
                x, X, y, Y = -X, -x, -Y, -y
            lo.append((x << w) // (Y if x >= 0 else y))
            hi.append(-((-X << w) // (y if X >= 0 else Y)))
        return self.bounded(Arr(axes, lo, hi))

    def meet(self, a: Arr, b: Arr) -> Arr:
        """The intersection of two enclosures of the same numbers."""
        axes, (al, ah, bl, bh) = self.align(a, b)
        return Arr(axes, list(map(max, al, bl)), list(map(min, ah, bh)))

    def monotone(self, a: Arr, function: Callable[[int], tuple[int, int]]) -> Arr:
        """An increasing function by its values at the ends, each end computed once."""
        at = {x: function(x) for x in {*a.lo, *a.hi}}
        return self.bounded(Arr(a.axes, [at[x][0] for x in a.lo], [at[x][1] for x in a.hi]))

    def sine(self, a: Arr, quarter: int) -> Arr:
        """sin(x + quarter·pi/2): the values at the ends, and +-1 where a multiple of pi/2 with it may lie inside."""
        at = {x: sine(x, self.w, quarter) for x in {*a.lo, *a.hi}}
        below, above = pi_fixed(self.w)
        lo, hi = [], []
        for x, X in zip(a.lo, a.hi, strict=True):
            first, last = -(-2 * x // (above if x >= 0 else below)), 2 * X // (below if X >= 0 else above)
            peak = (1 - quarter - first) % 4 <= last - first
            trough = (3 - quarter - first) % 4 <= last - first
            lo.append(-self.one if trough else min(at[x][0], at[X][0]))
            hi.append(self.one if peak else max(at[x][1], at[X][1]))
        return Arr(a.axes, lo, hi)

    def absolute(self, a: Arr) -> Arr:
        pairs = list(zip(a.lo, a.hi, strict=True))
        return Arr(a.axes, [max(x, -X, 0) for x, X in pairs], [max(-x, X) for x, X in pairs])

    def power(self, a: Arr, r: Fraction) -> Arr:
        """x^r, tight (rules 4.4, 4.5)."""
        n = r.numerator
        if r.denominator != 1:
            least = min(a.lo)
            require(
                least > 0 or (least == 0 and r > 0), self.place, "a power of an interval below 0 (rule 4.5)"
            )
            if r > 0:
                return self.monotone(a, lambda x: raise_to(x, r, self.w))
            return self.monotone(self.neg(a), lambda x: raise_to(-x, r, self.w))  # increasing in -x
        if n == 0:
            return self.fixed(Fraction(1))
        base = self.absolute(a) if n % 2 == 0 else a
        pairs = list(zip(base.lo, base.hi, strict=True))
        require(n > 0 or all(x > 0 or X < 0 for x, X in pairs), self.place, "1/0 in a power (rule 4.5)")
        ends = [integer_power(x, X, n, self.w) for x, X in pairs]
        return self.bounded(Arr(a.axes, [x for x, _ in ends], [X for _, X in ends]))

    def logarithm(self, a: Arr) -> Arr:
        require(min(a.lo) > 0, self.place, "a log of an interval that reaches 0 (rule 4.5)")
        return self.monotone(a, lambda x: logarithm(x, self.w))

    def root(self, a: Arr) -> Arr:
        require(min(a.lo) >= 0, self.place, "a sqrt of an interval below 0 (rule 4.5)")
        return self.monotone(a, lambda x: root(x, self.w))

    # -- derivatives (rule 7.4: forward, an enclosure of the generalized gradient over the box)

    def wild_or(self, a: Arr | None, b: Arr | None) -> Arr | None:
        """Unbounded where one of the two is."""
        if a is None or b is None:
            return a or b
        axes, (u, _, v, _) = self.align(a, b)
        both = [x | y for x, y in zip(u, v, strict=True)]
        return Arr(axes, both, both)

    def scaled(self, u: Jet, slope: Arr) -> Jet:
        """slope·gradient. Where the slope is exactly 0 on a box the product is 0, however wild u is there."""
        grad, wild = {i: self.mul(slope, g) for i, g in u.grad.items()}, None
        if u.wild is not None:
            axes, (flag, _, lo, hi) = self.align(u.wild, slope)
            flag = [f and (x != 0 or X != 0) for f, x, X in zip(flag, lo, hi, strict=True)]
            wild = Arr(axes, list(map(int, flag)), list(map(int, flag))) if any(flag) else None
        return Jet(slope, grad, wild)

    def plus(self, value: Arr, u: Jet, v: Jet) -> Jet:
        """A jet with this value and the sum of two gradients."""
        grad = dict(u.grad)
        for i, g in v.grad.items():
            grad[i] = self.add(grad[i], g) if i in grad else g
        return Jet(value, grad, self.wild_or(u.wild, v.wild))

    def chain(self, u: Jet, value: Arr, slope: Arr, steep: Ints | None = None) -> Jet:
        """phi(u), phi'(u) in `slope`; unbounded also where `steep` says so, if u depends on an axis."""
        jet = self.scaled(u, slope)
        wild = Arr(u.value.axes, steep, steep) if steep and any(steep) and u.value.axes else None
        return Jet(value, jet.grad, self.wild_or(jet.wild, wild))

    def apply(self, node: Node, args: list[Jet]) -> Jet:
        """The jet of one node."""
        op, u = node.op, args[0]
        if op in ("+", "-"):
            v = (
                args[1]
                if op == "+"
                else self.chain(args[1], self.neg(args[1].value), self.fixed(Fraction(-1)))
            )
            return self.plus(self.add(u.value, v.value), u, v)
        if op == "neg":
            return self.chain(u, self.neg(u.value), self.fixed(Fraction(-1)))
        if op == "*":
            v = args[1]
            return self.plus(self.mul(u.value, v.value), self.scaled(u, v.value), self.scaled(v, u.value))
        if op == "/":
            return self.quotient(u, args[1])
        if op in ("min", "max"):
            return self.extreme(args, op == "min")
        if op == "**":
            return self.raised(u, node.value)
        return self.function(op, u)

    def quotient(self, u: Jet, v: Jet) -> Jet:
        """(u' - q·v')/v, met with (u'·v - u·v')/v^2: both hold the derivative of q = u/v."""
        q = self.div(u.value, v.value)
        inverse = self.div(self.fixed(Fraction(1)), v.value)
        if not v.grad and v.wild is None:
            jet = self.scaled(u, inverse)
            return Jet(q, {i: self.div(g, v.value) for i, g in u.grad.items()}, jet.wild)
        first = self.plus(q, u, self.scaled(v, self.neg(q)))
        second = self.plus(q, self.scaled(u, v.value), self.scaled(v, self.neg(u.value)))
        square = self.power(v.value, Fraction(2))
        grad = {
            i: self.meet(self.div(g, v.value), self.div(second.grad[i], square))
            for i, g in first.grad.items()
        }
        return Jet(q, grad, first.wild)

    def raised(self, u: Jet, r: Fraction) -> Jet:
        """u^r, slope r·u^(r-1); unbounded for 0 < r < 1 where u reaches 0."""
        value = self.power(u.value, r)
        if r == 0:
            return Jet(value, {})
        steep, base = None, u.value
        if 0 < r < 1:
            steep = [int(x == 0) for x in base.lo]
            base = (
                Arr(
                    base.axes,
                    [x or self.one for x in base.lo],
                    [max(X, self.one) if s else X for X, s in zip(base.hi, steep, strict=True)],
                )
                if any(steep)
                else base
            )
        return self.chain(u, value, self.mul(self.fixed(r), self.power(base, r - 1)), steep)

    def extreme(self, args: list[Jet], least: bool) -> Jet:
        """min (max by reflection): the range, and the hull of the gradients of those that may be the least.

        An argument that stays >= the least upper end of all is dropped, save the first one with that end.
        """
        if not least:
            minus = self.fixed(Fraction(-1))
            jet = self.extreme([self.chain(u, self.neg(u.value), minus) for u in args], True)
            return self.chain(jet, self.neg(jet.value), minus)
        axes, ends = self.align(*(u.value for u in args))
        lows, highs = ends[0::2], ends[1::2]
        low, high = list(map(min, *lows)), list(map(min, *highs))
        first = [column.index(h) for column, h in zip(zip(*highs, strict=True), high, strict=True)]
        live = [
            [x < h or f == k for x, h, f in zip(lows[k], high, first, strict=True)] for k in range(len(args))
        ]
        value, grad, wild = Arr(axes, low, high), {}, None
        for i in sorted({i for u in args for i in u.grad}):
            grad[i] = self.hull(axes, live, [u.grad.get(i, Arr((), [0], [0])) for u in args])
        for mask, u in zip(live, args, strict=True):
            if u.wild is not None:
                both, (m, _, f, _) = self.align(Arr(axes, list(map(int, mask)), []), u.wild)
                flags = [x & y for x, y in zip(m, f, strict=True)]
                wild = self.wild_or(wild, Arr(both, flags, flags) if any(flags) else None)
        return Jet(value, grad, wild)

    def hull(self, axes: tuple[int, ...], live: list[list[bool]], arrays: list[Arr]) -> Arr:
        """Box by box the hull of those arrays that are live there."""
        axes, ends = self.align(Arr(axes, [0] * len(live[0]), [0] * len(live[0])), *arrays)
        low: list[int | None] = [None] * len(ends[0])
        high = list(low)
        for mask, lo, hi in zip(live, ends[2::2], ends[3::2], strict=True):
            low = [
                a if not m else b if a is None or b < a else a for a, m, b in zip(low, mask, lo, strict=True)
            ]
            high = [
                a if not m else b if a is None or b > a else a for a, m, b in zip(high, mask, hi, strict=True)
            ]
        return Arr(axes, [x or 0 for x in low], [x or 0 for x in high])

    def function(self, op: str, u: Jet) -> Jet:
        """The jet of a function of one argument."""
        a = u.value
        if op == "abs":
            lo = [self.one if x >= 0 else -self.one for x in a.lo]
            hi = [-self.one if X <= 0 and x < 0 else self.one for x, X in zip(a.lo, a.hi, strict=True)]
            return self.chain(u, self.absolute(a), Arr(a.axes, lo, hi))
        if op == "sqrt":
            value, steep = self.root(a), [int(x == 0) for x in a.lo]
            safe = Arr(a.axes, [x or 1 for x in value.lo], [X or 1 for X in value.hi])
            return self.chain(u, value, self.div(self.fixed(Fraction(1, 2)), safe), steep)
        if op == "exp":
            value = self.monotone(a, lambda x: exponential(x, self.w))
            return self.chain(u, value, value)
        if op == "log":
            return self.chain(u, self.logarithm(a), self.div(self.fixed(Fraction(1)), a))
        if op == "sin":
            return self.chain(u, self.sine(a, 0), self.sine(a, 1))
        if op == "cos":
            return self.chain(u, self.sine(a, 1), self.sine(a, 2))
        if op == "tanh":
            value = self.monotone(a, lambda x: tangent_h(x, self.w))
            return self.chain(
                u, value, self.add(self.fixed(Fraction(1)), self.neg(self.power(value, Fraction(2))))
            )
        lo, hi = [self.one * (x >= 0) for x in a.lo], [self.one * (X >= 0) for X in a.hi]
        steep = [int(x != y) for x, y in zip(lo, hi, strict=True)]
        return Jet(Arr(a.axes, lo, hi), {}, Arr(a.axes, steep, steep) if any(steep) and a.axes else None)

    def run(self, nodes: list[Node], inputs: list[Jet]) -> Jet:
        """The jet of the whole expression."""
        stack: list[Jet] = []
        for node in nodes:
            if node.op == "number":
                stack.append(Jet(self.fixed(node.value), {}))
            elif node.op == "x":
                stack.append(inputs[int(node.value)])
            else:
                args = stack[-node.arity :]
                del stack[-node.arity :]
                try:
                    stack.append(self.apply(node, args))
                except Rejected as error:
                    raise Rejected(error.place or self.place, error.message) from None
        return stack[0]


# ---------------------------------------------------------------------------------------------------------------
# 12.11 Expression targets: second derivatives over the boxes of a slab

Matrix = dict[tuple[int, int], Arr]  # the entries i <= j of a symmetric matrix; one that is missing is 0


class Bend(NamedTuple):
    """A jet with its second derivatives, and where one of them is unbounded (None: nowhere).

    One flag for all of them is enough: an unbounded one stays in the result, and that leaves no certificate, unless
    min or max discard the node with everything it has.
    """

    jet: Jet
    hess: Matrix
    rough: Arr | None = None


class Curvature:
    """Rule 12.11, node by node beside the jets of the slab."""

    def __init__(self, slab: Slab) -> None:
        self.slab = slab

    def run(self, nodes: list[Node], inputs: list[Jet]) -> Bend:
        """The whole expression."""
        stack: list[Bend] = []
        for node in nodes:
            if node.op == "number":
                stack.append(Bend(Jet(self.slab.fixed(node.value), {}), {}))
            elif node.op == "x":
                stack.append(Bend(inputs[int(node.value)], {}))
            else:
                args = stack[-node.arity :]
                del stack[-node.arity :]
                try:
                    stack.append(self.apply(node, args))
                except Rejected as error:
                    raise Rejected(error.place or self.slab.place, error.message) from None
        jet, hess, rough = stack[0]
        return Bend(jet, hess, self.slab.wild_or(rough, jet.wild))

    def apply(self, node: Node, args: list[Bend]) -> Bend:
        """One node. An operation keeps what is unbounded in its arguments, whatever it is multiplied by."""
        jet, op, u = self.slab.apply(node, [arg.jet for arg in args]), node.op, args[0]
        if op in ("min", "max"):
            return self.extreme(jet, args, op == "min")
        if op == "**":
            return self.raised(jet, u, node.value)
        if len(args) == 1:
            return self.function(op, jet, u)
        v, neg = args[1], self.slab.neg
        rough = self.slab.wild_or(u.rough, v.rough)
        if op in ("+", "-"):
            return Bend(jet, self.total(u.hess, v.hess if op == "+" else self.each(v.hess, neg)), rough)
        if op == "*":
            own = self.total(self.scaled(u.hess, v.jet.value), self.scaled(v.hess, u.jet.value))
            return Bend(jet, self.total(own, self.crossed(u.jet, v.jet)), rough)
        less = self.total(
            self.scaled(v.hess, jet.value), self.crossed(jet, v.jet)
        )  # u = q·v; jet is that of q
        own = self.total(u.hess, self.each(less, neg))
        return Bend(jet, self.each(own, lambda h: self.slab.div(h, v.jet.value)), rough)

    # -- matrices

    def each(self, m: Matrix, action: Callable[[Arr], Arr]) -> Matrix:
        return {at: action(h) for at, h in m.items()}

    def scaled(self, m: Matrix, factor: Arr) -> Matrix:
        return self.each(m, lambda h: self.slab.mul(factor, h))

    def total(self, a: Matrix, b: Matrix) -> Matrix:
        result = dict(a)
        for at, h in b.items():
            result[at] = self.slab.add(result[at], h) if at in result else h
        return result

    def crossed(self, u: Jet, v: Jet) -> Matrix:
        """u_i·v_j + u_j·v_i."""
        result: Matrix = {}
        for (i, g), (j, h) in itertools.product(u.grad.items(), v.grad.items()):
            term, at = self.slab.mul(g, h), (min(i, j), max(i, j))
            term = self.slab.add(term, term) if i == j else term
            result[at] = self.slab.add(result[at], term) if at in result else term
        return result

    def squared(self, u: Jet) -> Matrix:
        """u_i·u_j, for i = j the exact range of the square."""
        pairs = itertools.combinations_with_replacement(sorted(u.grad), 2)
        return {
            (i, j): self.slab.power(u.grad[i], Fraction(2)) if i == j else self.slab.mul(u.grad[i], u.grad[j])
            for i, j in pairs
        }

    # -- functions

    def chain(
        self, jet: Jet, u: Bend, first: Arr, second: Arr | None = None, steep: Ints | None = None
    ) -> Bend:
        """phi(u) from phi'(U) and phi''(U) (None: 0); unbounded also where `steep` says so, if u depends on an axis."""
        hess = self.scaled(u.hess, first)
        if second is not None:
            hess = self.total(hess, self.scaled(self.squared(u.jet), second))
        axes = u.jet.value.axes
        own = Arr(axes, steep, steep) if steep and any(steep) and axes else None
        return Bend(jet, hess, self.slab.wild_or(u.rough, own))

    def function(self, op: str, jet: Jet, u: Bend) -> Bend:
        """A function of one argument, or a sign."""
        slab, U, V = self.slab, u.jet.value, jet.value
        one = slab.fixed(Fraction(1))
        if op == "neg":
            return Bend(jet, self.each(u.hess, slab.neg), u.rough)
        if op == "sqrt":
            return self.raised(jet, u, Fraction(1, 2))
        if op == "exp":
            return self.chain(jet, u, V, V)
        if op == "log":
            return self.chain(jet, u, slab.div(one, U), slab.neg(slab.div(one, slab.power(U, Fraction(2)))))
        if op == "sin":
            return self.chain(jet, u, slab.sine(U, 1), slab.neg(V))
        if op == "cos":
            return self.chain(jet, u, slab.sine(U, 2), slab.neg(V))
        if op == "tanh":
            slope = slab.add(one, slab.neg(slab.power(V, Fraction(2))))
            return self.chain(jet, u, slope, slab.mul(slab.mul(slab.fixed(Fraction(-2)), V), slope))
        ends = list(zip(U.lo, U.hi, strict=True))
        if op == "abs":
            slope = [(x > 0) - (X < 0) for x, X in ends]
            value = [n * slab.one for n in slope]
            return self.chain(jet, u, Arr(U.axes, value, value), None, [int(n == 0) for n in slope])
        if op == "step":
            steep = [int(x < 0 <= X) for x, X in ends]
            return self.chain(jet, u, slab.fixed(Fraction(0)), None, steep)
        raise Rejected("", f"second derivatives of {op}")

    def raised(self, jet: Jet, u: Bend, r: Fraction) -> Bend:
        """u^r; where U reaches 0 a power below 2 that is not an integer counts as unbounded, and 1 stands for U."""
        slab, base, steep = self.slab, u.jet.value, None
        if r == 0:
            return Bend(jet, {})
        if r < 2 and r.denominator > 1:
            steep = [int(x == 0) for x in base.lo]
            lo = [x or slab.one for x in base.lo]
            base = Arr(base.axes, lo, list(map(max, lo, base.hi)))
        first = slab.mul(slab.fixed(r), slab.power(base, r - 1))
        second = slab.mul(slab.fixed(r * (r - 1)), slab.power(base, r - 2)) if r != 1 else None
        return self.chain(jet, u, first, second, steep)

    def extreme(self, jet: Jet, args: list[Bend], least: bool) -> Bend:
        """min or max, folded from the left: the argument that lies strictly on the right side of the other."""
        value, hess, rough = args[0].jet.value, args[0].hess, args[0].rough
        for arg in args[1:]:
            axes, (al, ah, bl, bh) = self.slab.align(value, arg.jet.value)
            below, above = list(map(int, map(operator.lt, ah, bl))), list(map(int, map(operator.lt, bh, al)))
            left, right = (below, above) if least else (above, below)
            nothing = Arr((), [0], [0])
            hess = {
                at: self.chosen(axes, left, right, hess.get(at, nothing), arg.hess.get(at, nothing))
                for at in {**hess, **arg.hess}
            }
            flags = self.chosen(axes, left, right, rough or nothing, arg.rough or nothing)
            undecided = [int(not (x or y)) for x, y in zip(left, right, strict=True)]
            own = Arr(axes, undecided, undecided) if any(undecided) and axes else None
            rough = self.slab.wild_or(flags if any(flags.lo) else None, own)
            pick = min if least else max
            value = Arr(axes, list(map(pick, al, bl)), list(map(pick, ah, bh)))
        return Bend(jet, hess, rough)

    def chosen(self, axes: tuple[int, ...], left: Ints, right: Ints, a: Arr, b: Arr) -> Arr:
        """Box by box a, or b, or 0."""
        both, ends = self.slab.align(Arr(axes, left, left), Arr(axes, right, right), a, b)
        left, right = ends[0], ends[2]
        lo, hi = (
            [x if m else y if n else 0 for m, n, x, y in zip(left, right, *pair, strict=True)]
            for pair in ((ends[4], ends[6]), (ends[5], ends[7]))
        )
        return Arr(both, lo, hi)


# ---------------------------------------------------------------------------------------------------------------
# 4.3 Expression targets: passes over a grid (rules 7.4, 8.1, 8.2)


class Boxes(NamedTuple):
    """What rule 7.4 says of each box of a slab, at the slab's scale.

    R, M; and |f - c - L| <= rho with L = (v - c) + sum of s_i t_i, |t_i| <= 1, s_i = |g_i| h/2 (t_i or -t_i runs along
    axis i). The boxes numbered in `wild` have an unbounded gradient; there v is the middle of V, and s = 0.
    """

    R: tuple[Ints, Ints]
    M: tuple[Ints, Ints]
    centre: Ints  # v
    halves: list[Ints]  # s_i, for the axes whose G_i is not 0 everywhere
    rho: (
        Ints  # sum of r_i h/2, and twice all roundings (rule 7.4: the mean of their power is not rho^p/(p+1))
    )
    wild: Ints

    def but_wild(self) -> Boxes:
        """Those with a bounded gradient."""
        keep = others(self.wild, len(self.rho))

        def kept(values: Ints) -> Ints:
            return [values[i] for i in keep]

        R, M = ((kept(lo), kept(hi)) for lo, hi in (self.R, self.M))
        return Boxes(R, M, kept(self.centre), [kept(s) for s in self.halves], kept(self.rho), [])


def others(some: Ints, count: int) -> Ints:
    """The numbers from 0 to count - 1 that are not among `some`."""
    out = set(some)
    return [i for i in range(count) if i not in out] if out else list(range(count))


def summary(slab: Slab, jet: Jet, mid: Arr, grid: int) -> Boxes:
    """Rule 7.4: R, M and the affine model, box by box. Where the gradient is unbounded, take v := V and G := 0.

    With G = [lo, hi]: g = (lo + hi) // 2, r = hi - g. g·h/2 = g/(2 grid) is rounded down, by < 1 ulp, which rho takes
    up, twice, like the radius of v and 1 ulp for the table's constant c (LevelSum).
    """
    axes = tuple(range(len(slab.shape)))

    def full(a: tuple[int, ...], values: Ints) -> Ints:
        return slab.spread(a, values, axes)

    lo, hi = full(jet.value.axes, jet.value.lo), full(jet.value.axes, jet.value.hi)
    v, V = full(mid.axes, mid.lo), full(mid.axes, mid.hi)
    centre = [(x + y) >> 1 for x, y in zip(v, V, strict=True)]
    rho, halves = [2 * (y - x + 1) for x, y in zip(centre, V, strict=True)], []
    reach, spread = [0] * len(v), [0] * len(v)
    for g in jet.grad.values():
        pairs = list(zip(g.lo, g.hi, strict=True))
        halves.append([*full(g.axes, [abs((x + y) >> 1) // (2 * grid) for x, y in pairs])])
        radius = full(g.axes, [-((((x + y) >> 1) - y) // (2 * grid)) for x, y in pairs])
        most = full(g.axes, [-(min(x, -y) // (2 * grid)) for x, y in pairs])
        rho = [a + b + 2 for a, b in zip(rho, radius, strict=True)]
        reach = [a + b for a, b in zip(reach, most, strict=True)]
        spread = [a + (b + 1) // 2 for a, b in zip(spread, radius, strict=True)]
    R = (
        [max(a, x - e) for a, x, e in zip(lo, v, reach, strict=True)],
        [min(b, y + e) for b, y, e in zip(hi, V, reach, strict=True)],
    )
    M = (
        [max(a, x - e) for a, x, e in zip(R[0], v, spread, strict=True)],
        [min(b, y + e) for b, y, e in zip(R[1], V, spread, strict=True)],
    )
    flags = [] if jet.wild is None else full(jet.wild.axes, jet.wild.lo)
    wild = [i for i, flag in enumerate(flags) if flag]
    for i in wild:
        R[0][i] = M[0][i] = lo[i]
        R[1][i] = M[1][i] = hi[i]
        centre[i] = (lo[i] + hi[i]) >> 1
        rho[i] = 2 * (hi[i] - centre[i] + 1)
        for s in halves:
            s[i] = 0
    return Boxes(R, M, centre, halves, rho, wild)


def box_values(slab: Slab, nodes: list[Node], part: list[range], grid: int) -> tuple[Jet, Arr]:
    """Rule 7.4: the expression and its gradient over the boxes k/grid + [0, 1/grid]^d, k in `part`; v at midpoints."""
    return slab.run(nodes, sides_of(slab, part, grid)), at_midpoints(slab, nodes, part, grid)


def sides_of(slab: Slab, part: list[range], grid: int) -> list[Jet]:
    """The coordinates over the boxes."""
    w, one, sides = slab.w, slab.fixed(Fraction(1)), []
    for i, r in enumerate(part):
        down = [(k << w) // grid for k in (*r, r.stop)]
        up = [-(-(k << w) // grid) for k in (*r, r.stop)]
        sides.append(Jet(Arr((i,), down[:-1], up[1:]), {i: one}))
    return sides


def at_midpoints(slab: Slab, nodes: list[Node], part: list[range], grid: int) -> Arr:
    """The expression at the boxes' midpoints."""
    return slab.run(nodes, midpoints_of(slab, part, grid, False)).value


def midpoints_of(slab: Slab, part: list[range], grid: int, derive: bool) -> list[Jet]:
    """The coordinates at the boxes' midpoints, with their derivatives if these are wanted."""
    w, one, points = slab.w, slab.fixed(Fraction(1)), []
    for i, r in enumerate(part):
        down = [((2 * k + 1) << w) // (2 * grid) for k in r]
        up = [-(-((2 * k + 1) << w) // (2 * grid)) for k in r]
        points.append(Jet(Arr((i,), down, up), {i: one} if derive else {}))
    return points


def box_jets(slab: Slab, nodes: list[Node], part: list[range], grid: int) -> tuple[Jet, Boxes]:
    """The same, with `summary` of it."""
    jet, mid = box_values(slab, nodes, part, grid)
    return jet, summary(slab, jet, mid, grid)


def scattered(slab: Slab, nodes: list[Node], columns: list[Ints], grid: int) -> Boxes:
    """`summary` of the boxes k/grid + [0, 1/grid]^d whose k_i are the entries of columns[i], on a slab of one axis."""
    w, one, sides, points = slab.w, slab.fixed(Fraction(1)), [], []
    for i, column in enumerate(columns):
        ends = [(k << w) // grid for k in column], [-(-((k + 1) << w) // grid) for k in column]
        middle = [((2 * k + 1) << w) // (2 * grid) for k in column]
        above = [-(-((2 * k + 1) << w) // (2 * grid)) for k in column]
        sides.append(Jet(Arr((0,), *ends), {i: one}))
        points.append(Jet(Arr((0,), middle, above), {}))
    return summary(slab, slab.run(nodes, sides), slab.run(nodes, points).value, grid)


class Means:
    """Rule 7.4.1 for the boxes of a slab: the means of |L|^n, L = a + sum of s_i t_i over |t_i| <= 1, s_i >= 0.

    They are exact. For n even, or where L keeps its sign: with m axes, the mean of (sum of s_i t_i)^2j is
    N_j·(2j)!/(2j+m)!, N_j = the sum over k_1 + ... + k_m = j of (2j+m)!/prod (2k_i+1)!·prod s_i^(2 k_i), an integer;
    hence mean |L|^n = n!/(n+m)!·(sum over j of C(n+m, 2j+m)·N_j·|a|^(n-2j)). Otherwise, and where that is shorter,
    |L|^n is integrated axis by axis: the mean is
        n!/(n+m)!·(sum over signs e_i of prod e_i·G(a + sum of e_i s_i))/prod (2 s_i), G(x) = |x|^n x^m,
    between the two bounds of the rule. (An axis with s_i = 0 is left out.)
    """

    def __init__(self, boxes: Boxes) -> None:
        self.halves, self.rho = boxes.halves, boxes.rho
        self.m, self.count = len(self.halves), len(self.rho)
        self.known: dict[int, list[Ints]] = {}
        self.powers_of_rho: dict[Fraction, Ints] = {}

    @cached_property
    def reach(self) -> Ints:
        """The sums of the s_i."""
        total = [0] * self.count
        for s in self.halves:
            total = list(map(operator.add, total, s))
        return total

    def rests(self, p: Fraction, w: int, slack: Fraction) -> Ints:
        """(rho/lambda)^p over `powers_den`, once for all levels with this lambda.

        Not rho^p, for lambda^(1-p) would magnify its rounding.
        """
        if slack not in self.powers_of_rho:
            num, den = slack.as_integer_ratio()
            self.powers_of_rho[slack] = powers([-(-x * den // num) for x in self.rho], 1 << w, p, True)
        return self.powers_of_rho[slack]

    def terms(self, n: int) -> list[Ints]:
        """C(n+m, 2j+m)·N_j for j = 0..n//2, box by box."""
        if n not in self.known:
            own, top = [[1] * self.count], n // 2
            own += [[0] * self.count for _ in range(top)]
            for m, s in enumerate(self.halves, 1):
                square, old, own = [x * x for x in s], own, []
                for j in range(top + 1):
                    total = [math.comb(2 * j + m, 2 * j + 1) * x for x in old[0]]
                    for k in range(j - 1, -1, -1):
                        c = math.comb(2 * j + m, 2 * k + 1)
                        total = [t * q + c * x for t, q, x in zip(total, square, old[j - k], strict=True)]
                    own.append(total)
            chosen = [math.comb(n + self.m, 2 * j + self.m) for j in range(top + 1)]
            self.known[n] = [[c * x for x in N] for c, N in zip(chosen, own, strict=True)]
        return self.known[n]

    def scale(self, n: int) -> int:
        """(n+m)!/n!, the denominator of `bounds`."""
        return math.factorial(n + self.m) // math.factorial(n)

    def bounds(self, a: Ints, n: int) -> tuple[Ints, Ints]:
        """Lower and upper ends of (n+m)!/n!·mean |L|^n, box by box."""
        if n * n > 32 << self.m:  # then the 2^m vertices are fewer than the terms
            return self.integrals(a, n, list(range(self.count)))
        total, *rest = self.terms(n)
        square = [x * x for x in a]
        for term in rest:
            total = [t * q + x for t, q, x in zip(total, square, term, strict=True)]
        if n % 2 == 0:
            return total, total
        low = [t * abs(x) for t, x in zip(total, a, strict=True)]
        high = low
        crossed = [i for i, (x, r) in enumerate(zip(a, self.reach, strict=True)) if -r < x < r]
        if crossed:
            high = low[:]
            for i, lo, hi in zip(crossed, *self.integrals([a[i] for i in crossed], n, crossed), strict=True):
                low[i], high[i] = lo, hi
        return low, high

    def integrals(self, a: Ints, n: int, chosen: Ints) -> tuple[Ints, Ints]:
        """`bounds` for these boxes, by integration."""
        low, high, place = [0] * len(a), [0] * len(a), {i: k for k, i in enumerate(chosen)}
        if self.m > 8:  # nothing but |L| <= |a| + reach
            scale, reach = self.scale(n), [self.reach[i] for i in chosen]
            return low, [scale * (abs(x) + r) ** n for x, r in zip(a, reach, strict=True)]
        for own, rows in self.by_axes(chosen):
            if len(own) == len(chosen):
                return self.vertex_sum(a, n, rows)
            at = [place[i] for i in own]
            for k, lo, hi in zip(at, *self.vertex_sum([a[k] for k in at], n, rows), strict=True):
                low[k], high[k] = lo, hi
        return low, high

    def by_axes(self, chosen: Ints) -> Iterator[tuple[Ints, list[Ints]]]:
        """These boxes, in groups for which the same s_i are not 0, and those s_i."""
        rows = [[s[i] for i in chosen] for s in self.halves]
        if all(map(all, rows)):
            yield chosen, rows
            return
        groups: dict[tuple[bool, ...], Ints] = {}
        for i, *own in zip(chosen, *rows, strict=True):
            groups.setdefault(tuple(map(bool, own)), []).append(i)
        for used, group in groups.items():
            yield group, [[s[i] for i in group] for s, u in zip(self.halves, used, strict=True) if u]

    def vertex_sum(self, a: Ints, n: int, rows: list[Ints]) -> tuple[Ints, Ints]:
        """The same where no s_i is 0."""
        plus, minus, k = [a], [], n + len(rows)
        volume = [1 << len(rows)] * len(a)
        for s in rows:
            up = [list(map(operator.add, y, s)) for y in plus], [list(map(operator.add, y, s)) for y in minus]
            down = (
                [list(map(operator.sub, y, s)) for y in plus],
                [list(map(operator.sub, y, s)) for y in minus],
            )
            plus, minus = up[0] + down[1], up[1] + down[0]
            volume = list(map(operator.mul, volume, s))
        total = [0] * len(a)
        for add, values in ((operator.add, plus), (operator.sub, minus)):
            for y in values:
                if n % 2 == 0:
                    G = [x**k for x in y]
                else:
                    G = [abs(x) ** k for x in y] if k % 2 else [x * abs(x) ** (k - 1) for x in y]
                total = list(map(add, total, G))
        ratio = math.factorial(n + self.m) // math.factorial(k)
        low = [ratio * x // v for x, v in zip(total, volume, strict=True)]
        return low, [-(-ratio * x // v) for x, v in zip(total, volume, strict=True)]

    def power(self, a: Ints, p: Fraction, w: int) -> tuple[Ints, Ints, int]:
        """Bounds of mean |L|^p over `powers_den` times the last number, p no integer by log-convexity."""
        if p.denominator == 1:
            return *self.bounds(a, p.numerator), self.scale(p.numerator)
        n, b = math.floor(p), p.denominator
        t, up, down = p.numerator - n * b, b * power_bits(p), w * p.numerator
        (_, first), (least, second), (_, third) = (self.bounds(a, n + k) for k in range(3))
        F, S, T = (self.scale(n + k) for k in range(3))
        den = F ** (b - t) * S**t << down
        high = [
            integer_root(-(-(x ** (b - t) * y**t << up) // den), b, True)
            for x, y in zip(first, second, strict=True)
        ]
        num, den = T ** (b - t) << up, S ** (2 * b - t) << down
        low = [
            integer_root(x ** (2 * b - t) * num // (den * y ** (b - t)), b, False) if y else 0
            for x, y in zip(least, third, strict=True)
        ]
        return low, high, 1


class Slack(NamedTuple):
    """Rule 7.4 as integers over 2^bits: the factors of mu_p (times its scale) and of (rho/lambda)^p."""

    low_mean: int
    low_rho: int
    high_mean: int
    high_rho: int


def slack_factors(p: Fraction, slack: Fraction, scale: int, bits: int) -> Slack:
    """The factors (1-lambda)^(p-1), (1-lambda)^(p-1) lambda/(p+1) and (1-lambda)^(1-p), lambda/(p+1); for p = 1 (where
    any lambda will do) the powers are 1.
    """
    rest, rest_up = power(1 - slack, p - 1) if p > 1 else (Fraction(1), Fraction(1))
    unit = 1 << bits
    return Slack(
        math.floor(rest * unit / scale),
        math.ceil(rest_up * slack / (p + 1) * unit),
        math.ceil(unit / (rest * scale)),
        math.ceil(unit * slack / (p + 1)),
    )


class LevelSum:
    """Rule 7.4 for one level: the upper and the lower sums over the boxes seen so far (p = inf: maxima)."""

    def __init__(self, job: Job, w: int, grid: int, dim: int, p: Fraction | None) -> None:
        table = job.table
        self.n, self.w, self.grid, self.dim, self.p = table.n, w, grid, dim, p
        self.halvings, self.slack, self.bits = job.halvings, job.slack or Fraction(1, 2), 0
        if p is not None:  # so that every factor of the means has 64 bits
            least = power(1 - self.slack, p - 1)[0] if p > 1 else Fraction(1)
            self.bits = 64 + math.ceil(math.factorial(math.floor(p) + dim) / least / self.slack).bit_length()
        self.table = [(v << w) // table.den for v in table.values]  # rounded down, by < 1 ulp
        self.low = self.high = self.largest = 0

    def cells(self, columns: Sequence[Sequence[int]], depth: int) -> list[Ints]:
        """Along each axis the table's index of the parts of depth `depth` with these numbers, times the stride."""
        q, strides = self.grid // self.n << depth, strides_of(self.n, self.dim)
        return [[k // q * s for k in column] for column, s in zip(columns, strides, strict=True)]

    def add(self, cells: Iterable[int], boxes: Boxes, means: Means, depth: int) -> None:
        """c lies in [C, C + 1 ulp). A part of depth k counts 2^-(k·d) of a box."""
        w, p = self.w, self.p
        C = [self.table[i] for i in cells]
        if not C:
            return
        far = [max(Y - c, c + 1 - y) for y, Y, c in zip(*boxes.R, C, strict=True)]
        near = [max(y - c - 1, c - Y, 0) for y, Y, c in zip(*boxes.M, C, strict=True)]
        a = list(map(operator.sub, boxes.centre, C))
        self.largest = max(self.largest, max(far))
        if p is None:
            tops = (abs(x) + s - r for x, s, r in zip(a, means.reach, boxes.rho, strict=True))
            self.low = max(self.low, max(near), max(tops))
            return
        low, high, scale = means.power(a, p, w)
        factors, bits = slack_factors(p, self.slack, scale, self.bits), self.bits
        rests = means.rests(p, w, self.slack)
        k, r = factors.low_mean, factors.low_rho
        lows = [k * x - r * y for x, y in zip(low, rests, strict=True)]
        lows = map(max, [x << bits for x in powers(near, 1 << w, p, False)], lows)
        k, r = factors.high_mean, factors.high_rho
        highs = [k * x + r * y for x, y in zip(high, rests, strict=True)]
        highs = map(min, [x << bits for x in powers(far, 1 << w, p, True)], highs)
        weight = self.dim * (self.halvings - depth)
        self.low += sum(lows) << weight
        self.high += sum(highs) << weight

    def result(self) -> tuple[Enclosure, Fraction]:
        """[S_lo, S_hi] at the table's centre and the largest |f - c|."""
        top = Fraction(self.largest, 1 << self.w)
        if self.p is None:
            return Enclosure(Fraction(self.low, 1 << self.w), top), top
        den = powers_den(1 << self.w, self.p) * self.grid**self.dim << (self.bits + self.dim * self.halvings)
        return Enclosure(Fraction(self.low, den), Fraction(self.high, den)), top


class GridPass:
    """One evaluation of the expression over all boxes of a grid, for every level that states this grid."""

    def __init__(
        self, target: Expression, grid: int, jobs: list[Job], place: str, share: tuple[int, int] = (0, 0)
    ) -> None:
        """`share`: how many boxes the passes before this one have, and all of them (rule 10)."""
        self.target, self.grid, self.dim, self.w, self.place = target, grid, target.dim, target.w, place
        self.p = target.claim.p
        self.levels = {job.table.n: LevelSum(job, self.w, grid, self.dim, self.p) for job in jobs}
        self.keep = any(any(job.shift) for job in jobs)
        self.M: tuple[Ints, Ints] = ([], [])
        self.bounded, self.sums, self.steepest = True, [0] * self.dim, [0] * self.dim
        self.low, self.high = [], []
        deepest = max(jobs, key=lambda job: job.halvings, default=None)
        self.deepest = (deepest.halvings, f"{deepest.place}.halvings") if deepest else (0, place)
        self.waiting: list[list[tuple[int, ...]]] = [[] for _ in range(self.deepest[0])]
        self.parts, self.few = 0, max(1, SLAB >> self.dim)
        for part in slabs([range(grid)] * self.dim):
            self.visit(part, Slab([len(r) for r in part], self.w, place))
            Waiting.tell(share[0] + part[0].stop * grid ** (self.dim - 1), max(share[1], grid**self.dim))
        for depth in range(self.deepest[0]):
            self.halve(depth, 1)

    def visit(self, part: list[range], slab: Slab) -> None:
        """One slab of boxes."""
        w, g = self.w, self.grid
        jet, boxes = box_jets(slab, self.target.nodes, part, g)
        self.bounded = self.bounded and jet.wild is None
        for i, a in jet.grad.items():
            size = [max(-x, y) for x, y in zip(a.lo, a.hi, strict=True)]
            self.steepest[i] = max(self.steepest[i], max(size))
            if self.p is not None:
                repeat = math.prod(slab.shape) // len(size)
                self.sums[i] += repeat * sum(powers(size, 1 << w, self.p, True))
        self.low.append(min(boxes.R[0]))
        self.high.append(max(boxes.R[1]))
        if self.keep:
            self.M[0].extend(boxes.M[0])
            self.M[1].extend(boxes.M[1])
        self.compare(boxes, 0, lambda level: outer_sum(level.cells(part, 0)))
        if boxes.wild and self.waiting:
            every = list(itertools.product(*part))
            self.waiting[0] += [every[i] for i in boxes.wild]
            self.halve(0, self.few)

    def compare(self, boxes: Boxes, depth: int, cells: Callable[[LevelSum], Ints]) -> None:
        """Adds these parts to the levels that halve so often; those to be halved again are left out."""
        levels = [level for level in self.levels.values() if level.halvings >= depth]
        again = [level for level in levels if boxes.wild and level.halvings > depth]
        whole = [level for level in levels if not boxes.wild or level.halvings == depth]
        if whole:
            means = Means(boxes)
            for level in whole:
                level.add(cells(level), boxes, means, depth)
        if again:
            tame, keep = boxes.but_wild(), others(boxes.wild, len(boxes.rho))
            means = Means(tame)
            for level in again:
                cell = cells(level)
                level.add([cell[i] for i in keep], tame, means, depth)

    def halve(self, depth: int, least: int) -> None:
        """Rule 7.4.2: while so many boxes of this depth wait to be halved, a slab of their parts; then theirs."""
        most, at = self.deepest
        while len(self.waiting[depth]) >= least:
            chosen = self.waiting[depth][-self.few :]
            del self.waiting[depth][-self.few :]
            self.parts += len(chosen) << self.dim
            require(self.parts <= MAX_PARTS, at, "more than 2^23 parts of boxes (rule 9.9)")
            corners = list(itertools.product((0, 1), repeat=self.dim))
            parts = [tuple(2 * k + e for k, e in zip(c, z, strict=True)) for c in chosen for z in corners]
            columns = [list(column) for column in zip(*parts, strict=True)]
            slab = Slab([len(parts)], self.w, self.place)
            boxes = scattered(slab, self.target.nodes, columns, self.grid << (depth + 1))

            def cells(level: LevelSum, columns: list[Ints] = columns) -> Ints:
                return [sum(own) for own in zip(*level.cells(columns, depth + 1), strict=True)]

            self.compare(boxes, depth + 1, cells)
            if depth + 1 < most and boxes.wild:
                self.waiting[depth + 1] += [parts[i] for i in boxes.wild]
                self.halve(depth + 1, self.few)


def read_expression(value: Any, dim: int) -> tuple[list[Node], int]:
    """Rule 4.3: the parsed text, and the scale w of its intervals: 96 bits, more for constants near 0."""
    _, own, text = fields(value, "target", "kind dim text")
    integer(own, "target.dim", dim, dim)
    short = type(text) is str and len(text) <= 20000
    require(short, AT_TEXT, "a text of at most 20,000 characters (rule 4.3)")
    nodes = Parser(text, dim).nodes
    tiny = [node.value for node in nodes if node.op == "number" and 0 < node.value < 1]
    return nodes, 96 + min(4096, sum(v.denominator.bit_length() - v.numerator.bit_length() for v in tiny))


class Expression:
    """Rule 4.3, and rules 7.4, 8.1, 8.2, 8.4 for it. Intervals at scale w."""

    def __init__(self, value: Any, claim: Claim) -> None:
        self.claim, self.dim = claim, claim.dim
        self.nodes, self.w = read_expression(value, claim.dim)
        self.passes: dict[int, GridPass] = {}

    def check_size(self, grid: Any, place: str) -> None:
        """Work bounded before it starts."""
        integer(grid, place, 1)
        require(
            (2 * grid) ** self.dim <= MAX_BOXES, place, "a grid of more than 2^(26-d) boxes is not supported"
        )

    def check_grid(self, grid: Any, n: int, place: str) -> None:
        """Rule 7.4: a multiple of N^l."""
        self.check_size(grid, place)
        require(grid % n == 0, place, "not a multiple of N^l (rule 7.4)")

    def prepare(self, jobs: list[Job]) -> None:
        """Levels that state the same grid share one pass over it."""
        grids, ahead = list(dict.fromkeys(job.grid for job in jobs)), 0
        boxes = sum(grid**self.dim for grid in grids)
        for grid in grids:
            same = [job for job in jobs if job.grid == grid]
            self.passes[grid] = GridPass(self, grid, same, f"{same[0].place}.grid", (ahead, boxes))
            ahead += grid**self.dim

    def error(self, grid: int, table: Table) -> tuple[Enclosure, Fraction]:
        """Rule 7.4."""
        return self.passes[grid].levels[table.n].result()

    def lower(self, grid: int, shift: list[Fraction]) -> Enclosure:
        """Rule 8.1: the sum of g^-d·mig(M_{Q+s} - M_Q)^p (p = inf: the maximum)."""
        if not any(shift):
            return Enclosure(Fraction(0), Fraction(0), True)
        (lo, hi), w, p, total = self.passes[grid].M, self.passes[grid].w, self.claim.p, 0
        steps, strides = [int(s * grid) for s in shift], strides_of(grid, self.dim)
        move = sum(s * k for s, k in zip(strides, steps, strict=True))
        for part in slabs(shifted(steps, grid)):
            base = outer_sum([[k * s for k in r] for r, s in zip(part, strides, strict=True)])
            gaps = [max(lo[i + move] - hi[i], lo[i] - hi[i + move], 0) for i in base]
            total = (
                max(total, max(gaps, default=0)) if p is None else total + sum(powers(gaps, 1 << w, p, False))
            )
        value = (
            Fraction(total, 1 << w) if p is None else Fraction(total, powers_den(1 << w, p) * grid**self.dim)
        )
        return Enclosure(value, value)

    def upper(self, grid: int, t: Fraction) -> Fraction | None:
        """Rule 8.2: from sup |G_i| over the boxes, if all are bounded."""
        seen, p = self.passes[grid], self.claim.p
        if not seen.bounded:
            return None
        if p is None:
            return gradient_bound([Fraction(x, 1 << seen.w) for x in seen.steepest], t, self.claim)
        den = powers_den(1 << seen.w, p) * grid**self.dim
        return gradient_bound([Fraction(x, den) for x in seen.sums], t, self.claim)

    def extent(self, grid: int) -> tuple[Fraction, Fraction]:
        """Rule 7.1: the extremes of R."""
        seen = self.passes[grid]
        return Fraction(min(seen.low), 1 << seen.w), Fraction(max(seen.high), 1 << seen.w)

    def check_lipschitz(self, K: Fraction, grid: Any) -> bool:
        """Rule 8.4: K >= sup |G_i| over the boxes of the grid."""
        place = "evidence.lipschitz.grid"
        self.check_size(grid, place)
        seen = self.passes.get(grid) or GridPass(self, grid, [], place)
        require(seen.bounded, place, "the gradient is not bounded on every box (rule 8.4)")
        require(
            Fraction(max(seen.steepest), 1 << seen.w) <= K, "evidence.lipschitz.K", "below a slope (rule 8.4)"
        )
        return False


Target = Kuhn | Step | Expression


def read_target(value: Any, claim: Claim) -> Target:
    """Rule 4."""
    kind = value.get("kind") if type(value) is dict else None
    kinds = {"kuhn": Kuhn, "step": Step, "expression": Expression}
    return kinds[one_of(kind, "target.kind", *kinds)](value, claim)


# ---------------------------------------------------------------------------------------------------------------
# 5 Network


class Neuron(NamedTuple):
    """Rule 5: activation(sum of weight·source + bias)."""

    activation: str
    weights: list[tuple[int, Fraction | Huge]]
    bias: Fraction


class Network(NamedTuple):
    """Rule 5; readouts[l] is that of level l, on layer l + 2 (rule 9.4), kept as a neuron without an activation."""

    layers: list[list[Neuron]]
    readouts: list[Neuron]

    def needed(self, level: int) -> list[set[int]]:
        """Rule 6.1: for each layer up to the readout's, the neurons that the readout depends on."""
        result, wanted = [], {s for s, _ in self.readouts[level].weights}
        for layer in reversed(self.layers[: level + 2]):
            result.append(wanted)
            wanted = {s for i in wanted for s, _ in layer[i].weights}
        return result[::-1]


def read_weights(value: Any, place: str, sources: int) -> list[tuple[int, Fraction | Huge]]:
    """Rule 5.1: sources strictly increasing and existing, weights not 0."""
    result, last = [], -1
    for k, pair in enumerate(items(value, place)):
        source, number = items(pair, f"{place}[{k}]", 2)
        integer(source, f"{place}[{k}][0]", last + 1)
        require(source < sources, f"{place}[{k}][0]", f"no source {source} (rule 5.1)")
        w = weight(number, f"{place}[{k}][1]")
        require(isinstance(w, Huge) or w != 0, f"{place}[{k}][1]", "a weight of 0 (rule 5.1)")
        result.append((source, w))
        last = source
    return result


def read_network(value: Any, claim: Claim) -> Network:
    """Rules 5 and 9.4: readouts of the levels 0..L in this order, that of level l on layer l + 2."""
    inputs, layers, readouts = fields(value, "network", "inputs layers readouts")
    sources = integer(inputs, "network.inputs", claim.dim, claim.dim)
    net: list[list[Neuron]] = []
    for j, layer in enumerate(items(layers, "network.layers")):
        net.append([])
        for i, neuron in enumerate(items(layer, f"network.layers[{j}]")):
            at = f"network.layers[{j}][{i}]"
            name, role, activation, weights, bias = fields(neuron, at, "name role activation weights bias")
            require(type(name) is str and type(role) is str, at, "name and role are strings")
            one_of(activation, f"{at}.activation", "relu", "floor", "exp2", "sine")
            row = read_weights(weights, f"{at}.weights", sources)
            net[j].append(Neuron(activation, row, rational(bias, f"{at}.bias")))
        sources = len(net[j])
    heads = []
    for k, readout in enumerate(items(readouts, "network.readouts", claim.levels + 1)):
        at = f"network.readouts[{k}]"
        level, layer, weights, bias = fields(readout, at, "level layer weights bias")
        integer(level, f"{at}.level", k, k)
        require(k + 2 <= len(net), f"{at}.layer", f"there is no layer {k + 2} (rule 9.4)")
        integer(layer, f"{at}.layer", k + 2, k + 2)
        row = read_weights(weights, f"{at}.weights", len(net[k + 1]))
        heads.append(Neuron("", row, rational(bias, f"{at}.bias")))
    return Network(net, heads)


def prefix_hash(raw: Any, network: Network, levels: int) -> str:
    """Rule 9.4: the hash of the sub-network on which the readouts 0..levels depend, sources renumbered."""
    kept: list[set[int]] = [set() for _ in range(levels + 2)]
    for level in range(levels + 1):
        for mine, more in zip(kept, network.needed(level), strict=False):
            mine |= more
    numbers = [{old: new for new, old in enumerate(sorted(own))} for own in kept]

    def renumbered(part: Any, below: dict[int, int] | None) -> Any:
        weights = part["weights"] if below is None else [[below[s], w] for s, w in part["weights"]]
        return {**part, "weights": weights}

    layers = [
        [renumbered(raw["layers"][j][i], numbers[j - 1] if j else None) for i in sorted(own)]
        for j, own in enumerate(kept)
    ]
    readouts = [renumbered(raw["readouts"][k], numbers[k + 1]) for k in range(levels + 1)]
    return hash_of({"inputs": raw["inputs"], "layers": layers, "readouts": readouts})


# ---------------------------------------------------------------------------------------------------------------
# 6 Regions: from weights to a table
#
# Everything is an array over pieces. An array of resolution r has one entry for each piece of level r along each axis
# it depends on, and says that the number is the same on all of that piece, hence on the pieces of every finer level
# inside it. (A relu piece of level r also spans strips of finer levels: what holds on all of it holds on its parts.)


class Pieces:
    """Rule 6: the pieces of one axis, at any resolution up to `level`; and how arrays spread to finer resolutions."""

    def __init__(
        self, claim: Claim, delta: Fraction | None, level: int, bits: int, sines: dict[Any, Any]
    ) -> None:
        self.base, self.dim, self.delta, self.level, self.bits = claim.base, claim.dim, delta, level, bits
        self.all = tuple(range(self.dim))
        self.sines: dict[tuple[int, int], tuple[int, int]] = sines  # computed so far, at any level
        self.maps: dict[tuple[Any, ...], Ints] = {}
        self.cached: dict[int, tuple[int, list[tuple[int, int, bool]]]] = {}
        if delta is not None:
            self.ends(level)  # every piece must have positive length

    def count(self, r: int) -> int:
        """n pieces, and for floor digits the point {1}."""
        return self.base**r + (self.delta is None)

    def ends(self, r: int) -> tuple[int, list[tuple[int, int, bool]]]:
        """(den, [(a, b, half-open)]): the pieces [a, b) or [a, b] over den."""
        if r not in self.cached:
            n = self.base**r
            if self.delta is None:
                self.cached[r] = n, [(k, k + 1, True) for k in range(n)] + [(n, n, False)]
            else:
                gaps = [self.delta / self.base ** max(t - 1, 0) for t in range(r + 1)]
                den = math.lcm(n, *(g.denominator for g in gaps))
                cut = [int(g * den) for g in gaps]
                whole = den // n
                pairs = [
                    (k * whole, (k + 1) * whole - cut[self.birth(k + 1, r)], False) for k in range(n - 1)
                ]
                pairs.append(((n - 1) * whole, den, False))
                require(all(a < b for a, b, _ in pairs), "evidence.delta", "leaves a piece empty (rule 6)")
                self.cached[r] = den, pairs
        return self.cached[r]

    def birth(self, k: int, r: int) -> int:
        """The least t >= 1 with k/N^r a multiple of N^-t."""
        while r > 1 and k % self.base == 0:
            k, r = k // self.base, r - 1
        return r

    def spread(self, axes: tuple[int, ...], r: int, values: Ints, target: tuple[int, ...], R: int) -> Ints:
        """An array over (axes, resolution r) repeated over (target, R), R >= r. (The point {1} stays last.)"""
        if (axes, r) == (target, R):
            return values
        index = self.maps.get((axes, r, target, R))
        if index is None:
            q, stride = (
                self.base ** (R - r),
                {i: self.count(r) ** (len(axes) - 1 - j) for j, i in enumerate(axes)},
            )
            index = outer_sum([[k // q * stride.get(i, 0) for k in range(self.count(R))] for i in target])
            self.maps[axes, r, target, R] = index
        return [values[i] for i in index]


class Field(NamedTuple):
    """Exact numbers vals/den over (axes, resolution r)."""

    axes: tuple[int, ...]
    r: int
    den: int
    vals: Ints


class Form(NamedTuple):
    """Rule 6.1: const + sum of slopes[i]·x_i on every product of pieces; without slopes an exact constant."""

    const: Field
    slopes: dict[int, Field]


class Ball(NamedTuple):
    """Constants known to lie in [lo, hi] at scale `bits`, behind a sine."""

    axes: tuple[int, ...]
    r: int
    lo: Ints
    hi: Ints


class PowerOfTwo(NamedTuple):
    """2^e, e in `exps` (an exp2 neuron)."""

    axes: tuple[int, ...]
    r: int
    exps: Ints


class FloorOfPower(NamedTuple):
    """floor(head·2^tail·2^e): a floor neuron that reads one exp2 neuron, number `source` of its layer."""

    power: PowerOfTwo
    source: int
    head: int
    tail: int


Value = Form | Ball | PowerOfTwo | FloorOfPower


def scalar(value: Fraction) -> Field:
    """A number that depends on nothing."""
    return Field((), 0, value.denominator, [value.numerator])


def linear(pieces: Pieces, terms: list[tuple[Fraction, Field]], bias: Fraction) -> Field:
    """sum of weight·field + bias, exactly, over the least common denominator."""
    den = bias.denominator
    for w, field in terms:
        den = math.lcm(den, w.denominator * field.den)
        require(den.bit_length() <= MAX_BITS >> 8, "network", "denominators too long")
    groups: dict[tuple[tuple[int, ...], int], Ints] = {((), 0): [bias.numerator * (den // bias.denominator)]}
    for w, field in terms:
        m = w.numerator * (den // (w.denominator * field.den))
        old = groups.get(field[:2])
        new = field.vals if m == 1 else [m * v for v in field.vals]
        groups[field[:2]] = new if old is None else [x + y for x, y in zip(old, new, strict=True)]
    axes = tuple(sorted({i for own, _ in groups for i in own}))
    r = max(own for _, own in groups)
    shift = groups.pop(((), 0))[0] if len(groups) > 1 else 0
    total: Ints = []
    for (own, level), vals in groups.items():
        part = pieces.spread(own, level, vals, axes, r)
        total = [x + y for x, y in zip(total, part, strict=True)] if total else part
    if shift:
        total = [x + shift for x in total]
    common = math.gcd(den, *total) if den > 1 else 1
    return Field(axes, r, den // common, [x // common for x in total] if common > 1 else total)


def enclosed(pieces: Pieces, exact: Field, balls: list[tuple[Fraction, Ball]]) -> Ball:
    """exact + sum of weight·ball, rounded outward."""
    axes = tuple(sorted({i for part in (exact, *(b for _, b in balls)) for i in part.axes}))
    r = max(part.r for part in (exact, *(b for _, b in balls)))
    vals = pieces.spread(exact.axes, exact.r, exact.vals, axes, r)
    lo = [(v << pieces.bits) // exact.den for v in vals]
    hi = [-(-(v << pieces.bits) // exact.den) for v in vals]
    for w, ball in balls:
        a, b = w.as_integer_ratio()
        ends = [pieces.spread(ball.axes, ball.r, part, axes, r) for part in (ball.lo, ball.hi)]
        low, high = ends if a > 0 else ends[::-1]
        lo = [x + a * y // b for x, y in zip(lo, low, strict=True)]
        hi = [x - (-a * y // b) for x, y in zip(hi, high, strict=True)]
    return Ball(axes, r, lo, hi)


def exactly(value: PowerOfTwo | FloorOfPower, place: str) -> Field:
    """Such numbers written out, if they are short enough in all."""
    power = value if isinstance(value, PowerOfTwo) else value.power
    head, tail = (1, 0) if isinstance(value, PowerOfTwo) else (value.head, value.tail)
    longest = head.bit_length() + max(map(abs, power.exps)) + abs(tail)
    require(
        longest * len(power.exps) <= MAX_BITS, place, "not decided: numbers too long to write out (rule 6.3)"
    )
    if isinstance(value, PowerOfTwo):
        den = 1 << max(0, -min(power.exps))
        return Field(power.axes, power.r, den, [den << e if e >= 0 else den >> -e for e in power.exps])
    vals = [head << (tail + e) if tail + e >= 0 else head >> -(tail + e) for e in power.exps]
    return Field(power.axes, power.r, 1, vals)


def bit_field(value: FloorOfPower, b: int) -> Field:
    """Rule 6.3: v - 2^b·floor(v / 2^b) for v = floor(head·2^(tail + e)), head > 0: the bits -(tail + e) .. +b of head.

    With y = 2^-b·head·2^(tail+e): floor(2^b·y) - 2^b·floor(y) is v mod 2^b, since floor(y) = floor(v / 2^b).
    """
    store = value.head.to_bytes((value.head.bit_length() + 7) // 8, "little")
    vals = []
    for e in value.power.exps:
        at = -(value.tail + e)
        width, up = (b, 0) if at >= 0 else (max(0, b + at), min(-at, b))
        at = max(at, 0)
        chunk = int.from_bytes(store[at >> 3 : (at + width + 7) >> 3], "little") >> (at & 7)
        vals.append((chunk & ((1 << width) - 1)) << up)
    return Field(value.power.axes, value.power.r, 1, vals)


def pairs_of_floors(
    terms: list[Any],
) -> Iterator[tuple[int, int, int, Fraction]]:
    """Rules 6.3, 6.6: (u, v, B, c) where terms u and v, with values floor(a·y), floor(B·a·y), enter as c·v - c·B·u.

    A term is (weight, y, a): y names the source, None for anything that is not such a floor neuron.
    """
    by_source: dict[Any, Ints] = {}
    for k, (_, y, _) in enumerate(terms):
        if y is not None:
            by_source.setdefault(y, []).append(k)
    for pair in by_source.values():
        for u, v in itertools.permutations(pair, 2) if len(pair) == 2 else ():
            quotient = ratio(terms[v][2], terms[u][2])
            wu, wv = terms[u][0], terms[v][0]
            if (
                quotient >= 2
                and isinstance(wu, Fraction)
                and isinstance(wv, Fraction)
                and wu == -wv * quotient
            ):
                yield u, v, quotient, wv


def ratio(a: Fraction | Huge, b: Fraction | Huge) -> int:
    """a / b if that is an integer >= 1, else 0. (Of two long dyadics: if it is a power of two below 2^4096.)"""
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return int(a / b) if (a / b).denominator == 1 and a / b >= 1 else 0
    (head, tail), (other, low) = (dyadic(x) or (0, 0) for x in (a, b))
    return 1 << (tail - low) if head == other != 0 and 0 <= tail - low <= 4096 else 0


def dyadic(x: Fraction | Huge) -> tuple[int, int] | None:
    """(head, tail) with x = head·2^tail and an odd head; None if x is 0 or not dyadic."""
    if isinstance(x, Huge):
        return x
    top, bottom = x.as_integer_ratio()
    if top == 0 or bottom & (bottom - 1):
        return None
    zeros = (top & -top).bit_length() - 1
    return top >> zeros, zeros - (bottom.bit_length() - 1)


def affine(pieces: Pieces, neuron: Neuron, below: dict[int, Value], place: str) -> Form | Ball:
    """The pre-activation: floors in pairs by rule 6.3, else term by term; slopes that cancel are dropped (rule 6.1)."""
    exact: list[tuple[Fraction, Field]] = []
    slopes: dict[int, list[tuple[Fraction, Field]]] = {}
    balls: list[tuple[Fraction, Ball]] = []
    terms: list[tuple[Fraction | Huge, Any, Any]] = []
    for s, w in neuron.weights:
        value = below[s]
        if isinstance(value, FloorOfPower) and value.head > 0:
            terms.append((w, value.source, Huge(value.head, value.tail)))
        else:
            terms.append((w, None, None))
    paired: set[int] = set()
    for u, v, quotient, c in pairs_of_floors(terms):
        value = below[neuron.weights[v][0]]
        if isinstance(value, FloorOfPower) and quotient & (quotient - 1) == 0 and not paired & {u, v}:
            exact.append((c, bit_field(value, quotient.bit_length() - 1)))
            paired |= {u, v}
    for k, (s, w) in enumerate(neuron.weights):
        value = below[s]
        if k in paired:
            continue
        if isinstance(w, Huge):
            raise Rejected(
                place, "not decided: a weight too long for anything but a floor of an exp2 neuron (rule 6.3)"
            )
        if isinstance(value, Ball):
            balls.append((w, value))
        elif isinstance(value, Form):
            exact.append((w, value.const))
            for i, slope in value.slopes.items():
                slopes.setdefault(i, []).append((w, slope))
        else:
            exact.append((w, exactly(value, place)))
    sums = {i: linear(pieces, parts, Fraction(0)) for i, parts in slopes.items()}
    form = Form(linear(pieces, exact, neuron.bias), {i: s for i, s in sums.items() if any(s.vals)})
    if balls:
        require(not form.slopes, place, "not decided: not constant on the pieces (rule 6.1)")
        return enclosed(pieces, form.const, balls)
    return form


def activate(pieces: Pieces, neuron: Neuron, below: dict[int, Value], place: str) -> Value:
    """Rule 6.2: the value of a neuron on every product of pieces."""
    kind = neuron.activation
    power = below[neuron.weights[0][0]] if len(neuron.weights) == 1 else None
    if kind == "floor" and isinstance(power, PowerOfTwo) and neuron.bias == 0:
        source, w = neuron.weights[0]
        parts = dyadic(w)
        if parts:
            return FloorOfPower(power, source, *parts)
    value = affine(pieces, neuron, below, place)
    if kind == "sine" and not (isinstance(value, Form) and value.slopes):
        return sine_of(pieces, value)
    if isinstance(value, Ball):
        require(kind == "relu", place, f"not decided: {kind} of a number behind a sine (rule 6.2)")
        return Ball(value.axes, value.r, [max(x, 0) for x in value.lo], [max(x, 0) for x in value.hi])
    axes, r, den, vals = value.const
    if value.slopes:
        require(kind in ("relu", "floor"), place, f"not decided: {kind} of a number that varies (rule 6.2)")
        return along_axis(pieces, kind, value, place)
    if kind == "relu":
        return value if min(vals) >= 0 else Form(Field(axes, r, den, [max(v, 0) for v in vals]), {})
    if kind == "floor":
        return Form(Field(axes, r, 1, vals if den == 1 else [v // den for v in vals]), {})
    require(
        kind == "exp2" and den == 1, place, "not decided: exp2 of a number that is not an integer (rule 6.2)"
    )
    return PowerOfTwo(axes, r, vals)


def along_axis(pieces: Pieces, kind: str, form: Form, place: str) -> Form:
    """Rule 6.2: relu and floor of an axis form, at the coarsest resolution that decides every piece."""
    (axis, slope), const = next(iter(form.slopes.items())), form.const
    single = len(form.slopes) == 1 and set(const.axes) | set(slope.axes) <= {axis}
    require(single, place, "not decided: depends on several coordinates (rule 6.1)")
    for r in range(max(const.r, slope.r), pieces.level + 1):
        c = pieces.spread(const.axes, const.r, const.vals, (axis,), r)
        s = pieces.spread(slope.axes, slope.r, slope.vals, (axis,), r)
        den, ends = pieces.ends(r)
        C, S, D = slope.den * den, const.den, const.den * slope.den * den
        at = [
            (x * C + y * a * S, x * C + y * b * S, half)
            for x, y, (a, b, half) in zip(c, s, ends, strict=True)
        ]
        if kind == "relu" and all(v >= 0 <= w for v, w, _ in at):
            return form
        if kind == "relu" and all(v >= 0 <= w or v <= 0 >= w for v, w, _ in at):
            keep = [v > 0 or w > 0 for v, w, _ in at]
            c, s = ([x * k for x, k in zip(part, keep, strict=True)] for part in (c, s))
            zero = not any(s)
            return Form(
                Field((axis,), r, const.den, c), {} if zero else {axis: Field((axis,), r, slope.den, s)}
            )
        if kind == "floor" and all(one_floor(v, w, half, D) for v, w, half in at):
            return Form(Field((axis,), r, 1, [v // D for v, _, _ in at]), {})
    what = "changes sign" if kind == "relu" else "crosses an integer"
    raise Rejected(place, f"not decided: the pre-activation {what} on a piece (rule 6.2)")


def one_floor(v: int, w: int, half_open: bool, den: int) -> bool:
    """Is floor constant while a number runs linearly from v/den (taken) to w/den (not taken if half open)?"""
    n = v // den * den
    if w == v:
        return True
    return n <= w and (w < n + den or (half_open and w == n + den))


def sine_of(pieces: Pieces, value: Form | Ball) -> Ball:
    """Rule 6.2: sin of exact constants or of enclosures; slope <= 1 carries the radius of the argument over."""
    w = pieces.bits
    if isinstance(value, Form):
        axes, r, den, vals = value.const
        lo = [(v << w) // den for v in vals]
        hi = [-(-(v << w) // den) for v in vals]
    else:
        axes, r, lo, hi = value
    result = []
    for x, y in zip(lo, hi, strict=True):
        if (x, y) not in pieces.sines:
            radius = y - (x + y) // 2
            low, high = sine((x + y) // 2, w)
            pieces.sines[x, y] = max(low - radius, -1 << w), min(high + radius, 1 << w)
        result.append(pieces.sines[x, y])
    return Ball(axes, r, [x for x, _ in result], [y for _, y in result])


def scale_for(network: Network) -> int:
    """Bits for the enclosures behind sines: those of a sine neuron's and a readout's weights, and 256 more."""
    loud = [n for layer in network.layers for n in layer if n.activation == "sine"] + network.readouts
    sizes = [math.ceil(abs(w)).bit_length() for n in loud for _, w in n.weights if isinstance(w, Fraction)]
    bits = 256 + 64 + max(sizes, default=0)
    return min(bits, 1 << 15)


def propagate(network: Network, pieces: Pieces) -> Form | Ball:
    """Rule 6.1: the readout of a level on the products of its pieces."""
    level = pieces.level
    zero = scalar(Fraction(0))
    below: dict[int, Value] = {i: Form(zero, {i: scalar(Fraction(1))}) for i in range(pieces.dim)}
    for j, wanted in enumerate(network.needed(level)):
        layer = network.layers[j]
        below = {i: activate(pieces, layer[i], below, f"network.layers[{j}][{i}]") for i in sorted(wanted)}
    return affine(pieces, network.readouts[level], below, f"network.readouts[{level}]")


def table_of(network: Network, pieces: Pieces) -> Table:
    """Rule 6.4: the table; for floor digits the products with points {1} agree with their neighbours."""
    place, n = f"network.readouts[{pieces.level}]", pieces.base**pieces.level
    require(
        pieces.count(pieces.level) ** pieces.dim <= 2 * MAX_CELLS, place, "more than 2^25 products of pieces"
    )
    value = propagate(network, pieces)
    if isinstance(value, Form):
        require(not value.slopes, place, "not decided: the readout varies on a cell (rule 6.1)")
        axes, r, den, vals = value.const
        lo = hi = vals
    else:
        axes, r, lo, hi = value
        down, den = pieces.bits - TABLE_BITS, 1 << TABLE_BITS
        lo, hi = [x >> down for x in lo], [-(-x >> down) for x in hi]
    if pieces.delta is None and axes:
        m = pieces.base**r
        clip = outer_sum([[min(k, m - 1) * s for k in range(m + 1)] for s in strides_of(m + 1, len(axes))])
        if isinstance(value, Form):
            same = lo == [lo[i] for i in clip]
            require(same, place, "not decided: the value at x_i = 1 is not that of the last cell (rule 6.4)")
        lo, hi = joined(lo, clip, min), joined(hi, clip, max)
        inner = outer_sum([[k * s for k in range(m)] for s in strides_of(m + 1, len(axes))])
        lo, hi = [lo[i] for i in inner], [hi[i] for i in inner]
    width = max(map(int.__sub__, hi, lo))
    require(
        Fraction(width, den) <= Fraction(1, 2**90), place, "not decided: known to less than 2^-90 (rule 6.4)"
    )
    rho = 0 if isinstance(value, Form) else width // 2 + 1
    centre = lo if rho == 0 else [(x + y) // 2 for x, y in zip(lo, hi, strict=True)]
    q, strides = n // pieces.base**r, strides_of(pieces.base**r, len(axes))
    stride = dict(zip(axes, strides, strict=True))
    index = outer_sum([[k // q * stride.get(i, 0) for k in range(n)] for i in pieces.all])
    return Table(n, [centre[i] for i in index], den, Fraction(rho, den))


def joined(values: Ints, clip: Ints, pick: Callable[[int, int], int]) -> Ints:
    """Each entry met with those that are clipped to it."""
    result = list(values)
    for i, k in enumerate(clip):
        if i != k:
            result[k] = pick(result[k], values[i])
    return result


def bad_set(network: Network, pieces: Pieces) -> Fraction:
    """Rule 6.5."""
    first = network.layers[0]
    if pieces.delta is None or not any(first[i].weights for i in network.needed(pieces.level)[0]):
        return Fraction(0)
    den, ends = pieces.ends(pieces.level)
    return 1 - Fraction(sum(b - a for a, b, _ in ends), den) ** pieces.dim


Range = tuple[Fraction, Fraction] | None  # None: not known


def range_of(network: Network, level: int, dim: int) -> tuple[Fraction, Fraction]:
    """Rule 6.6: an interval that holds Phi_l on all of the cube."""
    below: dict[int, Range] = dict.fromkeys(range(dim), (Fraction(0), Fraction(1)))
    floors: dict[int, tuple[int, Any]] = {}
    for j, wanted in enumerate(network.needed(level)):
        layer = network.layers[j]
        ranges = {i: clipped(layer[i].activation, interval_sum(layer[i], below, floors)) for i in wanted}
        floors = {
            i: layer[i].weights[0]
            for i in wanted
            if layer[i].activation == "floor" and len(layer[i].weights) == 1 and layer[i].bias == 0
        }
        below = ranges
    result = interval_sum(network.readouts[level], below, floors)
    if result is None:
        raise Rejected(f"network.readouts[{level}]", "not decided: no bound on all of the cube (rule 6.6)")
    return result


def interval_sum(neuron: Neuron, below: dict[int, Range], floors: dict[int, tuple[int, Any]]) -> Range:
    """An affine form of intervals; v - B·u of rule 6.6 lies in [0, B - 1]."""
    lo = hi = neuron.bias
    terms = [(w, floors[s][0], floors[s][1]) if s in floors else (w, None, None) for s, w in neuron.weights]
    paired: set[int] = set()
    for u, v, quotient, c in pairs_of_floors(terms):
        if not paired & {u, v}:
            paired |= {u, v}
            lo, hi = lo + min(c * (quotient - 1), 0), hi + max(c * (quotient - 1), 0)
    for k, (s, w) in enumerate(neuron.weights):
        own = below[s]
        if k in paired:
            continue
        if own is None or isinstance(w, Huge):
            return None
        ends = (w * own[0], w * own[1])
        lo, hi = lo + min(ends), hi + max(ends)
    return lo, hi


def clipped(activation: str, own: Range) -> Range:
    """The range of an activation. (exp2: only where that is short; it matters only outside pairs of floors.)"""
    if activation == "sine":
        return Fraction(-1), Fraction(1)
    if own is None:
        return None
    lo, hi = own
    if activation == "relu":
        return max(lo, Fraction(0)), max(hi, Fraction(0))
    if activation == "floor":
        return Fraction(math.floor(lo)), Fraction(math.floor(hi))
    if max(abs(lo), abs(hi)) > 4096:
        return None
    return Fraction(2) ** math.floor(lo), Fraction(2) ** math.ceil(hi)


# ---------------------------------------------------------------------------------------------------------------
# 9 Findings

PROVED, REFUTED, UNDECIDED = "proved", "refuted", "undecided"
_REASONS = ("budget", "precision", "unsupported", "domain", "no-proof")
_EXTRA = {  # the keys of each property beyond the common ones
    "width": "value bound",
    "depth": "value bound",
    "activations": "value bound",
    "nested": "contains",
    "error": "grid shift error modulus constant",
    "lipschitz-error": "error bound",
    "until": "",
    "regions": "grid relus",
    "pointwise": "grades witness",
    "decrease": "p grades before after decrease",
    "rate": "supremum slope bound",
    "slope": "before after",
    "units": "value bound",
    "support": "value bound",
    "exactness": "degree",
    "coefficients": "tolerance",
    "locality": "value bound",
    "sup": "error seminorm bound",
    "derivative": "error seminorm bound",
    "second": "error bound",
    "zygmund": "x y seminorm bound",
    "l2": "value bound",
    "gradient": "value bound",
    "hessian": "value bound",
    "bessel": "norm bound",
    "order": "of part order least",
}


class Finding(NamedTuple):
    """A finding as stated: its place, status, level, the values of its own keys, and who decided it."""

    place: str
    status: str
    level: int | None
    own: list[Any]
    by_author: bool = False  # and by nobody else (rule 14.2)


def verdict(proved: bool, refuted: bool) -> str:
    """Rule 9.8: undecided iff neither."""
    return PROVED if proved else REFUTED if refuted else UNDECIDED


Due = tuple[str, int | None]  # a property, and its level


def due_findings(claim: Claim, lipschitz: bool) -> list[Due]:
    """Rule 9: the findings of `geometric`."""
    due: list[Due] = [(name, None) for name in ("width", "depth", "activations", "nested")]
    due += [("error", level) for level in range(claim.levels + 1)]
    due += [("lipschitz-error", level) for level in range(claim.levels + 1) if lipschitz]
    return due + ([("until", None)] if claim.until is not None else [])


def read_findings(
    value: Any,
    due: list[Due],
    levels: range,
    reasons: tuple[str, ...] = _REASONS,
    extra: dict[str, str] = _EXTRA,
) -> list[Finding]:
    """Rule 9: exactly these findings in this order, each with its keys; `levels` are those that `until` may name."""
    result = []
    for k, (finding, (name, level)) in enumerate(zip(items(value, "findings", len(due)), due, strict=True)):
        at = f"findings[{k}]"
        keys = f"property level status reason established_by {extra[name]}"
        prop, own_level, status, reason, source, *own = fields(finding, at, keys)
        require(prop == name, f"{at}.property", f"{name} is due here (rule 9)")
        one_of(status, f"{at}.status", PROVED, REFUTED, UNDECIDED)
        one_of(source, f"{at}.established_by", "checker")
        if status == UNDECIDED:
            one_of(reason, f"{at}.reason", *reasons)
        else:
            require(reason is None, f"{at}.reason", "must be null (rule 9)")
        if name == "until":
            if own_level is not None:
                integer(own_level, f"{at}.level", levels[0], levels[-1])
        else:
            require(
                own_level is None if level is None else type(own_level) is int,
                f"{at}.level",
                "wrong (rule 9)",
            )
            require(own_level == level, f"{at}.level", f"{level} is due here (rule 9)")
        result.append(Finding(at, status, own_level, own))
    return result


def check_status(finding: Finding, status: str) -> None:
    """Rule 9.8: the stated status is the one that the rules give."""
    require(finding.status == status, f"{finding.place}.status", f"the rules give {status} (rule 9.8)")


def check_structure(findings: list[Finding], claim: Claim, network: Network, raw: Any) -> None:
    """Rules 9.1 to 9.4."""
    d, N, L = claim.dim, claim.base, claim.levels
    width = max((len(layer) for layer in network.layers), default=0)
    sizes = ((width, 2 * d * N + d + 2, "9.1"), (len(network.layers), L + 2, "9.2"))
    for finding, (value, bound, rule) in zip(findings, sizes, strict=False):
        for name, stated, own in zip(("value", "bound"), finding.own, (value, bound), strict=True):
            integer(stated, f"{finding.place}.{name}", 0, 10**11)
            require(stated == own, f"{finding.place}.{name}", f"is {own} (rule {rule})")
        check_status(finding, verdict(value <= bound, value > bound))
    used = {neuron.activation for layer in network.layers for neuron in layer}
    allowed = {"relu"} | ({"floor"} if claim.digits == "floor" or claim.decoder == "bits" else set())
    allowed |= {"exp2"} if claim.decoder == "bits" else {"sine"}
    finding = findings[2]
    require(finding.own[0] == sorted(used), f"{finding.place}.value", f"is {sorted(used)} (rule 9.3)")
    require(finding.own[1] == sorted(allowed), f"{finding.place}.bound", f"is {sorted(allowed)} (rule 9.3)")
    sines = max((sum(n.activation == "sine" for n in layer) for layer in network.layers), default=0)
    good = used <= allowed and sines <= 2
    check_status(finding, verdict(good, not good))
    finding = findings[3]
    expected = prefix_hash(raw, network, L - 1) if claim.digits == "floor" and L > 0 else None
    require(finding.own[0] == expected, f"{finding.place}.contains", "not the sub-network's hash (rule 9.4)")
    check_status(finding, PROVED)


def read_slack(finding: Finding, claim: Claim) -> tuple[int, Fraction | None]:
    """Rule 9.5: the halvings and lambda that an error finding of an expression states."""
    *_, halvings, text = finding.own
    integer(halvings, f"{finding.place}.halvings", 0, 24)
    at = f"{finding.place}.slack"
    if claim.p is None or claim.p == 1:
        require(text is None, at, "must be null for p = 1 and p = inf (rule 9.5)")
        return halvings, None
    slack = rational(text, at)
    require(0 < slack < 1, at, "not between 0 and 1 (rule 9.5)")
    require(slack.denominator <= 1 << 62, at, "a denominator above 2^62 (rule 9.5)")
    return halvings, slack


def read_job(finding: Finding, claim: Claim, target: Target, table: Table) -> Job:
    """Rules 7, 8.1: the grid and the shift that an error finding states."""
    grid, shift, *_ = finding.own
    halvings, slack = read_slack(finding, claim) if isinstance(target, Expression) else (0, None)
    at, t = f"{finding.place}.shift", Fraction(1, table.n)
    target.check_grid(grid, table.n, f"{finding.place}.grid")
    s = [rational(x, f"{at}[{i}]") for i, x in enumerate(items(shift, at, claim.dim))]
    require(sum(x * x for x in s) <= t * t, at, "longer than N^-l (rule 8.1)")
    require(all(abs(x) < 1 for x in s), at, "a shift of length 1 (rule 8.1)")
    single = claim.modulus == "axis" or isinstance(target, Step)
    require(not single or sum(x != 0 for x in s) <= 1, at, "more than one coordinate is shifted (rule 8.1)")
    if grid is not None:
        require(all((grid * x).denominator == 1 for x in s), at, "not on the grid (rule 8.1)")
    return Job(finding.place, grid, s, table, halvings, slack)


def error_of(job: Job, target: Target, network: Network, pieces: Pieces, p: Fraction | None) -> Enclosure:
    """Rule 7.1, with the table's error by rule 7.2."""
    centre, largest = target.error(job.grid, job.table)
    slack = perturbation(p, job.table.rho, largest)
    mu = bad_set(network, pieces)
    if mu > 0 and p is not None:
        (f_lo, f_hi), (phi_lo, phi_hi) = target.extent(job.grid), range_of(network, pieces.level, pieces.dim)
        slack += mu * power(max(f_hi - phi_lo, phi_hi - f_lo, Fraction(0)), p)[1]
    exact = centre.exact and slack == 0
    return Enclosure(max(centre.lo - slack, Fraction(0)), centre.hi + slack, exact)


def check_modulus(
    job: Job, stated: Any, target: Target, claim: Claim, first: Fraction
) -> tuple[Fraction, Any]:
    """Rules 8.1 to 8.3; `first` is the stated upper end of E_0. The stated ends, the upper one possibly None."""
    at = f"{job.place}.modulus"
    items(stated, at, 2)
    lo = rational(stated[0], f"{at}[0]")
    hi = None if stated[1] is None else rational(stated[1], f"{at}[1]")
    own = target.lower(job.grid, job.shift)
    require(lo <= own.lo, f"{at}[0]", "above the lower end that the checker finds (rule 8.3)")
    require(lo == own.lo or not own.exact, f"{at}[0]", "not the exact value (rule 8.3)")
    if hi is not None:
        bounds = [target.upper(job.grid, Fraction(1, job.table.n))]
        bounds.append(first * (2 if claim.p is None else power(Fraction(2), claim.p)[1]))
        require(
            hi >= min(b for b in bounds if b is not None), f"{at}[1]", "below the checker's bound (rule 8.3)"
        )
    return lo, hi


def check_constant(stated: Any, claim: Claim, place: str) -> Enclosure:
    """Rule 3.2: the stated enclosure holds the checker's and is at most 2^-64 wide; so its lower end is positive."""
    own, value = constant_of(claim), enclosure(stated, place)
    supported(value, own, place)
    require(value.lo > 0 and value.hi - value.lo <= Fraction(1, 2**64), place, "wider than 2^-64 (rule 3.2)")
    return value


def check_error(
    finding: Finding, job: Job, own: Enclosure, first: Any, claim: Claim, target: Target
) -> Enclosure:
    """Rule 9.5: one error finding; `first` is the stated error of level 0 (None: this is it)."""
    _, _, stated, modulus, constant, *_ = finding.own
    error = enclosure(stated, f"{finding.place}.error")
    supported(error, own, f"{finding.place}.error")
    C = check_constant(constant, claim, f"{finding.place}.constant")
    lo, hi = check_modulus(job, modulus, target, claim, (first or error).hi)
    proved = at_most(error.hi, C.lo, claim.p, lo)
    check_status(finding, verdict(proved, hi is not None and not at_most(error.lo, C.hi, claim.p, hi)))
    return error


def check_lipschitz_error(finding: Finding, error: Enclosure, K: Fraction, exact: bool, claim: Claim) -> None:
    """Rule 9.6."""
    stated, text = finding.own
    same = enclosure(stated, f"{finding.place}.error") == error
    require(same, f"{finding.place}.error", "not that of the error finding (rule 9.6)")
    bound, at, p = rational(text, f"{finding.place}.bound"), f"{finding.place}.bound", claim.p
    scale = (2 * claim.dim + 1) * K / claim.base ** (finding.level or 0)
    if p is None or p.denominator == 1:
        require(bound == (scale if p is None else scale**p.numerator), at, "not the exact bound (rule 9.6)")
    else:
        a, b = p.as_integer_ratio()
        require(bound <= 0 or bound**b <= scale**a, at, "above ((2d+1) K N^-l)^p (rule 9.6)")
    refutable = exact and (p is None or p.denominator == 1)
    check_status(finding, verdict(error.hi <= bound, refutable and error.lo > bound))


def check_until(finding: Finding, errors: list[Enclosure], claim: Claim) -> None:
    """Rule 9.7."""
    stop, one = claim.until, Fraction(1)
    if stop is None:
        return
    reached = [level for level, e in enumerate(errors) if at_most(e.hi, stop, claim.p, one)]
    first = reached[0] if reached else None
    require(finding.level == first, f"{finding.place}.level", f"is {first} (rule 9.7)")
    never = not any(at_most(e.lo, stop, claim.p, one) for e in errors)
    check_status(finding, verdict(bool(reached), never))


def check_levels(
    findings: list[Finding], claim: Claim, target: Target, network: Network, evidence: tuple[Any, Any, Any]
) -> None:
    """Rules 9.5 to 9.7: all that is stated about levels."""
    delta, K, grid = evidence
    bits, sines = scale_for(network), {}
    pieces = [Pieces(claim, delta, level, bits, sines) for level in range(claim.levels + 1)]
    tables = [table_of(network, own) for own in pieces]
    rows = findings[: claim.levels + 1]
    jobs = [read_job(finding, claim, target, table) for finding, table in zip(rows, tables, strict=True)]
    target.prepare(jobs)
    errors: list[Enclosure] = []
    for finding, job, own in zip(rows, jobs, pieces, strict=True):
        found = error_of(job, target, network, own, claim.p)
        errors.append(check_error(finding, job, found, errors[0] if errors else None, claim, target))
    rest = findings[claim.levels + 1 :]
    if K is not None:
        exact = target.check_lipschitz(K, grid)
        for finding, error in zip(rest, errors, strict=False):
            check_lipschitz_error(finding, error, K, exact, claim)
    if claim.until is not None:
        check_until(rest[-1], errors, claim)


def read_evidence(value: Any, claim: Claim) -> tuple[Fraction | None, Fraction | None, Any]:
    """Rules 6, 8.4: delta, and K with its grid."""
    delta, lipschitz = fields(value, "evidence", "delta lipschitz")
    if claim.digits == "floor":
        require(delta is None, "evidence.delta", "must be null for floor digits (rule 6)")
    own = None if delta is None and claim.digits == "floor" else positive(delta, "evidence.delta")
    if lipschitz is None:
        return own, None, None
    K, grid = fields(lipschitz, "evidence.lipschitz", "K grid")
    return own, rational(K, "evidence.lipschitz.K"), grid


def check_geometric(
    raw_claim: Any, raw_target: Any, raw_network: Any, evidence: Any, stated: Any
) -> list[Finding]:
    """Everything that a certificate of `geometric` states; its findings."""
    claim = read_claim(raw_claim)
    target = read_target(raw_target, claim)
    network = read_network(raw_network, claim)
    known = read_evidence(evidence, claim)
    due = due_findings(claim, known[1] is not None)
    extra = (
        {**_EXTRA, "error": f"{_EXTRA['error']} halvings slack"} if isinstance(target, Expression) else _EXTRA
    )
    findings = read_findings(stated, due, range(claim.levels + 1), extra=extra)
    check_structure(findings, claim, network, raw_network)
    check_levels(findings[4:], claim, target, network, known)
    return findings


# ---------------------------------------------------------------------------------------------------------------
# 11 The claim `multigrade`: what is read
#
# A node array lists numbers at the (n + 1)^d nodes of mesh 1/n, a cell array at its n^d boxes, both row-major with
# axis 0 slowest (rule 4.1), as integers over a denominator that stands beside it. Everything that is linear on the
# simplices of a grid is its node array there; `refine` carries it to a finer grid exactly.


class Schedule(NamedTuple):
    """Rule 11.1: the parameters of `multigrade`."""

    dim: int
    mesh: int
    sweeps: int
    powers: Ints
    until: Fraction | None


class Sweep(NamedTuple):
    """Rule 11.2: steps[j]/den at node number nodes[j] of mesh 1/cells; `grid` is g_s of rule 11.6."""

    place: str
    cells: int
    grid: int
    nodes: Ints
    den: int
    steps: Ints

    def array(self, dim: int) -> Ints:
        """The steps as a node array of mesh 1/cells, 0 where there is no grade."""
        result = [0] * (self.cells + 1) ** dim
        for node, step in zip(self.nodes, self.steps, strict=True):
            result[node] = step
        return result


class Grades(NamedTuple):
    """Rule 11.2: the network."""

    offset: int
    sweeps: list[Sweep]

    def total(self) -> int:
        """The number of grades."""
        return sum(len(sweep.nodes) for sweep in self.sweeps)


class Interpolant(NamedTuple):
    """Rule 11.7: f^ as a node array of mesh 1/grid over `den`. Of an expression, over the same `den`: at each node
    a bound of |f - f^| there, and on each box the margin. A kuhn target has neither (both are empty).
    """

    grid: int
    den: int
    values: Ints
    radii: Ints
    margins: Ints


def read_schedule(value: Any) -> Schedule:
    """Rule 11.1."""
    at = "claim.parameters"
    parameters = fields(value, "claim", "name parameters")[1]
    dim, mesh, sweeps, powers, until = fields(parameters, at, "dim mesh sweeps p until")
    integer(dim, f"{at}.dim", 1, 10)
    integer(mesh, f"{at}.mesh", 1)
    integer(sweeps, f"{at}.sweeps", 1, 40)
    for i, p in enumerate(items(powers, f"{at}.p")):
        low, high = ((1, 1), (2, 2), (3, 16))[min(i, 2)]
        integer(p, f"{at}.p[{i}]", low, high)
    require(2 <= len(powers) <= 3, f"{at}.p", "[1, 2] or [1, 2, q] is wanted (rule 11.1)")
    return Schedule(dim, mesh, sweeps, powers, None if until is None else positive(until, f"{at}.until"))


def read_grids(schedule: Schedule, target: Any, evidence: Any, sweeps: int) -> Ints:
    """Rules 11.6 and 11.13: the grids g_0, ..., g_n, all limits checked before anything is computed."""
    kind = target.get("kind") if type(target) is dict else None
    one_of(kind, "target.kind", "kuhn", "expression")
    (grid,) = fields(evidence, "evidence", "grid")
    d, meshes = schedule.dim, [schedule.mesh << s for s in range(sweeps)]
    if kind == "kuhn":
        cells, place = integer(target.get("cells"), "target.cells", 1), "target.cells"
        require(grid is None, "evidence.grid", "must be null for a kuhn target (rule 11.1)")
        grids = [cells] + [math.lcm(cells, m) for m in meshes]
    else:
        place = "evidence.grid"
        integer(grid, place, 1)
        require(grid % meshes[-1] == 0, place, "not a multiple of M·2^(n-1) (rule 11.6)")
        require((2 * grid) ** d <= MAX_BOXES, place, "(2 G)^d > 2^26 (rule 11.13)")
        grids = [grid] * (sweeps + 1)
    counts = [(g + 1) ** d for g in grids]
    require(max(counts) <= MAX_NODES, place, "a grid of more than 2^22 nodes (rule 11.13)")
    require(math.factorial(d) * max(grids) ** d <= MAX_CELLS, place, "more than 2^24 simplices (rule 11.13)")
    require(sum(counts[1:]) <= 4 * MAX_NODES, place, "sweeps of more than 2^24 nodes (rule 11.13)")
    return grids


def read_grades(value: Any, schedule: Schedule, grids: Ints) -> Grades:
    """Rule 11.2, the grids g_1, ..., g_n being known."""
    offset = rational(value["offset"], "network.offset")
    require(offset.denominator == 1 and offset >= 0, "network.offset", "an integer >= 0 (rule 11.2)")
    sweeps, left = [], MAX_GRADES
    for s, sweep in enumerate(value["sweeps"]):
        at, own = f"network.sweeps[{s}]", schedule.mesh << s
        cells, nodes, steps = fields(sweep, at, "cells nodes steps")
        integer(cells, f"{at}.cells", own, own)
        left -= len(items(nodes, f"{at}.nodes"))
        require(left >= 0, at, "more than 2^21 grades (rule 11.13)")
        items(steps, f"{at}.steps", len(nodes))
        last, top = -1, (own + 1) ** schedule.dim - 1
        for k, node in enumerate(nodes):
            last = integer(node, f"{at}.nodes[{k}]", last + 1, top)
        numbers = [rational(c, f"{at}.steps[{k}]") for k, c in enumerate(steps)]
        most = min(FRACTION_BITS, NODE_BITS // (own + 1) ** schedule.dim)
        sweeps.append(Sweep(at, own, grids[s + 1], nodes, *over_common(numbers, f"{at}.steps", most)))
    return Grades(offset.numerator, sweeps)


def read_interpolant(schedule: Schedule, target: Any, grid: int) -> Interpolant:
    """Rule 11.7."""
    d, most = schedule.dim, min(FRACTION_BITS, NODE_BITS // (grid + 1) ** schedule.dim)
    if target["kind"] == "kuhn":
        cells, den, values = read_kuhn(target, d, most)
        return Interpolant(cells, den, values, [], [])
    nodes, w = read_expression(target, d)
    require(w <= most, AT_TEXT, "too many bits for a grid so fine")
    require(visits(nodes, w) * grid**d <= MAX_VISITS, AT_TEXT, "too long for a grid so fine")
    values, radii = node_values(nodes, w, grid, d)
    return Interpolant(grid, 1 << w, values, radii, box_margins(nodes, w, grid, d, values, radii))


def visits(nodes: list[Node], w: int) -> int:
    """What a box costs, in additions: functions and roots cost more, and all of it does at more bits."""
    slow = {"sqrt": 8, "exp": 32, "log": 32, "sin": 32, "cos": 32, "tanh": 32}
    costs = (128 if n.op == "**" and n.value.denominator > 1 else slow.get(n.op, 1) for n in nodes)
    return sum(costs) * ((w + 95) // 96) ** 2


def node_values(nodes: list[Node], w: int, grid: int, dim: int) -> tuple[Ints, Ints]:
    """Rule 11.7: the values f^ at the nodes, and how far f may be from them there, at scale w."""
    return sampled(nodes, w, range(grid + 1), grid, dim)


def sampled(nodes: list[Node], w: int, sites: Sequence[int], den: int, dim: int) -> tuple[Ints, Ints]:
    """The same at all points whose coordinates are among sites/den, in the order of rule 4.1."""
    values, radii = [], []
    for part in slabs([range(len(sites))] * dim):
        slab = Slab([len(r) for r in part], w, "evidence.grid")
        points = []
        for i, r in enumerate(part):
            down, up = [(sites[k] << w) // den for k in r], [-(-(sites[k] << w) // den) for k in r]
            points.append(Jet(Arr((i,), down, up), {}))
        value = slab.run(nodes, points).value
        lo, hi = (slab.spread(value.axes, end, tuple(range(dim))) for end in (value.lo, value.hi))
        centre = [(x + y) >> 1 for x, y in zip(lo, hi, strict=True)]
        affordable([*lo, *hi], 1, len(sites) ** dim, AT_TEXT)
        values += centre
        radii += map(operator.sub, hi, centre)
    return values, radii


def box_margins(nodes: list[Node], w: int, grid: int, dim: int, values: Ints, radii: Ints) -> Ints:
    """Rule 11.7: e_Q for every box, at scale w, rounded up.

    Let [a, b] hold the vertex values of f^, hence f^, on Q; f lies in R. Then |f - f^| <= max(sup R - a, b - inf R),
    which is at most eta + sup R - inf R, the rule's second margin, whatever eta is. The first is taken with the
    largest radius at a vertex of Q for eta.
    """
    lows, highs, slopes = [], [], []
    for part in slabs([range(grid)] * dim):
        slab = Slab([len(r) for r in part], w, "evidence.grid")
        jet, boxes = box_jets(slab, nodes, part, grid)
        slope = slope_margins(slab, jet, grid)
        affordable([*boxes.R[0], *boxes.R[1], *(r for r in slope if r)], 1, grid**dim, AT_TEXT)
        lows += boxes.R[0]
        highs += boxes.R[1]
        slopes += slope
    margins, at = [], 0
    for corner_values, corner_radii in zip(cubes(values, grid, dim), cubes(radii, grid, dim), strict=True):
        a, b, eta = map(min, *corner_values), map(max, *corner_values), map(max, *corner_radii)
        part = slice(at, at + len(corner_values[0]))
        for u, v, e, y, Y, r in zip(a, b, eta, lows[part], highs[part], slopes[part], strict=True):
            gap = max(Y - u, v - y)
            margins.append(gap if r is None else min(gap, e + r))
        at = part.stop
    return margins


def slope_margins(slab: Slab, jet: Jet, grid: int) -> list[int | None]:
    """(1/(2G))·(sum of the radii r_i of the gradient), rounded up; None where the gradient is unbounded."""
    axes = tuple(range(len(slab.shape)))
    total = [0] * math.prod(slab.shape)
    for g in jet.grad.values():
        radius = [-((x - y) // (4 * grid)) for x, y in zip(g.lo, g.hi, strict=True)]
        total = list(map(operator.add, total, slab.spread(g.axes, radius, axes)))
    if jet.wild is None:
        return [*total]
    flags = slab.spread(jet.wild.axes, jet.wild.lo, axes)
    return [None if flag else r for flag, r in zip(flags, total, strict=True)]


# ---------------------------------------------------------------------------------------------------------------
# 11 Node arrays and cell arrays


def affordable(values: Ints, scale: int, count: int, place: str) -> None:
    """Numbers of this size, multiplied by `scale`, can be kept at so many nodes."""
    bits = max(max(values), -min(values)).bit_length() + scale.bit_length()
    require(bits * count <= NODE_BITS, place, "numbers too long for so many nodes")


def refine(values: Ints, n: int, dim: int, q: int) -> Ints:
    """A node array of mesh 1/n at the nodes of mesh 1/(n q), times q: by one prime factor of q after the other."""
    prime = 2
    while q > 1:
        while q % prime:
            prime = prime + 1 if prime * prime <= q else q
        values, n, q = refine_once(values, n, dim, prime), n * prime, q // prime
    return values


def refine_once(values: Ints, n: int, dim: int, q: int) -> Ints:
    """`refine` in one go, for all nodes k q + tau with the same tau at a time: by rule 4.1, with tau sorted downwards,
    q times the value at (k + tau/q)/n is the sum of (q - tau_1), (tau_1 - tau_2), ..., tau_d times the vertices'.
    """
    strides, fine = strides_of(n + 1, dim), strides_of(n * q + 1, dim)
    result = [0] * (n * q + 1) ** dim
    for tau in itertools.product(range(q), repeat=dim):
        order = sorted(range(dim), key=lambda i: -tau[i])
        falls = [q, *(tau[i] for i in order), 0]
        offsets = [0, *itertools.accumulate(strides[i] for i in order)]
        terms = [(a - b, o) for a, b, o in zip(falls, falls[1:], offsets, strict=False) if a > b]
        last = n + (tau[-1] == 0)  # nodes of a row; a node beyond the last cell has no part in the terms
        for lead in itertools.product(*(range(n + (t == 0)) for t in tau[:-1])):
            start = sum(k * s for k, s in zip(lead, strides, strict=False))
            row: Ints = []
            for a, o in terms:
                part = values[start + o : start + o + last]
                part = part if a == 1 else [a * x for x in part]
                row = list(map(operator.add, row, part)) if row else part
            to = sum((k * q + t) * s for k, t, s in zip(lead, tau, fine, strict=False)) + tau[-1]
            result[to : to + (last - 1) * q + 1 : q] = row
    return result


def cubes(values: Ints, n: int, dim: int, size: int = SLAB) -> Iterator[list[Ints]]:
    """A node array box by box: corners[mask] as `SimplexMeans.add` wants them, about `size` boxes at a time."""
    offsets = corner_offsets(n + 1, dim)
    starts = outer_sum([[k * s for k in range(n)] for s in strides_of(n + 1, dim)[:-1]])
    pieces = [(b + j, min(size, n - j)) for b in starts for j in range(0, n, size)]
    rows = max(1, size // n)
    for i in range(0, len(pieces), rows):
        part = pieces[i : i + rows]
        yield [[x for b, length in part for x in values[b + o : b + o + length]] for o in offsets]


def all_cubes(values: Ints, n: int, dim: int) -> list[Ints]:
    """The same for all boxes at once: 2^d cell arrays."""
    corners: list[Ints] = [[] for _ in range(1 << dim)]
    for batch in cubes(values, n, dim):
        for column, more in zip(corners, batch, strict=True):
            column += more
    return corners


Pick = Callable[..., int]  # min or max


def stars(corners: list[Ints], n: int, dim: int, q: int, pick: Pick) -> Ints:
    """For every node of mesh 1/m, m = n/q, the least (largest) number met on the boxes of mesh 1/n in its support.

    corners[mask] is a cell array of mesh 1/n: what a simplex with that corner of a box on its path has to offer there.
    The support (rule 11.3) is the union of the simplices of mesh 1/m that have the node as a vertex.
    """
    m, masks = n // q, range(1 << dim)
    if q == 1:  # the simplices of a box that have the vertex k are those through the masks above and below k
        regions = [list(map(pick, *(corners[j] for j in masks if j & k in (j, k)))) for k in masks]
    else:
        simplices = {
            order: list(map(pick, *(corners[mask] for mask in path_of(order))))
            for order in itertools.permutations(range(dim))
        }
        simplices = coarsened(simplices, n, dim, q, pick)
        through: list[list[Ints]] = [[] for _ in masks]
        for order, cells in simplices.items():
            for mask in path_of(order):
                through[mask].append(cells)
        regions = [list(map(pick, own[0], *own)) for own in through]
    other = max if pick is min else min
    neutral = other(map(other, regions))
    result = [neutral] * (m + 1) ** dim
    strides, offsets = strides_of(m + 1, dim), corner_offsets(m + 1, dim)
    starts = outer_sum([[k * s for k in range(m)] for s in strides[:-1]])
    for region, o in zip(regions, offsets, strict=True):
        for row, b in enumerate(starts):
            part = slice(b + o, b + o + m)
            result[part] = map(pick, result[part], region[row * m : (row + 1) * m])
    return result


def coarsened(
    cells: dict[tuple[int, ...], Ints], n: int, dim: int, q: int, pick: Pick
) -> dict[tuple[int, ...], Ints]:
    """From the simplices of mesh 1/n to those of mesh 1/(n/q), by one prime factor of q after the other.

    The simplex of order `sigma` in the box tau of a coarse box lies in the simplex whose order sorts the axes by tau,
    falling, and by sigma where tau ties: a point tau + t, t ordered by sigma, is ordered so.
    """
    prime = 2
    while q > 1:
        while q % prime:
            prime = prime + 1 if prime * prime <= q else q
        strides, m = strides_of(n, dim), n // prime
        coarse: dict[tuple[int, ...], Ints] = {}
        for tau in itertools.product(range(prime), repeat=dim):
            lead = zip(tau[:-1], strides, strict=False)
            starts = outer_sum([[(k * prime + t) * s for k in range(m)] for t, s in lead])
            for sigma, own in cells.items():
                order = tuple(sorted(sigma, key=lambda i: -tau[i]))  # a stable sort
                column = [x for b in starts for x in own[b + tau[-1] : b + n : prime]]
                coarse[order] = list(map(pick, coarse[order], column)) if order in coarse else column
        cells, n, q = coarse, m, q // prime
    return cells


# ---------------------------------------------------------------------------------------------------------------
# 11.8, 11.9 Norms and slopes


def chain_sums(corners: list[Ints], dim: int, top: int) -> list[Ints]:
    """For k = 1..top and every box the sum over its d! simplices of h_k(vertex values).

    h_k(u, more) = h_k(more) + u·h_{k-1}(u, more), and sums over the simplices' paths add up corner by corner.
    """
    sums: list[list[Ints]] = []
    for mask, u in enumerate(corners):
        before = [sums[mask ^ 1 << i] for i in range(dim) if mask >> i & 1]
        paths = math.factorial(mask.bit_count())
        own: list[Ints] = []
        for k in range(top):
            row = list(map(operator.mul, u, own[k - 1])) if k else [paths * x for x in u]
            for below in before:
                row = list(map(operator.add, row, below[k]))
            own.append(row)
        sums.append(own)
    return sums[-1]


def positive_part(negative: Ints, positive: Ints, n: int) -> tuple[int, int]:
    """[-a_1, ..., -a_k, b_1, ..., b_l] G for G(t) = max(t, 0)^n, a >= 0, b > 0, as (numerator, denominator).

    Of i of the a and j of the b: 0 for j = 0, h_{n-j+1}(b) for i = 0, and otherwise
    (that without a_i - that without b_j)/(a_i + b_j); so the denominator is the product of all a + b.
    """
    if len(positive) == 1:  # what follows, in short, for the most frequent case
        b = positive[0]
        return b**n, math.prod([a + b for a in negative])
    row = [0] + [complete_homogeneous(tuple(positive[:j]), n - j + 1) for j in range(1, len(positive) + 1)]
    columns = [1] * len(positive)  # the products over the a so far of a + b_j
    for a in negative:
        factor, fresh = 1, [0]
        for j, b in enumerate(positive):
            fresh.append(row[j + 1] * factor - fresh[j] * columns[j])
            factor *= a + b
        columns = [c * (a + b) for c, b in zip(columns, positive, strict=True)]
        row = fresh
    return row[-1], math.prod(columns)


class Moments:
    """Rule 11.8: the integrals of |u|^p, p in `powers`, of a node array of mesh 1/n over `den`, exactly if possible."""

    def __init__(self, n: int, dim: int, den: int, powers: Ints) -> None:
        self.n, self.dim, self.den, self.powers = n, dim, den, powers
        self.sums = dict.fromkeys(powers, 0)
        self.mixed: dict[int, dict[int, int]] = {p: {} for p in powers}

    def add(self, corners: list[Ints]) -> None:
        """Even powers, and boxes on which u has one sign, by `chain_sums`; others simplex by simplex."""
        sums = chain_sums(corners, self.dim, self.powers[-1])
        signs = zip(map(min, *corners), map(max, *corners), strict=True)
        crossed = [i for i, (a, b) in enumerate(signs) if a < 0 < b]
        for p in self.powers:
            column = sums[p - 1]
            if p % 2:
                column = list(map(abs, column))
                for i in crossed:
                    column[i] = 0
            self.sums[p] += sum(column)
        odd = [p for p in self.powers if p % 2]
        if crossed:
            corners = [[u[i] for i in crossed] for u in corners]
            for path in map(path_of, itertools.permutations(range(self.dim))):
                for u in zip(*(corners[mask] for mask in path), strict=True):
                    for p in odd:
                        self.add_simplex(u, p)

    def add_simplex(self, u: tuple[int, ...], p: int) -> None:
        """|t|^p = 2 max(t, 0)^p - t^p for odd p; of u and -u the one with fewer positive vertices is taken."""
        h = sum(u) if p == 1 else complete_homogeneous(u, p)
        if min(u) >= 0 or max(u) <= 0:
            self.sums[p] += abs(h)
            return
        above, below = [x for x in u if x > 0], [-x for x in u if x < 0]
        if len(above) > len(below):
            above, below, h = below, above, -h
        below += [0] * (len(u) - len(above) - len(below))
        top, bottom = positive_part(below, above, p + self.dim)
        self.sums[p] -= h
        self.mixed[p][bottom] = self.mixed[p].get(bottom, 0) + 2 * top

    def result(self, p: int, exact: bool) -> Enclosure:
        """[lo, hi]; lo = hi unless the fractions have no common denominator within reason, or need not be exact."""
        lo, hi = fraction_sum(self.mixed[p], exact)
        scale = self.den**p * math.comb(p + self.dim, p) * math.factorial(self.dim) * self.n**self.dim
        return Enclosure((self.sums[p] + lo) / scale, (self.sums[p] + hi) / scale, lo == hi)


def fraction_sum(parts: dict[int, int], exact: bool) -> tuple[Fraction, Fraction]:
    """The sum of numerator/denominator: exactly over the least common denominator, or to within 2^-512 each."""
    if exact:
        own, common = [Fraction(top, bottom) for bottom, top in parts.items()], 1
        for bottom in {x.denominator for x in own}:
            common = math.lcm(common, bottom)
            if common.bit_length() > FRACTION_BITS:
                break
        else:
            total = Fraction(sum(x.numerator * (common // x.denominator) for x in own), common)
            return total, total
    down = sum((top << 512) // bottom for bottom, top in parts.items())
    return Fraction(down, 1 << 512), Fraction(down + len(parts), 1 << 512)


class Sizes(NamedTuple):
    """What rules 11.8 and 11.9 say of one r_(s)."""

    top: Enclosure  # Lambda_s
    hats: dict[int, Enclosure]  # the integral of |r^|^p
    slack: dict[int, Fraction]  # delta_{p,s}
    slope: Fraction  # kappa_s, or a lower end of it

    def moment(self, p: int) -> Enclosure:
        """E_{p,s}."""
        hat, slack = self.hats[p], self.slack[p]
        return Enclosure(max(hat.lo - slack, Fraction(0)), hat.hi + slack, hat.exact)


def measure(f: Interpolant, values: Ints, grid: int, den: int, schedule: Schedule) -> Sizes:
    """r^ = values/den on this grid; den is a multiple of that of the margins."""
    d, powers, at, scale = schedule.dim, schedule.powers, 0, den // f.den
    moments, slack = Moments(grid, d, den, powers), dict.fromkeys(powers, 0)
    low = high = 0
    bits = powers[-1] * max(max(values), -min(values), den, scale * max(f.margins, default=0)).bit_length()
    simplices = math.factorial(d) * grid**d * (d + 1) ** 2 // 4
    effort = max(len(values) << d, simplices) * bits * bits
    require(effort <= MAX_EFFORT, "network.sweeps", "numbers too long for powers at so many nodes")
    size = max(1, min(SLAB, (1 << 30) // (bits * powers[-1] << d)))  # `chain_sums` keeps less than 2^30 bits
    for corners in cubes(values, grid, d, size):
        moments.add(corners)
        if not f.margins:
            continue
        e = [scale * x for x in f.margins[at : at + len(corners[0])]]
        at += len(e)
        largest = list(map(max, map(max, *corners), map(operator.neg, map(min, *corners))))
        tops = list(map(operator.add, largest, e))
        low, high = max(low, max(map(operator.sub, largest, e))), max(high, max(tops))
        for p in powers:
            slack[p] += p * sum(x * y ** (p - 1) for x, y in zip(e, tops, strict=True))
    if not f.margins:
        low = high = max(max(values), -min(values))
    exact = not f.margins
    return Sizes(
        Enclosure(Fraction(low, den), Fraction(high, den), exact),
        {p: moments.result(p, exact) if exact else inexact(moments.result(p, exact)) for p in powers},
        {p: Fraction(slack[p], den**p * grid**d) for p in powers},
        Fraction(grid * steepest(values, [scale * x for x in f.radii], grid, d), den),
    )


def inexact(own: Enclosure) -> Enclosure:
    """Rule 1.3: a number of an expression is never exact."""
    return Enclosure(own.lo, own.hi)


def steepest(values: Ints, radii: Ints, n: int, dim: int) -> int:
    """Rule 11.9 without the factor g; with radii a lower end: every difference less the radii at its ends.

    For d <= 2 every sum of rises within a simplex is the difference along one of its edges. Sums of rises that skip a
    vertex are slopes of the interpolant, not of an expression: of those only differences along edges count.
    """
    return along_edges(values, radii, n, dim) if dim <= 2 or radii else along_chains(values, n, dim)


def along_edges(values: Ints, radii: Ints, n: int, dim: int) -> int:
    """The largest |difference| along an edge of the grid."""
    strides, offsets, best = strides_of(n + 1, dim), corner_offsets(n + 1, dim), 0
    for mask in range(1, 1 << dim):
        counts = [n + 1 - (mask >> i & 1) for i in range(dim)]
        lead, o, length = zip(counts[:-1], strides, strict=False), offsets[mask], counts[-1]
        for b in outer_sum([[k * s for k in range(count)] for count, s in lead]):
            rows = values[b : b + length], values[b + o : b + o + length]
            gaps = map(abs, map(operator.sub, *rows))
            if radii:
                gaps = map(operator.sub, gaps, radii[b : b + length])
                gaps = map(operator.sub, gaps, radii[b + o : b + o + length])
            best = max(best, max(gaps))
    return best


def along_chains(values: Ints, n: int, dim: int) -> int:
    """The largest sum of the rises, or of the falls, along the vertices of a simplex."""
    strides, best = strides_of(n + 1, dim), 0
    for order in itertools.permutations(strides):
        chain = list(itertools.accumulate(order, initial=0))
        for b in outer_sum([[k * s for k in range(n)] for s in strides[:-1]]):
            rows = [values[b + o : b + o + n] for o in chain]
            steps = [list(map(operator.sub, v, u)) for u, v in itertools.pairwise(rows)]
            rises = [0] * n, [0] * n
            for step in steps:
                for up, sign in zip(rises, (1, -1), strict=True):
                    up[:] = [x + max(sign * y, 0) for x, y in zip(up, step, strict=True)]
            best = max(best, *rises[0], *rises[1])
    return best


# ---------------------------------------------------------------------------------------------------------------
# 11.5, 11.8, 11.11 Sweeps


class Work(NamedTuple):
    """Sweep s at work: all integers over `den`; node arrays of mesh 1/grid, but `steps` of mesh 1/cells."""

    den: int
    steps: Ints  # the c of the grades, 0 at other nodes
    before: Ints  # r^_(s-1)
    lift: Ints  # Phi_(s) - Phi_(s-1)
    margins: Ints  # e_Q on each box; empty if all are 0


def times(values: Ints, a: int) -> Ints:
    """a·values."""
    return values if a == 1 else [a * x for x in values]


def prepared(sweep: Sweep, f: Interpolant, r: Ints, grid: int, den: int, dim: int) -> Work:
    """Rule 11.6: r^_(s-1) and the hats of the sweep on the grid g_s, over one denominator."""
    g, count = sweep.grid, (sweep.grid + 1) ** dim
    q, fine = g // grid, g // sweep.cells
    common = math.lcm(den * q, sweep.den * fine)
    steps = sweep.array(dim)
    affordable(r, common // den, count, sweep.place)
    affordable(steps, common // sweep.den, count, sweep.place)
    require(common.bit_length() * count <= NODE_BITS, sweep.place, "denominators too long for so many nodes")
    return Work(
        common,
        times(steps, common // sweep.den),
        times(refine(r, grid, dim, q), common // (den * q)),
        times(refine(steps, sweep.cells, dim, fine), common // (sweep.den * fine)),
        times(f.margins, common // f.den),
    )


def proves_pointwise(sweep: Sweep, own: Work, dim: int) -> bool:
    """Rule 11.11: sgn(c)·r^ >= |c| + e at all nodes of the supports, e the largest margin of a box there."""
    g, q = sweep.grid, sweep.grid // sweep.cells
    corners = all_cubes(own.before, g, dim)
    e = stars([own.margins] * (1 << dim), g, dim, q, max) if own.margins else [0] * len(own.steps)
    for sign, pick in ((1, min), (-1, max)):
        due = [(k, abs(c)) for k, c in enumerate(own.steps) if c * sign > 0]
        if due:
            reach = stars(corners, g, dim, q, pick)
            if not all(sign * reach[k] >= c + e[k] for k, c in due):
                return False
    return True


def check_witness(witness: Any, sweep: Sweep, own: Work, dim: int, place: str) -> None:
    """Rule 11.11: grade i of the sweep and node v of the grid g_s with 2(sgn(c)·rho(v) + e_v) < |c| psi(v)."""
    i, v = items(witness, place, 2)
    g, q = sweep.grid, sweep.grid // sweep.cells
    integer(i, f"{place}[0]", 0, len(sweep.nodes) - 1)
    integer(v, f"{place}[1]", 0, len(own.before) - 1)
    x = [v // s % (g + 1) for s in strides_of(g + 1, dim)]
    node = sweep.nodes[i]
    c = own.steps[node]
    require(c != 0, place, "a grade with step 0 (rule 11.11)")
    height = hat(x, node, sweep, dim)
    require(height is not None, place, "a node outside the support (rule 11.11)")
    # rho·q: the grades with a hat that is not 0 at v are at corners of the boxes of mesh 1/m around v
    rho = q * own.before[v]
    around = [{min(a // q, sweep.cells), min(-(-a // q), sweep.cells)} for a in x]
    strides = strides_of(sweep.cells + 1, dim)
    for k in itertools.product(*around):
        other = sum(a * s for a, s in zip(k, strides, strict=True))
        if other < node:  # nodes increase with the number of the grade; without a grade the step is 0
            rho -= own.steps[other] * (hat(x, other, sweep, dim) or 0)
    e = 0
    if own.margins:
        boxes = [[b for b in (a - 1, a) if 0 <= b < g] for a in x]
        at = outer_sum([[b * s for b in r] for r, s in zip(boxes, strides_of(g, dim), strict=True)])
        e = max(own.margins[b] for b in at)
    holds = 2 * ((rho if c > 0 else -rho) + q * e) < abs(c) * (height or 0)
    require(holds, place, "does not hold (rule 11.11)")


def hat(x: Ints, node: int, sweep: Sweep, dim: int) -> int | None:
    """Rule 11.3: q·psi at the node x/g, q = g/m, for the hat of a node of mesh 1/m; None outside its closed support."""
    q = sweep.grid // sweep.cells
    k = [node // s % (sweep.cells + 1) for s in strides_of(sweep.cells + 1, dim)]
    t = [a - b * q for a, b in zip(x, k, strict=True)]
    height = q - max(0, *t) + min(0, *t)
    return height if height >= 0 else None


def mass(sweep: Sweep, dim: int) -> Fraction:
    """The integral of the sum of the |c| psi: a corner lies on as many simplices of its box as on paths."""
    total = 0
    for corners in cubes([abs(c) for c in sweep.array(dim)], sweep.cells, dim):
        for mask, column in enumerate(corners):
            paths = math.factorial(mask.bit_count()) * math.factorial(dim - mask.bit_count())
            total += paths * sum(column)
    return Fraction(total, sweep.den * math.factorial(dim + 1) * sweep.cells**dim)


def square_slack(own: Work, grid: int, dim: int) -> Fraction:
    """Rule 11.8, p = 2: G^-d·(sum of 2·e_Q·(largest |lift| at a vertex of Q))."""
    total, at = 0, 0
    for corners in cubes(list(map(abs, own.lift)), grid, dim):
        largest = list(map(max, *corners))
        total += 2 * sum(map(operator.mul, largest, own.margins[at : at + len(largest)]))
        at += len(largest)
    return Fraction(total, own.den**2 * grid**dim)


def decrease(
    p: int, before: Sizes, after: Sizes, monotone: bool, own: Work, sweep: Sweep, dim: int
) -> Enclosure:
    """Rule 11.8: D_{p,s}. Where `pointwise` is proved and p = 1, r and r^ both lose the integral of the |lift|."""
    exact = not own.margins
    if p == 1 and monotone:
        value = mass(sweep, dim)
        return Enclosure(value, value, exact)
    old, new = before.hats[p], after.hats[p]
    slack = before.slack[p] + after.slack[p]
    if p == 2 and monotone and not exact:
        slack = min(slack, square_slack(own, sweep.grid, dim))
    return Enclosure(old.lo - new.hi - slack, old.hi - new.lo + slack, exact and old.exact and new.exact)


class Facts(NamedTuple):
    """What was computed: of r_(0), ..., r_(n), and of the sweeps 1, ..., n."""

    sizes: list[Sizes]
    proved: list[bool]
    decreases: list[dict[int, Enclosure]]


def run_sweeps(schedule: Schedule, grades: Grades, f: Interpolant, stated: list[Finding]) -> Facts:
    """Rules 11.8, 11.9, 11.11, sweep by sweep; `stated` are the findings `pointwise`, whose witnesses are checked."""
    d, grid, den, r = schedule.dim, f.grid, f.den, f.values
    facts = Facts([measure(f, r, grid, den, schedule)], [], [])
    ahead, boxes = 0, sum(sweep.grid**d for sweep in grades.sweeps)
    for sweep, finding in zip(grades.sweeps, stated, strict=True):
        own = prepared(sweep, f, r, grid, den, d)
        monotone, witness = proves_pointwise(sweep, own, d), finding.own[1]
        if witness is not None:
            check_witness(witness, sweep, own, d, f"{finding.place}.witness")
        grid, den, r = sweep.grid, own.den, list(map(operator.sub, own.before, own.lift))
        facts.sizes.append(measure(f, r, grid, den, schedule))
        facts.proved.append(monotone)
        before, after = facts.sizes[-2:]
        sinks = {p: decrease(p, before, after, monotone, own, sweep, d) for p in schedule.powers}
        facts.decreases.append(sinks)
        ahead += grid**d
        Waiting.tell(ahead, boxes)
    return facts


def check_offset(grades: Grades, dim: int) -> None:
    """Rule 11.5: the sum of the |c| psi is at most B, at the nodes of the last sweep's mesh."""
    load, den, cells = [0] * 2**dim, 1, 1
    for sweep in grades.sweeps:
        q, count = sweep.cells // cells, (sweep.cells + 1) ** dim
        common = math.lcm(den * q, sweep.den)
        steps = [abs(c) for c in sweep.array(dim)]
        for values, own in ((load, den), (steps, sweep.den)):
            affordable(values, common // own, count, sweep.place)
        load = times(refine(load, cells, dim, q), common // (den * q))
        load = list(map(operator.add, load, times(steps, common // sweep.den)))
        den, cells = common, sweep.cells
    require(max(load) <= grades.offset * den, "network.offset", "below the sum of the |c| psi (rule 11.5)")


# ---------------------------------------------------------------------------------------------------------------
# 11.4 The layers, run at the nodes


class Layers:
    """Rules 11.4, 11.10 (`regions`): the layers at the nodes of mesh 1/n."""

    def __init__(self, n: int, dim: int) -> None:
        self.n, self.dim = n, dim
        self.axes = [
            outer_sum([[k if i == j else 0 for k in range(n + 1)] for j in range(dim)]) for i in range(dim)
        ]
        self.inner = []  # for each axis and node a byte: 1 if it is not the last node along the axis
        for axis in self.axes:
            self.inner.append(int.from_bytes(bytes(k < n for k in axis), "little"))
        self.shifts = [8 * s for s in strides_of(n + 1, dim)]

    def relu(self, values: Ints, place: str) -> Ints:
        """max(0, values), required to have one sign on every simplex.

        Any two vertices of a simplex are a node and one above it by 0 or 1 along each axis, and any such two are
        vertices of one simplex. So the nodes with a number > 0 are spread upwards along one axis after the other, and
        must not meet a number < 0; and the other way round.
        """
        above = int.from_bytes(bytes(map((0).__lt__, values)), "little")
        below = int.from_bytes(bytes(map((0).__gt__, values)), "little")
        for sign, other in ((above, below), (below, above)):
            for inner, shift in zip(self.inner, self.shifts, strict=True):
                sign |= (sign & inner) << shift
            require(sign & other == 0, place, "a neuron changes sign on a simplex (rule 11.10)")
        return [v if v > 0 else 0 for v in values]

    def hat(self, node: int, cells: int, place: str) -> Ints:
        """The channel psi in layer d + 1 of a grade, times q = n/cells, compared with the formula of rule 11.3."""
        q, add, sub = self.n // cells, operator.add, operator.sub
        ts = []
        for axis, stride in zip(self.axes, strides_of(cells + 1, self.dim), strict=True):
            k = node // stride % (cells + 1) * q
            ts.append([x - k for x in axis])
        a, b = self.relu([-t for t in ts[0]], place), self.relu(ts[0], place)
        for t, u in itertools.pairwise(ts):
            a = self.relu(list(map(sub, map(add, t, a), u)), place)
            b = self.relu(list(map(add, map(sub, b, t), u)), place)
        psi = self.relu([q - x - y for x, y in zip(a, b, strict=True)], place)
        highs, lows = map(max, *ts, ts[0], itertools.repeat(0)), map(min, *ts, ts[0], itertools.repeat(0))
        due = [max(0, q - high + low) for high, low in zip(highs, lows, strict=False)]
        require(psi == due, place, "the layers do not give the hat (rule 11.10)")
        return psi


def check_layers(grades: Grades, dim: int) -> None:
    """Rule 11.10, `regions`: x_i >= 0 at all nodes, S must be (then relu leaves it alone), the rest is `Layers.hat`.

    Where psi is the hat, the readout S + c·psi - B has the nodal values of Phi_i.
    """
    n = grades.sweeps[-1].cells
    layers, first = Layers(n, dim), n // grades.sweeps[0].cells
    den = math.lcm(*(sweep.den for sweep in grades.sweeps))
    require(den.bit_length() <= FRACTION_BITS, "network", "a common denominator of more than 65,536 bits")
    S = [grades.offset * den * first] * (n + 1) ** dim  # over den·first
    affordable(S, 1, len(S), "network")
    for sweep in grades.sweeps:
        scale = den // sweep.den * (first * sweep.cells // n)
        affordable([0, *sweep.steps], scale * n, len(S), sweep.place)
        for k, (node, step) in enumerate(zip(sweep.nodes, sweep.steps, strict=True)):
            place = f"{sweep.place}.nodes[{k}]"
            psi, c = layers.hat(node, sweep.cells, place), step * scale
            S = [x + c * y for x, y in zip(S, psi, strict=True)]
            require(min(S) >= 0, place, "the channel S falls below 0 (rule 11.10)")


# ---------------------------------------------------------------------------------------------------------------
# 11.10 - 11.12 Findings of `multigrade`


def due_grades(schedule: Schedule, grades: Grades, steady: bool) -> list[Due]:
    """Rule 11.10: the findings of `multigrade`."""
    names = ["width", "depth", "activations", "nested"]
    nodes = (grades.sweeps[-1].cells + 1) ** schedule.dim
    if 0 < grades.total() * nodes <= MAX_GRADES:
        names.append("regions")
    due: list[Due] = [(name, None) for name in names]
    each = ["pointwise", *("decrease" for _ in schedule.powers), "rate", *(["slope"] if steady else [])]
    due += [(name, s + 1) for name in each for s in range(len(grades.sweeps))]
    return due + ([("until", None)] if schedule.until is not None else [])


def exactly_states(finding: Finding, names: str, *own: Any, rule: str = "11.10") -> None:
    """The finding's own keys, from the first on, have these names and values; an int is no boolean."""
    for name, stated, due in zip(names.split(), finding.own, own, strict=False):
        same = type(stated) is type(due) and stated == due
        require(same, f"{finding.place}.{name}", f"is {due} (rule {rule})")


def check_shape(findings: list[Finding], grades: Grades, dim: int, raw: Any) -> None:
    """Rule 11.10: width, depth, activations, nested, and regions where it is due."""
    count, per_grade = grades.total(), dim * (dim + 3) + dim + 2
    exactly_states(findings[0], "value bound", dim + 3 if count else 0, dim + 5)
    exactly_states(findings[1], "value bound", (dim + 1) * count, (dim + 1) * count)
    exactly_states(findings[2], "value bound", ["relu"] if count else [], ["relu"])
    prefix = {**raw, "sweeps": raw["sweeps"][:-1]}
    exactly_states(findings[3], "contains", hash_of(prefix))
    if len(findings) > 4:
        exactly_states(findings[4], "grid relus", grades.sweeps[-1].cells, per_grade * count)
        check_layers(grades, dim)
    for finding in findings:
        check_status(finding, PROVED)


def comparable(own: Enclosure) -> Enclosure:
    """Rule 1.3: an exact number counts as enclosed if it cannot be written."""
    return expressible(own.lo, own.hi) if own.exact else own


def check_pointwise(finding: Finding, sweep: Sweep, monotone: bool, exact: bool) -> None:
    """Rule 11.11; the witness, if one is stated, holds (`check_witness`).

    Margins are not stated and a producer's are larger: of an expression `undecided` may stand although ours prove it.
    """
    exactly_states(finding, "grades", len(sweep.nodes))
    refuted = finding.own[1] is not None
    if exact or refuted or finding.status != UNDECIDED:
        check_status(finding, verdict(monotone and not refuted, refuted))


def check_decrease(
    finding: Finding, p: int, sweep: Sweep, sizes: list[Sizes], own: Enclosure, proved: bool
) -> None:
    """Rule 11.11; `sizes` before and after, `proved`: of the sweep's `pointwise` as stated."""
    exactly_states(finding, "p grades", p, len(sweep.nodes))
    _, _, *stated = finding.own
    ends = []
    for name, value, due in zip(("before", "after", "decrease"), stated, (*sizes, own), strict=True):
        place = f"{finding.place}.{name}"
        ends.append(enclosure(value, place))
        supported(ends[-1], comparable(due.moment(p) if isinstance(due, Sizes) else due), place)
    stuck = 0 in sweep.steps
    check_status(finding, verdict(proved and not stuck, stuck or (bool(sweep.nodes) and ends[-1].hi <= 0)))


def check_rate(finding: Finding, facts: Facts, exact: bool, theta: int, cells: int) -> Enclosure:
    """Rule 11.11, of the sweep of this mesh; the stated supremum."""
    supremum, slope, bound = finding.own
    s, at = finding.level or 0, finding.place
    stated = enclosure(supremum, f"{at}.supremum")
    supported(stated, comparable(facts.sizes[s].top), f"{at}.supremum")
    K, steep = rational(slope, f"{at}.slope"), max(sizes.slope for sizes in facts.sizes[:s])
    good = steep == K if exact else 0 <= K <= steep
    require(good, f"{at}.slope", "not the largest slope before, or above what is known of it (rule 11.11)")
    limit = rational(bound, f"{at}.bound")
    require(limit == theta * K / cells, f"{at}.bound", "not theta·K/(M·2^(s-1)) (rule 11.11)")
    check_status(finding, verdict(stated.hi <= limit, exact and stated.lo > limit))
    return stated


def check_slope(finding: Finding, sizes: list[Sizes]) -> None:
    """Rule 11.11, before and after the sweep."""
    for name, text, own in zip(("before", "after"), finding.own, sizes, strict=True):
        place = f"{finding.place}.{name}"
        require(rational(text, place) == own.slope, place, "not the largest slope (rule 11.11)")
    check_status(finding, verdict(sizes[1].slope <= sizes[0].slope, sizes[1].slope > sizes[0].slope))


def check_stop(finding: Finding | None, tops: list[Enclosure], schedule: Schedule) -> None:
    """Rules 11.2, 11.12, from the stated suprema; without `until` read_sizes has seen that all sweeps are there."""
    if finding is None or schedule.until is None:
        return
    stop, n = schedule.until, len(tops)
    first = next((s for s, top in enumerate(tops, 1) if top.hi <= stop), None)
    require(finding.level == first, f"{finding.place}.level", f"is {first} (rule 11.12)")
    last = schedule.sweeps if first is None else first
    require(n == last, "network.sweeps", f"{n} sweeps where {last} are due (rule 11.12)")
    check_status(finding, verdict(first is not None, all(top.lo > stop for top in tops)))


def check_multigrade(
    raw_claim: Any, raw_target: Any, raw_network: Any, evidence: Any, stated: Any
) -> list[Finding]:
    """Everything that a certificate of `multigrade` states; its findings."""
    schedule = read_schedule(raw_claim)
    inputs, _, sweeps = fields(raw_network, "network", "inputs offset sweeps")
    dim, n = (
        integer(inputs, "network.inputs", schedule.dim, schedule.dim),
        len(items(sweeps, "network.sweeps")),
    )
    fits = n == schedule.sweeps or (1 <= n < schedule.sweeps and schedule.until is not None)
    require(fits, "network.sweeps", f"{n} sweeps where {schedule.sweeps} are due (rule 11.2)")
    grids = read_grids(schedule, raw_target, evidence, n)
    grades = read_grades(raw_network, schedule, grids)
    divides = raw_target["kind"] == "kuhn" and schedule.mesh % raw_target["cells"] == 0  # rule 11.11
    steady = divides and dim <= 2  # rule 11.10
    due = due_grades(schedule, grades, steady)
    findings = read_findings(stated, due, range(1, n + 1), ("no-proof",))
    stop = findings[-1] if schedule.until is not None else None
    count = n * (2 + len(schedule.powers) + steady)
    each = findings[len(due) - (stop is not None) - count :]
    rows = [each[i : i + n] for i in range(0, count, n)]  # of n levels each
    check_offset(grades, dim)
    check_shape(findings[: len(due) - len(each)], grades, dim, raw_network)
    f = read_interpolant(schedule, raw_target, max(grids))
    facts = run_sweeps(schedule, grades, f, rows[0])
    for finding, sweep, monotone in zip(rows[0], grades.sweeps, facts.proved, strict=True):
        check_pointwise(finding, sweep, monotone, not f.margins)
    for p, row in zip(schedule.powers, rows[1:], strict=False):
        for s, (finding, sweep) in enumerate(zip(row, grades.sweeps, strict=True)):
            sizes, proved = facts.sizes[s : s + 2], rows[0][s].status == PROVED
            check_decrease(finding, p, sweep, sizes, facts.decreases[s][p], proved)
    tops = []
    for finding, sweep in zip(rows[1 + len(schedule.powers)], grades.sweeps, strict=True):
        tops.append(check_rate(finding, facts, not f.margins, 1 if divides else 2, sweep.cells))
    for s, finding in enumerate(rows[-1] if steady else []):
        check_slope(finding, facts.sizes[s : s + 2])
    check_stop(stop, tops, schedule)
    return findings


# ---------------------------------------------------------------------------------------------------------------
# 12 The claim `multiplicative`: what is read
#
# M is the mesh, q the degree, G the grid, B the cardinal B-spline of degree q, K the indices k along an axis. A
# coefficient array lists the c_k, k in K^d, row-major with axis 0 slowest, as integers over a denominator that stands
# beside it. `Refinement` counts from the lower end of Omega*, which has M + 2·margin cells along an axis: there the
# splines that meet box m of a mesh are those at positions m..m+q.


class Scheme(NamedTuple):
    """Rule 12.1: the parameters of `multiplicative`; s is of no use for the norm sup."""

    dim: int
    mesh: int
    degree: int
    norm: str
    s: Fraction
    support: int

    @property
    def zero(self) -> bool:
        """Is f a function on R^d that is 0 outside the cube (rule 12.1)?"""
        return self.norm == "bessel" and self.degree > 1

    @property
    def bent(self) -> bool:
        """Whether second derivatives are looked at (rule 12.5)."""
        return self.degree >= 2

    @property
    def twice(self) -> bool:
        """Are second derivatives wanted (rule 12.1)?"""
        return self.s > 1

    @property
    def sloped(self) -> bool:
        """Are first derivatives wanted (rule 12.1)?"""
        return self.degree == 1 or self.norm != "sup"

    @property
    def indices(self) -> range:
        """Rule 12.2: K."""
        M, q = self.mesh, self.degree
        return range(-2, M + 2 - q) if self.zero else range(-q, M)

    @property
    def margin(self) -> int:
        """Rule 12.5: the cells of Omega* on each side of the cube."""
        return 2 if self.zero else 0

    def boxes(self, grid: int) -> int:
        """Rule 12.5: how many boxes Omega* has along an axis."""
        return grid + 2 * self.margin * (grid // self.mesh)


class Lattice(NamedTuple):
    """Rules 12.5, 12.6: the boxes' side 1/G, and t = step/G; rule 12.8: the S_beta in the order of `betas`."""

    grid: int
    step: int
    seminorms: list[Fraction]


class Array(NamedTuple):
    """Numbers over a product of index sets of these sizes, row-major."""

    shape: Ints
    values: Ints


class Spline(NamedTuple):
    """Rule 12.2: the c_k over `den`."""

    coefficients: Array
    den: int


class Source(NamedTuple):
    """The target: the parsed text and the scale of its intervals (rule 4.3)."""

    nodes: list[Node]
    w: int


def read_scheme(value: Any) -> Scheme:
    """Rule 12.1, and a limit of rule 12.9."""
    at = "claim.parameters"
    parameters = fields(value, "claim", "name parameters")[1]
    dim, mesh, degree, norm, s, support = fields(parameters, at, "dim mesh degree norm s support")
    d, q = integer(dim, f"{at}.dim", 1, 3), integer(degree, f"{at}.degree", 1, 3)
    M, widest = (
        integer(mesh, f"{at}.mesh", q if q % 2 else q - 1),
        integer(support, f"{at}.support", 1, 64),
    )
    require(most_units(d, M, q) <= MAX_UNITS, f"{at}.mesh", "more than 2^22 products (rule 12.9)")
    if one_of(norm, f"{at}.norm", "sup", "zygmund", "bessel") == "sup":
        require(s is None, f"{at}.s", "must be null for the norm sup (rule 12.1)")
        return Scheme(d, M, q, norm, Fraction(0), widest)
    order = rational(s, f"{at}.s")
    good = 0 <= order <= min(q, 2) and max(order.as_integer_ratio()) <= 64 and (order > 0 or norm == "bessel")
    require(good, f"{at}.s", "s out of range (rule 12.1)")
    return Scheme(d, M, q, norm, order, widest)


def most_units(dim: int, mesh: int, q: int) -> int:
    """Rule 12.8: the bound of `units`."""
    return ((q + 1) * (q + 2) // 2 * (mesh + q)) ** dim


def betas(scheme: Scheme) -> list[tuple[int, ...]]:
    """Rule 12.8: the beta with |beta| = q + 1, lexicographically decreasing, if `evidence.seminorms` has any."""
    order = scheme.degree + 1
    if scheme.degree == 1 or not scheme.sloped:
        return []
    every = itertools.product(range(order, -1, -1), repeat=scheme.dim)
    return [beta for beta in every if sum(beta) == order]


def read_lattice(value: Any, scheme: Scheme) -> Lattice:
    """Rules 12.5, 12.6 and 12.9."""
    grid, step, stated = fields(value, "evidence", "grid step seminorms")
    G, n, order = integer(grid, "evidence.grid", 1), integer(step, "evidence.step", 1), scheme.degree + 1
    require(G % scheme.mesh == 0, "evidence.grid", "not a multiple of M (rule 12.5)")
    lattice = (2 * scheme.boxes(G)) ** scheme.dim
    require(lattice <= MAX_LATTICE, "evidence.grid", "boxes times corners > 2^22 (rule 12.9)")
    require(n * order <= G, "evidence.step", "step/G > 1/(q+1) (rule 12.6)")
    require(n**order << 60 >= G**order, "evidence.step", "(step/G)^(q+1) < 2^-60 (rule 12.9)")
    place = "evidence.seminorms"
    items(stated, place, len(betas(scheme)))
    return Lattice(G, n, [rational(S, f"{place}[{k}]") for k, S in enumerate(stated)])


def read_source(value: Any, scheme: Scheme, grid: int) -> Source:
    """Rules 12.1, 4.3; work bounded before it starts."""
    kind = value.get("kind") if type(value) is dict else None
    one_of(kind, "target.kind", "expression")
    nodes, w = read_expression(value, scheme.dim)
    times_each = 4 if scheme.bent else 1
    require(w * (grid + 1) ** scheme.dim <= NODE_BITS, AT_TEXT, "too many bits for a grid so fine")
    effort = visits(nodes, w) * times_each * grid**scheme.dim
    require(effort <= MAX_VISITS, AT_TEXT, "too long for a grid so fine")
    return Source(nodes, w)


def read_spline(value: Any, scheme: Scheme, grid: int) -> Spline:
    """Rule 12.2. `grow`: what knot insertion, differences and values at midpoints add to the length of numbers."""
    d, M, q, place = scheme.dim, scheme.mesh, scheme.degree, "network.coefficients"
    inputs, degree, mesh, coefficients = fields(value, "network", "inputs degree mesh coefficients")
    integer(inputs, "network.inputs", d, d)
    integer(degree, "network.degree", q, q)
    integer(mesh, "network.mesh", M, M)
    size, boxes = len(scheme.indices), scheme.boxes(grid)
    count = size**d
    items(coefficients, place, count)
    numbers = [rational(c, f"{place}[{k}]") for k, c in enumerate(coefficients)]
    den, values = over_common(numbers, place, min(FRACTION_BITS, NODE_BITS // count))
    affordable(values, 1, count, place)
    grow = (48 * (grid // M) ** q) ** d * (4 if scheme.bent else 1)
    affordable(values, grow, (M + 2 * scheme.margin + q) * (boxes + q) ** (d - 1), place)
    bits = max(den, max(values), -min(values)).bit_length() + grow.bit_length()
    require(bits * boxes**d <= SPLINE_BITS, place, "numbers too long for so many boxes")
    return Spline(Array([size] * d, values), den)


# ---------------------------------------------------------------------------------------------------------------
# 12 Arrays, line by line along an axis


def along(a: Array, axis: int, action: Callable[[list[Ints]], list[Ints]]) -> Array:
    """The array with its lines along this axis replaced: line k holds all entries with index k there, in order."""
    size, inner = a.shape[axis], math.prod(a.shape[axis + 1 :])
    blocks = range(0, len(a.values), size * inner)
    if inner == 1:
        lines = [a.values[k::size] for k in range(size)]
    else:
        lines = [
            [x for b in blocks for x in a.values[b + k * inner : b + (k + 1) * inner]] for k in range(size)
        ]
    lines = action(lines)
    fresh = len(lines)
    result = [0] * (fresh * inner * len(blocks))
    for k, line in enumerate(lines):
        if inner == 1:
            result[k::fresh] = line
        else:
            for i in range(len(blocks)):
                at = (i * fresh + k) * inner
                result[at : at + inner] = line[i * inner : (i + 1) * inner]
    return Array([*a.shape[:axis], fresh, *a.shape[axis + 1 :]], result)


Row = list[tuple[int, int]]


def combined(rows: list[Row]) -> Callable[[list[Ints]], list[Ints]]:
    """Line j of the result is the sum of a·(line k) over the pairs (k, a) of rows[j]."""

    def action(lines: list[Ints]) -> list[Ints]:
        result = []
        for row in rows:
            total = [0] * len(lines[0])
            for k, a in row:
                total = [x + a * y for x, y in zip(total, lines[k], strict=True)]
            result.append(total)
        return result

    return action


def windows(width: int, pick: Pick) -> Callable[[list[Ints]], list[Ints]]:
    """Line m of the result: entry by entry the least (largest) of the lines m..m+width-1."""

    def action(lines: list[Ints]) -> list[Ints]:
        if width == 1:
            return lines
        return [list(map(pick, *lines[m : m + width])) for m in range(len(lines) - width + 1)]

    return action


def steps_between(lines: list[Ints]) -> list[Ints]:
    """Line m of the result: line m + 1 less line m."""
    return [list(map(operator.sub, v, u)) for u, v in itertools.pairwise(lines)]


def solution(rows: list[list[Fraction]], place: str) -> list[Fraction]:
    """The one solution of linear equations (coefficients, then the right side), of which there may be too many."""
    rows, n = [list(row) for row in rows], len(rows[0]) - 1
    for c in range(n):
        pivot = next((i for i in range(c, len(rows)) if rows[i][c] != 0), None)
        if pivot is None:
            raise Rejected(place, "equations with more than one solution")
        rows[c], rows[pivot] = rows[pivot], rows[c]
        rows[c] = [x / rows[c][c] for x in rows[c]]
        for i, row in enumerate(rows):
            if i != c and row[c] != 0:
                rows[i] = [x - row[c] * y for x, y in zip(row, rows[c], strict=True)]
    require(all(row[n] == 0 for row in rows[n:]), place, "equations without a solution")
    return [row[n] for row in rows[:n]]


# ---------------------------------------------------------------------------------------------------------------
# 12.2 - 12.4, 12.7 B-splines, units, functionals, constants


def cardinal(q: int, t: Fraction) -> Fraction:
    """Rule 12.2: B_q(t)."""
    if not 0 <= t < q + 1:
        return Fraction(0)
    if q == 0:
        return Fraction(1)
    return (t * cardinal(q - 1, t) + (q + 1 - t) * cardinal(q - 1, t - 1)) / q


def unit_weights(q: int) -> dict[tuple[int, int], Fraction]:
    """Rule 12.3: the gamma. Both sides have degree 2q on each [i, i + 1], so 2q + 1 values on it decide."""
    pairs = list(itertools.combinations(range(q + 2), 2))
    rows = []
    for t in (Fraction(k, 2 * q) for k in range(2 * q * (q + 1) + 1)):
        rows.append([max(t - a, 0) ** q * max(b - t, 0) ** q for a, b in pairs] + [cardinal(q, t)])
    return dict(zip(pairs, solution(rows, "network.degree"), strict=True))


def count_units(spline: Spline, scheme: Scheme) -> int:
    """Rule 12.3: how many C are not 0, for one choice of A' - A = 1..q+1 along each axis after the other.

    Along an axis C at A is the sum over a of gamma_{a,a+length}·c_{A-a}; a common factor does not matter.
    """
    q, gamma = scheme.degree, unit_weights(scheme.degree)
    _, flat = over_common(list(gamma.values()), "network.degree")
    weights = dict(zip(gamma, flat, strict=True))
    actions = []
    for length in range(1, q + 2):
        own = [weights[a, a + length] for a in range(q + 2 - length)]
        last = len(scheme.indices) - 1
        rows = [
            [(A - a, g) for a, g in enumerate(own) if g and 0 <= A - a <= last]
            for A in range(last + len(own))
        ]
        actions.append(combined(rows))

    def count(a: Array, axis: int) -> int:
        if axis == scheme.dim:
            return len(a.values) - a.values.count(0)
        return sum(count(along(a, axis, action), axis + 1) for action in actions)

    return count(spline.coefficients, 0)


Shape = tuple[tuple[int, int], ...]  # (2(s_j - k), w_j·den) for all sites with w_j != 0 of one lambda_k


class Functionals(NamedTuple):
    """Rule 12.4 on one axis."""

    sites: Ints  # doubled, and in the open cube if f is 0 elsewhere
    rows: list[Row]  # of lambda_k, k in K in order: (number of a site, w·den)
    shapes: list[Shape]  # of the same lambda_k; if f is 0 outside the cube, the one of all integers k
    den: int


def functionals(scheme: Scheme) -> Functionals:
    """Rule 12.4. |b - mu| < |a - mu| for sites a < b iff a + b < 2 mu; so the first one never moves back as k grows."""
    M, q = scheme.mesh, scheme.degree
    if scheme.zero:
        den, [shape] = weighted([tuple(q + 1 + 2 * i for i in (-1, 0, 1))], q)
        sites = range(2, 2 * M, 2) if q % 2 else range(1, 2 * M, 2)
        number = {site: i for i, site in enumerate(sites)}
        rows = [[(number[s + 2 * k], w) for s, w in shape if s + 2 * k in number] for k in scheme.indices]
        return Functionals(list(sites), rows, [shape], den)
    sites = list(range(0, 2 * M + 1, 2)) if q % 2 else [0, *range(1, 2 * M, 2), 2 * M]
    taken, n = [], 0
    for k in scheme.indices:
        while n + q + 1 < len(sites) and sites[n] + sites[n + q + 1] < 2 * (2 * k + q + 1):
            n += 1
        taken.append(tuple(s - 2 * k for s in sites[n : n + q + 1]))
    den, shapes = weighted(taken, q)
    number = {site: i for i, site in enumerate(sites)}
    rows = [
        [(number[s + 2 * k], w) for s, w in shape] for k, shape in zip(scheme.indices, shapes, strict=True)
    ]
    return Functionals(sites, rows, shapes, den)


def weighted(taken: list[tuple[int, ...]], q: int) -> tuple[int, list[Shape]]:
    """Rule 12.4: the weights at these 2(s_j - k), over a common denominator.

    The equations are those of the polynomials t^r; in the basis (t - k)^r the right side is e_r(1, ..., q)/C(q,r),
    for it is what the blossom of a polynomial takes at k+1, ..., k+q. So the weights depend on the s_j - k only.
    """
    known: dict[tuple[int, ...], list[Fraction]] = {}
    right = [Fraction(e, math.comb(q, r)) for r, e in enumerate(elementary(range(1, q + 1)))]
    for own in taken:
        if own not in known:
            rows = [[*(Fraction(s, 2) ** r for s in own), right[r]] for r in range(len(own))]
            known[own] = solution(rows, "claim.parameters")
    den, flat = over_common([w for row in known.values() for w in row], "claim.parameters")
    left, shapes = iter(flat), {}
    for own in known:
        pairs = [(s, next(left)) for s in own]
        shapes[own] = tuple((s, w) for s, w in pairs if w)
    return den, [shapes[own] for own in taken]


def elementary(values: Iterable[int]) -> Ints:
    """The elementary symmetric polynomials e_0, e_1, ... of the values."""
    e = [1]
    for x in values:
        e = [a + x * b for a, b in zip([*e, 0], [0, *e], strict=True)]
    return e


def kinds_of_cells(own: Functionals, scheme: Scheme) -> list[list[Shape]]:
    """The shapes of lambda_{n-q}, ..., lambda_n for the cells n, those that repeat left out."""
    q = scheme.degree
    if scheme.zero:
        return [own.shapes * (q + 1)]
    number = {shape: i for i, shape in enumerate(dict.fromkeys(own.shapes))}
    numbers, shapes = [number[shape] for shape in own.shapes], list(number)
    kinds = dict.fromkeys(tuple(numbers[n : n + q + 1]) for n in range(scheme.mesh))
    return [[shapes[i] for i in kind] for kind in kinds]


def check_exactness(own: Functionals, scheme: Scheme, place: str) -> None:
    """Rule 12.8: on a cell n, at u/q for u = 0..q in t - n: both sides have degree q there.

    The powers of t - n span the same polynomials as those of t; so cells that repeat need no second look.
    """
    q = scheme.degree
    for shapes in kinds_of_cells(own, scheme):
        for r, u in itertools.product(range(q + 1), repeat=2):
            value = Fraction(0)
            for i, shape in enumerate(shapes):  # k = n - q + i
                moment = sum(w * Fraction(s + 2 * (i - q), 2) ** r for s, w in shape)
                value += moment * cardinal(q, Fraction(u, q) + q - i)
            due = Fraction(u, q) ** r * own.den
            require(value == due, place, "the functionals do not reproduce t^r (rule 12.8)")


def farthest_site(own: Functionals, scheme: Scheme) -> Fraction:
    """Rule 12.8, `locality`: the largest rho of a used site. Everything is doubled in here, and less 2k."""
    top, farthest = 2 * (scheme.degree + 1), 0
    for k, shape in zip(scheme.indices, own.shapes, strict=False):
        a, b = (0, top) if scheme.zero else (max(0, -2 * k), min(top, 2 * (scheme.mesh - k)))
        farthest = max(farthest, *(max(abs(s - a), abs(s - b)) for s, _ in shape))
    return Fraction(farthest, 2)


def pieces_of(q: int) -> list[list[Fraction]]:
    """Rule 12.2: the polynomial in u that B_q(i + u) is for u in [0, 1], i = 0..q; constant term first."""
    pieces = [[Fraction(1)]]
    for p in range(1, q + 1):
        nothing = [Fraction(0)] * p
        below, above = [*pieces, nothing], [nothing, *pieces]  # B_{p-1}(i + u), B_{p-1}(i - 1 + u)
        pieces = []
        for i, (a, b) in enumerate(zip(below, above, strict=True)):
            lifted = [x - y for x, y in zip([0, *a], [0, *b], strict=True)]  # u·(a - b)
            plain = [i * x + (p + 1 - i) * y for x, y in zip([*a, 0], [*b, 0], strict=True)]
            pieces.append([Fraction(x + y, p) for x, y in zip(lifted, plain, strict=True)])
    return pieces


PARTS = 48  # of a cell (rule 12.7)
Amplifications = dict[tuple[int, int], Fraction]


def amplifications(own: Functionals, scheme: Scheme) -> Amplifications:
    """Rule 12.7: the A_{a,b}. In t - n; distances from sites are those times 48."""
    q, result = scheme.degree, {}
    cells = kinds_of_cells(own, scheme)
    for a in range(min(2, q) + 1):
        pieces = pieces_of(q)
        for _ in range(a):
            pieces = [[r * x for r, x in enumerate(piece)][1:] for piece in pieces]
        flat = [
            sum((x * Fraction(j, PARTS) ** r for r, x in enumerate(piece)), Fraction(0))
            for piece in pieces
            for j in range(PARTS + 1)
        ]
        scale, flat = over_common(flat, "claim.parameters")
        ends = [flat[i * (PARTS + 1) : (i + 1) * (PARTS + 1)] for i in range(q + 1)]
        tops = [[max(abs(x), abs(y)) for x, y in itertools.pairwise(row)] for row in ends]
        for b in range(q + 2):
            top = max(part_sum(shapes, tops, j, b) for shapes in cells for j in range(PARTS))
            result[a, b] = Fraction(top, scale * own.den * PARTS**b)
    return result


def part_sum(shapes: list[Shape], tops: list[Ints], j: int, b: int) -> int:
    """Rule 12.7: the sum over the k = n - q + i, for which B is the polynomial on [q - i, q - i + 1]."""
    total, q = 0, len(shapes) - 1
    for i, shape in enumerate(shapes):
        far = 0
        for s, w in shape:
            site = PARTS // 2 * (s + 2 * (i - q))
            far += abs(w) * max(abs(site - j), abs(site - j - 1)) ** b
        total += tops[q - i][j] * far
    return total


def constant_of_degree(A: Amplifications, scheme: Scheme) -> Fraction:
    """Rule 12.7: C_q."""
    q = scheme.degree
    if q == 1:
        return Fraction(1, 8)
    return A[0, 0] ** (scheme.dim - 1) * A[0, q + 1] / math.factorial(q + 1)


def bound_of_order(
    alpha: Sequence[int], A: Amplifications, stated: list[Fraction], tau: Fraction, scheme: Scheme
) -> Fraction:
    """Rule 12.7: b_alpha from the stated S_beta."""
    M, order, total = scheme.mesh, sum(alpha), Fraction(0)
    for beta, S in zip(betas(scheme), stated, strict=True):
        total += S * math.prod(A[a, b] / math.factorial(b) for a, b in zip(alpha, beta, strict=True))
    return total / M ** (scheme.degree + 1 - order) + (2 * M) ** order * tau


def check_coefficients(
    finding: Finding, spline: Spline, own: Functionals, scheme: Scheme, source: Source
) -> Fraction:
    """Rule 12.8: |c_k - lambda_k(f)| <= tau for every k; tau."""
    place, d = f"{finding.place}.tolerance", scheme.dim
    tau = rational(finding.own[0], place)
    most = Fraction(max(map(abs, spline.coefficients.values)), spline.den) / TOLERANCE
    require(0 <= tau <= most, place, "negative, or above 2^-30 of the largest coefficient (rule 12.8)")
    values, radii = sampled(source.nodes, source.w, own.sites, 2 * scheme.mesh, d)
    sizes = [[(j, abs(w)) for j, w in row] for row in own.rows]
    shape = [len(own.sites)] * d
    centre, spread = Array(shape, values), Array(shape, radii)
    for axis in range(d):
        centre, spread = along(centre, axis, combined(own.rows)), along(spread, axis, combined(sizes))
    scale = own.den**d << source.w  # of centre and spread
    gaps = [
        abs(c * scale - x * spline.den) + r * spline.den
        for c, x, r in zip(spline.coefficients.values, centre.values, spread.values, strict=True)
    ]
    good = max(gaps) * tau.denominator <= tau.numerator * spline.den * scale
    require(good, place, f"coefficient {gaps.index(max(gaps))} is farther from lambda_k(f) (rule 12.8)")
    check_status(finding, PROVED)
    return tau


# ---------------------------------------------------------------------------------------------------------------
# 12.5 Boxes

Ends = tuple[Ints, Ints]  # intervals, one for each box


class Errors(NamedTuple):
    """Rule 12.5: enclosures of E, the L_i, the L_ij (pairs i <= j in lexicographic order); rule 12.10: of `squares`.

    `slopes` is None if some G_i is not bounded, `curves` if some H_ij is not or they are not wanted, `squares` if it
    has not been computed.
    """

    error: Enclosure
    slopes: list[Enclosure] | None
    curves: list[Enclosure] | None
    squares: list[Enclosure] | None


def pairs_of(dim: int) -> list[tuple[int, int]]:
    """The pairs i <= j in lexicographic order."""
    return list(itertools.combinations_with_replacement(range(dim), 2))


class Refinement:
    """Rule 12.5: Phi on the mesh 1/G, over `den`, for the boxes of a slab of Omega* at a time."""

    def __init__(self, spline: Spline, scheme: Scheme, grid: int) -> None:
        self.dim, self.q, self.n, self.grid = scheme.dim, scheme.degree, grid // scheme.mesh, grid
        self.mask = self.insertion()
        self.partly = spline.coefficients  # coarse along axis 0 only
        boxes, rim = scheme.boxes(grid), self.q if scheme.zero else 0  # K lacks those that only touch Omega*
        for axis in range(self.dim if rim else 0):
            self.partly = along(self.partly, axis, lambda lines: rimmed(lines, rim, rim))
        for axis in range(1, self.dim):
            self.partly = along(self.partly, axis, combined(self.rows(range(boxes))))
        self.den = spline.den * self.n ** (self.q * self.dim)
        q = self.q
        flat = [cardinal(q, Fraction(1, 2) + i) for i in range(q + 1)]
        self.centre_den, self.centre_weights = over_common(flat, "network.degree")

    def insertion(self) -> Ints:
        """n^q·a_j: the coefficients of (1 + z + ... + z^(n-1))^(q+1), a factor at a time."""
        mask = [1]
        for _ in range(self.q + 1):
            sums = [0] * self.n + list(itertools.accumulate(mask)) + [sum(mask)] * (self.n - 1)
            mask = [x - y for x, y in zip(sums[self.n :], sums, strict=False)]
        return mask

    def rows(self, boxes: range) -> list[Row]:
        """The fine coefficients whose splines meet these boxes, j = first box - q, ..., last box, from coarse ones."""
        q, n, top = self.q, self.n, len(self.mask) - 1
        result = []
        for j in range(boxes.start - q, boxes.stop):
            ks = range(-((top - j) // n), j // n + 1)
            result.append([(k + q, self.mask[j - n * k]) for k in ks])
        return result

    def part(self, boxes: range) -> Array:
        """The fine coefficients of the splines that meet the boxes with these numbers along axis 0."""
        return along(self.partly, 0, combined(self.rows(boxes)))

    def at_midpoints(self, c: Array, w: int) -> Ends:
        """Phi at the boxes' midpoints, at scale w."""
        for axis in range(self.dim):
            c = self.centred(c, axis, self.centre_weights)
        return fixed_ends(c.values, c.values, self.den * self.centre_den**self.dim, w)

    def centred(self, c: Array, axis: int, weights: Ints) -> Array:
        """The values, along this axis, in the middle of every box."""
        last = c.shape[axis] - len(weights) + 1
        return along(c, axis, combined([[(m + i, b) for i, b in enumerate(weights)] for m in range(last)]))

    def slope_at_midpoints(self, c: Array, axis: int, w: int) -> Ends:
        """The derivative of Phi along the axis at the midpoints: a spline of degree q-1 along it, at scale w."""
        flat = [cardinal(self.q - 1, Fraction(1, 2) + i) for i in range(self.q)]
        den, weights = over_common(flat, "network.degree")
        c = along(c, axis, steps_between)
        for i in range(self.dim):
            c = self.centred(c, i, weights if i == axis else self.centre_weights)
        values = times(c.values, self.grid)
        return fixed_ends(values, values, self.den * self.centre_den ** (self.dim - 1) * den, w)

    def derivative(self, c: Array, axes: tuple[int, ...], w: int) -> Ends:
        """The hull of the derivative of Phi along these axes, one or two, on every box, at scale w."""
        for axis in axes:
            c = along(c, axis, steps_between)
        lo, hi = self.hull(c, [self.q + 1 - axes.count(i) for i in range(self.dim)])
        scale = self.grid ** len(axes)
        return fixed_ends(times(lo, scale), times(hi, scale), self.den, w)

    def range(self, c: Array, w: int) -> Ends:
        """The hull of Phi on every box, at scale w."""
        return self.derivative(c, (), w)

    def hull(self, c: Array, widths: Ints) -> Ends:
        """The least and the largest of the coefficients whose splines meet a box: so many along each axis."""
        lo = hi = c
        for axis, width in enumerate(widths):
            lo, hi = along(lo, axis, windows(width, min)), along(hi, axis, windows(width, max))
        return lo.values, hi.values


def rimmed(lines: list[Ints], before: int, after: int) -> list[Ints]:
    """The lines with so many lines of zeros before and after them."""
    nothing = [0] * len(lines[0])
    return [nothing] * before + lines + [nothing] * after


def fixed_ends(lo: Ints, hi: Ints, den: int, w: int) -> Ends:
    """[lo/den, hi/den] at scale w, rounded outward."""
    return [(x << w) // den for x in lo], [-((-x << w) // den) for x in hi]


def less(a: Ends, b: Ends) -> Ends:
    """The intervals a - b."""
    return list(map(operator.sub, a[0], b[1])), list(map(operator.sub, a[1], b[0]))


class Ground(NamedTuple):
    """Rule 12.5: f on the boxes of a slab of Omega*, at scale w; 0 on those outside the cube."""

    value: Ends  # V
    middle: Ends  # v
    slopes: list[Ends]  # G_i
    core: list[Ends]  # g_i, for q >= 2
    curves: list[Ends]  # H_ij for i <= j in lexicographic order, for q >= 2
    wild: Ints | None  # 1 where some G_i is not bounded
    rough: Ints | None  # 1 where some H_ij, or some g_i, is not bounded


def ground(source: Source, scheme: Scheme, part: list[range], grid: int) -> Ground:
    """f on these boxes, numbered from the lower end of Omega*."""
    shift, d = scheme.margin * (grid // scheme.mesh), scheme.dim
    inner = [range(max(r.start - shift, 0), min(r.stop - shift, grid)) for r in part]
    nothing = [0] * math.prod(len(r) for r in part)
    blank, pairs = (nothing, nothing), pairs_of(d) if scheme.bent else []
    if not all(inner):
        return Ground(blank, blank, [blank] * d, [blank] * d, [blank] * len(pairs), None, None)
    slab = Slab([len(r) for r in inner], source.w, "evidence.grid")

    def whole(axes: tuple[int, ...], values: Ints) -> Ints:
        full = Array(slab.shape, slab.spread(axes, values, tuple(range(d))))
        for axis, (r, own) in enumerate(zip(part, inner, strict=True) if shift else ()):
            before, after = own.start + shift - r.start, r.stop - own.stop - shift
            full = along(full, axis, lambda lines, b=before, a=after: rimmed(lines, b, a))
        return full.values

    def ends(a: Arr | None) -> Ends:
        return blank if a is None else (whole(a.axes, a.lo), whole(a.axes, a.hi))

    sides, bend = sides_of(slab, inner, grid), None
    if scheme.bent:
        bend = Curvature(slab).run(source.nodes, sides)
    jet = bend.jet if bend else slab.run(source.nodes, sides)
    middle = slab.run(source.nodes, midpoints_of(slab, inner, grid, scheme.bent))
    rough = slab.wild_or(bend.rough, middle.wild) if bend else None
    return Ground(
        ends(jet.value),
        ends(middle.value),
        [ends(jet.grad.get(i)) for i in range(d)],
        [ends(middle.grad.get(i)) for i in range(d)] if bend else [],
        [ends(bend.hess.get(pair)) for pair in pairs] if bend else [],
        whole(jet.wild.axes, jet.wild.lo) if jet.wild else None,
        whole(rough.axes, rough.lo) if rough else None,
    )


def narrowed(
    first: list[Ends], core: list[Ends], second: list[Ends], rough: Ints | None, grid: int
) -> list[Ends]:
    """Rule 12.5, q >= 2: Gamma_i met with (g_i - d_i Phi(c)) + sum of Gamma_ij·[-1/(2G), 1/(2G)], where not rough."""
    d, size = len(first), len(first[0][0])
    half = {
        pair: [-(-max(-x, y) // (2 * grid)) for x, y in zip(*ends, strict=True)]
        for pair, ends in zip(pairs_of(d), second, strict=True)
    }
    free = rough or [0] * size
    result = []
    for i, (wide, point) in enumerate(zip(first, core, strict=True)):
        reach = [sum(row) for row in zip(*(half[min(i, j), max(i, j)] for j in range(d)), strict=True)]
        rows = list(zip(*wide, *point, reach, free, strict=True))
        result.append(
            (
                [a if flag else max(a, x - r) for a, _, x, _, r, flag in rows],
                [b if flag else min(b, y + r) for _, b, _, y, r, flag in rows],
            )
        )
    return result


class Worst:
    """The largest mig and the largest absolute value of the intervals seen so far."""

    def __init__(self) -> None:
        self.low = self.high = 0

    def add(self, lo: Ints, hi: Ints) -> Ints:
        """Their largest absolute values."""
        most = [max(-x, y) for x, y in zip(lo, hi, strict=True)]
        self.low, self.high = max(self.low, max(lo), -min(hi)), max(self.high, max(most))
        return most

    def enclosure(self, w: int) -> Enclosure:
        return Enclosure(Fraction(self.low, 1 << w), Fraction(self.high, 1 << w))


class Squares:
    """Rule 12.10: the sums over the boxes of the means of e^2, of the (d_i e)^2 and of the (d_i d_j e)^2."""

    def __init__(self, scheme: Scheme, grid: int, w: int) -> None:
        self.scheme, self.grid, self.w = scheme, grid, w
        self.value, self.slope, self.curve = [0, 0], [0, 0], [0, 0]

    def add(self, e: Ends, slopes: list[Ends], curves: list[Ends]) -> None:
        """e holds w on each box. Summed up is the mean of e^2 times 48 G^2: with M = 2 mu and R = 2 rho, it is
        48 G^2 w^2 + (sum of M^2) -+ 6 (4 G sup|w| + sum of |M|)(sum of R), and + 3 (sum of R)^2 above.
        """
        size, G = len(e[0]), self.grid
        squares, middles, radii = [0] * size, [0] * size, [0] * size
        for a, b in slopes:
            for k, (x, y) in enumerate(zip(a, b, strict=True)):
                squares[k] += (x + y) ** 2
                middles[k] += abs(x + y)
                radii[k] += y - x
            self.extend(self.slope, a, b, 1)
        for x, y, m, q, r in zip(*e, middles, squares, radii, strict=True):
            near, far = max(x, -y, 0), max(-x, y)
            cross = 6 * (4 * G * far + m) * r
            self.value[0] += max(48 * G * G * near * near + q - cross, 0)
            self.value[1] += 48 * G * G * far * far + q + cross + 3 * r * r
        for (i, j), ends in zip(pairs_of(self.scheme.dim), curves, strict=False):
            self.extend(self.curve, *ends, 1 if i == j else 2)

    def extend(self, total: Ints, lo: Ints, hi: Ints, count: int) -> None:
        """Adds the squares of the intervals, each so often."""
        total[0] += count * sum(max(x, -y, 0) ** 2 for x, y in zip(lo, hi, strict=True))
        total[1] += count * sum(max(-x, y) ** 2 for x, y in zip(lo, hi, strict=True))

    def result(self) -> list[Enclosure]:
        """The squares of the norms of e, of its gradient, and of its second derivatives if they are wanted."""
        den = self.grid**self.scheme.dim << 2 * self.w
        rows = [(self.value, 48 * self.grid**2), (self.slope, 1), (self.curve, 1)]
        return [
            Enclosure(Fraction(low, scale * den), Fraction(high, scale * den))
            for (low, high), scale in (rows if self.scheme.twice else rows[:2])
        ]


def measure_errors(spline: Spline, scheme: Scheme, source: Source, grid: int) -> Errors:
    """Rules 12.5 and 12.10, slab by slab."""
    d, w, fine, error = scheme.dim, source.w, Refinement(spline, scheme, grid), Worst()
    slopes, curves = [Worst() for _ in range(d)], [Worst() for _ in pairs_of(d) if scheme.twice]
    squares, bounded, smooth = Squares(scheme, grid, w), True, scheme.twice
    for part in slabs([range(scheme.boxes(grid))] * d):
        own, c = ground(source, scheme, part, grid), fine.part(part[0])
        bounded, smooth = bounded and own.wild is None, smooth and own.rough is None
        e = less(own.middle, fine.at_midpoints(c, w))
        first = [less(G, fine.derivative(c, (i,), w)) for i, G in enumerate(own.slopes)]
        second = [less(H, fine.derivative(c, ij, w)) for ij, H in zip(pairs_of(d), own.curves, strict=False)]
        if scheme.bent:
            core = [less(g, fine.slope_at_midpoints(c, i, w)) for i, g in enumerate(own.core)]
            first = narrowed(first, core, second, own.rough, grid)
        if not scheme.twice:
            second = []
        for worst, ends in zip(curves, second, strict=True):
            worst.add(*ends)
        add_errors(own, fine, c, e, first, w, error, slopes)
        Waiting.tell(part[0].stop, scheme.boxes(grid))
        if scheme.norm == "bessel":
            squares.add(e, first, second)
    return Errors(
        error.enclosure(w),
        [x.enclosure(w) for x in slopes] if bounded else None,
        [x.enclosure(w) for x in curves] if smooth else None,
        squares.result() if bounded and scheme.norm == "bessel" else None,
    )


def add_errors(
    own: Ground,
    fine: Refinement,
    c: Array,
    e: Ends,
    first: list[Ends],
    w: int,
    error: Worst,
    slopes: list[Worst],
) -> None:
    """Rule 12.5 for the boxes of a slab: E and the L_i from v - Phi(c) and the Gamma_i.

    With Gamma_i = [a, b], Gamma_i·[-1/(2G), 1/(2G)] is +-max(-a, b)/(2G).
    """
    reach = [0] * len(e[0])
    for worst, ends in zip(slopes, first, strict=True):
        most = worst.add(*ends)
        reach = [r - (-x // (2 * fine.grid)) for r, x in zip(reach, most, strict=True)]
    top = [max(-x, y) + r for x, y, r in zip(*e, reach, strict=True)]
    if own.wild is not None:
        far = [max(-x, y) for x, y in zip(*less(own.value, fine.range(c, w)), strict=True)]
        top = [u if flag else t for u, t, flag in zip(far, top, own.wild, strict=True)]
    error.low, error.high = max(error.low, max(e[0]), -min(e[1])), max(error.high, max(top))


# ---------------------------------------------------------------------------------------------------------------
# 12.6 Differences


class Nodes:
    """Rule 12.6: enclosures of f at the nodes of the grid, and what differences of them give."""

    def __init__(self, scheme: Scheme, source: Source, lattice: Lattice) -> None:
        self.dim, self.lattice = scheme.dim, lattice
        self.w = source.w
        self.values, self.radii = node_values(source.nodes, source.w, lattice.grid, scheme.dim)

    def difference(self, beta: tuple[int, ...]) -> Fraction:
        """D_beta: the largest lower end of |product of the Delta_i^(beta_i) f|/t^|beta|, where its nodes are nodes."""
        step, terms = self.lattice.step, [(0, 1)]
        for b, stride in zip(beta, strides_of(self.lattice.grid + 1, self.dim), strict=True):
            line = [(j * stride * step, (-1) ** j * math.comb(b, j)) for j in range(b + 1)]
            terms = [(o + p, a * c) for o, a in terms for p, c in line]
        return self.largest([b * step for b in beta], terms, sum(beta))

    def largest(self, extent: Ints, terms: list[tuple[int, int]], order: int) -> Fraction:
        """The largest lower end of |sum of a·f(node + offset)|/t^order, over nodes for which node + extent is one."""
        G, step = self.lattice.grid, self.lattice.step
        counts = [G + 1 - e for e in extent]
        lead, length, best = zip(counts[:-1], strides_of(G + 1, self.dim), strict=False), counts[-1], 0
        for b in outer_sum([[k * s for k in range(count)] for count, s in lead]):
            total, slack = [0] * length, [0] * length
            for o, a in terms:
                part = slice(b + o, b + o + length)
                total = [x + a * y for x, y in zip(total, self.values[part], strict=True)]
                slack = [x + abs(a) * y for x, y in zip(slack, self.radii[part], strict=True)]
            best = max(best, max(map(operator.sub, map(abs, total), slack)))
        return Fraction(best, 1 << self.w) * Fraction(G, step) ** order


def units_of_axes(dim: int, order: int, *axes: int) -> tuple[int, ...]:
    """The sum of order·e_i over these axes."""
    return tuple(order * axes.count(i) for i in range(dim))


def seminorms(scheme: Scheme, source: Source, lattice: Lattice) -> dict[tuple[int, ...], Fraction]:
    """Rule 12.6: all D_beta that are wanted; D_i is that of (q+1)e_i, D_ij that of e_i + e_j."""
    nodes, d = Nodes(scheme, source, lattice), scheme.dim
    wanted = [units_of_axes(d, scheme.degree + 1, i) for i in range(d)] + betas(scheme)
    if scheme.degree == 1:
        wanted += [units_of_axes(d, 1, *pair) for pair in itertools.combinations(range(d), 2)]
    return {beta: nodes.difference(beta) for beta in dict.fromkeys(wanted)}


# ---------------------------------------------------------------------------------------------------------------
# 12.8 Findings of `multiplicative`


def due_approximations(scheme: Scheme) -> list[Due]:
    """Rules 12.8 and 12.10: the findings of `multiplicative`."""
    names = ("activations", "units", "support", "exactness", "coefficients", "locality", "sup")
    due: list[Due] = [(name, None) for name in names]
    if scheme.sloped:
        due += [("derivative", i) for i in range(scheme.dim)]
    squares = ["l2", "gradient"]
    if scheme.twice:
        due += [("second", i) for i in range(len(pairs_of(scheme.dim)))]
        squares.append("hessian")
    last = {"sup": [], "zygmund": ["zygmund"], "bessel": [*squares, "bessel"]}[scheme.norm]
    return due + [(name, None) for name in last]


def read_approximations(value: Any, scheme: Scheme) -> list[Finding]:
    """Rule 12.8: a `derivative` states no seminorm of its own for q >= 2."""
    extra = _EXTRA if scheme.degree == 1 else {**_EXTRA, "derivative": "error bound"}
    return read_findings(value, due_approximations(scheme), range(0), ("no-proof",), extra)


def check_design(findings: list[Finding], spline: Spline, scheme: Scheme) -> None:
    """Rule 12.8: activations, units, support; and the degree of `exactness`.

    The unit at A = k of the longest sides, q + 1, has the coefficient c_k·gamma_{0,q+1}^d, which is not 0 for some k.
    """
    d, M, q = scheme.dim, scheme.mesh, scheme.degree
    kinds = ["product", ("relu", "relu2", "relu3")[q - 1]]
    exactly_states(findings[0], "value bound", kinds, kinds, rule="12.8")
    units = count_units(spline, scheme)
    require(units > 0, f"{findings[1].place}.value", "a network without units (rule 12.8)")
    exactly_states(findings[1], "value bound", units, most_units(d, M, q), rule="12.8")
    exactly_states(findings[2], "value bound", q + 1, scheme.support, rule="12.8")
    exactly_states(findings[3], "degree", q, rule="12.8")
    wide = q + 1 > scheme.support
    proofs = (True, units <= most_units(d, M, q), not wide, True)
    for finding, proved in zip(findings, proofs, strict=False):
        check_status(finding, verdict(proved, finding is findings[2] and wide))


def check_locality(finding: Finding, farthest: Fraction, scheme: Scheme) -> None:
    """Rule 12.8: h·(the largest rho of a used site) against (q + 1)h."""
    own = (farthest / scheme.mesh, Fraction(scheme.degree + 1, scheme.mesh))
    for name, text, due in zip(("value", "bound"), finding.own, own, strict=True):
        place = f"{finding.place}.{name}"
        require(rational(text, place) == due, place, f"is {due} (rule 12.8)")
    check_status(finding, verdict(own[0] <= own[1], False))


class Bounded(NamedTuple):
    """What a `sup`, `derivative` or `second` states: the enclosure's upper end, the bound, and whether it is proved."""

    top: Fraction
    bound: Fraction
    proved: bool


def check_seminorm(finding: Finding, most: Fraction, factor: Fraction, extra: Fraction) -> Fraction:
    """Rule 12.8: 0 <= D <= most; the bound that is due, factor·D + extra."""
    place = f"{finding.place}.seminorm"
    D = rational(finding.own[1], place)
    require(0 <= D <= most, place, "negative, or above what the checker finds (rule 12.8)")
    return factor * D + extra


def check_bounded(finding: Finding, own: Enclosure, due: Fraction) -> Bounded:
    """Rule 12.8: the enclosure is supported, the bound is the due one exactly; proved iff error_hi <= bound."""
    stated = enclosure(finding.own[0], f"{finding.place}.error")
    supported(stated, own, f"{finding.place}.error")
    bound = rational(finding.own[-1], f"{finding.place}.bound")
    require(bound == due, f"{finding.place}.bound", "not the exact bound (rule 12.8)")
    check_status(finding, verdict(stated.hi <= bound, False))
    return Bounded(stated.hi, bound, finding.status == PROVED)


class Rows(NamedTuple):
    """What `sup`, all `derivative` and all `second` state."""

    sup: Bounded
    slopes: list[Bounded]
    curves: list[Bounded]

    def squares(self, field: str) -> list[Fraction]:
        """Of `top` or `bound`: E^2, the sum of the L_i^2, that of the L_ij^2 over all i, j."""
        d = len(self.slopes)
        counts = [1 if i == j else 2 for i, j in pairs_of(d)]
        slopes = sum((getattr(row, field) ** 2 for row in self.slopes), Fraction(0))
        curves = (n * getattr(row, field) ** 2 for n, row in zip(counts, self.curves, strict=False))
        return [getattr(self.sup, field) ** 2, slopes, sum(curves, Fraction(0))]

    def all_proved(self) -> list[bool]:
        """Of `sup`, all `derivative`, all `second`."""
        return [all(row.proved for row in rows) for rows in ([self.sup], self.slopes, self.curves)]


def root_of(x: Fraction, r: Fraction, up: bool, place: str) -> Fraction:
    """x^r for x >= 0 and 0 <= r <= 1, rounded up or down; x below 2^-2048 counts as that, or as 0."""
    if r == 0:
        return Fraction(1)
    require(x < 1 << ROOT_BITS, place, "roots of numbers from 2^2048 on are not supported")
    least = Fraction(1, 1 << ROOT_BITS)
    if x == 0 or (x < least and not up):
        return Fraction(0)
    return power(max(x, least), r)[up]


def between(E: Fraction, squares: list[Fraction], s: Fraction, up: bool, place: str) -> Fraction:
    """Rule 12.8: F, from E and the sums of the squares of all (E), L_i, L_ij, rounded up or down."""
    _, slope, curve = squares
    if s <= 1:
        return root_of(4 * E, 1 - s, up, place) * root_of(4 * slope, s / 2, up, place)
    return root_of(4 * E, 1 - s / 2, up, place) * root_of(curve, s / 4, up, place)


def check_zygmund(finding: Finding, rows: Rows, spline: Spline, scheme: Scheme, source: Source) -> None:
    """Rule 12.8."""
    x, y, seminorm, limit = finding.own
    at, s = finding.place, scheme.s
    stated = enclosure(seminorm, f"{at}.seminorm")
    own = zygmund_quotient(x, y, s, spline, scheme, source, at)
    require(stated.lo <= own, f"{at}.seminorm[0]", "above the quotient at x and y (rule 12.8)")
    top = between(rows.sup.top, rows.squares("top"), s, True, at)
    require(stated.hi >= top, f"{at}.seminorm[1]", "below what sup, derivative, second give (rule 12.8)")
    bound = rational(limit, f"{at}.bound")
    most = between(rows.sup.bound, rows.squares("bound"), s, False, at)
    require(bound <= most, f"{at}.bound", "above what the bounds of sup, derivative, second give (rule 12.8)")
    check_status(finding, verdict(stated.hi <= bound and all(rows.all_proved()), False))


def zygmund_quotient(
    raw_x: Any, raw_y: Any, s: Fraction, spline: Spline, scheme: Scheme, source: Source, at: str
) -> Fraction:
    """Rule 12.8: a lower end of |e(x+y) - 2e(x) + e(x-y)|/|y|_2^s for e = f - Phi."""
    d, points = scheme.dim, []
    for name, raw in (("x", raw_x), ("y", raw_y)):
        place = f"{at}.{name}"
        points.append([rational(c, f"{place}[{i}]") for i, c in enumerate(items(raw, place, d))])
        over_common(points[-1], place, POINT_BITS)
    x, y = points
    require(any(y), f"{at}.y", "must not be 0 (rule 12.8)")
    require(all(0 <= c <= 1 for c in x), f"{at}.x", "not in the cube (rule 12.8)")
    require(
        all(abs(b) <= min(a, 1 - a) for a, b in zip(x, y, strict=True)),
        f"{at}.y",
        "leaves the cube (rule 12.8)",
    )
    lo = hi = Fraction(0)
    for sign, a in ((1, 1), (0, -2), (-1, 1)):
        point = [b + sign * c for b, c in zip(x, y, strict=True)]
        below, above = (end - spline_at(spline, scheme, point) for end in value_at(source, point, f"{at}.x"))
        lo, hi = lo + min(a * below, a * above), hi + max(a * below, a * above)
    length = power(sum((c * c for c in y), Fraction(0)), s / 2)[1]
    return max(lo, -hi, Fraction(0)) / length


def value_at(source: Source, x: list[Fraction], place: str) -> tuple[Fraction, Fraction]:
    """f(x), enclosed."""
    w, slab = source.w, Slab([1] * len(x), source.w, place)
    ends = [(math.floor(c * 2**w), math.ceil(c * 2**w)) for c in x]
    value = slab.run(source.nodes, [Jet(Arr((i,), [a], [b]), {}) for i, (a, b) in enumerate(ends)]).value
    return Fraction(value.lo[0], 1 << w), Fraction(value.hi[0], 1 << w)


def spline_at(spline: Spline, scheme: Scheme, x: list[Fraction]) -> Fraction:
    """Rule 12.2: Phi(x) for x in the cube, in the case `cube`."""
    M, q = scheme.mesh, scheme.degree
    parts = []
    for c, stride in zip(x, strides_of(M + q, scheme.dim), strict=True):
        cell = min(math.floor(M * c), M - 1)
        parts.append([((k + q) * stride, cardinal(q, M * c - k)) for k in range(cell - q, cell + 1)])
    total = Fraction(0)
    for row in itertools.product(*parts):
        at = sum(offset for offset, _ in row)
        total += spline.coefficients.values[at] * math.prod(b for _, b in row)
    return total / spline.den


# ---------------------------------------------------------------------------------------------------------------
# 12.10 Bessel norms


def check_boundary(spline: Spline, scheme: Scheme, source: Source, grid: int) -> None:
    """Rule 12.10: f, and its gradient if twice, are [0, 0] on all faces; for q = 1 the coefficients there are 0."""
    d, w = scheme.dim, source.w
    down, up = [(k << w) // grid for k in range(grid)], [-(-(k << w) // grid) for k in range(1, grid + 1)]
    for axis, side in itertools.product(range(d), (0, 1 << w)):
        slab = Slab([1 if i == axis else grid for i in range(d)], w, "evidence.grid")
        one = slab.fixed(Fraction(1))
        ends = [([side], [side]) if i == axis else (down, up) for i in range(d)]
        sides = [Jet(Arr((i,), *pair), {i: one} if scheme.twice else {}) for i, pair in enumerate(ends)]
        jet = slab.run(source.nodes, sides)
        require(vanishes(jet.value), AT_TEXT, "not 0 on the boundary (rule 12.10)")
        flat = jet.wild is None and all(map(vanishes, jet.grad.values()))
        require(flat or not scheme.twice, AT_TEXT, "the gradient is not 0 on the boundary (rule 12.10)")
    if scheme.zero:
        return
    for k, c in enumerate(spline.coefficients.values):  # c_k belongs to the node k + 1
        if c:
            at = [k // stride % (scheme.mesh + 1) for stride in strides_of(scheme.mesh + 1, d)]
            inner = min(at) > 0 and max(at) < scheme.mesh
            require(inner, f"network.coefficients[{k}]", "not 0 at a node on the boundary (rule 12.10)")


def vanishes(a: Arr) -> bool:
    """Are all intervals [0, 0]?"""
    return not any(a.lo) and not any(a.hi)


def check_bessel(findings: list[Finding], rows: Rows, own: list[Enclosure], scheme: Scheme) -> None:
    """Rule 12.10: l2, gradient, hessian if twice, and bessel."""
    volume = Fraction(scheme.mesh + 2 * scheme.margin, scheme.mesh) ** scheme.dim
    dues = [volume * square for square in rows.squares("bound")][: len(own)]
    ends = []
    for finding, value, due, proved in zip(findings, own, dues, rows.all_proved(), strict=False):
        stated, text = finding.own
        ends.append(enclosure(stated, f"{finding.place}.value"))
        supported(ends[-1], value, f"{finding.place}.value")
        at = f"{finding.place}.bound"
        require(rational(text, at) == due, at, "not the exact bound (rule 12.10)")
        check_status(finding, verdict(ends[-1].hi <= due and proved, False))
    stated, text = findings[-1].own
    at = findings[-1].place
    norm, bound = enclosure(stated, f"{at}.norm"), rational(text, f"{at}.bound")
    low = least_norm(ends, scheme.s, at)
    require(norm.lo <= low, f"{at}.norm[0]", "above what the lower ends of the squares give (rule 12.10)")
    high = holder([x.hi for x in ends], scheme.s, True, at)
    require(norm.hi >= high, f"{at}.norm[1]", "below what the upper ends of the squares give (rule 12.10)")
    most = holder(dues, scheme.s, False, at)
    require(bound <= most, f"{at}.bound", "above what the bounds of the squares give (rule 12.10)")
    proved = all(finding.status == PROVED for finding in findings[:-1])
    check_status(findings[-1], verdict(norm.hi <= bound and proved, False))


def least_norm(ends: list[Enclosure], s: Fraction, place: str) -> Fraction:
    """Rule 12.10: a lower end of the norm, rounded down, from the squares of those of e and of its gradient.

    For s > 1: log ||e||_t is convex in t, so ||e||_1 <= ||e||_0^(1-1/s) ||e||_s^(1/s). Only e = 0 has ||e||_0 = 0.
    """
    value, slope = (max(x.lo, Fraction(0)) for x in ends[:2])
    if s <= 1:
        return root_of(value, Fraction(1, 2), False, place)
    if ends[0].hi == 0:
        return Fraction(0)
    whole = root_of(value + slope, s / 2, False, place)
    return whole / root_of(ends[0].hi, (s - 1) / 2, True, place)


def holder(squares: list[Fraction], s: Fraction, up: bool, place: str) -> Fraction:
    """Rule 12.10: N of the squares, rounded up or down."""
    value, both = squares[0], squares[0] + squares[1]
    if s <= 1:
        return root_of(value, (1 - s) / 2, up, place) * root_of(both, s / 2, up, place)
    all_three = both + squares[1] + squares[2]
    return root_of(both, (2 - s) / 2, up, place) * root_of(all_three, (s - 1) / 2, up, place)


def check_rows(
    findings: list[Finding],
    scheme: Scheme,
    source: Source,
    lattice: Lattice,
    spline: Spline,
    A: Amplifications,
    tau: Fraction,
) -> tuple[Rows, list[Enclosure] | None]:
    """Rule 12.8: `sup`, `derivative`, `second` and `evidence.seminorms`; and the squares of rule 12.10."""
    d, M, q = scheme.dim, scheme.mesh, scheme.degree
    D = seminorms(scheme, source, lattice)
    for k, (beta, S) in enumerate(zip(betas(scheme), lattice.seminorms, strict=True)):
        good = 0 <= S <= D[beta]
        require(good, f"evidence.seminorms[{k}]", "negative, or above what the checker finds (rule 12.8)")
    sizes = measure_errors(spline, scheme, source, lattice.grid)
    straight = sum((D[units_of_axes(d, q + 1, i)] for i in range(d)), Fraction(0))
    due = check_seminorm(findings[0], straight, constant_of_degree(A, scheme) / M ** (q + 1), tau)
    sup, slopes, curves = check_bounded(findings[0], sizes.error, due), [], []
    if not scheme.sloped:
        return Rows(sup, [], []), None
    if sizes.slopes is None or (scheme.twice and sizes.curves is None):
        raise Rejected("evidence.grid", "a derivative of the target is not bounded on every box (rule 12.8)")
    for i, (finding, own) in enumerate(zip(findings[1 : 1 + d], sizes.slopes, strict=True)):
        if q == 1:
            most = sum((D[units_of_axes(d, 1, i, j)] for j in range(d)), Fraction(0))
            due = check_seminorm(finding, most, Fraction(1, 2 * M), 2 * M * tau)
        else:
            due = bound_of_order(units_of_axes(d, 1, i), A, lattice.seminorms, tau, scheme)
        slopes.append(check_bounded(finding, own, due))
    for pair, finding, own in zip(pairs_of(d), findings[1 + d :], sizes.curves or [], strict=False):
        due = bound_of_order(units_of_axes(d, 1, *pair), A, lattice.seminorms, tau, scheme)
        curves.append(check_bounded(finding, own, due))
    return Rows(sup, slopes, curves), sizes.squares


def check_multiplicative(
    raw_claim: Any, raw_target: Any, raw_network: Any, evidence: Any, stated: Any
) -> list[Finding]:
    """Everything that a certificate of `multiplicative` states; its findings."""
    scheme = read_scheme(raw_claim)
    lattice = read_lattice(evidence, scheme)
    findings = read_approximations(stated, scheme)
    source = read_source(raw_target, scheme, lattice.grid)
    spline = read_spline(raw_network, scheme, lattice.grid)
    if scheme.norm == "bessel":
        check_boundary(spline, scheme, source, lattice.grid)
    check_design(findings[:4], spline, scheme)
    own = functionals(scheme)
    check_exactness(own, scheme, findings[3].place)
    tau = check_coefficients(findings[4], spline, own, scheme, source)
    check_locality(findings[5], farthest_site(own, scheme), scheme)
    A = amplifications(own, scheme) if scheme.degree > 1 else {}
    rows, squares = check_rows(findings[6:], scheme, source, lattice, spline, A, tau)
    if scheme.norm == "zygmund":
        check_zygmund(findings[-1], rows, spline, scheme, source)
    if scheme.norm == "bessel":
        if squares is None:
            raise Rejected("evidence.grid", "the gradient is not bounded on every box (rule 12.10)")
        check_bessel(findings[-4 if scheme.twice else -3 :], rows, squares, scheme)
    return findings


# ---------------------------------------------------------------------------------------------------------------
# 13 Ladders of meshes

_MEASURED = {  # which of a finding's own values, and o
    "sup": (0, 0),
    "derivative": (0, 1),
    "second": (0, 2),
    "l2": (0, 0),
    "gradient": (0, 1),
    "hessian": (0, 2),
}
_SQUARES = ("l2", "gradient", "hessian")


class Ladder(NamedTuple):
    """Rule 13: the parameters; `of` is the claim of the first rung as it stands, `first` as it reads."""

    rungs: int
    order: Fraction
    of: dict[str, Any]
    first: Scheme


def read_ladder(value: Any) -> Ladder:
    """Rule 13. The first rung is read before its mesh is doubled: only an int will do."""
    at = "claim.parameters"
    rungs, order, of = fields(fields(value, "claim", "name parameters")[1], at, "rungs order of")
    count, r = integer(rungs, f"{at}.rungs", 2, 6), rational(order, f"{at}.order")
    small = max(abs(r.numerator), r.denominator) <= 64
    require(small, f"{at}.order", "numerator and denominator are at most 64 (rule 13)")
    one_of(fields(of, f"{at}.of", "name parameters")[0], f"{at}.of.name", "multiplicative")
    return Ladder(count, r, of, on_rung(0, lambda: read_scheme(of)))


def on_rung(i: int, action: Callable[[], Any]) -> Any:
    """Whatever is rejected is rejected at its place in the whole."""
    try:
        return action()
    except Rejected as error:
        head = re.match(r"[a-z]*", error.place)
        name = head[0] if head else ""
        places = {"claim": "claim.parameters.of", "network": f"network.rungs[{i}]", "target": "target"}
        place = places.get(name, f"evidence.rungs[{i}].{name}".rstrip(".")) + error.place[len(name) :]
        raise Rejected(place, error.message) from None


def check_rung(
    i: int, ladder: Ladder, target: Any, network: Any, raw: Any
) -> tuple[list[tuple[Due, Finding]], str]:
    """Rule 13.1: the content of a certificate of rule 12 with the mesh 2^i times that of the first; its status."""
    evidence, stated, status = fields(raw, f"evidence.rungs[{i}]", "evidence findings status")
    parameters = {**ladder.of["parameters"], "mesh": ladder.first.mesh << i}
    claim = {"name": "multiplicative", "parameters": parameters}

    def content() -> list[Finding]:
        findings = check_multiplicative(claim, target, network, evidence, stated)
        check_overall(status, {finding.status for finding in findings})
        return findings

    return list(zip(due_approximations(ladder.first), on_rung(i, content), strict=True)), status


def check_order(finding: Finding, due: Due, old: Finding, new: Finding, ladder: Ladder) -> None:
    """Rule 13.2, for one quantity on two rungs."""
    (name, part), (which, o) = due, _MEASURED[due[0]]
    of, own_part, ends, stated_least = finding.own
    at = finding.place
    one_of(of, f"{at}.of", name)
    require(
        type(own_part) is type(part) and own_part == part, f"{at}.part", f"{part} is due here (rule 13.2)"
    )
    X, Y = (enclosure(f.own[which], f.place) for f in (old, new))
    places = [f"{at}.order[{k}]" for k in range(2)]
    a, b = (
        None if end is None else exponent(end, place)
        for end, place in zip(items(ends, f"{at}.order", 2), places, strict=True)
    )
    times_two = 2 if name in _SQUARES else 1
    if a is not None:
        require(Y.hi > 0, places[0], "nothing is divided by 0 (rule 13.2)")
        good = against_power(X.lo / Y.hi, a * times_two, places[0]) >= 0
        require(good, places[0], "2^a is above X_lo/Y_hi (rule 13.2)")
    if b is not None:
        require(Y.lo > 0, places[1], "the lower end at the second rung is not positive (rule 13.2)")
        good = against_power(X.hi / Y.lo, b * times_two, places[1]) <= 0
        require(good, places[1], "2^b is below X_hi/Y_lo (rule 13.2)")
    require(a is None or b is None or a <= b, f"{at}.order", "a > b (rule 13.2)")
    least = ladder.order - o - Fraction(1, 2)
    require(rational(stated_least, f"{at}.least") == least, f"{at}.least", f"is {least} (rule 13.2)")
    check_status(finding, verdict(a is not None and a >= least, b is not None and b < least))


def exponent(value: Any, place: str) -> Fraction:
    """Rule 13.2: a rational with a denominator of at most 64, of absolute value at most 64."""
    number = rational(value, place)
    require(abs(number) <= 64 and number.denominator <= 64, place, "out of range (rule 13.2)")
    return number


def against_power(x: Fraction, a: Fraction, place: str) -> int:
    """The sign of x - 2^a, for a = n/m that of x^m - 2^n, which has few bits for m <= 64, |n| <= 2^13."""
    if x <= 0:
        return -1
    n, m = a.as_integer_ratio()
    bits = max(x.numerator.bit_length(), x.denominator.bit_length())
    require(bits <= RATIO_BITS, place, "numbers too long for the powers of rule 13.2")
    top, bottom = x.numerator**m << max(-n, 0), x.denominator**m << max(n, 0)
    return (top > bottom) - (top < bottom)


def check_ladder(raw_claim: Any, raw_target: Any, raw_network: Any, evidence: Any, stated: Any) -> list[str]:
    """Rule 13: everything that a ladder states; the statuses of its rungs and findings."""
    ladder = read_ladder(raw_claim)
    n, dues = ladder.rungs, due_approximations(ladder.first)
    networks, raw = (
        items(fields(value, place, "rungs")[0], f"{place}.rungs", n)
        for value, place in ((raw_network, "network"), (evidence, "evidence"))
    )
    count = sum(name in _MEASURED for name, _ in dues)
    due: list[Due] = [("order", i) for i in range(1, n) for _ in range(count)]
    findings = read_findings(stated, due, range(0), ("precision",))
    left, before, statuses = iter(findings), [], [finding.status for finding in findings]
    for i in range(n):
        rows, status = check_rung(i, ladder, raw_target, networks[i], raw[i])
        statuses.append(status)
        measured = [(due, own) for due, own in rows if due[0] in _MEASURED]
        for (name, old), (_, new) in zip(before, measured, strict=False):
            check_order(next(left), name, old, new, ladder)
        before = measured
    return statuses


# ---------------------------------------------------------------------------------------------------------------
# 14 A claim of one's own: what is read
#
# An *output* is a readout or a neuron; its form reads layer `depth` (0: the inputs). Of a network only the neurons that
# the output depends on are looked at. A *polynomial* is the list of its coefficients, the constant first, none at the
# end 0. In one dimension everything lives on pieces: breaks 0 = b_0 < ... < b_n = 1, one entry for each open interval
# between two of them, and one value for each break: at a break a floor or a step has a value of its own.

MAX_PIECES = 1 << 16  # rule 14.3
MAX_NEURON_PIECES = 1 << 22  # neurons times pieces (rule 14.3)
MAX_GRID = 1 << 20  # (2 G)^d, boxes times corners (rules 14.4, 14.6)
MAX_DEGREE = 24  # rule 14.3
AT_POINT = 64  # an operation on fractions at a point, in units of work (rule 14.7)
MAX_OWN_WORK = 1 << 28  # of all conditions together, about in additions (rule 14.7)

_OWN = {  # the keys of each kind of condition beside `kind`, and of its finding beside the common ones (rule 14.2)
    "width": ("at_most", "value bound"),
    "depth": ("at_most", "value bound"),
    "neurons": ("at_most", "value bound"),
    "parameters": ("at_most", "value bound"),
    "activations": ("allowed", "value bound"),
    "error": ("of norm at_most", "error bound witness grid"),
    "computes": ("neuron target at_most", "error bound witness grid"),
    "monotone": ("of axis sign", "witness grid"),
    "custom": ("name", ""),
}


class Condition(NamedTuple):
    """Rule 14.2: the kind, where the condition stands, and the values of its own keys."""

    kind: str
    place: str
    own: list[Any]


class Unit(NamedTuple):
    """A neuron (5.1) or, with the activation "", a readout (5.2), whose weights are rationals."""

    activation: str
    weights: list[tuple[int, Fraction]]
    bias: Fraction


class Output(NamedTuple):
    """A form over the layer with this number, 0 being the inputs; `name` tells outputs of one network apart."""

    depth: int
    unit: Unit
    name: tuple[str, int, int]


class Design(NamedTuple):
    """Rule 14.1: the network, and its readouts by their levels."""

    dim: int
    layers: list[list[Unit]]
    readouts: dict[int, Output]

    def rows(self, output: Output) -> list[dict[int, Unit]]:
        """For every layer from the first the neurons that the output depends on; then the output itself, number 0."""
        rows, wanted = [{0: output.unit}], {s for s, _ in output.unit.weights}
        for layer in reversed(self.layers[: output.depth]):
            rows.append({i: layer[i] for i in sorted(wanted)})
            wanted = {s for i in wanted for s, _ in layer[i].weights}
        return rows[::-1]


class Effort:
    """Rule 14.7: work, counted before it is done; the whole certificate has one budget."""

    def __init__(self) -> None:
        self.left = MAX_OWN_WORK

    def spend(self, count: int, bits: int, place: str) -> None:
        """So many operations on numbers of so many bits."""
        self.left -= count * (1 + bits // 1024) ** 2
        require(self.left >= 0, place, "more work than the checker does (rule 14.7)")


def wording(value: Any, place: str) -> str:
    """A string of at most 300 characters."""
    require(type(value) is str and len(value) <= 300, place, "at most 300 characters are wanted (rule 14)")
    return value


def read_conditions(value: Any) -> list[Condition]:
    """Rule 14: the parameters. What a condition's own keys hold is looked at where it is checked."""
    at = "claim.parameters"
    title, source, values, conditions = fields(
        fields(value, "claim", "name parameters")[1], at, "title source values conditions"
    )
    wording(title, f"{at}.title")
    wording(source, f"{at}.source")
    require(type(values) is dict and len(values) <= 40, f"{at}.values", "at most 40 values (rule 14)")
    for k, number in enumerate(values.values()):
        rational(number, f"{at}.values, number {k}")
    count = len(items(conditions, f"{at}.conditions"))
    require(1 <= count <= 40, f"{at}.conditions", f"{count} conditions where 1 to 40 are due (rule 14)")
    result = []
    for k, condition in enumerate(conditions):
        place = f"{at}.conditions[{k}]"
        raw = condition.get("kind") if type(condition) is dict else None
        kind = one_of(raw, f"{place}.kind", *_OWN)
        result.append(Condition(kind, place, fields(condition, place, f"kind {_OWN[kind][0]}")[1:]))
    return result


def read_units(weights: Any, bias: Any, activation: str, place: str, sources: int) -> Unit:
    """Rules 5.1, 5.2, 14.7: an affine form with weights of at most 65,536 bits."""
    row: list[tuple[int, Fraction]] = []
    for k, (source, number) in enumerate(read_weights(weights, f"{place}.weights", sources)):
        if isinstance(number, Huge):
            raise Rejected(f"{place}.weights[{k}][1]", "a number of more than 65,536 bits (rule 14.7)")
        row.append((source, number))
    return Unit(activation, row, rational(bias, f"{place}.bias"))


def read_design(value: Any, dim: int) -> Design:
    """Rule 14.1."""
    inputs, raw_layers, raw_readouts = fields(value, "network", "inputs layers readouts")
    sizes = [integer(inputs, "network.inputs", dim, dim)]
    layers: list[list[Unit]] = []
    for j, layer in enumerate(items(raw_layers, "network.layers")):
        layers.append([])
        for i, neuron in enumerate(items(layer, f"network.layers[{j}]")):
            at = f"network.layers[{j}][{i}]"
            name, role, activation, weights, bias = fields(neuron, at, "name role activation weights bias")
            require(type(name) is str and type(role) is str, at, "name and role are strings")
            one_of(activation, f"{at}.activation", "relu", "floor")
            layers[j].append(read_units(weights, bias, activation, at, sizes[j]))
        sizes.append(len(layers[j]))
    readouts: dict[int, Output] = {}
    for k, readout in enumerate(items(raw_readouts, "network.readouts")):
        at = f"network.readouts[{k}]"
        level, number, weights, bias = fields(readout, at, "level layer weights bias")
        integer(level, f"{at}.level", -(10**9))
        require(level not in readouts, f"{at}.level", f"a second readout of level {level} (rule 14.1)")
        depth = integer(number, f"{at}.layer", 1, len(layers))
        unit = read_units(weights, bias, "", at, sizes[depth])
        readouts[level] = Output(depth, unit, ("readout", level, 0))
    return Design(dim, layers, readouts)


def read_own_findings(value: Any, conditions: list[Condition]) -> list[Finding]:
    """Rule 14.2: one finding for each condition, in this order; the author decides `custom` and nothing else."""
    result = []
    stated = items(value, "findings", len(conditions))
    for k, (finding, condition) in enumerate(zip(stated, conditions, strict=True)):
        at, by_author = f"findings[{k}]", condition.kind == "custom"
        keys = f"property level status reason established_by {_OWN[condition.kind][1]}"
        prop, level, status, reason, source, *own = fields(finding, at, keys)
        one_of(prop, f"{at}.property", condition.kind)
        integer(level, f"{at}.level", k, k)
        one_of(status, f"{at}.status", PROVED, REFUTED, UNDECIDED)
        one_of(source, f"{at}.established_by", "author" if by_author else "checker")
        if status == UNDECIDED:
            one_of(reason, f"{at}.reason", *_REASONS)
        else:
            require(reason is None, f"{at}.reason", "must be null (rule 9)")
        result.append(Finding(at, status, level, own, by_author))
    return result


def read_point(value: Any, dim: int, place: str) -> list[Fraction]:
    """A point of the closed cube."""
    point = [rational(c, f"{place}[{i}]") for i, c in enumerate(items(value, place, dim))]
    for i, c in enumerate(point):
        require(0 <= c <= 1, f"{place}[{i}]", "not in the cube (rule 14)")
    return point


def read_grid(value: Any, dim: int, place: str) -> int:
    """Rules 14.4, 14.6: G."""
    grid = integer(value, place, 1)
    require((2 * grid) ** dim <= MAX_GRID, place, "(2 G)^d > 2^20 (rule 14.4)")
    return grid


def bits_of(*numbers: Fraction) -> int:
    """The length of the longest of these numbers."""
    return max((max(abs(x.numerator), x.denominator).bit_length() for x in numbers), default=0)


def short(number: Fraction, place: str) -> Fraction:
    """The number, which is not too long."""
    require(bits_of(number) <= FRACTION_BITS, place, "numbers of more than 65,536 bits (rule 14.7)")
    return number


# ---------------------------------------------------------------------------------------------------------------
# 14 Polynomials


Poly = list[Fraction]


def trimmed(p: list[Any]) -> list[Any]:
    """Without zeros at the end: of the zero polynomial nothing is left."""
    while p and p[-1] == 0:
        p = p[:-1]
    return p


def poly_sum(p: Poly, q: Poly) -> Poly:
    return trimmed([a + b for a, b in itertools.zip_longest(p, q, fillvalue=Fraction(0))])


def poly_scaled(p: Poly, factor: Fraction) -> Poly:
    return trimmed([factor * a for a in p])


def poly_product(p: Poly, q: Poly) -> Poly:
    result = [Fraction(0)] * max(0, len(p) + len(q) - 1)
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            result[i + j] += a * b
    return trimmed(result)


def poly_at(p: Poly, x: Fraction) -> Fraction:
    total = Fraction(0)
    for a in reversed(p):
        total = total * x + a
    return total


def unit_interval(p: Poly, a: Fraction, b: Fraction) -> tuple[Ints, int]:
    """The coefficients of p(a + (b - a)t), as integers over the second result (> 0)."""
    top = len(p) - 1
    lead, numbers = _over_lcm(p)
    D, (A, B) = _over_lcm([a, b])
    result: Ints = []
    scale = 1
    for n in reversed(numbers):  # Horner, with x = (A + (B - A)t)/D
        moved = [0, *(c * (B - A) for c in result)]
        result = [x + A * c for x, c in itertools.zip_longest(moved, result, fillvalue=0)]
        result[0] += n * scale
        scale *= D
    return trimmed(result), lead * D ** max(top, 0)


def _over_lcm(numbers: list[Fraction]) -> tuple[int, Ints]:
    """The numbers as integers over their least common denominator."""
    den = math.lcm(*(x.denominator for x in numbers))
    return den, [x.numerator * (den // x.denominator) for x in numbers]


def primitive(p: Ints) -> Ints:
    """Divided by the (positive) common divisor of the coefficients."""
    content = math.gcd(*p)
    return [c // content for c in p] if content > 1 else p


def remainder(p: Ints, q: Ints) -> Ints:
    """A positive multiple of the remainder of p by q, made primitive; q is not 0."""
    lead, p = q[-1], p[:]
    sign, size = (1 if lead > 0 else -1), abs(lead)
    while len(p) >= len(q):
        top, at = sign * p[-1], len(p) - len(q)
        p = [size * c for c in p]
        for i, c in enumerate(q):
            p[at + i] -= top * c
        p = trimmed(p)  # the leading coefficient has become 0: size·p_top = top·lead
    return primitive(p) if p else p


def common_divisor(p: Ints, q: Ints) -> Ints:
    """A greatest common divisor, primitive; p is not 0."""
    while q:
        p, q = q, remainder(p, q)
    return primitive(p)


def quotient_of(p: Ints, q: Ints) -> Ints:
    """A multiple, primitive, of p/q, where q divides p over the rationals."""
    size, result, p = abs(q[-1]), [], p[:]
    while len(p) >= len(q):
        p, result = [size * c for c in p], [size * c for c in result]
        factor = p[-1] // q[-1]
        result.append(factor)
        at = len(p) - len(q)
        for i, c in enumerate(q):
            p[at + i] -= factor * c
        p.pop()  # exactly 0; those below may be so as well and give coefficients 0
    return primitive(result[::-1])


def odd_part(p: Ints) -> Ints:
    """The product of the different factors of p (not 0) that have an odd multiplicity: it is square-free.

    With g = gcd(p, p') and w = p/g, the product of all factors: y = gcd(w, g) holds those of multiplicity above k, so
    w/y those of multiplicity k exactly; then w := y, g := g/y, k := k + 1.
    """
    derivative = trimmed([i * c for i, c in enumerate(p)][1:])
    g = common_divisor(p, derivative)
    if len(g) == 1:
        return primitive(p)
    w, result, k = quotient_of(p, g), [1], 1
    while len(w) > 1:
        y = common_divisor(w, g)
        if k % 2:
            factor = quotient_of(w, y)
            product = [0] * (len(result) + len(factor) - 1)
            for i, a in enumerate(result):
                for j, b in enumerate(factor):
                    product[i + j] += a * b
            result = product
        w, g, k = y, quotient_of(g, y), k + 1
    return primitive(result)


def inner_roots(p: Ints) -> int:
    """The number of roots of the square-free p within the open (0, 1), by Sturm's theorem.

    V(0) - V(1), zeros left out, counts those in (0, 1], also where 0 or 1 is a root.
    """
    chain = [p, trimmed([i * c for i, c in enumerate(p)][1:])]
    while chain[-1]:
        chain.append([-c for c in remainder(chain[-2], chain[-1])])
    chain.pop()
    starts, ends = [q[0] for q in chain], [sum(q) for q in chain]
    return variations(starts) - variations(ends) - (ends[0] == 0)


def variations(values: Ints) -> int:
    """Changes of sign, zeros left out."""
    signs = [x > 0 for x in values if x]
    return sum(a != b for a, b in itertools.pairwise(signs))


def nonnegative(p: Ints, charge: Callable[[int, int], None] | None = None) -> bool:
    """Is p >= 0 on all of [0, 1]? Exactly, double roots and roots at the ends included.

    Up to degree 2 by the ends and the vertex. Else the coefficients in Bernstein's basis tell if none is negative. Else
    p >= 0 iff no root of odd multiplicity lies within (0, 1) and p > 0 at a point there: then p does not change sign.
    Only this is expensive; `charge` is told the length and the bits before it begins.
    """
    p = trimmed(p)
    if not p or p[0] < 0 or sum(p) < 0:
        return not p
    n = len(p) - 1
    if n <= 1:
        return True
    if n == 2:
        return not 0 < -p[1] < 2 * p[2] or 4 * p[0] * p[2] >= p[1] ** 2
    if all(sum(math.comb(n - i, j - i) * p[i] for i in range(j + 1)) >= 0 for j in range(n + 1)):
        return True
    p = primitive(p)
    if charge is not None:
        charge(n + 1, width_of(p))
    if inner_roots(odd_part(p)) > 0:
        return False
    for k in range(1, n + 2):  # n + 1 points, of which at most n are roots
        value = sum(c * k**i * (n + 2) ** (n - i) for i, c in enumerate(p))
        if value:
            return value > 0
    return False


# ---------------------------------------------------------------------------------------------------------------
# 14.3 Pieces: curves


class Curve(NamedTuple):
    """A piecewise polynomial function on [0, 1], with its values at the breaks."""

    breaks: list[Fraction]
    parts: list[Poly]
    at: list[Fraction]

    def degree(self) -> int:
        """The largest degree; at least 0."""
        return max(max(map(len, self.parts)) - 1, 0)

    def bits(self) -> int:
        """The length of the longest number."""
        return max(bits_of(*self.at), max(bits_of(*p) for p in self.parts))


def smooth(p: Poly) -> Curve:
    """A polynomial, on one piece."""
    ends = [Fraction(0), Fraction(1)]
    return Curve(ends, [p], [poly_at(p, x) for x in ends])


def refined(curve: Curve, breaks: list[Fraction]) -> Curve:
    """The same function on more breaks."""
    if len(breaks) == len(curve.breaks):
        return curve
    parts, values, k = [], [], 0
    for x in breaks:
        old = x == curve.breaks[k]
        values.append(curve.at[k] if old else poly_at(curve.parts[k - 1], x))
        k += old
        parts.append(curve.parts[min(k, len(curve.parts)) - 1])
    return Curve(breaks, parts[:-1], values)


class Curves:
    """Rule 14.3: operations on curves, within the limits."""

    def __init__(self, effort: Effort, place: str) -> None:
        self.effort, self.place = effort, place

    def reject(self, what: str) -> Rejected:
        """What rule 14.3 does not know."""
        return Rejected(self.place, f"{what}: not piecewise polynomial by rule 14.3")

    def count(self, breaks: list[Fraction]) -> None:
        """Limits the pieces."""
        require(len(breaks) <= MAX_PIECES + 1, self.place, "more than 2^16 pieces (rule 14.3)")

    def cost(self, pieces: int, size: int, bits: int) -> None:
        """Work on fractions, which are about 16 times as slow as integers."""
        require(bits <= FRACTION_BITS, self.place, "numbers of more than 65,536 bits (rule 14.7)")
        self.effort.spend(16 * pieces * size, bits, self.place)

    def cut(self, curve: Curve, more: set[Fraction]) -> Curve:
        """The same function, broken also at these points."""
        breaks = sorted(more.union(curve.breaks)) if more else curve.breaks
        self.count(breaks)
        self.cost(len(breaks), 2 + curve.degree(), curve.bits() + curve.degree() * bits_of(*more))
        return refined(curve, breaks)

    def aligned(self, u: Curve, v: Curve) -> tuple[Curve, Curve]:
        """Both on all breaks of the two."""
        if u.breaks == v.breaks:
            return u, v
        return self.cut(u, set(v.breaks)), self.cut(v, set(u.breaks))

    def plus(self, u: Curve, v: Curve, sign: int) -> Curve:
        """u + sign·v."""
        u, v = self.aligned(u, v)
        self.cost(len(u.breaks), max(u.degree(), v.degree()) + 2, u.bits() + v.bits())
        parts = [poly_sum(p, poly_scaled(q, Fraction(sign))) for p, q in zip(u.parts, v.parts, strict=True)]
        return Curve(u.breaks, parts, [a + sign * b for a, b in zip(u.at, v.at, strict=True)])

    def times(self, u: Curve, v: Curve) -> Curve:
        u, v = self.aligned(u, v)
        degree = max(len(p) + len(q) - 2 if p and q else 0 for p, q in zip(u.parts, v.parts, strict=True))
        require(degree <= MAX_DEGREE, self.place, "a degree above 24 (rule 14.3)")
        self.cost(len(u.breaks), (u.degree() + 1) * (v.degree() + 1) + 1, u.bits() + v.bits())
        parts = [poly_product(p, q) for p, q in zip(u.parts, v.parts, strict=True)]
        return Curve(u.breaks, parts, [a * b for a, b in zip(u.at, v.at, strict=True)])

    def raised(self, u: Curve, r: Fraction) -> Curve:
        """u**r; u**0 = 1 (rule 4.4)."""
        if r.denominator != 1 or r < 0:
            raise self.reject(f"the exponent {r}")
        result = u if r else smooth([Fraction(1)])
        for _ in range(r.numerator - 1):
            result = self.times(result, u)
        return result

    def divided(self, u: Curve, v: Curve) -> Curve:
        """u/v for v one number other than 0."""
        number = v.at[0]
        if number == 0 or any(x != number for x in v.at) or any(p != [number] for p in v.parts):
            raise self.reject("a divisor that is not a number other than 0")
        return self.times(u, smooth([1 / number]))

    def zeros(self, u: Curve) -> set[Fraction]:
        """Of u, affine on every piece: where it is 0 within a piece, but not on all of it."""
        if u.degree() > 1:
            raise self.reject("abs, min, max or step of something that is not affine on every piece")
        self.cost(len(u.parts), 2, u.bits())
        result = set()
        for p, (a, b) in zip(u.parts, itertools.pairwise(u.breaks), strict=True):
            if len(p) == 2 and a < -p[0] / p[1] < b:
                result.add(-p[0] / p[1])
        return result

    def signs(self, u: Curve) -> list[int]:
        """The sign of u on each piece, u being affine there and broken at its zeros."""
        middles = [(a + b) / 2 for a, b in itertools.pairwise(u.breaks)]
        values = [poly_at(p, x) for p, x in zip(u.parts, middles, strict=True)]
        return [(x > 0) - (x < 0) for x in values]

    def absolute(self, u: Curve) -> Curve:
        u = self.cut(u, self.zeros(u))
        parts = [poly_scaled(p, Fraction(s)) for p, s in zip(u.parts, self.signs(u), strict=True)]
        return Curve(u.breaks, parts, [abs(x) for x in u.at])

    def jump(self, u: Curve) -> Curve:
        """step(u): 1 where u >= 0, hence also on pieces where u is 0; at breaks by u's value there."""
        u = self.cut(u, self.zeros(u))
        one = [Fraction(1)]
        return Curve(
            u.breaks, [one if s >= 0 else [] for s in self.signs(u)], [Fraction(x >= 0) for x in u.at]
        )

    def least(self, u: Curve, v: Curve, sign: int) -> Curve:
        """min(u, v) for the sign 1, max(u, v) for the sign -1."""
        gap = self.plus(u, v, -1)
        gap = self.cut(gap, self.zeros(gap))
        u, v = self.aligned(u, gap)[0], self.aligned(v, gap)[0]
        choice = [s * sign <= 0 for s in self.signs(gap)]
        parts = [p if first else q for first, p, q in zip(choice, u.parts, v.parts, strict=True)]
        pick = min if sign == 1 else max
        return Curve(gap.breaks, parts, [pick(x, y) for x, y in zip(u.at, v.at, strict=True)])

    def apply(self, node: Node, args: list[Curve]) -> Curve:
        """One node of a text (rule 14.3)."""
        op, u = node.op, args[0]
        if op in ("+", "-"):
            return self.plus(u, args[1], 1 if op == "+" else -1)
        if op in ("min", "max"):
            for v in args[1:]:
                u = self.least(u, v, 1 if op == "min" else -1)
            return u
        if op == "*":
            return self.times(u, args[1])
        if op == "/":
            return self.divided(u, args[1])
        if op == "**":
            return self.raised(u, node.value)
        if op == "neg":
            return self.plus(smooth([]), u, -1)
        if op == "abs":
            return self.absolute(u)
        if op == "step":
            return self.jump(u)
        raise self.reject(op)

    def run(self, nodes: list[Node]) -> Curve:
        """A text in x0."""
        stack: list[Curve] = []
        for node in nodes:
            if node.op == "number":
                stack.append(smooth(trimmed([node.value])))
            elif node.op == "x":
                stack.append(smooth([Fraction(0), Fraction(1)]))
            else:
                args = stack[-node.arity :]
                del stack[-node.arity :]
                stack.append(self.apply(node, args))
        return stack[0]


# ---------------------------------------------------------------------------------------------------------------
# 14 Targets: values at a point, and curves


class KuhnAim:
    """Rule 4.1."""

    def __init__(self, value: Any, dim: int) -> None:
        self.dim = dim
        self.cells, self.den, self.values = read_kuhn(value, dim)

    def value(self, x: list[Fraction], effort: Effort, place: str) -> tuple[Fraction, Fraction]:
        """f(x), twice."""
        m = self.cells
        corner = [min(math.floor(m * c), m - 1) for c in x]
        strides = strides_of(m + 1, self.dim)
        at = sum(k * s for k, s in zip(corner, strides, strict=True))
        ways = sorted(((m * c - k, s) for c, k, s in zip(x, corner, strides, strict=True)), reverse=True)
        total, last = Fraction(0), Fraction(1)
        for t, stride in ways:
            total += (last - t) * self.values[at]
            last, at = t, at + stride
        total = short((total + last * self.values[at]) / self.den, place)
        return total, total

    def curve(self, curves: Curves) -> Curve:
        m, values = self.cells, [Fraction(v, self.den) for v in self.values]
        require(m <= MAX_PIECES, curves.place, "more than 2^16 pieces (rule 14.3)")
        parts = [
            trimmed([u - k * (v - u), m * (v - u)]) for k, (u, v) in enumerate(itertools.pairwise(values))
        ]
        return Curve([Fraction(k, m) for k in range(m + 1)], parts, values)


class StepAim:
    """Rule 4.2."""

    def __init__(self, value: Any, dim: int) -> None:
        frame = Claim(
            dim, 2, 0, None, "floor", "bits", "paper", "axis", Fraction(1), None
        )  # only `dim` is read
        self.step = Step(value, frame)

    def value(self, x: list[Fraction], effort: Effort, place: str) -> tuple[Fraction, Fraction]:
        """f(x), twice: on [b_j, b_(j+1)) the j-th value, at 1 the last."""
        total = 0
        for c, ends, values in zip(x, self.step.breaks, self.step.values, strict=True):
            total += values[min(bisect.bisect_right(ends, c), len(values)) - 1]
        return Fraction(total, self.step.den), Fraction(total, self.step.den)

    def curve(self, curves: Curves) -> Curve:
        values = [Fraction(v, self.step.den) for v in self.step.values[0]]
        curves.count(self.step.breaks[0])
        return Curve(self.step.breaks[0], [trimmed([v]) for v in values], [*values, values[-1]])


class TextAim:
    """Rule 4.3."""

    def __init__(self, value: Any, dim: int) -> None:
        self.nodes, self.w = read_expression(value, dim)

    def value(self, x: list[Fraction], effort: Effort, place: str) -> tuple[Fraction, Fraction]:
        """f(x), enclosed; exactly where the text has rational operations only."""
        exact = rational_value(self.nodes, x, effort, place)
        return value_at(Source(self.nodes, self.w), x, place) if exact is None else (exact, exact)

    def curve(self, curves: Curves) -> Curve:
        return curves.run(self.nodes)


Aim = KuhnAim | StepAim | TextAim


def read_aim(value: Any, dim: int, place: str) -> Aim:
    """Rule 4: a target, which stands at `place`."""
    kind = value.get("kind") if type(value) is dict else None
    kinds: dict[str, Callable[[Any, int], Aim]] = {
        "kuhn": KuhnAim,
        "step": StepAim,
        "expression": TextAim,
    }
    try:
        return kinds[one_of(kind, "target.kind", *kinds)](value, dim)
    except Rejected as error:
        raise Rejected(re.sub(r"\Atarget", lambda _: place, error.place), error.message) from None


def rational_value(nodes: list[Node], x: list[Fraction], effort: Effort, place: str) -> Fraction | None:
    """Rules 4.3, 4.4: the exact value at a point, or None if the text has other than rational operations."""
    known = ("number", "x", "+", "-", "*", "/", "neg", "abs", "min", "max", "step")
    if not all(n.op in known or (n.op == "**" and n.value.denominator == 1) for n in nodes):
        return None
    stack: list[Fraction] = []
    for node in nodes:
        args = stack[len(stack) - node.arity :]
        del stack[len(stack) - node.arity :]
        effort.spend(AT_POINT * max(len(args), 1), bits_of(*args), place)
        stack.append(short(operation(node, args, x, place), place))
        if node.op == "**":  # by repeated squaring: the last products are the long ones
            effort.spend(AT_POINT * 2, bits_of(stack[-1]), place)
    return stack[0]


def operation(node: Node, args: list[Fraction], x: list[Fraction], place: str) -> Fraction:
    """One node of a text at a point."""
    op, a, b = node.op, (args or [Fraction(0)])[0], args[-1] if args else Fraction(0)
    if op in ("number", "x"):
        return node.value if op == "number" else x[int(node.value)]
    if op in ("+", "-", "*"):
        return a + b if op == "+" else a - b if op == "-" else a * b
    if op == "/":
        require(b != 0, place, "a division by 0 (rule 4.5)")
        return a / b
    if op == "**":
        r = node.value.numerator
        require(a != 0 or r >= 0, place, "a division by 0 (rule 4.5)")
        require(
            abs(r) * bits_of(a) <= 2 * FRACTION_BITS, place, "numbers of more than 65,536 bits (rule 14.7)"
        )
        return a**r
    if op in ("min", "max"):
        return min(args) if op == "min" else max(args)
    if op == "step":
        return Fraction(a >= 0)
    return abs(a) if op == "abs" else -a


# ---------------------------------------------------------------------------------------------------------------
# 14.1 The network: at a point, on pieces, on boxes


def network_value(design: Design, output: Output, x: list[Fraction], effort: Effort, place: str) -> Fraction:
    """Rule 5: the output at a point, exactly."""
    below = dict(enumerate(x))
    for row in design.rows(output):
        values: dict[int, Fraction] = {}
        for i, unit in row.items():
            total = unit.bias
            for s, w in unit.weights:
                effort.spend(AT_POINT, bits_of(total, w, below[s]), place)
                total = short(total + w * below[s], place)
            if unit.activation:
                total = Fraction(math.floor(total)) if unit.activation == "floor" else max(total, Fraction(0))
            values[i] = total
        below = values
    return below[0]


class Line(NamedTuple):
    """A piecewise affine function, by integers: slope·x + shift over `den` on a piece, at/(den·q) at the break p/q."""

    den: int
    slope: Ints
    shift: Ints
    at: Ints


def common_factors(
    unit: Unit, dens: dict[int, int], sizes: dict[int, int], place: str
) -> tuple[int, Ints, int]:
    """den, the weights times den/(denominator of the source), and the bias times den; nothing gets too long.

    `sizes` are the bits of the sources' numerators.
    """
    den = unit.bias.denominator
    for s, w in unit.weights:
        den = math.lcm(den, w.denominator * dens[s])
        require(den.bit_length() <= FRACTION_BITS, place, "numbers of more than 65,536 bits (rule 14.7)")
    factors = [w.numerator * (den // (w.denominator * dens[s])) for s, w in unit.weights]
    for f, (s, _) in zip(factors, unit.weights, strict=True):
        long = f.bit_length() + sizes[s] > FRACTION_BITS
        require(not long, place, "numbers of more than 65,536 bits (rule 14.7)")
    return den, factors, unit.bias.numerator * (den // unit.bias.denominator)


def width_of(*arrays: Ints) -> int:
    """The length of the longest number in these arrays."""
    return max((max(max(a), -min(a)).bit_length() for a in arrays if a), default=0)


class Pieced:
    """Rule 14.3: an output on pieces, layer by layer."""

    def __init__(self, design: Design, output: Output, effort: Effort, place: str) -> None:
        self.effort, self.place = effort, place
        self.breaks = [Fraction(0), Fraction(1)]
        rows = design.rows(output)
        self.neurons = sum(map(len, rows)) - 1  # the output itself is none
        self.below = {0: Line(1, [1], [0], [0, 1])}
        for row in rows:
            self.layer(row)

    def curve(self) -> Curve:
        """The output."""
        line = self.below[0]
        pairs = zip(line.shift, line.slope, strict=True)
        parts: list[Poly] = [trimmed([Fraction(c, line.den), Fraction(s, line.den)]) for c, s in pairs]
        values = [Fraction(v, line.den * b.denominator) for v, b in zip(line.at, self.breaks, strict=True)]
        return Curve(self.breaks, parts, values)

    def layer(self, row: dict[int, Unit]) -> None:
        """One layer: its arguments, new breaks, its values."""
        dens = {s: line.den for s, line in self.below.items()}
        sizes = {s: width_of(line.slope, line.shift, line.at) for s, line in self.below.items()}
        lines = {i: self.argument(unit, dens, sizes) for i, unit in row.items()}
        inner: list[set[Fraction]] = [set() for _ in self.breaks[1:]]
        for i, line in lines.items():
            if row[i].activation:
                self.crossings(line, row[i].activation == "floor", inner)
        if any(inner):
            lines = self.broken(lines, inner)
        self.below = {i: self.activated(line, row[i].activation) for i, line in lines.items()}
        total = sum(width_of(u.slope, u.shift, u.at) for u in self.below.values()) * len(self.breaks)
        require(3 * total <= NODE_BITS, self.place, "numbers too long for so many pieces (rule 14.7)")

    def argument(self, unit: Unit, dens: dict[int, int], sizes: dict[int, int]) -> Line:
        """Sum of weight·source + bias on every piece and at every break, in lowest terms."""
        den, factors, bias = common_factors(unit, dens, sizes, self.place)
        bits = max((sizes[s] for s, _ in unit.weights), default=0) + den.bit_length()
        self.effort.spend(3 * len(self.breaks) * (len(factors) + 2), bits, self.place)
        slope, shift = [0] * (len(self.breaks) - 1), [bias] * (len(self.breaks) - 1)
        at = [bias * b.denominator for b in self.breaks]
        for f, (s, _) in zip(factors, unit.weights, strict=True):
            u = self.below[s]
            slope = [x + f * y for x, y in zip(slope, u.slope, strict=True)]
            shift = [x + f * y for x, y in zip(shift, u.shift, strict=True)]
            at = [x + f * y for x, y in zip(at, u.at, strict=True)]
        g = math.gcd(den, *slope, *shift, *at)
        if g > 1:
            den, slope, shift, at = den // g, *([x // g for x in a] for a in (slope, shift, at))
        return Line(den, slope, shift, at)

    def limits(self, line: Line) -> Iterator[tuple[int, int, int, int]]:
        """For each piece the limits of den·argument at its left and right end, as numerators and denominators."""
        for s, c, (a, b) in zip(line.slope, line.shift, itertools.pairwise(self.breaks), strict=True):
            yield (
                s * a.numerator + c * a.denominator,
                a.denominator,
                (s * b.numerator + c * b.denominator),
                b.denominator,
            )

    def crossings(self, line: Line, floor: bool, inner: list[set[Fraction]]) -> None:
        """Where a relu's argument changes sign, a floor's passes an integer, inside a piece; counted first."""
        den, todo = line.den, []
        for k, (u, p, v, q) in enumerate(self.limits(line)):
            if floor:
                low, high = ((u, p), (v, q)) if line.slope[k] >= 0 else ((v, q), (u, p))
                span = range(low[0] // (den * low[1]) + 1, -(-high[0] // (den * high[1])))
            else:
                span = range(int((u < 0 < v) or (v < 0 < u)))
            if span:
                todo.append((k, span))
        count = sum(span.stop - span.start for _, span in todo)
        self.affordable(len(self.breaks) - 1 + count)
        self.effort.spend(32 * count, width_of(line.slope, line.shift), self.place)
        for k, span in todo:
            inner[k].update(Fraction(n * den - line.shift[k], line.slope[k]) for n in span)

    def affordable(self, pieces: int) -> None:
        """Rule 14.3: the limits."""
        require(pieces <= MAX_PIECES, self.place, "more than 2^16 pieces (rule 14.3)")
        require(
            pieces * self.neurons <= MAX_NEURON_PIECES, self.place, "neurons times pieces > 2^22 (rule 14.3)"
        )

    def broken(self, lines: dict[int, Line], inner: list[set[Fraction]]) -> dict[int, Line]:
        """The new breaks within each piece; the same functions on them."""
        self.affordable(len(inner) + sum(map(len, inner)))
        breaks, parents = [], []  # of each break but the last, the old piece that begins there or holds it
        fresh = []
        for k, more in enumerate(inner):
            own = sorted(more)
            breaks += [self.breaks[k], *own]
            parents += [k] * (len(own) + 1)
            fresh += [False] + [True] * len(own)
        breaks.append(self.breaks[-1])
        fresh.append(False)
        require(bits_of(*breaks) <= FRACTION_BITS, self.place, "numbers of more than 65,536 bits (rule 14.7)")
        bits = bits_of(*breaks) + max((width_of(u.slope, u.shift) for u in lines.values()), default=0)
        self.effort.spend(4 * len(breaks) * (len(lines) + 1), bits, self.place)
        ends = [(b.numerator, b.denominator) for b in breaks]
        result = {}
        for i, u in lines.items():
            at = [
                u.slope[k] * p + u.shift[k] * q if new else u.at[k]
                for k, (p, q), new in zip(parents, ends, fresh, strict=False)
            ]
            slope, shift = [u.slope[k] for k in parents], [u.shift[k] for k in parents]
            result[i] = Line(u.den, slope, shift, [*at, u.at[-1]])
        self.breaks = breaks
        return result

    def activated(self, line: Line, activation: str) -> Line:
        """The values: a relu's argument has one sign on a piece, a floor's is constant or between two integers."""
        if not activation:
            return line
        if activation == "relu":
            on = [u >= 0 and v >= 0 for u, _, v, _ in self.limits(line)]
            slope = [s if up else 0 for s, up in zip(line.slope, on, strict=True)]
            shift = [c if up else 0 for c, up in zip(line.shift, on, strict=True)]
            return Line(line.den, slope, shift, [max(v, 0) for v in line.at])
        den = line.den
        whole = [min(u // (den * p), v // (den * q)) for u, p, v, q in self.limits(line)]
        tops = zip(line.at, (b.denominator for b in self.breaks), strict=True)
        return Line(1, [0] * len(whole), whole, [v // (den * q) * q for v, q in tops])


class Bundle(NamedTuple):
    """Intervals over `den` on the boxes of a slab: those of a value, then those of its derivatives."""

    den: int
    rows: list[tuple[Ints, Ints]]


class Boxed:
    """Rule 14.4: an output that depends on relus only, on the boxes of a slab, by exact interval arithmetic."""

    def __init__(self, design: Design, output: Output, effort: Effort, place: str) -> None:
        self.dim, self.effort, self.place = design.dim, effort, place
        self.rows = design.rows(output)
        kinds = {unit.activation for row in self.rows for unit in row.values()}
        require("floor" not in kinds, place, "a grid needs a network of relus (rule 14.4)")
        self.weights = sum(len(unit.weights) for row in self.rows for unit in row.values())

    def over(self, slab: Slab, part: list[range], grid: int) -> Bundle:
        """Range and gradient over the boxes k/grid + [0, 1/grid]^d, k in `part`."""
        axes, inputs = tuple(range(self.dim)), {}
        size = math.prod(slab.shape)
        for i, r in enumerate(part):
            low = slab.spread((i,), list(r), axes)
            slopes = [[grid * (i == j)] * size for j in axes]
            inputs[i] = Bundle(grid, [(low, [k + 1 for k in low]), *((a, a) for a in slopes)])
        return self.run(inputs, size)

    def at_midpoints(self, slab: Slab, part: list[range], grid: int) -> Bundle:
        """The values at the midpoints of the boxes."""
        axes, inputs = tuple(range(self.dim)), {}
        for i, r in enumerate(part):
            centre = slab.spread((i,), [2 * k + 1 for k in r], axes)
            inputs[i] = Bundle(2 * grid, [(centre, centre)])
        return self.run(inputs, math.prod(slab.shape))

    def run(self, below: dict[int, Bundle], size: int) -> Bundle:
        """Layer by layer."""
        kinds = len(next(iter(below.values())).rows)
        for row in self.rows:
            dens = {s: u.den for s, u in below.items()}
            sizes = {s: width_of(*(end for pair in u.rows for end in pair)) for s, u in below.items()}
            values = {i: self.argument(unit, below, dens, sizes, (kinds, size)) for i, unit in row.items()}
            below = {i: self.clipped(u) if row[i].activation else u for i, u in values.items()}
        return below[0]

    def argument(
        self,
        unit: Unit,
        below: dict[int, Bundle],
        dens: dict[int, int],
        sizes: dict[int, int],
        shape: tuple[int, int],
    ) -> Bundle:
        """Sum of weight·source + bias; the bias concerns the value only."""
        kinds, size = shape
        den, factors, bias = common_factors(unit, dens, sizes, self.place)
        bits = max((sizes[s] for s, _ in unit.weights), default=0) + den.bit_length()
        self.effort.spend(kinds * size * (len(factors) + 1), bits, self.place)
        rows = []
        for k in range(kinds):
            lo = hi = [0 if k else bias] * size
            for f, (s, _) in zip(factors, unit.weights, strict=True):
                low, high = below[s].rows[k] if f > 0 else below[s].rows[k][::-1]
                same = low is high and lo is hi  # at a point both ends are one
                lo = [x + f * y for x, y in zip(lo, low, strict=True)]
                hi = lo if same else [x + f * y for x, y in zip(hi, high, strict=True)]
            rows.append((lo, hi))
        return Bundle(den, rows)

    def clipped(self, u: Bundle) -> Bundle:
        """relu: the derivatives are kept where U_lo >= 0, 0 where U_hi <= 0, else joined with 0."""
        (lo, hi), *slopes = u.rows
        low = [max(x, 0) for x in lo]
        rows = [(low, low if lo is hi else [max(y, 0) for y in hi])]
        for a, b in slopes:
            down = [p if x >= 0 else 0 if y <= 0 else min(p, 0) for p, x, y in zip(a, lo, hi, strict=True)]
            up = [q if x >= 0 else 0 if y <= 0 else max(q, 0) for q, x, y in zip(b, lo, hi, strict=True)]
            rows.append((down, up))
        return Bundle(u.den, rows)


# ---------------------------------------------------------------------------------------------------------------
# 14.3, 14.4 Errors


def summed(parts: list[Fraction]) -> Enclosure:
    """The sum: exact, or, where its denominator would be too long to be written, to 2^-4096 a part."""
    exact = parts
    while len(exact) > 1 and all(x.denominator.bit_length() <= FRACTION_BITS for x in exact):
        exact = [sum(exact[i : i + 2], Fraction(0)) for i in range(0, len(exact), 2)]
    if len(exact) <= 1:
        total = sum(exact, Fraction(0))
        return Enclosure(total, total, True)
    one = 1 << 4096
    return Enclosure(
        Fraction(sum(math.floor(x * one) for x in parts), one),
        Fraction(sum(math.ceil(x * one) for x in parts), one),
    )


def scaled_parts(e: Curve, effort: Effort, place: str) -> Iterator[tuple[Fraction, Ints, int]]:
    """For each piece its length, and e on it as a polynomial on [0, 1]: integers over a denominator."""
    for p, (a, b) in zip(e.parts, itertools.pairwise(e.breaks), strict=True):
        bits = (len(p) + 1) * (bits_of(a, b) + bits_of(*p))
        require(bits <= 4 * FRACTION_BITS, place, "numbers of more than 65,536 bits (rule 14.7)")
        effort.spend(64 + 8 * len(p) ** 2, bits, place)
        yield b - a, *unit_interval(p, a, b)


def stays_within(e: Curve, hi: Fraction, effort: Effort, place: str) -> bool:
    """Rule 14.3: |e| <= hi at every break and on the closure of every piece."""
    if any(abs(x) > hi for x in e.at):
        return False
    top, bottom = hi.as_integer_ratio()

    def charge(size: int, bits: int) -> None:
        """Remainders of remainders: their lengths grow with the degree."""
        effort.spend(64 * size**3, 4 * bits, place)

    for _, q, den in scaled_parts(e, effort, place):
        for sign in (1, -1):
            gap = [sign * bottom * c for c in q] or [0]
            gap[0] += top * den
            if not nonnegative(gap, charge):
                return False
    return True


def square_integral(e: Curve, effort: Effort, place: str) -> Enclosure:
    """The integral of e^2."""
    parts = []
    for length, q, den in scaled_parts(e, effort, place):
        common = math.lcm(*range(1, 2 * len(q) + 1))
        total = sum(x * y * (common // (i + j + 1)) for i, x in enumerate(q) for j, y in enumerate(q))
        parts.append(length * Fraction(total, common * den * den))
    effort.spend(64 * len(parts), max(map(bits_of, parts)), place)
    return summed(parts)


class Gap(NamedTuple):
    """Rule 14.4: an upper end of the supremum of |e|, and an enclosure of the integral of e^2."""

    top: Fraction
    square: Enclosure


def gap_on_boxes(boxed: Boxed, aim: TextAim, grid: int, place: str) -> Gap:
    """Rule 14.4, slab by slab."""
    d, w, nodes = boxed.dim, aim.w, aim.nodes
    boxes, cost = grid**d, visits(nodes, w) + boxed.weights * ((w + 95) // 96) ** 2
    require(w * boxes <= NODE_BITS, place, "too many bits for a grid so fine")
    require(cost * boxes <= MAX_VISITS, place, "too long for a grid so fine (rule 14.7)")
    boxed.effort.spend(2 * visits(nodes, w) * boxes, 1, place)
    top = low = high = 0
    for part in slabs([range(grid)] * d):
        slab = Slab([len(r) for r in part], w, place)
        jet, mid = box_values(slab, nodes, part, grid)
        R = residuals(
            slab, jet, mid, boxed.over(slab, part, grid), boxed.at_midpoints(slab, part, grid), grid
        )
        for x, y in zip(*R, strict=True):
            far, near = max(-x, y), max(x, -y, 0)
            top, low, high = max(top, far), low + near * near, high + far * far
        Waiting.tell(part[0].stop, grid)
    scale = Fraction(1, boxes << 2 * w)
    return Gap(Fraction(top, 1 << w), Enclosure(low * scale, high * scale))


def residuals(slab: Slab, jet: Jet, mid: Arr, own: Bundle, centre: Bundle, grid: int) -> tuple[Ints, Ints]:
    """Rule 14.4: R on every box of a slab, at scale w.

    With Gamma_i = [a, b], Gamma_i·[-1/(2G), 1/(2G)] is +-max(-a, b)/(2G).
    """
    w, axes = slab.w, tuple(range(len(slab.shape)))

    def less(f: Arr, lo: Ints, hi: Ints, den: int) -> tuple[Ints, Ints]:
        """f - [lo, hi]/den, rounded outward."""
        below, above = fixed_ends(lo, hi, den, w)
        f_lo, f_hi = (slab.spread(f.axes, end, axes) for end in (f.lo, f.hi))
        return list(map(operator.sub, f_lo, above)), list(map(operator.sub, f_hi, below))

    whole = less(jet.value, *own.rows[0], own.den)
    reach = [0] * len(whole[0])
    for i, slope in enumerate(own.rows[1:]):
        a, b = less(jet.grad.get(i, Arr((), [0], [0])), *slope, own.den)
        reach = [r - (min(x, -y) // (2 * grid)) for r, x, y in zip(reach, a, b, strict=True)]
    lo, hi = less(mid, *centre.rows[0], centre.den)
    wild = [0] * len(reach) if jet.wild is None else slab.spread(jet.wild.axes, jet.wild.lo, axes)
    return (
        [x if flag else max(x, y - r) for x, y, r, flag in zip(whole[0], lo, reach, wild, strict=True)],
        [x if flag else min(x, y + r) for x, y, r, flag in zip(whole[1], hi, reach, wild, strict=True)],
    )


# ---------------------------------------------------------------------------------------------------------------
# 14.2 - 14.6 The conditions


class Own:
    """The conditions of one certificate: its network, its target, the budget, and what has been computed already."""

    def __init__(self, design: Design, target: Aim) -> None:
        self.design, self.target, self.effort = design, target, Effort()
        self.lines: dict[tuple[str, int, int], Curve] = {}
        self.gaps: dict[tuple[str, int, int, int], Gap] = {}

    def check(self, condition: Condition, finding: Finding) -> None:
        """One condition; of `custom` there is nothing to check."""
        kind, place, own = condition
        if kind in ("width", "depth", "neurons", "parameters"):
            self.count(finding, kind, own[0], place)
        elif kind == "activations":
            self.activations(finding, own[0], place)
        elif kind == "error":
            level, norm, at_most = own
            require(
                norm == "inf" or (type(norm) is int and norm == 2), f"{place}.norm", '"inf" or 2 is wanted'
            )
            self.error(finding, self.readout(level, place), self.target, norm == 2, at_most, place)
        elif kind == "computes":
            neuron, raw, at_most = own
            aim = read_aim(raw, self.design.dim, f"{place}.target")
            self.error(finding, self.neuron(neuron, f"{place}.neuron"), aim, False, at_most, place)
        elif kind == "monotone":
            level, axis, sign = own
            integer(axis, f"{place}.axis", 0, self.design.dim - 1)
            require(type(sign) is int and sign in (1, -1), f"{place}.sign", "1 or -1 is wanted (rule 14.2)")
            self.monotone(finding, self.readout(level, place), axis, sign)
        else:
            require(type(own[0]) is str, f"{place}.name", "a string is wanted (rule 14.2)")

    # -- the network's shape

    def count(self, finding: Finding, kind: str, at_most: Any, place: str) -> None:
        """width, depth, neurons, parameters: the value exactly."""
        layers = self.design.layers
        units = [unit for layer in layers for unit in layer]
        forms = [*units, *(output.unit for output in self.design.readouts.values())]
        value = {
            "width": max(map(len, layers), default=0),
            "depth": len(layers),
            "neurons": len(units),
            "parameters": sum(len(form.weights) + (form.bias != 0) for form in forms),
        }[kind]
        bound = integer(at_most, f"{place}.at_most", -(10**9))
        exactly_states(finding, "value bound", value, bound, rule="14.2")
        check_status(finding, verdict(value <= bound, value > bound))

    def activations(self, finding: Finding, allowed: Any, place: str) -> None:
        """Those that occur among those allowed."""
        at, names = f"{place}.allowed", items(allowed, f"{place}.allowed")
        require(all(type(name) is str for name in names), at, "strings are wanted (rule 14.2)")
        require(all(a < b for a, b in itertools.pairwise(names)), at, "must increase strictly (rule 14.2)")
        used = sorted({unit.activation for layer in self.design.layers for unit in layer})
        exactly_states(finding, "value bound", used, names, rule="14.2")
        good = set(used) <= set(names)
        check_status(finding, verdict(good, not good))

    def readout(self, level: Any, place: str) -> Output:
        """The readout of this level."""
        integer(level, f"{place}.of", -(10**9))
        known = level in self.design.readouts
        require(known, f"{place}.of", f"there is no readout of level {level} (rule 14.2)")
        return self.design.readouts[level]

    def neuron(self, value: Any, place: str) -> Output:
        """The neuron [layer from 1, index from 0]."""
        layer, index = items(value, place, 2)
        integer(layer, f"{place}[0]", 1, len(self.design.layers))
        integer(index, f"{place}[1]", 0, len(self.design.layers[layer - 1]) - 1)
        return Output(layer - 1, self.design.layers[layer - 1][index], ("neuron", layer, index))

    # -- errors

    def error(
        self, finding: Finding, output: Output, aim: Aim, square: bool, at_most: Any, place: str
    ) -> None:
        """Rules 14.2 to 14.5, the norm being 2 or inf."""
        most, at, d = rational(at_most, f"{place}.at_most"), finding.place, self.design.dim
        require(most >= 0, f"{place}.at_most", "must be >= 0 (rule 14.2)")
        (raw_lo, raw_hi), raw_bound, witness, grid = items(finding.own[0], f"{at}.error", 2), *finding.own[1:]
        bound, lo = rational(raw_bound, f"{at}.bound"), rational(raw_lo, f"{at}.error[0]")
        require(bound == (most**2 if square else most), f"{at}.bound", "not the claim's (rule 14.2)")
        require(lo >= 0, f"{at}.error[0]", "must be >= 0 (rule 14.5)")
        require(not square or witness is None, f"{at}.witness", "must be null for norm 2 (rule 14.3)")
        if not square:
            self.lower(output, aim, witness, lo, at)
        if grid is not None:
            read_grid(grid, d, f"{at}.grid")
        if raw_hi is None:  # only the witness counts
            require(grid is None, f"{at}.grid", "must be null with an upper end of null (rule 14.5)")
            require(not square or lo == 0, f"{at}.error[0]", "must be 0 with null (rule 14.5)")
            return check_status(finding, verdict(False, lo > bound))
        stated = Enclosure(lo, rational(raw_hi, f"{at}.error[1]"))
        require(lo <= stated.hi, f"{at}.error", "lo > hi (rule 14.5)")
        if grid is None:
            self.on_pieces(output, aim, square, stated, at)
        else:
            self.on_boxes(output, aim, square, stated, grid, at)
        return check_status(finding, verdict(stated.hi <= bound, lo > bound))

    def lower(self, output: Output, aim: Aim, witness: Any, lo: Fraction, at: str) -> None:
        """Rules 14.3, 14.4: lo <= |e(w)|; without a witness lo = 0."""
        if witness is None:
            return require(lo == 0, f"{at}.error[0]", "must be 0 without a witness (rule 14.3)")
        place = f"{at}.witness"
        x = read_point(witness, self.design.dim, place)
        own = network_value(self.design, output, x, self.effort, place)
        below, above = (end - own for end in aim.value(x, self.effort, place))
        near = max(below, -above, Fraction(0))
        return require(lo <= near, f"{at}.error[0]", "above |e| at the witness (rule 14.3)")

    def curve(self, output: Output, place: str) -> Curve:
        """The output on its pieces."""
        require(self.design.dim == 1, place, "null only in dimension 1 (rules 14.3, 14.6)")
        if output.name not in self.lines:
            self.lines[output.name] = Pieced(self.design, output, self.effort, place).curve()
        return self.lines[output.name]

    def on_pieces(self, output: Output, aim: Aim, square: bool, stated: Enclosure, at: str) -> None:
        """Rule 14.3."""
        place = f"{at}.grid"
        own, curves = self.curve(output, place), Curves(self.effort, place)
        e = curves.plus(aim.curve(curves), own, -1)
        if square:
            supported(stated, square_integral(e, self.effort, place)._replace(exact=False), f"{at}.error")
        else:
            good = stays_within(e, stated.hi, self.effort, place)
            require(good, f"{at}.error[1]", "exceeded on the cube (rule 14.3)")

    def on_boxes(self, output: Output, aim: Aim, square: bool, stated: Enclosure, grid: int, at: str) -> None:
        """Rule 14.4."""
        place = f"{at}.grid"
        if not isinstance(aim, TextAim):
            raise Rejected(place, "a grid needs an expression (rule 14.4)")
        key = (*output.name, grid)
        gap = self.gaps.get(key) if aim is self.target else None
        if gap is None:
            gap = gap_on_boxes(Boxed(self.design, output, self.effort, place), aim, grid, place)
        if aim is self.target:
            self.gaps[key] = gap
        if square:
            supported(stated, gap.square, f"{at}.error")
        else:
            require(stated.hi >= gap.top, f"{at}.error[1]", "below what the checker finds (rule 14.4)")

    # -- monotonicity

    def monotone(self, finding: Finding, output: Output, axis: int, sign: int) -> None:
        """Rules 14.2 and 14.6."""
        witness, grid = finding.own
        at, d = finding.place, self.design.dim
        if grid is not None:
            read_grid(grid, d, f"{at}.grid")
        if witness is not None:
            place = f"{at}.witness"
            x, y = (read_point(p, d, f"{place}[{i}]") for i, p in enumerate(items(witness, place, 2)))
            same = all(a == b for i, (a, b) in enumerate(zip(x, y, strict=True)) if i != axis)
            require(same and x[axis] < y[axis], place, "not one step up along the axis (rule 14.2)")
            first, second = (network_value(self.design, output, p, self.effort, place) for p in (x, y))
            require(sign * first > sign * second, place, "shows no fall (rule 14.2)")
            return check_status(finding, REFUTED)
        if finding.status == UNDECIDED:  # says nothing, whatever a checker could prove
            return None
        place = f"{at}.grid"
        good = (
            self.rises(output, sign, place)
            if grid is None
            else self.slopes_up(output, axis, sign, grid, place)
        )
        return check_status(finding, verdict(good, False))

    def rises(self, output: Output, sign: int, place: str) -> bool:
        """Rule 14.6, on pieces: slopes, and left limit, value, right limit at every break."""
        own = self.curve(output, place)
        values, ends = itertools.pairwise(own.at), itertools.pairwise(own.breaks)
        for p, (x, y), (a, b) in zip(own.parts, values, ends, strict=True):
            start, end = sign * poly_at(p, a), sign * poly_at(p, b)
            if not sign * x <= start <= end <= sign * y:
                return False
        return True

    def slopes_up(self, output: Output, axis: int, sign: int, grid: int, place: str) -> bool:
        """Rule 14.6, on boxes."""
        d = self.design.dim
        boxed = Boxed(self.design, output, self.effort, place)
        require(boxed.weights * grid**d <= MAX_VISITS, place, "too long for a grid so fine (rule 14.7)")
        for part in slabs([range(grid)] * d):
            bundle = boxed.over(Slab([len(r) for r in part], 0, place), part, grid)
            lo, hi = bundle.rows[1 + axis]
            if (min(lo) if sign == 1 else -max(hi)) < 0:
                return False
        return True


def check_own(raw_claim: Any, raw_target: Any, raw_network: Any, evidence: Any, stated: Any) -> list[Finding]:
    """Everything that a certificate of a claim of one's own states; its findings."""
    conditions = read_conditions(raw_claim)
    findings = read_own_findings(stated, conditions)
    fields(evidence, "evidence", "")
    dim = raw_target.get("dim") if type(raw_target) is dict else None
    d = integer(dim, "target.dim", 1, 10)
    own = Own(read_design(raw_network, d), read_aim(raw_target, d, "target"))
    for condition, finding in zip(conditions, findings, strict=True):
        own.check(condition, finding)
    return findings


# ---------------------------------------------------------------------------------------------------------------
# 2 The whole certificate


def check_overall(status: Any, statuses: Iterable[str], checked: bool = True) -> None:
    """Rules 9.8, 13.3, 14.7: the status of the whole from those of its parts; an author's word alone proves nothing."""
    own = set(statuses)
    overall = verdict(own == {PROVED} and checked, REFUTED in own)
    require(status == overall, "status", f"the findings give {overall} (rule 9.8)")


def recheck(data: bytes) -> str:
    """The status of the certificate with this text, every statement of which has been recomputed; or Rejected.

    But for `custom` findings (rule 14.2), which `examine` counts.
    """
    return examine(data)[0]


def examine(data: bytes) -> tuple[str, int]:
    """The same, and how many of the findings were decided by the claim's author only (rule 14.2)."""
    whole = parse(data)
    names = "format version producer claim target network evidence findings status hash"
    form, version, producer, raw_claim, raw_target, raw_network, evidence, stated, status, hashes = fields(
        whole, "certificate", names
    )
    one_of(form, "format", "approxcert-certificate")
    integer(version, "version", 1, 1)
    require(type(producer) is dict and len(producer) <= 20, "producer", "at most 20 strings (rule 2)")
    require(all(type(v) is str for v in producer.values()), "producer", "at most 20 strings (rule 2)")
    parts = {"claim": raw_claim, "target": raw_target, "network": raw_network}
    own = {name: hash_of(part) for name, part in parts.items()}
    own["all"] = hash_of({**whole, "hash": own.copy()})
    fields(hashes, "hash", "claim target network all")
    for name, value in own.items():
        require(hashes[name] == value, f"hash.{name}", "does not match (rule 2.1)")
    name = claim_name(raw_claim)
    one_of(status, "status", PROVED, REFUTED, UNDECIDED)
    content = (raw_claim, raw_target, raw_network, evidence, stated)
    if name == "ladder":
        check_overall(status, check_ladder(*content))
        return status, 0
    check_claim = {
        "geometric": check_geometric,
        "multigrade": check_multigrade,
        "multiplicative": check_multiplicative,
        "own": check_own,
    }[name]
    findings = check_claim(*content)
    authors = sum(finding.by_author for finding in findings)
    check_overall(status, [finding.status for finding in findings], authors < len(findings))
    return status, authors


# ---------------------------------------------------------------------------------------------------------------
# 10 Command line


def run(path: str) -> tuple[int, dict[str, Any]]:
    """The exit status and the report for a file; whatever goes wrong is a rejection."""
    place, message = "certificate", ""
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
        status, custom = examine(data)
        code = {PROVED: 0, REFUTED: 1, UNDECIDED: 3}[status]
        report = {"accepted": True, "status": status, "place": None, "message": f"accepted: {status}"}
        if custom:
            report["custom"] = custom
            report["message"] += (
                f"; {custom} custom: decided by the claim's author only, not independently checked"
            )
        return code, report
    except Rejected as error:
        place, message = error.place or place, error.message
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
    except Exception as error:  # rule 10: everything unforeseen is a rejection too
        message = f"{type(error).__name__}: {error}"
    text = message.encode("ascii", "backslashreplace").decode("ascii")
    return 2, {"accepted": False, "status": None, "place": place, "message": " ".join(text.split())[:500]}


def main(arguments: list[str]) -> int:
    """python -m verify.check CERT.json [--json] [--progress]"""
    paths = [a for a in arguments if a not in ("--json", "--progress")]
    if len(paths) != 1 or paths[0].startswith("-"):
        print("usage: check.py CERT.json [--json] [--progress]", file=sys.stderr)
        return 2
    Waiting.anybody = "--progress" in arguments
    sys.set_int_max_str_digits(0)  # lengths are bounded by rule 1.2, whatever the environment says
    code, report = run(paths[0])
    if "--json" in arguments:
        print(json.dumps(report))
    elif code != 2:
        print(report["message"])
    if code == 2:
        print(f"rejected: {report['place']}: {report['message']}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
