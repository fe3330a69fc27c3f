"""Proof trees as numbered lines: text, or Markdown with LaTeX."""

from __future__ import annotations

from typing import Any

import sympy as sp

from verify.symbolic.derivations import checked
from verify.symbolic.trees import Node, assumptions, nodes


def to_text(root: Node) -> str:
    """One line a step, premises first, the last line says whether it is proved.

    >>> from verify.symbolic.cell_means import supremum
    >>> print(to_text(supremum()).splitlines()[-2])
    8. triangle, telescoping from 7: || f - A_1..A_(d) f ||_oo <= d*omega
    """
    lines = [
        f"{number}. {origin(node, names)}: {_relation(node)}" + (f"  [{node.note}]" if _remark(node) else "")
        for number, node, names in numbered(root)
    ]
    return "\n".join([*lines, verdict(root)])


def to_latex(root: Node) -> str:
    """The same in Markdown: one displayed formula a step."""
    blocks = [
        f"({number}) {origin(node, names)}{': ' + plain(node.note) if _remark(node) else ''}\n\n"
        f"$$ {sp.latex(node.statement)} $$"
        for number, node, names in numbered(root)
    ]
    return "\n\n".join([*blocks, plain(verdict(root))])


def numbered(root: Node) -> list[tuple[int, Node, list[int]]]:
    """Every node with its number and those of its premises."""
    order = list(nodes(root))
    number = {id(node): k for k, node in enumerate(order, start=1)}
    return [(number[id(node)], node, [number[id(q)] for q in node.premises]) for node in order]


def origin(node: Node, premises: list[int]) -> str:
    """The rule of a step and the numbers of its premises."""
    return node.kind + (" from " + ", ".join(map(str, premises)) if premises else "")


def _remark(node: Node) -> bool:
    return bool(node.note) and node.kind == "fact"


def _relation(node: Node) -> str:
    return f"{_text(node.lhs)} {'=' if node.equation else '<='} {_text(node.rhs)}"


def _text(expression: Any) -> str:
    return sp.sstr(expression)


def plain(text: str) -> str:
    """Words for Markdown: nothing in them is emphasis there."""
    return "".join("\\" + c if c in "*_" else c for c in text.replace("<=", "≤").replace(">=", "≥"))


def verdict(root: Node) -> str:
    """What is proved of the root, and under which assumptions."""
    found = checked(root)
    if not found.proved:
        return f"Not proved: {found.reason}."
    assumed = assumptions(root)
    under = f" Assumed: {'; '.join(assumed)}, all symbols in these >= 0." if assumed else ""
    return f"Proved from the facts above: {len(found.steps)} checks of its algebra.{under}"
