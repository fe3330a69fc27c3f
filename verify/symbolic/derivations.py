"""Proof trees of inequalities: every step names its rule, and its algebra is checked.

A leaf is a named fact (Jensen's inequality, what a modulus is) that is taken over, and listed as such.
"""

from __future__ import annotations

from verify.symbolic.rules import EQUATIONS, RULES, need
from verify.symbolic.statements import Ledger, Statement, Undecided, stated
from verify.symbolic.trees import Node, nodes


def checked(root: Node) -> Statement:
    """The root's statement, proved from the facts at the leaves iff every step's algebra is decided.

    A rule that does not exist proves nothing; a tree that is a fact alone proves nothing either.
    """

    def prove(ledger: Ledger) -> None:
        for node in nodes(root):
            rule = RULES.get(node.kind)
            if rule is None:
                raise Undecided(f"no rule is called {node.kind!r}")
            need(not node.equation or node.kind in EQUATIONS, node, "an equation from inequalities")
            rule(node, ledger)

    return stated(root.note or root.kind, root.statement, prove)
