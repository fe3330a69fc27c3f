"""A claim of one's own with its parameters set: builds the network, judges every condition, seals a certificate.

Source: verify/CERTIFICATE.md, 14.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from flint import fmpq

from constructs.errors import ConstructError
from constructs.exact import integer, to_text
from constructs.network import Network
from constructs.targets.base import Target
from verify.claims.contents import certificate_of
from verify.own.asking import ask, settled
from verify.own.conditions import (
    Activations,
    Computes,
    Condition,
    Custom,
    Error,
    Local,
    Monotone,
    Nested,
    Size,
)
from verify.own.domains import Domain, Value, value_text
from verify.own.findings import findings
from verify.own.pieces import SUPPORTED
from verify.own.settling import Stated, as_target, settle
from verify.own.subject import Head, Subject, well_formed
from verify.progress import Notify, silent
from verify.verdict import Verdict


@dataclass(frozen=True)
class OwnClaim:
    """One author's claim, for these values of its parameters.

    Made by calling what `theorem` returns, which validates.
    """

    title: str
    source: str
    domains: Mapping[str, Domain]
    values: Mapping[str, Value]
    construct: Callable[..., Network]
    conditions: Sequence[Stated] | Callable[..., Sequence[Stated]]
    default: Any  # a target, its text, a function of the parameters that gives one, or None
    dim: Any
    place: str  # "file.py:NAME" as it was asked for, "" of a theorem that was not loaded from a file
    name: str = "own"

    @property
    def target(self) -> Target:
        """The target that the author gave. Raises: ConstructError if there is none."""
        if self.default is None:
            raise ConstructError("target", "none", f"a target; {self.title} has none of its own")
        return as_target(settled(self.default, self.values, "target"), self.default_dim, "target")

    @property
    def default_dim(self) -> int:
        """The dimension that the author gave; 1 unless told."""
        return integer(settled(self.dim, self.values, "dim"), "dim", 1, 10)

    def parameters(self, dim: int) -> dict[str, Any]:
        """Those of the certificate (verify/CERTIFICATE.md, 14) that do not depend on the target: all but conditions."""
        values = {name: value_text(value) for name, value in self.values.items()}
        return {"title": self.title, "source": self.source, "values": values}

    def judge(self, target: Target, notify: Notify = silent) -> Verdict:
        """Builds the network, for this target if `construct` asks for it, and judges every condition.

        Returns: Verdict, its certificate sealed; `uncertified` says why if there can be none.
        Raises: ConstructError for bad input, and for an exception in the author's code, with file and line.
        """
        started = monotonic()
        known = {**self.values, "target": target}
        notify("building the network")
        network = well_formed(ask(self.construct, known, "construct"))
        if network.inputs != target.dim:
            raise ConstructError(
                "target", f"{target.dim} variables", f"{network.inputs}, as the network has inputs"
            )
        conditions = settle(self.conditions, known, target.dim)
        subject = Subject(
            network, target, known, self.domains, self.construct, _layers(network, target, known, conditions)
        )
        found = findings(subject, conditions, notify)
        parameters = self.parameters(target.dim)
        stated = parameters | {"conditions": [_stated(subject, c) for c in conditions]}
        claim = {"name": self.name, "parameters": stated}
        asked = {"theorem": self.place} if self.place else {}
        certificate = certificate_of(claim, target, network.to_json(), {}, found, asked=asked)
        widths = [int(c.at_most) for c in conditions if isinstance(c, Size) and c.kind == "width"]  # pyright: ignore
        return Verdict(
            claim=self.name,
            parameters=stated,
            target=target,
            network=network,
            findings=found,
            certificate=certificate,
            width_stated=min(widths, default=None),
            seconds=monotonic() - started,
            uncertified=_obstacle(network),
        )


def _layers(
    network: Network, target: Target, known: dict[str, Any], conditions: list[Condition]
) -> frozenset[int]:
    """The layers that the conditions speak of."""
    bare = Subject(network, target, known, {}, ask, frozenset())
    layers = set()
    for c in conditions:
        if isinstance(c, Computes):
            layers.add(bare.neuron(c.neuron)[0])
        elif isinstance(c, (Error, Monotone)):
            layers.add(Head.of(bare.readout(c.of)).layer)
    return frozenset(layers)


def _stated(subject: Subject, condition: Condition) -> dict[str, Any]:
    """As in the certificate (verify/CERTIFICATE.md, 14.2)."""
    match condition:
        case Size(kind, at_most):
            return {"kind": kind, "at_most": at_most}
        case Activations(allowed):
            return {"kind": "activations", "allowed": list(allowed)}
        case Error(norm, fmpq() as at_most, of):
            return {
                "kind": "error",
                "of": subject.readout(of).level,
                "norm": norm,
                "at_most": to_text(at_most),
            }
        case Computes(neuron, Target() as target, fmpq() as at_most):
            place = list(_place(subject, neuron))
            specified = target.specification()
            return {"kind": "computes", "neuron": place, "target": specified, "at_most": to_text(at_most)}
        case Monotone(axis, sign, of):
            return {"kind": "monotone", "of": subject.readout(of).level, "axis": axis, "sign": sign}
        case Nested():
            return {"kind": "custom", "name": f"nested in {condition.parameter}"}
        case Local():
            return {"kind": "custom", "name": "local"}
        case Custom(name):
            return {"kind": "custom", "name": name}
    raise ConstructError("conditions", repr(condition), "a settled condition")


def _place(subject: Subject, neuron: str | tuple[int, int]) -> tuple[int, int]:
    """Layer from 1, index from 0: as in the certificate."""
    return subject.neuron(neuron)


def _obstacle(network: Network) -> str | None:
    others = sorted(network.activations - SUPPORTED)
    if others:
        return f"a certificate allows the activations relu and floor only, and this network uses {', '.join(others)}"
    return None
