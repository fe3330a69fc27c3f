"""Random small networks of relu and floor with rational weights, as Hypothesis strategies."""

from __future__ import annotations

from fractions import Fraction

from flint import fmpq
from hypothesis import strategies as st

from constructs.network import Network
from constructs.raw_layers import layers

WEIGHTS = st.sampled_from([Fraction(n, q) for q in (1, 2, 3) for n in (-3, -2, -1, 0, 1, 2, 4)])


@st.composite
def networks(draw: st.DrawFn, inputs: int = 1, kinds: tuple[str, ...] = ("relu", "floor")) -> Network:
    sizes = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    rows, before = [], inputs
    for size in sizes:
        rows.append(
            [
                (
                    draw(st.sampled_from(kinds)),
                    draw(st.lists(WEIGHTS, min_size=before, max_size=before)),
                    draw(WEIGHTS),
                )
                for _ in range(size)
            ]
        )
        before = size
    return layers(rows, (draw(st.lists(WEIGHTS, min_size=before, max_size=before)), draw(WEIGHTS)), inputs)


def value(network: Network, *x: fmpq | Fraction | int) -> fmpq:
    """The first readout at a point, by the network's own exact evaluation."""
    found = network.evaluate(list(x))[0]
    assert isinstance(found, fmpq)
    return found
