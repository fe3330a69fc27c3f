"""The ratio error/modulus in floating point, fast: it ranks candidates and proves nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from verify.witnesses.setting import Setting

TINY = 1e-13  # lengths below this are rounding


@dataclass(frozen=True, eq=False)
class Profile:
    """A step function of one coordinate: values[j] between breaks[j-1] and breaks[j]."""

    breaks: np.ndarray
    values: np.ndarray

    def scaled(self, factor: float) -> Profile:
        """factor times it."""
        return Profile(self.breaks, factor * self.values)


Axes = tuple[Profile, ...]


def ratio(axes: Axes, setting: Setting) -> float:
    """About ||f - P_l f||_p / omega_p(f, N^-l) for f = sum of the profiles; 0 for a constant.

    Method: f - P_l f = sum of u_i(x_i), u_i = g_i less its own cell means, so the error needs the lengths on
    which the u_i take their values; the modulus is attained at t or at a difference of two breaks.
    """
    p = None if setting.p is None else float(int(setting.p.p)) / float(int(setting.p.q))
    t = 1.0 / setting.cells
    known: dict[int, tuple[float, tuple[np.ndarray, np.ndarray]]] = {}
    for g in axes:
        if id(g) not in known:
            known[id(g)] = (_modulus(g, t, p), _deviations(g, setting.cells))
    scales = [known[id(g)][0] for g in axes]
    scale = sum(scales) if setting.euclidean else max(scales)
    if not scale > 1e-12 * max(float(np.abs(g.values).max()) for g in axes):
        return 0.0
    return _norm([known[id(g)][1] for g in axes], p) / scale


def _modulus(g: Profile, t: float, p: float | None) -> float:
    ends = np.concatenate(([0.0], g.breaks, [1.0]))
    left, right = ends[:-1], ends[1:]
    apart = (ends[None, :] - ends[:, None]).ravel()
    shifts = np.append(apart[(apart > TINY) & (apart <= t)], t)
    jumps = np.abs(g.values[:, None] - g.values[None, :])
    overlaps = np.minimum(right[:, None], right - shifts[:, None, None]) - np.maximum(
        left[:, None], left - shifts[:, None, None]
    )
    if p is None:
        return float(np.max(jumps * (overlaps > TINY)))
    powers = np.einsum("sij,ij->s", np.maximum(overlaps, 0.0), jumps**p)
    return float(powers.max()) ** (1 / p)


def _deviations(g: Profile, cells: int) -> tuple[np.ndarray, np.ndarray]:
    """Lengths and values of g less its cell means; cells in which g does not jump are one piece."""
    touched = np.unique(np.minimum((g.breaks * cells).astype(int), cells - 1))
    borders = np.unique(np.concatenate((touched, touched + 1))) / cells
    cuts = np.unique(np.concatenate(([0.0, 1.0], g.breaks, borders)))
    lengths, middles = np.diff(cuts), (cuts[1:] + cuts[:-1]) / 2
    values = g.values[np.searchsorted(g.breaks, middles, side="right")]
    cell = np.searchsorted(touched, np.minimum((middles * cells).astype(int), cells - 1))
    number = np.minimum((middles * cells).astype(int), cells - 1)
    inside = np.isin(number, touched)
    sums = np.bincount(cell[inside], lengths[inside] * values[inside], len(touched)) * cells
    rest = float(lengths[~inside].sum())
    u = values[inside] - sums[cell[inside]]
    return np.append(lengths[inside], rest), np.append(u, 0.0)


def _norm(deviations: Sequence[tuple[np.ndarray, np.ndarray]], p: float | None) -> float:
    if p is None:
        return max(sum(float(u.max()) for _, u in deviations), -sum(float(u.min()) for _, u in deviations))
    measure, total = np.ones(1), np.zeros(1)
    for lengths, u in deviations:
        measure = np.outer(measure, lengths).ravel()
        total = np.add.outer(total, u).ravel()
    return float(measure @ np.abs(total) ** p) ** (1 / p)
