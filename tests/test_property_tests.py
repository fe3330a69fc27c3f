"""Property tests of claims: a false claim is caught and shown, a true one passes, the example of the docs runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs import targets
from constructs.errors import ConstructError
from constructs.targets.base import Target
from verify import certificate, claims
from verify.progress import Notify, silent
from verify.strategies import (
    NotHeld,
    expression_targets,
    geometric_claims,
    holder_targets,
    kuhn_targets,
    property_test,
    spike_targets,
    step_targets,
)
from verify.strategies.shown import shown_target
from verify.verdict import Verdict

ROOT = Path(__file__).parent.parent
DOCS = (ROOT / "docs" / "property-tests.md").read_text(encoding="utf-8")
STEEP = kuhn_targets(dim=1, lipschitz=1)


@dataclass(frozen=True)
class Counting:
    """A claim of a user's own, of which nothing but the protocol is known: a geometric one that counts."""

    seen: list[Target]
    constant: str = "paper"
    name: str = "counting"

    @property
    def inner(self) -> Any:
        return claims.geometric(levels=1, constant=self.constant)

    def parameters(self, dim: int) -> dict[str, Any]:
        return self.inner.parameters(dim)

    def judge(self, target: Target, notify: Notify = silent) -> Verdict:
        self.seen.append(target)
        return replace(self.inner.judge(target, notify), claim=self.name)


def message(test: Any) -> str:
    with pytest.raises(NotHeld) as caught:
        test()
    return str(caught.value)


def test_a_false_claim_is_caught_and_shown_at_its_smallest() -> None:
    shown = message(property_test(claims.geometric(levels=0, constant="1/10"), STEEP, examples=10)).split(
        "\n"
    )
    assert shown[0].startswith("refuted: geometric(dim=1, base=2, levels=0, p='2', ")
    assert "constant='1/10'" in shown[0]
    assert shown[1] == "  about targets.kuhn(1, [0, 1])"
    found = re.fullmatch(
        r"  error, level 0: refuted; value in \[(.*), (.*)\], bound in \[(.*), (.*)\]", shown[2]
    )
    assert found is not None
    # ||x − 1/2||_2 = 12^(-1/2); the modulus at t = 1 is at most 1, and at least ||1/2||_2 on [0, 1/2]
    low, high, least, most = map(float, found.groups())
    assert low <= 12**-0.5 <= high
    assert least * 1.001 >= 0.1 * 8**-0.5
    assert least <= most <= 0.1
    assert high - low < 1e-3
    assert len(shown) == 3


def test_a_true_claim_passes_and_every_example_is_judged() -> None:
    claim = Counting([])
    test = property_test(claim, STEEP, examples=5)
    assert test() is None
    assert len(claim.seen) == 5
    assert all(f.lipschitz() <= 1 for f in claim.seen if isinstance(f, targets.KuhnTarget))
    assert getattr(test, "is_hypothesis_test", False)


def test_a_false_claim_of_ones_own_is_caught() -> None:
    shown = message(property_test(Counting([], "1/10"), spike_targets(1), examples=5))
    assert shown.startswith("refuted: counting(dim=1, ")
    assert "about targets.step(([1/2], [1, 0]))".replace("1/2", "'1/2'") in shown


def test_drawn_parameters_shrink_too() -> None:
    wrong = geometric_claims(1).map(lambda claim: replace(claim, constant=claim.tolerance / 16))
    shown = message(property_test(wrong, STEEP, examples=10))
    assert "base=2, levels=0, p='1', digits='floor', decoder='bits', constant='1/256'" in shown
    assert "about targets.kuhn(1, [0, 1])" in shown


def test_undecided_is_counted_and_fails_if_asked_to() -> None:
    claim = claims.multiplicative(mesh="1/2")
    some = step_or_smooth()
    property_test(claim, some, examples=8)()
    assert "undecided: multiplicative(dim=1, mesh=2, " in message(
        property_test(claim, some, examples=8, undecided_fails=True)
    )


def step_or_smooth() -> st.SearchStrategy[Target]:
    """A parabola is undecided, and a sine is proved (tests/instances.py)."""
    return st.sampled_from([targets.expression(text, 1) for text in ("exp(-2*x0**2)", "x0**2")])


def test_nothing_decided_is_no_success() -> None:
    shown = message(property_test(claims.multiplicative(mesh="1/2"), holder_targets(1), examples=3))
    assert re.fullmatch(
        "nothing was decided: [1-3] examples, all undecided; undecided_fails=True shows one", shown
    )


def test_what_is_beyond_the_budget_is_undecided() -> None:
    shown = message(
        property_test(claims.multiplicative(mesh="1/2"), holder_targets(1), examples=3, undecided_fails=True)
    )
    assert "about targets.expression('0+abs(x0-0)**(1/2)', dim=1)" in shown
    assert "not bounded" in shown


def test_a_rejected_certificate_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other = tmp_path / "check.py"
    other.write_text("raise SystemExit('no such claim')\n")
    monkeypatch.setattr(certificate, "CHECKER", other)
    shown = message(property_test(claims.geometric(levels=0), STEEP, examples=1))
    assert shown.startswith("not accepted by the independent checker: geometric(")
    assert "no such claim" in shown


def test_targets_that_the_claim_is_not_about() -> None:
    with pytest.raises(ConstructError, match="a continuous target"):
        property_test(claims.multigrade(), spike_targets(1), examples=1)()


@pytest.mark.parametrize(
    ("claim", "drawn", "examples", "expected"),
    [
        ("geometric", STEEP, 1, "claim = geometric: expected an object with name, parameters and judge"),
        (claims.geometric(), targets.kuhn(1, [0, 1]), 1, "targets = .*: expected a strategy"),
        (claims.geometric(), STEEP, 0, "examples = 0"),
    ],
)
def test_bad_arguments(claim: Any, drawn: Any, examples: int, expected: str) -> None:
    with pytest.raises(ConstructError, match=expected):
        property_test(claim, drawn, examples=examples)


@settings(max_examples=40)
@given(st.integers(1, 3).flatmap(lambda d: kuhn_targets(d) | step_targets(d) | expression_targets(d)))
def test_shown_targets_are_python(f: Target) -> None:
    made = eval(shown_target(f), {"targets": targets})  # noqa: S307
    assert made.specification() == f.specification()


@pytest.mark.pages
def test_the_example_of_the_docs(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```python\n(.*?)^```", DOCS, re.MULTILINE | re.DOTALL)
    (shown,) = re.findall(r"^```text\n(.*?)^```", DOCS, re.MULTILINE | re.DOTALL)
    (tmp_path / "test_mine.py").write_text(example, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--hypothesis-show-statistics"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "300"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert "1 failed, 2 passed" in done.stdout, done.stdout + done.stderr
    said = [line.removeprefix("E").strip() for line in done.stdout.splitlines()]
    for line in shown.splitlines():
        assert any(other.endswith(line.strip()) for other in said), line
    assert "* 100.00%, proved" in said


def test_without_hypothesis_only_the_strategies_are_missing() -> None:
    code = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "import verify.cli, verify.judging, verify.claims\n"
        "try: import verify.strategies\n"
        "except ImportError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == (
        "verify.strategies needs Hypothesis, which is not installed: pip install 'approxcert[hypothesis]'\n"
    )
