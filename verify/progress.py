"""Saying what is going on: the judgement reports stages, the command line decides whether anybody sees them."""

from __future__ import annotations

from collections.abc import Callable

Notify = Callable[[str], None]


def silent(stage: str) -> None:
    """Tells nobody."""
