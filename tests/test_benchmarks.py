"""Benchmarks measure time, but what they say besides must be true."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from flint import fmpq

from verify.regions import Undecided

FOLDER = Path(__file__).parent.parent / "benchmarks"


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"benchmark_{name}", FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("n", [2, 3, 5])
def test_regions_finds_the_error_of_the_interpolant(n: int):
    regions = load("regions")
    f, network = regions.product(2 * n), regions.interpolant(n)
    middle = [fmpq(1, 2 * n)] * 2
    assert f.exact(middle) - network.evaluate(middle)[0] == -fmpq(1, 4 * n * n)
    assert regions.error(f, network) == fmpq(1, 4 * n * n)
    with pytest.raises(Undecided):
        regions.error(regions.product(2 * n + 1), network)


def test_regions_prints_its_table(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    regions = load("regions")
    monkeypatch.setattr(regions, "MESHES", (1, 4))
    regions.main()
    rows = [line.split() for line in capsys.readouterr().out.splitlines()[1:3]]
    assert [row[:-1] for row in rows] == [
        ["1", "4", "17", "8", "1/4", "1/4", "yes"],
        ["4", "25", "86", "128", "1/64", "1/64", "yes"],
    ]
