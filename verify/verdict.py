"""Findings and verdicts: proved, refuted, or undecided with a reason. Only a positively recognised case
proves.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import inf, nextafter
from pathlib import Path
from typing import Any

from flint import fmpq

from constructs.errors import ConstructError
from constructs.network import Network
from constructs.targets.base import Target
from verify import certificate
from verify.powers import Enclosure


class Status(StrEnum):
    """The three answers."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNDECIDED = "undecided"

    @property
    def exit_code(self) -> int:
        """What the command line exits with."""
        return {Status.PROVED: 0, Status.REFUTED: 1, Status.UNDECIDED: 3}[self]


class Reason(StrEnum):
    """Why something is undecided."""

    BUDGET = "budget"
    PRECISION = "precision"
    UNSUPPORTED = "unsupported"
    DOMAIN = "domain"
    NO_PROOF = "no-proof"


@dataclass(frozen=True)
class Finding:
    """One property's answer. `stated` is what the certificate says (verify/CERTIFICATE.md, §9), beside
    property, level and status.

    value, bound: both sides of the inequality as norms, for people; ratio: value over the scale of the bound,
    from above; scale: what ratio is relative to, where a table shows it; note: why it is so, in words, for people.
    """

    property: str
    level: int | None
    status: Status
    stated: dict[str, Any]
    reason: Reason | None = None
    value: Enclosure | None = None
    bound: Enclosure | None = None
    ratio: fmpq | None = None
    scale: fmpq | None = None
    note: str | None = None
    established_by: str = "checker"  # or "author": not independently checked
    name: str | None = None  # of a condition of the author's own

    def to_certificate(self) -> dict[str, Any]:
        """The finding as in the certificate."""
        return {
            "property": self.property,
            "level": self.level,
            "status": self.status.value,
            "reason": self.reason.value if self.reason else None,
            "established_by": self.established_by,
            **self.stated,
        }

    def to_json(self) -> dict[str, Any]:
        """For `--json`: floats rounded outward."""
        return {
            "property": self.property,
            "level": self.level,
            "status": self.status.value,
            "value": _floats(self.value),
            "bound": _floats(self.bound),
            "ratio_upper": None if self.ratio is None else float_above(self.ratio),
            "reason": self.reason.value if self.reason else None,
        }


def float_below(value: fmpq) -> float:
    """A float <= value (equal if value is a float)."""
    x = _nearest(value)
    return x if fmpq(*x.as_integer_ratio()) <= value else nextafter(x, -inf)


def float_above(value: fmpq) -> float:
    """A float >= value (equal if value is a float)."""
    return 0.0 - float_below(-value)


def _nearest(value: fmpq) -> float:
    try:
        return int(value.p) / int(value.q)
    except OverflowError:
        return 1.7976931348623157e308 if value > 0 else -1.7976931348623157e308


def _floats(bounds: Enclosure | None) -> list[float] | None:
    return None if bounds is None else [float_below(bounds.lo), float_above(bounds.hi)]


def overall(findings: tuple[Finding, ...]) -> Status:
    """Refuted if any finding is; proved only if all are proved, and not all by their author's word; else undecided."""
    statuses = {f.status for f in findings}
    if Status.REFUTED in statuses:
        return Status.REFUTED
    checked = any(f.established_by != "author" for f in findings)
    return Status.PROVED if statuses == {Status.PROVED} and checked else Status.UNDECIDED


@dataclass(frozen=True)
class Verdict:
    """What became of a claim about a target: findings, the network they are about, and the certificate's
    content.
    """

    claim: str
    parameters: dict[str, Any]
    target: Target
    network: Network
    findings: tuple[Finding, ...]
    certificate: dict[str, Any]
    width_stated: int | None  # None: the theorem states none
    seconds: float
    table_bits: tuple[
        int, ...
    ] = ()  # per level, the bits of the number that holds its table; 0 where none is needed
    accepted: bool | None = None  # by the independent checker; None: not asked
    rejected: str | None = None  # the checker's message, if it rejected the certificate
    uncertified: str | None = None  # why there is no certificate, if there can be none

    @property
    def status(self) -> Status:
        """Undecided if the checker rejected, or there can be no certificate; otherwise what the findings say."""
        without = self.rejected is not None or self.uncertified is not None
        return Status.UNDECIDED if without else overall(self.findings)

    def save(self, path: str | Path) -> None:
        """Writes the certificate; the file appears by rename.

        Raises: ConstructError if there is none.
        """
        if self.uncertified is not None:
            raise ConstructError("certificate", "none", f"a claim that can have one: {self.uncertified}")
        certificate.write(self.certificate, Path(path))

    @property
    def checked(self) -> str:
        """Whether the independent checker recomputed it, and what it did not look at, in words."""
        if self.uncertified is not None:
            return "no certificate, so nothing for the independent checker"
        if self.accepted is None:
            return "not rechecked by the independent checker"
        if not self.accepted:
            return "not accepted"
        own = sum(f.established_by == "author" for f in self.findings)
        rest = f", but for {own} not independently checked" if own else ""
        return f"every number recomputed by the independent checker{rest}"

    def to_json(self, path: str | None) -> dict[str, Any]:
        """The one object that `--json` prints."""
        n = self.network
        return {
            "claim": self.claim,
            "status": self.status.value,
            "parameters": self.parameters,
            "network": {
                "width": n.width,
                "width_stated": self.width_stated,
                "depth": n.depth,
                "neurons": n.neurons,
                "parameters": n.parameters,
                "weight_bits": n.weight_bits,
            },
            "findings": [f.to_json() for f in self.findings],
            "seconds": round(self.seconds, 3),
            "certificate": path,
        } | {
            key: text
            for key, text in (("rejected", self.rejected), ("uncertified", self.uncertified))
            if text is not None
        }
