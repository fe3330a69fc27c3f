"""What is free, from the files in which Linux says it; the refusal that rests on it; and what large tables take."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from flint import fmpq

from constructs import targets
from constructs.errors import ConstructError
from constructs.rationals import Rationals, combination
from verify import claims
from verify.claims import geometric_plans
from verify.memory import available


def test_the_least_of_machine_and_group(tmp_path: Path) -> None:
    meminfo, group = tmp_path / "meminfo", tmp_path / "group"
    group.mkdir()
    assert available(meminfo, group) is None
    meminfo.write_text("MemTotal:  9000 kB\nMemAvailable:  5000 kB\n")
    assert available(meminfo, group) == 5000 * 1024
    (group / "memory.max").write_text("max\n")
    (group / "memory.current").write_text("1000\n")
    assert available(meminfo, group) == 5000 * 1024
    (group / "memory.max").write_text("3000\n")
    assert available(meminfo, group) == 2000
    meminfo.write_text("nothing of interest\n")
    assert available(meminfo, group) == 2000


def test_work_beyond_the_free_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    f = targets.expression("x0", 1)
    monkeypatch.setattr(geometric_plans, "available", lambda: 320 * 4)
    assert claims.geometric(2, 2).judge(f).status.value == "proved"
    with pytest.raises(ConstructError, match="levels = 3: expected fewer cells: 8 may take"):
        claims.geometric(2, 3).judge(f)


def peak(work: Callable[[], object]) -> int:
    """Bytes at most, beyond those that were taken before."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_cell_means_take_the_memory_of_the_table_and_of_a_chunk() -> None:
    f = targets.expression("exp(x0*x1)", 2)
    f.cell_values(2, 1)
    table, chunk = 8 << 20, 8 << 18
    assert peak(lambda: f.cell_values(2, 10)) < table + 5 * chunk
    assert peak(lambda: f.cell_values(2, 11)) < 4 * table + 5 * chunk


@pytest.mark.parametrize("order", ["C", "F"])
def test_a_combination_takes_the_memory_of_its_result(order: str) -> None:
    cells = 1 << 10
    f = Rationals(np.ones((cells, cells), dtype=np.int64, order=order), 3)  # pyright: ignore[reportCallIssue, reportArgumentType]
    row = Rationals(np.ones((1, cells), dtype=np.int64), 5)
    terms = [(fmpq(1, 2), f), (fmpq(-1, 7), row), (fmpq(4), f)]
    assert peak(lambda: combination(terms, fmpq(1, 9), 2)) < 1.3 * 8 * cells**2
    assert peak(lambda: combination([(fmpq(1, 2), f)], fmpq(0), 2)) < 1 << 16
