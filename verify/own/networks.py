"""Conditions about two networks of one construction: one a prefix of the other, one equal to the other outside a box.

A certificate holds one network: the independent checker does not see these.
"""

from __future__ import annotations

from flint import fmpq

from constructs.errors import ConstructError
from constructs.locality import difference
from constructs.network import Network
from constructs.neurons import Neuron
from verify.own.asking import ask
from verify.own.conditions import Local, Nested
from verify.own.domains import Whole
from verify.own.pieces import SUPPORTED, Curve, stages
from verify.own.piecewise import common
from verify.own.subject import Head, Subject, well_formed
from verify.own.where import number
from verify.quantities import TooLarge
from verify.verdict import Finding, Reason, Status

Answer = tuple[Status, Reason | None, str]


def nested_finding(subject: Subject, level: int, condition: Nested) -> Finding:
    """Whether the network at the previous value of the parameter is a prefix of this one."""
    name = condition.parameter
    domain = subject.domains.get(name)
    if not isinstance(domain, Whole):
        raise ConstructError("nested", name, "the name of a whole parameter")
    value = subject.known[name]
    if value == domain.first():
        return _author(
            level,
            f"nested in {name}",
            (Status.PROVED, None, f"{name} = {value} is the first value: nothing to compare"),
        )
    before = subject.rebuilt({name: value - 1})
    wrong = _not_prefix(before, subject.network)
    if wrong is None:
        return _author(
            level,
            f"nested in {name}",
            (Status.PROVED, None, f"the network of {name} = {value - 1} is a prefix"),
        )
    return _author(
        level, f"nested in {name}", (Status.REFUTED, None, f"compared with {name} = {value - 1}: {wrong}")
    )


def _not_prefix(before: Network, after: Network) -> str | None:
    """None if the layers of the one are the first layers of the other, and common readouts the same."""
    if before.inputs != after.inputs or before.depth > after.depth:
        return f"{before.inputs} inputs and {before.depth} layers, {after.inputs} and {after.depth} here"
    for j in range(before.depth):
        ours, theirs = after.layers[j], before.layers[j]
        if len(ours) != len(theirs):
            return f"layer {j + 1} has {len(theirs)} neurons there, {len(ours)} here"
        for new, old in zip(ours, theirs, strict=True):
            if _meaning(new) != _meaning(old):
                return f"neuron {new.name} of layer {j + 1} is another"
    heads = {r.level: (r.layer, r.affine) for r in before.readouts}
    for r in after.readouts:
        if r.level in heads and heads[r.level] != (r.layer, r.affine):
            return f"the readout of level {r.level} is another"
    return None


def _meaning(neuron: Neuron) -> tuple:
    return neuron.activation, neuron.affine


def local_finding(subject: Subject, level: int, condition: Local) -> Finding:
    """Whether the other network computes the same outside the box."""
    other = well_formed(ask(condition.other, subject.known, "local(other)"))
    if not isinstance(condition.within, tuple) or len(condition.within) != subject.network.inputs:
        raise ConstructError(
            "local(within)", str(condition.within), f"{subject.network.inputs} pairs (lo, hi)"
        )
    return _author(level, "local", _same_outside(subject, other, condition.within))


def _same_outside(subject: Subject, other: Network, within: tuple[tuple[fmpq, fmpq], ...]) -> Answer:
    if subject.network.inputs != other.inputs:
        raise ConstructError("local(other)", f"{other.inputs} inputs", f"{subject.network.inputs}")
    if other.inputs == 1 and not (subject.network.activations | other.activations) - SUPPORTED:
        try:
            curves = [_curve(n) for n in (subject.network, other)]
        except TooLarge as error:
            return Status.UNDECIDED, Reason.BUDGET, str(error)
        return _on_pieces(curves[0], curves[1], *within[0])
    return _by_weights(subject.network, other, within)


def _curve(network: Network) -> Curve:
    head = Head.of(network.readouts[-1])
    return stages(network, [head.layer])[head.layer].form(head.affine)


def _on_pieces(ours: Curve, theirs: Curve, lo: fmpq, hi: fmpq) -> Answer:
    for left, right, (p, q) in common([(ours.breaks, ours.lines), (theirs.breaks, theirs.lines)]):
        if p != q and (left < lo or right > hi):
            ends = f"[{number(left)}, {number(right)}]"
            return Status.REFUTED, None, f"the outputs differ on {ends}, which is not within the box"
    known = dict(zip(theirs.breaks, theirs.values, strict=True))
    for x, value in zip(ours.breaks, ours.values, strict=True):
        if not lo <= x <= hi and known.get(x, value) != value:
            return Status.REFUTED, None, f"the outputs differ at x0 = {number(x)}"
    # A value at a break of one network only: the other is affine around it, so a jump there is a difference too.
    for one, two in ((ours, theirs), (theirs, ours)):
        others = set(two.breaks)
        for k, x in enumerate(one.breaks):
            if not lo <= x <= hi and x not in others:
                slope, start = one.lines[k]
                if slope * x + start != one.values[k]:
                    return Status.REFUTED, None, f"the outputs differ at x0 = {number(x)}"
    return Status.PROVED, None, "the outputs are the same outside the box"


def _by_weights(ours: Network, theirs: Network, within: tuple[tuple[fmpq, fmpq], ...]) -> Answer:
    try:
        boxes = difference(ours, theirs)
    except ConstructError as error:
        return (
            Status.UNDECIDED,
            Reason.UNSUPPORTED,
            f"for one variable or networks of local products: {error}",
        )
    if boxes is None:
        return Status.UNDECIDED, Reason.NO_PROOF, "a unit that differs is not known to be local"
    far = [b for b in boxes if not _inside(b.lo, b.hi, within)]
    if not far:
        return Status.PROVED, None, f"{len(boxes)} units differ, all with their support in the box"
    sides = " x ".join(f"[{number(a)}, {number(b)}]" for a, b in zip(far[0].lo, far[0].hi, strict=True))
    return Status.UNDECIDED, Reason.NO_PROOF, f"a unit with support {sides} differs"


def _inside(lo: tuple[fmpq, ...], hi: tuple[fmpq, ...], within: tuple[tuple[fmpq, fmpq], ...]) -> bool:
    """Within the cube, that is."""
    clipped = [(max(a, fmpq(0)), min(b, fmpq(1))) for a, b in zip(lo, hi, strict=True)]
    return any(a > b for a, b in clipped) or all(
        low <= a and b <= high for (a, b), (low, high) in zip(clipped, within, strict=True)
    )


def _author(level: int, name: str, answer: Answer) -> Finding:
    status, reason, note = answer
    return Finding("custom", level, status, {}, reason, note=note, established_by="author", name=name)
