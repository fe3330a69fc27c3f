"""Pages as tests: their console blocks as (command, output), run in the order in which files need each other."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

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
    return len(here) == len(there) and all(a == b or _close(a, b) for a, b in zip(here, there, strict=True))


def _close(a: str, b: str) -> bool:
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


def prepare(command: str, page: str, folder: Path) -> None:
    """Makes the files that the command reads and an earlier one of its page writes: tests may run in any order."""
    words = shlex.split(command)
    for earlier, _ in sessions(page):
        if earlier == command:
            return
        written = _output(shlex.split(earlier))
        if written in words and not (folder / written).exists():
            prepare(earlier, page, folder)
            executed(earlier, folder)


def _output(words: list[str]) -> str:
    return words[words.index("-o") + 1] if "-o" in words else ""
