"""Random expressions that are defined on the whole cube."""

from __future__ import annotations

from hypothesis import reject
from hypothesis import strategies as st

from constructs.errors import ConstructError
from constructs.targets.expression import ExpressionTarget
from verify.strategies.values import drawn_dim, rationals

_NUMBERS = rationals(-2, 2, 6)
_ONE = (
    "{}",
    "abs({})",
    "sin({})",
    "cos({})",
    "exp({})",
    "tanh({})",
    "-{}",
    "({})**2",
    "sqrt(1 + abs({}))",
    "step({})",
    "log(2 + abs({}))",
    "abs({})**(1/2)",
    "(1 + abs({}))**-3",
)
_TWO = ("({}) + ({})", "({}) * ({})", "({}) - ({})", "min({}, {})", "max({}, {})", "({}) / (2 + ({})**2)")


def expression_targets(dim: int = 1) -> st.SearchStrategy[ExpressionTarget]:
    """x0/3 plus an expression of every kind of operation, at most two deep: smooth, kinked, singular or with a jump.

    Requires: dim 1..6.
    Returns: expressions, not constant. They shrink to x0/3 + (x0).
    Guarantees: defined on the whole cube; nothing about slopes or smoothness.
    Raises: ConstructError.
    """
    return _expressions(drawn_dim(dim))


@st.composite
def _expressions(draw: st.DrawFn, d: int) -> ExpressionTarget:
    body = draw(_texts(d, 2))
    try:
        return ExpressionTarget(f"x0/3 + ({body})", d)
    except ConstructError as error:
        if "not constant" not in str(error):
            raise
        reject()  # the body was -x0/3 in disguise


@st.composite
def _texts(draw: st.DrawFn, d: int, depth: int) -> str:
    if depth == 0:
        leaf = st.sampled_from([f"x{i}" for i in range(d)])
        return draw(leaf | _NUMBERS.map(lambda q: f"({q})"))
    form = draw(st.sampled_from([*_ONE, *_TWO, *_TWO]))
    inner = [draw(_texts(d, depth - 1)) for _ in range(form.count("{}"))]
    return form.format(*inner)
