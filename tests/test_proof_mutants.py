"""A theorem with a hypothesis less, or another constant, is not accepted: tests/proof_mutants/, one file of them for
each file of the library.
"""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest
from coq_missing import needs_coq

from verify.kernel import coq, library

MUTANTS = [
    pytest.param(file.stem, mutant, id=f"{file.stem}-{mutant['theorem']}-{number}")
    for file in sorted(Path(__file__).with_name("proof_mutants").glob("*.toml"))
    for number, mutant in enumerate(tomllib.loads(file.read_text())["mutant"])
]


def mutated(name: str, mutant: dict[str, str]) -> str:
    text = (library.SOURCES / f"{name}.v").read_text()
    assert text.count(mutant["old"]) == 1, "the text to change is there once"
    return text.replace(mutant["old"], mutant["new"])


@pytest.mark.parametrize(("name", "mutant"), MUTANTS)
def test_mutants_fit_the_text(name: str, mutant: dict[str, str]) -> None:
    assert mutant["new"] != mutant["old"]
    assert mutated(name, mutant)
    assert mutant["theorem"] in {t.name for t in library.theorems() if t.file == f"{name}.v"}


def test_every_theorem_has_two() -> None:
    tried = [(param.values[0], param.values[1]["theorem"]) for param in MUTANTS]
    few = [t.name for t in library.theorems() if tried.count((t.file.removesuffix(".v"), t.name)) < 2]
    assert few == []


@needs_coq
@pytest.mark.slow
@pytest.mark.parametrize(("name", "mutant"), MUTANTS)
def test_mutants_are_not_accepted(name: str, mutant: dict[str, str], tmp_path: Path) -> None:
    shutil.copytree(library.compiled(lambda _: None), tmp_path / "coq")
    file = tmp_path / "coq" / f"{name}.v"
    file.write_text(mutated(name, mutant))
    ran = coq.compile_file(file, file.parent, library.SECONDS_PER_FILE)
    assert not ran.accepted
    assert "Error" in ran.error
    assert "Syntax error" not in ran.error
