"""The constants of the error bounds, against floats at random places and against errors of polynomials."""

from __future__ import annotations

from math import factorial

import numpy as np
import pytest
from flint import fmpq

from constructs.functionals import Axis, cube_axis, line_functional
from constructs.quasi_interpolation import on_cube as quasi
from verify.splines.constants import on_cube, on_line, orders
from verify.splines.tensor import from_rationals


def bspline(q: int, t: float) -> float:
    if q == 0:
        return float(0 <= t < 1)
    return (t * bspline(q - 1, t) + (q + 1 - t) * bspline(q - 1, t - 1)) / q


def derivative(q: int, a: int, t: float) -> float:
    """B_q' = B_{q-1}(t) - B_{q-1}(t-1)."""
    if a == 0:
        return bspline(q, t)
    return derivative(q - 1, a - 1, t) - derivative(q - 1, a - 1, t - 1)


def at(rows: list[tuple[int, list[float], list[float]]], q: int, a: int, b: int, t: float) -> float:
    return sum(
        abs(derivative(q, a, t - k))
        * sum(abs(w) * abs(s - t) ** b for s, w in zip(sites, weights, strict=True))
        for k, sites, weights in rows
    )


def floats(values: list[fmpq]) -> list[float]:
    return [int(v.p) / int(v.q) for v in values]


def rows_of(axis: Axis) -> list[tuple[int, list[float], list[float]]]:
    return [
        (axis.first + n, floats([axis.points[p] * axis.mesh for p in f.places]), floats(list(f.weights)))
        for n, f in enumerate(axis.functionals)
    ]


@pytest.mark.parametrize("q", [2, 3])
@pytest.mark.parametrize("line", [False, True])
def test_parts_bound_what_they_should_and_are_near_it(q: int, line: bool):
    M = 7
    sites, weights = line_functional(q)
    if line:
        rule = on_line(q)
        rows = [(k, floats([s + k for s in sites]), floats(list(weights))) for k in range(-q - 1, M + 2)]
    else:
        axis = cube_axis(q, M)
        rule, rows = on_cube(axis), rows_of(axis)
    ts = np.concatenate(
        [np.random.default_rng(q).random(150) * M, np.arange(M) + 1e-9, np.arange(1, M + 1) - 1e-9]
    )
    for a in range(3):
        for b in (0, 1, q + 1):
            bound = floats([rule.part(a, b)])[0]
            seen = max(at(rows, q, a, b, float(t)) for t in ts)
            assert seen <= bound <= 1.25 * seen


@pytest.mark.parametrize("q", [2, 3])
@pytest.mark.parametrize("M", [4, 9])
def test_powers_obey_the_bounds(q: int, M: int):
    """f = x^(q+1)/(q+1)! has the derivative 1 of order q+1: errors of value, slope and curvature, exactly."""
    axis, rule = cube_axis(q, M), on_cube(cube_axis(q, M))
    operator = quasi(q, M, 1)
    c = operator.coefficients(operator.samples(lambda x: x[0] ** (q + 1) / factorial(q + 1)))
    spline = from_rationals(q, M, c)
    eps = fmpq(1, 10**5)
    h = fmpq(1, axis.mesh)

    def e(x: fmpq) -> fmpq:
        return x ** (q + 1) / factorial(q + 1) - spline.value([x])

    for n in range(1, 16 * M):
        x = fmpq(n, 16 * M) + eps / 2
        assert abs(e(x)) <= rule.constant(1) * h ** (q + 1)
        slope, curve = (e(x + eps) - e(x)) / eps, (e(x + 2 * eps) - 2 * e(x + eps) + e(x)) / eps**2
        assert abs(slope) <= rule.factor((1,), (q + 1,)) * h**q
        assert abs(curve) <= rule.factor((2,), (q + 1,)) * h ** (q - 1)


def test_the_symmetric_rule_by_hand():
    """q = 2 on the line at the middle of a cell: B = 1/8, 3/4, 1/8; the weights 1/8, 10/8, 1/8 at their distances."""
    by_hand = fmpq(3, 4) * (fmpq(2, 8)) + 2 * fmpq(1, 8) * (fmpq(10, 8) + fmpq(8, 8))
    assert on_line(2).part(0, 3) >= by_hand
    assert on_line(1).constant(3) == fmpq(1, 8)
    assert list(orders(3, 1)) == [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
