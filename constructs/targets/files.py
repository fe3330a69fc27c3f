"""Targets from files: .json (an object as in a certificate, or samples), .csv (a full grid, or samples)."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
from flint import fmpq

from constructs.errors import ConstructError
from constructs.exact import rational
from constructs.targets.base import Target
from constructs.targets.specification import from_specification

LARGEST_FILE = 64 << 20


def from_file(path: str, dim: int | None = None) -> Target:
    """The target that a file holds. Numbers are exact texts; JSON's decimals are taken exactly too.

    Requires: a UTF-8 file of at most 64 MiB named *.json or *.csv; `dim`, if given, that of the file.
    Raises: ConstructError.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in (".json", ".csv"):
        raise ConstructError("file", path, "a name that ends in .json or .csv")
    text = _text(path)
    target = _from_json(path, text) if suffix == ".json" else _from_csv(path, text)
    if dim is not None and target.dim != dim:
        raise ConstructError("dim", dim, f"dim = {target.dim}, that of {path}")
    return target


def _text(path: str) -> str:
    try:
        size = Path(path).stat().st_size
        if size > LARGEST_FILE:
            raise ConstructError("file", path, f"at most {LARGEST_FILE} bytes, not {size}")
        return Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConstructError("file", path, f"UTF-8 text; byte {error.start} is not") from None
    except (OSError, ValueError) as error:
        if isinstance(error, ConstructError):
            raise
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ConstructError("file", path, f"a readable file ({reason})") from None


def _from_json(path: str, text: str) -> Target:
    try:
        data = json.loads(
            text, parse_float=str, parse_int=_json_int, parse_constant=_no_constant, object_pairs_hook=_unique
        )
    except ConstructError:
        raise
    except (ValueError, RecursionError) as error:
        raise ConstructError("file", path, f"a JSON object ({error})") from None
    return from_specification(data, Path(path).name)


def _json_int(text: str) -> int | str:
    return int(text) if len(text) <= 400 else text


def _no_constant(text: str) -> Any:
    raise ConstructError("number", text, "a finite number")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ConstructError("key", key, "every key once in an object")
        found[key] = value
    return found


def _from_csv(path: str, text: str) -> Target:
    lines = text.splitlines()
    lipschitz = None
    if lines and lines[0].lstrip().startswith("#"):
        name, _, value = lines.pop(0).lstrip()[1:].partition("=")
        if name.strip() != "lipschitz":
            raise ConstructError("file", path, "a first line '# lipschitz=K', or the header x0,...,value")
        lipschitz = rational(value.strip(), "lipschitz")
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(lines, strict=True) if row]
    except csv.Error as error:
        raise ConstructError("file", path, f"comma separated rows ({error})") from None
    header = rows[0] if rows else []
    d = len(header) - 1
    if not 1 <= d <= 10 or header != [f"x{i}" for i in range(d)] + ["value"]:
        raise ConstructError("file", path, "a header x0,...,value with 1 to 10 coordinates")
    points, values = [], []
    for number, row in enumerate(rows[1:], start=1):
        if len(row) != d + 1:
            raise ConstructError(f"row {number}", ",".join(row), f"{d + 1} numbers")
        numbers = [rational(cell, f"row {number}, {header[i]}") for i, cell in enumerate(row)]
        points.append(numbers[:d])
        values.append(numbers[d])
    if lipschitz is None:
        return _grid(path, points, values, d)
    from constructs.targets.samples import samples

    return samples(points, values, lipschitz, d)


def _grid(path: str, points: list[list[fmpq]], values: list[fmpq], d: int) -> Target:
    """The Kuhn target of values on all (m+1)^d nodes k/m, in any order."""
    from constructs.targets.kuhn import KuhnTarget

    m = max(len({x[0] for x in points}) - 1, 0)
    if m < 1 or (m + 1) ** d != len(points):
        wanted = f"a full grid: (m+1)**{d} nodes; for scattered samples a first line '# lipschitz=K'"
        raise ConstructError(
            "file", path, f"{wanted}; it has {len(points)} rows, and {m + 1} different values of x0"
        )
    array = np.full((m + 1,) * d, None, dtype=object)
    for number, (x, value) in enumerate(zip(points, values, strict=True), start=1):
        scaled = [c * m for c in x]
        if any(s.q != 1 or not 0 <= s <= m for s in scaled):
            shown = ", ".join(map(str, x))
            raise ConstructError(
                f"row {number}", shown, f"a node k/{m} of the uniform grid, exactly (1/3, not 0.333)"
            )
        node = tuple(int(s.p) for s in scaled)
        if array[node] is not None:
            raise ConstructError(f"row {number}", ", ".join(map(str, x)), "every node once")
        array[node] = value
    return KuhnTarget(m, array)
