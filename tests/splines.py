"""Splines and polynomials by their definitions, for the tests of multiplicative networks."""

from __future__ import annotations

from itertools import product

import numpy as np
from flint import fmpq
from hypothesis import strategies as st
from test_bsplines import bspline

LEAST_MESH = {1: 1, 2: 1, 3: 3, 4: 3, 5: 5}


def rationals(lo: int, hi: int, most: int = 60) -> st.SearchStrategy[fmpq]:
    return st.fractions(lo, hi, max_denominator=most).map(lambda t: fmpq(t.numerator, t.denominator))


def spline(c: np.ndarray, q: int, mesh: int, first: int, x: list[fmpq]) -> fmpq:
    """Sum of c_k times the product of B_q(M x_i - k_i)."""
    near = []
    for n, t in zip(c.shape, x, strict=True):
        cell = int((t * mesh).floor())
        ks = [k for k in range(cell - q, cell + 1) if first <= k < first + n]
        near.append([(k - first, bspline(q, t * mesh - k)) for k in ks])
    total = fmpq(0)
    for terms in product(*near):
        value = fmpq(1)
        for _, v in terms:
            value *= v
        total += c[tuple(k for k, _ in terms)] * value
    return total


def polynomial(coefficients: np.ndarray, x: list[fmpq]) -> fmpq:
    """Sum of a_n times the product of x_i^n_i."""
    total = fmpq(0)
    for powers in np.ndindex(coefficients.shape):
        term = fmpq(int(coefficients[powers]))
        for t, n in zip(x, powers, strict=True):
            term *= t**n
        total += term
    return total


@st.composite
def polynomials(draw: st.DrawFn, q: int, dim: int) -> np.ndarray:
    """Integer coefficients of a polynomial of degree q in every coordinate, the highest one not 0."""
    size = (q + 1) ** dim
    drawn = draw(st.lists(st.integers(-5, 5), min_size=size - 1, max_size=size - 1))
    return np.array([*drawn, draw(st.integers(1, 5))]).reshape((q + 1,) * dim)


@st.composite
def arrays(draw: st.DrawFn, shape: tuple[int, ...]) -> np.ndarray:
    """Exact numbers, a few of them 0."""
    size = int(np.prod(shape))
    values = np.empty(size, dtype=object)
    values[:] = draw(st.lists(rationals(-3, 3, 9), min_size=size, max_size=size))
    return values.reshape(shape)
