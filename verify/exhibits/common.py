"""What all claims' exhibits have in common: facts about target and network, rows about sizes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from constructs.network import Network
from verify.exhibits.certified import Certified
from verify.exhibits.kinds import Row
from verify.exhibits.numbers import spans

AUTHOR = "author's word"  # instead of a status
SIZES = {"width": "neurons in the widest layer", "depth": "hidden layers", "units": "product units"}


def network_facts(network: Network) -> tuple[tuple[str, str], ...]:
    """Sizes of the network."""
    return (
        ("width", f"{network.width:,}"),
        ("depth", f"{network.depth:,}"),
        ("neurons", f"{network.neurons:,}"),
        ("parameters", f"{network.parameters:,}"),
        ("bits of all weights", f"{network.total_bits:,}"),
        ("bits of the largest weight", f"{network.weight_bits:,}"),
    )


def target_facts(certified: Certified) -> tuple[tuple[str, str], ...]:
    """Function and cube."""
    return (("target f", certified.target.describe()), ("domain", certified.domain))


def row(
    finding: dict[str, Any], what: str, where: str = "", left: str = "", right: str = "", note: str = ""
) -> Row:
    """A finding's row: its status and who established it are the certificate's."""
    by_author = finding["established_by"] == "author"
    status = AUTHOR if by_author else finding["status"]
    reason = f"reason: {finding['reason']}" if finding["reason"] else ""
    notes = "; ".join(text for text in (reason, note) if text)
    who = "the author of the claim only" if by_author else "recomputed by the independent checker"
    return Row(what, where, left, right, status, who, notes)


def size_row(finding: dict[str, Any]) -> Row:
    """Width, depth, units and the like: two whole numbers."""
    name: str = finding["property"]
    return row(finding, SIZES.get(name, name), left=f"{finding['value']:,}", right=f"<= {finding['bound']:,}")


def activations_row(finding: dict[str, Any]) -> Row:
    """The activations that occur, beside those allowed."""
    value, bound = (", ".join(finding[side]) or "none" for side in ("value", "bound"))
    return row(finding, "activations", left=value, right=f"among {bound}")


def numbered(group: Sequence[dict[str, Any]], one: str, more: str) -> str:
    """The levels of findings, and what is said of them where they were left open.

    >>> numbered([{"level": 1, "reason": None}, {"level": 2, "reason": None}], "sweep", "sweeps")
    'sweeps 1, 2'
    """
    numbers = [f["level"] for f in group]
    reasons = sorted({f["reason"] for f in group if f["reason"]})
    why = f" ({', '.join(reasons)})" if reasons else ""
    return f"{more if len(numbers) > 1 else one} {spans(numbers)}{why}"


def by_status(findings: Sequence[dict[str, Any]], name: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """The findings of one property, a group a status."""
    found = [f for f in findings if f["property"] == name]
    return [
        (s, group)
        for s in ("proved", "refuted", "undecided")
        if (group := [f for f in found if f["status"] == s])
    ]
