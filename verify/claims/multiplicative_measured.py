"""What a multiplicative claim asks, and what its answers rest on: errors and derivatives, measured on a grid.

Rules: verify/CERTIFICATE.md, 12.1, 12.5 to 12.11.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flint import fmpq

from constructs.targets.expression import ExpressionTarget
from verify import text_budget
from verify.box_jets import at_nodes
from verify.splines import differences
from verify.splines.constants import Index, orders
from verify.splines.errors import Errors, errors
from verify.splines.sobolev import Squares, squares
from verify.splines.tensor import Spline

FINENESS = tuple(
    1 << k for k in range(2, 11)
)  # boxes per cell and axis that are tried, until everything is proved
MOST_BOXES = 1 << 18  # of the cube
MOST_NUMBERS = 1 << 22  # (verify/CERTIFICATE.md, 12.9)
# By degree: difference quotients over less would be mostly noise
SPACING = {1: 1 << 18, 2: 1 << 11, 3: 1 << 8}


@dataclass(frozen=True)
class Options:
    """How to build and what to ask; the cases of verify/CERTIFICATE.md, 12.1."""

    mesh: int
    degree: int
    norm: str  # sup, zygmund or bessel
    s: fmpq | None
    support: int  # of units, in cells, as claimed

    @property
    def zero(self) -> bool:
        """Whether f is taken as a function on R^d that vanishes outside the cube, by functionals of the whole line."""
        return self.norm == "bessel" and self.degree >= 2

    @property
    def twice(self) -> bool:
        """Whether second derivatives are asked for."""
        return self.s is not None and self.s > 1

    @property
    def sloped(self) -> bool:
        """Whether first derivatives are."""
        return self.degree == 1 or self.norm != "sup"


@dataclass(frozen=True)
class Measured:
    """Errors and derivatives of f from below, on one grid."""

    grid: int
    step: int
    errors: Errors
    pure: tuple[fmpq, ...]  # of order q+1
    second: tuple[tuple[fmpq, ...], ...]  # of order 2, for q = 1
    seminorms: dict[Index, fmpq]  # of all orders |beta| = q+1, for q >= 2 where asked for
    squares: Squares | None  # for a bessel norm


def grids(target: ExpressionTarget, spline: Spline, options: Options) -> Iterator[int]:
    """Boxes an axis that may be tried, coarse ones first."""
    d, M = target.dim, options.mesh
    box = text_budget.cost(target) * (4 if options.degree > 1 else 1)
    for n in FINENESS:
        if (
            (M * n) ** d <= min(MOST_BOXES, text_budget.MOST // box)
            and (2 * n * spline.cells) ** d <= MOST_NUMBERS
            and M * n > options.degree
        ):
            yield M * n


def measure(target: ExpressionTarget, spline: Spline, options: Options, grid: int) -> Measured:
    """The numbers of verify/CERTIFICATE.md, 12.5 to 12.11, on a grid.

    Raises: DomainUndecided; NotEnclosed.
    """
    q, d = options.degree, target.dim
    found = errors(target, spline, grid)
    step = max(1, grid // SPACING[q])
    ends = at_nodes(target, grid)

    def seminorm(*axes: int) -> fmpq:
        return differences.largest(ends, tuple(axes.count(i) for i in range(d)), step, grid)

    second: tuple[tuple[fmpq, ...], ...] = ()
    if q == 1:
        second = tuple(tuple(seminorm(i, j) for j in range(d)) for i in range(d))
    betas = orders(d, q + 1) if q > 1 and options.sloped else ()
    integrals = None
    if options.norm == "bessel":
        integrals = squares(target, spline, grid, options.twice)
    return Measured(
        grid,
        step,
        found,
        tuple(seminorm(*[i] * (q + 1)) for i in range(d)),
        second,
        {beta: differences.largest(ends, beta, step, grid) for beta in betas},
        integrals,
    )
