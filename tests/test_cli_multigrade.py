"""`check multigrade` as scripts use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from verify.cli import main

TARGET = "abs(x0-1/3)*x1 + x1**2/4 - 1/5"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def check(*arguments: str) -> Result:
    return run("check", "multigrade", *arguments)


@pytest.mark.slow  # docs/multigrade.md shows the same
def test_the_issues_example(tmp_path: Path) -> None:
    path = str(tmp_path / "m.json")
    done = check("--target", TARGET, "--dim", "2", "--mesh", "1/4", "--sweeps", "5", "-o", path)
    assert done.exit_code == 0, done.output
    assert "width 5 <= 7: proved" in done.stdout
    assert "every number recomputed by the independent checker" in done.stdout
    rows = [
        line.split() for line in done.stdout.splitlines() if line.split()[1:2] and line.split()[1][:2] == "1/"
    ]
    assert [row[1] for row in rows] == ["1/4", "1/8", "1/16", "1/32", "1/64"]
    for row in rows:  # sup <=, K h_s, and their quotient
        assert float(row[3]) <= float(row[5])
        assert float(row[6]) == pytest.approx(float(row[3]) / float(row[5]), rel=2e-3)
    assert run("recheck", path).exit_code == 0


def test_json() -> None:
    done = check("--target", "x0 - 1/3", "--dim", "1", "--sweeps", "2", "--p", "3", "--json")
    assert done.exit_code == 0, done.output
    verdict = json.loads(done.stdout)
    assert verdict["claim"] == "multigrade"
    assert verdict["parameters"] == {"dim": 1, "mesh": 2, "sweeps": 2, "p": [1, 2, 3], "until": None}
    assert verdict["network"]["width"] == 4
    finding = {"property", "level", "status", "value", "bound", "ratio_upper", "reason"}
    assert all(set(f) == finding for f in verdict["findings"])
    assert {f["property"] for f in verdict["findings"]} >= {
        "pointwise",
        "decrease",
        "rate",
        "regions",
        "nested",
    }


def test_until_refuted_exits_with_1() -> None:
    done = check("--target", "tent", "--dim", "1", "--sweeps", "1", "--until", "1/1000")
    assert done.exit_code == 1
    assert "until: no level with a certified error <= 0.001: refuted" in done.stdout


def test_the_zero_function_has_no_grade() -> None:
    done = check("--target", "0", "--dim", "2")
    assert done.exit_code == 0, done.output
    assert "0 grades" in done.stdout


BAD = [
    (["--mesh", "2"], "mesh = 2"),
    (["--mesh", "0"], "mesh = 0"),
    (["--mesh", "x"], "mesh = x"),
    (["--sweeps", "0"], "sweeps = 0"),
    (["--sweeps", "40"], "sweeps = 40"),
    (["--p", "3/2"], "p = 3/2"),
    (["--until", "-1"], "until = -1"),
    (["--base", "3"], "--base = 3: multigrade has no such option"),
    (["--target", "corner-spike:eta=1/5"], "continuous"),
    (["--target", "log(x0)"], "log of 0"),
]


@pytest.mark.parametrize(("arguments", "named"), BAD, ids=lambda a: str(a)[:30])
def test_bad_input_is_one_line_and_exit_2(arguments: list[str], named: str) -> None:
    done = check("--target", "x0", "--dim", "1", *arguments)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert named in done.stderr


def test_a_claim_refuses_the_options_of_another() -> None:
    done = run("check", "geometric", "--target", "x0", "--dim", "1", "--mesh", "1/4")
    assert done.exit_code == 2
    assert "--mesh = 1/4: geometric has no such option; expected one of --base" in done.stderr


def test_what_cannot_be_enclosed_is_undecided() -> None:
    done = check("--target", "exp(800*x0)", "--dim", "1")
    assert done.exit_code == 3
    assert done.stderr.count("\n") == 1


def test_listings() -> None:
    assert "multigrade" in run("list").stdout
    assert "prefix" in run("show", "multigrade").stdout
