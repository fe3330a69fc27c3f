"""`recheck`, `prove`, `derivations`: the checker, the kernel of Coq, symbols."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from verify.cli.group import BAD_INPUT, UNDECIDED, fail, main
from verify.cli.interruption import watch
from verify.cli.working import guarded, show_parts


@main.command()
@click.argument("certificate", type=click.Path(path_type=Path))
@click.option(
    "--kernel", is_flag=True, help="Ask the kernel of Coq, too, about what `export --format coq` states."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def recheck(certificate: Path, kernel: bool, as_json: bool) -> int:
    """Have the independent checker recompute a certificate, in a fresh interpreter."""
    from verify.certificate import recheck as run

    if kernel:
        return _kernel_recheck(certificate, as_json)
    code, out, err = guarded(lambda notify: run(certificate, as_json, notify), as_json, "recheck")
    click.echo(out, nl=False)
    click.echo(err, nl=False, err=True)
    return code


def _kernel_recheck(certificate: Path, as_json: bool) -> int:
    """Both have to accept: the kernel proves less than a certificate states, the checker recomputes all of it."""
    from verify.certificate import STATUSES, ask
    from verify.kernel.export import KernelAnswer, asked_kernel

    def work(notify: Callable[[str], None]) -> tuple[str | None, str, KernelAnswer | None]:
        text = certificate.read_bytes()  # once: both judge the same
        status, message = ask(text, notify)
        return status, message, None if status is None else asked_kernel(text, notify)

    status, message, answer = _with_coq(work, as_json, "recheck", BAD_INPUT)
    accepted = answer is not None and answer.accepted
    if as_json:
        kernel = answer and {
            "accepted": answer.accepted,
            "decided": answer.decided,
            "message": answer.error,
            "about": answer.about,
        }
        said = {"accepted": accepted, "status": status, "message": message, "kernel": kernel}
        click.echo(json.dumps(said, ensure_ascii=False))
    if status is None:
        fail(message, BAD_INPUT)
    if answer is not None and not answer.decided:
        fail(f"undecided (budget) by Coq: {answer.error}", UNDECIDED)
    if answer is None or not accepted:
        fail(f"rejected by Coq: {answer.error if answer else ''}", BAD_INPUT)
    if not as_json:
        click.echo("\n  ".join((message, "and by the kernel of Coq:", *answer.about)))
    return STATUSES[status]


def _with_coq(work: Callable[[Callable[[str], None]], Any], as_json: bool, claim: str, rejected: int) -> Any:
    """As `guarded`; without Coq it ends with 2, and with `rejected` if Coq rejects something of the library."""
    from verify.kernel.coq import CoqMissing
    from verify.kernel.library import NotProved, cache

    watch(cache(), "coq-*")
    try:
        return guarded(work, as_json, claim)
    except CoqMissing as error:
        fail(str(error), BAD_INPUT)
    except NotProved as error:
        if as_json:
            click.echo(json.dumps({"status": "rejected", "message": str(error)}, ensure_ascii=False))
        fail(f"rejected: {error}", rejected)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def prove(as_json: bool) -> int:
    """Have the kernel of Coq check the theorems about all parameters, and list them with what they rest on.

    Exit status: 0 all accepted, 1 something is not, or rests on an axiom that is not listed.
    """
    from verify.kernel.proving import prove as run
    from verify.tables.proofs import lines

    proofs = _with_coq(run, as_json, "prove", 1)
    if as_json:
        click.echo(json.dumps(proofs.to_json(), ensure_ascii=False))
    else:
        show_parts(lines(proofs))
        click.echo(f"{proofs.seconds:.1f} s", err=True)
    return 0 if proofs.proved else 1


@main.command()
def derivations() -> None:
    """Derive the formulas, identities and constants of docs/derivations.md anew, and print that page."""
    from verify.symbolic.page import page

    click.echo(page())
