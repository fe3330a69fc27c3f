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

from handmade import number, sealed, text

Point = tuple[Q, ...]
Interval = tuple[Q, Q]
Curves = dict[tuple[int, int], Interval]  # those left out are 0
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


def indices(q: int, M: int, zero: bool) -> range:
    """Rule 12.2: K."""
    return range(-2, M + 2 - q) if zero else range(-q, M)


@functools.cache
def functional(q: int, M: int, k: int, zero: bool = False) -> dict[Q, Q]:
    """Rule 12.4: the weights of lambda_k that are not 0, by their sites."""
    all_sites, n, mu = sites(q, M), 0, k + Q(q + 1, 2)
    while n + q + 1 < len(all_sites) and abs(all_sites[n + q + 1] - mu) < abs(all_sites[n] - mu):
        n += 1
    own = [mu - 1, mu, mu + 1] if zero else all_sites[n : n + q + 1]
    right = [[Q(symmetric(range(k + 1, k + q + 1), r), math.comb(q, r))] for r in range(len(own))]
    weights = solved([[s**r for s in own] for r in range(len(own))], right)
    return {s: w for s, [w] in zip(own, weights, strict=True) if w}


def distance(q: int, M: int, zero: bool = False) -> Q:
    """Rule 12.8, `locality`, in units of h."""
    low, high = (-10, M + 10) if zero else (0, M)
    return max(
        max(abs(site - max(k, low)), abs(site - min(k + q + 1, high)))
        for k in indices(q, M, zero)
        for site in functional(q, M, k, zero)
    )


@functools.cache
def derivatives(q: int, i: int, a: int) -> list[Q]:
    """The coefficients of the a-th derivative of the polynomial in t that B is on [i, i + 1], from its values."""
    at = [i + Q(u + 1, q + 2) for u in range(q + 1)]
    piece = [x for [x] in solved([[t**r for r in range(q + 1)] for t in at], [[spline(q, t)] for t in at])]
    for _ in range(a):
        piece = [r * x for r, x in enumerate(piece)][1:]
    return piece


@functools.cache
def amplification(q: int, M: int, zero: bool, a: int, b: int) -> Q:
    """Rule 12.7: A_{a,b}."""
    best = Q(0)
    for n, j in itertools.product(range(1 if zero else M), range(48)):
        ends = n + Q(j, 48), n + Q(j + 1, 48)
        total = Q(0)
        for k in range(n - q, n + 1):
            own = functional(q, M, k, zero).items()
            far = sum(abs(w) * max(abs(site - t) for t in ends) ** b for site, w in own)
            total += largest_at_ends(q, n - k, j, a) * far
        best = max(best, total)
    return best


@functools.cache
def largest_at_ends(q: int, i: int, j: int, a: int) -> Q:
    """Rule 12.7: max(|p(t_0 - k)|, |p(t_1 - k)|) for i = n - k."""
    at = i + Q(j, 48), i + Q(j + 1, 48)
    return max(abs(sum((x * t**r for r, x in enumerate(derivatives(q, i, a))), Q(0))) for t in at)


def constant(d: int, q: int, M: int, zero: bool = False) -> Q:
    """Rule 12.7: C_q."""
    if q == 1:
        return Q(1, 8)
    A = functools.partial(amplification, q, M, zero)
    return A(0, 0) ** (d - 1) * A(0, q + 1) / math.factorial(q + 1)


def orders(d: int, q: int) -> list[tuple[int, ...]]:
    """The beta of rule 12.8 in their order."""
    every = [beta for beta in itertools.product(range(q + 2), repeat=d) if sum(beta) == q + 1]
    return sorted(every, reverse=True)


def pairs(d: int) -> list[tuple[int, int]]:
    return [(i, j) for i in range(d) for j in range(i, d)]


@functools.cache
def gammas(q: int) -> dict[tuple[int, int], Q]:
    """Rule 12.3, from values at 2q + 1 points of every [i, i + 1]."""
    pairs = [(a, b) for a in range(q + 2) for b in range(a + 1, q + 2)]
    at = [i + Q(u + 1, 2 * q + 2) for i in range(q + 1) for u in range(2 * q + 1)]
    rows = [[max(t - a, Q(0)) ** q * max(b - t, Q(0)) ** q for a, b in pairs] for t in at]
    weights = solved(rows, [[spline(q, t)] for t in at])
    return {pair: w for pair, [w] in zip(pairs, weights, strict=True)}


@functools.cache
def finer(q: int, M: int, G: int, rim: int = 0) -> dict[int, dict[int, Q]]:
    """finer[j][k]: the coefficient at B(G x - j) of B(M x - k), from values at q + 1 points of each box.

    The splines that meet two boxes get the same coefficients from both. `rim` cells are added at both ends.
    """
    table: dict[int, dict[int, Q]] = {}
    coarse, more = range(-q - rim, M + rim), rim * (G // M)
    for m in range(-more, G + more):
        at = [(m + Q(u + 1, q + 2)) / G for u in range(q + 1)]
        rows = [[spline(q, G * x - j) for j in range(m - q, m + 1)] for x in at]
        own = solved(rows, [[spline(q, M * x - k) for k in coarse] for x in at])
        for j, row in enumerate(own, m - q):
            fresh = {k: w for k, w in zip(coarse, row, strict=True) if w}
            assert table.setdefault(j, fresh) == fresh
    return table


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
    curves: Callable[[list[Interval]], Curves | None] | None = None  # on a box, i <= j; needed for q >= 2
    support: int = 0  # 0: q + 1
    s: Q | None = None
    bessel: bool = False
    x: Point = ()
    y: Point = ()
    tau: Q = Q(1, 2**60)
    error: Q = Q(0)

    def but(self, **more: Any) -> Case:
        return replace(self, **more)

    @property
    def zero(self) -> bool:
        return self.bessel and self.q > 1

    @property
    def twice(self) -> bool:
        return (self.s or 0) > 1

    @property
    def sloped(self) -> bool:
        return self.q == 1 or self.s is not None


Indices = tuple[int, ...]


class Run:
    """Everything of one case."""

    def __init__(self, case: Case) -> None:
        self.case, self.d, self.q, self.M, self.G = case, case.d, case.q, case.M, case.G
        self.zero = case.zero
        self.rim = 2 if case.zero else 0  # cells
        self.margin = self.rim * (case.G // case.M)  # boxes
        self.keys = list(itertools.product(indices(case.q, case.M, case.zero), repeat=case.d))
        self.c = {k: Q(round(self.functional(k) * 2**64), 2**64) for k in self.keys}
        self.c[self.keys[0]] += case.error
        self.fine = self.refined()

    def f(self, x: Point) -> Q:
        """With the values outside the open cube in the case `zero`."""
        if self.zero and not all(0 < a < 1 for a in x):
            return Q(0)
        return self.case.f(x)

    def functional(self, k: Indices) -> Q:
        """lambda_k(f), as a tensor product."""
        own = [functional(self.q, self.M, i, self.zero) for i in k]
        total = Q(0)
        for at in itertools.product(*own):
            w = math.prod(weights[site] for weights, site in zip(own, at, strict=True))
            total += w * self.f(tuple(site / self.M for site in at))
        return total

    def phi(self, x: Point) -> Q:
        """Rule 12.2."""
        total = Q(0)
        for k, c in self.c.items():
            factors = [spline(self.q, self.M * a - i) for a, i in zip(x, k, strict=True)]
            total += c * math.prod(factors)
        return total

    def error_at(self, x: Point) -> Q:
        return self.f(x) - self.phi(x)

    @functools.cache  # noqa: B019
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
        table, values = finer(self.q, self.M, self.G, self.rim), dict(self.c)
        for axis in range(self.d):
            fresh: dict[Indices, Q] = {}
            for k, c in values.items():
                for j, row in table.items():
                    if w := row.get(k[axis]):
                        at = (*k[:axis], j, *k[axis + 1 :])
                        fresh[at] = fresh.get(at, Q(0)) + w * c
            values = fresh
        return {k: values.get(k, Q(0)) for k in itertools.product(sorted(table), repeat=self.d)}

    def boxes(self) -> Iterable[Indices]:
        """Rule 12.5: those of Omega*."""
        return itertools.product(range(-self.margin, self.G + self.margin), repeat=self.d)

    def box(self, m: Indices) -> list[Interval]:
        return [(Q(a, self.G), Q(a + 1, self.G)) for a in m]

    def inside(self, m: Indices) -> bool:
        return all(0 <= a < self.G for a in m)

    def hull(self, m: Indices, *axes: int) -> Interval:
        """Rule 12.5: the hull of the derivative of Phi along these axes on box m."""
        ranges = [range(a - self.q + axes.count(i), a + 1) for i, a in enumerate(m)]
        own = [self.G ** len(axes) * self.step(j, axes) for j in itertools.product(*ranges)]
        return min(own), max(own)

    @functools.cache  # noqa: B019
    def step(self, j: Indices, axes: tuple[int, ...]) -> Q:
        """The difference along these axes that ends at j."""
        if not axes:
            return self.fine[j]
        axis = axes[0]
        below = (*j[:axis], j[axis] - 1, *j[axis + 1 :])
        return self.step(j, axes[1:]) - self.step(below, axes[1:])

    @functools.cache  # noqa: B019
    def gradient(self, m: Indices) -> list[Interval] | None:
        """The Gamma_i on box m, met with what the Gamma_ij give where q >= 2 and these are bounded."""
        own = self.case.gradient(self.box(m)) if self.inside(m) else [(Q(0), Q(0))] * self.d
        if own is None:
            return None
        hulls = [self.hull(m, i) for i in range(self.d)]
        wide = [(a - above, b - below) for (a, b), (below, above) in zip(own, hulls, strict=True)]
        curves = self.curves(m) if self.q > 1 else None
        if curves is None:
            return wide
        size = {at: max(-a, b) for at, (a, b) in zip(pairs(self.d), curves, strict=True)}
        result = []
        for i, (a, b) in enumerate(wide):
            low, high = self.slope_in_the_middle(m, i)
            reach = sum((size[min(i, j), max(i, j)] for j in range(self.d)), Q(0)) / (2 * self.G)
            result.append((max(a, low - reach), min(b, high + reach)))
        return result

    def slope_in_the_middle(self, m: Indices, i: int) -> Interval:
        """g_i less the derivative of Phi at the midpoint, whose splines there are of degree q - 1 along x_i."""
        c = [Q(2 * a + 1, 2 * self.G) for a in m]
        own = self.case.gradient([(x, x) for x in c]) if self.inside(m) else [(Q(0), Q(0))] * self.d
        assert own is not None
        slope = Q(0)
        for j in itertools.product(*(range(a - self.q + (i == axis), a + 1) for axis, a in enumerate(m))):
            at = [self.G * x - k for x, k in zip(c, j, strict=True)]
            factors = [spline(self.q - (i == axis), t) for axis, t in enumerate(at)]
            slope += self.G * self.step(j, (i,)) * math.prod(factors)
        return own[i][0] - slope, own[i][1] - slope

    @functools.cache  # noqa: B019
    def curves(self, m: Indices) -> list[Interval] | None:
        """The Gamma_ij on box m, if they are bounded."""
        assert self.case.curves is not None
        own = self.case.curves(self.box(m)) if self.inside(m) else {}
        if own is None:
            return None
        result = []
        for i, j in pairs(self.d):
            (a, b), (below, above) = own.get((i, j), (Q(0), Q(0))), self.hull(m, i, j)
            result.append((a - above, b - below))
        return result

    @functools.cache  # noqa: B019
    def middle(self, m: Indices) -> Q:
        """v - Phi(c)."""
        return self.error_at(tuple(Q(2 * a + 1, 2 * self.G) for a in m))

    @functools.cache  # noqa: B019
    def sizes(self) -> tuple[Interval, list[Interval] | None, list[Interval]]:
        """Rule 12.5: the ends of E, of the L_i if they are known, and of the L_ij if they are wanted."""
        G, low, high, steep = self.G, Q(0), Q(0), [(Q(0), Q(0))] * self.d
        bent, bounded = [(Q(0), Q(0))] * (len(pairs(self.d)) if self.case.twice else 0), True
        for m in self.boxes():
            v = self.middle(m)
            low, gradient = max(low, abs(v)), self.gradient(m)
            if gradient is None:
                bounded, (a, b), (below, above) = False, self.case.extent(self.box(m)), self.hull(m)
                high = max(high, above - a, b - below)
                continue
            high = max(high, abs(v) + sum((max(-a, b) for a, b in gradient), Q(0)) / (2 * G))
            steep = [(max(x, a, -b), max(y, -a, b)) for (x, y), (a, b) in zip(steep, gradient, strict=True)]
            if bent:
                curves = self.curves(m)
                assert curves is not None
                bent = [(max(x, a, -b), max(y, -a, b)) for (x, y), (a, b) in zip(bent, curves, strict=True)]
        return (low, high), steep if bounded else None, bent

    @functools.cache  # noqa: B019
    def squares(self) -> list[Interval]:
        """Rule 12.10: the ends of the squares of the L^2 norms of e, of its gradient, of its second derivatives."""
        G, sums = self.G, [[Q(0), Q(0)] for _ in range(3)]
        for m in self.boxes():
            gradient, w = self.gradient(m), self.middle(m)
            assert gradient is not None
            curves = zip(pairs(self.d), self.curves(m) or [], strict=True) if self.case.twice else []
            for kind, many, (a, b) in [(1, 1, ends) for ends in gradient] + [
                (2, 1 + (i < j), ends) for (i, j), ends in curves
            ]:
                sums[kind][0] += many * max(a, -b, Q(0)) ** 2 / G**self.d
                sums[kind][1] += many * max(-a, b) ** 2 / G**self.d
            middle, rest = [(a + b) / 2 for a, b in gradient], sum(b - a for a, b in gradient) / (4 * G)
            size = abs(w) + sum(map(abs, middle)) / (2 * G)
            mean = w * w + sum(x * x for x in middle) / (12 * G * G)
            sums[0][0] += max(mean - 2 * size * rest, Q(0)) / G**self.d
            sums[0][1] += (mean + 2 * size * rest + rest**2) / G**self.d
        return [(a, b) for a, b in sums[: 3 if self.case.twice else 2]]

    def differences(self, i: int, j: int) -> Q:
        """Rule 12.6: D_i for i = j, else D_ij."""
        return self.mixed(tuple((self.q + 1 if i == j else 1) * (a in (i, j)) for a in range(self.d)))

    @functools.cache  # noqa: B019
    def mixed(self, beta: Indices) -> Q:
        """Rule 12.6: D_beta, a difference after the other."""
        t = Q(self.case.step, self.G)

        def value(x: Point, left: Indices) -> Q:
            axis = next((i for i, b in enumerate(left) if b), None)
            if axis is None:
                return self.case.f(x)
            less = tuple(b - (i == axis) for i, b in enumerate(left))
            moved = tuple(a + t * (i == axis) for i, a in enumerate(x))
            return value(moved, less) - value(x, less)

        nodes = itertools.product(*(range(self.G + 1 - b * self.case.step) for b in beta))
        top = max(abs(value(tuple(Q(a, self.G) for a in k), beta)) for k in nodes)
        return top / t ** sum(beta)

    def quotient(self) -> Q:
        """Rule 12.8, `zygmund`, without |y|_2^s."""
        x, y = self.case.x, self.case.y
        plus = tuple(a + b for a, b in zip(x, y, strict=True))
        minus = tuple(a - b for a, b in zip(x, y, strict=True))
        return abs(self.error_at(plus) - 2 * self.error_at(x) + self.error_at(minus))


@functools.cache
def run_of(case: Case) -> Run:
    return Run(case)


def wide(ends: Interval) -> Interval:
    """With a margin, since arithmetics differ."""
    return max(ends[0] * (1 - NARROW) - SLACK, Q(0)), ends[1] * (1 + NARROW) + SLACK


def short(x: Q, up: bool) -> Q:
    """A dyadic number near it, as a producer would state it."""
    return Q(math.ceil(x * 2**120) if up else math.floor(x * 2**120), 2**120)


def stated(ends: Interval) -> list[str]:
    return [text(short(ends[0], False)), text(short(ends[1], True))]


def between(E: Q, slopes: Iterable[Q], s: Q, curves: Iterable[Q] = ()) -> Q:
    """F of rule 12.8; `curves` for i <= j."""
    if s <= 1:
        return root(4 * E, 1 - s) * root(4 * sum((x * x for x in slopes), Q(0)), s / 2)
    return root(4 * E, 1 - s / 2) * root(full_square(list(slopes), list(curves)), s / 4)


def full_square(slopes: list[Q], curves: list[Q]) -> Q:
    """The sum of the squares of all L_ij."""
    both = zip(pairs(len(slopes)), curves, strict=True)
    return sum((x * x * (1 if i == j else 2) for (i, j), x in both), Q(0))


def lowered(D: Q) -> Q:
    """What a producer would state below D."""
    return short(max(D * (1 - NARROW) - SLACK * 2**20, Q(0)), False)


def bound_of(alpha: Indices, seminorms: list[Q], case: Case) -> Q:
    """Rule 12.7: b_alpha."""
    d, q, M, order = case.d, case.q, case.M, sum(alpha)
    total = Q(0)
    for beta, S in zip(orders(d, q), seminorms, strict=True):
        every = zip(alpha, beta, strict=True)
        total += S * math.prod(amplification(q, M, case.zero, a, b) / math.factorial(b) for a, b in every)
    return total * Q(1, M) ** (q + 1 - order) + (2 * M) ** order * case.tau


def unit(d: int, *axes: int) -> Indices:
    return tuple(axes.count(i) for i in range(d))


@dataclass
class Statement:
    """What is stated of E, an L_i or an L_ij."""

    top: Q
    bound: Q
    proved: bool


def findings_of(run: Run, seminorms: list[Q]) -> list[dict[str, Any]]:
    """Rules 12.8 and 12.10."""
    case, d, q, M = run.case, run.d, run.q, run.M
    result: list[dict[str, Any]] = []

    def add(name: str, level: int | None, proved: bool, **own: Any) -> None:
        verdict = {"status": "proved" if proved else "undecided", "reason": None if proved else "no-proof"}
        result.append({"property": name, "level": level, **verdict, "established_by": "checker", **own})

    def measured(name: str, level: int | None, ends: Interval, bound: Q, **own: Any) -> Statement:
        low, high = (short(x, up) for x, up in zip(wide(ends), (False, True), strict=True))
        add(name, level, high <= bound, error=[text(low), text(high)], bound=text(bound), **own)
        return Statement(high, bound, high <= bound)

    kinds, support = ["product", "relu" + (str(q) if q > 1 else "")], case.support or q + 1
    add("activations", None, True, value=kinds, bound=kinds)
    add("units", None, True, value=len(run.units()), bound=((q + 1) * (q + 2) // 2 * (M + q)) ** d)
    add("support", None, True, value=q + 1, bound=support)
    if q + 1 > support:
        result[-1].update(status="refuted", reason=None)
    add("exactness", None, True, degree=q)
    add("coefficients", None, True, tolerance=text(case.tau))
    add("locality", None, True, value=text(distance(q, M, case.zero) / M), bound=text(Q(q + 1, M)))
    error, steep, bent = run.sizes()
    D = lowered(sum((run.differences(j, j) for j in range(d)), Q(0)))
    bound = constant(d, q, M, case.zero) / Q(M) ** (q + 1) * D + case.tau
    sup, slopes, curves = measured("sup", None, error, bound, seminorm=text(D)), [], []
    if not case.sloped:
        return result
    for i, ends in enumerate(steep or [(Q(0), Q(1000))] * d):  # where nothing is known; not to be accepted
        if q == 1:
            D = lowered(sum((run.differences(i, j) for j in range(d)), Q(0)))
            bound, own = D / (2 * M) + 2 * M * case.tau, {"seminorm": text(D)}
        else:
            bound, own = bound_of(unit(d, i), seminorms, case), {}
        slopes.append(measured("derivative", i, ends, bound, **own))
    for level, ends in enumerate(bent):
        bound = bound_of(unit(d, *pairs(d)[level]), seminorms, case)
        curves.append(measured("second", level, ends, bound))
    if case.bessel:
        add_bessel(add, run, [[sup], slopes, curves])
    elif case.s is not None:
        own = [([x.top for x in rows], [x.bound for x in rows]) for rows in ([sup], slopes, curves)]
        square = sum((a * a for a in case.y), Q(0))
        tops, bounds = ([pair[i] for pair in own] for i in (0, 1))
        low, high = (
            run.quotient() / root(square, case.s / 2),
            between(tops[0][0], tops[1], case.s, tops[2]),
        )
        low, high = wide((low, high))
        bound = short(between(bounds[0][0], bounds[1], case.s, bounds[2]) * (1 - NARROW), False)
        points = {"x": [text(a) for a in case.x], "y": [text(a) for a in case.y]}
        good = short(high, True) <= bound and all(x.proved for x in [sup, *slopes, *curves])
        add("zygmund", None, good, **points, seminorm=stated((low, high)), bound=text(bound))
    return result


def add_bessel(add: Callable[..., None], run: Run, rows: list[list[Statement]]) -> None:
    """Rule 12.10."""
    s, volume = run.case.s or Q(0), (1 + Q(2 * run.rim, run.M)) ** run.d
    bounds = [[x.bound for x in own] for own in rows]
    dues = [bounds[0][0] ** 2, sum((b * b for b in bounds[1]), Q(0))]
    if run.case.twice:
        dues.append(full_square(bounds[1], bounds[2]))
    dues = [volume * due for due in dues]
    squares, good = [wide(ends) for ends in run.squares()], []
    for name, ends, due, before in zip(("l2", "gradient", "hessian"), squares, dues, rows, strict=False):
        good.append(short(ends[1], True) <= due and all(x.proved for x in before))
        add(name, None, good[-1], value=stated(ends), bound=text(due))
    assert len(good) == len(dues)
    assert run.d == len(rows[1])
    lows, tops = [short(ends[0], False) for ends in squares], [short(ends[1], True) for ends in squares]
    low = root(lows[0], Q(1, 2))
    if s > 1:
        low = root(lows[0] + lows[1], s / 2) / root(tops[0], (s - 1) / 2)
    low, high = wide((low, product_of_roots(tops, s)))
    bound = short(product_of_roots(dues, s) * (1 - NARROW), False)
    ends = stated((low, high))
    add("bessel", None, short(high, True) <= bound and all(good), norm=ends, bound=text(bound))


def product_of_roots(squares: list[Q], s: Q) -> Q:
    """N of rule 12.10."""
    if s <= 1:
        return root(squares[0], (1 - s) / 2) * root(squares[0] + squares[1], s / 2)
    first = squares[0] + squares[1]
    return root(first, (2 - s) / 2) * root(first + squares[1] + squares[2], (s - 1) / 2)


def overall(findings: list[dict[str, Any]]) -> str:
    """Rule 9.8."""
    found = {f["status"] for f in findings}
    return "refuted" if "refuted" in found else "undecided" if "undecided" in found else "proved"


def parameters(case: Case) -> dict[str, Any]:
    norm = "sup" if case.s is None else "bessel" if case.bessel else "zygmund"
    s, support = None if case.s is None else text(case.s), case.support or case.q + 1
    return {"dim": case.d, "mesh": case.M, "degree": case.q, "norm": norm, "s": s, "support": support}


def content(case: Case) -> dict[str, Any]:
    """Network, evidence, findings and status of a case."""
    run = run_of(case)
    wanted = orders(case.d, case.q) if case.q > 1 and case.sloped else []
    seminorms = [lowered(run.mixed(beta)) for beta in wanted]
    findings = findings_of(run, seminorms)
    return {
        "network": {
            "inputs": case.d, "degree": case.q, "mesh": case.M,
            "coefficients": [text(run.c[k]) for k in run.keys],
        },
        "evidence": {"grid": case.G, "step": case.step, "seminorms": [text(S) for S in seminorms]},
        "findings": findings,
        "status": overall(findings),
    }  # fmt: skip


def certificate(case: Case) -> dict[str, Any]:
    """The certificate of a case."""
    return sealed(
        {
            "format": "approxcert-certificate",
            "version": 1,
            "producer": {},
            "claim": {"name": "multiplicative", "parameters": parameters(case)},
            "target": {"kind": "expression", "dim": case.d, "text": case.source},
            **content(case),
        }
    )


def ladder(cases: Sequence[Case], order: Q, orders_of: Callable[..., tuple[Any, Any]]) -> dict[str, Any]:
    """Rule 13; `orders_of` gives [a, b] for the ends of X and of Y (and whether they are squares)."""
    rungs, findings = [content(case) for case in cases], []
    for i in range(1, len(cases)):
        for old, new in zip(rungs[i - 1]["findings"], rungs[i]["findings"], strict=True):
            if new["property"] not in MEASURED:
                continue
            key, o = MEASURED[new["property"]]
            X, Y = ([number(x) for x in f[key]] for f in (old, new))
            a, b = orders_of(X, Y, key == "value")
            least = order - o - Q(1, 2)
            proved, refuted = a is not None and a >= least, b is not None and b < least
            findings.append(
                {
                    "property": "order", "level": i, "of": new["property"], "part": new["level"],
                    "order": [None if x is None else text(x) for x in (a, b)], "least": text(least),
                    "status": "proved" if proved else "refuted" if refuted else "undecided",
                    "reason": None if proved or refuted else "precision", "established_by": "checker",
                }
            )  # fmt: skip
    of = {"name": "multiplicative", "parameters": parameters(cases[0])}
    given = {"rungs": len(cases), "order": text(order), "of": of}
    return sealed(
        {
            "format": "approxcert-certificate",
            "version": 1,
            "producer": {},
            "claim": {"name": "ladder", "parameters": given},
            "target": {"kind": "expression", "dim": cases[0].d, "text": cases[0].source},
            "network": {"rungs": [rung.pop("network") for rung in rungs]},
            "evidence": {"rungs": rungs},
            "findings": findings,
            "status": overall([*rungs, *findings]),
        }
    )


MEASURED = {  # what is measured, and o
    "sup": ("error", 0), "derivative": ("error", 1), "second": ("error", 2),
    "l2": ("value", 0), "gradient": ("value", 1), "hessian": ("value", 2),
}  # fmt: skip


# -- intervals


def multiplied(u: Interval, v: Interval) -> Interval:
    own = [a * b for a in u for b in v]
    return min(own), max(own)


def added(u: Interval, v: Interval) -> Interval:
    return u[0] + v[0], u[1] + v[1]


def squared(u: Interval) -> Interval:
    return max(u[0], -u[1], Q(0)) ** 2, max(-u[0], u[1]) ** 2


# -- targets, with the enclosures that rule 7.4 gives for their texts


def product(d: int, **more: Any) -> dict[str, Any]:
    """x0**2*x1 (d = 1: x0**2)."""

    def gradient(box: list[Interval]) -> list[Interval]:
        (a, b), (c, e) = box[0], box[1] if d > 1 else (Q(1), Q(1))
        both = [(2 * a * c, 2 * b * e), (a * a, b * b)]
        return both[:d] + [(Q(0), Q(0))] * (d - 2)

    def curves(box: list[Interval]) -> Curves:
        (a, b), (c, e) = box[0], box[1] if d > 1 else (Q(1), Q(1))
        return {(0, 0): (2 * c, 2 * e)} | ({(0, 1): (2 * a, 2 * b)} if d > 1 else {})

    source = "x0**2*x1" if d > 1 else "x0**2"
    return {
        "d": d,
        "source": source,
        "f": lambda x: x[0] ** 2 * math.prod(x[1:2]),
        "gradient": gradient,
        "curves": curves,
        **more,
    }


def bump(d: int, **more: Any) -> dict[str, Any]:
    """exp(-8*((x0-1/2)**2+...))"""

    @functools.cache
    def f(x: Point) -> Q:
        return exponential(-8 * sum(((a - Q(1, 2)) ** 2 for a in x), Q(0)))

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

    def curves(box: list[Interval]) -> Curves:
        """exp(u)_ij = u_ij·V + u_i·u_j·V."""
        sides = [(a - Q(1, 2), b - Q(1, 2)) for a, b in box]
        far = sum((max(-a, b) ** 2 for a, b in sides), Q(0))
        near = sum((max(a, -b, Q(0)) ** 2 for a, b in sides), Q(0))
        V = exponential(-8 * far), exponential(-8 * near)
        slopes, result = [(-16 * b, -16 * a) for a, b in sides], {}
        for i, j in pairs(d):
            own = squared(slopes[i]) if i == j else multiplied(slopes[i], slopes[j])
            low, high = multiplied(own, V)
            result[i, j] = (low - 16 * V[1] * (i == j), high - 16 * V[0] * (i == j))
        return result

    source = "exp(-8*(" + "+".join(f"(x{i}-1/2)**2" for i in range(d)) + "))"
    return {"d": d, "source": source, "f": f, "gradient": gradient, "curves": curves, **more}


def wave(d: int, **more: Any) -> dict[str, Any]:
    """sin(3*x0)"""

    def gradient(box: list[Interval]) -> list[Interval]:
        a, b = box[0]
        own = 3 * trigonometric(3 * b, False), 3 * trigonometric(3 * a, False)
        return [own] + [(Q(0), Q(0))] * (d - 1)

    def curves(box: list[Interval]) -> Curves:
        a, b = box[0]
        ends = trigonometric(3 * a, True), trigonometric(3 * b, True)
        peak = trigonometric(3 * a, False) >= 0 >= trigonometric(3 * b, False)
        return {(0, 0): (-9 * (Q(1) if peak else max(ends)), -9 * min(ends))}

    f = functools.cache(lambda x: trigonometric(3 * x[0], True))
    return {"d": d, "source": "sin(3*x0)", "f": f, "gradient": gradient, "curves": curves, **more}


def kink(d: int, **more: Any) -> dict[str, Any]:
    """abs(x0-1/3)"""

    def gradient(box: list[Interval]) -> list[Interval]:
        a, b = box[0]
        own = (Q(1) if 3 * a > 1 else Q(-1)), (Q(-1) if 3 * b < 1 else Q(1))
        return [own] + [(Q(0), Q(0))] * (d - 1)

    def curves(box: list[Interval]) -> Curves | None:
        return {} if 3 * box[0][0] > 1 or 3 * box[0][1] < 1 else None

    f = lambda x: abs(x[0] - Q(1, 3))  # noqa: E731
    return {"d": d, "source": "abs(x0-1/3)", "f": f, "gradient": gradient, "curves": curves, **more}


def jump(d: int, **more: Any) -> dict[str, Any]:
    """step(x0-1/2) + x0: not bounded on boxes that meet x0 = 1/2 from below."""

    def gradient(box: list[Interval]) -> list[Interval] | None:
        a, b = box[0]
        return None if 2 * a < 1 <= 2 * b else [(Q(1), Q(1))] + [(Q(0), Q(0))] * (d - 1)

    def extent(box: list[Interval]) -> Interval:
        a, b = box[0]
        return a + (2 * a >= 1), b + (2 * b >= 1)

    def curves(box: list[Interval]) -> Curves | None:
        return None if gradient(box) is None else {}

    f = lambda x: x[0] + (2 * x[0] >= 1)  # noqa: E731
    own = {"gradient": gradient, "curves": curves, "extent": extent}
    return {"d": d, "source": "step(x0-1/2)+x0", "f": f, **own, **more}


def arch(d: int, **more: Any) -> dict[str, Any]:
    """x0*(1-x0)*x1*(1-x1)*..., 0 on the boundary."""

    def jet(box: list[Interval]) -> tuple[list[Interval], Curves]:
        """The product rule, a factor after the other from the left."""
        factors: list[tuple[Interval, int, int]] = []
        for i, (a, b) in enumerate(box):
            factors += [((a, b), i, 1), ((1 - b, 1 - a), i, -1)]
        value, slopes, bent = (Q(1), Q(1)), [(Q(0), Q(0))] * d, dict.fromkeys(pairs(d), (Q(0), Q(0)))
        for own, i, sign in factors:
            bent = {at: multiplied(x, own) for at, x in bent.items()}
            for j in range(d):
                at, more = (min(i, j), max(i, j)), multiplied(slopes[j], (Q(sign), Q(sign)))
                bent[at] = added(bent[at], added(more, more) if i == j else more)
            slopes = [multiplied(g, own) for g in slopes]
            slopes[i] = added(slopes[i], multiplied(value, (Q(sign), Q(sign))))
            value = multiplied(value, own)
        return slopes, bent

    source = "*".join(f"x{i}*(1-x{i})" for i in range(d))
    f = lambda x: math.prod(a * (1 - a) for a in x)  # noqa: E731
    own = {"gradient": lambda box: jet(box)[0], "curves": lambda box: jet(box)[1]}
    return {"d": d, "source": source, "f": f, "bessel": True, **own, **more}


def hill(d: int, power: int = 3, **more: Any) -> dict[str, Any]:
    """(x0*(1-x0))**n*..., 0 on the boundary with its derivatives below the n-th."""

    def factor(side: Interval) -> tuple[Interval, Interval, Interval]:
        """g = (x(1-x))^n with g', g'' by the rules."""
        a, b = side
        u, slope = (a * (1 - b), b * (1 - a)), (1 - 2 * b, 1 - 2 * a)
        value, first, second = ((u[0] ** k, u[1] ** k) for k in (power, power - 1, power - 2))
        first, second = ((c * x, c * y) for c, (x, y) in ((power, first), (power * (power - 1), second)))
        bent = added(multiplied((Q(-2), Q(-2)), first), multiplied(squared(slope), second))
        return value, multiplied(slope, first), bent

    def jet(box: list[Interval]) -> tuple[Interval, list[Interval], dict[tuple[int, int], Interval]]:
        """The product rule, a factor after the other from the left."""
        value, slopes, bent = (Q(1), Q(1)), [(Q(0), Q(0))] * d, {}
        for i, (g, g1, g2) in enumerate(map(factor, box)):
            bent = {at: multiplied(x, g) for at, x in bent.items()}
            bent |= {(j, i): multiplied(slopes[j], g1) for j in range(i)} | {(i, i): multiplied(value, g2)}
            slopes = [multiplied(x, g) for x in slopes]
            slopes[i], value = multiplied(value, g1), multiplied(value, g)
        return value, slopes, bent

    source = "*".join(f"(x{i}*(1-x{i}))**{power}" for i in range(d))
    f = lambda x: math.prod((a * (1 - a)) ** power for a in x)  # noqa: E731
    own = {"gradient": lambda box: jet(box)[1], "curves": lambda box: jet(box)[2]}
    return {"d": d, "source": source, "f": f, "bessel": True, **own, **more}
