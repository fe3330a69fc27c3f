"""The networks that verify/coq speaks about are those that Python builds: neuron for neuron, weight for weight."""

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
    "GeometricFloor",
    "Staircase",
    "StaircaseDigits",
    "StaircaseStrips",
    "StaircaseLayers",
    "StaircaseNetwork",
    "GeometricRelu",
]
IMPORTS = """From Coq Require Import QArith List ZArith.
From Approxcert Require Import Network BitDecoder GeometricFloor GeometricRelu.
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


def _table(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Rational values, no two levels or cells alike."""
    flat = [fmpq(int(n), 37) for n in rng.integers(-100, 100, size=int(np.prod(shape)))]
    return np.array(flat, dtype=object).reshape(shape)


def _stored(built: Geometric, level: int, cells: int) -> str:
    """What a network with bit decoders stores for a level, read off its weights."""
    network = built.network
    outer = [n for n in network.layers[level + 1] if n.name in (f"U{level}", f"V{level}")]
    packed, shifted = (n.affine.terms[0][1] for n in outer)
    bits = int(shifted / packed).bit_length() - 1
    number = int(packed * fmpq(2) ** (bits * cells))
    fields = [(number >> bits * (cells - 1 - j)) % 2**bits for j in range(cells)]
    head = network.readouts[level].affine
    lo, step = head.bias + int(built.bounds[level - 1].ceil()), head.terms[1][1]
    return f"Fields {bits} {_rational(lo)} {_rational(step)} [{'; '.join(map(str, fields))}]%Z"


def _instance(built: Geometric, dim: int) -> str:
    levels = [_stored(built, t, built.base ** (t * dim)) for t in range(1, built.levels + 1)]
    root = built.tables[0].single
    assert root is not None
    listed = "; ".join(levels)
    family = "geometric_floor" if built.delta is None else "geometric_relu"
    delta = "" if built.delta is None else f" {_rational(built.delta)}"
    return (
        f"{family} {dim} {built.base} {built.levels}{delta}\n"
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
    """The theorems on floor and ReLU digits and what they need, compiled."""
    folder = tmp_path_factory.mktemp("coq")
    for name in LIBRARY:
        shutil.copy(COQ / f"{name}.v", folder)
        _compile(folder, name)
    return folder


@needs_coq
@pytest.mark.parametrize(("dim", "base", "levels"), [(1, 2, 0), (1, 2, 2), (2, 2, 2), (1, 3, 2), (2, 3, 1)])
@pytest.mark.parametrize("digits", ["floor", "relu"])
def test_digits_and_bits(library: Path, digits: str, dim: int, base: int, levels: int):
    rng = np.random.default_rng(dim + 10 * base)
    wanted = [Rationals.of(_table(rng, (base**t,) * dim)) for t in range(levels + 1)]
    delta = fmpq(2, 3) / base**levels if digits == "relu" else None
    tolerances = [fmpq(1, 64)] * (levels + 1)
    built = build(wanted, base, tolerances, digits=digits, decoder="bits", delta=delta)
    name = f"Instance_{digits}{dim}{base}{levels}"
    (library / f"{name}.v").write_text(
        f"{IMPORTS}\nDefinition built : network Q := {_literal(built.network)}.\n"
        f"Definition instance : network Q := {_instance(built, dim)}.\n"
        "Goal map_network Qred instance = map_network Qred built. Proof. vm_compute; reflexivity. Qed.\n"
    )
    _compile(library, name)
