"""Certificates of multigrade networks as Coq files: the kernel accepts the honest ones, and no others."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from coq_certificates import saved
from coq_missing import needs_coq
from flint import fmpq

from constructs import targets
from constructs.errors import ConstructError
from constructs.exact import from_text, to_text
from constructs.grades import Sweep
from constructs.multigrade import Multigrade
from constructs.neurons import Affine
from constructs.targets.kuhn import KuhnTarget
from verify import claims
from verify.kernel import coq, library, multigrade_export
from verify.kernel.export import coq_text, kernel_recheck


def quiet(_: str) -> None:
    pass


def bowl(dim: int, cells: int) -> KuhnTarget:
    """Values of both signs."""
    places = np.indices((cells + 1,) * dim).reshape(dim, -1).T.tolist()
    values = [
        fmpq(sum((3 * k - (i + 1) * cells) ** 2 for i, k in enumerate(place)), cells**2) for place in places
    ]
    return KuhnTarget(cells, np.array(values, dtype=object).reshape((cells + 1,) * dim) - fmpq(1, 6))


def certificate(target: Any, mesh: int, sweeps: int) -> dict[str, Any]:
    return claims.multigrade(f"1/{mesh}", sweeps).judge(target).certificate


EXAMPLES = {
    "one variable": certificate(bowl(1, 6), 3, 4),
    "two variables": certificate(bowl(2, 3), 2, 2),
    "three variables": certificate(bowl(3, 2), 1, 2),
    "no grade": certificate(KuhnTarget(1, np.array([1, -1])), 1, 1),
}


def copied(name: str) -> dict[str, Any]:
    return dict(json.loads(json.dumps(EXAMPLES[name])))


def kernel_accepts(content: dict[str, Any], tmp_path: Path) -> bool:
    answer = kernel_recheck(saved(content, tmp_path / "c.json"), quiet)
    assert "Syntax error" not in answer.error
    return answer.accepted


@needs_coq
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_kernel_accepts(name: str, tmp_path: Path) -> None:
    answer = kernel_recheck(saved(EXAMPLES[name], tmp_path / "c.json"), quiet)
    assert (answer.accepted, answer.error) == (True, "")


@needs_coq
@pytest.mark.parametrize("name", ["one variable", "two variables", "three variables"])
@pytest.mark.parametrize("factor", ["2", "-1"])
def test_a_step_that_overshoots_is_rejected(name: str, factor: str, tmp_path: Path) -> None:
    """All steps are the largest safe ones."""
    content = copied(name)
    steps = content["network"]["sweeps"][-1]["steps"]
    steps[len(steps) // 2] = to_text(from_text(steps[len(steps) // 2]) * from_text(factor))
    assert not kernel_accepts(content, tmp_path)


@needs_coq
def test_a_step_that_is_a_little_larger_is_rejected(tmp_path: Path) -> None:
    content = copied("two variables")
    steps = content["network"]["sweeps"][0]["steps"]
    steps[0] = to_text(from_text(steps[0]) * fmpq(1000001, 1000000))
    assert not kernel_accepts(content, tmp_path)


@needs_coq
def test_a_node_twice_is_rejected(tmp_path: Path) -> None:
    content = copied("one variable")
    sweep = content["network"]["sweeps"][0]
    half = to_text(from_text(sweep["steps"][0]) / 2)
    sweep["nodes"].insert(0, sweep["nodes"][0])
    sweep["steps"][:1] = [half, half]
    assert not kernel_accepts(content, tmp_path)


@needs_coq
def test_another_target_value_is_rejected(tmp_path: Path) -> None:
    content = copied("two variables")
    content["target"]["values"][5] = to_text(from_text(content["target"]["values"][5]) - 20)
    assert not kernel_accepts(content, tmp_path)


@needs_coq
@pytest.mark.parametrize("name", ["one variable", "two variables", "three variables"])
def test_a_supremum_that_is_a_little_lower_is_rejected(name: str, tmp_path: Path) -> None:
    content = copied(name)
    rates = [f for f in content["findings"] if f["property"] == "rate"]
    rates[-1]["supremum"][1] = to_text(from_text(rates[-1]["supremum"][1]) - fmpq(1, 10**9))
    assert not kernel_accepts(content, tmp_path)


@needs_coq
def test_an_offset_that_is_too_small_is_rejected(tmp_path: Path) -> None:
    content = copied("one variable")
    content["network"]["offset"] = "0"
    assert not kernel_accepts(content, tmp_path)


def test_what_is_not_covered_is_refused_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(content: dict[str, Any], reason: str) -> None:
        with pytest.raises(ConstructError, match=reason):
            coq_text(saved(content, tmp_path / "c.json"))

    refused(
        certificate(targets.expression("x0+1", 1), 1, 1),
        "nodal values on a Kuhn grid, for Coq and multigrade",
    )
    for change, reason in [
        (lambda c: c["network"]["sweeps"][0]["steps"].__setitem__(0, "0"), "none of them 0, for Coq"),
        (lambda c: c["network"].__setitem__("offset", "1/2"), "offset = 1/2: expected an integer"),
        (lambda c: c["network"].__setitem__("inputs", 2), "inputs = 2: expected 1 in the claim"),
        (lambda c: _finding(c, "pointwise").__setitem__("status", "undecided"), "undecided for sweep 1"),
        (lambda c: _finding(c, "rate").__setitem__("property", "other"), "expected a finding rate, for Coq"),
    ]:
        content = copied("one variable")
        change(content)
        refused(content, reason)
    monkeypatch.setattr(multigrade_export, "MOST_WORK", 100)
    refused(EXAMPLES["one variable"], "expected at most 100, for Coq")


def _finding(content: dict[str, Any], name: str) -> dict[str, Any]:
    return next(f for f in content["findings"] if f["property"] == name)


def written(affine: Affine) -> str:
    """Its weights in lowest terms, as Coq has them."""
    terms = "; ".join(f"({source}%nat, {_rational(weight)})" for source, weight in affine.terms)
    return f"Affine [{terms}] {_rational(affine.bias)}"


def _rational(value: fmpq) -> str:
    return f"({int(value.p)} # {int(value.q)})"


@needs_coq
@pytest.mark.parametrize("name", ["one variable", "two variables", "three variables"])
def test_the_network_in_the_file_is_the_one_that_the_grades_stand_for(name: str, tmp_path: Path) -> None:
    """Neuron by neuron, weight by weight, as constructs/multigrade.py builds it."""
    content = EXAMPLES[name]
    given = content["network"]
    sweeps = []
    for s in given["sweeps"]:
        steps = [from_text(c) for c in s["steps"]]
        common = math.lcm(*(int(c.q) for c in steps))
        numerators = np.array([int(c.p) * (common // int(c.q)) for c in steps])
        sweeps.append(Sweep(given["inputs"], s["cells"], np.array(s["nodes"]), numerators, common))
    network = Multigrade(given["inputs"], int(given["offset"]), tuple(sweeps), None).network  # type: ignore[arg-type]
    layers = [
        "[" + "; ".join(f"Act Relu ({written(n.affine)})" for n in layer) + "]" for layer in network.layers
    ]
    heads = [f"Readout {r.level} {r.layer} ({written(r.affine)})" for r in network.readouts]
    assert {n.activation for layer in network.layers for n in layer} == {"relu"}
    compared = f"""
Lemma same : map_network Qred certified =
  Network {network.inputs} [{"; ".join(layers)}]%Q [{"; ".join(heads)}]%Q.
Proof. vm_compute. reflexivity. Qed.
"""
    file = tmp_path / "Certificate.v"
    text = coq_text(saved(content, tmp_path / "c.json"))
    for wrong in (False, True):
        changed = re.sub(r"%nat, \(-1 # 1\)\)", "%nat, (-2 # 1))", compared, count=1) if wrong else compared
        assert (changed != compared) == wrong
        file.write_text(text + changed)
        ran = coq.compile_file(file, library.compiled(quiet), 300)
        assert ran.accepted != wrong, ran.error
        assert "Syntax error" not in ran.error


@needs_coq
@pytest.mark.slow
def test_hundreds_of_grades(tmp_path: Path) -> None:
    x, y = np.indices((51, 51)) / 50
    values = np.round(1000 * (np.abs(x - 0.6) + (y - 0.4) ** 2 + 0.5)).astype(int)
    content = certificate(
        KuhnTarget(50, np.array([[fmpq(int(v), 1000) for v in row] for row in values])), 10, 2
    )
    assert sum(len(s["nodes"]) for s in content["network"]["sweeps"]) > 500
    assert kernel_accepts(content, tmp_path)
