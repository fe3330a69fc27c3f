"""The Coq library in verify/coq: its files, its theorems, and its compilation."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from verify.kernel import coq

SOURCES = Path(__file__).parent.parent / "coq"
SECONDS_PER_FILE = 600.0
STATED = re.compile(r"\(\*\*((?:(?!\(\*|\*\)).)*)\*\)\s*Theorem\s+([\w']+)", re.DOTALL)
THEOREM = re.compile(r"^\s*Theorem\s+([\w']+)", re.MULTILINE)
# What would weaken the meaning of "compiles", looked for in the text beside what Print Assumptions says.
UNSOUND = re.compile(
    r"\b(Admitted|admit|give_up|Admit\s+Obligations|Axioms?|Parameters?|Conjectures?|bypass_check"
    r"|Unset\s+(?:Guard|Universe|Positivity)\s+Check\w*|Set\s+Definitional\s+UIP|Primitive|Declare\s+(?:ML|Module)"
    r"|Load)\b"
)
# What would change how statements are printed, beside names and abbreviations of terms: they are shown to users.
REWORDED = re.compile(r"\b(Infix|Coercions?|Reserved\s+Notation|Notation(?!\s+[\w']+\s*:=))(?![\w'])")
FLAGS = "-R . Approxcert"  # the whole of _CoqProject beside files: no flag of coqc that weakens its logic


class NotProved(Exception):  # noqa: N818
    """A file of the library is not accepted; the message says which, and why."""


@dataclass(frozen=True)
class Theorem:
    """A headline theorem: its file, its name, and what it states in plain words."""

    file: str
    name: str
    states: str


def files(sources: Path = SOURCES) -> list[str]:
    """The library's files in the order of compilation, as _CoqProject lists them."""
    lines = (sources / "_CoqProject").read_text(encoding="utf-8").split("\n")
    return [line.strip() for line in lines if line.strip().endswith(".v")]


def refuse_flags(sources: Path = SOURCES) -> None:
    """_CoqProject holds nothing but the logical name and the files of the folder, all of them.

    Raises: NotProved.
    """
    lines = (sources / "_CoqProject").read_text(encoding="utf-8").split("\n")
    for line in (line.strip() for line in lines):
        if line and line != FLAGS and not re.fullmatch(r"\w+\.v", line):
            raise NotProved(f"_CoqProject: {line}: expected {FLAGS} and names of files")
    left_out = {path.name for path in sources.glob("*.v")} - set(files(sources))
    if left_out:
        raise NotProved(f"_CoqProject: {', '.join(sorted(left_out))}: not listed")


def without_comments(text: str) -> str:
    """Coq text with a blank for each of its (nested) comments and its strings.

    >>> without_comments('Lemma a (* one (* two *) *) : b. Unset(** Admitted *)Guard "Axiom"')
    'Lemma a   : b. Unset Guard  '
    """
    kept, depth, i = [], 0, 0
    while i < len(text):
        if text.startswith("(*", i):
            kept.append("" if depth else " ")
            depth, i = depth + 1, i + 2
        elif depth and text.startswith("*)", i):
            depth, i = depth - 1, i + 2
        elif text[i] == '"':
            kept.append("" if depth else " ")
            end = text.find('"', i + 1)
            i = len(text) if end < 0 else end + 1
        else:
            kept.append(text[i] if not depth else "")
            i += 1
    return "".join(kept)


def theorems(sources: Path = SOURCES) -> list[Theorem]:
    """The headline theorems of all files.

    Raises: NotProved for a theorem without a statement in plain words, for a command that leaves something unproved or
    changes how statements are printed, and for a _CoqProject with more than files.
    """
    refuse_flags(sources)
    found: list[Theorem] = []
    for file in files(sources):
        text = (sources / file).read_text(encoding="utf-8")
        bare = without_comments(text)
        unsound = UNSOUND.search(bare)
        if unsound:
            raise NotProved(f"{file}: {unsound.group()}: nothing may be left unproved")
        reworded = REWORDED.search(bare)
        if reworded:
            raise NotProved(f"{file}: {reworded.group()}: statements must be printed as they are")
        stated = [(name, " ".join(words.split())) for words, name in STATED.findall(text)]
        _refuse_other_words(file, [name for name, _ in stated], THEOREM.findall(bare))
        found += [Theorem(file, name, words) for name, words in stated]
    return found


def _refuse_other_words(file: str, stated: list[str], names: list[str]) -> None:
    """Comments and theorems must belong together one by one: none of either left over, no name twice."""
    for name in names:
        if name not in stated:
            raise NotProved(f"{file}: Theorem {name} has no comment that states it in plain words")
    if stated != names or len(set(names)) < len(names):
        seen = [name for name in stated if stated.count(name) > 1 or name not in names]
        raise NotProved(
            f"{file}: Theorem {', '.join(dict.fromkeys(seen))}: stated more than once, or elsewhere"
        )


def _fingerprint(sources: Path) -> str:
    """Of the sources and of all that they are compiled with: compiled files are of no use with another."""
    seen = hashlib.sha256(coq.installed().encode())
    for file in ["_CoqProject", *files(sources)]:
        text = (sources / file).read_bytes()
        seen.update(f"\n{file} {len(text)}\n".encode() + text)
    return seen.hexdigest()


def cache() -> Path:
    """The folder for compiled libraries, one for each state of the sources and of what Coq has installed."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "approxcert"


def compiled(notify: Callable[[str], None], sources: Path = SOURCES) -> Path:
    """The folder of the compiled library; compiled at the first use of each state of the sources.

    Method: in a new folder, which gets its name when all files are compiled, as many at once as there are cores.
    Raises: NotProved with the first file that Coq does not accept; CoqMissing; OSError.
    """
    final = cache() / f"coq-{_fingerprint(sources)[:24]}"
    if final.is_dir():
        return final
    cache().mkdir(parents=True, exist_ok=True)
    with (cache() / "lock").open("w") as lock:
        # Minutes of work that others need not repeat; freed with the process.
        fcntl.flock(lock, fcntl.LOCK_EX)
        return final if final.is_dir() else _compile(sources, final, notify)


def _compile(sources: Path, final: Path, notify: Callable[[str], None]) -> Path:
    with tempfile.TemporaryDirectory(dir=cache(), prefix=".coq-") as made:
        folder = Path(made) / "library"
        folder.mkdir()
        for name in ("_CoqProject", *files(sources)):
            shutil.copyfile(sources / name, folder / name)
        rejected = coq.compile_project(folder, len(files(sources)), notify)
        if rejected:
            raise NotProved(rejected)
        left = [name for name in files(sources) if not (folder / name).with_suffix(".vo").exists()]
        if left:
            raise NotProved(f"{left[0]}: coqc ended with 0 and left no compiled file")
        folder.rename(final)
    return final
