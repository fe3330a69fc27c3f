"""The errors of expressions over boxes (rules 7.4.1, 7.4.2): closed forms, and the rule's own bounds."""

from __future__ import annotations

import copy
import importlib
import itertools
import math
import random
import time
from fractions import Fraction as Q
from types import SimpleNamespace
from typing import Any

import handmade as hand
import mpmath
import pytest

check = importlib.import_module("verify.check")

# -- 7.4.1: the mean of |L|^n


def boxes_of(halves: list[int], rho: int = 0) -> Any:
    """One box with these s_i."""
    return check.Boxes(([0], [0]), ([0], [0]), [0], [[s] for s in halves], [rho], [])


def own_mean(a: int, halves: list[int], n: int) -> tuple[Q, Q]:
    """The checker's bounds."""
    means = check.Means(boxes_of(halves))
    (lo,), (hi,) = means.bounds([a], n)
    return Q(lo, means.scale(n)), Q(hi, means.scale(n))


def even_moments(b: list[Q], top: int) -> list[Q]:
    """m_0, m_2, ... by the recursion of the rule."""
    m = [Q(1)] + [Q(0)] * top
    for x in b:
        m = [
            sum(
                (
                    math.comb(2 * j, 2 * k) * m[j - k] * x ** (2 * k) / ((2 * k + 1) * 4**k)
                    for k in range(j + 1)
                ),
                Q(0),
            )
            for j in range(top + 1)
        ]
    return m


def rule(a: Q, b: list[Q], n: int) -> tuple[Q, Q]:
    """The two bounds of the rule."""
    if n % 2 == 0 or abs(a) >= sum(map(abs, b)) / 2:
        m = even_moments(b, n // 2)
        value = sum((math.comb(n, 2 * j) * abs(a) ** (n - 2 * j) * m[j] for j in range(n // 2 + 1)), Q(0))
        return value, value
    *rest, B = sorted(map(abs, b))

    def g(x: Q) -> Q:
        return x * abs(x) ** n

    def psi(s: Q) -> Q:
        return (g(s + B / 2) - g(s - B / 2)) / ((n + 1) * B)

    def mean(nodes: list[tuple[Q, Q]]) -> Q:
        total = Q(0)
        for own in itertools.product(nodes, repeat=len(rest)):
            s = a + sum((x * t for x, (t, _) in zip(rest, own, strict=True)), Q(0))
            total += math.prod((w for _, w in own), start=Q(1)) * psi(s)
        return total

    centres = [(Q(k, 8), Q(1, 4)) for k in (-3, -1, 1, 3)]
    nodes = [(Q(k, 4), Q(1, 8) if abs(k) == 2 else Q(1, 4)) for k in range(-2, 3)]
    return mean(centres), mean(nodes)


@pytest.mark.parametrize("d", [0, 1, 2, 3, 4])
def test_means_lie_between_the_bounds_of_the_rule(d: int) -> None:
    rng = random.Random(d)
    for _ in range(60):
        halves = [rng.choice([0, 1, rng.randint(0, 99), rng.randint(0, 9999)]) for _ in range(d)]
        a, n = (
            rng.choice([0, rng.randint(-9999, 9999), rng.randint(-50, 50)]),
            rng.choice([*range(1, 10), 15, 16, 21, 30]),
        )
        lo, hi = rule(Q(a), [Q(2 * s) for s in halves], n)
        own = own_mean(a, halves, n)
        assert lo - 1 <= own[0] <= own[1] <= hi + 1
        assert own[1] - own[0] < 1
        if lo == hi:
            assert own[0] <= lo <= own[1]


def test_means_against_dense_points() -> None:
    """Midpoints of fine boxes: below for |L|^n (convex), and by the trapezoidal rule above."""
    rng, count = random.Random(3), 24
    middle = [(2 * k + 1 - count) / count for k in range(count)]
    for _ in range(12):
        halves, n = [rng.randint(1, 50) for _ in range(2)], rng.choice([1, 2, 3, 5])
        a = rng.randint(-60, 60)
        values = [abs(a + halves[0] * s + halves[1] * t) ** n for s in middle for t in middle]
        lo, hi = own_mean(a, halves, n)
        mean = sum(values) / count**2
        assert mean <= float(hi) * (1 + 1e-12)
        assert float(lo) <= mean + n * n * (sum(halves) / count) ** 2 * (abs(a) + sum(halves)) ** max(
            n - 2, 0
        )


def test_many_axes_without_a_sign_keep_what_the_range_says() -> None:
    assert own_mean(0, [1] * 9, 3) == (0, 9**3)
    assert own_mean(9, [1] * 9, 1) == (9, 9)
    lo, hi = own_mean(0, [1] * 9, 2)
    assert lo == hi == 3
    assert own_mean(0, [2**40] * 8, 1)[1] < 2**42


@pytest.mark.parametrize("p", [Q(3, 2), Q(7, 2), Q(5, 3), Q(64, 63)])
def test_other_powers_enclose_the_mean(p: Q) -> None:
    """d = 1: the mean is (|a+s|^(p+1) sgn(a+s) - |a-s|^(p+1) sgn(a-s))/((p+1) 2s)."""
    w, rng = 40, random.Random(str(p))

    def G(x: Any) -> Any:
        return mpmath.sign(x) * abs(x) ** (mpmath.mpf(p.numerator) / p.denominator + 1)

    for _ in range(40):
        a, s = rng.randint(-(2**40), 2**40), rng.choice([1, rng.randint(1, 2**20), rng.randint(1, 2**40)])
        means = check.Means(boxes_of([s]))
        (lo,), (hi,), scale = means.power([a], p, w)
        with mpmath.workprec(300):
            x, y, e = mpmath.mpf(a) / 2**w, mpmath.mpf(s) / 2**w, mpmath.mpf(p.numerator) / p.denominator + 1
            true = (G(x + y) - G(x - y)) / (e * 2 * y) * 2 ** check.power_bits(p)
        assert scale == 1
        assert lo - 1 <= true <= hi + 1
        if s < abs(a) // 8:
            assert hi - lo <= true / 50
    assert check.Means(boxes_of([0])).power([0], p, w) == ([0], [0], 1)


@pytest.mark.parametrize("b", [2, 3, 5, 64])
def test_integer_roots(b: int) -> None:
    rng = random.Random(b)
    for x in [*range(300), *(rng.getrandbits(rng.randint(1, 9000)) for _ in range(60))]:
        lo, hi = check.integer_root(x, b, False), check.integer_root(x, b, True)
        assert lo**b <= x < (lo + 1) ** b
        assert hi - lo == (lo**b != x)


# -- errors of whole expressions


def error(
    text: str, d: int, p: Q | None, grid: int, c: list[Q], halvings: int = 0, slack: Q | None = Q(1, 2**40)
) -> tuple[Q, Q]:
    """[S_lo, S_hi] for a table of len(c) cells."""
    claim = SimpleNamespace(dim=d, p=p, modulus="axis")
    target = check.Expression({"kind": "expression", "dim": d, "text": text}, claim)
    den = math.lcm(*(x.denominator for x in c))
    n = round(len(c) ** (1 / d))
    table = check.Table(n, [int(x * den) for x in c], den, Q(0))
    target.prepare([check.Job("here", grid, [Q(0)] * d, table, halvings, slack)])
    return target.error(grid, table)[0][:2]


def holds(found: tuple[Q, Q], true: Any, relative: float) -> None:
    """The enclosure holds the true value, and is that tight."""
    lo, hi = found
    true = Q(true) if isinstance(true, (int, Q)) else Q(mpmath.nstr(true, 40))
    tiny = Q(1, 2**80)
    assert lo <= true + tiny
    assert true - tiny <= hi
    assert hi - lo <= Q(relative) * true


def line(p: Q, a: Q, b: Q) -> Any:
    """The integral of |t|^p over [a, b]."""
    if p.denominator == 1:
        e = p.numerator + 1
        return (b * abs(b) ** (e - 1) - a * abs(a) ** (e - 1)) / e
    with mpmath.workprec(200):
        e = mpmath.mpf(p.numerator) / p.denominator + 1
        x, y = (mpmath.mpf(t.numerator) / t.denominator for t in (a, b))
        return (mpmath.sign(y) * abs(y) ** e - mpmath.sign(x) * abs(x) ** e) / e


@pytest.mark.parametrize("p", [Q(1), Q(2), Q(3), Q(5), Q(7, 2), Q(3, 2)])
@pytest.mark.parametrize("grid", [1, 4, 16])
def test_a_line(p: Q, grid: int) -> None:
    """f = x0 against 1/3: no remainder, so the bounds are the mean itself (p no integer: nearly)."""
    true = line(p, Q(-1, 3), Q(2, 3))
    relative = 2.0**-36 if p.denominator == 1 else 0.5 if grid == 1 else 0.02
    holds(error("x0", 1, p, grid, [Q(1, 3)]), true, relative)
    holds(error("x0", 1, p, 4, [Q(1, 3), Q(1, 2)]), line(p, Q(-1, 3), Q(1, 6)) + line(p, Q(0), Q(1, 2)), 0.05)
    holds(error("1-x0", 2, p, max(grid, 2), [Q(2, 3)] * 4), true, relative)


@pytest.mark.parametrize("p", [Q(21, 2), Q(63, 2), Q(64, 3)])
def test_small_slacks_of_high_powers(p: Q) -> None:
    """lambda^(1-p) is up to 2^1220, and the lower end is still there."""
    found = error("x0", 1, p, 64, [Q(0)], 0, Q(1, 2**40))
    holds(found, line(p, Q(0), Q(1)), 0.001)


@pytest.mark.parametrize("d", [2, 3])
@pytest.mark.parametrize("p", [1, 2, 3, 4])
def test_a_plane(d: int, p: int) -> None:
    """f = x0 + x1 + ...: the mean of |f - c|^p from the density's antiderivatives, sum over corners of (-1)^.. G."""
    c = Q(4, 5)
    total = Q(0)
    for corner in itertools.product((0, 1), repeat=d):
        x = sum(corner) - c
        sign = 1 if p % 2 == 0 or x >= 0 else -1
        total += (-1) ** (d - sum(corner)) * sign * x ** (p + d)
    true = total * Q(math.factorial(p), math.factorial(p + d))
    for grid in (1, 2, 5):
        holds(error("+".join(f"x{i}" for i in range(d)), d, Q(p), grid, [c]), true, 2.0**-36)


def test_suprema() -> None:
    assert error("x0", 1, None, 1, [Q(0)], 0, None)[1] >= 1
    holds(error("x0", 1, None, 1, [Q(1, 3)], 0, None), Q(2, 3), 2.0**-80)
    holds(error("x0+x1", 2, None, 4, [Q(1, 2)], 0, None), Q(3, 2), 2.0**-80)
    holds(error("sqrt(x0)", 1, None, 4, [Q(1)], 16, None), Q(1), 0.01)
    holds(error("step(x0-1/3)", 1, None, 4, [Q(1, 4)], 8, None), Q(3, 4), 2.0**-80)
    holds(error("x0**2", 1, None, 8, [Q(0)], 0, None), Q(1), 0.02)
    assert error("min(x0,1/2)", 1, None, 1, [Q(0)], 0, None)[0] <= Q(1, 2)  # L reaches 3/4, the remainder 1/4


@pytest.mark.parametrize("p", [Q(1), Q(2), Q(3)])
def test_the_remainder_is_taken_off_whole(p: Q) -> None:
    """1 - 2|x0 - 1/2| against 0 on one box: L = 1, and for p = 1 the lower end is the mean 1/2 itself."""
    for slack in (Q(1, 2), Q(1, 64)):
        lo, hi = error("1-2*abs(x0-1/2)", 1, p, 1, [Q(0)], 0, None if p == 1 else slack)
        assert lo <= 1 / (p + 1) <= hi


def test_second_order() -> None:
    """x0**2 against -1: the width falls with the square of the mesh if the slack does."""
    widths = []
    for grid, slack in ((16, Q(1, 256)), (64, Q(1, 4096))):
        lo, hi = error("x0**2", 1, Q(2), grid, [Q(-1)], 0, slack)
        assert lo <= Q(1, 5) + Q(2, 3) + 1 <= hi
        widths.append(hi - lo)
    assert widths[1] < widths[0] / 12


@pytest.mark.parametrize("p", [Q(1), Q(2), Q(3), Q(7, 2)])
@pytest.mark.parametrize("slack", [Q(1, 2), Q(1, 64), Q(63, 64), Q(1, 2**62), 1 - Q(1, 2**62)])
def test_any_slack_encloses(p: Q, slack: Q) -> None:
    """f = abs(x0 - 1/3): the integrals on both sides, against 1/4."""
    true = sum(
        (line(p, Q(-1, 4), Q(1, 12)), line(p, Q(-1, 4), Q(5, 12))),
        start=Q(0) if p.denominator == 1 else mpmath.mpf(0),
    )
    lo, hi = error("abs(x0-1/3)", 1, p, 8, [Q(1, 4)], 0, None if p == 1 else slack)
    holds((lo, hi), true, 1000)
    if p == 1 or slack == Q(1, 64):
        lo, hi = error("abs(x0-1/3)", 1, p, 1024, [Q(1, 4)], 0, None if p == 1 else Q(1, 2**20))
        holds((lo, hi), true, 0.001)


@pytest.mark.parametrize("p", [Q(1), Q(2), Q(3), Q(7, 2)])
def test_halvings_of_a_root(p: Q) -> None:
    """sqrt(x0) against 0: 1/(p/2 + 1); the width shrinks until the first part counts no more."""
    true = 1 / (p / 2 + 1)
    widths = []
    for halvings in (0, 1, 3, 10, 24):
        lo, hi = error("sqrt(x0)", 1, p, 64, [Q(0)], halvings, None if p == 1 else Q(1, 2**6))
        holds((lo, hi), true, 0.2)
        widths.append(hi - lo)
    assert widths == sorted(widths, reverse=True)
    assert p > 1 or widths[-1] < widths[0] / 3


def test_halvings_of_a_jump() -> None:
    """step(x0 - 1/3) against 0 has mean 2/3; one part of 2^-(2+k) is not known. In d = 2 the parts lie along a line."""
    for halvings in (0, 1, 5, 24):
        lo, hi = error("step(x0-1/3)", 1, Q(2), 4, [Q(0)], halvings)
        assert lo <= Q(2, 3) <= hi
        assert abs(hi - lo - Q(1, 2 ** (2 + halvings))) < Q(1, 2**36)
    for halvings in (0, 2, 6):
        lo, hi = error("step(x0-1/3)*(1+x1)", 2, Q(1), 2, [Q(0)], halvings, None)
        assert lo <= 1 <= hi
        assert abs(hi - lo - Q(3, 2) / 2 ** (1 + halvings)) < Q(3, 2 ** (1 + halvings)) / 2


def test_levels_share_a_grid_with_other_halvings() -> None:
    """Each level halves as often as it says, whatever the others do."""
    claim = SimpleNamespace(dim=2, p=Q(2), modulus="axis")
    text = "step(x0-x1)+sqrt(x1)"
    jobs = [
        check.Job("here", 4, [Q(0)] * 2, check.Table(n, list(range(n * n)), 7, Q(0)), k, Q(1, 2 ** (4 + k)))
        for n, k in ((1, 0), (2, 3), (4, 1))
    ]
    together = check.Expression({"kind": "expression", "dim": 2, "text": text}, claim)
    together.prepare(jobs)
    for job in jobs:
        alone = check.Expression({"kind": "expression", "dim": 2, "text": text}, claim)
        alone.prepare([job])
        assert alone.error(4, job.table) == together.error(4, job.table)


def test_slabs_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ("step(x0+x1-4/3)*x0", 2, Q(3), 8, [Q(1), Q(2), Q(-1), Q(0)], 4, Q(1, 16))
    whole = error(*arguments)
    monkeypatch.setattr(check, "SLAB", 8)
    assert error(*arguments) == whole


def test_too_many_parts_are_refused_early() -> None:
    """step(x0 - x1) has g wild boxes and their number doubles, fourfold parts: 2^23 are reached at depth 12 or so."""
    started = time.process_time()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(check, "MAX_PARTS", 1 << 12)
        with pytest.raises(check.Rejected) as caught:
            error("step(x0-x1)", 2, Q(2), 64, [Q(0)], 24)
    assert caught.value.place == "here.halvings"
    assert time.process_time() - started < 5
    error("step(x0-x1)", 2, Q(2), 8, [Q(0)], 5)


# -- certificates


def certified(p: Q | str, slack: str | None, halvings: int = 3) -> dict[str, Any]:
    """sqrt(x0), or x0, judged against the network made for x0: every number with a margin of 2^-30."""
    own = hand.certificate(hand.kuhn([Q(0), Q(1)]), 2, 1, p if isinstance(p, str) else int(p), Q(3))
    own["target"] = {"kind": "expression", "dim": 1, "text": "x0"}
    own["evidence"]["lipschitz"] = None
    own["findings"] = [f for f in own["findings"] if f["property"] != "lipschitz-error"]
    for f in own["findings"]:
        if f["property"] == "error":
            f |= {"grid": 8, "halvings": halvings, "slack": slack}
            lo, hi = (hand.number(x) for x in f["error"])
            f["error"] = [hand.text(lo * (1 - Q(1, 2**30))), hand.text(hi * (1 + Q(1, 2**30)))]
            lo, hi = (hand.number(x) for x in f["modulus"])
            f["modulus"] = [hand.text(lo * (1 - Q(1, 2**30))), None]
    return hand.sealed(own)


def place(certificate: dict[str, Any]) -> str:
    """Where it is refused; '' if it is accepted."""
    try:
        c = hand.sealed(certificate)
        check.check_geometric(c["claim"], c["target"], c["network"], c["evidence"], c["findings"])
    except check.Rejected as error:
        return error.place
    return ""


def changed(certificate: dict[str, Any], **keys: Any) -> dict[str, Any]:
    """With other values in the first error finding."""
    other = copy.deepcopy(certificate)
    other["findings"][4] |= keys
    return other


@pytest.mark.parametrize(
    ("p", "slack"), [(Q(1), None), (Q(2), "1/1099511627776"), (Q(3), "1/1099511627776"), ("inf", None)]
)
def test_stated_ends_count(p: Q | str, slack: str | None) -> None:
    own = certified(p, slack)
    assert place(own) == ""
    lo, hi = own["findings"][4]["error"]
    tight = hand.number(lo) * (1 + Q(5, 2**32)), hand.number(hi) * (1 - Q(5, 2**32))
    assert place(changed(own, error=[hand.text(tight[0]), hi])) == "findings[4].error[0]"
    assert place(changed(own, error=[lo, hand.text(tight[1])])) == "findings[4].error[1]"


def test_slack_and_halvings_are_looked_at() -> None:
    own = certified(Q(2), "1/1099511627776")
    for slack in ("0", "1", "-1/2", "3/2", f"1/{2**62 + 1}", None, True, 1, "x", ["1/2"]):
        assert place(changed(own, slack=slack)) == "findings[4].slack", slack
    for halvings in (-1, 25, True, None, "1", [1]):
        assert place(changed(own, halvings=halvings)) == "findings[4].halvings", halvings
    for key in ("slack", "halvings"):
        other = copy.deepcopy(own)
        del other["findings"][4][key]
        assert place(other) == "findings[4]"
    assert place(changed(own, slack="1/2")) == "findings[4].error[0]"
    assert place(changed(own, halvings=24)) == ""
    for p in (Q(1), "inf"):
        assert place(changed(certified(p, None), slack="1/2")) == "findings[4].slack"
    plain = hand.certificate(hand.kuhn([Q(0), Q(1)]), 2, 1, 2, Q(3))
    assert place(plain) == ""
    assert place(changed(plain, halvings=0, slack="1/2")) == "findings[4]"
