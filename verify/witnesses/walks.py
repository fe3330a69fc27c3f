"""In which order candidates are tried: families, hill climbing, CMA-ES, in turns without end.

Everything here is a generator that yields a candidate and is sent its ratio, so that whoever runs it keeps the
clock; what is tried depends on the seed and the ratios alone, never on time.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Generator, Iterator

import numpy as np

from verify.witnesses.families import families, lifted
from verify.witnesses.float_ratio import Axes, Profile
from verify.witnesses.setting import Setting

Walk = Generator[Axes, float, None]

CLIMBERS = 6  # of the best candidates seen, each climbed from in its turn
STEPS = 400  # of one climb
PIECES = (2, 3, 4, 6, 9, 13, 20)  # of one profile, in turns
EVALUATIONS = 1500  # of one CMA-ES run
SHORTEST = 2.0**-20  # below it floats see ratios that are not there
LONGEST_LOGIT = 20.0


def walk(setting: Setting, seed: int, starts: tuple[Axes, ...] = ()) -> Walk:
    """Candidates without end: the starts, the families, then climbs and CMA-ES in turns.

    The ratio of a candidate is to be sent before the next one is asked for.
    """
    rng = np.random.default_rng(seed)
    best: list[tuple[float, Axes]] = []
    for axes in _chain(starts, families(setting)):
        _keep(best, (yield axes), axes)
    for turn in range(1 << 62):
        start = best[turn % len(best)]
        found = yield from _climb(start, setting, rng)
        _keep(best, *found)
        if setting.most_breaks >= 1:
            found = yield from _evolve(setting, PIECES[turn % len(PIECES)], rng)
            _keep(best, *found)


def _chain(starts: tuple[Axes, ...], others: Iterator[Axes]) -> Iterator[Axes]:
    yield from starts
    yield from others


def _keep(best: list[tuple[float, Axes]], value: float, axes: Axes) -> None:
    if not any(math.isclose(value, known, rel_tol=1e-9) for known, _ in best):
        best.append((value, axes))
        best.sort(key=lambda pair: -pair[0])
        del best[CLIMBERS:]


def _climb(
    start: tuple[float, Axes], setting: Setting, rng: np.random.Generator
) -> Generator[Axes, float, tuple[float, Axes]]:
    """Changes one thing at a time, and keeps what does not lower the ratio; steps shrink when nothing helps."""
    value, axes = start
    size = 0.3
    for _ in range(STEPS):
        candidate = _changed(axes, setting, size, rng)
        seen = yield candidate
        if seen > value:
            value, axes, size = seen, candidate, min(size * 1.5, 1.0)
        else:
            size = max(size * 0.97, 1e-5)
    return value, axes


def _changed(axes: Axes, setting: Setting, size: float, rng: np.random.Generator) -> Axes:
    """One profile changed: everywhere it stands (half of the time) or on its own axis only."""
    i = int(rng.integers(len(axes)))
    old = axes[i]
    new = _moved(old, setting.most_breaks, size, rng)
    if rng.random() < 0.5:
        return tuple(new if g is old else g for g in axes)
    return (*axes[:i], new, *axes[i + 1 :])


def _moved(g: Profile, most: int, size: float, rng: np.random.Generator) -> Profile:
    """A value changed, a break moved, a piece cut in two, or a break left out."""
    breaks, values = g.breaks.copy(), g.values.copy()
    spread = float(np.ptp(values)) or 1.0
    kind = rng.random()
    if kind < 0.4 or len(breaks) == 0:
        values[rng.integers(len(values))] += size * spread * rng.standard_normal()
    if kind >= 0.4 and len(breaks):
        j = int(rng.integers(len(breaks)))
        left = breaks[j - 1] if j else 0.0
        right = breaks[j + 1] if j + 1 < len(breaks) else 1.0
        if kind < 0.9:
            share = math.log((breaks[j] - left) / (right - breaks[j])) + 2 * size * rng.standard_normal()
            share = min(max(share, -LONGEST_LOGIT), LONGEST_LOGIT)
            breaks[j] = left + (right - left) / (1 + math.exp(-share))
        else:
            breaks, values = np.delete(breaks, j), np.delete(values, j)
    if (kind < 0.05 or len(breaks) == 0) and len(breaks) < most:
        cut = rng.random()
        j = int(np.searchsorted(breaks, cut, side="right"))
        breaks = np.insert(breaks, j, cut)
        values = np.insert(values, j, values[j] + size * spread * rng.standard_normal())
    return Profile(*_legal(breaks, values))


def _legal(breaks: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pieces shorter than SHORTEST are left out."""
    keep = np.diff(np.concatenate(([0.0], breaks))) > SHORTEST
    breaks, values = breaks[keep], np.append(values[:-1][keep], values[-1])
    while len(breaks) and 1 - breaks[-1] <= SHORTEST:
        breaks, values = breaks[:-1], values[:-1]
    return breaks, values


def _evolve(
    setting: Setting, pieces: int, rng: np.random.Generator
) -> Generator[Axes, float, tuple[float, Axes]]:
    """One run of CMA-ES on the lengths (as logits) and values of one profile, on every axis."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about plotting, on import
        import cma
    pieces = min(pieces, setting.most_breaks + 1)
    lift = int(rng.integers(2))
    options = {
        "seed": np.nan,  # "do nothing": the numbers come from randn
        "randn": lambda *shape: rng.standard_normal(shape),
        "maxfevals": EVALUATIONS,
        "verbose": -9,
        "verb_log": 0,
    }
    best: tuple[float, Axes] = (-1.0, ())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run = cma.CMAEvolutionStrategy(rng.standard_normal(2 * pieces), 0.7, options)
    while not run.stop():
        asked, costs = run.ask(), []
        for z in asked:
            liftings = list(lifted(_decoded(z, pieces), setting))
            axes = liftings[lift % len(liftings)]
            value = yield axes
            costs.append(-value)
            best = max(best, (value, axes), key=lambda pair: pair[0])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            run.tell(asked, costs)
    return best


def _decoded(z: np.ndarray, pieces: int) -> Profile:
    lengths = np.exp(np.clip(z[:pieces], -LONGEST_LOGIT / 2, LONGEST_LOGIT / 2))
    ends = np.cumsum(lengths / lengths.sum())
    return Profile(*_legal(ends[:-1], z[pieces:]))
