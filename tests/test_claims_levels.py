"""One level's comparison, with quantities that are scripted: what is proved, refuted, refined and given up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st
from oracles import exact

from constructs.rationals import Rationals
from verify.claims import levels
from verify.claims.levels import OutOfBudget, Question, answer, modulus_above, scale
from verify.enclosure import DomainUndecided
from verify.powers import ZERO, Enclosure
from verify.quantities import NotEnclosed, TooLarge
from verify.regions import Table
from verify.verdict import Reason, Status

Script = Callable[[int], object]
T = Table(Rationals.of([0]), ZERO, ZERO, ZERO, ZERO)


def _raise(error: Exception) -> object:
    raise error


@dataclass
class Scripted:
    """Quantities that answer from the grid's number: error ends, the shift's bound, the modulus' upper end."""

    ends: Script = lambda _: (fmpq(1), fmpq(2))
    below: Script = lambda _: fmpq(1)
    above: Script = lambda _: None
    exact: bool = False
    finest: int = 5
    seen: list[int] = field(default_factory=list)

    def grid(self, cells: int, refinement: int) -> int:
        if refinement > self.finest:
            raise TooLarge("boxes", 2**refinement, 2**self.finest)
        return refinement

    def error(self, values: np.ndarray, radius: fmpq, grid: int) -> Enclosure:
        self.seen.append(grid)
        lo, hi = self.ends(grid)
        return Enclosure(fmpq(lo), fmpq(hi))

    def shifted(self, shift: tuple[fmpq, ...], grid: int) -> fmpq:
        return fmpq(self.below(grid))

    def shifts(self, t: fmpq, grid: int) -> list[tuple[fmpq, ...]]:
        return [(t / 2,)]

    def modulus_above(self, t: fmpq, euclidean: bool, grid: int) -> fmpq | None:
        value = self.above(grid)
        return None if value is None else fmpq(value)

    def range(self, grid: int) -> Enclosure:
        return Enclosure(ZERO, ZERO)

    def lipschitz(self, grid: int) -> fmpq | None:
        return None


def question(
    q: Scripted, constant: object = 1, p: object = 1, is_constant: bool = False, spread: object = 0
) -> Question:
    C = exact(constant)
    power = None if p is None else exact(p)
    return Question(q, 1, 2, power, Enclosure(C, C + exact(spread)), False, is_constant)


def judged(q: Scripted, **options: object):
    asked = question(q, **options)
    return answer(asked, scale(asked, 1), T, fmpq(100))


def test_proved_only_if_the_upper_end_is_below() -> None:
    q = Scripted(ends=lambda _: (1, 2), below=lambda _: 2, exact=True)
    # inexact ends are stated a little wider, so equality of scripted ends is just not enough
    assert judged(q).status is Status.UNDECIDED
    assert judged(q, constant="100001/100000").status is Status.PROVED
    assert judged(Scripted(ends=lambda _: (2, 2), below=lambda _: 2, exact=True)).status is Status.PROVED


def test_the_constants_ends_are_rounded_against_the_verdict() -> None:
    q = Scripted(ends=lambda _: (2, 2), below=lambda _: 1, above=lambda _: 1, exact=True)
    assert judged(q, constant=2).status is Status.PROVED
    assert judged(q, constant="199/100", spread="1/100").status is Status.UNDECIDED
    assert judged(q, constant="199/100", spread="2/100").status is Status.UNDECIDED
    assert judged(q, constant="198/100", spread="1/100").status is Status.REFUTED


@pytest.mark.parametrize(("p", "error", "constant"), [(2, 9, 3), (4, 81, 3), ("3/2", 27, 9), (None, 3, 3)])
def test_the_constant_is_raised_to_the_power(p: object, error: int, constant: int) -> None:
    q = Scripted(ends=lambda _: (error, error), below=lambda _: 1, above=lambda _: 1, exact=True)
    assert judged(q, p=p, constant=Fraction(constant) + Fraction(1, 1000)).status is Status.PROVED
    assert judged(q, p=p, constant=Fraction(constant) - Fraction(1, 1000)).status is Status.REFUTED


def test_refuted_only_beyond_the_upper_end_of_the_modulus() -> None:
    hopeless = {"ends": lambda _: (5, 5), "below": lambda _: 1}
    assert judged(Scripted(**hopeless, above=lambda _: 4)).status is Status.REFUTED
    assert judged(Scripted(**hopeless, above=lambda _: 5)).status is Status.UNDECIDED
    assert judged(Scripted(**hopeless)).status is Status.UNDECIDED
    found = judged(Scripted(**hopeless, above=lambda _: 4))
    assert found.above is not None
    assert 4 <= found.above < 4 + fmpq(1, 2**30)


def test_an_error_that_only_may_be_too_large_is_not_refuted() -> None:
    """Nor is one proved that only may be small enough."""
    assert (
        judged(Scripted(ends=lambda _: (3, 9), below=lambda _: 1, above=lambda _: 4)).status
        is Status.UNDECIDED
    )
    assert (
        judged(Scripted(ends=lambda _: (1, 9), below=lambda _: 4, above=lambda _: 4)).status
        is Status.UNDECIDED
    )


def test_a_modulus_of_zero_proves_only_an_error_of_zero() -> None:
    nothing = Scripted(ends=lambda _: (0, 1), below=lambda _: 0)
    assert judged(nothing).status is Status.UNDECIDED
    assert (
        judged(Scripted(ends=lambda _: (0, 0), below=lambda _: 0), is_constant=True).status is Status.PROVED
    )
    assert (
        judged(Scripted(ends=lambda _: (0, 1), below=lambda _: 9), is_constant=True).status
        is not Status.PROVED
    )


def test_grids_are_refined_until_decided() -> None:
    q = Scripted(ends=lambda g: (0, fmpq(8) / 2**g), below=lambda _: 1)
    assert judged(q).status is Status.PROVED
    assert q.seen[:5] == [0, 1, 2, 3, 4]  # then until the error is known


def test_grids_are_refined_until_the_error_is_known() -> None:
    q = Scripted(ends=lambda g: (2, 2 + fmpq(1) / 2**g), below=lambda _: 9)
    found = judged(q, p=2)
    assert (found.status, q.seen) == (Status.PROVED, [0, 1, 2, 3])  # 2 + 1/8 <= 2 (21/20)^2
    assert 2 + fmpq(1, 8) <= found.error.hi <= 2 + fmpq(1, 7)
    strips = Scripted(ends=lambda g: (2, 3 + fmpq(1) / 3**g), below=lambda _: 9)
    assert (judged(strips).status, strips.seen) == (Status.PROVED, [0, 1, 2, 3])


def test_decided_levels_are_refined_up_to_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Undecided ones go on: what is proved there never rests on fewer boxes."""
    monkeypatch.setattr(levels, "MOST_TIGHTENED", 2)
    q = Scripted(ends=lambda g: (2, 2 + fmpq(1) / 2**g), below=lambda _: 9)
    assert (judged(q).status, q.seen) == (Status.PROVED, [0, 1, 2])
    late = Scripted(ends=lambda g: (0, fmpq(8) / 2**g), below=lambda _: 1)
    assert (judged(late).status, late.seen) == (Status.PROVED, [0, 1, 2, 3, 4])


def test_the_budget_ends_it() -> None:
    q = Scripted(ends=lambda g: (0, 8), below=lambda g: g + 1, finest=3)
    found = judged(q)
    assert (found.status, found.reason, q.seen) == (Status.UNDECIDED, Reason.BUDGET, [0, 1, 2, 3])


def test_hopeless_questions_stop_early() -> None:
    q = Scripted(ends=lambda g: (7, 8), below=lambda _: 1)
    found = judged(q)
    assert (found.status, found.reason, q.seen) == (Status.UNDECIDED, Reason.NO_PROOF, [0, 1])


def test_the_modulus_decides_the_first_grid() -> None:
    q = Scripted(ends=lambda _: (0, fmpq(1, 2)), below=lambda g: 0 if g < 3 else 1)
    asked = question(q)
    first = scale(asked, 1)
    assert (first.refinement, first.lower, first.t) == (3, 1, fmpq(1, 2))
    assert answer(asked, first, T, None).status is Status.PROVED
    assert q.seen == [3, 4]  # the second to see that a finer grid does not help


def test_a_modulus_that_is_never_seen() -> None:
    q = Scripted(below=lambda _: 0, finest=2)
    assert scale(question(q), 0).lower == 0
    assert answer(question(q), scale(question(q), 0), T, None).status is Status.UNDECIDED


def test_errors_on_every_grid() -> None:
    undefined = Scripted(below=lambda _: _raise(DomainUndecided("log")), finest=2)
    with pytest.raises(OutOfBudget, match="level 1: log") as caught:
        scale(question(undefined), 1)
    assert caught.value.reason is Reason.DOMAIN
    late = Scripted(below=lambda g: _raise(DomainUndecided("log")) if g < 2 else fmpq(1))
    assert scale(question(late), 1).refinement == 2
    unbounded = Scripted(ends=lambda _: _raise(NotEnclosed("overflow")))
    with pytest.raises(OutOfBudget, match="overflow") as caught:
        judged(unbounded)
    assert caught.value.reason is Reason.PRECISION


@given(st.fractions(0, 9), st.fractions(0, 9), st.sampled_from([1, 2, 3, "3/2", None]), st.booleans())
def test_the_least_upper_bound_is_taken_and_rounded_up(
    direct: object, first: object, p: object, known: bool
) -> None:
    """ω_p(f, t) <= 2 ||f − c||_p for every constant c, so 2^p E_0 bounds the modulus too."""
    q = Scripted(above=lambda _: exact(direct) if known else None)
    asked = question(q, p=p)
    found = modulus_above(asked, scale(asked, 1), exact(first))
    exponent = 1 if p is None else exact(p)
    trivial_to = lambda x: x ** int(exponent.q) if p == "3/2" else x  # noqa: E731
    trivial = exact(first) * (2 if p is None else 8 if p == "3/2" else fmpq(2) ** int(exponent.p))
    if p == "3/2":
        trivial = exact(first) ** 2 * 8  # its square
    if known and trivial_to(exact(direct)) <= trivial:
        assert exact(direct) <= found <= exact(direct) * (1 + fmpq(1, 2**30))
    else:
        assert trivial_to(found) >= trivial
        assert trivial_to(found) <= trivial * (1 + fmpq(1, 2**30))
