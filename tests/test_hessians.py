"""Second derivatives against SymPy's, at exact points, with 40 digits."""

from __future__ import annotations

import numpy as np
import pytest
import sympy
from mpmath import mp, mpf

from constructs.targets.expression import ExpressionTarget
from verify.enclosure import DomainUndecided
from verify.hessians import curvature

TEXTS = [
    ("x0**3 - x0/7", 1),
    ("exp(-8*((x0-1/2)**2+(x1-1/2)**2))", 2),
    ("sin(3*x0)*cos(x1) + x0*x1**2", 2),
    ("log(1+x0+x1)/(2+x0*x1)", 2),
    ("tanh(5*(x0-x1/3))*sqrt(1+x1)", 2),
    ("(1+x0+2*x1)**(-3/2) + x0**(5/2)*x2", 3),
    ("4096*(x0*(1-x0)*x1*(1-x1))**3", 2),
    ("((x0-2)**2 + x1)**(3/4)", 2),
    ("abs(x0+1)*x1**2", 2),
    ("min(x0**2 - 5, x1, x0*x1 + 7)", 2),
    ("max(x0**2 - 5, x1 - 9)", 2),
    ("step(x0+1)*x1**3 + (x0*x1)**0 + (x0+x1)**1", 2),
]
GRID = 4
CHOSEN = {"min(x0**2 - 5, x1, x0*x1 + 7)": "x0**2 - 5", "max(x0**2 - 5, x1 - 9)": "x0**2 - 5"}
SMOOTH = {
    "abs(x0+1)*x1**2": "(x0+1)*x1**2",
    "step(x0+1)*x1**3 + (x0*x1)**0 + (x0+x1)**1": "x1**3 + 1 + x0 + x1",
}


def holds(ends: tuple[np.ndarray, np.ndarray], index: tuple[int, ...], value: mpf) -> bool:
    lo, hi = (np.broadcast_to(a, (GRID,) * len(index))[index] for a in ends)
    return mpf(float(lo)) <= value + mpf(10) ** -33 and value - mpf(10) ** -33 <= mpf(float(hi))


@pytest.mark.parametrize(("text", "dim"), TEXTS)
def test_enclosures_hold_the_derivatives(text: str, dim: int):
    grid = GRID
    target = ExpressionTarget(text, dim)
    symbols = sympy.symbols(f"x0:{dim}")
    formula = sympy.sympify(
        CHOSEN.get(text, SMOOTH.get(text, text)),
        locals=dict(zip(map(str, symbols), symbols, strict=True)),
        rational=True,
    )
    rng = np.random.default_rng(1)
    [(_, found)] = curvature(target, grid, grid**dim)
    with mp.workdps(40):
        for _ in range(8):
            box = tuple(int(k) for k in rng.integers(0, grid, dim))
            point = [
                sympy.Rational(int(k) * 64 + int(t), grid * 64)
                for k, t in zip(box, rng.integers(0, 65, dim), strict=True)
            ]
            at = dict(zip(symbols, point, strict=True))
            if "(5/2)" in text and point[0] == 0:
                continue
            for (i, j), ends in found.hessian.items():
                derivative = sympy.diff(formula, symbols[i], symbols[j])
                assert holds(ends, box, mpf(sympy.N(derivative.subs(at), 40)))


@pytest.mark.parametrize(
    "text", ["abs(x0-1/3)", "max(x0, 1-x0)", "min(x0, 1/4)*2", "step(x0-1/3)", "sqrt(x0)", "x0**(3/2)"]
)
def test_kinks_leave_the_second_derivative_unbounded_in_their_box_only(text: str):
    [(_, found)] = curvature(ExpressionTarget(text, 1), 8, 8)
    lo, hi = found.hessian[0, 0]
    bounded = np.isfinite(lo) & np.isfinite(hi)
    assert not bounded.all()
    assert bounded.sum() >= 5


@pytest.mark.parametrize("text", ["abs(x0-1/2)", "max(x0, 1-x0)", "min(x0, 1/2)", "step(x0-1/2)"])
def test_a_kink_on_a_face_between_boxes_is_seen(text: str):
    """Else the gradient would jump there and nobody would know."""
    [(_, found)] = curvature(ExpressionTarget(text, 1), 8, 8)
    bounded = np.isfinite(found.hessian[0, 0][0])
    assert not bounded[3]


def test_widths_shrink_with_the_grid():
    target = ExpressionTarget("sin(3*x0)*exp(x1)", 2)
    widths = []
    for grid in (8, 32):
        [(_, found)] = curvature(target, grid, grid**2)
        widths.append(max(float((hi - lo).max()) for lo, hi in found.hessian.values()))
    assert 3 < widths[0] / widths[1] < 5


def test_chunks_cover_the_grid_and_undefined_is_said():
    target = ExpressionTarget("x0*x1", 2)
    places = [place for place, _ in curvature(target, 8, 16)]
    covered = np.zeros((8, 8), dtype=int)
    for place in places:
        covered[place] += 1
    assert len(places) > 1
    assert (covered == 1).all()
    with pytest.raises(DomainUndecided):
        list(curvature(ExpressionTarget("log(x0 + 1/100 - x0*x0)", 1), 1, 1))
