"""A multiplicative certificate recomputed with the producer's quantities: the second opinion on accepted mutants."""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import fmpq

from constructs import multiplicative as construction
from constructs.exact import from_text
from constructs.quasi_interpolation import on_cube
from constructs.targets.expression import ExpressionTarget
from constructs.targets.specification import from_specification
from verify import differences, sobolev, zygmund
from verify.claims.multiplicative_findings import constant
from verify.enclosure import at_nodes
from verify.samples import sampled
from verify.spline_errors import errors
from verify.splines import from_rationals

NEAR = fmpq(1, 2**30)  # two arithmetics


def holds(certificate: dict[str, Any]) -> bool:
    """Whether errors, derivatives from below, tolerance, units and the Zygmund quotient are as stated."""
    parameters, network = certificate["claim"]["parameters"], certificate["network"]
    d, q, M = parameters["dim"], parameters["degree"], parameters["mesh"]
    if (network["inputs"], network["degree"], network["mesh"]) != (d, q, M):
        return False
    target = from_specification(certificate["target"])
    if not isinstance(target, ExpressionTarget):
        return False
    rule = on_cube(q, M, d)
    c = np.empty(len(network["coefficients"]), dtype=object)
    c[:] = [from_text(text) for text in network["coefficients"]]
    c = c.reshape((M + q,) * d)
    spline = from_rationals(q, M, c)
    grid, step = certificate["evidence"]["grid"], certificate["evidence"]["step"]
    t = fmpq(step, grid)
    if t * (q + 1) > 1:
        return False
    found, nodes = errors(target, spline, grid), at_nodes(target, grid)
    pure = [differences.pure(nodes, i, q + 1, t, step) for i in range(d)]
    by_name = {(f["property"], f["level"]): f for f in certificate["findings"]}
    tau = from_text(by_name["coefficients", None]["tolerance"])
    own = sampled(target, rule)
    if max(abs(a - b) for a, b in zip(own.coefficients.flat, c.flat, strict=True)) > tau + own.tolerance:
        return False
    if by_name["units", None]["value"] != construction.build(c, q, M).units:
        return False
    sup = by_name["sup", None]
    good = within(sup["error"], found.supremum.lo, found.supremum.hi)
    good = good and from_text(sup["seminorm"]) <= sum(pure, fmpq(0)) + NEAR
    good = (
        good
        and from_text(sup["bound"])
        == constant(rule.axis, d) * from_text(sup["seminorm"]) / M ** (q + 1) + tau
    )
    for i in range(d if q == 1 else 0):
        f = by_name["derivative", i]
        if found.slopes is None:
            return False
        total = sum(
            (pure[i] if i == j else differences.mixed(nodes, i, j, t, step) for j in range(d)), fmpq(0)
        )
        good = good and within(f["error"], found.slopes[i].lo, found.slopes[i].hi)
        good = good and from_text(f["seminorm"]) <= total + NEAR
        good = good and from_text(f["bound"]) == from_text(f["seminorm"]) / (2 * M) + 2 * M * tau
    if parameters["norm"] == "bessel":
        good = good and sobolev.vanishes_on_boundary(target, grid)
        integrals = sobolev.squares(target, spline, grid)
        limits = [from_text(by_name["derivative", i]["bound"]) for i in range(d)]
        squares = from_text(sup["bound"]) ** 2, sum((b * b for b in limits), fmpq(0))
        for name, ours, limit in (
            ("l2", integrals.value, squares[0]),
            ("gradient", integrals.gradient, squares[1]),
        ):
            f = by_name[name, None]
            good = good and within(f["value"], ours.lo, ours.hi) and from_text(f["bound"]) == limit
        ends = [from_text(by_name[name, None]["value"][1]) for name in ("l2", "gradient")]
        f, s = by_name["bessel", None], from_text(parameters["s"])
        good = good and from_text(f["norm"][0]) ** 2 <= integrals.value.hi + NEAR
        good = good and from_text(f["norm"][1]) >= sobolev.interpolated(*ends, s).lo - NEAR
        good = good and from_text(f["bound"]) <= sobolev.interpolated(*squares, s).hi + NEAR
    elif parameters["s"] is not None:
        f, s = by_name["zygmund", None], from_text(parameters["s"])
        x, y = (tuple(from_text(v) for v in f[key]) for key in ("x", "y"))
        good = good and from_text(f["seminorm"][0]) <= zygmund.quotient(target, spline, x, y, s) + NEAR
        slopes = [from_text(by_name["derivative", i]["error"][1]) for i in range(d)]
        limits = [from_text(by_name["derivative", i]["bound"]) for i in range(d)]
        upper = zygmund.interpolated(from_text(sup["error"][1]), slopes, s)
        limit = zygmund.interpolated(from_text(sup["bound"]), limits, s)
        good = (
            good
            and from_text(f["seminorm"][1]) >= upper.lo - NEAR
            and from_text(f["bound"]) <= limit.hi + NEAR
        )
    return good


def within(stated: list[str], lo: fmpq, hi: fmpq) -> bool:
    """The stated enclosure holds ours but for what two arithmetics differ."""
    below, above = (from_text(text) for text in stated)
    return below <= lo * (1 + NEAR) + NEAR and above >= hi * (1 - NEAR) - NEAR
