"""Targets from their JSON objects (verify/CERTIFICATE.md, 4), and from samples written the same way."""

from __future__ import annotations

from typing import Any

import numpy as np

from constructs.errors import ConstructError
from constructs.exact import from_text, integer
from constructs.targets.base import LARGEST_TABLE, Target, bounded_table, dimension

_KEYS = {
    "kuhn": {"kind", "dim", "cells", "values"},
    "step": {"kind", "dim", "axes"},
    "expression": {"kind", "dim", "text"},
    "samples": {"kind", "dim", "lipschitz", "points", "values"},
}


def from_specification(data: Any, name: str = "target") -> Target:
    """The target that `data` specifies.

    Requires: an object of kind kuhn, step, expression or samples; numbers are texts ("1/3", "0.1") or ints.
    Raises: ConstructError that names the key.

    >>> from_specification({"kind": "kuhn", "dim": 1, "cells": 1, "values": ["0", "1/3"]}).exact(["1/2"])
    1/6
    """
    if not isinstance(data, dict):
        raise ConstructError(name, _kind(data), 'a JSON object with a "kind"')
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in _KEYS:
        raise ConstructError(f"{name}.kind", kind, f"one of {', '.join(_KEYS)}")
    for key in sorted(data.keys() ^ _KEYS[kind]):
        expected = f"exactly the keys {', '.join(sorted(_KEYS[kind]))}"
        raise ConstructError(name, f"{'unknown' if key in data else 'missing'} key {key!r}", expected)
    dim = dimension(data["dim"])
    match kind:
        case "kuhn":
            return _kuhn(data, dim, name)
        case "step":
            return _step(data, dim, name)
        case "expression":
            from constructs.targets.expression import ExpressionTarget

            return ExpressionTarget(_string(data["text"], f"{name}.text"), dim)
    from constructs.targets.samples import samples

    points = [
        _numbers(x, f"{name}.points[{j}]") for j, x in enumerate(_list(data["points"], f"{name}.points"))
    ]
    K = _number(data["lipschitz"], f"{name}.lipschitz")
    return samples(points, _numbers(data["values"], f"{name}.values"), K, dim)


def _kuhn(data: dict[str, Any], dim: int, name: str) -> Target:
    from constructs.targets.kuhn import KuhnTarget

    m = integer(data["cells"], f"{name}.cells", 1, LARGEST_TABLE)
    bounded_table(f"{name}.cells", m, (m + 1) ** dim, "nodes")
    values = _numbers(data["values"], f"{name}.values")
    if len(values) != (m + 1) ** dim:
        raise ConstructError(
            f"{name}.values", f"{len(values)} values", f"(cells+1)**dim = {(m + 1) ** dim} values"
        )
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return KuhnTarget(m, array.reshape((m + 1,) * dim))


def _step(data: dict[str, Any], dim: int, name: str) -> Target:
    from constructs.targets.step import StepTarget

    axes = _list(data["axes"], f"{name}.axes")
    if len(axes) != dim:
        raise ConstructError(f"{name}.axes", f"{len(axes)} axes", f"dim = {dim} axes")
    pairs = []
    for i, axis in enumerate(axes):
        place = f"{name}.axes[{i}]"
        if not isinstance(axis, dict) or axis.keys() != {"breaks", "values"}:
            raise ConstructError(place, _kind(axis), 'an object with the keys "breaks" and "values"')
        pairs.append(
            (_numbers(axis["breaks"], f"{place}.breaks"), _numbers(axis["values"], f"{place}.values"))
        )
    return StepTarget(tuple(pairs))


def _number(value: Any, name: str) -> Any:
    return from_text(value, name) if isinstance(value, str) else integer(value, name, -(10**400), 10**400)


def _numbers(value: Any, name: str) -> list[Any]:
    return [_number(v, f"{name}[{j}]") for j, v in enumerate(_list(value, name))]


def _list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise ConstructError(name, _kind(value), "a list")
    return value


def _string(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise ConstructError(name, _kind(value), "a string")
    return value


def _kind(value: Any) -> str:
    return "null" if value is None else f"a value of type {type(value).__name__}"
