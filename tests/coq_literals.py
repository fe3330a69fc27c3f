"""Networks of Python as terms of Coq, and whether Coq sees that one is an instance of a family of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flint import fmpq

from constructs.activations import RELU_POWERS
from constructs.network import Network
from constructs.neurons import PRODUCT, Affine, Neuron
from verify.kernel import coq, library

POWERS = {name: f"(ReluPower {q})" for name, q in RELU_POWERS.items() if q > 1}
ACTIVATIONS = {"relu": "Relu", "floor": "Floor", "exp2": "Exp2", "sine": "Sine", **POWERS}


def rational(value: fmpq) -> str:
    """In Coq."""
    return f"({int(value.p)} # {int(value.q)})"


def _affine(form: Affine) -> str:
    terms = "; ".join(f"({source}%nat, {rational(weight)})" for source, weight in form.terms)
    return f"(Affine [{terms}] {rational(form.bias)})"


def _neuron(neuron: Neuron) -> str:
    if neuron.activation == PRODUCT:
        return f"Product [{'; '.join(str(source) for source, _ in neuron.affine.terms)}]%nat"
    return f"Act {ACTIVATIONS[neuron.activation]} {_affine(neuron.affine)}"


def literal(network: Network) -> str:
    """A network as a term of type network Q."""
    layers = ";\n  ".join(f"[{'; '.join(map(_neuron, layer))}]" for layer in network.layers)
    readouts = "; ".join(f"Readout {r.level} {r.layer} {_affine(r.affine)}" for r in network.readouts)
    return f"Network {network.inputs}\n  [{layers}]\n  [{readouts}]"


def require_equal(folder: Path, modules: str, instance: str, network: Network) -> None:
    """Neuron for neuron and weight for weight, by computation.

    Raises: AssertionError with what Coq says.
    """
    require_all_equal(folder, modules, [(instance, network)])


def require_all_equal(folder: Path, modules: str, pairs: Sequence[tuple[str, Network]]) -> None:
    """As `require_equal`, several instances and networks in one run of Coq."""
    file = folder / "Instance.v"
    file.write_text(
        "From Coq Require Import QArith List ZArith.\n"
        f"From Approxcert Require Import Network {modules}.\n"
        "Import ListNotations.\nLocal Open Scope Q_scope.\n"
        + "".join(_equality(number, *pair) for number, pair in enumerate(pairs))
    )
    ran = coq.compile_file(file, library.compiled(lambda _: None), 300)
    assert ran.accepted, ran.error


def _equality(number: int, instance: str, network: Network) -> str:
    return (
        f"Definition built{number} : network Q := {literal(network)}.\n"
        f"Definition instance{number} : network Q := {instance}.\n"
        f"Goal map_network Qred instance{number} = map_network Qred built{number}.\n"
        "Proof. vm_compute; reflexivity. Qed.\n"
    )
