"""What a geometric network of floor digits and two-sine decoders stores, read off its weights."""

from __future__ import annotations

from dataclasses import dataclass

from flint import arb, ctx, fmpq

from constructs.digits import FloorDigits
from constructs.errors import ConstructError
from constructs.exact import dyadic, floor_dyadic
from constructs.geometric import wire
from constructs.network import Network
from constructs.rationals import Rationals
from constructs.storage import Stored, without_channels
from constructs.two_sine import two_sines
from verify.kernel.stored_tables import Unrecognised, carried, named, only

PLACES = 64  # of values that plans are made with


@dataclass(frozen=True)
class SineLevel:
    """The correction mid + gamma sin(weight sin(1 + J)) of the cells of one level."""

    mid: fmpq
    gamma: fmpq
    weight: int

    def value(self, J: int) -> fmpq:
        """A dyadic number near the correction of cell number J: for planning."""
        saved = ctx.prec
        try:
            ctx.prec = self.weight.bit_length() + 2 * PLACES
            mantissa, exponent = (arb(self.weight) * arb(J + 1).sin()).sin().mid().man_exp()
        finally:
            ctx.prec = saved
        return self.mid + self.gamma * floor_dyadic(dyadic(int(mantissa), int(exponent)), PLACES)


@dataclass(frozen=True)
class StoredSines:
    """The value of level 0, and the numbers of the levels 1, 2, ..."""

    value0: fmpq
    levels: tuple[SineLevel, ...]


def stored_sines(network: Network, dim: int, base: int) -> StoredSines:
    """The numbers from which the construction makes this very network.

    Method: as `stored_tables`: made again from what was read, the network must be equal.
    Raises: ConstructError for any other network.
    """
    try:
        value0, mids = carried(network)
        sines = StoredSines(value0, tuple(_level(network, t, mid) for t, mid in enumerate(mids, start=1)))
    except (Unrecognised, IndexError, ValueError) as error:
        raise _unsupported(str(error)) from None
    if _made(sines, dim, base) != network:
        raise _unsupported("a network that differs from the construction's")
    return sines


def _unsupported(what: str) -> ConstructError:
    return ConstructError(
        "network", what, "floor digits, two-sine decoders, and no level of a single value, for Coq"
    )


def _level(network: Network, t: int, mid: fmpq) -> SineLevel:
    outer, place = named(network, t + 2, f"O{t}")
    weight = only(outer.affine.terms)
    head = next(r for r in network.readouts if r.level == t)
    gamma = dict(head.affine.terms).get(place)
    if weight.q != 1 or gamma is None:
        raise Unrecognised(f"weight {weight} of level {t}")
    return SineLevel(mid, gamma, int(weight.p))


def _made(sines: StoredSines, dim: int, base: int) -> Network:
    digits = FloorDigits(dim, base)
    stored: list[Stored] = [without_channels(sines.value0, 1)]
    for t, level in enumerate(sines.levels, start=1):
        near = Rationals.full(1, level.mid)  # the network does not hold the values
        stored.append(two_sines(t, digits.index(t), level.mid, level.gamma, level.weight, near))
    return wire(stored, digits, dim)
