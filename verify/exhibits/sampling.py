"""Where pictures take their values: midpoints of equal grids, on the line, the square, or a slice of the cube."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from constructs.targets.base import Target

MOST = 128  # values along an axis of a map
MOST_VALUES = 1 << 17  # of all fields of a map together
ON_A_LINE = 512
DIGITS = 4  # of values that are only colours

Field = tuple[tuple[float, ...], ...]


def resolution(base: int, fields: int) -> int:
    """Values along an axis of a map, a multiple of a power of the base that is as large as can be.

    >>> resolution(2, 4), resolution(3, 4), resolution(2, 20)
    (128, 81, 64)
    """
    most = min(MOST, int((MOST_VALUES / max(fields, 1)) ** 0.5))
    power = 1
    while power * base <= most:
        power *= base
    return power * (most // power) if power > 1 else most


def midpoints(n: int) -> np.ndarray:
    """Of n equal parts of [0,1]."""
    return (np.arange(n) + 0.5) / n


def square(n: int, dim: int) -> np.ndarray:
    """The midpoints of n^2 equal squares, as rows: x0 changes slowest; further coordinates are 1/2."""
    side = midpoints(n)
    points = np.full((n * n, dim), 0.5)
    points[:, 0], points[:, 1] = np.repeat(side, n), np.tile(side, n)
    return points


def field(values: np.ndarray, n: int) -> Field:
    """Values at the points of `square` as rows from x1 = 0 upward, shortened to what a colour shows."""
    rows = np.abs(values).reshape(n, n).T
    return tuple(tuple(float(f"{v:.{DIGITS}g}") for v in row) for row in rows.tolist())


def slice_words(dim: int) -> str:
    """What is seen of a cube of more than two dimensions."""
    rest = ", ".join(f"x{i}" for i in range(2, dim))
    return f" The slice {rest} = 1/2 of the cube." if dim > 2 else ""


def curve(
    f: Callable[[np.ndarray], np.ndarray], n: int = ON_A_LINE
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Points and values of a function of one variable, both ends included."""
    xs = np.linspace(0.0, 1.0, n + 1)
    return tuple(xs.tolist()), tuple(f(xs[:, None]).tolist())


def target_curve(target: Target) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The target of one variable, in floats."""
    return curve(target.floats)
