from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from flint import fmpq, fmpq_poly
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs import targets
from constructs.errors import ConstructError
from constructs.exact import from_text
from verify import claims
from verify.claims.levels import OutOfBudget
from verify.claims.multiplicative_findings import blossom
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


def test_blossoms():
    assert blossom(2, 0, 2) == 2  # the blossom of t^2 at the knots 1, 2
    assert blossom(3, -1, 1) == 1  # the mean of 0, 1, 2


@pytest.mark.parametrize(("degree", "s"), [(2, "1/2"), (2, "3/2"), (3, "2"), (3, "0"), (2, "1")])
def test_bessel_norms_of_higher_degree(degree: int, s: str):
    """The integrals against exact ones, piece by piece; the norm against a sum over frequencies."""
    target = targets.expression("64*(x0*(1-x0))**3", 1)
    verdict = claims.multiplicative(mesh="1/8", degree=degree, norm=f"bessel:{s}").judge(target)
    assert verdict.status is Status.PROVED
    exact = exact_squares(verdict)
    for name, value in zip(("l2", "gradient", "hessian"), exact, strict=True):
        if not named(verdict, name):
            assert name == "hessian"
            assert s != "3/2"
            continue
        low, high = (from_text(t) for t in one(verdict, name).stated["value"])
        assert low <= value <= high <= 32 * value  # squares, on four boxes a cell
    low, high = ends(one(verdict, "bessel"))
    assert low * 0.999 <= by_frequencies(verdict, float(Fraction(s))) <= high * 1.001


def exact_squares(verdict: Verdict) -> list[fmpq]:
    """The integrals of e^2, e'^2, e''^2 over the line, piece by piece, from the network's own values."""
    q, M = verdict.parameters["degree"], verdict.parameters["mesh"]
    f = 64 * fmpq_poly([0, 1, -1]) ** 3
    found = [fmpq(0)] * 3
    for cell in range(-3, M + 3):
        xs = [fmpq(cell, M) + fmpq(j, q * M) for j in range(q + 1)]
        piece = fmpq_poly([0])
        for i, x in enumerate(xs):  # Lagrange
            basis = fmpq_poly([1])
            for j, y in enumerate(xs):
                if i != j:
                    basis *= fmpq_poly([-y, 1]) / (x - y)
            piece += basis * fmpq_poly([verdict.network.evaluate([x])[0]])
        e = (f if 0 <= cell < M else fmpq_poly([0])) - piece
        for order in range(3):
            whole = (e * e).integral()
            found[order] += whole(xs[-1]) - whole(xs[0])
            e = e.derivative()
    return found


def by_frequencies(verdict: Verdict, s: float) -> float:
    """The H^s norm by a discrete Fourier transform over a long interval: floats."""
    n, length = 1 << 13, 8.0
    x = np.arange(n) * length / n - 3
    inside = (x > 0) & (x < 1)
    e = np.where(inside, 64 * (x * (1 - x)) ** 3, 0.0) - verdict.network.evaluate_floats(x[:, None])[:, 0]
    hat = np.fft.fft(e) * length / n / np.sqrt(2 * np.pi)
    xi = 2 * np.pi * np.fft.fftfreq(n, length / n)
    return float(np.sqrt(np.sum((1 + xi**2) ** s * np.abs(hat) ** 2) * 2 * np.pi / length))


@pytest.mark.parametrize(("degree", "s"), [(2, "3/2"), (3, "2"), (2, "1/2")])
def test_zygmund_seminorms_of_higher_degree(degree: int, s: str):
    target = targets.expression("sin(5*x0)", 1)
    verdict = claims.multiplicative(mesh="1/8", degree=degree, norm=f"zygmund:{s}").judge(target)
    assert verdict.status is Status.PROVED
    low, high = ends(one(verdict, "zygmund"))
    rng = np.random.default_rng(3)
    x, y = (
        rng.random(4000),
        0.004 + rng.random(4000) ** 3,
    )  # no smaller shifts: rounding would be all one sees
    keep = (x - y >= 0) & (x + y <= 1)
    x, y = x[keep], y[keep]

    def e(t: np.ndarray) -> np.ndarray:
        return np.sin(5 * t) - verdict.network.evaluate_floats(t[:, None])[:, 0]

    seen = np.max(np.abs(e(x + y) - 2 * e(x) + e(x - y)) / y ** float(Fraction(s)))
    assert seen <= high
    assert low >= 0.3 * seen


@pytest.mark.parametrize("text", ["abs(x0-1/2)", "max(x0, 1-x0)", "abs(x0-1/3)**(3/2)"])
def test_second_derivatives_are_not_taken_across_a_kink(text: str):
    """Also where the kink is a knot, between boxes: the gradient jumps, the seminorm is infinite."""
    with pytest.raises(OutOfBudget):
        claims.multiplicative(degree=2, norm="zygmund:3/2").judge(targets.expression(text, 1))


def test_the_gradient_must_vanish_on_the_boundary_too():
    target = targets.expression("x0*(1-x0)", 1)
    assert claims.multiplicative(degree=2, norm="bessel:1").judge(target).findings
    with pytest.raises(ConstructError, match="gradient"):
        claims.multiplicative(degree=2, norm="bessel:3/2").judge(target)


def test_a_support_claimed_one_cell_too_small_is_refuted():
    verdict = claims.multiplicative(degree=2, support=2).judge(targets.expression("sin(x0)", 1))
    assert verdict.status is Status.REFUTED
    assert one(verdict, "support").stated == {"value": 3, "bound": 2}


def test_what_is_refused():
    target = targets.expression("x0*x1", 2)
    for options, name in (
        ({"mesh": "3/4"}, "mesh"),
        ({"degree": 4}, "degree"),
        ({"degree": 0}, "degree"),
        ({"norm": "bessel:3/2"}, "norm"),
        ({"norm": "bessel:9/4", "degree": 2}, "norm"),
        ({"norm": "bessel:-1/2"}, "norm"),
        ({"norm": "zygmund:3/2"}, "norm"),
        ({"norm": "zygmund:0"}, "norm"),
        ({"norm": "zygmund:x"}, "norm"),
        ({"norm": "zygmund:5/2", "degree": 2}, "norm"),
        ({"support": 0}, "support"),
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
