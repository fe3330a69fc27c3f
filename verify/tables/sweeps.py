"""The table of a multigrade claim: a row per sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flint import fmpq

from verify.tables.cells import above, status, up
from verify.verdict import Finding, Verdict

if TYPE_CHECKING:
    from rich.table import Table


def asked(verdict: Verdict) -> str:
    """What was asked, and what the columns mean."""
    p = verdict.parameters
    return (
        f"first mesh 1/{p['mesh']}, at most {p['sweeps']} sweeps: {len(verdict.network.readouts)} grades; "
        "K: slope of f, bound: from the largest slope of a residual so far"
    )


def rows(verdict: Verdict) -> Table:
    """The supremum against K h_s (K the slope of f) and against the bound, and the L^p errors, sweep by sweep."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    found: dict[str, dict[int | None, list[Finding]]] = {}
    for f in verdict.findings:
        found.setdefault(f.property, {}).setdefault(f.level, []).append(f)
    headers = [
        "sweep",
        "h_s",
        "grades",
        "sup <=",
        "/ before",
        "K h_s",
        "sup/(K h_s)",
        "bound",
        "<= bound",
        "pointwise",
    ]
    headers += [f"L^{p} <=" for p in verdict.parameters["p"]] + ["shrinks"]
    for header in [*headers, *(["slope"] if "slope" in found else [])]:
        table.add_column(header, justify="right")
    before: fmpq | None = None
    for s, (rate,) in found["rate"].items():
        if s is None or rate.value is None:
            continue
        (pointwise,), shrinks, slope = (
            found.get(name, {}).get(s, []) for name in ("pointwise", "decrease", "slope")
        )
        ratio = None if not before else rate.value.hi / before
        table.add_row(
            *(str(s), f"1/{verdict.parameters['mesh'] << (s - 1)}", str(pointwise.stated["grades"])),
            *(up(rate, "value"), above(ratio), above(rate.scale), above(rate.ratio)),
            *(up(rate, "bound"), status(rate), status(pointwise)),
            *(up(f, "value") for f in shrinks),
            " ".join(sorted({status(f) for f in shrinks})),
            *(status(f) for f in slope),
        )
        before = rate.value.hi
    return table
