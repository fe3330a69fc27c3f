"""The L^p error of a proved table, strips included."""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatch

from flint import fmpq

from constructs.targets.base import Target
from constructs.targets.expression import ExpressionTarget
from constructs.targets.kuhn import KuhnTarget
from constructs.targets.step import StepTarget
from verify.box_quantities import BoxQuantities
from verify.kuhn_quantities import KuhnQuantities
from verify.powers import MARGIN, ZERO, Enclosure, power, rounded
from verify.quantities import Quantities
from verify.regions import Table
from verify.step_quantities import StepQuantities


@singledispatch
def quantities(target: Target, p: fmpq | None) -> Quantities:
    """The quantities of a target for one p; None stands for infinity."""
    raise TypeError(f"no quantities for {type(target).__name__}")


@quantities.register
def _(target: KuhnTarget, p: fmpq | None) -> Quantities:
    return KuhnQuantities(target, p)


@quantities.register
def _(target: StepTarget, p: fmpq | None) -> Quantities:
    return StepQuantities(target, p)


@quantities.register
def _(target: ExpressionTarget, p: fmpq | None) -> Quantities:
    return BoxQuantities(target, p)


def error_power(q: Quantities, p: fmpq | None, table: Table, grid: int | None) -> Enclosure:
    """||f - Phi||^p (p infinite: ||f - Phi||) for the function that was built.

    Method: over whole cells with the table's values, plus or minus the measure of the strips times the
    largest |f - Phi|^p there (verify/CERTIFICATE.md, 7.1). Exact if the target's quantities are, there are no
    strips, and no sine.
    """
    on_cells = q.error(table.values, table.radius, grid)
    strips = ZERO
    if table.bad > 0:
        if p is None:
            raise ValueError("the supremum over strips is not bounded by their measure")
        f = q.range(grid)
        strips = table.bad * power(max(f.hi - table.lo, table.hi - f.lo, ZERO), p).hi
    bounds = replace(on_cells, lo=max(on_cells.lo - strips, ZERO), hi=on_cells.hi + strips)
    # the roots of a real p are irrational, as a rule: another arithmetic encloses them otherwise
    plain = p is None or p.q == 1
    return bounds if plain and bounds.lo == bounds.hi else widened(bounds)


def widened(bounds: Enclosure) -> Enclosure:
    """A little wider and shorter to write."""
    ends = rounded(Enclosure(bounds.lo * (1 - MARGIN), bounds.hi * (1 + MARGIN)))
    return replace(bounds, lo=ends.lo, hi=ends.hi)
