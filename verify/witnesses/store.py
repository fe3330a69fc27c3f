"""The folder of best witnesses: one certificate per dimension, exponent and modulus, replaced by better ones only."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from flint import fmpq

from constructs.errors import ConstructError
from constructs.exact import floor_dyadic, to_text
from constructs.targets.specification import from_specification
from constructs.targets.step import StepTarget
from verify.certificate import recheck
from verify.progress import Notify, silent
from verify.witnesses.certified import certified
from verify.witnesses.setting import Setting
from verify.witnesses.shrinking import Witness, witness

BITS = 14  # the constant that a certificate refutes is a multiple of 2^-BITS,
GAIN = 1 + fmpq(1, 2**13)
LEAST_MARGIN = fmpq(1, 2 ** (BITS + 2))  # and at least so much below the witness's ratio


@dataclass(frozen=True)
class Store:
    """Certificates in a folder; each refutes a constant a little below its witness's ratio."""

    folder: Path

    def path(self, dim: int, p: fmpq | None, euclidean: bool) -> Path:
        """The file of one question.

        >>> Store(Path("r")).path(2, fmpq(3, 2), False).name
        'geometric-d2-p3_2-axis.json'
        """
        exponent = "inf" if p is None else to_text(p).replace("/", "_")
        modulus = "euclidean" if euclidean else "axis"
        return self.folder / f"geometric-d{dim}-p{exponent}-{modulus}.json"

    def load(self, dim: int, p: fmpq | None, euclidean: bool) -> Witness | None:
        """The stored witness with its exact ratio, computed anew; None if there is none.

        Raises: ConstructError for a file that the independent checker does not accept as a refutation, or
        that is about something else; OSError.
        """
        path = self.path(dim, p, euclidean)
        if not path.exists():
            return None
        code, _, message = recheck(path)
        if code != 1:
            why = message.strip() or f"status {code}"
            raise ConstructError("results", str(path), f"a refutation that recheck accepts ({why})")
        content = json.loads(path.read_text(encoding="utf-8"))
        name, said = content["claim"]["name"], content["claim"]["parameters"]
        target = from_specification(content["target"])
        if (
            name != "geometric"
            or said["dim"] != dim
            or said["p"] != ("inf" if p is None else to_text(p))
            or said["modulus"] != ("euclidean" if euclidean else "axis")
            or not isinstance(target, StepTarget)
        ):
            raise ConstructError(
                "results", str(path), f"a step target, d = {dim} and p, modulus as in its name"
            )
        return witness(target, Setting(dim, said["base"], said["levels"], p, euclidean))

    def offer(self, w: Witness, notify: Notify = silent) -> bool:
        """Stores the witness if it is better than what is there.

        Returns: whether it was stored; not if the independent checker does not accept its certificate.
        Raises: as `load`; OSError.
        """
        s = w.setting
        known = self.load(s.dim, s.p, s.euclidean)
        if not better(w, known):
            return False
        constant = stated_constant(w)
        verdict = None if constant is None else certified(w, constant, notify)
        if verdict is None:
            return False
        verdict.save(self.path(s.dim, s.p, s.euclidean))
        return True


def stated_constant(w: Witness) -> fmpq | None:
    """A short number > 0 a little below the ratio; None if there is none."""
    bounds = w.ratio.enclosure
    if bounds is None:
        return None
    constant = floor_dyadic(bounds.lo - LEAST_MARGIN, BITS)
    return constant if constant > 0 else None


def better(w: Witness, known: Witness | None) -> bool:
    """Whether its ratio is above the other's, for certain, and by more than making it simple may cost."""
    new, old = w.ratio.enclosure, None if known is None else known.ratio.enclosure
    return new is not None and (old is None or new.lo > old.hi * GAIN)
