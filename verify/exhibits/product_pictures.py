"""Where the error of local products sits: curves of one variable, maps from two on; one mesh a choice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from constructs.targets.base import Target
from verify.exhibits.kinds import Chart, HeatMap, Series
from verify.exhibits.products import Products
from verify.exhibits.sampling import ON_A_LINE, field, midpoints, resolution, slice_words, square

SAMPLED = "Sampled in floats; Phi is the spline of the certificate's coefficients, which the network is."


def curves(target: Target, networks: Sequence[Products]) -> tuple[Chart, ...]:
    """Target and networks, and the errors."""
    if target.dim > 1:
        return ()
    xs = np.linspace(0.0, 1.0, ON_A_LINE + 1)
    f = target.floats(xs[:, None])
    readouts, errors = [], []
    for network in networks:
        phi = network.on_grid([xs])
        readouts.append((_name(network), (_series("Phi", "readout", xs, phi),)))
        errors.append((_name(network), (_series("f − Phi", "error", xs, f - phi),)))
    first = _series("f", "target", xs, f)
    return (
        Chart("readout", "Target and network", SAMPLED, "x", "value", (first,), tuple(readouts)),
        Chart("error-curve", "Where the error sits", SAMPLED, "x", "f − Phi", (), tuple(errors)),
    )


def _name(network: Products) -> str:
    return f"mesh 1/{network.mesh}"


def _series(name: str, role: str, xs: np.ndarray, ys: np.ndarray) -> Series:
    return Series(name, role, tuple(xs.tolist()), tuple(ys.tolist()))


def maps(target: Target, networks: Sequence[Products]) -> tuple[HeatMap, ...]:
    """|e| on the square, or a slice of the cube."""
    d = target.dim
    if d == 1:
        return ()
    n = resolution(networks[0].mesh, len(networks))
    f = target.floats(square(n, d))
    axes = [midpoints(n), midpoints(n), *[np.array([0.5])] * (d - 2)]
    choices = [(_name(net), field(f - net.on_grid(axes).reshape(-1), n)) for net in networks]
    words = f"|f − Phi| at the midpoints of {n} × {n} squares.{slice_words(d)} {SAMPLED}"
    return (HeatMap("error-map", "Where the error sits", words, "|f − Phi|", tuple(choices)),)
