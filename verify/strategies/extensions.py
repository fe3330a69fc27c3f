"""McShane's extensions of drawn samples: Lipschitz and Hölder targets."""

from __future__ import annotations

from flint import fmpq
from hypothesis import strategies as st

from constructs.errors import ConstructError
from constructs.exact import Exact, integer
from constructs.targets.expression import ExpressionTarget
from constructs.targets.parser import LARGEST_POWER
from constructs.targets.samples import samples
from verify.strategies.values import VALUES, drawn_dim, positive, rationals

_MOST_SAMPLES = 20

Samples = list[tuple[tuple[fmpq, ...], fmpq]]


def _drawn(d: int, most: int) -> st.SearchStrategy[Samples]:
    """Different points of the cube with values."""
    place = st.tuples(*[rationals(0, 1, 6)] * d)
    return st.lists(
        st.tuples(place, VALUES), min_size=1, max_size=most, unique_by=lambda sample: str(sample[0])
    )


def _distance(x: tuple[fmpq, ...], y: tuple[fmpq, ...]) -> fmpq:
    return sum((abs(a - b) for a, b in zip(x, y, strict=True)), start=fmpq(0))


def sample_targets(
    dim: int = 1, lipschitz: Exact = 1, most_samples: int = 4
) -> st.SearchStrategy[ExpressionTarget]:
    """Scattered samples (p_j, v_j) extended by f(x) = min_j (v_j + K |x − p_j|_1), K = `lipschitz`.

    Requires: dim 1..6; lipschitz > 0; 1 <= most_samples <= 20.
    Returns: expressions (`targets.samples`). They shrink to one sample, of value 0 at the point 0.
    Method: drawn values w, then v_j = min_k (w_k + K |p_j − p_k|_1), which the data allow.
    Guarantees: f(p_j) = v_j for every sample, and the l1 constant is exactly K (it is attained at the least v_j).
    Raises: ConstructError.
    Source: McShane, Extension of range of functions, Bull. AMS 40 (1934).

    >>> from hypothesis import find
    >>> find(sample_targets(dim=2), lambda f: True).text
    '0+abs(x0-0)+abs(x1-0)'
    """
    d, K = drawn_dim(dim), positive(lipschitz, "lipschitz")
    drawn = _drawn(d, integer(most_samples, "most_samples", 1, _MOST_SAMPLES))
    return drawn.map(lambda given: _extended(given, K, d))


def _extended(given: Samples, K: fmpq, d: int) -> ExpressionTarget:
    points = [x for x, _ in given]
    values = [min(w + K * _distance(x, y) for y, w in given) for x in points]
    return samples(points, values, K, d)


def holder_targets(
    dim: int = 1, alpha: Exact = "1/2", constant: Exact = 1, most_samples: int = 4
) -> st.SearchStrategy[ExpressionTarget]:
    """f(x) = min_j (v_j + K |x − p_j|_1^α), K = `constant`: Hölder continuous of order α.

    Requires: dim 1..6; 0 < alpha <= 1 with a denominator <= 64; constant > 0; 1 <= most_samples <= 20.
    Returns: expressions; p_j, v_j small rationals, any v_j. They shrink to one sample, of value 0 at the point 0.
    Guarantees: K is the least constant with |f(x) − f(y)| <= K |x − y|_1^α. Each piece has it, as t^α is subadditive,
    so their minimum has it. No less will do: for the least v_j, f(p_j) = v_j, and f(x) = v_j + K |x − p_j|_1^α for all
    x nearer to p_j than to the other points. (Other v_j may lie above f(p_j).)
    Raises: ConstructError.
    Source: McShane, Extension of range of functions, Bull. AMS 40 (1934).

    >>> from hypothesis import find
    >>> find(holder_targets(alpha="1/3", constant=2), lambda f: True).text
    '0+2*abs(x0-0)**(1/3)'
    """
    d, K, a = drawn_dim(dim), positive(constant, "constant"), positive(alpha, "alpha")
    if a > 1 or a.q > LARGEST_POWER:
        raise ConstructError("alpha", str(a), f"a rational in (0, 1] with a denominator <= {LARGEST_POWER}")
    drawn = _drawn(d, integer(most_samples, "most_samples", 1, _MOST_SAMPLES))
    return drawn.map(lambda given: _holder(given, a, K, d))


def _holder(given: Samples, alpha: fmpq, K: fmpq, d: int) -> ExpressionTarget:
    pieces = [f"{v}+{_power(x, alpha, K)}" for x, v in given]
    return ExpressionTarget(pieces[0] if len(pieces) == 1 else f"min({','.join(pieces)})", d)


def _power(x: tuple[fmpq, ...], alpha: fmpq, K: fmpq) -> str:
    distance = "+".join(f"abs(x{i}-{c})" for i, c in enumerate(x))
    base = f"({distance})" if len(x) > 1 else distance
    return f"{'' if K == 1 else f'{K}*'}{base}{'' if alpha == 1 else f'**({alpha})'}"
