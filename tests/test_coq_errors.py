"""Errors in L^p against the modulus of continuity in Coq files: the kernel accepts the honest ones, and no others."""

from __future__ import annotations

import copy
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from coq_missing import needs_coq
from flint import fmpq

from constructs import targets
from constructs.errors import ConstructError
from verify import claims
from verify.kernel import coq, library, mean_plans
from verify.kernel.error_export import error_file

SINE = "sin(7*x0)+2"
EXAMPLES: dict[
    str, tuple[str, int, int, Any, dict[str, Any]]
] = {  # text, dimension, levels, p, other parameters
    "p = 1": (SINE, 1, 3, 1, {}),
    "p = 2": (SINE, 1, 3, 2, {"base": 3, "constant": "sharp"}),
    "p = 3": ("sqrt(x0+1)*exp(-x0)", 1, 2, 3, {}),
    "p = inf": (SINE, 1, 3, "inf", {"constant": "sharp"}),
    "no bound at every point": ("sqrt(x0)*x1", 2, 2, 2, {}),
    "two variables": ("max(x0, x1**2) + tanh(x1)", 2, 2, 2, {}),
    "euclidean": ("exp(x0)*cos(2*x1)", 2, 2, 2, {"modulus": "euclidean"}),
    "two variables, p = inf": ("x0*x1 - abs(x0-1/3)/2", 2, 2, "inf", {"modulus": "euclidean"}),
}


@cache
def certificate(name: str) -> dict[str, Any]:
    text, dim, levels, p, options = EXAMPLES[name]
    claim = claims.geometric(
        options.get("base", 2), levels, p, **{k: options[k] for k in options if k != "base"}
    )
    return claim.judge(targets.expression(text, dim)).certificate


def accepts(text: str, tmp_path: Path) -> bool:
    file = tmp_path / "Certificate.v"
    file.write_text(text)
    ran = coq.compile_file(file, library.compiled(lambda _: None), 300)
    assert "Syntax error" not in ran.error
    assert ran.accepted or re.search(r'eq_refl"? has type', ran.error), ran.error
    return ran.accepted


@needs_coq
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_kernel_accepts(name: str, tmp_path: Path) -> None:
    text = error_file(certificate(name))
    assert f"levels 0 to {EXAMPLES[name][2]}." in " ".join(text.split())
    assert accepts(text, tmp_path)


def changed(text: str, pattern: str, factor: fmpq) -> str:
    """A rational number multiplied; the first one that the pattern finds."""

    def times(found: re.Match[str]) -> str:
        value = fmpq(int(found[2]), int(found[3])) * factor
        return f"{found[1]}({value.p} # {value.q})"

    new, count = re.subn(pattern + r"\((\d+) # (\d+)\)", times, text, count=1)
    assert count == 1
    return new


CONSTANT = r"(Definition constant : Q := )"
MODULUS = r"(MeanData \[[^\]]*\] )"


@needs_coq
@pytest.mark.parametrize(
    ("name", "pattern", "factor"),
    [
        ("p = 1", CONSTANT, fmpq(1, 8)),
        ("p = 2", CONSTANT, fmpq(1, 2)),
        ("p = inf", CONSTANT, fmpq(1, 2)),
        ("two variables", CONSTANT, fmpq(1, 8)),
        ("p = 1", MODULUS, fmpq(2)),
        ("p = 3", MODULUS, fmpq(3)),
        ("euclidean", MODULUS, fmpq(3)),
        ("p = 2", MODULUS, fmpq(1, 8)),  # C^p m is then too small
        ("p = 2", r"(MeanData \[)", fmpq(3)),  # a longer shift
    ],
)
def test_no_smaller_constant_no_larger_modulus(name: str, pattern: str, factor: fmpq, tmp_path: Path) -> None:
    assert not accepts(changed(error_file(certificate(name)), pattern, factor), tmp_path)


@needs_coq
def test_fewer_levels_where_boxes_do_not_suffice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(mean_plans, "MOST_BOXES", 64)
    text = error_file(certificate("two variables"))
    assert "levels 0 to 1. Not of level 2 on: " in " ".join(text.split())
    assert accepts(text, tmp_path)
    monkeypatch.setattr(mean_plans, "MOST_BOXES", 4)
    with pytest.raises(ConstructError, match="level 0"):
        error_file(certificate("two variables"))


def test_what_is_not_written() -> None:
    claim = claims.geometric(2, 1, fmpq(3, 2))
    with pytest.raises(ConstructError, match="3/2: expected an integer from 1 up to 8"):
        error_file(claim.judge(targets.expression(SINE, 1)).certificate)


@pytest.mark.parametrize("change", [{"constant": ["1/1000", "1/1000"]}, {"level": 7}, {"status": "unknown"}])
def test_a_level_that_states_something_else_is_left_out(change: dict[str, Any]) -> None:
    content = copy.deepcopy(certificate("p = 1"))
    errors = [finding for finding in content["findings"] if finding["property"] == "error"]
    errors[2].update(change)
    text = " ".join(error_file(content).split())
    assert "levels 0 to 1. Not of level 2 on" in text
    assert "l <= 1)%nat -> error_in_mean" in text


def test_a_smaller_constant_for_the_supremum_is_refused() -> None:
    content = copy.deepcopy(certificate("p = inf"))
    errors = [finding for finding in content["findings"] if finding["property"] == "error"]
    errors[2]["constant"] = ["1/1000", "1/1000"]
    with pytest.raises(ConstructError, match="plain enclosures"):
        error_file(content)


def test_exchanged_levels_are_taken_by_their_numbers() -> None:
    honest, content = certificate("p = 1"), copy.deepcopy(certificate("p = 1"))
    content["findings"].reverse()
    assert error_file(content) == error_file(honest)


def test_another_constant_in_the_claim_is_not_passed_over() -> None:
    content = copy.deepcopy(certificate("p = 1"))
    content["claim"]["parameters"]["constant"] = "1/1000"
    with pytest.raises(ConstructError, match="claim's constant"):
        error_file(content)


def test_two_errors_of_one_level() -> None:
    content = copy.deepcopy(certificate("p = 1"))
    content["findings"] += [f for f in content["findings"] if f["property"] == "error"]
    with pytest.raises(ConstructError, match="one of each level"):
        error_file(content)


def test_no_power_zero() -> None:
    content = copy.deepcopy(certificate("p = 1"))
    content["claim"]["parameters"]["p"] = "0"
    with pytest.raises(ConstructError, match="from 1 up to 8"):
        error_file(content)
