"""The networks that verify/coq speaks about are those that Python builds, neuron for neuron and weight for weight."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from coq_literals import rational, require_equal
from coq_missing import needs_coq
from flint import fmpq

from constructs.geometric import Geometric, build
from constructs.rationals import Rationals

MODULES = "BitDecoder Prune GeometricFloor GeometricRelu"


def _table(rng: np.random.Generator, shape: tuple[int, ...], denominator: int = 37) -> np.ndarray:
    """Rational values; those over 32 are stored exactly."""
    flat = [fmpq(int(n), denominator) for n in rng.integers(-100, 100, size=int(np.prod(shape)))]
    return np.array(flat, dtype=object).reshape(shape)


def _stored(built: Geometric, level: int, cells: int) -> str:
    """What a network of floors and bits stores for a level, read off its weights."""
    network = built.network
    outer = [n for n in network.layers[level + 1] if n.name in (f"U{level}", f"V{level}")]
    head = network.readouts[level].affine
    lo = head.bias + int(built.bounds[level - 1].ceil())
    if not outer:
        return f"Constant {rational(lo)}"
    packed, shifted = (n.affine.terms[0][1] for n in outer)
    bits = int(shifted / packed).bit_length() - 1
    number = int(packed * fmpq(2) ** (bits * cells))
    fields = [(number >> bits * (cells - 1 - j)) % 2**bits for j in range(cells)]
    return f"Fields {bits} {rational(lo)} {rational(head.terms[1][1])} [{'; '.join(map(str, fields))}]%Z"


def _instance(built: Geometric, dim: int) -> str:
    levels = [_stored(built, t, built.base ** (dim * t)) for t in range(1, built.levels + 1)]
    root = built.tables[0].single
    assert root is not None
    family = "geometric_floor" if built.delta is None else "geometric_relu"
    delta = "" if built.delta is None else f" {rational(built.delta)}"
    return (
        f"{family} {dim} {built.base} {built.levels}{delta}\n"
        f"  (Store {rational(root)} (fun t => nth (t - 1) [{'; '.join(levels)}] (Constant 0)))"
    )


@needs_coq
@pytest.mark.parametrize("digits", ["floor", "relu"])
@pytest.mark.parametrize(("dim", "base", "levels"), [(1, 2, 0), (1, 2, 4), (2, 2, 2), (1, 3, 2), (2, 3, 1)])
def test_digits_and_bits(tmp_path: Path, digits: str, dim: int, base: int, levels: int):
    rng = np.random.default_rng(dim + 10 * base)
    wanted = [Rationals.of(_table(rng, (base**t,) * dim)) for t in range(levels + 1)]
    delta = fmpq(2, 3) / base**levels if digits == "relu" else None
    tolerances = [fmpq(1, 64)] * (levels + 1)
    built = build(wanted, base, tolerances, digits=digits, decoder="bits", delta=delta)
    require_equal(tmp_path, MODULES, _instance(built, dim), built.network)


@needs_coq
@pytest.mark.parametrize("constant", [{1}, {3}, {2, 3}, {1, 3}, {1, 2, 3}])
def test_levels_with_one_correction_are_left_out(tmp_path: Path, constant: set[int]):
    rng = np.random.default_rng(7)
    tables = [_table(rng, (1,), 32)]
    for t in range(1, 4):
        finer = np.repeat(tables[-1], 2)
        tables.append(finer + fmpq(1, 2) if t in constant else _table(rng, (2**t,), 32))
    built = build([Rationals.of(t) for t in tables], 2, [fmpq(1, 2**9)] * 4, digits="floor", decoder="bits")
    names = {n.name for layer in built.network.layers for n in layer}
    assert {t for t in range(1, 4) if f"E{t}" not in names} == constant
    require_equal(tmp_path, MODULES, f"prune ({_instance(built, 1)})", built.network)


@needs_coq
def test_another_weight_is_another_network(tmp_path: Path):
    wanted = [Rationals.of(["1/2"]), Rationals.of(["1/4", "3/4"])]
    built = build(wanted, 2, [fmpq(1, 64)] * 2, digits="floor", decoder="bits")
    require_equal(tmp_path, MODULES, _instance(built, 1), built.network)
    with pytest.raises(AssertionError, match="Unable to unify"):
        require_equal(tmp_path, MODULES, _instance(built, 1).replace("(1 # 2)", "(1 # 3)", 1), built.network)
