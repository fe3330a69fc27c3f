"""`check`: build, certify, recheck, write."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import click

from verify.cli.completing import claims, named_targets, words
from verify.cli.group import main
from verify.cli.working import guarded, is_own, known, require_writable, show_parts


@main.command()
@click.argument("claim", shell_complete=claims)
@click.option(
    "--target", shell_complete=named_targets, help="An expression, a named target, @file.json or @file.csv."
)
@click.option("--dim", type=int, help="The dimension d of the cube.")
@click.option("--set", "values", multiple=True, help="A claim of one's own: a parameter, NAME=VALUE.")
@click.option("--base", type=int, help="geometric: N, children per cell and axis; 2 unless told.")
@click.option("--levels", type=int, help="geometric: L, the finest level; 3 unless told.")
@click.option(
    "--p", "p", help="geometric: the exponent of L^p, a rational >= 1 or inf; multigrade: beside 1 and 2."
)
@click.option(
    "--digits", shell_complete=words("floor", "relu"), help="geometric: floor (unless told) or relu."
)
@click.option(
    "--decoder", shell_complete=words("bits", "two-sine"), help="geometric: bits (unless told) or two-sine."
)
@click.option(
    "--constant",
    shell_complete=words("paper", "sharp"),
    help="geometric: paper (2d+1, unless told), sharp, or a number.",
)
@click.option(
    "--modulus", shell_complete=words("axis", "euclidean"), help="geometric: axis (unless told) or euclidean."
)
@click.option("--tolerance", help="geometric: storage error relative to the modulus; 1/16 unless told.")
@click.option("--rtol", help="geometric: how narrowly errors are enclosed, if they can be; 1/20 unless told.")
@click.option(
    "--mesh",
    help="multigrade: 1/M, that of the first sweep, 1/2 unless told; multiplicative: 1/8 unless told.",
)
@click.option("--sweeps", type=int, help="multigrade: how many sweeps, each at half the mesh; 3 unless told.")
@click.option("--degree", type=int, help="multiplicative: q, that of the splines, 1 (unless told), 2 or 3.")
@click.option(
    "--norm",
    shell_complete=words("sup", "zygmund:", "bessel:"),
    help="multiplicative: sup (unless told), zygmund:S or bessel:S, S <= 1, or 2 if q >= 2.",
)
@click.option(
    "--support", type=int, help="multiplicative: cells a side of a unit, as claimed; q+1 unless told."
)
@click.option("--ladder", type=int, help="multiplicative: so many meshes, each half the one before: orders.")
@click.option(
    "--order", help="multiplicative, with --ladder: the order of sup|e|, as claimed; q+1 unless told."
)
@click.option(
    "--until", help="The first level whose certified error is at most this; multigrade stops there."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to write the certificate.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
@click.option("--no-recheck", is_flag=True, help="Do not ask the independent checker.")
def check(
    claim: str,
    target: str | None,
    dim: int | None,
    values: tuple[str, ...],
    output: Path | None,
    as_json: bool,
    no_recheck: bool,
    **options: Any,
) -> int:
    """Build the network of CLAIM for a target, and certify what the theorem says about it.

    CLAIM: one of `approxcert list`, or path/to/file.py:NAME, a theorem of one's own, whose code is run.
    """
    from constructs.targets import parse
    from verify.claims import CLAIMS
    from verify.judging import rechecked
    from verify.own import command as own_command
    from verify.own.loading import load

    def work(notify: Callable[[str], None]) -> Any:
        with redirect_stdout(sys.stderr):  # what an author's own code prints is no result
            if is_own(claim):
                made, function = own_command.asked(load(claim), target, dim, values, options)
            else:
                made = CLAIMS[known(claim)](**_options_of(claim, options))
                own_command.refuse(values)
                function = parse(*own_command.both(target, dim))
            return made.judge(function, notify)

    require_writable(output)
    verdict = guarded(work, as_json, claim)
    if not no_recheck:
        verdict = guarded(lambda notify: rechecked(verdict, notify), as_json, claim)
    written = None
    if output is not None and verdict.rejected is None and verdict.uncertified is None:
        guarded(lambda _: verdict.save(output), as_json, claim)
        written = str(output)
    if as_json:
        click.echo(json.dumps(verdict.to_json(written), ensure_ascii=False))
    else:
        print_verdict(verdict, written)
    return verdict.status.exit_code


def _options_of(claim: str, options: dict[str, Any]) -> dict[str, Any]:
    """The options that were given; all of them must be the claim's."""
    import inspect

    from verify.claims import CLAIMS

    own = inspect.signature(CLAIMS[claim]).parameters
    given = {name: value for name, value in options.items() if value is not None}
    for name in given.keys() - own.keys():
        expected = ", ".join(f"--{known}" for known in own)
        raise click.UsageError(
            f"--{name} = {given[name]}: {claim} has no such option; expected one of {expected}"
        )
    return given


def print_verdict(verdict: Any, path: str | None) -> None:
    from verify.tables.verdicts import render

    show_parts(render(verdict, path))
    click.echo(f"{verdict.seconds:.1f} s", err=True)
