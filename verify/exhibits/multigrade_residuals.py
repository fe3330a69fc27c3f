"""What the sweeps of a multigrade network leave of the target, in floats, from the exact grades: for drawing only.

The readout after a sweep is linear on the Kuhn grid of its mesh, with nodal values that are sums of steps
(verify/CERTIFICATE.md, 11.5).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np

from constructs.grades import Sweep
from constructs.kuhn_grids import linear_floats
from constructs.targets.base import Target
from verify.exhibits.kinds import Chart, HeatMap, Series
from verify.exhibits.sampling import ON_A_LINE, curve, field, resolution, slice_words, square, target_curve

MOST_STOPS = 160  # along the grades
MOST_LOOKS = 1 << 23  # nodes times stops


class Residuals:
    """f - Phi after every sweep."""

    def __init__(self, target: Target, sweeps: Sequence[Sweep]) -> None:
        self.target, self.sweeps = target, sweeps

    @cached_property
    def nodal(self) -> list[np.ndarray]:
        """Phi after every sweep, at the nodes of the sweep's mesh."""
        found: list[np.ndarray] = []
        for sweep in self.sweeps:
            added = _steps(sweep, 0, len(sweep))
            if found:
                added = added + linear_floats(found[-1], nodes(sweep.cells, sweep.dim)).reshape(added.shape)
            found.append(added)
        return found

    def after(self, number: int, points: np.ndarray) -> np.ndarray:
        """Phi after sweep number 1, 2, ...; 0 before the first."""
        return linear_floats(self.nodal[number - 1], points) if number else np.zeros(len(points))

    def along_grades(self) -> Iterator[tuple[int, float]]:
        """Pairs (grades so far, largest |f - Phi| at the nodes of the finest mesh), some of them."""
        finest, d = self.sweeps[-1].cells, self.target.dim
        points = nodes(finest, d)
        left, done = self.target.floats(points), 0
        stops = max(1, min(MOST_STOPS, MOST_LOOKS // len(points)) // len(self.sweeps))
        for sweep in self.sweeps:
            ends = np.unique(np.linspace(0, len(sweep), stops + 1).astype(int)).tolist()
            for start, end in pairwise(ends):
                left = left - linear_floats(_steps(sweep, start, end), points)
                yield done + end, float(np.abs(left).max())
            done += len(sweep)


def nodes(cells: int, dim: int) -> np.ndarray:
    """The nodes of a grid as points, in the order of their numbers."""
    return np.stack([k.reshape(-1) for k in np.indices((cells + 1,) * dim)], axis=1) / cells


def _steps(sweep: Sweep, start: int, end: int) -> np.ndarray:
    """The steps of some grades at the nodes of their mesh, 0 elsewhere."""
    values = np.zeros((sweep.cells + 1) ** sweep.dim)
    values[sweep.numbers[start:end]] = [n / sweep.denominator for n in sweep.numerators[start:end].tolist()]
    return values.reshape((sweep.cells + 1,) * sweep.dim)


def readout_chart(residuals: Residuals) -> tuple[Chart, ...]:
    """Target and readout, one variable; one sweep a choice."""
    if residuals.target.dim > 1 or not residuals.sweeps:
        return ()
    choices = []
    for number, values in enumerate(residuals.nodal, start=1):
        n = len(values) - 1
        xs, ys = tuple((np.arange(n + 1) / n).tolist()), tuple(values.tolist())
        if n > ON_A_LINE:
            xs, ys = curve(lambda x, number=number: residuals.after(number, x))
        choices.append((f"sweep {number}", (Series("Phi", "readout", xs, ys),)))
    xs, ys = target_curve(residuals.target)
    return (
        Chart(
            key="readout",
            title="Target and readout",
            caption="The readout after a sweep is linear between its nodes, where its values are sums of the network's "
            f"steps; the target is sampled at {len(xs)} points.",
            x_label="x",
            y_label="value",
            series=(Series("f", "target", xs, ys),),
            choices=tuple(choices),
        ),
    )


def maps(residuals: Residuals) -> tuple[HeatMap, ...]:
    """|f - Phi| before the first sweep and after each, from two variables on."""
    target, sweeps = residuals.target, residuals.sweeps
    if target.dim == 1:
        return ()
    n = resolution(2, len(sweeps) + 1)
    points = square(n, target.dim)
    f = target.floats(points)
    choices = [
        ("before" if not s else f"sweep {s}", field(f - residuals.after(s, points), n))
        for s in range(len(sweeps) + 1)
    ]
    return (
        HeatMap(
            key="error-map",
            title="Where the error sits",
            caption=f"|f − Phi| sampled at the midpoints of {n} × {n} squares, in floats; Phi from the network's "
            f"grades.{slice_words(target.dim)}",
            legend="|f − Phi|",
            choices=tuple(choices),
            log=True,
        ),
    )
