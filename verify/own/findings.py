"""Each condition of a claim of one's own, judged: one finding each.

Source: verify/CERTIFICATE.md, 14.2 to 14.6.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import fmpq

from constructs.exact import to_text
from constructs.targets.base import Target
from verify.own.answers import Answer
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
    settled_bound,
    settled_target,
)
from verify.own.errors import error_answer
from verify.own.monotone import monotone_finding
from verify.own.networks import local_finding, nested_finding
from verify.own.subject import Head, Subject
from verify.own.where import where
from verify.powers import Enclosure, root
from verify.progress import Notify
from verify.verdict import Finding, Reason, Status


def findings(subject: Subject, conditions: Sequence[Condition], notify: Notify) -> tuple[Finding, ...]:
    """One finding for each condition, in this order, its level the condition's number.

    Raises: ConstructError for a condition that speaks of something that is not there.
    """
    found = []
    for number, condition in enumerate(conditions):
        notify(condition.text())
        found.append(_finding(subject, number, condition))
    return tuple(found)


def _finding(subject: Subject, number: int, condition: Condition) -> Finding:
    match condition:
        case Size():
            return _size(subject, number, condition)
        case Activations():
            return _activations(subject, number, condition)
        case Error():
            head = Head.of(subject.readout(condition.of))
            power = 2 if condition.norm == 2 else 1
            return _error(subject, number, "error", head, subject.target, power, settled_bound(condition))
        case Computes():
            head = subject.head(subject.neuron(condition.neuron))
            target = settled_target(condition)
            return _error(subject, number, "computes", head, target, 1, settled_bound(condition))
        case Monotone():
            return monotone_finding(subject, number, condition)
        case Nested():
            return nested_finding(subject, number, condition)
        case Local():
            return local_finding(subject, number, condition)
        case Custom():
            return _custom(subject, number, condition)


def _size(subject: Subject, number: int, condition: Size) -> Finding:
    value, bound = int(getattr(subject.network, condition.kind)), int(condition.at_most)  # pyright: ignore
    status = Status.PROVED if value <= bound else Status.REFUTED
    sides = [Enclosure.exact(fmpq(n)) for n in (value, bound)]
    stated = {"value": value, "bound": bound}
    return Finding(condition.kind, number, status, stated, value=sides[0], bound=sides[1])


def _activations(subject: Subject, number: int, condition: Activations) -> Finding:
    used, allowed = sorted(subject.network.activations), list(condition.allowed)
    status = Status.PROVED if set(used) <= set(allowed) else Status.REFUTED
    return Finding("activations", number, status, {"value": used, "bound": allowed})


def _error(
    subject: Subject, number: int, name: str, head: Head, target: Target, power: int, at_most: fmpq
) -> Finding:
    """power 1: the supremum; 2: the integral of the square, its bound a square too."""
    bound = at_most**power
    answer = error_answer(subject, head, target, power, bound)
    status = answer.status(bound)
    stated: dict[str, Any] = {
        "error": [to_text(answer.lo), None if answer.hi is None else to_text(answer.hi)],
        "bound": to_text(bound),
        "witness": None if answer.witness is None else [to_text(c) for c in answer.witness],
        "grid": answer.grid,
    }
    value = None if answer.hi is None else Enclosure(root(answer.lo, power).lo, root(answer.hi, power).hi)
    return Finding(
        name,
        number,
        status,
        stated,
        answer.reason if status is Status.UNDECIDED else None,
        value,
        Enclosure.exact(at_most),
        None if value is None or at_most == 0 else value.hi / at_most,
        note=_note(subject, head, target, answer, status, bound),
    )


def _note(
    subject: Subject, head: Head, target: Target, answer: Answer, status: Status, bound: fmpq
) -> str | None:
    if status is Status.REFUTED and answer.witness is not None:
        return where(subject, head, target, answer, bound)
    return answer.note if status is Status.UNDECIDED else None


def _custom(subject: Subject, number: int, condition: Custom) -> Finding:
    from constructs.errors import ConstructError
    from verify.own.asking import ask

    answer = ask(condition.decide, subject.known | {"network": subject.network}, f"custom {condition.name!r}")
    if not isinstance(answer, (bool, str)):
        kind = f"a value of type {type(answer).__name__}"
        raise ConstructError(
            f"custom {condition.name!r}", kind, "True, False, or a text: why it is undecided"
        )
    decided = {True: Status.PROVED, False: Status.REFUTED}
    status = decided[answer] if isinstance(answer, bool) else Status.UNDECIDED
    reason = Reason.NO_PROOF if status is Status.UNDECIDED else None
    note = answer if isinstance(answer, str) else None
    return Finding(
        "custom", number, status, {}, reason, note=note, established_by="author", name=condition.name
    )
