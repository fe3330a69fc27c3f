"""Expressions of one variable as polynomials on pieces of [0,1], with their values at the breaks, exactly."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import sympy as sp

from verify.symbolic.statements import Undecided

x = sp.Symbol("x", real=True)
ONE = sp.S.One
MOST_PIECES = 1 << 10


@dataclass(frozen=True)
class Pieces:
    """polynomials[k] in x on the open piece between breaks k and k+1; values[k] at break k."""

    breaks: tuple[Any, ...]
    polynomials: tuple[Any, ...]
    values: tuple[Any, ...]

    def refined(self, cuts: Sequence[Any]) -> Pieces:
        """The same function with more breaks, all in [0,1]."""
        breaks = sorted({*self.breaks, *cuts})
        if len(breaks) > MOST_PIECES + 1:
            raise Undecided(f"more than {MOST_PIECES} pieces")
        known = dict(zip(self.breaks, self.values, strict=True))
        parts = [
            self.polynomials[max(bisect_left(self.breaks, b), 1) - 1] for b in breaks
        ]  # the piece left of b
        values = [known[b] if b in known else p.subs(x, b) for b, p in zip(breaks, parts, strict=True)]
        return Pieces(tuple(breaks), tuple(parts[1:]), tuple(values))

    def expression(self) -> Any:
        """A Piecewise of the whole function; pieces that go on are put together."""
        branches: list[tuple[Any, Any]] = []
        for k, polynomial in enumerate(self.polynomials):
            left, right = self.breaks[k], self.breaks[k + 1]
            ends = ((right, self.values[k + 1]),) if k else ((left, self.values[0]), (right, self.values[1]))
            for at, value in ends:
                if value != polynomial.subs(x, at):
                    branches.append((value, sp.Eq(x, at)))
            if branches and branches[-1][0] == polynomial:
                branches.pop()
            branches.append((polynomial, x <= right))
        return sp.Piecewise(*branches[:-1], (branches[-1][0], True))


def of_expression(expression: Any) -> Pieces:
    """The expression on [0,1].

    Requires: the x of this module, rational numbers, +, *, integer powers >= 0, Abs, Max, Min, floor, Piecewise with
    relations, or an Or of them, for conditions; what is cut at must be affine on every piece.
    Raises: Undecided for anything else.

    >>> of_expression(sp.Max(2 * x, ONE)).breaks
    (0, 1/2, 1)
    """
    if expression == x:
        return Pieces((sp.S.Zero, ONE), (x,), (sp.S.Zero, ONE))
    if expression.is_Rational:
        return Pieces((sp.S.Zero, ONE), (expression,), (expression, expression))
    if isinstance(expression, sp.Add | sp.Mul | sp.Pow):
        if isinstance(expression, sp.Pow) and not (expression.exp.is_Integer and expression.exp >= 0):
            raise Undecided(f"{expression} is no polynomial")
        return _applied(expression.func, [of_expression(a) for a in expression.args])
    if isinstance(expression, sp.Max | sp.Min):
        return _extremum(expression)
    if isinstance(expression, sp.Abs):
        inside = of_expression(expression.args[0])
        return _chosen([(inside, inside, sp.Ge)], _applied(lambda u: -u, [inside]))
    if isinstance(expression, sp.floor):
        return _floor(of_expression(expression.args[0]))
    if isinstance(expression, sp.Piecewise):
        return _branches(expression)
    raise Undecided(f"{type(expression).__name__} is not known")


def _applied(operation: Callable[..., Any], parts: Sequence[Pieces]) -> Pieces:
    breaks = sorted({b for p in parts for b in p.breaks})
    fine = [p.refined(breaks) for p in parts]
    polynomials = [sp.expand(operation(*row)) for row in zip(*(p.polynomials for p in fine), strict=True)]
    values = [sp.S(operation(*row)) for row in zip(*(p.values for p in fine), strict=True)]
    return Pieces(tuple(breaks), tuple(polynomials), tuple(values))


def _extremum(expression: Any) -> Pieces:
    first, *others = (of_expression(a) for a in expression.args)
    relation = sp.Ge if isinstance(expression, sp.Max) else sp.Le
    for other in others:
        first = _chosen([(_applied(lambda u, v: u - v, [first, other]), first, relation)], other)
    return first


def _branches(expression: Any) -> Pieces:
    rows = []
    for value, condition in expression.args:
        if condition is sp.true:
            return _chosen(rows, of_expression(value))
        for relation in condition.args if isinstance(condition, sp.Or) else (condition,):
            if not isinstance(relation, sp.Ge | sp.Gt | sp.Le | sp.Lt | sp.Eq | sp.Ne):
                raise Undecided(f"the condition {relation} is no relation")
            rows.append((of_expression(_difference(relation)), of_expression(value), relation.func))
    raise Undecided(f"{expression} has no last branch")


def _difference(relation: Any) -> Any:
    return relation.lhs - relation.rhs


def _chosen(rows: Sequence[tuple[Pieces, Pieces, Any]], otherwise: Pieces) -> Pieces:
    """For each row (u, value, relation): value where u relation 0, else what comes after."""
    breaks = {b for row in rows for part in row[:2] for b in part.breaks} | set(otherwise.breaks)
    cuts = sorted(breaks.union(*(_levels(row[0], lambda low, high: [sp.S.Zero]) for row in rows)))
    fine = [(u.refined(cuts), value.refined(cuts), relation) for u, value, relation in rows]
    last = otherwise.refined(cuts)
    polynomials = []
    for k, (left, right) in enumerate(pairwise(cuts)):
        middle = (left + right) / 2
        taken = (
            v.polynomials[k] for u, v, rel in fine if rel(u.polynomials[k].subs(x, middle), 0) is sp.true
        )
        polynomials.append(next(taken, last.polynomials[k]))
    values = []
    for k in range(len(cuts)):
        taken = (v.values[k] for u, v, rel in fine if rel(u.values[k], 0) is sp.true)
        values.append(next(taken, last.values[k]))
    return Pieces(tuple(cuts), tuple(polynomials), tuple(values))


def _floor(inside: Pieces) -> Pieces:
    cuts = _levels(inside, lambda low, high: list(range(int(sp.ceiling(low)), int(sp.floor(high)) + 1)))
    fine = inside.refined(sorted(cuts))
    middles = [(a + b) / 2 for a, b in pairwise(fine.breaks)]
    parts = [sp.floor(p.subs(x, at)) for p, at in zip(fine.polynomials, middles, strict=True)]
    return Pieces(fine.breaks, tuple(parts), tuple(sp.floor(v) for v in fine.values))


def _levels(u: Pieces, wanted: Callable[[Any, Any], list[Any]]) -> set[Any]:
    """Where u, affine on every piece, takes the wanted values inside a piece; they are asked for by u's range there."""
    found = set()
    for (left, right), polynomial in zip(pairwise(u.breaks), u.polynomials, strict=True):
        form = sp.Poly(polynomial, x)
        if form.degree() > 1:
            raise Undecided(f"cut at {polynomial}, which is not affine")
        slope, start = form.coeff_monomial(x), form.coeff_monomial(1)
        if slope != 0:
            low, high = sorted((polynomial.subs(x, left), polynomial.subs(x, right)))
            places = [(level - start) / slope for level in wanted(low, high)]
            found |= {p for p in places if left < p < right}
    return found
