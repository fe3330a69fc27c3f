"""What a geometric certificate states about every point, and how numbers and remarks are written for Coq."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import fmpq

from constructs.errors import ConstructError
from constructs.exact import from_text

NEARLY = 1 - fmpq(1, 2**20)  # room for the kernel's rounding where it sees the modulus at a point


@dataclass(frozen=True)
class Bounds:
    """What is to be proved of one level: |f - Phi_l| <= most at every point, and where that comes from."""

    most: fmpq
    source: str


def bounds_of(certificate: dict[str, Any], level: int) -> Bounds:
    """The strongest of the proved findings of a level that bound the error at every point."""
    p, dim, base = (certificate["claim"]["parameters"][name] for name in ("p", "dim", "base"))
    found: list[Bounds] = []
    for finding in certificate["findings"]:
        if finding.get("level") != level or finding["status"] != "proved":
            continue
        if finding["property"] == "error" and p == "inf":
            most = from_text(finding["constant"][0]) * from_text(finding["modulus"][0]) * NEARLY
            found.append(Bounds(most, "error: the constant times the modulus, less 2^-20 of it"))
        if finding["property"] == "lipschitz-error":
            most = (2 * dim + 1) * from_text(certificate["evidence"]["lipschitz"]["K"]) / base**level
            found.append(Bounds(most, "lipschitz-error: (2d+1) K N^-l"))
    if not found:
        raise ConstructError(
            "certificate", f"level {level}", "a proved error for p = inf or lipschitz-error, for Coq"
        )
    return min(found, key=lambda bound: bound.most)


def comment(text: str) -> str:
    """A text that can stand in a comment."""
    return " ".join(text.replace("(*", "( *").replace("*)", "* )").replace('"', "").split())


def rational_text(value: fmpq) -> str:
    """A number of type Q."""
    return f"({int(value.p)} # {int(value.q)})"


def whole(parameters: dict[str, Any], name: str) -> int:
    """A parameter that is a whole number.

    Raises: ConstructError.
    """
    value = parameters[name]
    if type(value) is not int or value < 0:
        raise ConstructError(name, value, "a whole number, for Coq")
    return value


def require_levels(levels: int, found: int) -> None:
    """The network has as many levels as the claim says.

    Raises: ConstructError.
    """
    if found != levels:
        raise ConstructError("levels", levels, f"as many as the network has, {found}, for Coq")
