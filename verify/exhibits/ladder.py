"""Exhibits of a ladder of meshes: errors against meshes, and the orders of their fall."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from constructs.exact import from_text
from verify.claims.ladder import DERIVATIVES
from verify.claims.multiplicative import DESCRIPTION
from verify.exhibits import multiplicative
from verify.exhibits.certified import Certified, Parts, said
from verify.exhibits.common import network_facts, row, target_facts
from verify.exhibits.curves import enclosed, lower
from verify.exhibits.drawing import drawing
from verify.exhibits.kinds import Chart, Row, Series
from verify.exhibits.product_pictures import curves, maps
from verify.exhibits.products import Products
from verify.exhibits.quantities import Quantity, label, quantities
from verify.verdict import float_above, float_below

BELOW = 0.6  # of the first error: where the line of the claimed order begins


def parts(certified: Certified) -> Parts:
    """Everything that is particular to a ladder."""
    of = certified.parameters["of"]["parameters"]
    networks = [Products.of(n, of) for n in certified.content["network"]["rungs"]]
    finest = networks[-1].network().network
    return Parts(
        title=f"Orders of local products for f = {certified.shown_target}",
        source=DESCRIPTION.source,
        sentence=_sentence(certified),
        facts=(*target_facts(certified), *_asked(certified), *network_facts(finest)),
        rows=(*(_row(certified, f) for f in certified.findings), *_rung_rows(certified)),
        charts=(_errors(certified), _orders(certified), *curves(certified.target, networks)),
        maps=maps(certified.target, networks),
        drawing=drawing(
            networks[0].network().network, f"Mesh 1/{networks[0].mesh}. {multiplicative.CAPTION}"
        ),
    )


def _mesh(certified: Certified, rung: int) -> int:
    return certified.parameters["of"]["parameters"]["mesh"] << rung


def _asked(certified: Certified) -> tuple[tuple[str, str], ...]:
    p = certified.parameters
    meshes = f"1/{_mesh(certified, 0)} to 1/{_mesh(certified, p['rungs'] - 1)}, each half the one before"
    first = (("meshes", meshes), ("order of sup|e|, as claimed", p["order"]))
    return (
        *first,
        *multiplicative.asked(p["of"]["parameters"])[1:],
        ("network below", "that of the finest mesh"),
    )


def _name(certified: Certified, f: dict[str, Any]) -> str:
    of = certified.parameters["of"]["parameters"]
    return label(f["of"], f["part"], of["dim"], of["s"])


def _sentence(certified: Certified) -> str:
    groups = []
    for f in certified.findings:
        meshes = f"1/{_mesh(certified, f['level'] - 1)} to 1/{_mesh(certified, f['level'])}"
        reason = f" ({f['reason']})" if f["reason"] else ""
        least = f["least"] if "/" not in f["least"] else f"({f['least']})"
        claimed = f"{_name(certified, f)} falls by a factor 2^{least} at least from {meshes}{reason}"
        groups.append((f["status"], claimed))
    for i, rung in enumerate(certified.content["evidence"]["rungs"]):
        n = len(rung["findings"])
        groups.append((rung["status"], f"what is claimed on the mesh 1/{_mesh(certified, i)} ({n} findings)"))
    p = certified.parameters
    of = f"f = {certified.shown_target} on {certified.domain}"
    opening = f"{p['rungs']} networks of local products, e = f − Phi, for {of}. "
    return opening + said(groups) + " An order for h → 0 is not decided by finitely many meshes."


def _row(certified: Certified, f: dict[str, Any]) -> Row:
    where = f"1/{_mesh(certified, f['level'] - 1)} to 1/{_mesh(certified, f['level'])}"
    low, high = (None if text is None else from_text(text) for text in f["order"])
    ends = (
        "-∞" if low is None else f"{float_below(low):.6g}",
        "∞" if high is None else f"{float_above(high):.6g}",
    )
    return row(f, f"order of {_name(certified, f)}", where, f"[{', '.join(ends)}]", f">= {f['least']}")


def _rung_rows(certified: Certified) -> list[Row]:
    of = certified.parameters["of"]["parameters"]
    return [
        r
        for i, rung in enumerate(certified.content["evidence"]["rungs"])
        for r in multiplicative.rows(rung["findings"], of, f"mesh 1/{_mesh(certified, i)}")
    ]


def _errors(certified: Certified) -> Chart:
    """One quantity a choice: errors, bounds, and the claimed slope through the first error."""
    of, order = certified.parameters["of"]["parameters"], from_text(certified.parameters["order"])
    rungs = [
        quantities(rung["findings"], of["dim"], of["s"]) for rung in certified.content["evidence"]["rungs"]
    ]
    meshes = [_mesh(certified, i) for i in range(len(rungs))]
    choices = [(found[0].name, _one(found, meshes, order)) for found in zip(*rungs, strict=True)]
    return Chart(
        key="ladder",
        title="Errors against meshes",
        caption="Certified enclosures, and certified lower ends of bounds. The line shows the slope of the claimed "
        "order; its height means nothing.",
        x_label="mesh h",
        y_label="error",
        series=(),
        choices=tuple(choices),
        log_x=True,
        log_y=True,
        ticks=tuple((1 / m, f"1/{m}") for m in meshes),
    )


def _one(found: tuple[Quantity, ...], meshes: list[int], order: fmpq) -> tuple[Series, ...]:
    hs = [1 / m for m in meshes]
    series = [
        enclosed(
            "error, certified", "error", [(h, q.error.lo, q.error.hi) for h, q in zip(hs, found, strict=True)]
        ),
        lower("bound, at least", "bound", [(h, q.bound) for h, q in zip(hs, found, strict=True)]),
    ]
    fall = DERIVATIVES.get(found[0].finding["property"])
    start = BELOW * float_below(found[0].error.lo)
    if fall is not None and start > 0:
        slope = float_above(order - fall)
        line = tuple(start * (h / hs[0]) ** slope for h in hs)
        series.append(Series("slope of the claimed order", "claimed", tuple(hs), line))
    return tuple(series)


def _orders(certified: Certified) -> Chart:
    """One quantity a choice: orders enclosed from mesh to mesh, and what counts as the claimed one."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for f in certified.findings:
        groups.setdefault(_name(certified, f), []).append(f)
    choices = []
    for name, group in groups.items():
        both = [f for f in group if None not in f["order"]]
        ends = [[from_text(f["order"][i]) for f in both] for i in (0, 1)]
        levels = tuple(float(f["level"]) for f in both)
        lows, highs = tuple(map(float_below, ends[0])), tuple(map(float_above, ends[1]))
        least = tuple(float_above(from_text(f["least"])) for f in group)
        choices.append(
            (
                name,
                (
                    Series("order, certified", "error", levels, lows, highs, joined=False),
                    Series("least that counts", "bound", tuple(float(f["level"]) for f in group), least),
                ),
            )
        )
    rungs = range(1, certified.parameters["rungs"])
    return Chart(
        key="orders",
        title="Orders from mesh to mesh",
        caption="log2 of what an error falls by when the mesh is halved, certified from both sides.",
        x_label="from mesh to mesh",
        y_label="order",
        series=(),
        choices=tuple(choices),
        ticks=tuple((float(i), f"1/{_mesh(certified, i - 1)} to 1/{_mesh(certified, i)}") for i in rungs),
    )
