"""docs/derivations.md: formulas, identities and constants, derived and checked when the page is made."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import sympy as sp
from flint import fmpq

from constructs.geometric import DECODERS, DIGITS, Geometric, build
from constructs.rationals import Rationals
from constructs.raw_layers import layers
from verify.symbolic import cell_means, layouts, other_bounds
from verify.symbolic.cell_numbers import index
from verify.symbolic.derivations import checked
from verify.symbolic.execution import computes, executed
from verify.symbolic.fields import decoder, packed, tail
from verify.symbolic.pieces import x
from verify.symbolic.rendering import plain, to_latex
from verify.symbolic.sizes import formulas, width, within
from verify.symbolic.staircase import digit, symbolic
from verify.symbolic.statements import Statement
from verify.symbolic.trees import Node

INTRODUCTION = """# Derivations

Made by `approxcert derivations`, which checks everything while it writes; a test compares. No certificate needs any
of it: networks are proved one by one, from their weights. What the algebra does not decide is *not proved*, and
says so.
"""
DERIVATIONS = {
    "The paper's constant": cell_means.paper_constant,
    "The means at p = 2": cell_means.square_root,
    "The means at p = ∞": cell_means.supremum,
    "Lipschitz functions": other_bounds.lipschitz,
    "Multigrade, a sweep at the grid's own mesh": other_bounds.multigrade,
    "Multigrade, a coarser sweep": other_bounds.coarse_sweep,
    "Splines of degree 1": other_bounds.linear_splines,
}
REFUSED = {
    "d in place of 2d+1, all p": lambda: cell_means.paper_constant(layouts.d),
    "2d in place of 2d+1, all p": lambda: cell_means.paper_constant(2 * layouts.d),
    "1 in place of 2^(1/p) on one axis": lambda: cell_means.paper_constant(one=1),
    "1 in place of √d, p = 2": lambda: cell_means.square_root(1),
    "d/2 in place of 2d+1, Lipschitz": lambda: other_bounds.lipschitz(layouts.d / 2),
    "1/9 in place of 1/8, splines": lambda: other_bounds.linear_splines(sp.Rational(1, 9)),
}


def page() -> str:
    """The whole page, as Markdown."""
    parts = [INTRODUCTION, *_sizes(), *_identities(), *_execution(), *_derivations()]
    return "\n".join(parts)


def _sizes() -> Iterator[str]:
    yield "## Sizes\n"
    yield (
        "Summed over channel families with symbolic counts (`layouts`), equal to the built networks' own counts in the "
        "tests. Valid for generic data: no level with a constant table, no weight that happens to be 0; other data "
        "have fewer neurons and parameters. β: differences k_0, k_1 - k_0, ... of all nodes that are not 0; Z: sides "
        "at the knot 0.\n"
    )
    yield "| network | width | depth | neurons | parameters |\n|---|---|---|---|---|"
    for digits in DIGITS:
        least = 3 if digits == "relu" else 4
        for decoder_name in DECODERS:
            layout = layouts.geometric(digits, decoder_name)
            w = _math(width(layout, {layouts.L: least, layouts.N: 2})) + f", L ≥ {least}"
            yield _row(layout, w)
    for layout in (layouts.multigrade(), layouts.multiplicative()):
        yield _row(layout, _math(width(layout, {})))
    yield "\nAgainst the width that arXiv 2604.20219 states, for d ≥ 1, N ≥ 2, L ≥ 4 (relu, bits: one more at d = 1):\n"
    for digits, decoder_name in product(DIGITS, DECODERS):
        stated_width = 2 * layouts.d * layouts.N + layouts.d + 2
        yield _shown(
            within(layouts.geometric(digits, decoder_name), stated_width, {layouts.L: 4, layouts.N: 2})
        )


def _row(layout: layouts.Layout, shown_width: str) -> str:
    found = formulas(layout)
    cells = (found.depth, found.neurons, found.parameters)
    return f"| {layout.name} | {shown_width} | " + " | ".join(map(_math, cells)) + " |"


def _math(expression: sp.Basic) -> str:
    return f"${sp.latex(expression)}$"


def _identities() -> Iterator[str]:
    yield "## Identities\n"
    yield "*Staircase*, for every δ with 0 < Nδ < 1 and every position s in the cell, outside the strip.\n"
    for j in range(2):
        yield _shown(digit(symbolic(2), j))
    yield "*Cell numbers*, from the weights of built networks, for symbolic digits k and places in the cells.\n"
    for dim, base, digits in ((1, 2, "relu"), (1, 3, "floor"), (2, 2, "floor")):
        built = example(dim, base, 2, digits)
        yield _shown(index(built, 2))
    yield (
        "*Bit decoder*, for a = (P + v/B + θ/B)/B^J with integers P ≥ 0, 0 ≤ v < B, and 0 ≤ θ < 1; then what makes "
        "θ < 1; then that the weights are such.\n"
    )
    yield _shown(decoder())
    yield _shown(tail())
    yield _shown(packed(example(1, 2, 2, "floor"), 2))


def example(dim: int, base: int, levels: int, digits: str) -> Geometric:
    """A small geometric network with the bit decoder."""
    tables = [Rationals.full((base**t,) * dim, fmpq(1)) for t in range(levels)]
    last = Rationals.of([k * k % 7 for k in range(base ** (levels * dim))])
    tables.append(last.rearranged(lambda a: a.reshape((base**levels,) * dim)))
    delta = fmpq(1, 4 * base**levels) if digits == "relu" else None
    return build(tables, base, [fmpq(1, 8)] * (levels + 1), digits=digits, decoder="bits", delta=delta)


def _shown(found: Statement) -> str:
    verdict = f"proved, {len(found.steps)} checks" if found.proved else f"not proved: {plain(found.reason)}"
    return f"$$ {found.to_latex()} $$\n\n{found.name}: {verdict}.\n"


def _execution() -> Iterator[str]:
    yield "## Execution\n"
    yield "Two layers of the tooth, executed to a Piecewise and proved equal to its twofold composition on [0,1].\n"
    rows = [[("relu", [1], 0), ("relu", [1], "-1/2")], [("relu", [2, -4], 0), ("relu", [2, -4], "-1/2")]]
    network = layers(rows, ([2, -4], 0))
    yield f"$$ {sp.latex(executed(network).expression())} $$\n"
    yield _shown(computes(network, 1 - abs(1 - 2 * (1 - abs(1 - 2 * x)))))


def _derivations() -> Iterator[str]:
    yield "## Constants\n"
    yield (
        "Each step names its rule, whose algebra is checked: the parts of a triangle add up, sums telescope, integrals "
        "are evaluated, budgets are nonnegative under the assumptions stated. A *fact* is taken over. A_i averages "
        "over cells in x_i, I_i interpolates linearly in x_i; i is any axis.\n"
    )
    for title, tree in DERIVATIONS.items():
        yield f"### {title}\n\n{to_latex(tree())}\n"
    yield "### Refused\n\n| constant | what is not decided |\n|---|---|"
    for title, tree in REFUSED.items():
        yield f"| {title} | {_refusal(tree())} |"


def _refusal(tree: Node) -> str:
    found = checked(tree)
    return "**proved**" if found.proved else f"`{found.reason.replace('|', '¦')}`"
