"""Proof trees of constants: the true ones are proved, wrong ones are refused, wherever the mistake is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sympy as sp

from verify.symbolic.cell_means import eps, omega, p, paper_constant, square_root, supremum
from verify.symbolic.derivations import checked
from verify.symbolic.other_bounds import coarse_sweep, linear_splines, lipschitz, multigrade
from verify.symbolic.page import DERIVATIONS, REFUSED, page
from verify.symbolic.quantities import A, Left, Norm, f
from verify.symbolic.rendering import to_latex, to_text
from verify.symbolic.rules import RULES
from verify.symbolic.trees import Node, facts, nodes

d = sp.Symbol("d", integer=True, positive=True)
TREES = list(DERIVATIONS.values())
WRONG = [
    lambda: paper_constant(d),
    lambda: paper_constant(2 * d),
    lambda: paper_constant(d + 1),
    lambda: paper_constant(2 * sp.sqrt(d) + 1),
    lambda: paper_constant(one=1),
    lambda: paper_constant(one=2 ** (1 / (2 * p))),
    lambda: square_root(1),
    lambda: square_root(d ** sp.Rational(1, 3)),
    lambda: supremum(sp.sqrt(d)),
    lambda: supremum(d - 1),
    lambda: lipschitz(d / 2),
    lambda: lipschitz(d),
    lambda: multigrade(sp.Rational(1, 2)),
    lambda: coarse_sweep(sp.Rational(3, 2)),
    lambda: linear_splines(sp.Rational(1, 9)),
    lambda: linear_splines(sp.Rational(1, 16)),
]


@pytest.mark.parametrize("tree", TREES)
def test_the_constants_are_proved_from_their_facts(tree):
    found = checked(tree())
    assert found.proved, found.reason
    assert found.steps
    assert facts(tree())


@pytest.mark.parametrize("tree", WRONG)
def test_wrong_constants_are_refused(tree):
    found = checked(tree())
    assert not found.proved
    assert found.reason
    assert f"Not proved: {found.reason}" in to_text(tree())


def test_lipschitz_with_the_constant_d_holds_from_two_dimensions_on_only():
    root = lipschitz(d)  # d/2 + eps <= d iff d >= 2 eps
    room = next(n for n in nodes(root) if n.kind == "budget" and n.rhs.has(sp.Symbol("K", positive=True)))
    more = replace(room, where={**room.where, d: 2 + sp.Symbol("n", nonnegative=True)})
    assert not checked(room).proved
    assert checked(more).proved


def changed(root: Node, old: Node, new: Node) -> Node:
    """The tree with one node changed, wherever it occurs."""
    if root is old:
        return new
    return replace(root, premises=tuple(changed(q, old, new) for q in root.premises))


def mutants(root: Node) -> Iterator[tuple[str, Node]]:
    """Every node with a smaller right side, with a premise lost, or of another or no kind."""
    for node in list(nodes(root)):
        if not node.equation:
            yield "halved", changed(root, node, replace(node, rhs=node.rhs / 2))
        if node.premises:
            yield "fewer premises", changed(root, node, replace(node, premises=node.premises[1:]))
            yield (
                "more premises",
                changed(root, node, replace(node, premises=(*node.premises, node.premises[0]))),
            )
        yield "no such rule", changed(root, node, replace(node, kind="obvious"))
        if node.kind not in ("fact", "evaluation"):
            yield "an equation", changed(root, node, replace(node, equation=True))


@pytest.mark.parametrize("tree", TREES)
def test_every_mutant_is_refused(tree):
    root = tree()
    assert checked(root).proved
    tried = list(mutants(root))
    assert len(tried) > 2 * len(list(nodes(root)))
    for what, wrong in tried:
        assert not checked(wrong).proved, what


def test_a_fact_alone_proves_nothing():
    fact = Node("fact", Norm(Left(A, d), p), omega, note="said so")
    assert not checked(fact).proved
    assert not checked(replace(fact, note="")).proved
    with_premise = Node("fact", fact.lhs, omega, (fact,), note="said so")
    assert not checked(with_premise).proved


def test_rules_refuse_what_does_not_follow():
    n = Norm(f, p)
    small = Node("fact", n, omega, note="given")
    refused: list[tuple[str, Any, Any, tuple[Node, ...], tuple[Any, ...]]] = [
        ("combination", -n, -omega, (small,), (sp.Integer(-1),)),
        ("combination", 2 * n, omega, (small,), (sp.Integer(2),)),
        ("root", n, omega, (small,), (sp.Integer(2),)),
        ("root", n, -omega, (replace(small, lhs=n**2, rhs=omega**2),), (sp.Integer(2),)),
        (
            "raising",
            (n - 1) ** 2,
            (omega - 1) ** 2,
            (replace(small, lhs=n - 1, rhs=omega - 1),),
            (sp.Integer(2),),
        ),
        (
            "power",
            sp.Rational(1, 2) ** eps,
            sp.Rational(1, 2) ** (eps + 1),
            (),
            (sp.Rational(1, 2), eps, eps + 1),
        ),
        ("power", 2 ** (1 / p), sp.Integer(2), (), (sp.Integer(2), 1 / p, sp.S.One)),
        ("budget", eps, sp.S.One, (), ()),
        ("chain", n, omega, (small,), ()),
        ("triangle", Norm(2 * f, p), omega, (small,), ()),
    ]
    for kind, lhs, rhs, premises, data in refused:
        assert kind in RULES
        assert not checked(Node(kind, lhs, rhs, premises, data=data)).proved, kind
    twice = Node("triangle", Norm(2 * f, p), 2 * omega, (small, small))
    assert checked(twice).proved


def test_an_integral_beyond_what_the_modulus_covers_is_refused():
    root = paper_constant()
    node = next(n for n in nodes(root) if n.kind == "integration")
    factor, tau, low, high = node.data
    lhs = factor * sp.Integral(node.premises[0].lhs, (tau, 2 * low, 2 * high))
    wider = replace(node, lhs=lhs, rhs=2 * node.rhs, data=(factor, tau, 2 * low, 2 * high))
    assert checked(node).proved
    assert "another range" in checked(wider).reason


def test_text_and_latex_say_every_step():
    root = paper_constant()
    steps = list(nodes(root))
    assert len(to_text(root).splitlines()) == len(steps) + 1
    assert to_latex(root).count("$$") == 2 * len(steps)
    assert r"\omega \left(2 d + 1\right)" in to_latex(root)
    assert to_latex(paper_constant(d)).splitlines()[-1].startswith("Not proved")


def test_the_page_is_as_it_is_made():
    made = page()
    written = (Path(__file__).parent.parent / "docs" / "derivations.md").read_text(encoding="utf-8")
    assert made.rstrip("\n") == written.rstrip("\n"), "approxcert derivations > docs/derivations.md"
    assert "**proved**" not in made
    assert made.count("Proved from the facts above") == len(DERIVATIONS)
    assert made.count("not proved:") == 1  # relu digits with bits at d = 1: one too wide
    assert len(REFUSED) >= 5
