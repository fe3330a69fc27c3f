"""The table of a multiplicative claim: a row per bound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.tables.cells import above, down, status, up
from verify.verdict import Verdict

if TYPE_CHECKING:
    from rich.table import Table

NAMES = {
    "l2": "|e|_2",
    "gradient": "|grad e|_2",
    "hessian": "|D^2 e|_2",
    "bessel": "|e|_H^{}",
    "sup": "sup |e|",
    "derivative": "sup |d_{} e|",
    "second": "sup |d_{} e|",
    "zygmund": r"\[e]_{}",
}


def asked(verdict: Verdict) -> str:
    """What was asked, and what the columns mean."""
    p = verdict.parameters
    norm = p["norm"] if p["s"] is None else f"{p['norm']} {p['s']}"
    units = next((f.stated["value"] for f in verdict.findings if f.property == "units"), "?")
    return f"mesh 1/{p['mesh']}, degree {p['degree']}, norm {norm}; {units} product units; e = f - Phi"


def rows(verdict: Verdict) -> Table:
    """Errors enclosed, beside what the theorem allows."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for header in ("quantity", ">=", "<=", "bound", "/ bound", "<= bound"):
        table.add_column(header, justify="left" if header == "quantity" else "right")
    for f in verdict.findings:
        if f.property in NAMES:
            name = named(f.property, f.level, verdict.target.dim, verdict.parameters["s"])
            table.add_row(name, down(f, "value"), up(f, "value"), down(f, "bound"), above(f.ratio), status(f))
    return table


def named(name: str, level: int | None, dim: int, s: str | None) -> str:
    """A quantity for people; second derivatives by their axes."""
    if level is None:
        return NAMES[name].format(s)
    pairs = [f"{i}d_{j}" for i in range(dim) for j in range(i, dim)]
    return NAMES[name].format(pairs[level] if name == "second" else level)
