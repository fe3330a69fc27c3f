"""Large work on several threads: the same results in the same order, whatever their number.

The interval library and NumPy release Python's lock while they work on a chunk.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

LARGE = 1 << 18  # boxes from which threads pay
_In = TypeVar("_In")
_Out = TypeVar("_Out")


def workers() -> int:
    """Threads to be used: one a processor that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_order(work: Callable[[_In], _Out], pieces: Iterable[_In], boxes: int) -> Iterator[_Out]:
    """work(piece) for every piece, in their order.

    Requires: work changes nothing outside itself; pieces and results are small; boxes, in all.

    >>> list(in_order(abs, [-1, 2, -3], LARGE))
    [1, 2, 3]
    """
    count = workers()
    if boxes < LARGE or count == 1:
        yield from map(work, pieces)
        return
    with ThreadPoolExecutor(count) as pool:
        yield from pool.map(work, pieces)
