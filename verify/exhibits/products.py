"""A network of local products as the spline that it is, on tensor grids in floats: for drawing only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from constructs.bsplines import pieces
from constructs.exact import from_text
from constructs.multiplicative import Multiplicative, build
from constructs.neurons import as_float


@dataclass(frozen=True, eq=False)
class Products:
    """The network of a certificate (verify/CERTIFICATE.md, 12.2): degree, mesh, first index, coefficients."""

    dim: int
    degree: int
    mesh: int
    first: int
    texts: tuple[str, ...]

    @staticmethod
    def of(network: dict[str, Any], parameters: dict[str, Any]) -> Products:
        """From the certificate's network, and the parameters that say where indices begin."""
        q = network["degree"]
        zero = parameters["norm"] == "bessel" and q >= 2
        return Products(
            network["inputs"], q, network["mesh"], -2 if zero else -q, tuple(network["coefficients"])
        )

    def network(self) -> Multiplicative:
        """The network, exactly."""
        values = np.empty(len(self.texts), dtype=object)
        values[:] = [from_text(text) for text in self.texts]
        return build(values.reshape(self._shape), self.degree, self.mesh, self.first)

    @property
    def _shape(self) -> tuple[int, ...]:
        side = round(len(self.texts) ** (1 / self.dim))
        return (side,) * self.dim

    def on_grid(self, axes: list[np.ndarray]) -> np.ndarray:
        """Values at the points of a tensor grid, one array of coordinates an axis."""
        values = np.array([as_float(from_text(text)) for text in self.texts]).reshape(self._shape)
        for axis, coordinates in enumerate(axes):
            basis = self._basis(coordinates, values.shape[axis])
            values = np.moveaxis(np.tensordot(basis, values, axes=(1, axis)), 0, axis)
        return values

    def _basis(self, coordinates: np.ndarray, count: int) -> np.ndarray:
        """B(M x - k) for every coordinate x and index k."""
        t = self.mesh * coordinates[:, None] - (self.first + np.arange(count))
        found = np.zeros_like(t)
        for i, piece in enumerate(pieces(self.degree)):
            inside = (t >= i) & (t < i + 1)
            coefficients = [as_float(c) for c in reversed(piece.coeffs())]
            found[inside] = np.polyval(coefficients, t[inside])
        return found
