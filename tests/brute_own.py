"""Certificates of claims of one's own against points: none may contradict what is proved, or a refutation's own point.

Networks and targets are evaluated by a few lines of their own, with fractions.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction as Q
from functools import cache
from typing import Any

Point = Sequence[Q]
SIDES = {1: 84, 2: 6, 3: 3}
JUST = Q(1, 10**12)


@cache
def number(text: str) -> Q:
    """Rule 1.2."""
    if "p" not in text:
        return Q(text)
    mantissa, exponent = text.split("p")
    return int(mantissa, 16) * Q(2) ** int(exponent)


def rows(network: dict[str, Any], x: Point) -> list[list[Q]]:
    """All neurons at a point, the inputs first."""
    found = [list(x)]
    for layer in network["layers"]:
        arguments = [form(n, found[-1]) for n in layer]
        found.append(
            [
                max(u, Q(0)) if n["activation"] == "relu" else Q(math.floor(u))
                for n, u in zip(layer, arguments, strict=True)
            ]
        )
    return found


def form(what: dict[str, Any], sources: Point) -> Q:
    return number(what["bias"]) + sum((number(w) * sources[s] for s, w in what["weights"]), Q(0))


def aimed(target: dict[str, Any], x: Point) -> Q | None:
    """f(x), where it is rational by its operations; None if not, or where it is not defined."""
    if target["kind"] == "kuhn":
        return kuhn(target, x)
    if target["kind"] == "step":
        total = Q(0)
        for axis, c in zip(target["axes"], x, strict=True):
            total += number(axis["values"][sum(c >= number(b) for b in axis["breaks"])])
        return total
    text = re.sub(r"(?<![x\w.])(\d+\.?\d*(?:e[+-]?\d+)?)", r'Q("\1")', target["text"])
    names = {"Q": Q, "abs": abs, "min": min, "max": max, "step": lambda u: Q(int(u >= 0))}
    try:
        value = eval(text, {"__builtins__": {}}, names | {f"x{i}": c for i, c in enumerate(x)})  # noqa: S307
    except (NameError, ZeroDivisionError):
        return None
    return value if isinstance(value, Q) else None


def kuhn(target: dict[str, Any], x: Point) -> Q:
    m, d = target["cells"], target["dim"]
    k = [min(math.floor(m * c), m - 1) for c in x]
    t = [m * c - i for c, i in zip(x, k, strict=True)]
    total, last, node = Q(0), Q(1), k[:]
    for i in sorted(range(d), key=lambda i: -t[i]):
        total, last = total + (last - t[i]) * node_value(target, node), t[i]
        node[i] += 1
    return total + last * node_value(target, node)


def node_value(target: dict[str, Any], node: list[int]) -> Q:
    m, d = target["cells"], target["dim"]
    return number(target["values"][sum(k * (m + 1) ** (d - 1 - i) for i, k in enumerate(node))])


def points(d: int) -> Iterator[tuple[Q, ...]]:
    """A grid with many divisors; in one variable also points just beside."""
    axis = [Q(k, SIDES[d]) for k in range(SIDES[d] + 1)]
    if d == 1:
        axis = sorted({y for x in axis for y in (x - JUST, x, x + JUST) if 0 <= y <= 1})
    return itertools.product(axis, repeat=d)


def contradictions(certificate: dict[str, Any]) -> list[str]:
    """What points say against the findings."""
    network, out = certificate["network"], []
    values = {x: rows(network, x) for x in points(network["inputs"])}
    conditions = certificate["claim"]["parameters"]["conditions"]
    for condition, finding in zip(conditions, certificate["findings"], strict=True):
        kind = condition["kind"]
        if kind in ("error", "computes"):
            out += errors(certificate, condition, finding, values)
        elif kind == "monotone":
            out += falls(network, condition, finding, values)
    return out


def head(network: dict[str, Any], condition: dict[str, Any], found: list[list[Q]]) -> Q:
    if condition["kind"] == "computes":
        layer, index = condition["neuron"]
        return found[layer][index]
    (readout,) = [r for r in network["readouts"] if r["level"] == condition["of"]]
    return form(readout, found[readout["layer"]])


def errors(
    certificate: dict[str, Any], condition: dict[str, Any], finding: dict[str, Any], values: Any
) -> list[str]:
    network = certificate["network"]
    target = condition["target"] if condition["kind"] == "computes" else certificate["target"]
    lo, hi = (None if e is None else number(e) for e in finding["error"])
    out, place = [], f"{finding['level']} {condition['kind']}"
    if condition.get("norm") == 2:
        return out
    for x, found in values.items():
        f = aimed(target, x)
        if f is not None and hi is not None and abs(f - head(network, condition, found)) > hi:
            out.append(f"{place}: above hi at {x}")
    if finding["witness"] is not None:
        x = [number(c) for c in finding["witness"]]
        f = aimed(target, x)
        if f is not None and abs(f - head(network, condition, rows(network, x))) < lo:
            out.append(f"{place}: below lo at the witness")
    elif lo:
        out.append(f"{place}: lo without a witness")
    return out


def falls(
    network: dict[str, Any], condition: dict[str, Any], finding: dict[str, Any], values: Any
) -> list[str]:
    axis, sign = condition["axis"], condition["sign"]
    place = f"{finding['level']} monotone"
    if finding["status"] == "refuted":
        x, y = ([number(c) for c in p] for p in finding["witness"])
        a, b = (sign * head(network, condition, rows(network, p)) for p in (x, y))
        same = x[:axis] + x[axis + 1 :] == y[:axis] + y[axis + 1 :]
        return [] if same and x[axis] < y[axis] and a > b else [f"{place}: not refuted by {x}, {y}"]
    if finding["status"] != "proved":
        return []
    lines: dict[Any, list[Q]] = {}
    for x in sorted(values):
        rest = x[:axis] + x[axis + 1 :]
        lines.setdefault(rest, []).append(sign * head(network, condition, values[x]))
    return [
        f"{place}: falls on {rest}"
        for rest, line in lines.items()
        if any(a > b for a, b in itertools.pairwise(line))
    ]
