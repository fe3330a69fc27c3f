"""Stages, their shares, the time that is left, and the bar itself on a terminal."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from constructs import targets
from verify import certificate, claims
from verify.certificate import ask, text_of
from verify.cli.bar import Estimate
from verify.progress import Stage, shares, timed
from verify.searching import search

WORK = """
import sys, time
from verify.cli.bar import shown
from verify.progress import Stage
with shown() as notify:
    for k in range(int(sys.argv[1])):
        notify(Stage(f"part [{k}]", k / 30))
        time.sleep(0.1)
print("the result")
"""


def on_terminal(*arguments: str) -> tuple[str, str]:
    """stdout, and what a terminal gets that is stderr."""
    ours, theirs = pty.openpty()
    call = [sys.executable, *arguments]
    with subprocess.Popen(call, stdout=subprocess.PIPE, stderr=theirs, stdin=subprocess.DEVNULL) as running:
        os.close(theirs)
        seen = b""
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            seen += part
        output = running.stdout.read().decode() if running.stdout else ""
    os.close(ours)
    assert running.returncode == 0
    return output, seen.decode()


def test_a_bar_with_the_time_that_is_left_after_a_second() -> None:
    output, seen = on_terminal("-c", WORK, "16")
    assert output == "the result\n"
    assert "part [15]" in seen
    assert re.search(
        r"about 0:0[2-9] left|about 0:[1-5]\d left", seen
    )  # 30 parts of a tenth, on a loaded machine more
    assert "part [2]" not in seen  # within the first second


def test_quick_work_shows_nothing() -> None:
    assert on_terminal("-c", WORK, "2") == ("the result\n", "")


def test_results_do_not_go_to_the_terminal_of_the_bar() -> None:
    ask = ["check", "geometric", "--target", "x0", "--dim", "1", "--levels", "2", "--json"]
    output, _ = on_terminal("-m", "verify.cli", *ask)
    assert json.loads(output)["status"] == "proved"


def test_an_estimate_goes_on_as_fast_as_before() -> None:
    e = Estimate()
    e.update(None, 100.0)
    assert e.left(101.0) is None
    e.update(0.2, 110.0)  # other work begins, with something done already
    assert e.left(110.0) is None
    e.update(0.4, 114.0)
    assert e.left(114.0) == pytest.approx(12.0)  # 0.6 at 0.05 a second
    assert e.left(120.0) == pytest.approx(6.0)
    assert e.left(127.0) is None
    e.update(0.0, 130.0)
    assert e.left(131.0) is None
    e.update(1.0, 135.0)
    assert e.left(135.0) is None


def test_shares_and_budgets() -> None:
    assert shares([2]) == [0.0]
    assert shares([1, 3]) == [0.0, 0.25]
    told: list[str] = []
    timed(told.append, 0.0, 1e-9, "d = 1: ")("making the target simpler")
    (stage,) = told
    assert stage == "d = 1: making the target simpler"
    assert isinstance(stage, Stage)
    assert stage.done == 1.0


@pytest.mark.parametrize(
    ("claim", "known"),
    [
        (claims.geometric(base=2, levels=3, p=2), "error at level 3 of 3"),
        (claims.multigrade(mesh="1/2", sweeps=3), "L^2 norms, sweep 3 of 3"),
    ],
)
def test_long_loops_say_how_far_they_are(claim: claims.Claim, known: str) -> None:
    told: list[str] = []
    claim.judge(targets.expression("x0*x0", dim=1), told.append)
    assert known in told
    with_share = [(str(s).partition(" ")[0], s.done) for s in told if isinstance(s, Stage)]
    for (work, before), (next_work, after) in pairwise(with_share):
        assert work != next_work or before < after
    assert all(0 <= done < 1 for _, done in with_share)


def test_a_search_says_what_part_of_its_budget_is_spent() -> None:
    told: list[str] = []
    search("geometric", 1000, 1, level=1, p=1, budget=1.0, notify=told.append)
    spent = [s.done for s in told if isinstance(s, Stage)]
    assert len(spent) == len(told) >= 1
    assert spent == sorted(spent)
    assert spent[-1] > 0


@pytest.mark.parametrize(
    ("claim", "dim"),
    [
        (claims.geometric(base=2, levels=7, p=2), 2),
        (claims.multigrade(mesh="1/4", sweeps=3), 2),
        (claims.multiplicative(mesh="1/8"), 2),
    ],
)
def test_the_independent_checker_says_how_far_it_is(claim: claims.Claim, dim: int) -> None:
    text = text_of(claim.judge(targets.expression("exp(x0*x1 - x0)", dim=dim)).certificate).encode()
    told: list[str] = []
    assert ask(text, told.append) == ("proved", "accepted: proved")
    assert set(told) == {"asking the independent checker"}
    spent = [s.done for s in told if isinstance(s, Stage)]
    assert spent
    assert len(told) == len(spent) + 1  # at first nothing is known
    assert spent == sorted(spent)
    assert spent[-1] == 1


def test_what_else_the_checker_writes_is_its_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = tmp_path / "check.py"
    odd.write_text(
        "import sys\n"
        "for line in ('progress 1/2', 'progress 3/0', 'progress', 'progress 1/2 x', 'so it is'):\n"
        "    print(line, file=sys.stderr)\n"
        "sys.exit(2)\n"
    )
    monkeypatch.setattr(certificate, "CHECKER", odd)
    told: list[str] = []
    assert ask(b"{}", told.append) == (None, "progress\nprogress 1/2 x\nso it is")
    assert [s.done for s in told if isinstance(s, Stage)] == [0.5, 1.0]
