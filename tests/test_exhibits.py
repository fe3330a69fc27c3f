"""Exhibits show a certificate's exact numbers, rounded outward, and nothing of one that the checker rejects."""

from __future__ import annotations

import copy
import dataclasses
import json
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from flint import fmpq

from constructs import targets
from constructs.exact import from_text
from constructs.network import Network
from verify import claims
from verify.certificate import sealed, write
from verify.exhibits.certified import Certified
from verify.exhibits.geometric_tables import at_points, floats, level_tables
from verify.exhibits.kinds import Exhibits
from verify.exhibits.numbers import above, below
from verify.exhibits.reading import exhibits

PARTS = ("claim", "target", "network", "evidence", "findings", "status")


@cache
def spike() -> dict[str, Any]:
    """A step target in the plane whose errors are exact, and above 3 times the modulus."""
    return (
        claims.geometric(levels=2, p=1, constant=3)
        .judge(targets.parse("corner-spike:eta=1/100", 2))
        .certificate
    )


def shown(certificate: dict[str, Any], folder: Path) -> Exhibits:
    write(certificate, folder / "c.json")
    return exhibits(folder / "c.json")


def words(found: Exhibits) -> str:
    return json.dumps(dataclasses.asdict(found), ensure_ascii=False).lower()


def fraction(x: float) -> fmpq:
    return fmpq(*x.as_integer_ratio())


def test_errors_are_the_exact_ones_of_the_certificate(tmp_path: Path):
    found = shown(spike(), tmp_path)
    assert found.status == "refuted"
    assert "Refuted: ‖f − Phi_l‖_1 <= C ω_1(f, 2^-l) at levels l = 0 to 2." in found.sentence
    error = next(s for c in found.charts if c.key == "error" for s in c.series if s.role == "error")
    stated = [f for f in spike()["findings"] if f["property"] == "error"]
    assert error.upper is not None
    for lo, hi, f in zip(error.ys, error.upper, stated, strict=True):
        assert f["error"][0] == f["error"][1]
        assert fraction(lo) <= from_text(f["error"][0]) <= fraction(hi)
        assert hi - lo <= 1e-15


@pytest.mark.parametrize("seed", range(20))
def test_decimals_are_rounded_outward(seed: int):
    random = Random(seed)
    value = fmpq(random.randint(-(10**12), 10**12), random.randint(1, 10 ** random.randint(0, 20)))
    exact = Fraction(int(value.p), int(value.q))
    low, high = Fraction(below(value)), Fraction(above(value))
    assert low <= exact <= high
    assert high - low <= abs(exact) / 1000


def test_readouts_are_those_of_the_network():
    network = Network.from_json(spike()["network"])
    tables = level_tables(Certified("c.json", spike()), network)
    random = Random(1)
    for _ in range(20):
        x = [fmpq(2 * random.randrange(500) + 1, 1001) for _ in range(2)]
        point = np.array([[int(c.p) / int(c.q) for c in x]])
        for value, table in zip(network.evaluate(x), tables, strict=True):
            assert isinstance(value, fmpq)
            assert at_points(floats(table), point)[0] == int(value.p) / int(value.q)


def test_a_changed_number_is_rejected_and_nothing_is_called_established(tmp_path: Path):
    content = copy.deepcopy({key: spike()[key] for key in PARTS})
    error = next(f for f in content["findings"] if f["property"] == "error")
    error["error"] = ["1/1000", "1/1000"]
    error["status"] = "proved"
    found = shown(sealed(content), tmp_path)
    assert found.status == "rejected"
    assert "proved" not in words(found)
    assert {row.status for row in found.rows} == {"stated, not accepted"}
    assert (found.charts, found.maps, found.drawing) == ((), (), None)


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", '{"claim": {"name": "proved"}, "findings": [3, {}]}', "[" * 9000]
)
def test_anything_else_is_rejected(text: str, tmp_path: Path):
    path = tmp_path / "c.json"
    path.write_text(text)
    found = exhibits(path)
    assert found.status == "rejected"
    assert "proved" not in words(found)


def test_what_refutes_is_drawn(tmp_path: Path):
    chart = next(c for c in shown(spike(), tmp_path).charts if c.key == "error")
    (top,) = (s for s in chart.series if s.name.endswith("at most"))
    (error,) = (s for s in chart.series if s.role == "error")
    assert all(lo > above for lo, above in zip(error.ys, top.ys, strict=True))
