"""Running Coq: finding it, compiling one file, and what to say where it is missing."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from verify.progress import Stage

PACKAGES = "coq libcoq-interval libcoq-flocq libcoq-coquelicot"
ROOT = "Approxcert"  # the logical name of verify/coq
TAIL = 1024  # bytes of a compiled file
EXHAUSTED = ("Error: Out of memory", "Error: Stack overflow")
MISSING_LIBRARY = ("Cannot find a physical path", "Unable to locate library", "Cannot load")


class CoqMissing(Exception):  # noqa: N818
    """Coq, or one of the libraries that the proofs use, is not installed."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what}: expected Coq 8.16 or later with its libraries; on Debian: apt-get install {PACKAGES}"
        )


@dataclass(frozen=True)
class Ran:
    """What came of compiling one file: accepted by the kernel or not, and what coqc printed; not decided if coqc came
    to no end for want of time or memory.
    """

    accepted: bool
    output: str
    error: str
    decided: bool = True

    @property
    def first_error(self) -> str:
        """The error in one line.

        >>> Ran(False, "", 'File "./A.v", line 3, characters 0-4:\\nError: Syntax error: x\\nexpected.\\n').first_error
        'File "./A.v", line 3, characters 0-4: Error: Syntax error: x expected.'
        """
        lines = [line for line in self.error.splitlines() if not line.startswith("make")]
        found = [i for i, line in enumerate(lines) if line.startswith("Error")]
        return " ".join(" ".join(lines[max(found[0] - 1, 0) :] if found else lines[-3:]).split())


def coqc() -> str:
    """The path of the compiler.

    Raises: CoqMissing.
    """
    _require(("coqc",))
    return shutil.which("coqc") or "coqc"


def version() -> str:
    """The compiler's version, as it says it.

    Raises: CoqMissing.
    """
    said = subprocess.run([coqc(), "--print-version"], capture_output=True, text=True, check=True)
    return said.stdout.split()[0]


def installed() -> str:
    """A digest of what compiled files depend on: the compilers' versions, the standard library and all other libraries.

    Method: of every .vo file its name, size, and last kilobyte, which is where Coq keeps the digests of its parts.
    Raises: CoqMissing.
    """
    versions, where = (
        subprocess.run([coqc(), asked], capture_output=True, text=True, check=True).stdout.strip()
        for asked in ("--print-version", "-where")
    )
    seen = hashlib.sha256(versions.encode())
    for folder in (where, *os.environ.get("COQPATH", "").split(os.pathsep)):
        for file in sorted(Path(folder).rglob("*.vo")) if folder else ():
            with file.open("rb") as content:
                size = content.seek(0, os.SEEK_END)
                content.seek(max(0, size - TAIL))
                seen.update(f"\n{file.relative_to(folder)} {size}\n".encode() + content.read())
    return seen.hexdigest()


def compile_project(folder: Path, files: int, notify: Callable[[str], None]) -> str:
    """Compiles the files that a folder's _CoqProject lists, in the order that they need, several at once.

    Returns: the first error in one line; "" if there is none.
    Raises: CoqMissing.
    """
    _require(("coq_makefile", "make"))
    command = ["coq_makefile", "-f", "_CoqProject", "-o", "Makefile"]
    subprocess.run(command, cwd=folder, capture_output=True, check=True)
    with (
        (folder / "errors").open("w+") as errors,
        subprocess.Popen(
            ["make", "-j", str(os.cpu_count() or 1)],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            process_group=0,  # make and all that it begins can be ended at once
        ) as made,
    ):
        begun = 0
        try:
            for line in made.stdout or ():
                if line.startswith("COQC "):
                    begun += 1
                    stage = f"Coq compiles {line.split()[1]} ({begun} of {files})"
                    notify(Stage(stage, (begun - 1) / files))
        except BaseException:
            os.killpg(made.pid, signal.SIGTERM)
            made.wait()
            raise
        accepted = made.wait() == 0
        errors.seek(0)
        said = Ran(accepted, "", errors.read())
    if not accepted and any(sign in said.error for sign in MISSING_LIBRARY):
        raise CoqMissing(said.first_error)
    return "" if accepted else said.first_error


def _require(programs: tuple[str, ...]) -> None:
    for program in programs:
        if shutil.which(program) is None:
            raise CoqMissing(f"{program} is not on the PATH")


class Compilers:
    """Compilers that several threads wait for, which one of them may end for all."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[str]] = set()
        self._ended = False

    def add(self, compiler: subprocess.Popen[str]) -> None:
        """One more, which ends at once if the others have been ended."""
        self._running.add(compiler)
        if self._ended:
            compiler.kill()

    def end(self) -> None:
        """Ends all."""
        self._ended = True
        for compiler in tuple(self._running):
            compiler.kill()


def compile_file(file: Path, library: Path, seconds: float, among: Compilers | None = None) -> Ran:
    """Compiles one file against the library compiled in a folder.

    Returns: Ran; neither accepted nor decided, with the reason, if coqc takes longer than `seconds`, is killed, or has
    not enough memory.
    Raises: CoqMissing, also where a library that the file asks for is missing.
    """
    command = [coqc(), "-q", "-R", str(library), ROOT, file.name]
    with subprocess.Popen(
        command,
        cwd=file.parent,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as compiler:
        try:
            if among is not None:
                among.add(compiler)
            output, error = compiler.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            return Ran(False, "", f"Error: {file.name}: coqc was stopped after {seconds:g} s", decided=False)
        finally:
            compiler.kill()  # nothing, if it has ended
    if compiler.returncode < 0:
        ended = f"Error: {file.name}: coqc was ended by signal {-compiler.returncode}"
        return Ran(False, output, ended, decided=False)
    if compiler.returncode == 0 and not file.with_suffix(".vo").exists():
        return Ran(False, output, f"Error: {file.name}: coqc ended with 0 and left no compiled file")
    decided = not any(sign in error for sign in EXHAUSTED)
    ran = Ran(compiler.returncode == 0, output, error, decided)
    if not ran.accepted and any(sign in ran.error for sign in MISSING_LIBRARY):
        raise CoqMissing(ran.first_error)
    return ran
