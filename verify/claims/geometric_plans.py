"""What a geometric network is built with: storage tolerances, strips, and whether its tables fit the memory."""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpq

from constructs import geometric as construction
from constructs.errors import ConstructError
from constructs.rationals import ONE, Rationals
from constructs.storage import dyadic_exponent
from constructs.targets.base import LARGEST_TABLE, Target
from constructs.targets.expression import ExpressionTarget
from verify.claims.levels import Scale
from verify.memory import available
from verify.powers import Enclosure, norm, power, rounded

# At most, measured at 2^18 cells in one variable (expressions in two take 60 at 2^24): by digits, of expressions and
# of other targets, whose grids are common refinements of the target's and the cells.
BYTES_PER_CELL = {"floor": (320, 640), "relu": (500, 900)}
STRIP_SHARE = fmpq(1, 2**12)  # of the storage tolerance's power, at most so much is lost on the strips


def storage_tolerances(scales: Sequence[Scale], relative: fmpq, p: fmpq | None) -> list[fmpq]:
    """relative * omega_p(f, N^-l), rounded down to a few bits; where the modulus was not shown positive, half
    the level before's.
    """
    out: list[fmpq] = []
    for s in scales:
        if s.lower > 0:
            exact = relative * norm(Enclosure.exact(s.lower), p).lo
            out.append(rounded(Enclosure.exact(exact), 8).lo)
        else:
            out.append(out[-1] / 2 if out else fmpq(1))
    return out


def strip_width(
    wanted: Sequence[Rationals], tolerances: Sequence[fmpq], base: int, p: fmpq, span: Enclosure
) -> fmpq:
    """A power of two so small that the strips cost at most STRIP_SHARE of the least storage tolerance (in
    p-th powers).

    Method: |Phi| is at most the sum of the levels' largest corrections, each at most 4 times (largest wanted
    + tolerances). Only a choice: what the strips really cost is enclosed afterwards, from the weights.
    """
    dim, levels = len(wanted[0].shape), len(wanted) - 1
    size = max(abs(span.lo), abs(span.hi)) + 1
    for t, table in enumerate(wanted):
        change = construction.over_parents(table, wanted[t - 1], base, -ONE) if t else table
        largest = fmpq(change.largest, change.denominator)
        size += 4 * (largest + tolerances[t] + tolerances[max(t - 1, 0)])
    allowed = STRIP_SHARE * power(min(tolerances), p).lo
    delta = allowed / (dim * max(levels, 1) * (base - 1) * power(size, p).hi)
    return fmpq(2) ** min(dyadic_exponent(delta), dyadic_exponent(fmpq(1, base**levels)) - 2)


def require_cells(base: int, levels: int, target: Target, digits: str) -> None:
    """Refuses tables of more cells than are allowed, or than the free memory holds.

    Raises: ConstructError with the number of cells and their size.
    """
    most, dim = LARGEST_TABLE, target.dim
    bytes_per_cell = BYTES_PER_CELL[digits][0 if isinstance(target, ExpressionTarget) else 1]
    cells = base ** (dim * levels) if dim * levels * (base.bit_length() - 1) <= 64 else None
    if cells is None or cells > most:
        needed = f"{base}^{dim * levels}" if cells is None else f"{cells}"
        size = "" if cells is None else f", about {cells * bytes_per_cell / 2**30:.3g} GiB"
        raise ConstructError("levels", levels, f"at most {most} cells; {dim} dimensions need {needed}{size}")
    free = available()
    if free is not None and cells * bytes_per_cell > free:
        sizes = [f"{x / 2**30:.3g} GiB" for x in (cells * bytes_per_cell, free)]
        raise ConstructError(
            "levels", levels, f"fewer cells: {cells} may take {sizes[0]} of memory, and {sizes[1]} are free"
        )
