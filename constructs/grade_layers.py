"""The layers and readouts of a multigrade network, made from its grades when they are asked for.

Source: verify/CERTIFICATE.md, 11.4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import overload

import numpy as np
from flint import fmpq

from constructs.grades import Grade, Sweep
from constructs.network import Network
from constructs.neurons import Affine, Layer, Neuron, Readout

ONE = fmpq(1)


def network_of(dim: int, offset: int, sweeps: Sequence[Sweep]) -> Network:
    """The network with these grades; see `constructs.multigrade.Multigrade.network`."""
    table = _Grades(sweeps)
    return Network(dim, _Layers(dim, offset, table), _Readouts(dim, offset, table))


class _Grades:
    """All grades by number, from 0."""

    def __init__(self, sweeps: Sequence[Sweep]) -> None:
        self.sweeps = sweeps
        self.ends = np.cumsum([len(s) for s in sweeps], dtype=np.int64)

    def __len__(self) -> int:
        return int(self.ends[-1]) if len(self.ends) else 0

    def __getitem__(self, i: int) -> Grade:
        s = int(np.searchsorted(self.ends, i, side="right"))
        return self.sweeps[s][i - (int(self.ends[s - 1]) if s else 0)]


class _Layers(Sequence[Layer]):
    """The hidden layers, made when asked for: d+1 for each grade."""

    def __init__(self, dim: int, offset: int, grades: _Grades, length: int | None = None) -> None:
        self.dim, self.offset, self.grades = dim, offset, grades
        self.length = (dim + 1) * len(grades) if length is None else length
        self.carriers = tuple(
            Neuron(f"x{i}", "carries an input", "relu", Affine(((i, ONE),), fmpq(0))) for i in range(dim)
        )
        self.kept = Neuron("S", "carries the sum, plus an offset", "relu", Affine(((dim + 2, ONE),), fmpq(0)))

    def __len__(self) -> int:
        return self.length

    @overload
    def __getitem__(self, index: int) -> Layer: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Layer]: ...
    def __getitem__(self, index: int | slice) -> Layer | Sequence[Layer]:
        if isinstance(index, slice):
            if index.indices(self.length)[::2] == (0, 1):
                return _Layers(self.dim, self.offset, self.grades, index.indices(self.length)[1])
            return tuple(self[i] for i in range(*index.indices(self.length)))
        if not -self.length <= index < self.length:
            raise IndexError(index)
        number, part = divmod(index % self.length, self.dim + 1)
        before = self.grades[number - 1] if part == 0 and number else None
        return self._layer(self.grades[number], part, before)

    def __iter__(self) -> Iterator[Layer]:
        before: Grade | None = None
        for layer in range(0, self.length, self.dim + 1):
            grade = self.grades[layer // (self.dim + 1)]
            for part in range(min(self.dim + 1, self.length - layer)):
                yield self._layer(grade, part, before)
            before = grade

    def _layer(self, grade: Grade, part: int, before: Grade | None) -> Layer:
        if part == self.dim:
            a, b = self.dim, self.dim + 1
            hat = Neuron("psi", "the hat", "relu", Affine(((a, -ONE), (b, -ONE)), ONE))
            return (*self.carriers, hat, self.kept)
        return (*self.carriers, *self._extrema(grade, part), self._sum(part, before))

    def _extrema(self, grade: Grade, j: int) -> tuple[Neuron, Neuron]:
        """a = u_j - t_j and b = w_j + t_j before the ReLU, u_j = t_(j-1) + a and w_j = -t_(j-1) + b, u_0 = w_0 = 0."""
        m, k = fmpq(grade.cells), grade.node
        if j == 0:
            return _extremum("a", ((0, -m),), fmpq(k[0])), _extremum("b", ((0, m),), fmpq(-k[0]))
        change = fmpq(k[j] - k[j - 1])
        forward, backward = ((j - 1, m), (j, -m)), ((j - 1, -m), (j, m))
        return (
            _extremum("a", (*forward, (self.dim, ONE)), change),
            _extremum("b", (*backward, (self.dim + 1, ONE)), -change),
        )

    def _sum(self, part: int, before: Grade | None) -> Neuron:
        if part:
            return self.kept
        if before is None:
            return replace(self.kept, affine=Affine((), fmpq(self.offset)))
        terms = ((self.dim, before.step),) if before.step != 0 else ()
        return replace(self.kept, affine=Affine((*terms, (self.dim + 1, ONE)), fmpq(0)))


def _extremum(name: str, terms: tuple[tuple[int, fmpq], ...], bias: fmpq) -> Neuron:
    role = "running maximum" if name == "a" else "running minimum"
    return Neuron(name, role, "relu", Affine(terms, bias))


class _Readouts(Sequence[Readout]):
    """Readout i, after grade i = 1, 2, ...: S + step * psi - B."""

    def __init__(self, dim: int, offset: int, grades: _Grades) -> None:
        self.dim, self.offset, self.grades = dim, offset, grades

    def __len__(self) -> int:
        return len(self.grades)

    @overload
    def __getitem__(self, index: int) -> Readout: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Readout]: ...
    def __getitem__(self, index: int | slice) -> Readout | Sequence[Readout]:
        if isinstance(index, slice):
            return tuple(self[i] for i in range(*index.indices(len(self))))
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        number = index % len(self)
        step = self.grades[number].step
        terms = ((self.dim, step),) if step != 0 else ()
        affine = Affine((*terms, (self.dim + 1, ONE)), fmpq(-self.offset))
        return Readout(number + 1, (self.dim + 1) * (number + 1), affine)
