"""Cells of the tables: numbers rounded the safe way, statuses in colour, text that is not markup."""

from __future__ import annotations

from flint import fmpq

from verify.verdict import Finding, Status, float_above, float_below

COLOURS = {Status.PROVED: "green", Status.REFUTED: "red", Status.UNDECIDED: "yellow"}


def status(finding: Finding) -> str:
    """The status, and why it is undecided."""
    shown = finding.status.value + (f" ({finding.reason.value})" if finding.reason else "")
    return f"[{COLOURS[finding.status]}]{shown}[/]"


def escaped(text: str, longest: int = 100) -> str:
    """At most so many characters, none of them read as markup."""
    from rich.markup import escape

    return escape(text if len(text) <= longest else text[: longest - 3] + "...")


def above(value: fmpq | None) -> str:
    """Four digits, rounded up; "-" for None."""
    if value is None:
        return "-"
    x = float_above(value)
    text = f"{x:.4g}"
    return text if float(text) >= x else f"{x * 1.0005:.4g}"


def up(f: Finding, side: str) -> str:
    """The upper end of a finding's value or bound."""
    bounds = getattr(f, side)
    return above(None if bounds is None else bounds.hi)


def below(value: fmpq | None) -> str:
    """Four digits, rounded down; "-" for None."""
    if value is None:
        return "-"
    x = float_below(value)
    text = f"{x:.4g}"
    return text if float(text) <= x else f"{x * 0.9995:.4g}"


def down(f: Finding, side: str) -> str:
    """The lower end, rounded down."""
    bounds = getattr(f, side)
    return below(None if bounds is None else bounds.lo)
