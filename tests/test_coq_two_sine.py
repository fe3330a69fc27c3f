"""The two-sine networks that verify/coq/TwoSine.v speaks about are those that Python builds."""

from __future__ import annotations

from pathlib import Path

import pytest
from coq_literals import rational, require_equal
from coq_missing import needs_coq
from flint import fmpq

from constructs.geometric import Geometric, build
from constructs.rationals import Rationals


def _sines(built: Geometric, level: int) -> str:
    """mid, gamma and w of a level, read off the weights."""
    head = built.network.readouts[level].affine
    mid = head.bias + int(built.bounds[level - 1].ceil())
    outer = [n for n in built.network.layers[level + 1] if n.name == f"O{level}"]
    if not outer:
        return f"Sines {rational(mid)} 1 0"
    weight = outer[0].affine.terms[0][1]
    return f"Sines {rational(mid)} {rational(head.terms[0][1])} {int(weight.p)}"


def _instance(built: Geometric, dim: int) -> str:
    levels = "; ".join(_sines(built, t) for t in range(1, built.levels + 1))
    root = built.tables[0].single
    assert root is not None
    sines = f"(fun t => nth (t - 1) [{levels}] (Sines 0 1 0))"
    return f"prune (sine_network {dim} {built.base} {built.levels} {rational(root)} {sines})"


@needs_coq
@pytest.mark.parametrize(
    ("dim", "base", "tables"),
    [
        (1, 2, [["1/3"], ["1/5", "2/3"], ["0", "1/4", "1/2", "3/4"]]),
        (1, 3, [["-2"], ["-3", "-2", "-1"]]),
        (1, 2, [["1/4"], ["1/4", "1/4"], ["3/8", "1/8", "1/8", "3/8"]]),
        (2, 2, [[["1/2"]], [["0", "1/2"], ["1/4", "1"]]]),
    ],
)
def test_floor_and_two_sine(tmp_path: Path, dim: int, base: int, tables: list[list[str]]):
    wanted = [Rationals.of(t) for t in tables]
    built = build(wanted, base, [fmpq(1, 16)] * len(tables), digits="floor", decoder="two-sine")
    require_equal(tmp_path, "Prune TwoSine", _instance(built, dim), built.network)
