"""Zygmund seminorms of piecewise linear functions of one variable, exactly: what branch and bound is compared with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flint import fmpq

from verify.powers import ZERO, Enclosure, root

Place = tuple[fmpq, fmpq]


@dataclass(frozen=True)
class Exact:
    """[e]_s for s = p/q: its q-th power, exactly, and a place where it is attained."""

    to_the_q: fmpq
    x: fmpq
    y: fmpq
    seminorm: Enclosure


@dataclass(frozen=True)
class PiecewiseLinear:
    """Linear between nodes 0 = k_0 < ... < k_n = 1 with these values."""

    nodes: tuple[fmpq, ...]
    values: tuple[fmpq, ...]

    def value(self, x: fmpq) -> fmpq:
        n = max(i for i, k in enumerate(self.nodes[:-1]) if k <= x)
        (a, b), (u, v) = self.nodes[n : n + 2], self.values[n : n + 2]
        return u + (v - u) * (x - a) / (b - a)

    def difference(self, x: fmpq, y: fmpq) -> fmpq:
        return self.value(x + y) - 2 * self.value(x) + self.value(x - y)

    def seminorm(self, s: fmpq) -> Exact:
        """[e]_s, 0 < s <= 1.

        Method: e(x+y) - 2 e(x) + e(x-y) is linear on the pieces into which the lines x = k, x + y = k, x - y = k
        cut the triangle of the x and y > 0 with x ± y in [0, 1]. For a fixed y it is largest on one of these lines (0
        and 1 are nodes). On an edge it is c + g y, and |c + g y| / y^s is largest at an end, or at
        y = s c / ((1-s) g); on an edge that begins at y = 0, c = 0 and it grows (for s = 1: is constant).
        """
        p, q = int(s.p), int(s.q)
        best = max(
            ((abs(self.difference(x, y)) ** q / y**p, x, y) for x, y in self._candidates(s)),
            key=lambda found: found[0],
        )
        return Exact(*best, root(best[0], q))

    def _candidates(self, s: fmpq) -> Iterator[Place]:
        for k in self.nodes:
            for slope in (0, 1, -1):  # the lines x = k + slope y
                yield from self._along(k, slope, s)

    def _along(self, k: fmpq, slope: int, s: fmpq) -> Iterator[Place]:
        rates = {slope - 1, slope, slope + 1} - {0}  # x - y, x, x + y move so
        breaks = sorted({(n - k) / rate for n in self.nodes for rate in rates if (n - k) / rate > 0})
        before = ZERO
        for y in breaks:
            x = k + slope * y
            if x - y < 0 or x + y > 1:
                return
            yield x, y
            if before > 0 and s < 1:
                start = self.difference(k + slope * before, before)
                g = (self.difference(x, y) - start) / (y - before)
                c = start - g * before
                turn = s * c / ((1 - s) * g) if g else ZERO
                if before < turn < y:
                    yield k + slope * turn, turn
            before = y
