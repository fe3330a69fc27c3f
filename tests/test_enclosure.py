"""Powers of floats against exact ones, and the one door of the interval library."""

from __future__ import annotations

import re
from fractions import Fraction
from math import inf

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from verify.enclosure import power_bounds


@given(st.lists(st.floats(0, 1e200), min_size=1, max_size=5), st.integers(1, 64), st.integers(1, 64))
def test_powers_are_enclosed(values: list[float], a: int, b: int) -> None:
    p = fmpq(a, b)
    x = np.sort(np.array(values))
    low, high = power_bounds(x, x, p)
    n, root = int(p.p), int(p.q)
    for value, lo, hi in zip(x.tolist(), low.tolist(), high.tolist(), strict=True):
        assert lo <= hi
        assert Fraction(lo) ** root <= Fraction(value) ** n
        assert hi == inf or Fraction(value) ** n <= Fraction(hi) ** root
    assert (power_bounds(np.array([0.0]), np.array([inf]), p)[1] == inf).all()


@pytest.mark.parametrize("bad", [(-1.0, 1.0, 2), (2.0, 1.0, 2), (0.0, 1.0, 0), (np.nan, 1.0, 1)])
def test_powers_refuse_what_they_do_not_cover(bad: tuple[float, float, int]) -> None:
    with pytest.raises(ValueError, match="power_bounds needs"):
        power_bounds(np.array([bad[0]]), np.array([bad[1]]), fmpq(bad[2]))


def test_the_interval_library_is_imported_here_only() -> None:
    from pathlib import Path

    import verify

    folder = Path(str(verify.__file__)).parent
    importers = [
        p.name
        for p in folder.rglob("*.py")
        if re.search(r"^\s*(import|from) ival\b", p.read_text(), re.MULTILINE)
    ]
    assert importers == ["enclosure.py"]
