"""The checker on certificates of `multigrade` made by hand: good ones are accepted, bad ones are not."""

from __future__ import annotations

import importlib
import json
import random
from fractions import Fraction as Q
from typing import Any

import handmade_multigrade as hand
import pytest

check = importlib.import_module("verify.check")


def status(certificate: Any) -> str:
    """The checker's verdict."""
    return check.recheck(json.dumps(certificate).encode())


def values(seed: int, count: int, low: int = -9, den: int = 7) -> list[Q]:
    rng = random.Random(seed)
    return [Q(rng.randint(low, 9), rng.randint(1, den)) for _ in range(count)]


KUHN = {
    "d = 1": hand.kuhn(1, 3, values(1, 4), 1, 3),
    "d = 1, cells divide the mesh": hand.kuhn(1, 2, values(2, 3), 2, 3),
    "d = 2, sign changes, p = 5": hand.kuhn(2, 2, values(4, 9), 1, 2, p=[1, 2, 5]),
    "d = 2, positive": hand.kuhn(2, 3, values(5, 16, 1), 2, 2),
    "d = 3": hand.kuhn(3, 1, values(7, 8), 1, 2, p=[1, 2, 3]),
    "zero": hand.kuhn(2, 1, [Q(0)] * 4, 1, 2),
}


@pytest.mark.parametrize("case", KUHN.values(), ids=list(KUHN))
def test_kuhn_targets(case: hand.Case) -> None:
    made = hand.certificate(case)
    assert status(made) == made["status"]
