"""docs/export.md is executed: its commands run, their output compared, its files of Python run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from documented import agree, blocks, executed, prepare, sessions

pytestmark = pytest.mark.pages

PAGE = "docs/export.md"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("export")


@pytest.mark.parametrize(("command", "expected"), sessions(PAGE), ids=lambda s: s[:60])
def test_commands_print_what_the_page_says(command: str, expected: str, folder: Path) -> None:
    prepare(command, PAGE, folder)
    done = executed(command, folder)
    assert agree(done.stdout or done.stderr, expected, exact=True), done.stdout + done.stderr


@pytest.mark.parametrize("text", blocks("python", PAGE), ids=lambda s: s.split()[1])
def test_python_prints_what_the_page_says(text: str, folder: Path) -> None:
    named = re.search(r"[\w]+\.(?:onnx|json)", text)
    assert named is not None
    for command, _ in sessions(PAGE):
        if command.endswith(f"-o {named[0]}"):
            prepare(command, PAGE, folder)
            executed(command, folder)
    done = subprocess.run(
        [sys.executable, "-c", text], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == re.findall(r"^print\(.*\)  # (.*)$", text, re.MULTILINE)
