"""An exact table as floats below and floats above, for the arithmetic of boxes."""

from __future__ import annotations

import numpy as np
from flint import fmpq

from constructs.rationals import ONE, Rationals, combination
from verify.quantities import NotEnclosed
from verify.rounding import down, up

_EXACT = 1 << 53  # integers up to this size are floats
_LEAST_POWER = 1022  # 2^-1022 is the least normal float


def float_ends(values: Rationals, radius: fmpq) -> tuple[np.ndarray, np.ndarray]:
    """Floats below values - radius and above values + radius.

    Requires: radius >= 0.
    Returns: two arrays of the shape of values: the float nearest to each end, one step outward.
    Guarantees: below < values - radius and values + radius < above, element by element.
    Method: the number lies no farther from the nearest float than halfway to the next float on its side, so that next
    float is past it (`down`, `up`); so too among the floats next to 0, which are equally spaced.
    Raises: NotEnclosed beyond the floats.

    >>> lo, hi = float_ends(Rationals.of(["1/3", 2]), fmpq(0))
    >>> lo.tolist(), hi.tolist()
    ([0.33333333333333326, 1.9999999999999998], [0.33333333333333337, 2.0000000000000004])
    """
    if radius == 0:
        middle = _nearest(values)
        return down(middle), up(middle)
    dim = values.numerators.ndim
    lower, upper = (combination([(ONE, values)], shift, dim) for shift in (-radius, radius))
    return down(_nearest(lower)), up(_nearest(upper))


def _nearest(values: Rationals) -> np.ndarray:
    """The float nearest to every element, ties to even.

    Method: n 2^-k: the processor rounds a 64-bit n once, to the nearest; the power of two changes nothing as long as
    no |n| 2^-k >= 2^-k is below the normal floats. n/D with both exactly floats: IEEE division rounds once. Else
    Python's division of integers, which is correctly rounded for all sizes, once for every different value.
    """
    n, D = values.numerators, values.denominator
    if n.dtype != object:
        k = D.bit_length() - 1
        if 1 << k == D and k <= _LEAST_POWER:
            return np.ldexp(n.astype(float), -k)
        if max(values.largest, D) <= _EXACT:
            return n / float(D)
    different, places = np.unique(n, return_inverse=True)
    try:
        floats = np.array([int(m) / D for m in different.tolist()])
    except OverflowError:
        raise NotEnclosed("a value of the table is beyond the floats") from None
    return floats[places].reshape(n.shape)
