"""What the README shows is what happens: commands run, output compared line by line, Python executed."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(kind: str, page: str = "README.md") -> list[str]:
    return [text for name, text in BLOCK.findall((ROOT / page).read_text()) if name == kind]


def sessions(page: str = "README.md") -> list[tuple[str, str]]:
    """(command, expected output) of every console block."""
    out = []
    for text in blocks("console", page):
        command, *rest = text.removeprefix("$ ").splitlines()
        while command.endswith("\\"):
            command = command[:-1] + rest.pop(0)
        out.append((command, "\n".join(rest)))
    return out


def squeezed(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def agree(shown: str, expected: str, exact: bool) -> bool:
    """The same lines. A sine weight is searched in floats, another machine may find another: figures within 5 %."""
    if exact:
        return squeezed(shown) == squeezed(expected)
    here, there = (" ".join(squeezed(text)).split() for text in (shown, expected))
    return len(here) == len(there) and all(a == b or close(a, b) for a, b in zip(here, there, strict=True))


def close(a: str, b: str) -> bool:
    try:
        return abs(float(a) - float(b)) <= 0.05 * abs(float(b))
    except ValueError:
        return False


def executed(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        shlex.split(command),
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": path},
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("readme")
    for path in (ROOT / "examples").glob("*.py"):
        (place / path.name).write_text(path.read_text())
    return place


@pytest.mark.parametrize(("command", "expected"), sessions(), ids=lambda s: s[:40])
def test_commands_print_what_the_readme_says(command: str, expected: str, folder: Path) -> None:
    done = executed(command, folder)
    assert agree(done.stdout, expected, exact="two-sine" not in command), done.stdout + done.stderr


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
