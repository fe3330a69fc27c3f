"""The modulus of continuity from below, by one explicit shift; any shift gives a lower bound."""

from __future__ import annotations

from itertools import product

from flint import fmpq

from verify.powers import ZERO
from verify.quantities import Quantities

Shift = tuple[fmpq, ...]


def lower(q: Quantities, dim: int, t: fmpq, grid: int | None, euclidean: bool) -> tuple[Shift, fmpq]:
    """The best shift found with |s| <= t, and the lower bound of omega_p(f, t)^p that it gives.

    Method: shifts along the axes; for the Euclidean modulus also along the diagonals of the grid.
    """
    candidates = q.shifts(t, grid)
    if euclidean and dim > 1 and grid is not None:
        candidates = candidates + _diagonals(dim, t, grid)
    best: tuple[Shift, fmpq] = ((ZERO,) * dim, ZERO)
    for shift in candidates:
        value = q.shifted(shift, grid)
        if value > best[1]:
            best = (shift, value)
    return best


def _diagonals(dim: int, t: fmpq, grid: int) -> list[Shift]:
    """(+-j, ..., +-j)/grid with the largest j for which it is not longer than t."""
    squared = (t * grid) ** 2 / dim
    j = min(int((squared.p // squared.q).isqrt()), grid - 1)
    if j == 0:
        return []
    return [
        (fmpq(j, grid), *(fmpq(s * j, grid) for s in signs)) for signs in product((1, -1), repeat=dim - 1)
    ]
