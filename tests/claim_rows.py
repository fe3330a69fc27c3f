"""What the tables of true and false claims are made of: rows, ways to damage a network, and demonstrations by hand.

A demonstration shows that a claim is false without the judgements under test: networks are evaluated from their JSON
by tests/built.py, in Fractions, errors are integrated by tests/oracles.py, targets and moduli are written down by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any
from unittest.mock import patch

import numpy as np
from built import value_by_hand
from flint import fmpq

from constructs.errors import ConstructError
from constructs.network import Network
from constructs.neurons import Affine, Readout
from constructs.targets.base import Target
from verify.certificate import canonical
from verify.check import recheck
from verify.claims.levels import OutOfBudget
from verify.verdict import Verdict

Q = Fraction
Made = Callable[[], tuple[Any, Target]]
Shown = Callable[[Verdict | None], bool]
TINY = fmpq(1, 2**40)


@dataclass(frozen=True)
class TrueRow:
    """A claim that holds. ends: proved; or undecided, where `why` begins with the reason and says why it is right."""

    name: str
    family: str
    make: Made
    ends: str = "proved"
    why: str = ""
    slow: bool = False


@dataclass(frozen=True)
class FalseRow:
    """A claim that does not hold, and what must become of it.

    wrong: the properties of all findings that are not proved. ends: refuted, undecided or refused (bad input, or out of
    budget). because: the reason of what is undecided; a part of the message of what is refused; "rejected" if the
    findings look right, and the independent checker says no. where: parts of what a refutation tells people. f: the
    target by hand, with which the refuting points are looked at again. sound: the same claim without the damage.
    """

    name: str
    family: str
    make: Made
    ends: str
    wrong: tuple[str, ...]
    why: str
    shown: Shown
    because: str | None = None
    where: tuple[str, ...] = ()
    f: Callable[..., Fraction] | None = None
    sound: Made | None = None
    slow: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of a row."""

    status: str  # proved, refuted, undecided, or refused
    verdict: Verdict | None
    message: str = ""


def decided(make: Made) -> Outcome:
    """As `verify.check` does: judged, and everything recomputed by the independent checker, here in this process, so
    that `python -O` concerns both of them.
    """
    try:
        claim, target = make()
        verdict: Verdict = claim.judge(target)
    except (ConstructError, OutOfBudget) as error:
        return Outcome("refused", None, str(error))
    if verdict.uncertified is None:
        try:
            agreed = recheck(canonical(verdict.certificate).encode()) == verdict.status.value
            message = "" if agreed else "the checker found another status"
        except Exception as error:
            agreed, message = False, f"{type(error).__name__}: {error}"
        verdict = replace(verdict, accepted=agreed, rejected=None if agreed else message)
    return Outcome(verdict.status.value, verdict)


@cache
def outcome(row: TrueRow | FalseRow) -> Outcome:
    """Of a row, decided once."""
    return decided(row.make)


# ---------------------------------------------------------------------------------------------------- by hand


def phi(verdict: Verdict | None, *x: Fraction | int | str, readout: int = -1) -> Fraction:
    """A readout of the verdict's network at a point, in Fractions."""
    assert verdict is not None
    value = value_by_hand(verdict.network.to_json(), [Q(c) for c in x])[readout]
    return value if isinstance(value, Fraction) else Q(str(value))


def far(f: Callable[..., Any], bound: Any, *x: Any, readout: int = -1) -> Shown:
    """|f - Phi| > bound at this point."""
    return lambda v: abs(f(*map(Q, x)) - phi(v, *x, readout=readout)) > Q(bound)


def falls(x: Any, y: Any) -> Shown:
    """Phi(x) > Phi(y), x < y."""
    return lambda v: Q(x) < Q(y) and phi(v, x) > phi(v, y)


def rises(x: Any, y: Any) -> Shown:
    """Phi(x) < Phi(y), x < y."""
    return lambda v: Q(x) < Q(y) and phi(v, x) < phi(v, y)


def square_error(f: Callable[..., Fraction], v: Verdict | None, cuts: Sequence[Fraction]) -> Fraction:
    """The integral of (f - Phi)^2 between the first and the last of the cuts, by Boole's rule, which is exact for the
    squares of polynomials of degree 2; on halves it must give the same, or the cuts were wrong.
    """

    def boole(a: Fraction, b: Fraction) -> Fraction:
        inner = [a + (b - a) * Q(k, 1000) for k in (1, 250, 500, 750, 999)]
        e = [f(x) - phi(v, x) for x in inner]
        # the values at the ends (f or Phi may jump there) continue those inside
        left, right = _through(inner, e, a), _through(inner, e, b)
        m = [left, e[1], e[2], e[3], right]
        return (b - a) * sum((w * c * c for w, c in zip((7, 32, 12, 32, 7), m, strict=True)), Q(0)) / 90

    total = Q(0)
    for a, b in pairwise(cuts):
        middle = (a + b) / 2
        whole = boole(a, b)
        assert whole == boole(a, middle) + boole(middle, b)
        total += whole
    return total


def _through(xs: Sequence[Fraction], ys: Sequence[Fraction], at: Fraction) -> Fraction:
    """The value of the interpolating polynomial."""
    total = Q(0)
    for i, (x, y) in enumerate(zip(xs, ys, strict=True)):
        term = y
        for j, other in enumerate(xs):
            if i != j:
                term *= (at - other) / (x - other)
        total += term
    return total


def table_by_hand(v: Verdict | None, base: int, level: int) -> np.ndarray:
    """What the readout of a level gives in the middle of the cells."""
    assert v is not None
    n, data = base**level, v.network.to_json()
    out = np.empty((n,) * v.network.inputs, dtype=object)
    for k in np.ndindex(out.shape):
        value = value_by_hand(data, [Q(2 * i + 1, 2 * n) for i in k])[level]
        exact = value if isinstance(value, Fraction) else Q(str(value))
        out[k] = fmpq(exact.numerator, exact.denominator)
    return out


def widest(v: Verdict | None) -> int:
    """The widest layer, counted in the JSON."""
    assert v is not None
    return max(len(layer) for layer in v.network.to_json()["layers"])


def counted(v: Verdict | None) -> tuple[int, int, int]:
    """Layers, neurons, and numbers that are not 0, counted in the JSON."""
    assert v is not None
    data = v.network.to_json()
    neurons = [n for layer in data["layers"] for n in layer]
    forms = [*neurons, *data["readouts"]]
    numbers = sum(len(n["weights"]) + (n["bias"] != "0") for n in forms)
    return len(data["layers"]), len(neurons), numbers


# ---------------------------------------------------------------------------------------------------- damage


def with_neuron(
    network: Network, layer: int, which: int | str, change: Callable[[Affine], Affine]
) -> Network:
    """Another affine form in a neuron, by layer from 1 and index or name."""
    rows = [tuple(row) for row in network.layers]
    row = rows[layer - 1]
    k = which if isinstance(which, int) else [n.name for n in row].index(which)
    new = change(row[k].affine)
    if new == row[k].affine:
        raise ValueError("no damage was done")
    rows[layer - 1] = (*row[:k], replace(row[k], affine=new), *row[k + 1 :])
    return Network(network.inputs, tuple(rows), tuple(network.readouts))


def with_readout(network: Network, place: int, change: Callable[[Readout], Readout]) -> Network:
    """Another readout at this place of the list."""
    heads = list(network.readouts)
    heads[place] = change(heads[place])
    if heads[place] == network.readouts[place]:
        raise ValueError("no damage was done")
    return Network(network.inputs, tuple(tuple(row) for row in network.layers), tuple(heads))


def times(term: int, factor: Any) -> Callable[[Affine], Affine]:
    """One weight, by its place among those that are not 0, times a factor; 0 drops it."""

    def change(a: Affine) -> Affine:
        place = range(len(a.terms))[term]
        new = [(s, w * factor if i == place else w) for i, (s, w) in enumerate(a.terms)]
        return Affine(tuple((s, w) for s, w in new if w != 0), a.bias)

    return change


def shifted(by: Any) -> Callable[[Affine], Affine]:
    """Another bias."""
    return lambda a: Affine(a.terms, a.bias + by)


def swapped(i: int, j: int) -> Callable[[Affine], Affine]:
    """The weights of two sources exchanged."""
    places = {i: j, j: i}
    return lambda a: Affine(tuple(sorted((places.get(s, s), w) for s, w in a.terms)), a.bias)


def head(change: Callable[[Affine], Affine]) -> Callable[[Readout], Readout]:
    """The same change, of a readout."""
    return lambda r: replace(r, affine=change(r.affine))


def without_layer(network: Network, layer: int) -> Network:
    """A layer left out; the next one reads what this one read, by the same numbers."""
    rows = [row for j, row in enumerate(network.layers, start=1) if j != layer]
    heads = tuple(replace(r, layer=r.layer - (r.layer >= layer)) for r in network.readouts)
    return Network(network.inputs, tuple(tuple(row) for row in rows), heads)


def without_neuron(network: Network, layer: int, which: int | str) -> Network:
    """A neuron silenced."""
    return with_neuron(network, layer, which, lambda a: Affine((), fmpq(0)))


@dataclass(frozen=True, eq=False)
class Patched:
    """A claim whose construction has a bug: while it is judged, `name` of a module is replaced by bug(original)."""

    claim: Any
    module: Any
    name: str
    bug: Callable[[Callable[..., Any]], Callable[..., Any]]

    def judge(self, target: Target) -> Verdict:
        """With the bug."""
        with patch.object(self.module, self.name, self.bug(getattr(self.module, self.name))):
            return self.claim.judge(target)
