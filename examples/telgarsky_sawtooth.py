"""Telgarsky's sawtooth: 2^(m-1) teeth by m layers of width 2, exactly; depth is what makes them.

M. Telgarsky, "Benefits of depth in neural networks", COLT 2016, arXiv 1602.04485: the m-fold composition of the tooth
g(x) = 2 relu(x) - 4 relu(x - 1/2). One hidden layer needs a neuron for each of its 2^m - 1 kinks.
"""

from constructs import targets
from constructs.raw_layers import layers
from verify.theorem import (
    activations,
    computes,
    depth,
    error,
    monotone,
    nested,
    neurons,
    theorem,
    whole,
    width,
)


def network(m):
    """The tooth composed with itself m times."""
    first = [("relu", [1], 0, "up1"), ("relu", [1], "-1/2", "down1")]
    later = [[("relu", [2, -4], 0, f"up{s}"), ("relu", [2, -4], "-1/2", f"down{s}")] for s in range(2, m + 1)]
    return layers([first, *later], readout={m: ([2, -4], 0)})


def shallow(m):
    """One hidden layer with 2m neurons, as many as the deep network has: the first m teeth at most."""
    height = 2**m
    row = [("relu", [1], 0)] + [("relu", [1], f"-{k}/{height}") for k in range(1, 2 * m)]
    return layers([row], readout=([height] + [2 * height * (-1) ** k for k in range(1, 2 * m)], 0))


def sawtooth(m):
    """2^(m-1) teeth: 0, 1, 0, 1, ... at the multiples of 2^-m, linear between."""
    return targets.kuhn(2**m, [k % 2 for k in range(2**m + 1)])


telgarsky = theorem(
    name="Telgarsky's sawtooth",
    source="Telgarsky, COLT 2016",
    parameters={"m": whole(1, 12)},
    construct=network,
    conditions=[
        width(2),
        depth(lambda m: m),
        activations("relu"),
        nested("m"),
        lambda m: [computes(f"up{s}", sawtooth(s - 1)) for s in range(2, m + 1)],
        error("inf", at_most=0),
    ],
    target=sawtooth,
)

# As many neurons in one layer: false for m >= 3, where 2m - 1 kinks are fewer than 2^m - 1.
one_layer = theorem(
    name="Telgarsky's sawtooth in one layer",
    source="false: what Telgarsky's theorem excludes",
    parameters={"m": whole(3, 8)},
    construct=shallow,
    conditions=[neurons(lambda m: 2 * m), depth(1), error("inf", at_most="1/2")],
    target=sawtooth,
)

# A sawtooth does not rise all the way: two points show it.
rising = theorem(
    name="Telgarsky's sawtooth, rising",
    source="false",
    parameters={"m": whole(1, 12)},
    construct=network,
    conditions=[monotone(increasing=True)],
    target=sawtooth,
)
