"""Kuhn targets against slow independent evaluations."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from flint import ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs.errors import ConstructError
from constructs.targets.kuhn import KuhnTarget
from constructs.targets.specification import from_specification

rationals = st.builds(fmpq, st.integers(-20, 20), st.integers(1, 6))
huge = st.builds(lambda n, k: fmpq(n, 1) * fmpq(2) ** k, st.integers(-9, 9), st.integers(-80, 80))


@st.composite
def targets(draw: st.DrawFn, most_dim: int = 3, values: st.SearchStrategy[fmpq] = rationals) -> KuhnTarget:
    d = draw(st.integers(1, most_dim))
    m = draw(st.integers(1, 3 if d < 3 else 2))
    array = np.empty((m + 1,) * d, dtype=object)
    array.reshape(-1)[:] = draw(st.lists(values, min_size=array.size, max_size=array.size))
    return KuhnTarget(m, array)


def choquet(f: KuhnTarget, x: list[fmpq], upper_cell: bool) -> fmpq:
    """f(x) = ∫_0^1 v(k + 1[t >= θ]) dθ, k a cell that holds x: the lower or upper where there are two."""
    scaled = [c * f.cells for c in x]
    raw = [int(s.floor()) if upper_cell else int(s.ceil()) - 1 for s in scaled]
    k = [min(max(r, 0), f.cells - 1) for r in raw]
    t = [s - c for s, c in zip(scaled, k, strict=True)]
    levels = sorted({fmpq(0), fmpq(1), *t})
    total = fmpq(0)
    for low, high in itertools.pairwise(levels):
        corner = tuple(c + int(s >= high) for c, s in zip(k, t, strict=True))
        total += (high - low) * f.values[corner]
    return total


def points(d: int) -> st.SearchStrategy[list[fmpq]]:
    coordinate = st.integers(0, 12).map(lambda n: fmpq(n, 12)) | st.fractions(0, 1, max_denominator=50).map(
        lambda q: fmpq(q.numerator, q.denominator)
    )
    return st.lists(coordinate, min_size=d, max_size=d)


@given(targets(), st.data(), st.booleans())
@settings(max_examples=60)
def test_exact_is_the_choquet_integral(f: KuhnTarget, data: st.DataObject, upper: bool) -> None:
    x = data.draw(points(f.dim))
    value = f.exact(x)
    assert value == choquet(f, x, upper)
    with ctx.workprec(400):
        assert (f.ball(x, 80) * value.q - value.p).contains(0)
    near = f.floats(np.array([[int(c.p) / int(c.q) for c in x]]))[0]
    assert near == pytest.approx(int(value.p) / int(value.q), abs=1e-9)


@given(targets() | targets(2, huge), st.integers(1, 4))
@settings(max_examples=40)
def test_refined_nodes_are_values(f: KuhnTarget, r: int) -> None:
    g = f.cells * r
    array, denominator = f.refine(g)
    assert all(type(v) is int for v in array.flat)
    for node in np.ndindex(array.shape):
        assert fmpq(array[node], denominator) == f.exact([fmpq(k, g) for k in node])


@given(targets() | targets(2, huge), st.integers(2, 3), st.integers(0, 1))
@settings(max_examples=25, deadline=None)
def test_cell_means_are_means_over_simplices(f: KuhnTarget, base: int, level: int) -> None:
    d, n = f.dim, base**level
    g = math.lcm(f.cells, n)
    means = f.cell_values(base, level).elements
    assert means.shape == (n,) * d
    expected = np.full(means.shape, fmpq(0), dtype=object)
    for cube in itertools.product(range(g), repeat=d):
        for order in itertools.permutations(range(d)):
            corner, total = list(cube), f.exact([fmpq(k, g) for k in cube])
            for i in order:
                corner[i] += 1
                total += f.exact([fmpq(k, g) for k in corner])
            cell = tuple(k * n // g for k in cube)
            expected[cell] += total / (d + 1) / math.factorial(d) * fmpq(n, g) ** d
    assert (means == expected).all()


@pytest.mark.parametrize("d", [1, 2, 3, 4])
def test_the_mean_of_the_minimum_is_known(d: int) -> None:
    corner = np.zeros((2,) * d, dtype=object)
    corner[(1,) * d] = 1  # min_i x_i, of mean 1/(d+1)
    assert KuhnTarget(1, corner).cell_values(2, 0).elements.item() == fmpq(1, d + 1)
    assert KuhnTarget(1, 1 - corner[(slice(None, None, -1),) * d]).cell_values(5, 0).elements.item() == fmpq(
        d, d + 1
    )


@given(targets())
@settings(max_examples=40)
def test_lipschitz_is_the_largest_slope(f: KuhnTarget) -> None:
    K, g = f.lipschitz(), 2 * f.cells
    array, denominator = f.refine(g)
    slopes = []
    for a, b in itertools.combinations(np.ndindex(array.shape), 2):
        distance = fmpq(sum(abs(i - j) for i, j in zip(a, b, strict=True)), g)
        slopes.append(abs(fmpq(array[a] - array[b], denominator)) / distance)
    assert max(slopes) == K


@given(targets())
@settings(max_examples=30)
def test_the_specification_gives_the_target_again(f: KuhnTarget) -> None:
    again = from_specification(f.specification())
    assert again.specification() == f.specification()
    assert again.constant() == f.constant() == (f.values.flat[0] if len(set(f.values.flat)) == 1 else None)


def test_integers_beyond_64_bits_are_not_wrapped() -> None:
    f = KuhnTarget(1, [2**70, 2**70 + 2])
    assert f.cell_values(2, 1).elements.tolist() == [2**70 + fmpq(1, 2), 2**70 + fmpq(3, 2)]
    edge = KuhnTarget(1, [2**62 - 1, 2**62 - 1])
    assert edge.cell_values(3, 2).elements.tolist() == [2**62 - 1] * 9


def test_the_values_cannot_be_changed() -> None:
    f = KuhnTarget(1, [0, 1])
    with pytest.raises(ValueError, match="read-only"):
        f.values[0] = 5


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: KuhnTarget(0, [1]), "cells = 0"),
        (lambda: KuhnTarget(2, [0, 1]), "3 values on every axis"),
        (lambda: KuhnTarget(1, [[0, 1], [0, 1], [0, 1]]), "2 values on every axis"),
        (lambda: KuhnTarget(1, [0.5, 1]), "an exact number"),
        (lambda: KuhnTarget(1, [float("nan"), 1]), "an exact number"),
        (lambda: KuhnTarget(1, 3), "values on every axis"),
        (lambda: KuhnTarget(1, np.zeros((2,) * 11, dtype=object)), "dim = 11"),
        (lambda: KuhnTarget(2, [0, 1, 0]).refine(3), "a multiple of cells = 2"),
        (lambda: KuhnTarget(2, [0, 1, 0]).refine(1 << 25), "at most 16777216 nodes"),
        (lambda: KuhnTarget(2, [0, 1, 0]).cell_values(2, 40), "at most 16777216 cells"),
        (lambda: KuhnTarget(2, [0, 1, 0]).cell_values(2, 10**9), "far beyond"),
        (lambda: KuhnTarget(7, np.zeros((8, 8), dtype=object)).cell_values(2, 10), "GiB"),
        (lambda: KuhnTarget(2, [0, 1, 0]).exact([2]), "in \\[0, 1\\]"),
        (lambda: KuhnTarget(2, [0, 1, 0]).exact([0, 0]), "1 coordinates"),
        (lambda: KuhnTarget(2, [0, 1, 0]).floats(np.zeros(3)), "shape \\(n, 1\\)"),
    ],
)
def test_bad_input(make, message: str) -> None:
    with pytest.raises(ConstructError, match=message):
        make()
