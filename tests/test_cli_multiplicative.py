"""`check multiplicative` as scripts use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from verify.cli import main

BELL = "exp(-8*((x0-1/2)**2+(x1-1/2)**2))"
BUMP = "4096*(x0*(1-x0)*x1*(1-x1))**3"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def check(*arguments: str) -> Result:
    return run("check", "multiplicative", *arguments)


@pytest.mark.parametrize(
    ("target", "degree", "norm"),
    [
        pytest.param(BELL, "1", "sup", marks=pytest.mark.slow),
        pytest.param(BELL, "1", "zygmund:1/2", marks=pytest.mark.slow),  # also in docs/multiplicative.md
        pytest.param(BUMP, "1", "bessel:1/2", marks=pytest.mark.slow),
        (BUMP, "2", "bessel:3/2"),
    ],
)
def test_the_issues_examples(target: str, degree: str, norm: str, tmp_path: Path) -> None:
    path = str(tmp_path / "p.json")
    done = check(
        "--target", target, "--dim", "2", "--mesh", "1/16", "--degree", degree, "--norm", norm, "-o", path
    )
    assert done.exit_code == 0, done.output
    assert "sup |e|" in done.stdout
    assert "every number recomputed by the independent checker" in done.stdout
    kind, _, s = norm.partition(":")
    assert {"zygmund": f"[e]_{s}", "bessel": f"|e|_H^{s}"}.get(kind, "") in done.stdout
    assert run("recheck", path).exit_code == 0


def test_a_ladder_and_an_order_one_too_high(tmp_path: Path) -> None:
    path = str(tmp_path / "l.json")
    common = ("--target", "sin(3*x0)", "--dim", "1", "--mesh", "1/8", "--degree", "1", "--ladder", "3")
    done = check(*common, "-o", path)
    assert done.exit_code == 0, done.output
    assert "mesh 1/32: everything proved" in done.stdout
    assert run("recheck", path).exit_code == 0
    assert check(*common, "--order", "3", "-o", path).exit_code == 1
    assert run("recheck", path).exit_code == 1


def test_a_support_one_cell_too_small() -> None:
    done = check("--target", "sin(3*x0)", "--dim", "1", "--support", "1")
    assert done.exit_code == 1
    assert "support 2 <= 1: refuted" in done.stdout


def test_json() -> None:
    done = check("--target", "sin(x0)", "--dim", "1", "--mesh", "1/4", "--degree", "2", "--json")
    assert done.exit_code == 0, done.output
    verdict = json.loads(done.stdout)
    assert verdict["parameters"] == {"dim": 1, "mesh": 4, "degree": 2, "norm": "sup", "s": None, "support": 3}
    assert verdict["network"]["width_stated"] is None
    assert [f["property"] for f in verdict["findings"]][-2:] == ["locality", "sup"]


def test_what_cannot_be_decided_exits_with_3() -> None:
    assert check("--target", "x0**2", "--dim", "1", "--mesh", "1/2").exit_code == 3
    done = check("--target", "sqrt(x0)", "--dim", "1")
    assert done.exit_code == 3
    assert "gradient is not bounded" in done.stderr
    assert done.stderr.count("\n") == 1


BAD = [
    (["--mesh", "2"], "mesh = 2"),
    (["--degree", "4"], "degree = 4"),
    (["--degree", "3", "--mesh", "1/2"], "mesh = 2"),
    (["--norm", "bessel:1/2"], "boundary"),
    (["--norm", "sobolev"], "norm = sobolev"),
    (["--norm", "zygmund:2"], "norm = zygmund:2"),
    (["--norm", "bessel:3/2", "--degree", "2", "--target", "x0*(1-x0)"], "gradient"),
    (["--order", "2"], "order = 2"),
    (["--ladder", "1"], "rungs = 1"),
    (["--ladder", "3", "--order", "65"], "order = 65"),
    (["--target", "tent"], "target"),
    (["--sweeps", "3"], "--sweeps = 3: multiplicative has no such option"),
]


@pytest.mark.parametrize(("arguments", "named"), BAD, ids=lambda a: str(a)[:30])
def test_bad_input_is_one_line_and_exit_2(arguments: list[str], named: str) -> None:
    done = check("--target", "x0", "--dim", "1", *arguments)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert named in done.stderr


def test_listings() -> None:
    assert "multiplicative" in run("list").stdout
    assert "local" in run("show", "multiplicative").stdout
