"""One level of a geometric claim: its modulus from below, its error enclosed, and the comparison of the two."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flint import fmpq

from verify import moduli
from verify.enclosure import DomainUndecided
from verify.norms import error_power, widened
from verify.powers import ZERO, Enclosure, power
from verify.quantities import NotEnclosed, Quantities, TooLarge
from verify.regions import Table
from verify.verdict import Reason, Status

MOST_REFINEMENTS = 24
STABLE = fmpq(99, 100)
RTOL = fmpq(1, 20)
MOST_TIGHTENED = 1 << 16  # boxes from which a decided level is left as it is, for the checker's sake


@dataclass(frozen=True)
class Question:
    """What is asked at every level: error <= constant * omega_p(f, base^-level)."""

    q: Quantities
    dim: int
    base: int
    p: fmpq | None
    constant: Enclosure
    euclidean: bool
    is_constant: bool  # the target is a rational constant: its modulus is 0
    rtol: fmpq = RTOL  # how far the upper end of an enclosed error may be above the lower one


@dataclass(frozen=True)
class Scale:
    """omega_p(f, t)^p >= lower, by this shift, seen on this grid (refinement number `refinement`)."""

    level: int
    cells: int
    t: fmpq
    refinement: int
    grid: int | None
    shift: tuple[fmpq, ...]
    lower: fmpq


@dataclass(frozen=True)
class Answer:
    """The comparison at one level, with the numbers that it rests on (p-th powers)."""

    scale: Scale
    error: Enclosure
    above: fmpq | None  # of the modulus
    status: Status
    reason: Reason | None


class OutOfBudget(Exception):  # noqa: N818
    """No grid within the budget gave finite enclosures; the message says which level, and why."""

    def __init__(self, level: int, why: object, reason: Reason) -> None:
        super().__init__(f"level {level}: {why}")
        self.reason = reason

    @staticmethod
    def because(error: DomainUndecided | NotEnclosed) -> OutOfBudget:
        """The target itself, at no particular level, could not be enclosed."""
        reason = Reason.DOMAIN if isinstance(error, DomainUndecided) else Reason.PRECISION
        return OutOfBudget(0, error, reason)


def scale(question: Question, level: int) -> Scale:
    """The first grid on which the modulus is shown to be positive (any grid, if f is constant).

    Raises: OutOfBudget if the target cannot be enclosed on any allowed grid. A modulus of lower bound 0 on
    the finest grid is returned as that: it proves nothing.
    """
    found: Scale | None = None
    why: object = "no grid"
    reason = Reason.BUDGET
    for refinement in range(MOST_REFINEMENTS):
        try:
            found = _scale_on(question, level, refinement)
        except DomainUndecided as error:
            why, reason = error, Reason.DOMAIN
            continue
        except TooLarge as error:
            if found is None:
                raise OutOfBudget(level, f"{why}; {error}", reason) from None
            return found
        if found.lower > 0 or question.is_constant or found.grid is None or question.q.exact:
            return found
    if found is None:
        raise OutOfBudget(level, why, reason)
    return found


def _scale_on(question: Question, level: int, refinement: int) -> Scale:
    cells = question.base**level
    t = fmpq(1, cells)
    grid = question.q.grid(cells, refinement)
    shift, lower = (ZERO,) * question.dim, ZERO
    if not question.is_constant:
        shift, lower = moduli.lower(question.q, question.dim, t, grid, question.euclidean)
        if question.p is not None and question.p.q != 1:
            lower = widened(Enclosure.exact(lower)).lo  # a root, which another arithmetic rounds otherwise
    elif grid is not None:
        question.q.range(grid)  # the target must be defined on every box
    return Scale(level, cells, t, refinement, grid, shift, lower)


def answer(question: Question, first: Scale, table: Table, first_error: fmpq | None) -> Answer:
    """Proved, refuted or undecided, on ever finer grids until it is decided, then until the error is known to `rtol`,
    or the budget is spent.

    first_error: the upper end of E_0, from which omega_p^p <= 2^p E_0; None at level 0 itself.
    """
    best: Answer | None = None
    for refinement in range(first.refinement, MOST_REFINEMENTS):
        try:
            current = (
                first if refinement == first.refinement else _scale_on(question, first.level, refinement)
            )
            found = _compare(question, current, table, first_error)
        except (TooLarge, NotEnclosed) as error:
            if best is None:
                raise OutOfBudget(first.level, error, Reason.PRECISION) from None
            return best if _decided(best) else replace(best, reason=Reason.BUDGET)
        before, best = best, found if best is None or _decided(found) or not _decided(best) else best
        if current.grid is None or question.q.exact:
            return best
        if _decided(best):
            stuck = before is not None and _stuck(before.error, found.error)
            if stuck or _tight(question, found.error) or current.grid**question.dim >= MOST_TIGHTENED:
                return best
        elif _hopeless(question, before, best):
            return best
    if best is None:
        raise OutOfBudget(first.level, "no grid", Reason.BUDGET)
    return best


def _decided(found: Answer) -> bool:
    return found.status is not Status.UNDECIDED


def _tight(question: Question, error: Enclosure) -> bool:
    return error.hi <= _scaled(1 + question.rtol, question.p).lo * error.lo


def _stuck(before: Enclosure, after: Enclosure) -> bool:
    """A finer grid left nearly all of the gap: that of strips, or of a table that is known with a radius."""
    return (after.hi - after.lo) * 10 > (before.hi - before.lo) * 9


def _hopeless(question: Question, before: Answer | None, now: Answer) -> bool:
    """The error is too large for this shift, and finer grids do not make the shift's bound larger."""
    seen = ZERO if before is None else before.scale.lower
    limit = _scaled(question.constant.hi, question.p).hi * now.scale.lower
    return now.error.lo > limit and seen >= STABLE * now.scale.lower


def _compare(question: Question, current: Scale, table: Table, first_error: fmpq | None) -> Answer:
    p, constant = question.p, question.constant
    error = error_power(question.q, p, table, current.grid)
    if error.hi <= _scaled(constant.lo, p).lo * current.lower:
        return Answer(current, error, None, Status.PROVED, None)
    above = modulus_above(question, current, error.hi if first_error is None else first_error)
    if error.lo > _scaled(constant.hi, p).hi * above:
        return Answer(current, error, above, Status.REFUTED, None)
    return Answer(current, error, above, Status.UNDECIDED, Reason.NO_PROOF)


def modulus_above(question: Question, current: Scale, first_error: fmpq) -> fmpq:
    """The least upper bound known of the modulus' p-th power: from gradients or breaks, or 2^p E_0."""
    p = question.p
    trivial = 2 * first_error if p is None else power(fmpq(2), p).hi * first_error
    direct = question.q.modulus_above(current.t, question.euclidean, current.grid)
    if direct is None:
        return widened(Enclosure.exact(trivial)).hi
    plain = p is None or p.q == 1
    if not (plain and question.q.exact and not question.euclidean):
        direct = widened(Enclosure.exact(direct)).hi
    return min(direct, trivial if plain else widened(Enclosure.exact(trivial)).hi)


def _scaled(constant: fmpq, p: fmpq | None) -> Enclosure:
    return Enclosure.exact(constant) if p is None else power(constant, p)
