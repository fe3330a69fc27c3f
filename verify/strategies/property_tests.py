"""A user's claim as a property: no drawn target refutes it."""

from __future__ import annotations

import functools
import zlib
from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from constructs.errors import ConstructError
from constructs.exact import integer
from constructs.sine_search import SineSearchError
from constructs.targets.base import Target
from verify.claims.description import Claim
from verify.claims.levels import OutOfBudget
from verify.judging import check
from verify.strategies.shown import shown_claim, shown_findings, shown_target
from verify.verdict import Reason, Status

_PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)


class NotHeld(AssertionError):  # noqa: N818
    """A claim that did not hold in a property test; the message shows the claim, the target, and the numbers."""


def property_test(
    claim: Claim | st.SearchStrategy[Any],
    targets: st.SearchStrategy[Any],
    *,
    examples: int = 100,
    undecided_fails: bool = False,
) -> Callable[[], None]:
    """A test, for pytest or to be called, that judges the claim about drawn targets and fails if one refutes it.

    Requires: claim: any object of the Claim protocol (`verify.claims.Claim`), or a strategy that draws such objects;
    targets: a strategy that draws targets; examples >= 1 of them.
    Returns: a function without parameters. Assign it to a name that starts with `test_`. Each example runs
    `verify.check`, independent checker included. The events (`pytest --hypothesis-show-statistics`) count what was
    proved, and what was undecided for which reason.
    Guarantees: the test fails if a claim is refuted, if the checker rejects a certificate, if nothing at all was
    decided; with `undecided_fails` also if something is undecided. Hypothesis then looks for the smallest target (and
    parameters), and its database remembers it. Passing is no proof: it says what no drawn target has refuted.
    Raises: ConstructError here for bad arguments; in the test NotHeld, and whatever else judging raises.

    >>> from verify import claims
    >>> from verify.strategies import kuhn_targets
    >>> test_rates = property_test(claims.geometric(levels=1), kuhn_targets(lipschitz=1), examples=2)
    >>> test_rates()
    """
    drawn = _strategy(claim)
    if not isinstance(targets, st.SearchStrategy):
        raise ConstructError("targets", targets, "a strategy, such as kuhn_targets(dim=1)")
    limit = settings(
        max_examples=integer(examples, "examples", 1),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        phases=_PHASES,
    )
    seen: Counter[Status] = Counter()

    def holds(claim: Claim, target: Target) -> None:
        seen[_judged(claim, target, undecided_fails)] += 1

    holds.__name__ = _key(claim, targets)
    searched = limit(given(claim=drawn, target=targets)(holds))

    @functools.wraps(searched)
    def test() -> None:
        __tracebackhide__ = True
        seen.clear()
        searched()
        if not seen[Status.PROVED]:
            count = seen[Status.UNDECIDED]
            raise NotHeld(
                f"nothing was decided: {count} examples, all undecided; undecided_fails=True shows one"
            )

    return test


def _strategy(claim: Any) -> st.SearchStrategy[Any]:
    if isinstance(claim, st.SearchStrategy):
        return claim
    if not callable(getattr(claim, "judge", None)) or not isinstance(getattr(claim, "name", None), str):
        raise ConstructError(
            "claim", claim, "an object with name, parameters and judge, or a strategy of such"
        )
    return st.just(claim)


def _key(claim: Any, targets: st.SearchStrategy[Any]) -> str:
    """A name for Hypothesis's database, which would keep the examples of all property tests under one."""
    return f"property_{zlib.crc32(repr((claim, targets)).encode()):08x}"


def _judged(claim: Claim, target: Target, undecided_fails: bool) -> Status:
    """Proved or undecided, counted as an event.

    Raises: NotHeld.
    """
    __tracebackhide__ = True  # pytest shows the message, not these lines
    try:
        verdict = check(claim, target)
    except (OutOfBudget, SineSearchError) as error:
        status, said = Status.UNDECIDED, [str(error)]
        reasons = {error.reason if isinstance(error, OutOfBudget) else Reason.BUDGET}
    else:
        status, said = verdict.status, shown_findings(verdict)
        reasons = {f.reason for f in verdict.findings if f.reason is not None}
        if verdict.rejected is not None:
            raise _failed("not accepted by the independent checker", claim, target, [verdict.rejected, *said])
    if status is Status.REFUTED or (status is Status.UNDECIDED and undecided_fails):
        raise _failed(status.value, claim, target, said)
    event(", ".join([status.value, *sorted(reasons)]))
    return status


def _failed(what: str, claim: Claim, target: Target, said: list[str]) -> NotHeld:
    about = f"{what}: {shown_claim(claim, target.dim)}"
    return NotHeld("\n  ".join([about, f"about {shown_target(target)}", *said]))
