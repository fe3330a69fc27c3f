"""Width, depth, numbers of neurons and of nonzero parameters as formulas, summed over the layers of a layout.

Source: constructs/geometric.py, multigrade.py, multiplicative.py; the tests compare with networks built.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from verify.symbolic.layouts import Family, Layout
from verify.symbolic.statements import Ledger, Statement, Undecided, nonnegative, stated

t = sp.Symbol("t", integer=True, positive=True)  # the number of a layer
Bounds = dict[Any, int]


@dataclass(frozen=True)
class Formulas:
    """The sizes of a construction, valid for data that are generic, as the layout says."""

    depth: Any
    neurons: Any
    parameters: Any


def formulas(layout: Layout) -> Formulas:
    """Depth, neurons and parameters, for all values of the symbols.

    Method: every family is summed over its layers, symbolically.

    >>> from verify.symbolic import layouts
    >>> found = formulas(layouts.geometric("floor", "bits"))
    >>> found.depth, found.neurons, found.parameters
    (L + 2, 3*L*d + 4*L - d + 2, 5*L*d + 10*L - d + 1)
    """
    inside = _total(layout, {f: f.count * f.weights for f in layout.families})
    heads = sum((h.count * h.weights for h in layout.heads), sp.S.Zero)
    return Formulas(
        sp.expand(layout.periods * layout.depth),
        _expanded(_total(layout, {f: f.count for f in layout.families})),
        _expanded(inside + heads + layout.extra),
    )


def _expanded(expression: Any) -> Any:
    """Expanded, but for powers with symbols in the exponent."""
    powers = {e: sp.Dummy() for e in expression.atoms(sp.Pow) if e.exp.free_symbols}
    return sp.expand(expression.xreplace(powers)).xreplace({v: k for k, v in powers.items()})


def _total(layout: Layout, amounts: Mapping[Family, Any]) -> Any:
    parts: list[Any] = [sp.summation(amount, (t, f.first, f.last)) for f, amount in amounts.items()]
    return layout.periods * sp.Add(*parts)


def within(layout: Layout, stated_width: Any, bounds: Bounds) -> Statement:
    """The width is at most the one stated, for all values from the bounds on."""
    found = width(layout, bounds)

    def prove(ledger: Ledger) -> None:
        difference = sp.expand(stated_width - found)
        ledger.nonnegative(difference.subs(_beyond(difference, bounds)), f"{stated_width} less {found}")

    return stated(f"the width of {layout.name}", sp.Le(found, stated_width, evaluate=False), prove)


def width(layout: Layout, bounds: Bounds) -> Any:
    """One formula of the width for all values of the symbols from these lower bounds on (1 where none is given).

    Method: the largest load is at a layer where some family begins; which families are there, and which load is the
    largest, is decided by inequalities. A maximum stays one if the families' places are numbers.
    Raises: Undecided.

    >>> from verify.symbolic import layouts
    >>> width(layouts.geometric("relu", "bits"), {layouts.L: 3, layouts.N: 2})
    2*N*d + 4
    """
    if all(sp.S(f.first).is_Integer and sp.S(f.last).is_Integer for f in layout.families):
        places = {f.first for f in layout.families}
        return sp.Max(*(sum(f.count for f in layout.families if f.first <= at <= f.last) for at in places))
    loads = [_load(layout, family, bounds) for family in layout.families]
    for sure, least, most, _ in loads:
        if sure and least == most and all(_holds(least - other, where) for _, _, other, where in loads):
            return sp.expand(least)
    raise Undecided(
        f"the width of {layout.name}: no load is the largest for all values from {dict(bounds)} on"
    )


def _load(layout: Layout, at: Family, bounds: Bounds) -> tuple[bool, Any, Any, Bounds]:
    """Whether the family surely has a layer; the least and most load of its first one; bounds so that it has one."""
    length = sp.expand(sp.S(at.last) - at.first)
    sure = _holds(length, bounds)
    where = bounds if sure else _enough(length, bounds)
    least = most = sp.S.Zero
    for family in layout.families:
        before, after = sp.S(family.first) - at.first, sp.S(at.first) - family.last
        if _holds(-before, where) and _holds(-after, where):
            least += family.count
        if not _holds(before - 1, where) and not _holds(after - 1, where):
            most += family.count
    return sure, least, most, where


def _enough(length: Any, bounds: Bounds) -> Bounds:
    """Bounds that say length >= 0, where it is a symbol less a number."""
    (symbol,) = length.free_symbols or (None,)
    if symbol is None or not (symbol - length).is_Integer:
        raise Undecided(f"whether {length} >= 0")
    return {**bounds, symbol: max(int(symbol - length), bounds.get(symbol, 1))}


def _holds(difference: Any, bounds: Bounds) -> bool:
    """difference >= 0 for all values from the bounds on."""
    return nonnegative(sp.S(difference).subs(_beyond(difference, bounds)))


def _beyond(expression: Any, bounds: Bounds) -> dict[Any, Any]:
    """Every symbol as its lower bound and something >= 0."""
    symbols = sp.S(expression).free_symbols
    return {s: bounds.get(s, 1) + sp.Symbol(f"{s}'", integer=True, nonnegative=True) for s in symbols}
