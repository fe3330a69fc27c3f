"""How finely the kernel has to cut cells so that plain interval arithmetic shows a bound: found with intervals like
the kernel's, as a hint; the kernel decides.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from flint import fmpq

from constructs.errors import ConstructError
from constructs.rationals import Rationals
from constructs.targets.expression import ExpressionTarget
from verify.enclosure import DomainUndecided, blocks, coordinates, evaluate
from verify.table_ends import float_ends

MOST_SPLIT = 64
MOST_BOXES = 1 << 22  # of all levels: some minutes
CHUNK = 1 << 15
MARGIN = 1 - 2.0**-20  # the kernel's intervals are a little wider


def split_for(target: ExpressionTarget, table: Rationals, bound: fmpq) -> int:
    """The least power of two s such that s^d boxes a cell show |f - table| <= bound.

    Raises: ConstructError if none up to 64 does.
    """
    cells, d = table.shape[0], target.dim
    lo, hi = float_ends(table, fmpq(0))
    most = int(bound.p) / int(bound.q) * MARGIN
    split = 1
    while split <= MOST_SPLIT and (cells * split) ** d <= MOST_BOXES:
        if _shown(target, lo, hi, split, most):
            return split
        split *= 2
    raise ConstructError(
        "target",
        target.text,
        f"one whose error on {cells}^{d} cells is seen to be at most {most:.6g} by plain interval arithmetic on at most "
        f"{MOST_SPLIT} boxes a cell and axis, and {MOST_BOXES} in all",
    )


def _shown(target: ExpressionTarget, lo: np.ndarray, hi: np.ndarray, split: int, most: float) -> bool:
    grid = lo.shape[0] * split
    for place in blocks(grid, target.dim, CHUNK):
        try:
            values, _ = evaluate(target.nodes, coordinates(grid, place)[0], False)
        except DomainUndecided:
            return False
        cell = np.ix_(*(np.arange(part.start, part.stop) // split for part in place))
        if not np.all(np.maximum(values.hi - lo[cell], hi[cell] - values.lo) <= most):
            return False
    return True


def boxes(cells: Sequence[int], splits: Sequence[int], dim: int) -> int:
    """How many boxes the kernel looks at."""
    return sum((c * s) ** dim for c, s in zip(cells, splits, strict=True))
