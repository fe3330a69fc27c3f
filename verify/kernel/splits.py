"""How finely the kernel has to cut cells so that its enclosures show a bound: found with intervals like the
kernel's, as a hint; the kernel decides.
"""

from __future__ import annotations

import numpy as np
from flint import fmpq

from constructs.errors import ConstructError
from constructs.rationals import Rationals
from verify.enclosure import DomainUndecided
from verify.kernel.targets import CoqTarget
from verify.table_ends import float_ends

MOST_SPLIT = 64
MOST_BOXES = 1 << 22  # of a level: some minutes
MARGIN = 1 - 2.0**-20  # the kernel's intervals are a little wider


def split_for(target: CoqTarget, table: Rationals, bound: fmpq) -> int:
    """The least split s, up to factors of two, such that s^d boxes a cell show |f - table| <= bound.

    Raises: ConstructError if none does with 64 times as many boxes a cell and axis as are needed anyway.
    """
    cells, d = table.shape[0], len(table.shape)
    lo, hi = float_ends(table, fmpq(0))
    most = int(bound.p) / int(bound.q) * MARGIN
    step = target.step(cells)
    split = step
    while split <= MOST_SPLIT * step and (cells * split) ** d <= MOST_BOXES:
        if _shown(target, lo, hi, split, most):
            return split
        split *= 2
    raise ConstructError(
        "target",
        target.shown,
        f"one whose error on {cells}^{d} cells is seen to be at most {most:.6g} by plain enclosures on at most "
        f"{MOST_SPLIT * step} boxes a cell and axis, and {MOST_BOXES} in all",
    )


def _shown(target: CoqTarget, lo: np.ndarray, hi: np.ndarray, split: int, most: float) -> bool:
    try:
        for place, below, above in target.ends(lo.shape[0] * split):
            cell = np.ix_(*(np.arange(part.start, part.stop) // split for part in place))
            if not np.all(np.maximum(above - lo[cell], hi[cell] - below) <= most):
                return False
    except DomainUndecided:
        return False
    return True
