"""Step targets and corner spikes."""

from __future__ import annotations

from flint import fmpq
from hypothesis import strategies as st

from constructs.exact import integer
from constructs.targets.step import StepTarget
from verify.strategies.values import VALUES, drawn_dim

_BREAKS = st.integers(2, 12).flatmap(lambda q: st.integers(1, q - 1).map(lambda k: fmpq(k, q)))
_NARROWEST = 100


def step_targets(dim: int = 1, most_breaks: int = 3) -> st.SearchStrategy[StepTarget]:
    """Sums of step functions of one coordinate each, with at most `most_breaks` jumps on an axis.

    Requires: dim 1..6; 0 <= most_breaks <= 20.
    Returns: step targets: breaks with denominators <= 12, small values. They shrink to few breaks and values 0, 1.
    Raises: ConstructError.

    >>> from hypothesis import find
    >>> find(step_targets(), lambda f: f.constant() is None).axes
    (((1/2,), (0, 1)),)
    """
    return _steps(drawn_dim(dim), integer(most_breaks, "most_breaks", 0, 20))


@st.composite
def _steps(draw: st.DrawFn, d: int, most: int) -> StepTarget:
    axes = []
    for _ in range(d):
        breaks = tuple(sorted(draw(st.lists(_BREAKS, max_size=most, unique=True))))
        size = len(breaks) + 1
        axes.append((breaks, tuple(draw(st.lists(VALUES, min_size=size, max_size=size)))))
    return StepTarget(tuple(axes))


def spike_targets(dim: int = 1) -> st.SearchStrategy[StepTarget]:
    """Corner spikes h Σ_i 1[x_i < η], at any corner of the cube (there: 1 − x_i <= η where the corner has x_i = 1).

    Requires: dim 1..6.
    Returns: step targets, η = 1/n, 2 <= n <= 100; 0 < |h| <= 4. They shrink to η = 1/2, h = 1, the corner 0.
    Guarantees: not constant; for η → 0 extremal for averages at p = 1 (docs/geometric.md).
    Raises: ConstructError.

    >>> from hypothesis import find
    >>> find(spike_targets(dim=2), lambda f: True).axes
    (((1/2,), (1, 0)), ((1/2,), (1, 0)))
    """
    d = drawn_dim(dim)
    heights = st.just(fmpq(1)) | VALUES.filter(lambda h: h != 0)
    corner = st.lists(st.booleans(), min_size=d, max_size=d)
    return st.builds(_spike, st.integers(2, _NARROWEST), heights, corner)


def _spike(n: int, h: fmpq, corner: list[bool]) -> StepTarget:
    low = ((fmpq(1, n),), (h, fmpq(0)))
    high = ((1 - fmpq(1, n),), (fmpq(0), h))
    return StepTarget(tuple(high if end else low for end in corner))
