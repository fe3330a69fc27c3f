"""Looking for a target that breaks "error <= constant * modulus", within a budget of time."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import Any

from flint import fmpq

from constructs.errors import ConstructError
from constructs.exact import Exact, integer, rational, to_text
from constructs.targets.step import StepTarget
from verify.claims.geometric import LARGEST_BASE, geometric
from verify.powers import Enclosure
from verify.progress import Notify, silent, timed
from verify.verdict import Reason, Status, Verdict, float_above, float_below
from verify.witnesses.certified import certified
from verify.witnesses.hunt import Hunt, before
from verify.witnesses.setting import Setting

SEARCHED = ("geometric",)
LARGEST_SEED = 2**63 - 1
LONGEST_BUDGET = 10**6
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

    @property
    def reason(self) -> Reason | None:
        """Why nothing was decided: the budget was spent; or no certificate was accepted for a target whose
        ratio is above the constant, but hardly.
        """
        if self.verdict is not None:
            return None
        above = self.ratio is not None and self.ratio.lo > self.constant
        return Reason.PRECISION if above else Reason.BUDGET

    def to_json(self, path: str | None) -> dict[str, Any]:
        """The one object that `--json` prints; floats rounded outward."""
        bounds = self.ratio
        return {
            "claim": self.claim,
            "status": self.status.value,
            "reason": None if self.reason is None else self.reason.value,
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


def require_budget(budget: float) -> None:
    """Refuses what is no time to search for.

    Raises: ConstructError.
    """
    number = isinstance(budget, (int, float)) and not isinstance(budget, bool)
    if not number or not 0 < budget <= LONGEST_BUDGET:
        raise ConstructError("budget", budget, f"seconds > 0, at most {LONGEST_BUDGET}")


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
    Guarantees: the search and the simplifying end with the budget; the certificate of a witness comes on
    top: about a second for up to a thousand cells, up to 20 s at the largest sizes.
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
    require_budget(budget)
    seed = integer(seed, "seed", 0, LARGEST_SEED)
    notify = timed(notify, started, budget)
    hunt = Hunt(setting, rational(constant), seed, notify)
    deadline = started + budget
    found = hunt.best(deadline - min(SHARE_FOR_CLOSING * budget, MOST_FOR_CLOSING))
    verdict, simple = None, found
    if found is not None:
        simple = hunt.simple(found, level is not None, before(deadline))
        for w in (simple, found) if found.ratio.exceeds(hunt.constant) else ():
            verdict = certified(w, hunt.constant, notify)
            if verdict is not None:
                simple = w
                break
    return SearchResult(
        claim=claim,
        parameters=_parameters(setting if simple is None else simple.setting),
        constant=hunt.constant,
        target=None if simple is None else simple.target,
        ratio=None if simple is None else simple.ratio.enclosure,
        verdict=verdict,
        evaluations=hunt.evaluations,
        seconds=monotonic() - started,
        budget=budget,
        seed=seed,
    )


def _parameters(setting: Setting) -> dict[str, Any]:
    return {
        "dim": setting.dim,
        "base": setting.base,
        "level": setting.level,
        "p": "inf" if setting.p is None else to_text(setting.p),
        "modulus": "euclidean" if setting.euclidean else "axis",
    }
