"""Lattice points near many targets: nearest planes for each, then many partial sums at once for the longest rows.

Nothing here proves anything: `sine_decoder` certifies.
"""

from __future__ import annotations

import numpy as np

from constructs.lattice import Array, Basis, nearest_plane

FIRST = 128  # rows that get a choice, the longest: later ones add little to the distance


def close_points(basis: Basis, targets: Array, scale: Array, width: int) -> tuple[Array, Array]:
    """Lattice points p with a small sum of ((p - t) scale)^2, t one of the targets.

    Requires: targets of shape (M, n); scale of shape (n,), positive; width >= 1.
    Returns: at most `width` points, and their integer coefficients over the basis, of shape (width, n).
    Method: from row FIRST to the first, each partial sum goes on with the two nearest integers; the `width` sums of
      least distance are kept, whatever their target. In single precision: the distance left is small.
    Source: Lindner, Peikert, Better key sizes (and attacks) for LWE-based encryption (2011), section 4: nearest planes
      with several choices a row; here as a beam.

    >>> two = Basis(np.eye(2), (0, 1), 1)
    >>> close_points(two, np.array([[0.4, 3.2]]), np.ones(2), 1)[0].tolist()
    [[0.0, 3.0]]
    """
    plain, coefficients = nearest_plane(basis, targets, scale)
    q, r = np.linalg.qr((basis.points * scale).T)
    first = min(FIRST, len(r))
    rest = (((targets - plain) * scale) @ q[:, :first]).astype(np.float32)
    lengths, trail = np.zeros(len(rest), np.float32), []
    for i in reversed(range(first)):
        centre = np.tile(rest[:, i] / np.float32(r[i, i]), 2)
        choice = np.rint(centre)
        other = choice[len(rest) :]
        other += np.where(centre[len(rest) :] > other, 1, -1)
        new = np.tile(lengths, 2) + np.square((centre - choice) * np.float32(r[i, i]))
        keep = np.argpartition(new, width)[:width] if len(new) > width else np.arange(len(new))
        parents, lengths = keep % len(rest), new[keep]
        rest = rest[parents, :i] - np.outer(choice[keep], r[:i, i].astype(np.float32))
        trail.append((parents, choice[keep]))
    steps, origin = np.zeros((len(lengths), len(r))), np.arange(len(lengths))
    for i, (parents, choice) in enumerate(reversed(trail)):
        steps[:, i] = choice[origin]
        origin = parents[origin]
    return steps @ basis.points + plain[origin], steps + coefficients[origin]
