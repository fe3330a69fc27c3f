from fractions import Fraction

import numpy as np
import pytest
from hats import all_nodes, kuhn_value, nodal_values
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs.kuhn_grids import interpolated


@settings(max_examples=60)
@given(nodal_values(most=3), st.integers(1, 4))
def test_interpolated_is_the_sum_of_hats(nodal: np.ndarray, factor: int):
    fine = interpolated(nodal, factor)
    grid = fine.shape[0] - 1
    for x, value in zip(all_nodes(grid, nodal.ndim), fine.reshape(-1).tolist(), strict=True):
        assert value == factor * kuhn_value(nodal, x)


def test_large_numbers_become_python_integers():
    nodal = np.array([2**61, 0, -(2**61)])
    assert interpolated(nodal, 2).tolist() == [2**62, 2**61, 0, -(2**61), -(2**62)]


@pytest.mark.parametrize("d", [1, 2, 3])
def test_doubling_twice_is_the_general_rule_for_four(d: int):
    nodal = np.random.default_rng(d).integers(-99, 99, (4,) * d)
    twice = interpolated(interpolated(nodal, 2), 2)
    assert (twice == interpolated(nodal, 4)).all()
    assert interpolated(nodal, 1) is not nodal
    assert Fraction(int(twice.flat[0]), 4) == int(nodal.flat[0])
