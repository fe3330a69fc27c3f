"""Certificates of claims of one's own (CERTIFICATE, section 14) made by hand, for the tests of the checker.

Written from verify/CERTIFICATE.md; it imports nothing of the project. In one dimension the network is followed from
interval to interval, depth first; polynomials are sympy's. On boxes: plain intervals of fractions, one box at a time.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction as Q
from typing import Any

import sympy
from handmade import kuhn, sealed, step, text

X = sympy.Symbol("x")
Affine = tuple[Q, Q]  # slope, constant


# -- networks: a neuron is (activation, {source: weight}, bias), a readout (level, layer, {source: weight}, bias)

Neuron = tuple[str, dict[int, Q], Q]
Readout = tuple[int, int, dict[int, Q], Q]


@dataclass
class Net:
    inputs: int
    layers: list[list[Neuron]]
    readouts: list[Readout]

    def raw(self) -> dict[str, Any]:
        """As section 5 writes it."""

        def form(weights: dict[int, Q], bias: Q) -> dict[str, Any]:
            return {"weights": [[s, text(w)] for s, w in sorted(weights.items()) if w], "bias": text(bias)}

        layers = [
            [
                {"name": f"n{j}.{i}", "role": "", "activation": n[0], **form(n[1], n[2])}
                for i, n in enumerate(row)
            ]
            for j, row in enumerate(self.layers)
        ]
        readouts = [{"level": r[0], "layer": r[1], **form(r[2], r[3])} for r in self.readouts]
        return {"inputs": self.inputs, "layers": layers, "readouts": readouts}

    def values(self, x: Sequence[Q]) -> list[list[Q]]:
        """All neurons at a point, the inputs first."""
        rows = [list(x)]
        for layer in self.layers:
            sums = [b + sum((w * rows[-1][s] for s, w in weights.items()), Q(0)) for _, weights, b in layer]
            rows.append([acted(n[0], u) for n, u in zip(layer, sums, strict=True)])
        return rows

    def at(self, x: Sequence[Q], readout: int = 0) -> Q:
        _, layer, weights, bias = self.readouts[readout]
        row = self.values(x)[layer]
        return bias + sum((w * row[s] for s, w in weights.items()), Q(0))

    def pieces(self, readout: int = 0) -> list[tuple[Q, Q, Affine]]:
        """(a, b, the readout on (a, b)), from left to right; d = 1."""
        _, layer, weights, bias = self.readouts[readout]
        found = descend(Q(0), Q(1), [(Q(1), Q(0))], self.layers[:layer])
        return [(a, b, combined(weights, bias, row)) for a, b, row in found]


def acted(activation: str, u: Q) -> Q:
    return max(u, Q(0)) if activation == "relu" else Q(math.floor(u))


def combined(weights: dict[int, Q], bias: Q, row: list[Affine]) -> Affine:
    slope = sum((w * row[s][0] for s, w in weights.items()), Q(0))
    return slope, bias + sum((w * row[s][1] for s, w in weights.items()), Q(0))


def descend(a: Q, b: Q, row: list[Affine], layers: list[list[Neuron]]) -> Iterator[tuple[Q, Q, list[Affine]]]:
    """The pieces inside (a, b), on which the sources are affine."""
    if not layers:
        yield a, b, row
        return
    arguments = [combined(weights, bias, row) for _, weights, bias in layers[0]]
    cuts = {a, b}
    for (activation, _, _), (s, c) in zip(layers[0], arguments, strict=True):
        if s:
            ends = sorted((s * a + c, s * b + c))
            wanted = [0] if activation == "relu" else range(math.floor(ends[0]), math.ceil(ends[1]) + 1)
            cuts |= {(n - c) / s for n in wanted if a < (n - c) / s < b}
    for lo, hi in itertools.pairwise(sorted(cuts)):
        middle, own = (lo + hi) / 2, []
        for (activation, _, _), (s, c) in zip(layers[0], arguments, strict=True):
            u = s * middle + c
            flat = (Q(0), acted(activation, u))
            own.append((s, c) if activation == "relu" and u > 0 else flat)
        yield from descend(lo, hi, own, layers[1:])


def sawtooth(m: int, scale: Q = Q(1)) -> Net:
    """Yarotsky's network: x^2 interpolated at k/2^m, as x - sum of g_j/4^j, g_j the j-fold tooth."""
    layers: list[list[Neuron]] = []
    for j in range(m):
        # in layer j + 1: relu of g - 0, g - 1/2, g - 1 with g = 2a - 4b + 2c of the layer before; and the sum so far
        tooth = {0: Q(1)} if j == 0 else {0: Q(2), 1: Q(-4), 2: Q(2)}
        layers.append(
            [("relu", dict(tooth), Q(0)), ("relu", dict(tooth), Q(-1, 2)), ("relu", dict(tooth), Q(-1))]
        )
        if j == 0:
            layers[0].append(("relu", {0: Q(1)}, Q(0)))
        else:
            layers[j].append(("relu", {3: Q(1), **{s: -w / 4**j for s, w in tooth.items()}}, Q(0)))
    last = {0: Q(-2), 1: Q(4), 2: Q(-2)}
    head = {3: scale, **{s: w * scale / 4**m for s, w in last.items()}}
    return Net(1, layers, [(0, m, head, Q(0))])


# -- targets in one dimension


@dataclass
class Aim:
    """raw: as section 4 writes it; `near(x)`: the polynomial around x, which is no break; `value(x)` at any point."""

    raw: dict[str, Any]
    breaks: list[Q]
    near: Callable[[Q], list[Q]]
    value: Callable[[Q], Q]


def expression(words: str, dim: int = 1) -> dict[str, Any]:
    return {"kind": "expression", "dim": dim, "text": words}


def horner(coefficients: list[Q], x: Q) -> Q:
    total = Q(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def polynomial(coefficients: list[Q]) -> Aim:
    """c_0 + c_1 x + ..., as a text."""
    words = " + ".join(f"({c.numerator}/{c.denominator})*x0**{k}" for k, c in enumerate(coefficients))
    return Aim(expression(words), [], lambda x: coefficients, lambda x: horner(coefficients, x))


def linear(values: list[Q]) -> Aim:
    """A kuhn target."""
    m = len(values) - 1

    def near(x: Q) -> list[Q]:
        k = min(math.floor(m * x), m - 1)
        slope = m * (values[k + 1] - values[k])
        return [values[k] - slope * Q(k, m), slope]

    return Aim(kuhn(values), [Q(k, m) for k in range(m + 1)], near, lambda x: horner(near(x), x))


def stairs(breaks: list[Q], values: list[Q]) -> Aim:
    """A step target."""
    return Aim(
        step(breaks, values),
        breaks,
        lambda x: [values[sum(b <= x for b in breaks)]],
        lambda x: values[sum(b <= x for b in breaks)],
    )


def by_text(words: str, breaks: list[Q], near: Callable[[Q], list[Q]], value: Callable[[Q], Q]) -> Aim:
    return Aim(expression(words), breaks, near, value)


# -- errors in one dimension, exactly


def errors(net: Net, aim: Aim, readout: int = 0) -> list[tuple[Q, Q, list[Q]]]:
    """(a, b, the polynomial f - Phi on (a, b))."""
    result = []
    for a, b, (s, c) in net.pieces(readout):
        cuts = sorted({a, b, *(x for x in aim.breaks if a < x < b)})
        for lo, hi in itertools.pairwise(cuts):
            p = [*aim.near((lo + hi) / 2), Q(0), Q(0)]
            p[0], p[1] = p[0] - c, p[1] - s
            result.append((lo, hi, p))
    return result


def at_points(net: Net, aim: Aim, readout: int = 0) -> dict[Q, Q]:
    """|f - Phi| at all breaks."""
    points = {end for a, b, _ in errors(net, aim, readout) for end in (a, b)}
    return {x: abs(aim.value(x) - net.at([x], readout)) for x in points}


def supremum(net: Net, aim: Aim, readout: int = 0) -> tuple[Q, Q | None]:
    """sup |f - Phi| for errors of degree at most 2, and a point where it is attained, if there is one (else None)."""
    best: Q = max(at_points(net, aim, readout).values())
    where: Q | None = next(x for x, v in at_points(net, aim, readout).items() if v == best)
    for a, b, p in errors(net, aim, readout):
        c0, c1, c2 = (*p, Q(0), Q(0), Q(0))[:3]
        if any(p[3:]):
            raise ValueError("a degree above 2")
        vertex = -c1 / (2 * c2) if c2 else a
        for x in {a, b, *([vertex] if a < vertex < b else [])}:
            size = abs(horner([c0, c1, c2], x))
            if size > best or (size == best and where is None):
                best, where = size, x if a < x < b else None
    return best, where


def square(net: Net, aim: Aim, readout: int = 0) -> Q:
    """The integral of (f - Phi)^2, by sympy."""
    total = sympy.Rational(0)
    for a, b, p in errors(net, aim, readout):
        e = sympy.Poly([sympy.Rational(c.numerator, c.denominator) for c in reversed(p)], X)
        primitive = (e * e).integrate()
        total += primitive.eval(sympy.Rational(b.numerator, b.denominator))
        total -= primitive.eval(sympy.Rational(a.numerator, a.denominator))
    return Q(int(total.p), int(total.q))


# -- errors on boxes: intervals of fractions

Interval = tuple[Q, Q]


def plus(u: Interval, v: Interval) -> Interval:
    return u[0] + v[0], u[1] + v[1]


def times(u: Interval, v: Interval) -> Interval:
    ends = [a * b for a in u for b in v]
    return min(ends), max(ends)


def scaled(w: Q, u: Interval) -> Interval:
    return times((w, w), u)


def on_box(net: Net, box: list[Interval]) -> tuple[Interval, list[Interval]]:
    """The range and the gradient of the first readout over a box (rule 14.4)."""
    d = len(box)
    row = [(x, [(Q(i == j), Q(i == j)) for j in range(d)]) for i, x in enumerate(box)]

    def form(weights: dict[int, Q], bias: Q) -> tuple[Interval, list[Interval]]:
        value, slopes = (bias, bias), [(Q(0), Q(0))] * d
        for s, w in weights.items():
            value = plus(value, scaled(w, row[s][0]))
            slopes = [plus(g, scaled(w, h)) for g, h in zip(slopes, row[s][1], strict=True)]
        return value, slopes

    _, layer, weights, bias = net.readouts[0]
    for neurons in net.layers[:layer]:
        fresh = []
        for _, own, b in neurons:
            (lo, hi), slopes = form(own, b)
            if lo < 0:
                slopes = [(min(g, Q(0)), max(h, Q(0))) if hi > 0 else (Q(0), Q(0)) for g, h in slopes]
            fresh.append(((max(lo, Q(0)), max(hi, Q(0))), slopes))
        row = fresh
    return form(weights, bias)


Jet = tuple[Interval, list[Interval] | None]


def over_boxes(
    net: Net, grid: int, f: Callable[[list[Interval]], Jet], v: Callable[[list[Q]], Q]
) -> tuple[Q, Q, Q]:
    """Rule 14.4: the largest sup|R|, and the sums G^-d sup|R|^2 and G^-d mig(R)^2."""
    top, high, low = Q(0), Q(0), Q(0)
    for corner in itertools.product(range(grid), repeat=net.inputs):
        box = [(Q(k, grid), Q(k + 1, grid)) for k in corner]
        centre = [(a + b) / 2 for a, b in box]
        (f_range, f_slopes), (p_range, p_slopes) = f(box), on_box(net, box)
        R = f_range[0] - p_range[1], f_range[1] - p_range[0]
        if f_slopes is not None:
            half = (Q(-1, 2 * grid), Q(1, 2 * grid))
            S = (v(centre) - net.at(centre),) * 2
            for g, h in zip(f_slopes, p_slopes, strict=True):
                S = plus(S, times((g[0] - h[1], g[1] - h[0]), half))
            R = max(R[0], S[0]), min(R[1], S[1])
        far, near = max(abs(R[0]), abs(R[1])), max(R[0], -R[1], Q(0))
        top, high, low = max(top, far), high + far**2, low + near**2
    return top, high / grid**net.inputs, low / grid**net.inputs


# -- certificates


def finding(kind: str, status: str, **own: Any) -> dict[str, Any]:
    return {
        "property": kind,
        "status": status,
        "reason": "no-proof" if status == "undecided" else None,
        "established_by": "author" if kind == "custom" else "checker",
        **own,
    }


def certificate(
    net: Net, target: dict[str, Any], rows: list[tuple[dict[str, Any], dict[str, Any]]], **more: Any
) -> dict[str, Any]:
    """rows: (condition, finding) in order."""
    findings = [{**own, "level": k} for k, (_, own) in enumerate(rows)]
    found = {own["status"] for own in findings}
    checked = any(
        own["established_by"] == "checker" for own in findings
    )  # an author's word alone proves nothing
    status = "refuted" if "refuted" in found else "proved" if found == {"proved"} and checked else "undecided"
    parameters = {
        "title": "t",
        "source": "s",
        "values": {"m": "3"},
        "conditions": [c for c, _ in rows],
        **more,
    }
    return sealed(
        {
            "format": "approxcert-certificate",
            "version": 1,
            "producer": {},
            "claim": {"name": "own", "parameters": parameters},
            "target": target,
            "network": net.raw(),
            "evidence": {},
            "findings": findings,
            "status": status,
        }
    )


def counted(kind: str, value: int, bound: int) -> tuple[dict[str, Any], dict[str, Any]]:
    status = "proved" if value <= bound else "refuted"
    return {"kind": kind, "at_most": bound}, finding(kind, status, value=value, bound=bound)


def erring(
    at_most: Q,
    ends: tuple[Q, Q | None],
    norm: Any = "inf",
    witness: list[Q] | None = None,
    grid: int | None = None,
    of: int = 0,
    computes: tuple[list[int], dict[str, Any]] | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A row `error`, or `computes` for (neuron, target)."""
    bound = at_most**2 if norm == 2 else at_most
    lo, hi = ends
    status = "proved" if hi is not None and hi <= bound else "refuted" if lo > bound else "undecided"
    if computes is None:
        condition = {"kind": "error", "of": of, "norm": norm, "at_most": text(at_most)}
    else:
        condition = {
            "kind": "computes",
            "neuron": computes[0],
            "target": computes[1],
            "at_most": text(at_most),
        }
    own = {
        "error": [text(lo), None if hi is None else text(hi)],
        "bound": text(bound),
        "witness": None if witness is None else [text(x) for x in witness],
        "grid": grid,
    }
    return condition, finding(condition["kind"], status, **own)


def rising(
    status: str,
    witness: list[list[Q]] | None = None,
    grid: int | None = None,
    of: int = 0,
    axis: int = 0,
    sign: int = 1,
) -> tuple[dict[str, Any], dict[str, Any]]:
    points = None if witness is None else [[text(x) for x in p] for p in witness]
    condition = {"kind": "monotone", "of": of, "axis": axis, "sign": sign}
    return condition, finding("monotone", status, witness=points, grid=grid)
