"""Errors over boxes against closed forms and dense sums: bounds of second order, halvings, units, chunks."""

from __future__ import annotations

from fractions import Fraction
from math import isnan

import mpmath
import numpy as np
import pytest
import slow_boxes
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs.rationals import Rationals
from constructs.targets.expression import ExpressionTarget
from constructs.targets.float_values import float_values
from verify import box_error, box_models
from verify.box_ends import Table
from verify.box_error import Measured, measured
from verify.box_surveys import survey
from verify.strategies import expression_targets

POWERS = ["1", "2", "3", "7/2", "inf"]


def at(text: str, dim: int, grid: int, values: object, p: str) -> Measured:
    floats = np.array(values, dtype=float)
    table = Rationals.of([fmpq(*x.as_integer_ratio()) for x in floats.ravel().tolist()])
    table = table.rearranged(lambda numerators: numerators.reshape(floats.shape))
    exponent = None if p == "inf" else fmpq(*map(int, (Fraction(p).numerator, Fraction(p).denominator)))
    return measured(ExpressionTarget(text, dim), grid, Table(table), exponent)


def norms(found: Measured, boxes: int, p: str) -> tuple[float, float]:
    if p == "inf":
        return found.low, found.high
    q = float(Fraction(p))
    return found.unit * (found.low / boxes) ** (1 / q), found.unit * (found.high / boxes) ** (1 / q)


@pytest.mark.parametrize("p", POWERS)
@pytest.mark.parametrize(("text", "value"), [("x0", 0.5), ("x0", 0.0), ("3-2*x0", 2.5), ("x0", 0.3)])
def test_affine_targets_are_known_to_rounding(text: str, value: float, p: str) -> None:
    """||a + b t||_p on [0, 1], the sign changing at most once; other powers than whole ones to half a percent."""
    f = {"x0": lambda t: t, "3-2*x0": lambda t: 3 - 2 * t}[text]
    ends = sorted((f(0) - value, f(1) - value))
    if p == "inf":
        truth = max(abs(x) for x in ends)
    else:
        q = mpmath.mpf(Fraction(p).numerator) / Fraction(p).denominator
        whole = sum(mpmath.sign(x) * s * abs(x) ** (q + 1) for x, s in zip(ends, (-1, 1), strict=True))
        truth = (whole / ((q + 1) * (ends[1] - ends[0]))) ** (1 / q)
    lo, hi = norms(at(text, 1, 8, [value], p), 8, p)
    assert lo <= truth * (1 + 1e-14)
    assert truth <= hi * (1 + 1e-14)
    assert hi / lo < (1.005 if p == "7/2" else 1 + 1e-8)


@pytest.mark.parametrize("p", POWERS)
def test_two_variables_against_a_dense_sum(p: str) -> None:
    text, n, grid = "sin(3*x0)*x1 + abs(x0-1/3)", 4, 64
    x = (np.arange(2048) + 0.5) / 2048
    v = np.sin(3 * x)[:, None] * x + np.abs(x - 1 / 3)[:, None]
    means = v.reshape(n, 512, n, 512).mean(axis=(1, 3))
    gap = np.abs(v - np.kron(means, np.ones((512, 512))))
    q = 1.0 if p == "inf" else float(Fraction(p))
    truth = gap.max() if p == "inf" else (gap**q).mean() ** (1 / q)
    lo, hi = norms(at(text, 2, grid, means, p), grid**2, p)
    assert lo <= truth * (1 + 2e-3)
    assert truth <= hi * (1 + 1e-6)
    assert hi / lo < 1.04


@pytest.mark.parametrize("p", POWERS)
def test_infinite_slopes_are_halved_away(p: str) -> None:
    """||sqrt - 2/3||_p on [0, 1]."""
    q = mpmath.mpf(1) if p == "inf" else mpmath.mpf(Fraction(p).numerator) / Fraction(p).denominator
    c = mpmath.mpf(2) / 3
    truth = c if p == "inf" else mpmath.quad(lambda t: abs(mpmath.sqrt(t) - c) ** q, [0, c * c, 1]) ** (1 / q)
    found = at("sqrt(x0)", 1, 32, [float(c)], p)
    lo, hi = norms(found, 32, p)
    assert found.halvings >= 2
    assert lo <= truth * (1 + 1e-12)
    assert truth <= hi * (1 + 1e-12)
    assert hi / lo < 1.05


def test_jumps_are_halved_away() -> None:
    found = at("step(x0-1/3)+x1", 2, 8, np.full((4, 4), 0.5), "1")
    lo, hi = norms(found, 64, "1")
    assert found.halvings >= 5
    assert hi / lo < 1.01
    assert lo <= 0.75 <= hi  # 1/4 on a third of the square, 1 on the rest


def test_too_many_parts_are_not_halved(monkeypatch: pytest.MonkeyPatch) -> None:
    halved = at("sqrt(x0)", 1, 8, [0.5], "2")
    monkeypatch.setattr(box_error, "MOST_PARTS", 1)
    found = at("sqrt(x0)", 1, 8, [0.5], "2")
    assert (found.halvings, halved.halvings > 0) == (0, True)
    assert found.low <= halved.low <= halved.high <= found.high


@pytest.mark.parametrize("text", ["sqrt(x0)*x1", "exp(x0*x1)", "step(x0-x1)"])
@pytest.mark.parametrize("p", ["1", "3", "inf"])
def test_chunks_do_not_matter(text: str, p: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = at(text, 2, 32, np.full((2, 2), 0.7), p)
    monkeypatch.setattr(box_error, "CHUNK", 7)
    parts = at(text, 2, 32, np.full((2, 2), 0.7), p)
    assert parts.halvings == whole.halvings
    assert parts.low == pytest.approx(whole.low, rel=1e-9)
    assert parts.high == pytest.approx(whole.high, rel=1e-9)


@given(st.integers(-300, 300), st.sampled_from(["1", "2", "3", "5/2", "inf"]))
@settings(deadline=None, max_examples=40)
def test_units_keep_powers_within_the_floats(exponent: int, p: str) -> None:
    """f = 10^e x0 and the table 0: the norm is 10^e (p + 1)^(-1/p)."""
    found = at(f"1e{exponent}*x0", 1, 512, [0.0], p)
    q = 1.0 if p == "inf" else float(Fraction(p))
    truth = 1.0 if p == "inf" else (1 / (q + 1)) ** (1 / q)
    lo, hi = (x / 10.0**exponent for x in norms(found, 512, p))
    assert lo <= truth * (1 + 1e-9)
    assert truth <= hi * (1 + 1e-9)
    assert hi < 1.01 * lo


@pytest.mark.parametrize("p", ["27", "40", "63", "64", "127/4"])
def test_high_powers_of_a_small_remainder(p: str) -> None:
    """The best slack is so small that its powers overflow: 2^-40 for x0, whose remainder is only rounding."""
    q = float(Fraction(p))
    lo, hi = norms(at("x0", 1, 512, [0.0], p), 512, p)
    assert lo <= (1 / (q + 1)) ** (1 / q) <= hi <= 1.0001 * lo


def test_powers_that_underflow_are_nothing_from_below() -> None:
    """0.00001 but for a jump that cancels, so the largest bound is 1 and 0.00001^64 a number without digits."""
    jump = "step(x0-1/3)-step(x0-1/3)+x0/10**40"
    for k in range(95, 110):
        found = at(f"{k}/10**7+{jump}", 1, 8, [0.0], "64")
        assert Fraction(found.low) / 8 * Fraction(found.unit) ** 64 <= Fraction(k + 1, 10**7) ** 64


def test_the_remainder_counts_with_its_mean_and_no_less() -> None:
    """2|x - 1/2| on one box is all remainder: its mean 1/2 is what the bound says."""
    found = at("2*abs(x0-1/2)", 1, 1, [0.0], "1")
    assert 0.5 <= found.high <= 0.5 * (1 + 1e-9)
    for p in ("2", "3", "inf"):
        lo, hi = norms(at("2*abs(x0-1/2)", 1, 1, [0.0], p), 1, p)
        truth = 1.0 if p == "inf" else (1 / (int(p) + 1)) ** (1 / int(p))
        assert lo <= truth <= hi


@pytest.mark.parametrize("sign", ["", "-"])
def test_means_of_boxes_leave_room_for_the_remainder(sign: str) -> None:
    """The mean of 2|x - 1/2| on one box is v and the whole of sum r_i h/4."""
    ((_, box),) = box_models.models(ExpressionTarget(f"{sign}2*abs(x0-1/2)", 1), 1)
    assert box.mean[0][0] <= (-0.5 if sign else 0.5) <= box.mean[1][0]


def test_means_of_boxes_whose_value_is_known_roughly() -> None:
    ((_, boxes),) = box_models.models(ExpressionTarget("1e16+x0-1e16", 1), 8)
    middles = (np.arange(8) + 0.5) / 8
    assert (boxes.mean[0] <= middles).all()
    assert (middles <= boxes.mean[1]).all()


def test_sums_of_slopes_count_every_box() -> None:
    assert survey(ExpressionTarget("2*x0", 2), 4, fmpq(2)).sums[0] >= 64


@pytest.mark.parametrize(
    "text", ["1e16+x0-1e16", "1e16-(1e16-x0)", "1e15*3+x0-1e15*3", "x0/3-1e15+1e15+2*x0/3"]
)
@pytest.mark.parametrize("value", [0.5, 0.3, -1.0, 2.0])
@pytest.mark.parametrize("p", ["1", "2", "3", "inf"])
def test_values_known_roughly_only(text: str, value: float, p: str) -> None:
    """They are x0 (the table being one value c): the mean of |x0 - c|^p."""
    q = 1 if p == "inf" else int(p)
    truth = max(abs(value), abs(1 - value))
    if p != "inf":
        truth = ((abs(value) ** q * value + abs(1 - value) ** q * (1 - value)) / (q + 1)) ** (1 / q)
    lo, hi = norms(at(text, 1, 16, [value], p), 16, p)
    assert lo <= truth * (1 + 1e-9)
    assert truth <= hi * (1 + 1e-9)


def test_tables_count_with_their_width() -> None:
    f = ExpressionTarget("x0", 1)
    wide = measured(f, 64, Table(Rationals.of(["1/2"]), fmpq(1, 100)), fmpq(2))
    for c in (0.49, 0.5, 0.51):
        exact = (Fraction(1, 12) + (Fraction(c) - Fraction(1, 2)) ** 2) * 64
        assert wide.low <= exact <= wide.high


@given(st.data(), st.sampled_from(POWERS))
@settings(deadline=None, max_examples=80)
def test_the_slow_path_agrees(data: st.DataObject, p: str) -> None:
    """Balls, box by box and of first order, on a finer grid: both hold the truth, ours is hardly ever the wider one."""
    dim = data.draw(st.integers(1, 4))
    f = data.draw(expression_targets(dim))
    n, finer = data.draw(st.integers(1, 2)), data.draw(st.integers(1, 3))
    table = np.array(data.draw(st.lists(st.floats(-2, 2), min_size=n**dim, max_size=n**dim))).reshape(
        (n,) * dim
    )
    grid = n * finer
    exponent = None if p == "inf" else Fraction(p)
    found = at(f.text, dim, grid, table, p)
    boxes = 1 if p == "inf" else grid**dim
    scale = 1.0 if exponent is None else found.unit ** float(exponent)
    low, high = found.low * scale / boxes, found.high * scale / boxes
    times = max(k for k in (8, 4, 2, 1) if (grid * k) ** dim <= 1500 or k == 1)
    slow_low, slow_high = slow_boxes.error(f, table, exponent, grid * times)
    if isnan(slow_low) or isnan(slow_high):  # balls hold their ends with rounding, so 0 where we find none
        return
    assert slow_low <= high * (1 + 1e-9) + 1e-300
    assert low <= slow_high * (1 + 1e-9) + 1e-300


@given(st.data(), st.sampled_from(POWERS))
@settings(deadline=None, max_examples=60)
def test_samples_lie_between(data: st.DataObject, p: str) -> None:
    """For targets without jumps the sums of dense samples come near the truth: within what a box's slope allows."""
    dim = data.draw(st.integers(1, 2))
    f = data.draw(expression_targets(dim))
    grid = 8
    found = at(f.text, dim, grid, np.zeros((1,) * dim), p)
    dense = 4096 if dim == 1 else 256
    x = (np.arange(dense) + 0.5) / dense
    values = np.abs(np.broadcast_to(float_values(f.nodes, np.ix_(*[x] * dim)), (dense,) * dim))
    steep = 4 * sum(
        float(np.abs(np.diff(values, axis=i)).max()) for i in range(dim)
    )  # 4: cusps between samples
    lo, hi = norms(found, grid**dim, p)
    truth = values.max() if p == "inf" else (values ** float(Fraction(p))).mean() ** (1 / float(Fraction(p)))
    assert lo <= truth + steep + 1e-9
    assert truth <= hi + steep + 1e-9
