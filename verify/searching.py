"""Looking for a target that breaks "error <= constant * modulus", within a budget of time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from time import monotonic
from typing import Any

from flint import fmpq

from constructs.errors import ConstructError
from constructs.exact import Exact, integer, rational, to_text
from constructs.targets.step import StepTarget
from verify.claims.geometric import LARGEST_BASE, geometric
from verify.powers import Enclosure
from verify.progress import Notify, silent
from verify.verdict import Status, Verdict, float_above, float_below
from verify.witnesses import float_ratio
from verify.witnesses.certified import certified
from verify.witnesses.rationals import profiles, step_target
from verify.witnesses.setting import Setting
from verify.witnesses.shrinking import Witness, shrunk, witness
from verify.witnesses.walks import walk

SEARCHED = ("geometric",)
LARGEST_SEED = 2**63 - 1
LONGEST_BUDGET = 10**6
GAIN = 1 + 1e-6  # a candidate is made exact again when it is better than the last one by so much
SIMPLER = 1 - fmpq(1, 2**14)  # what the ratio of the best target may lose when it is made simple
SHARE_FOR_CLOSING = 0.1  # of the budget is kept for making the best target simple,
MOST_FOR_CLOSING = 5.0  # but at most so many seconds


@dataclass(frozen=True)
class SearchResult:
    """What a search came to: `verdict` refutes the constant, or is None and nothing was decided.

    ratio: error/modulus of `target` for the ideal readout, the cell means; None: no target was looked at.
    """

    claim: str
    parameters: dict[str, Any]
    constant: fmpq
    target: StepTarget | None
    ratio: Enclosure | None
    verdict: Verdict | None
    evaluations: int
    seconds: float
    budget: float
    seed: int

    @property
    def status(self) -> Status:
        """Refuted, or undecided: a search proves nothing."""
        return Status.UNDECIDED if self.verdict is None else Status.REFUTED

    def to_json(self, path: str | None) -> dict[str, Any]:
        """The one object that `--json` prints; floats rounded outward."""
        bounds = self.ratio
        return {
            "claim": self.claim,
            "status": self.status.value,
            "reason": None if self.verdict is not None else "budget",
            "parameters": self.parameters,
            "constant": to_text(self.constant),
            "ratio": None if bounds is None else [float_below(bounds.lo), float_above(bounds.hi)],
            "target": None if self.target is None else self.target.specification(),
            "evaluations": self.evaluations,
            "seconds": round(self.seconds, 3),
            "budget": self.budget,
            "seed": self.seed,
            "certificate": path,
        }


def search(
    claim: str,
    constant: Exact,
    dim: int,
    *,
    base: int | None = None,
    level: int | None = None,
    p: Exact | None = 2,
    modulus: str = "axis",
    budget: float = 30.0,
    seed: int = 0,
    notify: Notify = silent,
) -> SearchResult:
    """Looks for a step target with ||f - P_l f||_p > constant * omega_p(f, N^-l), P_l f the cell means.

    Requires: claim "geometric"; constant a rational > 0; 1 <= dim <= 10; base >= 2, None: 2; level >= 0,
    None: 1, or 0 if that does; p as the claim's, None or "inf" infinity; modulus
    axis or euclidean; budget: seconds of wall time > 0.
    Returns: SearchResult; refuted only with a certificate that the independent checker accepted.
    Method: structured families, hill climbing and CMA-ES in floats; what is found is made rational,
    recomputed exactly, made simple, and certified. The order of the candidates depends on the seed only; the
    budget decides how far it gets.
    Guarantees: ends within about two seconds of the budget.
    Raises: ConstructError.
    Source: docs/sharpness.md.

    >>> search("geometric", "3/2", 1, base=2, level=1, p=1, budget=20).target.axes
    (((1/9,), (1, 0)),)
    """
    started = monotonic()
    if claim not in SEARCHED:
        raise ConstructError("claim", claim, "geometric: no other claim can be searched")
    asked = geometric(
        base=2 if base is None else integer(base, "base", 2, LARGEST_BASE),
        levels=1 if level is None else integer(level, "level", 0),
        p=p,
        constant=rational(constant, "constant"),
        modulus=modulus,
    )
    setting = Setting(dim, asked.base, asked.levels, asked.p, asked.modulus == "euclidean")
    if not 0 < budget <= LONGEST_BUDGET:
        raise ConstructError("budget", budget, f"seconds > 0, at most {LONGEST_BUDGET}")
    run = Search(
        setting, rational(constant), started + budget, integer(seed, "seed", 0, LARGEST_SEED), notify
    )
    found = run.run(level is not None)
    verdict = None
    if found is not None and found.ratio.exceeds(run.constant):
        verdict = certified(found, run.constant, notify)
    setting = setting if found is None else found.setting
    return SearchResult(
        claim=claim,
        parameters=_parameters(setting),
        constant=run.constant,
        target=None if found is None else found.target,
        ratio=None if found is None else found.ratio.enclosure,
        verdict=verdict,
        evaluations=run.evaluations,
        seconds=monotonic() - started,
        budget=budget,
        seed=run.seed,
    )


def _parameters(setting: Setting) -> dict[str, Any]:
    return {
        "dim": setting.dim,
        "base": setting.base,
        "level": setting.level,
        "p": "inf" if setting.p is None else to_text(setting.p),
        "modulus": "euclidean" if setting.euclidean else "axis",
    }


class Search:
    """One walk until something breaks the constant or the time is over."""

    def __init__(self, setting: Setting, constant: fmpq, deadline: float, seed: int, notify: Notify) -> None:
        self.setting, self.constant, self.seed, self.notify = setting, constant, seed, notify
        self.deadline = deadline
        self.evaluations = 0

    def run(self, level_fixed: bool, starts: tuple[StepTarget, ...] = ()) -> Witness | None:
        """The simplest witness found against the constant, else the best target seen, made simpler where
        that costs little; None if there was no time for any.
        """
        closing = min(SHARE_FOR_CLOSING * (self.deadline - monotonic()), MOST_FOR_CLOSING)
        best = self._walk(self.deadline - closing, tuple(profiles(t) for t in starts))
        bounds = None if best is None else best.ratio.enclosure
        if best is None or bounds is None:
            return None
        self.notify("making the target simpler")
        least = self.constant if best.ratio.exceeds(self.constant) else bounds.lo * SIMPLER
        return shrunk(best, least, level_fixed, partial(_before, self.deadline))

    def _walk(self, until: float, starts: tuple[float_ratio.Axes, ...]) -> Witness | None:
        best: Witness | None = None
        candidates = walk(self.setting, self.seed, starts)
        axes, top, tried = next(candidates), 0.0, 0.0
        leader = axes
        constant = float_below(self.constant)
        while monotonic() < until:
            value = float_ratio.ratio(axes, self.setting)
            self.evaluations += 1
            if value > top:
                top, leader = value, axes
                self.notify(f"best ratio about {top:.5g} after {self.evaluations} candidates")
            if value > constant and value > tried * GAIN:
                tried = value
                best = _better(best, witness(step_target(axes), self.setting))
                if best.ratio.exceeds(self.constant):
                    return best
            axes = candidates.send(value)
        if self.evaluations and top > tried:
            best = _better(best, witness(step_target(leader), self.setting))
        return best


def _before(deadline: float) -> bool:
    return monotonic() < deadline


def _better(best: Witness | None, other: Witness) -> Witness:
    if best is None or best.ratio.enclosure is None:
        return other
    bounds = other.ratio.enclosure
    return other if bounds is not None and bounds.lo > best.ratio.enclosure.lo else best
