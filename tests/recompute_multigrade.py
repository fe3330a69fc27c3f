"""A multigrade certificate recomputed with the producer's own residuals: the second opinion on accepted mutants."""

from __future__ import annotations

from functools import reduce
from math import lcm
from typing import Any

import numpy as np
from flint import fmpq

from constructs.exact import from_text
from constructs.grades import Sweep
from constructs.multigrade import Multigrade
from constructs.targets.kuhn import KuhnTarget
from constructs.targets.specification import from_specification
from verify import claims
from verify.claims.multigrade import MultigradeClaim
from verify.claims.multigrade_findings import Question
from verify.residuals import residual


def sweep_of(entry: dict[str, Any], dim: int) -> Sweep:
    steps = [from_text(c) for c in entry["steps"]]
    denominator = reduce(lcm, (int(c.q) for c in steps), 1)
    numerators = np.array([int(c.p) * (denominator // int(c.q)) for c in steps], dtype=object)
    return Sweep(dim, entry["cells"], np.array(entry["nodes"], dtype=np.int64), numerators, denominator)


def holds(certificate: dict[str, Any]) -> bool:
    """Whether the producer finds the same about the same target and grades: statuses, and every number within."""
    parameters = certificate["claim"]["parameters"]
    extra = [p for p in parameters["p"] if p > 2]
    claim = claims.multigrade(
        mesh=f"1/{parameters['mesh']}",
        sweeps=parameters["sweeps"],
        p=extra[0] if extra else None,
        until=parameters["until"],
    )
    if not isinstance(claim, MultigradeClaim) or claim.parameters(parameters["dim"]) != parameters:
        return False
    target = from_specification(certificate["target"])
    first = residual(target, certificate["evidence"]["grid"])
    network = certificate["network"]
    sweeps = tuple(sweep_of(entry, parameters["dim"]) for entry in network["sweeps"])
    fits = isinstance(target, KuhnTarget) and claim.mesh % target.cells == 0
    question = Question(first, claim.powers, claim.until, fits)
    offset = int(network["offset"])
    built = Multigrade(parameters["dim"], offset, sweeps, first)
    ours = claim.judge_network(target, built, question, certificate["evidence"]["grid"]).certificate
    if offset < first.largest or ours["network"] != network or ours["status"] != certificate["status"]:
        return False
    pairs = zip(ours["findings"], certificate["findings"], strict=True)
    return all(agrees(a, b, first.margins is None) for a, b in pairs)


def agrees(ours: dict[str, Any], stated: dict[str, Any], exact: bool) -> bool:
    if exact or ours.keys() != stated.keys():
        return ours == stated
    for key, value in ours.items():
        if key in ("before", "after", "decrease", "supremum"):
            (a, b), (lo, hi) = ([from_text(x) for x in side] for side in (value, stated[key]))
            width = (b - a) / 2 + fmpq(1, 2**20)
            if lo > a + width or hi < b - width:  # our own are wide; the checker's narrower ones decided
                return False
        elif key not in ("slope", "bound") and value != stated[key]:
            return False
    return True
