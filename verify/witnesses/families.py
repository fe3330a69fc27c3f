"""Structured candidates: corner spikes, slabs, alternating signs, Cantor-like sets, stairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from verify.witnesses.float_ratio import Axes, Profile
from verify.witnesses.setting import Setting

WIDTHS = (*(2.0**-k for k in (7, 1, 2, 3, 4, 5, 6, 10, 14, 18, 22)), 0.03, 0.07, 0.09, 0.15, 0.35)
CANTOR_DEPTHS = (1, 2, 3)
PIECES = (2, 3, 4, 6, 8, 12, 16)


def families(setting: Setting) -> Iterator[Axes]:
    """All structured candidates that have at most `setting.most_breaks` breaks an axis, in a fixed order."""
    for g in _profiles(1 / setting.cells):
        if 1 <= len(g.breaks) <= setting.most_breaks:
            yield from lifted(g, setting)


def lifted(g: Profile, setting: Setting) -> Iterator[Axes]:
    """g on every axis; also with alternating signs.

    For the Euclidean modulus on the first axis alone: the upper bound used is the sum over the axes, so that
    no sum of profiles is better than its best summand.
    """
    if setting.euclidean and setting.dim > 1:
        yield (g, *(Profile(np.empty(0), np.zeros(1)),) * (setting.dim - 1))
        return
    yield (g,) * setting.dim
    if setting.dim > 1:
        minus = g.scaled(-1.0)
        yield tuple(minus if i % 2 else g for i in range(setting.dim))


def _profiles(h: float) -> Iterator[Profile]:
    for e in WIDTHS:
        yield _indicator([(0.0, e * h)])
        if h < 1:
            yield _indicator([(0.0, e * h), (1 - e * h, 1.0)])
            yield _step([(0.0, e * h, 1.0), (1 - e * h, 1.0, -1.0)])
    for e in WIDTHS:  # slabs in the first cell and across its border
        if e < 0.5:
            yield _indicator([(h / 2 - e * h / 2, h / 2 + e * h / 2)])
        if h < 1:
            yield _indicator([(h - e * h / 2, h + e * h / 2)])
    for n in PIECES:
        yield _equal(n, lambda k: float(k % 2), 1.0)
        yield _equal(n, lambda k: float(k % 2), h)
        yield _equal(n, lambda k: float(k), 1.0)
        yield _equal(n, lambda k: float(k), h)
    for depth in CANTOR_DEPTHS:
        for ratio in (1 / 3, 1 / 4, 2 / 5):
            for scale in (1.0, h):
                yield _indicator(_cantor(depth, ratio, scale))


def _cantor(depth: int, ratio: float, scale: float) -> list[tuple[float, float]]:
    parts = [(0.0, scale)]
    for _ in range(depth):
        parts = [piece for a, b in parts for piece in ((a, a + ratio * (b - a)), (b - ratio * (b - a), b))]
    return parts


def _equal(n: int, value: Callable[[int], float], width: float) -> Profile:
    return _step([(k * width / n, (k + 1) * width / n, value(k)) for k in range(n)])


def _indicator(parts: Sequence[tuple[float, float]]) -> Profile:
    return _step([(a, b, 1.0) for a, b in parts])


def _step(parts: Sequence[tuple[float, float, float]]) -> Profile:
    """Values on disjoint intervals in increasing order, 0 between them."""
    breaks, values, end = [], [0.0], 0.0
    for a, b, value in parts:
        if a > end:
            if values[-1] != 0.0:
                breaks.append(end)
                values.append(0.0)
            end = a
        if a > 0 and values[-1] != value:
            breaks.append(a)
            values.append(value)
        elif a == 0:
            values[-1] = value
        end = b
    if end < 1 and values[-1] != 0.0:
        breaks.append(end)
        values.append(0.0)
    return Profile(np.array(breaks), np.array(values))
