"""What a search came to, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs.targets.step import Axis, StepTarget
from verify.searching import SearchResult
from verify.sharpness import Sharpness
from verify.table_cells import above, below

if TYPE_CHECKING:
    from rich.console import RenderableType

MOST_SHOWN = 6  # pieces of an axis that are written out


def search_lines(result: SearchResult, path: str | None) -> list[str]:
    """What was asked, the best target, and the verdict."""
    p = result.parameters
    omega = "ω_inf" if p["p"] == "inf" else f"ω_{p['p']}"
    lines = [
        rf"[bold]search {result.claim}[/bold]  ‖f − P f‖ <= {result.constant} {omega}(f, N^-l) on \[0,1]^{p['dim']}, "
        "P f: the cell means",
        f"N = {p['base']}, l = {p['level']}, p = {p['p']}, {p['modulus']} modulus; seed {result.seed}, "
        f"{result.evaluations} candidates, {result.seconds:.1f} s of {result.budget:g} s",
    ]
    if result.target is not None and result.ratio is not None:
        lines.append(f"best: f = {described(result.target)}")
        exact = result.ratio.lo == result.ratio.hi
        said = (
            f"= {result.ratio.lo}, {below(result.ratio.lo)}..." if exact else f">= {below(result.ratio.lo)}"
        )
        lines.append(f"error/{omega} {said}")
    if result.verdict is not None:
        lines.append("[bold red]refuted[/]: the certificate's network too; " + result.verdict.checked)
    else:
        lines.append(
            "[bold yellow]undecided[/]: no target broke the constant within the budget; this proves nothing"
        )
    if path is not None:
        lines.append(f"certificate: {path}")
    return lines


def sharpness_table(result: Sharpness) -> list[RenderableType]:
    """A row per dimension, exponent and modulus."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    headers = ("d", "modulus", "p", "proved C <=", "witness C >=", "gap <=", "closed", "witness", "new")
    for header in headers:
        table.add_column(header, justify="left" if header in ("modulus", "closed", "witness") else "right")
    for row in result.rows:
        cells = [
            str(row.dim),
            "euclidean" if row.euclidean else "axis",
            "inf" if row.p is None else str(row.p),
        ]
        cells += [above(row.proved.hi), "-" if row.ratio is None else below(row.ratio.lo), above(row.gap)]
        cells.append("in the limit" if row.sharp else "open")
        cells.append("-" if row.witness is None else described(row.witness.target))
        table.add_row(*cells, "yes" if row.improved else "", end_section=row.p is None)
    stored = sum(row.certificate is not None for row in result.rows)
    return [
        f"[bold]sharpness {result.claim}[/bold]  ‖f − P f‖_p <= C ω_p(f, N^-l), P f: the cell means",
        table,
        f"{stored} witnesses in {result.results}, each a certificate; {result.evaluations} candidates, "
        f"seed {result.seed}, {result.seconds:.1f} s",
    ]


def described(target: StepTarget) -> str:
    """The profiles, each once with the axes that it stands on."""
    places: dict[Axis, list[int]] = {}
    for i, axis in enumerate(target.axes):
        if axis[0]:
            places.setdefault(axis, []).append(i)
    parts = []
    for axis, on in places.items():
        where = f"x{on[0]}" if len(on) == 1 else f"each of {', '.join(f'x{i}' for i in on)}"
        parts.append(f"{_steps(axis)} in {where}")
    return " + ".join(parts) or "0"


def _steps(axis: Axis) -> str:
    """Values and breaks in turns: 1 |1/9| 0 is 1 below 1/9 and 0 from there on."""
    breaks, values = axis
    if len(values) > MOST_SHOWN:
        return f"{len(values)} steps"
    shown = [str(values[0])]
    for b, v in zip(breaks, values[1:], strict=True):
        shown += [f"|{b}|", str(v)]
    return " ".join(shown)
