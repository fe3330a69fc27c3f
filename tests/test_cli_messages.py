"""What the command line says of itself and of slips: versions, and the nearest name, in one line."""

from __future__ import annotations

import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import flint
import numpy as np
import pytest
import sympy

from constructs.errors import nearest_name

ROOT = Path(__file__).parent.parent
GEOMETRIC = ["check", "geometric", "--dim", "1"]


def run(*arguments: str, folder: Path = ROOT / "examples") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "verify.cli", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


SLIPS = {
    "command": (["chek"], "check"),
    "claim": (["check", "geometrc", "--target", "x0", "--dim", "1"], "geometric"),
    "claim to show": (["show", "multigrid"], "multigrade"),
    "option": ([*GEOMETRIC, "--target", "x0", "--levls", "2"], "--levels"),
    "function": ([*GEOMETRIC, "--target", "sinn(x0)"], "sin"),
    "target": ([*GEOMETRIC, "--target", "corner-spik:eta=1/100"], "corner-spike"),
    "part of a target's name": ([*GEOMETRIC, "--target", "spike"], "corner-spike"),
    "target's parameter": ([*GEOMETRIC, "--target", "corner-spike:etta=1/100"], "eta"),
    "digits": ([*GEOMETRIC, "--target", "x0", "--digits", "flor"], "floor"),
    "decoder": ([*GEOMETRIC, "--target", "x0", "--decoder", "twosine"], "two-sine"),
    "modulus": ([*GEOMETRIC, "--target", "x0", "--modulus", "euclid"], "euclidean"),
    "constant": ([*GEOMETRIC, "--target", "x0", "--constant", "papr"], "paper"),
    "norm": (["check", "multiplicative", "--target", "x0", "--dim", "1", "--norm", "zygmnd:1"], "zygmund"),
    "theorem": (["check", "yarotsky_square.py:to_good", "--set", "m=2"], "too_good"),
    "format": (["export", "c.json", "--format", "cok"], "coq"),
}


@pytest.mark.parametrize(("arguments", "meant"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_answered_in_one_line_with_the_nearest_name(arguments: list[str], meant: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("approxcert: ")
    assert done.stderr.count("\n") == 1
    assert f"'{meant}'" in done.stderr


def test_a_word_that_is_near_to_nothing_gets_no_suggestion() -> None:
    done = run(*GEOMETRIC, "--target", "x0", "--digits", "quantum")
    assert done.returncode == 2
    assert "did you mean" not in done.stderr
    assert nearest_name("x", ["exp", "max"]) == ""  # a letter is in every other name


def test_versions_are_those_of_the_libraries_that_are_loaded() -> None:
    done = run("--version")
    lines = dict(line.split(" ") for line in done.stdout.splitlines())
    assert done.returncode == 0
    assert done.stdout.startswith(f"approxcert {metadata.version('approxcert')}\n")
    assert lines["Python"] == platform.python_version()
    assert lines["numpy"] == np.__version__
    assert lines["sympy"] == sympy.__version__
    assert lines["python-flint"] == flint.__version__
