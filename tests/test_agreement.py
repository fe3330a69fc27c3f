"""Producer and checker, written apart from the same specification, agree on random small certificates."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from random_claims import claim_and_target, grades_and_target, products_and_target
from test_mutations import load_checker

from constructs.errors import ConstructError
from constructs.sine_search import SineSearchError
from verify.claims.levels import OutOfBudget

CHECKER = load_checker()


def agree(case: tuple) -> None:
    claim, target = case
    try:
        verdict = claim.judge(target)
    except OutOfBudget:
        return
    except SineSearchError:
        return
    except ConstructError as error:
        if "seen to be 0" not in str(error):
            raise
        return  # a slope that may be infinite where the norm wants it to be 0: refused
    assert CHECKER.recheck(json.dumps(verdict.certificate).encode()) == verdict.status.value


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(claim_and_target())
def test_checker_accepts_what_the_producer_states(case: tuple) -> None:
    agree(case)


@pytest.mark.slow
@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
@given(claim_and_target())
def test_checker_accepts_thousands(case: tuple) -> None:
    agree(case)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(grades_and_target())
def test_checker_accepts_multigrade(case: tuple) -> None:
    agree(case)


@pytest.mark.slow
@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
@given(grades_and_target())
def test_checker_accepts_thousands_of_multigrade(case: tuple) -> None:
    agree(case)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(products_and_target())
def test_checker_accepts_multiplicative(case: tuple) -> None:
    agree(case)


@pytest.mark.slow
@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
@given(products_and_target())
def test_checker_accepts_thousands_of_multiplicative(case: tuple) -> None:
    agree(case)
