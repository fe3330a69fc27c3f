"""Verdicts as tables for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.tables import errors, levels, orders, own, sweeps
from verify.tables.cells import COLOURS, escaped, status, up
from verify.verdict import Status, Verdict

if TYPE_CHECKING:
    from rich.console import RenderableType

TABLES = {
    "geometric": levels,
    "multigrade": sweeps,
    "multiplicative": errors,
    "ladder": orders,
    "own": own,
}


def render(verdict: Verdict, path: str | None) -> list[RenderableType]:
    """A headline, the network, the findings about it, a row per level, what is false where, and the verdict line."""
    table = TABLES[verdict.claim].rows(verdict)
    properties = {"ladder": orders.properties, "own": own.properties}.get(verdict.claim, _properties)
    notes = own.notes(verdict) if verdict.claim == "own" else []
    return [*_headline(verdict), *properties(verdict), table, *notes, *_closing(verdict, path)]


def _headline(verdict: Verdict) -> list[str]:
    n = verdict.network
    allowed = "" if verdict.width_stated is None else f" (stated: at most {verdict.width_stated})"
    return [
        f"[bold]{verdict.claim}[/bold]  f = {escaped(verdict.target.describe())} on [0,1]^{verdict.target.dim}".replace(
            "[0,1]", r"\[0,1]"
        ),
        TABLES[verdict.claim].asked(verdict),
        f"network: width {n.width}{allowed}, depth {n.depth}, {n.neurons} neurons, "
        f"{n.parameters} parameters, {n.total_bits} bits in all, largest weight {n.weight_bits} bits",
    ]


def _properties(verdict: Verdict) -> list[str]:
    lines = []
    for f in verdict.findings:
        if f.property == "until" and f.value and f.bound:
            where = "no level" if f.level is None else f"level {f.level} is the first"
            lines.append(f"until: {where} with a certified error <= {up(f, 'bound')}: {status(f)}")
        elif f.level is None and f.property not in errors.NAMES:
            sides = "" if not (f.value and f.bound) else f" {f.value.hi} <= {f.bound.lo}"
            lines.append(f"{f.property}{sides}: {status(f)}")
    return [
        ", ".join(line for line in lines if not line.startswith("until")),
        *(x for x in lines if x.startswith("until")),
    ]


def _closing(verdict: Verdict, path: str | None) -> list[str]:
    lines = []
    if verdict.rejected is not None:
        lines.append(
            f"[red]the independent checker rejected the certificate:[/red] {escaped(verdict.rejected)}"
        )
    if verdict.uncertified is not None:
        lines.append(f"[yellow]no certificate:[/yellow] {escaped(verdict.uncertified, 200)}")
    whole = verdict.status
    checked = [f for f in verdict.findings if f.established_by != "author"]
    counts = {s: sum(f.status is s for f in checked) for s in Status}
    said = ", ".join(f"{n} {s.value}" for s, n in counts.items() if n) or "nothing but the author's word"
    lines.append(f"[bold {COLOURS[whole]}]{whole.value}[/]: {said}; {verdict.checked}")
    if path is not None:
        lines.append(f"certificate: {escaped(path)}")
    return lines
