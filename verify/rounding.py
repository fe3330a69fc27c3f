"""Single float operations and sums of floats, rounded outward."""

from __future__ import annotations

from math import fsum, inf, nextafter
from typing import Any

import numpy as np


def up(a: Any) -> Any:
    """The next float above: of the result of one float operation an upper bound of the exact result."""
    with np.errstate(over="ignore"):
        return np.nextafter(a, inf)


def down(a: Any) -> Any:
    """The next float below."""
    with np.errstate(over="ignore"):
        return np.nextafter(a, -inf)


def sum_up(a: np.ndarray) -> float:
    """A float >= the exact sum: a correctly rounded sum and one step up.

    >>> sum_up(np.array([1.0, 1e-30])) > 1.0
    True
    """
    return -sum_down(-np.asarray(a))


def sum_down(a: np.ndarray) -> float:
    """A float <= the exact sum; -inf where the sum of finite terms overflows."""
    terms = np.asarray(a, dtype=float).reshape(-1)
    if np.isneginf(terms).any() or np.isnan(terms).any():
        return -inf
    if np.isposinf(terms).any():
        return nextafter(inf, 0.0)
    try:
        return nextafter(fsum(terms.tolist()), -inf)
    except OverflowError:
        return -inf
