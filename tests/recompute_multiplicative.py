"""A multiplicative certificate recomputed with the producer's quantities: the second opinion on accepted mutants."""

from __future__ import annotations

from fractions import Fraction
from math import log2
from typing import Any

import numpy as np
from flint import fmpq

from constructs import multiplicative as construction
from constructs.exact import from_text
from constructs.quasi_interpolation import on_cube, zero_outside
from constructs.targets.expression import ExpressionTarget
from constructs.targets.specification import from_specification
from verify.box_jets import at_nodes
from verify.splines import differences, sobolev, zygmund
from verify.splines.constants import Rule, on_line, orders
from verify.splines.constants import on_cube as rule_on_cube
from verify.splines.errors import errors
from verify.splines.samples import sampled
from verify.splines.tensor import from_rationals, on_space

NEAR = fmpq(1, 2**30)  # two arithmetics


def holds(certificate: dict[str, Any]) -> bool:
    """Whether errors, derivatives from below, tolerance, units, norms and the Zygmund quotient are as stated."""
    if certificate["claim"]["name"] == "ladder":
        return _ladder_holds(certificate)
    return _Opinion(certificate).holds()


def _ladder_holds(certificate: dict[str, Any]) -> bool:
    """Every rung, and every order by floats of the stated errors: 2^a <= fall <= 2^b within what 64 parts allow."""
    parameters = certificate["claim"]["parameters"]
    rungs, of = certificate["evidence"]["rungs"], parameters["of"]["parameters"]
    if not len(rungs) == len(certificate["network"]["rungs"]) == parameters["rungs"]:
        return False
    for i, (rung, network) in enumerate(zip(rungs, certificate["network"]["rungs"], strict=True)):
        claim = {"name": "multiplicative", "parameters": {**of, "mesh": of["mesh"] << i}}
        content = {**rung, "network": network, "target": certificate["target"], "claim": claim}
        if not _Opinion(content).holds():
            return False
    return all(_order_holds(f, rungs, from_text(parameters["order"])) for f in certificate["findings"])


def _order_holds(f: dict[str, Any], rungs: list[dict[str, Any]], claimed: fmpq) -> bool:
    key = f["of"], f["part"]
    before, after = (
        next(g for g in rung["findings"] if (g["property"], g["level"]) == key)
        for rung in rungs[f["level"] - 1 : f["level"] + 1]
    )
    name = "error" if "error" in before else "value"
    x, y = ([float(Fraction(str(from_text(t)))) for t in g[name]] for g in (before, after))
    halves = 1 if name == "error" else 2
    derivative = {"derivative": 1, "gradient": 1, "second": 2, "hessian": 2}.get(f["of"], 0)
    good = from_text(f["least"]) == claimed - derivative - fmpq(1, 2)
    low, high = (None if t is None else float(Fraction(str(from_text(t)))) for t in f["order"])
    if low is not None:
        good = good and x[0] > 0 and low <= log2(x[0] / y[1]) / halves + 1e-9
    if high is not None:
        good = good and y[0] > 0 and high >= log2(x[1] / y[0]) / halves - 1e-9
    return good


class _Opinion:
    def __init__(self, certificate: dict[str, Any]) -> None:
        self.certificate, self.parameters = certificate, certificate["claim"]["parameters"]
        self.d, self.q, self.M = (self.parameters[key] for key in ("dim", "degree", "mesh"))
        self.by_name = {(f["property"], f["level"]): f for f in certificate["findings"]}
        self.s = None if self.parameters["s"] is None else from_text(self.parameters["s"])
        self.zero = self.parameters["norm"] == "bessel" and self.q >= 2

    def number(self, name: str, key: str, level: int | None = None, end: int | None = None) -> fmpq:
        value = self.by_name[name, level][key]
        return from_text(value if end is None else value[end])

    def holds(self) -> bool:
        network, evidence = self.certificate["network"], self.certificate["evidence"]
        if (network["inputs"], network["degree"], network["mesh"]) != (self.d, self.q, self.M):
            return False
        target = from_specification(self.certificate["target"])
        if not isinstance(target, ExpressionTarget):
            return False
        quasi = (zero_outside if self.zero else on_cube)(self.q, self.M, self.d)
        first = quasi.axis.first
        c = np.empty(len(network["coefficients"]), dtype=object)
        c[:] = [from_text(text) for text in network["coefficients"]]
        c = c.reshape((len(quasi.axis.functionals),) * self.d)
        self.spline = on_space(self.q, self.M, c, first) if self.zero else from_rationals(self.q, self.M, c)
        rule = on_line(self.q) if self.zero else rule_on_cube(quasi.axis)
        if evidence["step"] * (self.q + 1) > evidence["grid"]:
            return False
        tau = self.number("coefficients", "tolerance")
        own = sampled(target, quasi)
        if max(abs(a - b) for a, b in zip(own.coefficients.flat, c.flat, strict=True)) > tau + own.tolerance:
            return False
        if self.by_name["units", None]["value"] != construction.build(c, self.q, self.M, first).units:
            return False
        good = self.bounds(target, rule, tau, evidence)
        if self.parameters["norm"] == "bessel":
            return good and self.bessel(target, evidence["grid"])
        return good and (self.s is None or self.zygmund(target, self.s))

    def bounds(self, target: ExpressionTarget, rule: Rule, tau: fmpq, evidence: dict[str, Any]) -> bool:
        """`sup`, `derivative` and `second`, and the stated lower bounds of derivatives of f."""
        grid, step, d, q, h = evidence["grid"], evidence["step"], self.d, self.q, fmpq(1, self.M)
        found, nodes = errors(target, self.spline, grid), at_nodes(target, grid)

        def below(*axes: int) -> fmpq:
            return differences.largest(nodes, tuple(axes.count(i) for i in range(d)), step, grid)

        sup = self.by_name["sup", None]
        pure = sum((below(*[i] * (q + 1)) for i in range(d)), fmpq(0))
        good = within(sup["error"], found.supremum.lo, found.supremum.hi)
        good = good and self.number("sup", "seminorm") <= pure + NEAR
        bound = rule.constant(d) * self.number("sup", "seminorm") * h ** (q + 1) + tau
        good = good and self.number("sup", "bound") == bound
        stated = [from_text(text) for text in evidence["seminorms"]]
        betas = list(orders(d, q + 1)) if stated else []
        good = good and len(stated) == len(betas)
        good = good and all(
            0 <= size <= differences.largest(nodes, beta, step, grid) + NEAR
            for beta, size in zip(betas, stated, strict=True)
        )

        def limit(*axes: int) -> fmpq:
            alpha = tuple(axes.count(i) for i in range(d))
            total = sum(
                (size * rule.factor(alpha, beta) for beta, size in zip(betas, stated, strict=True)), fmpq(0)
            )
            return total * h ** (q + 1 - len(axes)) + tau * (2 * self.M) ** len(axes)

        for i in [i for name, i in self.by_name if name == "derivative" and i is not None]:
            if found.slopes is None:
                return False
            f = self.by_name["derivative", i]
            good = good and within(f["error"], found.slopes[i].lo, found.slopes[i].hi)
            if q == 1:
                total = sum((below(i, j) for j in range(d)), fmpq(0))
                good = good and from_text(f["seminorm"]) <= total + NEAR
                good = good and from_text(f["bound"]) == from_text(f["seminorm"]) * h / 2 + 2 * self.M * tau
            else:
                good = good and from_text(f["bound"]) == limit(i)
        if self.s is not None and self.s > 1:
            if found.second is None:
                return False
            for number, (pair, ends) in enumerate(sorted(found.second.items())):
                f = self.by_name["second", number]
                good = good and within(f["error"], ends.lo, ends.hi) and from_text(f["bound"]) == limit(*pair)
        return good

    def sizes(self, key: str) -> list[list[fmpq]]:
        """Of e, of its gradient, of all d^2 second derivatives: the stated bounds, or upper ends of the errors."""
        end = 1 if key == "error" else None
        rows = [
            [self.number("sup", key, end=end)],
            [self.number("derivative", key, i, end) for i in range(self.d)],
            [],
        ]
        if self.s is not None and self.s > 1:
            pairs = [(i, j) for i in range(self.d) for j in range(i, self.d)]
            for number, (i, j) in enumerate(pairs):
                rows[2] += [self.number("second", key, number, end)] * (1 if i == j else 2)
        return rows

    def bessel(self, target: ExpressionTarget, grid: int) -> bool:
        s = fmpq(0) if self.s is None else self.s
        if not sobolev.vanishes_on_boundary(target, grid, s > 1):
            return False
        ours = sobolev.squares(target, self.spline, grid, s > 1)
        volume = fmpq(self.spline.cells, self.M) ** self.d
        limits = [volume * sum((b * b for b in row), fmpq(0)) for row in self.sizes("bound")]
        good, ends = True, []
        for name, value, limit in zip(
            ("l2", "gradient", "hessian"), (ours.value, ours.gradient, ours.hessian), limits, strict=True
        ):
            ends.append(fmpq(0) if value is None else self.number(name, "value", end=1))
            if value is not None:
                f = self.by_name[name, None]
                good = good and within(f["value"], value.lo, value.hi) and from_text(f["bound"]) == limit
        f = self.by_name["bessel", None]
        good = good and from_text(f["norm"][0]) <= sobolev.from_below(ours, s) * (1 + NEAR) + NEAR
        good = (
            good and from_text(f["norm"][1]) >= sobolev.interpolated(ends[0], ends[1], ends[2], s).lo - NEAR
        )
        limit = sobolev.interpolated(limits[0], limits[1], limits[2], s).hi
        return good and from_text(f["bound"]) <= limit + NEAR

    def zygmund(self, target: ExpressionTarget, s: fmpq) -> bool:
        f = self.by_name["zygmund", None]
        x, y = (tuple(from_text(v) for v in f[key]) for key in ("x", "y"))
        good = from_text(f["seminorm"][0]) <= zygmund.quotient(target, self.spline, x, y, s) + NEAR
        upper, limit = (
            zygmund.interpolated(sup, slopes, second, s)
            for (sup,), slopes, second in (self.sizes("error"), self.sizes("bound"))
        )
        good = good and from_text(f["seminorm"][1]) >= upper.lo - NEAR
        return good and from_text(f["bound"]) <= limit.hi + NEAR


def within(stated: list[str], lo: fmpq, hi: fmpq) -> bool:
    """The stated enclosure holds ours but for what two arithmetics differ."""
    below, above = (from_text(text) for text in stated)
    return below <= lo * (1 + NEAR) + NEAR and above >= hi * (1 - NEAR) - NEAR
