"""The boxes of a grid of the cube: blocks of them, and their coordinates as intervals."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from verify.enclosure import Interval

Place = tuple[slice, ...]


def blocks(grid: int, d: int, boxes: int, whole: int | None = None) -> Iterator[Place]:
    """Blocks of about `boxes` boxes: whole in the last axes, a run in one axis, single in the first ones; the axis
    `whole` counts as the very last.
    """
    lengths, room = [1] * d, boxes
    for axis in sorted(range(d), key=lambda i: (i == whole, i), reverse=True):
        lengths[axis] = grid if axis == whole else max(1, min(grid, room))
        room //= grid
    yield from itertools.product(*([slice(k, min(k + n, grid)) for k in range(0, grid, n)] for n in lengths))


def places(d: int, grid: int, boxes: int) -> Iterator[tuple[Place, list[Interval], list[Interval]]]:
    """Chunks of the boxes of a grid: the place, and the coordinates over the boxes and at their midpoints."""
    for place in blocks(grid, d, boxes):
        yield place, *coordinates(grid, place)


def coordinates(grid: int, place: Place) -> tuple[list[Interval], list[Interval]]:
    """The coordinates of boxes of side 1/grid: over the boxes, and at their midpoints; each along its own axis."""
    over, at = [], []
    for axis, part in enumerate(place):
        k = np.arange(float(part.start), part.stop).reshape(
            [-1 if i == axis else 1 for i in range(len(place))]
        )
        edges = Interval(k) / float(grid), Interval(k + 1.0) / float(grid)
        over.append(Interval(edges[0].lo, edges[1].hi))
        at.append(Interval(2.0 * k + 1.0) / (2.0 * grid))
    return over, at
