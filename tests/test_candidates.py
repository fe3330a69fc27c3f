"""Candidate shifts: within the longest, along the right axis, and at half a period of an oscillation."""

from __future__ import annotations

import numpy as np
from flint import fmpq

from verify.candidates import lengths, promising


def test_lengths_are_within_the_longest_and_hold_it() -> None:
    for longest in (1, 2, 7, 24, 100, 1000):
        found = lengths(longest)
        assert found == sorted(set(found))
        assert found[0] == 1
        assert found[-1] == longest


def test_half_a_period_beats_a_whole_one() -> None:
    values = np.sin(2 * np.pi * np.arange(256) / 32)
    axis, steps = promising([values], 32, fmpq(2))[0]
    assert axis == 0
    assert 12 <= steps <= 20


def test_the_axis_that_varies_is_chosen() -> None:
    values = np.zeros((16, 16)) + np.arange(16)
    assert [axis for axis, _ in promising([values, values.T], 8, None)] == [1, 1]
