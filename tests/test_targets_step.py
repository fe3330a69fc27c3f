"""Step targets against evaluation on a common refinement."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
import pytest
from flint import ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs.errors import ConstructError
from constructs.targets.specification import from_specification
from constructs.targets.step import StepTarget

DENOMINATOR = 12
breaks = st.lists(st.integers(1, DENOMINATOR - 1), max_size=4, unique=True).map(
    lambda ks: [fmpq(k, DENOMINATOR) for k in sorted(ks)]
)


@st.composite
def targets(draw: st.DrawFn) -> StepTarget:
    axes = []
    for _ in range(draw(st.integers(1, 3))):
        b = draw(breaks)
        values = st.builds(fmpq, st.integers(-9, 9), st.integers(1, 5))
        axes.append((b, draw(st.lists(values, min_size=len(b) + 1, max_size=len(b) + 1))))
    return StepTarget(tuple(axes))


def slowly(f: StepTarget, x: Sequence[fmpq]) -> fmpq:
    total = fmpq(0)
    for (b, values), c in zip(f.axes, x, strict=True):
        total += [v for start, v in zip((fmpq(0), *b), values, strict=True) if start <= c][-1]
    return total


@given(targets(), st.integers(2, 3), st.integers(0, 1))
@settings(max_examples=40, deadline=None)
def test_values_and_means(f: StepTarget, base: int, level: int) -> None:
    n = base**level
    g = math.lcm(n, DENOMINATOR)
    expected = np.full((n,) * f.dim, fmpq(0), dtype=object)
    for cube in itertools.product(range(g), repeat=f.dim):
        inside = slowly(f, [fmpq(2 * k + 1, 2 * g) for k in cube])
        assert inside == f.exact([fmpq(k, g) for k in cube])  # g_i is constant on [k/g, (k+1)/g)
        expected[tuple(k * n // g for k in cube)] += inside * fmpq(n, g) ** f.dim
    assert (f.cell_values(base, level).elements == expected).all()


@given(targets())
@settings(max_examples=50)
def test_ends_floats_and_specification(f: StepTarget) -> None:
    one = [fmpq(1)] * f.dim
    assert f.exact(one) == sum((values[-1] for _, values in f.axes), start=fmpq(0))
    with ctx.workprec(400):
        assert (f.ball(one, 60) * f.exact(one).q - f.exact(one).p).contains(0)
    assert f.floats(np.ones((1, f.dim)))[0] == pytest.approx(float(int(f.exact(one).p) / int(f.exact(one).q)))
    assert from_specification(f.specification()) == f
    constant = all(len(set(values)) == 1 for _, values in f.axes)
    assert f.constant() == (f.exact(one) if constant else None)


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        ((), "dim = 0"),
        (((["1/2"], [1]),), "2 values for 1 breaks"),
        (((["1/2", "1/3"], [1, 2, 3]),), "0 < b_1"),
        (((["1/2", "1/2"], [1, 2, 3]),), "0 < b_1"),
        ((([0], [1, 2]),), "0 < b_1"),
        ((([1], [1, 2]),), "0 < b_1"),
        ((([0.5], [1, 2]),), "an exact number"),
        ((([], [float("nan")]),), "an exact number"),
    ],
)
def test_bad_input(axes, message: str) -> None:
    with pytest.raises(ConstructError, match=message):
        StepTarget(axes)
