"""Exact numbers as the points of curves: floats, rounded outward."""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpq

from verify.exhibits.kinds import Series
from verify.verdict import float_above, float_below


def enclosed(name: str, role: str, rows: Sequence[tuple[float, fmpq, fmpq]]) -> Series:
    """Enclosures (x, lo, hi); those that are exactly 0 are left out, since axes are logarithmic."""
    kept = [(x, lo, hi) for x, lo, hi in rows if hi > 0]
    return Series(
        name,
        role,
        tuple(float(x) for x, _, _ in kept),
        tuple(float_below(lo) for _, lo, _ in kept),
        tuple(float_above(hi) for _, _, hi in kept),
    )


def lower(name: str, role: str, rows: Sequence[tuple[float, fmpq]]) -> Series:
    """Numbers rounded down."""
    return points(name, role, [(x, float_below(v)) for x, v in rows if v > 0])


def upper(name: str, role: str, rows: Sequence[tuple[float, fmpq]]) -> Series:
    """Numbers rounded up."""
    return points(name, role, [(x, float_above(v)) for x, v in rows if v > 0])


def points(name: str, role: str, rows: Sequence[tuple[float, float]]) -> Series:
    """Numbers as they are."""
    return Series(name, role, tuple(float(x) for x, _ in rows), tuple(v for _, v in rows))
