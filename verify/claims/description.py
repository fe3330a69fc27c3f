"""What a claim says, for people."""

from __future__ import annotations

from dataclasses import dataclass


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
