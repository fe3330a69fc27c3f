"""Step targets in Coq files, errors in L^p of functions that jump: the kernel accepts the honest ones, no others."""

from __future__ import annotations

import itertools
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from coq_literals import rational
from coq_missing import needs_coq
from flint import fmpq

from constructs.errors import ConstructError
from constructs.targets.specification import from_specification
from constructs.targets.step import StepTarget
from verify import claims
from verify.kernel import coq, library
from verify.kernel.error_export import error_file
from verify.kernel.export import WRITERS
from verify.kernel.mean_targets import MeanStep


def steps(*axes: tuple[list[str], list[Any]]) -> StepTarget:
    target = from_specification(
        {"kind": "step", "dim": len(axes), "axes": [{"breaks": b, "values": v} for b, v in axes]}
    )
    assert isinstance(target, StepTarget)
    return target


JUMPS = steps((["1/5", "3/7", "2/3"], [0, 2, -1, "1/2"]))
TWO = steps((["1/3"], [1, 0]), (["1/4", "5/7"], ["-1/2", 1, "3/2"]))
EXAMPLES: dict[str, tuple[StepTarget, int, int, Any]] = {  # target, base, levels, p
    "p = 1": (JUMPS, 2, 4, 1),
    "p = 2": (JUMPS, 3, 3, 2),
    "two variables": (TWO, 2, 2, 1),
    "spike": (steps((["1/8"], [1, 0]), (["1/8"], [1, 0])), 2, 3, 2),
}


@cache
def certificate(name: str) -> dict[str, Any]:
    target, base, levels, p = EXAMPLES[name]
    return claims.geometric(base, levels, p).judge(target).certificate


def accepts(text: str, tmp_path: Path) -> bool:
    file = tmp_path / "Certificate.v"
    file.write_text(text)
    ran = coq.compile_file(file, library.compiled(lambda _: None), 300)
    assert ran.accepted or re.search(r'eq_refl"? has type', ran.error), ran.error
    return ran.accepted


@needs_coq
@pytest.mark.parametrize(
    "name", ["p = 1", *(pytest.param(name, marks=pytest.mark.slow) for name in EXAMPLES if name != "p = 1")]
)
def test_the_kernel_accepts(name: str, tmp_path: Path) -> None:
    text = WRITERS["geometric"](certificate(name))
    assert f"levels 0 to {EXAMPLES[name][2]}." in text
    assert "No bound at every point: target = step" in text
    assert "Theorem errors_in_mean" in text
    assert accepts(text, tmp_path)


@needs_coq
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r"(constant : Q := )\((\d+) # (\d+)\)", r"\1(\2 # 10)"),
        (r"(\(\(0 # 1\), \[\(\(1 # 5\), )\(2 # 1\)", r"\1(40 # 1)"),  # a value of f
        pytest.param(r"\(3 # 7\), \(-1 # 1\)", "(1 # 100), (-1 # 1)", marks=pytest.mark.slow),  # a break of f
        pytest.param(r"(MeanData \[[^\]]*\] )\((\d+) # ", r"\1(4\2 # ", marks=pytest.mark.slow),
    ],
)
def test_another_number_is_rejected(old: str, new: str, tmp_path: Path) -> None:
    honest = error_file(certificate("p = 1"))
    changed, count = re.subn(old, new, honest, count=1)
    assert count == 1
    assert not accepts(changed, tmp_path)


@needs_coq
def test_f_is_the_target(tmp_path: Path) -> None:
    """Also at its breaks, and at the ends of the interval."""
    places = [fmpq(0), *JUMPS.axes[0][0], fmpq(1, 2), fmpq(66, 100), fmpq(1)]
    goals = [
        f"Goal f [Q2R {rational(t)}] = Q2R {rational(JUMPS.exact([t]))}.\n"
        "Proof.\n  unfold f, axes, step_target; cbn [fst snd steps_at].\n"
        "  repeat match goal with |- context [Rlt_dec ?a ?b] => destruct (Rlt_dec a b) end;\n"
        "  unfold Q2R in *; simpl in *; lra.\nQed.\n"
        for t in places
    ]
    file = tmp_path / "Target.v"
    head = (
        "From Coq Require Import Reals QArith Qreals List Lra.\nFrom Approxcert Require Import StepTarget.\n"
    )
    head += "Import ListNotations.\nOpen Scope R_scope.\n" + "\n".join(MeanStep(JUMPS).definitions) + "\n"
    file.write_text(head + "".join(goals))
    ran = coq.compile_file(file, library.compiled(lambda _: None), 300)
    assert ran.accepted, ran.error


@pytest.mark.parametrize("grid", [1, 3, 4, 7, 20])
@pytest.mark.parametrize("target", [JUMPS, TWO])
def test_ranges_on_closed_boxes(target: StepTarget, grid: int) -> None:
    """The least and the largest value at the breaks and the corners in a closed box, and between all of these."""
    ends = MeanStep(target).closed_ends(grid)
    lo, hi = (np.broadcast_to(end, (grid,) * target.dim) for end in ends)
    for box in itertools.product(range(grid), repeat=target.dim):
        axes = [_places(breaks, k, grid) for k, (breaks, _) in zip(box, target.axes, strict=True)]
        values = [target.exact(x) for x in itertools.product(*axes)]
        assert (lo[box], hi[box]) == (_near(min(values)), _near(max(values)))


def _places(breaks: tuple[fmpq, ...], k: int, grid: int) -> list[fmpq]:
    left, right = fmpq(k, grid), fmpq(k + 1, grid)
    marks = [left, *(b for b in breaks if left < b < right), right]
    return [*marks, *((a + b) / 2 for a, b in itertools.pairwise(marks))]


def _near(value: fmpq) -> Any:
    return pytest.approx(int(value.p) / int(value.q), abs=1e-15)


def test_what_is_not_written() -> None:
    with pytest.raises(ConstructError, match="for p = inf against the modulus in Coq"):
        error_file(claims.geometric(2, 1, "inf").judge(JUMPS).certificate)
    many = steps(([f"{k}/66" for k in range(1, 66)], [k % 2 for k in range(66)]))
    with pytest.raises(ConstructError, match="65 breaks: expected at most 64"):
        MeanStep(many)
