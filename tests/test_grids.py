"""Cell numbers and refinement against nested loops."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from flint import fmpq

from constructs.geometric import over_parents
from constructs.grids import from_numbered, joined, number_cells, refine, split
from constructs.rationals import Rationals


@pytest.mark.parametrize(("dim", "cells"), [(1, 4), (2, 3), (3, 2), (2, 1)])
def test_numbering(dim: int, cells: int):
    table = np.empty((cells,) * dim, dtype=object)
    for k in itertools.product(range(cells), repeat=dim):
        table[k] = fmpq(sum(10**i * c for i, c in enumerate(k)))
    numbered = number_cells(table)
    for k in itertools.product(range(cells), repeat=dim):
        assert numbered[sum(c * cells**i for i, c in enumerate(k))] == table[k]
    assert (from_numbered(numbered, dim, cells) == table).all()


@pytest.mark.parametrize(("dim", "cells", "factor"), [(1, 3, 2), (2, 2, 3), (3, 2, 2)])
def test_children_have_their_parents_value(dim: int, cells: int, factor: int):
    table = np.arange(cells**dim).reshape((cells,) * dim)
    fine = refine(table, factor)
    assert fine.shape == (cells * factor,) * dim
    for k in itertools.product(range(cells * factor), repeat=dim):
        assert fine[k] == table[tuple(c // factor for c in k)]
    assert (joined(split(fine, factor)) == fine).all()
    parents, children = Rationals(table, 3), Rationals(np.asfortranarray(fine[::-1] ** 2), 5)
    found = over_parents(children, parents, factor, fmpq(-2))
    assert (found.elements == children.elements - 2 * refine(parents.elements, factor)).all()
