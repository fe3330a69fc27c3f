"""The greatest Lipschitz function through scattered samples, as an expression."""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpq

from constructs.errors import ConstructError
from constructs.exact import Exact, rational
from constructs.targets.base import dimension, point
from constructs.targets.expression import ExpressionTarget
from constructs.targets.parser import LONGEST_TEXT, MOST_NODES

MOST_SAMPLES = 1_000


def samples(
    points: Sequence[Sequence[Exact]], values: Sequence[Exact], lipschitz: Exact, dim: int
) -> ExpressionTarget:
    """The McShane extension f(x) = min_j (v_j + K |x − p_j|_1): K-Lipschitz, with the values at the points.

    Requires: points in the cube and values, exact, with |v_j − v_k| <= K |p_j − p_k|_1; few enough for the
    limits of an expression.
    Raises: ConstructError that names the two samples that are too far apart.
    Source: McShane, Extension of range of functions, Bull. AMS 40 (1934).

    >>> f = samples([[0], ["1/2"]], [0, "1/4"], 1, dim=1)
    >>> f.text, f.exact(["1/2"]), f.exact([1])
    ('min(0+abs(x0-0),1/4+abs(x0-1/2))', 1/4, 3/4)
    """
    d, K = dimension(dim), rational(lipschitz, "lipschitz")
    if K < 0:
        raise ConstructError("lipschitz", str(K), "a number >= 0")
    if not 1 <= len(points) <= MOST_SAMPLES:
        raise ConstructError("points", f"{len(points)} points", f"1 to {MOST_SAMPLES} points")
    if len(values) != len(points):
        raise ConstructError("values", f"{len(values)} values", f"{len(points)} values, one a point")
    p = [point(x, d) for x in points]
    v = [rational(value, f"values[{j}]") for j, value in enumerate(values)]
    pieces = [_cone(x, value, K) for x, value in zip(p, v, strict=True)]
    text = str(v[0]) if K == 0 else pieces[0] if len(pieces) == 1 else f"min({','.join(pieces)})"
    nodes = len(pieces) * (6 * d + 4)  # at least as many as the parser counts
    if K and (len(text) > LONGEST_TEXT or nodes > MOST_NODES):
        limit = f"an expression of at most {LONGEST_TEXT} characters and {MOST_NODES} nodes, this needs about"
        raise ConstructError("points", f"{len(p)} points", f"fewer samples: {limit} {len(text)} and {nodes}")
    _require_lipschitz(p, v, K)
    return ExpressionTarget(text, d)


def _require_lipschitz(p: list[list[fmpq]], v: list[fmpq], K: fmpq) -> None:
    for j in range(len(p)):
        for k in range(j):
            distance = sum((abs(a - b) for a, b in zip(p[j], p[k], strict=True)), start=fmpq(0))
            if abs(v[j] - v[k]) > K * distance:
                shown = f"samples {k} and {j}: |{v[k]} − {v[j]}| > {K} * {distance}"
                raise ConstructError("lipschitz", str(K), f"a constant that the data allow; {shown}")


def _cone(x: list[fmpq], value: fmpq, K: fmpq) -> str:
    distance = "+".join(f"abs(x{i}-{c})" for i, c in enumerate(x))
    slope = "" if K == 1 else f"{K}*"
    return f"{value}+{slope}({distance})" if slope and len(x) > 1 else f"{value}+{slope}{distance}"
