"""A certificate as a Coq file, and the kernel's word on it."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from constructs.errors import ConstructError
from verify.certificate import digest
from verify.kernel import coq, library, proving
from verify.kernel.error_export import error_file
from verify.kernel.geometric_export import LEFT_OUT, geometric_file
from verify.kernel.multigrade_export import multigrade_file
from verify.kernel.sine_export import sine_file
from verify.kernel.stated import whole
from verify.verdict import Status


def _geometric(certificate: dict[str, Any]) -> str:
    """With the errors against the modulus where the kernel can show them; else its head says why not."""
    parameters = certificate["claim"]["parameters"]
    for name in ("dim", "base", "levels"):
        whole(parameters, name)
    if parameters["decoder"] == "two-sine":
        return sine_file(certificate)
    try:
        return error_file(certificate)
    except ConstructError as why:
        return geometric_file(certificate, [f"{LEFT_OUT}.", f"No error against the modulus: {why}."])


WRITERS: dict[str, Callable[[dict[str, Any]], str]] = {"geometric": _geometric, "multigrade": multigrade_file}
SECONDS = 1800.0


@dataclass(frozen=True)
class KernelAnswer:
    """Whether the kernel accepted the file of a certificate, and if not, coqc's first error; about: what the file
    states and what it leaves out, in lines; not decided if coqc came to no end for want of time or memory.
    """

    accepted: bool
    error: str
    about: tuple[str, ...]
    decided: bool = True


def coq_text(path: Path) -> str:
    """The Coq file of a certificate.

    Raises: ConstructError for a file that is no certificate, that was changed after it was sealed, or that Coq files
    are not written for, with the reason; OSError.
    """
    return _text(_read(path.read_bytes()))


def _text(certificate: dict[str, Any]) -> str:
    claim = certificate["claim"]["name"]
    if claim not in WRITERS:
        raise ConstructError("claim", claim, f"one of {', '.join(WRITERS)}, for Coq")
    try:
        return WRITERS[claim](certificate)
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise ConstructError(
            "certificate", repr(error), "a certificate as in verify/CERTIFICATE.md"
        ) from None


def _read(text: bytes) -> dict[str, Any]:
    try:
        certificate = json.loads(text.decode("utf-8"))
        hashes = dict(certificate["hash"])
        stated = hashes.pop("all")
        sealed = digest({**certificate, "hash": hashes})
        parts = {name: digest(certificate[name]) for name in hashes}
        certificate["claim"]["name"]
        Status(certificate["status"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ConstructError(
            "certificate", repr(error), "a certificate as in verify/CERTIFICATE.md"
        ) from None
    if stated != sealed or parts != hashes:
        raise ConstructError("hash.all", str(stated), f"the hash of what the file holds, {sealed}")
    return certificate


def _head(text: str) -> tuple[str, ...]:
    """The lines of the remark with which a file begins."""
    remark, _, _ = text.removeprefix("(** * ").partition("*)")
    return tuple(line.strip() for line in remark.splitlines() if line.strip())


def _status(certificate: dict[str, Any]) -> tuple[str, ...]:
    """A line about a certificate of which not everything is proved; files hold only what is."""
    status = certificate["status"]
    if status == Status.PROVED.value:
        return ()
    return (f"The certificate's own status is {status}: what is not proved there is not in this file.",)


def _question(text: str) -> str:
    """What all theorems of a file together rest on."""
    names = re.findall(r"^Theorem (\w+)", text, flags=re.MULTILINE)
    together = ", ".join(f"@Certificate.{name}" for name in names)
    return f"Require Certificate.\nDefinition together := ({together}).\nPrint Assumptions together.\n"


def kernel_recheck(path: Path, notify: Callable[[str], None]) -> KernelAnswer:
    """As `asked_kernel`, of a certificate's file. Raises: also OSError."""
    return asked_kernel(path.read_bytes(), notify)


def asked_kernel(certificate_text: bytes, notify: Callable[[str], None]) -> KernelAnswer:
    """Has the kernel prove the Coq file of a certificate with exactly this text.

    Method: the file is compiled, and the kernel asked what its theorem rests on.
    Raises: as `coq_text`; CoqMissing; NotProved if the library itself is not accepted.
    """
    certificate = _read(certificate_text)
    text = _text(certificate)
    about = (*_head(text), *_status(certificate))
    proving.look_through()
    folder = library.compiled(notify)
    notify("the kernel computes")
    with tempfile.TemporaryDirectory() as made:
        file = Path(made) / "Certificate.v"
        file.write_text(text, encoding="utf-8")
        ran = coq.compile_file(file, folder, SECONDS)
        if ran.accepted:
            question = Path(made) / "Question.v"  # that imports nothing, so that names are told apart
            question.write_text(_question(text), encoding="utf-8")
            ran = coq.compile_file(question, folder, SECONDS)
    if not ran.accepted:
        return KernelAnswer(False, ran.first_error, about, ran.decided)
    unexpected = [name for name in proving.axioms_of(ran.output) if not proving.expected(name)]
    if unexpected:
        return KernelAnswer(False, f"the theorem rests on {', '.join(unexpected)}", about)
    return KernelAnswer(True, "", about)
