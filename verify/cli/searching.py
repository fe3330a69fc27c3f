"""`search`, `sharpness`: counterexamples."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from verify.cli.completing import claims, words
from verify.cli.group import main
from verify.cli.interruption import watch
from verify.cli.working import guarded, known, require_writable, show_parts


@main.command()
@click.argument("claim", shell_complete=claims)
@click.option("--constant", required=True, help="The C of error <= C * modulus that is to be broken.")
@click.option("--dim", required=True, type=int, help="The dimension d of the cube.")
@click.option("--base", type=int, help="N, children per cell and axis; 2 unless told.")
@click.option("--level", type=int, help="l, the level that is looked at; 1, or 0 if that does, unless told.")
@click.option("--p", "p", default="2", show_default=True, help="A rational >= 1, or inf.")
@click.option(
    "--modulus",
    shell_complete=words("axis", "euclidean"),
    default="axis",
    show_default=True,
    help="axis or euclidean.",
)
@click.option("--budget", type=float, default=30.0, show_default=True, help="Seconds of wall time.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the order of the candidates.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Where to write the witness's certificate."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def search(claim: str, output: Path | None, as_json: bool, **options: Any) -> int:
    """Look for a target whose error is above a constant times the modulus of CLAIM (geometric).

    Exit status: 1 found, with a certificate; 3 not found, which proves nothing.
    """

    def work(notify: Callable[[str], None]) -> Any:
        from verify.searching import search as run

        return run(known(claim), **options, notify=notify)

    require_writable(output)
    result = guarded(work, as_json, claim)
    written = None
    if output is not None and result.verdict is not None:
        guarded(lambda _: result.verdict.save(output), as_json, claim)
        written = str(output)
    if as_json:
        click.echo(json.dumps(result.to_json(written), ensure_ascii=False))
    else:
        from verify.tables.searches import search_lines

        show_parts(search_lines(result, written))
        click.echo(f"{result.seconds:.1f} s", err=True)
    return result.status.exit_code


@main.command()
@click.argument("claim", shell_complete=claims)
@click.option(
    "--results",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("results/sharpness"),
    show_default=True,
    help="The folder of witnesses; it grows over runs.",
)
@click.option("--budget", type=float, default=60.0, show_default=True, help="Seconds of search in all.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the order of the candidates.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def sharpness(claim: str, results: Path, budget: float, seed: int, as_json: bool) -> int:
    """The proved constants of CLAIM (geometric) beside the best witnesses known, which are improved.

    Exit status: 0; 1 if a witness contradicts a proved constant.
    """

    def work(notify: Callable[[str], None]) -> Any:
        from verify.sharpness import sharpness as run

        return run(known(claim), results, budget=budget, seed=seed, notify=notify)

    watch(results, "*.json")
    result = guarded(work, as_json, claim)
    if as_json:
        click.echo(json.dumps(result.to_json(), ensure_ascii=False))
    else:
        from verify.tables.searches import sharpness_table

        show_parts(sharpness_table(result))
    return 1 if any(row.refuted for row in result.rows) else 0
