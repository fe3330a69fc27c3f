"""The command line: the only place that prints. One module a family of verbs; importing it adds the verbs."""

from verify.cli import checking, exporting, listings, picturing, proving, reporting, searching  # noqa: F401
from verify.cli.group import main

__all__ = ["main"]
