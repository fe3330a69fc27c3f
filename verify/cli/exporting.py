"""`export`: a certificate's network in the formats of other programs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from verify.cli.group import BAD_INPUT, fail, main
from verify.cli.interruption import watch
from verify.cli.working import guarded, require_other, require_writable


@main.command()
@click.argument("certificate", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "kind",
    required=True,
    type=click.Choice(["onnx", "vnnlib", "json", "coq"]),
    help="onnx: floats, with the exact weights in a JSON file beside; vnnlib: bounds of |f - Phi| for verifiers "
    "(multigrade); json: the exact network; coq: for `coqc`.",
)
@click.option("--float32", is_flag=True, help="onnx, vnnlib: in float32 instead of float64.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Where to write it; unless told standard output, for onnx the certificate's name with .onnx, here. For vnnlib "
    "a folder; unless told the certificate's name with -vnnlib, here.",
)
def export(certificate: Path, kind: str, float32: bool, output: Path | None) -> int:
    """Write a certificate's network, target and bounds in another format.

    The file for Coq states the bounds as a theorem and has the kernel prove it by computation. Networks are written
    only from certificates that the independent checker accepts.
    """
    if float32 and kind not in ("onnx", "vnnlib"):
        raise click.UsageError(f"--float32: {kind} holds exact numbers; expected it with onnx or vnnlib only")
    if kind == "onnx":
        return _onnx(certificate, float32, output or Path(certificate.stem + ".onnx"))
    if kind == "vnnlib":
        return _vnnlib(certificate, float32, output or Path(certificate.stem + "-vnnlib"))
    texts: dict[str, Callable[[Path, Callable[[str], None]], str]] = {"json": _json, "coq": _coq}
    require_writable(output)
    require_other(output, certificate)
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
    from verify.network_files import beside, write_onnx
    from verify.tables.gaps import lines

    require_writable(output)
    for written in (output, beside(output)):
        require_other(written, certificate)
    watch(beside(output))
    floats = FLOAT32 if float32 else FLOAT64
    gap = guarded(lambda notify: write_onnx(certificate, output, floats, notify), False, "onnx")
    click.echo(f"{output}: ONNX, {floats.name}\n{beside(output)}: its exact weights, its hash")
    for line in lines(gap):
        click.echo(line)
    return 0


def _vnnlib(certificate: Path, float32: bool, folder: Path) -> int:
    from constructs.float_formats import FLOAT32, FLOAT64
    from verify.vnnlib_files import write_instances

    if (folder.exists() and not folder.is_dir()) or not folder.absolute().parent.is_dir():
        fail(f"output = {folder}: expected a folder, in an existing one", BAD_INPUT)
    require_other(folder / f"{certificate.stem}.json", certificate)
    watch(folder, "**/*.[a-z]*")
    floats = FLOAT32 if float32 else FLOAT64
    written = guarded(lambda notify: write_instances(certificate, folder, floats, notify), False, "vnnlib")
    click.echo("\n".join(map(str, written)))
    return 0
