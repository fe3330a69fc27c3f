"""What a geometric network's readouts are: tables proved from its weights, beside the target."""

from __future__ import annotations

import numpy as np
from flint import fmpq

from constructs.exact import from_text
from constructs.network import Network
from constructs.rationals import Rationals
from verify import regions
from verify.exhibits.certified import Certified
from verify.exhibits.kinds import Chart, HeatMap, Series
from verify.exhibits.sampling import (
    ON_A_LINE,
    field,
    midpoints,
    resolution,
    slice_words,
    square,
    target_curve,
)


def level_tables(certified: Certified, network: Network) -> list[Rationals]:
    """Level by level the values of the readout on its cells, followed from the weights (rounding of sines apart)."""
    delta = certified.content["evidence"]["delta"]
    strip: fmpq | None = None if delta is None else from_text(delta)
    p = certified.parameters
    return [regions.table(network, t, p["base"], strip).values for t in range(p["levels"] + 1)]


def floats(table: Rationals) -> np.ndarray:
    """A table in floats."""
    if table.numerators.dtype != object and table.denominator < 1 << 62:
        return table.numerators / table.denominator
    return np.array([n / table.denominator for n in table.numerators.ravel().tolist()]).reshape(table.shape)


def at_points(table: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The values of a table of shape (n,)*d on the cells of the points."""
    n = table.shape[0]
    cells = np.minimum((points * n).astype(np.int64), n - 1)
    return table[tuple(cells.T)]


def readout_chart(certified: Certified, tables: list[Rationals]) -> tuple[Chart, ...]:
    """Target and readout, one variable; one level a choice."""
    if certified.target.dim > 1:
        return ()
    xs, ys = target_curve(certified.target)
    choices = tuple((f"level {t}", (_steps(floats(table)),)) for t, table in enumerate(tables))
    return (
        Chart(
            key="readout",
            title="Target and readout",
            caption="The readout is drawn from the values on its cells, which follow from the network's weights"
            f" (with more than {ON_A_LINE} cells: of some of them); the target is sampled at {len(xs)} points."
            + _strips(certified),
            x_label="x",
            y_label="value",
            series=(Series("f", "target", xs, ys),),
            choices=choices,
        ),
    )


def _strips(certified: Certified) -> str:
    if certified.content["evidence"]["delta"] is None:
        return ""
    return " The steep strips between cells are not drawn; the certified error counts them."


def _steps(values: np.ndarray) -> Series:
    """A piecewise constant function: its value from one point to the next."""
    n = len(values)
    if n > ON_A_LINE:
        values, n = values[(midpoints(ON_A_LINE) * n).astype(np.int64)], ON_A_LINE
    xs = [k / n for k in range(n + 1)]
    ys = values.tolist()
    return Series("Phi", "readout", tuple(xs), (*ys, ys[-1]), steps=True)


def maps(certified: Certified, tables: list[Rationals]) -> tuple[HeatMap, ...]:
    """Where the error sits, from two variables on; one level a choice."""
    target = certified.target
    if target.dim == 1:
        return ()
    n = resolution(certified.parameters["base"], len(tables))
    points = square(n, target.dim)
    f = target.floats(points)
    choices = tuple(
        (f"level {t}", field(f - at_points(floats(table), points), n)) for t, table in enumerate(tables)
    )
    return (
        HeatMap(
            key="error-map",
            title="Where the error sits",
            caption=f"|f − Phi_l| sampled at the midpoints of {n} × {n} squares: f in floats, Phi_l from its values "
            f"on cells, which follow from the network's weights.{slice_words(target.dim)}",
            legend="|f − Phi_l|",
            choices=choices,
            log=True,
        ),
    )
