"""The errors that multiplicative certificates enclose, as norms with their names and bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import fmpq

from constructs.exact import from_text
from verify.exhibits.numbers import pair
from verify.powers import Enclosure, norm
from verify.tables.errors import NAMES, named

KEYS = {"l2": "value", "gradient": "value", "hessian": "value", "bessel": "norm", "zygmund": "seminorm"}
SQUARES = ("l2", "gradient", "hessian")


@dataclass(frozen=True)
class Quantity:
    """An error of e = f - Phi: its name, and both sides of its bound."""

    name: str
    finding: dict[str, Any]
    error: Enclosure
    bound: fmpq
    bound_above: fmpq


def quantities(findings: list[dict[str, Any]], dim: int, s: str | None) -> list[Quantity]:
    """Of a multiplicative certificate's findings, those about errors; squares as their roots."""
    return [_quantity(f, dim, s) for f in findings if f["property"] in NAMES]


def _quantity(f: dict[str, Any], dim: int, s: str | None) -> Quantity:
    name = f["property"]
    error = Enclosure(*pair(f[KEYS.get(name, "error")]))
    bound = Enclosure.exact(from_text(f["bound"]))
    if name in SQUARES:
        error, bound = norm(error, fmpq(2)), norm(bound, fmpq(2))
    return Quantity(label(name, f["level"], dim, s), f, error, bound.lo, bound.hi)


def label(name: str, part: int | None, dim: int, s: str | None) -> str:
    """A quantity's name, not escaped for a terminal."""
    return named(name, part, dim, s).replace("\\[", "[")
