"""Writing certificates (verify/CERTIFICATE.md is the format), and asking the independent checker."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from verify.progress import Notify, Stage, silent

ASKING = "asking the independent checker"
CHECKER = Path(__file__).with_name("check.py")
STATUSES = {"proved": 0, "refuted": 1, "undecided": 3}  # with the checker's exit status
LIBRARIES = ("approxcert", "python-flint", "crival", "numpy", "sympy")


def canonical(value: Any) -> str:
    """The text that hashes are taken of (rule 1.4)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def digest(value: Any) -> str:
    """SHA-256 of the canonical text."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def sealed(content: dict[str, Any], asked: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The certificate of a claim, a target, a network, evidence, findings and a status: versions and hashes
    added, and what else was `asked` of the producer; no statement depends on that.
    """
    versions = {name: metadata.version(name) for name in LIBRARIES}
    producer = versions | {"python": sys.version.split()[0], **(asked or {})}
    parts = {name: digest(content[name]) for name in ("claim", "target", "network")}
    body = {"format": "approxcert-certificate", "version": 1, "producer": producer, **content, "hash": parts}
    return body | {"hash": parts | {"all": digest(body)}}


def write(certificate: dict[str, Any], path: Path) -> None:
    """Writes a certificate; see `write_text`.

    Raises: OSError.
    """
    write_text(text_of(certificate), path)


def text_of(certificate: dict[str, Any]) -> str:
    """The content of a certificate's file."""
    return json.dumps(certificate, indent=1, ensure_ascii=True) + "\n"


def write_text(text: str, path: Path) -> None:
    """Writes a text; see `write_bytes`.

    Raises: OSError.
    """
    write_bytes(text.encode("utf-8"), path)


def write_bytes(data: bytes, path: Path) -> None:
    """Writes a file that is either whole or not there, even if the process is killed.

    Raises: OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    name = path.parent / f".{path.name}.{secrets.token_hex(8)}"
    descriptor, named = _opened(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            umask = os.umask(0)
            os.umask(umask)
            os.fchmod(descriptor, 0o666 & ~umask)
            if not named:
                # a directory's descriptor, which absolute paths do not use, makes Python follow the link
                os.link(f"/proc/self/fd/{descriptor}", name, src_dir_fd=descriptor, follow_symlinks=True)
        os.replace(name, path)
    except BaseException:
        name.unlink(missing_ok=True)
        raise


def _opened(name: Path) -> tuple[int, bool]:
    """A file to write to, and whether it has the name: where the system has files without names (Linux), it gets
    its name when it is whole, so that nothing is left of a killed process.
    """
    if hasattr(os, "O_TMPFILE") and os.path.isdir("/proc/self/fd"):
        try:
            return os.open(name.parent, os.O_TMPFILE | os.O_WRONLY, 0o600), False
        except OSError:
            pass  # not on this file system
    return os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), True


def recheck(path: Path, as_json: bool = False, notify: Notify = silent) -> tuple[int, str, str]:
    """Exit status, stdout and stderr of the independent checker, run in a fresh interpreter that sees neither
    package.

    Method: lines about its progress go to `notify`; they are no part of what is returned.
    """
    notify(ASKING)
    flags = ["--progress", *(["--json"] if as_json else [])]
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as out,
        subprocess.Popen(
            [sys.executable, "-I", str(CHECKER), str(path), *flags],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
        ) as checker,
    ):
        try:
            said = [line for line in checker.stderr or () if not _told(line, notify)]
            code = checker.wait()
        except BaseException:
            checker.kill()
            raise
        out.seek(0)
        return code, out.read(), "".join(said)


def _told(line: str, notify: Notify) -> bool:
    """Whether this line of the checker was about its progress, which is then passed on."""
    found = re.fullmatch(r"progress (\d+)/(\d+)\n?", line)
    if found is not None:
        notify(Stage(ASKING, int(found[1]) / max(1, int(found[2]))))
    return found is not None


def ask(text: bytes, notify: Notify = silent) -> tuple[str | None, str]:
    """The status that the independent checker gives to a certificate's file, None if it rejects it, and its message.

    Method: a fresh interpreter judges exactly these bytes. Only its report counts, with the exit status that belongs to
    it: an interpreter that dies can end with 1, too, which by itself would say *refuted*.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "certificate.json"
        copy.write_bytes(text)
        code, out, err = recheck(copy, True, notify)
    try:
        report = json.loads(out)
        status, place, message = report["status"], report["place"], report["message"]
    except (ValueError, KeyError, TypeError):
        return None, err.strip() or f"the checker ended with status {code}"
    if report.get("accepted") is True and code == STATUSES.get(status):
        return status, message
    return None, f"rejected: {place}: {message}"


def accepted(certificate: dict[str, Any], exit_code: int, notify: Notify = silent) -> str | None:
    """None if the checker accepts this certificate with that exit status, else its message."""
    status, message = ask(text_of(certificate).encode(), notify)
    return None if status is not None and STATUSES[status] == exit_code else message
