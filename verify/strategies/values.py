"""The numbers that strategies draw, and the arguments that they share."""

from __future__ import annotations

from flint import fmpq
from hypothesis import strategies as st

from constructs.errors import ConstructError
from constructs.exact import Exact, integer, rational

LARGEST_DIM = 6  # what is drawn grows as 2^dim, what is judged as its square


def rationals(least: Exact, most: Exact, denominator: int) -> st.SearchStrategy[fmpq]:
    """Rationals in [least, most] whose denominators are at most `denominator`; they shrink to small integers."""
    drawn = st.fractions(str(rational(least)), str(rational(most)), max_denominator=denominator)
    return drawn.map(rational)


# The numbers where functions meet and vanish are drawn often.
VALUES = st.sampled_from([fmpq(0), fmpq(1), fmpq(-1)]) | rationals(-4, 4, 6)


def drawn_dim(dim: object) -> int:
    """A dimension in 1..6.

    Raises: ConstructError.
    """
    return integer(dim, "dim", 1, LARGEST_DIM)


def positive(value: Exact, name: str) -> fmpq:
    """A rational above 0.

    Raises: ConstructError.
    """
    number = rational(value, name)
    if number <= 0:
        raise ConstructError(name, str(number), "a rational > 0")
    return number
