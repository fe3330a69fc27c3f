"""Which phases theta will do: |sin(2 pi theta) - y_J| <= tolerance for each cell J. Floats, for proposals only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from flint import fmpq

from constructs.lattice import Array, Basis


@dataclass(frozen=True)
class Phases:
    """Modulo 1 the phases that will do for cell J are middle -+ half and 1/2 - middle -+ half.

    y, middle, half: (K,) floats; single: (K,) booleans, where the two intervals overlap and are one.
    """

    y: Array
    tolerance: float
    middle: Array
    half: Array
    single: Array

    @staticmethod
    def of(wanted: Sequence[fmpq], tolerance: fmpq) -> Phases:
        """Those of y = wanted.

        >>> phases = Phases.of([fmpq(0), fmpq(1)], fmpq(1, 2))
        >>> phases.middle.round(3).tolist(), phases.half.round(3).tolist(), phases.single.tolist()
        ([0.0, 0.25], [0.083, 0.167], [False, True])
        """
        y, most = np.array([_float(v) for v in wanted]), _float(tolerance)
        low = np.arcsin(np.maximum(y - most, -1)) / (2 * np.pi)
        high = np.arcsin(np.minimum(y + most, 1)) / (2 * np.pi)
        low = np.where(y - most <= -1, -0.5 - high, low)
        high = np.where(y + most >= 1, 0.5 - low, high)
        return Phases(y, most, (low + high) / 2, (high - low) / 2, np.abs(y) + most >= 1)

    @property
    def count(self) -> int:
        """K."""
        return len(self.y)

    @property
    def scale(self) -> Array:
        """Factors (K+1,) for a lattice point's coordinates: what is allowed becomes [-1, 1]; the last one, for the size
        of n, in proportion.
        """
        return np.append(1 / self.half, 0.5 / np.median(self.half))

    def errors(self, phases: Array) -> Array:
        """The largest |sin(2 pi theta_J) - y_J| of each row."""
        return np.abs(np.sin(2 * np.pi * phases) - self.y).max(axis=1)

    def fewest_bits(self) -> float:
        """See `sine_decoder.fewest_bits`."""
        chance = np.minimum(np.where(self.single, 2, 4) * self.half, 1)
        return float(-np.log2(chance).mean())

    def draws(self, trials: int, seed: int | list[int], offset: float) -> Array:
        """Targets (trials, K+1) in the intervals, drawn at random, the same for the same seed: of either interval a
        point at most `offset` half lengths away from the middle; then 0.
        """
        draw, shape = np.random.default_rng(seed), (trials, self.count)
        targets = np.where(draw.random(shape) < 0.5, self.middle, 0.5 - self.middle)
        targets += draw.uniform(-offset, offset, shape) * self.half
        return np.hstack([targets, np.zeros((trials, 1))])

    def spread(self, basis: Basis) -> float:
        """Root mean square of the coordinates by which nearest planes miss, in halves of the intervals."""
        lengths = np.diagonal(np.linalg.qr((basis.points * self.scale).T).R)
        return float(np.sqrt(np.mean(lengths**2) / 12))


def _float(value: fmpq) -> float:
    return int(value.p) / int(value.q)
