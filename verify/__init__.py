"""Judgements about the objects of `constructs`: regions, norms, moduli, claims, certificates.

`from verify import check, claims` gives the function that judges a claim about a target. (The module
`verify.check` is the independent checker; it is run as a program, and nothing here imports it.)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from verify.judging import check as check

__all__ = ["check"]


def __getattr__(name: str) -> Any:
    # Late, because `python -m verify.check` passes through here and must not load what it checks.
    if name == "check":
        return import_module("verify.judging").check
    raise AttributeError(f"module 'verify' has no attribute {name!r}")
