"""`approxcert export`: two files bound by hash, nothing from a certificate that is rejected."""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path

import numpy as np
import onnx
import pytest
from click.testing import CliRunner
from flint import fmpq
from test_export import run

from constructs import targets
from constructs.exact import from_text
from constructs.network import Network
from verify import claims, network_files
from verify.certificate import digest, sealed
from verify.cli import main
from verify.cli.group import BAD_INPUT


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "bits.json"
    claims.geometric(base=2, levels=2, p=2).judge(targets.expression("abs(x0-1/3)", dim=1)).save(path)
    return path


def export(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["export", *map(str, arguments)])
    return done.exit_code, done.output


def test_the_model_and_its_exact_weights_are_bound_by_hashes(certificate: Path, tmp_path: Path) -> None:
    output = tmp_path / "net.onnx"
    code, shown = export(certificate, "--format", "onnx", "-o", output)
    assert code == 0, shown
    assert sorted(p.name for p in tmp_path.iterdir()) == ["net.onnx", "net.onnx.json"]
    beside = json.loads((tmp_path / "net.onnx.json").read_text())
    given = json.loads(certificate.read_text())
    assert beside["network"] == given["network"]
    assert beside["certificate"] == {name: given[name] for name in ("claim", "target", "status", "hash")}
    assert beside["sha256"] == digest(beside["network"]) == given["hash"]["network"]
    model = onnx.load(output)
    assert {p.key: p.value for p in model.metadata_props} == {
        "approxcert.network.sha256": beside["sha256"],
        "approxcert.certificate": given["hash"]["all"],
    }
    assert beside["onnx"]["sha256"] == hashlib.sha256(output.read_bytes()).hexdigest()
    assert beside["onnx"]["outputs"] == [o.name for o in model.graph.output]
    levels = [stated["level"] for stated in beside["gap"]["levels"]]
    assert levels == [0, 1, 2]
    assert all(from_text(stated["bound"]) >= 0 for stated in beside["gap"]["levels"])


def test_a_changed_weight_changes_the_hash(certificate: Path, tmp_path: Path) -> None:
    output = tmp_path / "net.onnx"
    export(certificate, "--format", "onnx", "-o", output)
    model = onnx.load(output)
    tensor = next(t for t in model.graph.initializer if t.name == "level_2.weights")
    weights = onnx.numpy_helper.to_array(tensor).copy()
    weights[weights != 0] = np.nextafter(weights[weights != 0], 9)
    tensor.CopyFrom(onnx.numpy_helper.from_array(weights, tensor.name))
    stated = json.loads((tmp_path / "net.onnx.json").read_text())["onnx"]["sha256"]
    assert hashlib.sha256(output.read_bytes()).hexdigest() == stated
    assert hashlib.sha256(model.SerializeToString()).hexdigest() != stated


def test_json_is_read_back_as_the_same_network(certificate: Path, tmp_path: Path) -> None:
    output = tmp_path / "net.json"
    assert export(certificate, "--format", "json", "-o", output)[0] == 0
    content = json.loads(output.read_text())
    code, shown = export(certificate, "--format", "json")
    assert (code, json.loads(shown)) == (0, content)
    read, given = Network.from_json(content["network"]), json.loads(certificate.read_text())["network"]
    assert read.to_json() == given
    assert read.evaluate(["1/8"]) == Network.from_json(given).evaluate(["1/8"])


RULES = {
    "multigrade": (claims.multigrade(mesh="1/2", sweeps=1), "abs(x0-1/3) + 1/4"),
    "multiplicative": (
        claims.multiplicative(mesh="1/4", degree=2, norm="bessel:1"),
        "x0**2*(1-x0)**2*sin(x0)",
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_a_network_given_by_a_rule_is_the_one_that_was_judged(name: str, tmp_path: Path) -> None:
    claim, text = RULES[name]
    verdict = claim.judge(targets.expression(text, dim=1))
    verdict.save(tmp_path / "made.json")
    content = json.loads(network_files.network_text(tmp_path / "made.json"))
    assert content["network"] == verdict.network.to_json()
    code, shown = export(tmp_path / "made.json", "--format", "onnx", "--float32", "-o", tmp_path / "a.onnx")
    assert code == 0, shown
    found = run(onnx.load(tmp_path / "a.onnx"), np.array([[0.375]], dtype=np.float32))[0, -1]
    level = verdict.network.readouts[-1].level
    (wanted,) = verdict.network.evaluate(["3/8"], levels=[level])
    assert isinstance(wanted, fmpq)
    assert math.isclose(found, int(wanted.p) / int(wanted.q), abs_tol=1e-6)


def test_nothing_is_written_from_a_rejected_certificate(certificate: Path, tmp_path: Path) -> None:
    """The weight moved is sealed again, so that only the checker can tell."""
    content = json.loads(certificate.read_text())
    content["network"]["readouts"][-1]["bias"] = "1/7"
    body = {k: v for k, v in content.items() if k not in ("format", "version", "producer", "hash")}
    (tmp_path / "bad.json").write_text(json.dumps(sealed(body)))
    for kind in ("onnx", "json"):
        code, shown = export(tmp_path / "bad.json", "--format", kind, "-o", tmp_path / "out")
        assert code == BAD_INPUT
        assert "certificate = rejected: expected one that the independent checker accepts" in shown
        assert str(tmp_path) not in shown
    assert [p.name for p in tmp_path.iterdir()] == ["bad.json"]


def test_what_cannot_be_exported_is_refused_in_one_line(certificate: Path, tmp_path: Path) -> None:
    wide = tmp_path / "wide.json"
    claims.geometric(base=2, levels=4, p=2).judge(targets.expression("abs(x0-1/3)", dim=1)).save(wide)
    code, shown = export(wide, "--format", "onnx", "-o", tmp_path / "out.onnx")
    assert code == BAD_INPUT
    assert "neuron 'U" in shown
    assert "significant bits" in shown
    code, shown = export(certificate, "--format", "json", "--float32")
    assert code == BAD_INPUT
    assert "--float32" in shown
    code, shown = export(tmp_path / "none.json", "--format", "onnx")
    assert code == BAD_INPUT
    assert "No such file" in shown
    assert [p.name for p in tmp_path.iterdir()] == ["wide.json"]


def test_a_model_that_cannot_be_written_leaves_no_description(
    certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(data: bytes, path: Path) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(network_files, "write_bytes", full)
    code, shown = export(certificate, "--format", "onnx", "-o", tmp_path / "net.onnx")
    assert code == BAD_INPUT
    assert "No space left" in shown
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("kind", "output"),
    [("json", "c.json"), ("coq", "c.json"), ("onnx", "c.json"), ("onnx", "c"), ("vnnlib", ".")],
)
def test_the_certificate_is_never_written_over(
    kind: str, output: str, certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = certificate.read_bytes()
    (tmp_path / "c.json").write_bytes(before)
    code, shown = export("c.json", "--format", kind, "-o", output)
    assert code == BAD_INPUT
    assert "expected another file than the certificate" in shown
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("c.json", before)]
