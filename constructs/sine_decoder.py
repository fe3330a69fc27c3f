"""The two-sine decoder J -> sin(n sin(1+J)): the integer n found by lattice reduction, certified by balls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flint import arb, ctx, fmpq

from constructs.errors import ConstructError
from constructs.exact import ceil_dyadic, dyadic, integer
from constructs.sine_phases import Phases
from constructs.sine_search import Search

LEAST_TOLERANCE = fmpq(1, 2**40)  # below it, double precision finds no candidates
VALUE_BITS = 128


@dataclass(frozen=True)
class SineWeight:
    """A weight n of the decoder sin(n sin(1+J)), J = 0..K-1, with what was certified about it.

    weight: n, of either sign. values: balls that contain sin(n sin(1+J)), radius <= 2^-80.
    error: upper bound of max_J |sin(n sin(1+J)) - y_J|. bits_per_cell: n.bit_length() / K, for people.
    """

    weight: int
    values: tuple[arb, ...]
    error: fmpq
    bits_per_cell: float


def sine_values(weight: int, count: int, bits: int = VALUE_BITS) -> list[arb]:
    """Balls that contain sin(weight sin(1+J)), J = 0..count-1.

    Requires: integers, count >= 0, bits >= 1.
    Returns: count balls, each of radius <= 2^-bits.
    Method: ball arithmetic at bit_length(weight) + bits + 32 bits; doubled until the radii are small.
    Guarantees: enclosed. flint's global precision is left as it was.
    Raises: ConstructError.

    >>> sine_values(0, 2)
    [0, 0]
    >>> [round(float(v), 12) for v in sine_values(10**30, 2)]
    [0.18331233054, -0.064261359759]
    """
    if isinstance(weight, bool) or not isinstance(weight, int):
        raise ConstructError("weight", weight, "an integer")
    integer(count, "count", 0)
    precision = integer(bits, "bits", 1) + weight.bit_length() + 32
    while True:
        with ctx.workprec(precision):
            values = [(arb(1 + J).sin() * weight).sin() for J in range(count)]
            if all(v.rad() <= arb(2) ** -bits for v in values):
                return values
        precision *= 2


def find_weight(
    wanted: Sequence[fmpq], tolerance: fmpq, *, max_bits: int = 4096, seconds: float = 120.0
) -> SineWeight:
    """An integer n with |sin(n sin(1+J)) - y_J| <= tolerance for every J < K, certified.

    Requires: y_J = wanted[J] in [-1, 1]; tolerance >= 2^-40.
    Returns: SineWeight; the same for the same arguments.
    Method: n = 0; for few cells, n = 1, 2, ...; otherwise points of the lattice {(n beta_J - m_J, n 2^-b)},
      beta_J = sin(1+J)/2 pi, near (theta_J, 0), where theta_J is the middle of either interval of phases that
      theta -> sin(2 pi theta) sends into y_J -+ tolerance; b grows until one of the points will do;
      for 64, 128 and 256 cells bases are kept (`stored_bases`); for many other numbers of cells the basis is reduced
      beyond LLL (`blocks`), a little further at every b.
    Guarantees: values, error <= tolerance: enclosed by ball arithmetic at the full precision of n. Floats and
      the lattice only propose n. |n| < 2^max_bits.
    Raises: ConstructError; SineSearchError when the bits or the seconds (checked between reductions) run out.
    Source: Kronecker's theorem (an n exists: sin 1, sin 2, ... are linearly independent over Q by
      Lindemann-Weierstrass), made explicit by Lenstra, Lenstra, Lovász (1982) and Babai (1986).

    >>> found = find_weight([fmpq(1, 2), fmpq(-1), fmpq(0)], fmpq(1, 8))
    >>> found.weight, found.error <= fmpq(1, 8), [round(float(v), 3) for v in found.values]
    (3184, True, [0.51, -0.975, -0.078])
    """
    ys = _checked(wanted, tolerance)
    integer(max_bits, "max_bits", 0)
    zero = max((abs(y) for y in ys), default=fmpq(0))
    if zero <= tolerance:
        return SineWeight(0, tuple(sine_values(0, len(ys))), zero, 0.0)
    search = Search(ys, tolerance, max_bits, seconds, float(zero))
    for weight in search.candidates():
        values = sine_values(weight, len(ys))
        error = max(_distance(v, y) for v, y in zip(values, ys, strict=True))
        if error <= tolerance and weight.bit_length() <= max_bits:
            return SineWeight(weight, tuple(values), error, weight.bit_length() / len(ys))
    raise search.failure()


def fewest_bits(wanted: Sequence[fmpq], tolerance: fmpq) -> float:
    """log2 of the number of random phases among which one is expected to do, per cell: for people, in floats.

    Returns: the mean over J of -log2(share of the circle that theta -> sin(2 pi theta) sends into y_J -+ tolerance).
    Method: if the phases n sin(1+J)/2 pi, 0 < n < 2^b, were independent and uniform, 2^b times the product of the
      shares would be expected to do. Not a bound: some tables are luckier.

    >>> round(fewest_bits([fmpq(0)], fmpq(1, 8)), 3), round(fewest_bits([fmpq(1)], fmpq(1, 8)), 3)
    (3.648, 2.636)
    """
    ys = _checked(wanted, tolerance)
    return Phases.of(ys, tolerance).fewest_bits() if ys else 0.0


def _checked(wanted: Sequence[fmpq], tolerance: fmpq) -> list[fmpq]:
    if not isinstance(tolerance, fmpq) or tolerance < LEAST_TOLERANCE:
        raise ConstructError("tolerance", tolerance, "a rational (fmpq) >= 2^-40")
    for J, y in enumerate(wanted):
        if not isinstance(y, fmpq) or not -1 <= y <= 1:
            raise ConstructError(f"wanted[{J}]", y, "a rational (fmpq) in [-1, 1]")
    return list(wanted)


def _distance(value: arb, wanted: fmpq) -> fmpq:
    """Upper bound of |v - wanted| over the ball, a multiple of 2^-VALUE_BITS."""
    with ctx.workprec(2 * VALUE_BITS):
        mantissa, exponent = abs(value - wanted).abs_upper().man_exp()
    return ceil_dyadic(dyadic(int(mantissa), int(exponent)), VALUE_BITS)
