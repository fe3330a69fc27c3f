"""The checker on certificates of `multigrade` made by hand: good ones are accepted, bad ones are not."""

from __future__ import annotations

import copy
import functools
import importlib
import itertools
import math
import random
from collections.abc import Callable
from fractions import Fraction as Q
from typing import Any

import handmade_multigrade as hand
import pytest
from checked import rejects, spoil, status
from handmade import digest, sealed, text

check = importlib.import_module("verify.check")


def values(seed: int, count: int, low: int = -9, den: int = 7) -> list[Q]:
    rng = random.Random(seed)
    return [Q(rng.randint(low, 9), rng.randint(1, den)) for _ in range(count)]


def verdicts(certificate: Any, name: str) -> list[str]:
    return [f["status"] for f in certificate["findings"] if f["property"] == name]


# -- the parts, against brute force


@pytest.mark.parametrize(
    ("d", "n", "q"), [(1, 3, 5), (1, 1, 12), (2, 2, 6), (2, 1, 7), (3, 2, 2), (3, 1, 3), (4, 1, 2)]
)
def test_refinement(d: int, n: int, q: int) -> None:
    own = [x.numerator for x in values(d, (n + 1) ** d, den=1)]
    f = hand.kuhn_function(n, d, [Q(x) for x in own])
    fine = check.refine(own, n, d, q)
    assert [Q(x, q) for x in fine] == [f(hand.point(k, n * q)) for k in hand.nodes(n * q, d)]


@pytest.mark.parametrize(
    ("d", "m", "q"), [(1, 3, 1), (1, 2, 6), (2, 2, 1), (2, 2, 6), (2, 1, 5), (3, 2, 2), (3, 1, 3), (4, 1, 2)]
)
def test_stars(d: int, m: int, q: int) -> None:
    n = m * q
    own = random.Random(d).sample(range(-5000, 5000), (n + 1) ** d)
    fine = list(zip(own, hand.nodes(n, d), strict=True))
    boxes = random.Random(7).sample(range(5000), n**d)
    corners = check.all_cubes(own, n, d)
    lows, highs = check.stars(corners, n, d, q, min), check.stars(corners, n, d, q, max)
    worst = check.stars([boxes] * 2**d, n, d, q, max)
    for i, k in enumerate(hand.nodes(m, d)):
        inside = [x for x, v in fine if hand.gauge(hand.point(v, n), k, m) <= 1]
        assert (lows[i], highs[i]) == (min(inside), max(inside))
        met = [
            e
            for e, box in zip(boxes, itertools.product(range(n), repeat=d), strict=True)
            if hand.meets(box, n, k, m)
        ]
        assert worst[i] == max(met)


@pytest.mark.parametrize("d", [1, 2, 3, 4])
@pytest.mark.parametrize("low", [-9, 0, -1])
def test_moments(d: int, low: int) -> None:
    n = 3 if d < 3 else 1
    own = [x.numerator for x in values(10 * d + low, (n + 1) ** d, low=low, den=1)]
    if low == -1:
        own = [min(x, 1) for x in own]  # many zeros and ties
    r = dict(zip(hand.nodes(n, d), [Q(x, 5) for x in own], strict=True))
    powers = [1, 2, 5] if d < 4 else [1, 2, 3]
    for size in (1, 4, 10**6):
        moments = check.Moments(n, d, 5, powers)
        for corners in check.cubes(own, n, d, size):
            moments.add(corners)
        for p in powers:
            true = hand.integral(r, n, d, p)
            found = moments.result(p, True)
            assert (found.lo, found.hi, found.exact) == (true, true, True)
            loose = moments.result(p, False)
            assert loose.lo <= true <= loose.hi <= loose.lo + Q(1, 2**400)


def test_moments_that_have_no_common_denominator_are_enclosed() -> None:
    rng = random.Random(3)
    own = [rng.randrange(1, 2**900) * (-1) ** k for k in range(200)]
    moments = check.Moments(199, 1, 1, [1, 2])
    for corners in check.cubes(own, 199, 1):
        moments.add(corners)
    true = sum((Q(a * a + b * b, 2 * (abs(a) + abs(b))) for a, b in itertools.pairwise(own)), Q(0)) / 199
    found = moments.result(1, True)
    assert not found.exact
    assert found.lo < true < found.hi < found.lo + Q(1, 2**500)


def test_steepest() -> None:
    for d, n in ((1, 4), (2, 3), (3, 2)):
        own = [x.numerator for x in values(d, (n + 1) ** d, den=1)]
        r = dict(zip(hand.nodes(n, d), map(Q, own), strict=True))
        assert check.steepest(own, [], n, d) * n == hand.steepest(r, n, d)
        lower = check.steepest(own, [1] * len(own), n, d)
        assert check.steepest(own, [], n, d) - 2 * d <= lower < check.steepest(own, [], n, d)


# -- kuhn targets

HALF = [Q(1), Q(1, 2), Q(3, 2), Q(1), Q(2), Q(1), Q(3, 2), Q(5, 2), Q(1)]
KUHN: dict[str, hand.Case] = {
    "d = 1": hand.kuhn(1, 3, values(1, 4), 1, 3),
    "d = 1, cells divide the mesh": hand.kuhn(1, 2, values(2, 3), 2, 3),
    "d = 1, mesh divides cells": hand.kuhn(1, 6, values(2, 7), 1, 3, p=[1, 2, 16]),
    "d = 2, sign changes, p = 5": hand.kuhn(2, 2, values(4, 9), 1, 2, p=[1, 2, 5]),
    "d = 2, positive": hand.kuhn(2, 3, values(5, 16, 1), 1, 2),
    "d = 2, mesh 3": hand.kuhn(2, 2, values(6, 9, 1), 3, 1),
    "d = 2, half steps": hand.kuhn(2, 2, HALF, 2, 2, share=Q(1, 2)),
    "d = 2, negative": hand.kuhn(2, 2, [-x for x in HALF], 2, 2, p=[1, 2, 4]),
    "d = 3, sign changes": hand.kuhn(3, 1, values(7, 8), 1, 2, p=[1, 2, 3]),
    "d = 3": hand.kuhn(3, 2, values(8, 27, 1), 1, 1),
    "d = 4": hand.kuhn(4, 1, values(9, 16, 1), 1, 1, p=[1, 2, 3]),
    "zero": hand.kuhn(2, 1, [Q(0)] * 4, 1, 2),
    "zero, steps 0": hand.kuhn(2, 1, [Q(0)] * 4, 1, 2, all_nodes=True),
    "steps 0 here and there": hand.kuhn(1, 3, values(1, 4), 1, 2, all_nodes=True),
    "steps of 2 m + delta": hand.kuhn(1, 2, values(2, 3, 1), 1, 2, share=Q(2) + Q(1, 100)),
    "steps of 5/4 m, no witness": hand.kuhn(2, 2, HALF, 1, 2, share=Q(5, 4), witnesses=False),
    "an overshoot in d = 2": hand.kuhn(2, 2, HALF, 2, 1, override={(1, (1, 1)): Q(41, 10)}),
    "an overshoot at the side": hand.kuhn(2, 2, HALF, 1, 1, override={(1, (0, 1)): Q(4)}),
    "a step away": hand.kuhn(2, 2, HALF, 1, 1, override={(1, (0, 1)): Q(-1, 10)}),
    "two overlapping, the second one overshoots": hand.kuhn(
        1, 2, [Q(1), Q(1), Q(1)], 2, 1, override={(1, (0,)): Q(1), (1, (1,)): Q(3)}
    ),
    "until, reached at once": hand.kuhn(1, 3, values(1, 4), 1, 3, until=Q(100), stop=1),
    "until, reached at the end": hand.kuhn(1, 1, [Q(1), Q(2)], 1, 2, until=Q(1, 2)),
    "until, never": hand.kuhn(1, 3, values(1, 4), 1, 2, until=Q(1, 100)),
}  # fmt: skip


@functools.cache
def made(name: str) -> dict[str, Any]:
    return hand.certificate(CASES[name])


@pytest.mark.parametrize("name", KUHN)
def test_kuhn_targets(name: str) -> None:
    assert status(made(name)) == made(name)["status"]


def test_the_cases_meet_every_verdict() -> None:
    met = {(f["property"], f["status"]) for name in CASES for f in made(name)["findings"]}
    shape = {(name, "proved") for name in ("width", "depth", "activations", "nested", "regions")}
    both = {(name, s) for name in ("pointwise", "decrease") for s in ("proved", "refuted", "undecided")}
    assert shape | both | {("rate", "proved"), ("rate", "refuted"), ("slope", "proved")} <= met
    assert {("until", "proved"), ("until", "refuted"), ("until", "undecided"), ("rate", "undecided")} <= met


def test_a_slope_that_grows_is_refuted() -> None:
    case = hand.kuhn(1, 1, [Q(1), Q(1)], 1, 1, override={(1, (1,)): Q(1), (1, (0,)): Q(0)})
    made = hand.certificate(case)
    assert verdicts(made, "slope") == ["refuted"]
    assert status(made) == "refuted"


@pytest.mark.parametrize("seed", range(12))
def test_random_kuhn_targets(seed: int) -> None:
    rng = random.Random(seed)
    d = rng.choice([1, 1, 2, 2, 3])
    cells, mesh, sweeps = (rng.randint(1, 4 - d), rng.randint(1, 4 - d), rng.randint(1, 3 if d == 1 else 2))
    if d == 3:
        cells, mesh, sweeps = 1, 1, rng.randint(1, 2)
    low = rng.choice([-9, -1, 1])
    share = rng.choice([Q(1), Q(1, 3), Q(3, 2), Q(5, 2)])
    case = hand.kuhn(d, cells, values(seed, (cells + 1) ** d, low), mesh, sweeps, share=share)
    made = hand.certificate(case)
    assert status(made) == made["status"]


# -- expressions


def widened(e: Q) -> Q:
    """Rule 11.7."""
    return e * (1 + Q(1, 2**20)) + Q(1, 2**34)


def bent(box: tuple[int, ...], n: int) -> Q:
    """The margin for abs(x0-1/3)*x1 + x1**2/4 - 1/5, first form, by hand."""
    (a, b), (c, e) = ((Q(k, n), Q(k + 1, n)) for k in box)
    third = Q(1, 3)
    r0 = e if a <= third <= b else (e - c) / 2
    low = Q(0) if a <= third <= b else min(abs(a - third), abs(b - third))
    r1 = (max(abs(a - third), abs(b - third)) - low + (e - c) / 2) / 2
    return widened((r0 + r1) / (2 * n))


def rooted(x: hand.Point) -> Q:
    """sqrt(x0 + 1/4), to 2^-100."""
    return Q(math.isqrt(math.floor((x[0] + Q(1, 4)) * 2**200)), 2**100)


def root_margin(box: tuple[int, ...], n: int) -> Q:
    slopes = [1 / (2 * rooted((Q(k, n),))) for k in (box[0], box[0] + 1)]
    return widened((slopes[0] - slopes[1]) / (4 * n))


def jump(at: Q, base: Q) -> Callable[[hand.Point], Q]:
    return lambda x: (x[0] >= at) + x[0] + base


def square_margin(box: tuple[int, ...], n: int) -> Q:
    return widened(Q(1, 2 * n * n))  # slopes 2x +- 1/n


EXPRESSIONS: dict[str, hand.Case] = {
    "abs and square": hand.expression(
        2, "abs(x0-1/3)*x1 + x1**2/4 - 1/5", lambda x: abs(x[0] - Q(1, 3)) * x[1] + x[1] ** 2 / 4 - Q(1, 5),
        lambda box: bent(box, 4), 4, 1, 2,
    ),
    "abs and square, kink on the grid, positive": hand.expression(
        2, "abs(x0-1/3)*x1 + x1**2/4 + 2", lambda x: abs(x[0] - Q(1, 3)) * x[1] + x[1] ** 2 / 4 + 2,
        lambda box: bent(box, 6), 6, 1, 2, p=[1, 2, 3],
    ),
    "sqrt": hand.expression(1, "sqrt(x0+1/4)", rooted, lambda box: root_margin(box, 8), 8, 1, 3),
    "a jump at a node": hand.expression(
        1, "step(x0-3/8)+x0+2", jump(Q(3, 8), Q(2)), lambda box: Q(9, 8) if box[0] == 2 else Q(0), 8, 1, 2
    ),
    "a jump at a node that is not dyadic": hand.expression(
        1, "step(x0-1/3)+x0+2", jump(Q(1, 3), Q(2)),
        lambda box: widened(Q(7, 6) + Q(1, 2)) if box[0] in (1, 2) else Q(1, 2**50), 6, 1, 2,
        jump={(2,): Q(1, 3) + 2 + Q(1, 2)}, p=[1, 2, 4], slope=Q(1, 2),
    ),
    "a jump between zeros": hand.expression(
        1, "step(x0-1/2)*2-1", lambda x: Q(2 * (x[0] >= Q(1, 2)) - 1), lambda box: Q(2 * (box[0] == 1)), 4, 1, 1,
        all_nodes=True,
    ),
    "an overshoot": hand.expression(
        1, "x0**2+1", lambda x: x[0] ** 2 + 1, lambda box: square_margin(box, 4), 4, 1, 1, share=Q(3)
    ),
    "more than safe": hand.expression(
        1, "x0**2+1", lambda x: x[0] ** 2 + 1, lambda box: square_margin(box, 4), 4, 1, 1, share=Q(5, 4)
    ),
    "until, reached": hand.expression(
        1, "x0**2+1", lambda x: x[0] ** 2 + 1, lambda box: square_margin(box, 8), 8, 1, 4, until=Q(4, 5), stop=2
    ),
    "until, open": hand.expression(
        1, "x0**2+1", lambda x: x[0] ** 2 + 1, lambda box: Q(1, 10), 4, 1, 1, until=Q(6, 5)
    ),
    "a constant": hand.expression(2, "1/3", lambda x: Q(1, 3), lambda box: Q(1, 2**60), 2, 1, 2),
}  # fmt: skip
CASES = KUHN | EXPRESSIONS


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_expressions(name: str) -> None:
    assert status(made(name)) == made(name)["status"]


def test_margins_hold_at_points() -> None:
    rng = random.Random(5)
    for name, case in EXPRESSIONS.items():
        schedule = check.read_schedule(made(name)["claim"])
        n = case.grid or 1
        f = check.read_interpolant(schedule, case.target, n)
        margins = dict(zip(itertools.product(range(n), repeat=case.d), f.margins, strict=True))
        line = hand.kuhn_function(n, case.d, [Q(x, f.den) for x in f.values])
        for box, e in margins.items():
            assert Q(e, f.den) <= (case.margin or square_margin)(box) + Q(1, 2**40)
            for _ in range(6):
                x = tuple((b + Q(rng.choice([0, 1, rng.random()]))) / n for b in box)
                assert abs(case.f(x) - line(x)) <= Q(e, f.den) + Q(1, 2**90)


def test_the_kappa_of_an_expression_is_a_lower_end() -> None:
    schedule = check.read_schedule(made("sqrt")["claim"])
    f = check.read_interpolant(schedule, EXPRESSIONS["sqrt"].target, 8)
    found = check.measure(f, f.values, 8, f.den, schedule).slope
    true = (rooted((Q(1, 8),)) - rooted((Q(0),))) * 8
    assert true - Q(1, 2**80) < found < true + Q(1, 2**90)


def test_a_weaker_status_of_an_expression_stands() -> None:
    """The margins are not stated: a producer's larger ones may leave undecided what the checker's prove."""
    bad = copy.deepcopy(made("sqrt"))
    for finding in bad["findings"]:
        if finding["property"] in ("pointwise", "decrease") and finding["level"] == 1:
            finding.update(status="undecided", reason="no-proof")
    bad["status"] = "undecided"
    assert status(sealed(bad)) == "undecided"


def test_the_domain_is_checked() -> None:
    bad = copy.deepcopy(made("sqrt"))
    bad["target"]["text"] = "sqrt(x0-1/4)"
    assert rejects(sealed(bad)) == "evidence.grid"


# -- bad certificates

Edit = Callable[[dict[str, Any]], None]


def found(c: dict[str, Any], name: str, level: int | None = None) -> dict[str, Any]:
    return next(f for f in c["findings"] if f["property"] == name and level in (None, f["level"]))


def put(*path: Any) -> Edit:
    """Sets the value at a path; a first entry ("property", level) is that finding."""

    def edit(c: dict[str, Any]) -> None:
        first, *rest, value = path
        if not rest:
            c[first] = value
            return
        own: Any = found(c, *first) if isinstance(first, tuple) else c[first]
        for key in rest[:-1]:
            own = own[key]
        own[rest[-1]] = value

    return edit


def move(first: Any, *path: Any, by: Q = Q(1, 10**6)) -> Edit:
    """Adds to a number."""

    def edit(c: dict[str, Any]) -> None:
        own: Any = found(c, *first) if isinstance(first, tuple) else c[first]
        for key in path[:-1]:
            own = own[key]
        own[path[-1]] = text(Q(own[path[-1]]) + by)

    return edit


def settle(name: str, level: int, **new: Any) -> Edit:
    return lambda c: found(c, name, level).update(new)


def again(network: Callable[[dict[str, Any]], None]) -> Edit:
    """A changed network with the hash of its prefix made anew."""

    def edit(c: dict[str, Any]) -> None:
        network(c["network"])
        found(c, "nested")["contains"] = digest({**c["network"], "sweeps": c["network"]["sweeps"][:-1]})

    return edit


def step(s: int, k: int, by: Q) -> Edit:
    def edit(network: dict[str, Any]) -> None:
        steps = network["sweeps"][s]["steps"]
        steps[k] = text(Q(steps[k]) + by)

    return again(edit)


D1, D2, EXPR, OVER = "d = 1, mesh divides cells", "d = 2, positive", "sqrt", "an overshoot in d = 2"
SLOPED, STOPPED = "d = 2, half steps", "until, reached at once"
BAD: list[tuple[str, Edit, str]] = [
    # numbers
    (D2, move(("decrease", 1), "before", 0), "before"),
    (D2, move(("decrease", 1), "before", 0, by=-Q(1, 10**6)), "before[0]"),
    (D2, move(("decrease", 2), "after", 1), "after[1]"),
    (D2, move(("decrease", 2), "decrease", 0, by=-Q(1, 10**6)), "decrease[0]"),
    (D2, move(("rate", 2), "supremum", 1), "supremum[1]"),
    (D2, move(("rate", 1), "slope"), "slope"),
    (D2, move(("rate", 1), "bound"), "bound"),
    (SLOPED, move(("slope", 1), "before"), "before"),
    (SLOPED, move(("slope", 2), "after"), "after"),
    (D2, put(("pointwise", 1), "grades", 3), "grades"),
    (D2, put(("decrease", 1), "grades", 3), "grades"),
    (D2, put(("decrease", 1), "p", 2), "p"),
    (D2, put(("decrease", 1), "p", True), "p"),
    (D2, put(("width", None), "value", 4), "value"),
    (D2, put(("width", None), "bound", 8), "bound"),
    (D2, put(("depth", None), "value", 12), "value"),
    (D2, put(("activations", None), "value", []), "value"),
    (D2, put(("activations", None), "bound", ["floor", "relu"]), "bound"),
    (D2, put(("nested", None), "contains", None), "contains"),
    (D2, put(("nested", None), "contains", "0" * 64), "contains"),
    (D2, put(("regions", None), "grid", 4), "grid"),
    (D2, put(("regions", None), "relus", 14), "relus"),
    (EXPR, move(("rate", 1), "supremum", 0), "supremum[0]"),
    (EXPR, move(("rate", 1), "supremum", 1, by=-Q(1, 10**6)), "supremum[1]"),
    (EXPR, move(("decrease", 1), "decrease", 0), "decrease"),
    (EXPR, move(("rate", 1), "slope", by=Q(1, 100)), "slope"),
    (EXPR, put(("rate", 1), "slope", "-1"), "slope"),
    # statuses and witnesses
    (D2, settle("pointwise", 1, status="undecided", reason="no-proof"), "status"),
    (D2, settle("pointwise", 1, status="refuted"), "status"),
    (D2, settle("pointwise", 1, status="refuted", witness=[0, 0]), "witness"),
    (D2, settle("decrease", 1, status="refuted"), "status"),
    (D2, settle("rate", 1, status="undecided", reason="no-proof"), "status"),
    (D2, settle("width", None, status="undecided", reason="no-proof"), "status"),  # type: ignore[arg-type]
    (D2, settle("nested", None, status="refuted"), "status"),  # type: ignore[arg-type]
    (D2, put(("pointwise", 1), "reason", "no-proof"), "reason"),
    (D2, put(("pointwise", 1), "established_by", "producer"), "established_by"),
    (D2, put("status", None), ""),
    (OVER, settle("pointwise", 1, status="proved", witness=None), "status"),
    (OVER, settle("pointwise", 1, status="undecided", reason="no-proof"), "status"),
    (OVER, settle("pointwise", 1, witness=None), "status"),
    (OVER, settle("pointwise", 1, witness=[0, 0]), "witness"),
    (OVER, settle("pointwise", 1, witness=[4, 8]), "witness"),
    (OVER, settle("pointwise", 1, witness=[4, 2]), "witness"),  # outside the support
    (OVER, settle("pointwise", 1, witness=[9, 4]), "witness[0]"),
    (OVER, settle("pointwise", 1, witness=[4, 9]), "witness[1]"),
    (OVER, settle("pointwise", 1, witness=[4, -1]), "witness[1]"),
    (OVER, settle("pointwise", 1, witness=[True, 4]), "witness[0]"),
    (OVER, settle("pointwise", 1, witness=[4]), "witness"),
    (OVER, settle("pointwise", 1, witness="4"), "witness"),
    ("steps of 5/4 m, no witness", settle("pointwise", 1, status="undecided", reason="budget"), "reason"),
    ("steps of 5/4 m, no witness", settle("decrease", 1, status="proved", reason=None), "status"),
    ("more than safe", settle("pointwise", 1, status="proved", reason=None, witness=None), "status"),
    ("zero, steps 0", settle("decrease", 1, status="proved"), "status"),
    ("zero, steps 0", settle("pointwise", 1, status="refuted", witness=[0, 0]), "witness"),
    ("d = 1, cells divide the mesh", settle("slope", 1, status="refuted"), "status"),
    # the network
    (D2, step(1, 0, Q(1, 1000)), ""),
    (D2, step(0, 0, Q(1, 1000)), ""),
    (D2, step(0, 1, -Q(1, 1000)), ""),
    (EXPR, step(0, 0, Q(1, 100)), ""),
    (D2, again(lambda n: n.update(offset=str(int(n["offset"]) - 1))), "network.offset"),
    (D2, again(lambda n: n.update(offset="-1")), "network.offset"),
    (D2, again(lambda n: n.update(offset=3)), "network.offset"),
    (D2, again(lambda n: n.update(inputs=3)), "network.inputs"),
    (D2, again(lambda n: n.update(layers=[])), "network"),
    (D2, again(lambda n: n["sweeps"].pop()), "network.sweeps"),
    (D2, again(lambda n: n["sweeps"].append(n["sweeps"][-1])), "network.sweeps"),
    (D2, again(lambda n: n["sweeps"].clear()), "network.sweeps"),
    (D2, again(lambda n: n["sweeps"].reverse()), "network.sweeps[0].cells"),
    (D2, again(lambda n: n["sweeps"][0]["nodes"].reverse()), "network.sweeps[0].nodes[1]"),
    (D2, again(lambda n: n["sweeps"][0]["nodes"].__setitem__(-1, 4)), "network.sweeps[0].nodes[3]"),
    (D2, again(lambda n: n["sweeps"][0]["nodes"].__setitem__(0, False)), "network.sweeps[0].nodes[0]"),
    (D2, again(lambda n: n["sweeps"][0]["nodes"].pop()), "network.sweeps[0].steps"),
    (D2, again(lambda n: n["sweeps"][0]["steps"].__setitem__(0, 1)), "network.sweeps[0].steps[0]"),
    (D2, again(lambda n: n["sweeps"][0]["steps"].__setitem__(0, "2/4")), "network.sweeps[0].steps[0]"),
    (D2, again(lambda n: n["sweeps"][0]["steps"].__setitem__(0, "0x1p-70000")), "network.sweeps[0].steps[0]"),
    # claim, target, evidence
    (D2, put("claim", "name", "multigrid"), "claim.name"),
    (D2, put("claim", "name", "geometric"), "claim.parameters"),
    (D2, put("claim", "parameters", "dim", 3), "network.inputs"),
    (D2, put("claim", "parameters", "mesh", 0), "claim.parameters.mesh"),
    (D2, put("claim", "parameters", "mesh", 2), "network.sweeps[0].cells"),
    (D2, put("claim", "parameters", "sweeps", 41), "claim.parameters.sweeps"),
    (D2, put("claim", "parameters", "sweeps", 3), "network.sweeps"),
    (D2, put("claim", "parameters", "p", [1]), "claim.parameters.p"),
    (D2, put("claim", "parameters", "p", [2, 1]), "claim.parameters.p[0]"),
    (D2, put("claim", "parameters", "p", [1, 2, 17]), "claim.parameters.p[2]"),
    (D2, put("claim", "parameters", "p", [1, 2, 2]), "claim.parameters.p[2]"),
    (D2, put("claim", "parameters", "p", [1, 2, 3]), "findings"),
    (D2, put("claim", "parameters", "p", [True, 2]), "claim.parameters.p[0]"),
    (D2, put("claim", "parameters", "until", "0"), "claim.parameters.until"),
    (D2, put("claim", "parameters", "until", "1"), "findings"),
    (D2, put("target", "values", 0, "100"), ""),
    (D2, put("target", "cells", 4), "target.values"),
    (D2, put("target", "cells", 10**9), "target.cells"),
    (D2, put("target", "dim", 1), "target.dim"),
    (D2, put("target", {"kind": "step", "dim": 2, "axes": []}), ""),
    (D2, put("evidence", "grid", 6), "evidence.grid"),
    (D2, put("evidence", {"delta": None, "lipschitz": None}), ""),
    (EXPR, put("evidence", "grid", None), "evidence.grid"),
    (EXPR, put("evidence", "grid", 6), "evidence.grid"),
    (EXPR, put("evidence", "grid", 2**26), "evidence.grid"),
    (EXPR, put("evidence", "grid", 2**22), "evidence.grid"),
    (EXPR, put("evidence", "grid", 4), ""),
    (EXPR, put("target", "text", "sqrt(x0+1/3)"), ""),
    # findings
    (D2, lambda c: c["findings"].pop(), "findings"),
    (D2, lambda c: c["findings"].append(c["findings"][-1]), "findings"),
    (D2, lambda c: c["findings"].remove(found(c, "regions")), "findings"),
    (D2, lambda c: c["findings"].reverse(), "findings[0]"),
    (D2, lambda c: c["findings"].insert(5, c["findings"].pop(6)), "findings[5].level"),
    (SLOPED, lambda c: c["findings"].insert(9, c["findings"].pop(7)), "findings[7]"),
    (D2, put(("pointwise", 1), "level", None), "level"),
    (D2, put(("pointwise", 1), "level", True), "level"),
    (D2, put(("width", None), "level", 1), "level"),
    (D2, put(("pointwise", 1), "extra", 1), "findings"),
    # until
    (STOPPED, put("claim", "parameters", "until", "1/100"), "level"),
    (STOPPED, put(("until", None), "level", None), "level"),
    (STOPPED, put(("until", None), "level", 2), "level"),
    (STOPPED, put("claim", "parameters", "until", None), "network.sweeps"),
    ("until, reached at the end", put("claim", "parameters", "until", "100"), "level"),
    ("until, never", settle("until", None, status="undecided", reason="no-proof"), "status"),  # type: ignore[arg-type]
    ("until, open", settle("until", None, status="refuted", reason=None), "status"),  # type: ignore[arg-type]
]  # fmt: skip


@pytest.mark.parametrize(("name", "edit", "place"), BAD, ids=[f"{i}: {b[2]}" for i, b in enumerate(BAD)])
def test_bad_certificates(name: str, edit: Edit, place: str) -> None:
    bad = copy.deepcopy(made(name))
    edit(bad)
    bad["status"] = hand.overall(bad["findings"]) if bad["status"] is not None else None
    assert place in rejects(sealed(bad))


def test_a_sweep_too_many_after_the_schedule_has_stopped() -> None:
    case = KUHN["until, reached at once"]
    late = hand.certificate(hand.Case(**{**case.__dict__, "stop": 2}))
    assert rejects(late) == "network.sweeps"
    early = hand.certificate(hand.Case(**{**case.__dict__, "until": Q(1, 100), "stop": 2}))
    assert rejects(early) == "network.sweeps"


@pytest.mark.parametrize("path", ["findings", "network", "claim", "target", "evidence"])
def test_junk_is_rejected_and_nothing_else_is_raised(path: str) -> None:
    rng = random.Random(path)
    for name in (D2, EXPR, OVER, STOPPED):
        for _ in range(40):
            bad = copy.deepcopy(made(name))
            _, key = spoil(bad, path, rng)
            try:
                code = status(sealed(bad))
            except check.Rejected:
                continue
            assert code in ("proved", "refuted", "undecided")
            # what may change: a larger offset only
            assert key == "offset"


def hostile(
    cells: int, d: int, mesh: int, sweeps: int, grid: Any = None, source: str = "x0"
) -> dict[str, Any]:
    kuhn = {"kind": "kuhn", "dim": d, "cells": cells, "values": []}
    target = {"kind": "expression", "dim": d, "text": source} if grid else kuhn
    parameters = {"dim": d, "mesh": mesh, "sweeps": sweeps, "p": [1, 2], "until": None}
    empty = [{"cells": mesh << s, "nodes": [], "steps": []} for s in range(sweeps)]
    return sealed(
        {
            "format": "approxcert-certificate", "version": 1, "producer": {}, "target": target, "findings": [],
            "claim": {"name": "multigrade", "parameters": parameters}, "status": "proved",
            "network": {"inputs": d, "offset": "0", "sweeps": empty}, "evidence": {"grid": grid},
        }
    )  # fmt: skip


LIMITS = [
    (hostile(1, 1, 1, 40), "certificate"),  # 2^39 is no int
    (hostile(1, 1, 1, 29), "target.cells"),
    (hostile(1, 10, 2, 1), "target.cells"),
    (hostile(10**9, 1, 1, 1), "target.cells"),
    (hostile(2**21 - 1, 1, 2, 2), "target.cells"),
    (hostile(2**21, 1, 1, 9), "target.cells"),  # nodes of all sweeps together
    (hostile(3, 9, 1, 1), "target.cells"),  # simplices
    (hostile(1, 1, 1, 1, 2**26), "evidence.grid"),
    (hostile(1, 2, 1, 1, 4097), "evidence.grid"),
    (hostile(1, 1, 10**9, 1, 1), "evidence.grid"),
]


@pytest.mark.parametrize(("certificate", "place"), LIMITS, ids=[str(i) for i in range(len(LIMITS))])
def test_limits_are_checked_first(certificate: Any, place: str) -> None:
    assert rejects(certificate) == place


def test_numbers_too_long_for_the_grid() -> None:
    big = hand.kuhn(2, 1, [Q(1, 2**400), Q(1, 3**300), Q(2**400), Q(1)], 1, 1, all_nodes=True)
    assert status(hand.certificate(big)) == "proved"
    schedule = check.read_schedule(hostile(1, 2, 1024, 1)["claim"])
    check.read_interpolant(schedule, big.target, 512)
    with pytest.raises(check.Rejected):
        check.read_interpolant(schedule, {**big.target, "values": ["1", "1", "1", f"1/{3**700}"]}, 1024)
    with pytest.raises(check.Rejected):
        check.affordable([2**4000], 1, 2**20, "here")


def test_sixteenth_powers_of_long_numbers_are_refused_before_they_are_formed() -> None:
    schedule = check.read_schedule(
        {
            "name": "multigrade",
            "parameters": {"dim": 2, "mesh": 1, "sweeps": 1, "p": [1, 2, 16], "until": None},
        }
    )
    own = [2**8000] * 129**2
    with pytest.raises(check.Rejected):
        check.measure(check.Interpolant(128, 1, own, [], []), own, 128, 1, schedule)


def test_the_layers_are_really_run() -> None:
    """With another formula the layers would not give the hat, and a wrong sign is seen."""
    layers = check.Layers(4, 2)
    assert layers.hat(4, 2, "here") == [
        max(Q(0), 2 * hand.hat(hand.point(k, 4), (1, 1), 2)) for k in hand.nodes(4, 2)
    ]
    with pytest.raises(check.Rejected):
        layers.relu([x - 2 * y for x, y in zip(*layers.axes, strict=True)], "here")
    layers.relu(
        [x - y for x, y in zip(*layers.axes, strict=True)], "here"
    )  # a hyperplane of the triangulation
    with pytest.raises(check.Rejected):
        layers.relu([x + y - 4 for x, y in zip(*layers.axes, strict=True)], "here")  # none
