"""The constants of the error bounds of quasi-interpolants of degree 2 and 3.

Source: verify/CERTIFICATE.md, 12.7; docs/multiplicative.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise, product
from math import factorial, prod

from flint import fmpq

from constructs.bsplines import pieces
from constructs.functionals import Axis, line_functional

PARTS = (
    48  # of a cell: |B| and its first two derivatives have their extrema at ends of these parts, for q <= 3
)
Sites = tuple[tuple[fmpq, fmpq], ...]  # sites, in cells, and the size of their weights
Index = tuple[int, ...]


@dataclass(frozen=True)
class Rule:
    """The functionals of a quasi-interpolant on one axis, as far as their sites and the sizes of weights go.

    around: for every cell that looks different, the sites of the q+1 splines on it, the first one being number -q,
    relative to the cell.
    """

    degree: int
    around: tuple[tuple[Sites, ...], ...]

    def constant(self, dim: int) -> fmpq:
        """C with sup|f - Qf| <= C h^(q+1) sum_i sup|d_i^(q+1) f|, h the mesh.

        Method: q = 1 is linear interpolation; else telescoping over the axes, Taylor's formula on each.
        """
        q = self.degree
        if q == 1:
            return fmpq(1, 8)
        return self.part(0, 0) ** (dim - 1) * self.part(0, q + 1) / factorial(q + 1)

    def factor(self, alpha: Index, beta: Index) -> fmpq:
        """What multiplies h^(q+1-|alpha|) sup|d^beta f| in a bound of sup|d^alpha(f - Qf)|; |beta| = q+1."""
        return prod((self.part(a, b) / factorial(b) for a, b in zip(alpha, beta, strict=True)), start=fmpq(1))

    def part(self, a: int, b: int) -> fmpq:
        """A_{a,b}: at least the supremum over t of the sum over k of |d^a B(t-k)| sum_l |w_kl| |s_kl - t|^b."""
        if (a, b) not in self._known:
            sizes = _sizes(self.degree, a)
            self._known[a, b] = max(
                sum((size * _moment(sites, j, b) for size, sites in zip(row, cell, strict=True)), fmpq(0))
                for cell in self.around
                for j, row in enumerate(sizes)
            )
        return self._known[a, b]

    @cached_property
    def _known(self) -> dict[tuple[int, int], fmpq]:
        return {}


def on_cube(axis: Axis) -> Rule:
    """That of functionals which see the cube only."""
    q = axis.degree
    rows = []
    for n, f in enumerate(axis.functionals):
        sites = [axis.points[p] * axis.mesh for p in f.places]
        rows.append((axis.first + n, sites, [abs(w) for w in f.weights]))
    cells: dict[tuple[Sites, ...], None] = {}
    for cell in range(axis.mesh):
        meeting = rows[cell - q - axis.first : cell + 1 - axis.first]
        cells[tuple(tuple(zip((s - cell for s in sites), w, strict=True)) for _, sites, w in meeting)] = None
    return Rule(q, tuple(cells))


def on_line(degree: int) -> Rule:
    """That of the symmetric functionals of the whole line."""
    sites, weights = line_functional(degree)
    cell = tuple(
        tuple((s + k, abs(w)) for s, w in zip(sites, weights, strict=True)) for k in range(-degree, 1)
    )
    return Rule(degree, (cell,))


def orders(dim: int, total: int) -> Iterator[Index]:
    """The multi-indices of this order, in lexicographically decreasing order.

    >>> list(orders(2, 2))
    [(2, 0), (1, 1), (0, 2)]
    """
    return (b for b in product(range(total, -1, -1), repeat=dim) if sum(b) == total)


@lru_cache(maxsize=16)
def _sizes(q: int, a: int) -> tuple[tuple[fmpq, ...], ...]:
    """For every part of the cell [0,1] the largest |d^a B(t-k)| there, k = -q, ..., 0."""
    rows = []
    for k in range(-q, 1):
        p = pieces(q)[-k]
        for _ in range(a):
            p = p.derivative()
        ends = [abs(p(fmpq(j, PARTS) - k)) for j in range(PARTS + 1)]
        rows.append([max(pair) for pair in pairwise(ends)])
    return tuple(zip(*rows, strict=True))


def _moment(sites: Sites, part: int, b: int) -> fmpq:
    low, high = fmpq(part, PARTS), fmpq(part + 1, PARTS)
    return sum((w * max(abs(s - low), abs(s - high)) ** b for s, w in sites), fmpq(0))
