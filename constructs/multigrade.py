"""Multigrade networks: one hat after another is added to what is there, and every grade is a readout.

Source: arXiv 2601.16884; the network in full: docs/multigrade.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from constructs import erosion
from constructs.erosion import Residual
from constructs.exact import common_denominator, from_text, to_text
from constructs.grade_layers import network_of
from constructs.grades import Sweep
from constructs.integers import smallest_integers
from constructs.network import Network


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
