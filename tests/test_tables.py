"""The table for people: figures rounded against the claim, a row per level, a reason where something is undecided."""

from __future__ import annotations

from instances import INSTANCES, judged
from rich.console import Console

from verify.tables.verdicts import render


def shown(name: str) -> str:
    verdict = judged(next(i for i in INSTANCES if i.name == name))
    console = Console(width=140)
    with console.capture() as capture:
        for part in render(verdict, "c.json"):
            console.print(part)
    return capture.get()


def test_a_row_per_level_rounded_outward() -> None:
    text = shown("kink, floor bits")
    verdict = judged(INSTANCES[0])
    rows = [line.split() for line in text.splitlines() if line.split()[:1] in (["0"], ["1"], ["2"])]
    errors = [f for f in verdict.findings if f.property == "error"]
    assert len(rows) == len(errors) == 3
    for row, finding in zip(rows, errors, strict=True):
        value, bound, ratio = finding.value, finding.bound, finding.ratio
        assert value is not None
        assert bound is not None
        assert ratio is not None
        for text_, exact, sign in ((row[3], value.hi, 1), (row[4], bound.lo, -1), (row[5], ratio, 1)):
            truth = int(exact.p) / int(exact.q)
            assert 0 <= sign * (float(text_) - truth) <= 2e-3 * truth


def test_what_is_refuted_or_undecided_says_so() -> None:
    assert "width 8 <= 7: refuted" in shown("one too wide")
    assert "undecided (no-proof)" in shown("undecided")
    assert "not rechecked" in shown("undecided")
    assert "certificate: c.json" in shown("undecided")


def test_markup_in_a_target_is_not_interpreted() -> None:
    assert "[0,1]^2" in shown("spike")
