"""Instances for verifiers of networks: f - Phi as ONNX against a bound that holds and one that does not."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

from flint import fmpq

from constructs.errors import ConstructError
from constructs.exact import to_text
from constructs.export import OPSET, onnx_model
from constructs.float_formats import FloatFormat
from verify.accepted import accepted_certificate
from verify.certificate import digest, write_bytes, write_text
from verify.progress import Notify, silent
from verify.residual_truth import ResidualTruth, residual_truth
from verify.vnnlib_text import VERSIONS, query_text

FORMAT = "approxcert-instances"
TIMEOUT = 300  # seconds, in instances.csv


def write_instances(path: Path, folder: Path, floats: FloatFormat, notify: Notify = silent) -> list[Path]:
    """Writes the instances of a certificate into a folder, made if need be; those of other certificates stay.

    Returns: the files written: NAME.json (the ground truth), NAME.onnx, and for VNN-LIB 1.0 and 2.0 a folder with
    NAME_true.vnnlib, NAME_false.vnnlib and instances.csv; NAME is that of the certificate.
    Method: everything is worked out before the first file is written. The ground truth first, with the hashes of the
    others; the lists last, so that they name nothing that is not there.
    Raises: ConstructError; OSError.
    """
    _require_one_line(path.stem)
    certificate = accepted_certificate(path, notify)
    notify("proving what the network is")
    truth = residual_truth(certificate, floats)
    notify("writing instances")
    name = path.stem
    queries = _queries(name, truth)
    notes = {"approxcert.certificate": certificate["hash"]["all"]}
    model = onnx_model(truth.network, floats, notes).SerializeToString(deterministic=True)
    described = {part: certificate[part] for part in ("claim", "target", "status", "hash")}
    content = _ground_truth(name, described, truth, model, floats, queries)
    written = [folder / f"{name}.json", folder / f"{name}.onnx"]
    write_text(json.dumps(content, indent=1, ensure_ascii=True) + "\n", written[0])
    write_bytes(model, written[1])
    for file, text in queries.items():
        write_text(text, folder / file)
        written.append(folder / file)
    for version in VERSIONS:
        written.append(folder / version / "instances.csv")
        write_text(_listed(written[-1], name), written[-1])
    return written


def _require_one_line(name: str) -> None:
    """The name stands in comments, which end with their line: what comes after would be assertions."""
    if not name.isprintable():
        raise ConstructError("name of the certificate", repr(name), "printable characters, on one line")


def _queries(name: str, truth: ResidualTruth) -> dict[str, str]:
    """The texts of the VNN-LIB files by their paths."""
    texts = {}
    for version in VERSIONS:
        for word, bound in zip(("true", "false"), truth.bounds, strict=True):
            notes = (
                f"Is |f - Phi| >= {to_text(bound)} somewhere on [0,1]^{truth.network.inputs}? {name}.onnx is f - Phi.",
                f"{'unsat' if word == 'true' else 'sat'}: the exact supremum is {to_text(truth.supremum)}.",
            )
            texts[f"{version}/{name}_{word}.vnnlib"] = query_text(version, truth.network.inputs, bound, notes)
    return texts


def _ground_truth(
    name: str,
    certificate: dict[str, Any],
    truth: ResidualTruth,
    model: bytes,
    floats: FloatFormat,
    queries: dict[str, str],
) -> dict[str, Any]:
    """The JSON object of docs/export.md: what is asked, what is so, and hashes of all files."""
    network = truth.network

    def instance(word: str, bound: fmpq) -> dict[str, Any]:
        files = [f for f in queries if f.endswith(f"/{name}_{word}.vnnlib")]
        return {
            "bound": to_text(bound),
            "holds": word == "true",
            "expected": "unsat" if word == "true" else "sat",
            "margin": to_text(abs(bound - truth.supremum)),
            "counterexample": None if word == "true" else [to_text(c) for c in truth.witness],
            "files": [{"file": f, "sha256": hashlib.sha256(queries[f].encode()).hexdigest()} for f in files],
        }

    holds, fails = truth.bounds
    return {
        "format": FORMAT,
        "version": 1,
        "certificate": certificate,
        "network": {
            "file": f"{name}.onnx",
            "sha256": hashlib.sha256(model).hexdigest(),
            "exact": digest(network.to_json()),
            "opset": OPSET,
            "type": floats.name,
            "inputs": network.inputs,
            "width": network.width,
            "depth": network.depth,
            "neurons": network.neurons,
        },
        "supremum": {
            "value": to_text(truth.supremum),
            "witness": [to_text(c) for c in truth.witness],
            "output": to_text(truth.value),
        },
        "instances": [instance("true", holds), instance("false", fails)],
    }


def _listed(path: Path, name: str) -> str:
    """instances.csv with the lines of this certificate at its end, whatever other lines it has."""
    ours = [[f"../{name}.onnx", f"{name}_{word}.vnnlib", str(TIMEOUT)] for word in ("true", "false")]
    with_others = io.StringIO()
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8")))) if path.exists() else []
    others = [row for row in rows if row[:2] not in [line[:2] for line in ours]]
    csv.writer(with_others, lineterminator="\n").writerows([*others, *ours])
    return with_others.getvalue()
