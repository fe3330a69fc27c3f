"""True claims: none may ever be refuted. Most are proved; where one cannot be decided, the row says why that is right.

Beside these, every undamaged network of tests/false_claims.py is one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from claim_rows import TrueRow
from damaged import floors, geometric, graded, hats, of_example, plane_hat, ramps, side_by_side
from flint import fmpq

from constructs import targets
from verify import claims
from verify.theorem import error


def library(claim: str, text: str, dim: int = 1, **options: Any) -> Any:
    """One of the library's claims about a target by its text."""
    return lambda: (claims.CLAIMS[claim](**options), targets.parse(text, dim))


def kuhn(claim: str, cells: int, values: Any, **options: Any) -> Any:
    """The same about nodal values."""
    return lambda: (claims.CLAIMS[claim](**options), targets.kuhn(cells, values))


def spikes(width: str, d: int) -> Any:
    """Jumps at one place of each coordinate."""
    return lambda: targets.step(*[([width], [1, 0])] * d)


SINE = {"digits": "relu", "decoder": "two-sine"}

EXAMPLES = (
    *(
        TrueRow(f"square, m = {m}", "examples", of_example("yarotsky_square:yarotsky", m=m))
        for m in (1, 2, 6, 9)
    ),
    *(
        TrueRow(f"sawtooth, m = {m}", "examples", of_example("telgarsky_sawtooth:telgarsky", m=m))
        for m in (1, 2, 7)
    ),
    *(TrueRow(f"width 2, n = {n}", "examples", of_example("minimal_width:square", n=n)) for n in (1, 2, 9)),
    TrueRow("product, m = 1", "examples", of_example("yarotsky_product:product", m=1)),
    TrueRow(
        "product, the bound attained",
        "examples",
        of_example("yarotsky_product:product", None, [error("inf", at_most=fmpq(2, 16))], m=1),
        "undecided",
        "budget: 2·4^-(m+1) is the supremum, and on boxes there is no room for rounding",
        slow=True,
    ),
    TrueRow(
        "roof, exactly",
        "examples",
        of_example("minimal_width:roof", None, [error("inf", 0)]),
        "undecided",
        "budget: in two variables 0 is enclosed, not computed",
        slow=True,
    ),
)
GEOMETRIC = (
    TrueRow("kink, p = 1", "geometric", library("geometric", "abs(x0-1/3)", levels=2, p=1)),
    TrueRow("kink, sine decoder", "geometric", library("geometric", "abs(x0-1/3)", levels=2, p=2, **SINE)),
    TrueRow(
        "tent, base 3, sharp",
        "geometric",
        library("geometric", "tent", base=3, levels=2, p=3, constant="sharp"),
    ),
    TrueRow("square root, p = 3/2", "geometric", library("geometric", "sqrt(x0)", levels=2, p="3/2")),
    TrueRow("a jump, p = inf", "geometric", geometric(spikes("1/3", 1), levels=3, p="inf", constant="sharp")),
    TrueRow(
        "spikes, p = 1, sharp", "geometric", geometric(spikes("1/50", 2), levels=2, p=1, constant="sharp")
    ),
    TrueRow(
        "spikes in space, p = 2", "geometric", geometric(spikes("1/7", 3), levels=1, p=2, constant="sharp")
    ),
    TrueRow(
        "random, Euclidean",
        "geometric",
        library("geometric", "random-lipschitz:seed=3", 2, levels=1, p=2, modulus="euclidean"),
    ),
    TrueRow(
        "identity, C just above the ratio, which is 1",
        "geometric",
        kuhn("geometric", 1, [0, 1], levels=0, p=1, constant="1001/1000", tolerance="1/10000"),
    ),
    TrueRow("a constant", "geometric", library("geometric", "1/3", 2, levels=2, p="inf")),
    TrueRow("level 0 only", "geometric", library("geometric", "exp(x0)", levels=0, p=4)),
    TrueRow("floors count cells", "geometric", floors(levels=5)),
    TrueRow("a ramp of base 3", "geometric", ramps(base=3, last=error(2, "1/5"))),
    TrueRow(
        "sine, C = 1",
        "geometric",
        library("geometric", "sin(20*x0)", levels=0, p=2, constant="1"),
    ),
)
MULTIGRADE = (
    TrueRow("zigzag, two sweeps", "multigrade", graded(sweeps=2)),
    TrueRow(
        "zigzag, coarse mesh", "multigrade", kuhn("multigrade", 4, [5, 7, 4, 6, 5], mesh="1/3", sweeps=2)
    ),
    TrueRow("sign changes", "multigrade", kuhn("multigrade", 4, [1, -2, 3, 0, -1], mesh="1/4", sweeps=3)),
    TrueRow("zero", "multigrade", kuhn("multigrade", 1, [0, 0], mesh="1/2", sweeps=2)),
    TrueRow("a plateau", "multigrade", kuhn("multigrade", 3, [0, 2, 2, 0], mesh="1/3", sweeps=2, p=3)),
    TrueRow(
        "until, just met", "multigrade", kuhn("multigrade", 4, [5, 7, 4, 6, 5], mesh="1/4", sweeps=1, until=3)
    ),
    TrueRow("tent in the plane", "multigrade", library("multigrade", "tent", 2, mesh="1/2", sweeps=2)),
    TrueRow("expression", "multigrade", library("multigrade", "sin(3*x0) + 1/4", mesh="1/4", sweeps=2)),
    TrueRow(
        "expression in the plane",
        "multigrade",
        library("multigrade", "abs(x0-1/3)*x1 + 1/5", 2, mesh="1/2", sweeps=2),
    ),
    TrueRow(
        "a cube",
        "multigrade",
        kuhn("multigrade", 1, np.arange(8).reshape((2, 2, 2)) - 3, mesh="1/1", sweeps=2),
    ),
    TrueRow("hats, bound attained", "multigrade", hats(bound=3)),
    TrueRow("hats side by side", "multigrade", side_by_side(bound="31/10")),
    TrueRow(
        "a hat in the plane, bound nearly attained",
        "multigrade",
        plane_hat(bound=fmpq(1, 8) + fmpq(1, 2**50)),
        "undecided",
        "budget: 1/8 is the supremum, and on boxes there is no room for rounding",
    ),
)
MULTIPLICATIVE = (
    *(
        TrueRow(f"degree {q}", "multiplicative", library("multiplicative", "sin(2*x0)", mesh="1/4", degree=q))
        for q in (1, 2, 3)
    ),
    TrueRow("two variables", "multiplicative", library("multiplicative", "exp(-2*x0**2)*x1", 2, mesh="1/3")),
    TrueRow(
        "support larger than needed",
        "multiplicative",
        library("multiplicative", "exp(x0)", mesh="1/4", support=5),
    ),
    TrueRow(
        "Zygmund 1/2",
        "multiplicative",
        library("multiplicative", "exp(-4*x0**2)", mesh="1/3", norm="zygmund:1/2"),
    ),
    TrueRow(
        "Zygmund 3/2",
        "multiplicative",
        library("multiplicative", "sin(2*x0)", mesh="1/4", degree=3, norm="zygmund:3/2"),
    ),
    TrueRow(
        "Bessel 1/2",
        "multiplicative",
        library("multiplicative", "9*x0*(1-x0)*x1*(1-x1)", 2, mesh="1/2", norm="bessel:1/2"),
    ),
    TrueRow(
        "Bessel 3/2",
        "multiplicative",
        library("multiplicative", "9*(x0*(1-x0))**2", mesh="1/3", degree=2, norm="bessel:3/2"),
    ),
    TrueRow("order 2", "multiplicative", library("multiplicative", "exp(-2*x0**2)", mesh="1/4", ladder=2)),
    TrueRow(
        "order 3",
        "multiplicative",
        library("multiplicative", "exp(-2*x0**2)", mesh="1/4", degree=2, ladder=2),
    ),
    TrueRow(
        "order 1 of a kink",
        "multiplicative",
        library("multiplicative", "abs(x0-1/3)", mesh="1/4", ladder=2, order=1),
    ),
    TrueRow(
        "order 3/2 of |x - 1/3|^(3/2)",
        "multiplicative",
        library("multiplicative", "abs(x0-1/3)**(3/2)", mesh="1/8", ladder=2, order="3/2"),
    ),
    TrueRow(
        "a parabola",
        "multiplicative",
        library("multiplicative", "x0**2", mesh="1/2"),
        "undecided",
        "no-proof: its error is exactly h²/8 times its second derivative",
    ),
)
TRUE = (*EXAMPLES, *GEOMETRIC, *MULTIGRADE, *MULTIPLICATIVE)
