"""The experiments run, their pictures are small, and what docs/experiments.md says of the products is certified."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from flint import fmpq

ROOT = Path(__file__).parent.parent
LARGEST_PICTURE = 80_000


@pytest.fixture(scope="module")
def experiments() -> ModuleType:
    name = "notebook_experiments"
    spec = importlib.util.spec_from_file_location(name, ROOT / "notebooks" / "experiments.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_pictures_and_tables(
    experiments: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("matplotlib")
    experiments.main(tmp_path, (2, 4), 24)
    assert {p.name for p in tmp_path.iterdir()} == {"transition-layer.png", "cusp.png", "orders.png"}
    for path in tmp_path.iterdir():
        assert path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
        assert 5_000 < path.stat().st_size < LARGEST_PICTURE
    shown = capsys.readouterr().out
    assert [line.count("|") for line in shown.splitlines() if line.startswith("| 1/")] == [10] * 4


def test_the_pictures_of_the_documentation_are_small() -> None:
    text = (ROOT / "docs" / "experiments.md").read_text(encoding="utf-8")
    named = re.findall(r"!\[[^]]+\]\((figures/[^)]+)\)", text)
    assert len(named) == 3
    for name in named:
        assert (ROOT / "docs" / name).stat().st_size < LARGEST_PICTURE


def stated(title: str, mesh: int) -> list[str]:
    """The cells of a mesh in a table of docs/experiments.md."""
    text = (ROOT / "docs" / "experiments.md").read_text(encoding="utf-8")
    part = text.partition(f"## {title}")[2].partition("\n## ")[0]
    (line,) = [line for line in part.splitlines() if line.startswith(f"| 1/{mesh} |")]
    return [c.strip() for c in line.strip("|").split("|")]


@pytest.mark.parametrize(("name", "title"), [("LAYER", "A sharp transition layer"), ("CUSP", "A cusp")])
def test_stated_numbers_and_proved_bounds(experiments: ModuleType, name: str, title: str) -> None:
    experiment = getattr(experiments, name)
    found = experiments.measured(experiment, 8, 24)
    cells = stated(title, 8)
    assert int(cells[1].replace(",", "")) == found.parameters <= found.additive_parameters
    low, high = (fmpq(*map(int, t.as_integer_ratio())) for t in map(float, cells[2].split(" to ")))
    assert low <= found.supremum.lo <= found.supremum.hi <= high * (1 + fmpq(1, 10**9))
    assert found.supremum.hi <= low * fmpq(4, 3)
    low, high = map(float, cells[3].split(" to "))
    below, above = float(found.seminorm[0].p) / float(found.seminorm[0].q), found.seminorm[1]
    assert low <= below <= above <= high * (1 + 1e-9)
    assert float(found.supremum.lo.p) / float(found.supremum.lo.q) <= experiment.sup_bound(1 / 8)
    assert below <= experiment.zygmund_bound(1 / 8)


def test_quotients_by_definition(experiments: ModuleType) -> None:
    e = np.random.default_rng(0).normal(size=(9, 9))
    best = 0.0
    for k in (1, 2, 4):
        for a, b in ((k, 0), (0, k), (k, k), (k, -k)):
            for i, j in np.ndindex(9, 9):
                if a <= i < 9 - a and abs(b) <= j < 9 - abs(b):
                    second = abs(e[i + a, j + b] - 2 * e[i, j] + e[i - a, j - b])
                    best = max(best, float(second / (np.hypot(a, b) / 8) ** 0.5))
    assert experiments.quotients(e) == pytest.approx(best)


def test_the_fit_finds_what_it_can_represent(experiments: ModuleType) -> None:
    def f(x: np.ndarray) -> np.ndarray:
        return x[:, 0] - 2 * x[:, 1] + 1

    points = np.random.default_rng(0).random((50, 2))
    assert np.allclose(experiments.fitted(f, 100)(points), f(points), atol=1e-6)
