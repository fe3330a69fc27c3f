"""A theorem of one's own: parameters with domains, a construction, conditions; `approxcert check file.py:NAME`.

The door of verify/own: what a file with a theorem needs is imported from here (and `layers` from
constructs.raw_layers, or the builders of `constructs`). docs/your-own-theorem.md walks through an example.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from constructs.errors import ConstructError, nearest_name
from constructs.exact import Exact
from constructs.network import Network
from constructs.targets.base import Target
from verify.own.claim import OwnClaim
from verify.own.conditions import CONDITIONS
from verify.own.domains import Domain, OneOf, Ratio, Whole, one_of, ratio, whole
from verify.own.settling import Stated, settle
from verify.own.stating import (
    activations,
    computes,
    custom,
    depth,
    error,
    local,
    monotone,
    nested,
    neurons,
    parameters,
    width,
)

__all__ = [
    "Theorem",
    "activations",
    "computes",
    "custom",
    "depth",
    "error",
    "local",
    "monotone",
    "nested",
    "neurons",
    "one_of",
    "parameters",
    "ratio",
    "theorem",
    "whole",
    "width",
]
LONGEST = 300
MOST_VALUES = 40


@dataclass(frozen=True)
class Theorem:
    """A claim whose parameters are not set yet: call it with them. Made by `theorem`, which validates."""

    name: str
    source: str
    domains: Mapping[str, Domain]
    construct: Callable[..., Network]
    conditions: Sequence[Stated] | Callable[..., Sequence[Stated]]
    target: Any
    dim: Any
    place: str = ""

    def __call__(self, **values: Exact) -> OwnClaim:
        """The claim for these parameters.

        Raises: ConstructError for a parameter that is missing, unknown, or outside its domain.
        """
        wanted = ", ".join(f"{name}: {domain.text()}" for name, domain in self.domains.items()) or "none"
        for name in values:
            if name not in self.domains:
                raise ConstructError("parameter", name, f"one of {wanted}{nearest_name(name, self.domains)}")
        for name in self.domains:
            if name not in values:
                raise ConstructError("parameter", name, f"a value: {wanted}")
        read = {name: domain.read(values[name], name) for name, domain in self.domains.items()}
        return OwnClaim(
            title=self.name,
            source=self.source,
            domains=self.domains,
            values=read,
            construct=self.construct,
            conditions=self.conditions,
            default=self.target,
            dim=self.dim,
            place=self.place,
        )

    def text(self) -> str:
        """A page for people; with a default target, also what it says for the first values of the parameters.

        Raises: ConstructError where that fails.
        """
        listed = [f"  {name:<18}{domain.text()}" for name, domain in self.domains.items()]
        conditions = () if callable(self.conditions) else self.conditions
        stated = [f"  {c.text() if isinstance(c, CONDITIONS) else _depending(c)}" for c in conditions]
        shown = self.target.describe() if isinstance(self.target, Target) else self.target
        shown = _depending(self.target) if callable(self.target) else shown or "to be given"
        parts = [f"{self.name}: a claim of one's own", "", f"Source: {self.source}", "", "Parameters:"]
        parts += [*(listed or ["  none"]), "", f"Target: {shown}", "", "Conditions:"]
        parts += stated or [f"  {_depending(self.conditions)}"]
        return "\n".join(parts + self._example())

    def _example(self) -> list[str]:
        if self.target is None or not self.domains:
            return []
        claim = self(**{name: str(domain.first()) for name, domain in self.domains.items()})
        target = claim.target
        settled = settle(self.conditions, {**claim.values, "target": target}, target.dim)
        values = ", ".join(f"{name} = {value}" for name, value in claim.values.items())
        return [
            "",
            f"For example, {values}; target {target.describe()}:",
            *(f"  {c.text()}" for c in settled),
        ]


def _depending(what: Any) -> str:
    return f"depends on {', '.join(inspect.signature(what).parameters) or 'nothing'}"


def theorem(
    *,
    name: str,
    source: str,
    parameters: Mapping[str, Domain],
    construct: Callable[..., Network],
    conditions: Sequence[Stated] | Callable[..., Sequence[Stated]],
    target: Target | str | Callable[..., Target | str] | None = None,
    dim: int | Callable[..., int] = 1,
) -> Theorem:
    """A theorem: for all parameters in their domains the network that `construct` builds satisfies all conditions.

    Requires: parameters: names to `whole(lo, hi)`, `ratio(lo, hi)` or `one_of(...)`. construct: a function of some of
    them, and of `target` if it needs it, that returns a Network. conditions: a list of `width(3)`, `error("inf", ...)`
    and so on, whose numbers may be functions of the parameters; or of functions that return conditions. target: a
    default, with `dim` if it is a text.
    Returns: Theorem; called with values, it is a claim for `verify.check`.
    Raises: ConstructError.

    >>> from constructs.raw_layers import layers
    >>> hat = layers([[("relu", [2], 0), ("relu", [4], -2)]], readout=([1, -1], 0))
    >>> tent = theorem(
    ...     name="tent", source="folklore", parameters={"m": whole(1, 3)}, construct=lambda m: hat,
    ...     conditions=[width(2), error("inf", at_most=0)], target="min(2*x0, 2 - 2*x0)",
    ... )
    >>> claim = tent(m=1)
    >>> claim.judge(claim.target).status.value
    'proved'
    """
    for what, text in (("name", name), ("source", source)):
        if not isinstance(text, str) or not 1 <= len(text) <= LONGEST:
            raise ConstructError(what, repr(text), f"a text of 1 to {LONGEST} characters")
    if not isinstance(parameters, Mapping):
        raise ConstructError("parameters", parameters, "a dictionary of names and domains")
    if len(parameters) > MOST_VALUES:
        raise ConstructError("parameters", len(parameters), f"at most {MOST_VALUES}")
    for key, domain in parameters.items():
        if not isinstance(key, str) or not key.isidentifier() or key in ("target", "network"):
            raise ConstructError("parameters", repr(key), "names other than target and network")
        if not isinstance(domain, (Whole, Ratio, OneOf)):
            raise ConstructError(
                f"parameters[{key!r}]", repr(domain), "whole(lo, hi), ratio(lo, hi) or one_of(...)"
            )
    if not callable(construct):
        raise ConstructError("construct", repr(construct), "a function of the parameters")
    listed = isinstance(conditions, (list, tuple)) and all(
        callable(c) or isinstance(c, CONDITIONS) for c in conditions
    )
    if not callable(conditions) and not listed:
        raise ConstructError("conditions", repr(conditions), "a list of width(...), error(...), ...")
    stated = conditions if callable(conditions) else tuple(conditions)
    return Theorem(name, source, dict(parameters), construct, stated, target, dim)
