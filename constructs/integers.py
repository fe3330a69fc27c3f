"""Arrays of integers: int64 where nothing can overflow, else Python's, never silently wrapped."""

from __future__ import annotations

import numpy as np


def largest(array: np.ndarray) -> int:
    """The largest absolute value, 0 for an empty array.

    >>> largest(np.array([-3, 2]))
    3
    """
    return max(int(array.max()), -int(array.min())) if array.size else 0


def smallest_integers(array: np.ndarray, growth: int) -> np.ndarray:
    """The integers as int64 if sums of up to `growth` times the largest cannot overflow, else as Python's.

    >>> [smallest_integers(np.array([n], dtype=object), 10).dtype for n in (-2, 2**60)]
    [dtype('int64'), dtype('O')]
    """
    fits = largest(array) * growth < 2**62
    return array.astype(np.int64 if fits else object, copy=False)
