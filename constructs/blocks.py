"""Block reduction in floats: shorter bases than LLL's, by beam search for short vectors in blocks of rows.

Nothing here proves anything: a unimodular matrix is proposed, exact in integers, and applied by the caller.
"""

from __future__ import annotations

import numpy as np
from flint import fmpz_mat

Array = np.ndarray
DIGITS = 24  # bits of a block's largest coordinate when it is handed to LLL
SHORTEST = 20  # short vectors inserted into a block at once


def profile(points: Array) -> float:
    """Root mean square of the Gram-Schmidt lengths, in bits above their geometric mean: 0 is the best.

    >>> profile(np.eye(3))
    0.0
    """
    lengths = np.log2(np.abs(np.diagonal(np.linalg.qr(points.T).R)))
    return float(np.log2(np.mean(4.0 ** (lengths - lengths.mean()))) / 2)


def improved(points: Array, size: int, beam: int, stride: int) -> Array:
    """A unimodular matrix U (int64) such that the rows of U @ points are shorter: one pass over all blocks.

    Requires: points of shape (n, n), independent rows, nearly reduced; size, beam, stride >= 1.
    Method: for each offset 0, stride, ... < size, and for one that reaches the last row, the rows are cut into blocks
      of `size`; in all blocks at once a beam search finds short vectors of the projected block; LLL of these and the
      block's rows is its new basis.
    Source: Schnorr, Euchner, Lattice basis reduction (1994), with a beam instead of the enumeration.
    """
    n = len(points)
    size = min(size, n)
    change = np.eye(n, dtype=np.int64)
    for offset in sorted({*range(0, min(size, n - size + 1), stride), (n - size) % size}):
        r = np.linalg.qr((change @ points).T).R
        starts = range(offset, n - size + 1, size)
        blocks = np.stack([r[s:, s:][:size, :size] for s in starts])
        for s, block, short in zip(starts, blocks, short_vectors(blocks, beam), strict=True):
            change[s : s + size] = _inserted(block, short) @ change[s : s + size]
        reduce_sizes(np.linalg.qr((change @ points).T).R, change)
    return change


def short_vectors(blocks: Array, beam: int) -> Array:
    """Coefficients (B, <= SHORTEST, m) of short non-zero vectors in each of B lattices, the shortest first.

    Requires: blocks of shape (B, m, m), upper triangular, column j the basis vector j.
    Method: coefficients from the last to the first; the nearest integer and its two neighbours; the `beam`
      shortest projections are kept. A vector's last non-zero coefficient is 1.

    >>> short_vectors(np.array([[[1.0, 0.9], [0.0, 0.5]]]), 9)[0, 0].tolist()
    [-1.0, 1.0]
    """
    number, m, _ = blocks.shape
    coefficients = np.zeros((number, 0, m))
    rest, lengths = np.zeros((number, 0, m)), np.zeros((number, 0))
    for i in reversed(range(m)):
        side = blocks[:, None, i, i]
        centre = -rest[:, :, i] / side
        nearest = np.rint(centre)
        parents = np.tile(np.arange(nearest.shape[1] + 1), (number, 1))
        parents = np.hstack([parents[:, :-1]] * 3 + [parents[:, -1:]])  # the last one: the zero vector
        choice = np.hstack([nearest, nearest + 1, nearest - 1, np.ones((number, 1))])
        old = np.hstack([lengths] * 3 + [np.zeros((number, 1))])
        new = old + ((choice - np.hstack([centre] * 3 + [np.zeros((number, 1))])) * side) ** 2
        keep = np.argsort(new, axis=1, kind="stable")[:, :beam]
        choice, lengths = np.take_along_axis(choice, keep, 1), np.take_along_axis(new, keep, 1)
        parents = np.take_along_axis(parents, keep, 1)[:, :, None]
        zero = np.zeros((number, 1, m))
        coefficients = np.take_along_axis(np.hstack([coefficients, zero]), parents, 1)
        rest = np.take_along_axis(np.hstack([rest, zero[:, :, : rest.shape[2]]])[:, :, :i], parents, 1)
        coefficients[:, :, i] = choice
        rest = rest + choice[:, :, None] * blocks[:, None, :i, i]
    return coefficients[:, :SHORTEST]


def _inserted(block: Array, short: Array) -> Array:
    """A unimodular matrix for a basis of the block that is LLL-reduced and no longer than `short`, or 1."""
    m = len(block)
    rows = np.rint(np.ldexp(block.T / np.abs(block).max(), DIGITS)).astype(np.int64)
    longer = fmpz_mat(np.vstack([short.astype(np.int64) @ rows, rows]).tolist())
    reduced = np.array([[int(x) for x in row] for row in longer.lll().table()[-m:]], dtype=np.int64)
    change = np.rint(np.linalg.solve(rows.T.astype(float), reduced.T.astype(float)).T).astype(np.int64)
    unimodular = np.array_equal(change @ rows, reduced) and abs(np.linalg.slogdet(change)[1]) < 0.1
    return change if unimodular else np.eye(m, dtype=np.int64)


def reduce_sizes(r: Array, change: Array) -> None:
    """Subtracts earlier rows from later ones, in r and in `change`."""
    for i in reversed(range(len(r) - 1)):
        q = np.rint(r[i, i + 1 :] / r[i, i])
        r[:, i + 1 :] -= np.outer(r[:, i], q)
        change[i + 1 :] -= np.outer(q.astype(np.int64), change[i])
