"""Certificates written again after a change, with the hashes of what they now hold."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from constructs.network import Network
from verify.certificate import sealed
from verify.kernel import stored_tables


def saved(content: dict[str, Any], path: Path) -> Path:
    body = {k: v for k, v in content.items() if k not in ("format", "version", "producer", "hash")}
    path.write_text(json.dumps(sealed(body)))
    return path


def wrong_entry(content: dict[str, Any], dim: int, base: int, t: int) -> dict[str, Any]:
    """The same certificate of a network that stores something else in one cell, made as the construction makes it."""
    tables = stored_tables.stored_tables(Network.from_json(content["network"]), dim, base)
    level = tables.levels[t - 1]
    fields = level.fields.copy()
    middle = len(fields) // 2
    fields[middle] = 0 if fields[middle] > fields.max() // 2 else fields.max()
    levels = [*tables.levels[: t - 1], dataclasses.replace(level, fields=fields), *tables.levels[t:]]
    other = dataclasses.replace(tables, levels=tuple(levels))
    return {**content, "network": stored_tables.made(other, dim, base).to_json()}
