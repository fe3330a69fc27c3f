"""The notebooks run, and show what they were committed with; pictures are not compared."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from documented import ROOT, agree

pytestmark = pytest.mark.pages

for needed in ("ipykernel", "matplotlib", "nbclient", "nbformat"):
    pytest.importorskip(needed)

FOLDER = ROOT / "notebooks"
NAMES = sorted(path.name for path in FOLDER.glob("*.ipynb"))
LARGEST = 200_000  # bytes of a notebook
SEARCHED_IN_FLOATS = {"01_geometric_rates.ipynb"}  # for sine weights: another machine may find others


@pytest.fixture(scope="module")
def execute() -> ModuleType:
    spec = importlib.util.spec_from_file_location("notebook_execute", FOLDER / "execute.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def committed(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def texts(notebook: dict[str, Any]) -> list[tuple[str, str]]:
    """What the cells print, by their ids."""
    return [
        (cell["id"], "".join(output["text"]))
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if output["output_type"] == "stream"
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_shows_what_it_was_committed_with(name: str, execute: ModuleType, tmp_path: Path) -> None:
    shown, expected = texts(execute.executed(FOLDER / name, tmp_path)), texts(committed(name))
    exact = name not in SEARCHED_IN_FLOATS
    if not exact:
        shown, expected = shown[-1:], expected[-1:]
    assert [cell for cell, _ in shown] == [cell for cell, _ in expected]
    for (cell, here), (_, there) in zip(shown, expected, strict=True):
        assert agree(here, there, exact=exact), (cell, here)


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_ends_at_a_verdict_of_the_checker(name: str) -> None:
    cell, last = texts(committed(name))[-1]
    assert cell == "answer"
    assert "every number recomputed by the independent checker" in last.splitlines()[-1]


@pytest.mark.parametrize("name", NAMES)
def test_a_committed_notebook_is_small_and_says_nothing_of_a_machine(name: str) -> None:
    path = FOLDER / name
    assert path.stat().st_size < LARGEST
    notebook = committed(name)
    assert notebook["metadata"] == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    codes = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in codes] == list(range(1, len(codes) + 1))
    assert all(cell["metadata"] == {} for cell in notebook["cells"])
    outputs = [output for cell in codes for output in cell["outputs"]]
    assert {output["output_type"] for output in outputs} <= {"stream", "display_data", "execute_result"}
    assert all(output.get("name") != "stderr" for output in outputs)
    written = json.dumps([[cell["source"], texts({"cells": [cell]})] for cell in notebook["cells"]])
    for hint in ("/home", "/root", "/tmp", "/work", "/Users", "C:\\", str(ROOT), str(Path.home())):
        assert hint not in written


def test_an_error_in_a_cell_is_one(execute: ModuleType, tmp_path: Path) -> None:
    from nbclient.exceptions import CellExecutionError

    broken = committed(NAMES[0])
    broken["cells"] = [cell for cell in broken["cells"] if cell["id"] == "answer"]
    path = tmp_path / "broken.ipynb"
    path.write_text(json.dumps(broken))
    with pytest.raises(CellExecutionError, match="NameError"):
        execute.executed(path, tmp_path)
