"""Target and network of a claim of one's own, where they can be drawn, with the points at which it fails."""

from __future__ import annotations

from typing import Any

import numpy as np

from constructs.errors import ConstructError
from constructs.exact import from_text
from constructs.network import Network
from constructs.neurons import as_float
from verify.exhibits.certified import Certified
from verify.exhibits.kinds import Chart, HeatMap, Series
from verify.exhibits.sampling import ON_A_LINE, field, resolution, slice_words, square

SAMPLED = "Target and network are sampled in floats"
Point = tuple[float, ...]


def charts(certified: Certified, network: Network) -> tuple[Chart, ...]:
    """One variable: both curves, and what lies between them with the bounds claimed; one readout a choice."""
    if certified.target.dim > 1:
        return ()
    xs = np.array(
        sorted({*np.linspace(0.0, 1.0, ON_A_LINE + 1).tolist(), *(w[0] for w in _points(certified))})
    )
    found = _values(network, xs[:, None])
    if found is None:
        return ()
    f = certified.target.floats(xs[:, None])
    readouts, errors = [], []
    for r, phi in zip(network.readouts, found.T, strict=True):
        marked = _witnesses(certified, r.level, xs, abs(f - phi))
        readouts.append((f"level {r.level}", (_series("Phi", "readout", xs, phi),)))
        errors.append((f"level {r.level}", (_series("|f − Phi|", "error", xs, abs(f - phi)), *marked)))
    return (
        Chart(
            "readout",
            "Target and network",
            f"{SAMPLED}.",
            "x",
            "value",
            (_series("f", "target", xs, f),),
            tuple(readouts),
        ),
        Chart(
            key="error-curve",
            title="Where the error sits",
            caption=f"{SAMPLED}; the bound is the one claimed for sup |f − Phi|. Where it fails was checked exactly.",
            x_label="x",
            y_label="|f − Phi|",
            series=(),
            choices=tuple(errors),
        ),
    )


def _series(name: str, role: str, xs: np.ndarray, ys: np.ndarray) -> Series:
    return Series(name, role, tuple(xs.tolist()), tuple(ys.tolist()))


def _values(network: Network, points: np.ndarray) -> np.ndarray | None:
    """The readouts in floats; None where these cannot hold the network."""
    try:
        return network.evaluate_floats(points)
    except ConstructError:
        return None


def _errors(certified: Certified, level: int | None) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The suprema claimed of a readout (None: of all), with their conditions."""
    conditions = certified.parameters["conditions"]
    pairs = [(f, conditions[f["level"]]) for f in certified.findings if f["property"] == "error"]
    return [(f, c) for f, c in pairs if c["norm"] == "inf" and level in (None, c["of"])]


def _points(certified: Certified) -> list[Point]:
    """Where suprema fail."""
    refuted = [f["witness"] for f, _ in _errors(certified, None) if f["status"] == "refuted"]
    return [tuple(as_float(from_text(x)) for x in w) for w in refuted]


def _witnesses(certified: Certified, level: int, xs: np.ndarray, e: np.ndarray) -> list[Series]:
    """Bounds, and the points at which they fail."""
    out = []
    for f, c in _errors(certified, level):
        bound = as_float(from_text(c["at_most"]))
        out.append(Series("bound, as claimed", "bound", (0.0, 1.0), (bound, bound)))
        if f["status"] == "refuted":
            x = as_float(from_text(f["witness"][0]))
            y = float(e[np.searchsorted(xs, x)])
            out.append(Series(f"fails at x = {f['witness'][0]}", "witness", (x,), (y,), joined=False))
    return out


def maps(certified: Certified, network: Network) -> tuple[HeatMap, ...]:
    """|f - Phi| from two variables on; one readout a choice."""
    d = certified.target.dim
    n = resolution(2, len(network.readouts))
    points = square(n, d) if d > 1 else None
    found = None if points is None else _values(network, points)
    if points is None or found is None:
        return ()
    f = certified.target.floats(points)
    choices = [
        (f"level {r.level}", field(f - phi, n)) for r, phi in zip(network.readouts, found.T, strict=True)
    ]
    told = [
        f" It fails at ({', '.join(g['witness'])})."
        for g, _ in _errors(certified, None)
        if g["status"] == "refuted"
    ]
    words = f"|f − Phi| at the midpoints of {n} × {n} squares. {SAMPLED}.{slice_words(d)}{''.join(told)}"
    return (HeatMap("error-map", "Where the error sits", words, "|f − Phi|", tuple(choices)),)
