"""Claims of one's own: producer and checker agree, and no point contradicts them."""

from __future__ import annotations

import json
from fractions import Fraction
from unittest import mock

import pytest
from brute_own import contradictions, number
from hypothesis import HealthCheck, given, settings
from random_own import Case, cases
from test_mutations import load_checker

from verify.own import box_errors

CHECKER = load_checker()


def agree(case: Case) -> None:
    with mock.patch.object(box_errors, "MOST_WORK", 1 << 13):  # many conditions on boxes: coarse ones
        judged_twice(case)


def judged_twice(case: Case) -> None:
    """Without knowing the errors, then with bounds at them."""
    first = case.judged([Fraction(0)])
    ends = [number(e) for f in first.findings[:1] for e in f.stated["error"] if e is not None]
    bounds = sorted({b for e in ends for b in (e, e * (1 - case.jitter), e + case.jitter)})
    for verdict in (first, case.judged(bounds)):
        text = json.dumps(verdict.certificate).encode()
        assert CHECKER.recheck(text) == verdict.certificate["status"] == verdict.status.value
    assert contradictions(verdict.certificate) == []


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_checker_accepts_claims_of_ones_own(case: Case) -> None:
    agree(case)


@pytest.mark.slow
@settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_checker_accepts_thousands_of_claims_of_ones_own(case: Case) -> None:
    agree(case)
