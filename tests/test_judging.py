"""Nothing is shown as proved before the checker has accepted it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from constructs import targets
from verify import certificate, claims
from verify.judging import check
from verify.verdict import Status

F = targets.expression("abs(x0 - 1/3)", dim=1)


def test_accepted_by_the_checker() -> None:
    verdict = check(claims.geometric(levels=1), F)
    assert (verdict.status, verdict.accepted) == (Status.PROVED, True)
    assert "recomputed" in verdict.checked


def test_without_recheck_it_says_so() -> None:
    verdict = check(claims.geometric(levels=1), F, recheck=False)
    assert verdict.accepted is None
    assert verdict.checked.startswith("not rechecked")


@pytest.mark.parametrize("code", [1, 2, 3, 77])
def test_any_other_answer_makes_it_undecided(
    code: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "check.py"
    other.write_text(f"raise SystemExit({code})\n")
    monkeypatch.setattr(certificate, "CHECKER", other)
    verdict = check(claims.geometric(levels=1), F)
    assert (verdict.status, verdict.accepted) == (Status.UNDECIDED, False)
    assert str(code) in str(verdict.rejected)


def test_a_crashing_checker_makes_it_undecided(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other = tmp_path / "check.py"
    other.write_text("import no_such_module\n")
    monkeypatch.setattr(certificate, "CHECKER", other)
    assert check(claims.geometric(levels=1), F).status is Status.UNDECIDED


def test_check_is_the_function_whatever_was_imported_before() -> None:
    code = (
        "import verify.check; from verify.check import recheck; from verify import check\n"
        "print(check.__name__, recheck.__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "check recheck\n"


def test_running_the_checker_as_a_module_loads_neither_package() -> None:
    code = (
        "import sys, runpy; sys.argv = ['check', '/nowhere']\n"
        "try: runpy.run_module('verify.check', run_name='__main__')\n"
        "except SystemExit as end: print(end.code)\n"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in ('constructs', 'flint', 'numpy')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "2\n[]\n"
