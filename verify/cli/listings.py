"""`list`, `show`, `targets`: what there is."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import redirect_stdout

import click

from verify.cli.completing import claims
from verify.cli.group import main
from verify.cli.working import guarded, is_own, known


@main.command("list")
def list_claims() -> None:
    """The claims that can be checked."""
    from verify.claims import DESCRIPTIONS

    for name, description in DESCRIPTIONS.items():
        click.echo(f"{name:<16}{description.summary}")
    click.echo(f"{'file.py:NAME':<16}a theorem of one's own, from its file (docs/your-own-theorem.md)")


@main.command()
@click.argument("claim", shell_complete=claims)
def show(claim: str) -> None:
    """What a claim states, what is checked, and where it comes from; CLAIM may be path/to/file.py:NAME."""
    from verify.claims import DESCRIPTIONS

    if not is_own(claim):
        click.echo(DESCRIPTIONS[known(claim)].text())
        return
    from verify.own.loading import load

    def work(_: Callable[[str], None]) -> str:
        with redirect_stdout(sys.stderr):
            return load(claim).text()

    click.echo(guarded(work, False, claim))


@main.command()
def targets() -> None:
    """The named targets, and the other ways to give one."""
    from constructs.targets import library

    for name in library.names():
        entry = library.find(name)
        defaults = ",".join(f"{key}={value}" for key, value in entry.defaults)
        click.echo(f"{name + (':' if defaults else '') + defaults:<48}{entry.description}")
    click.echo(
        f"{'an expression in x0..x9':<48}+ - * / **, numbers taken exactly, abs min max sqrt exp log sin cos tanh step"
    )
    click.echo(
        f"{'@file.json, @file.csv':<48}nodal values on a grid, steps, or scattered samples with a Lipschitz constant"
    )
