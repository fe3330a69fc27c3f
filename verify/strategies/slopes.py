"""Lipschitz constants of Kuhn targets in l1, l2 and l_inf, exactly."""

from __future__ import annotations

import numpy as np
from flint import fmpq

from constructs.errors import ConstructError
from constructs.targets.kuhn import KuhnTarget

NORMS = ("l1", "l2", "linf")


def one_of_norms(norm: str) -> str:
    """The name of a norm of R^d.

    Raises: ConstructError.
    """
    if norm not in NORMS:
        raise ConstructError("norm", norm, " or ".join(NORMS))
    return norm


def lipschitz_power(f: KuhnTarget, norm: str) -> fmpq:
    """The least K with |f(x) − f(y)| <= K |x − y| in this norm; for l2 its square.

    Requires: norm l1, l2 or linf.
    Returns: fmpq, exact.
    Method: f is linear on the simplices of a convex set, so K is the largest dual norm of a gradient: max |∂_i f|, the
    root of Σ (∂_i f)^2, Σ |∂_i f|. On the simplex of the order π the ∂_π(j) f are m times the differences along the
    path k, k + e_π(1), k + e_π(1) + e_π(2), ...; so a sum over them is the length of a path through the subsets of
    the axes, and the largest one over all d! paths takes 2^d d steps.
    Raises: ConstructError.

    >>> f = KuhnTarget(1, np.array([[0, 1], [1, 0]]))
    >>> [lipschitz_power(f, norm) for norm in NORMS]
    [1, 2, 2]
    """
    if one_of_norms(norm) == "l1":
        return f.lipschitz()
    nodal, denominator = f.refine(f.cells)
    m, d, power = f.cells, f.dim, 2 if norm == "l2" else 1
    corners = [nodal[tuple(slice(S >> i & 1, m + (S >> i & 1)) for i in range(d))] for S in range(1 << d)]
    longest = [np.zeros_like(corners[0])]
    for S in range(1, 1 << d):
        before = [S ^ (1 << i) for i in range(d) if S >> i & 1]
        ways = [longest[B] + abs(corners[S] - corners[B]) ** power for B in before]
        longest.append(np.maximum.reduce(ways))
    return fmpq(int(longest[-1].max()), 1) * fmpq(m, denominator) ** power
