"""The error f - Phi of one variable, on its pieces: suprema and square integrals, exactly.

Source: verify/CERTIFICATE.md, 14.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from flint import fmpq, fmpq_poly

from constructs.targets.base import Target
from verify.own.answers import Answer
from verify.own.pieces import ZERO, Curve
from verify.own.piecewise import NotPiecewise, common, piecewise
from verify.own.polynomials import negative_point, nonnegative, stationary
from verify.powers import Enclosure, rounded

FINEST = 40  # how close to a break, in halvings of the piece, a witness of a one-sided limit is taken
LONGEST = 4_000  # bits of a number as stated, beyond which it is rounded outward


@dataclass(frozen=True, eq=False)
class Difference:
    """f - Phi: polynomials[k] on the open piece between breaks k and k+1, values[k] at the break k."""

    breaks: list[fmpq]
    polynomials: list[fmpq_poly]
    values: list[fmpq]

    @property
    def pieces(self) -> list[tuple[fmpq, fmpq, fmpq_poly]]:
        """Both ends and the polynomial of every piece."""
        return [(a, b, p) for (a, b), p in zip(pairwise(self.breaks), self.polynomials, strict=True)]


def difference(target: Target, phi: Curve) -> Difference:
    """f - Phi on the common pieces.

    Raises: NotPiecewise; TooLarge.
    """
    f = piecewise(target)
    breaks, polynomials = [ZERO], []
    for _, right, (p, (slope, start)) in common([(f.breaks, f.polynomials), (phi.breaks, phi.lines)]):
        breaks.append(right)
        polynomials.append(p - fmpq_poly([start, slope]))
    own = dict(zip(phi.breaks, phi.values, strict=True))
    values = []
    for k, x in enumerate(breaks):
        if x not in own:  # a break of f only: Phi is affine around it
            slope, start = _line_at(phi, breaks, k)
            own[x] = slope * x + start
        values.append(_exactly(target, x) - own[x])
    return Difference(breaks, polynomials, values)


def _line_at(phi: Curve, breaks: list[fmpq], k: int) -> tuple[fmpq, fmpq]:
    from bisect import bisect_right

    return phi.lines[bisect_right(phi.breaks, breaks[k]) - 1]


def _exactly(target: Target, x: fmpq) -> fmpq:
    value = target.exact([x])
    if value is None:
        raise NotPiecewise("a value at a break is too long")
    return value


def supremum(e: Difference, bound: fmpq) -> Answer:
    """Both ends of sup|e|, good enough to compare it with the bound.

    Guarantees: exact: the status is never undecided. If all polynomials have degree <= 2, the upper end is the
    supremum; else it is the bound, where that is one, or a rational slightly above the largest value found.
    """
    seen = [(abs(v), x) for v, x in zip(e.values, e.breaks, strict=True)]
    seen += [(abs(p(x)), x) for a, b, p in e.pieces for x in stationary(p, a, b)]
    lo, witness = max(seen, key=lambda pair: pair[0])
    limits = [(abs(p(x)), x, y, p) for a, b, p in e.pieces for x, y in ((a, b), (b, a))]
    limit, end, other, p = max(limits, key=lambda found: found[0])
    if limit > lo:
        near = _approached(p, end, other, max(lo, bound) if limit > bound else lo)
        if abs(p(near)) > lo:
            lo, witness = abs(p(near)), near
    top = max(lo, limit)
    if all(p.degree() <= 2 for p in e.polynomials):
        return Answer(_down(lo, bound), _up(top, bound), (witness,))
    if lo <= bound and not _holds(e, bound):
        witness = _beyond(e, bound, witness)
        lo = max(lo, _largest(e, witness))
        top = max(lo, top)
    return Answer(_down(lo, bound), _up(_above(e, top, bound), bound), (witness,))


def _approached(p: fmpq_poly, end: fmpq, other: fmpq, wanted: fmpq) -> fmpq:
    """A point inside the piece, near an end, where |p| > wanted, if |p| is so at the end."""
    step = (other - end) / 2**FINEST
    while abs(p(end + step)) <= wanted < abs(p(end)):
        step /= 2
    return end + step


def _holds(e: Difference, bound: fmpq) -> bool:
    """Whether |e| <= bound on the closure of every piece; values at the breaks were looked at before."""
    return all(nonnegative(bound - p, a, b) and nonnegative(bound + p, a, b) for a, b, p in e.pieces)


def _beyond(e: Difference, bound: fmpq, otherwise: fmpq) -> fmpq:
    for a, b, p in e.pieces:
        for side in (bound - p, bound + p):
            found = negative_point(side, a, b)
            if found is not None:
                return found
    return otherwise


def _largest(e: Difference, x: fmpq) -> fmpq:
    """|e(x)| at an inner point of a piece."""
    return max((abs(p(x)) for a, b, p in e.pieces if a < x < b), default=ZERO)


def _above(e: Difference, top: fmpq, bound: fmpq) -> fmpq:
    """An upper bound of sup|e|, the claimed one if it is one."""
    near = rounded(Enclosure.exact(top * (1 + fmpq(1, 2**40)) + fmpq(1, 2**200)), 60).hi
    for hi in (near, bound):
        if top <= hi and (hi <= bound or top > bound) and _holds(e, hi):
            return hi
    slack = max(top, fmpq(1, 2**60)) / 2**30
    while not _holds(e, top + slack):
        slack *= 2
    return rounded(Enclosure.exact(top + slack), 60).hi


def square(e: Difference, bound: fmpq) -> Answer:
    """The integral of e², exactly."""
    total = ZERO
    for a, b, p in e.pieces:
        whole = (p * p).integral()
        total += whole(b) - whole(a)
    return Answer(_down(total, bound), _up(total, bound))


def _down(value: fmpq, bound: fmpq) -> fmpq:
    """The value, if it is long a shorter one below that is still on the same side of the bound."""
    if value.height_bits() <= LONGEST:
        return value
    short = rounded(Enclosure.exact(value), LONGEST // 2).lo
    return value if short <= bound < value else short


def _up(value: fmpq, bound: fmpq) -> fmpq:
    if value.height_bits() <= LONGEST:
        return value
    short = rounded(Enclosure.exact(value), LONGEST // 2).hi
    return bound if value <= bound < short else short
