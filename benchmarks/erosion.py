"""One erosion sweep on a 1024 x 1024 grid, exactly, beside plain NumPy in floats, in one run.

Two float versions: the text-book one takes the minimum and maximum over the seven nodes of every support (the node
and its six Kuhn neighbours) by shifted copies; the other uses the same windows as ours, on floats.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import product
from statistics import median

import numpy as np

from constructs.erosion import Residual, sweep
from constructs.windows import over_supports

CELLS = 1024
REPEATS = 9
NEIGHBOURS = [np.array(e) * s for e in product((0, 1), repeat=2) for s in (1, -1) if any(e)]


def values(cells: int) -> np.ndarray:
    """Integer nodal values of a rough function that changes its sign."""
    rng = np.random.default_rng(0)
    rough = rng.integers(-20, 21, (cells + 1, cells + 1))
    return rough.cumsum(axis=0).cumsum(axis=1)


def textbook(r: np.ndarray) -> np.ndarray:
    """The residual after the sweep, in floats."""
    low, high = r.copy(), r.copy()
    n = r.shape[0]
    for shift in NEIGHBOURS:
        here = tuple(slice(max(-s, 0), n - max(s, 0)) for s in shift)
        there = tuple(slice(max(s, 0), n - max(-s, 0)) for s in shift)
        np.minimum(low[here], r[there], out=low[here])
        np.maximum(high[here], r[there], out=high[here])
    return r - np.maximum(low, 0) - np.minimum(high, 0)


def windowed(r: np.ndarray) -> np.ndarray:
    """The same by the windows that the exact version uses."""
    low, high = (over_supports(r, 1, extremum) for extremum in (np.minimum, np.maximum))
    return r - np.maximum(low, 0) - np.minimum(high, 0)


def seconds(work: Callable[[], object]) -> float:
    """The median of several runs."""
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return median(taken)


def main() -> None:
    """Prints the table."""
    exact = Residual(values(CELLS), 10**6)
    floats = exact.values / exact.denominator
    grades, left = sweep(exact, CELLS)
    agree = np.allclose(
        left.values / left.denominator, textbook(floats), rtol=0, atol=1e-6 * abs(floats).max()
    )
    rows = {
        "NumPy floats, seven shifts (= 1)": seconds(lambda: textbook(floats)),
        "NumPy floats, our windows": seconds(lambda: windowed(floats)),
        "exact, with the grades listed": seconds(lambda: sweep(exact, CELLS)),
    }
    reference = next(iter(rows.values()))
    print(
        f"one sweep on {CELLS} x {CELLS} cells, {len(grades)} grades; results agree: {'yes' if agree else 'no'}"
    )
    for name, taken in rows.items():
        print(f"{name:<36}{taken * 1000:>9.1f} ms{taken / reference:>8.2f}")


if __name__ == "__main__":
    main()
