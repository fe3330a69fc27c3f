"""The answer to |f - Phi| <= bound: both ends, the point that shows the lower one, what it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from flint import fmpq

from verify.verdict import Reason, Status

Point = tuple[fmpq, ...]


@dataclass(frozen=True)
class Answer:
    """lo <= the quantity <= hi (None: nothing is known from above); grid None: decided on pieces, or by the witness."""

    lo: fmpq
    hi: fmpq | None
    witness: Point | None = None
    grid: int | None = None
    reason: Reason = Reason.NO_PROOF  # why, if neither end decides
    note: str | None = None

    def status(self, bound: fmpq) -> Status:
        """Proved, refuted or undecided, by the ends alone (verify/CERTIFICATE.md, 14.5)."""
        if self.hi is not None and self.hi <= bound:
            return Status.PROVED
        return Status.REFUTED if self.lo > bound else Status.UNDECIDED
