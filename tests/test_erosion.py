from fractions import Fraction
from itertools import product
from math import lcm

import numpy as np
import pytest
from flint import fmpq
from hats import all_nodes, hat, nodal_values
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs.erosion import Residual, steps, sweep
from constructs.errors import ConstructError


def brute_step(values: np.ndarray, q: int, node: tuple[int, ...]) -> int:
    """From the definition: the least |r| over the closed support, where r has one strict sign there."""
    grid = values.shape[0] - 1
    inside = []
    for other in np.ndindex(values.shape):
        t = [o - k * q for o, k in zip(other, node, strict=True)]
        if max(0, *t) - min(0, *t) <= q:
            inside.append(int(values[other]))
    assert grid % q == 0
    if min(inside) > 0:
        return min(inside)
    return max(inside) if max(inside) < 0 else 0


@settings(max_examples=80)
@given(nodal_values(), st.data())
def test_steps_are_the_erosion(values: np.ndarray, data: st.DataObject):
    grid = values.shape[0] - 1
    q = data.draw(st.sampled_from([q for q in range(1, grid + 1) if grid % q == 0]))
    found = steps(Residual(values, 7), grid // q)
    for node in np.ndindex(found.shape):
        assert found[node] == brute_step(values, q, node)


@settings(max_examples=60)
@given(nodal_values(most=4), st.integers(1, 4))
def test_a_sweep_takes_away_its_hats_at_any_mesh(values: np.ndarray, cells: int):
    grid, dim = values.shape[0] - 1, values.ndim
    cells = min(cells, 3) if dim == 3 else cells
    grades, left = sweep(Residual(values, 3), cells)
    fine = lcm(grid, cells)
    assert left.grid == fine
    before = Residual(values, 3).on(fine)
    listed = list(grades)
    for x, a, b in zip(
        all_nodes(fine, dim),
        before.values.reshape(-1).tolist(),
        left.values.reshape(-1).tolist(),
        strict=True,
    ):
        taken = sum(
            (Fraction(int(g.step.p), int(g.step.q)) * hat(g.cells, g.node, x) for g in listed), Fraction(0)
        )
        assert Fraction(b, left.denominator) == Fraction(a, before.denominator) - taken
        assert abs(Fraction(b, left.denominator)) <= abs(Fraction(a, before.denominator))


@settings(max_examples=60)
@given(nodal_values(), st.integers(1, 3))
def test_margins_keep_every_step_below_every_function_near(values: np.ndarray, spread: int):
    """For each f within the margins of f_hat: the step is at most |f| on the support, and f has its sign."""
    grid, dim = values.shape[0] - 1, values.ndim
    rng = np.random.default_rng(abs(int(values.sum())) + spread)
    margins = rng.integers(0, spread + 1, (grid,) * dim)
    found = steps(Residual(values, 1, margins), grid)
    for node in np.ndindex(found.shape):
        c = int(found[node])
        if c == 0:
            continue
        sign = 1 if c > 0 else -1
        for other in np.ndindex(values.shape):
            t = [o - k for o, k in zip(other, node, strict=True)]
            if max(0, *t) - min(0, *t) > 1:
                continue
            boxes = [
                margins[b]
                for b in product(*(range(max(k - 1, 0), min(k + 1, grid)) for k in node))
                if all(0 <= o - j <= 1 for o, j in zip(other, b, strict=True))
            ]
            assert sign * int(values[other]) - int(max(boxes)) >= abs(c)


def test_coarse_steps_with_margins_keep_the_denominator():
    values = np.array([9, 8, 7, 8, 9, 9, 9, 9, 9])
    r = Residual(values, 5, np.zeros(8, dtype=np.int64))
    grades, left = sweep(r, 2)
    assert left.denominator == 5
    assert grades.numerators.tolist() == [4, 4, 8]


def test_zero_and_sign_changes_have_no_grade():
    assert len(sweep(Residual(np.zeros((3, 3), dtype=int), 1), 2)[0]) == 0
    assert len(sweep(Residual(np.array([1, -1, 1]), 1), 2)[0]) == 0


def test_what_is_refused():
    with pytest.raises(ConstructError, match="values"):
        Residual(np.zeros((2, 3), dtype=int), 1)
    with pytest.raises(ConstructError, match="margins"):
        Residual(np.zeros(3, dtype=int), 1, np.zeros(3, dtype=int))
    with pytest.raises(ConstructError, match="cells"):
        steps(Residual(np.zeros(4, dtype=int), 1), 2)
    with pytest.raises(ConstructError, match="grid"):
        Residual(np.zeros(3, dtype=int), 1, np.zeros(2, dtype=int)).on(4)


def test_huge_numbers_are_not_wrapped():
    r = Residual(np.array([2**70, 2**70 + 1], dtype=object), 1)
    grades, left = sweep(r, 2)
    assert grades.numerators.tolist() == [2 * 2**70, 2 * 2**70, 2 * 2**70 + 1]
    assert left.largest == fmpq(1, 2)
