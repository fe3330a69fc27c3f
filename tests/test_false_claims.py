"""No false claim is ever proved, no true one refuted: tests/false_claims.py and tests/true_claims.py, row by row.

Every row is judged and rechecked by the independent checker; that it is false is shown by hand, besides. The same
statuses come out of `python -O`, under which neither producer nor checker has any assert.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from claim_rows import FalseRow, Outcome, TrueRow, decided, outcome, phi
from false_claims import FALSE
from true_claims import TRUE

from verify import check
from verify.verdict import Finding, Status

HERE = Path(__file__).parent
FAMILIES = ("examples", "geometric", "multigrade", "multiplicative")
SOUND = [row for row in FALSE if row.sound is not None]


def marked(rows: Any) -> list[Any]:
    """As parameters of tests, the long ones behind the marker."""
    return [
        pytest.param(row, id=f"{row.family}: {row.name}", marks=[pytest.mark.slow] if row.slow else [])
        for row in rows
    ]


def refuted(found: Outcome) -> list[Finding]:
    return [f for f in found.verdict.findings if f.status is Status.REFUTED] if found.verdict else []


@pytest.mark.parametrize("row", marked(FALSE))
def test_a_false_claim_is_not_proved(row: FalseRow) -> None:
    found = outcome(row)
    assert row.shown(found.verdict), "the claim has to be false"
    assert found.status == row.ends
    verdict = found.verdict
    if verdict is None:
        assert row.ends == "refused"
        assert row.because
        assert row.because in found.message
        return
    unproved = [f for f in verdict.findings if f.status is not Status.PROVED]
    assert {f.property for f in unproved} == set(row.wrong)
    if row.ends == "refuted":
        assert verdict.accepted
        assert row.because is None
        # what is refuted is what is wrong: anything else may only be undecided
        assert {f.property for f in refuted(found)} <= set(row.wrong)
        assert verdict.certificate["status"] == "refuted"
    elif row.because == "rejected":
        assert verdict.rejected is not None
    elif row.because == "uncertified":
        assert verdict.uncertified is not None
        assert verdict.accepted is None
    else:
        assert verdict.accepted
        assert {f.reason for f in unproved} == {row.because}
    notes = "\n".join(f.note or "" for f in unproved)
    assert all(part in notes for part in row.where), notes


@pytest.mark.parametrize("row", marked(row for row in FALSE if row.f is not None and row.ends == "refuted"))
def test_the_point_that_refutes_does(row: FalseRow) -> None:
    """The stated point, put into the network by hand; and a person is told the point, the piece and the neurons."""
    assert row.f is not None
    found = outcome(row)
    assert found.verdict is not None
    points = 0
    for finding in refuted(found):
        if finding.property != "error" or finding.stated["witness"] is None:
            continue
        x = [Fraction(c) for c in finding.stated["witness"]]
        bound = found.verdict.certificate["claim"]["parameters"]["conditions"][finding.level]["at_most"]
        assert all(0 <= c <= 1 for c in x)
        assert abs(Fraction(row.f(*x)) - phi(found.verdict, *x)) > Fraction(bound)
        for part in ("at x0 = ", "there ", "active there: layer 1: "):
            assert part in (finding.note or "")
        points += 1
    assert points


@pytest.mark.parametrize("row", marked(SOUND))
def test_without_the_damage_it_is_proved(row: FalseRow) -> None:
    """So it is the damage, the one number, that is refuted; and this is a table of true claims, too."""
    assert row.sound is not None
    found = decided(row.sound)
    assert found.status == "proved"
    assert found.verdict is not None
    assert found.verdict.accepted


@pytest.mark.parametrize("row", marked(TRUE))
def test_a_true_claim_is_not_refuted(row: TrueRow) -> None:
    found = outcome(row)
    assert found.status == row.ends != "refuted"
    assert not refuted(found)
    assert found.verdict is not None
    assert found.verdict.accepted
    if row.ends == "undecided":
        reasons = {f.reason for f in found.verdict.findings if f.status is Status.UNDECIDED}
        assert reasons == {row.why.split(":")[0]}


def test_the_tables_are_as_large_as_they_should_be() -> None:
    for rows, least in ((FALSE, 10), (TRUE, 10)):
        assert len({(row.family, row.name) for row in rows}) == len(rows)
        counts = Counter(row.family for row in rows)
        assert set(counts) == set(FAMILIES)
        assert min(counts.values()) >= least
    ends = Counter(row.ends for row in FALSE)
    assert ends["refuted"] >= 70
    assert ends["undecided"] + ends["refused"] <= len(FALSE) / 4
    assert len(SOUND) >= 50


@pytest.mark.parametrize("family", FAMILIES)
def test_the_command_s_own_check_says_the_same(family: str) -> None:
    """`verify.check` starts the checker as a program of its own; the tables ask it within this process."""
    for ends in ("refuted", "undecided"):
        rows = [row for row in FALSE if (row.family, row.ends, row.slow) == (family, ends, False)]
        for row in rows[-1:]:
            claim, target = row.make()
            verdict = check(claim, target)
            assert verdict.status.value == ends
            assert (verdict.rejected is None) == (row.because != "rejected")


PROGRAM = """
import json, sys
assert False, "asserts are on"
from claim_rows import decided
from false_claims import FALSE
from true_claims import TRUE
rows = [row for row in (*FALSE, *TRUE) if row.slow <= (sys.argv[1] == "all")]
print(json.dumps([[row.family, row.name, decided(row.make).status] for row in rows]))
"""


@pytest.mark.parametrize("which", ["fast", pytest.param("all", marks=pytest.mark.slow)])
def test_without_asserts_everything_is_the_same(which: str) -> None:
    code = f"import sys; sys.path[:0] = {[str(HERE), str(HERE.parent)]!r}\n{PROGRAM}"
    command = [sys.executable, "-O", "-c", code, which]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=HERE.parent)
    wanted = [[row.family, row.name, row.ends] for row in (*FALSE, *TRUE) if row.slow <= (which == "all")]
    assert json.loads(done.stdout) == wanted
