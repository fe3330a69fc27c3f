"""Candidates n for sin(n sin(1+J)) near y_J, J < K: all small n, then lattice points. Floats throughout.

Nothing here proves anything: `sine_decoder` certifies.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
from flint import fmpq, fmpz_mat

from constructs.blocks import improved, profile
from constructs.errors import ConstructError
from constructs.exact import to_text
from constructs.lattice import BLOCKS_FROM, Array, Basis, ladder, nearest_plane, reweighted, transformed

SCAN_UNTIL = 1 << 17
SCAN_CHUNK = 1 << 13
SCAN_EXPECTED = 1 << 14  # scan when one n in this many is expected to do
SEGMENTS = (64, 20, 16)  # size, beam, stride of the first passes
BLOCKS = (40, 500, 4)  # of the later ones
LEAST_GAIN = 0.02  # bits that a first pass has to gain for another one


class SineSearchError(ConstructError):
    """No weight was found within the bits and the time allowed."""


class Search:
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
        if self.y.size:
            yield from self._scan()
            yield from self._lattice()

    def failure(self) -> SineSearchError:
        spent = time.monotonic() - self.start
        return SineSearchError(
            "weight",
            "not found",
            f"{self.y.size} cells within {to_text(self.exact)}; best error {self.best:.3g}, "
            f"reached {self.bits} of {self.max_bits} bits, {spent:.1f} of {self.seconds:g} seconds",
        )

    def fewest_bits(self) -> float:
        """See the function."""
        chance = np.minimum(np.where(self.single, 2, 4) * self.half, 1)
        return float(-np.log2(chance).mean())

    def _scan(self) -> Iterator[int]:
        """n = 1, 2, ..., if a small one is likely to do: filtered cell by cell, the narrowest first."""
        if 2.0 ** -(self.fewest_bits() * self.y.size) * SCAN_EXPECTED < 1:
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
            for part, basis in self._bases(bits):
                self.bits = bits + part
                yield from self._near(basis)
                if time.monotonic() - self.start > self.seconds:
                    return
            bits += steps.step if self.y.size < BLOCKS_FROM else 4 * steps.step

    def _first_bits(self) -> int:
        """Where success starts to be likely: fitted to random y, K <= 128."""
        K = self.y.size
        excess = max(0.02 * K - 0.8, 0.0275 * K - 1.2)  # bits per cell that LLL's quality costs
        if K >= BLOCKS_FROM:
            excess = 0.013 * K - 0.45  # that of blocks
        return max(1, round(float(-np.log2(2 * self.half).sum()) + K * excess))

    def _scale(self) -> Array:
        return np.append(1 / self.half, 0.5 / np.median(self.half))

    def _bases(self, bits: int) -> Iterator[tuple[int, Basis]]:
        """(part, basis): bases at `bits` + part bits; from BLOCKS_FROM cells on, better and better ones."""
        K = self.y.size
        if K < BLOCKS_FROM:
            yield 0, reweighted(ladder(K).at(bits), self._scale())
            return
        basis, gain = self._passed(ladder(K).rung(bits), *SEGMENTS), np.inf
        while gain > LEAST_GAIN:
            if time.monotonic() - self.start > self.seconds:
                return  # not on with a basis that depends on the clock
            better = self._passed(basis, *SEGMENTS)
            gain = self._profile(basis) - self._profile(better)
            basis = better
        for part in range(0, min(K, self.max_bits - bits + 1), K // 16):
            basis = self._passed(basis, *BLOCKS)
            yield part, basis
            shrink = np.append(np.ones(K), 2.0 ** -(K // 16))
            basis = Basis(basis.points * shrink, basis.weights)

    def _passed(self, basis: Basis, size: int, beam: int, stride: int) -> Basis:
        change = improved(basis.points * self._scale(), size, beam, stride)
        return transformed(basis, fmpz_mat(change.tolist()))

    def _profile(self, basis: Basis) -> float:
        return profile(basis.points * self._scale())

    def _near(self, basis: Basis) -> Iterator[int]:
        """Lattice points near the middles; branches and offsets drawn at random, the same in every call."""
        K = self.y.size
        trials = 512 if K < 24 else 1024 if K < 48 else 4096
        draw = np.random.default_rng(self.bits)
        targets = np.where(draw.random((trials, K)) < 0.5, self.middle, 0.5 - self.middle)
        targets += draw.uniform(-0.2, 0.2, (trials, K)) * self.half
        points, coefficients = nearest_plane(
            basis, np.hstack([targets, np.zeros((trials, 1))]), self._scale()
        )
        errors = self._errors(points[:, :K])
        self.best = min(self.best, float(errors.min()))
        found = np.flatnonzero(errors <= self.tolerance)
        for i in found[np.argsort(np.abs(points[found, K]), kind="stable")]:
            yield sum(int(c) * n for c, n in zip(coefficients[i], basis.weights, strict=True))

    def _errors(self, phases: Array) -> Array:
        return np.abs(np.sin(2 * np.pi * phases) - self.y).max(axis=1)


def _float(value: fmpq) -> float:
    return int(value.p) / int(value.q)
