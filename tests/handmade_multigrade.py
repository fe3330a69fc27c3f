"""Certificates of `multigrade` made by hand, for the tests of the checker: small, slow and by fractions alone.

Written from verify/CERTIFICATE.md; it imports nothing of the project. Everything is evaluated at nodes from the
formula of rule 11.3, a kuhn target too (as the sum of its values times hats), supports are searched node by node, and
integrals are found by cutting simplices where the function vanishes.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction as Q
from typing import Any

from handmade import digest, number, sealed, text

Point = tuple[Q, ...]
SLACK = Q(1, 2**30)


def nodes(n: int, d: int) -> list[tuple[int, ...]]:
    """The nodes of mesh 1/n in the order of rule 4.1."""
    return list(itertools.product(range(n + 1), repeat=d))


def point(k: Iterable[int], n: int) -> Point:
    return tuple(Q(i, n) for i in k)


def number_of(k: Iterable[int], n: int) -> int:
    """Rule 11.2."""
    total = 0
    for i in k:
        total = total * (n + 1) + i
    return total


def gauge(x: Point, k: tuple[int, ...], m: int) -> Q:
    """max(0, t) - min(0, t), t = m x - k."""
    t = [m * a - b for a, b in zip(x, k, strict=True)]
    return max(Q(0), *t) - min(Q(0), *t)


def hat(x: Point, k: tuple[int, ...], m: int) -> Q:
    return max(Q(0), 1 - gauge(x, k, m))


def kuhn_function(cells: int, d: int, values: list[Q]) -> Callable[[Point], Q]:
    """A kuhn target as a sum of hats."""
    own = [(k, v) for k, v in zip(nodes(cells, d), values, strict=True) if v]
    return lambda x: sum(
        (
            v * hat(x, k, cells)
            for k, v in own
            if all(abs(cells * a - i) < 1 for a, i in zip(x, k, strict=True))
        ),
        Q(0),
    )


def simplices(n: int, d: int) -> Iterable[list[tuple[int, ...]]]:
    """The vertices of every simplex of the Kuhn triangulation."""
    for k in itertools.product(range(n), repeat=d):
        for order in itertools.permutations(range(d)):
            vertex, path = list(k), [tuple(k)]
            for i in order:
                vertex[i] += 1
                path.append(tuple(vertex))
            yield path


def mean_power(u: list[Q], p: int) -> Q:
    """The mean of |u|^p over a simplex with these vertex values: cut at a zero on an edge until the sign is one.

    Then the mean of a monomial in barycentric coordinates is d!·(product of exponents!)/(p + d)!.
    """
    for i, j in itertools.combinations(range(len(u)), 2):
        if u[i] * u[j] < 0:
            share = abs(u[i]) / (abs(u[i]) + abs(u[j]))  # of the edge, from i to the zero
            near, far = list(u), list(u)
            near[j] = far[i] = Q(0)
            return share * mean_power(near, p) + (1 - share) * mean_power(far, p)
    size = [abs(x) for x in u]
    d, total = len(u) - 1, Q(0)
    for powers in itertools.product(range(p + 1), repeat=d):
        rest = p - sum(powers)
        if rest >= 0:
            own = (*powers, rest)
            weight = math.prod(map(math.factorial, own)) * Q(math.factorial(p) * math.factorial(d))
            weight /= math.prod(map(math.factorial, own)) * math.factorial(p + d)
            total += weight * math.prod(x**a for x, a in zip(size, own, strict=True))
    return total


def integral(r: dict[tuple[int, ...], Q], n: int, d: int, p: int) -> Q:
    """The integral of |r|^p, r linear on the simplices."""
    total = sum((mean_power([r[v] for v in path], p) for path in simplices(n, d)), Q(0))
    return total / (math.factorial(d) * n**d)


def steepest(r: dict[tuple[int, ...], Q], n: int, d: int) -> Q:
    """Rule 11.9, from the definition: the largest |p.e|, p the gradient on a simplex, e in {0,1}^d."""
    best = Q(0)
    for base in itertools.product(range(n), repeat=d):
        for order in itertools.permutations(range(d)):
            k, gradient = list(base), [Q(0)] * d
            for i in order:
                before = r[tuple(k)]
                k[i] += 1
                gradient[i] = (r[tuple(k)] - before) * n
            for e in itertools.product((0, 1), repeat=d):
                best = max(best, abs(sum((p for p, on in zip(gradient, e, strict=True) if on), Q(0))))
    return best


def boxes_at(v: tuple[int, ...], n: int) -> list[tuple[int, ...]]:
    """The boxes with vertex v."""
    return list(itertools.product(*([b for b in (k - 1, k) if 0 <= b < n] for k in v)))


def meets(box: tuple[int, ...], n: int, k: tuple[int, ...], m: int) -> bool:
    """Does the interior of a box of mesh 1/n meet the support? The gauge is convex; inside, points of every simplex."""
    d = len(k)
    for order in itertools.permutations(range(d)):
        inner = tuple(Q((d + 1) * b + order[i] + 1, (d + 1) * n) for i, b in enumerate(box))
        if gauge(inner, k, m) < 1:
            return True
    return False


@dataclass
class Case:
    """A claim, a target, and how to choose the steps."""

    d: int
    mesh: int
    sweeps: int
    f: Callable[[Point], Q]
    target: dict[str, Any]
    p: list[int] = field(default_factory=lambda: [1, 2])
    until: Q | None = None
    grid: int | None = None  # of an expression
    margin: Callable[[tuple[int, ...]], Q] | None = None  # of a box of that grid, for an expression
    jump: dict[tuple[int, ...], Q] = field(
        default_factory=dict
    )  # nodes where f^ is not f, as an interval sees it
    slope: Q | None = None  # the K to state, for an expression
    share: Q = Q(1)  # of the step that is safe
    all_nodes: bool = False  # grades with step 0 too
    override: dict[tuple[int, tuple[int, ...]], Q] = field(default_factory=dict)  # steps by (sweep, node)
    witnesses: bool = True
    stop: int | None = None  # the number of sweeps to make

    def value(self, k: tuple[int, ...], n: int) -> Q:
        return self.jump.get(k, self.f(point(k, n)))

    def cells(self) -> int | None:
        return self.target.get("cells")

    def divides(self) -> bool:
        return self.target["kind"] == "kuhn" and self.mesh % self.target["cells"] == 0


def kuhn(d: int, cells: int, values: list[Q], mesh: int, sweeps: int, **more: Any) -> Case:
    target = {"kind": "kuhn", "dim": d, "cells": cells, "values": [text(v) for v in values]}
    return Case(d, mesh, sweeps, kuhn_function(cells, d, values), target, **more)


def expression(
    d: int, source: str, f: Any, margin: Any, grid: int, mesh: int, sweeps: int, **more: Any
) -> Case:
    target = {"kind": "expression", "dim": d, "text": source}
    return Case(d, mesh, sweeps, f, target, grid=grid, margin=margin, **more)


class State:
    """r at the nodes of a grid, and what the rules say of it."""

    def __init__(self, case: Case, grid: int, values: dict[tuple[int, ...], Q]) -> None:
        self.case, self.grid, self.r = case, grid, values
        margin = case.margin or (lambda box: Q(0))
        self.e = {box: margin(box) for box in itertools.product(range(grid), repeat=case.d)}

    def largest(self, box: tuple[int, ...]) -> Q:
        corners = itertools.product(*((b, b + 1) for b in box))
        return max(abs(self.r[c]) for c in corners)

    def supremum(self) -> list[Q]:
        low = max(self.largest(box) - e for box, e in self.e.items())
        return [max(low, Q(0)), max(self.largest(box) + e for box, e in self.e.items())]

    def hat_moment(self, p: int) -> Q:
        return integral(self.r, self.grid, self.case.d, p)

    def slack(self, p: int) -> Q:
        total = sum((p * e * (self.largest(box) + e) ** (p - 1) for box, e in self.e.items()), Q(0))
        return total / self.grid**self.case.d

    def moment(self, p: int) -> list[Q]:
        hat, slack = self.hat_moment(p), self.slack(p)
        return [max(hat - slack, Q(0)), hat + slack]

    def slope(self) -> Q:
        return steepest(self.r, self.grid, self.case.d)


class Run:
    """The sweeps of a case: grids, grades, and the residuals before and after each sweep."""

    def __init__(self, case: Case) -> None:
        self.case, d = case, case.d
        cells = case.cells()
        self.n = case.stop or case.sweeps
        meshes = [case.mesh << s for s in range(self.n)]
        self.grids = [case.grid or math.lcm(cells or 1, m) for m in meshes]
        first = case.grid or cells or 1
        self.grades: list[list[tuple[tuple[int, ...], Q]]] = []
        self.states = [State(case, first, {k: case.value(k, first) for k in nodes(first, d)})]
        self.befores: list[State] = []
        for s, (m, g) in enumerate(zip(meshes, self.grids, strict=True), 1):
            before = State(case, g, {k: self.residual(k, g, meshes) for k in nodes(g, d)})
            own = []
            for k in nodes(m, d):
                step = case.override.get((s, k))
                if step is None:
                    step = case.share * self.safe_step(before, k, m)
                    if not step and not case.all_nodes:
                        continue
                own.append((k, step))
            self.befores.append(before)
            self.grades.append(own)
            after = {
                v: x - sum((c * hat(point(v, g), k, m) for k, c in own), Q(0)) for v, x in before.r.items()
            }
            self.states.append(State(case, g, after))
        self.meshes = meshes

    def residual(self, v: tuple[int, ...], g: int, meshes: list[int]) -> Q:
        total, x = self.case.value(v, g), point(v, g)
        for m, own in zip(meshes, self.grades, strict=False):
            total -= sum((c * hat(x, k, m) for k, c in own), Q(0))
        return total

    def support(self, state: State, k: tuple[int, ...], m: int) -> tuple[list[tuple[int, ...]], Q]:
        """The nodes of the closed support, and the largest margin of a box whose interior meets it."""
        g = state.grid
        inside = [v for v in state.r if gauge(point(v, g), k, m) <= 1]
        return inside, max((e for box, e in state.e.items() if meets(box, g, k, m)), default=Q(0))

    def safe_step(self, state: State, k: tuple[int, ...], m: int) -> Q:
        inside, e = self.support(state, k, m)
        own = [state.r[v] for v in inside]
        if min(own) > e:
            return min(own) - e
        return max(own) + e if max(own) < -e else Q(0)

    def proves(self, s: int) -> bool:
        before, m = self.befores[s], self.meshes[s]
        for k, c in self.grades[s]:
            inside, e = self.support(before, k, m)
            if c and not all((before.r[v] if c > 0 else -before.r[v]) >= abs(c) + e for v in inside):
                return False
        return True

    def witness(self, s: int) -> list[int] | None:
        before, m, g = self.befores[s], self.meshes[s], self.grids[s]
        rho = dict(before.r)
        for i, (k, c) in enumerate(self.grades[s]):
            for v in rho:
                x = point(v, g)
                e = max(before.e[box] for box in boxes_at(v, g))
                if (
                    c
                    and gauge(x, k, m) <= 1
                    and 2 * ((rho[v] if c > 0 else -rho[v]) + e) < abs(c) * hat(x, k, m)
                ):
                    return [i, number_of(v, g)]
            for v in rho:
                rho[v] -= c * hat(point(v, g), k, m)
        return None

    def load(self) -> Q:
        x = [point(k, self.meshes[-1]) for k in nodes(self.meshes[-1], self.case.d)]
        return max(
            sum(
                (
                    abs(c) * hat(y, k, m)
                    for m, own in zip(self.meshes, self.grades, strict=True)
                    for k, c in own
                ),
                Q(0),
            )
            for y in x
        )

    def decrease(self, s: int, p: int, proved: bool) -> list[Q]:
        old, new = self.states[s], self.states[s + 1]
        gap, slack = old.hat_moment(p) - new.hat_moment(p), old.slack(p) + new.slack(p)
        if p == 1 and proved:
            slack = Q(0)
        if p == 2 and proved and self.case.margin:
            lift = {v: x - new.r[v] for v, x in self.befores[s].r.items()}
            other = State(self.case, self.grids[s], lift)
            slack = (
                sum((2 * e * other.largest(box) for box, e in new.e.items()), Q(0)) / new.grid**self.case.d
            )
        return [gap - slack, gap + slack]


def ends(pair: list[Q], wide: bool) -> list[str]:
    """An enclosure of a number >= 0; of an expression a little wider, since arithmetics differ."""
    extra = SLACK if wide else Q(0)
    return [text(max(pair[0] - extra, Q(0))), text(pair[1] + extra)]


def status_of(proved: bool, refuted: bool) -> tuple[str, str | None]:
    return ("proved", None) if proved else ("refuted", None) if refuted else ("undecided", "no-proof")


def findings_of(run: Run, network: dict[str, Any]) -> list[dict[str, Any]]:
    """Rule 11.10."""
    case, d, wide = run.case, run.case.d, run.case.margin is not None
    count = sum(map(len, run.grades))
    result: list[dict[str, Any]] = []

    def add(name: str, level: int | None, verdict: tuple[str, str | None], **own: Any) -> None:
        common = {"property": name, "level": level, "status": verdict[0], "reason": verdict[1]}
        result.append({**common, "established_by": "checker", **own})

    good = ("proved", None)
    add("width", None, good, value=d + 3 if count else 0, bound=d + 5)
    add("depth", None, good, value=(d + 1) * count, bound=(d + 1) * count)
    add("activations", None, good, value=["relu"] if count else [], bound=["relu"])
    add("nested", None, good, contains=digest({**network, "sweeps": network["sweeps"][:-1]}))
    if 0 < count * (run.meshes[-1] + 1) ** d <= 2**21:
        add("regions", None, good, grid=run.meshes[-1], relus=count * (d * (d + 3) + d + 2))
    proved = [run.proves(s) for s in range(run.n)]
    for s in range(run.n):
        witness = run.witness(s) if case.witnesses and not proved[s] else None
        verdict = status_of(proved[s], witness is not None)
        add("pointwise", s + 1, verdict, grades=len(run.grades[s]), witness=witness)
    for p in case.p:
        for s in range(run.n):
            gap = run.decrease(s, p, proved[s])
            if wide and not (p == 1 and proved[s]):
                gap = [gap[0] - SLACK, gap[1] + SLACK]
            stuck = any(c == 0 for _, c in run.grades[s])
            never = stuck or (bool(run.grades[s]) and gap[1] <= 0)
            verdict = status_of(proved[s] and not stuck, never)
            before, after = (ends(state.moment(p), wide) for state in run.states[s : s + 2])
            sizes = {"before": before, "after": after, "decrease": [text(x) for x in gap]}
            add("decrease", s + 1, verdict, p=p, grades=len(run.grades[s]), **sizes)
    tops = []
    for s in range(run.n):
        top = ends(run.states[s + 1].supremum(), wide)
        K = max(state.slope() for state in run.states[: s + 1])
        if wide:
            K = max(K - SLACK * 2**10, Q(0)) if case.slope is None else case.slope
        bound = (1 if case.divides() else 2) * K / run.meshes[s]
        tops.append((number(top[0]), number(top[1])))
        verdict = status_of(tops[-1][1] <= bound, not wide and tops[-1][0] > bound)
        add("rate", s + 1, verdict, supremum=top, slope=text(K), bound=text(bound))
    if case.divides() and case.d <= 2:
        for s in range(run.n):
            a, b = run.states[s].slope(), run.states[s + 1].slope()
            add("slope", s + 1, status_of(b <= a, b > a), before=text(a), after=text(b))
    if case.until is not None:
        reached = [s + 1 for s, top in enumerate(tops) if top[1] <= case.until]
        verdict = status_of(bool(reached), all(top[0] > case.until for top in tops))
        add("until", reached[0] if reached else None, verdict)
    return result


def overall(findings: list[dict[str, Any]]) -> str:
    """Rule 9.8."""
    found = {f["status"] for f in findings}
    return "refuted" if "refuted" in found else "undecided" if "undecided" in found else "proved"


def certificate(case: Case, offset: int | None = None) -> dict[str, Any]:
    """The certificate of a case."""
    run = Run(case)
    sweeps = [
        {"cells": m, "nodes": [number_of(k, m) for k, _ in own], "steps": [text(c) for _, c in own]}
        for m, own in zip(run.meshes, run.grades, strict=True)
    ]
    network = {
        "inputs": case.d,
        "offset": str(math.ceil(run.load()) if offset is None else offset),
        "sweeps": sweeps,
    }
    findings = findings_of(run, network)
    parameters = {
        "dim": case.d, "mesh": case.mesh, "sweeps": case.sweeps, "p": case.p,
        "until": None if case.until is None else text(case.until),
    }  # fmt: skip
    return sealed(
        {
            "format": "approxcert-certificate",
            "version": 1,
            "producer": {},
            "claim": {"name": "multigrade", "parameters": parameters},
            "target": case.target,
            "network": network,
            "evidence": {"grid": case.grid},
            "findings": findings,
            "status": overall(findings),
        }
    )
