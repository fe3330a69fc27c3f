"""Box enclosures against exact and ball values at points, difference quotients, exact means and mpmath's quadrature."""

from __future__ import annotations

from fractions import Fraction
from math import inf

import mpmath
import numpy as np
import pytest
from flint import arb, ctx, fmpq
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from constructs.errors import ConstructError
from constructs.targets.expression import ExpressionTarget
from constructs.targets.point_values import point_value
from verify.box_jets import BoxJets, chunks
from verify.box_models import models
from verify.enclosure import DomainUndecided

BITS = 300


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.map(lambda p: f"({p[0]}+{p[1]})"),
        pairs.map(lambda p: f"({p[0]}-{p[1]})"),
        pairs.map(lambda p: f"{p[0]}*{p[1]}"),
        pairs.map(lambda p: f"{p[0]}/(2+sin({p[1]}))"),
        pairs.map(lambda p: f"{p[0]}/({p[1]})"),
        pairs.map(lambda p: f"min({p[0]},{p[1]})"),
        st.tuples(inner, inner, inner).map(lambda p: f"max({p[0]},{p[1]},{p[2]})"),
        st.tuples(inner, st.sampled_from(["2", "3", "0", "1", "4"])).map(lambda p: f"({p[0]})**{p[1]}"),
        st.tuples(inner, st.sampled_from(["-1", "-2", "-3"])).map(lambda p: f"(1+abs({p[0]}))**{p[1]}"),
        st.tuples(inner, st.sampled_from(["1/3", "3/2", "(-1/2)", "1/2"])).map(
            lambda p: f"(abs({p[0]})+1/9)**({p[1]})"
        ),
        st.tuples(inner, st.sampled_from(["1/3", "3/2", "1/2"])).map(lambda p: f"abs({p[0]})**({p[1]})"),
        inner.map(lambda s: f"exp(sin({s}))"),
        inner.map(lambda s: f"log(1/7+abs({s}))"),
        inner.map(lambda s: f"sqrt(abs({s}))"),
        *(
            inner.map(lambda s, name=name: f"{name}({s})")
            for name in ("abs", "sin", "cos", "tanh", "step", "-")
        ),
    )


texts = st.recursive(
    st.sampled_from(["x0", "x1", "x0", "1/3", "3", "0.1", "(x0-1/2)", "5*x1"]), grown, max_leaves=7
)
parts = st.fractions(0, 1, max_denominator=7).map(lambda q: fmpq(q.numerator, q.denominator))


def target_of(text: str, dim: int = 2) -> ExpressionTarget:
    try:
        return ExpressionTarget(text, dim)
    except ConstructError:
        assume(False)
        raise


def jets(target: ExpressionTarget, grid: int) -> BoxJets:
    """The chunks put together: arrays of shape (grid,)*d, gradients (d,) + (grid,)*d."""
    shape = (grid,) * target.dim
    whole = BoxJets(*(np.empty(shape) for _ in range(4)), *(np.empty((target.dim, *shape)) for _ in range(3)))
    for place, part in chunks(target, grid):
        for name in BoxJets.__dataclass_fields__:
            index = (slice(None), *place) if name.startswith("grad") else place
            getattr(whole, name)[index] = getattr(part, name)
    return whole


def means(target: ExpressionTarget, grid: int) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper ends of the means over the boxes, as judgements use them: arrays of shape (grid,)*d."""
    [(_, found)] = models(target, grid)
    low, high = (np.broadcast_to(end, found.shape) for end in found.mean)
    return low, high


def jets_of(target: ExpressionTarget, grid: int) -> BoxJets:
    try:
        return jets(target, grid)
    except DomainUndecided:
        assume(False)
        raise


def ball(f: ExpressionTarget, x: list[fmpq]) -> arb:
    with ctx.workprec(BITS):
        return arb(point_value(f.nodes, x, BITS))


def holds(lo: float, hi: float, value: arb) -> bool:
    """Whether the ball, far thinner than any float interval, meets [lo, hi]."""
    return not (value < lo or value > hi)


@given(texts, st.integers(1, 5), st.data())
@settings(max_examples=250, deadline=None)
@example("step(x0-1/3)*x1", 3, None)
def test_values_and_difference_quotients_are_enclosed(
    text: str, grid: int, data: st.DataObject | None
) -> None:
    f = target_of(text)
    J = jets_of(f, grid)
    fixed = [fmpq(1, 3), fmpq(1, 4), fmpq(1)]
    box = tuple(data.draw(st.integers(0, grid - 1)) if data else 0 for _ in range(2))
    corner = [fmpq(k, grid) for k in box]
    first, second = ([c + (data.draw(parts) if data else fixed[i]) / grid for c in corner] for i in (0, 1))
    for x in (first, second):
        assert holds(J.range_lo[box], J.range_hi[box], ball(f, x))
    middle = [c + fmpq(1, 2 * grid) for c in corner]
    assert holds(J.value_lo[box], J.value_hi[box], ball(f, middle))
    low, high = means(f, grid)
    assert low[box] <= high[box]
    for i in range(2):
        moved = list(first)
        moved[i] = second[i]
        place = (i, *box)
        assert J.grad_mid[place] - J.grad_rad[place] <= J.grad_mid[place] <= J.grad_sup[place]
        if moved[i] != first[i] and J.grad_sup[place] < inf:
            with ctx.workprec(BITS):
                quotient = (ball(f, moved) - ball(f, first)) / (moved[i] - first[i])
                assert holds(-J.grad_sup[place], J.grad_sup[place], quotient)
                assert holds(-J.grad_rad[place], J.grad_rad[place], quotient - J.grad_mid[place])


SMOOTH = {
    "sin(3*x0)*x1": lambda x, y: mpmath.sin(3 * x) * y,
    "exp(-2*x0*x1)/(1+x1)": lambda x, y: mpmath.exp(-2 * x * y) / (1 + y),
    "sqrt(1/10+x0)*log(1+x1)": lambda x, y: mpmath.sqrt(x + mpmath.mpf(1) / 10) * mpmath.log(1 + y),
    "tanh(4*(x0-x1))**3": lambda x, y: mpmath.tanh(4 * (x - y)) ** 3,
    "cos(2*x0+x1)*(1+x0)**(-3/2)": lambda x, y: mpmath.cos(2 * x + y) * (1 + x) ** mpmath.mpf("-1.5"),
    "(x0-1/3)**4 - (2+x1)**-3": lambda x, y: (x - mpmath.mpf(1) / 3) ** 4 - (2 + y) ** -3,
}


@pytest.mark.parametrize("text", SMOOTH)
def test_derivatives_and_means_of_mpmath_are_enclosed(text: str) -> None:
    f, grid = SMOOTH[text], 3
    J = jets(ExpressionTarget(text, 2), grid)
    low, high = means(ExpressionTarget(text, 2), grid)
    for box in np.ndindex(grid, grid):
        with mpmath.workdps(30):
            ends = [(mpmath.mpf(k) / grid, mpmath.mpf(k + 1) / grid) for k in box]
            for x, y in [(a, b) for a in ends[0] for b in ends[1]]:
                slopes = mpmath.diff(f, (x, y), (1, 0)), mpmath.diff(f, (x, y), (0, 1))
                for i, slope in enumerate(slopes):
                    place = (i, *box)
                    assert abs(slope - J.grad_mid[place]) <= J.grad_rad[place] + 1e-12
                    assert abs(slope) <= J.grad_sup[place] + 1e-12
        mean = grid**2 * mpmath.quad(f, *([float(a), float(b)] for a, b in ends), maxdegree=4)
        assert low[box] - 1e-12 <= mean <= high[box] + 1e-12


coefficients = st.dictionaries(
    st.tuples(st.integers(0, 3), st.integers(0, 3)), st.integers(-5, 5), min_size=1, max_size=4
)


@given(coefficients, st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_means_of_polynomials_are_enclosed(terms: dict[tuple[int, int], int], grid: int) -> None:
    text = "+".join(f"({c})*x0**{a}*x1**{b}" for (a, b), c in terms.items())
    low, high = means(target_of(text), grid)

    def power_mean(k: int, a: int) -> Fraction:
        ends = Fraction(k + 1, grid), Fraction(k, grid)
        return grid * (ends[0] ** (a + 1) - ends[1] ** (a + 1)) / (a + 1)

    for i, j in np.ndindex(grid, grid):
        mean = sum(c * power_mean(i, a) * power_mean(j, b) for (a, b), c in terms.items())
        assert Fraction(low[i, j]) <= mean <= Fraction(high[i, j])


@pytest.mark.parametrize(
    ("text", "f", "kinks"),
    [
        ("abs(x0-1/3)+x0", lambda x: abs(x - mpmath.mpf(1) / 3) + x, [1 / 3]),
        ("sqrt(x0)", mpmath.sqrt, []),
        ("max(x0, 1/2, 3*x0-1)*2", lambda x: 2 * max(x, 0.5, 3 * x - 1), [0.5]),
        ("step(x0-2/7)*sin(x0)", lambda x: mpmath.sin(x) if x >= 2 / 7 else mpmath.mpf(0), [2 / 7]),
        ("abs(x0-0.3)**(1/3)", lambda x: mpmath.cbrt(abs(x - 0.3)), [0.3]),
    ],
)
def test_means_across_kinks_are_enclosed(text: str, f, kinks: list[float]) -> None:
    for grid in (1, 2, 5):
        low, high = means(ExpressionTarget(text, 1), grid)
        for k in range(grid):
            ends = sorted({k / grid, (k + 1) / grid, *(c for c in kinks if k < c * grid < k + 1)})
            mean = grid * mpmath.quad(f, ends)
            assert low[k] - 1e-6 <= mean <= high[k] + 1e-6


@given(texts, st.integers(1, 6), st.integers(1, 40))
@settings(max_examples=40, deadline=None)
def test_chunks_do_not_matter(text: str, grid: int, boxes: int) -> None:
    f = target_of(text)
    whole = jets_of(f, grid)
    seen = np.zeros((grid, grid), dtype=int)
    for place, part in chunks(f, grid, boxes):
        seen[place] += 1
        for name in BoxJets.__dataclass_fields__:
            all_boxes = getattr(whole, name)
            index = (slice(None), *place) if name.startswith("grad") else place
            assert (np.broadcast_to(getattr(part, name), all_boxes[index].shape) == all_boxes[index]).all()
    assert (seen == 1).all()


def test_shapes_and_constants() -> None:
    for dim, grid in [(1, 1), (1, 7), (3, 2), (4, 3)]:
        J = jets(ExpressionTarget("x0", dim), grid)
        assert J.range_lo.shape == (grid,) * dim
        assert J.grad_mid.shape == (dim, *(grid,) * dim)
        assert (J.grad_sup[0] == 1).all()
        assert (J.grad_sup[1:] == 0).all()
    J = jets(ExpressionTarget("1/3", 2), 2)
    assert (J.value_lo < J.value_hi).all()
    assert (J.value_hi - J.value_lo < 1e-16).all()
    assert (J.grad_rad == 0).all()


def test_widths_shrink_at_the_expected_rates() -> None:
    def widths(grid: int) -> tuple[float, float]:
        f = ExpressionTarget("sin(3*x0)*x1 + exp(x0)*x1**2", 2)
        J, (low, high) = jets(f, grid), means(f, grid)
        return float((J.range_hi - J.range_lo).max()), float((high - low).max())

    coarse, fine = widths(16), widths(64)
    assert coarse[0] / fine[0] > 3.5  # first order
    assert coarse[1] / fine[1] > 12  # second order


def test_unbounded_gradients() -> None:
    J = jets(ExpressionTarget("sqrt(x0) + x1", 2), 4)
    assert np.isinf(J.grad_sup[0, 0]).all()
    assert np.isfinite(J.grad_sup[0, 1:]).all()
    assert (J.grad_sup[1] == 1).all()
    [(_, found)] = models(ExpressionTarget("sqrt(x0) + x1", 2), 4)
    assert all((m[0] == r[0]).all() for m, r in zip(found.mean, found.range, strict=True))
    J = jets(ExpressionTarget("step(x0-1/2)", 1), 4)
    assert J.grad_sup.tolist() == [
        [0, inf, 0, 0]
    ]  # [1/4, 1/2] holds the point 1/2, where the step is 1 already
    assert [m.tolist() for m in means(ExpressionTarget("step(x0-1/2)", 1), 4)] == [[0, 0, 1, 1], [0, 1, 1, 1]]
    J = jets(ExpressionTarget("(x0-1)*0*step(x0-1/2) + x0", 1), 4)
    assert J.grad_sup[0, 1] == inf  # an unbounded factor stays unbounded
    J = jets(ExpressionTarget("min(x0, 2+step(x0-1/2))", 1), 4)
    assert (J.grad_sup == 1).all()  # the step is never the minimum


def test_overflow_is_infinite_and_silent() -> None:
    J = jets(ExpressionTarget("exp(1000*x0) - exp(1001*x0)", 1), 2)
    assert J.range_hi[1] == inf
    assert J.range_lo[1] == -inf
    J = (
        jets(ExpressionTarget("(10**300*x0)*(10**300*x0) + 1e400*x0", 1), 2)
        if False
        else jets(ExpressionTarget("1e300*x0*(1e300*x0) + 1e400*x0", 1), 2)
    )
    assert J.range_hi[1] == inf
    assert J.range_lo[1] > 1e300
    assert np.isfinite(J.grad_mid).all()


@pytest.mark.parametrize(
    ("text", "grid"),
    [
        ("1/(x0**2-x0+1/3)", 1),
        ("log(x0-x0**2+1/10)", 1),
        ("sqrt(x0*x0-x0+1/4+1/20)", 1),
        ("(x0*x0-x0+1/4+1/20)**(1/3)", 2),
        ("(x0*x0-x0+1/3)**-3", 1),
    ],
)
def test_coarse_grids_may_not_decide_the_domain(text: str, grid: int) -> None:
    f = ExpressionTarget(text, 1)
    with pytest.raises(DomainUndecided):
        jets(f, grid)
    jets(f, 64)
