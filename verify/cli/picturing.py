"""`plot`: a certificate's pictures for a paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from verify.cli.group import main
from verify.cli.working import guarded, require_writable


@main.command()
@click.argument("certificate", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="A name that ends in .png, .svg or .pdf; CERTIFICATE's with .png unless told.",
)
def plot(certificate: Path, output: Path | None) -> int:
    """Draw everything that a certificate shows as one figure, once the independent checker has accepted it.

    Prints what the panels show. Exit status: 0, whatever was proved or refuted; 2 if the certificate is rejected.
    """
    path = certificate.with_suffix(".png") if output is None else output
    require_writable(path)

    def work(notify: Callable[[str], None]) -> list[str]:
        from verify.exhibits.reading import exhibits
        from verify.plots.figure import captions
        from verify.plots.saving import require_suffix, save

        require_suffix(path)
        shown = exhibits(certificate, notify)
        notify("drawing")
        save(shown, path)
        return [shown.sentence, *captions(shown)]

    for line in guarded(work, False, "plot"):
        click.echo(line)
    click.echo(f"figure: {path}")
    return 0
