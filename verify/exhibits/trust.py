"""What a certificate rests on: who recomputed it, what only its author says, and what a proof kernel can do."""

from __future__ import annotations

from verify.exhibits.certified import Certified

KERNEL = {
    "geometric": "with floor digits, errors at every point, or in the norm, of targets that it can read",
    "multigrade": "suprema after every sweep, of piecewise linear targets",
}
SAYS = {"proved": "holds", "refuted": "fails", "undecided": "open"}


def trust(certified: Certified) -> tuple[str, ...]:
    """Paragraphs for a certificate that the checker has accepted in this run."""
    own = [f for f in certified.findings if f["established_by"] == "author"]
    told = f" except {len(own)} that only the author of the claim established" if own else ""
    return (
        "The independent checker (verify/check.py: one file, standard library only, in an interpreter of its own) "
        "accepted this file when these exhibits were made. It recomputed every number that the findings "
        f"state{told}, from the target's specification and the network's weights, in its own arithmetic.",
        *([_author(certified)] if own else []),
        _kernel(certified),
        "Pictures prove nothing: they are drawn in floating point, and captions say what is certified and what is "
        "sampled. The numbers stated in words are the certificate's exact ones, rounded outward.",
    )


def _author(certified: Certified) -> str:
    conditions = certified.parameters["conditions"]
    names = [
        f"{conditions[f['level']]['name']!r} ({SAYS[f['status']]}, says the author)"
        for f in certified.findings
        if f["established_by"] == "author"
    ]
    return f"Not independently checked, on the author's word only: {'; '.join(names)}."


def _kernel(certified: Certified) -> str:
    can = KERNEL.get(certified.claim)
    if can is None:
        return "The kernel of Coq checks no certificates of this claim."
    return (
        f"Not used here: the kernel of Coq, which can check some of this again ({can}): "
        f"approxcert recheck --kernel {certified.file}"
    )
