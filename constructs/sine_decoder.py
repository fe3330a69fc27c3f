"""The two-sine decoder J -> sin(n sin(1+J)): the integer n found by lattice reduction, certified by balls."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from flint import arb, ctx, fmpq

from constructs.errors import ConstructError
from constructs.exact import ceil_dyadic, dyadic, integer, to_text
from constructs.lattice import Array, ladder, nearest_plane, reweighted

LEAST_TOLERANCE = fmpq(1, 2**40)  # below it, double precision finds no candidates
VALUE_BITS = 128
SCAN_UNTIL = 1 << 17
SCAN_CHUNK = 1 << 13
SCAN_EXPECTED = 1 << 14  # scan when one n in this many is expected to do


class SineSearchError(ConstructError):
    """No weight was found within the bits and the time allowed."""


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
      theta -> sin(2 pi theta) sends into y_J -+ tolerance; b grows until one of the points will do.
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
    search = _Search(ys, tolerance, max_bits, seconds, float(zero))
    for weight in search.candidates():
        values = sine_values(weight, len(ys))
        error = max(_distance(v, y) for v, y in zip(values, ys, strict=True))
        if error <= tolerance and weight.bit_length() <= max_bits:
            return SineWeight(weight, tuple(values), error, weight.bit_length() / len(ys))
    raise search.failure()


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


class _Search:
    """Candidates for one call, cheapest first; remembers how far it got. Floats throughout."""

    def __init__(self, ys: list[fmpq], tolerance: fmpq, max_bits: int, seconds: float, zero: float) -> None:
        self.y, self.tolerance, self.exact = np.array([_float(y) for y in ys]), _float(tolerance), tolerance
        self.max_bits, self.seconds, self.start = max_bits, seconds, time.monotonic()
        self.best, self.bits = zero, 0
        low = np.arcsin(np.maximum(self.y - self.tolerance, -1)) / (2 * np.pi)
        high = np.arcsin(np.minimum(self.y + self.tolerance, 1)) / (2 * np.pi)
        low = np.where(self.y - self.tolerance <= -1, -0.5 - high, low)
        high = np.where(self.y + self.tolerance >= 1, 0.5 - low, high)
        # The phases that will do: middle -+ half, and 1/2 - middle -+ half; one interval if it reaches +-1/4.
        self.middle, self.half = (low + high) / 2, (high - low) / 2
        self.single = np.abs(self.y) + self.tolerance >= 1

    def candidates(self) -> Iterator[int]:
        yield from self._scan()
        if self.y.size:
            yield from self._lattice()

    def failure(self) -> SineSearchError:
        spent = time.monotonic() - self.start
        return SineSearchError(
            "weight",
            "not found",
            f"{self.y.size} cells within {to_text(self.exact)}; best error {self.best:.3g}, "
            f"reached {self.bits} of {self.max_bits} bits, {spent:.1f} of {self.seconds:g} seconds",
        )

    def _scan(self) -> Iterator[int]:
        """n = 1, 2, ..., if a small one is likely to do: filtered cell by cell, the narrowest first."""
        chance = np.minimum(np.where(self.single, 2, 4) * self.half, 1)
        if np.prod(chance) * SCAN_EXPECTED < 1:
            return
        order = np.argsort(self.half, kind="stable")
        for first in range(1, min(SCAN_UNTIL, 1 << min(self.max_bits, 40)), SCAN_CHUNK):
            n = np.arange(first, first + SCAN_CHUNK)
            for J in order:
                n = n[np.abs(np.sin(n * np.sin(1.0 + J)) - self.y[J]) <= self.tolerance]
            self.bits = (first + SCAN_CHUNK).bit_length()
            yield from map(int, n)

    def _lattice(self) -> Iterator[int]:
        steps = ladder(self.y.size)
        bits = -(-self._first_bits() // steps.step) * steps.step
        while bits <= self.max_bits and bits // (self.y.size + 1) <= 64:
            for rung in steps.climb(bits):
                self.bits = rung - steps.step
                if time.monotonic() - self.start > self.seconds:
                    return
            self.bits = bits
            yield from self._near(bits)
            if time.monotonic() - self.start > self.seconds:
                return
            bits += steps.step

    def _first_bits(self) -> int:
        """Where success starts to be likely: fitted to random y, K <= 128."""
        K = self.y.size
        excess = max(0.02 * K - 0.8, 0.0275 * K - 1.2)  # bits per cell that the reduction's quality costs
        return max(1, round(float(-np.log2(2 * self.half).sum()) + K * excess))

    def _near(self, bits: int) -> Iterator[int]:
        """Lattice points near the middles; branches and offsets drawn at random, the same in every call."""
        K = self.y.size
        trials = 512 if K < 24 else 1024 if K < 48 else 4096
        draw = np.random.default_rng(bits)
        targets = np.where(draw.random((trials, K)) < 0.5, self.middle, 0.5 - self.middle)
        targets += draw.uniform(-0.2, 0.2, (trials, K)) * self.half
        scale = np.append(1 / self.half, 0.5 / np.median(self.half))
        basis = reweighted(ladder(K).at(bits), scale)
        points, coefficients = nearest_plane(basis, np.hstack([targets, np.zeros((trials, 1))]), scale)
        errors = self._errors(points[:, :K])
        self.best = min(self.best, float(errors.min()))
        found = np.flatnonzero(errors <= self.tolerance)
        for i in found[np.argsort(np.abs(points[found, K]), kind="stable")]:
            yield sum(int(c) * n for c, n in zip(coefficients[i], basis.weights, strict=True))

    def _errors(self, phases: Array) -> Array:
        return np.abs(np.sin(2 * np.pi * phases) - self.y).max(axis=1)


def _float(value: fmpq) -> float:
    return int(value.p) / int(value.q)
