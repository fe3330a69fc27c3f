"""A certificate's network as files for other programs: JSON, and ONNX with a JSON file beside it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from constructs.export import INPUT, OPSET, onnx_model
from constructs.float_formats import FloatFormat
from constructs.network import Network
from verify.accepted import accepted_certificate, network_of
from verify.certificate import digest, write_bytes, write_text
from verify.export_gap import Gap, export_gap
from verify.progress import Notify, silent

FORMAT = "approxcert-network"


def described(certificate: dict[str, Any], network: Network) -> dict[str, Any]:
    """The JSON object of docs/export.md: the network with its exact weights, and what it is from."""
    written = network.to_json()
    return {
        "format": FORMAT,
        "version": 1,
        "certificate": {name: certificate[name] for name in ("claim", "target", "status", "hash")},
        "network": written,
        "sha256": digest(written),
    }


def network_text(path: Path, notify: Notify = silent) -> str:
    """The JSON file of a certificate's network.

    Raises: ConstructError for a certificate that is rejected, or about several networks; OSError.
    """
    certificate = accepted_certificate(path, notify)
    return _text(described(certificate, network_of(certificate)))


def write_onnx(path: Path, output: Path, floats: FloatFormat, notify: Notify = silent) -> Gap:
    """Writes a certificate's network as ONNX, and `beside` it the exact weights and how far the two are apart.

    Method: the JSON file first: wherever the new model is, its description is, too, and that holds the model's hash.
    Raises: ConstructError for a certificate that is rejected, or about several networks, or where floats cannot hold
    the network; OSError.
    """
    certificate = accepted_certificate(path, notify)
    network = network_of(certificate)
    notify("writing the network down")
    content = described(certificate, network)
    notes = {
        "approxcert.network.sha256": content["sha256"],
        "approxcert.certificate": certificate["hash"]["all"],
    }
    model = onnx_model(network, floats, notes).SerializeToString(deterministic=True)
    content["onnx"] = {
        "file": output.name,
        "sha256": hashlib.sha256(model).hexdigest(),
        "opset": OPSET,
        "type": floats.name,
        "input": INPUT,
        "outputs": [f"level_{r.level}" for _, reads in network.walk() for _, r in reads],
    }
    notify("bounding the rounding")
    gap = export_gap(network, floats)
    content["gap"] = gap.to_json()
    new = not beside(output).exists()
    write_text(_text(content), beside(output))
    try:
        write_bytes(model, output)
    except BaseException:
        if new:
            beside(output).unlink(missing_ok=True)
        raise
    return gap


def beside(output: Path) -> Path:
    """The JSON file of a model: its name with ".json" after it, so that no certificate is overwritten by chance."""
    return output.with_name(output.name + ".json")


def _text(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=1, ensure_ascii=True) + "\n"
