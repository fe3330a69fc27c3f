"""What a search came to, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flint import fmpq

from constructs.targets.step import Axis, StepTarget
from verify.searching import SearchResult
from verify.sharpness import Sharpness
from verify.verdict import Reason, float_below

if TYPE_CHECKING:
    from rich.console import RenderableType

MOST_SHOWN = 6  # pieces of an axis that are written out
LONGEST_NUMBER = 14  # characters of a rational that is written out
PLACES = 5


def search_lines(result: SearchResult, path: str | None) -> list[str]:
    """What was asked, the best target, and the verdict."""
    p = result.parameters
    omega = "ω_inf" if p["p"] == "inf" else f"ω_{p['p']}"
    lines = [
        rf"[bold]search {result.claim}[/bold]  ‖f − P f‖ <= {result.constant} {omega}(f, N^-l) on \[0,1]^{p['dim']}, "
        "P f: the cell means",
        f"N = {p['base']}, l = {p['level']}, p = {p['p']}, {p['modulus']} modulus; seed {result.seed}, "
        f"{result.evaluations} candidate{'s' * (result.evaluations != 1)}",
    ]
    if result.target is not None and result.ratio is not None:
        lines.append(f"best: f = {described(result.target)}")
        exact = result.ratio.lo == result.ratio.hi
        said = f"= {result.ratio.lo} =" if exact and len(str(result.ratio.lo)) <= LONGEST_NUMBER else ">="
        said += f" {places(result.ratio.lo)}"
        lines.append(f"error/{omega} {said}")
    if result.verdict is not None:
        lines.append(
            "[bold red]refuted[/], also for the certificate's network, which stores the means nearly: "
            + result.verdict.checked
        )
    elif result.reason is Reason.PRECISION:
        lines.append(
            "[bold yellow]undecided[/]: hardly above the constant; no certificate of it was accepted"
        )
    else:
        lines.append(
            f"[bold yellow]undecided[/]: nothing broke the constant in {result.seconds:.1f} s "
            f"(budget {result.budget:g} s), which proves nothing"
        )
    if path is not None:
        lines.append(f"certificate: {path}")
    return lines


def sharpness_table(result: Sharpness) -> list[RenderableType]:
    """A row per dimension, exponent and modulus."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    headers = ("d", "modulus", "p", "proved C <=", "witness C >=", "gap <=", "closed", "h", "witness", "new")
    for header in headers:
        table.add_column(header, justify="left" if header in ("modulus", "closed", "witness") else "right")
    for row in result.rows:
        cells = [
            str(row.dim),
            "euclidean" if row.euclidean else "axis",
            "inf" if row.p is None else str(row.p),
        ]
        ratio, gap = row.ratio, row.gap
        cells.append(places(row.proved.hi, up=True))
        cells += ["-", "-"] if ratio is None or gap is None else [places(ratio.lo), places(gap, up=True)]
        cells.append("in the limit" if row.sharp else "open")
        w = row.witness
        cells += ["-", "-"] if w is None else [str(w.setting.t), described(w.target)]
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
    shown = [_short(values[0])]
    for b, v in zip(breaks, values[1:], strict=True):
        shown += [f"|{_short(b)}|", _short(v)]
    return " ".join(shown)


def _short(value: fmpq) -> str:
    text = str(value)
    return text if len(text) <= LONGEST_NUMBER else f"~{float_below(value):.5g}"


def places(value: fmpq, up: bool = False) -> str:
    """With PLACES digits after the point, rounded down, or up; nothing is lost where they suffice.

    >>> places(fmpq(2, 3)), places(fmpq(2, 3), up=True), places(fmpq(2)), places(fmpq(-1, 3))
    ('0.66666', '0.66667', '2', '-0.33334')
    """
    scaled = value * 10**PLACES
    digits = int(scaled.ceil() if up else scaled.floor())
    if digits % 10**PLACES == 0 and scaled.q == 1:
        return str(digits // 10**PLACES)
    whole, rest = divmod(abs(digits), 10**PLACES)
    return f"{'-' if digits < 0 else ''}{whole}.{rest:0{PLACES}}"
