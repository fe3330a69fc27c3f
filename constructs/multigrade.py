"""Multigrade networks: one hat after another is added to what is there, and every grade is a readout.

Source: arXiv 2601.16884; the network in full: docs/multigrade.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, overload

import numpy as np
from flint import fmpq

from constructs import erosion
from constructs.erosion import Residual
from constructs.exact import common_denominator, from_text, to_text
from constructs.grades import Grade, Sweep
from constructs.integers import smallest_integers
from constructs.network import Network
from constructs.neurons import Affine, Layer, Neuron, Readout

ONE = fmpq(1)


def stated_width(dim: int) -> int:
    """The width that the theorem allows, d + 5; the network has d + 3."""
    return dim + 5


@dataclass(frozen=True, eq=False)
class Multigrade:
    """A multigrade network: its grades sweep by sweep, and what they leave of the target.

    offset: an integer B >= |Phi| at every grade; the channel S holds Phi + B.
    """

    dim: int
    offset: int
    sweeps: tuple[Sweep, ...]
    residual: Residual

    @property
    def grades(self) -> int:
        """The number of grades."""
        return sum(len(s) for s in self.sweeps)

    @cached_property
    def network(self) -> Network:
        """The network; layers and readouts are made when they are asked for.

        Guarantees: width d+3, depth (d+1) * grades, ReLU only; readout i is the sum of the first i grades on the cube.
        """
        return network_of(self.dim, self.offset, self.sweeps)

    def extend(self, cells: int) -> Multigrade:
        """The network with one more sweep, at mesh 1/cells: its grades come after those that are there, unchanged.

        Requires: for a residual with margins, cells divides its grid.
        Raises: ConstructError.
        """
        grades, left = erosion.sweep(self.residual, cells)
        return replace(self, sweeps=(*self.sweeps, grades), residual=left)

    def to_json(self) -> dict[str, Any]:
        """The network as in verify/CERTIFICATE.md, 11.2."""
        return specification(self.dim, self.offset, self.sweeps)


def specification(dim: int, offset: int, sweeps: Sequence[Sweep]) -> dict[str, Any]:
    """The JSON object of a network given by its grades (verify/CERTIFICATE.md, 11.2)."""
    return {"inputs": dim, "offset": to_text(offset), "sweeps": [s.to_json() for s in sweeps]}


def network_of(dim: int, offset: int, sweeps: Sequence[Sweep]) -> Network:
    """The network with these grades; see `Multigrade.network`."""
    table = _Grades(sweeps)
    return Network(dim, _Layers(dim, offset, table), _Readouts(dim, offset, table))


def from_specification(data: dict[str, Any]) -> tuple[Network, tuple[Sweep, ...]]:
    """The network of what `specification` wrote, and its grades."""
    dim = data["inputs"]
    sweeps = []
    for sweep in data["sweeps"]:
        steps, denominator = common_denominator([from_text(step) for step in sweep["steps"]])
        numerators = smallest_integers(np.array(steps, dtype=object), 1)
        nodes = np.array(sweep["nodes"], dtype=np.int64)
        sweeps.append(Sweep(dim, sweep["cells"], nodes, numerators, denominator))
    return network_of(dim, int(from_text(data["offset"]).p), sweeps), tuple(sweeps)


def start(residual: Residual) -> Multigrade:
    """The network without any grade, Phi = 0, for a target with this residual."""
    return Multigrade(residual.dim, int(residual.largest.ceil()), (), residual)


def build(
    residual: Residual, mesh: int, sweeps: int, enough: Callable[[Residual], bool] | None = None
) -> Multigrade:
    """Erosion sweeps at meshes 1/mesh, 1/(2 mesh), ..., until what is left is enough or their number is reached.

    Requires: mesh >= 1, sweeps >= 1; for a residual with margins, mesh * 2^(sweeps-1) divides its grid.
    Guarantees: at every grade |f - Phi| is nowhere larger than before, and smaller on an open set. If d <= 2 and f is
    linear on the Kuhn grid of mesh 1/mesh with slopes <= K along its edges: sup|f - Phi| <= K / (mesh 2^(s-1)) after
    sweep s, and slopes never grow.
    Raises: ConstructError.
    Source: arXiv 2601.16884; docs/multigrade.md.

    >>> built = build(Residual(np.array([2, 1, -1]), 1), 2, 2)
    >>> built.network.evaluate([0]), built.network.width, built.network.depth
    ([1, 2, 2], 4, 6)
    """
    built = start(residual)
    for s in range(sweeps):
        built = built.extend(mesh << s)
        if enough is not None and enough(built.residual):
            break
    return built


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
    """The hidden layers, made when asked for: d+1 for each grade (verify/CERTIFICATE.md, 11.4)."""

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
