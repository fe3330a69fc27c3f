"""McShane's extension: it interpolates, is K-Lipschitz, and refuses data that are not."""

from __future__ import annotations

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs.errors import ConstructError
from constructs.targets.samples import samples

twelfths = st.integers(0, 12).map(lambda n: fmpq(n, 12))


def distance(a: list[fmpq], b: list[fmpq]) -> fmpq:
    return sum((abs(s - t) for s, t in zip(a, b, strict=True)), start=fmpq(0))


@given(st.data(), st.integers(1, 3), st.integers(1, 6).map(lambda n: fmpq(n, 3)))
@settings(max_examples=40, deadline=None)
def test_it_interpolates_and_is_lipschitz(data: st.DataObject, d: int, K: fmpq) -> None:
    point = st.lists(twelfths, min_size=d, max_size=d)
    p = data.draw(st.lists(point, min_size=1, max_size=6))
    centre = data.draw(point)
    v = [fmpq(1, 7) - K * distance(x, centre) for x in p]
    f = samples(p, v, K, d)
    assert [f.exact(x) for x in p] == v
    a, b = data.draw(point), data.draw(point)
    fa, fb = f.exact(a), f.exact(b)
    assert fa is not None
    assert fb is not None
    assert fa == min(value + K * distance(a, x) for x, value in zip(p, v, strict=True))
    assert abs(fa - fb) <= K * distance(a, b)


def test_special_cases() -> None:
    assert samples([[0], [1]], [2, 2], 0, 1).constant() == 2
    assert samples([["1/3"]], ["-1/2"], "3/2", 1).exact([1]) == fmpq(1, 2)
    assert samples([[0, 0], [0, 0]], [1, 1], 1, 2).exact([1, 1]) == 3


@pytest.mark.parametrize(
    ("points", "values", "K", "dim", "message"),
    [
        ([[0], [1]], [0, 2], 1, 1, r"samples 0 and 1: \|0 − 2\| > 1 \* 1"),
        ([[0], [0]], [0, 1], 9, 1, "samples 0 and 1"),
        ([[0], [1]], [0], 1, 1, "2 values"),
        ([], [], 1, 1, "1 to 1000 points"),
        ([[0]], [0], -1, 1, "lipschitz = -1"),
        ([[2]], [0], 1, 1, "in \\[0, 1\\]"),
        ([[0, 0]], [0], 1, 1, "1 coordinates"),
        ([[0.5]], [0], 1, 1, "an exact number"),
        ([[fmpq(k, 999)] for k in range(1000)], [0] * 1000, 1, 1, "fewer samples"),
        ([[0]] * 1001, [0] * 1001, 1, 1, "1 to 1000 points"),
    ],
)
def test_bad_data(points, values, K, dim: int, message: str) -> None:
    with pytest.raises(ConstructError, match=message):
        samples(points, values, K, dim)
