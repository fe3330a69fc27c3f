"""The findings of a multiplicative claim that compare norms of f - Phi with their bounds.

Rules: verify/CERTIFICATE.md, 12.5-12.11.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import fmpq

from constructs.errors import ConstructError
from constructs.exact import to_text
from constructs.targets.expression import ExpressionTarget
from verify.claims.multiplicative_measured import MOST_BOXES, Measured, Options, grids, measure
from verify.powers import ZERO, Enclosure, root, rounded
from verify.progress import Notify
from verify.quantities import NotEnclosed
from verify.splines import sobolev, zygmund
from verify.splines.constants import Rule
from verify.splines.sobolev import Squares
from verify.splines.tensor import Spline
from verify.verdict import Finding, Reason, Status, overall


@dataclass(frozen=True)
class Bounds:
    """The norms of one target's error, and what bounds them."""

    target: ExpressionTarget
    spline: Spline
    rule: Rule
    options: Options
    tolerance: fmpq
    notify: Notify

    def measured(self, least: int) -> tuple[Measured, list[Finding]]:
        """On the first grid, of at least `least` boxes a cell, on which everything is proved, or the finest allowed.

        Raises: ConstructError if not even the coarsest grid is allowed; DomainUndecided; NotEnclosed.
        """
        found: tuple[Measured, list[Finding]] | None = None
        allowed = list(grids(self.target, self.spline, self.options))
        for grid in [g for g in allowed if g >= least * self.options.mesh] or allowed[-1:]:
            self.notify(f"error on {grid}^{self.target.dim} boxes")
            measured = measure(self.target, self.spline, self.options, grid)
            found = measured, self._findings(measured)
            if overall(tuple(found[1])) is Status.PROVED:
                break
        if found is None:
            most = f"at most {MOST_BOXES} boxes in all (fewer of a long text), four a cell and axis"
            raise ConstructError("mesh", self.options.mesh, most)
        return found

    def _findings(self, m: Measured) -> list[Finding]:
        h, q, d = fmpq(1, self.options.mesh), self.options.degree, self.target.dim
        seminorm = sum(m.pure, ZERO)
        bound = self.rule.constant(d) * h ** (q + 1) * seminorm + self.tolerance
        out = [_compared("sup", None, m.errors.supremum, bound, seminorm)]
        if self.options.sloped:
            if m.errors.slopes is None:
                raise NotEnclosed("the target's gradient is not bounded, and the error's is asked for")
            out += [self._slope(i, m, error) for i, error in enumerate(m.errors.slopes)]
        if self.options.twice:
            if m.errors.second is None:
                raise NotEnclosed("the target's second derivatives are not bounded: a kink, or a singularity")
            for number, (pair, error) in enumerate(sorted(m.errors.second.items())):
                out.append(_compared("second", number, error, self._bound(m, *pair)))
        if self.options.s is None:
            return out
        if m.squares is None:
            return [*out, self._zygmund(self.options.s, out)]
        return out + self._bessel(self.options.s, m.squares, out)

    def _slope(self, i: int, m: Measured, error: Enclosure) -> Finding:
        if self.options.degree > 1:
            return _compared("derivative", i, error, self._bound(m, i))
        total = sum(m.second[i], ZERO)
        bound = total / (2 * self.options.mesh) + 2 * self.options.mesh * self.tolerance
        return _compared("derivative", i, error, bound, total)

    def _bound(self, m: Measured, *axes: int) -> fmpq:
        """b_alpha of 12.7 for the derivative along these axes."""
        alpha = tuple(axes.count(i) for i in range(self.target.dim))
        total = sum((size * self.rule.factor(alpha, beta) for beta, size in m.seminorms.items()), ZERO)
        h = fmpq(1, self.options.mesh)
        rounding = self.tolerance * (2 * self.options.mesh) ** len(axes)
        return h ** (self.options.degree + 1 - len(axes)) * total + rounding

    def _zygmund(self, s: fmpq, before: list[Finding]) -> Finding:
        def interpolated(bounds: bool) -> Enclosure:
            (sup,), slopes, second = self._numbers(before, bounds)
            return zygmund.interpolated(sup, slopes, second, s)

        upper = interpolated(bounds=False).hi
        x, y, lower = zygmund.witness(self.target, self.spline, s)
        seminorm = rounded(Enclosure(min(lower, upper), upper))
        stated = {"x": [to_text(c) for c in x], "y": [to_text(c) for c in y]}
        bound = rounded(interpolated(bounds=True)).lo
        return _normed("zygmund", "seminorm", seminorm, bound, before, stated)

    def _bessel(self, s: fmpq, found: Squares, before: list[Finding]) -> list[Finding]:
        volume = fmpq(self.spline.cells, self.spline.mesh) ** self.target.dim
        limits = [volume * sum((b * b for b in row), ZERO) for row in self._numbers(before, bounds=True)]
        rows = [
            ("l2", found.value, limits[0], "sup"),
            ("gradient", found.gradient, limits[1], "derivative"),
        ]
        if found.hessian is not None:
            rows.append(("hessian", found.hessian, limits[2], "second"))
        parts = [
            _integral(name, value, limit, [f for f in before if f.property == source])
            for name, value, limit, source in rows
        ]
        ends = [value.hi for _, value, _, _ in rows] + [ZERO] * (3 - len(rows))
        upper = sobolev.interpolated(ends[0], ends[1], ends[2], s).hi
        norm = rounded(Enclosure(min(sobolev.from_below(found, s), upper), upper))
        bound = rounded(sobolev.interpolated(limits[0], limits[1], limits[2], s)).lo
        return [*parts, _normed("bessel", "norm", norm, bound, parts, {})]

    def _numbers(self, before: list[Finding], bounds: bool) -> list[list[fmpq]]:
        """Upper ends of the errors, or the bounds: of e, of its gradient, of all d^2 second derivatives."""
        rows: dict[str, list[fmpq]] = {"sup": [], "derivative": [], "second": []}
        for f in before:
            side = f.bound if bounds else f.value
            if side is None:
                raise ValueError("a finding without numbers")
            rows[f.property].append(side.hi)
        twice = [
            size for size, (i, j) in zip(rows["second"], _pairs(self.target.dim), strict=False) if i != j
        ]
        return [rows["sup"], rows["derivative"], rows["second"] + twice]


def _pairs(d: int) -> list[tuple[int, int]]:
    return [(i, j) for i in range(d) for j in range(i, d)]


def _compared(
    name: str, level: int | None, error: Enclosure, bound: fmpq, seminorm: fmpq | None = None
) -> Finding:
    stated: dict[str, Any] = {"error": error.to_json(), "bound": to_text(bound)}
    if seminorm is not None:
        stated["seminorm"] = to_text(seminorm)
    return _answer(name, level, error, bound, error.hi <= bound, stated)


def _normed(
    name: str, key: str, norm: Enclosure, bound: fmpq, before: list[Finding], stated: dict[str, Any]
) -> Finding:
    proved = norm.hi <= bound and overall(tuple(before)) is Status.PROVED
    return _answer(name, None, norm, bound, proved, {**stated, key: norm.to_json(), "bound": to_text(bound)})


def _answer(
    name: str, level: int | None, value: Enclosure, bound: fmpq, proved: bool, stated: dict[str, Any]
) -> Finding:
    status, reason = (Status.PROVED, None) if proved else (Status.UNDECIDED, Reason.NO_PROOF)
    ratio = value.hi / bound if bound > 0 else None
    return Finding(name, level, status, stated, reason, value, Enclosure.exact(bound), ratio)


def _integral(name: str, value: Enclosure, bound: fmpq, others: list[Finding]) -> Finding:
    """An integral of squares against the square of the bound, shown as norms."""
    proved = overall(tuple(others)) is Status.PROVED and value.hi <= bound
    status, reason = (Status.PROVED, None) if proved else (Status.UNDECIDED, Reason.NO_PROOF)
    stated = {"value": value.to_json(), "bound": to_text(bound)}
    norm = Enclosure(root(value.lo, 2).lo, root(value.hi, 2).hi)
    limit = root(bound, 2)
    ratio = norm.hi / limit.lo if limit.lo > 0 else None
    return Finding(name, None, status, stated, reason, norm, limit, ratio)
