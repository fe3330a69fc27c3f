"""Proof trees as data: every node an inequality or equation, its premises, and the rule that it follows by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sympy as sp


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
