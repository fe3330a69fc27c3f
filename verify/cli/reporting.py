"""`report`: a certificate as a page for people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from verify.cli.group import BAD_INPUT, UNDECIDED, main
from verify.cli.working import guarded, require_other, require_writable

STATUS = {"proved": 0, "refuted": 1, "undecided": UNDECIDED, "rejected": BAD_INPUT}


@main.command()
@click.argument("certificate", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Where to write it; CERTIFICATE with .html unless told.",
)
def report(certificate: Path, output: Path | None) -> int:
    """Write a certificate as one self-contained HTML page: verdict, pictures, network, how to reproduce.

    The independent checker is asked first. Exit status: as of `check`; 2 if it rejects the certificate,
    which the page then says.
    """

    def work(notify: Callable[[str], None]) -> str:
        from verify.certificate import write_text
        from verify.exhibits.reading import exhibits
        from verify.report.page import page

        shown = exhibits(certificate, notify)
        notify("writing the page")
        write_text(page(shown), written)
        return shown.status

    written = certificate.with_suffix(".html") if output is None else output
    require_writable(written)
    require_other(written, certificate)
    status = guarded(work, False, "report")
    click.echo(f"{status}: {written}")
    return STATUS[status]
