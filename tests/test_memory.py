"""What is free, from the files in which Linux says it; and the refusal that rests on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from constructs import targets
from constructs.errors import ConstructError
from verify import claims
from verify.claims import geometric_findings
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
    monkeypatch.setattr(geometric_findings, "available", lambda: 320 * 4)
    assert claims.geometric(2, 2).judge(f).status.value == "proved"
    with pytest.raises(ConstructError, match="levels = 3: expected fewer cells: 8 may take"):
        claims.geometric(2, 3).judge(f)
