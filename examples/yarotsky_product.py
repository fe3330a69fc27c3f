"""Yarotsky's product: x·y on the unit square from three squares, xy = 2((x+y)/2)² - x²/2 - y²/2.

D. Yarotsky, "Error bounds for approximations with deep ReLU networks", Neural Networks 94 (2017), Proposition 3. Each
square is the one of yarotsky_square.py, too large by at most 4^-(m+1); so the product is off by at most 2·4^-(m+1),
and that is attained.
"""

from fractions import Fraction

from constructs.raw_layers import layers
from verify.theorem import activations, depth, error, theorem, whole, width

INPUTS = (["1/2", "1/2"], [1, 0], [0, 1])  # (x+y)/2, x, y
SHARES = (2, Fraction(-1, 2), Fraction(-1, 2))


def network(m):
    """Three squares side by side, each with the halves of a tooth and what is left of its sum."""
    first = []
    for i, form in enumerate(INPUTS):
        first += [("relu", form, bias, f"{name}{i}.1") for name, bias in PARTS]
    rows = [first]
    for s in range(2, m + 1):
        part = Fraction(1, 4 ** (s - 1))
        row = []
        for i in range(3):
            before, after = [0] * (3 * i), [0] * (6 - 3 * i)
            row += [
                ("relu", [*before, 2, -4, 0, *after], 0, f"up{i}.{s}"),
                ("relu", [*before, 2, -4, 0, *after], "-1/2", f"down{i}.{s}"),
                ("relu", [*before, -2 * part, 4 * part, 1, *after], 0, f"sum{i}.{s}"),
            ]
        rows.append(row)
    last = Fraction(1, 4**m)
    weights = [share * w for share in SHARES for w in (-2 * last, 4 * last, 1)]
    return layers(rows, readout=(weights, 0), inputs=2)


PARTS = (("up", 0), ("down", "-1/2"), ("sum", 0))

product = theorem(
    name="Yarotsky's product",
    source="Yarotsky, Neural Networks 94 (2017), Proposition 3",
    parameters={"m": whole(1, 3)},
    construct=network,
    conditions=[
        width(9),
        depth(lambda m: m),
        activations("relu"),
        error("inf", at_most=lambda m: Fraction(3, 4 ** (m + 1))),
    ],
    target="x0*x1",
    dim=2,
)

# The error of one square, claimed for the product: false, and a point shows it.
as_good_as_the_square = theorem(
    name="Yarotsky's product, as good as the square",
    source="false: the error is 2·4^-(m+1)",
    parameters={"m": whole(1, 6)},
    construct=network,
    conditions=[error("inf", at_most=lambda m: Fraction(1, 4 ** (m + 1)))],
    target="x0*x1",
    dim=2,
)
