"""How far a change of the target in a box is seen: networks of local products beside an additive network."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

import numpy as np
from flint import fmpq

from constructs.additive import Vector, interpolant, separating_direction
from constructs.errors import ConstructError
from constructs.exact import integer
from constructs.locality import reach
from constructs.multiplicative import build
from constructs.quasi_interpolation import QuasiInterpolation, on_cube
from constructs.slabs import Slab, changed
from constructs.supports import Box
from constructs.targets.base import bounded_table, dimension

ZERO, ONE = fmpq(0), fmpq(1)


@dataclass(frozen=True)
class Extents:
    """Largest sup-norm distances from a box of the points of the cube where an output can change, and parameters.

    every_additive: no additive ReLU network at all, of m >= 2 inputs, that changes in the cube is changed within less;
    0 for m = 1.
    """

    products: fmpq
    products_parameters: int
    additive: fmpq
    additive_parameters: int
    additive_mesh: int
    every_additive: fmpq


def compare(degree: int, mesh: int, dim: int, box: Box) -> Extents:
    """The extent of a change in a box, for the splines of `on_cube` as local products, and for an additive network.

    Requires: 1 <= degree <= 5; a box in the cube, of sides >= 1/mesh, so that there are sample points in it.
    Returns: Extents, all numbers exact. The additive network is `interpolant` in the `separating_direction` of the
    coarsest uniform grid for which it has at least as many parameters; parameters are those of generic values.
    Guarantees: products <= (degree+1)/mesh.
    Method: the sets are read off the weights (`locality.reach`, `slabs.changed`); for every additive network: the
    closure of a change holds all of a hyperplane's part in the cube, so it meets the boundary (docs/multiplicative.md).
    Raises: ConstructError.

    >>> cell = Box((fmpq(3, 8), fmpq(3, 8)), (fmpq(1, 2), fmpq(1, 2)))
    >>> compared = compare(1, 8, 2, cell)
    >>> compared.products, compared.additive, compared.every_additive
    (1/8, 1/2, 3/8)
    >>> compared.products_parameters, compared.additive_parameters
    (1881, 1936)
    """
    rule = on_cube(degree, mesh, dim)
    _require(box, rule)
    parameters = build(np.full((mesh + degree,) * dim, 1), degree, mesh).network.parameters
    fine = max(mesh, matching_mesh(parameters, dim))
    points = grid(fine, dim)
    direction = separating_direction(points)
    generic = interpolant(points, [1 + k * k for k in range(len(points))], direction)
    parts = [_in_cube(b) for b in reach(rule, box)]
    slabs = [slab.in_cube() for slab in additive_reach(points, direction, box)]
    boundary = min(min(a, 1 - b) for a, b in zip(box.lo, box.hi, strict=True))
    return Extents(
        farthest(box, (b for b in parts if b.solid)),
        parameters,
        farthest(box, (b for b in slabs if b is not None)),
        generic.parameters,
        fine,
        boundary if dim > 1 else ZERO,
    )


def matching_mesh(parameters: int, dim: int) -> int:
    """The least M for which `interpolant` on the grid of mesh 1/M has so many parameters, for generic values.

    Method: every ReLU but that at 0 has m weights, a bias, and a place in the readout, which has a bias.
    Raises: ConstructError.

    >>> matching_mesh(6265, 2)
    39
    """
    integer(parameters, "parameters", 1)
    mesh = 1
    while (dimension(dim) + 2) * (mesh + 1) ** dim < parameters:
        mesh += 1
    return mesh


def grid(mesh: int, dim: int) -> list[Vector]:
    """The points of the cube whose coordinates are multiples of 1/mesh, in lexicographic order.

    Raises: ConstructError for more than a table may hold.

    >>> grid(1, 2)
    [(0, 0), (0, 1), (1, 0), (1, 1)]
    """
    bounded_table("mesh", mesh, (mesh + 1) ** dim, "points")
    return list(product([fmpq(i, mesh) for i in range(mesh + 1)], repeat=dim))


def additive_reach(points: list[Vector], direction: Vector, box: Box) -> tuple[Slab, ...]:
    """Where `interpolant` can change when its values at the points in the closed box change: exactly these slabs.

    Method: a change v of the values changes the output by the interpolant of v, a sum of hats in w.x with the factors
    v_j; hats are >= 0, so the interpolant of v_j = 1 in the box is positive wherever some change is seen.
    Raises: ConstructError.

    >>> node = Box((fmpq(1, 2), fmpq(1, 2)), (fmpq(1, 2), fmpq(1, 2)))
    >>> additive_reach(grid(2, 2), (fmpq(3), fmpq(1)), node)
    (Slab(direction=(3, 1), lo=3/2, hi=5/2),)
    """
    inside = [int(box.holds(x)) for x in points]
    return changed(interpolant(points, [0] * len(points), direction), interpolant(points, inside, direction))


def farthest(box: Box, parts: Iterable[Box]) -> fmpq:
    """The largest sup-norm distance from a box of a point in the parts; 0 if there is none.

    >>> farthest(Box((fmpq(0),), (fmpq(1),)), [Box((fmpq(-2),), (fmpq(2),))])
    2
    """
    farthest_yet = ZERO
    for part in parts:
        for a, b, low, high in zip(box.lo, box.hi, part.lo, part.hi, strict=True):
            farthest_yet = max(farthest_yet, a - low, high - b)
    return farthest_yet


def _in_cube(box: Box) -> Box:
    return Box(tuple(max(a, ZERO) for a in box.lo), tuple(min(b, ONE) for b in box.hi))


def _require(box: Box, rule: QuasiInterpolation) -> None:
    sides = list(zip(box.lo, box.hi, strict=True))
    inside = len(sides) == rule.dim and all(a >= 0 and b <= 1 for a, b in sides)
    if not inside or any(b - a < fmpq(1, rule.axis.mesh) for a, b in sides):
        raise ConstructError(
            "box", str(box), f"a part of [0,1]^{rule.dim} with sides of at least 1/{rule.axis.mesh}"
        )
