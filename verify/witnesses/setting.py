"""Where a ratio error/modulus is taken, and how many pieces a target may have there."""

from __future__ import annotations

from dataclasses import dataclass

from flint import fmpq

from constructs.errors import ConstructError
from constructs.targets.base import cells_per_axis, dimension
from verify.step_quantities import MOST_BREAKS

MOST_PRODUCTS = 1 << 16  # products of pieces: what one exact error may cost, about a second


@dataclass(frozen=True)
class Setting:
    """||f - P_l f||_p against omega_p(f, base^-level), P_l f the cell means; p None is infinity.

    Requires: dim, base, level so that there is room for one break an axis.
    Raises: ConstructError.
    """

    dim: int
    base: int
    level: int
    p: fmpq | None
    euclidean: bool

    def __post_init__(self) -> None:
        dimension(self.dim)
        cells = cells_per_axis(self.base, self.level, self.dim)
        if (cells + 1) ** self.dim > MOST_PRODUCTS:
            raise ConstructError(
                "level",
                self.level,
                f"at most {MOST_PRODUCTS} products of pieces; {self.dim} dimensions need {(cells + 1) ** self.dim}",
            )

    @property
    def cells(self) -> int:
        """Per axis."""
        return self.base**self.level

    @property
    def t(self) -> fmpq:
        """The largest length of a shift."""
        return fmpq(1, self.cells)

    @property
    def most_breaks(self) -> int:
        """Breaks an axis for which the exact ratio is still cheap, at least 1.

        >>> Setting(1, 2, 1, fmpq(1), False).most_breaks, Setting(10, 2, 1, fmpq(1), False).most_breaks
        (58, 1)
        """
        most = MOST_BREAKS - 2
        while most > 1 and (self.cells + most) ** self.dim > MOST_PRODUCTS:
            most -= 1
        return most
