"""Verdicts as tables for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.verdict import Finding, Status, Verdict, float_above, float_below

if TYPE_CHECKING:
    from rich.console import RenderableType

COLOURS = {Status.PROVED: "green", Status.REFUTED: "red", Status.UNDECIDED: "yellow"}


def render(verdict: Verdict, path: str | None) -> list[RenderableType]:
    """A headline, the network, the findings about it, a row per level, and the verdict line."""
    levels = _sweeps if verdict.claim == "multigrade" else _levels
    return [*_headline(verdict), *_properties(verdict), levels(verdict), *_closing(verdict, path)]


def _headline(verdict: Verdict) -> list[str]:
    p = verdict.parameters
    n = verdict.network
    if verdict.claim == "multigrade":
        asked = f"first mesh 1/{p['mesh']}, at most {p['sweeps']} sweeps; grades {len(n.readouts)}"
    else:
        asked = (
            f"N = {p['base']}, L = {p['levels']}, p = {p['p']}, digits {p['digits']}, decoder {p['decoder']}; "
            f"C = {p['constant']}, {p['modulus']} modulus, storage tolerance {p['tolerance']}"
        )
    return [
        f"[bold]{verdict.claim}[/bold]  f = {_escaped(verdict.target.describe())} on [0,1]^{p['dim']}".replace(
            "[0,1]", r"\[0,1]"
        ),
        asked,
        f"network: width {n.width} (stated: at most {verdict.width_stated}), depth {n.depth}, {n.neurons} neurons, "
        f"{n.parameters} parameters, {n.total_bits} bits in all, largest weight {n.weight_bits} bits",
    ]


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text if len(text) <= 100 else text[:97] + "...")


def _status(finding: Finding) -> str:
    shown = finding.status.value + (f" ({finding.reason.value})" if finding.reason else "")
    return f"[{COLOURS[finding.status]}]{shown}[/]"


def _properties(verdict: Verdict) -> list[str]:
    lines = []
    for f in verdict.findings:
        if f.property == "until" and f.value and f.bound:
            where = "no level" if f.level is None else f"level {f.level} is the first"
            lines.append(f"until: {where} with a certified error <= {_up(f, 'bound')}: {_status(f)}")
        elif f.level is None:
            sides = "" if not (f.value and f.bound) else f" {f.value.hi} <= {f.bound.lo}"
            lines.append(f"{f.property}{sides}: {_status(f)}")
    return [
        ", ".join(line for line in lines if not line.startswith("until")),
        *(x for x in lines if x.startswith("until")),
    ]


def _levels(verdict: Verdict) -> RenderableType:
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
        row += [
            _up(f, "value"),
            _down(f, "bound"),
            "-" if f.ratio is None else _above(float_above(f.ratio)),
            _status(f),
        ]
        table.add_row(*row, *([_status(lipschitz[f.level])] if lipschitz else []))
    return table


def _sweeps(verdict: Verdict) -> RenderableType:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    by_name: dict[str, dict[int | None, list[Finding]]] = {}
    for f in verdict.findings:
        by_name.setdefault(f.property, {}).setdefault(f.level, []).append(f)
    powers = verdict.parameters["p"]
    norms = [header for p in powers for header in (f"L^{p} error <=", "shrinks")]
    slopes = ["slope"] if "slope" in by_name else []
    headers = [
        "sweep",
        "h_s",
        "grades",
        "sup error <=",
        "/ before",
        "K h_s",
        "sup/(K h_s)",
        "sup <= bound",
        "pointwise",
    ]
    for header in [*headers, *norms, *slopes]:
        table.add_column(header, justify="right")
    before: Finding | None = None
    for s, (rate,) in by_name.get("rate", {}).items():
        if s is None or rate.value is None:
            continue
        (pointwise,) = by_name["pointwise"][s]
        shrinks = [text for f in by_name["decrease"][s] for text in (_up(f, "value"), _status(f))]
        halved = "-"
        if before is not None and before.value is not None and before.value.hi > 0:
            halved = _above(float_above(rate.value.hi / before.value.hi))
        mesh = verdict.parameters["mesh"] << (s - 1)
        scale = "-" if rate.scale is None else _above(float_above(rate.scale))
        ratio = "-" if rate.ratio is None else _above(float_above(rate.ratio))
        row = [str(s), f"1/{mesh}", str(pointwise.stated["grades"]), _up(rate, "value"), halved, scale, ratio]
        slope = [_status(f) for f in by_name["slope"][s]] if slopes else []
        table.add_row(*row, _status(rate), _status(pointwise), *shrinks, *slope)
        before = rate
    return table


def _closing(verdict: Verdict, path: str | None) -> list[str]:
    lines = []
    if verdict.rejected is not None:
        lines.append(
            f"[red]the independent checker rejected the certificate:[/red] {_escaped(verdict.rejected)}"
        )
    status = verdict.status
    counts = {s: sum(f.status is s for f in verdict.findings) for s in Status}
    said = ", ".join(f"{n} {s.value}" for s, n in counts.items() if n)
    lines.append(f"[bold {COLOURS[status]}]{status.value}[/]: {said}; {verdict.checked}")
    if path is not None:
        lines.append(f"certificate: {_escaped(path)}")
    return lines


def _above(x: float) -> str:
    """Four digits, rounded up."""
    text = f"{x:.4g}"
    return text if float(text) >= x else f"{x * 1.0005:.4g}"


def _up(f: Finding, side: str) -> str:
    bounds = getattr(f, side)
    return "-" if bounds is None else _above(float_above(bounds.hi))


def _down(f: Finding, side: str) -> str:
    bounds = getattr(f, side)
    if bounds is None:
        return "-"
    x = float_below(bounds.lo)
    text = f"{x:.4g}"
    return text if float(text) <= x else f"{x * 0.9995:.4g}"
