"""What a failed property test says: the target as Python, the claim, the numbers of its findings."""

from __future__ import annotations

from constructs.targets.base import Target
from verify.claims.description import Claim
from verify.tables.cells import down, up
from verify.verdict import Finding, Status, Verdict


def shown_target(target: Target) -> str:
    """Python that makes the target, where it is of one of the project's kinds.

    >>> from constructs import targets
    >>> shown_target(targets.kuhn(1, [[0, "1/2"], [0, 0]]))
    "targets.kuhn(1, [[0, '1/2'], [0, 0]])"
    """
    given = target.specification()
    match given.get("kind"):
        case "kuhn":
            return f"targets.kuhn({given['cells']}, {_nested(given['values'], given['cells'] + 1, given['dim'])})"
        case "step":
            axes = [f"({_numbers(a['breaks'])}, {_numbers(a['values'])})" for a in given["axes"]]
            return f"targets.step({', '.join(axes)})"
        case "expression":
            return f"targets.expression({given['text']!r}, dim={given['dim']})"
    return repr(given)


def _nested(values: list[str], side: int, dim: int) -> str:
    if dim == 1:
        return _numbers(values)
    size = side ** (dim - 1)
    rows = [_nested(values[i : i + size], side, dim - 1) for i in range(0, len(values), size)]
    return f"[{', '.join(rows)}]"


def _numbers(texts: list[str]) -> str:
    return f"[{', '.join(t if t.lstrip('-').isdigit() else repr(t) for t in texts)}]"


def shown_claim(claim: Claim, dim: int) -> str:
    """The claim's name and parameters.

    >>> from verify import claims
    >>> shown_claim(claims.multigrade(), 1)
    'multigrade(dim=1, mesh=2, sweeps=3, p=[1, 2], until=None)'
    """
    parameters = [f"{key}={value!r}" for key, value in claim.parameters(dim).items()]
    return f"{claim.name}({', '.join(parameters)})"


def shown_findings(verdict: Verdict) -> list[str]:
    """A line for every finding that is not proved: property, level, both sides rounded outward, reason, note."""
    return [_line(f) for f in verdict.findings if f.status is not Status.PROVED]


def _line(f: Finding) -> str:
    level = "" if f.level is None else f", level {f.level}"
    reason = "" if f.reason is None else f" ({f.reason.value})"
    sides = [_side(name, f) for name in ("value", "bound") if getattr(f, name) is not None]
    stated = sides or [f"{key} = {value}" for key, value in f.stated.items()]
    note = [f.note] if f.note else []
    return f"{f.property}{level}: {f.status.value}{reason}; " + ", ".join([*stated, *note])


def _side(name: str, f: Finding) -> str:
    low, high = down(f, name), up(f, name)
    return f"{name} = {low}" if low == high else f"{name} in [{low}, {high}]"
