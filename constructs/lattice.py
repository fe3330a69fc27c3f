"""Points near targets in the lattice {(n beta_J - m_J for J < K, n 2^-b)}, beta_J = sin(1+J)/2 pi.

n beta_J modulo 1 is the phase of sin(n sin(1+J)). Nothing here proves anything: `sine_decoder` certifies.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from flint import arb, ctx, fmpz, fmpz_mat

Array = np.ndarray
BLOCKS_FROM = 96  # cells from which on `blocks` takes over from LLL above the ladder
QUICK, QUICKER = 0.6, 0.3  # delta of the rungs, below and from there; a rung in use is reduced further
FRACTION = 60  # bits of a lattice point's coordinates, below the size of a reduced vector


@dataclass(frozen=True)
class Basis:
    """A reduced basis at b = `bits` bits. Row i is the lattice point of the integer `weights[i]`.

    points: (K+1, K+1) floats, columns n beta_J - m_J for J = 0..K-1, then n 2^-b.
    """

    points: Array
    weights: tuple[int, ...]
    bits: int

    def finer(self, bits: int) -> Basis:
        """The same integers at `bits` bits more."""
        points = self.points.copy()
        points[:, -1] = np.ldexp(points[:, -1], -bits)
        return Basis(points, self.weights, self.bits + bits)


class Ladder:
    """Reduced bases for K cells at b = step, 2 step, 3 step, ...: each from the one before.

    Method: raising b by `step` divides the last coordinate by 2^step: the basis stays nearly reduced. A rung
      truncates it to the bits that matter, reduces that (fmpz_mat.lll), and applies the transformation to the
      exact integers (m_0..m_{K-1}, n). One ladder serves all wanted values.
    Guarantees: a basis depends on K and b only, not on the order of the calls.
    Source: Lenstra, Lenstra, Lovász, Factoring polynomials with rational coefficients (1982), section 1.

    >>> rung = Ladder(2).at(20)
    >>> rung.points.shape, bool(abs(rung.points).max() < 0.1)
    ((3, 3), True)
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self.step = max(1, count // 4 if count >= 64 else count // 8)
        self._delta = QUICK if count < BLOCKS_FROM else QUICKER
        self._bits = 0
        self._integers = fmpz_mat([[int(i == j) for j in range(count + 1)] for i in range(count + 1)])
        self._rungs: dict[int, Basis] = {}
        self._polished: dict[int, Basis] = {}

    def at(self, bits: int) -> Basis:
        """The reduced basis at `bits`, a positive multiple of the step."""
        if bits not in self._polished:
            self._polished[bits] = reweighted(self.rung(bits), np.ones(self.count + 1))
        return self._polished[bits]

    def rung(self, bits: int) -> Basis:
        """The same, reduced with the delta of the rungs only."""
        for _ in self.climb(bits):
            pass
        return self._rungs[bits]

    def climb(self, bits: int) -> Iterator[int]:
        """Yields before each missing rung up to `bits`, so that the caller can give up in between."""
        while self._bits < bits:
            yield self._bits + self.step
            self._next_rung()

    def _next_rung(self) -> None:
        bits = self._bits + self.step
        size = bits // (self.count + 1)  # a reduced vector is about 2^-size long
        guard = 16 + self.count // 16
        while True:
            short = _coordinates(self._integers, bits, size + self.step + guard)
            reduced, change = fmpz_mat(short).lll(True, self._delta)
            integers = change * self._integers
            digits = size + FRACTION
            points = np.ldexp(np.array(_coordinates(integers, bits, digits), dtype=float), -digits)
            expected = np.ldexp(_largest(reduced), -(size + self.step + guard))
            if np.abs(points).max() <= 2 * expected:  # else the bits that were cut did matter
                break
            guard *= 2
        self._rungs[bits] = Basis(points, tuple(int(row[-1]) for row in integers.table()), bits)
        self._bits, self._integers = bits, integers  # last: an interrupted rung is done again


def _largest(matrix: fmpz_mat) -> float:
    return float(max(abs(int(x)) for row in matrix.table() for x in row))


def _coordinates(integers: fmpz_mat, bits: int, digits: int) -> list[list[int]]:
    """floor(2^digits (n beta_J - m_J)), floor(2^digits n 2^-bits), up to a unit or two, for each row (m, n)."""
    extra = bits + 16
    beta = phases(integers.ncols() - 1, digits + extra)
    rows = []
    for *m, n in ([int(x) for x in row] for row in integers.table()):
        rows.append([((n * b) >> extra) - (m_j << digits) for b, m_j in zip(beta, m, strict=True)])
        rows[-1].append((n << digits) >> bits)
    return rows


def phases(count: int, digits: int) -> list[int]:
    """2^digits sin(1+J)/(2 pi), rounded to integers (not certified), for J < count.

    >>> phases(3, 10)
    [137, 148, 22]
    """
    with ctx.workprec(digits + 32):
        scale = arb(fmpz(1) << digits) / (2 * arb.pi())
        rounded = [(arb(1 + J).sin() * scale).mid().floor().unique_fmpz() for J in range(count)]
    return [0 if n is None else int(n) for n in rounded]


@functools.lru_cache(maxsize=48)
def ladder(count: int) -> Ladder:
    """The ladder for `count` cells, kept for the next call."""
    return Ladder(count)


def reweighted(basis: Basis, scale: Array) -> Basis:
    """The same lattice, reduced for coordinates multiplied by `scale` (the points stay unscaled).

    Requires: scale of shape (K+1,), positive.
    """
    rows = np.rint(np.ldexp(basis.points * scale, 24)).astype(object)
    _, change = fmpz_mat([[int(x) for x in row] for row in rows]).lll(True)
    return transformed(basis, change)


def transformed(basis: Basis, change: fmpz_mat) -> Basis:
    """The basis whose rows are those of change @ basis: the integers exactly, the points anew from them."""
    weights = change * fmpz_mat([[n] for n in basis.weights])
    steps = np.array([[float(int(x)) for x in row] for row in change.table()])
    return basis_of([int(row[0]) for row in weights.table()], basis.bits, steps @ basis.points)


def basis_of(weights: Sequence[int], bits: int, near: Array) -> Basis:
    """The basis whose rows are the points of these integers that are next to the rows of `near`.

    Requires: K+1 integers; bits >= 1; near of shape (K+1, K+1); its last column does not matter.
    Method: n beta_J modulo 1 in integers; a float tells which m_J it was. Sums of floats alone would drift away from
      the lattice: each change of basis multiplies their errors.

    >>> basis_of((0, 1), 3, np.array([[1.0, 0.0], [0.0, 0.0]])).points.round(3).tolist()
    [[1.0, 0.0], [0.134, 0.125]]
    """
    digits, extra = bits // len(weights) + FRACTION, max(n.bit_length() for n in weights) + 4
    whole, half, beta = (1 << digits) - 1, 1 << (digits - 1), phases(len(weights) - 1, digits + extra)
    turns = [
        [((n * b >> extra) + half & whole) - half for b in beta] + [(n << digits) >> bits] for n in weights
    ]
    points = np.ldexp(np.array(turns, dtype=float), -digits)
    points[:, :-1] -= np.rint(points[:, :-1] - near[:, :-1])
    return Basis(points, tuple(weights), bits)


def nearest_plane(basis: Basis, targets: Array, scale: Array) -> tuple[Array, Array]:
    """Lattice points near many targets: Babai's nearest plane, all targets at once.

    Requires: targets of shape (M, K+1); scale as in `reweighted`.
    Returns: the points (M, K+1), and their integer coefficients over the basis (M, K+1).
    Method: QR of the scaled basis; back substitution with rounding.
    Source: Babai, On Lovász' lattice reduction and the nearest lattice point problem (1986), section 3.
    """
    q, r = np.linalg.qr((basis.points * scale).T)
    rest = (targets * scale) @ q
    coefficients = np.zeros_like(rest)
    for i in reversed(range(rest.shape[1])):
        coefficients[:, i] = np.rint(rest[:, i] / r[i, i])
        rest[:, :i] -= np.outer(coefficients[:, i], r[:i, i])
    return coefficients @ basis.points, coefficients
