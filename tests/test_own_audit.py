"""What an audit of claims of one's own found: disagreements of producer and checker, ways to keep the checker busy."""

from __future__ import annotations

import json
import time
from fractions import Fraction
from typing import Any

import pytest
from mutations import resealed
from test_mutations import load_checker

from constructs.errors import ConstructError
from constructs.network import Network
from constructs.raw_layers import layers
from verify.own import box_errors
from verify.own.conditions import Condition
from verify.theorem import error, theorem, width
from verify.verdict import Verdict

CHECKER = load_checker()
IDENTITY = layers([[("relu", [1], 0)]], ([1], 0))
ZERO = layers([[("relu", [1], 0)]], ([0], 0))


def judged(network: Network, target: str, *conditions: Condition) -> Verdict:
    """The producer's verdict, which the checker has accepted."""
    stated = theorem(
        name="audit",
        source="none",
        parameters={},
        construct=lambda: network,
        conditions=conditions,
        target=target,
        dim=network.inputs,
    )
    claim = stated()
    verdict = claim.judge(claim.target)
    assert CHECKER.recheck(json.dumps(verdict.certificate).encode()) == verdict.status.value
    return verdict


def test_the_degree_of_a_product_is_that_of_its_pieces() -> None:
    target = "max(0, x0 - 1/2)**20 * max(0, 1/2 - x0)**20"  # 0 on both pieces
    assert judged(IDENTITY, target, error("inf", at_most=1)).status.value == "proved"


def test_a_readout_is_no_neuron() -> None:
    rows = [[("floor", [256], 0), *[("relu", [0], 1)] * 63]]
    certificate = judged(layers(rows, ([1] * 64, 0)), "0", error("inf", at_most=400)).certificate
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CHECKER, "MAX_NEURON_PIECES", 256 * 64)
        assert CHECKER.recheck(json.dumps(certificate).encode()) == "proved"
        patch.setattr(CHECKER, "MAX_NEURON_PIECES", 256 * 64 - 1)
        with pytest.raises(CHECKER.Rejected):
            CHECKER.recheck(json.dumps(certificate).encode())


@pytest.mark.parametrize("target", ["sin(x0)/10**40", "sin(x0)*(1e-20)**2", "exp(x0)/10**30"])
@pytest.mark.parametrize("norm", ["inf", 2])
def test_functions_near_nought_are_not_refuted_below_the_checkers_precision(
    target: str, norm: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(box_errors, "MOST_WORK", 1 << 15)
    judged(ZERO, target, error(norm, at_most=0))
    judged(ZERO, target, error(norm, at_most="1e-45"))
    assert judged(ZERO, target, error(norm, at_most="1e-20")).status.value == "proved"


def forged(raw: dict[str, Any], target: dict[str, Any], witness: list[str], count: int) -> bytes:
    """Undecided findings, each with a witness that shows nothing."""
    finding = {
        "property": "error",
        "status": "undecided",
        "reason": "budget",
        "established_by": "checker",
        "error": ["0", None],
        "bound": "0",
        "witness": witness,
        "grid": None,
    }
    condition = {"kind": "error", "of": 0, "norm": "inf", "at_most": "0"}
    own = {"title": "", "source": "", "values": {}, "conditions": [condition] * count}
    certificate = {
        "format": "approxcert-certificate",
        "version": 1,
        "producer": {},
        "claim": {"name": "own", "parameters": own},
        "target": target,
        "network": raw,
        "evidence": {},
        "findings": [{**finding, "level": k} for k in range(count)],
        "status": "undecided",
        "hash": {},
    }
    return json.dumps(resealed(certificate)).encode()


def refused_in_time(data: bytes) -> None:
    began = time.process_time()
    with pytest.raises(CHECKER.Rejected, match="more work"):
        CHECKER.recheck(data)
    assert time.process_time() - began < 60


def test_values_of_a_text_at_a_long_witness_cost_work() -> None:
    """Without a budget 40 conditions with a text of 5,000 nodes take a quarter of an hour."""
    witness = f"{10**3899 + 1}/{10**3900 - 3}"
    text = {"kind": "expression", "dim": 1, "text": "+".join(["x0**4"] * 400)}
    refused_in_time(forged(IDENTITY.to_json(), text, [witness], 40))


def test_values_of_a_network_cost_by_its_weights_and_sums() -> None:
    """Sums of fractions grow long though every weight is short: their length counts."""
    many = range(700)
    short = [("relu", [Fraction(1, 2**60 + 2 * i + 1)], 0) for i in many]
    network = layers([short, [("relu", [1] * len(many), 0)] * 20], ([1] * 20, 0))
    refused_in_time(forged(network.to_json(), {"kind": "expression", "dim": 1, "text": "x0"}, ["1/3"], 1))


@pytest.mark.parametrize("conditions", [width(2), [2], None])
def test_conditions_that_are_no_list_are_named(conditions: Any) -> None:
    with pytest.raises(ConstructError, match="conditions"):
        theorem(
            name="n", source="s", parameters={}, construct=lambda: ZERO, conditions=conditions, target="x0"
        )
