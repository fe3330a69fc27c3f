"""Both sides of a geometric inequality, read from a certificate's p-th powers as norms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import fmpq

from constructs.exact import from_text
from verify.exhibits.certified import Certified
from verify.exhibits.numbers import pair
from verify.powers import Enclosure, norm


@dataclass(frozen=True)
class Sides:
    """A level's error and its modulus, from below and, if it is stated, from above; the constant C."""

    level: int
    error: Enclosure
    modulus: fmpq
    modulus_above: fmpq | None
    constant: Enclosure

    @property
    def bound(self) -> fmpq:
        """What C times the modulus is at least."""
        return self.constant.lo * self.modulus


def exponent(certified: Certified) -> fmpq | None:
    """p, None for infinity."""
    text = certified.parameters["p"]
    return None if text == "inf" else from_text(text)


def sides(certified: Certified, f: dict[str, Any]) -> Sides:
    """Of an `error` finding."""
    p = exponent(certified)
    lo, hi = f["modulus"]
    return Sides(
        level=f["level"],
        error=norm(Enclosure(*pair(f["error"])), p),
        modulus=norm(Enclosure.exact(from_text(lo)), p).lo,
        modulus_above=None if hi is None else norm(Enclosure.exact(from_text(hi)), p).hi,
        constant=Enclosure(*pair(f["constant"])),
    )


def all_sides(certified: Certified) -> list[Sides]:
    """Level by level."""
    return [sides(certified, f) for f in certified.findings if f["property"] == "error"]
