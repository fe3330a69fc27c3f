"""Points at which an error is large: floats find them, exact evaluation says how large it is.

Source: verify/CERTIFICATE.md, 14.4 (the lower end).
"""

from __future__ import annotations

import numpy as np
from flint import arb, ctx, fmpq

from constructs.errors import ConstructError
from constructs.exact import from_float
from constructs.network import Network
from constructs.neurons import Readout
from constructs.targets.base import Target
from constructs.targets.expression import ExpressionTarget
from verify.own.answers import Point
from verify.own.pieces import ZERO
from verify.own.subject import Head, Subject
from verify.powers import MARGIN, Enclosure, rounded

MOST_POINTS = 1 << 14
ROUNDS = 4  # of looking closer around the best points
BITS = 30  # of a coordinate
BEST = 8
SLACK = fmpq(1, 2**40)  # of the scale of f and Phi: arithmetics differ
LEAST = fmpq(1, 2**80)  # and so much, since the checker's enclosures have a fixed point


def far_point(subject: Subject, head: Head, target: Target) -> tuple[fmpq, Point]:
    """A lower bound of |f - Phi| at some point of the cube, and that point: as large as one was found."""
    d = target.dim
    parts = halves(d, MOST_POINTS)
    points = lattice(d, parts + 1)
    spread, best = 1.0 / parts, points[:0]
    for _ in range(ROUNDS):
        sizes = np.abs(_floats(subject, head, target, points))
        if not sizes.size:
            break
        order = np.argsort(-np.nan_to_num(sizes, nan=-1.0), kind="stable")[:BEST]
        best = points[order]
        offsets = (lattice(d, 5) * 2 - 1 if d <= 3 else np.concatenate([np.eye(d), -np.eye(d)])) * spread
        points = np.unique(np.clip(np.concatenate([best, *(best + o for o in offsets)]), 0.0, 1.0), axis=0)
        spread /= 2
    corners = lattice(d, 2)[:256]
    candidates = [tuple(rational_point(row)) for row in np.concatenate([best, corners])]
    found = [(error_at(subject, head, target, x), x) for x in dict.fromkeys(candidates)]
    return max(found, key=lambda pair: pair[0])


def halves(d: int, most: int) -> int:
    """A power of 2, at most so that its lattice has not more than `most` points: these have short coordinates.

    >>> halves(2, 100), halves(10, 100)
    (8, 1)
    """
    parts = 1
    while (2 * parts + 1) ** d <= most:
        parts *= 2
    return parts


def lattice(d: int, side: int) -> np.ndarray:
    """The points k/(side-1) of the cube, one a row."""
    axes = np.meshgrid(*([np.linspace(0.0, 1.0, side)] * d), indexing="ij")
    return np.stack([a.reshape(-1) for a in axes], axis=1)


def rational_point(row: np.ndarray) -> list[fmpq]:
    """A point of the cube near this one, with short coordinates."""
    return [from_float(round(float(c) * 2**BITS) / 2**BITS) for c in row]


def error_at(subject: Subject, head: Head, target: Target, x: Point) -> fmpq:
    """A lower bound of |f(x) - Phi(x)|: exact for kuhn and step targets, with a margin for expressions."""
    phi = subject.value(head, x)
    exact = target.exact(x)
    if exact is not None and not isinstance(target, ExpressionTarget):
        return abs(exact - phi)
    with ctx.workprec(128):
        f = target.ball(x, 128)
        ball, scale = abs(f - arb(phi)), abs(f) + abs(arb(phi))
        if not (ball.is_finite() and scale.is_finite()):
            return ZERO
        low = _rational(ball.abs_lower()) * (1 - MARGIN) - _rational(scale.abs_upper()) * SLACK - LEAST
    return rounded(Enclosure.exact(low)).lo if low > 0 else ZERO


def _rational(end: arb) -> fmpq:
    """The number that a ball without radius is."""
    mantissa, exponent = end.man_exp()
    return fmpq(mantissa) * fmpq(2) ** int(exponent)


def _floats(subject: Subject, head: Head, target: Target, points: np.ndarray) -> np.ndarray:
    try:
        phi = alone(subject.network, head).evaluate_floats(points)[:, 0]
        with np.errstate(all="ignore"):
            return target.floats(points) - phi
    except ConstructError:
        return np.empty(0)  # floats cannot hold it: no candidates but the corners


def alone(network: Network, head: Head) -> Network:
    """The network with this head only."""
    return Network(network.inputs, network.layers[: head.layer], (Readout(0, head.layer, head.affine),))
