"""`approxcert prove`: the library compiled, and for every theorem what it states and what it rests on."""

from __future__ import annotations

import hashlib
import re
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verify.certificate import write_text
from verify.kernel import coq, library
from verify.kernel.library import NotProved, Theorem

SHARES = 2  # of the theorems that are asked about at once
CLOSED = "Closed under the global context"
# Names as Coq prints them. The first four are how its standard library makes the real numbers classical.
AXIOMS = {
    "ClassicalDedekindReals.sig_forall_dec": "a predicate on the naturals holds for all, or has a counterexample",
    "ClassicalDedekindReals.sig_not_dec": "of any proposition, its negation is decided",
    "FunctionalExtensionality.functional_extensionality_dep": "functions with equal values are equal",
    "Classical_Prop.classic": "excluded middle",
}
# Machine numbers: the kernel computes with the processor's integers and floats, and the standard library states
# what they are. Only files that compute need them. No file of ours may bear these names.
MACHINE = {
    "PrimInt63": "63-bit integers of the processor",
    "Uint63": "what these integers are",
    "Sint63": "what these integers are, signed",
    "PrimFloat": "floats of the processor (IEEE 754, binary64)",
    "FloatAxioms": "what these floats are",
    "FloatOps": "what these floats are",
    "PArray": "arrays of the kernel",
}
MODULE = re.compile(r"\bModule\s+(?:(?:Type|Import|Export)\s+)*([\w']+)")
BEGINS = re.compile(r"^(\S+)( : .*)?$")


@dataclass(frozen=True)
class Proof:
    """A theorem, its formal statement as Coq prints it, and the axioms it rests on."""

    theorem: Theorem
    statement: str
    axioms: tuple[str, ...]

    @property
    def unexpected(self) -> tuple[str, ...]:
        """The axioms that are not on the list."""
        return tuple(name for name in self.axioms if not expected(name))


@dataclass(frozen=True)
class Proofs:
    """What the kernel accepted."""

    coq: str
    proofs: tuple[Proof, ...]
    seconds: float

    @property
    def proved(self) -> bool:
        """Whether no theorem rests on an axiom that is not on the list."""
        return not any(proof.unexpected for proof in self.proofs)

    def to_json(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        return {
            "status": "proved" if self.proved else "rejected",
            "coq": self.coq,
            "theorems": [
                {
                    "name": proof.theorem.name,
                    "file": proof.theorem.file,
                    "states": proof.theorem.states,
                    "statement": proof.statement,
                    "axioms": list(proof.axioms),
                    "unexpected": list(proof.unexpected),
                }
                for proof in self.proofs
            ],
            "seconds": self.seconds,
        }


def expected(axiom: str) -> bool:
    """Whether an axiom is on the list.

    >>> expected("Classical_Prop.classic"), expected("PrimInt63.add"), expected("Cheat.PrimInt63.add")
    (True, True, False)
    """
    module, dot, _ = axiom.partition(".")
    return axiom in AXIOMS or (bool(dot) and module in MACHINE)


def prove(notify: Callable[[str], None], sources: Path = library.SOURCES) -> Proofs:
    """Compiles the library and asks Coq what every theorem rests on.

    Raises: NotProved with the first thing that is not accepted; CoqMissing.
    """
    started = time.monotonic()
    named = look_through(sources)
    folder = library.compiled(notify, sources)
    notify("Coq lists what the theorems rest on")
    compilers = coq.Compilers()
    with ThreadPoolExecutor() as pool:  # a process each, which takes a minute or two
        shares = [named[i::SHARES] for i in range(SHARES)]
        try:
            answers = list(pool.map(lambda share: _asked(share, folder, compilers), shares))
        except BaseException:
            compilers.end()
            raise
    found = {proof.theorem: proof for answer in answers for proof in answer}
    proofs = tuple(found[theorem] for theorem in named)
    return Proofs(coq.version(), proofs, time.monotonic() - started)


def look_through(sources: Path = library.SOURCES) -> list[Theorem]:
    """The headline theorems of a library whose text has nothing that would weaken "the kernel accepts it".

    Raises: NotProved.
    """
    named = library.theorems(sources)
    _refuse_borrowed_names(sources)
    return named


def _refuse_borrowed_names(sources: Path) -> None:
    """No file or module of ours may look like one of Coq's own in the list of axioms."""
    listed = MACHINE.keys() | {name.partition(".")[0] for name in AXIOMS}
    for file in library.files(sources):
        bare = library.without_comments((sources / file).read_text(encoding="utf-8"))
        clash = {Path(file).stem, *re.findall(MODULE, bare)} & listed
        if clash:
            raise NotProved(
                f"{file}: {', '.join(sorted(clash))}: a name of Coq's own, which would hide axioms"
            )


def _asked(named: list[Theorem], folder: Path, compilers: coq.Compilers) -> list[Proof]:
    """One file that prints the assumptions of all theorems, then their statements, each after a mark.

    Method: the library is imported after the assumptions are printed. Before, an axiom of ours has the name of its
    file in front, and cannot be taken for one of Coq's; after, names in statements are short.
    """
    modules = " ".join(dict.fromkeys(Path(theorem.file).stem for theorem in named))
    if not named:
        return []
    lines = ["Set Printing Width 100.", f"From {coq.ROOT} Require {modules}."]
    lines += _asked_each("Print Assumptions", named)
    lines += ["From Coq Require Import Reals ZArith QArith List.", "Open Scope R_scope."]
    lines += [f"From {coq.ROOT} Require Import {modules}."]
    lines += _asked_each("Check", named)
    output = _answered("\n".join(lines) + "\n", folder, compilers)
    parts = re.split(r"^@@(\S+) (\S+)\n", output, flags=re.MULTILINE)[1:]
    about = list(zip(parts[::3], parts[1::3], strict=True))
    if about != [(theorem.file, theorem.name) for theorem in named] * 2:
        raise NotProved("the list of assumptions: Coq did not answer about every theorem")
    assumed, stated = parts[2::3][: len(named)], parts[2::3][len(named) :]
    return [
        Proof(theorem, statement.partition(":")[2].strip(), axioms_of(printed))
        for theorem, printed, statement in zip(named, assumed, stated, strict=True)
    ]


def _answered(text: str, folder: Path, compilers: coq.Compilers) -> str:
    """What Coq prints for a file; kept beside the compiled library, since it takes minutes for all theorems.

    Raises: NotProved.
    """
    kept = folder / f"answer-{hashlib.sha256(text.encode()).hexdigest()[:24]}.txt"
    if kept.exists():
        return kept.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as made:
        file = Path(made) / "Audit.v"
        file.write_text(text, encoding="utf-8")
        ran = coq.compile_file(file, folder, library.SECONDS_PER_FILE, compilers)
    if not ran.accepted:
        raise NotProved(f"the list of assumptions: {ran.first_error}")
    write_text(ran.output, kept)
    return ran.output


def _asked_each(command: str, named: list[Theorem]) -> list[str]:
    asked = []
    for theorem in named:
        asked.append(f'Goal True. idtac "@@{theorem.file} {theorem.name}". Abort.')
        asked.append(f"{command} {coq.ROOT}.{Path(theorem.file).stem}.{theorem.name}.")
    return asked


def axioms_of(printed: str) -> tuple[str, ...]:
    """The names in what Print Assumptions printed.

    Raises: NotProved for a line that is not understood: nothing may hide there.

    >>> axioms_of("Axioms:\\nfalse_is_true : False\\nlong.name\\n  : forall x : nat, x = x\\n")
    ('false_is_true', 'long.name')
    """
    lines = [line for line in printed.splitlines() if line.strip()]
    if [line.strip() for line in lines] == [CLOSED]:
        return ()
    if not lines or lines[0].strip() != "Axioms:":
        raise NotProved(f"Print Assumptions said {printed[:200]!r}")
    names = []
    for line in lines[1:]:
        if line.startswith(" "):
            continue  # the rest of a type
        begins = BEGINS.match(line)
        if begins is None:
            raise NotProved(f"Print Assumptions said {line!r}")
        names.append(begins.group(1))
    return tuple(names)
