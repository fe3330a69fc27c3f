"""Exhibits of a multiplicative certificate: every error beside its bound."""

from __future__ import annotations

from typing import Any

from constructs.exact import from_text
from verify.claims.multiplicative import DESCRIPTION
from verify.exhibits.certified import Certified, Parts, said
from verify.exhibits.common import activations_row, network_facts, row, target_facts
from verify.exhibits.drawing import drawing
from verify.exhibits.kinds import Chart, Row, Series
from verify.exhibits.numbers import above, below, between
from verify.exhibits.product_pictures import curves, maps
from verify.exhibits.products import Products
from verify.exhibits.quantities import Quantity, quantities
from verify.tables.errors import NAMES
from verify.verdict import float_above, float_below

CAPTION = (
    "One hidden layer of sides max(±(M x_i − k), 0)^q, one of products of two facing sides a coordinate."
)


def parts(certified: Certified) -> Parts:
    """Everything that is particular to a multiplicative certificate."""
    p = certified.parameters
    products = Products.of(certified.content["network"], p)
    network = products.network().network
    errors = quantities(certified.findings, p["dim"], p["s"])
    return Parts(
        title=f"Local products for f = {certified.shown_target}",
        source=DESCRIPTION.source,
        sentence=_sentence(certified, errors),
        facts=(*target_facts(certified), *asked(p), *network_facts(network)),
        rows=rows(certified.findings, p),
        charts=(*_chart(errors), *curves(certified.target, [products])),
        maps=maps(certified.target, [products]),
        drawing=drawing(network, CAPTION),
    )


def asked(p: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """The parameters."""
    norm = p["norm"] if p["s"] is None else f"{p['norm']}, s = {p['s']}"
    return (
        ("mesh h", f"1/{p['mesh']}"),
        ("q, the degree", str(p["degree"])),
        ("norm", norm),
        ("support of a unit", f"at most {p['support']} cells a side, as claimed"),
    )


def _sentence(certified: Certified, errors: list[Quantity]) -> str:
    p = certified.parameters
    groups: list[tuple[str, str]] = []
    for q in errors:
        status = q.finding["status"]
        reason = f" ({q.finding['reason']})" if q.finding["reason"] else ""
        # rounded so that the sentence says no more than the finding: what is refuted is refuted for smaller bounds too
        bound = below(q.bound) if status == "refuted" else above(q.bound_above)
        groups.append((status, f"{q.name} <= {bound} (it is in {between_ends(q)}){reason}"))
    groups += [(f["status"], _NAMES[f["property"]]) for f in certified.findings if f["property"] in _NAMES]
    units = next(f["value"] for f in certified.findings if f["property"] == "units")
    opening = (
        f"One network Phi of {units:,} local products of degree {p['degree']} on the mesh h = 1/{p['mesh']}, "
        f"e = f − Phi, for f = {certified.shown_target} on {certified.domain}. "
    )
    return opening + said(groups)


_NAMES = {
    "activations": "products and one power of ReLU only",
    "units": "no more units than stated",
    "support": "every unit vanishes outside a small box",
    "exactness": "polynomials of the degree are reproduced",
    "coefficients": "the coefficients are those of f, up to the stated rounding",
    "locality": "a change of f is felt near it only",
}


def between_ends(q: Quantity) -> str:
    """The error's enclosure."""
    return between(q.error.lo, q.error.hi)


def rows(findings: list[dict[str, Any]], p: dict[str, Any], where: str = "") -> tuple[Row, ...]:
    """One for each finding of a multiplicative certificate, or of a rung."""
    errors = {id(q.finding): q for q in quantities(findings, p["dim"], p["s"])}
    return tuple(
        _error_row(errors[id(f)], where) if f["property"] in NAMES else _row(f, where) for f in findings
    )


def _error_row(q: Quantity, where: str) -> Row:
    f = q.finding
    notes = [f"error/bound <= {above(q.error.hi / q.bound)}"] if q.bound > 0 else []
    if "x" in f:
        notes.append(f"from below at x = ({', '.join(f['x'])}), y = ({', '.join(f['y'])})")
    return row(f, f"{q.name} <= bound", where, between_ends(q), f">= {below(q.bound)}", "; ".join(notes))


def _row(f: dict[str, Any], where: str) -> Row:
    match f["property"]:
        case "activations":
            found = activations_row(f)
            return row(f, found.what, where, found.left, found.right)
        case "units" | "support" | "locality":
            what = {"support": "cells a side of a unit", "locality": "reach of a change of f"}.get(
                f["property"]
            )
            if what is None:
                return row(f, "product units", where, f"{f['value']:,}", f"<= {f['bound']:,}")
            return row(f, what, where, str(f["value"]), f"<= {f['bound']}")
        case "exactness":
            return row(f, f"polynomials of degree {f['degree']} reproduced", where)
    tolerance = from_text(f["tolerance"])
    right = "0" if tolerance == 0 else above(tolerance)
    return row(f, "coefficients are those of f", where, right=f"rounding <= {right}")


def _chart(errors: list[Quantity]) -> tuple[Chart, ...]:
    """Errors and bounds side by side, one place on the axis for each quantity."""
    xs = tuple(float(i) for i in range(len(errors)))
    lo, hi = tuple(float_below(q.error.lo) for q in errors), tuple(float_above(q.error.hi) for q in errors)
    bounds = tuple(float_below(q.bound) for q in errors)
    return (
        Chart(
            key="error",
            title="Errors against their bounds",
            caption="Certified enclosures of every quantity, and certified lower ends of its bound, e = f − Phi.",
            x_label="quantity",
            y_label="size",
            series=(
                Series("error, certified", "error", xs, lo, hi, joined=False),
                Series("bound, at least", "bound", xs, bounds, joined=False),
            ),
            log_y=True,
            ticks=tuple((float(i), q.name) for i, q in enumerate(errors)),
        ),
    )
