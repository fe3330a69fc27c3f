"""The theorems of the folder examples, loaded as the command line does."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from verify.own.loading import load
from verify.theorem import Theorem

FOLDER = Path(__file__).parent.parent / "examples"


@cache
def example(name: str) -> Theorem:
    """By "file:NAME", without the ending."""
    stem, _, theorem = name.partition(":")
    return load(f"{FOLDER / stem}.py:{theorem}")
