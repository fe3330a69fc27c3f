"""A certified bound of sup |exact - exported| over the cube, for a network run in floating point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product as all_of
from typing import Any

from flint import fmpq

from constructs.activations import RELU_POWERS
from constructs.exact import to_text
from constructs.float_formats import FloatFormat
from constructs.network import Network
from constructs.neurons import PRODUCT, Layer, Neuron, Readout
from verify import float_errors
from verify.exhibits.numbers import above
from verify.float_errors import Known, Unknown, Value

BUDGET = 1 << 14  # weights looked at, over all boxes
MOST_PIECES = 64  # boxes along an axis
ONE, ZERO = fmpq(1), fmpq(0)


@dataclass(frozen=True)
class Near:
    """A floor whose computed value may be wrong where its argument is within `within` of an integer."""

    layer: int
    neuron: str
    within: fmpq


@dataclass(frozen=True)
class Gap:
    """|exact - exported| <= bounds[level] at every point of [0,1]^d whose coordinates are floats, or the reason why no
    bound is known; except near the jumps of these floors, a set of at most this volume.
    """

    bounds: dict[int, fmpq | str]
    near: tuple[Near, ...]
    volume: fmpq
    assumptions: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """As in docs/export.md."""
        near = [{"layer": n.layer, "neuron": n.neuron, "within": to_text(n.within)} for n in self.near]
        return {
            "levels": [_stated(level, bound) for level, bound in self.bounds.items()],
            "except": {"volume": to_text(self.volume), "near": near} if near else None,
            "assumptions": list(self.assumptions),
            "recomputed by the independent checker": False,
        }

    @property
    def largest(self) -> fmpq | None:
        """The largest bound; None if one is not known."""
        known = [b for b in self.bounds.values() if isinstance(b, fmpq)]
        return max(known) if len(known) == len(self.bounds) else None


def _stated(level: int, bound: fmpq | str) -> dict[str, Any]:
    if isinstance(bound, str):
        return {"level": level, "bound": None, "reason": bound}
    return {"level": level, "bound": to_text(bound), "decimal": above(bound)}


def export_gap(network: Network, floats: FloatFormat) -> Gap:
    """How far the exported network is from the exact one.

    Method: the cube in boxes; on each, ranges and bounds of the errors of all neurons, layer by layer.
    Guarantees: holds for every order of the sums, with fused operations or without, under the assumptions stated.
    """
    pieces = _pieces(network)
    found = _Found()
    for box in all_of(range(pieces), repeat=network.inputs):
        sides = [(fmpq(k, pieces), fmpq(k + 1, pieces)) for k in box]
        _Box(network.inputs, floats, sides, found).follow(network)
    near = tuple(Near(layer, name, within) for (layer, name), within in found.near.items())
    return Gap(
        dict(sorted(found.bounds.items())), near, min(found.volume, ONE), _assumptions(network, floats)
    )


def _pieces(network: Network) -> int:
    """Boxes along an axis, a power of 2, as far as the budget goes."""
    weights = sum(len(n.affine.terms) + 1 for layer, _ in network.walk() for n in layer)
    pieces = 1
    while pieces < MOST_PIECES and weights * (2 * pieces) ** network.inputs <= BUDGET:
        pieces *= 2
    return pieces


def _assumptions(network: Network, floats: FloatFormat) -> tuple[str, ...]:
    said = [
        f"the coordinates of x are {floats.name} numbers in [0,1]",
        f"{floats.name} arithmetic as in IEEE 754, rounding to nearest, gradual underflow",
        "sums in any order, products and sums fused or not",
    ]
    if "sine" in network.activations:
        units = f"{float_errors.SINE_UNITS} * 2^-{floats.precision}"
        said.append(f"the runtime's Sin is off by at most {units}, which no standard promises")
    if "exp2" in network.activations:
        said.append("the runtime's Pow computes 2^k without error for integers k, which no standard promises")
    return tuple(said)


@dataclass
class _Found:
    """The worst over the boxes so far."""

    bounds: dict[int, fmpq | str] = field(default_factory=dict)
    near: dict[tuple[int, str], fmpq] = field(default_factory=dict)
    volume: fmpq = ZERO

    def readout(self, level: int, value: Value) -> None:
        before = self.bounds.get(level, ZERO)
        if isinstance(before, str):
            return
        self.bounds[level] = value.reason if isinstance(value, Unknown) else max(before, value.error)


@dataclass(frozen=True)
class _Box:
    """The network followed on one box."""

    inputs: int
    floats: FloatFormat
    sides: Sequence[tuple[fmpq, fmpq]]
    found: _Found

    def follow(self, network: Network) -> None:
        values: list[Value] = [
            Known(lo, hi, slopes=tuple(fmpq(i == j) for j in range(self.inputs)))
            for i, (lo, hi) in enumerate(self.sides)
        ]
        for number, (layer, reads) in enumerate(network.walk(), start=1):
            values = self._layer(layer, values, number)
            for _, readout in reads:
                self._read(readout, values)

    def _layer(self, layer: Layer, values: Sequence[Value], number: int) -> list[Value]:
        """A product of dense matrices multiplies every value by some weight, and 0 times an overflow is no number."""
        found = [self._neuron(neuron, values, number) for neuron in layer]
        lost = next((v for v in found if isinstance(v, Unknown) and not v.finite), None)
        return found if lost is None else [lost] * len(found)

    def _read(self, readout: Readout, values: Sequence[Value]) -> None:
        self.found.readout(readout.level, float_errors.affine(readout.affine, values, self.floats))

    def _neuron(self, neuron: Neuron, values: Sequence[Value], number: int) -> Value:
        if neuron.activation == PRODUCT:
            return self._product([values[s] for s, _ in neuron.affine.terms])
        u = float_errors.affine(neuron.affine, values, self.floats)
        if isinstance(u, Unknown):
            return u
        if neuron.activation == "sine":
            return float_errors.sine(u, self.floats)
        if neuron.activation == "exp2":
            return float_errors.exp2(u, self.floats)
        if neuron.activation == "floor":
            return self._floor(neuron, u, number)
        power = RELU_POWERS[neuron.activation]
        base = float_errors.relu(u)
        return base if power == 1 else self._product([base] * power)

    def _product(self, factors: Sequence[Value]) -> Value:
        known: list[Known] = []
        for v in factors:
            if isinstance(v, Unknown):
                return Unknown(v.reason)
            known.append(v)
        return float_errors.product(known, self.floats)

    def _floor(self, neuron: Neuron, u: Known, number: int) -> Value:
        """Off the points near jumps: between two hyperplanes u = k -+ error, 2 error / |slope| apart along an axis."""
        jumps = float_errors.may_jump(u)
        if jumps:
            slopes = u.slopes or ()
            steepest = max(range(len(slopes)), key=lambda i: abs(slopes[i]), default=None)
            if steepest is None or slopes[steepest] == 0:
                where = f"{neuron.name} in layer {number}"
                return Unknown(
                    f"floor {where} may jump: its argument is rounded, and no affine function of x",
                    finite=True,
                )
            self._leave_out(neuron.name, number, u, steepest, jumps * 2 * u.error / abs(slopes[steepest]))
        return float_errors.floor(u)

    def _leave_out(self, name: str, number: int, u: Known, axis: int, thickness: fmpq) -> None:
        volume = ONE
        for i, (lo, hi) in enumerate(self.sides):
            volume *= min(hi - lo, thickness) if i == axis else hi - lo
        self.found.volume += volume
        key = (number, name)
        self.found.near[key] = max(self.found.near.get(key, ZERO), u.error)
