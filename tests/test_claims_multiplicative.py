from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs import targets
from constructs.errors import ConstructError
from constructs.quasi_interpolation import on_cube
from verify import claims
from verify.claims.levels import OutOfBudget
from verify.claims.multiplicative_findings import blossom, constant, reaches
from verify.verdict import Finding, Status, Verdict

BELL = "exp(-8*((x0-1/2)**2+(x1-1/2)**2))"


def named(verdict: Verdict, name: str) -> list[Finding]:
    return [f for f in verdict.findings if f.property == name]


def one(verdict: Verdict, name: str) -> Finding:
    (finding,) = named(verdict, name)
    return finding


def ends(f: Finding) -> tuple[float, float]:
    if f.value is None:
        raise ValueError(f.property)
    return int(f.value.lo.p) / int(f.value.lo.q), int(f.value.hi.p) / int(f.value.hi.q)


@pytest.mark.parametrize("norm", ["sup", "zygmund:1/2", "zygmund:1", "zygmund:1/3"])
def test_the_bell_is_proved(norm: str):
    verdict = claims.multiplicative(mesh="1/16", norm=norm).judge(targets.expression(BELL, 2))
    assert verdict.status is Status.PROVED
    assert one(verdict, "units").stated == {"value": 1225, "bound": 2601}
    assert one(verdict, "support").stated == {"value": 2, "bound": 2}
    assert one(verdict, "locality").stated == {"value": "1/16", "bound": "1/8"}
    assert len(named(verdict, "derivative")) == 2
    assert len(named(verdict, "zygmund")) == (norm != "sup")


@pytest.mark.parametrize(
    ("text", "dim", "degree", "mesh"),
    [
        ("sin(3*x0)", 1, 2, 8),
        ("sin(3*x0)", 1, 3, 8),
        ("exp(x0*x1)", 2, 2, 4),
        ("exp(x0-x1)", 2, 3, 4),
        ("sin(3*x0)*x1 + x2", 3, 1, 4),
    ],
)
def test_degrees_and_dimensions(text: str, dim: int, degree: int, mesh: int):
    verdict = claims.multiplicative(mesh=f"1/{mesh}", degree=degree).judge(targets.expression(text, dim))
    assert verdict.status is Status.PROVED
    assert len(named(verdict, "derivative")) == (dim if degree == 1 else 0)


@pytest.mark.parametrize(("degree", "order"), [(1, 2), (2, 3), (3, 4)])
def test_orders_on_a_ladder_of_meshes(degree: int, order: int):
    """sup|e| falls like h^(q+1): certified ratios from mesh to mesh approach 2^(q+1)."""
    target = targets.expression("sin(2*x0) + x0**5/9", 1)
    found = []
    for mesh in (8, 16, 32):
        verdict = claims.multiplicative(mesh=f"1/{mesh}", degree=degree).judge(target)
        assert verdict.status is Status.PROVED
        found.append(ends(one(verdict, "sup"))[0])  # from below, within some per mille: seen at midpoints
    rates = [np.log2(a / b) for a, b in pairwise(found)]
    assert all(order - 0.35 < r < order + 0.35 for r in rates)


def test_orders_fall_where_regularity_is_lost():
    """|x - 1/3|^(3/2) has order 3/2, not 2: its second derivative is not bounded."""
    target = targets.expression("abs(x0-1/3)**(3/2)", 1)
    found = [ends(one(claims.multiplicative(mesh=f"1/{m}").judge(target), "sup"))[0] for m in (8, 32, 128)]
    rates = [np.log2(a / b) / 2 for a, b in pairwise(found)]
    assert all(1.3 < r < 1.7 for r in rates)


def test_a_kink_has_order_one():
    found = [
        ends(one(claims.multiplicative(mesh=f"1/{m}").judge(targets.expression("abs(x0-1/3)", 1)), "sup"))[0]
        for m in (8, 32)
    ]
    assert 0.8 < np.log2(found[0] / found[1]) / 2 < 1.2


@pytest.mark.parametrize("s", ["0", "1/2", "1"])
def test_bessel_norms_of_a_smooth_bump(s: str):
    target = targets.expression("4096*(x0*(1-x0)*x1*(1-x1))**3", 2)
    verdict = claims.multiplicative(mesh="1/16", norm=f"bessel:{s}").judge(target)
    assert verdict.status is Status.PROVED
    low, high = ends(one(verdict, "bessel"))
    assert ends(one(verdict, "l2"))[0] <= low * 1.001
    assert high <= np.hypot(ends(one(verdict, "l2"))[1], ends(one(verdict, "gradient"))[1]) * 1.001


def test_bessel_norms_need_a_target_that_vanishes_on_the_boundary():
    for text, dim in (("x0", 1), ("x0*(1-x0)", 2), ("x0*(1-x0)*x1*(1-x1) + 1/1000000", 2)):
        with pytest.raises(ConstructError, match="boundary"):
            claims.multiplicative(mesh="1/4", norm="bessel:1/2").judge(targets.expression(text, dim))


def test_equality_in_the_theorem_is_left_undecided():
    """The parabola's error is exactly h^2/8 times its second derivative: enclosures cannot decide."""
    verdict = claims.multiplicative(mesh="1/4").judge(targets.expression("x0**2", 1))
    sup = one(verdict, "sup")
    assert sup.status is Status.UNDECIDED
    low, high = ends(sup)
    assert low <= 1 / 64 <= high < 1.05 / 64


@settings(max_examples=20)
@given(st.integers(1, 3), st.lists(st.integers(-5, 5), min_size=4, max_size=4))
def test_polynomials_are_reproduced(degree: int, c: list[int]):
    text = " + ".join(f"({a})*x0**{n}" for n, a in enumerate(c[: degree + 1])) + " + x0/7"
    try:
        target = targets.expression(text, 1)
    except ConstructError:
        return  # constant in disguise
    verdict = claims.multiplicative(mesh="1/4", degree=degree).judge(target)
    assert ends(one(verdict, "sup"))[0] < 1e-9
    assert one(verdict, "exactness").status is Status.PROVED
    x = fmpq(3, 7)
    exact = target.exact([x])
    value = verdict.network.evaluate([x])[0]
    assert exact is not None
    assert isinstance(value, fmpq)
    assert abs(value - exact) <= fmpq(
        *map(int, Fraction(one(verdict, "coefficients").stated["tolerance"]).as_integer_ratio())
    )


def test_constants():
    """Interpolation's own 1/8; for q = 2 inside the cube by hand: weights 1/8, 10/8, 1/8 at distances 5/2, 3/2, 5/2."""
    assert constant(on_cube(1, 8, 2).axis, 2) == fmpq(1, 8)
    axis = on_cube(2, 12, 1).axis
    inside = reaches(axis)[7]
    assert inside == [(fmpq(1, 8), fmpq(5, 2)), (fmpq(5, 4), fmpq(3, 2)), (fmpq(1, 8), fmpq(5, 2))]
    assert constant(axis, 1) >= sum(w * r**3 for w, r in inside) / 6
    assert constant(axis, 2) == constant(axis, 1) * axis.norm
    assert blossom(2, 0, 2) == 2  # the blossom of t^2 at the knots 1, 2
    assert blossom(3, -1, 1) == 1  # the mean of 0, 1, 2


def test_what_is_refused():
    target = targets.expression("x0*x1", 2)
    for options, name in (
        ({"mesh": "3/4"}, "mesh"),
        ({"degree": 4}, "degree"),
        ({"degree": 0}, "degree"),
        ({"norm": "bessel:3/2"}, "norm"),
        ({"norm": "bessel:1/2", "degree": 2}, "norm"),
        ({"norm": "bessel:-1/2"}, "norm"),
        ({"norm": "zygmund:3/2"}, "norm"),
        ({"norm": "zygmund:0"}, "norm"),
        ({"norm": "zygmund:x"}, "norm"),
        ({"norm": "zygmund:1/2", "degree": 2}, "norm"),
    ):
        with pytest.raises(ConstructError, match=name):
            claims.multiplicative(**options)
    with pytest.raises(ConstructError, match="mesh"):
        claims.multiplicative(mesh="1/2", degree=3).judge(target)
    with pytest.raises(ConstructError, match="mesh"):
        claims.multiplicative(mesh="1/4096").judge(target)
    with pytest.raises(ConstructError, match="target"):
        claims.multiplicative().judge(targets.kuhn(1, [0, 1]))
    with pytest.raises(ConstructError, match="dim"):
        claims.multiplicative().judge(targets.expression("x0*x3", 4))
    with pytest.raises(OutOfBudget):
        claims.multiplicative().judge(targets.expression("sqrt(x0)", 1))
