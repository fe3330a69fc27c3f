"""What the checker says of certificates, good, bad and damaged."""

from __future__ import annotations

import importlib
import json
import random
from typing import Any

import pytest

check = importlib.import_module("verify.check")
JUNK: list[Any] = [
    None, True, -1, 10**9, "1/0", "x", [], {}, [[]], "9" * 3000, [1, "2"], {"a": 1}, "0x1p-65000", "0x1p65000",
]  # fmt: skip


def status(certificate: Any) -> str:
    """The checker's verdict."""
    return check.recheck(json.dumps(certificate).encode())


def rejects(certificate: Any) -> str:
    """The place of the rejection."""
    with pytest.raises(check.Rejected) as caught:
        status(certificate)
    return caught.value.place


def spoil(certificate: dict[str, Any], part: str, rng: random.Random) -> tuple[Any, Any]:
    """Puts junk somewhere into a part of the certificate: into which list or object, and under which key."""

    def places(value: Any) -> list[tuple[Any, Any]]:
        keys = (
            value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
        )
        return [(value, k) for k in keys] + [place for k in keys for place in places(value[k])]

    own, key = rng.choice([(certificate, part), *places(certificate[part])])
    own[key] = rng.choice([x for x in JUNK if x != own[key] or type(x) is not type(own[key])])
    return own, key
