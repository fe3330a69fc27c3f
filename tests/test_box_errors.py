"""Errors and slopes on boxes, against exact values at points and integrals known in closed form."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from small_networks import networks, value

from constructs import targets
from constructs.network import Network
from constructs.raw_layers import layers
from constructs.targets import Target
from verify.own.box_errors import enclosed, grids, jet
from verify.own.points import rational_point
from verify.theorem import error, monotone, theorem
from verify.verdict import Finding, Status

ZERO = layers([[("relu", [1, 0], 0)]], ([0], 0), inputs=2)
TEXTS = ("x0*x1", "abs(x0 - x1) + x0/3", "sin(3*x0)*x1", "max(x0, 1 - x1)**2", "exp(-x0)*step(x1 - 1/2)")


def only(network: Network, target: Target, condition: object) -> Finding:
    claim = theorem(
        name="t",
        source="s",
        parameters={},
        construct=lambda: network,
        conditions=[condition],  # pyright: ignore
    )()
    (found,) = claim.judge(target).findings
    return found


def size(network: Network, target: Target, *x: Fraction) -> fmpq:
    """A lower bound of |f - Phi| at a point that is off by less than 2^-80."""
    ball = target.ball(list(x), 200)
    phi = value(network, *x)
    mid = ball.mid().man_exp()
    return abs(fmpq(mid[0]) * fmpq(2) ** int(mid[1]) - phi) - fmpq(1, 2**80)


@settings(max_examples=40)
@given(networks(2, ("relu",)), st.sampled_from(TEXTS), st.sampled_from([1, 2, 5, 16]))
def test_boxes_are_never_below_what_points_show(network: Network, text: str, grid: int) -> None:
    target = targets.expression(text, 2)
    ends = enclosed(network, target, grid)
    most = fmpq(*ends.most.as_integer_ratio())
    for i, j in product(range(9), repeat=2):
        assert size(network, target, Fraction(i, 8), Fraction(j, 8)) <= most
    assert 0 <= ends.square_lo <= ends.square_hi <= ends.most**2 * 1.000001 + 1e-300


@settings(max_examples=40)
@given(networks(2, ("relu",)))
def test_gradients_on_boxes_hold_the_difference_quotients(network: Network) -> None:
    from verify.boxes import places

    grid = 4
    for place, over, _ in places(2, grid, 1 << 10):
        U, dU = jet(network, over, True)
        shape = tuple(s.stop - s.start for s in place)
        ends = [np.broadcast_to(np.asarray(e), shape) for e in (U.lo, U.hi)]
        for i, j in product(range(shape[0]), range(shape[1])):
            corner = (Fraction(place[0].start + i, grid), Fraction(place[1].start + j, grid))
            here = value(network, *corner)
            assert fmpq(*ends[0][i, j].as_integer_ratio()) <= here <= fmpq(*ends[1][i, j].as_integer_ratio())
            for axis in (0, 1):
                moved = [c + Fraction(int(a == axis), 3 * grid) for a, c in enumerate(corner)]
                slope = (value(network, *moved) - here) * 3 * grid
                if axis not in dU:
                    assert slope == 0
                    continue
                low, high = (np.broadcast_to(np.asarray(e), shape)[i, j] for e in (dU[axis].lo, dU[axis].hi))
                assert fmpq(*low.as_integer_ratio()) <= slope <= fmpq(*high.as_integer_ratio())


def test_the_integral_of_a_square_is_enclosed() -> None:
    f = targets.expression("x0*x1", 2)
    finer = [enclosed(ZERO, f, g) for g in (8, 32, 128)]
    for ends in finer:
        assert ends.square_lo <= 1 / 9 <= ends.square_hi
    widths = [e.square_hi - e.square_lo for e in finer]
    assert widths[2] < widths[1] / 3 < widths[0] / 9
    assert only(ZERO, f, error(2, at_most="1/2")).status is Status.PROVED
    assert only(ZERO, f, error(2, at_most="1/4")).status is Status.REFUTED
    assert only(ZERO, f, error(2, at_most="1/3")).status is Status.UNDECIDED  # it is exactly that


def test_a_bound_that_is_attained_is_undecided_and_a_smaller_one_refuted() -> None:
    f = targets.expression("x0*x1", 2)
    assert only(ZERO, f, error("inf", at_most=1)).status is Status.UNDECIDED
    assert only(ZERO, f, error("inf", at_most="1001/1000")).status is Status.PROVED
    refuted = only(ZERO, f, error("inf", at_most="999999/1000000"))
    assert refuted.status is Status.REFUTED
    assert refuted.stated["witness"] == ["1", "1"]
    assert refuted.stated["error"][1] is None
    assert "at x0 = 1, x1 = 1: f = 1, Phi = 0" in (refuted.note or "")


def test_what_boxes_do_not_decide_is_undecided_with_its_reason() -> None:
    kuhn = targets.kuhn(1, [[0, 0], [0, 1]])
    found = only(ZERO, kuhn, error("inf", at_most=1))
    assert (found.status, found.reason) == (Status.UNDECIDED, "unsupported")
    assert only(ZERO, kuhn, error("inf", at_most="1/2")).status is Status.REFUTED  # by a point
    floors = layers([[("floor", [1, 1], 0)]], (["1/8"], 0), inputs=2)
    found = only(floors, targets.expression("x0", 2), error("inf", at_most=3))
    assert (found.status, found.reason) == (Status.UNDECIDED, "unsupported")
    assert only(floors, targets.expression("x0", 2), error("inf", at_most="1/2")).status is Status.REFUTED
    jump = targets.expression("step(x0 - x1)", 2)
    assert only(ZERO, jump, error("inf", at_most=1)).status is Status.UNDECIDED
    steep = targets.expression("sqrt(x0)", 2)
    assert only(ZERO, steep, error("inf", at_most="9/8")).status is Status.PROVED


@settings(max_examples=40)
@given(networks(2, ("relu",)), st.sampled_from([0, 1]), st.booleans())
def test_monotone_is_true_of_points_or_contradicted_by_two(network: Network, axis: int, up: bool) -> None:
    found = only(network, targets.expression("x0", 2), monotone(axis=axis, increasing=up))
    sign = 1 if up else -1
    if found.status is Status.PROVED:
        for i, j in product(range(8), range(9)):
            low = [Fraction(j, 8), Fraction(j, 8)]
            high = list(low)
            low[axis], high[axis] = Fraction(i, 8), Fraction(i + 1, 8)
            assert sign * value(network, *low) <= sign * value(network, *high)
    elif found.status is Status.REFUTED:
        low, high = ([fmpq(*map(int, c.partition("/")[::2])) if "/" in c else fmpq(int(c)) for c in x]
                     for x in found.stated["witness"])  # fmt: skip
        assert low[1 - axis] == high[1 - axis]
        assert 0 <= low[axis] < high[axis] <= 1
        assert sign * value(network, *low) > sign * value(network, *high)


@settings(max_examples=80)
@given(networks(1), st.booleans())
def test_monotone_on_a_line_is_decided(network: Network, up: bool) -> None:
    found = only(network, targets.expression("x0", 1), monotone(increasing=up))
    sign = 1 if up else -1
    values = [sign * value(network, fmpq(k, 240)) for k in range(241)]
    assert found.status is not Status.UNDECIDED
    if any(a > b for a, b in pairwise(values)):
        assert found.status is Status.REFUTED
    if found.status is Status.REFUTED:
        (low,), (high,) = found.stated["witness"]
        low, high = (fmpq(*map(int, c.split("/"))) for c in (low, high))
        assert low < high
        assert sign * value(network, low) > sign * value(network, high)


def test_grids_keep_to_the_limits() -> None:
    for d in range(1, 11):
        found = list(grids(d, 1))
        assert all((2 * g) ** d <= 1 << 20 for g in found)
        assert found == sorted(set(found))
    assert list(grids(2, 1 << 24)) == []
    assert rational_point(np.array([0.5, 1.0])) == [fmpq(1, 2), 1]


def test_too_many_weights_for_boxes_is_a_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    from verify.own import box_errors

    monkeypatch.setattr(box_errors, "MOST_WORK", 10)
    found = only(ZERO, targets.expression("x0*x1", 2), error("inf", at_most=2))
    assert (found.status, found.reason) == (Status.UNDECIDED, "budget")


@settings(max_examples=40)
@given(networks(1, ("relu",)), st.sampled_from(["x0**2", "abs(x0 - 1/3) - x0**3", "max(x0, 1/2)*x0"]))
def test_boxes_and_pieces_agree_in_one_variable(network: Network, text: str) -> None:
    from verify.own.line_errors import difference, square, supremum
    from verify.own.pieces import stages

    target, readout = targets.expression(text, 1), network.readouts[0]
    e = difference(target, stages(network, [readout.layer])[readout.layer].form(readout.affine))
    sup, mean = supremum(e, fmpq(0)), square(e, fmpq(0))
    for grid in (1, 3, 64):
        ends = enclosed(network, target, grid)
        assert sup.lo <= fmpq(*ends.most.as_integer_ratio())
        low, high = (fmpq(*x.as_integer_ratio()) for x in (ends.square_lo, ends.square_hi))
        assert low <= mean.lo <= high


def test_the_grades_of_the_library_agree_with_their_own_claim() -> None:
    """A network of a public builder, its layers made when asked for, judged twice."""
    from verify import claims

    f = targets.expression("abs(x0 - 1/3)", 1)
    kuhn = targets.kuhn(3, [Fraction(1, 3), 0, Fraction(1, 3), Fraction(2, 3)])
    verdict = claims.multigrade(mesh="1/3", sweeps=2).judge(kuhn)
    stated = verdict.certificate["findings"]
    sup = next(x for x in reversed(stated) if x["property"] == "rate")
    found = only(verdict.network, f, error("inf", at_most=1))
    assert found.stated["error"] == [found.stated["error"][0]] * 2
    assert found.stated["error"][0] in str(sup)
