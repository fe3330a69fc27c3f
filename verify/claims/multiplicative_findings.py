"""The findings of a multiplicative claim about one target: what is built, and each property's answer.

Rules: verify/CERTIFICATE.md, §12.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from math import comb, factorial, prod
from typing import Any

from flint import fmpq

from constructs import multiplicative as construction
from constructs import quasi_interpolation
from constructs.errors import ConstructError
from constructs.exact import to_text
from constructs.functionals import Axis
from constructs.multiplicative import NAMES, Multiplicative
from constructs.neurons import PRODUCT
from constructs.supports import box_of
from constructs.targets.base import bounded_table
from constructs.targets.expression import ExpressionTarget
from verify import differences, sobolev, zygmund
from verify.enclosure import at_nodes
from verify.powers import ZERO, Enclosure, root, rounded
from verify.product_regions import differs_from_spline
from verify.progress import Notify
from verify.quantities import NotEnclosed
from verify.samples import sampled
from verify.sobolev import Squares, squares
from verify.spline_errors import Errors, errors
from verify.splines import Spline, from_rationals
from verify.verdict import Finding, Reason, Status

FINENESS = (4, 16, 64, 256, 1024)  # boxes per cell and axis that are tried, until everything is proved
MOST_BOXES = 1 << 18
SPACING = {
    1: 1 << 18,
    2: 1 << 11,
    3: 1 << 8,
}  # by degree: difference quotients over less would be mostly noise
MOST_EXPANDED = 1 << 22  # (verify/CERTIFICATE.md, 12.9)


@dataclass(frozen=True)
class Options:
    """How to build and what to ask."""

    mesh: int
    degree: int
    norm: str  # sup, zygmund or bessel
    s: fmpq | None


@dataclass(frozen=True)
class Measured:
    """Errors and derivatives of f from below, on one grid."""

    grid: int
    step: int
    errors: Errors
    pure: tuple[fmpq, ...]  # of order q+1
    second: tuple[tuple[fmpq, ...], ...]  # of order 2, for q = 1
    squares: Squares | None  # for a bessel norm


class Findings:
    """Builds the network for a target, measures it, and answers property by property."""

    def __init__(self, target: ExpressionTarget, options: Options, notify: Notify) -> None:
        self.target, self.options, self.notify = target, options, notify
        q, M, d = options.degree, options.mesh, target.dim
        pairs = (q + 1) * (q + 2) // 2
        if options.norm == "bessel" and not sobolev.vanishes_on_boundary(target, M * FINENESS[0]):
            expected = (
                "one that is seen to be 0 on the boundary of the cube: a Bessel norm is one over all of R^d"
            )
            raise ConstructError("target", target.describe(), expected)
        bounded_table("mesh", M, (M + q) ** d * pairs**d, "products", MOST_EXPANDED)
        self.interpolation = quasi_interpolation.on_cube(q, M, d)
        notify("sampling the target")
        self.samples = sampled(target, self.interpolation)
        notify("building the network")
        self.built: Multiplicative = construction.build(self.samples.coefficients, q, M)

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
        return {"grid": self.measured.grid, "step": self.measured.step}

    @cached_property
    def spline(self) -> Spline:
        """What the network is."""
        return from_rationals(self.options.degree, self.options.mesh, self.samples.coefficients)

    @cached_property
    def measured(self) -> Measured:
        """On the first grid on which everything is proved, or the finest allowed."""
        found: Measured | None = None
        for grid in self._grids():
            self.notify(f"error on {grid}^{self.target.dim} boxes")
            found = self._measure(grid)
            if all(f.status is Status.PROVED for f in self._bounds(found)):
                break
        if found is None:
            raise ConstructError(
                "mesh", self.options.mesh, f"at most {MOST_BOXES} boxes in all, four a cell and axis"
            )
        return found

    def _grids(self) -> Iterator[int]:
        for n in FINENESS:
            grid = self.options.mesh * n
            if grid**self.target.dim <= MOST_BOXES and grid >= self.options.degree + 1:
                yield grid

    def _measure(self, grid: int) -> Measured:
        q, d = self.options.degree, self.target.dim
        found = errors(self.target, self.spline, grid)
        step = max(1, grid // SPACING[q])
        t, ends = fmpq(step, grid), at_nodes(self.target, grid)
        pure = tuple(differences.pure(ends, i, q + 1, t, step) for i in range(d))
        second: tuple[tuple[fmpq, ...], ...] = ()
        if q == 1:
            second = tuple(
                tuple(pure[i] if i == j else differences.mixed(ends, i, j, t, step) for j in range(d))
                for i in range(d)
            )
        integrals = squares(self.target, self.spline, grid) if self.options.norm == "bessel" else None
        return Measured(grid, step, found, pure, second, integrals)

    def all(self) -> tuple[Finding, ...]:
        """In the order of verify/CERTIFICATE.md, 12.8."""
        return (
            self._activations(),
            self._units(),
            self._support(),
            self._exactness(),
            Finding("coefficients", None, Status.PROVED, {"tolerance": to_text(self.samples.tolerance)}),
            self._locality(),
            *self._bounds(self.measured),
        )

    def _activations(self) -> Finding:
        used, allowed = sorted(self.built.network.activations), sorted([PRODUCT, NAMES[self.options.degree]])
        status = Status.PROVED if used == allowed else Status.REFUTED
        return Finding("activations", None, status, {"value": used, "bound": allowed})

    def _units(self) -> Finding:
        q, d = self.options.degree, self.target.dim
        self.notify("proving the network from its weights")
        why = differs_from_spline(self.built.network, self.spline)
        bound = ((q + 1) * (q + 2) // 2 * (self.options.mesh + q)) ** d
        found = self._at_most("units", fmpq(self.built.units), fmpq(bound), whole=True)
        if why is None:
            return found
        return replace(found, status=Status.UNDECIDED, reason=Reason.NO_PROOF, note=why)

    def _at_most(self, name: str, value: fmpq, bound: fmpq, whole: bool = True) -> Finding:
        status = Status.PROVED if value <= bound else Status.REFUTED
        stated = {key: int(x.p) if whole else to_text(x) for key, x in (("value", value), ("bound", bound))}
        return Finding(name, None, status, stated, None, Enclosure.exact(value), Enclosure.exact(bound))

    def _support(self) -> Finding:
        """The longest side of a unit's support, in cells, from its weights."""
        layers, bound = self.built.network.layers, fmpq(self.options.degree + 1)
        boxes = [box_of(unit, layers[0], self.target.dim) for unit in layers[1]]
        sides = [hi - lo for b in boxes if b is not None for lo, hi in zip(b.lo, b.hi, strict=True)]
        found = self._at_most("support", max(sides, default=ZERO) * self.options.mesh, bound)
        if all(b is not None for b in boxes):
            return found
        return replace(
            found,
            status=Status.UNDECIDED,
            reason=Reason.NO_PROOF,
            note="a unit whose support is not seen to be bounded",
        )

    def _exactness(self) -> Finding:
        """By Marsden's identity: lambda_k(t^r) is the blossom of t^r at the inner knots, for r = 0..q."""
        axis, q = self.interpolation.axis, self.options.degree
        holds = all(
            sum(
                (w * (axis.points[p] * axis.mesh) ** r for p, w in zip(f.places, f.weights, strict=True)),
                ZERO,
            )
            == blossom(q, axis.first + n, r)
            for n, f in enumerate(axis.functionals)
            for r in range(q + 1)
        )
        status = Status.PROVED if holds else Status.REFUTED
        return Finding("exactness", None, status, {"degree": q})

    def _locality(self) -> Finding:
        q, M = self.options.degree, self.options.mesh
        farthest = max(r for row in reaches(self.interpolation.axis) for _, r in row)
        return self._at_most("locality", farthest / M, fmpq(q + 1, M), whole=False)

    def _bounds(self, m: Measured) -> list[Finding]:
        """sup, derivative, zygmund, as seen on one grid."""
        h, tau = fmpq(1, self.options.mesh), self.samples.tolerance
        q = self.options.degree
        seminorm = sum(m.pure, ZERO)
        scale = constant(self.interpolation.axis, self.target.dim) * h ** (q + 1)
        out = [self._compared("sup", None, m.errors.supremum, seminorm, scale * seminorm + tau)]
        if q == 1:
            if m.errors.slopes is None:
                raise NotEnclosed("the target's gradient is not bounded, and degree 1 asks for the error's")
            for i, row in enumerate(m.second):
                total = sum(row, ZERO)
                bound = h / 2 * total + 2 * self.options.mesh * tau
                out.append(self._compared("derivative", i, m.errors.slopes[i], total, bound))
        if self.options.s is not None and m.squares is None:
            out.append(self._zygmund(self.options.s, out))
        if self.options.s is not None and m.squares is not None:
            out += self._bessel(self.options.s, m.squares, out)
        return out

    def _bessel(self, s: fmpq, found: Squares, before: list[Finding]) -> list[Finding]:
        first, *rest = before
        square, steep = _hi(first.bound) ** 2, sum((_hi(f.bound) ** 2 for f in rest), ZERO)
        parts = [
            _integral("l2", found.value, square, first.status is Status.PROVED),
            _integral("gradient", found.gradient, steep, all(f.status is Status.PROVED for f in rest)),
        ]
        upper = sobolev.interpolated(found.value.hi, found.gradient.hi, s).hi
        norm = rounded(Enclosure(min(root(found.value.lo, 2).lo, upper), upper))
        bound = rounded(sobolev.interpolated(square, steep, s)).lo
        proved = norm.hi <= bound and all(f.status is Status.PROVED for f in parts)
        status, reason = (Status.PROVED, None) if proved else (Status.UNDECIDED, Reason.NO_PROOF)
        stated = {"norm": norm.to_json(), "bound": to_text(bound)}
        ratio = norm.hi / bound if bound > 0 else None
        return [*parts, Finding("bessel", None, status, stated, reason, norm, Enclosure.exact(bound), ratio)]

    def _compared(
        self, name: str, level: int | None, error: Enclosure, seminorm: fmpq, bound: fmpq
    ) -> Finding:
        proved = error.hi <= bound
        stated = {"error": error.to_json(), "seminorm": to_text(seminorm), "bound": to_text(bound)}
        status, reason = (Status.PROVED, None) if proved else (Status.UNDECIDED, Reason.NO_PROOF)
        ratio = error.hi / bound if bound > 0 else None
        return Finding(name, level, status, stated, reason, error, Enclosure.exact(bound), ratio)

    def _zygmund(self, s: fmpq, before: list[Finding]) -> Finding:
        first, *rest = before
        upper = zygmund.interpolated(_hi(first.value), [_hi(f.value) for f in rest], s)
        limit = zygmund.interpolated(_hi(first.bound), [_hi(f.bound) for f in rest], s)
        x, y, lower = zygmund.witness(self.target, self.spline, s)
        seminorm = rounded(Enclosure(min(lower, upper.hi), upper.hi))
        bound = rounded(limit).lo
        proved = seminorm.hi <= bound and all(f.status is Status.PROVED for f in before)
        status, reason = (Status.PROVED, None) if proved else (Status.UNDECIDED, Reason.NO_PROOF)
        stated = {
            "x": [to_text(c) for c in x],
            "y": [to_text(c) for c in y],
            "seminorm": seminorm.to_json(),
            "bound": to_text(bound),
        }
        ratio = seminorm.hi / bound if bound > 0 else None
        return Finding("zygmund", None, status, stated, reason, seminorm, Enclosure.exact(bound), ratio)


def blossom(q: int, k: int, r: int) -> fmpq:
    """e_r(k+1, ..., k+q) / C(q, r)."""
    total = sum(prod(knots) for knots in combinations(range(k + 1, k + q + 1), r))
    return fmpq(total, comb(q, r))


def _integral(name: str, value: Enclosure, bound: fmpq, others: bool) -> Finding:
    """An integral of squares against the square of the bound, shown as norms."""
    proved = others and value.hi <= bound
    status, reason = (Status.PROVED, None) if proved else (Status.UNDECIDED, Reason.NO_PROOF)
    stated = {"value": value.to_json(), "bound": to_text(bound)}
    norm = Enclosure(root(value.lo, 2).lo, root(value.hi, 2).hi)
    limit = root(bound, 2)
    ratio = norm.hi / limit.lo if limit.lo > 0 else None
    return Finding(name, None, status, stated, reason, norm, limit, ratio)


def _hi(bounds: Enclosure | None) -> fmpq:
    if bounds is None:
        raise ValueError("a finding without numbers")
    return bounds.hi


def reaches(axis: Axis) -> list[list[tuple[fmpq, fmpq]]]:
    """For every spline the |weight| of each of its points, and the largest distance from the point within the spline's
    support in the cube, in cells.
    """
    out = []
    for n, functional in enumerate(axis.functionals):
        k = axis.first + n
        ends = max(k, 0), min(k + axis.degree + 1, axis.mesh)
        row = []
        for place, weight in zip(functional.places, functional.weights, strict=True):
            site = axis.points[place] * axis.mesh
            row.append((abs(weight), max(abs(site - e) for e in ends)))
        out.append(row)
    return out


def constant(axis: Axis, dim: int) -> fmpq:
    """C_q of verify/CERTIFICATE.md, 12.7."""
    q = axis.degree
    if q == 1:
        return fmpq(1, 8)
    worst = max(sum((w * r ** (q + 1) for w, r in row), ZERO) for row in reaches(axis))
    return axis.norm ** (dim - 1) * worst / factorial(q + 1)
