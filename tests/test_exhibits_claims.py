"""Exhibits of every claim: what they draw is the certificate's network, what they say follows its findings."""

from __future__ import annotations

import copy
import dataclasses
import json
import re
import shlex
import subprocess
import sys
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from flint import fmpq
from instances import INSTANCES, judged
from own_examples import FOLDER

from constructs.exact import from_text
from constructs.multigrade import from_specification
from constructs.network import Network
from constructs.neurons import as_float
from verify.certificate import sealed, write
from verify.cli import main
from verify.exhibits import multigrade
from verify.exhibits.certified import Certified
from verify.exhibits.geometric_charts import entropy, table_bits
from verify.exhibits.geometric_tables import level_tables
from verify.exhibits.kinds import Exhibits
from verify.exhibits.multigrade_residuals import Residuals
from verify.exhibits.products import Products
from verify.exhibits.reading import exhibits, of_accepted

NAMED = {instance.name: instance for instance in INSTANCES}
PARTS = ("claim", "target", "network", "evidence", "findings", "status")
SHOWN = (
    "kink, faithful",
    "undecided",
    "one too wide",
    "grades, expression",
    "grades, not yet",
    "no grade",
    "products, bessel",
    "products, too narrow",
    "ladder, refuted",
    "own, boxes",
    "own, falls",
    "own, undecided",
)


def certified(name: str) -> Certified:
    return Certified("c.json", json.loads(json.dumps(judged(NAMED[name]).certificate)))


def points(count: int, dim: int, seed: int) -> list[list[fmpq]]:
    random = Random(seed)
    return [[fmpq(random.randrange(1009), 1008) for _ in range(dim)] for _ in range(count)]


def floats(rows: list[list[fmpq]]) -> np.ndarray:
    return np.array([[as_float(c) for c in row] for row in rows])


@pytest.mark.parametrize("name", SHOWN)
def test_words_follow_the_findings(name: str):
    found = of_accepted(certified(name))
    assert found.status == NAMED[name].status
    heads = {"proved": "Proved: ", "refuted": "Refuted: ", "undecided": "Left open: "}
    own = [f for f in certified(name).findings if f["established_by"] != "author"]
    listed = {f["status"] for f in own}
    if found.claim == "ladder":
        listed |= {rung["status"] for rung in certified(name).content["evidence"]["rungs"]}
    assert {status for status, head in heads.items() if head in found.sentence} == listed
    stated = [row.status for row in found.rows if row.established_by.startswith("recomputed")]
    rungs = certified(name).content["evidence"].get("rungs", [])
    assert stated == [f["status"] for f in (*own, *(f for rung in rungs for f in rung["findings"]))]
    assert all(row.status == "author's word" for row in found.rows if "author" in row.established_by)


@pytest.mark.parametrize("name", ["grades, expression", "grades, coarse"])
def test_residuals_are_those_of_the_network(name: str):
    content = certified(name)
    network, sweeps = from_specification(content.content["network"])
    assert network.to_json() == judged(NAMED[name]).network.to_json()
    residuals, ends = Residuals(content.target, sweeps), np.cumsum([len(s) for s in sweeps]).tolist()
    rows = points(12, content.target.dim, 3)
    for number, end in enumerate(ends, start=1):
        if end:
            exact = [as_float(fmpq(network.evaluate(x, levels=[end])[0])) for x in rows]  # pyright: ignore
            assert residuals.after(number, floats(rows)) == pytest.approx(exact, abs=1e-12)
    seen = list(residuals.along_grades())
    assert [grades for grades, _ in seen][-1] == ends[-1]
    assert all(later <= earlier + 1e-12 for (_, earlier), (_, later) in pairwise(seen))
    last = [f for f in content.findings if f["property"] == "rate"][-1]
    assert seen[-1][1] <= as_float(from_text(last["supremum"][1])) + 1e-12


@pytest.mark.parametrize(
    "name",
    ["products", "products, quadratic", "products, curved", "products on the line", "products, bessel"],
)
def test_splines_are_the_network(name: str):
    content = certified(name)
    products = Products.of(content.content["network"], content.parameters)
    d, network = content.target.dim, products.network().network
    assert network == judged(NAMED[name]).network
    axes = [[fmpq(k, 7) for k in range(8)] for _ in range(d)]
    drawn = products.on_grid([np.array([as_float(c) for c in axis]) for axis in axes])
    for place in np.ndindex(drawn.shape):
        (exact,) = network.evaluate([axes[i][k] for i, k in enumerate(place)])
        assert drawn[place] == pytest.approx(as_float(fmpq(exact)), abs=1e-12)  # pyright: ignore


@pytest.mark.parametrize(
    ("name", "key"), [("grades, expression", "supremum"), ("products, bessel", "error"), ("ladder", "error")]
)
def test_enclosures_hold_the_exact_ones(name: str, key: str):
    found, content = of_accepted(certified(name)), certified(name)
    lists = [content.findings, *(r["findings"] for r in content.content["evidence"].get("rungs", []))]
    stated = [f for findings in lists for f in findings if key in f and f["property"] in ("rate", "sup")]
    chart = next(c for c in found.charts if c.key in ("error", "ladder"))
    (error,) = (
        s for s in (*chart.series, *(chart.choices[0][1] if chart.choices else ())) if s.role == "error"
    )
    assert error.upper is not None
    assert stated
    for lo, hi, f in zip(error.ys, error.upper, stated, strict=False):
        ends = [from_text(text) for text in f[key]]
        assert fmpq(*lo.as_integer_ratio()) <= ends[0] <= ends[1] <= fmpq(*hi.as_integer_ratio())
        assert hi - lo <= as_float(ends[1] - ends[0]) + 1e-14


def test_decimals_of_rows_hold_the_exact_numbers():
    content = certified("one too wide")  # p = 1: norms are the stated numbers themselves
    rows = [row for row in of_accepted(content).rows if "ω" in row.what]
    stated = [f for f in content.findings if f["property"] == "error"]
    for row, f in zip(rows, stated, strict=True):
        low, high = (Fraction(t) for t in re.findall(r"[-0-9.e]+", row.left))
        lo, hi = (Fraction(str(from_text(t))) for t in f["error"])
        assert low <= lo <= hi <= high
        assert Fraction(row.right.removeprefix(">= ")) <= 3 * Fraction(str(from_text(f["modulus"][0])))


def test_bits_of_tables_are_those_of_the_construction():
    verdict = judged(NAMED["kink, faithful"])
    levels = range(1, len(verdict.table_bits))
    assert [table_bits(verdict.network, t) for t in levels] == list(verdict.table_bits[1:])


def test_entropy_counts_tables():
    # 4 cells, corrections of 0 to 3: with a tolerance of 1/2, three values on every cell that no code may mix up.
    content = certified("kink, floor bits")
    tables = level_tables(content, Network.from_json(content.content["network"]))
    low, high = (
        dataclasses.replace(tables[2], numerators=np.array(n), denominator=1) for n in ([0, 0], [0, 1, 2, 3])
    )
    assert entropy(high, low, 2, fmpq(1, 2)) == pytest.approx(4 * np.log2(3))
    assert entropy(high, low, 2, fmpq(2)) == 0


def test_a_refuted_supremum_is_marked_where_it_fails():
    found = of_accepted(certified("own, twice as good"))
    (chart,) = (c for c in found.charts if c.key == "error-curve")
    (witness,) = (s for s in chart.choices[0][1] if s.role == "witness")
    (bound,) = (s for s in chart.choices[0][1] if s.role == "bound")
    f = next(f for f in certified("own, twice as good").findings if f["status"] == "refuted")
    assert witness.xs == (as_float(from_text(f["witness"][0])),)
    assert witness.ys[0] > bound.ys[0]
    assert f"fails at ({f['witness'][0]})" in found.sentence


@pytest.mark.parametrize("name", ["kink, faithful", "grades, coarse", "products, zygmund", "ladder"])
def test_commands_make_the_same_certificate(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    content = certified(name).content
    write(content, tmp_path / "c.json")
    *first, check, recheck = of_accepted(certified(name)).reproduce
    for command in first:
        subprocess.run([sys.executable, *shlex.split(command)[1:]], check=True)
    run = CliRunner().invoke(main, [*shlex.split(check)[1:], "--no-recheck"])
    assert run.exit_code == 0, run.output
    assert json.loads((tmp_path / "again.json").read_text())["hash"] == content["hash"]
    assert shlex.split(recheck) == ["approxcert", "recheck", "c.json"]


@pytest.mark.parametrize(
    "asked",
    [
        ["geometric", "--target", "sin(3*x0)", "--dim", "1", "--levels", "3", "--rtol", "1/100"],
        [str(FOLDER / "telgarsky_sawtooth.py") + ":telgarsky", "--set", "m=3"],
    ],
)
def test_what_the_claim_does_not_say_is_in_the_commands_too(
    asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, ["check", *asked, "-o", "c.json"]).exit_code == 0
    found = exhibits(tmp_path / "c.json")
    assert not {"rtol", "theorem"} & {key for key, _ in found.versions}
    *first, check, _ = found.reproduce
    for command in first:
        subprocess.run([sys.executable, *shlex.split(command)[1:]], check=True)
    assert CliRunner().invoke(main, shlex.split(check)[1:]).exit_code == 0
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "c.json").read_bytes()


def test_a_place_that_a_certificate_names_is_one_word_of_the_command():
    content = copy.deepcopy(certified("own, falls").content)
    content["producer"]["theorem"] = "a.py:b; rm -rf $(c)"
    (check, _) = of_accepted(Certified("c.json", content)).reproduce
    assert shlex.split(check)[2] == "a.py:b; rm -rf $(c)"


def words(found: Exhibits) -> str:
    return json.dumps(dataclasses.asdict(found), ensure_ascii=False).lower()


def damaged(certificate: dict[str, Any]) -> dict[str, Any]:
    content = copy.deepcopy({key: certificate[key] for key in PARTS})
    finding = next(f for f in content["findings"] if isinstance(f.get("value"), int))
    finding["value"] -= 1
    return sealed(content)


@pytest.mark.parametrize("name", ["grades, coarse", "products, zygmund", "own, twice as good"])
def test_a_damaged_certificate_of_any_claim_is_rejected(name: str, tmp_path: Path):
    write(damaged(judged(NAMED[name]).certificate), tmp_path / "c.json")
    found = exhibits(tmp_path / "c.json")
    assert found.status == "rejected"
    assert "proved" not in words(found)
    assert not found.charts


def test_own_texts_are_shown_and_the_author_is_named(tmp_path: Path):
    write(judged(NAMED["own, falls"]).certificate, tmp_path / "c.json")
    found = exhibits(tmp_path / "c.json")
    assert found.status == "refuted"
    assert any("on the author's word only: 'said' (holds, says the author)" in text for text in found.trust)
    assert [row.status for row in found.rows if row.what == "said"] == ["author's word"]


def test_a_witness_of_a_grade_is_a_point():
    content = certified("grades, expression")
    grid = multigrade.residual_grid(content, 1)
    finding = {"level": 1, "witness": [0, (grid + 1) * grid + 1]}
    assert multigrade._witness(content, finding).endswith(f"near (1, {fmpq(1, grid)})")
