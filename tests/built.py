"""Random geometric networks, and an evaluation of networks that shares no code with the project.

The oracle reads the network's JSON and works in Fractions; from the first sine on, in mpmath at a precision that
outgrows every weight.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction as Q
from typing import Any

import mpmath
import numpy as np
from flint import arb, fmpq
from hypothesis import strategies as st

from constructs.geometric import Geometric, build
from constructs.rationals import Rationals

COMBINATIONS = [(g, d) for g in ("relu", "floor") for d in ("two-sine", "bits")]
GUARD = 300


def exact(value: Q | int | str) -> fmpq:
    """The same number."""
    value = Q(value)
    return fmpq(value.numerator, value.denominator)


def fraction(value: fmpq) -> Q:
    """The same number."""
    return Q(int(value.p), int(value.q))


def table(values: Any) -> np.ndarray:
    """An object array of fmpq from nested numbers."""
    given = np.array(values, dtype=object)
    out = np.empty(given.shape, dtype=object)
    out.reshape(-1)[:] = [exact(v) for v in given.reshape(-1).tolist()]
    return out


def number(text: str) -> Q:
    """A number of verify/CERTIFICATE.md, 1.2."""
    if "x" not in text:
        return Q(text)
    head, tail = text.split("p")
    return int(head, 16) * Q(2) ** int(tail)


def value_by_hand(data: dict[str, Any], x: list[Q]) -> list[Any]:
    """All readouts at a point: a Fraction, or an mpf of GUARD correct bits."""
    numbers = [number(t) for layer in data["layers"] for n in layer for _, t in n["weights"]]
    bits = max((abs(w.numerator).bit_length() for w in numbers), default=0)
    with mpmath.workprec(2 * bits + 2 * GUARD):
        values: list[Any] = list(x)
        out = {}
        for place, layer in enumerate(data["layers"], start=1):
            values = [_neuron(n, values) for n in layer]
            for r in data["readouts"]:
                if r["layer"] == place:
                    out[r["level"]] = _affine(r, values)
        return [out[r["level"]] for r in data["readouts"]]


def _mpf(value: Any) -> Any:
    return mpmath.mpf(value.numerator) / value.denominator if isinstance(value, Q) else value


def _affine(part: dict[str, Any], values: list[Any]) -> Any:
    terms = [(number(w), values[s]) for s, w in part["weights"]]
    if all(isinstance(v, Q) for _, v in terms):
        return sum((w * v for w, v in terms), number(part["bias"]))
    return mpmath.fsum([_mpf(number(part["bias"])), *(_mpf(w) * _mpf(v) for w, v in terms)])


def _neuron(part: dict[str, Any], values: list[Any]) -> Any:
    if part["activation"] != "product":
        return _activated(part["activation"], _affine(part, values))
    factors = [values[s] for s, _ in part["weights"]]
    return math.prod(factors if all(isinstance(v, Q) for v in factors) else map(_mpf, factors))


def _activated(name: str, u: Any) -> Any:
    if name.startswith("relu"):
        positive = max(u, Q(0)) if isinstance(u, Q) else max(u, mpmath.mpf(0))
        return positive ** int(name[4:] or 1)
    if name == "floor":
        return Q(math.floor(u)) if isinstance(u, Q) else mpmath.floor(u)
    if name == "exp2":
        return Q(2) ** int(u) if isinstance(u, Q) and u.denominator == 1 else mpmath.power(2, _mpf(u))
    return Q(0) if isinstance(u, Q) and u == 0 else mpmath.sin(_mpf(u))


def _rational(value: Any) -> Q:
    """An mpf, exactly; a Fraction is one already."""
    if isinstance(value, Q):
        return value
    sign, mantissa, exponent, _ = value._mpf_
    return (-1) ** sign * int(mantissa) * Q(2) ** int(exponent)


def ends(value: fmpq | arb) -> tuple[Q, Q]:
    """Midpoint and radius, exactly."""
    if isinstance(value, fmpq):
        return fraction(value), Q(0)
    (m, e), (r, f) = value.mid().man_exp(), value.rad().man_exp()
    return int(m) * Q(2) ** int(e), int(r) * Q(2) ** int(f)


def away(value: fmpq | arb, other: Any) -> Q:
    """An upper bound of |value - other| for a Fraction or mpf; a ball counts in full."""
    mid, rad = ends(value)
    return abs(mid - _rational(other)) + rad


def contains(value: fmpq | arb, other: Any) -> bool:
    """Whether an fmpq equals, or an arb contains, the number, up to the oracle's own rounding."""
    if isinstance(value, fmpq):
        return isinstance(other, Q) and fraction(value) == other
    mid, rad = ends(value)
    return abs(mid - _rational(other)) <= rad + Q(1, 2**GUARD)


@dataclass(frozen=True)
class Case:
    """What `build` is given."""

    dim: int
    base: int
    levels: int
    digits: str
    decoder: str
    wanted: tuple[np.ndarray, ...]
    tolerances: tuple[fmpq, ...]
    delta: fmpq | None

    def build(self, levels: int | None = None) -> Geometric:
        """The network of the first `levels` levels."""
        kept = (self.levels if levels is None else levels) + 1
        return build(
            [Rationals.of(t) for t in self.wanted[:kept]],
            self.base,
            self.tolerances[:kept],
            digits=self.digits,
            decoder=self.decoder,
            delta=self.delta,
        )


SHAPES = {  # (dim, base): the most levels
    "bits": {(1, 2): 5, (1, 3): 3, (1, 4): 3, (2, 2): 2, (2, 3): 2, (2, 4): 1, (3, 2): 2, (3, 3): 1},
    "two-sine": {(1, 2): 3, (1, 3): 2, (1, 4): 1, (2, 2): 1, (2, 3): 1, (3, 2): 1},
}


@st.composite
def cases(draw: st.DrawFn, digits: str | None = None, decoder: str | None = None, least: int = 0) -> Case:
    """Tables of arbitrary rationals (bits) or of eighths and thirds in [0, 1] (two-sine: the search is slow)."""
    digits = digits or draw(st.sampled_from(["relu", "floor"]))
    decoder = decoder or draw(st.sampled_from(["two-sine", "bits"]))
    (dim, base), most = draw(st.sampled_from(sorted(SHAPES[decoder].items())))
    levels = draw(st.integers(least, most))
    if decoder == "bits":
        values = st.fractions(-5, 5, max_denominator=12)
        tolerance = draw(st.sampled_from([Q(1, 3), Q(1, 8), Q(1, 50), Q(3)]))
    else:
        values = st.sampled_from([Q(0), Q(1, 8), Q(1, 3), Q(1, 2), Q(1)])
        tolerance = draw(st.sampled_from([Q(1, 4), Q(1, 5)]))
    wanted = []
    for t in range(levels + 1):
        flat = draw(st.lists(values, min_size=base ** (dim * t), max_size=base ** (dim * t)))
        wanted.append(table(flat).reshape((base**t,) * dim))
    delta = None
    if digits == "relu":
        delta = exact(Q(1, base**levels) * draw(st.sampled_from([Q(1, 3), Q(2, 7), Q(1, 64), Q(1, 2**40)])))
    return Case(dim, base, levels, digits, decoder, tuple(wanted), (exact(tolerance),) * (levels + 1), delta)


def cell_of(x: list[Q], n: int) -> tuple[int, ...]:
    """The cell of a point, the last one closed."""
    return tuple(min(math.floor(c * n), n - 1) for c in x)


def in_strip(x: list[Q], case: Case, level: int) -> bool:
    """Whether some digit up to `level` of some coordinate is read inside a ramp."""
    if case.delta is None:
        return False
    delta = fraction(case.delta)
    for c in x:
        z = c
        for _ in range(level):
            for j in range(1, case.base):
                if Q(j, case.base) - delta < z < Q(j, case.base):
                    return True
            digit = min(math.floor(z * case.base), case.base - 1)
            z = z * case.base - digit
    return False


@st.composite
def points(draw: st.DrawFn, case: Case) -> list[Q]:
    """Random points, cell corners, ends of strips, 0 and 1."""
    n = case.base**case.levels
    corner = st.integers(0, n).map(lambda k: Q(k, n))
    kinds = [st.fractions(0, 1, max_denominator=10**6), corner, st.sampled_from([Q(0), Q(1)])]
    if case.delta is not None:
        delta = fraction(case.delta)
        t = draw(st.integers(0, max(case.levels - 1, 0)))
        share = st.sampled_from([Q(1), Q(1, 2), Q(99, 100), Q(1, 10**6), Q(2)])
        width = delta / case.base**t
        kinds.append(st.tuples(corner, share).map(lambda pair: max(pair[0] - pair[1] * width, Q(0))))
    return [draw(st.one_of(kinds)) for _ in range(case.dim)]
