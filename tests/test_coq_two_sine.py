"""The two-sine networks that verify/coq/TwoSine.v speaks about are those that Python builds."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flint import fmpq

from constructs.geometric import Geometric, build
from constructs.rationals import Rationals
from tests.test_coq_networks import COQ, _compile, _literal, _rational, library, needs_coq

__all__ = ["library"]  # the fixture of test_coq_networks.py
IMPORTS = """From Coq Require Import QArith List ZArith.
From Approxcert Require Import Network Prune TwoSine.
Import ListNotations.
Local Open Scope Q_scope."""


@pytest.fixture(scope="module")
def two_sine(library: Path) -> Path:
    """The theorems on two-sine networks and what they need, compiled."""
    for name in ("GeometricLipschitz", "TwoSine"):
        shutil.copy(COQ / f"{name}.v", library)
        _compile(library, name)
    return library


def _sines(built: Geometric, level: int) -> str:
    """mid, gamma and w of a level, read off the weights."""
    head = built.network.readouts[level].affine
    mid = head.bias + int(built.bounds[level - 1].ceil())
    outer = [n for n in built.network.layers[level + 1] if n.name == f"O{level}"]
    if not outer:
        return f"Sines {_rational(mid)} 1 0"
    weight = outer[0].affine.terms[0][1]
    return f"Sines {_rational(mid)} {_rational(head.terms[0][1])} {int(weight.p)}"


def _require_equal(library: Path, name: str, built: Geometric, dim: int) -> None:
    levels = "; ".join(_sines(built, t) for t in range(1, built.levels + 1))
    root = built.tables[0].single
    assert root is not None
    (library / f"{name}.v").write_text(
        f"{IMPORTS}\nDefinition built : network Q := {_literal(built.network)}.\n"
        f"Definition sines_of (t : nat) : sines := nth (t - 1) [{levels}] (Sines 0 1 0).\n"
        f"Definition instance := sine_network {dim} {built.base} {built.levels} {_rational(root)} sines_of.\n"
        "Goal map_network Qred (prune instance) = map_network Qred built. Proof. vm_compute; reflexivity. Qed.\n"
    )
    _compile(library, name)


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
def test_floor_and_two_sine(two_sine: Path, dim: int, base: int, tables: list[list[str]]):
    wanted = [Rationals.of(t) for t in tables]
    built = build(wanted, base, [fmpq(1, 16)] * len(tables), digits="floor", decoder="two-sine")
    _require_equal(two_sine, f"Sine{dim}{base}{len(tables)}", built, dim)
