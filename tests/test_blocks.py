"""Block reduction: the lattice stays the same, its rows get shorter; short vectors against brute force."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from flint import fmpz_mat
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs.blocks import improved, profile, short_vectors
from constructs.lattice import Ladder


@given(st.integers(2, 5), st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=60)
def test_short_vectors_against_brute_force(m: int, seed: int):
    """With a beam wide enough to keep all, the first vector is a shortest one."""
    draw = np.random.default_rng(seed)
    block = np.triu(draw.uniform(-0.5, 0.5, (m, m)), 1) + np.diag(draw.uniform(0.8, 1.2, m))
    every = np.array([c for c in itertools.product(range(-3, 4), repeat=m) if any(c)], dtype=float)
    best = np.linalg.norm(every @ block.T, axis=1).min()
    found = short_vectors(block[None], 4**m)[0]
    lengths = np.linalg.norm(found @ block.T, axis=1)
    assert (np.abs(found).sum(axis=1) > 0).all()
    assert (np.diff(lengths) >= -1e-12).all()
    assert lengths[0] == pytest.approx(best)


def test_blocks_are_searched_one_by_one():
    draw = np.random.default_rng(1)
    blocks = np.triu(draw.uniform(-0.5, 0.5, (3, 12, 12)), 1) + np.eye(12)
    together = short_vectors(blocks, 30)
    for block, found in zip(blocks, together, strict=True):
        assert np.array_equal(short_vectors(block[None], 30)[0], found)


@pytest.mark.parametrize(("count", "size", "beam", "stride"), [(1, 40, 5, 4), (7, 3, 9, 1), (48, 20, 50, 8)])
def test_the_lattice_is_kept(count: int, size: int, beam: int, stride: int):
    points = Ladder(count).at(Ladder(count).step * 24).points
    change = improved(points, size, beam, stride)
    assert abs(int(fmpz_mat(change.tolist()).det())) == 1
    assert profile(change @ points) <= profile(points) + 1e-9
    assert np.array_equal(improved(points, size, beam, stride), change)


def test_rows_get_shorter():
    points = Ladder(64).rung(256).points
    better = improved(points, 40, 200, 8) @ points
    assert profile(better) < profile(points) - 0.3


@pytest.mark.parametrize(
    ("n", "size", "stride"), [(65, 40, 4), (65, 64, 16), (129, 40, 4), (31, 10, 3), (7, 7, 1)]
)
def test_no_row_is_left_out(n: int, size: int, stride: int):
    """One vector is far shorter than the rest: wherever it stands, it comes to stand earlier."""
    for place in {0, 1, n // 2, n - 2, n - 1}:
        points = np.eye(n)
        points[place, place] = 2.0**-9
        lengths = np.abs(np.diagonal(np.linalg.qr((improved(points, size, 20, stride) @ points).T).R))
        assert int(np.argmin(lengths)) < max(place, 1)
