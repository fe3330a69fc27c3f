"""`approxcert prove`: what it lists, and what makes it fail."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from coq_missing import needs_coq

from verify.cli import main
from verify.kernel import coq, library, proving
from verify.kernel.library import NotProved
from verify.kernel.proving import axioms_of, prove

GOOD = "(** One and one are two. *)\nTheorem two : 1 + 1 = 2.\nProof. reflexivity. Qed.\n"


def quiet(_: str) -> None:
    pass


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    sources = tmp_path / "coq"
    sources.mkdir()
    return sources


def written(folder: Path, **texts: str) -> Path:
    (folder / "_CoqProject").write_text("-R . Approxcert\n" + "".join(f"{name}.v\n" for name in texts))
    for name, text in texts.items():
        (folder / f"{name}.v").write_text(text)
    return folder


@needs_coq
def test_a_theorem_and_what_it_rests_on(folder: Path) -> None:
    proofs = prove(quiet, written(folder, A=GOOD))
    [proof] = proofs.proofs
    assert (proof.theorem.name, proof.theorem.states) == ("two", "One and one are two.")
    assert (proof.statement, proof.axioms, proofs.proved) == ("(1 + 1)%nat = 2%nat", (), True)


@needs_coq
def test_classical_reals_are_expected_and_anything_else_is_not(folder: Path) -> None:
    real = "From Coq Require Import Reals.\n(** A. *)\nTheorem a : forall x y : R, (x + y = y + x)%R.\n"
    real += "Proof. exact Rplus_comm. Qed.\n"
    free = "Section S.\nVariable n : nat.\nEnd S.\nVariable secret : 1 = 2.\n(** B. *)\nTheorem b : 1 = 2.\n"
    free += "Proof. exact secret. Qed.\n"
    proofs = prove(quiet, written(folder, A=real, B=free))
    assert [proof.unexpected for proof in proofs.proofs] == [(), ("B.secret",)]
    assert (
        "FunctionalExtensionality.functional_extensionality_dep" in proofs.proofs[0].axioms
    )  # how reals are equal
    assert not proofs.proved
    assert proofs.to_json()["status"] == "rejected"


@needs_coq
def test_what_is_installed_is_part_of_the_key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another build of a library that Coq loads: files compiled with the first are of no use with the second."""
    installed = folder.parent / "installed" / "Flocq" / "Core.vo"
    installed.parent.mkdir(parents=True)
    monkeypatch.setenv("COQPATH", str(installed.parent.parent))
    kept = []
    for digest in (b"one", b"two", b"one"):
        installed.write_bytes(bytes(5000) + digest)
        kept.append(library.compiled(quiet, written(folder, A=GOOD)).name)
    assert kept[0] == kept[2] != kept[1]


@needs_coq
def test_a_borrowed_name_does_not_hide_an_axiom(folder: Path) -> None:
    text = "Module PrimInt63.\nVariable secret : 1 = 2.\nEnd PrimInt63.\n(** B. *)\nTheorem b : 1 = 2.\n"
    text += "Proof. exact PrimInt63.secret. Qed.\n"
    with pytest.raises(NotProved, match="would hide axioms"):
        prove(quiet, written(folder, A=text))


SECRETS = {
    "plural": "Module PrimInt63.\nConjectures secret : 1 = 2.\nEnd PrimInt63.\n",
    "import": "Module Import PrimInt63.\nConjectures secret : 1 = 2.\nEnd PrimInt63.\n",
    "glued": "Module(**)Export(**)PrimInt63.\nConjectures secret : 1 = 2.\nEnd PrimInt63.\n",
    "declared": "Module Type T.\nConjectures secret : 1 = 2.\nEnd T.\nDeclare Module Import PrimInt63 : T.\n",
}


@needs_coq
@pytest.mark.parametrize("how", SECRETS)
def test_a_borrowed_name_does_not_hide_an_axiom_by_itself(
    folder: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Even where no text is looked at: an axiom of ours has the name of its file in front."""
    monkeypatch.setattr(library, "UNSOUND", re.compile("(?!)"))
    monkeypatch.setattr(proving, "MODULE", re.compile("(?!)"))
    text = SECRETS[how] + "(** B. *)\nTheorem b : 1 = 2.\nProof. exact PrimInt63.secret. Qed.\n"
    proofs = prove(quiet, written(folder, A=text))
    assert [proof.unexpected for proof in proofs.proofs] == [("A.PrimInt63.secret",)]
    assert not proofs.proved


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("-arg -type-in-type", "expected -R . Approxcert"),
        ("-arg -impredicative-set", "expected -R . Approxcert"),
        ("-Q ../other Approxcert", "expected -R . Approxcert"),
        ("# B.v", "expected -R . Approxcert"),
        ("", "B.v: not listed"),
    ],
)
def test_nothing_but_all_files_is_compiled(folder: Path, line: str, why: str) -> None:
    written(folder, A=GOOD)
    (folder / "_CoqProject").write_text(f"-R . Approxcert\n{line}\nA.v\n")
    if not line:
        (folder / "B.v").write_text(GOOD)
    with pytest.raises(NotProved, match=why):
        library.theorems(folder)


@needs_coq
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("(** False. *)\nTheorem f : 1 = 2.\nProof. Admitted.\n", "Admitted"),
        ("Axiom f : 1 = 2.\n" + GOOD, "Axiom"),
        ("Unset Guard Checking.\n" + GOOD, "Unset Guard Checking"),
        (GOOD.replace("(** One and one are two. *)\n", ""), "two has no comment"),
        (GOOD.replace("= 2", "= 3"), r"A\.v.*Unable to unify"),
        (GOOD.replace("Qed.", ""), r"pending proofs in file ./A\.v"),
        ("Unset(**)Guard Checking.\n" + GOOD, "Unset Guard Checking"),
        ("Conjectures f : 1 = 2.\n" + GOOD, "Conjectures"),
        ("Program Definition f : 1 = 2 := _.\nAdmit Obligations.\n" + GOOD, "Admit Obligations"),
        ("Module Type T.\nVariable f : 1 = 2.\nEnd T.\nDeclare Module M : T.\n" + GOOD, "Declare Module"),
        ('Notation "1 = 3" := True.\n' + GOOD, "Notation: statements"),
        (GOOD + "(* (** One and one are three. *) Theorem two : 1 + 1 = 3. *)\n", "stated more than once"),
        ("Module M.\n" + GOOD + "End M.\n" + GOOD, "stated more than once"),
    ],
)
def test_what_is_not_proved_is_not_listed(folder: Path, text: str, why: str) -> None:
    with pytest.raises(NotProved, match=why):
        prove(quiet, written(folder, A=text))
    assert not list(library.cache().glob("coq-*"))


def test_comments_are_not_commands(folder: Path) -> None:
    found = library.theorems(
        written(folder, A="(* Axiom (* Admitted *) *)\n" + GOOD + "(* Theorem three *)\n")
    )
    assert [theorem.name for theorem in found] == ["two"]


@pytest.mark.parametrize("printed", ["", "Axioms:\n!? : x\nfoo is assumed to be guarded.", "something else"])
def test_nothing_hides_in_what_is_not_understood(printed: str) -> None:
    with pytest.raises(NotProved):
        axioms_of(printed)


def test_without_coq_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    found = CliRunner().invoke(main, ["prove"])
    assert found.exit_code == 2
    assert found.stderr.count("\n") == 1
    assert coq.PACKAGES in found.stderr


@needs_coq
@pytest.mark.slow  # and what `make proofs` does
def test_every_theorem_of_the_library_is_accepted() -> None:
    found = CliRunner().invoke(main, ["prove", "--json"])
    said = json.loads(found.stdout)
    assert (found.exit_code, said["status"]) == (0, "proved")
    assert [theorem["name"] for theorem in said["theorems"]] == [t.name for t in library.theorems()]
    assert all(not theorem["unexpected"] and theorem["statement"] for theorem in said["theorems"])


def test_every_file_is_listed() -> None:
    assert sorted(library.files()) == sorted(path.name for path in library.SOURCES.glob("*.v"))


def test_the_page_lists_every_theorem_in_its_own_words() -> None:
    page = (Path(__file__).parent.parent / "docs" / "proofs.md").read_text()
    listed = {line for line in page.splitlines() if line.startswith("* `")}
    assert listed == {f"* `{t.name}` ({t.file}). {t.states}" for t in library.theorems()}
