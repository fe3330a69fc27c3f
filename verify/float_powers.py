"""Powers of arrays of floats >= 0, with bounds of the rounding."""

from __future__ import annotations

import numpy as np
from flint import fmpq

from verify.enclosure import power_bounds

ROUND = 1 + 2.0**-40  # hundreds of float operations on numbers >= 0 change their result by less
TINY = 2.0**-1000  # more than underflow loses
Ends = tuple[np.ndarray, np.ndarray]


def raised(x: np.ndarray, p: fmpq) -> Ends:
    """Floats below and above x^p, below about 2^-960 by the absolute width 2^-999.

    Requires: x >= 0, infinity allowed; p > 0 with numerator <= 256.
    Method: products and square roots, which IEEE 754 rounds correctly, where p's denominator is a power of two; else
    correctly rounded powers, thirty times slower.

    >>> low, high = raised(np.array([2.0]), fmpq(3, 2))
    >>> bool(low[0] ** 2 <= 8 <= high[0] ** 2), bool(high[0] / low[0] < 1 + 1e-11)
    (True, True)
    """
    q = int(p.q)
    if q & (q - 1):
        return power_bounds(x, x, p)
    while q > 1:
        x, q = np.sqrt(x), q >> 1
    if p == 1:
        return x, x
    with np.errstate(over="ignore"):
        result = product_power(x, int(p.p))
        return np.maximum(result / ROUND - TINY, 0.0), result * ROUND + TINY


def product_power(x: np.ndarray, n: int) -> np.ndarray:
    """x^n, n >= 1, by repeated squaring."""
    result, square, left = x, x, n - 1
    while left:
        if left & 1:
            result = result * square
        left >>= 1
        square = square * square if left else square
    return result
