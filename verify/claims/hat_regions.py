"""A network of grades proved from its weights: linear on every simplex, with the nodal values that the grades say."""

from __future__ import annotations

from collections.abc import Sequence

from constructs.grades import Sweep
from constructs.network import Network
from verify.verdict import Status

LARGEST_PROVED = 1 << 21  # grades times nodes (verify/CERTIFICATE.md, 11.10)


def hats_proved(network: Network, sweeps: Sequence[Sweep]) -> tuple[Status, str | None]:
    """Whether readout i is the sum of the first i grades on every simplex of the finest grid, for every i.

    Returns: proved; refuted with the readout and the node where it differs; undecided with the neuron.
    """
    expected = _partial_sums(sweeps)
    try:
        for level, nodal in kuhn_regions.nodal_values(network, sweeps[-1].cells):
            wanted, denominator = next(expected)
            raise NotImplementedError
    except kuhn_regions.Undecided as error:
        return Status.UNDECIDED, str(error)
    return Status.PROVED, None
