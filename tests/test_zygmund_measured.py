"""Measured Zygmund seminorms against exact ones of piecewise linear functions, closed forms, and dense samples."""

from __future__ import annotations

from itertools import pairwise
from math import log2
from pathlib import Path

import numpy as np
import pytest
from flint import fmpq
from zygmund_exact import PiecewiseLinear

from constructs import targets
from constructs.errors import ConstructError
from constructs.quasi_interpolation import on_cube
from constructs.targets.expression import ExpressionTarget
from verify.powers import Enclosure, power
from verify.quantities import NotEnclosed
from verify.splines import zygmund
from verify.splines.errors import errors
from verify.splines.samples import sampled
from verify.splines.tensor import Spline, from_rationals
from verify.splines.zygmund_measured import MeasuredSeminorm, measured

DOCS = Path(__file__).parent.parent / "docs" / "multiplicative.md"
BELL = {1: "exp(-8*(x0-1/2)**2)", 2: "exp(-8*((x0-1/2)**2+(x1-1/2)**2))"}


def made(text: str, dim: int, q: int, mesh: int) -> tuple[ExpressionTarget, Spline]:
    target = targets.expression(text, dim)
    return target, from_rationals(q, mesh, sampled(target, on_cube(q, mesh, dim)).coefficients)


def near(value: fmpq) -> float:
    return int(value.p) / int(value.q)


def check_enclosed(found: MeasuredSeminorm, truth: Enclosure, width: fmpq) -> None:
    assert found.reached
    assert found.seminorm.lo <= truth.hi
    assert truth.lo <= found.seminorm.hi
    assert found.seminorm.hi <= (1 + width) * found.seminorm.lo


@pytest.mark.parametrize("s", [fmpq(1, 4), fmpq(1, 2), fmpq(2, 3), fmpq(1)])
@pytest.mark.parametrize("values", [(0, 1, 0), (0, 3, -1, 2, 0), (5, 1, 1, 4, -7, 0, 2)])
def test_piecewise_linear_splines(values: tuple[int, ...], s: fmpq):
    mesh = len(values) - 1
    nodes = tuple(fmpq(k, mesh) for k in range(mesh + 1))
    truth = PiecewiseLinear(nodes, tuple(fmpq(v) for v in values)).seminorm(s)
    assert truth.seminorm.hi - truth.seminorm.lo < fmpq(1, 2**40)
    found = measured(targets.expression("0", 1), Spline(1, mesh, np.array(values), 1), s)
    check_enclosed(found, truth.seminorm, fmpq(1, 20))


@pytest.mark.parametrize("s", [fmpq(1, 2), fmpq(1)])
def test_a_kink_off_the_mesh(s: fmpq):
    """|x - 1/3| less its interpolant of mesh 1/4: the nodes are 1/4, 1/3, 1/2 and those where nothing turns."""
    target, spline = made("abs(x0-1/3)", 1, 1, 4)
    nodes = (fmpq(0), fmpq(1, 4), fmpq(1, 3), fmpq(1, 2), fmpq(1))
    values = tuple(abs(k - fmpq(1, 3)) - spline.value([k]) for k in nodes)
    truth = PiecewiseLinear(nodes, values).seminorm(s)
    check_enclosed(measured(target, spline, s, "1/50"), truth.seminorm, fmpq(1, 50))


@pytest.mark.parametrize("seed", range(4))
def test_the_exact_maximum_against_all_of_a_grid(seed: int):
    rng = np.random.default_rng(seed)
    inner = np.sort(rng.choice(np.arange(1, 24), 3, replace=False))
    nodes = tuple(fmpq(int(k), 24) for k in (0, *inner, 24))
    e = PiecewiseLinear(nodes, tuple(fmpq(int(v)) for v in rng.integers(-9, 10, 5)))
    for s in (fmpq(1, 3), fmpq(1, 2), fmpq(1)):
        found = e.seminorm(s)
        assert abs(e.difference(found.x, found.y)) ** int(s.q) / found.y ** int(s.p) == found.to_the_q
        x, y = np.meshgrid(np.arange(241), np.arange(1, 121))
        inside = (x - y >= 0) & (x + y <= 240)
        x, y = x[inside] / 240, y[inside] / 240
        f = lambda t: np.interp(t, [near(k) for k in e.nodes], [near(v) for v in e.values])  # noqa: E731
        seen = float((np.abs(f(x + y) - 2 * f(x) + f(x - y)) / y ** near(s)).max())
        assert 0.98 * near(found.seminorm.lo) <= seen <= near(found.seminorm.hi) * (1 + 1e-9)


@pytest.mark.parametrize("s", [fmpq(1, 4), fmpq(1, 2), fmpq(1), fmpq(3, 2), fmpq(2)])
def test_parabola(s: fmpq):
    """The second differences of x(1-x) are 2 y^2 in size: [e]_s = 2 (1/2)^(2-s), for y = 1/2 (s = 2: for all y)."""
    spline = Spline(1 if s <= 1 else 2, 1, np.zeros(2 if s <= 1 else 3, dtype=int), 1)
    truth = power(fmpq(1, 2), 2 - s) if s < 2 else Enclosure.exact(fmpq(1))
    found = measured(targets.expression("x0*(1-x0)", 1), spline, s, "1/1000")
    check_enclosed(found, Enclosure(2 * truth.lo, 2 * truth.hi), fmpq(1, 1000))


@pytest.mark.parametrize("s", [fmpq(1, 2), fmpq(2)])
def test_paraboloid(s: fmpq):
    """x(1-x) + y(1-y): 2 |y|^2, y = (1/2, 1/2): [e]_s = 2 (1/2)^((2-s)/2)."""
    spline = Spline(2, 1, np.zeros((3, 3), dtype=int), 1)
    found = measured(targets.expression("x0*(1-x0)+x1*(1-x1)", 2), spline, s)
    truth = power(fmpq(1, 2), (2 - s) / 2) if s < 2 else Enclosure.exact(fmpq(1))
    check_enclosed(found, Enclosure(2 * truth.lo, 2 * truth.hi), fmpq(1, 20))


def quotients(target: ExpressionTarget, spline: Spline, s: fmpq, count: int) -> float:
    """The largest of many quotients, in floats, at random places: y short and long alike."""
    rng, d = np.random.default_rng(7), target.dim
    x = rng.random((count, d))
    y = np.minimum(x, 1 - x) * (2 * rng.random((count, d)) - 1) * 2.0 ** -rng.integers(0, 7, (count, 1))
    values = [target.floats(p) - zygmund._floats(spline, p) for p in (x - y, x, x + y)]  # pyright: ignore[reportPrivateUsage]
    length = np.sqrt((y**2).sum(axis=1))
    return float((np.abs(values[0] - 2 * values[1] + values[2]) / length ** near(s))[length > 1e-4].max())


@pytest.mark.parametrize(
    ("text", "dim", "q", "mesh", "s"),
    [
        (BELL[1], 1, 1, 8, "1/2"),
        (BELL[1], 1, 2, 8, "3/2"),
        ("sin(5*x0)+x0**3", 1, 1, 5, "1/4"),
        ("sin(5*x0)+x0**3", 1, 2, 6, "2"),
        ("max(x0-1/3, x0**2/2)", 1, 1, 4, "1"),
        (BELL[2], 2, 1, 4, "1/2"),
        ("sin(4*x0)*x1", 2, 1, 3, "1"),
    ],
)
def test_no_sample_is_above_and_the_best_is_hardly_above_the_lower_end(
    text: str, dim: int, q: int, mesh: int, s: str
):
    target, spline = made(text, dim, q, mesh)
    found = measured(target, spline, s, "1/10")
    assert found.reached
    seen = quotients(target, spline, fmpq(*map(int, s.split("/"))), 100_000)
    assert 0.9 * seen <= near(found.seminorm.lo)
    assert seen <= near(found.seminorm.hi) * (1 + 1e-6)
    again = zygmund.quotient(target, spline, found.x, found.y, fmpq(*map(int, s.split("/"))))
    assert found.seminorm.lo <= again <= found.seminorm.hi


def falls(text: str, s: str, meshes: tuple[int, ...]) -> list[tuple[float, float]]:
    """Lower and upper ends of log2 of what [e]_s falls by at every halving."""
    found = [measured(*made(text, 1, 1, mesh), s, "1/50").seminorm for mesh in meshes]
    return [(log2(near(a.lo / b.hi)), log2(near(a.hi / b.lo))) for a, b in pairwise(found)]


def test_the_order_of_a_smooth_function():
    """q = 1: O(h^(2-s)), and no faster."""
    for low, high in falls(BELL[1], "1/2", (8, 16, 32)):
        assert 1.35 <= low <= high <= 1.65


def test_the_order_at_a_singularity():
    """f = |x - 1/3|^(3/2): f(1/3 + h t) = h^(3/2) f(1/3 + t), and 1/3 lies in its cell at 2/3, 1/3, 2/3: mirror images.
    So e(1/3 + h t) = h^(3/2) E(±t), E the error of mesh 1, but for the ends of [0,1], where e is small: [e]_s falls
    like h^(3/2 - s), here h, not like h^(2-s).
    """
    for low, high in falls("abs(x0-1/3)**(3/2)", "1/2", (8, 16, 32)):
        assert 0.9 <= low <= 1 <= high <= 1.1


def table() -> list[list[str]]:
    """The rows of "Measured Zygmund seminorms" in docs/multiplicative.md."""
    _, _, part = DOCS.read_text(encoding="utf-8").partition("## Measured Zygmund seminorms")
    lines = [line for line in part.partition("\n## ")[0].splitlines() if line.startswith("| ")][1:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def hard(row: list[str]) -> bool:
    return row[0].startswith("2, 2, ")


def shown(row: list[str]) -> list[str]:
    """The row, computed."""
    d, q, mesh, s = row[0].split(", ")
    order = fmpq(*map(int, s.split("/")))
    target, spline = made(BELL[int(d)], int(d), int(q), int(mesh))
    found = measured(target, spline, order, row[1])
    assert found.reached
    ends = errors(target, spline, 32 * int(mesh))
    assert ends.slopes is not None
    second = [e.hi for (i, j), e in (ends.second or {}).items() for _ in range(1 if i == j else 2)]
    top = zygmund.interpolated(ends.supremum.hi, [e.hi for e in ends.slopes], second, order).hi
    low, high = found.seminorm.lo, found.seminorm.hi
    return [*row[:2], *(f"{near(v):.3g}" for v in (low, high, top)), f"{near(top / low):.2f}"]


@pytest.mark.parametrize("row", [row for row in table() if not hard(row)], ids=lambda row: row[0])
def test_the_table_in_the_documentation(row: list[str]):
    assert shown(row) == row


@pytest.mark.slow
@pytest.mark.parametrize("row", [row for row in table() if hard(row)], ids=lambda row: row[0])
def test_the_larger_rows_of_the_table(row: list[str]):
    assert shown(row) == row


def test_a_small_budget_still_encloses():
    target, spline = made(BELL[1], 1, 1, 8)
    wide, narrow = (measured(target, spline, "1/2", "1/100", budget=n) for n in (36, 20000))
    assert (wide.reached, narrow.reached) == (False, True)
    assert wide.seminorm.lo <= narrow.seminorm.hi <= wide.seminorm.hi
    assert wide.pairs <= 36


@pytest.mark.parametrize(
    ("text", "q", "mesh", "budget"),
    [("sin(20*x0)", 2, 4, 14), ("exp(-30*(x0-1/2)**2)", 2, 8, 40), ("x0**2+sin(40*x0)/50", 1, 4, 14)],
)
def test_pairs_left_out_for_want_of_budget_keep_their_bounds(text: str, q: int, mesh: int, budget: int):
    """Found by leaving them out: then the upper end is below the seminorm, in the sixth digit."""
    target, spline = made(text, 1, q, mesh)
    found, full = (measured(target, spline, "1", "1/100", budget=n) for n in (budget, 20000))
    assert full.seminorm.lo <= found.seminorm.hi


def test_bad_input():
    target, spline = made(BELL[1], 1, 1, 4)
    for s in ("0", "3/2", "-1"):
        with pytest.raises(ConstructError, match="s = "):
            measured(target, spline, s)
    with pytest.raises(ConstructError, match="tolerance"):
        measured(target, spline, "1/2", 0)
    with pytest.raises(ConstructError, match="budget"):
        measured(target, spline, "1/2", budget=9)
    with pytest.raises(ConstructError, match="spline"):
        measured(targets.expression("x0", 3), Spline(1, 1, np.zeros((2, 2, 2), dtype=int), 1), "1/2")
    with pytest.raises(NotEnclosed):
        measured(*made("sqrt(x0)", 1, 1, 4), "1/2")
    with pytest.raises(NotEnclosed):
        measured(*made("abs(x0-1/3)", 1, 2, 4), "3/2")
