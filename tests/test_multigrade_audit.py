"""Attacks on the claim `multigrade`: what would have to be accepted for something false to be proved.

Several of them got through once; what let them is in CHANGELOG.md.
"""

from __future__ import annotations

import contextlib
import copy
import importlib
import itertools
import random
from collections.abc import Callable
from fractions import Fraction as Q
from typing import Any

import handmade_multigrade as hand
import numpy as np
import pytest
from checked import status
from flint import fmpq
from handmade import sealed, text

from constructs.erosion import Residual
from constructs.errors import ConstructError
from constructs.multigrade import build
from constructs.targets.expression import ExpressionTarget
from constructs.targets.kuhn import KuhnTarget
from verify import claims
from verify.claims.levels import OutOfBudget
from verify.judging import check as judged
from verify.residual_norms import slope, supremum
from verify.residuals import grid_for, residual

check = importlib.import_module("verify.check")
Function = Callable[[hand.Point], Q]
TINY, CLOSE = Q(1, 2**60), Q(1, 2**200)


def step(u: Q) -> int:
    return int(u >= 0)


TARGETS: list[tuple[int, str, Function]] = [
    (1, "step(x0-1/2)+1/4", lambda x: step(x[0] - Q(1, 2)) + Q(1, 4)),
    (1, "1+step(1/2-x0)", lambda x: Q(1 + step(Q(1, 2) - x[0]))),
    (1, "2*step(x0-1/3)-1/2", lambda x: 2 * step(x[0] - Q(1, 3)) - Q(1, 2)),
    (1, "step(x0)-step(x0-1)+1", lambda x: Q(step(x[0]) - step(x[0] - 1) + 1)),
    (1, "(x0-1/3)**2*step(x0-1/3)+1/9", lambda x: (x[0] - Q(1, 3)) ** 2 * step(x[0] - Q(1, 3)) + Q(1, 9)),
    (1, "min(step(x0-1/2),x0)+1/10", lambda x: min(step(x[0] - Q(1, 2)), x[0]) + Q(1, 10)),
    (
        1,
        "max(x0-1/2,1/4-x0,0)-1/20",
        lambda x: max(x[0] - Q(1, 2), Q(1, 4) - x[0], Q(0)) - Q(1, 20),
    ),
    (2, "step(x0-x1)+1/4", lambda x: step(x[0] - x[1]) + Q(1, 4)),
    (2, "abs(x0-x1)+min(x0,1/3)-2", lambda x: abs(x[0] - x[1]) + min(x[0], Q(1, 3)) - 2),
    (3, "step(x0-x2)+x1*x1+1/5", lambda x: step(x[0] - x[2]) + x[1] ** 2 + Q(1, 5)),
]


def interpolated(d: int, source: str, grid: int) -> Any:
    """The checker's own interpolant and margins."""
    schedule = check.Schedule(d, 1, 1, [1, 2], None)
    return check.read_interpolant(schedule, {"kind": "expression", "dim": d, "text": source}, grid)


def points(rng: random.Random, d: int, grid: int, count: int) -> list[hand.Point]:
    """At nodes, next to them, and on diagonals."""
    near = [Q(0), TINY, 1 - TINY, Q(1), Q(1, 3), Q(1, 2)]
    found = []
    for _ in range(count):
        x = tuple((rng.randrange(grid) + rng.choice(near)) / grid for _ in range(d))
        found.append((x[0],) * d if rng.random() < 0.3 else x)
    return found


@pytest.mark.parametrize(("d", "source", "f"), TARGETS)
@pytest.mark.parametrize("q", [1, 2, 3])
def test_margins_hold_on_closed_boxes_next_to_jumps(d: int, source: str, f: Function, q: int) -> None:
    """Attack: a jump at a node, dyadic or not, seen by the boxes on both of its sides."""
    grid = 2 * q
    own = interpolated(d, source, grid)
    line = hand.kuhn_function(grid, d, [Q(v, own.den) for v in own.values])
    for x in points(random.Random(q), d, grid, 60):
        sides = [{min(int(a * grid), grid - 1), max(-int(-a * grid // 1) - 1, 0)} for a in x]
        for box in itertools.product(*sides):
            margin = own.margins[sum(b * grid ** (d - 1 - i) for i, b in enumerate(box))]
            assert abs(f(x) - line(x)) <= Q(margin, own.den)


@pytest.mark.parametrize("source", ["sqrt(x0)", "x0**(1/2)", "1-sqrt(x0)", "sqrt(x0)*sqrt(x0)"])
def test_margins_hold_where_the_slope_is_infinite(source: str) -> None:
    """Attack: f is known exactly at squares of rationals."""
    own = interpolated(1, source, 6)
    line = hand.kuhn_function(6, 1, [Q(v, own.den) for v in own.values])
    for root in (Q(k, 97) for k in range(98)):
        x = root * root
        value = {"1-sqrt(x0)": 1 - root, "sqrt(x0)*sqrt(x0)": x}.get(source, root)
        assert abs(value - line((x,))) <= Q(own.margins[min(int(x * 6), 5)], own.den)


@pytest.mark.parametrize(("d", "source", "f"), TARGETS)
def test_steps_that_are_proved_never_overshoot_and_witnesses_do(d: int, source: str, f: Function) -> None:
    """Attack: steps as long as the rule allows, a trifle longer, of the wrong sign; in an order with overlaps."""
    m, grid, rng = 2, 6 if d < 3 else 4, random.Random(d)
    own, q = interpolated(d, source, grid), grid // 2
    corners = check.all_cubes(own.values, grid, d)
    low, high = (check.stars(corners, grid, d, q, pick) for pick in (min, max))
    most = check.stars([own.margins] * 2**d, grid, d, q, max)
    safe = [max(a - e, 0) + min(b + e, 0) for a, b, e in zip(low, high, most, strict=True)]
    nodes = list(range((m + 1) ** d))
    at = hand.nodes(m, d)

    def sums(x: hand.Point, steps: list[Q]) -> list[Q]:
        """f and what the grades leave of it."""
        changes = (c * hand.hat(x, k, m) for c, k in zip(steps, at, strict=True))
        return list(itertools.accumulate(changes, lambda r, change: r - change, initial=Q(f(x))))

    for longer in (0, 1, own.den // 2, -3 * own.den):
        steps = [Q(c + longer * (1 if c >= 0 else -1) if c or longer else 0, own.den) for c in safe]
        den, tops = check.over_common(steps, "")
        sweep = check.Sweep("", m, grid, nodes, den, tops)
        work = check.prepared(sweep, own, own.values, grid, own.den, d)
        assert check.proves_pointwise(sweep, work, d) == (longer == 0)
        if longer == 0:
            for x in points(rng, d, grid, 40):
                sizes = [abs(r) for r in sums(x, steps)]
                assert sizes == sorted(sizes, reverse=True)
        for i, v in itertools.product(nodes[:5], range(0, (grid + 1) ** d, d)):
            with contextlib.suppress(check.Rejected):
                check.check_witness([i, v], sweep, work, d, "")
                x = hand.point(hand.nodes(grid, d)[v], grid)
                around = itertools.product(*([a, max(a - CLOSE, Q(0)), min(a + CLOSE, Q(1))] for a in x))
                sizes = [[abs(r) for r in sums(y, steps)[i : i + 2]] for y in around]
                assert any(after > before for before, after in sizes)


def forged(case: hand.Case) -> dict[str, Any]:
    """Its certificate with everything called proved, hashes made anew."""
    made = copy.deepcopy(hand.certificate(case))
    for finding in made["findings"]:
        finding.update(status="proved", reason=None)
        if "witness" in finding:
            finding["witness"] = None
    return sealed({**made, "status": "proved"})


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("d", "cells", "mesh"), [(1, 3, 2), (2, 3, 2), (3, 1, 1), (1, 2, 6)])
def test_a_step_too_long_by_2_to_the_minus_200(d: int, cells: int, mesh: int, sign: int) -> None:
    """Attack: exact targets on grids that do not fit, called proved although one trifle too long."""
    own = [sign * Q(random.Random(k).randint(1, 9), 7) for k in range((cells + 1) ** d)]
    for share in (1 + Q(1, 2**200), Q(2), 2 + Q(1, 2**200)):
        with pytest.raises(check.Rejected):
            status(forged(hand.kuhn(d, cells, own, mesh, 1, share=share)))
    honest = hand.certificate(hand.kuhn(d, cells, own, mesh, 1))
    for finding in honest["findings"]:
        if finding["property"] == "pointwise":
            finding.update(status="refuted", witness=[0, 0])
    with pytest.raises(check.Rejected):
        status(sealed({**honest, "status": "refuted"}))


@pytest.mark.parametrize(("at", "grid"), [(Q(1, 2), 4), (Q(1, 3), 6), (Q(1, 3), 12)])
def test_eroding_as_if_the_jump_were_an_edge(at: Q, grid: int) -> None:
    """Attack: margins 0 at a jump, as the interpolant's own values suggest; a true step is 1/4, not 5/4."""
    case = hand.expression(
        1, f"step(x0-{at})+1/4", lambda x: step(x[0] - at) + Q(1, 4), lambda box: Q(1, 4), grid, 1, 1,
        override={(1, (1,)): Q(1, 4) - Q(1, 100)}, jump={}, slope=Q(1),
    )  # fmt: skip
    with pytest.raises(check.Rejected):
        status(forged(case))


def test_steps_where_a_long_number_would_wrap() -> None:
    """Attack: 10^15, 2^61 and denominators near 2^70, checked against slow fractions."""
    for den, big in ((1, 2**26), (2**70 + 1, 2**96), (10**15 + 37, 10**15)):
        own = [Q(big * k + 1, den) for k in (3, 1, 2, 1, 5, 2, 7, 1, 1)]
        values = np.array([fmpq(x.numerator, x.denominator) for x in own]).reshape(3, 3)
        ours = claims.multigrade(mesh="1/3", sweeps=1, p=5).judge(KuhnTarget(2, values)).certificate
        case = hand.kuhn(2, 2, own, 3, 1, p=[1, 2, 5])
        made = hand.certificate(case, offset=int(ours["network"]["offset"]))
        assert (ours["network"], ours["findings"]) == (made["network"], made["findings"])
        assert status(made) == made["status"]


# -- holes


def ridge(x: hand.Point) -> Q:
    """Of slope 1 for the gauge; its interpolants have slope 2, since e_1 + e_3 is no edge."""
    return max(Q(0), x[0] - max(x[1], x[2]), min(x)) + 2


def test_the_rate_of_an_expression_needs_its_own_slope() -> None:
    """Attack: no grade at all, sup|f| = 3 > 2·(slope 1)·(mesh 1), proved with the interpolant's slope 2."""
    pairs = itertools.combinations(hand.nodes(2, 3), 2)
    for a, b in pairs:
        gap = [x - y for x, y in zip(a, b, strict=True)]
        rise = abs(ridge(hand.point(a, 2)) - ridge(hand.point(b, 2)))
        assert rise <= Q(max(0, *gap) - min(0, *gap), 2)
    case = hand.expression(
        3, "max(0, x0-max(x1,x2), min(x0,x1,x2))+2", ridge, lambda box: Q(1, 2), 4, 1, 1,
        share=Q(0), slope=2 - Q(1, 2**40),
    )  # fmt: skip
    made = hand.certificate(case)
    assert [f["status"] for f in made["findings"] if f["property"] == "rate"] == ["proved"]
    with pytest.raises(check.Rejected):
        status(made)


def test_escapes_do_not_hide_exponents(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attack: 2^22 numbers of 65,536 bits in a short file."""
    monkeypatch.setattr(check, "MAX_TOTAL_BITS", 10)
    with pytest.raises(check.Rejected):
        check.parse(b'["0x1p100"]')
    with pytest.raises(check.Rejected):
        check.parse(b'["0x1p10\\u0030"]')


def test_until_stops_where_it_says() -> None:
    """Attack: the largest margin is not where |r| is largest."""
    target = ExpressionTarget("sqrt(x0)", 1)
    first = residual(target, grid_for(target, 4))
    sup = supremum(build(first, 1, 1).residual).hi
    assert judged(claims.multigrade(mesh="1", sweeps=3, until=text(Q(str(sup)) + Q(1, 10))), target).accepted


def test_large_targets_are_certified_or_refused_at_once() -> None:
    target = KuhnTarget(1, np.array([10**15, 2 * 10**15], dtype=object))
    with contextlib.suppress(ConstructError):
        assert judged(claims.multigrade(mesh="1", sweeps=1), target).accepted


@pytest.mark.filterwarnings("ignore:overflow")
def test_values_near_the_largest_float_end_in_one_line() -> None:
    with pytest.raises((OutOfBudget, ConstructError)):
        claims.multigrade(mesh="1/3", sweeps=1).judge(ExpressionTarget("1e308*step(x0-1/3)", 1))


def test_noise_is_not_wrapped() -> None:
    """Attack: noise of nearly 2^62 at both ends of an edge hides every difference."""
    noisy = Residual(np.array([2**59, -(2**59)]), 1, np.array([0]), np.array([2**62 - 1] * 2))
    assert slope(noisy) == 0
