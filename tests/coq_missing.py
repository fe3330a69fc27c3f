"""Tests that need Coq say so where it is missing."""

from __future__ import annotations

import shutil

import pytest

from verify.kernel.coq import PACKAGES

needs_coq = pytest.mark.skipif(
    shutil.which("coqc") is None, reason=f"coqc is missing; on Debian: apt-get install {PACKAGES}"
)
