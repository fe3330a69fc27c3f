"""Random small claims and targets of every kind, as Hypothesis strategies."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import reject
from hypothesis import strategies as st

from constructs import targets
from constructs.errors import ConstructError
from constructs.targets import Target
from verify import claims

SMALL = st.fractions(-2, 2, max_denominator=6)
MOST_CELLS = 30


@st.composite
def kuhn(draw: st.DrawFn, dim: int) -> Target:
    m = draw(st.integers(1, 3 if dim == 1 else 2 if dim == 2 else 1))
    values = draw(st.lists(SMALL, min_size=(m + 1) ** dim, max_size=(m + 1) ** dim))
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return targets.kuhn(m, array.reshape((m + 1,) * dim))


@st.composite
def step(draw: st.DrawFn, dim: int) -> Target:
    axes = []
    for _ in range(dim):
        breaks = sorted(
            draw(st.sets(st.fractions(Fraction(1, 9), Fraction(8, 9), max_denominator=9), max_size=3))
        )
        axes.append((breaks, draw(st.lists(SMALL, min_size=len(breaks) + 1, max_size=len(breaks) + 1))))
    return targets.step(*axes)


@st.composite
def text(draw: st.DrawFn, dim: int, depth: int = 2) -> str:
    """An expression that is defined everywhere on the cube."""
    if depth == 0:
        leaf = st.sampled_from([f"x{i}" for i in range(dim)])
        return draw(st.one_of(leaf, SMALL.map(lambda q: f"({q})")))
    inner = [draw(text(dim, depth - 1)) for _ in range(2)]
    unary = [
        "abs({})",
        "sin({})",
        "cos({})",
        "exp({})",
        "tanh({})",
        "-{}",
        "({})**2",
        "sqrt(1 + abs({}))",
        "step({})",
    ]
    binary = [
        "({}) + ({})",
        "({}) * ({})",
        "({}) - ({})",
        "min({}, {})",
        "max({}, {})",
        "({}) / (2 + ({})**2)",
    ]
    form = draw(
        st.sampled_from([*unary, "log(2 + abs({}))", "abs({})**(1/2)", "(1 + abs({}))**-3", *binary, *binary])
    )
    return form.format(*inner)


@st.composite
def expression(draw: st.DrawFn, dim: int) -> Target:
    body = draw(text(dim))
    try:
        return targets.expression(f"x0/3 + ({body})", dim)
    except ConstructError as error:
        if "not constant" not in str(error):
            raise
        reject()  # the body was -x0/3 in disguise


@st.composite
def claim_and_target(draw: st.DrawFn) -> tuple[Any, Target]:
    dim = draw(st.integers(1, 3))
    base = draw(st.integers(2, 4))
    levels = draw(st.integers(0, 4).filter(lambda n: base ** (dim * n) <= MOST_CELLS))
    kind = draw(st.sampled_from([kuhn, step, expression]))
    digits = draw(st.sampled_from(["relu", "floor"]))
    exponents: list[Any] = [1, 2, 3, 4, "3/2", "5/3"] + (["inf"] if digits == "floor" else [])
    made = claims.geometric(
        base,
        levels,
        draw(st.sampled_from(exponents)),
        digits=digits,
        decoder=draw(st.sampled_from(["bits", "bits", "two-sine"])),
        constant=draw(st.sampled_from(["paper", "sharp", "1/5", "1/2", "1"])),
        modulus=draw(st.sampled_from(["axis", "euclidean"])),
        tolerance=draw(st.sampled_from(["1/16", "1/4", "1/2"])),
        until=draw(st.sampled_from([None, "1/10", "2"])),
    )
    return made, draw(kind(dim))


@st.composite
def grades_and_target(draw: st.DrawFn) -> tuple[Any, Target]:
    dim = draw(st.integers(1, 3))
    most = {1: 4, 2: 3, 3: 2}[dim]
    made = claims.multigrade(
        mesh=f"1/{draw(st.integers(1, 4 if dim == 1 else 2))}",
        sweeps=draw(st.integers(1, most)),
        p=draw(st.sampled_from([None, None, 3, 4])),
        until=draw(st.sampled_from([None, None, "1/10", "1/2", "2"])),
    )
    return made, draw(draw(st.sampled_from([kuhn, expression]))(dim))


@st.composite
def products_and_target(draw: st.DrawFn) -> tuple[Any, Target]:
    dim = draw(st.integers(1, 2))
    degree = draw(st.integers(1, 3))
    norms = ["sup", "zygmund:1/2", "zygmund:1", "zygmund:2/3", "bessel:1/2", "bessel:0", "bessel:1"]
    more = ["zygmund:3/2", "zygmund:2", "bessel:3/2", "bessel:2", "bessel:5/4"]
    norm = draw(st.sampled_from(norms if degree == 1 else norms + more))
    mesh = draw(st.integers(degree, 5 if dim == 1 else 3))
    target = draw(expression(dim))
    if norm.startswith("bessel"):
        power = "**2" if norm.split(":")[1] in ("3/2", "2", "5/4") else ""
        body = "*".join(f"(x{i}*(1-x{i})){power}" for i in range(dim))
        target = targets.expression(f"{body}*({target.specification()['text']})", dim)
    return claims.multiplicative(mesh=f"1/{mesh}", degree=degree, norm=norm), target
