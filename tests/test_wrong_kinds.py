"""Public functions refuse arguments of the wrong kind by name, whatever the kind is."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import fmpq

from constructs import targets
from constructs.errors import ConstructError
from constructs.exact import from_float, from_text, integer, rational
from constructs.network import Network
from constructs.raw_layers import layers
from constructs.targets.library import build
from verify import check, claims, search
from verify.claims.ladder import on_ladder
from verify.sharpness import sharpness
from verify.theorem import activations, custom, one_of, ratio, theorem, whole, width

F = targets.expression("x0", 1)
NET = layers([[("relu", [2], 0)]], readout=([1], 0))
WRONG: list[Any] = [True, 1.5, math.nan, math.inf, b"1", {}, object(), np.float64(1.5), np.array(2.0)]


def stated(**changed: Any) -> Any:
    given = {"name": "n", "source": "s", "parameters": {}, "construct": lambda: NET, "conditions": [width(1)]}
    return theorem(**{**given, **changed})


REFUSE: dict[str, Callable[[Any], Any]] = {
    "rational": rational,
    "integer": lambda v: integer(v, "n", 0),
    "from_text": from_text,
    "expression": lambda v: targets.expression(v, 1),
    "expression, dim": lambda v: targets.expression("1/2", v),
    "parse": lambda v: targets.parse(v, 1),
    "library": lambda v: build(v, 1),
    "kuhn, cells": lambda v: targets.kuhn(v, [0, 1]),
    "step": targets.step,
    "step, breaks": lambda v: targets.step((v, [1, 0])),
    "step, values": lambda v: targets.step((["1/2"], v)),
    "exact": F.exact,
    "exact, coordinate": lambda v: F.exact([v]),
    "evaluate": NET.evaluate,
    "evaluate, coordinate": lambda v: NET.evaluate([v]),
    "evaluate, bits": lambda v: NET.evaluate([0], v),
    "evaluate, levels": lambda v: NET.evaluate([0], levels=v),
    "evaluate_floats": NET.evaluate_floats,
    "prefix": lambda v: NET.prefix([v]),  # pyright: ignore[reportArgumentType]
    "from_json": Network.from_json,
    "layers": lambda v: layers(v, readout=([1], 0)),
    "layers, readout": lambda v: layers([[("relu", [2], 0)]], readout=v or [v]),
    "layers, activation": lambda v: layers([[(v, [2], 0)]], readout=([1], 0)),
    "layers, weights": lambda v: layers([[("relu", v, 0)]], readout=([1], 0)),
    "check, claim": lambda v: check(v, F),
    "check, target": lambda v: check(claims.geometric(levels=0), v),
    "geometric, base": lambda v: claims.geometric(base=v),
    "geometric, tolerance": lambda v: claims.geometric(tolerance=v),
    "multigrade, mesh": claims.multigrade,
    "multiplicative, norm": lambda v: claims.multiplicative(norm=v),
    "ladder": on_ladder,
    "theorem, parameters": lambda v: stated(parameters=v or [v]),
    "theorem, construct": lambda v: stated(construct=v),
    "activations": activations,
    "custom": lambda v: custom(v, lambda network: True),
    "whole": lambda v: whole(0, v),
    "ratio": lambda v: ratio(0, v),
    "one_of": one_of,
}


@pytest.mark.parametrize("name", REFUSE)
def test_wrong_kinds_are_refused_by_name(name: str) -> None:
    for value in WRONG:
        with pytest.raises(ConstructError, match="expected"):
            REFUSE[name](value)


@pytest.mark.parametrize("value", [None, True, "1", b"1", math.nan, math.inf, 0, -1.0])
def test_budgets_are_seconds(value: Any) -> None:
    with pytest.raises(ConstructError, match="budget"):
        search("geometric", 3, 1, budget=value)
    with pytest.raises(ConstructError, match="budget"):
        sharpness("geometric", "nowhere", budget=value)


def test_whole_numbers_and_fractions_are_themselves_where_a_float_is_taken() -> None:
    assert from_float(10**400 + 1) == fmpq(10**400 + 1)
    assert from_float(Fraction(1, 3)) == fmpq(1, 3)  # pyright: ignore[reportArgumentType]
    for value in (None, True, "1", [1]):
        with pytest.raises(ConstructError):
            from_float(value)  # pyright: ignore[reportArgumentType]
