"""The theorems that the kernel accepted, for people."""

from __future__ import annotations

from collections.abc import Iterator

from verify.kernel.proving import AXIOMS, MACHINE, Proof, Proofs

REALS = "the standard library's real numbers"


def lines(proofs: Proofs) -> Iterator[str]:
    """File by file, what every theorem states and what it rests on; at the end the axioms in words."""
    file = ""
    for proof in proofs.proofs:
        if proof.theorem.file != file:
            file = proof.theorem.file
            yield f"[bold]{file}[/bold]"
        yield f"  [bold]{proof.theorem.name}[/bold]  {_plain(proof.theorem.states)}"
        yield f"      rests on: {_rests_on(proof)}"
    names = sorted({name for proof in proofs.proofs for name in proof.axioms})
    yield ""
    yield from (f"  {name}: {AXIOMS[name]}" for name in names if name in AXIOMS)
    for module in sorted({name.partition(".")[0] for name in names} & MACHINE.keys()):
        yield f"  {module}.*: {MACHINE[module]}"
    count = len(proofs.proofs)
    if proofs.proved:
        yield f"[bold green]proved[/]: {count} theorems, accepted by the kernel of Coq {proofs.coq}; no other axiom"
    else:
        bad = sorted({name for proof in proofs.proofs for name in proof.unexpected})
        yield f"[bold red]rejected[/]: unexpected axioms: {', '.join(bad)}"


def _plain(text: str) -> str:
    return text.replace("[", r"\[")


def _rests_on(proof: Proof) -> str:
    parts = [f"[bold red]{name}[/]" for name in proof.unexpected]
    if any(name in AXIOMS for name in proof.axioms):
        parts.append(REALS)
    modules = sorted({name.partition(".")[0] for name in proof.axioms} & MACHINE.keys())
    if modules:
        parts.append("machine numbers of the kernel (" + ", ".join(modules) + ")")
    return "; ".join(parts) or "no axiom"
