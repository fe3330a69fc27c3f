"""Files appear whole or not at all, even if the process is killed while it writes."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from verify import certificate

WRITER = """
import sys
from pathlib import Path
from verify import certificate
content = {"findings": [{"value": "9" * 50}] * 200_000}
print("ready", flush=True)
for k in range(1000):
    certificate.write(content, Path(sys.argv[1]) / f"{k}.json")
"""


def test_nothing_is_left_of_a_killed_writer(tmp_path: Path) -> None:
    for wait in (0.05, 0.4, 0.7):
        folder = tmp_path / str(wait)
        folder.mkdir()
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(wait)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        for file in folder.iterdir():
            assert len(json.loads(file.read_text())["findings"]) == 200_000


def test_a_failing_writer_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    certificate.write({"a": 1}, path)
    with pytest.raises(TypeError):
        certificate.write({"a": object()}, path)
    assert json.loads(path.read_text()) == {"a": 1}
    assert [file.name for file in tmp_path.iterdir()] == ["c.json"]


def test_where_files_need_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("os.O_TMPFILE", raising=False)
    path = tmp_path / "c.json"
    certificate.write({"a": 1}, path)
    with pytest.raises(TypeError):
        certificate.write({"a": object()}, path)
    assert [file.name for file in tmp_path.iterdir()] == ["c.json"]
