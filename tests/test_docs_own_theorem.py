"""docs/your-own-theorem.md is executed: its files written down, its commands run, their output compared."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from documented import agree, blocks, executed, sessions

pytestmark = pytest.mark.pages

PAGE = "docs/your-own-theorem.md"
STATUS = {"square.py": 0, "too_good.py": 1, "buggy.py": 1, "custom.py": 0, "broken.py": 2}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the page's files."""
    place = tmp_path_factory.mktemp("own")
    for text in blocks("python", PAGE):
        named = re.match(r"# (\w+\.py)\n", text)
        assert named is not None, text
        (place / named[1]).write_text(text)
    return place


@pytest.mark.parametrize(("command", "expected"), sessions(PAGE), ids=lambda s: s[:40])
def test_commands_print_what_the_page_says(command: str, expected: str, folder: Path) -> None:
    done = executed(command, folder)
    assert agree(done.stdout or done.stderr, expected, exact=True), done.stdout + done.stderr
    file = command.split()[2].partition(":")[0]
    assert done.returncode == STATUS[file]


def test_every_file_is_run(folder: Path) -> None:
    checked = {command.split()[2].partition(":")[0] for command, _ in sessions(PAGE)}
    assert checked == STATUS.keys()
    assert {p.name for p in folder.glob("*.py")} == checked | {"in_python.py"}


def test_the_python_example(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "in_python.py"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    shown = re.findall(r"^print\(.*\)  # (.*)$", (folder / "in_python.py").read_text(), re.MULTILINE)
    assert done.stdout.splitlines() == shown
