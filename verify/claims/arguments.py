"""Arguments that claims have in common, validated."""

from __future__ import annotations

from flint import fmpq

from constructs.errors import ConstructError, nearest_name
from constructs.exact import Exact, integer, rational

MOST_CELLS = 10**9  # the format's largest integer


def mesh_cells(mesh: Exact) -> int:
    """M of a mesh 1/M.

    Raises: ConstructError.

    >>> mesh_cells("1/4")
    4
    """
    size = rational(mesh, "mesh")
    if size <= 0 or size.p != 1:
        raise ConstructError("mesh", str(mesh), "1/M with a positive integer M, such as 1/4")
    return integer(int(size.q), "mesh", 1, MOST_CELLS)


def positive(value: Exact, name: str, expected: str = "a rational > 0") -> fmpq:
    """A rational > 0.

    Raises: ConstructError that says what is expected.
    """
    try:
        number = rational(value, name)
    except ConstructError:
        raise ConstructError(name, value, expected) from None
    if number <= 0:
        raise ConstructError(name, str(value), expected)
    return number


def one_of(value: str, name: str, allowed: tuple[str, ...]) -> str:
    """One of these words.

    Raises: ConstructError that names them, and the nearest.
    """
    if value not in allowed:
        raise ConstructError(name, value, " or ".join(allowed) + nearest_name(value, allowed))
    return value
