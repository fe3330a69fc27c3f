"""Which derivations of verify.symbolic say where a certificate's constants come from."""

from __future__ import annotations

from verify.exhibits.certified import Certified


def derivations(certified: Certified) -> tuple[str, ...]:
    """Their titles; a constant that somebody chose has none."""
    p = certified.parameters
    match certified.claim:
        case "geometric" if p["constant"] == "paper":
            return ("The paper's constant",)
        case "geometric" if p["constant"] == "sharp" and p["p"] in ("2", "inf"):
            return (f"The means at p = {p['p'].replace('inf', '∞')}",)
        case "multigrade":
            return ("Multigrade, a sweep at the grid's own mesh", "Multigrade, a coarser sweep")
        case "multiplicative" if p["degree"] == 1:
            return ("Splines of degree 1",)
    return ()
