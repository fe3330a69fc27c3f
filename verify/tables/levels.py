"""The table of a geometric claim: a row per level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.tables.cells import above, down, status, up
from verify.verdict import Verdict

if TYPE_CHECKING:
    from rich.table import Table


def asked(verdict: Verdict) -> str:
    """What was asked."""
    p = verdict.parameters
    return (
        f"N = {p['base']}, L = {p['levels']}, p = {p['p']}, digits {p['digits']}, decoder {p['decoder']}; "
        f"C = {p['constant']}, {p['modulus']} modulus, storage tolerance {p['tolerance']}"
    )


def rows(verdict: Verdict) -> Table:
    """Error against modulus, level by level."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    omega = "ω_p" if verdict.parameters["p"] != "inf" else "ω_inf"
    lipschitz = {f.level: f for f in verdict.findings if f.property == "lipschitz-error"}
    headers = ["level", "cells", "bits/cell", "error <=", f"C {omega} >=", f"error/{omega}", f"<= C {omega}"]
    for header in [*headers, *(["<= (2d+1)Kh"] if lipschitz else [])]:
        table.add_column(header, justify="right")
    for f in verdict.findings:
        if f.property != "error" or f.level is None:
            continue
        cells = verdict.parameters["base"] ** (verdict.parameters["dim"] * f.level)
        bits = verdict.table_bits[f.level]
        row = [str(f.level), str(cells), f"{bits / cells:.1f}" if bits else "-"]
        row += [up(f, "value"), down(f, "bound"), above(f.ratio), status(f)]
        table.add_row(*row, *([status(lipschitz[f.level])] if lipschitz else []))
    return table
