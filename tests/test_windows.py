from itertools import product

import numpy as np
import pytest

from constructs.windows import over_support_boxes, over_supports, over_vertices

CASES = [
    (1, 7, 1),
    (1, 7, 2),
    (1, 6, 6),
    (1, 9, 5),
    (2, 4, 1),
    (2, 5, 3),
    (2, 4, 4),
    (3, 2, 1),
    (3, 3, 2),
    (4, 1, 1),
    (4, 2, 2),
]


@pytest.mark.parametrize(("d", "n", "q"), CASES)
@pytest.mark.parametrize("extremum", [np.minimum, np.maximum])
def test_over_supports_is_the_extremum_over_the_closed_support(d: int, n: int, q: int, extremum: np.ufunc):
    a = np.random.default_rng(d * 100 + n * 10 + q).integers(-50, 50, (n + 1,) * d)
    got = over_supports(a, q, extremum)
    for node in np.ndindex(a.shape):
        inside = [
            a[other]
            for other in np.ndindex(a.shape)
            if max(0, *(o - k for o, k in zip(other, node, strict=True)))
            - min(0, *(o - k for o, k in zip(other, node, strict=True)))
            <= q
        ]
        assert got[node] == extremum.reduce(inside)


@pytest.mark.parametrize(("d", "n", "q"), CASES)
def test_over_support_boxes_takes_the_boxes_that_meet_the_open_support(d: int, n: int, q: int):
    """A box meets {max(0,t) - min(0,t) < q} iff its point next to the centre does."""
    a = np.random.default_rng(d * 100 + n * 10 + q).integers(0, 50, (n,) * d)
    got = over_support_boxes(a, q, np.maximum)
    for node in np.ndindex(got.shape):
        inside = []
        for box in np.ndindex(a.shape):
            nearest = [min(max(k, b), b + 1) - k for b, k in zip(box, node, strict=True)]
            # the gauge is least at the box's point nearest to 0 on every axis
            if max(0, *nearest) - min(0, *nearest) < q:
                inside.append(a[box])
        assert got[node] == max(inside)


def test_over_vertices():
    a = np.random.default_rng(3).integers(-9, 9, (3, 4, 2))
    got = over_vertices(a, np.minimum)
    for box in np.ndindex(got.shape):
        assert got[box] == min(a[tuple(np.add(box, e))] for e in product((0, 1), repeat=3))


def test_python_integers_stay_exact():
    a = np.array([10**30, -(10**30), 10**30 + 1], dtype=object)
    assert over_supports(a, 1, np.maximum).tolist() == [10**30, 10**30 + 1, 10**30 + 1]
