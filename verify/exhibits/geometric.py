"""Exhibits of a geometric certificate: error against modulus, level by level."""

from __future__ import annotations

from typing import Any

from constructs.exact import from_text
from constructs.network import Network
from verify.claims.geometric import DESCRIPTION
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
from verify.exhibits.geometric_charts import charts
from verify.exhibits.geometric_sides import exponent, sides
from verify.exhibits.geometric_tables import level_tables, maps, readout_chart
from verify.exhibits.kinds import Row
from verify.exhibits.numbers import above, below, between, pair
from verify.powers import Enclosure, norm


def parts(certified: Certified) -> Parts:
    """Everything that is particular to a geometric certificate."""
    network = Network.from_json(certified.content["network"])
    tables = level_tables(certified, network)
    pictures = charts(certified, network, tables)
    curves = readout_chart(certified, tables)
    return Parts(
        title=f"Geometric rates of f = {certified.shown_target}",
        source=DESCRIPTION.source,
        sentence=_sentence(certified),
        facts=(*target_facts(certified), *_asked(certified), *network_facts(network)),
        rows=tuple(_row(certified, f) for f in certified.findings),
        charts=(*pictures[:2], *curves, *pictures[2:]),
        maps=maps(certified, tables),
        drawing=drawing(network, "Each level adds one hidden layer and a readout Phi_l."),
    )


def omega(certified: Certified) -> str:
    """The modulus at level l, in words."""
    p = certified.parameters
    return f"ω_{p['p']}(f, {p['base']}^-l)"


def _asked(certified: Certified) -> tuple[tuple[str, str], ...]:
    p = certified.parameters
    facts = (
        ("N, children a cell and axis", str(p["base"])),
        ("L, the finest level", str(p["levels"])),
        ("p, the exponent of the norm", p["p"]),
        ("digits, decoder", f"{p['digits']}, {p['decoder']}"),
        ("constant C", constant(certified)),
        ("modulus", f"{p['modulus']} shifts"),
        ("storage tolerance", f"{p['tolerance']} of the modulus"),
    )
    return facts if p["until"] is None else (*facts, ("until the error is at most", p["until"]))


def constant(certified: Certified) -> str:
    """C: a name, and its value."""
    stated = next(f["constant"] for f in certified.findings if f["property"] == "error")
    name = {"paper": "2d+1 = ", "sharp": "sharp: "}.get(certified.parameters["constant"], "")
    return name + between(*pair(stated))


def _sentence(certified: Certified) -> str:
    p, d = certified.parameters, certified.target.dim
    left = f"‖f − Phi_l‖_{p['p']}"
    groups: list[tuple[str, str]] = []
    for status, group in by_status(certified.findings, "error"):
        groups.append((status, f"{left} <= C {omega(certified)} {_levels(group)}"))
    for status, group in by_status(certified.findings, "lipschitz-error"):
        K = above(from_text(certified.content["evidence"]["lipschitz"]["K"]))
        groups.append((status, f"{left} <= (2d+1) K {p['base']}^-l with K <= {K} {_levels(group)}"))
    for f in certified.findings:
        if f["property"] == "until":
            where = "no level" if f["level"] is None else f"level {f['level']} is the first"
            groups.append((f["status"], f"{where} with a certified error of at most {p['until']}"))
        elif f["property"] in _SIZES:
            groups.append((f["status"], _SIZES[f["property"]].format(**f)))
    opening = (
        f"One network with {p['levels'] + 1} readouts Phi_l, for f = {certified.shown_target} on {certified.domain}, "
        f"N = {p['base']}, C = {constant(certified)}, {p['modulus']} modulus, d = {d}. "
    )
    return opening + said(groups)


_SIZES = {
    "width": "width {value} <= {bound}",
    "depth": "depth {value} <= {bound}",
    "activations": "no activations but those allowed",
    "nested": "every readout reads a prefix of the network",
}


def _levels(group: list[dict[str, Any]]) -> str:
    return numbered(group, "at level l =", "at levels l =")


def _row(certified: Certified, f: dict[str, Any]) -> Row:
    match f["property"]:
        case "width" | "depth":
            return size_row(f)
        case "activations":
            return activations_row(f)
        case "nested":
            inner = f["contains"]
            return row(
                f,
                "readouts are prefixes",
                note=f"contains the network of L−1 levels, hash {inner[:12]}…" if inner else "",
            )
        case "error":
            return _error_row(certified, f)
        case "lipschitz-error":
            return _lipschitz_row(certified, f)
    where = "" if f["level"] is None else f"level {f['level']}"
    return row(f, "first level with a small error", where, right=f"<= {certified.parameters['until']}")


def _error_row(certified: Certified, f: dict[str, Any]) -> Row:
    s, name = sides(certified, f), certified.parameters["p"]
    right = f">= {below(s.bound)}"
    if f["status"] == "refuted" and s.modulus_above is not None:
        right = f"<= {above(s.constant.hi * s.modulus_above)}"
    notes = [f"error/ω_{name} <= {above(s.error.hi / s.modulus)}"] if s.modulus > 0 else []
    notes.append(f"ω_{name} seen by the shift ({', '.join(f['shift'])})")
    cells = certified.parameters["base"] ** (certified.target.dim * f["level"])
    return row(
        f,
        f"‖f − Phi_l‖_{name} <= C ω_{name}",
        f"level {f['level']}, {cells:,} cell{'s' if cells > 1 else ''}",
        between(s.error.lo, s.error.hi),
        right,
        "; ".join(notes),
    )


def _lipschitz_row(certified: Certified, f: dict[str, Any]) -> Row:
    p = exponent(certified)
    error = norm(Enclosure(*pair(f["error"])), p)
    bound = norm(Enclosure.exact(from_text(f["bound"])), p)
    return row(
        f,
        f"‖f − Phi_l‖_{certified.parameters['p']} <= (2d+1) K N^-l",
        f"level {f['level']}",
        between(error.lo, error.hi),
        f">= {below(bound.lo)}",
    )
