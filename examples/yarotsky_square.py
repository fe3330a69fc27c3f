"""Yarotsky's square: x² on [0,1] by m layers of width 3, with error exactly 4^-(m+1).

D. Yarotsky, "Error bounds for approximations with deep ReLU networks", Neural Networks 94 (2017), Proposition 2:
x² = x - sum of g_s(x)/4^s over s = 1, 2, ..., where g_s is the sawtooth with 2^(s-1) teeth, the s-fold composition of
the tooth g(x) = 2 relu(x) - 4 relu(x - 1/2). Cut after m terms, the sum interpolates x² at the multiples of 2^-m.
"""

from fractions import Fraction

from constructs import targets
from constructs.raw_layers import layers
from verify.theorem import activations, computes, depth, error, monotone, nested, theorem, whole, width


def network(m):
    """Layer s holds the halves of a tooth, relu(g) and relu(g - 1/2) for g = g_(s-1), and what is left of the sum."""
    rows = [[("relu", [1], 0, "up1"), ("relu", [1], "-1/2", "down1"), ("relu", [1], 0, "sum1")]]
    for s in range(2, m + 1):
        part = Fraction(1, 4 ** (s - 1))
        rows.append(
            [
                ("relu", [2, -4, 0], 0, f"up{s}"),  # g_(s-1) = 2 up - 4 down
                ("relu", [2, -4, 0], "-1/2", f"down{s}"),
                ("relu", [-2 * part, 4 * part, 1], 0, f"sum{s}"),  # never negative: it is at least x²
            ]
        )
    last = Fraction(1, 4**m)
    return layers(rows, readout={m: ([-2 * last, 4 * last, 1], 0)})


def sawtooth(s):
    """2^(s-1) teeth of height 1; for s = 0 the identity."""
    return "x0" if s == 0 else targets.kuhn(2**s, [k % 2 for k in range(2**s + 1)])


CONDITIONS = [
    width(3),
    depth(lambda m: m),
    activations("relu"),
    monotone(increasing=True),
    nested("m"),
    lambda m: [computes(f"up{s}", sawtooth(s - 1)) for s in range(1, m + 1)],
]

yarotsky = theorem(
    name="Yarotsky's square",
    source="Yarotsky, Neural Networks 94 (2017), Proposition 2",
    parameters={"m": whole(1, 12)},
    construct=network,
    conditions=[*CONDITIONS, error("inf", at_most=lambda m: Fraction(1, 2 ** (2 * m + 2)))],
    target="x0**2",
)

# The same with half the error: false, and refuted at an exact point.
too_good = theorem(
    name="Yarotsky's square, twice as good",
    source="false: the error is exactly 2^-(2m+2)",
    parameters={"m": whole(1, 12)},
    construct=network,
    conditions=[*CONDITIONS, error("inf", at_most=lambda m: Fraction(1, 2 ** (2 * m + 3)))],
    target="x0**2",
)
