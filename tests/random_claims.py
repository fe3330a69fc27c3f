"""Random small claims, wrong ones among them, each with a target of any kind."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flint import fmpq
from hypothesis import strategies as st

from constructs import targets
from constructs.targets import Target
from verify import claims
from verify.strategies import (
    expression_targets,
    geometric_claims,
    kuhn_targets,
    multigrade_claims,
    multiplicative_claims,
    step_targets,
)

BESSEL_CURVED = ("bessel:3/2", "bessel:2", "bessel:5/4")
BESSEL = ("bessel:1/2", "bessel:0", "bessel:1")
CELLS = {1: 3, 2: 2, 3: 1}


@st.composite
def claim_and_target(draw: st.DrawFn) -> tuple[Any, Target]:
    dim = draw(st.integers(1, 3))
    made = replace(
        draw(geometric_claims(dim)),
        decoder=draw(st.sampled_from(["bits", "bits", "two-sine"])),
        constant=draw(st.sampled_from(["paper", "sharp", fmpq(1, 5), fmpq(1, 2), fmpq(1)])),
        until=draw(st.sampled_from([None, fmpq(1, 10), fmpq(2)])),
    )
    kinds = [kuhn_targets(dim, most_cells=CELLS[dim]), step_targets(dim), expression_targets(dim)]
    return made, draw(draw(st.sampled_from(kinds)))


@st.composite
def grades_and_target(draw: st.DrawFn) -> tuple[Any, Target]:
    dim = draw(st.integers(1, 3))
    until = draw(st.sampled_from([None, None, fmpq(1, 10), fmpq(1, 2), fmpq(2)]))
    made = replace(draw(multigrade_claims(dim)), until=until)
    kinds = [kuhn_targets(dim, most_cells=CELLS[dim]), expression_targets(dim)]
    return made, draw(draw(st.sampled_from(kinds)))


@st.composite
def products_and_target(draw: st.DrawFn) -> tuple[Any, Target]:
    dim = draw(st.integers(1, 2))
    made = draw(multiplicative_claims(dim))
    target = draw(expression_targets(dim))
    if draw(st.booleans()):
        norm = draw(st.sampled_from(BESSEL if made.degree == 1 else BESSEL + BESSEL_CURVED))
        made = claims.multiplicative(f"1/{made.mesh}", made.degree, norm)
        power = "**2" if norm in BESSEL_CURVED else ""
        body = "*".join(f"(x{i}*(1-x{i})){power}" for i in range(dim))
        target = targets.expression(f"{body}*({target.text})", dim)
    return made, target
