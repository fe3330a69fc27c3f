"""Statuses, and floats that are rounded outward."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st
from oracles import fraction, table

from constructs.targets.kuhn import KuhnTarget
from verify import claims
from verify.powers import Enclosure
from verify.verdict import Finding, Reason, Status, float_above, float_below, overall

P, R, U = Status.PROVED, Status.REFUTED, Status.UNDECIDED
rationals = st.builds(
    lambda n, q, k: fmpq(n, q) * fmpq(2) ** k, st.integers(), st.integers(1), st.integers(-2000, 2000)
)


def findings(*statuses: Status) -> tuple[Finding, ...]:
    return tuple(Finding("error", k, status, {}) for k, status in enumerate(statuses))


@pytest.mark.parametrize(
    ("statuses", "whole"),
    [((), U), ((P,), P), ((P, P), P), ((P, U), U), ((U, R, P), R), ((R,), R), ((U,), U), ((P, R), R)],
)
def test_only_all_proved_is_proved(statuses: tuple[Status, ...], whole: Status) -> None:
    assert overall(findings(*statuses)) is whole


def test_exit_codes() -> None:
    assert [s.exit_code for s in (P, R, U)] == [0, 1, 3]


def test_a_rejected_certificate_proves_nothing() -> None:
    verdict = claims.geometric(2, 1).judge(KuhnTarget(1, table([0, 1])))
    assert verdict.status is P
    assert verdict.checked == "not rechecked by the independent checker"
    assert replace(verdict, accepted=False, rejected="findings[3]").status is U
    assert replace(verdict, findings=()).status is U
    assert replace(verdict, findings=(*verdict.findings, *findings(R)), rejected="no").status is U
    shown = replace(verdict, accepted=False, rejected="findings[3]").to_json(None)
    assert (shown["status"], shown["rejected"]) == ("undecided", "findings[3]")
    assert verdict.certificate["status"] == "proved"


@given(rationals)
def test_floats_are_rounded_outward(x: fmpq) -> None:
    below, above = float_below(x), float_above(x)
    truth = fraction(x)
    assert below == -math.inf or Fraction(below) <= truth
    assert above == math.inf or truth <= Fraction(above)
    assert math.nextafter(math.nextafter(below, math.inf), math.inf) >= above
    assert math.copysign(1, above) > 0 or above != 0


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_are_kept(x: float) -> None:
    exact = fmpq(*x.as_integer_ratio())
    assert float_below(exact) == float_above(exact) == x


def test_beyond_the_floats() -> None:
    huge = fmpq(10) ** 400
    assert (float_below(huge), float_above(huge)) == (1.7976931348623157e308, math.inf)
    assert (float_below(-huge), float_above(-huge)) == (-math.inf, -1.7976931348623157e308)
    assert float_above(1 / huge) == 5e-324
    assert float_below(1 / huge) == 0


def test_what_a_finding_says() -> None:
    finding = Finding(
        "error",
        2,
        U,
        {"grid": 4},
        Reason.BUDGET,
        Enclosure(fmpq(1, 3), fmpq(2, 3)),
        Enclosure.exact(fmpq(1)),
        fmpq(1, 3),
    )
    assert finding.to_certificate() == {
        "property": "error",
        "level": 2,
        "status": "undecided",
        "reason": "budget",
        "established_by": "checker",
        "grid": 4,
    }
    shown = finding.to_json()
    assert Fraction(shown["value"][0]) < Fraction(1, 3)
    assert Fraction(2, 3) < Fraction(shown["value"][1])
    assert Fraction(1, 3) < Fraction(shown["ratio_upper"])
    assert (shown["bound"], shown["reason"]) == ([1.0, 1.0], "budget")
