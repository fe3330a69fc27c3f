"""A certificate's numbers recomputed with the producer's own quantities: the second opinion on accepted mutants."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
from flint import arb, fmpq

from constructs.exact import from_text
from constructs.network import Network
from constructs.rationals import Rationals
from constructs.targets.specification import from_specification
from verify import claims, regions
from verify.norms import error_power, quantities
from verify.powers import power

SLACK = 1 + fmpq(1, 2**30)  # two arithmetics, and margins of 2^-34


def holds(certificate: dict[str, Any]) -> bool:
    """Whether errors, moduli and the Lipschitz constant are as stated, for the certificate's target and network."""
    parameters = {k: v for k, v in certificate["claim"]["parameters"].items() if k != "dim"}
    claim = claims.geometric(**parameters)
    target = from_specification(certificate["target"])
    network = Network.from_json(certificate["network"])
    q = quantities(target, claim.p)
    delta = certificate["evidence"]["delta"]
    for finding in certificate["findings"]:
        if finding["property"] != "error":
            continue
        try:
            table = regions.table(
                network, finding["level"], claim.base, None if delta is None else from_text(delta)
            )
        except regions.Undecided:
            table = by_points(network, finding["level"], claim.base)
        error = error_power(q, claim.p, table, finding["grid"])
        lo, hi = (from_text(x) for x in finding["error"])
        if lo > error.lo * SLACK or hi * SLACK < error.hi:
            return False
        shift = tuple(from_text(s) for s in finding["shift"])
        if not admissible(shift, fmpq(1, claim.base ** finding["level"]), claim.modulus):
            return False
        below, above = finding["modulus"]
        if from_text(below) > q.shifted(shift, finding["grid"]) * SLACK:
            return False
        if above is not None and not above_is_right(finding, certificate, q, claim):
            return False
    known = certificate["evidence"]["lipschitz"]
    if known is None:
        return True
    constant = q.lipschitz(known["grid"])
    return constant is not None and from_text(known["K"]) * SLACK >= constant


def by_points(network: Network, level: int, base: int) -> regions.Table:
    """The table of a network without strips from exact values at three points of every cell, where they agree."""
    n = base**level
    values = np.empty((n,) * network.inputs, dtype=object)
    for k in np.ndindex(values.shape):
        points = ([(i + t) / n for i in k] for t in (Fraction(0), Fraction(1, 3), Fraction(6, 7)))
        found = {network.evaluate(x)[level] for x in points}
        if len(found) > 1:
            raise ValueError(f"level {level}: not constant on cell {k}")
        values[k] = found.pop()
    return regions.Table(Rationals.of(values), fmpq(0), fmpq(0), min(values.flat), max(values.flat))


def same_function(certificate: dict[str, Any], mutant: dict[str, Any]) -> bool:
    """Whether two networks agree inside every cell of the finest level and at its corners, exactly: the same table."""
    parameters = certificate["claim"]["parameters"]
    n = parameters["base"] ** parameters["levels"]
    axis = [Fraction(k, n) for k in range(n + 1)] + [Fraction(3 * k + 1, 3 * n) for k in range(n)]
    networks = [Network.from_json(c["network"]) for c in (certificate, mutant)]
    for x in product(axis, repeat=parameters["dim"]):
        for a, b in zip(*(network.evaluate(x) for network in networks), strict=True):
            if not (a.overlaps(b) if isinstance(a, arb) and isinstance(b, arb) else a == b):
                return False
    return True


def admissible(shift: tuple[fmpq, ...], t: fmpq, modulus: str) -> bool:
    along = sum(s != 0 for s in shift)
    return sum((s * s for s in shift), fmpq(0)) <= t * t and (modulus == "euclidean" or along <= 1)


def above_is_right(finding: dict[str, Any], certificate: dict[str, Any], q: Any, claim: Any) -> bool:
    """The stated upper end of the modulus is at least one of the upper bounds that are known."""
    stated = from_text(finding["modulus"][1]) * SLACK
    first = next(f for f in certificate["findings"] if f["property"] == "error")
    trivial = from_text(first["error"][1]) * (2 if claim.p is None else power(fmpq(2), claim.p).hi)
    t = fmpq(1, claim.base ** finding["level"])
    direct = q.modulus_above(t, claim.modulus == "euclidean", finding["grid"])
    return stated >= trivial or (direct is not None and stated >= direct)
