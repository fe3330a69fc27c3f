"""Whether a grade makes a residual larger somewhere: against dense exact sampling."""

from fractions import Fraction

import numpy as np
import pytest
from hats import all_nodes, hat, kuhn_value, nodal_values
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs.erosion import Residual, sweep
from constructs.grades import Sweep
from verify.overshoot import Witness, within_residual, witness


def one_grade(dim: int, cells: int, number: int, numerator: int, denominator: int = 1) -> Sweep:
    return Sweep(dim, cells, np.array([number]), np.array([numerator]), denominator)


@settings(max_examples=60)
@given(nodal_values(), st.sampled_from([1, 2]))
def test_erosion_stays_within(values: np.ndarray, factor: int):
    r = Residual(values, 3).on(factor * (values.shape[0] - 1))
    grades, _ = sweep(r, values.shape[0] - 1)
    assert within_residual(r, grades)
    assert witness(r, grades) is None


@settings(max_examples=80)
@given(nodal_values(dims=(1, 2), most=2), st.integers(-12, 12), st.data())
def test_a_witness_is_found_iff_the_residual_grows_somewhere(values: np.ndarray, c: int, data: st.DataObject):
    r = Residual(values, 1)
    number = data.draw(st.integers(0, values.size - 1))
    found = witness(r, one_grade(r.dim, r.grid, number, c, 2))
    node = tuple(int(k) for k in np.unravel_index(number, values.shape))
    grows = []
    for x in all_nodes(24 * r.grid if r.dim == 1 else 12 * r.grid, r.dim):
        before = kuhn_value(values, x)
        after = before - Fraction(c, 2) * hat(r.grid, node, x)
        if abs(after) > abs(before):
            grows.append(x)
    # where it grows at all it does so on an open set next to a node, which the dense points may miss only if it is thin
    if grows:
        assert found is not None
    if found is not None and not grows:
        v = tuple(Fraction(int(k), r.grid) for k in np.unravel_index(found.node, values.shape))
        centre = tuple(Fraction(k, r.grid) for k in node)
        near = [
            tuple(a + (b - a) * Fraction(1, 10**6) for a, b in zip(v, other, strict=True))
            for other in [centre, *all_nodes(2 * r.grid, r.dim)]
        ]
        assert any(
            abs(kuhn_value(values, x) - Fraction(c, 2) * hat(r.grid, node, x)) > abs(kuhn_value(values, x))
            for x in near
        )


@pytest.mark.parametrize(("over", "grows"), [(0, False), (1, True)])
def test_twice_the_least_value_is_the_limit(over: int, grows: bool):
    """One grade may take 2 m, the residual changing its sign; not 2 m + delta."""
    r = Residual(np.array([8, 5, 5, 9]), 10)
    found = witness(r, one_grade(1, 3, 1, 2 * 50 + over, 100))
    assert (found is not None) == grows
    if found is not None:
        assert found == Witness(0, 1)


def test_a_step_too_large_within_the_sweep_counts_the_grades_before():
    r = Residual(np.array([4, 4, 4]), 1)
    two = Sweep(1, 2, np.array([0, 1]), np.array([8, 8]), 1)
    assert witness(r, one_grade(1, 2, 0, 8)) is None
    assert witness(r, two) is not None


def test_a_hat_of_a_coarser_grid_overshoots():
    r = Residual(np.array([1, 9, 9, 9, 1]), 1)
    assert witness(r, one_grade(1, 4, 2, 9)) is None
    assert witness(r, one_grade(1, 2, 1, 9)) is None
    assert witness(r, one_grade(1, 1, 1, 9)) == Witness(0, 4)


def test_margins_are_counted():
    values = np.array([5, 5, 5])
    grade = one_grade(1, 2, 1, 5)
    assert within_residual(Residual(values, 1), grade)
    loose = Residual(values, 1, np.array([1, 0]))
    assert not within_residual(loose, grade)
    assert witness(loose, grade) is None
    assert witness(loose, one_grade(1, 2, 1, 13)) is not None
