"""A certificate that was read and rechecked, and what each claim's exhibits are made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from constructs.targets.base import Target
from constructs.targets.specification import from_specification
from verify.exhibits.kinds import Chart, Drawing, HeatMap, Row

LONGEST = 80  # of a target's text in a sentence


@dataclass(frozen=True)
class Certified:
    """A certificate that the independent checker has just accepted: its content may be read without care."""

    file: str  # its name, without the folder
    content: dict[str, Any]

    @property
    def claim(self) -> str:
        """The claim's name."""
        return self.content["claim"]["name"]

    @property
    def parameters(self) -> dict[str, Any]:
        """The claim's parameters."""
        return self.content["claim"]["parameters"]

    @property
    def findings(self) -> list[dict[str, Any]]:
        """The findings, in their order."""
        return self.content["findings"]

    @cached_property
    def target(self) -> Target:
        """The function f."""
        return from_specification(self.content["target"])

    @property
    def shown_target(self) -> str:
        """The function in words."""
        text = self.target.describe()
        return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."

    @property
    def domain(self) -> str:
        """The cube."""
        return "[0,1]" if self.target.dim == 1 else f"[0,1]^{self.target.dim}"


@dataclass(frozen=True)
class Parts:
    """What the exhibits of one claim are made of; the rest is the same for all claims."""

    title: str
    source: str
    sentence: str
    facts: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    charts: tuple[Chart, ...]
    maps: tuple[HeatMap, ...]
    drawing: Drawing | None


def said(groups: list[tuple[str, str]]) -> str:
    """A sentence a status from pairs (status, what); what was refuted or left open comes first.

    >>> said([("proved", "a"), ("refuted", "b"), ("proved", "c")])
    'Refuted: b. Proved: a; c.'
    """
    heads = {"refuted": "Refuted", "undecided": "Left open", "proved": "Proved"}
    parts = []
    for status, head in heads.items():
        told = [what for s, what in groups if s == status]
        if told:
            parts.append(f"{head}: {'; '.join(told)}.")
    return " ".join(parts)
