"""Shifts worth trying, found in floats: a candidate proves nothing until its power is enclosed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from flint import fmpq

LENGTHS = 24
KEPT = 2


def lengths(longest: int) -> list[int]:
    """Grid lengths 1..longest to compare: equal parts of the longest one, and powers of two."""
    parts = {max(longest * k // LENGTHS, 1) for k in range(1, LENGTHS + 1)}
    return sorted(parts | {2**k for k in range(longest.bit_length()) if 2**k <= longest})


def promising(values: Sequence[np.ndarray], longest: int, p: fmpq | None) -> list[tuple[int, int]]:
    """The (axis, steps) with the largest |values(. + steps) - values| in L^p, best first.

    Requires: for every axis an array of finite floats, one per box or node of a grid along its first axis, or on some
    lines, as many for every axis; longest < its length; p None is infinity.
    """
    largest = max(float(np.abs(v).max()) for v in values)
    scores: list[tuple[float, int, int]] = []
    exponent = 1.0 if p is None else int(p.p) / int(p.q)
    for axis, along in enumerate(values):
        moved = along / max(largest, np.finfo(float).tiny)  # so that no power overflows
        for steps in lengths(longest):
            change = np.abs(moved[steps:] - moved[:-steps])
            if change.size:
                score = change.max() if p is None else (change**exponent).sum()
                scores.append((-float(score), axis, steps))
    return [(axis, steps) for _, axis, steps in sorted(scores)[:KEPT]]
