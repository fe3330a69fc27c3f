"""Expression targets: values against mpmath and SymPy, constants, and where they are defined."""

from __future__ import annotations

import sys

import mpmath
import numpy as np
import pytest
from flint import arb, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs.errors import ConstructError
from constructs.targets.expression import ExpressionTarget
from constructs.targets.specification import from_specification

KNOWN = [
    ("sin(3*x0)*x1 + abs(x0-1/3)", lambda x, y: mpmath.sin(3 * x) * y + abs(x - mpmath.mpf(1) / 3)),
    ("exp(-x0**2/2) - log(1+x1)", lambda x, y: mpmath.exp(-(x**2) / 2) - mpmath.log(1 + y)),
    ("sqrt(x0*x1)/(1+x0)", lambda x, y: mpmath.sqrt(x * y) / (1 + x)),
    ("tanh(5*(x0-0.5))*cos(x1)", lambda x, y: mpmath.tanh(5 * (x - mpmath.mpf(1) / 2)) * mpmath.cos(y)),
    ("x0**(2/3) + (1+x1)**(-3/2)", lambda x, y: mpmath.cbrt(x) ** 2 + (1 + y) ** mpmath.mpf("-1.5")),
    ("min(x0, x1, 1/2) - max(x0, 1-x1)", lambda x, y: min(x, y, mpmath.mpf(1) / 2) - max(x, 1 - y)),
    ("step(x0-x1) + x0**3 - -x1**0", lambda x, y: (1 if x >= y else 0) + x**3 + 1),
    ("(x0+1)**-3", lambda x, y: (x + 1) ** -3),
]
twelfths = st.integers(0, 12).map(lambda n: fmpq(n, 12))


@pytest.mark.parametrize(("text", "f"), KNOWN, ids=[text for text, _ in KNOWN])
@given(x=twelfths, y=twelfths)
@settings(max_examples=25)
def test_values_are_those_of_mpmath(text: str, f, x: fmpq, y: fmpq) -> None:
    target = ExpressionTarget(text, 2)
    with mpmath.workdps(60):
        expected = f(mpmath.mpf(int(x.p)) / int(x.q), mpmath.mpf(int(y.p)) / int(y.q))
        near = mpmath.nstr(mpmath.mpf(expected), 50)
        with ctx.workprec(250):
            ball, wide = target.ball([x, y], 150), arb(near) + arb(0, 1e-45)
            assert ball.overlaps(wide)
            assert ball.rad() < 1e-20
    exact = target.exact([x, y])
    assert exact is None or float(int(exact.p) / int(exact.q)) == pytest.approx(float(expected), abs=1e-15)
    points = np.array([[int(x.p) / int(x.q), int(y.p) / int(y.q)]])
    if text != "step(x0-x1) + x0**3 - -x1**0" or x != y:
        assert target.floats(points)[0] == pytest.approx(float(expected), abs=1e-12)


@pytest.mark.parametrize(("text", "f"), [k for k in KNOWN if "step" not in k[0] and "min" not in k[0]])
def test_cell_values_are_near_the_means(text: str, f) -> None:
    means = ExpressionTarget(text, 2).cell_values(2, 1).elements
    for i, j in np.ndindex(2, 2):
        exact = 4 * mpmath.quad(f, [i / 2, (i + 1) / 2], [j / 2, (j + 1) / 2], maxdegree=4)
        assert float(int(means[i, j].p) / int(means[i, j].q)) == pytest.approx(float(exact), abs=3e-3)
        assert int(means[i, j].q) & (int(means[i, j].q) - 1) == 0
        assert means[i, j].height_bits() <= 42


def test_cell_values_survive_infinities_and_many_axes() -> None:
    assert all(v.q == 1 for v in ExpressionTarget("exp(500*x0 + 50)", 1).cell_values(2, 1).elements)
    assert ExpressionTarget("0*exp(1000*x0) + x0", 1).cell_values(3, 0).elements.item() > 0
    assert ExpressionTarget("x0 + x9", 10).cell_values(2, 1).shape == (2,) * 10
    assert ExpressionTarget("x0*x1*x2*x3*x4*x5*x6*x7", 8).cell_values(3, 1).shape == (3,) * 8


def test_sympy_holds_the_expression() -> None:
    import sympy

    x0, x1 = sympy.symbols("x0 x1", nonnegative=True)
    target = ExpressionTarget("x1*sin(x0)**2 + 1/3 + max(x0, x1)/2 + step(x1 - 1/2)", 2)
    expected = x1 * sympy.sin(x0) ** 2 + sympy.Rational(1, 3) + sympy.Max(x0, x1) / 2
    assert target.sympy == expected + sympy.Heaviside(x1 - sympy.Rational(1, 2), 1)
    assert target.sympy.diff(x0, x0).has(sympy.cos)


def test_ordinary_expressions_do_not_load_sympy() -> None:
    code = (
        "import sys, constructs.targets as t; t.parse('sin(3*x0)+1/(1+x0)', 1).cell_values(2, 3); "
        "sys.exit('sympy' in sys.modules)"
    )
    import subprocess

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1/3", fmpq(1, 3)),
        ("-2**2+1", fmpq(-3)),
        ("max(1/3, abs(-2))*step(1)", fmpq(2)),
        ("0.1", fmpq(1, 10)),
    ],
)
def test_rational_constants(text: str, value: fmpq) -> None:
    target = ExpressionTarget(text, 2)
    assert target.constant() == value
    assert set(target.cell_values(3, 1).elements.flat) == {value}
    assert target.exact([0, "1/2"]) == value


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("sqrt(2)", "use a rational constant near it"),
        ("sqrt(4)", "use a rational constant near it"),
        ("sin(1)", "use a rational constant near it"),
        ("x0-x0+1/3", "the constant 1/3.*write the rational constant itself"),
        ("0*x0", "the constant 0.*write the rational constant itself"),
        ("x0**0", "the constant 1.*write the rational constant itself"),
        ("sin(x0)**2+cos(x0)**2", "the constant 1"),
        ("abs(x0)-x0+sqrt(2)", "the constant sqrt\\(2\\)"),
    ],
)
def test_constants_in_disguise_are_refused(text: str, advice: str) -> None:
    with pytest.raises(ConstructError, match=advice):
        ExpressionTarget(text, 1)


@pytest.mark.parametrize(
    "text",
    [
        "max(0, x0-999/1000)",
        "step(x0-1)",
        "max(0, 1/1000-abs(x0-3/7))",
        "x0**64",
        "10**-30*x0",
        "sin(10**20*x0)",
    ],
)
def test_thin_spikes_are_not_taken_for_constants(text: str) -> None:
    assert ExpressionTarget(text, 1).constant() is None


UNDEFINED = [
    ("log(x0)", 1, r"it is not at x0 = 0 \(log of 0\)"),
    ("1/x0", 1, r"it is not at x0 = 0 \(division by 0\)"),
    ("x0**-2", 1, r"x0 = 0 \(division by 0\)"),
    ("x0**(-1/2)", 1, r"x0 = 0 \(division by 0\)"),
    ("sqrt(x0-1/2)", 1, r"x0 = 0 \(sqrt of -1/2\)"),
    ("(x0-1/2)**(2/3)", 1, r"x0 = 0 \(power 2/3 of -1/2\)"),
    ("1/(x0-1/3)", 1, r"x0 = 1/3 \(division by 0\)"),
    ("1/(7*x0-5)", 1, r"x0 = 5/7 \(division by 0\)"),
    ("1/(x0-x1)", 2, r"x0 = 0, x1 = 0 \(division by 0\)"),
    ("1/(x1-1/3)", 2, r"x1 = 1/3 \(division by 0\)"),
    ("1/0", 1, r"at any point \(division by 0\)"),
    ("log(-1)+x0", 1, r"log of -1"),
    ("1/(sin(x0)-1/2)", 1, "could not be decided near x0 = 0.5235"),
    ("1/(x0-sqrt(2)/2)", 1, "could not be decided near x0 = 0.707"),
    ("sqrt(x0**2-2*x0*x1+x1**2)", 2, "could not be decided near"),
    ("1/(x0**2+x1**2+x2**2+x3**2-1/3)", 4, "could not be decided near|division by 0"),
]


@pytest.mark.parametrize(("text", "dim", "message"), UNDEFINED, ids=[text for text, _, _ in UNDEFINED])
def test_expressions_with_holes_are_refused(text: str, dim: int, message: str) -> None:
    with pytest.raises(ConstructError, match=message):
        ExpressionTarget(text, dim)


@pytest.mark.parametrize(
    ("text", "dim"),
    [
        ("sqrt(x0)", 1),
        ("sqrt(x0*(1-x0))", 1),
        ("sqrt(min(x0,1-x0))", 1),
        ("sqrt(sin(3*x0))", 1),
        ("abs(x0-1/2)**(1/2)", 1),
        ("x0**(3/2)", 1),
        ("sqrt(x0**(1/3))", 1),
        ("1/(x0**2-x0+1/3)", 1),
        ("1/(2+sin(9*x0)*cos(x1))", 2),
        ("log(exp(1000*x0)-1/2)", 1),
        ("log(x0+1e-20)", 1),
        ("1/(3*x0**2-3*x0*x1+x1+1/100)", 2),
        ("tanh(x0)/(1+step(x0-1/2))", 1),
        ("exp(10**30*exp(10**30*x0))", 1),
    ],
)
def test_expressions_without_holes_pass(text: str, dim: int) -> None:
    assert from_specification(ExpressionTarget(text, dim).specification()) == ExpressionTarget(text, dim)


def test_the_text_is_kept_as_it_was() -> None:
    assert ExpressionTarget(" x0 +  0.50\n", 1).specification() == {
        "kind": "expression",
        "dim": 1,
        "text": "x0 +  0.50",
    }


@pytest.mark.parametrize("text", ["1e308*x0", "1e308*x0*10", "1e260 + x0"])
def test_values_beyond_floats_are_refused_by_name(text: str) -> None:
    with pytest.raises(ConstructError, match=r"expression = .* below about 1e"):
        ExpressionTarget(text, 1).cell_values(2, 3)
