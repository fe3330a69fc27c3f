"""Certificates that the independent checker has accepted in this run, and the networks that they hold."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from constructs import multigrade, multiplicative
from constructs.errors import ConstructError
from constructs.exact import from_text
from constructs.network import Network
from verify.certificate import ask
from verify.progress import Notify, silent


def accepted_certificate(path: Path, notify: Notify = silent) -> dict[str, Any]:
    """What the file of a certificate holds.

    Method: the file is read once; the checker, in a fresh interpreter, judges exactly what was read.
    Raises: ConstructError, with the checker's message, if it rejects that; OSError.
    """
    read = path.read_bytes()
    status, message = ask(read, notify)
    if status is None:
        raise ConstructError(
            "certificate", "rejected", f"one that the independent checker accepts: {message}"
        )
    return json.loads(read)


def network_of(certificate: dict[str, Any]) -> Network:
    """The network of an accepted certificate, built by the rule of its claim.

    Raises: ConstructError for a claim that is about several networks.
    """
    claim = certificate["claim"]["name"]
    if claim not in _READERS:
        raise ConstructError("claim", claim, f"one about a single network: {', '.join(_READERS)}")
    return _READERS[claim](certificate)


def _written_down(certificate: dict[str, Any]) -> Network:
    return Network.from_json(certificate["network"])


def _multiplicative(certificate: dict[str, Any]) -> Network:
    """verify/CERTIFICATE.md, 12.2: a B-spline that is 0 on the boundary starts two knots before the cube."""
    data, norm = certificate["network"], certificate["claim"]["parameters"]["norm"]
    dim, degree, mesh = data["inputs"], data["degree"], data["mesh"]
    zero = norm == "bessel" and degree >= 2
    first, last = (-2, mesh + 1 - degree) if zero else (-degree, mesh - 1)
    values = np.array([from_text(c) for c in data["coefficients"]], dtype=object)
    return multiplicative.build(values.reshape((last - first + 1,) * dim), degree, mesh, first).network


_READERS: dict[str, Callable[[dict[str, Any]], Network]] = {
    "geometric": _written_down,
    "own": _written_down,
    "multigrade": lambda certificate: multigrade.from_specification(certificate["network"])[0],
    "multiplicative": _multiplicative,
}
