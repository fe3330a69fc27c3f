"""The commands that make a certificate again, from what it holds."""

from __future__ import annotations

import shlex
from typing import Any

from verify.exhibits.certified import Certified

ASKED = ("rtol", "theorem")  # what the producer was asked beside the claim, where it notes its versions
TAKE_TARGET = (
    "python -c 'import json, sys; "
    'json.dump(json.load(open(sys.argv[1]))["target"], open("target.json", "w"))\''
)


def commands(certified: Certified) -> tuple[str, ...]:
    """How to make a certificate of the same claim, and how to check this one."""
    file = shlex.quote(certified.file)
    asked = certified.content["producer"]
    claim, options = _claim(certified.claim, certified.parameters, asked)
    text, first = certified.content["target"].get("text"), ()
    if text is None:
        text, first = "@target.json", (f"{TAKE_TARGET} {file}",)
    target = ["--target", shlex.quote(text), "--dim", str(certified.target.dim)]
    check = " ".join(["approxcert", "check", claim, *target, *options, "-o", "again.json"])
    return (*first, check, f"approxcert recheck {file}")


def _claim(name: str, p: dict[str, Any], asked: dict[str, str]) -> tuple[str, list[str]]:
    """The argument and the options of `approxcert check`."""
    match name:
        case "geometric":
            names = ("base", "levels", "p", "digits", "decoder", "constant", "modulus", "tolerance", "until")
            return name, _options({**{key: p[key] for key in names}, "rtol": asked.get("rtol")})
        case "multigrade":
            further = p["p"][2] if len(p["p"]) > 2 else None
            mesh = {"mesh": f"1/{p['mesh']}", "sweeps": p["sweeps"]}
            return name, _options({**mesh, "p": further, "until": p["until"]})
        case "multiplicative":
            return name, _options(_multiplicative(p))
        case "ladder":
            below = _multiplicative(p["of"]["parameters"])
            return "multiplicative", _options({**below, "ladder": p["rungs"], "order": p["order"]})
    values = [f"--set {shlex.quote(f'{key}={value}')}" for key, value in p["values"].items()]
    return shlex.quote(asked.get("theorem", "path/to/file.py:NAME")), values


def _multiplicative(p: dict[str, Any]) -> dict[str, Any]:
    norm = p["norm"] if p["s"] is None else f"{p['norm']}:{p['s']}"
    return {"mesh": f"1/{p['mesh']}", "degree": p["degree"], "norm": norm, "support": p["support"]}


def _options(values: dict[str, Any]) -> list[str]:
    return [f"--{key} {shlex.quote(str(value))}" for key, value in values.items() if value is not None]
