"""Makes a file of this folder: a basis of the lattice of K cells and b bits, reduced by BKZ with growing blocks.

    python constructs/bases/reduce.py 128 672 64 --strategies default.json

It takes from minutes (128 cells) to hours (256), once. fpylll does the work (`pip install fpylll cysignals`; it is no
dependency); its strategies are the file strategies/default.json of fplll. Another machine may find another basis:
nothing depends on which, since every weight found with it is certified.

Source: Chen, Nguyen, BKZ 2.0: better lattice security estimates (2011), on windows of WINDOW rows, in which doubles do.
"""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

import numpy as np
from flint import fmpz_mat

from constructs.blocks import profile, reduce_sizes
from constructs.lattice import Array, Basis, ladder, reweighted, transformed

WINDOW, STRIDE = 130, 64  # rows
DIGITS = 30  # bits of a window's largest Gram-Schmidt length


def main() -> None:
    """Writes the file after every block size, by rename."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("cells", "bits", "largest"):
        parser.add_argument(name, type=int)
    parser.add_argument("--strategies", required=True)
    given = parser.parse_args()
    basis = reweighted(ladder(given.cells).rung(given.bits), np.ones(given.cells + 1))
    for size in range(20, given.largest + 1, 2):
        basis = toured(basis, size, given.strategies)
        _write(basis)
        print(f"blocks of {size}: profile {profile(basis.points):.3f}", flush=True)


def toured(basis: Basis, size: int, strategies: str) -> Basis:
    """After one tour with blocks of this size in each window."""
    n = len(basis.points)
    wide = min(WINDOW, n)
    for start in [*range(0, n - wide, STRIDE), n - wide]:
        r = np.linalg.qr(basis.points.T).R
        change = np.eye(n, dtype=np.int64)
        change[start : start + wide, start : start + wide] = _reduced(
            r[start : start + wide, start : start + wide], size, strategies
        )
        reduce_sizes(np.linalg.qr((change @ basis.points).T).R, change)
        basis = transformed(basis, fmpz_mat(change.tolist()))
    return basis


def _reduced(block: Array, size: int, strategies: str) -> Array:
    """The unimodular matrix of one tour; column j of the block is the basis vector j."""
    fpylll = importlib.import_module("fpylll")
    bkz = importlib.import_module("fpylll.algorithms.bkz2")
    n = len(block)
    rows = np.rint(np.ldexp(block.T / np.abs(np.diagonal(block)).max(), DIGITS)).astype(np.int64)
    matrix = fpylll.IntegerMatrix.from_matrix(rows.tolist(), int_type="long")
    change = fpylll.IntegerMatrix.identity(n, int_type="long")
    first = fpylll.LLL.Reduction(fpylll.GSO.Mat(matrix, U=change, float_type="double"))
    first()
    bkz.BKZReduction(first).tour(fpylll.BKZ.Param(block_size=size, strategies=strategies))
    return np.array([[change[i, j] for j in range(n)] for i in range(n)], dtype=np.int64)


def _write(basis: Basis) -> None:
    file = Path(__file__).parent / f"{len(basis.weights) - 1}_{basis.bits}.txt"
    part = file.with_suffix(".part")
    part.write_text("".join(f"{n:x}\n" for n in basis.weights), encoding="ascii")
    part.replace(file)


if __name__ == "__main__":
    main()
