"""Grades: the terms c psi that a multigrade network adds one after another, kept sweep by sweep as integers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import fmpq

from constructs.exact import to_text


@dataclass(frozen=True)
class Grade:
    """Adds step * psi, psi the hat of the node `node` (integers k) of the Kuhn grid of mesh 1/cells."""

    cells: int
    node: tuple[int, ...]
    step: fmpq


@dataclass(frozen=True, eq=False)
class Sweep:
    """The grades of one pass over the nodes of mesh 1/cells, in the order of the nodes' numbers.

    numbers: int64 array, strictly increasing; node k has the number sum k_i (cells+1)^(dim-1-i).
    numerators: array of integers (int64 or Python's) of the same length; step = numerator / denominator.
    """

    dim: int
    cells: int
    numbers: np.ndarray
    numerators: np.ndarray
    denominator: int

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, i: int) -> Grade:
        node = np.unravel_index(int(self.numbers[i]), (self.cells + 1,) * self.dim)
        step = fmpq(int(self.numerators[i]), self.denominator)
        return Grade(self.cells, tuple(int(k) for k in node), step)

    def __iter__(self) -> Iterator[Grade]:
        return (self[i] for i in range(len(self)))

    def nodal(self) -> np.ndarray:
        """The steps' numerators at the nodes of mesh 1/cells, 0 at the others: of shape (cells+1,)*dim."""
        values = np.zeros((self.cells + 1) ** self.dim, dtype=self.numerators.dtype)
        values[self.numbers] = self.numerators
        return values.reshape((self.cells + 1,) * self.dim)

    def to_json(self) -> dict[str, Any]:
        """As in verify/CERTIFICATE.md, 11.2."""
        steps = [to_text(fmpq(n, self.denominator)) for n in self.numerators.tolist()]
        return {"cells": self.cells, "nodes": self.numbers.tolist(), "steps": steps}
