"""`--version`: what a figure or a certificate depends on."""

from __future__ import annotations

import platform
import shutil
import subprocess
from importlib import metadata

NEEDED = ("python-flint", "crival", "numpy", "sympy")
OPTIONAL = ("hypothesis", "matplotlib", "onnx", "onnxruntime", "torch")


def text() -> str:
    """One line a library; optional ones and Coq only where they are installed."""
    rows = [("approxcert", metadata.version("approxcert")), ("Python", platform.python_version())]
    rows += [(name, metadata.version(name)) for name in NEEDED]
    rows += [(name, version) for name in OPTIONAL if (version := _installed(name))]
    if coq := _coq():
        rows.append(("Coq", coq))
    return "\n".join(f"{name} {version}" for name, version in rows)


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _coq() -> str | None:
    program = shutil.which("coqc")
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, "-print-version"], capture_output=True, text=True, check=False, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    words = done.stdout.split()
    return words[0] if done.returncode == 0 and words else None
