"""The rules of proof trees: what each asks of a node and its premises, and the algebra that it checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp

from verify.symbolic.quantities import Applied, Inner, Norm, OperatorNorm
from verify.symbolic.statements import Ledger, Undecided
from verify.symbolic.trees import Node


def need(holds: bool, node: Node, what: str) -> None:
    """Raises: Undecided unless it holds."""
    if holds is not True:
        raise Undecided(f"{node.kind}: {what} in {node.statement}")


def _premises(node: Node, count: int) -> tuple[Node, ...]:
    need(len(node.premises) == count, node, f"{len(node.premises)} premises, not {count},")
    return node.premises


def _equal(ledger: Ledger, node: Node, left: Any, right: Any, what: str) -> None:
    if left != right:
        ledger.zero(left - right, f"{node.kind}: {what}")
    else:
        ledger.steps.append(f"{node.kind}: {what}: the same expression")


def _fact(node: Node, ledger: Ledger) -> None:
    need(not node.premises and bool(node.note), node, "a fact has a name and no premises")


def _norm(node: Node, expression: Any) -> tuple[Any, Any]:
    need(isinstance(expression, Norm), node, f"{expression} is no norm")
    return expression.args


def _squared_norm(node: Node, expression: Any) -> tuple[Any, Any]:
    base, exponent = expression.as_base_exp()
    need(exponent == 2, node, f"{expression} is no square")
    return _norm(node, base)


def _triangle(node: Node, ledger: Ledger) -> None:
    """||sum e_i|| <= sum r_i from ||e_i|| <= r_i."""
    element, p = _norm(node, node.lhs)
    parts = [_norm(node, premise.lhs) for premise in node.premises]
    need(all(q == p for _, q in parts), node, "norms of different p")
    _equal(ledger, node, element, sp.Add(*(e for e, _ in parts)), "the elements add up")
    _equal(ledger, node, node.rhs, sp.Add(*(n.rhs for n in node.premises)), "the bounds add up")


def _summed(node: Node, ledger: Ledger) -> None:
    """||sum_i e(i)|| <= sum_i r(i) from ||e(i)|| <= r(i) for i in the range `data`."""
    (premise,), index = _premises(node, 1), node.data
    (element, p), (whole, q) = _norm(node, premise.lhs), _norm(node, node.lhs)
    need(p == q, node, "norms of different p")
    _equal(ledger, node, whole, sp.summation(element, index), "the elements telescope")
    _equal(ledger, node, node.rhs, sp.summation(premise.rhs, index), "the bounds, summed")


def _pythagoras(node: Node, ledger: Ledger) -> None:
    """||sum_i e(i)||_2^2 <= sum_i r(i) from ||e(i)||_2^2 <= r(i) and <e(i), e(j)> = 0 for i < j."""
    premise, orthogonal = _premises(node, 2)
    index, other = node.data
    need(orthogonal.equation and orthogonal.rhs == 0, node, "no orthogonality")
    element, p = _squared_norm(node, premise.lhs)
    whole, q = _squared_norm(node, node.lhs)
    need(p == q == 2, node, "a norm that is not that of L^2")
    need(
        orthogonal.lhs == Inner(element, element.subs(index[0], other)),
        node,
        "orthogonality of other elements",
    )
    _equal(ledger, node, whole, sp.summation(element, index), "the elements telescope")
    _equal(ledger, node, node.rhs, sp.summation(premise.rhs, index), "the bounds, summed")


def _contraction(node: Node, ledger: Ledger) -> None:
    """||T g|| <= c r from ||T|| <= c and ||g|| <= r."""
    operator, premise = _premises(node, 2)
    (image, p), (element, q) = _norm(node, node.lhs), _norm(node, premise.lhs)
    need(
        isinstance(image, Applied) and image.args[2] == element and p == q,
        node,
        f"{image} is no image of {element}",
    )
    need(operator.lhs == OperatorNorm(*image.args[:2], p), node, "the norm of another operator")
    ledger.nonnegative(operator.rhs, f"{node.kind}: the operator's norm")
    _equal(ledger, node, node.rhs, operator.rhs * premise.rhs, "norm times bound")


def _rewriting(node: Node, ledger: Ledger) -> None:
    """The premise with one side of an equation put in place of the other."""
    equation, premise = _premises(node, 2)
    need(equation.equation, node, "no equation")
    for side, given in ((node.lhs, premise.lhs), (node.rhs, premise.rhs)):
        _equal(ledger, node, side, given.subs(equation.rhs, equation.lhs), "rewritten")


def _integration(node: Node, ledger: Ledger) -> None:
    """c times the integrals of both sides over the range `data`, c >= 0; the premise states the same range."""
    (premise,), (factor, variable, low, high) = _premises(node, 1), node.data
    need(premise.data == (variable, low, high), node, f"the premise holds on another range, {premise.data},")
    ledger.nonnegative(factor, f"{node.kind}: the factor")
    ledger.nonnegative(high - low, f"{node.kind}: the range's length")
    _equal(
        ledger,
        node,
        node.lhs,
        factor * sp.Integral(premise.lhs, (variable, low, high)),
        "the left side's integral",
    )
    _equal(
        ledger,
        node,
        node.rhs,
        factor * sp.integrate(premise.rhs, (variable, low, high)),
        "the right side, integrated",
    )


def _evaluation(node: Node, ledger: Ledger) -> None:
    """An equation whose sides are equal once sums and integrals are evaluated."""
    _premises(node, 0)
    _equal(ledger, node, node.lhs.doit(), node.rhs.doit(), "evaluated")


def _index_sum(node: Node, ledger: Ledger) -> None:
    """c times the sums of both sides over the index range `data`, c >= 0."""
    (premise,), (factor, *index) = _premises(node, 1), node.data
    ledger.nonnegative(factor, f"{node.kind}: the factor")
    _equal(ledger, node, node.lhs, factor * sp.Sum(premise.lhs, tuple(index)), "the left side's sum")
    _equal(ledger, node, node.rhs, factor * sp.summation(premise.rhs, tuple(index)), "the right side, summed")


def _chain(node: Node, ledger: Ledger) -> None:
    """a <= z from a <= b, b <= c, ..., y <= z."""
    need(len(node.premises) >= 2, node, "a chain of less than two")
    _equal(ledger, node, node.lhs, node.premises[0].lhs, "the chain begins")
    for before, after in zip(node.premises, node.premises[1:], strict=False):
        _equal(ledger, node, before.rhs, after.lhs, "the chain's links meet")
    _equal(ledger, node, node.rhs, node.premises[-1].rhs, "the chain ends")


def _root(node: Node, ledger: Ledger) -> None:
    """x <= r from x^p <= r^p for r >= 0 and p > 0, given as `data`."""
    (premise,), (p,) = _premises(node, 1), node.data
    ledger.positive(p, f"{node.kind}: the power")
    need(node.rhs.is_nonnegative, node, f"{node.rhs} may be negative")
    need(node.lhs.is_nonnegative, node, f"{node.lhs} may be negative")
    _equal(ledger, node, premise.lhs, node.lhs**p, "the left side's power")
    _equal(ledger, node, premise.rhs, node.rhs**p, "the right side's power")


def _raising(node: Node, ledger: Ledger) -> None:
    """x^p <= r^p from x <= r for x >= 0 and p > 0, given as `data`."""
    (premise,), (p,) = _premises(node, 1), node.data
    ledger.positive(p, f"{node.kind}: the power")
    need(premise.lhs.is_nonnegative, node, f"{premise.lhs} may be negative")
    _equal(ledger, node, node.lhs, premise.lhs**p, "the left side's power")
    _equal(ledger, node, node.rhs, premise.rhs**p, "the right side's power")


def _combination(node: Node, ledger: Ledger) -> None:
    """sum c_i lhs_i + g <= sum c_i rhs_i + g, the factors c_i >= 0 being `data`, g whatever both sides have left."""
    need(len(node.data) == len(node.premises) > 0, node, "one factor for each premise")
    for factor, premise in zip(node.data, node.premises, strict=True):
        if not premise.equation:
            ledger.nonnegative(sp.S(factor).subs(node.where), f"{node.kind}: a factor")
    left = node.lhs - sp.Add(*(c * n.lhs for c, n in zip(node.data, node.premises, strict=True)))
    right = node.rhs - sp.Add(*(c * n.rhs for c, n in zip(node.data, node.premises, strict=True)))
    _equal(ledger, node, left, right, "what is left on both sides")


def _budget(node: Node, ledger: Ledger) -> None:
    """rhs - lhs >= 0 by algebra alone, under the assumptions `where`."""
    _premises(node, 0)
    difference = sp.S(node.rhs - node.lhs).subs(node.where)
    ledger.nonnegative(difference, f"{node.kind}: right less left")


def _power(node: Node, ledger: Ledger) -> None:
    """b^s <= b^t from s <= t, for b >= 1; `data` are b, s, t."""
    _premises(node, 0)
    base, low, high = (sp.S(e) for e in node.data)
    ledger.nonnegative((base - 1).subs(node.where), f"{node.kind}: the base less 1")
    ledger.nonnegative((high - low).subs(node.where), f"{node.kind}: the exponents")
    _equal(ledger, node, node.lhs, base**low, "the left power")
    _equal(ledger, node, node.rhs, base**high, "the right power")


EQUATIONS = frozenset({"fact", "evaluation"})
RULES: Mapping[str, Callable[[Node, Ledger], None]] = {
    "fact": _fact,
    "triangle": _triangle,
    "triangle, telescoping": _summed,
    "Pythagoras": _pythagoras,
    "contraction": _contraction,
    "rewriting": _rewriting,
    "integration": _integration,
    "evaluation": _evaluation,
    "summation": _index_sum,
    "chain": _chain,
    "root": _root,
    "raising": _raising,
    "combination": _combination,
    "budget": _budget,
    "power": _power,
}
