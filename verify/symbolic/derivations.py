"""Proof trees of inequalities: every step names its rule, and its algebra is checked.

A leaf is a named fact (Jensen's inequality, what a modulus is) that is taken over, and listed as such.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from verify.symbolic.quantities import Applied, Inner, Norm, OperatorNorm
from verify.symbolic.statements import Ledger, Statement, Undecided, stated


@dataclass(frozen=True)
class Node:
    """One inequality lhs <= rhs, or equation, with the premises that it follows from by the rule `kind`.

    note: for a fact its name and reason, else a remark. data: what the rule asks for (a range, factors).
    where: symbols in terms of symbols >= 0, which says what is assumed of them.
    """

    kind: str
    lhs: Any
    rhs: Any
    premises: tuple[Node, ...] = ()
    note: str = ""
    data: tuple[Any, ...] = ()
    where: dict[Any, Any] = field(default_factory=dict)
    equation: bool = False

    @property
    def statement(self) -> Any:
        """The inequality or equation in SymPy, not evaluated."""
        relation = sp.Eq if self.equation else sp.Le
        return relation(self.lhs, self.rhs, evaluate=False)


def checked(root: Node) -> Statement:
    """The root's statement, proved from the facts at the leaves iff every step's algebra is decided.

    A rule that does not exist proves nothing; a tree that is a fact alone proves nothing either.
    """

    def prove(ledger: Ledger) -> None:
        for node in nodes(root):
            rule = RULES.get(node.kind)
            if rule is None:
                raise Undecided(f"no rule is called {node.kind!r}")
            _need(not node.equation or node.kind in EQUATIONS, node, "an equation from inequalities")
            rule(node, ledger)

    return stated(root.note or root.kind, root.statement, prove)


def nodes(root: Node) -> Iterator[Node]:
    """All nodes, premises first, each once."""
    seen: list[Node] = []

    def visit(node: Node) -> Iterator[Node]:
        if any(node is other for other in seen):
            return
        for premise in node.premises:
            yield from visit(premise)
        seen.append(node)
        yield node

    return visit(root)


def facts(root: Node) -> list[Node]:
    """The leaves that are taken over without proof."""
    return [n for n in nodes(root) if n.kind == "fact"]


def assumptions(root: Node) -> list[str]:
    """What the tree assumes of its symbols, beyond their signs: each as a sum with terms >= 0."""
    found: dict[str, None] = {}
    for node in nodes(root):
        for symbol, value in node.where.items():
            found[f"{symbol} = {value}"] = None
    return list(found)


def _need(holds: bool, node: Node, what: str) -> None:
    if holds is not True:
        raise Undecided(f"{node.kind}: {what} in {node.statement}")


def _premises(node: Node, count: int) -> tuple[Node, ...]:
    _need(len(node.premises) == count, node, f"{len(node.premises)} premises, not {count},")
    return node.premises


def _equal(ledger: Ledger, node: Node, left: Any, right: Any, what: str) -> None:
    if left != right:
        ledger.zero(left - right, f"{node.kind}: {what}")
    else:
        ledger.steps.append(f"{node.kind}: {what}: the same expression")


def _fact(node: Node, ledger: Ledger) -> None:
    _need(not node.premises and bool(node.note), node, "a fact has a name and no premises")


def _norm(node: Node, expression: Any) -> tuple[Any, Any]:
    _need(isinstance(expression, Norm), node, f"{expression} is no norm")
    return expression.args


def _squared_norm(node: Node, expression: Any) -> tuple[Any, Any]:
    base, exponent = expression.as_base_exp()
    _need(exponent == 2, node, f"{expression} is no square")
    return _norm(node, base)


def _triangle(node: Node, ledger: Ledger) -> None:
    """||sum e_i|| <= sum r_i from ||e_i|| <= r_i."""
    element, p = _norm(node, node.lhs)
    parts = [_norm(node, premise.lhs) for premise in node.premises]
    _need(all(q == p for _, q in parts), node, "norms of different p")
    _equal(ledger, node, element, sp.Add(*(e for e, _ in parts)), "the elements add up")
    _equal(ledger, node, node.rhs, sp.Add(*(n.rhs for n in node.premises)), "the bounds add up")


def _summed(node: Node, ledger: Ledger) -> None:
    """||sum_i e(i)|| <= sum_i r(i) from ||e(i)|| <= r(i) for i in the range `data`."""
    (premise,), index = _premises(node, 1), node.data
    (element, p), (whole, q) = _norm(node, premise.lhs), _norm(node, node.lhs)
    _need(p == q, node, "norms of different p")
    _equal(ledger, node, whole, sp.summation(element, index), "the elements telescope")
    _equal(ledger, node, node.rhs, sp.summation(premise.rhs, index), "the bounds, summed")


def _pythagoras(node: Node, ledger: Ledger) -> None:
    """||sum_i e(i)||_2^2 <= sum_i r(i) from ||e(i)||_2^2 <= r(i) and <e(i), e(j)> = 0 for i < j."""
    premise, orthogonal = _premises(node, 2)
    index, other = node.data
    _need(orthogonal.equation and orthogonal.rhs == 0, node, "no orthogonality")
    element, p = _squared_norm(node, premise.lhs)
    whole, q = _squared_norm(node, node.lhs)
    _need(p == q == 2, node, "a norm that is not that of L^2")
    _need(
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
    _need(
        isinstance(image, Applied) and image.args[2] == element and p == q,
        node,
        f"{image} is no image of {element}",
    )
    _need(operator.lhs == OperatorNorm(*image.args[:2], p), node, "the norm of another operator")
    ledger.nonnegative(operator.rhs, f"{node.kind}: the operator's norm")
    _equal(ledger, node, node.rhs, operator.rhs * premise.rhs, "norm times bound")


def _rewriting(node: Node, ledger: Ledger) -> None:
    """The premise with one side of an equation put in place of the other."""
    equation, premise = _premises(node, 2)
    _need(equation.equation, node, "no equation")
    for side, given in ((node.lhs, premise.lhs), (node.rhs, premise.rhs)):
        _equal(ledger, node, side, given.subs(equation.rhs, equation.lhs), "rewritten")


def _integration(node: Node, ledger: Ledger) -> None:
    """c times the integrals of both sides over the range `data`, c >= 0; the premise states the same range."""
    (premise,), (factor, variable, low, high) = _premises(node, 1), node.data
    _need(premise.data == (variable, low, high), node, f"the premise holds on another range, {premise.data},")
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
    _need(len(node.premises) >= 2, node, "a chain of less than two")
    _equal(ledger, node, node.lhs, node.premises[0].lhs, "the chain begins")
    for before, after in zip(node.premises, node.premises[1:], strict=False):
        _equal(ledger, node, before.rhs, after.lhs, "the chain's links meet")
    _equal(ledger, node, node.rhs, node.premises[-1].rhs, "the chain ends")


def _root(node: Node, ledger: Ledger) -> None:
    """x <= r from x^p <= r^p for r >= 0 and p > 0, given as `data`."""
    (premise,), (p,) = _premises(node, 1), node.data
    ledger.positive(p, f"{node.kind}: the power")
    _need(node.rhs.is_nonnegative, node, f"{node.rhs} may be negative")
    _need(node.lhs.is_nonnegative, node, f"{node.lhs} may be negative")
    _equal(ledger, node, premise.lhs, node.lhs**p, "the left side's power")
    _equal(ledger, node, premise.rhs, node.rhs**p, "the right side's power")


def _raising(node: Node, ledger: Ledger) -> None:
    """x^p <= r^p from x <= r for x >= 0 and p > 0, given as `data`."""
    (premise,), (p,) = _premises(node, 1), node.data
    ledger.positive(p, f"{node.kind}: the power")
    _need(premise.lhs.is_nonnegative, node, f"{premise.lhs} may be negative")
    _equal(ledger, node, node.lhs, premise.lhs**p, "the left side's power")
    _equal(ledger, node, node.rhs, premise.rhs**p, "the right side's power")


def _combination(node: Node, ledger: Ledger) -> None:
    """sum c_i lhs_i + g <= sum c_i rhs_i + g, the factors c_i >= 0 being `data`, g whatever both sides have left."""
    _need(len(node.data) == len(node.premises) > 0, node, "one factor for each premise")
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
