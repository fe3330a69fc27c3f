"""From a claim and a target to a verdict that the independent checker has accepted."""

from __future__ import annotations

from dataclasses import replace

from constructs.errors import ConstructError
from constructs.targets.base import Target
from verify.certificate import accepted
from verify.claims.description import Claim
from verify.progress import Notify, silent
from verify.verdict import Verdict


def check(claim: Claim, target: Target, *, recheck: bool = True) -> Verdict:
    """Builds the network, judges every property, and has the independent checker recompute all of it.

    Requires: recheck False only where the caller asks the checker itself: "proved" is not to be shown before.
    Returns: Verdict; undecided, with the checker's message, if the checker rejects the certificate.
    Raises: ConstructError for bad input; OutOfBudget if something cannot be enclosed within the limits.

    >>> from constructs import targets
    >>> from verify import claims
    >>> verdict = check(claims.geometric(base=2, levels=2, p=2), targets.expression("abs(x0 - 1/3)", dim=1))
    >>> verdict.status.value, verdict.network.width
    ('proved', 4)
    """
    if not callable(getattr(claim, "judge", None)):  # all that is asked of a claim here
        raise ConstructError(
            "claim", claim, "a claim with its parameters, such as claims.geometric(levels=3)"
        )
    if not isinstance(target, Target):
        raise ConstructError("target", target, "a target, such as targets.expression('x0**2', dim=1)")
    verdict = claim.judge(target)
    return rechecked(verdict) if recheck else verdict


def rechecked(verdict: Verdict, notify: Notify = silent) -> Verdict:
    """The verdict with the independent checker's answer: accepted, or undecided with its message; itself if there is no
    certificate to show.
    """
    if verdict.uncertified is not None:
        return verdict
    message = accepted(verdict.certificate, verdict.status.exit_code, notify)
    return replace(verdict, accepted=message is None, rejected=message)
