"""Networks proved equal to a table, from their weights alone: every neuron followed over every region of a
level.

A region is a product of pieces, one per coordinate (verify/CERTIFICATE.md, §6). On it each neuron is shown to
be affine in one coordinate (AxisForm), an exact constant (Rationals), an enclosed one (Balls) or a power of
two (Powers). Each is kept as an array over the regions, of length 1 along the coordinates that it does not
depend on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from flint import arb, ctx, fmpq

from constructs.activations import LARGEST_EXPONENT
from constructs.errors import ConstructError
from constructs.exact import dyadic
from constructs.integers import narrowest
from constructs.network import Network
from constructs.neurons import Affine, Neuron, Readout
from constructs.rationals import Rationals, combination
from verify.axes import ONE, AxisForm, Pieces, Unproved, added, pieces
from verify.balls import Balls, with_balls
from verify.fields import Powers, read_fields
from verify.ranges import NoRange, network_range

ZERO = fmpq(0)


class Undecided(Exception):  # noqa: N818
    """A neuron whose form on some region could not be decided."""

    def __init__(self, neuron: str, layer: int, why: str) -> None:
        super().__init__(f"neuron {neuron!r} of layer {layer}: {why}")


Form = AxisForm | Rationals | Balls | Powers


@dataclass(frozen=True)
class Table:
    """What a readout is: values over the cells up to `radius`, outside a set of measure `bad`, and its range.

    Guarantees: |Phi - values[cell]| <= radius on every piece; Phi in [lo, hi] everywhere. Proved from the
    weights.
    """

    values: Rationals
    radius: fmpq
    bad: fmpq
    lo: fmpq
    hi: fmpq


def table(network: Network, level: int, base: int, delta: fmpq | None) -> Table:
    """The table that the readout of a level is, proved from the weights.

    Requires: delta, the relative strip width, for relu digits; None for floor digits.
    Returns: Table, values of shape (base^level,)*inputs.
    Method: every needed neuron, layer by layer, over all products of pieces (§6 of verify/CERTIFICATE.md).
    Raises: Undecided, naming the neuron; ConstructError for a level without a readout, or a delta that is
    not a strip width.
    """
    readout = next((r for r in network.readouts if r.level == level), None)
    if readout is None:
        raise ConstructError("level", level, f"one of {[r.level for r in network.readouts]}")
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
        self.needed = self._needed()

    def table(self, cells: int) -> Table:
        """The readout's table."""
        name, layer = f"readout {self.readout.level}", self.readout.layer
        forms = self._last_forms()
        try:
            form = self._affine(self.readout.affine, forms)
            del forms
            if isinstance(form, (AxisForm, Powers)):
                raise Unproved("not constant on the regions")
            values, radius = _valued(form)
            whole = np.broadcast_to(values.numerators, (len(self.pieces.open_end),) * self.dim)
            bad = self._bad_measure()
            lo, hi = values.extremes[0] - radius, values.extremes[1] + radius
            if bad > 0:
                lo, hi = network_range(self.network, self.readout)
            kept = Rationals(_without_last_points(whole, cells), values.denominator)
            return Table(kept.reduced(), radius, bad, lo, hi)
        except (Unproved, NoRange) as error:
            raise Undecided(name, layer, str(error)) from None

    def _bad_measure(self) -> fmpq:
        """The measure outside all regions; 0 if the readout depends on no input (§6.5).

        Equal values on all regions are no reason for 0: in the strips between them the readout may differ.
        """
        first = self.network.layers[0]
        depends = any(first[i].affine.terms for i in self.needed[0])
        return 1 - self.pieces.length**self.dim if depends else ZERO

    def _needed(self) -> list[list[int]]:
        """The neurons of layers 1, 2, ... that the readout depends on."""
        needed = {s for s, _ in self.readout.affine.terms}
        out = [sorted(needed)]
        for layer in reversed(self.network.layers[1 : self.readout.layer]):
            needed = {s for i in needed for s, _ in layer[i].affine.terms}
            out.append(sorted(needed))
        return out[::-1]

    def _last_forms(self) -> dict[int, Form]:
        count = len(self.pieces.open_end)
        zeros, ones = (Rationals(np.full(count, v, dtype=np.int64)) for v in (0, 1))
        forms: dict[int, Form] = {i: AxisForm(i, zeros, ones) for i in range(self.dim)}
        for number, numbers in enumerate(self.needed, start=1):
            layer = self.network.layers[number - 1]
            forms = {i: self._neuron(layer[i], forms, number) for i in numbers}
        return forms

    def _neuron(self, neuron: Neuron, forms: dict[int, Form], layer: int) -> Form:
        try:
            u = self._affine(neuron.affine, forms)
            image = self._activated(neuron.activation, u)
        except Unproved as error:
            raise Undecided(neuron.name, layer, str(error)) from None
        if image is None:
            raise Undecided(neuron.name, layer, f"{neuron.activation} of {_shown(u)}")
        return image

    def _activated(self, activation: str, u: Form) -> Form | None:
        """The activation of a form; None unless it is recognised (§6.2)."""
        match activation, u:
            case "relu", AxisForm():
                return u.relu(self.pieces)
            case "floor", AxisForm():
                return u.floor(self.pieces)
            case "relu", Rationals():
                return u.positive_part()
            case "floor", Rationals():
                return u.floor()
            case "exp2", Rationals() if u.integral and u.floor().largest <= LARGEST_EXPONENT:
                return Powers(narrowest(u.floor().numerators), ONE)
            case "sine", Rationals():
                codes, values = u.distinct()
                return Balls(codes, [arb(v).sin() for v in values])
            case "relu", Balls():
                return Balls(u.codes, [v.max(arb(0)) for v in u.palette])
            case "sine", Balls():
                return Balls(u.codes, [v.sin() for v in u.palette])
            case "floor", Powers():
                return u.floor()
        return None

    def _affine(self, affine: Affine, forms: dict[int, Form]) -> Form:
        terms = [(w, forms[s]) for s, w in affine.terms]
        powers = [(w, f) for w, f in terms if isinstance(f, Powers)]
        if len(terms) == 1 and affine.bias == 0 and powers and not powers[0][1].floored:
            return powers[0][1].scaled(powers[0][0])
        exact = [(w, f) for w, f in terms if isinstance(f, Rationals)] + read_fields(powers)
        balls = [(w, f) for w, f in terms if isinstance(f, Balls)]
        axes = added([(w, f) for w, f in terms if isinstance(f, AxisForm)])
        if len(axes) == 1 and not exact and not balls and not axes[0].flat:
            return AxisForm(
                axes[0].axis, combination([(ONE, axes[0].constant)], affine.bias, 1), axes[0].slope
            )
        for axis in axes:
            if not axis.flat:
                raise Unproved(f"depends on x{axis.axis} and on more than it on some region")
            exact.append((ONE, axis.constant.along(axis.axis, self.dim)))
        total = combination(exact, affine.bias, self.dim)
        return with_balls(total, balls) if balls else total


def _shown(form: Form) -> str:
    """What kind of form an activation could not be followed on."""
    match form:
        case AxisForm():
            return "a form that is not constant on the regions"
        case Powers():
            return "a multiple of an exp2"
        case Balls():
            return f"a number enclosed as {form.palette[0].str(10)}, ..."
    return f"a number such as {str(form.distinct()[1][-1])[:60]}"


def _valued(form: Rationals | Balls) -> tuple[Rationals, fmpq]:
    """Rational values on the regions, and one radius around all of them."""
    if isinstance(form, Rationals):
        return form, ZERO
    if not all(v.is_finite() for v in form.palette):
        raise Unproved("a value that is not a finite number")
    codes, values = form.codes, [dyadic(*(int(x) for x in v.mid().man_exp())) for v in form.palette]
    radius = max(dyadic(*(int(x) for x in v.rad().man_exp())) for v in form.palette)
    return Rationals.of(values).rearranged(lambda palette: palette[codes]), radius


def _without_last_points(whole: np.ndarray, cells: int) -> np.ndarray:
    """The extra pieces {1} of floor digits must carry the value of the last cell; they are left out."""
    for axis in range(whole.ndim):
        if whole.shape[axis] == cells:
            continue
        before = (slice(None),) * axis
        if np.any(whole[(*before, cells)] != whole[(*before, cells - 1)]):
            raise Unproved("differs at x = 1 from its last cell")
        whole = whole[(*before, slice(cells))]
    return whole
