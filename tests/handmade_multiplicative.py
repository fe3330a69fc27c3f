"""Certificates of `multiplicative` made by hand, for the tests of the checker: small, slow and by fractions alone.

Written from verify/CERTIFICATE.md; it imports nothing of the project. B-splines come from the Cox-de Boor recursion on
explicit knots, functionals and units and the coefficients on the fine mesh from linear equations, and everything else
from the rule that states it, box by box and spline by spline.
"""

from __future__ import annotations

import decimal
import functools
import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction as Q
from typing import Any

from handmade import sealed, text

Point = tuple[Q, ...]
Interval = tuple[Q, Q]
SLACK = Q(1, 2**70)  # for the roundings of the checker
NARROW = Q(1, 2**30)  # relative
decimal.getcontext().prec = 60


# -- functions of a real variable, to within 10^-50


def decimal_of(x: Q) -> Decimal:
    return Decimal(x.numerator) / Decimal(x.denominator)


def exponential(x: Q) -> Q:
    return Q(decimal_of(x).exp())


def root(x: Q, r: Q) -> Q:
    """x^r for x >= 0."""
    return Q(decimal_of(x) ** decimal_of(r)) if x else Q(r == 0)


def trigonometric(x: Q, odd: bool) -> Q:
    """sin x or cos x for 0 <= x <= 4, by the series."""
    term, total, n = (x if odd else Q(1)), Q(0), 1 if odd else 0
    while abs(term) > Q(1, 10**55):
        total += term
        term = -term * x * x / ((n + 1) * (n + 2))
        term, n = Q(round(term * 2**200), 2**200), n + 2
    return total


# -- linear algebra


def solved(rows: list[list[Q]], right: list[list[Q]]) -> list[list[Q]]:
    """X with rows·X = right, which must have one solution; there may be more rows than needed."""
    size = len(rows[0])
    both = [[*row, *more] for row, more in zip(rows, right, strict=True)]
    done: list[list[Q]] = []
    for column in range(size):
        pivot = next(row for row in both if row[column])
        both.remove(pivot)
        pivot = [x / pivot[column] for x in pivot]
        both = [[x - row[column] * y for x, y in zip(row, pivot, strict=True)] for row in both]
        done = [[x - row[column] * y for x, y in zip(row, pivot, strict=True)] for row in done] + [pivot]
    assert not any(any(row) for row in both)
    return [row[size:] for row in done]


# -- splines on one axis


@functools.cache
def de_boor(knots: tuple[int, ...], t: Q) -> Q:
    """The B-spline with these knots, by the recursion of Cox and de Boor."""
    if len(knots) == 2:
        return Q(knots[0] <= t < knots[1])
    a, b, n = knots[:-1], knots[1:], len(knots) - 2
    return (t - a[0]) / (a[n] - a[0]) * de_boor(a, t) + (b[n] - t) / (b[n] - b[0]) * de_boor(b, t)


def spline(q: int, t: Q) -> Q:
    """B of rule 12.2, only at t in its support."""
    return de_boor(tuple(range(q + 2)), t) if 0 < t < q + 1 else Q(0)


def symmetric(values: Sequence[int], r: int) -> int:
    return sum(math.prod(own) for own in itertools.combinations(values, r))


def sites(q: int, M: int) -> list[Q]:
    """Rule 12.4."""
    if q % 2:
        return [Q(k) for k in range(M + 1)]
    return [Q(0), *(k + Q(1, 2) for k in range(M)), Q(M)]


@functools.cache
def functional(q: int, M: int, k: int) -> dict[int, Q]:
    """Rule 12.4: the weights of lambda_k that are not 0, by the numbers of their sites."""
    all_sites, n, mu = sites(q, M), 0, k + Q(q + 1, 2)
    while n + q + 1 < len(all_sites) and abs(all_sites[n + q + 1] - mu) < abs(all_sites[n] - mu):
        n += 1
    own = all_sites[n : n + q + 1]
    right = [[Q(symmetric(range(k + 1, k + q + 1), r), math.comb(q, r))] for r in range(q + 1)]
    weights = solved([[s**r for s in own] for r in range(q + 1)], right)
    return {n + j: w for j, [w] in enumerate(weights) if w}


def farthest(q: int, M: int, k: int, site: Q) -> Q:
    """rho of rule 12.7."""
    return max(abs(site - max(k, 0)), abs(site - min(k + q + 1, M)))


def constant(d: int, q: int, M: int) -> Q:
    """Rule 12.7: C_q."""
    if q == 1:
        return Q(1, 8)
    every, best = sites(q, M), Q(0)
    for k in range(-q, M):
        own = functional(q, M, k)
        reach = sum(abs(w) * farthest(q, M, k, every[j]) ** (q + 1) for j, w in own.items())
        best = max(best, reach / math.factorial(q + 1))
    return max(sum(map(abs, functional(q, M, k).values())) for k in range(-q, M)) ** (d - 1) * best


def distance(q: int, M: int) -> Q:
    """Rule 12.8, `locality`, in units of h."""
    every = sites(q, M)
    return max(farthest(q, M, k, every[j]) for k in range(-q, M) for j in functional(q, M, k))


@functools.cache
def gammas(q: int) -> dict[tuple[int, int], Q]:
    """Rule 12.3, from values at 2q + 1 points of every [i, i + 1]."""
    pairs = [(a, b) for a in range(q + 2) for b in range(a + 1, q + 2)]
    at = [i + Q(u + 1, 2 * q + 2) for i in range(q + 1) for u in range(2 * q + 1)]
    rows = [[max(t - a, Q(0)) ** q * max(b - t, Q(0)) ** q for a, b in pairs] for t in at]
    weights = solved(rows, [[spline(q, t)] for t in at])
    return {pair: w for pair, [w] in zip(pairs, weights, strict=True)}


@functools.cache
def finer(q: int, M: int, G: int) -> list[list[Q]]:
    """finer[j + q][k + q]: the coefficient at B(G x - j) of B(M x - k), from values at q + 1 points of each box.

    The splines that meet two boxes get the same coefficients from both.
    """
    table: dict[int, list[Q]] = {}
    for m in range(G):
        at = [(m + Q(u + 1, q + 2)) / G for u in range(q + 1)]
        rows = [[spline(q, G * x - j) for j in range(m - q, m + 1)] for x in at]
        own = solved(rows, [[spline(q, M * x - k) for k in range(-q, M)] for x in at])
        for j, row in enumerate(own, m - q):
            assert table.setdefault(j, row) == row
    return [table[j] for j in range(-q, G)]


# -- cases


@dataclass(frozen=True)
class Case:
    """A target with its enclosures, in exact or almost exact arithmetic; `tau` is stated, `error` spoils c_0."""

    d: int
    q: int
    M: int
    G: int
    step: int
    source: str
    f: Callable[[Point], Q]
    gradient: Callable[[list[Interval]], list[Interval] | None]  # on a box; None: not bounded
    extent: Callable[[list[Interval]], Interval] = lambda box: (Q(0), Q(0))
    s: Q | None = None
    bessel: bool = False
    x: Point = ()
    y: Point = ()
    tau: Q = Q(1, 2**60)
    error: Q = Q(0)

    def but(self, **more: Any) -> Case:
        return replace(self, **more)


Indices = tuple[int, ...]


class Run:
    """Everything of one case."""

    def __init__(self, case: Case) -> None:
        self.case, self.d, self.q, self.M, self.G = case, case.d, case.q, case.M, case.G
        self.keys = list(itertools.product(range(-case.q, case.M), repeat=case.d))
        self.c = {k: Q(round(self.functional(k) * 2**64), 2**64) for k in self.keys}
        self.c[self.keys[0]] += case.error
        self.fine = self.refined()

    def functional(self, k: Indices) -> Q:
        """lambda_k(f), as a tensor product."""
        own, every = [functional(self.q, self.M, i) for i in k], sites(self.q, self.M)
        total = Q(0)
        for js in itertools.product(*own):
            w = math.prod(weights[j] for weights, j in zip(own, js, strict=True))
            total += w * self.case.f(tuple(every[j] / self.M for j in js))
        return total

    def phi(self, x: Point) -> Q:
        """Rule 12.2."""
        total = Q(0)
        for k, c in self.c.items():
            factors = [spline(self.q, self.M * a - i) for a, i in zip(x, k, strict=True)]
            total += c * math.prod(factors)
        return total

    def error_at(self, x: Point) -> Q:
        return self.case.f(x) - self.phi(x)

    def units(self) -> dict[tuple[tuple[int, int], ...], Q]:
        """Rule 12.3: the C that are not 0, by expanding."""
        result: dict[tuple[tuple[int, int], ...], Q] = {}
        for k, c in self.c.items():
            for pairs in itertools.product(gammas(self.q).items(), repeat=self.d):
                box = tuple((a + i, b + i) for ((a, b), _), i in zip(pairs, k, strict=True))
                result[box] = result.get(box, Q(0)) + c * math.prod(w for _, w in pairs)
        return {box: c for box, c in result.items() if c}

    def refined(self) -> dict[Indices, Q]:
        """The coefficients on the mesh 1/G."""
        table, values = finer(self.q, self.M, self.G), dict(self.c)
        for axis in range(self.d):
            fresh: dict[Indices, Q] = {}
            for k, c in values.items():
                for j, row in enumerate(table):
                    if w := row[k[axis] + self.q]:
                        at = (*k[:axis], j - self.q, *k[axis + 1 :])
                        fresh[at] = fresh.get(at, Q(0)) + w * c
            values = fresh
        return {k: values.get(k, Q(0)) for k in itertools.product(range(-self.q, self.G), repeat=self.d)}

    def slope_hull(self, m: Indices, axis: int) -> Interval:
        """Rule 12.5: the hull of d_axis Phi on box m."""
        ranges = [range(a - self.q + (i == axis), a + 1) for i, a in enumerate(m)]
        steps = []
        for j in itertools.product(*ranges):
            below = (*j[:axis], j[axis] - 1, *j[axis + 1 :])
            steps.append(self.G * (self.fine[j] - self.fine[below]))
        return min(steps), max(steps)

    def hull(self, m: Indices) -> Interval:
        own = [self.fine[j] for j in itertools.product(*(range(a - self.q, a + 1) for a in m))]
        return min(own), max(own)

    def sizes(self) -> tuple[Interval, list[Interval] | None]:
        """Rule 12.5: the ends of E, and of the L_i if they are known."""
        G, low, high, steep = self.G, Q(0), Q(0), [(Q(0), Q(0))] * self.d
        bounded = True
        for m in itertools.product(range(G), repeat=self.d):
            box = [(Q(a, G), Q(a + 1, G)) for a in m]
            v = self.error_at(tuple(Q(2 * a + 1, 2 * G) for a in m))
            low, gradient = max(low, abs(v)), self.case.gradient(box)
            if gradient is None:
                bounded, (a, b), (below, above) = False, self.case.extent(box), self.hull(m)
                high = max(high, above - a, b - below)
                continue
            reach = abs(v)
            for i, (a, b) in enumerate(gradient):
                below, above = self.slope_hull(m, i)
                a, b = a - above, b - below
                steep[i] = max(steep[i][0], a, -b), max(steep[i][1], -a, b)
                reach += max(-a, b) / (2 * G)
            high = max(high, reach)
        return (low, high), steep if bounded else None

    def squares(self) -> tuple[Interval, Interval]:
        """Rule 12.10: the ends of the squares of the L^2 norms of e and of its gradient."""
        G, value, slope = self.G, [Q(0), Q(0)], [Q(0), Q(0)]
        for m in itertools.product(range(G), repeat=self.d):
            gradient = self.case.gradient([(Q(a, G), Q(a + 1, G)) for a in m])
            assert gradient is not None
            w = self.error_at(tuple(Q(2 * a + 1, 2 * G) for a in m))
            middle, radius = [], []
            for i, (a, b) in enumerate(gradient):
                below, above = self.slope_hull(m, i)
                a, b = a - above, b - below
                middle.append((a + b) / 2)
                radius.append((b - a) / 2)
                slope[0] += max(a, -b, Q(0)) ** 2 / G**self.d
                slope[1] += max(-a, b) ** 2 / G**self.d
            rest, size = sum(radius) / (2 * G), abs(w) + sum(map(abs, middle)) / (2 * G)
            mean = w * w + sum(x * x for x in middle) / (12 * G * G)
            value[0] += max(mean - 2 * size * rest, Q(0)) / G**self.d
            value[1] += (mean + 2 * size * rest + rest**2) / G**self.d
        return (value[0], value[1]), (slope[0], slope[1])

    def differences(self, i: int, j: int) -> Q:
        """Rule 12.6: D_i for i = j, else D_ij."""
        t, order = Q(self.case.step, self.G), self.q + 1 if i == j else 2
        unit = [tuple(t * (a == b) for b in range(self.d)) for a in range(self.d)]
        best = Q(0)
        for k in itertools.product(range(self.G + 1), repeat=self.d):
            x = tuple(Q(a, self.G) for a in k)
            if i == j:
                points = [
                    (tuple(a + n * b for a, b in zip(x, unit[i], strict=True)), n) for n in range(order + 1)
                ]
                terms = [(p, (-1) ** n * math.comb(order, n)) for p, n in points]
            else:
                moves = itertools.product((0, 1), repeat=2)
                terms = [
                    (
                        tuple(a + m * b + n * c for a, b, c in zip(x, unit[i], unit[j], strict=True)),
                        (-1) ** (m + n),
                    )
                    for m, n in moves
                ]
            if all(max(p) <= 1 for p, _ in terms):
                best = max(best, abs(sum(w * self.case.f(p) for p, w in terms)))
        return best / t**order

    def quotient(self) -> Q:
        """Rule 12.8, `zygmund`, without |y|_2^s."""
        x, y = self.case.x, self.case.y
        plus = tuple(a + b for a, b in zip(x, y, strict=True))
        minus = tuple(a - b for a, b in zip(x, y, strict=True))
        return abs(self.error_at(plus) - 2 * self.error_at(x) + self.error_at(minus))


def wide(ends: Interval) -> Interval:
    """With a margin, since arithmetics differ."""
    return max(ends[0] * (1 - NARROW) - SLACK, Q(0)), ends[1] * (1 + NARROW) + SLACK


def short(x: Q, up: bool) -> Q:
    """A dyadic number near it, as a producer would state it."""
    return Q(math.ceil(x * 2**120) if up else math.floor(x * 2**120), 2**120)


def stated(ends: Interval) -> list[str]:
    return [text(short(ends[0], False)), text(short(ends[1], True))]


def between(E: Q, slopes: Iterable[Q], s: Q) -> Q:
    """(4 E)^(1-s)·(2 |slopes|_2)^s."""
    return root(4 * E, 1 - s) * root(4 * sum((x * x for x in slopes), Q(0)), s / 2)


def findings_of(run: Run) -> list[dict[str, Any]]:
    """Rule 12.8."""
    case, d, q, M = run.case, run.d, run.q, run.M
    result: list[dict[str, Any]] = []

    def add(name: str, level: int | None, proved: bool, **own: Any) -> None:
        verdict = {"status": "proved" if proved else "undecided", "reason": None if proved else "no-proof"}
        result.append({"property": name, "level": level, **verdict, "established_by": "checker", **own})

    kinds = ["product", "relu" + (str(q) if q > 1 else "")]
    add("activations", None, True, value=kinds, bound=kinds)
    add("units", None, True, value=len(run.units()), bound=((q + 1) * (q + 2) // 2 * (M + q)) ** d)
    add("support", None, True, value=q + 1, bound=q + 1)
    add("exactness", None, True, degree=q)
    add("coefficients", None, True, tolerance=text(case.tau))
    add("locality", None, True, value=text(distance(q, M) / M), bound=text(Q(q + 1, M)))
    error, steep = run.sizes()
    guess = [(Q(0), Q(1000))] * d  # where nothing is known; not to be accepted
    lists = [error] if q > 1 else [error, *(steep or guess)]
    tops, bounds, proved = [], [], []
    for i, ends in enumerate(lists, -1):
        if i < 0:
            D = sum((run.differences(j, j) for j in range(d)), Q(0))
            factor, extra = constant(d, q, M) / Q(M) ** (q + 1), case.tau
        else:
            D = sum((run.differences(i, j) for j in range(d)), Q(0))
            factor, extra = Q(1, 2 * M), 2 * M * case.tau
        D = short(max(D * (1 - NARROW) - SLACK * 2**20, Q(0)), False)
        ends = tuple(Q(short(x, up)) for x, up in zip(wide(ends), (False, True), strict=True))
        bound = factor * D + extra
        tops.append(ends[1])
        bounds.append(bound)
        proved.append(ends[1] <= bound)
        name, level = ("sup", None) if i < 0 else ("derivative", i)
        add(name, level, proved[-1], error=stated((ends[0], ends[1])), seminorm=text(D), bound=text(bound))
    if case.bessel:
        add_bessel(add, run, bounds, proved)
    elif case.s is not None:
        square = sum((a * a for a in case.y), Q(0))
        low, high = run.quotient() / root(square, case.s / 2), between(tops[0], tops[1:], case.s)
        low, high = wide((low, high))
        bound = short(between(bounds[0], bounds[1:], case.s) * (1 - NARROW), False)
        points = {"x": [text(a) for a in case.x], "y": [text(a) for a in case.y]}
        good = short(high, True) <= bound and all(proved)
        add("zygmund", None, good, **points, seminorm=stated((low, high)), bound=text(bound))
    return result


def add_bessel(add: Callable[..., None], run: Run, bounds: list[Q], proved: list[bool]) -> None:
    """Rule 12.10."""
    s, dues = run.case.s or Q(0), [bounds[0] ** 2, sum((b * b for b in bounds[1:]), Q(0))]
    squares, good = [wide(ends) for ends in run.squares()], []
    for name, ends, due, before in zip(
        ("l2", "gradient"), squares, dues, (proved[:1], proved[1:]), strict=True
    ):
        good.append(short(ends[1], True) <= due and all(before))
        add(name, None, good[-1], value=stated(ends), bound=text(due))
    tops = [short(ends[1], True) for ends in squares]
    low, high = root(short(squares[0][0], False), Q(1, 2)), product_of_roots(tops[0], tops[1], s)
    low, high = wide((low, high))
    bound = short(product_of_roots(dues[0], dues[1], s) * (1 - NARROW), False)
    ends = stated((low, high))
    add("bessel", None, short(high, True) <= bound and all(good), norm=ends, bound=text(bound))


def product_of_roots(value: Q, slope: Q, s: Q) -> Q:
    """value^((1-s)/2)·(value + slope)^(s/2)."""
    return root(value, (1 - s) / 2) * root(value + slope, s / 2)


def overall(findings: list[dict[str, Any]]) -> str:
    """Rule 9.8."""
    found = {f["status"] for f in findings}
    return "refuted" if "refuted" in found else "undecided" if "undecided" in found else "proved"


def certificate(case: Case) -> dict[str, Any]:
    """The certificate of a case."""
    run = Run(case)
    findings = findings_of(run)
    norm = "sup" if case.s is None else "bessel" if case.bessel else "zygmund"
    s = None if case.s is None else text(case.s)
    return sealed(
        {
            "format": "approxcert-certificate",
            "version": 1,
            "producer": {},
            "claim": {
                "name": "multiplicative",
                "parameters": {"dim": case.d, "mesh": case.M, "degree": case.q, "norm": norm, "s": s},
            },
            "target": {"kind": "expression", "dim": case.d, "text": case.source},
            "network": {
                "inputs": case.d, "degree": case.q, "mesh": case.M,
                "coefficients": [text(run.c[k]) for k in run.keys],
            },
            "evidence": {"grid": case.G, "step": case.step},
            "findings": findings,
            "status": overall(findings),
        }
    )  # fmt: skip


# -- targets, with the enclosures that rule 7.4 gives for their texts


def product(d: int, **more: Any) -> dict[str, Any]:
    """x0**2*x1 (d = 1: x0**2)."""

    def gradient(box: list[Interval]) -> list[Interval]:
        (a, b), (c, e) = box[0], box[1] if d > 1 else (Q(1), Q(1))
        both = [(2 * a * c, 2 * b * e), (a * a, b * b)]
        return both[:d] + [(Q(0), Q(0))] * (d - 2)

    source = "x0**2*x1" if d > 1 else "x0**2"
    return {
        "d": d,
        "source": source,
        "f": lambda x: x[0] ** 2 * math.prod(x[1:2]),
        "gradient": gradient,
        **more,
    }


def bump(d: int, **more: Any) -> dict[str, Any]:
    """exp(-8*((x0-1/2)**2+...))"""

    @functools.cache
    def f(x: Point) -> Q:
        return exponential(-8 * sum((a - Q(1, 2)) ** 2 for a in x))

    def gradient(box: list[Interval]) -> list[Interval]:
        sides = [(a - Q(1, 2), b - Q(1, 2)) for a, b in box]
        near = sum((max(a, -b, Q(0)) ** 2 for a, b in sides), Q(0))
        far = sum((max(-a, b) ** 2 for a, b in sides), Q(0))
        low, high = exponential(-8 * far), exponential(-8 * near)
        result = []
        for a, b in sides:
            own = [v * -16 * u for v in (low, high) for u in (a, b)]
            result.append((min(own), max(own)))
        return result

    source = "exp(-8*(" + "+".join(f"(x{i}-1/2)**2" for i in range(d)) + "))"
    return {"d": d, "source": source, "f": f, "gradient": gradient, **more}


def wave(d: int, **more: Any) -> dict[str, Any]:
    """sin(3*x0)"""

    def gradient(box: list[Interval]) -> list[Interval]:
        a, b = box[0]
        own = 3 * trigonometric(3 * b, False), 3 * trigonometric(3 * a, False)
        return [own] + [(Q(0), Q(0))] * (d - 1)

    f = functools.cache(lambda x: trigonometric(3 * x[0], True))
    return {"d": d, "source": "sin(3*x0)", "f": f, "gradient": gradient, **more}


def kink(d: int, **more: Any) -> dict[str, Any]:
    """abs(x0-1/3)"""

    def gradient(box: list[Interval]) -> list[Interval]:
        a, b = box[0]
        own = (Q(1) if 3 * a > 1 else Q(-1)), (Q(-1) if 3 * b < 1 else Q(1))
        return [own] + [(Q(0), Q(0))] * (d - 1)

    return {"d": d, "source": "abs(x0-1/3)", "f": lambda x: abs(x[0] - Q(1, 3)), "gradient": gradient, **more}


def jump(d: int, **more: Any) -> dict[str, Any]:
    """step(x0-1/2) + x0: not bounded on boxes that meet x0 = 1/2 from below."""

    def gradient(box: list[Interval]) -> list[Interval] | None:
        a, b = box[0]
        return None if 2 * a < 1 <= 2 * b else [(Q(1), Q(1))] + [(Q(0), Q(0))] * (d - 1)

    def extent(box: list[Interval]) -> Interval:
        a, b = box[0]
        return a + (2 * a >= 1), b + (2 * b >= 1)

    f = lambda x: x[0] + (2 * x[0] >= 1)  # noqa: E731
    return {"d": d, "source": "step(x0-1/2)+x0", "f": f, "gradient": gradient, "extent": extent, **more}


def arch(d: int, **more: Any) -> dict[str, Any]:
    """x0*(1-x0)*x1*(1-x1)*..., 0 on the boundary."""

    def multiplied(u: Interval, v: Interval) -> Interval:
        own = [a * b for a in u for b in v]
        return min(own), max(own)

    def gradient(box: list[Interval]) -> list[Interval]:
        """The product rule, a factor after the other from the left."""
        factors: list[tuple[Interval, int, int]] = []
        for i, (a, b) in enumerate(box):
            factors += [((a, b), i, 1), ((1 - b, 1 - a), i, -1)]
        value, slopes = (Q(1), Q(1)), [(Q(0), Q(0))] * d
        for own, i, sign in factors:
            slopes = [multiplied(g, own) for g in slopes]
            added = multiplied(value, (Q(sign), Q(sign)))
            slopes[i] = (slopes[i][0] + added[0], slopes[i][1] + added[1])
            value = multiplied(value, own)
        return slopes

    source = "*".join(f"x{i}*(1-x{i})" for i in range(d))
    f = lambda x: math.prod(a * (1 - a) for a in x)  # noqa: E731
    return {"d": d, "source": source, "f": f, "gradient": gradient, "bessel": True, **more}
