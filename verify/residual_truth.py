"""The network of f - Phi from an accepted certificate, with its exact supremum: the ground truth of instances."""

from __future__ import annotations

from dataclasses import dataclass
from math import lcm
from typing import Any

import numpy as np
from flint import fmpq

from constructs.erosion import Residual
from constructs.errors import ConstructError
from constructs.exact import from_text, to_text
from constructs.float_formats import FloatFormat
from constructs.grades import Sweep
from constructs.multigrade import from_specification
from constructs.network import Network
from constructs.residual_network import residual_network
from constructs.targets.kuhn import KuhnTarget
from constructs.targets.specification import from_specification as target_from
from verify.kuhn_regions import nodal_values

MOST_WORK = 1 << 24  # hats times nodes of the finest grid
FINER = 64  # bounds are multiples of a power of two that is at most the supremum over this


@dataclass(frozen=True)
class ResidualTruth:
    """A network, and the largest size of its output on the cube, taken at a witness."""

    network: Network
    supremum: fmpq
    witness: tuple[fmpq, ...]
    value: fmpq  # of the network at the witness

    @property
    def bounds(self) -> tuple[fmpq, fmpq]:
        """A bound that holds and one that does not, each by more than 1/128 and at most 1/32 of the supremum.

        Guarantees: dyadic, of at most eight significant bits: no float and no decimal rounds them.
        """
        unit = fmpq(1)
        while unit * FINER > self.supremum:
            unit /= 2
        while 2 * unit * FINER <= self.supremum:
            unit *= 2
        count = self.supremum / unit
        return unit * (count.ceil() + 1), unit * (count.floor() - 1)


def residual_truth(certificate: dict[str, Any], floats: FloatFormat) -> ResidualTruth:
    """The ground truth about the network of f - Phi.

    Requires: a certificate that the independent checker has accepted.
    Method: the network is proved linear on the simplices of a grid, from its weights, and equal to f - Phi at the
    nodes; the largest size there must be the supremum that the checker recomputed.
    Guarantees: every weight is a number of this float format: the exported network is f - Phi in real arithmetic.
    Raises: ConstructError for another claim, a target given by an expression, weights that floats would round, f = Phi,
    or a grid beyond the limit.
    """
    target, sweeps = _parts(certificate)
    grid = lcm(target.cells, *(s.cells for s in sweeps))
    hats = int(np.count_nonzero(target.values)) + sum(map(len, sweeps))
    if hats * (grid + 1) ** target.dim > MOST_WORK:
        raise ConstructError(
            "network", f"{hats} hats on {grid}^{target.dim} cells", f"hats times nodes <= {MOST_WORK}"
        )
    wanted = _residual(target, sweeps, grid)
    if not wanted.values.any():
        raise ConstructError("network", "equal to f everywhere", "an error > 0, so that some bound is false")
    network = residual_network(target, sweeps)
    require_exact(network, floats)
    _require_equal(network, wanted)
    _require_supremum(wanted.largest, certificate)
    place = np.unravel_index(int(np.abs(wanted.values).argmax()), wanted.values.shape)
    value = fmpq(int(wanted.values[place]), wanted.denominator)
    return ResidualTruth(network, wanted.largest, tuple(fmpq(int(k), grid) for k in place), value)


def require_exact(network: Network, floats: FloatFormat) -> None:
    """Raises ConstructError unless every weight is a number of the float format."""
    rows = [(neuron.name, neuron.affine) for layer in network.layers for neuron in layer]
    for name, affine in [*rows, *((f"readout {r.level}", r.affine) for r in network.readouts)]:
        for weight in affine.weights:
            if floats.nearest(weight) != weight:
                raise ConstructError(
                    f"weight of {name}",
                    to_text(weight),
                    f"a number that {floats.name} holds exactly: nodal values and meshes with denominators 2^k",
                )


def _parts(certificate: dict[str, Any]) -> tuple[KuhnTarget, tuple[Sweep, ...]]:
    claim = certificate["claim"]["name"]
    if claim != "multigrade":
        raise ConstructError("claim", claim, "multigrade: instances are bounds of |f - Phi|")
    target = target_from(certificate["target"])
    if not isinstance(target, KuhnTarget):
        raise ConstructError(
            "target", target.describe(), "nodal values on a grid (@file.json): other f are no ReLU networks"
        )
    return target, from_specification(certificate["network"])[1]


def _residual(target: KuhnTarget, sweeps: tuple[Sweep, ...], grid: int) -> Residual:
    left = Residual(*target.refine(target.cells)).on(grid)
    for sweep in sweeps:
        left = left.less(sweep.nodal(), sweep.denominator)
    return left


def _require_equal(network: Network, wanted: Residual) -> None:
    ((_, found),) = nodal_values(network, wanted.grid)
    if (found.numerators.astype(object) * wanted.denominator != wanted.values * found.denominator).any():
        raise ConstructError("network", "not f - Phi at some node", "equal to it")


def _require_supremum(largest: fmpq, certificate: dict[str, Any]) -> None:
    stated = [f["supremum"] for f in certificate["findings"] if f["property"] == "rate"][-1]
    if [from_text(end) for end in stated] != [largest, largest]:
        raise ConstructError("supremum", to_text(largest), f"that of the certificate, {stated}")
