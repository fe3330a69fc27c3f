"""Writing certificates (verify/CERTIFICATE.md is the format), and asking the independent checker."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from typing import Any

CHECKER = Path(__file__).with_name("check.py")
LIBRARIES = ("approxcert", "python-flint", "crival", "numpy", "sympy")


def canonical(value: Any) -> str:
    """The text that hashes are taken of (rule 1.4)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def digest(value: Any) -> str:
    """SHA-256 of the canonical text."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def sealed(content: dict[str, Any]) -> dict[str, Any]:
    """The certificate of a claim, a target, a network, evidence, findings and a status: versions and hashes
    added.
    """
    versions = {name: metadata.version(name) for name in LIBRARIES}
    producer = versions | {"python": sys.version.split()[0]}
    parts = {name: digest(content[name]) for name in ("claim", "target", "network")}
    body = {"format": "approxcert-certificate", "version": 1, "producer": producer, **content, "hash": parts}
    return body | {"hash": parts | {"all": digest(body)}}


def write(certificate: dict[str, Any], path: Path) -> None:
    """Writes a file that is either whole or not there.

    Raises: OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(certificate, stream, indent=1, ensure_ascii=True)
            stream.write("\n")
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(temporary, 0o666 & ~umask)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def recheck(path: Path, as_json: bool = False) -> tuple[int, str, str]:
    """Exit status, stdout and stderr of the independent checker, run in a fresh interpreter that sees neither
    package.
    """
    command = [sys.executable, "-I", str(CHECKER), str(path), *(["--json"] if as_json else [])]
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout, done.stderr


def accepted(certificate: dict[str, Any], exit_code: int) -> str | None:
    """None if the checker accepts this certificate with that exit status, else its message."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "certificate.json"
        write(certificate, path)
        code, out, err = recheck(path)
    return None if code == exit_code else ((err or out).strip() or f"the checker ended with status {code}")
