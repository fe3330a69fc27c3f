"""True certificates made by hand, and an oracle of their truth, for the tests of the checker.

Written from docs/geometric.md and verify/CERTIFICATE.md alone: it imports nothing of the project, so that producer
and checker cannot agree with it by sharing a mistake. One dimension only, p = 1, 2, ... or "inf".
"""

from __future__ import annotations

import copy
import hashlib
import itertools
import json
import math
from fractions import Fraction as Q
from typing import Any

BITS = 12  # of a stored correction


def text(x: Q | int) -> str:
    """A number as rule 1.2 writes it."""
    x = Q(x)
    plain = str(x)
    if len(plain) <= 60 or x.denominator & (x.denominator - 1):
        return plain
    head, tail = abs(x.numerator), 1 - x.denominator.bit_length()
    while head % 2 == 0:
        head, tail = head // 2, tail + 1
    return f"{'-' if x < 0 else ''}0x{head:x}p{tail}"


def number(t: str) -> Q:
    """The value of a number of rule 1.2."""
    if "x" not in t:
        return Q(t)
    head, tail = t.split("p")
    return int(head, 16) * Q(2) ** int(tail)


def digest(value: Any) -> str:
    """Rule 1.4."""
    plain = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(plain.encode()).hexdigest()


def sealed(certificate: dict[str, Any]) -> dict[str, Any]:
    """The certificate with its hashes made anew (rule 2.1)."""
    body = {k: v for k, v in certificate.items() if k != "hash"}
    hashes = {k: digest(body.get(k)) for k in ("claim", "target", "network")}
    return {**body, "hash": {**hashes, "all": digest({**body, "hash": hashes})}}


# -- targets in one dimension


def kuhn(values: list[Q]) -> dict[str, Any]:
    """The piecewise linear function with these values at k/m."""
    return {"kind": "kuhn", "dim": 1, "cells": len(values) - 1, "values": [text(v) for v in values]}


def step(breaks: list[Q], values: list[Q]) -> dict[str, Any]:
    """The step function of rule 4.2."""
    axis = {"breaks": [text(b) for b in breaks], "values": [text(v) for v in values]}
    return {"kind": "step", "dim": 1, "axes": [axis]}


def cuts_of(target: dict[str, Any]) -> list[Q]:
    """Between these points (0 and 1 included) the target is linear."""
    if target["kind"] == "kuhn":
        return [Q(k, target["cells"]) for k in range(target["cells"] + 1)]
    return [Q(0), *map(number, target["axes"][0]["breaks"]), Q(1)]


def ends_on(target: dict[str, Any], a: Q, b: Q) -> tuple[Q, Q]:
    """The limits at both ends of [a, b], on whose inside the target is linear."""
    if target["kind"] == "step":
        inner = sum(number(x) < (a + b) / 2 for x in target["axes"][0]["breaks"])
        return (number(target["axes"][0]["values"][inner]),) * 2
    m = target["cells"]
    k = math.floor((a + b) / 2 * m)
    u, v = number(target["values"][k]), number(target["values"][k + 1])
    return u + (v - u) * (a * m - k), u + (v - u) * (b * m - k)


def segments(points: set[Q]) -> list[tuple[Q, Q]]:
    """Neighbouring points of [0, 1] in order."""
    inside = sorted(x for x in points if 0 <= x <= 1)
    return list(itertools.pairwise(inside))


def mean_power(u: Q, v: Q, p: int) -> Q:
    """The mean of |linear|^p between values u and v, by its antiderivative on each side of the zero."""
    if u * v < 0:
        return (abs(u) ** (p + 1) + abs(v) ** (p + 1)) / ((p + 1) * (abs(u) + abs(v)))
    u, v = abs(u), abs(v)
    return u**p if u == v else (v ** (p + 1) - u ** (p + 1)) / ((p + 1) * (v - u))


def norm(parts: list[tuple[Q, Q, Q]], p: int | str) -> Q:
    """The p-th power of the L^p norm (p = inf: the supremum) of pieces (length, u, v)."""
    if p == "inf":
        return max((max(abs(u), abs(v)) for length, u, v in parts if length > 0), default=Q(0))
    return sum((length * mean_power(u, v, int(p)) for length, u, v in parts), Q(0))


def shift_norm(target: dict[str, Any], s: Q, p: int | str) -> Q:
    """||f(.+s) - f||^p over [0, 1 - s]."""
    cuts = cuts_of(target)
    parts = []
    for a, b in segments({*cuts, *(c - s for c in cuts), Q(1) - s}):
        if b <= 1 - s:
            (u, v), (x, y) = ends_on(target, a, b), ends_on(target, a + s, b + s)
            parts.append((b - a, x - u, y - v))
    return norm(parts, p)


def error_norm(target: dict[str, Any], table: list[Q], p: int | str) -> Q:
    """||f - T||^p."""
    n = len(table)
    parts = []
    for a, b in segments({*cuts_of(target), *(Q(k, n) for k in range(n + 1))}):
        u, v = ends_on(target, a, b)
        c = table[math.floor((a + b) / 2 * n)]
        parts.append((b - a, u - c, v - c))
    return norm(parts, p)


def mean(target: dict[str, Any], a: Q, b: Q) -> Q:
    """The mean of the target over [a, b]."""
    total = Q(0)
    for x, y in segments({a, b, *(c for c in cuts_of(target) if a < c < b)}):
        total += sum(ends_on(target, x, y)) / 2 * (y - x)
    return total / (b - a)


# -- the network of floor digits and bits, d = 1


def neuron(name: str, activation: str, weights: list[list[Any]], bias: Q | int = 0) -> dict[str, Any]:
    """A neuron; weights are [name of the source, number]."""
    return {"name": name, "role": name, "activation": activation, "weights": weights, "bias": Q(bias)}


def wired(layers: list[list[dict[str, Any]]], readouts: list[dict[str, Any]]) -> dict[str, Any]:
    """Names of sources become numbers; numbers become text."""
    names = [["x0"], *([n["name"] for n in layer] for layer in layers)]

    def done(part: dict[str, Any], below: list[str]) -> dict[str, Any]:
        pairs = sorted([below.index(name), text(w)] for name, w in part["weights"] if w != 0)
        return {**part, "weights": pairs, "bias": text(part["bias"])}

    made = [[done(n, names[j]) for n in layer] for j, layer in enumerate(layers)]
    return {"inputs": 1, "layers": made, "readouts": [done(r, names[r["layer"]]) for r in readouts]}


def network(target: dict[str, Any], base: int, levels: int) -> tuple[dict[str, Any], list[list[Q]]]:
    """The network of L levels, and its tables: corrections to the value realised on the parent, in BITS bits."""
    layers: list[list[dict[str, Any]]] = [[] for _ in range(levels + 2)]
    offset, first = Q(64), Q(round(mean(target, Q(0), Q(1)) * 256), 256)
    tables, readouts = [[first]], []
    s_input: list[list[Any]] = []
    s_bias = offset + first
    for layer in range(1, levels + 3):
        here = layers[layer - 1]
        level = layer - 2
        if level >= 1:
            here += decoder(target, tables, base, level)
        here.append(neuron("S", "relu", s_input, s_bias))
        s_input, s_bias = [["S", Q(1)]], Q(0)
        if level >= 0:  # the readout, and the carrier S of its value (plus offset) in the next layer
            pair, low = ([["v", STEP], ["u", -STEP * 2**BITS]], LOW) if level else ([], Q(0))
            readouts.append(
                {"level": level, "layer": layer, "weights": [*s_input, *pair], "bias": low - offset}
            )
            s_bias = low
            s_input = [*s_input, *pair]
        if layer <= levels:
            carrier = "x0" if layer == 1 else "X"
            here.append(neuron("G", "floor", [[carrier, Q(base) ** layer]]))
            here.append(neuron("F", "floor", [[carrier, Q(1)]]))
        if layer < levels:
            here.append(neuron("X", "relu", [["x0" if layer == 1 else "X", Q(1)]]))
        if 2 <= layer <= levels + 1:
            here.append(neuron("E", "exp2", [["G", Q(BITS)], ["F", Q(-BITS)]]))
    return wired(layers, readouts), [t[:] for t in tables]


STEP = Q(1, 64)
LOW = Q(-32)


def decoder(target: dict[str, Any], tables: list[list[Q]], base: int, level: int) -> list[dict[str, Any]]:
    """The two floors of a level; extends `tables` by what they store."""
    n, stored = base**level, []
    for k in range(n):
        wanted = mean(target, Q(k, n), Q(k + 1, n)) - tables[level - 1][k // base]
        stored.append(min(max(round((wanted - LOW) / STEP), 0), 2**BITS - 1))
    tables.append([tables[level - 1][k // base] + LOW + STEP * v for k, v in enumerate(stored)])
    a = sum((v * Q(1, 2 ** (BITS * (k + 1))) for k, v in enumerate(stored)), Q(0))
    return [neuron("u", "floor", [["E", a]]), neuron("v", "floor", [["E", a * 2**BITS]])]


# -- certificates


def certificate(
    target: dict[str, Any], base: int, levels: int, p: int | str, constant: Q, **more: Any
) -> dict[str, Any]:
    """A true certificate for the network above, judged by rule 9. `more`: until, modulus."""
    net, tables = network(target, base, levels)
    parameters = {
        "dim": 1, "base": base, "levels": levels, "p": str(p), "digits": "floor", "decoder": "bits",
        "constant": text(constant), "modulus": "axis", "tolerance": "1/16", "until": None, **more,
    }  # fmt: skip
    K, findings, errors = slope(target), [], []
    contains = digest(network(target, base, levels - 1)[0]) if levels else None
    width, used = max(map(len, net["layers"])), sorted({n["activation"] for r in net["layers"] for n in r})
    findings.append(finding("width", width <= 2 * base + 3, value=width, bound=2 * base + 3))
    findings.append(finding("depth", True, value=levels + 2, bound=levels + 2))
    findings.append(finding("activations", True, value=used, bound=["exp2", "floor", "relu"]))
    findings.append(finding("nested", True, contains=contains))
    grid = None if target["kind"] == "step" else math.lcm(2, target["cells"], base**levels)
    for level in range(levels + 1):
        s = Q(1, 2) if level == 0 else Q(1, base**level)
        e, lower = error_norm(target, tables[level], p), shift_norm(target, s, p)
        errors.append(e)
        upper = upper_bound(target, Q(1, base**level), p, errors[0])
        power = constant if p == "inf" else constant ** int(p)
        own = {"grid": grid, "shift": [text(s)], "error": [text(e)] * 2, "constant": [text(constant)] * 2}
        own["modulus"] = [text(lower), text(upper)]
        findings.append(finding("error", e <= power * lower, e > power * upper, level, **own))
    for level in range(levels + 1 if K is not None else 0):
        bound = 3 * K * Q(1, base**level)
        bound = bound if p == "inf" else bound ** int(p)
        e = errors[level]
        findings.append(
            finding("lipschitz-error", e <= bound, e > bound, level, error=[text(e)] * 2, bound=text(bound))
        )
    if parameters["until"] is not None:
        stop = number(parameters["until"]) ** (1 if p == "inf" else int(p))
        first = next((level for level, e in enumerate(errors) if e <= stop), None)
        findings.append(finding("until", first is not None, first is None, first))
    stated = {f["status"] for f in findings}
    return sealed({
        "format": "approxcert-certificate", "version": 1, "producer": {"approxcert": "by hand"},
        "claim": {"name": "geometric", "parameters": parameters}, "target": target, "network": net,
        "evidence": {"delta": None, "lipschitz": None if K is None else {"K": text(K), "grid": None}},
        "findings": findings, "status": next(s for s in ("refuted", "undecided", "proved") if s in stated),
    })  # fmt: skip


def finding(
    prop: str, proved: bool, refuted: bool | None = None, level: int | None = None, **own: Any
) -> dict[str, Any]:
    """One finding, its status by rule 9.8."""
    status = "proved" if proved else "refuted" if refuted is not False else "undecided"
    reason = "no-proof" if status == "undecided" else None
    common = {
        "property": prop,
        "level": level,
        "status": status,
        "reason": reason,
        "established_by": "checker",
    }
    return {**common, **own}


def slope(target: dict[str, Any]) -> Q | None:
    """The largest slope of a piecewise linear target."""
    if target["kind"] == "step":
        return None
    v = [number(x) for x in target["values"]]
    return max(abs(b - a) for a, b in itertools.pairwise(v)) * target["cells"]


def upper_bound(target: dict[str, Any], t: Q, p: int | str, first: Q) -> Q:
    """Rule 8.2 in one dimension."""
    trivial = 2 * first if p == "inf" else 2 ** int(p) * first
    if target["kind"] == "step":
        cuts = cuts_of(target)
        shifts = {t} | {b - a for a in cuts for b in cuts if 0 < b - a <= t}
        return min(trivial, max(shift_norm(target, s, p) for s in shifts))
    v = [number(x) for x in target["values"]]
    m = target["cells"]
    steep = [m * abs(b - a) for a, b in itertools.pairwise(v)]
    if p == "inf":
        return min(trivial, t * max(steep))
    return min(trivial, t ** int(p) * sum((x ** int(p) for x in steep), Q(0)) / m)


# -- the oracle


def value_at(net: dict[str, Any], level: int, x: Q) -> Q:
    """Phi_level(x), by plain evaluation of every neuron."""

    def affine(part: dict[str, Any], below: list[Q]) -> Q:
        return sum((number(w) * below[s] for s, w in part["weights"]), number(part["bias"]))

    rules = {"relu": lambda u: max(u, Q(0)), "floor": lambda u: Q(math.floor(u)), "exp2": lambda u: Q(2) ** u}
    values = [x]
    readout = net["readouts"][level]
    for layer in net["layers"][: readout["layer"]]:
        values = [rules[n["activation"]](affine(n, values)) for n in layer]
    return affine(readout, values)


def table_at(net: dict[str, Any], level: int, n: int) -> list[Q]:
    """The table of a level from points: the same value wherever a cell is probed."""
    table = []
    for k in range(n):
        probes = [Q(k, n), Q(3 * k + 1, 3 * n), Q(2 * k + 1, 2 * n), Q(1000 * k + 999, 1000 * n)]
        seen = {value_at(net, level, x) for x in probes + ([Q(1)] if k == n - 1 else [])}
        assert len(seen) == 1
        table += seen
    return table


def is_true(cert: dict[str, Any]) -> bool:
    """Does an accepted certificate of one dimension, floor digits and bits say nothing but the truth?"""
    parameters, target, net = cert["claim"]["parameters"], cert["target"], cert["network"]
    base, levels, p = parameters["base"], parameters["levels"], parameters["p"]
    constant = {"paper": Q(3), "sharp": None}.get(parameters["constant"]) or number(parameters["constant"])
    power, ok, errors = (1 if p == "inf" else int(p)), True, []
    for f in cert["findings"]:
        if f["property"] == "error":
            n = base ** f["level"]
            e = error_norm(target, table_at(net, f["level"], n), p)
            errors.append(e)
            best = upper_bound(target, Q(1, n), p, errors[0])
            lo, hi = number(f["modulus"][0]), f["modulus"][1]
            shift = abs(number(f["shift"][0]))
            ok &= number(f["error"][0]) <= e <= number(f["error"][1])
            ok &= (
                shift <= Q(1, n) and lo <= shift_norm(target, shift, p) and (hi is None or number(hi) >= best)
            )
            ok &= f["status"] != "proved" or e <= constant**power * shift_norm(target, shift, p)
            ok &= f["status"] != "refuted" or e > constant**power * best
        if f["property"] == "lipschitz-error":
            bound = ((3 * slope(target)) / base ** f["level"]) ** power
            ok &= f["status"] == ("proved" if errors[f["level"]] <= bound else "refuted")
    used = sorted({n["activation"] for layer in net["layers"] for n in layer})
    width, depth, activations, nested = cert["findings"][:4]
    ok &= width["value"] == max(map(len, net["layers"])) and width["bound"] == 2 * base + 3
    ok &= width["status"] == ("proved" if width["value"] <= width["bound"] else "refuted")
    ok &= (depth["value"], depth["bound"], depth["status"]) == (len(net["layers"]), levels + 2, "proved")
    ok &= activations["value"] == used and set(used) <= {"exp2", "floor", "relu"}
    return bool(ok and nested["status"] == "proved")


# -- mutants


def mutants(value: Any, path: str = "") -> list[tuple[str, Any]]:
    """Every way of spoiling one place of a JSON value, with the place."""
    result: list[tuple[str, Any]] = []
    if isinstance(value, dict):
        for key in value:
            result.append((f"{path}.{key} gone", {k: v for k, v in value.items() if k != key}))
            result += [(at, {**value, key: v}) for at, v in mutants(value[key], f"{path}.{key}")]
        result.append((f"{path} more", {**value, "more": 1}))
    elif isinstance(value, list):
        for i, item in enumerate(value):
            result.append((f"{path}[{i}] gone", value[:i] + value[i + 1 :]))
            result += [(at, [*value[:i], v, *value[i + 1 :]]) for at, v in mutants(item, f"{path}[{i}]")]
        result += (
            [(f"{path} empty", []), (f"{path} doubled", value + copy.deepcopy(value[-1:]))] if value else []
        )
        result.append((f"{path} reversed", value[::-1]))
    elif isinstance(value, int):
        result = [(f"{path} = {v}", v) for v in (value + 1, value - 1, -value, True, None, str(value))]
    elif isinstance(value, str):
        try:
            x = number(value)
            new = [text(y) for y in (x + Q(1, 10**9), x - Q(1, 10**9), x + 1, -x, 2 * x, x / 2)]
        except (ValueError, ZeroDivisionError):
            new = [value + "x", ""]
        result = [(f"{path} = {v}", v) for v in [*new, None, 1, [value]]]
    else:
        result = [(f"{path} = {v!r}", v) for v in (0, "0", "1", [], {})]
    return [(at, v) for at, v in result if v != value or type(v) is not type(value)]
