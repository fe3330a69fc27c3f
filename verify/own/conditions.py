"""The conditions of a claim of one's own: what is stated about its network.

Numbers may be functions of the claim's parameters; `settle` calls them. Source: verify/CERTIFICATE.md, 14.2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flint import fmpq

from constructs.errors import ConstructError
from constructs.exact import Exact, integer, rational
from constructs.targets.base import Target
from verify.own.asking import settled

Bound = Exact | Callable[..., Exact]
Side = tuple[Exact, Exact]


@dataclass(frozen=True)
class Size:
    """width, depth, neurons or parameters of the network <= at_most."""

    kind: str
    at_most: Bound

    def settle(self, known: Mapping[str, Any]) -> Size:
        """With its number."""
        value = settled(self.at_most, known, self.kind)
        return replace(self, at_most=integer(value, f"{self.kind}(at_most)", 0, 10**9))

    def text(self) -> str:
        """In words."""
        return f"{self.kind} <= {_shown(self.at_most)}"


@dataclass(frozen=True)
class Activations:
    """No other activations than these."""

    allowed: tuple[str, ...]

    def settle(self, known: Mapping[str, Any]) -> Activations:
        """Itself."""
        return self

    def text(self) -> str:
        """In words."""
        return f"activations: {', '.join(self.allowed)}"


@dataclass(frozen=True)
class Error:
    """The norm of f - Phi <= at_most; norm "inf" or 2; of: the level of the readout, None: the last."""

    norm: str | int
    at_most: Bound
    of: int | None = None

    def settle(self, known: Mapping[str, Any]) -> Error:
        """With its number."""
        return replace(self, at_most=_at_most(self.at_most, known, "error"))

    def text(self) -> str:
        """In words."""
        return f"|f - Phi|_{self.norm} <= {_shown(self.at_most)}"


@dataclass(frozen=True)
class Computes:
    """The neuron of this name, or (layer from 1, index from 0), computes the target up to at_most, everywhere."""

    neuron: str | tuple[int, int]
    target: Target | str | Callable[..., Target | str]
    at_most: Bound = 0

    def settle(self, known: Mapping[str, Any]) -> Computes:
        """With its target, and its number."""
        what = f"computes({self.neuron!r})"
        target = settled(self.target, known, what)
        return replace(self, target=target, at_most=_at_most(self.at_most, known, what))

    def text(self) -> str:
        """In words."""
        what = self.target.describe() if isinstance(self.target, Target) else _shown(self.target)
        within = "exactly" if self.at_most == 0 else f"up to {_shown(self.at_most)}"
        return f"neuron {self.neuron} computes {what}, {within}"


@dataclass(frozen=True)
class Monotone:
    """Phi is non-decreasing (sign 1) or non-increasing (-1) along x_axis."""

    axis: int
    sign: int
    of: int | None = None

    def settle(self, known: Mapping[str, Any]) -> Monotone:
        """Itself."""
        return self

    def text(self) -> str:
        """In words."""
        return f"Phi is {'non-decreasing' if self.sign > 0 else 'non-increasing'} along x{self.axis}"


@dataclass(frozen=True)
class Nested:
    """The network at the previous value of this whole parameter is a prefix."""

    parameter: str

    def settle(self, known: Mapping[str, Any]) -> Nested:
        """Itself."""
        return self

    def text(self) -> str:
        """In words."""
        return f"nested in {self.parameter}"


@dataclass(frozen=True)
class Local:
    """Another network, by the same author, computes the same as this one outside a box."""

    other: Callable[..., Any]
    within: tuple[tuple[fmpq, fmpq], ...] | Callable[..., Sequence[Side]]

    def settle(self, known: Mapping[str, Any]) -> Local:
        """With its box."""
        return replace(self, within=box(settled(self.within, known, "local(within)")))

    def text(self) -> str:
        """In words."""
        return "local: a change of the network is seen within a box only"


@dataclass(frozen=True)
class Custom:
    """Whatever the author decides."""

    name: str
    decide: Callable[..., bool | str]

    def settle(self, known: Mapping[str, Any]) -> Custom:
        """Itself."""
        return self

    def text(self) -> str:
        """In words."""
        return f"custom: {self.name}"


Condition = Size | Activations | Error | Computes | Monotone | Nested | Local | Custom
CONDITIONS = (Size, Activations, Error, Computes, Monotone, Nested, Local, Custom)


def settled_bound(condition: Error | Computes) -> fmpq:
    """The number of a settled condition."""
    if not isinstance(condition.at_most, fmpq):
        raise ConstructError("at_most", repr(condition.at_most), "a condition that is settled")
    return condition.at_most


def settled_target(condition: Computes) -> Target:
    """The target of a settled condition."""
    if not isinstance(condition.target, Target):
        raise ConstructError("target", repr(condition.target), "a condition that is settled")
    return condition.target


def _at_most(value: Bound, known: Mapping[str, Any], what: str) -> fmpq:
    given = settled(value, known, what)
    if isinstance(given, float):
        raise ConstructError(
            f"{what}: at_most",
            given,
            'an exact number: Fraction(1, 4**m), "1/16"; 2**-m is a float in Python',
        )
    number = rational(given, f"{what}: at_most")
    if number < 0:
        raise ConstructError(f"{what}: at_most", str(number), "a number >= 0")
    return number


def box(sides: Any) -> tuple[tuple[fmpq, fmpq], ...]:
    pairs = isinstance(sides, (list, tuple)) and all(isinstance(s, (list, tuple)) for s in sides)
    if not pairs or any(len(s) != 2 for s in sides):
        raise ConstructError("within", repr(sides), "a list of (lo, hi), one for each coordinate")
    box = tuple((rational(lo, "within"), rational(hi, "within")) for lo, hi in sides)
    for lo, hi in box:
        if lo > hi:
            raise ConstructError("within", f"({lo}, {hi})", "lo <= hi")
    return box


def _shown(value: Any) -> str:
    if not callable(value):
        return str(value)
    import inspect

    return f"a function of {', '.join(inspect.signature(value).parameters)}"
