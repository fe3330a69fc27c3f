"""The command line: the only place that prints."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any, NoReturn

import click

BAD_INPUT = 2
UNDECIDED = 3


class _OneLine(click.Group):
    """Errors are one line on stderr."""

    def main(self, *args: Any, **kwargs: Any) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        kwargs["standalone_mode"] = False
        try:
            code = super().main(*args, **kwargs)
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message(), err=True)
            sys.exit(BAD_INPUT)
        except click.ClickException as error:
            _fail(error.format_message(), BAD_INPUT)
        except (click.Abort, KeyboardInterrupt):
            _fail("interrupted; nothing was written", 130)
        else:
            sys.exit(code if isinstance(code, int) else 0)


def _fail(message: str, code: int) -> NoReturn:
    click.echo("approxcert: " + " ".join(message.split()), err=True)
    sys.exit(code)


@click.group(cls=_OneLine, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="approxcert")
def main() -> None:
    """Builds the neural networks of approximation theorems exactly, and certifies their error bounds.

    Exit status: 0 every stated property proved, 1 something refuted, 2 bad input, 3 undecided.
    """


@main.command("list")
def list_claims() -> None:
    """The claims that can be checked."""
    from verify.claims import DESCRIPTIONS

    for name, description in DESCRIPTIONS.items():
        click.echo(f"{name:<16}{description.summary}")
    click.echo(f"{'file.py:NAME':<16}a theorem of one's own, from its file (docs/your-own-theorem.md)")


@main.command()
@click.argument("claim")
def show(claim: str) -> None:
    """What a claim states, what is checked, and where it comes from; CLAIM may be path/to/file.py:NAME."""
    from verify.claims import DESCRIPTIONS

    if not _is_own(claim):
        click.echo(DESCRIPTIONS[_known(claim)].text())
        return
    from verify.own.loading import load

    def work(_: Callable[[str], None]) -> str:
        with redirect_stdout(sys.stderr):
            return load(claim).text()

    click.echo(_guarded(work, False, claim))


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


@main.command()
@click.argument("claim")
@click.option("--target", help="An expression, a named target, @file.json or @file.csv.")
@click.option("--dim", type=int, help="The dimension d of the cube.")
@click.option("--set", "values", multiple=True, help="A claim of one's own: a parameter, NAME=VALUE.")
@click.option("--base", type=int, help="geometric: N, children per cell and axis; 2 unless told.")
@click.option("--levels", type=int, help="geometric: L, the finest level; 3 unless told.")
@click.option(
    "--p", "p", help="geometric: the exponent of L^p, a rational >= 1 or inf; multigrade: beside 1 and 2."
)
@click.option("--digits", help="geometric: floor (unless told) or relu.")
@click.option("--decoder", help="geometric: bits (unless told) or two-sine.")
@click.option("--constant", help="geometric: paper (2d+1, unless told), sharp, or a number.")
@click.option("--modulus", help="geometric: axis (unless told) or euclidean.")
@click.option("--tolerance", help="geometric: storage error relative to the modulus; 1/16 unless told.")
@click.option("--rtol", help="geometric: how narrowly errors are enclosed, if they can be; 1/20 unless told.")
@click.option(
    "--mesh",
    help="multigrade: 1/M, that of the first sweep, 1/2 unless told; multiplicative: 1/8 unless told.",
)
@click.option("--sweeps", type=int, help="multigrade: how many sweeps, each at half the mesh; 3 unless told.")
@click.option("--degree", type=int, help="multiplicative: q, that of the splines, 1 (unless told), 2 or 3.")
@click.option(
    "--norm", help="multiplicative: sup (unless told), zygmund:S or bessel:S, S <= 1, or 2 if q >= 2."
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
    from verify.own import command as own_command
    from verify.own.loading import load

    def work(notify: Callable[[str], None]) -> Any:
        with redirect_stdout(sys.stderr):  # what an author's own code prints is no result
            if _is_own(claim):
                made, function = own_command.asked(load(claim), target, dim, values, options)
            else:
                made = CLAIMS[_known(claim)](**_options_of(claim, options))
                own_command.refuse(values)
                function = parse(*own_command.both(target, dim))
            return made.judge(function, notify)

    _require_writable(output)
    verdict = _guarded(work, as_json, claim)
    if not no_recheck:
        verdict = _guarded(lambda notify: _rechecked(verdict, notify), as_json, claim)
    written = None
    if output is not None and verdict.rejected is None and verdict.uncertified is None:
        _guarded(lambda _: verdict.save(output), as_json, claim)
        written = str(output)
    if as_json:
        click.echo(json.dumps(verdict.to_json(written), ensure_ascii=False))
    else:
        _print(verdict, written)
    return verdict.status.exit_code


def _rechecked(verdict: Any, notify: Callable[[str], None]) -> Any:
    from verify.judging import rechecked

    notify("asking the independent checker")
    return rechecked(verdict)


@main.command()
@click.argument("certificate", type=click.Path(path_type=Path))
@click.option(
    "--kernel", is_flag=True, help="Ask the kernel of Coq instead, about what `export --format coq` states."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def recheck(certificate: Path, kernel: bool, as_json: bool) -> int:
    """Have the independent checker recompute a certificate, in a fresh interpreter."""
    from verify.certificate import recheck as run

    if kernel:
        return _kernel_recheck(certificate, as_json)
    code, out, err = run(certificate, as_json)
    click.echo(out, nl=False)
    click.echo(err, nl=False, err=True)
    return code


def _kernel_recheck(certificate: Path, as_json: bool) -> int:
    from verify.kernel.export import kernel_recheck

    answer = _with_coq(lambda notify: kernel_recheck(certificate, notify), as_json, "recheck")
    if as_json:
        said = {"status": "accepted" if answer.accepted else "rejected", "message": answer.error}
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        click.echo("accepted by the kernel of Coq" if answer.accepted else f"rejected by Coq: {answer.error}")
    return 0 if answer.accepted else 1


@main.command()
@click.argument("certificate", type=click.Path(path_type=Path))
@click.option("--format", "kind", required=True, type=click.Choice(["coq"]), help="coq: a file for `coqc`.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Where to write it; standard output unless told."
)
def export(certificate: Path, kind: str, output: Path | None) -> int:
    """Write a certificate's network, target and bounds in another format.

    The file for Coq states the bounds as a theorem and has the kernel prove it by computation.
    """
    from verify.certificate import write_text
    from verify.kernel.export import coq_text

    _require_writable(output)
    text = _guarded(lambda _: coq_text(certificate), False, kind)
    if output is None:
        click.echo(text, nl=False)
    else:
        _guarded(lambda _: write_text(text, output), False, kind)
    return 0


def _with_coq(work: Callable[[Callable[[str], None]], Any], as_json: bool, claim: str) -> Any:
    """As `_guarded`; without Coq it ends with 2, and with 1 if Coq rejects something of the library."""
    from verify.kernel.coq import CoqMissing
    from verify.kernel.library import NotProved

    try:
        return _guarded(work, as_json, claim)
    except CoqMissing as error:
        _fail(str(error), BAD_INPUT)
    except NotProved as error:
        if as_json:
            click.echo(json.dumps({"status": "rejected", "message": str(error)}, ensure_ascii=False))
        _fail(f"rejected: {error}", 1)


@main.command()
@click.argument("claim")
@click.option("--constant", required=True, help="The C of error <= C * modulus that is to be broken.")
@click.option("--dim", required=True, type=int, help="The dimension d of the cube.")
@click.option("--base", type=int, help="N, children per cell and axis; 2 unless told.")
@click.option("--level", type=int, help="l, the level that is looked at; 1, or 0 if that does, unless told.")
@click.option("--p", "p", default="2", show_default=True, help="A rational >= 1, or inf.")
@click.option("--modulus", default="axis", show_default=True, help="axis or euclidean.")
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

        return run(_known(claim), **options, notify=notify)

    _require_writable(output)
    result = _guarded(work, as_json, claim)
    written = None
    if output is not None and result.verdict is not None:
        _guarded(lambda _: result.verdict.save(output), as_json, claim)
        written = str(output)
    if as_json:
        click.echo(json.dumps(result.to_json(written), ensure_ascii=False))
    else:
        from verify.search_table import search_lines

        _show(search_lines(result, written))
        click.echo(f"{result.seconds:.1f} s", err=True)
    return result.status.exit_code


@main.command()
@click.argument("claim")
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

        return run(_known(claim), results, budget=budget, seed=seed, notify=notify)

    result = _guarded(work, as_json, claim)
    if as_json:
        click.echo(json.dumps(result.to_json(), ensure_ascii=False))
    else:
        from verify.search_table import sharpness_table

        _show(sharpness_table(result))
    return 1 if any(row.refuted for row in result.rows) else 0


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def prove(as_json: bool) -> int:
    """Have the kernel of Coq check the theorems about all parameters, and list them with what they rest on.

    Exit status: 0 all accepted, 1 something is not, or rests on an axiom that is not listed.
    """
    from verify.kernel.proving import prove as run
    from verify.proof_table import lines

    proofs = _with_coq(run, as_json, "prove")
    if as_json:
        click.echo(json.dumps(proofs.to_json(), ensure_ascii=False))
    else:
        _show(lines(proofs))
        click.echo(f"{proofs.seconds:.1f} s", err=True)
    return 0 if proofs.proved else 1


@main.command()
def derivations() -> None:
    """Derive the formulas, identities and constants of docs/derivations.md anew, and print that page."""
    from verify.symbolic.page import page

    click.echo(page())


def _require_writable(output: Path | None) -> None:
    if output is not None and (output.is_dir() or not output.absolute().parent.is_dir()):
        _fail(f"output = {output}: expected a file in an existing folder", BAD_INPUT)


def _is_own(claim: str) -> bool:
    """Whether CLAIM names a theorem in a file, not a claim of the library."""
    return ":" in claim or claim.endswith(".py")


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


def _known(claim: str) -> str:
    import difflib

    from constructs.errors import ConstructError
    from verify.claims import CLAIMS

    if claim not in CLAIMS:
        close = difflib.get_close_matches(claim, CLAIMS, 1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        expected = f"one of {', '.join(CLAIMS)}, or path/to/file.py:NAME{hint}"
        raise click.UsageError(str(ConstructError("claim", claim, expected)))
    return claim


def _guarded(work: Callable[[Callable[[str], None]], Any], as_json: bool, claim: str) -> Any:
    """Runs work with progress; bad input ends with 2, an exhausted budget with 3, each with one line."""
    from constructs.errors import ConstructError
    from constructs.sine_search import SineSearchError
    from verify.claims.levels import OutOfBudget

    try:
        with _progress() as notify:
            return work(notify)
    except (SineSearchError, OutOfBudget) as error:
        reason = error.reason.value if isinstance(error, OutOfBudget) else "budget"
        if as_json:
            click.echo(
                json.dumps({"claim": claim, "status": "undecided", "reason": reason, "message": str(error)})
            )
        _fail(f"undecided ({reason}): {error}", UNDECIDED)
    except ConstructError as error:
        _fail(str(error), BAD_INPUT)
    except OSError as error:
        _fail(f"{error.filename}: {error.strerror}", BAD_INPUT)
    except MemoryError:
        _fail("out of memory: expected fewer levels or dimensions", BAD_INPUT)


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """A line on stderr that says what is going on, if somebody is looking."""
    if not sys.stderr.isatty():
        yield lambda stage: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("starting")
        yield lambda stage: progress.update(task, description=stage)


def _print(verdict: Any, path: str | None) -> None:
    from verify.tables import render

    _show(render(verdict, path))
    click.echo(f"{verdict.seconds:.1f} s", err=True)


def _show(parts: Iterable[Any]) -> None:
    from rich.console import Console

    console = Console() if sys.stdout.isatty() else Console(width=140)
    for part in parts:
        console.print(part, highlight=False, soft_wrap=isinstance(part, str))


if __name__ == "__main__":
    main()
