"""Independent oracles for multigrade networks: hats straight from their formula, and random nodal values."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
from hypothesis import strategies as st


def hat(cells: int, node: tuple[int, ...], x: tuple[Fraction, ...]) -> Fraction:
    t = [cells * c - k for c, k in zip(x, node, strict=True)]
    return max(Fraction(0), 1 - max(Fraction(0), *t) + min(Fraction(0), *t))


def kuhn_value(nodal: np.ndarray, x: tuple[Fraction, ...]) -> Fraction:
    """The Kuhn interpolant as a sum of hats."""
    m = nodal.shape[0] - 1
    return sum(
        (Fraction(int(nodal[k])) * hat(m, k, x) for k in np.ndindex(nodal.shape) if nodal[k] != 0),
        Fraction(0),
    )


def all_nodes(grid: int, dim: int) -> list[tuple[Fraction, ...]]:
    return [tuple(Fraction(k, grid) for k in node) for node in product(range(grid + 1), repeat=dim)]


@st.composite
def nodal_values(draw: st.DrawFn, dims: tuple[int, ...] = (1, 2, 3), most: int = 5) -> np.ndarray:
    """Small integers on a small grid: of any signs, of one sign, with plateaus and zeros, constant, or all 0."""
    dim = draw(st.sampled_from(dims))
    grid = draw(st.integers(1, {1: 2 * most, 2: most, 3: max(most // 2, 1), 4: 1}[dim]))
    low, high = draw(st.sampled_from([(-6, 6), (0, 9), (-9, -1), (-1, 1), (3, 3), (0, 0), (0, 1)]))
    count = (grid + 1) ** dim
    values = draw(st.lists(st.integers(low, high), min_size=count, max_size=count))
    return np.array(values, dtype=np.int64).reshape((grid + 1,) * dim)
