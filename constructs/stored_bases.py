"""Bases of the lattices of `lattice` that were reduced ahead of time, for long (constructs/bases/reduce.py).

The lattice of K cells and b bits does not depend on the values wanted, so that one reduction serves all tables. Nothing
here proves anything: `sine_decoder` certifies.
"""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np

from constructs.lattice import Basis, basis_of

FOLDER = Path(__file__).parent / "bases"


@functools.lru_cache(maxsize=4)
def stored_bases(count: int) -> tuple[Basis, ...]:
    """The bases that are kept for K = count cells, the one of fewest bits first.

    Returns: () if there is none.
    Method: a file K_b.txt holds the integers n of the rows in hexadecimal, one a line; all other coordinates follow,
      since a short vector's phases are below 1/2.

    >>> stored_bases(2), stored_bases(128)[0].points.shape
    ((), (129, 129))
    """
    files = {int(file.stem.split("_")[1]): file for file in FOLDER.glob(f"{count}_*.txt")}
    return tuple(basis_of(_weights(files[b]), b, np.zeros((count + 1, count + 1))) for b in sorted(files))


def _weights(file: Path) -> list[int]:
    return [int(line, 16) for line in file.read_text(encoding="ascii").split()]
