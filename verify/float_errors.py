"""How far computed values of neurons are from the exact ones, on a box: rounding in any order, in exact rationals.

Source: N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., SIAM 2002, sections 2.2, 3.1 and 4.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flint import fmpq

from constructs.exact import dyadic
from constructs.float_formats import FloatFormat
from constructs.neurons import Affine

ZERO = fmpq(0)
LONGEST = 128  # bits: longer numbers are rounded outward, to half as many
# Units roundoff by which a computed sine may be off: an assumption, IEEE 754 does not say. onnxruntime 1.32 is off by
# 6.3 at 14.98 in float64, by 1.6 in float32.
SINE_UNITS = 16


@dataclass(frozen=True)
class Known:
    """What is known of a value v on a box: lo <= v <= hi, and the computed value is off by at most `error`.

    grid: v is a multiple of 2^-grid (None: nothing is known), said only where error = 0. power: v is a power of 2.
    slopes: where v is an affine function of the inputs, its slopes.
    """

    lo: fmpq
    hi: fmpq
    error: fmpq = ZERO
    grid: int | None = None
    power: bool = False
    slopes: tuple[fmpq, ...] | None = None

    @property
    def size(self) -> fmpq:
        """|v| is at most this."""
        return max(abs(self.lo), abs(self.hi))

    @property
    def computed(self) -> fmpq:
        """The size of the computed value is at most this."""
        return self.size + self.error


@dataclass(frozen=True)
class Unknown:
    """A value of which nothing can be said, and why; `finite`: but that it is a number, and no overflow."""

    reason: str
    finite: bool = False


Value = Known | Unknown
OUT_OF_RANGE = Unknown("values are not shown to stay within the range of floats")
_Term = tuple[fmpq, fmpq, Known]  # weight, the weight rounded, source


def upward(value: fmpq) -> fmpq:
    """The number, or a shorter one that is slightly larger."""
    if value.p.height_bits() + value.q.height_bits() <= LONGEST:
        return value
    shift = LONGEST // 2 - (int(value.p).bit_length() - int(value.q).bit_length())
    return dyadic(int((value * dyadic(1, shift)).ceil()), -shift)


def grid_of(value: fmpq) -> int:
    """The least k >= 0 with value a multiple of 2^-k, for a dyadic value."""
    return int(value.q).bit_length() - 1


def affine(form: Affine, sources: Sequence[Value], floats: FloatFormat) -> Value:
    """The affine form as a product of dense matrices computes it: weights rounded, sums in any order, fused or not."""
    terms: list[_Term] = []
    for source, weight in form.terms:
        v = sources[source]
        if isinstance(v, Unknown):
            return Unknown(v.reason)  # what comes of a number of unknown size may overflow
        rounded = floats.nearest(weight)
        if rounded is None:
            return OUT_OF_RANGE
        terms.append((weight, rounded, v))
    bias = floats.nearest(form.bias)
    if bias is None:
        return OUT_OF_RANGE
    spread = sum((abs(r) * v.computed for _, r, v in terms), abs(bias))
    if spread >= dyadic(1, floats.most - 1):
        return OUT_OF_RANGE
    moved = sum((abs(w) * v.error + abs(r - w) * v.computed for w, r, v in terms), abs(bias - form.bias))
    grid = _exact_grid(terms, bias, spread, floats)
    exact = grid is not None or _is_scaling(terms, bias)
    error = moved if exact else moved + _rounding(terms, bias, floats)
    return Known(
        -upward(-sum((min(w * v.lo, w * v.hi) for w, _, v in terms), form.bias)),
        upward(sum((max(w * v.lo, w * v.hi) for w, _, v in terms), form.bias)),
        upward(error),
        grid if error == 0 else None,
        slopes=_slopes(terms),
    )


def _exact_grid(terms: Sequence[_Term], bias: fmpq, spread: fmpq, floats: FloatFormat) -> int | None:
    """A k such that every partial sum, in any order, is a multiple of 2^-k that a float holds, or None."""
    grid = grid_of(bias)
    for _, rounded, v in terms:
        if v.error != 0 or v.grid is None:
            return None
        grid = max(grid, v.grid + grid_of(rounded))
    alone = len(terms) == 1 and bias == 0 and terms[0][2].power  # a float times a power of 2
    held = alone or spread <= dyadic(1, floats.precision - grid)
    return grid if held and grid <= -floats.least else None


def _is_scaling(terms: Sequence[_Term], bias: fmpq) -> bool:
    """Whether the form is one source times +-2^k, k >= 0: a product without rounding or underflow."""
    return bias == 0 and len(terms) == 1 and abs(terms[0][1]) >= 1 and _is_power(terms[0][1])


def _is_power(value: fmpq) -> bool:
    p = abs(int(value.p))
    return p != 0 and p & (p - 1) == 0


def _rounding(terms: Sequence[_Term], bias: fmpq, floats: FloatFormat) -> fmpq:
    """The rounding of products and sums: each of m summands goes through at most m - 1 sums (Higham, 3.1, 4.2)."""
    sums = len(terms) + (bias != 0) - 1
    total = _gamma(max(sums, 0), floats) * abs(bias) + len(terms) * floats.tiny
    for _, rounded, v in terms:
        total += _gamma(sums + (not _is_power(rounded)), floats) * abs(rounded) * v.computed
    return total


def _gamma(steps: int, floats: FloatFormat) -> fmpq:
    """gamma_n = n u / (1 - n u): |product of n factors (1 + delta) - 1| for |delta| <= u (Higham, lemma 3.1)."""
    lost = steps * floats.unit
    return lost / (1 - lost)


def _slopes(terms: Sequence[_Term]) -> tuple[fmpq, ...] | None:
    total: tuple[fmpq, ...] | None = None
    for weight, _, v in terms:
        if v.slopes is None:
            return None
        scaled = tuple(weight * slope for slope in v.slopes)
        total = scaled if total is None else tuple(a + b for a, b in zip(total, scaled, strict=True))
    return total


def relu(u: Known) -> Known:
    """max(u, 0): off by no more than u."""
    if u.lo >= 0:
        return u
    return Known(ZERO, max(u.hi, ZERO), u.error, u.grid)


def product(factors: Sequence[Known], floats: FloatFormat) -> Value:
    """The product, one multiplication after another."""
    lo, hi, grid, exact = fmpq(1), fmpq(1), 0, fmpq(1)
    size = largest = fmpq(1)
    for v in factors:
        ends = [a * b for a in (lo, hi) for b in (v.lo, v.hi)]
        lo, hi = -upward(-min(ends)), upward(max(ends))
        exact, size = exact * v.size, upward(size * v.computed)
        largest = max(largest, size)
        grid += v.grid or 0
    if largest >= dyadic(1, floats.most - 1):
        return OUT_OF_RANGE
    known = all(v.error == 0 and v.grid is not None for v in factors)
    if known and largest <= dyadic(1, floats.precision - grid) and grid <= -floats.least:
        return Known(lo, hi, ZERO, grid)
    steps = len(factors) - 1
    rest = fmpq(1)
    for v in factors:
        rest *= max(v.computed, fmpq(1))
    underflow = 2 * steps * floats.tiny * rest
    return Known(lo, hi, upward(size - exact + _gamma(steps, floats) * size + underflow))


def sine(u: Known, floats: FloatFormat) -> Known:
    """sin u: its slope is at most 1; the runtime's sine is assumed to be off by at most SINE_UNITS units roundoff."""
    own = SINE_UNITS * floats.unit
    return Known(fmpq(-1), fmpq(1), min(u.error, fmpq(2)) + own)


def exp2(u: Known, floats: FloatFormat) -> Value:
    """2^u for integers u, which Pow is assumed to compute exactly."""
    if u.error != 0 or u.grid != 0:
        return Unknown("exp2 of what is not an integer without error")
    if u.lo < floats.least or u.hi >= floats.most - 1:
        return Unknown("a power of 2 is not shown to stay within the range of floats")
    least = int(u.lo.p)
    return Known(dyadic(1, least), dyadic(1, int(u.hi.p)), ZERO, max(0, -least), power=True)


def floor(u: Known) -> Known:
    """floor u where no integer lies between u and its computed value."""
    return Known(fmpq(u.lo.floor()), fmpq(u.hi.floor()), ZERO, 0)


def may_jump(u: Known) -> int:
    """How many integers have a distance of at most the error to some value of u; 0 if nothing is rounded."""
    if u.error == 0:
        return 0
    return int((u.hi + u.error).floor()) - int((u.lo - u.error).ceil()) + 1
