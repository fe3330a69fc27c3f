"""`export`: a certificate's network in the formats of other programs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from verify.cli.group import main
from verify.cli.interruption import watch
from verify.cli.working import guarded, require_writable


@main.command()
@click.argument("certificate", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "kind",
    required=True,
    type=click.Choice(["onnx", "json", "coq"]),
    help="onnx: floats, with the exact weights in a JSON file beside; json: the exact network; coq: for `coqc`.",
)
@click.option("--float32", is_flag=True, help="onnx: in float32 instead of float64.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Where to write it; unless told standard output, and for onnx the certificate's name with .onnx, here.",
)
def export(certificate: Path, kind: str, float32: bool, output: Path | None) -> int:
    """Write a certificate's network, target and bounds in another format.

    The file for Coq states the bounds as a theorem and has the kernel prove it by computation. Networks are written
    only from certificates that the independent checker accepts.
    """
    if float32 and kind != "onnx":
        raise click.UsageError(f"--float32: {kind} holds exact numbers; expected it with --format onnx only")
    if kind == "onnx":
        return _onnx(certificate, float32, output or Path(certificate.stem + ".onnx"))
    texts: dict[str, Callable[[Path, Callable[[str], None]], str]] = {"json": _json, "coq": _coq}
    require_writable(output)
    text = guarded(lambda notify: texts[kind](certificate, notify), False, kind)
    if output is None:
        click.echo(text, nl=False)
    else:
        from verify.certificate import write_text

        guarded(lambda _: write_text(text, output), False, kind)
    return 0


def _coq(certificate: Path, _: Callable[[str], None]) -> str:
    from verify.kernel.export import coq_text

    return coq_text(certificate)


def _json(certificate: Path, notify: Callable[[str], None]) -> str:
    from verify.network_files import network_text

    return network_text(certificate, notify)


def _onnx(certificate: Path, float32: bool, output: Path) -> int:
    from constructs.float_formats import FLOAT32, FLOAT64
    from verify.gap_table import lines
    from verify.network_files import beside, write_onnx

    require_writable(output)
    watch(output.with_name(output.name + ".json"))  # the exact weights
    floats = FLOAT32 if float32 else FLOAT64
    gap = guarded(lambda notify: write_onnx(certificate, output, floats, notify), False, "onnx")
    click.echo(f"{output}: ONNX, {floats.name}\n{beside(output)}: its exact weights, its hash")
    for line in lines(gap):
        click.echo(line)
    return 0
