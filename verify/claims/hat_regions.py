"""A network of grades proved from its weights: linear on every simplex, with the nodal values that the grades say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import lcm

import numpy as np

from constructs.grades import Sweep
from constructs.integers import largest, smallest_integers
from constructs.network import Network
from constructs.rationals import Rationals
from verify.hats import hat_near
from verify.kuhn_regions import nodal_values
from verify.regions import Undecided
from verify.verdict import Status

LARGEST_PROVED = 1 << 21  # grades times nodes (verify/CERTIFICATE.md, 11.10)


def hats_proved(network: Network, sweeps: Sequence[Sweep]) -> tuple[Status, str | None]:
    """Whether readout i is the sum of the first i grades on every simplex of the finest grid, for every i.

    Returns: proved; refuted with a readout and a node where it differs; undecided with the neuron.
    """
    wanted = _partial_sums(sweeps)
    levels = 0
    try:
        for level, found in nodal_values(network, sweeps[-1].cells):
            levels += 1
            expected = next(wanted, None)
            if expected is None or level != levels:
                return Status.REFUTED, f"readout {level} is not one of the grades"
            differs = _different(found, expected)
            if differs is not None:
                return Status.REFUTED, f"readout {level} differs from its grades' sum at the node {differs}"
    except Undecided as error:
        return Status.UNDECIDED, str(error)
    if next(wanted, None) is not None:
        return Status.REFUTED, f"the network has {levels} readouts, fewer than grades"
    return Status.PROVED, None


def _partial_sums(sweeps: Sequence[Sweep]) -> Iterator[Rationals]:
    """After every grade the sum so far at the nodes of the finest grid; the array is the same one every time."""
    finest, dim = sweeps[-1].cells, sweeps[-1].dim
    common = lcm(*(s.denominator * (finest // s.cells) for s in sweeps))
    bound = sum(largest(s.numerators) * common // s.denominator for s in sweeps) * sum(len(s) for s in sweeps)
    total = np.zeros((finest + 1,) * dim, dtype=np.int64 if bound < 2**62 else object)
    for sweep in sweeps:
        q = finest // sweep.cells
        unit = common // (sweep.denominator * q)
        for i, grade in enumerate(sweep):
            place, hat = hat_near(grade.node, q, finest)
            total[place] += np.maximum(hat, 0).astype(total.dtype) * (int(sweep.numerators[i]) * unit)
            yield Rationals(total, common)


def _different(found: Rationals, expected: Rationals) -> tuple[int, ...] | None:
    common = lcm(found.denominator, expected.denominator)
    a, b = (
        smallest_integers(r.numerators, common // r.denominator + 1) * (common // r.denominator)
        for r in (found, expected)
    )
    differs = np.argwhere(a != b)
    return tuple(int(k) for k in differs[0]) if len(differs) else None
