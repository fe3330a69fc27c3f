"""Maps of the square, on one colour scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from verify.exhibits.kinds import HeatMap
from verify.plots.style import COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DEPTH = 1000  # on a logarithmic scale values below the largest by more than this look alike


def draw(axes: Axes, values: Sequence[Sequence[float]], scale: Any) -> Any:
    """One field; returns what a colour bar needs."""
    import numpy as np

    rows = np.asarray(values)
    image = axes.pcolormesh(
        np.linspace(0, 1, rows.shape[1] + 1),
        np.linspace(0, 1, rows.shape[0] + 1),
        rows,
        norm=scale,
        cmap=COLOURS,
        rasterized=True,  # one picture, not a shape for every value
    )
    axes.set_aspect("equal")
    axes.grid(False)
    axes.set_xticks([0, 0.5, 1], ["0", "1/2", "1"])
    axes.set_yticks([0, 0.5, 1], ["0", "1/2", "1"])
    axes.set_xlabel("x0")
    return image


def scale_of(shown: HeatMap, fields: Sequence[Sequence[Sequence[float]]]) -> Any:
    """One scale for all fields of a map."""
    from matplotlib.colors import LogNorm, Normalize

    largest = max((v for rows in fields for row in rows for v in row), default=0.0) or 1.0
    return LogNorm(largest / DEPTH, largest, clip=True) if shown.log else Normalize(0.0, largest)
