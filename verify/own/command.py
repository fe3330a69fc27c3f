"""What the command line makes of --set, --target and --dim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from constructs import targets
from constructs.errors import ConstructError
from constructs.targets.base import Target
from verify.own.claim import OwnClaim
from verify.theorem import Theorem


def asked(
    theorem: Theorem,
    target: str | None,
    dim: int | None,
    values: Sequence[str],
    options: Mapping[str, Any],
) -> tuple[OwnClaim, Target]:
    """The claim with its parameters, and the target: the theorem's own unless one is given.

    Requires: values: texts NAME=VALUE; options: those of the library's claims, None where not given.
    Raises: ConstructError.
    """
    for name, given in options.items():
        if given is not None:
            raise ConstructError(f"--{name}", given, "--set NAME=VALUE only, with a claim of one's own")
    claim = theorem(**dict(_pair(text) for text in values))
    if target is not None:
        return claim, targets.parse(target, claim.default_dim if dim is None else dim)
    if dim is not None:
        raise ConstructError("--dim", dim, "a --target beside it")
    return claim, claim.target


def refuse(values: Sequence[str]) -> None:
    """No --set for a claim of the library. Raises: ConstructError."""
    if values:
        raise ConstructError("--set", values[0], "path/to/file.py:NAME as the claim")


def both(target: str | None, dim: int | None) -> tuple[str, int]:
    """Target and dimension, which a claim of the library needs. Raises: ConstructError."""
    if target is None:
        raise ConstructError("--target", "none", "a text; approxcert targets lists some")
    if dim is None:
        raise ConstructError("--dim", "none", "the dimension of the cube")
    return target, dim


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise ConstructError("--set", text, "NAME=VALUE")
    return name.strip(), value.strip()
