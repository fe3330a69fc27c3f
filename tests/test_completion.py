"""What the shells offer."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from constructs.targets import library
from verify.cli import main

# As bash calls it: the words are set, the function that the script defines is called, and the answers are printed.
BASH = """
{documented}
COMP_WORDS=({words})
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_approxcert_completion approxcert
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def offered(*given: str, begun: str = "") -> list[tuple[str, str]]:
    shell = ShellComplete(main, {}, "approxcert", "_APPROXCERT_COMPLETE")
    return [(item.type, item.value) for item in shell.get_completions(list(given), begun)]


@pytest.mark.parametrize(
    ("given", "begun", "words"),
    [
        (["check"], "mult", ["multigrade", "multiplicative"]),
        (["show"], "g", ["geometric"]),
        (["search"], "g", ["geometric"]),
        (["check", "geometric", "--digits"], "", ["floor", "relu"]),
        (["check", "geometric", "--decoder"], "t", ["two-sine"]),
        (["check", "geometric", "--modulus"], "e", ["euclidean"]),
        (["check", "multiplicative", "--norm"], "", ["sup", "zygmund:", "bessel:"]),
        (["check", "geometric", "--target"], "corner", ["corner-spike:eta=1/10"]),
        (["check", "geometric", "--target"], "abs(", []),
        (["check", "geometric"], "--dec", ["--decoder"]),
        (["export", "c.json", "--format"], "j", ["json"]),
        ([], "che", ["check"]),
    ],
)
def test_words(given: list[str], begun: str, words: list[str]) -> None:
    assert offered(*given, begun=begun) == [("plain", word) for word in words]


def test_every_named_target_is_offered_as_it_can_be_given() -> None:
    from constructs.targets import parse

    values = [value for _, value in offered("check", "geometric", "--target")]
    assert [value.partition(":")[0] for value in values] == list(library.names())
    for value in values:
        dim = library.find(value.partition(":")[0]).least_dim
        parse(value, dim)


def test_files_where_files_are_meant() -> None:
    assert offered("recheck", begun="c.j") == [("file", "c.j")]
    assert offered("check", begun="own.p") == [("file", "own.p")]
    assert offered("check", "geometric", "-o") == [("file", "")]


ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")


def completed(shell: list[str], script: str, folder: Path) -> str:
    """What a shell prints that runs the script; the command `approxcert`, as click asks for it, is in the folder."""
    command = folder / "approxcert"
    command.write_text(f"#!{sys.executable}\nfrom verify.cli import main\nmain(prog_name='approxcert')\n")
    command.chmod(0o755)
    path = os.pathsep.join([str(folder), os.environ["PATH"]])
    modules = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [*shell, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PATH": path, "PYTHONPATH": modules, "HOME": str(folder)},
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not there")
def test_in_bash(tmp_path: Path) -> None:
    (documented,) = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    words = "approxcert check geometric --decoder tw"
    script = BASH.format(words=words, documented=documented)
    assert completed(["bash", "--norc"], script, tmp_path) == "two-sine\n"


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not there")
def test_in_fish(tmp_path: Path) -> None:
    (documented,) = re.findall(r"`(_APPROXCERT_COMPLETE=fish_source [^`]*)`", PAGE)
    script = f'{documented}; complete -C "approxcert check geometric --decoder tw"'
    assert completed(["fish", "--no-config"], script, tmp_path) == "two-sine\n"
