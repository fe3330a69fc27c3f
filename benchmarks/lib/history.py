"""What a benchmark measured, kept: the last run as build/NAME.json, all runs as lines of build/history.jsonl."""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

BUILD = Path(__file__).parents[2] / "build"


def recorded(name: str, rows: list[dict[str, Any]]) -> Path:
    """Writes both files.

    Returns: that of this run.
    """
    machine = {"python": platform.python_version(), "numpy": np.__version__, "cpus": os.cpu_count()}
    run = {
        "benchmark": name,
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine,
        "rows": rows,
    }
    BUILD.mkdir(exist_ok=True)
    path = BUILD / f"{name}.json"
    part = path.with_suffix(".part")
    part.write_text(json.dumps(run, indent=1) + "\n")
    part.replace(path)
    with (BUILD / "history.jsonl").open("a") as history:
        history.write(json.dumps(run) + "\n")
    return path
