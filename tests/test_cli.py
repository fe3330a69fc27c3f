"""The command line as scripts use it: exit statuses, one line of diagnosis, one JSON object, no half-written files."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from verify.cli import main

FAITHFUL = ["--digits", "relu", "--decoder", "two-sine"]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def check(*arguments: str) -> Result:
    return run("check", "geometric", *arguments)


def test_the_issues_first_example(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    done = check(
        "--target", "abs(x0 - 1/3)", "--dim", "1", "--levels", "6", "--p", "2", *FAITHFUL, "-o", str(path)
    )
    assert done.exit_code == 0, done.output
    assert "width 7 <= 7: proved" in done.stdout
    assert run("recheck", str(path)).exit_code == 0
    assert list(tmp_path.iterdir()) == [path]


def test_the_issues_second_example(tmp_path: Path) -> None:
    path = str(tmp_path / "c.json")
    target = "abs(x0-1/3)*x1 + x1**2/4"
    done = check("--target", target, "--dim", "2", "--base", "2", "--levels", "3", *FAITHFUL, "-o", path)
    assert done.exit_code == 0, done.output
    assert "width 11 <= 12: proved" in done.stdout
    assert run("recheck", path).exit_code == 0


def test_the_issues_third_example() -> None:
    target = "sin(3*x0)*x1 + abs(x0-1/3)"
    done = check("--target", target, "--dim", "2", "--base", "2", "--levels", "8", "--p", "1", "--json")
    assert done.exit_code == 0, done.output
    verdict = json.loads(done.stdout)
    assert verdict["network"]["width"] == 10
    assert {f["status"] for f in verdict["findings"]} == {"proved"}
    assert [f["level"] for f in verdict["findings"] if f["property"] == "error"] == list(range(9))


def test_a_refutation_rechecks(tmp_path: Path) -> None:
    path = str(tmp_path / "c.json")
    assert check("--target", "tent", "--dim", "1", "--constant", "1/10", "-o", path).exit_code == 1
    again = run("recheck", path, "--json")
    assert again.exit_code == 1
    assert json.loads(again.stdout)["status"] == "refuted"


def test_undecided_exits_with_3() -> None:
    done = check("--target", "sin(20*x0)", "--dim", "1", "--levels", "1", "--constant", "1/2")
    assert done.exit_code == 3
    assert "undecided (no-proof)" in done.stdout


def test_json_is_one_object_with_the_stated_keys() -> None:
    done = check("--target", "x0", "--dim", "1", "--levels", "1", "--json", "--no-recheck")
    verdict = json.loads(done.stdout)
    keys = {"claim", "status", "parameters", "network", "findings", "seconds", "certificate"}
    assert set(verdict) == keys
    network = {"width", "width_stated", "depth", "neurons", "parameters", "weight_bits"}
    assert set(verdict["network"]) == network
    finding = {"property", "level", "status", "value", "bound", "ratio_upper", "reason"}
    assert all(set(f) == finding for f in verdict["findings"])


BAD = [
    (["--base", "1"], "base = 1"),
    (["--levels", "-1"], "levels = -1"),
    (["--levels", "x"], "--levels"),
    (["--levels", "60"], "levels = 60"),
    (["--p", "1/2"], "p = 1/2"),
    (["--p", "nan"], "p = nan"),
    (["--p", "inf", "--digits", "relu"], "p = inf"),
    (["--digits", "unary"], "digits = unary"),
    (["--decoder", "sine"], "decoder = sine"),
    (["--constant", "0"], "constant = 0"),
    (["--modulus", "l1"], "modulus = l1"),
    (["--tolerance", "-1/2"], "tolerance = -1/2"),
    (["--until", "inf"], "until = inf"),
    (["--dim", "0"], "dim = 0"),
    (["--dim", "11"], "dim = 11"),
    (["--target", "x1"], "x1"),
    (["--target", "log(x0)"], "log of 0"),
    (["--target", "1/x0"], "division by 0"),
    (["--target", "sqrt(2)"], "sqrt(2)"),
    (["--target", "x0**10**10"], "exponent"),
    (["--target", "__import__('os')"], "expression"),
    (["--target", "(" * 100_000], "expression"),
    (["--target", "tnet"], "tent"),
    (["--target", "tent:x=1"], "tent"),
    (["--target", "@missing.json"], "missing.json"),
    (["--target", "x0", "-o", "/nowhere/at/all.json"], "output"),
    (["--target", "x0", "-o", "/"], "output"),
    (["--unknown"], "--unknown"),
]


@pytest.mark.parametrize(("arguments", "named"), BAD, ids=lambda a: str(a)[:30])
def test_bad_input_is_one_line_and_exit_2(arguments: list[str], named: str) -> None:
    done = check("--target", "x0", "--dim", "1", *arguments)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert done.stderr.startswith("approxcert: ")
    assert done.stderr.count("\n") == 1
    assert named in done.stderr


def test_unknown_claims_verbs_and_files() -> None:
    assert "did you mean 'geometric'" in run("check", "geometrc", "--target", "x0", "--dim", "1").stderr
    assert run("show", "nothing").exit_code == 2
    assert run("frobnicate").exit_code == 2
    assert run().exit_code == 2
    missing = run("recheck", "/nowhere.json")
    assert (missing.exit_code, missing.stderr.count("\n")) == (2, 1)


def test_a_missing_weight_is_undecided_and_says_how_far_it_got(monkeypatch: pytest.MonkeyPatch) -> None:
    from constructs import two_sine

    monkeypatch.setattr(two_sine.TwoSineDecoder.__init__, "__defaults__", (20, 5.0, "two-sine"))
    done = check("--target", "x0**2 + abs(x0-1/3)", "--dim", "1", "--levels", "5", *FAITHFUL)
    assert done.exit_code == 3
    assert "cells" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_rejecting_checker_means_undecided(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from verify import certificate

    liar = tmp_path / "check.py"
    liar.write_text("import sys\nprint('rejected: somewhere', file=sys.stderr)\nsys.exit(2)\n")
    monkeypatch.setattr(certificate, "CHECKER", liar)
    path = tmp_path / "c.json"
    done = check("--target", "x0", "--dim", "1", "-o", str(path))
    assert done.exit_code == 3
    assert "rejected: somewhere" in done.stdout
    assert not path.exists()


def test_listings() -> None:
    assert run("list").stdout.startswith("geometric ")
    assert "2dN + d + 2" in run("show", "geometric").stdout
    assert "corner-spike:eta=" in run("targets").stdout
    assert run("--help").exit_code == run("check", "--help").exit_code == run("--version").exit_code == 0


def test_help_loads_no_heavy_module() -> None:
    code = "import sys, verify.cli; print(sorted({'numpy', 'flint', 'sympy', 'rich', 'ival'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_progress_goes_to_a_terminal_on_stderr_only() -> None:
    command = ["check", "geometric", "--target", "x0", "--dim", "1", "--levels", "2", "--json"]
    ours, theirs = pty.openpty()
    call = [sys.executable, "-m", "verify.cli", *command]
    done = subprocess.run(call, stdout=subprocess.PIPE, stderr=theirs, stdin=subprocess.DEVNULL, check=True)
    os.close(theirs)
    json.loads(done.stdout)
    os.close(ours)
