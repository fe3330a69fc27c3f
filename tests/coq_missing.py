"""Tests that run Coq: `make proofs` runs them, after the library is compiled; where Coq is missing they say so."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from verify.kernel.coq import PACKAGES


def needs_coq(test: Any) -> Any:
    """Marks a test that runs Coq."""
    missing = pytest.mark.skipif(
        shutil.which("coqc") is None, reason=f"coqc is missing; on Debian: apt-get install {PACKAGES}"
    )
    return pytest.mark.kernel(missing(test))
