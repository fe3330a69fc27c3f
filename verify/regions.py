"""Networks proved equal to a table, from their weights alone: every neuron followed over every region of a
level.

A region is a product of pieces, one per coordinate (verify/CERTIFICATE.md, §6). On it each neuron is shown to
be affine in one coordinate, or constant. Constants are kept as a palette of distinct values and one code per
region, so that a neuron costs as many exact operations as it has values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from flint import arb, ctx, fmpq

from constructs.exact import dyadic
from constructs.network import Affine, Network, Neuron, Readout
from verify.fields import Powers, field_reader, is_field
from verify.ranges import network_range

Value = fmpq | arb


class Undecided(Exception):  # noqa: N818
    """A neuron whose form on some region could not be decided."""

    def __init__(self, neuron: str, layer: int, why: str) -> None:
        super().__init__(f"neuron {neuron!r} of layer {layer}: {why}")


@dataclass(frozen=True)
class Pieces:
    """The pieces of one axis: [lo, hi], half-open at hi where `open_end`, the same on every axis; piece j
    lies in cell[j].
    """

    lo: list[fmpq]
    hi: list[fmpq]
    open_end: list[bool]
    cell: list[int]

    @property
    def length(self) -> fmpq:
        """Their total length."""
        return sum((b - a for a, b in zip(self.lo, self.hi, strict=True)), fmpq(0))


def pieces(base: int, level: int, delta: fmpq | None) -> Pieces:
    """The pieces of level `level`: floor digits (delta None) half-open cells and the point 1; else cells less
    their strips.
    """
    n = base**level
    lo = [fmpq(k, n) for k in range(n)]
    hi = [fmpq(k + 1, n) for k in range(n)]
    if delta is None:
        return Pieces([*lo, fmpq(1)], [*hi, fmpq(1)], [True] * n + [False], [*range(n), n - 1])
    for k in range(n - 1):
        t = next(t for t in range(1, level + 1) if (k + 1) * base**t % n == 0)
        hi[k] = hi[k] - delta * fmpq(1, base ** (t - 1))
    return Pieces(lo, hi, [False] * n, list(range(n)))


@dataclass(frozen=True)
class AxisForm:
    """constant[j] + slope[j] * x_axis on piece j."""

    axis: int
    constant: list[fmpq]
    slope: list[fmpq]


@dataclass(frozen=True)
class Constant:
    """palette[codes[region]]; codes has one axis per coordinate, of length 1 where the value does not depend
    on it.
    """

    codes: np.ndarray
    palette: list


Form = AxisForm | Constant | Powers


@dataclass(frozen=True)
class Table:
    """What a readout is: values (object array of fmpq over the cells) up to `radius`, outside a set of
    measure `bad`, and its range.

    Guarantees: |Phi - values[cell]| <= radius on every piece; Phi in [lo, hi] everywhere if bad > 0. Proved
    from the weights.
    """

    values: np.ndarray
    radius: fmpq
    bad: fmpq
    lo: fmpq
    hi: fmpq


def table(network: Network, level: int, base: int, delta: fmpq | None) -> Table:
    """The table that the readout of a level is, proved from the weights.

    Requires: delta, the relative strip width, for relu digits; None for floor digits.
    Returns: Table, values of shape (base^level,)*inputs.
    Method: every needed neuron, layer by layer, over all products of pieces (§6 of verify/CERTIFICATE.md).
    Raises: Undecided, naming the neuron.
    """
    readout = next(r for r in network.readouts if r.level == level)
    saved = ctx.prec
    ctx.prec = 256 + network.weight_bits * (1 if _has_sine(network) else 0)
    try:
        return _Follower(network, readout, pieces(base, level, delta)).table(base**level)
    finally:
        ctx.prec = saved


def _has_sine(network: Network) -> bool:
    return any(n.activation == "sine" for layer in network.layers for n in layer)


class _Follower:
    """One walk through the layers, forward, looking only at what the readout depends on."""

    def __init__(self, network: Network, readout: Readout, axis_pieces: Pieces) -> None:
        self.network, self.readout, self.pieces = network, readout, axis_pieces
        self.dim = network.inputs

    def table(self, cells: int) -> Table:
        """The readout's table."""
        form = self._affine(
            self.readout.affine, self._last_forms(), f"readout {self.readout.level}", self.readout.layer
        )
        if not isinstance(form, Constant):
            raise Undecided(
                f"readout {self.readout.level}", self.readout.layer, "not constant on the regions"
            )
        values, radius = _separate(form.palette)
        codes = np.broadcast_to(form.codes, (len(self.pieces.lo),) * self.dim)
        codes, values, radius = self._join_last_points(codes, values, radius, cells)
        plain = np.empty(len(values), dtype=object)
        plain[:] = values
        bad = 1 - self.pieces.length**self.dim if form.codes.size > 1 else fmpq(0)
        lo, hi = (
            network_range(self.network, self.readout)
            if bad > 0
            else (min(values) - radius, max(values) + radius)
        )
        return Table(plain[codes], radius, bad, lo, hi)

    def _join_last_points(
        self, codes: np.ndarray, values: list[fmpq], radius: fmpq, cells: int
    ) -> tuple[np.ndarray, list[fmpq], fmpq]:
        """The extra pieces {1} of floor digits must carry the value of the last cell."""
        for axis in range(self.dim):
            if codes.shape[axis] == cells:
                continue
            point, last = np.take(codes, cells, axis), np.take(codes, cells - 1, axis)
            for a, b in {(int(a), int(b)) for a, b in zip(point.ravel(), last.ravel(), strict=True)}:
                if a != b and values[a] != values[b]:
                    raise Undecided(
                        f"readout {self.readout.level}",
                        self.readout.layer,
                        "differs at x = 1 from its last cell",
                    )
            codes = np.take(codes, range(cells), axis)
        return codes, values, radius

    def _needed(self) -> list[list[int]]:
        needed = {s for s, _ in self.readout.affine.terms}
        out = [sorted(needed)]
        for layer in reversed(self.network.layers[1 : self.readout.layer]):
            needed = {s for i in needed for s, _ in layer[i].affine.terms}
            out.append(sorted(needed))
        return out[::-1]

    def _last_forms(self) -> dict[int, Form]:
        count = len(self.pieces.lo)
        forms: dict[int, Form] = {
            i: AxisForm(i, [fmpq(0)] * count, [fmpq(1)] * count) for i in range(self.dim)
        }
        for number, numbers in enumerate(self._needed(), start=1):
            layer = self.network.layers[number - 1]
            forms = {i: self._neuron(layer[i], forms, number) for i in numbers}
        return forms

    def _neuron(self, neuron: Neuron, forms: dict[int, Form], layer: int) -> Form:
        u = self._affine(neuron.affine, forms, neuron.name, layer)
        if isinstance(u, AxisForm):
            if neuron.activation == "relu":
                return self._relu_axis(u, neuron, layer)
            if neuron.activation == "floor":
                return self._floor_axis(u, neuron, layer)
            raise Undecided(
                neuron.name, layer, f"{neuron.activation} of a form that is not constant on the regions"
            )
        if isinstance(u, Powers):
            if neuron.activation != "floor":
                raise Undecided(neuron.name, layer, f"{neuron.activation} of a multiple of an exp2")
            return u.floor()
        if neuron.activation == "exp2":
            if any(not isinstance(e, fmpq) or e.q != 1 for e in u.palette):
                raise Undecided(neuron.name, layer, "exp2 of something that is not an integer")
            return Powers(u.codes, tuple(int(e.p) for e in u.palette), fmpq(1))
        act = {"relu": _relu_value, "floor": _floor_value, "sine": _sine_value}[neuron.activation]
        palette = []
        for value in u.palette:
            image = act(value)
            if image is None:
                raise Undecided(neuron.name, layer, f"{neuron.activation} of {_shown(value)}")
            palette.append(image)
        return _constant(u.codes, palette)

    def _ends(self, u: AxisForm) -> list[tuple[fmpq, fmpq]]:
        p = self.pieces
        return [(c + s * a, c + s * b) for c, s, a, b in zip(u.constant, u.slope, p.lo, p.hi, strict=True)]

    def _relu_axis(self, u: AxisForm, neuron: Neuron, layer: int) -> Form:
        zero = fmpq(0)
        constant, slope = list(u.constant), list(u.slope)
        for j, (a, b) in enumerate(self._ends(u)):
            if a <= 0 and b <= 0:
                constant[j] = slope[j] = zero
            elif a < 0 or b < 0:
                raise Undecided(neuron.name, layer, f"changes sign on piece {j} of x{u.axis}")
        return AxisForm(u.axis, constant, slope)

    def _floor_axis(self, u: AxisForm, neuron: Neuron, layer: int) -> Form:
        out = []
        for j, (a, b) in enumerate(self._ends(u)):
            n = min(a, b).floor()
            open_top = self.pieces.open_end[j] and b > a
            if max(a, b) > n + 1 or (max(a, b) == n + 1 and not open_top):
                raise Undecided(neuron.name, layer, f"jumps on piece {j} of x{u.axis}")
            out.append(fmpq(n))
        return AxisForm(u.axis, out, [fmpq(0)] * len(out))

    def _affine(self, affine: Affine, forms: dict[int, Form], name: str, layer: int) -> Form:
        terms = [(w, forms[s]) for s, w in affine.terms]
        powers = [(w, f) for w, f in terms if isinstance(f, Powers)]
        if len(terms) == 1 and affine.bias == 0 and powers and not powers[0][1].floored:
            return powers[0][1].scaled(powers[0][0])
        constants = [(w, f) for w, f in terms if isinstance(f, Constant)] + _read_fields(powers, name, layer)
        axes = self._sum_axes([(w, f) for w, f in terms if isinstance(f, AxisForm)])
        if len(axes) == 1 and not constants:
            axis = axes[0]
            if any(s != 0 for s in axis.slope):
                return AxisForm(axis.axis, [c + affine.bias for c in axis.constant], axis.slope)
        for axis in axes:
            if any(s != 0 for s in axis.slope):
                raise Undecided(name, layer, f"depends on x{axis.axis} and on more than it on some region")
            constants.append((fmpq(1), self._as_constant(axis)))
        return _sum_constants(constants, affine.bias, self.dim)

    def _sum_axes(self, terms: Sequence[tuple[fmpq, AxisForm]]) -> list[AxisForm]:
        out: list[AxisForm] = []
        for axis in sorted({f.axis for _, f in terms}):
            mine = [(w, f) for w, f in terms if f.axis == axis]
            constant = [
                sum((w * f.constant[j] for w, f in mine), fmpq(0)) for j in range(len(self.pieces.lo))
            ]
            slope = [sum((w * f.slope[j] for w, f in mine), fmpq(0)) for j in range(len(self.pieces.lo))]
            out.append(AxisForm(axis, constant, slope))
        return out

    def _as_constant(self, form: AxisForm) -> Constant:
        shape = [1] * self.dim
        shape[form.axis] = len(form.constant)
        return _constant(np.arange(len(form.constant)).reshape(shape), form.constant)


def _constant(codes: np.ndarray, palette: Sequence[Value]) -> Constant:
    """Equal exact values merged; a neuron with one value depends on nothing."""
    places: dict = {}
    distinct: list[Value] = []
    renamed = np.empty(len(palette), dtype=np.int64)
    for i, value in enumerate(palette):
        key = i if isinstance(value, arb) else value
        key = (type(value), int(key.p), int(key.q)) if isinstance(key, fmpq) else (type(value), key)
        if key not in places:
            places[key] = len(distinct)
            distinct.append(value)
        renamed[i] = places[key]
    if len(distinct) == 1:
        return Constant(np.zeros((1,) * codes.ndim, dtype=np.int64), distinct)
    return Constant(renamed[codes], distinct)


def _sum_constants(terms: Sequence[tuple[fmpq, Constant]], bias: fmpq, dim: int) -> Constant:
    total = Constant(np.zeros((1,) * dim, dtype=np.int64), [bias])
    for weight, form in terms:
        joint = total.codes * len(form.palette) + form.codes
        used, codes = np.unique(joint, return_inverse=True)
        palette = [
            total.palette[u // len(form.palette)] + form.palette[u % len(form.palette)] * weight
            for u in used.tolist()
        ]
        total = _constant(codes.reshape(joint.shape), palette)
    return total


def _read_fields(powers: list[tuple[fmpq, Powers]], name: str, layer: int) -> list[tuple[fmpq, Constant]]:
    """Pairs c (floor(B y) - B floor(y)) as c times a bit field (§6.3)."""
    left, fields = list(powers), []
    while left:
        w, f = left.pop()
        for i, (v, g) in enumerate(left):
            if is_field(f, g, -v / w):
                (weight, upper, base) = (w, f, -v / w)
            elif is_field(g, f, -w / v):
                (weight, upper, base) = (v, g, -w / v)
            else:
                continue
            left.pop(i)
            read = field_reader(upper.factor, int(base.p))
            fields.append((weight, _constant(upper.codes, [fmpq(x) for x in read(upper.exponents)])))
            break
        else:
            raise Undecided(name, layer, "uses an exp2 otherwise than by a pair floor(B y) - B floor(y)")
    return fields


def _relu_value(u: Value) -> Value | None:
    if isinstance(u, fmpq):
        return max(u, fmpq(0))
    return u.max(arb(0)) if isinstance(u, arb) else None


def _floor_value(u: Value) -> Value | None:
    if isinstance(u, fmpq):
        return fmpq(u.floor())
    return None


def _sine_value(u: Value) -> Value | None:
    if isinstance(u, fmpq):
        return fmpq(0) if u == 0 else arb(u).sin()
    return u.sin() if isinstance(u, arb) else None


def _shown(value: Value) -> str:
    return value.str(10) if isinstance(value, arb) else str(value)[:60]


def _separate(palette: Sequence[Value]) -> tuple[list[fmpq], fmpq]:
    """Rational values and one radius around all of them."""
    values, radius = [], fmpq(0)
    for value in palette:
        if isinstance(value, fmpq):
            values.append(value)
            continue
        if not isinstance(value, arb) or not value.is_finite():
            raise Undecided("readout", 0, "a value that is not a finite number")
        mid, rad = value.mid(), value.rad()
        values.append(dyadic(*(int(x) for x in mid.man_exp())))
        radius = max(radius, dyadic(*(int(x) for x in rad.man_exp())))
    return values, radius
