"""The constants that are proved for cell means: error <= constant * modulus for every function in L^p."""

from __future__ import annotations

from flint import fmpq

from verify.powers import Enclosure, root


def proved(dim: int, p: fmpq | None, euclidean: bool) -> Enclosure:
    """The least constant with a proof in docs/sharpness.md, enclosed.

    Requires: dim >= 1; p >= 1, None is infinity.
    Returns: d^(1/p) 2^(2/p-1) for p <= 2, d^(1-1/p) for p >= 2 (d for infinity); Euclidean modulus and
    infinity: the root of d, rounded up to an integer.
    Source: docs/sharpness.md, by interpolation (Riesz and Thorin) between p = 1, 2 and infinity.

    >>> proved(2, fmpq(1), False).hi, proved(4, fmpq(2), False).hi, proved(1, fmpq(3), False).hi
    (4, 2, 1)
    """
    if p is None:
        return Enclosure.exact(fmpq(_root_up(dim) if euclidean else dim))
    a, b = int(p.p), int(p.q)
    if p <= 2:
        return root(fmpq(dim) ** b * fmpq(2) ** (2 * b - a), a)
    return root(fmpq(dim) ** (a - b), a)


def is_sharp(dim: int, p: fmpq | None, euclidean: bool) -> bool:
    """Whether corner spikes of vanishing width reach the proved constant in the limit."""
    if dim == 1:
        return p is None or p == 1 or p >= 2
    return not euclidean and (p is None or p in (1, 2))


def _root_up(dim: int) -> int:
    k = 1
    while k * k < dim:
        k += 1
    return k
