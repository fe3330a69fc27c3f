"""How sharp the proved constants are: for every dimension, exponent and modulus the best witness known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any

from flint import fmpq

from constructs.errors import ConstructError
from constructs.exact import integer, to_text
from verify.constants import is_sharp, proved
from verify.powers import Enclosure
from verify.progress import Notify, silent, timed
from verify.searching import LARGEST_SEED, require_budget
from verify.verdict import Status, float_above, float_below
from verify.witnesses.hunt import Hunt, before
from verify.witnesses.setting import Setting
from verify.witnesses.shrinking import Witness
from verify.witnesses.store import Store, better

CLAIMS = ("geometric",)
DIMS = (1, 2, 3)
EXPONENTS = (fmpq(1), fmpq(5, 4), fmpq(3, 2), fmpq(2), fmpq(3), fmpq(8), None)
SEARCHING, SIMPLIFYING = (
    0.5,
    0.75,
)  # when these end, as parts of a row's share of the budget; then certificates
LEVEL = 1  # searched, with base 2; the witness may be of level 0


@dataclass(frozen=True)
class Row:
    """One question: the proved constant, and the best witness that is stored, if any."""

    dim: int
    p: fmpq | None
    euclidean: bool
    proved: Enclosure
    sharp: bool
    witness: Witness | None
    certificate: str | None
    improved: bool

    @property
    def ratio(self) -> Enclosure | None:
        """Of the witness, exactly or enclosed."""
        return None if self.witness is None else self.witness.ratio.enclosure

    @property
    def gap(self) -> fmpq | None:
        """The proved constant less the witness's ratio, from above."""
        return None if self.ratio is None else self.proved.hi - self.ratio.lo

    @property
    def refuted(self) -> bool:
        """Whether the witness contradicts the constant; then one of the two is wrong."""
        return self.ratio is not None and self.ratio.lo > self.proved.hi

    def to_json(self) -> dict[str, Any]:
        """For `--json`: floats rounded outward."""
        w, bounds = self.witness, self.ratio
        return {
            "dim": self.dim,
            "p": "inf" if self.p is None else to_text(self.p),
            "modulus": "euclidean" if self.euclidean else "axis",
            "proved": float_above(self.proved.hi),
            "sharp": self.sharp,
            "witness": None if w is None else w.target.specification(),
            "base": None if w is None else w.setting.base,
            "level": None if w is None else w.setting.level,
            "ratio": None if bounds is None else [float_below(bounds.lo), float_above(bounds.hi)],
            "gap": None if self.gap is None else float_above(self.gap),
            "certificate": self.certificate,
            "improved": self.improved,
        }


@dataclass(frozen=True)
class Sharpness:
    """All rows, and what it took."""

    claim: str
    rows: tuple[Row, ...]
    results: str
    evaluations: int
    seconds: float
    budget: float
    seed: int

    @property
    def status(self) -> Status:
        """Undecided, or refuted if a witness contradicts a constant; witnesses prove nothing."""
        return Status.REFUTED if any(row.refuted for row in self.rows) else Status.UNDECIDED

    def to_json(self) -> dict[str, Any]:
        """The one object that `--json` prints."""
        return {
            "claim": self.claim,
            "rows": [row.to_json() for row in self.rows],
            "results": self.results,
            "evaluations": self.evaluations,
            "seconds": round(self.seconds, 3),
            "budget": self.budget,
            "seed": self.seed,
        }


def sharpness(
    claim: str,
    results: str | Path = "results/sharpness",
    *,
    budget: float = 60.0,
    seed: int = 0,
    notify: Notify = silent,
) -> Sharpness:
    """The proved constants beside the best witnesses, which are looked for and stored.

    Requires: claim "geometric"; results: a folder, made if it is not there; budget > 0: seconds of search
    for all rows together; seed >= 0.
    Returns: Sharpness, a row for every dimension 1..3, seven exponents and, for dim > 1, both moduli.
    Method: half of each search starts from the stored witness; a stored one is replaced by a better one only, and
    each is a certificate that the independent checker accepts as a refutation of a constant just below its
    ratio.
    Raises: ConstructError, also for a stored file that the checker does not accept; OSError.
    Source: docs/sharpness.md.
    """
    started = monotonic()
    if claim not in CLAIMS:
        raise ConstructError("claim", claim, "geometric: of no other claim the constants are known")
    require_budget(budget)
    integer(seed, "seed", 0, LARGEST_SEED)
    if not isinstance(results, (str, Path)):
        raise ConstructError("results", results, "the path of a folder")
    store = Store(Path(results))
    if store.folder.exists() and not store.folder.is_dir():
        raise ConstructError("results", str(results), "a folder")
    asked = [(d, p, e) for d in DIMS for e in (False, True) if d > 1 or not e for p in EXPONENTS]
    rows, evaluations = [], 0
    for k, (d, p, euclidean) in enumerate(asked):
        share = (started + budget - monotonic()) / (len(asked) - k)
        head = f"d = {d}, p = {'inf' if p is None else p}, {'euclidean' if euclidean else 'axis'}: "
        told = timed(notify, started, budget, head)
        tried, row = _row(store, Setting(d, 2, LEVEL, p, euclidean), share, seed, told)
        evaluations += tried
        rows.append(row)
    return Sharpness(claim, tuple(rows), str(results), evaluations, monotonic() - started, budget, seed)


def _row(store: Store, setting: Setting, share: float, seed: int, notify: Notify) -> tuple[int, Row]:
    """How many candidates were tried, and the row."""
    d, p, euclidean = setting.dim, setting.p, setting.euclidean
    started = monotonic()
    constant = proved(d, p, euclidean)
    known = store.load(d, p, euclidean)
    hunts = [Hunt(setting, constant.hi, seed, notify)]
    if known is not None and known.setting != setting:
        hunts.append(replace(hunts[0], setting=known.setting))
    found: Witness | None = None
    for k, hunt in enumerate(hunts, start=1):
        starts = () if known is None or known.setting != hunt.setting else (known.target,)
        seen = hunt.best(started + share * SEARCHING * k / len(hunts), starts)
        if seen is not None and better(seen, found):
            found = seen
    improved = False
    if found is not None and better(found, known):
        found = hunts[0].simple(found, False, before(started + share * SIMPLIFYING))
        improved = store.offer(found, notify)
    best = found if improved else known
    return sum(hunt.evaluations for hunt in hunts), Row(
        dim=d,
        p=p,
        euclidean=euclidean,
        proved=constant,
        sharp=is_sharp(d, p, euclidean),
        witness=best,
        certificate=None if best is None else str(store.path(d, p, euclidean)),
        improved=improved,
    )
