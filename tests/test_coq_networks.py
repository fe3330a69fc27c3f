"""The networks that verify/coq speaks about are those that Python builds, neuron for neuron and weight for weight."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from flint import fmpq

from constructs.geometric import Geometric, build
from constructs.network import Network
from constructs.neurons import Affine, Neuron
from constructs.rationals import Rationals

COQ = Path(__file__).parent.parent / "verify" / "coq"
ACTIVATIONS = {"relu": "Relu", "floor": "Floor", "exp2": "Exp2", "sine": "Sine"}
LIBRARY = [
    "Sums",
    "Network",
    "Levels",
    "LevelsShape",
    "Offsets",
    "Cells",
    "FloorDigits",
    "BitExtraction",
    "BitDecoder",
    "Sub",
    "Prune",
    "GeometricFloor",
]
IMPORTS = """From Coq Require Import QArith List ZArith.
From Approxcert Require Import Network BitDecoder Prune GeometricFloor.
Import ListNotations.
Local Open Scope Q_scope."""
needs_coq = pytest.mark.skipif(
    shutil.which("coqc") is None, reason="coqc is missing; on Debian: apt-get install coq libcoq-flocq"
)


def _rational(value: fmpq) -> str:
    return f"({int(value.p)} # {int(value.q)})"


def _affine(form: Affine) -> str:
    terms = "; ".join(f"({source}%nat, {_rational(weight)})" for source, weight in form.terms)
    return f"(Affine [{terms}] {_rational(form.bias)})"


def _neuron(neuron: Neuron) -> str:
    return f"Act {ACTIVATIONS[neuron.activation]} {_affine(neuron.affine)}"


def _literal(network: Network) -> str:
    layers = ";\n  ".join(f"[{'; '.join(map(_neuron, layer))}]" for layer in network.layers)
    readouts = "; ".join(f"Readout {r.level} {r.layer} {_affine(r.affine)}" for r in network.readouts)
    return f"Network {network.inputs}\n  [{layers}]\n  [{readouts}]"


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
        return f"Constant {_rational(lo)}"
    packed, shifted = (n.affine.terms[0][1] for n in outer)
    bits = int(shifted / packed).bit_length() - 1
    number = int(packed * fmpq(2) ** (bits * cells))
    fields = [(number >> bits * (cells - 1 - j)) % 2**bits for j in range(cells)]
    return f"Fields {bits} {_rational(lo)} {_rational(head.terms[1][1])} [{'; '.join(map(str, fields))}]%Z"


def _instance(built: Geometric, dim: int) -> str:
    levels = [_stored(built, t, built.base ** (t * dim)) for t in range(1, built.levels + 1)]
    root = built.tables[0].single
    assert root is not None
    listed = "; ".join(levels)
    return (
        f"geometric_floor {dim} {built.base} {built.levels}\n"
        f"  (Store {_rational(root)} (fun t => nth (t - 1) [{listed}] (Constant 0)))"
    )


def _compile(folder: Path, name: str) -> None:
    run = subprocess.run(
        ["coqc", "-R", ".", "Approxcert", f"{name}.v"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The theorem on floor digits and what it needs, compiled."""
    folder = tmp_path_factory.mktemp("coq")
    for name in LIBRARY:
        shutil.copy(COQ / f"{name}.v", folder)
        _compile(folder, name)
    return folder


def _require_equal(library: Path, name: str, instance: str, network: Network) -> None:
    (library / f"{name}.v").write_text(
        f"{IMPORTS}\nDefinition built : network Q := {_literal(network)}.\n"
        f"Definition instance : network Q := {instance}.\n"
        "Goal map_network Qred instance = map_network Qred built. Proof. vm_compute; reflexivity. Qed.\n"
    )
    _compile(library, name)


@needs_coq
@pytest.mark.parametrize(("dim", "base", "levels"), [(1, 2, 0), (1, 2, 2), (2, 2, 2), (1, 3, 2), (1, 2, 4)])
def test_floor_and_bits(library: Path, dim: int, base: int, levels: int):
    rng = np.random.default_rng(dim + 10 * base)
    wanted = [Rationals.of(_table(rng, (base**t,) * dim)) for t in range(levels + 1)]
    built = build(wanted, base, [fmpq(1, 64)] * (levels + 1), digits="floor", decoder="bits")
    _require_equal(library, f"Floor{dim}{base}{levels}", _instance(built, dim), built.network)


@needs_coq
@pytest.mark.parametrize("constant", [{1}, {3}, {2, 3}, {1, 3}, {1, 2, 3}])
def test_levels_with_one_correction_are_left_out(library: Path, constant: set[int]):
    rng = np.random.default_rng(7)
    tables = [_table(rng, (1,), 32)]
    for t in range(1, 4):
        finer = np.repeat(tables[-1], 2)
        tables.append(finer + fmpq(1, 2) if t in constant else _table(rng, (2**t,), 32))
    built = build([Rationals.of(t) for t in tables], 2, [fmpq(1, 2**9)] * 4, digits="floor", decoder="bits")
    names = {n.name for layer in built.network.layers for n in layer}
    assert {t for t in range(1, 4) if f"E{t}" not in names} == constant
    name = "Constant" + "".join(map(str, sorted(constant)))
    _require_equal(library, name, f"prune ({_instance(built, 1)})", built.network)


@needs_coq
def test_another_weight_is_another_network(library: Path):
    wanted = [Rationals.of(["1/2"]), Rationals.of(["1/4", "3/4"])]
    built = build(wanted, 2, [fmpq(1, 64)] * 2, digits="floor", decoder="bits")
    _require_equal(library, "Same", _instance(built, 1), built.network)
    with pytest.raises(AssertionError, match="Unable to unify"):
        _require_equal(library, "Other", _instance(built, 1).replace("(1 # 2)", "(1 # 3)", 1), built.network)
