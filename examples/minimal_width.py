"""Width d+1 is enough for convex functions: a maximum of affine functions, one more with every layer.

B. Hanin, "Universal function approximation by deep neural nets with bounded width and ReLU activations", arXiv
1708.02691: the maximum of n affine functions on [0,1]^d is computed by a ReLU network of width d+1 (here in n-1
layers). The layers carry x_0..x_(d-1), not negative on the cube, and one neuron relu(M - L_k), where M is the
maximum so far and L_k the next function: max(M, L_k) = L_k + relu(M - L_k).
"""

from fractions import Fraction

from constructs.raw_layers import layers
from verify.theorem import activations, depth, error, monotone, theorem, whole, width


def maximum(functions):
    """functions: (slopes, value at 0), two or more. The network of their maximum."""
    d = len(functions[0][0])
    rows = []
    for k in range(1, len(functions)):
        (slopes, start), (new, new_start) = functions[k - 1], functions[k]
        carried = 0 if k == 1 else 1  # in the first layer there is no maximum so far, only a first function
        tail = [0] * carried
        row = [("relu", [int(i == j) for j in range(d)] + tail, 0, f"x{i}.{k}") for i in range(d)]
        rise = [a - b for a, b in zip(slopes, new, strict=True)] + [1] * carried
        row.append(("relu", rise, start - new_start, f"rest{k}"))
        rows.append(row)
    slopes, start = functions[-1]
    return layers(rows, readout=([*slopes, 1], start), inputs=d)


def tangents(n):
    """The tangents of x² at 0, 1/n, ..., 1: their maximum is below x² by at most 1/(4n²), in the middle between."""
    points = [Fraction(k, n) for k in range(n + 1)]
    return [([2 * t], -t * t) for t in points]


square = theorem(
    name="x² from below with width 2",
    source="Hanin, arXiv 1708.02691; the bound: tangents of x² at distance 1/n",
    parameters={"n": whole(1, 40)},
    construct=lambda n: maximum(tangents(n)),
    conditions=[
        width(2),
        depth(lambda n: n),
        activations("relu"),
        monotone(increasing=True),
        error("inf", at_most=lambda n: Fraction(1, 4 * n * n)),
        error(2, at_most=lambda n: Fraction(1, 8 * n * n)),
    ],
    target="x0**2",
)

# Two variables, width 3. The network is the function, but on boxes an error can be enclosed only up to the boxes' size.
roof = theorem(
    name="a roof with width 3",
    source="Hanin, arXiv 1708.02691",
    parameters={},
    construct=lambda: maximum([([0, 0], Fraction(1, 2)), ([1, 0], 0), ([0, 1], 0)]),
    conditions=[
        width(3),
        depth(2),
        monotone(axis=0),
        monotone(axis=1),
        error("inf", at_most="1/100"),
    ],
    target="max(1/2, x0, x1)",
    dim=2,
)
