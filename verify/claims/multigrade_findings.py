"""The findings of a multigrade claim about one target and one network: each promise's answer.

Rules: verify/CERTIFICATE.md, 11.10 to 11.12.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from math import lcm
from typing import Any

import numpy as np
from flint import fmpq

from constructs import multigrade as construction
from constructs.erosion import Residual
from constructs.exact import to_text
from constructs.grades import Sweep
from constructs.network import Network
from verify import residual_norms as norms
from verify.certificate import digest
from verify.claims.hat_regions import LARGEST_PROVED, hats_proved
from verify.overshoot import Witness, within_residual, witness
from verify.powers import ZERO, Enclosure, root, rounded
from verify.progress import Notify, Stage, shares
from verify.verdict import Finding, Reason, Status


@dataclass(frozen=True)
class Question:
    """What is asked: of a target given as a residual of the zero network, at meshes 1/(mesh 2^(s-1))."""

    first: Residual
    powers: tuple[int, ...]
    until: fmpq | None
    fits: bool  # the target is linear on the Kuhn grid of the first mesh

    @property
    def exact(self) -> bool:
        """Whether the target is its own interpolant."""
        return self.first.margins is None

    def stated(self, bounds: Enclosure) -> Enclosure:
        """As in the certificate: exact numbers as they are, enclosures short."""
        return bounds if self.exact else rounded(bounds)

    def reached(self, left: Residual) -> bool:
        """Whether the schedule stops here."""
        return self.until is not None and self.stated(norms.supremum(left)).hi <= self.until


@dataclass(frozen=True, eq=False)
class Pass:
    """One sweep: the residual before it, on the sweep's grid, and after it."""

    sweep: Sweep
    before: Residual
    after: Residual

    @cached_property
    def within(self) -> bool:
        """Whether no grade can overshoot."""
        return within_residual(self.before, self.sweep)

    @cached_property
    def witness(self) -> Witness | None:
        """A grade that overshoots, if one is found."""
        return None if self.within else witness(self.before, self.sweep)

    @property
    def taken(self) -> np.ndarray:
        """What the sweep takes away, at the nodes of its grid, over the denominator of `after`."""
        factor = self.after.denominator // self.before.denominator
        return self.before.values.astype(object) * factor - self.after.values

    @property
    def strict(self) -> bool:
        """Whether no step is 0."""
        return bool(np.all(self.sweep.numerators != 0))


def passes(first: Residual, sweeps: Sequence[Sweep]) -> list[Pass]:
    """The residuals between the sweeps, recomputed from the steps."""
    out, current = [], first
    for sweep in sweeps:
        before = current if current.margins is not None else current.on(lcm(current.grid, sweep.cells))
        current = before.less(sweep.nodal(), sweep.denominator)
        out.append(Pass(sweep, before, current))
    return out


def begins_with(network: Network, shorter: Network) -> bool:
    """Whether the shorter network's layers and readouts are the first ones of the network, every weight the same."""
    if network.depth < shorter.depth or len(network.readouts) < len(shorter.readouts):
        return False
    pairs = chain(
        zip(network.layers, shorter.layers, strict=False),
        zip(network.readouts, shorter.readouts, strict=False),
    )
    return all(a == b for a, b in pairs)


class Findings:
    """Answers property by property about the network of these grades."""

    def __init__(
        self, question: Question, offset: int, sweeps: Sequence[Sweep], network: Network, notify: Notify
    ) -> None:
        self.question, self.offset, self.sweeps, self.network = question, offset, sweeps, network
        self.notify = notify
        self.dim = question.first.dim
        self.grades = sum(len(s) for s in sweeps)
        notify("following the residual")
        self.passes = passes(question.first, sweeps)

    def all(self) -> tuple[Finding, ...]:
        """In the order of verify/CERTIFICATE.md, 11.10."""
        out = [self._at_most("width", self.network.width, construction.stated_width(self.dim))]
        out.append(self._at_most("depth", self.network.depth, (self.dim + 1) * self.grades))
        out += [self._activations(), self._nested(), *self._regions()]
        numbered = list(enumerate(self.passes, start=1))
        out += [self._pointwise(s, p) for s, p in numbered]
        for power in self.question.powers:
            out += self._decreases(power)
        out += [self._rate(s, p) for s, p in numbered]
        if self.question.fits and self.dim <= 2:
            out += [self._slope(s) for s, _ in numbered]
        if self.question.until is not None:
            out.append(self._until(self.question.until))
        return tuple(out)

    def _at_most(self, name: str, value: int, bound: int) -> Finding:
        status = Status.PROVED if value <= bound else Status.REFUTED
        sides = (Enclosure.exact(fmpq(value)), Enclosure.exact(fmpq(bound)))
        return Finding(name, None, status, {"value": value, "bound": bound}, None, *sides)

    def _activations(self) -> Finding:
        used = sorted(self.network.activations)
        status = Status.PROVED if set(used) <= {"relu"} else Status.REFUTED
        return Finding("activations", None, status, {"value": used, "bound": ["relu"]})

    def _nested(self) -> Finding:
        """The network of all sweeps but the last is looked for in this one, layer by layer and readout by readout."""
        before = construction.Multigrade(self.dim, self.offset, tuple(self.sweeps[:-1]), self.question.first)
        status = Status.PROVED if begins_with(self.network, before.network) else Status.REFUTED
        return Finding("nested", None, status, {"contains": digest(before.to_json())})

    def _regions(self) -> list[Finding]:
        finest = self.sweeps[-1].cells
        if not 0 < self.grades * (finest + 1) ** self.dim <= LARGEST_PROVED:
            return []
        self.notify("proving the network from its weights")
        status, why = hats_proved(self.network, self.sweeps)
        reason = Reason.NO_PROOF if status is Status.UNDECIDED else None
        stated = {"grid": finest, "relus": self.network.neurons}
        return [Finding("regions", None, status, stated, reason, note=why)]

    def _pointwise(self, s: int, p: Pass) -> Finding:
        stated: dict[str, Any] = {"grades": len(p.sweep), "witness": None}
        if p.within:
            return Finding("pointwise", s, Status.PROVED, stated)
        if p.witness is None:
            return Finding("pointwise", s, Status.UNDECIDED, stated, Reason.NO_PROOF)
        return Finding(
            "pointwise", s, Status.REFUTED, stated | {"witness": [p.witness.grade, p.witness.node]}
        )

    def _decreases(self, power: int) -> list[Finding]:
        behind = shares([p.sweep.cells**self.dim for p in self.passes])
        out: list[Finding] = []
        exact_before = norms.integral(self.passes[0].before, power)
        for s, p in enumerate(self.passes, start=1):
            self.notify(Stage(f"L^{power} norms, sweep {s} of {len(self.passes)}", behind[s - 1]))
            if power == 1 and p.within:
                nodal = Residual(np.abs(p.sweep.nodal()), p.sweep.denominator)
                exact_after = exact_before - norms.integral(nodal, 1)
            else:
                exact_after = norms.integral(p.after, power)
            out.append(self._decrease(s, p, power, exact_before, exact_after))
            exact_before = exact_after
        return out

    def _decrease(self, s: int, p: Pass, power: int, before: fmpq, after: fmpq) -> Finding:
        spread = norms.uncertainty(p.before, power), norms.uncertainty(p.after, power)
        change = sum(spread, ZERO)
        if p.within and power <= 2:
            change = ZERO if power == 1 else norms.step_uncertainty(p.after, p.taken)
        sides = [
            self.question.stated(Enclosure(max(value - wide, ZERO), value + wide))
            for value, wide in ((before, spread[0]), (after, spread[1]))
        ]
        decrease = self.question.stated(Enclosure(before - after - change, before - after + change))
        status, reason = Status.UNDECIDED, Reason.NO_PROOF
        if p.within and p.strict:
            status, reason = Status.PROVED, None
        elif not p.strict or (len(p.sweep) and decrease.hi <= 0):
            status, reason = Status.REFUTED, None
        stated = {
            "p": power,
            "grades": len(p.sweep),
            "before": sides[0].to_json(),
            "after": sides[1].to_json(),
            "decrease": decrease.to_json(),
        }
        norm = Enclosure(root(sides[1].lo, power).lo, root(sides[1].hi, power).hi)
        bound = Enclosure(root(sides[0].lo, power).lo, root(sides[0].hi, power).hi)
        return Finding("decrease", s, status, stated, reason, norm, bound)

    @cached_property
    def _slopes(self) -> list[fmpq]:
        """Of the residuals before the first sweep, after it, after the second, ..."""
        found = [norms.slope(self.question.first), *(norms.slope(p.after) for p in self.passes)]
        return found if self.question.exact else [rounded(Enclosure.exact(k)).lo for k in found]

    @cached_property
    def _suprema(self) -> list[Enclosure]:
        return [self.question.stated(norms.supremum(p.after)) for p in self.passes]

    def _rate(self, s: int, p: Pass) -> Finding:
        supremum, steepest = self._suprema[s - 1], max(self._slopes[:s])
        h = fmpq(1, p.sweep.cells)
        bound = (1 if self.question.fits else 2) * steepest * h
        status, reason = Status.UNDECIDED, Reason.NO_PROOF
        if supremum.hi <= bound:
            status, reason = Status.PROVED, None
        elif supremum.lo > bound and self.question.exact:
            status, reason = Status.REFUTED, None
        stated = {"supremum": supremum.to_json(), "slope": to_text(steepest), "bound": to_text(bound)}
        scale = self._slopes[0] * h
        ratio = supremum.hi / scale if scale > 0 else None
        return Finding("rate", s, status, stated, reason, supremum, Enclosure.exact(bound), ratio, scale)

    def _slope(self, s: int) -> Finding:
        before, after = self._slopes[s - 1 : s + 1]
        status = Status.PROVED if after <= before else Status.REFUTED
        stated = {"before": to_text(before), "after": to_text(after)}
        sides = (Enclosure.exact(after), Enclosure.exact(before))
        return Finding("slope", s, status, stated, None, *sides)

    def _until(self, eps: fmpq) -> Finding:
        level = next((s for s, b in enumerate(self._suprema, start=1) if b.hi <= eps), None)
        status, reason = Status.UNDECIDED, Reason.NO_PROOF
        if level is not None:
            status, reason = Status.PROVED, None
        elif all(b.lo > eps for b in self._suprema):
            status, reason = Status.REFUTED, None
        value = self._suprema[-1 if level is None else level - 1]
        return Finding("until", level, status, {}, reason, value, Enclosure.exact(eps))
