"""Kuhn targets: of any nodal values, of a stated Lipschitz constant, and oscillating."""

from __future__ import annotations

import math

import numpy as np
from flint import fmpq
from hypothesis import strategies as st

from constructs.exact import Exact, common_denominator, floor_dyadic, integer
from constructs.kuhn_grids import lipschitz_below
from constructs.targets.base import bounded_table
from constructs.targets.kuhn import KuhnTarget
from verify.powers import root
from verify.strategies.slopes import lipschitz_power, one_of_norms
from verify.strategies.values import VALUES, drawn_dim, positive

CELLS = {1: 6, 2: 3, 3: 2}  # at most so many on an axis, 1 in higher dimensions
MOST_NODES = 1_000  # of a target, where the caller says how many
_SCALE_BITS = 8


def kuhn_targets(
    dim: int = 1, lipschitz: Exact | None = None, norm: str = "l1", most_cells: int | None = None
) -> st.SearchStrategy[KuhnTarget]:
    """Functions linear on the simplices of a Kuhn grid, with |f(x) − f(y)| <= K |x − y| if K = `lipschitz` is given.

    Requires: dim 1..6; lipschitz > 0 or None: any small values; norm l1, l2 or linf; most_cells: on an axis, at most
    1000 nodes in all (None: 6, 3, 2 in dimensions 1, 2, 3, else 1).
    Returns: targets. They shrink to few cells and to values 0, then K/cells, as long as those do.
    Method: drawn values v in units of K/m, made f(ν) = min_μ (v_μ + |ν−μ|_1): K-Lipschitz in l1. For l2 and linf that
    is then scaled down as far as its exact constant is above K; for l2 by a rational that may be 2^-8 too small.
    Guarantees: the constant in that norm (`lipschitz_power`) is at most K; for l1 and linf many targets attain it.
    Raises: ConstructError.
    Source: McShane, Extension of range of functions, Bull. AMS 40 (1934).
    """
    d = drawn_dim(dim)
    most = CELLS.get(d, 1) if most_cells is None else integer(most_cells, "most_cells", 1)
    bounded_table("most_cells", most, (most + 1) ** d, "nodes", MOST_NODES)
    one_of_norms(norm)
    return _kuhn(d, None if lipschitz is None else positive(lipschitz, "lipschitz"), norm, most)


@st.composite
def _kuhn(draw: st.DrawFn, d: int, K: fmpq | None, norm: str, most: int) -> KuhnTarget:
    m = draw(st.integers(1, most))
    size = (m + 1) ** d
    v = draw(st.lists(VALUES, min_size=size, max_size=size))
    if K is None:
        return _target(m, v, d)
    numerators, denominator = common_denominator(v)
    steep = lipschitz_below(np.array(numerators, dtype=object).reshape((m + 1,) * d), denominator)
    unit = K / (m * denominator)
    f = _target(m, [unit * fmpq(n) for n in steep.reshape(-1).tolist()], d)
    factor = _factor(f, K, norm)
    return f if factor == 1 else KuhnTarget(m, f.values * factor)


def _factor(f: KuhnTarget, K: fmpq, norm: str) -> fmpq:
    """At most K over the constant of f, and at most 1."""
    if norm == "l2":
        ratio = K**2 / max(lipschitz_power(f, norm), K**2)
        bounds = root(ratio, 2)
        return bounds.lo if bounds.lo == bounds.hi else floor_dyadic(bounds.lo, _SCALE_BITS)
    return K / max(lipschitz_power(f, norm), K)


def _target(m: int, values: list[fmpq], d: int) -> KuhnTarget:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return KuhnTarget(m, array.reshape((m + 1,) * d))


def oscillating_targets(dim: int = 1, frequency: int = 8) -> st.SearchStrategy[KuhnTarget]:
    """Functions with f(k/n) of the sign ±(−1)^(k_1+...+k_d) at every node, n = `frequency`, linear in between.

    Requires: dim 1..6, frequency >= 1, at most 1000 nodes.
    Returns: Kuhn targets of n cells on an axis. They shrink to f(k/n) = (−1)^(k_1+...+k_d).
    Method: f(k/n) = ± Π_i (−1)^k_i / a_i(k_i) with drawn integers a_i(k) in 1..6.
    Guarantees: |f| <= 1; neighbouring nodes have values of opposite strict sign; the l1 constant is at most 2n.
    Raises: ConstructError.

    >>> from hypothesis import find
    >>> find(oscillating_targets(dim=1, frequency=2), lambda f: True).values
    array([1, -1, 1], dtype=object)
    """
    d = drawn_dim(dim)
    n = integer(frequency, "frequency", 1)
    bounded_table("frequency", n, (n + 1) ** d, "nodes", MOST_NODES)
    amplitudes = st.lists(st.integers(1, 6), min_size=n + 1, max_size=n + 1)
    drawn = st.tuples(st.sampled_from([1, -1]), st.lists(amplitudes, min_size=d, max_size=d))
    return drawn.map(lambda pair: _oscillating(n, *pair))


def _oscillating(n: int, sign: int, amplitudes: list[list[int]]) -> KuhnTarget:
    nodes = np.ndindex(*(n + 1,) * len(amplitudes))
    values = [
        fmpq(sign * (-1) ** sum(k), math.prod(a[i] for a, i in zip(amplitudes, k, strict=True)))
        for k in nodes
    ]
    return _target(n, values, len(amplitudes))
