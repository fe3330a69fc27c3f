"""What the README shows is what happens: commands run, output compared line by line, Python executed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from documented import ROOT, agree, blocks, executed, prepare, sessions

pytestmark = pytest.mark.pages


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("readme")
    for path in (ROOT / "examples").glob("*.py"):
        (place / path.name).write_text(path.read_text())
    return place


@pytest.mark.parametrize(("command", "expected"), sessions(), ids=lambda s: s[:40])
def test_commands_print_what_the_readme_says(command: str, expected: str, folder: Path) -> None:
    prepare(command, "README.md", folder)
    done = executed(command, folder)
    assert agree(done.stdout, expected, exact="two-sine" not in command), done.stdout + done.stderr


def test_a_command_finds_what_an_earlier_one_writes(tmp_path: Path) -> None:
    command = "approxcert recheck c.json"
    assert not (tmp_path / "c.json").exists()
    prepare(command, "README.md", tmp_path)
    assert executed(command, tmp_path).stdout == "accepted: proved\n"


def test_there_are_commands_and_python() -> None:
    assert len(sessions()) >= 3
    assert len(blocks("python")) == 1


def test_python_example(folder: Path) -> None:
    script = folder / "example.py"
    script.write_text(blocks("python")[0])
    done = subprocess.run(
        [sys.executable, str(script)], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    shown = re.findall(r"^print\(.*\)  # (.*)$", blocks("python")[0], re.MULTILINE)
    assert done.stdout.split("\n")[:-1] == shown
