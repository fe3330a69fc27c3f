"""Charts of a multigrade certificate: suprema against bounds, norms, and the supremum along the grades."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flint import fmpq

from constructs.exact import from_text
from verify.exhibits.certified import Certified
from verify.exhibits.curves import enclosed, lower, points
from verify.exhibits.kinds import Chart
from verify.exhibits.multigrade_residuals import Residuals
from verify.exhibits.numbers import pair
from verify.powers import Enclosure, norm


def charts(certified: Certified, residuals: Residuals) -> tuple[Chart, ...]:
    """None without a sweep that has a grade."""
    rates = [f for f in certified.findings if f["property"] == "rate"]
    if not rates:
        return ()
    p = certified.parameters
    ticks = tuple((float(f["level"]), f"{f['level']}: 1/{p['mesh'] << (f['level'] - 1)}") for f in rates)
    found = [_suprema(p["mesh"], rates, ticks), _norms(certified, rates, ticks)]
    return (*found, *_along(residuals, rates))


def _suprema(mesh: int, rates: list[dict[str, Any]], ticks: tuple[tuple[float, str], ...]) -> Chart:
    K = from_text(rates[0]["slope"])
    return Chart(
        key="error",
        title="Supremum after each sweep",
        caption="Certified enclosures of sup|f − Phi| after every sweep, and the certified bound from the largest "
        "slope so far. K h_s, K the slope of f from below, is the rate for f linear on the first mesh "
        "and d <= 2; it is no bound for other targets.",
        x_label="sweep: mesh h_s",
        y_label="sup |f − Phi|",
        series=(
            enclosed(
                "sup |f − Phi|, certified", "error", [(f["level"], *pair(f["supremum"])) for f in rates]
            ),
            lower("bound", "bound", [(f["level"], from_text(f["bound"])) for f in rates]),
            lower("K h_s", "modulus", [(f["level"], K / (mesh << (f["level"] - 1))) for f in rates]),
        ),
        log_y=True,
        ticks=ticks,
    )


def _norms(certified: Certified, rates: list[dict[str, Any]], ticks: tuple[tuple[float, str], ...]) -> Chart:
    series = []
    for p in certified.parameters["p"]:
        falls = [f for f in certified.findings if f["property"] == "decrease" and f["p"] == p]
        rows = [(0, falls[0]["before"]), *((f["level"], f["after"]) for f in falls)]
        sides = [(s, norm(Enclosure(*pair(texts)), fmpq(p))) for s, texts in rows]
        series.append(enclosed(f"L^{p}", "error", [(s, e.lo, e.hi) for s, e in sides]))
    suprema = [(f["level"], *pair(f["supremum"])) for f in rates]
    series.append(enclosed("supremum", "error", suprema))
    return Chart(
        key="norms",
        title="Norms of the residual",
        caption="Certified enclosures of ‖f − Phi‖ before the first sweep (0) and after each; the supremum of f "
        "itself is not in the certificate.",
        x_label="sweep: mesh h_s",
        y_label="norm of f − Phi",
        series=tuple(series),
        log_y=True,
        ticks=((0.0, "0"), *ticks),
    )


def _along(residuals: Residuals, rates: list[dict[str, Any]]) -> tuple[Chart, ...]:
    """None without grades."""
    ends, total = [], 0
    for sweep in residuals.sweeps:
        total += len(sweep)
        ends.append(total)
    if not total:
        return ()
    seen = [(float(grade), value) for grade, value in residuals.along_grades() if grade and value > 0]
    enclosures = [(end, *pair(f["supremum"])) for end, f in zip(ends, rates, strict=True) if end]
    finest = residuals.sweeps[-1].cells
    return (
        Chart(
            key="grades",
            title="Supremum along the grades",
            caption=f"The curve is sampled: the largest |f − Phi| at the nodes of mesh 1/{finest}, in floats, after "
            f"{len(seen)} of {total:,} grades. The certified enclosures stand at the ends of sweeps; that it never "
            "rises is a finding of its own.",
            x_label="grades",
            y_label="sup |f − Phi|",
            series=(
                points("sampled", "readout", seen),
                replace(enclosed("certified", "error", enclosures), joined=False),
            ),
            log_x=True,
            log_y=True,
        ),
    )
