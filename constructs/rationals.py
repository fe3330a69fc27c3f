"""Arrays of exact rationals over one denominator: machine integers while they fit, Python's integers beyond."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from flint import fmpq

from constructs.exact import common_denominator, rational
from constructs.integers import common_divisor

FITS = 1 << 63  # integers of less size are held in 64 bits
_CHUNK = 1 << 16  # products held at once
ZERO, ONE = fmpq(0), fmpq(1)


@dataclass(frozen=True)
class Rationals:
    """numerators / denominator, element by element.

    Requires: numerators of dtype int64 (without -2^63), or of dtype object holding Python integers;
    denominator > 0. Not necessarily in lowest terms.

    >>> table = Rationals.of([["1/2", 1], ["1/3", -2]])
    >>> table.numerators.tolist(), table.denominator, table.extremes
    ([[3, 6], [2, -12]], 6, (-2, 1))
    """

    numerators: np.ndarray
    denominator: int = 1

    @staticmethod
    def of(values: Any) -> Rationals:
        """From an array or nested lists of exact numbers.

        Raises: ConstructError for what is no exact number.
        """
        given = np.asarray(values, dtype=object)
        numbers, denominator = common_denominator([rational(v) for v in given.ravel().tolist()])
        return _packed(np.array(numbers, dtype=object).reshape(given.shape), denominator)

    @staticmethod
    def full(shape: int | tuple[int, ...], value: fmpq) -> Rationals:
        """The same value everywhere."""
        kind = np.int64 if abs(value.p) < FITS else object
        return Rationals(np.full(shape, int(value.p), dtype=kind), int(value.q))

    @property
    def shape(self) -> tuple[int, ...]:
        """Elements along every axis."""
        return self.numerators.shape

    @property
    def elements(self) -> np.ndarray:
        """An array of fmpq, one object an element: for a look, not for large tables."""
        found = np.empty(self.shape, dtype=object)
        found.reshape(-1)[:] = [fmpq(n, self.denominator) for n in self.numerators.ravel().tolist()]
        return found

    @cached_property
    def largest(self) -> int:
        """The largest size of a numerator."""
        return max(abs(int(self.numerators.min())), abs(int(self.numerators.max())))

    @property
    def extremes(self) -> tuple[fmpq, fmpq]:
        """The least and the greatest element."""
        lo, hi = int(self.numerators.min()), int(self.numerators.max())
        return fmpq(lo, self.denominator), fmpq(hi, self.denominator)

    @property
    def single(self) -> fmpq | None:
        """The value of every element, if they are all the same."""
        lo, hi = self.extremes
        return lo if lo == hi else None

    @property
    def integral(self) -> bool:
        """Whether every element is an integer."""
        return self.denominator == 1 or not (self._divisible % self.denominator).any()

    @property
    def _divisible(self) -> np.ndarray:
        """The numerators in a type that can hold the denominator too."""
        return self.numerators if self.denominator < FITS else self.numerators.astype(object)

    def __add__(self, other: Rationals) -> Rationals:
        return combination([(ONE, self), (ONE, other)], ZERO, self.numerators.ndim)

    def __sub__(self, other: Rationals) -> Rationals:
        return combination([(ONE, self), (-ONE, other)], ZERO, self.numerators.ndim)

    def __mul__(self, other: Rationals) -> Rationals:
        fits = max(self.largest, other.largest, self.largest * other.largest) < FITS
        kind = np.int64 if fits else object
        product = self.numerators.astype(kind, copy=False) * other.numerators.astype(kind, copy=False)
        return _packed(product, self.denominator * other.denominator)

    def reduced(self) -> Rationals:
        """The same values over the least common denominator."""
        divisor = common_divisor(self.numerators, self.denominator)
        if divisor == 1:
            return _packed(self.numerators, self.denominator)
        held = self.numerators if divisor < FITS else self.numerators.astype(object)
        return _packed(held // divisor, self.denominator // divisor)

    def rearranged(self, how: Callable[[np.ndarray], np.ndarray]) -> Rationals:
        """The elements moved, repeated or left out."""
        return Rationals(how(self.numerators), self.denominator)

    def over(self, denominator: int) -> Rationals:
        """The same values over a multiple of the denominator."""
        return combination([(ONE, self)], ZERO, self.numerators.ndim, denominator)

    def floor(self) -> Rationals:
        """The floor of every element."""
        return _packed(self.numerators if self.denominator == 1 else self._divisible // self.denominator)

    def positive_part(self) -> Rationals:
        """max(element, 0)."""
        return self if self.extremes[0] >= 0 else Rationals(np.maximum(self.numerators, 0), self.denominator)

    def kept(self, where: np.ndarray) -> Rationals:
        """The elements where the condition holds, 0 elsewhere."""
        return Rationals(np.where(where, self.numerators, 0), self.denominator)

    def along(self, axis: int, dim: int) -> Rationals:
        """A column laid along one of dim axes, to be broadcast along the others."""
        shape = [1] * dim
        shape[axis] = -1
        return Rationals(self.numerators.reshape(shape), self.denominator)

    def distinct(self) -> tuple[np.ndarray, list[fmpq]]:
        """The different values, and for every element the place of its value among them."""
        used, codes = np.unique(self.numerators, return_inverse=True)
        values = [fmpq(int(n), self.denominator) for n in used.tolist()]
        return codes.reshape(self.numerators.shape), values


def combination(
    terms: Sequence[tuple[fmpq, Rationals]], bias: fmpq, dim: int, multiple_of: int = 1
) -> Rationals:
    """bias + sum of weight * array, broadcast over dim axes.

    Guarantees: the denominator depends on those of the terms only, and is a multiple of `multiple_of`.

    Method: one common denominator; 64-bit integers if a bound of all partial sums shows that they fit. Memory for the
    result alone; none for the same numerators over another denominator, which are shared.

    >>> combination([(fmpq(1, 2), Rationals(np.array([1, 2, 3])))], fmpq(1, 3), 1)
    Rationals(numerators=array([ 5,  8, 11]), denominator=6)
    """
    denominator = math.lcm(multiple_of, int(bias.q), *(int(w.q) * f.denominator for w, f in terms))
    start = int(bias.p) * (denominator // int(bias.q))
    factors = [int(w.p) * (denominator // (int(w.q) * f.denominator)) if f.largest else 0 for w, f in terms]
    reach = abs(start) + sum(abs(k) * f.largest for k, (_, f) in zip(factors, terms, strict=True))
    kind = np.int64 if reach < FITS else object
    total = np.full((1,) * dim, start, dtype=kind)
    if factors == [1] and start == 0 and terms[0][1].numerators.ndim == dim:
        return _packed(terms[0][1].numerators, denominator)
    for k, (_, f) in zip(factors, terms, strict=True):
        total = _increased(total, k, f.numerators)
    return _packed(total, denominator)


def _increased(total: np.ndarray, k: int, numbers: np.ndarray) -> np.ndarray:
    """total + k numbers, broadcast; where total has that shape already, in its memory."""
    shape = np.broadcast_shapes(total.shape, numbers.shape)
    if total.shape != shape:
        total = np.broadcast_to(total, shape).copy()
    if k == 0:
        return total
    if numbers.size < max(total.size, _CHUNK):
        total += numbers.astype(total.dtype, copy=False) * k
        return total
    numbers = numbers.reshape(shape)
    rows = max(1, _CHUNK * len(total) // total.size)
    for first in range(0, len(total), rows):
        part = slice(first, first + rows)
        total[part] += numbers[part].astype(total.dtype, copy=False) * k
    return total


def _packed(numerators: np.ndarray, denominator: int = 1) -> Rationals:
    """In 64 bits if they fit."""
    result = Rationals(numerators, denominator)
    if numerators.dtype == object and result.largest < FITS:
        return Rationals(numerators.astype(np.int64), denominator)
    return result
