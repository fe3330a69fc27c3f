"""Exhibits of a multigrade certificate: what every sweep leaves of the target."""

from __future__ import annotations

from math import lcm
from typing import Any

from flint import fmpq

from constructs.exact import from_text
from constructs.multigrade import from_specification
from constructs.network import Network
from verify.claims.multigrade import DESCRIPTION
from verify.exhibits.certified import Certified, Parts, said
from verify.exhibits.common import (
    activations_row,
    by_status,
    network_facts,
    numbered,
    row,
    size_row,
    target_facts,
)
from verify.exhibits.drawing import drawing
from verify.exhibits.kinds import Row
from verify.exhibits.multigrade_charts import charts
from verify.exhibits.multigrade_residuals import Residuals, maps, readout_chart
from verify.exhibits.numbers import above, between, pair, plain
from verify.powers import Enclosure, norm

MOST_DEPTH = 50_000  # of a network whose weights are counted


def parts(certified: Certified) -> Parts:
    """Everything that is particular to a multigrade certificate."""
    network, sweeps = from_specification(certified.content["network"])
    residuals = Residuals(certified.target, sweeps)
    each = f"each grade has {certified.target.dim + 1} layers and a readout"
    return Parts(
        title=f"Grade by grade to f = {certified.shown_target}",
        source=DESCRIPTION.source,
        sentence=_sentence(certified),
        facts=(*target_facts(certified), *_asked(certified), *_sizes(certified, network)),
        rows=tuple(_row(certified, f) for f in certified.findings),
        charts=(*charts(certified, residuals), *readout_chart(residuals)),
        maps=maps(residuals),
        drawing=drawing(network, f"The hats' network: {each}; S carries the sum of the grades before."),
    )


def _asked(certified: Certified) -> tuple[tuple[str, str], ...]:
    p, sweeps = certified.parameters, certified.content["network"]["sweeps"]
    facts = (
        ("first mesh", f"1/{p['mesh']}"),
        ("sweeps", f"{len(sweeps)} of at most {p['sweeps']}, each at half the mesh"),
        ("grades", f"{sum(len(s['nodes']) for s in sweeps):,}"),
    )
    return facts if p["until"] is None else (*facts, ("until the supremum is at most", p["until"]))


def _sizes(certified: Certified, network: Network) -> tuple[tuple[str, str], ...]:
    if network.depth <= MOST_DEPTH:
        return network_facts(network)
    found = {f["property"]: f for f in certified.findings if f["property"] in ("width", "depth")}
    return tuple((name, f"{f['value']:,}") for name, f in found.items())


def _sentence(certified: Certified) -> str:
    groups: list[tuple[str, str]] = []
    for status, group in by_status(certified.findings, "pointwise"):
        groups.append((status, f"no grade makes |f − Phi| larger at any point, {_sweeps(group)}"))
    for p in certified.parameters["p"]:
        for status, group in by_status(
            [f for f in certified.findings if f["property"] == "decrease" and f["p"] == p], "decrease"
        ):
            groups.append((status, f"every grade makes ‖f − Phi‖_{p} strictly smaller, {_sweeps(group)}"))
    for status, group in by_status(certified.findings, "rate"):
        last = group[-1]
        reached = f" (the last: {between(*pair(last['supremum']))})"
        groups.append((status, f"sup|f − Phi| is below the bound of its slopes, {_sweeps(group)}{reached}"))
    for status, group in by_status(certified.findings, "slope"):
        groups.append((status, f"the residual's slope does not grow, {_sweeps(group)}"))
    for f in certified.findings:
        if f["property"] == "until":
            where = "after no sweep" if f["level"] is None else f"first after sweep {f['level']}"
            groups.append((f["status"], f"sup|f − Phi| <= {certified.parameters['until']} {where}"))
        elif f["property"] in _SIZES:
            groups.append((f["status"], _SIZES[f["property"]].format(**f)))
    grades = sum(len(s["nodes"]) for s in certified.content["network"]["sweeps"])
    opening = f"One ReLU network of {grades:,} grades, each a readout, for f = {certified.shown_target} on "
    return f"{opening}{certified.domain}. {said(groups)}"


_SIZES = {
    "width": "width {value} <= {bound}",
    "depth": "depth {value} <= {bound}",
    "activations": "ReLU only",
    "nested": "the network of one sweep less is a prefix",
    "regions": "what the readouts are was followed neuron by neuron, on every simplex",
}


def _sweeps(group: list[dict[str, Any]]) -> str:
    return numbered(group, "sweep", "sweeps")


def _row(certified: Certified, f: dict[str, Any]) -> Row:
    where = "" if f["level"] is None else f"sweep {f['level']}"
    match f["property"]:
        case "width" | "depth":
            return size_row(f)
        case "activations":
            return activations_row(f)
        case "nested":
            return row(f, "a prefix of one sweep less", note=f"hash {f['contains'][:12]}…")
        case "regions":
            note = f"{f['relus']:,} neurons on every simplex of mesh 1/{f['grid']}"
            return row(f, "network followed from its weights", note=note)
        case "pointwise":
            return row(
                f, "|f − Phi| nowhere larger", where, f"{f['grades']:,} grades", note=_witness(certified, f)
            )
        case "decrease":
            sides = [norm(Enclosure(*pair(f[side])), fmpq(f["p"])) for side in ("after", "before")]
            after, before = (between(s.lo, s.hi) for s in sides)
            return row(f, f"‖f − Phi‖_{f['p']} smaller with every grade", where, after, f"< {before}")
        case "rate":
            bound, K = from_text(f["bound"]), above(from_text(f["slope"]))
            return row(
                f,
                "sup|f − Phi| <= bound",
                where,
                between(*pair(f["supremum"])),
                f">= {plain(bound, up=False)}",
                f"slopes so far up to K = {K}",
            )
        case "slope":
            before, after = (from_text(f[side]) for side in ("before", "after"))
            return row(
                f,
                "slope of f − Phi does not grow",
                where,
                plain(after, up=True),
                f"<= {plain(before, up=False)}",
            )
    return row(f, "small enough", where, right=f"<= {certified.parameters['until']}")


def _witness(certified: Certified, f: dict[str, Any]) -> str:
    if f["witness"] is None:
        return ""
    grade, node = f["witness"]
    grid = residual_grid(certified, f["level"])
    d, place = certified.target.dim, []
    for _ in range(d):
        node, k = divmod(node, grid + 1)
        place.append(str(fmpq(k, grid)))
    return f"grade {grade + 1} of the sweep makes it larger near ({', '.join(reversed(place))})"


def residual_grid(certified: Certified, sweep: int) -> int:
    """Cells an axis of the grid on which the residual after a sweep is linear, up to margins (CERTIFICATE 11.6)."""
    grid = certified.content["evidence"]["grid"]
    if grid is not None:
        return grid
    cells, mesh = certified.content["target"]["cells"], certified.parameters["mesh"] << (sweep - 1)
    return lcm(cells, mesh)
