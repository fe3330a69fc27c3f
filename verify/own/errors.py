"""|f - Phi| against a bound: exactly on pieces where that is possible, else on boxes, else at a point alone.

Source: verify/CERTIFICATE.md, 14.3 to 14.5.
"""

from __future__ import annotations

from flint import fmpq

from constructs.targets.base import Target
from constructs.targets.expression import ExpressionTarget
from verify.own.answers import Answer, Point
from verify.own.box_errors import on_boxes
from verify.own.line_errors import difference, square, supremum
from verify.own.pieces import ZERO
from verify.own.piecewise import NotPiecewise
from verify.own.points import far_point
from verify.own.subject import Head, Subject
from verify.quantities import TooLarge
from verify.verdict import Reason


def error_answer(subject: Subject, head: Head, target: Target, power: int, bound: fmpq) -> Answer:
    """Both ends of sup|f - Phi| (power 1) or of the integral of its square (2), with what shows them."""
    if subject.unsupported:
        kinds = ", ".join(subject.unsupported)
        note = f"errors are decided for relu and floor networks only; this one uses {kinds}"
        return Answer(ZERO, None, reason=Reason.UNSUPPORTED, note=note)
    why = "with several variables, errors are enclosed on boxes"
    if target.dim == 1:
        try:
            e = difference(target, subject.curve(head))
        except TooLarge as error:
            return _by_point(subject, head, target, power, Reason.BUDGET, str(error))
        except NotPiecewise as error:
            why = f"f is not known to be piecewise polynomial ({error}), so errors are enclosed on boxes"
        else:
            return supremum(e, bound) if power == 1 else square(e, bound)
    if "floor" in subject.network.activations:
        return _by_point(subject, head, target, power, Reason.UNSUPPORTED, f"{why}: for relu networks only")
    if not isinstance(target, ExpressionTarget):
        return _by_point(subject, head, target, power, Reason.UNSUPPORTED, f"{why}: for expressions only")
    seen: tuple[fmpq, Point] | None = None
    if power == 1:
        seen = far_point(subject, head, target)
        if seen[0] > bound:
            return Answer(seen[0], None, seen[1])
    return on_boxes(subject, head, target, power, bound, seen)


def _by_point(subject: Subject, head: Head, target: Target, power: int, reason: Reason, note: str) -> Answer:
    """What one point says; from above nothing is known."""
    if power == 2:
        return Answer(ZERO, None, reason=reason, note=note)
    lo, witness = far_point(subject, head, target)
    return Answer(lo, None, witness, reason=reason, note=note)
