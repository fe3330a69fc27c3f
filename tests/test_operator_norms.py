"""Bounds of operator norms: never exceeded, and close."""

from __future__ import annotations

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from splines import LEAST_MESH, rationals, spline

from constructs.errors import ConstructError
from constructs.functionals import Axis, cube_axis, zero_axis
from constructs.operator_norms import operator_norm
from constructs.quasi_interpolation import QuasiInterpolation


def reached(axis: Axis, x: fmpq) -> fmpq:
    """The largest |spline(x)| for |f| <= 1: the sum over the points j of the size of the spline with sample j."""
    total = fmpq(0)
    for j in range(len(axis.points)):
        samples = np.array([int(i == j) for i in range(len(axis.points))])
        c = QuasiInterpolation(axis, 1).coefficients(samples)
        total += abs(spline(c, axis.degree, axis.mesh, axis.first, [x]))
    return total


@settings(max_examples=50)
@given(st.integers(1, 5), st.integers(0, 6), st.sampled_from([1, 2, 8]), st.data())
def test_never_exceeded(q: int, more: int, parts: int, data: st.DataObject):
    mesh = max(2, LEAST_MESH[q] + more)
    axis = data.draw(st.sampled_from([cube_axis, zero_axis]))(q, mesh)
    assert reached(axis, data.draw(rationals(0, 1))) <= operator_norm(axis, parts)
    assert reached(axis, data.draw(rationals(-3, 4))) <= operator_norm(axis, parts, whole_line=True)
    assert operator_norm(axis, parts) <= operator_norm(axis, parts, whole_line=True) <= axis.norm


@pytest.mark.parametrize("q", [1, 2, 3])
def test_close(q: int):
    for axis in (cube_axis(q, 6), zero_axis(q, 6)):
        largest = max(reached(axis, fmpq(i, 72)) for i in range(73))
        assert largest <= operator_norm(axis, 16) <= largest * fmpq(51, 50)


def test_known_norms():
    assert [operator_norm(cube_axis(q, 12)) for q in (1, 2, 3)] == [1, fmpq(95, 64), fmpq(157, 96)]
    assert [operator_norm(zero_axis(q, 12), whole_line=True) for q in (1, 2, 3)] == [
        1,
        fmpq(5, 4),
        fmpq(11, 9),
    ]
    with pytest.raises(ConstructError, match="parts"):
        operator_norm(cube_axis(1, 3), 0)
