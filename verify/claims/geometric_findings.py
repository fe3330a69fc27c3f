"""The findings of a geometric claim about one target: what is built, and each property's answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from flint import fmpq

from constructs import geometric as construction
from constructs.exact import to_text
from constructs.geometric import Geometric
from constructs.network import Network
from constructs.rationals import Rationals
from constructs.targets.base import Target
from constructs.targets.expression import ExpressionTarget
from verify import regions
from verify.box_quantities import BoxEnclosure
from verify.certificate import digest
from verify.claims.geometric_plans import require_cells, storage_tolerances, strip_width
from verify.claims.levels import Answer, OutOfBudget, Question, answer, scale
from verify.powers import Enclosure, norm, power, rounded
from verify.progress import Notify, Stage, shares
from verify.quantities import NotEnclosed, TooLarge
from verify.ranges import NoRange
from verify.verdict import Finding, Reason, Status


@dataclass(frozen=True)
class Options:
    """How to build and what to ask, beside the question of every level."""

    levels: int
    digits: str
    decoder: str
    tolerance: fmpq
    until: fmpq | None


class Findings:
    """Builds the network for a target, proves what it is, and answers property by property."""

    def __init__(self, question: Question, options: Options, target: Target, notify: Notify) -> None:
        self.question, self.options, self.target, self.notify = question, options, target, notify
        require_cells(question.base, options.levels, target, options.digits)
        self._require_grids()
        self.scales = []
        self._shares = shares([question.base ** (question.dim * t) for t in range(options.levels + 1)])
        for level, done in enumerate(self._shares):
            notify(Stage(f"modulus at level {level} of {options.levels}", done))
            self.scales.append(scale(question, level))
        notify("building the network")
        wanted = [target.cell_values(question.base, t) for t in range(options.levels + 1)]
        self.built = replace(self._build(wanted), tables=())  # what it is, is proved from the weights
        self._wanted_before = wanted[:-1]

    def _require_grids(self) -> None:
        """Refuses a level that has no grid before the work on the others.

        Raises: OutOfBudget.
        """
        for level in range(self.options.levels + 1):
            try:
                self.question.q.grid(self.question.base**level, 0)
            except TooLarge as error:
                raise OutOfBudget(level, f"no grid; {error}", Reason.BUDGET) from None

    def _build(self, wanted: Sequence[Rationals]) -> Geometric:
        q, base, options, levels = self.question, self.question.base, self.options, len(wanted) - 1
        tolerances = storage_tolerances(self.scales[: levels + 1], options.tolerance, q.p)
        delta = None
        if options.digits == "relu" and q.p is not None:
            try:
                span = q.q.range(self.scales[-1].grid)
            except NotEnclosed as error:
                raise OutOfBudget(levels, error, Reason.PRECISION) from None
            delta = strip_width(wanted, tolerances, base, q.p, span)
        return construction.build(
            wanted, base, tolerances, digits=options.digits, decoder=options.decoder, delta=delta
        )

    @property
    def network(self) -> Network:
        """What was built."""
        return self.built.network

    @cached_property
    def answers(self) -> list[Answer]:
        """Level by level, on the table that the network is proved to be."""
        out: list[Answer] = []
        for s in self.scales:
            stage = f"error at level {s.level} of {self.options.levels}"
            self.notify(Stage(stage, self._shares[s.level]))
            try:
                table = regions.table(self.network, s.level, self.question.base, self.built.delta)
            except (regions.Undecided, NoRange) as error:
                raise OutOfBudget(s.level, error, Reason.PRECISION) from None
            out.append(answer(self.question, s, table, out[0].error.hi if out else None))
        return out

    @cached_property
    def lipschitz(self) -> tuple[fmpq, int | None] | None:
        """A certified l1-Lipschitz constant and the grid on which it was seen."""
        grid = self.scales[-1].grid if isinstance(self.target, ExpressionTarget) else None
        constant = self.question.q.lipschitz(grid)
        return None if constant is None else (constant, grid)

    def evidence(self) -> dict[str, Any]:
        """Beside the findings, what the checker needs."""
        delta = self.built.delta
        lipschitz = None
        if self.lipschitz is not None:
            lipschitz = {"K": to_text(self.lipschitz[0]), "grid": self.lipschitz[1]}
        return {"delta": None if delta is None else to_text(delta), "lipschitz": lipschitz}

    def all(self) -> tuple[Finding, ...]:
        """In the order of verify/CERTIFICATE.md, §9."""
        out = [self._width(), self._depth(), self._activations(), self._nested()]
        out += [self._error(a) for a in self.answers]
        if self.lipschitz is not None:
            out += [self._lipschitz_error(a, self.lipschitz[0]) for a in self.answers]
        if self.options.until is not None:
            out.append(self._until(self.options.until))
        return tuple(out)

    def _at_most(self, name: str, value: int, bound: int) -> Finding:
        status = Status.PROVED if value <= bound else Status.REFUTED
        sides = (Enclosure.exact(fmpq(value)), Enclosure.exact(fmpq(bound)))
        return Finding(name, None, status, {"value": value, "bound": bound}, None, *sides)

    def _width(self) -> Finding:
        return self._at_most(
            "width", self.network.width, construction.stated_width(self.question.dim, self.question.base)
        )

    def _depth(self) -> Finding:
        return self._at_most("depth", self.network.depth, self.options.levels + 2)

    def _activations(self) -> Finding:
        used = sorted(self.network.activations)
        allowed = {"relu"} | ({"sine"} if self.options.decoder == "two-sine" else {"exp2", "floor"})
        allowed |= {"floor"} if self.options.digits == "floor" else set()
        sines = max(sum(n.activation == "sine" for n in layer) for layer in self.network.layers)
        status = Status.PROVED if set(used) <= allowed and sines <= 2 else Status.REFUTED
        return Finding("activations", None, status, {"value": used, "bound": sorted(allowed)})

    def _nested(self) -> Finding:
        levels = self.options.levels
        ordered = [(r.level, r.layer) for r in self.network.readouts] == [
            (t, t + 2) for t in range(levels + 1)
        ]
        contains, holds = None, ordered
        if self.options.digits == "floor" and levels:
            fewer = self._build(self._wanted_before).network
            contains = digest(fewer.to_json())
            holds = holds and fewer == self.network.subnetwork(levels - 1)
        status = Status.PROVED if holds else Status.REFUTED
        return Finding("nested", None, status, {"contains": contains})

    def _error(self, a: Answer) -> Finding:
        p, constant = self.question.p, self.question.constant
        how: dict[str, Any] = {}
        if isinstance(a.error, BoxEnclosure):
            slack = a.error.slack
            how = {"halvings": a.error.halvings, "slack": None if slack is None else to_text(slack)}
        stated = {
            "grid": a.scale.grid,
            **how,
            "shift": [to_text(s) for s in a.scale.shift],
            "error": a.error.to_json(),
            "modulus": [to_text(a.scale.lower), None if a.above is None else to_text(a.above)],
            "constant": constant.to_json(),
        }
        omega = norm(Enclosure(a.scale.lower, a.scale.lower if a.above is None else a.above), p)
        value = norm(a.error, p)
        ratio = value.hi / omega.lo if omega.lo > 0 else None
        bound = Enclosure(constant.lo * omega.lo, constant.hi * omega.hi)
        return Finding("error", a.scale.level, a.status, stated, a.reason, value, bound, ratio)

    def _lipschitz_error(self, a: Answer, constant: fmpq) -> Finding:
        p = self.question.p
        plain = (2 * self.question.dim + 1) * constant * a.scale.t
        bound = plain if p is None else power(plain, p).lo
        if p is not None and p.q != 1:
            bound = rounded(Enclosure.exact(bound), 60).lo
        status, reason = Status.UNDECIDED, Reason.NO_PROOF
        if a.error.hi <= bound:
            status, reason = Status.PROVED, None
        elif a.error.lo > bound and self.question.q.exact and (p is None or p.q == 1):
            status, reason = Status.REFUTED, None
        stated = {"error": a.error.to_json(), "bound": to_text(bound)}
        value = norm(a.error, p)
        ratio = value.hi / (constant * a.scale.t) if constant > 0 else None
        return Finding(
            "lipschitz-error", a.scale.level, status, stated, reason, value, Enclosure.exact(plain), ratio
        )

    def _until(self, eps: fmpq) -> Finding:
        p = self.question.p
        limit = Enclosure.exact(eps) if p is None else power(eps, p)
        level = next((a.scale.level for a in self.answers if a.error.hi <= limit.lo), None)
        status, reason = Status.UNDECIDED, Reason.NO_PROOF
        if level is not None:
            status, reason = Status.PROVED, None
        elif all(a.error.lo > limit.hi for a in self.answers):
            status, reason = Status.REFUTED, None
        value = norm(self.answers[-1 if level is None else level].error, p)
        return Finding("until", level, status, {}, reason, value, Enclosure.exact(eps))
