"""The table of a ladder of meshes: a row per error and halving."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from verify.tables.cells import status
from verify.tables.errors import named
from verify.verdict import Finding, Verdict

if TYPE_CHECKING:
    from rich.table import Table


def asked(verdict: Verdict) -> str:
    """What was asked, and what the columns mean."""
    p = verdict.parameters
    q = p["of"]["parameters"]
    norm = q["norm"] if q["s"] is None else f"{q['norm']} {q['s']}"
    finest = q["mesh"] << (p["rungs"] - 1)
    return (
        f"degree {q['degree']}, norm {norm}, meshes 1/{q['mesh']} to 1/{finest}, order {p['order']} claimed; "
        "order = log2(error before / error after halving)"
    )


def rows(verdict: Verdict) -> Table:
    """Orders enclosed, beside the least that counts as the claimed one."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    of = verdict.parameters["of"]["parameters"]
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for header in ("error", "meshes", "order >=", "<=", "wanted >=", "order"):
        table.add_column(header, justify="left" if header in ("error", "meshes") else "right")
    for f in verdict.findings:
        if f.property == "order" and f.level is not None:
            mesh = of["mesh"] << f.level
            name = named(f.stated["of"], f.stated["part"], verdict.target.dim, of["s"])
            table.add_row(name, f"1/{mesh // 2} to 1/{mesh}", *_ends(f), f.stated["least"], status(f))
    return table


def _ends(f: Finding) -> tuple[str, str]:
    low, high = (None if text is None else Fraction(text) for text in f.stated["order"])
    return (
        "-" if low is None else f"{floor(low * 100) / 100:.2f}",
        "-" if high is None else f"{ceil(high * 100) / 100:.2f}",
    )


def properties(verdict: Verdict) -> list[str]:
    """Per mesh, what became of the claim there."""
    meshes: dict[str, list[Finding]] = {}
    for f in verdict.findings:
        if f.property != "order":
            meshes.setdefault(f.property.partition(" at ")[2], []).append(f)
    return [
        f"mesh {mesh}: " + ", ".join(f"{f.property.partition(' at ')[0]}: {status(f)}" for f in rest)
        if rest
        else f"mesh {mesh}: everything proved ({len(found)} findings)"
        for mesh, found in meshes.items()
        for rest in [[f for f in found if f.status.value != "proved"]]
    ]
