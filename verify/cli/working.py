"""Running work for a command: progress on stderr, bad input as one line, results to stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from verify.cli.bar import shown
from verify.cli.group import BAD_INPUT, UNDECIDED, fail
from verify.cli.interruption import watch


def require_writable(output: Path | None) -> None:
    """Refuses an output that cannot be; from here on an interruption tells what became of it."""
    if output is None:
        return
    if output.is_dir() or not output.absolute().parent.is_dir():
        fail(f"output = {output}: expected a file in an existing folder", BAD_INPUT)
    watch(output)


def require_other(output: Path | None, certificate: Path) -> None:
    """Refuses an output that is the certificate's own file."""
    if output is not None and output.exists() and certificate.exists() and output.samefile(certificate):
        fail(f"output = {output}: expected another file than the certificate", BAD_INPUT)


def is_own(claim: str) -> bool:
    """Whether CLAIM names a theorem in a file, not a claim of the library."""
    return ":" in claim or claim.endswith(".py")


def known(claim: str) -> str:
    from constructs.errors import ConstructError, nearest_name
    from verify.claims import CLAIMS

    if claim not in CLAIMS:
        expected = f"one of {', '.join(CLAIMS)}, or path/to/file.py:NAME{nearest_name(claim, CLAIMS)}"
        raise click.UsageError(str(ConstructError("claim", claim, expected)))
    return claim


def guarded(work: Callable[[Callable[[str], None]], Any], as_json: bool, claim: str) -> Any:
    """Runs work with progress; bad input ends with 2, an exhausted budget with 3, each with one line."""
    from constructs.errors import ConstructError
    from constructs.sine_search import SineSearchError
    from verify.claims.levels import OutOfBudget

    try:
        with shown() as notify:
            return work(notify)
    except (SineSearchError, OutOfBudget) as error:
        reason = error.reason.value if isinstance(error, OutOfBudget) else "budget"
        if as_json:
            click.echo(
                json.dumps({"claim": claim, "status": "undecided", "reason": reason, "message": str(error)})
            )
        fail(f"undecided ({reason}): {error}", UNDECIDED)
    except ConstructError as error:
        fail(str(error), BAD_INPUT)
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}", BAD_INPUT)
    except MemoryError:
        fail("out of memory: expected fewer levels or dimensions", BAD_INPUT)


def show_parts(parts: Iterable[Any]) -> None:
    from rich.console import Console

    console = Console() if sys.stdout.isatty() else Console(width=140)
    for part in parts:
        console.print(part, highlight=False, soft_wrap=isinstance(part, str))
