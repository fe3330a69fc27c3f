"""What every claim has: a name, a judgement about a target, and a description for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from constructs.targets.base import Target
from verify.progress import Notify
from verify.verdict import Verdict


class Claim(Protocol):
    """A theorem with its parameters."""

    @property
    def name(self) -> str:
        """As on the command line."""
        ...

    def parameters(self, dim: int) -> dict[str, Any]:
        """As in the certificate."""
        ...

    def judge(self, target: Target, notify: Notify = ...) -> Verdict:
        """Builds the network for the target, and judges every property."""
        ...


@dataclass(frozen=True)
class Description:
    """A claim in words."""

    name: str
    summary: str
    source: str
    statement: tuple[str, ...]
    findings: tuple[tuple[str, str], ...]
    differs: tuple[str, ...]

    def text(self) -> str:
        """A page."""
        findings = [f"  {name:<18}{meaning}" for name, meaning in self.findings]
        parts = [f"{self.name}: {self.summary}", "", f"Source: {self.source}", "", *self.statement]
        return "\n".join([*parts, "", "Findings:", *findings, "", *self.differs])
