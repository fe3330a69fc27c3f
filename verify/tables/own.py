"""The table of a claim of one's own: a row per condition, and in words what went wrong where."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flint import fmpq

from constructs.exact import from_text
from verify.own.where import number
from verify.tables.cells import above, below, escaped, status
from verify.verdict import Finding, Status, Verdict

if TYPE_CHECKING:
    from rich.table import Table

NORMS = {"inf": "sup |f - Phi|", 2: "|f - Phi|_2"}
SIZES = ("width", "depth", "neurons", "parameters")
MOST_NOTES = 6


def asked(verdict: Verdict) -> str:
    """The author's title, source and parameters."""
    p = verdict.parameters
    values = ", ".join(f"{name} = {value}" for name, value in p["values"].items())
    return f"{escaped(p['title'])}{': ' if values else ''}{escaped(values)} ({escaped(p['source'])})"


def properties(verdict: Verdict) -> list[str]:
    """None: every condition has its row."""
    return []


def rows(verdict: Verdict) -> Table:
    """Every condition: both ends of what was measured, beside what was claimed."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for header in ("", "condition", ">=", "<=", "claimed <=", "status"):
        table.add_column(header, justify="right" if header in (">=", "<=", "claimed <=") else "left")
    for f in verdict.findings:
        table.add_row(str(f.level), escaped(_named(verdict, f)), *_sides(f), status(f))
    return table


def notes(verdict: Verdict) -> list[str]:
    """What is false, and where; why something is undecided. The first neuron that goes wrong comes first."""
    told = [f for f in verdict.findings if f.note and f.status is not Status.PROVED]
    wrong = first_wrong_neuron(verdict)
    lines = []
    if wrong is not None:
        layer, index = _condition(verdict, wrong)["neuron"]
        neuron = verdict.network.layers[layer - 1][index]
        role = f", {escaped(neuron.role)}" if neuron.role else ""
        lines.append(
            f"[bold]the first neuron that goes wrong: {escaped(neuron.name)} of layer {layer}{role}[/bold]"
        )
        told.sort(key=lambda f: f is not wrong)
    for f in told[:MOST_NOTES]:
        first, *rest = (f.note or "").splitlines()
        lines.append(f"{f.level} {escaped(_named(verdict, f))}: {escaped(first, 400)}")
        if f.property != "computes" or f is wrong:
            lines += [f"    {escaped(line, 400)}" for line in rest]
    if len(told) > MOST_NOTES:
        lines.append(f"... and {len(told) - MOST_NOTES} more")
    return lines


def first_wrong_neuron(verdict: Verdict) -> Finding | None:
    """The finding about the refuted neuron of the earliest layer; None if no neuron is refuted."""
    wrong = [f for f in verdict.findings if f.property == "computes" and f.status is Status.REFUTED]
    return min(wrong, key=lambda f: _condition(verdict, f)["neuron"], default=None)


def _condition(verdict: Verdict, f: Finding) -> dict[str, Any]:
    return verdict.parameters["conditions"][f.level or 0]


def _named(verdict: Verdict, f: Finding) -> str:
    condition = _condition(verdict, f)
    match f.property:
        case "error":
            several = len(verdict.network.readouts) > 1
            return NORMS[condition["norm"]] + (f", level {condition['of']}" if several else "")
        case "computes":
            layer, index = condition["neuron"]
            return f"neuron {verdict.network.layers[layer - 1][index].name} computes"
        case "monotone":
            return f"Phi {'rises' if condition['sign'] > 0 else 'falls'} along x{condition['axis']}"
        case "custom":
            return f"{f.name} (not independently checked)"
    return f.property


def _sides(f: Finding) -> tuple[str, str, str]:
    if f.property in SIZES:
        return "", str(f.stated["value"]), str(f.stated["bound"])
    if f.bound is None:
        return "", "", ""
    bound = number(f.bound.lo) if f.bound.lo == f.bound.hi else above(f.bound.hi)
    if f.value is None:  # only a point is known
        return _end(from_text(f.stated["error"][0]), below), "", bound
    return _end(f.value.lo, below), _end(f.value.hi, above), bound


def _end(value: fmpq, otherwise: Callable[[fmpq], str]) -> str:
    """Exactly where that is short, else rounded outward."""
    return str(value) if len(str(value)) <= 10 else otherwise(value)
