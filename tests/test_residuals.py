"""Residuals of targets against point values, brute force and closed forms."""

from fractions import Fraction

import numpy as np
import pytest
from flint import arb, fmpq
from hats import kuhn_value, nodal_values
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs import targets
from constructs.erosion import Residual
from constructs.errors import ConstructError
from verify import residual_norms as norms
from verify.enclosure import DomainUndecided
from verify.quantities import NotEnclosed
from verify.residuals import grid_for, residual

TEXTS = [
    ("abs(x0 - 1/3)*x1 + x1**2/4 - 1/5", 2),
    ("sin(7*x0)", 1),
    ("sqrt(x0)", 1),
    ("step(x0 - 1/3)*x1", 2),
    ("exp(5*x0)*1000000", 1),
    ("min(x0, x1, 1/2 - x0*x1) + tanh(x2)", 3),
    ("x0/3 + 1000000000000", 1),
]


def number(q: fmpq) -> Fraction:
    return Fraction(int(q.p), int(q.q))


@pytest.mark.parametrize(("text", "dim"), TEXTS)
@pytest.mark.parametrize("grid", [2, 5])
def test_the_target_lies_within_the_margins(text: str, dim: int, grid: int):
    f = targets.expression(text, dim)
    r = residual(f, grid)
    assert r.margins is not None
    rng = np.random.default_rng(grid)
    corners = np.vstack([rng.random((60, dim)), rng.integers(0, grid + 1, (20, dim)) / grid])
    for point in corners:
        x = tuple(Fraction(float(c)).limit_denominator(10**6) for c in point)
        box = tuple(min(int(c * grid), grid - 1) for c in x)
        near = kuhn_value(r.values.astype(object), x) / r.denominator
        margin = Fraction(int(r.margins[box]), r.denominator)
        low, high = near - margin, near + margin
        value = f.ball([fmpq(c.numerator, c.denominator) for c in x], 200)
        assert value >= arb(fmpq(low.numerator, low.denominator))
        assert value <= arb(fmpq(high.numerator, high.denominator))


def test_margins_shrink_quadratically_where_the_target_is_smooth():
    f = targets.expression("sin(3*x0)", 1)
    coarse, fine = (residual(f, g) for g in (16, 64))
    assert coarse.margins is not None
    assert fine.margins is not None
    ratio = Fraction(int(coarse.margins.max()), coarse.denominator) / Fraction(
        int(fine.margins.max()), fine.denominator
    )
    assert 12 < ratio < 20


def test_kuhn_targets_are_taken_exactly():
    r = residual(targets.kuhn(2, ["1/3", "-1/2", 2]), None)
    assert r.margins is None
    assert [Fraction(int(v), r.denominator) for v in r.values] == [Fraction(1, 3), Fraction(-1, 2), 2]


def test_other_targets_are_refused():
    with pytest.raises(ConstructError, match="continuous"):
        residual(targets.step((["1/2"], [0, 1])), None)
    with pytest.raises((NotEnclosed, DomainUndecided)):
        residual(targets.expression("exp(800*x0)", 1), 4)


def test_the_grid_is_finer_than_the_last_mesh_where_that_is_cheap():
    f = targets.expression("x0*x1", 2)
    assert grid_for(f, 8) == 32
    assert grid_for(f, 300) == 300
    assert grid_for(targets.kuhn(1, [0, 1]), 8) is None


@settings(max_examples=40)
@given(nodal_values(dims=(1,)), st.integers(1, 4), st.integers(1, 3))
def test_norms_in_one_dimension_by_antiderivatives(values: np.ndarray, p: int, denominator: int):
    """The integral of |a + (b-a)t|^p, piece by piece: F(b) - F(a) over b - a, F = |u|^p u / (p+1)."""
    total = Fraction(0)
    for a, b in zip(values.tolist(), values.tolist()[1:], strict=False):
        antiderivative = [Fraction(abs(u) ** p * u, p + 1) for u in (a, b)]
        total += (antiderivative[1] - antiderivative[0]) / (b - a) if a != b else Fraction(abs(a) ** p)
    total /= (len(values) - 1) * denominator**p
    r = Residual(values, denominator)
    assert number(norms.integral(r, p)) == total
    assert norms.uncertainty(r, p) == 0


@settings(max_examples=30)
@given(nodal_values(dims=(1, 2), most=3), st.integers(0, 4), st.integers(1, 3))
def test_enclosures_hold_every_function_within_the_margins(values: np.ndarray, spread: int, p: int):
    """f = f_hat + a constant within all margins is such a function, and its norms are exact."""
    grid, dim = values.shape[0] - 1, values.ndim
    rng = np.random.default_rng(spread)
    margins = rng.integers(spread, spread + 3, (grid,) * dim)
    r = Residual(values, 2, margins)
    for moved in range(-spread, spread + 1):
        near = Residual(values + moved, 2)
        assert abs(norms.integral(r, p) - norms.integral(near, p)) <= norms.uncertainty(r, p)
        top = norms.supremum(r)
        assert top.lo <= near.largest <= top.hi
        assert norms.slope(r) <= norms.slope(near)


@settings(max_examples=40)
@given(nodal_values(dims=(1, 2, 3), most=3))
def test_slope_is_the_lipschitz_constant_of_the_gauge(values: np.ndarray):
    """Brute force: in every direction of {0,1}^d on a grid so fine that each simplex holds such an edge."""
    r = Residual(values, 1)
    fine = r.on(4 * r.grid)
    steepest = Fraction(0)
    for e in np.ndindex((2,) * r.dim):
        n = fine.grid + 1
        ahead = fine.values[tuple(slice(i, None) for i in e)]
        behind = fine.values[tuple(slice(0, n - i) for i in e)]
        steepest = max(steepest, Fraction(int(abs(ahead - behind).max()) * fine.grid, fine.denominator))
    assert number(norms.slope(r)) == steepest == number(norms.slope(fine))
