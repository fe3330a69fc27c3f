"""ctrl-C: nothing half-written, no process left, and the truth about what is kept."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from interrupted import Ended, interrupted, runs, works

from verify.certificate import write_text
from verify.cli import main

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /proc")
LONG = ["check", "geometric", "--target", "sin(9*x0*x1)", "--dim", "2", "--levels", "7", "--rtol", "1/1000"]


def test_the_earlier_file_is_kept_and_the_checker_ends(tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text("the earlier one")
    ended = interrupted([*LONG[:-2], "-o", "c.json"], runs("check.py"), tmp_path)
    assert ended.status == 130
    assert ended.error.split("\n")[-2] == "approxcert: interrupted; nothing was written; as before: c.json"
    assert ended.output == ""
    assert ended.left == ()
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("c.json", "the earlier one")]


def test_where_nothing_was_there_nothing_is(tmp_path: Path) -> None:
    ended = interrupted([*LONG, "-o", "c.json"], works, tmp_path)
    assert (ended.status, ended.output) == (130, "")
    assert ended.error.endswith("\napproxcert: interrupted; nothing was written\n")
    assert list(tmp_path.iterdir()) == []


def test_sharpness_keeps_the_witnesses_that_it_has(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    arguments = ["sharpness", "geometric", "--budget", "20", "--results", "r"]

    def stored(_: int) -> bool:
        return folder.is_dir() and any(p.suffix == ".json" for p in folder.iterdir())

    ended = interrupted(arguments, stored, tmp_path)
    assert ended.status == 130
    files = sorted(folder.iterdir())
    assert all(json.loads(p.read_text())["format"] == "approxcert-certificate" for p in files)
    named = ", ".join(f"r/{p.name}" for p in files)
    assert ended.error.endswith(f"\napproxcert: interrupted; written, and whole: {named}\n")


def test_a_library_that_is_half_compiled_is_not_kept(tmp_path: Path) -> None:
    ended = _prove_without_coq(tmp_path, "@echo COQC A.v; sleep 60")
    assert ended.error.endswith("\napproxcert: interrupted; nothing was written\n")
    assert [p.name for p in (tmp_path / "approxcert").iterdir()] == ["lock"]


def test_threads_that_wait_for_coq_do_not_keep_the_command(tmp_path: Path) -> None:
    """The library is compiled; what its theorems rest on, asked of several compilers at once, takes minutes."""
    ended = _prove_without_coq(tmp_path, "@echo COQC A.v; for file in *.v; do : > $${file}o; done")
    (library,) = (tmp_path / "approxcert").glob("coq-*")
    assert ended.error.endswith(f"\napproxcert: interrupted; written, and whole: {library}\n")


def _prove_without_coq(folder: Path, compiling: str) -> Ended:
    """`prove`, interrupted when something sleeps; in the place of Coq programs that wait."""
    programs = {
        "coq_makefile": f"printf 'all:\\n\\t{compiling}\\n' > Makefile",
        "coqc": f"case $1 in -q) exec sleep 60;; -where) echo {folder};; *) echo 8.16.1 4.13.1;; esac",
    }
    place = folder / "bin"
    place.mkdir()
    for name, text in programs.items():
        (place / name).write_text(f"#!/bin/sh\n{text}\n")
        (place / name).chmod(0o755)
    path = f"{place}:{os.environ['PATH']}"
    ended = interrupted(["prove"], runs("sleep 60"), folder, XDG_CACHE_HOME=str(folder), PATH=path)
    assert ended.status == 130
    assert ended.left == ()
    return ended


@pytest.mark.parametrize("then", ["before", "after"])
def test_it_says_what_became_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, then: str) -> None:
    """Interrupted just before, and just after, the certificate is written."""
    path = tmp_path / "c.json"
    path.write_text("the earlier one")

    def writes(text: str, where: Path) -> None:
        if then == "after":
            write_text(text, where)
        raise KeyboardInterrupt

    monkeypatch.setattr("verify.certificate.write_text", writes)
    arguments = ["check", "geometric", "--target", "x0", "--dim", "1", "--levels", "1", "--no-recheck"]
    done = CliRunner().invoke(main, [*arguments, "-o", str(path)])
    assert done.exit_code == 130
    if then == "before":
        assert done.stderr == f"\napproxcert: interrupted; nothing was written; as before: {path}\n"
        assert path.read_text() == "the earlier one"
    else:
        assert done.stderr == f"\napproxcert: interrupted; written, and whole: {path}\n"
        assert json.loads(path.read_text())["claim"]["name"] == "geometric"
