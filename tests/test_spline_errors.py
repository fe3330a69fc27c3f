"""Errors, difference quotients, samples and Zygmund quotients against dense exact values and closed forms."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from flint import arb, fmpq

from constructs import targets
from constructs.quasi_interpolation import on_cube, zero_outside
from constructs.targets.expression import ExpressionTarget
from verify.box_jets import at_nodes
from verify.quantities import NotEnclosed
from verify.splines import differences, sobolev, zygmund
from verify.splines.errors import errors
from verify.splines.samples import sampled
from verify.splines.tensor import Spline, from_rationals, on_space

CASES = [
    ("exp(-8*((x0-1/2)**2+(x1-1/2)**2))", 2, 1, 4),
    ("sin(5*x0)", 1, 1, 5),
    ("sin(5*x0)", 1, 2, 6),
    ("sin(5*x0)*x1", 2, 3, 3),
    ("abs(x0-1/3)", 1, 1, 4),
    ("x0**2*x1 - 3", 2, 2, 2),
    ("sqrt(x0)", 1, 1, 4),
]


def made(text: str, dim: int, q: int, mesh: int) -> tuple[ExpressionTarget, Spline, fmpq]:
    target = targets.expression(text, dim)
    found = sampled(target, on_cube(q, mesh, dim))
    return target, from_rationals(q, mesh, found.coefficients), found.tolerance


@pytest.mark.parametrize(("text", "dim", "q", "mesh"), CASES)
def test_the_supremum_is_enclosed(text: str, dim: int, q: int, mesh: int):
    target, spline, _ = made(text, dim, q, mesh)
    bounds = errors(target, spline, 8 * mesh).supremum
    rng = np.random.default_rng(2)
    points = [[fmpq(int(k), 420) for k in row] for row in rng.integers(0, 421, (150, dim))]
    seen = [abs(target.ball(x, 150) - arb(spline.value(x))) for x in points]
    assert all(v <= arb(bounds.hi) for v in seen)
    assert bounds.lo <= bounds.hi
    grid = [[fmpq(2 * int(k) + 1, 16 * mesh) for k in row] for row in np.ndindex((8 * mesh,) * dim)]
    best = max(float(abs(target.ball(x, 150) - arb(spline.value(x))).mid()) for x in grid)
    assert int(bounds.lo.p) / int(bounds.lo.q) <= best + 1e-12
    assert int(bounds.lo.p) / int(bounds.lo.q) >= best * 0.999 - 1e-11


@pytest.mark.parametrize(
    ("text", "q", "mesh"), [("sin(5*x0)", 2, 6), ("exp(x0*2)", 3, 4), ("sin(9*x0)", 2, 3)]
)
@pytest.mark.parametrize("finer", [1, 2])
def test_slopes_on_coarse_grids_hold_every_difference_quotient(text: str, q: int, mesh: int, finer: int):
    """Where the spline's own derivative is not constant on a box, its spread counts."""
    target, spline, _ = made(text, 1, q, mesh)
    found = errors(target, spline, finer * mesh)
    assert found.slopes is not None
    step = fmpq(1, 2000)
    nodes = [target.ball([k * step], 150) - arb(spline.value([k * step])) for k in range(2001)]
    steepest = max(abs(b - a) / arb(step) for a, b in pairwise(nodes))
    assert steepest <= arb(found.slopes[0].hi)


def test_slopes_of_a_parabola():
    """x^2 on cells of width h: error (x-a)(b-x), at most h^2/4, slope at most h."""
    target, spline, _ = made("x0**2", 1, 1, 4)
    found = errors(target, spline, 256)
    assert found.slopes is not None
    assert found.supremum.lo <= fmpq(1, 64) <= found.supremum.hi <= fmpq(1, 64) * fmpq(101, 100)
    assert found.slopes[0].lo <= fmpq(1, 4) <= found.slopes[0].hi <= fmpq(1, 4) * fmpq(103, 100)


def test_unbounded_gradients_leave_no_slope():
    target, spline, _ = made("sqrt(x0)", 1, 1, 4)
    assert errors(target, spline, 16).slopes is None
    with pytest.raises(NotEnclosed):
        made("exp(800*x0)", 1, 1, 4)


@pytest.mark.parametrize(
    ("text", "order", "truth"),
    [("x0**2", 2, 2), ("x0**3/6", 3, 1), ("sin(2*x0)", 2, 4), ("abs(x0-1/2)", 1, 1), ("7", 2, 0)],
)
def test_difference_quotients_are_below_and_near_the_derivative(text: str, order: int, truth: int):
    target = targets.expression(text, 1)
    ends = at_nodes(target, 64)
    found = differences.largest(ends, (order,), 2, 64)
    assert found <= truth
    assert found >= truth * fmpq(98, 100)


def test_mixed_differences():
    target = targets.expression("sin(x0)*x1 + x0**2", 2)
    ends = at_nodes(target, 32)
    found = differences.largest(ends, (1, 1), 1, 32)
    assert fmpq(98, 100) <= found <= 1
    assert differences.largest(at_nodes(targets.expression("x0**2+x1", 2), 8), (1, 1), 1, 8) == 0


@pytest.mark.parametrize(("text", "dim", "q", "mesh"), CASES)
def test_samples_are_within_the_tolerance(text: str, dim: int, q: int, mesh: int):
    target = targets.expression(text, dim)
    rule = on_cube(q, mesh, dim)
    found = sampled(target, rule)
    for k in list(np.ndindex(found.coefficients.shape))[:20]:
        exact = arb(0)
        rows = [rule.axis.functionals[n] for n in k]
        for places in np.ndindex(*(len(f.places) for f in rows)):
            x = [rule.axis.points[f.places[j]] for f, j in zip(rows, places, strict=True)]
            weight = fmpq(1)
            for f, j in zip(rows, places, strict=True):
                weight *= f.weights[j]
            exact += target.ball(x, 200) * arb(weight)
        assert abs(exact - arb(found.coefficients[k])) <= arb(found.tolerance)
    assert found.tolerance < fmpq(1, 10**8)


def test_zygmund_of_a_parabola():
    """e = x^2 - its interpolant on one cell is -x(1-x): second differences are 2 y^2, so [e]_1 >= 2|y|, y = 1/2."""
    target, spline = targets.expression("x0**2", 1), Spline(1, 1, np.array([0, 1]), 1)
    assert fmpq(999, 1000) < zygmund.quotient(target, spline, (fmpq(1, 2),), (fmpq(1, 2),), fmpq(1)) <= 1
    x, y, lower = zygmund.witness(target, spline, fmpq(1))
    assert (x, y) == ((fmpq(1, 2),), (fmpq(1, 2),))
    assert lower <= 1
    found = zygmund.interpolated(fmpq(1, 4), [fmpq(1)], [], fmpq(1, 2))
    assert found.lo <= fmpq(141422, 100000)
    assert found.hi >= fmpq(141421, 100000)
    assert zygmund.interpolated(fmpq(5), [fmpq(3), fmpq(4)], [], fmpq(1)).hi == 10
    assert zygmund.interpolated(fmpq(5), [], [fmpq(3), fmpq(4)], fmpq(2)).hi == 5


def test_interpolation_bounds_every_quotient():
    target, spline, _ = made("sin(5*x0)", 1, 1, 3)
    found = errors(target, spline, 96)
    assert found.slopes is not None
    rng = np.random.default_rng(5)
    for s in (fmpq(1, 4), fmpq(1, 2), fmpq(1)):
        top = zygmund.interpolated(found.supremum.hi, [found.slopes[0].hi], [], s).hi
        for _ in range(30):
            x = Fraction(int(rng.integers(1, 100)), 100)
            y = min(x, 1 - x) * Fraction(int(rng.integers(1, 100)), 100)
            point, shift = (fmpq(x.numerator, x.denominator),), (fmpq(y.numerator, y.denominator),)
            assert zygmund.quotient(target, spline, point, shift, s) <= top


def test_integrals_of_a_parabola():
    """e = x(1-x): the integral of e^2 is 1/30, that of e'^2 is 1/3."""
    target, spline = targets.expression("x0*(1-x0)", 1), Spline(1, 1, np.array([0, 0]), 1)
    found = sobolev.squares(target, spline, 512)
    for bounds, truth in ((found.value, fmpq(1, 30)), (found.gradient, fmpq(1, 3))):
        assert bounds.lo <= truth <= bounds.hi
        assert bounds.hi - bounds.lo < truth / 50


def test_integrals_in_two_dimensions():
    """e = x(1-x) y(1-y): 1/900; gradient 2 * (1/3)(1/30)."""
    target = targets.expression("x0*(1-x0)*x1*(1-x1)", 2)
    found = sobolev.squares(target, Spline(1, 1, np.zeros((2, 2), dtype=int), 1), 128)
    for bounds, truth in ((found.value, fmpq(1, 900)), (found.gradient, fmpq(1, 45))):
        assert bounds.lo <= truth <= bounds.hi
        assert bounds.hi - bounds.lo < truth / 5


@pytest.mark.parametrize(
    ("text", "dim", "vanishes"),
    [
        ("x0*(1-x0)", 1, True),
        ("x0", 1, False),
        ("x0*(1-x0)*x1", 2, False),
        ("sin(x0)*(1-x0)*x1*(x1-1)*exp(x0)", 2, True),
    ],
)
def test_vanishing_on_the_boundary(text: str, dim: int, vanishes: bool):
    assert sobolev.vanishes_on_boundary(targets.expression(text, dim), 8) == vanishes


@pytest.mark.parametrize(
    ("text", "vanishes"), [("x0*(1-x0)", False), ("(x0*(1-x0))**2", True), ("x0**2*(1-x0)*sin(1-x0)", True)]
)
def test_vanishing_of_the_gradient(text: str, vanishes: bool):
    assert sobolev.vanishes_on_boundary(targets.expression(text, 1), 8, twice=True) == vanishes


@pytest.mark.parametrize(("q", "mesh"), [(2, 4), (3, 5)])
def test_errors_on_the_line_and_of_second_derivatives(q: int, mesh: int):
    """f is 0 outside the cube, where the spline still is not: floats at many places lie within the ends."""
    target, rule = targets.expression("(x0*(1-x0))**2*sin(3*x0)", 1), zero_outside(q, mesh, 1)
    found = sampled(target, rule)
    spline = on_space(q, mesh, found.coefficients, rule.axis.first)
    ends = errors(target, spline, 16 * mesh)
    assert ends.slopes is not None
    assert ends.second is not None
    step = 1e-3
    x = np.arange(-2 / mesh + 2 * step, 1 + 2 / mesh - 2 * step, step)

    def e(t: np.ndarray) -> np.ndarray:
        inside = (t > 0) & (t < 1)
        values = [spline.value([fmpq(*float(c).as_integer_ratio())]) for c in t]
        phi = np.array([int(v.p) / int(v.q) for v in values])
        return np.where(inside, (t * (1 - t)) ** 2 * np.sin(3 * t), 0.0) - phi

    left, here, right = e(x - step), e(x), e(x + step)
    for bounds, seen in (
        (ends.supremum, here),
        (ends.slopes[0], (right - left) / (2 * step)),
        (ends.second[0, 0], (right - 2 * here + left) / step**2),
    ):
        top = float(np.abs(seen).max())
        low, high = (int(v.p) / int(v.q) for v in (bounds.lo, bounds.hi))
        assert 0.9 * low <= top <= 1.01 * high
        assert high < 1.6 * top


def test_samples_at_a_jump_are_not_called_known():
    """1/3 is no float: f there is 0 or 1, and no tolerance that counts holds both."""
    with pytest.raises(NotEnclosed, match="sample points"):
        sampled(targets.expression("step(x0-1/3)", 1), on_cube(1, 3, 1))
