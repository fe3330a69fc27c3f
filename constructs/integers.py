"""Arrays of integers: int64 where nothing can overflow, else Python's, never silently wrapped."""

from __future__ import annotations

import math

import numpy as np

_CHUNK = 1 << 16
_SUMMED = 1 << 31  # so many halves of 32 bits have a sum of less than 2^63


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


def narrowest(array: np.ndarray) -> np.ndarray:
    """The same integers in 32 bits if they fit, to be kept, not to be computed with.

    >>> [narrowest(np.array([0, n])).dtype for n in (2**31 - 1, 2**31)]
    [dtype('int32'), dtype('int64')]
    """
    return array.astype(np.int32) if largest(array) < 1 << 31 else array


def rounded_in_place(values: np.ndarray, exponent: int) -> np.ndarray:
    """The integers nearest to values * 2^exponent, ties to even, in the memory of the values, which are lost.

    Requires: floats of 64 bits in C order; |values| 2^exponent < 2^62.

    >>> rounded_in_place(np.array([0.75, -0.625, 0.125]), 2)
    array([ 3, -2,  0])
    """
    floats = values.reshape(-1)
    integers = floats.view(np.int64)
    for start in range(0, floats.size, _CHUNK):
        part = slice(start, start + _CHUNK)
        integers[part] = np.rint(np.ldexp(floats[part], exponent)).astype(np.int64)
    return integers.reshape(values.shape)


def common_divisor(array: np.ndarray, number: int) -> int:
    """The greatest common divisor of a number > 0 and all the integers.

    >>> common_divisor(np.array([[6, 9], [0, -12]]), 12)
    3
    """
    flat = array.reshape(-1)
    for start in range(0, flat.size, _CHUNK):
        if number == 1:
            break
        number = math.gcd(number, int(np.gcd.reduce(flat[start : start + _CHUNK])))
    return number


def exact_sum(array: np.ndarray) -> int:
    """The sum of all the integers, whatever its size: of 64 bits by halves.

    >>> exact_sum(np.full(4, 2**62)) == 2**64
    True
    """
    if array.dtype == object or array.size >= _SUMMED:
        return int(array.astype(object).sum())
    return (int((array >> 32).sum()) << 32) + int((array & 0xFFFFFFFF).sum())
