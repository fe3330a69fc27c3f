"""The findings of a multiplicative claim about one target: what is built, and each property's answer.

Rules: verify/CERTIFICATE.md, §12.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from itertools import combinations
from math import comb, prod
from typing import Any

from flint import fmpq

from constructs import multiplicative as construction
from constructs import quasi_interpolation
from constructs.errors import ConstructError
from constructs.exact import to_text
from constructs.functionals import line_functional
from constructs.multiplicative import NAMES, Multiplicative
from constructs.neurons import PRODUCT
from constructs.supports import Box, box_of
from constructs.targets.base import bounded_table
from constructs.targets.expression import ExpressionTarget
from verify.claims.multiplicative_bounds import Bounds
from verify.claims.multiplicative_measured import FINENESS, Measured, Options
from verify.powers import ZERO, Enclosure
from verify.progress import Notify
from verify.splines.constants import on_cube, on_line
from verify.splines.product_regions import differs_from_spline
from verify.splines.samples import sampled
from verify.splines.sobolev import vanishes_on_boundary
from verify.splines.tensor import Spline, from_rationals, on_space
from verify.verdict import Finding, Reason, Status

MOST_EXPANDED = 1 << 22  # (verify/CERTIFICATE.md, 12.9)


class Findings:
    """Builds the network for a target, measures it, and answers property by property."""

    def __init__(self, target: ExpressionTarget, options: Options, notify: Notify, least: int) -> None:
        self.target, self.options, self.notify, self.least = target, options, notify, least
        q, M, d = options.degree, options.mesh, target.dim
        pairs = (q + 1) * (q + 2) // 2
        if options.norm == "bessel" and not vanishes_on_boundary(target, M * FINENESS[0], options.twice):
            what = "0, and so is its gradient," if options.twice else "0"
            expected = (
                f"one that is seen to be {what} on the boundary of the cube: a Bessel norm is one over R^d"
            )
            raise ConstructError("target", target.describe(), expected)
        bounded_table("mesh", M, (M + q) ** d * pairs**d, "products", MOST_EXPANDED)
        rule = quasi_interpolation.zero_outside if options.zero else quasi_interpolation.on_cube
        self.interpolation = rule(q, M, d)
        notify("sampling the target")
        self.samples = sampled(target, self.interpolation)
        notify("building the network")
        first = self.interpolation.axis.first
        self.built: Multiplicative = construction.build(self.samples.coefficients, q, M, first)

    def specification(self) -> dict[str, Any]:
        """The network as in verify/CERTIFICATE.md, 12.2."""
        flat = self.samples.coefficients.reshape(-1).tolist()
        return {
            "inputs": self.target.dim,
            "degree": self.options.degree,
            "mesh": self.options.mesh,
            "coefficients": [to_text(c) for c in flat],
        }

    def evidence(self) -> dict[str, Any]:
        """Beside the findings, what the checker needs."""
        m, _ = self.measured
        return {
            "grid": m.grid,
            "step": m.step,
            "seminorms": [to_text(size) for size in m.seminorms.values()],
        }

    @cached_property
    def spline(self) -> Spline:
        """What the network is, on the cells where it is compared with the target."""
        q, M, c = self.options.degree, self.options.mesh, self.samples.coefficients
        return (
            on_space(q, M, c, self.interpolation.axis.first) if self.options.zero else from_rationals(q, M, c)
        )

    @cached_property
    def measured(self) -> tuple[Measured, list[Finding]]:
        """The norms, and the findings about them."""
        rule = on_line(self.options.degree) if self.options.zero else on_cube(self.interpolation.axis)
        tau = self.samples.tolerance
        return Bounds(self.target, self.spline, rule, self.options, tau, self.notify).measured(self.least)

    def all(self) -> tuple[Finding, ...]:
        """In the order of verify/CERTIFICATE.md, 12.8."""
        return (
            self._activations(),
            self._units(),
            self._support(),
            self._exactness(),
            Finding("coefficients", None, Status.PROVED, {"tolerance": to_text(self.samples.tolerance)}),
            self._locality(),
            *self.measured[1],
        )

    def _activations(self) -> Finding:
        used, allowed = sorted(self.built.network.activations), sorted([PRODUCT, NAMES[self.options.degree]])
        status = Status.PROVED if used == allowed else Status.REFUTED
        return Finding("activations", None, status, {"value": used, "bound": allowed})

    def _units(self) -> Finding:
        q, d = self.options.degree, self.target.dim
        self.notify("proving the network from its weights")
        why = differs_from_spline(self.built.network, self.spline) or self._reaches_out()
        bound = ((q + 1) * (q + 2) // 2 * (self.options.mesh + q)) ** d
        found = self._at_most("units", fmpq(len(self.built.network.layers[1])), fmpq(bound), whole=True)
        return found if why is None else _undecided(found, why)

    @cached_property
    def _boxes(self) -> list[Box | None]:
        """Outside which the units vanish, from their weights."""
        first, units = self.built.network.layers
        return [box_of(unit, first, self.target.dim) for unit in units]

    def _reaches_out(self) -> str | None:
        """Whether a unit is not seen to vanish outside the spline's cells, on which alone both were compared."""
        s = self.spline
        low, high = fmpq(s.start, s.mesh), fmpq(s.start + s.cells, s.mesh)
        cells = Box((low,) * s.dim, (high,) * s.dim)
        inside = not self.options.zero or all(b is not None and cells.contains(b) for b in self._boxes)
        return None if inside else "a unit that reaches beyond the supports of the splines"

    def _at_most(self, name: str, value: fmpq, bound: fmpq, whole: bool = True) -> Finding:
        status = Status.PROVED if value <= bound else Status.REFUTED
        stated = {key: int(x.p) if whole else to_text(x) for key, x in (("value", value), ("bound", bound))}
        return Finding(name, None, status, stated, None, Enclosure.exact(value), Enclosure.exact(bound))

    def _support(self) -> Finding:
        """The longest side of a unit's support, in cells, from its weights."""
        sides = [hi - lo for b in self._boxes if b is not None for lo, hi in zip(b.lo, b.hi, strict=True)]
        longest = max(sides, default=ZERO) * self.options.mesh
        found = self._at_most("support", longest, fmpq(self.options.support))
        if all(b is not None for b in self._boxes):
            return found
        return _undecided(found, "a unit whose support is not seen to be bounded")

    def _exactness(self) -> Finding:
        """By Marsden's identity: lambda_k(t^r) is the blossom of t^r at the inner knots, for r = 0..q."""
        q = self.options.degree
        holds = all(
            sum((w * site**r for site, w in row), ZERO) == blossom(q, k, r)
            for k, row in self._functionals
            for r in range(q + 1)
        )
        status = Status.PROVED if holds else Status.REFUTED
        return Finding("exactness", None, status, {"degree": q})

    def _locality(self) -> Finding:
        q, M = self.options.degree, self.options.mesh
        farthest = ZERO
        for k, row in self._functionals:
            ends = (k, k + q + 1) if self.options.zero else (max(k, 0), min(k + q + 1, M))
            farthest = max(farthest, *(abs(site - e) for site, _ in row for e in ends))
        return self._at_most("locality", farthest / M, fmpq(q + 1, M), whole=False)

    @cached_property
    def _functionals(self) -> list[tuple[int, list[tuple[fmpq, fmpq]]]]:
        """For every k (on the line one is enough) the sites, in cells, and weights."""
        if self.options.zero:
            sites, weights = line_functional(self.options.degree)
            return [(0, list(zip(sites, weights, strict=True)))]
        axis = self.interpolation.axis
        return [
            (
                axis.first + n,
                [(axis.points[p] * axis.mesh, w) for p, w in zip(f.places, f.weights, strict=True)],
            )
            for n, f in enumerate(axis.functionals)
        ]


def _undecided(found: Finding, why: str) -> Finding:
    return replace(found, status=Status.UNDECIDED, reason=Reason.NO_PROOF, note=why)


def blossom(q: int, k: int, r: int) -> fmpq:
    """e_r(k+1, ..., k+q) / C(q, r)."""
    total = sum(prod(knots) for knots in combinations(range(k + 1, k + q + 1), r))
    return fmpq(total, comb(q, r))
