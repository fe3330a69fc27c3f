"""Quasi-interpolants: polynomials reproduced up to the boundary, and functionals against their definitions."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from splines import LEAST_MESH, arrays, polynomial, polynomials, rationals, spline

from constructs.errors import ConstructError
from constructs.functionals import Axis, cube_axis, zero_axis
from constructs.quasi_interpolation import on_cube, zero_outside
from constructs.supports import Box

places = st.sampled_from([fmpq(0), fmpq(1)]) | rationals(0, 1)


def blossom(n: int, knots: list[int]) -> fmpq:
    """Of t^n at q knots: the mean over all choices of n of them of their product."""
    chosen = list(combinations(knots, n))
    return fmpq(sum(int(np.prod(c, dtype=object)) if c else 1 for c in chosen), len(chosen))


def applied(axis: Axis, k: int, power: int) -> fmpq:
    """lambda_k of t^power, t = M x."""
    f = axis.functionals[k - axis.first]
    return sum(
        (w * (axis.points[p] * axis.mesh) ** power for p, w in zip(f.places, f.weights, strict=True)), fmpq(0)
    )


@pytest.mark.parametrize("q", range(1, 6))
def test_functionals_take_the_blossom(q: int):
    for mesh in (LEAST_MESH[q], LEAST_MESH[q] + 1, 12):
        axis = cube_axis(q, mesh)
        assert axis.first == -q
        assert len(axis.functionals) == mesh + q
        for k in range(-q, mesh):
            for n in range(q + 1):
                assert applied(axis, k, n) == blossom(n, list(range(k + 1, k + q + 1)))


@pytest.mark.parametrize("q", range(1, 6))
def test_functionals_stay_in_the_cube_and_near_their_spline(q: int):
    """Every point is at most one support width away from every point of the spline's support in the cube."""
    for mesh in range(LEAST_MESH[q], 2 * q + 6):  # from 2q+2 on only more of the same in the middle
        axis = cube_axis(q, mesh)
        assert axis.points[0] == 0
        assert axis.points[-1] == 1
        for k, f in enumerate(axis.functionals, start=-q):
            assert list(f.places) == sorted(set(f.places))
            assert all(f.weights)
            for p in f.places:
                t = axis.points[p] * mesh
                assert max(t - max(k, 0), min(k + q + 1, mesh) - t) <= q + 1


def weights(axis: Axis, k: int) -> list[str]:
    return [str(w) for w in axis.functionals[k - axis.first].weights]


def test_classic_weights():
    for k in range(-1, 9):
        assert weights(cube_axis(1, 9), k) == ["1"]
    for k in range(7):
        assert weights(cube_axis(2, 9), k) == ["-1/8", "5/4", "-1/8"]
    for k in range(-1, 7):
        assert weights(cube_axis(3, 9), k) == ["-1/6", "4/3", "-1/6"]
    assert weights(cube_axis(2, 9), -1) == ["-1/3", "3/2", "-1/6"]
    assert weights(cube_axis(2, 9), 7) == ["-1/6", "3/2", "-1/3"]
    assert [cube_axis(q, 9).norm for q in (1, 2, 3)] == [1, 4, fmpq(35, 3)]
    assert [zero_axis(q, 9).norm for q in (1, 2, 3)] == [1, fmpq(3, 2), fmpq(5, 3)]


@settings(max_examples=80)
@given(st.integers(1, 5), st.integers(1, 3), st.data())
def test_polynomials_are_reproduced_up_to_the_boundary(q: int, dim: int, data: st.DataObject):
    q = min(q, 3) if dim == 3 else q
    mesh = data.draw(st.integers(LEAST_MESH[q], LEAST_MESH[q] + (2 if dim == 3 else 6)))
    p = data.draw(polynomials(q, dim))
    rule = on_cube(q, mesh, dim)
    c = rule.coefficients(rule.samples(lambda x: polynomial(p, x)))
    for x in data.draw(st.lists(st.lists(places, min_size=dim, max_size=dim), min_size=3, max_size=3)):
        assert spline(c, q, mesh, -q, x) == polynomial(p, x)


@pytest.mark.parametrize("q", range(1, 6))
def test_one_degree_more_is_not_reproduced(q: int):
    rule = on_cube(q, 7, 1)
    c = rule.coefficients(rule.samples(lambda x: x[0] ** (q + 1)))
    for i in range(7):
        x = fmpq(3 * i + 1, 21)
        assert spline(c, q, 7, -q, [x]) != x ** (q + 1)


@given(st.integers(1, 5), st.data())
def test_norms_are_attained(q: int, data: st.DataObject):
    axis = data.draw(st.sampled_from([cube_axis(q, 7), zero_axis(q, 7)]))
    k = data.draw(st.integers(0, len(axis.functionals) - 1))
    f = axis.functionals[k]
    values = np.zeros(len(axis.points), dtype=object)
    for p, w in zip(f.places, f.weights, strict=True):
        values[p] = 1 if w > 0 else -1
    rule = (on_cube if len(axis.points) == len(cube_axis(q, 7).points) else zero_outside)(q, 7, 1)
    assert rule.coefficients(values)[k] == f.norm <= axis.norm
    assert on_cube(q, 7, 3).norm == cube_axis(q, 7).norm ** 3


@settings(max_examples=40)
@given(st.integers(1, 5), st.data())
def test_zero_outside_is_one_functional_shifted(q: int, data: st.DataObject):
    """By hand: the symmetric weights of an inner spline at the points of the whole lattice, values outside being 0."""
    mesh = data.draw(st.integers(2 if q % 2 else 1, 8))
    r, wide = q // 2, zero_axis(q, 20)
    inner = wide.functionals[len(wide.functionals) // 2].weights
    assert len(inner) == 2 * r + 1
    assert inner == inner[::-1]
    for n in range(q + 1):
        around = [fmpq(q + 1, 2) + j for j in range(-r, r + 1)]
        moment = sum((w * t**n for w, t in zip(inner, around, strict=True)), fmpq(0))
        assert moment == blossom(n, list(range(1, q + 1)))
    rule = zero_outside(q, mesh, 1)
    values = data.draw(arrays((len(rule.axis.points),)))
    known = {x * mesh: v for x, v in zip(rule.axis.points, values, strict=True)}
    assert all(0 < t < mesh for t in known)
    c = rule.coefficients(values)
    for k in range(-2 * q - 2, mesh + q + 2):
        middle = fmpq(2 * k + q + 1, 2)
        value = sum((w * known.get(middle + j - r, fmpq(0)) for j, w in enumerate(inner)), fmpq(0))
        place = k - rule.axis.first
        assert value == (c[place] if 0 <= place < len(c) else 0)


@pytest.mark.parametrize("q", range(1, 6))
def test_zero_outside_vanishes_where_it_says(q: int):
    axis = zero_axis(q, 6)
    w = 2 * (q // 2)
    assert axis.first == -w
    assert axis.first + len(axis.functionals) - 1 + q + 1 == 6 + w


def test_tensor_products():
    rule = on_cube(2, 3, 2)
    line = on_cube(2, 3, 1)
    f, g = (line.samples(lambda x, a=a: 1 / (x[0] + a)) for a in (1, 2))
    both = rule.coefficients(f[:, None] * g[None, :])
    assert (both == line.coefficients(f)[:, None] * line.coefficients(g)[None, :]).all()
    assert (rule.samples(lambda x: 1 / (x[0] + 1) / (x[1] + 2)) == f[:, None] * g[None, :]).all()


def test_which_coefficients_depend():
    rule = on_cube(1, 4, 2)
    hit = rule.depending(Box((fmpq(1, 4), fmpq(1)), (fmpq(1, 2), fmpq(1))))
    assert np.argwhere(hit).tolist() == [[1, 4], [2, 4]]
    assert not rule.depending(Box((fmpq(1, 3), fmpq(0)), (fmpq(2, 5), fmpq(1)))).any()
    with pytest.raises(ConstructError, match="box"):
        rule.depending(Box((fmpq(0),), (fmpq(1),)))


@pytest.mark.parametrize("q", range(1, 6))
def test_the_least_mesh(q: int):
    cube_axis(q, LEAST_MESH[q])
    with pytest.raises(ConstructError, match="mesh"):
        cube_axis(q, LEAST_MESH[q] - 1)


def test_refusals():
    for make in (on_cube, zero_outside):
        for degree, mesh, dim in ((0, 4, 1), (6, 9, 1), (1, 0, 1), (1, 2**25, 1), (2, 4, 0), (2, 300, 3)):
            with pytest.raises(ConstructError):
                make(degree, mesh, dim)
    with pytest.raises(ConstructError, match="mesh = 1"):
        zero_outside(3, 1, 1)
    rule = on_cube(1, 2, 1)
    with pytest.raises(ConstructError, match="shape"):
        rule.coefficients(np.zeros(4, dtype=int))
    with pytest.raises(ConstructError, match="exact number"):
        rule.coefficients(np.array([0.5, 0.5, 0.5]))
    with pytest.raises(ConstructError, match=r"f\(1/2\).*round"):
        rule.samples(lambda x: None if x[0] == fmpq(1, 2) else 0)
