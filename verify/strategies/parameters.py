"""Small claims with parameters for which the theorems promise that they hold."""

from __future__ import annotations

from hypothesis import strategies as st

from verify import claims
from verify.claims.geometric import Geometric
from verify.claims.multigrade import MultigradeClaim
from verify.claims.multiplicative import MultiplicativeClaim
from verify.strategies.values import drawn_dim

_MOST_CELLS = 30
_POWERS = (1, 2, 3, 4, "3/2", "5/3")
_KINDS = (("floor", "bits"), ("floor", "two-sine"), ("relu", "two-sine"))  # relu + bits may be too wide


def geometric_claims(dim: int = 1) -> st.SearchStrategy[Geometric]:
    """Geometric claims for targets of this dimension, at most 30 cells on the last level.

    Requires: dim 1..6.
    Returns: claims with the constants paper and sharp, without `until`. They shrink to base 2, no level, p = 1.
    Guarantees: no target refutes them, as far as the theorem and docs/geometric.md are true.
    Raises: ConstructError.
    """
    return _geometric(drawn_dim(dim))


@st.composite
def _geometric(draw: st.DrawFn, d: int) -> Geometric:
    base = draw(st.integers(2, 4))
    levels = draw(st.integers(0, max(n for n in range(5) if base ** (d * n) <= _MOST_CELLS)))
    digits, decoder = draw(st.sampled_from(_KINDS))
    return claims.geometric(
        base,
        levels,
        draw(st.sampled_from([*_POWERS, *(["inf"] if digits == "floor" else [])])),
        digits=digits,
        decoder=decoder,
        constant=draw(st.sampled_from(["paper", "sharp"])),
        modulus=draw(st.sampled_from(["axis", "euclidean"])),
        tolerance=draw(st.sampled_from(["1/16", "1/4", "1/2"])),
    )


def multigrade_claims(dim: int = 1) -> st.SearchStrategy[MultigradeClaim]:
    """Multigrade claims for continuous targets of this dimension, with at most 4, 3, 2, 1 sweeps for dim 1, 2, 3, more.

    Requires: dim 1..6.
    Returns: claims without `until`. They shrink to mesh 1 and one sweep.
    Guarantees: no continuous target refutes them, as far as docs/multigrade.md is true.
    Raises: ConstructError.
    """
    d = drawn_dim(dim)
    return st.builds(
        claims.multigrade,
        st.integers(1, 4 if d == 1 else 2).map(lambda M: f"1/{M}"),
        st.integers(1, {1: 4, 2: 3, 3: 2}.get(d, 1)),
        st.sampled_from([None, 3, 4]),
    )


def multiplicative_claims(dim: int = 1) -> st.SearchStrategy[MultiplicativeClaim]:
    """Multiplicative claims for expressions of this dimension, with at most 5 cells on an axis, 3 for dim > 1.

    Requires: dim 1..6.
    Returns: claims in the norms sup and zygmund (bessel asks for targets that vanish on the boundary). They shrink to
    degree 1, mesh 1, sup.
    Guarantees: no target refutes them, as far as docs/multiplicative.md is true; without derivatives: undecided.
    Raises: ConstructError.
    """
    return _multiplicative(drawn_dim(dim))


@st.composite
def _multiplicative(draw: st.DrawFn, d: int) -> MultiplicativeClaim:
    degree = draw(st.integers(1, 3))
    norms = ["sup", "zygmund:1/2", "zygmund:1", "zygmund:2/3"]
    if degree > 1:
        norms += ["zygmund:3/2", "zygmund:2"]
    mesh = draw(st.integers(degree, 5 if d == 1 else 3))
    return claims.multiplicative(mesh=f"1/{mesh}", degree=degree, norm=draw(st.sampled_from(norms)))
