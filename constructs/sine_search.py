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
from constructs.near_points import close_points
from constructs.sine_phases import Phases
from constructs.stored_bases import stored_bases

SCAN_UNTIL = 1 << 17
SCAN_CHUNK = 1 << 13
SCAN_EXPECTED = 1 << 14  # scan when one n in this many is expected to do
SEGMENTS = (64, 20, 16)  # size, beam, stride of the first passes
BLOCKS = (40, 500, 4)  # of the later ones
LEAST_GAIN = 0.02  # bits that a first pass has to gain for another one
LADDER_UNTIL = 192  # cells from which on no ladder is climbed in minutes
HOPELESS = 0.65  # for 64 cells: root mean square of what nearest planes miss by, in halves of what is allowed
CHOICES = 8  # draws of branches for each basis that was reduced ahead of time


class SineSearchError(ConstructError):
    """No weight was found within the bits and the time allowed."""


class Search:
    """Candidates for one call, cheapest first; remembers how far it got. Floats throughout."""

    def __init__(self, ys: list[fmpq], tolerance: fmpq, max_bits: int, seconds: float, zero: float) -> None:
        self.phases, self.tolerance, self.count = Phases.of(ys, tolerance), tolerance, len(ys)
        self.max_bits, self.seconds, self.start = max_bits, seconds, time.monotonic()
        self.best, self.bits = zero, 0

    def candidates(self) -> Iterator[int]:
        if self.count:
            yield from self._scan()
            yield from self._lattice()

    def failure(self) -> SineSearchError:
        spent = time.monotonic() - self.start
        return SineSearchError(
            "weight",
            "not found",
            f"{self.count} cells within {to_text(self.tolerance)}; best error {self.best:.3g}, "
            f"reached {self.bits} of {self.max_bits} bits, {spent:.1f} of {self.seconds:g} seconds",
        )

    def _scan(self) -> Iterator[int]:
        """n = 1, 2, ..., if a small one is likely to do: filtered cell by cell, the narrowest first."""
        if 2.0 ** -(self.phases.fewest_bits() * self.count) * SCAN_EXPECTED < 1:
            return
        order = np.argsort(self.phases.half, kind="stable")
        for first in range(1, min(SCAN_UNTIL, 1 << min(self.max_bits, 40)), SCAN_CHUNK):
            n = np.arange(first, first + SCAN_CHUNK)
            for J in order:
                n = n[np.abs(np.sin(n * np.sin(1.0 + J)) - self.phases.y[J]) <= self.phases.tolerance]
            self.bits = (first + SCAN_CHUNK).bit_length()
            yield from map(int, n)

    def _lattice(self) -> Iterator[int]:
        K, kept = self.count, tuple(b for b in stored_bases(self.count) if b.bits <= self.max_bits)
        if kept and (K >= LADDER_UNTIL or self._first_bits() >= kept[0].bits - K // 2):
            yield from self._on_stored(kept)
        else:
            yield from self._on_ladder()

    def _on_stored(self, kept: tuple[Basis, ...]) -> Iterator[int]:
        """On bases that were reduced ahead of time, then on finer and finer ones from the last of them."""
        most_spread = 0.5 + (HOPELESS - 0.5) * float(np.sqrt(64 / self.count))
        for basis in self._refined(kept):
            self.bits = basis.bits
            for part in range(CHOICES if self.phases.spread(basis) <= most_spread else 0):
                yield from self._nearer(basis, part)
                if self._is_late():
                    return

    def _refined(self, kept: tuple[Basis, ...]) -> Iterator[Basis]:
        yield from kept
        basis, step = kept[-1], self.count // 16
        while basis.bits + step <= self.max_bits and not self._is_late():
            basis = self._passed(basis.finer(step), *BLOCKS)
            yield basis

    def _on_ladder(self) -> Iterator[int]:
        steps = ladder(self.count)
        bits = -(-self._first_bits() // steps.step) * steps.step
        while bits <= self.max_bits and bits // (self.count + 1) <= 64:
            for rung in steps.climb(bits):
                self.bits = rung - steps.step
                if self._is_late():
                    return
            for basis in self._bases(bits):
                self.bits = basis.bits
                yield from self._near(basis)
                if self._is_late():
                    return
            bits += steps.step if self.count < BLOCKS_FROM else 4 * steps.step

    def _first_bits(self) -> int:
        """Where success starts to be likely: fitted to random y, K <= 128."""
        K = self.count
        excess = max(0.02 * K - 0.8, 0.0275 * K - 1.2)  # bits per cell that LLL's quality costs
        if K >= BLOCKS_FROM:
            excess = 0.013 * K - 0.45  # that of blocks
        return max(1, round(float(-np.log2(2 * self.phases.half).sum()) + K * excess))

    def _bases(self, bits: int) -> Iterator[Basis]:
        """Bases at `bits` bits; from BLOCKS_FROM cells on, better and better ones, also at some bits more."""
        K = self.count
        if K < BLOCKS_FROM:
            yield reweighted(ladder(K).at(bits), self.phases.scale)
            return
        basis, gain = self._passed(ladder(K).rung(bits), *SEGMENTS), np.inf
        while gain > LEAST_GAIN:
            if self._is_late():
                return  # not on with a basis that depends on the clock
            better = self._passed(basis, *SEGMENTS)
            gain = self._profile(basis) - self._profile(better)
            basis = better
        while basis.bits <= min(bits + K, self.max_bits):
            basis = self._passed(basis, *BLOCKS)
            yield basis
            basis = basis.finer(K // 16)

    def _passed(self, basis: Basis, size: int, beam: int, stride: int) -> Basis:
        change = improved(basis.points * self.phases.scale, size, beam, stride)
        return transformed(basis, fmpz_mat(change.tolist()))

    def _profile(self, basis: Basis) -> float:
        return profile(basis.points * self.phases.scale)

    def _is_late(self) -> bool:
        return time.monotonic() - self.start > self.seconds

    def _near(self, basis: Basis) -> Iterator[int]:
        """Lattice points near many draws of the intervals, the same in every call: nearest planes."""
        trials = 512 if self.count < 24 else 1024 if self.count < 48 else 4096
        targets = self.phases.draws(trials, self.bits, 0.2)
        yield from self._accepted(basis, *nearest_plane(basis, targets, self.phases.scale))

    def _nearer(self, basis: Basis, part: int) -> Iterator[int]:
        """The same; many partial sums go on from the draws that nearest planes miss by least."""
        width = self.count**2
        targets = self.phases.draws(4096, [self.bits, part], 0.05)
        points, coefficients = nearest_plane(basis, targets, self.phases.scale)
        yield from self._accepted(basis, points, coefficients)
        misses = np.square((points - targets) * self.phases.scale).sum(axis=1)
        targets = targets[np.argsort(misses, kind="stable")[:width]]
        yield from self._accepted(basis, *close_points(basis, targets, self.phases.scale, width))

    def _accepted(self, basis: Basis, points: Array, coefficients: Array) -> Iterator[int]:
        """The integers of the points that will do, the smallest first."""
        errors = self.phases.errors(points[:, :-1])
        self.best = min(self.best, float(errors.min()))
        found = np.flatnonzero(errors <= self.phases.tolerance)
        for i in found[np.argsort(np.abs(points[found, -1]), kind="stable")]:
            yield sum(int(c) * n for c, n in zip(coefficients[i], basis.weights, strict=True))
