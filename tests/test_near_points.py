"""Searches for near points: what they return is in the lattice, and against brute force."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs.lattice import Basis
from constructs.near_points import close_points


def drawn(n: int, seed: int) -> Basis:
    draw = np.random.default_rng(seed)
    triangle = np.triu(draw.uniform(-0.5, 0.5, (n, n)), 1) + np.diag(draw.uniform(0.8, 1.2, n))
    return Basis(triangle.T, tuple(range(n)), 1)


@given(st.integers(1, 4), st.integers(0, 2**32 - 1), st.integers(1, 20))
@settings(deadline=None, max_examples=40)
def test_near_points_are_lattice_points(n: int, seed: int, width: int):
    basis = drawn(n, seed)
    targets = np.random.default_rng(seed).uniform(-5, 5, (3, n))
    points, coefficients = close_points(basis, targets, np.ones(n), width)
    assert points.shape == coefficients.shape
    assert len(points) <= width
    assert np.array_equal(coefficients, np.rint(coefficients))
    assert np.allclose(points, coefficients @ basis.points)


@pytest.mark.parametrize("n", [2, 3, 4])
def test_a_wide_search_finds_the_nearest(n: int):
    """By brute force over coefficients: none is nearer in the largest coordinate, and mostly it is found."""
    same = 0
    for seed in range(30):
        basis = drawn(n, seed)
        target = np.random.default_rng(seed).uniform(-2, 2, (1, n))
        every = np.array(list(itertools.product(range(-9, 10), repeat=n))) @ basis.points
        best = np.abs(every - target).max(axis=1).min()
        points, _ = close_points(basis, target, np.full(n, 2.0), 2**n)
        found = np.abs(points - target).max(axis=1).min()
        assert found >= best - 1e-12
        same += found <= best + 1e-12
    assert same >= 24
