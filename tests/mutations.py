"""Bad certificates: every number changed, every list emptied or shortened, every key removed or doubled, other types.

`survivors` gives the mutants that a checker accepts although nothing shows that they are still true.
Run as a program (also under -O, where asserts are gone) it prints them and exits with their number.
"""

from __future__ import annotations

import copy
import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import islice
from typing import Any

import recompute_multigrade
import recompute_multiplicative
import recompute_own
from recompute import holds, same_function

Path = tuple[str | int, ...]
Checker = Callable[[bytes], str]  # the status, or an exception for a rejection


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def resealed(certificate: dict[str, Any]) -> dict[str, Any]:
    """The certificate with all hashes made anew, as a clever forger would."""
    if not isinstance(certificate, dict) or not isinstance(certificate.get("hash"), dict):
        return certificate
    parts = {
        k: hashlib.sha256(canonical(certificate.get(k))).hexdigest() for k in ("claim", "target", "network")
    }
    body = {**certificate, "hash": parts}
    return {**certificate, "hash": {**parts, "all": hashlib.sha256(canonical(body)).hexdigest()}}


def walk(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(inner, (*path, key))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from walk(inner, (*path, i))


def fraction(text: str) -> Fraction | None:
    try:
        if "p" in text:
            sign, rest = (-1, text[1:]) if text.startswith("-") else (1, text)
            mantissa, exponent = rest.split("p")
            return sign * int(mantissa, 16) * Fraction(2) ** int(exponent)
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None


def replacements(value: Any) -> Iterator[Any]:
    """Other values for one place."""
    yield from (
        x for x in (None, True, [], {}, "nan", 1.5, -1, 10**30) if type(x) is not type(value) or x != value
    )
    if isinstance(value, bool) or value is None:
        yield "1/2"
    elif isinstance(value, int):
        yield from (value + 1, value - 1, str(value))
    elif isinstance(value, str):
        number = fraction(value)
        if number is None:
            yield from (value + "x", "")
            yield from (
                s for s in ("proved", "refuted", "undecided", "paper", "axis", "euclidean") if s != value
            )
        else:
            for other in (
                number + 1,
                number - 1,
                -number,
                number * Fraction(1001, 1000),
                number * Fraction(999, 1000),
            ):
                if other != number:
                    yield str(other)
            yield from (f"{value}/1", f"{value} ", "inf", "1e5", "0x1p999999999", "9" * 5000)
    elif isinstance(value, list):
        yield from (value[:-1], value[1:], [*value, value[-1]], value[::-1]) if value else ([0],)
    elif isinstance(value, dict):
        for key in value:
            yield {k: v for k, v in value.items() if k != key}
            yield {(k + "x" if k == key else k): v for k, v in value.items()}
        yield {**value, "extra": 1}


def put(certificate: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    changed = copy.deepcopy(certificate)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return changed


def mutants(certificate: dict[str, Any]) -> Iterator[tuple[Path, Any, dict[str, Any]]]:
    """(place, new value, whole mutant with fresh hashes); mutants equal to the original are left out."""
    original = canonical(certificate)
    for path, value in walk(certificate):
        if path[:1] == ("hash",):
            continue
        for other in replacements(value):
            mutant = resealed(put(certificate, path, other))
            if canonical(mutant) != original:
                yield path, other, mutant


def textual_mutants(certificate: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """Mutants of the file: truncated, doubled keys, NaN, deep nesting, huge integers, bytes that are no text."""
    text = json.dumps(certificate).encode()
    for cut in range(0, len(text), max(len(text) // 40, 1)):
        yield f"truncated at {cut}", text[:cut]
    names = (
        "format",
        "findings",
        "bias",
        "status",
        "level",
        "error",
        "weights",
        "offset",
        "steps",
        "supremum",
    )
    for key in (name for name in names if f'"{name}":' in json.dumps(certificate)):
        yield f"{key} doubled", text.replace(f'"{key}":'.encode(), f'"{key}": 0, "{key}":'.encode(), 1)
        yield f"{key} NaN", text.replace(f'"{key}":'.encode(), f'"{key}": NaN, "{key}x":'.encode(), 1)
    yield "nested", b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    yield "list nested", b"[" * 1_000_000
    yield "huge integer", text.replace(b'"version": 1', b'"version": 1' + b"0" * 100_000)
    yield "infinite", text.replace(b'"version": 1', b'"version": Infinity')
    yield "no text", b"\xff\xfe" + text
    yield "surrogate", text.replace(certificate["claim"]["name"].encode(), b"\\ud800")
    yield "empty", b""
    yield "two", text + text
    for key in certificate["hash"]:
        forged = {**certificate, "hash": {**certificate["hash"], key: "0" * 64}}
        yield f"hash {key}", json.dumps(forged).encode()
    for part in ("claim", "target", "network", "evidence", "findings", "status", "producer"):
        yield (
            f"{part} without new hashes",
            json.dumps(put(certificate, (part,), {} if certificate[part] else 0)).encode(),
        )


def first_level(certificate: dict[str, Any], eps: Fraction | None) -> int | None:
    """The first level whose stated error is at most eps (p an integer)."""
    if eps is None:
        return None
    limit = eps ** int(certificate["claim"]["parameters"]["p"])
    errors = [
        (f["level"], fraction(f["error"][1])) for f in certificate["findings"] if f["property"] == "error"
    ]
    return next((level for level, error in errors if error is not None and error <= limit), None)


def still_true(certificate: dict[str, Any], path: Path, other: Any) -> bool:
    """Whether a change leaves a true statement: texts for people, bounds made weaker, or shown by recomputing.

    The original was accepted, so its enclosures hold the truth, and a wider enclosure holds it too. A change of
    network, target, claim or shift is judged by the producer's quantities, the other implementation of the format.
    """
    if path[:1] == ("producer",) or (path[:1] == ("network",) and path[-1] in ("name", "role")):
        return True
    old: Any = certificate
    for key in path:
        old = old[key]
    if certificate["claim"]["name"] != "geometric":
        return recomputed(certificate, path, old, other)
    if path == ("claim", "parameters", "tolerance"):
        # a recipe for building, and a part of the claim only through C = sharp, which is stated and compared
        return certificate["claim"]["parameters"]["constant"] != "sharp"
    if path == ("claim", "parameters", "until"):
        return first_level(certificate, fraction(other)) == certificate["findings"][-1]["level"]
    if path[0] in ("network", "target", "claim") or "shift" in path or path[-1] == "delta":
        mutant = put(certificate, path, other)
        return (path[0] == "network" and same_function(certificate, mutant)) or holds(mutant)
    if path == ("evidence", "lipschitz", "grid"):
        return isinstance(other, int)  # K was compared with the gradients on that grid
    if (
        path[-1] == "halvings"
    ):  # how the error was enclosed: whatever was looked at, the ends were found to hold
        return type(other) is int and 0 <= other <= 24
    if path[-1] == "slack":
        share = fraction(other) if isinstance(other, str) and old is not None else None
        return share is not None and 0 < share < 1
    if path[-2:] == ("modulus", 1) and (old is None or other is None):
        return True  # an upper end may be left out; one that is stated was compared
    if path[-1] in ("grid", "contains") or not (isinstance(old, str) and isinstance(other, str)):
        return False
    before, after = fraction(old), fraction(other)
    if before is None or after is None or path[0] not in ("findings", "evidence"):
        return False
    if path[-1] == 0 or path[-1] == "bound":
        return after < before
    return (path[-1] == 1 or path[-1] == "K") and after > before


def recomputed(certificate: dict[str, Any], path: Path, old: Any, other: Any) -> bool:
    """For an expression wider enclosures are true; everything else is judged by the producer's quantities."""
    own = certificate["claim"]["name"] == "own"
    if own and path[:3] in (("claim", "parameters", "title"), ("claim", "parameters", "source")):
        return isinstance(other, str)
    if own and path[:3] == ("claim", "parameters", "values"):
        return True  # for people
    if not own and path[0] == "findings" and path[-1] in (0, 1) and isinstance(other, str):
        before, after = fraction(old), fraction(other)
        if before is not None and after is not None and certificate["target"]["kind"] == "expression":
            return after < before if path[-1] == 0 else after > before
    module = {
        "multigrade": recompute_multigrade,
        "multiplicative": recompute_multiplicative,
        "ladder": recompute_multiplicative,
        "own": recompute_own,
    }
    return module[certificate["claim"]["name"]].holds(put(certificate, path, other))


def confirmed(certificate: dict[str, Any], path: Path, other: Any) -> bool:
    try:
        return still_true(certificate, path, other)
    except Exception:
        return False  # what cannot be recomputed is not confirmed


def survivors(certificate: dict[str, Any], check: Checker, stride: int = 1) -> list[str]:
    """The mutants (every stride-th of them) that were accepted and are not known to be true."""
    out = []
    for path, other, mutant in islice(mutants(certificate), 0, None, stride):
        try:
            status = check(json.dumps(mutant).encode())
        except Exception:  # any exception is a rejection here; the exit status of the program is tested apart
            continue
        if not confirmed(certificate, path, other):
            out.append(f"{'.'.join(map(str, path))} := {json.dumps(other)[:80]} accepted as {status}")
    for name, data in textual_mutants(certificate):
        try:
            out.append(f"{name}: accepted as {check(data)}")
        except Exception:
            continue
    return out


def main(paths: list[str]) -> int:
    """Mutates the certificates in the files given: every fifth mutant, as this runs in a process of its own."""
    import check  # beside us on the path: the trusted file alone

    found = []
    for path in paths:
        with open(path, "rb") as file:
            data = file.read()
        print(check.recheck(data), path)
        found += survivors(json.loads(data), check.recheck, stride=5)
    print(*found, f"{len(found)} survivors", sep="\n")
    return min(len(found), 100)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
