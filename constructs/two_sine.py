"""The two-sine decoder as a part of a network: index to value by gamma sin(w sin(1 + J)) + mid."""

from __future__ import annotations

from dataclasses import dataclass

from flint import arb, fmpq

from constructs.errors import ConstructError
from constructs.exact import dyadic, floor_dyadic
from constructs.rationals import Rationals
from constructs.sine_decoder import find_weight
from constructs.storage import Stored, constant, dyadic_exponent, without_channels
from constructs.wiring import Channel, Form

MOST_BITS = 6_000
MOST_SECONDS = 120.0


@dataclass(frozen=True)
class TwoSineDecoder:
    """c(J) = mid + gamma sin(w sin(1 + J)) with an integer w found by lattice reduction and certified by
    balls.

    Guarantees: two channels; |c(J) - wanted[J]| <= tolerance for every cell, certified.
    Source: docs/geometric.md, decoders (existence: Kronecker's theorem; arXiv 2604.20219).
    """

    max_bits: int = MOST_BITS
    seconds: float = MOST_SECONDS
    name: str = "two-sine"

    def store(self, t: int, wanted: Rationals, tolerance: fmpq, index: Form) -> Stored:
        """See `Decoder.store`.

        Raises: ConstructError if tolerance <= 0, or no weight is found within the bit and time budget.
        """
        if tolerance <= 0:
            raise ConstructError("tolerance", tolerance, "a rational > 0")
        single = constant(wanted)
        if single is not None:
            return single
        places = 4 - dyadic_exponent(tolerance)
        least, most = wanted.extremes
        mid = floor_dyadic((least + most) / 2, max(places, 0))
        reach = max(most - mid, mid - least)
        gamma = floor_dyadic(reach, max(places, 0)) + dyadic(1, -max(places, 0))
        found = find_weight(
            [(w - mid) / gamma for w in wanted.elements.tolist()],
            tolerance / gamma,
            max_bits=self.max_bits,
            seconds=self.seconds,
        )
        if found.weight == 0:
            return without_channels(mid, wanted.numerators.size)
        values = [mid + gamma * _midpoint(v) for v in found.values]
        return two_sines(t, index, mid, gamma, found.weight, Rationals.of(values))


def two_sines(t: int, index: Form, mid: fmpq, gamma: fmpq, weight: int, realized: Rationals) -> Stored:
    """The channels that turn J into mid + gamma sin(weight sin(1 + J))."""
    return Stored(
        inner=(Channel(f"I{t}", f"level {t}: sin(1 + J)", "sine", index + 1),),
        outer=(Channel(f"O{t}", f"level {t}: sin(w sin(1 + J))", "sine", weight * Form.of(f"I{t}")),),
        correction=gamma * Form.of(f"O{t}") + mid,
        realized=realized,
        bound=abs(mid) + gamma,
    )


def _midpoint(ball: arb) -> fmpq:
    mantissa, exponent = ball.mid().man_exp()
    return floor_dyadic(dyadic(int(mantissa), int(exponent)), 64)
