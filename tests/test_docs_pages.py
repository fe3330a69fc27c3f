"""Every block of every page is executed somewhere, every command named in passing exists."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from documented import BLOCK, ROOT, agree, executed, prepare, sessions

from verify.cli import main

pytestmark = pytest.mark.pages

PAGES = [
    str(p.relative_to(ROOT))
    for p in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md"))
]
HERE = [
    "docs/index.md",
    "docs/geometric.md",
    "docs/multigrade.md",
    "docs/multiplicative.md",
    "docs/command-line.md",
]
ELSEWHERE = {  # page, kind: the test that executes its blocks
    ("README.md", "console"): "test_readme.py",
    ("README.md", "python"): "test_readme.py",
    ("docs/your-own-theorem.md", "console"): "test_docs_own_theorem.py",
    ("docs/your-own-theorem.md", "python"): "test_docs_own_theorem.py",
    ("docs/command-line.md", "sh"): "test_completion.py",
    ("docs/export.md", "console"): "test_docs_export.py",
    ("docs/export.md", "python"): "test_docs_export.py",
    ("docs/property-tests.md", "python"): "test_property_tests.py",
    ("docs/property-tests.md", "text"): "test_property_tests.py",
    ("docs/multiplicative.md", "python"): "test_additive.py",
}
TYPED = {"make run", ". .venv/bin/activate"}  # what starts everything: .ci/run does it in a fresh clone
FENCE = re.compile(r"^ *```(\w*)$", re.MULTILINE)
IN_PASSING = re.compile(r"`(approxcert [^`\n]+)`")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pages")


def shown() -> list[tuple[str, str, str]]:
    return [(page, *s) for page in HERE if (ROOT / page).exists() for s in sessions(page)]


@pytest.mark.parametrize(("page", "command", "expected"), shown(), ids=lambda s: s[:50])
def test_commands_print_what_the_page_says(page: str, command: str, expected: str, folder: Path) -> None:
    place = folder / Path(page).stem
    place.mkdir(exist_ok=True)
    prepare(command, page, place)
    done = executed(command, place)
    assert agree(done.stdout or done.stderr, expected, exact=True), done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES)
def test_no_block_is_left_unexecuted(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert len(FENCE.findall(text)) == 2 * len(
        re.findall(r"^ *```\w*\n.*?^ *```$", text, re.MULTILINE | re.DOTALL)
    )
    for kind, block in BLOCK.findall(text):
        if kind == "text" and set(block.splitlines()) <= TYPED:
            continue
        where = ELSEWHERE.get((page, kind))
        if where is None:
            assert (page in HERE, kind) == (True, "console"), (
                f"{page}: a block of {kind} that nothing executes"
            )
        else:
            source = (ROOT / "tests" / where).read_text(encoding="utf-8")
            assert Path(page).name in source or where == "test_readme.py"


@pytest.mark.parametrize("page", PAGES)
def test_commands_named_in_passing_exist(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for command in IN_PASSING.findall(text):
        verb, *rest = command.split()[1:]
        if verb.startswith("-"):
            assert verb in {"--version", "--help", "-h"}
            continue
        assert verb in main.commands, command
        options = {o for p in main.commands[verb].params if isinstance(p, click.Option) for o in p.opts} | {
            "--help",
            "-h",
        }
        assert {word for word in rest if re.fullmatch(r"--?[a-z][\w-]*", word)} <= options | {"--help"}, (
            command
        )
