"""Exhibits of a claim of one's own: condition by condition, and where it fails."""

from __future__ import annotations

from typing import Any

from constructs.exact import from_text
from constructs.network import Network
from verify.exhibits.certified import Certified, Parts, said
from verify.exhibits.common import activations_row, by_status, network_facts, row, target_facts
from verify.exhibits.drawing import drawing
from verify.exhibits.kinds import Row
from verify.exhibits.numbers import between, pair, plain
from verify.exhibits.own_pictures import charts, maps

NORMS = {"inf": "sup |f − Phi|", 2: "‖f − Phi‖_2"}
MOST_NAMES = 8
SIZES = ("width", "depth", "neurons", "parameters")


def parts(certified: Certified) -> Parts:
    """Everything that is particular to a claim of one's own."""
    p = certified.parameters
    network = Network.from_json(certified.content["network"])
    values = tuple((f"parameter {name}", value) for name, value in p["values"].items())
    return Parts(
        title=quoted(certified),
        source=p["source"],
        sentence=_sentence(certified, network),
        facts=(*target_facts(certified), *values, *network_facts(network)),
        rows=tuple(_row(certified, network, f) for f in certified.findings),
        charts=charts(certified, network),
        maps=maps(certified, network),
        drawing=drawing(
            network, "The author's network, with the names that its neurons have in the certificate."
        ),
    )


def quoted(certified: Certified) -> str:
    """The author's title, which may say anything, as the author's."""
    return f"“{certified.parameters['title']}”"


def condition(certified: Certified, f: dict[str, Any]) -> dict[str, Any]:
    """What was claimed."""
    return certified.parameters["conditions"][f["level"]]


def _sentence(certified: Certified, network: Network) -> str:
    groups = []
    for status, found in by_status(certified.findings, "computes"):
        names = [_neuron(network, condition(certified, f)) for f in found]
        shown = ", ".join(names[:MOST_NAMES]) + (", ..." if len(names) > MOST_NAMES else "")
        groups.append((status, f"that neurons compute what they should: {shown}"))
    for f in certified.findings:
        if f["established_by"] != "author" and f["property"] != "computes":
            reason = f" ({f['reason']})" if f["reason"] else ""
            witness = _witness(f) if f["status"] == "refuted" else ""
            groups.append(
                (f["status"], _claimed(certified, network, f) + reason + (f", {witness}" if witness else ""))
            )
    values = ", ".join(f"{name} = {value}" for name, value in certified.parameters["values"].items())
    title = quoted(certified) + (f", {values}" if values else "")
    return f"The claim {title}, for f = {certified.shown_target} on {certified.domain}. {said(groups)}"


def _claimed(certified: Certified, network: Network, f: dict[str, Any]) -> str:
    c = condition(certified, f)
    match f["property"]:
        case "width" | "depth" | "neurons" | "parameters":
            return f"{f['property']} <= {f['bound']}"
        case "error":
            return f"{_name(network, f, c)} <= {c['at_most']}"
    return _name(network, f, c)


def _name(network: Network, f: dict[str, Any], c: dict[str, Any]) -> str:
    several = f", level {c['of']}" if len(network.readouts) > 1 and "of" in c else ""
    match f["property"]:
        case "error":
            return NORMS[c["norm"]] + several
        case "computes":
            return f"neuron {_neuron(network, c)} computes what it should"
        case "monotone":
            return f"Phi {'rises' if c['sign'] > 0 else 'falls'} along x{c['axis']}{several}"
        case "custom":
            return c["name"]
        case "activations":
            return f"activations among {', '.join(c['allowed'])}"
    return f["property"]


def _neuron(network: Network, c: dict[str, Any]) -> str:
    layer, index = c["neuron"]
    return f"{network.layers[layer - 1][index].name} of layer {layer}"


def _row(certified: Certified, network: Network, f: dict[str, Any]) -> Row:
    c = condition(certified, f)
    name, where = _name(network, f, c), f"condition {f['level']}"
    if f["property"] in SIZES:
        return row(f, name, where, f"{f['value']:,}", f"<= {f['bound']:,}")
    if f["property"] == "activations":
        found = activations_row(f)
        return row(f, found.what, where, found.left, found.right)
    if f["property"] in ("error", "computes"):
        squared = " (squares)" if f["property"] == "error" and c["norm"] == 2 else ""
        bound = plain(from_text(f["bound"]), up=f["status"] != "refuted")
        return row(f, name + squared, where, _ends(f), f"<= {bound}", _witness(f))
    return row(f, name, where, note=_witness(f))


def _ends(f: dict[str, Any]) -> str:
    lo, hi = f["error"]
    if hi is None:
        return f">= {plain(from_text(lo), up=False)}"
    return between(*pair(f["error"]))


def _witness(f: dict[str, Any]) -> str:
    """The point at which a claim fails, or where an error is as large as stated from below."""
    witness = f.get("witness")
    if witness is None:
        return ""
    if f["property"] == "monotone":
        return "at " + " and ".join(f"({', '.join(x)})" for x in witness)
    return f"{'fails ' if f['status'] == 'refuted' else 'from below '}at ({', '.join(witness)})"
