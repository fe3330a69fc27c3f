"""Large certificates as Coq files: the kernel accepts them, and none of which one entry, weight or bound was changed by
more than there is room for.
"""

from __future__ import annotations

import dataclasses
import re
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from coq_certificates import saved, wrong_entry
from coq_missing import needs_coq
from flint import fmpq

from constructs import targets
from constructs.errors import ConstructError
from constructs.targets.kuhn import KuhnTarget
from verify import claims
from verify.kernel import coq, library
from verify.kernel.export import SECONDS, coq_text, kernel_recheck

pytestmark = pytest.mark.slow
RATIONAL = r"\((-?\d+) # (\d+)\)"


@dataclasses.dataclass(frozen=True)
class Large:
    """What a certificate is of; cells or grades, and the shape of its tables."""

    target: Any
    claim: Any
    size: int
    dim: int = 1
    base: int = 2
    levels: int = 0


def _bowl() -> KuhnTarget:
    """50 x 50 cubes."""
    x, y = np.indices((51, 51)) / 50
    values = np.round(1000 * (np.abs(x - 0.6) + (y - 0.4) ** 2 + 0.5)).astype(int)
    return KuhnTarget(50, np.vectorize(lambda v: fmpq(int(v), 1000), otypes=[object])(values))


EXAMPLES = {
    "Kuhn": Large(_bowl(), claims.geometric(10, 2, "inf", constant="sharp"), 10**4, 2, 10, 2),
    "sine": Large(
        targets.expression("sin(7*x0)+2", 1),
        claims.geometric(2, 17, "inf", constant="sharp"),
        2**17,
        1,
        2,
        17,
    ),
    "two variables": Large(
        targets.expression("exp(-x0*x1)*sin(3*x0+x1)", 2),
        claims.geometric(2, 8, "inf", constant="sharp"),
        2**16,
        2,
        2,
        8,
    ),
    "two sines": Large(
        targets.expression("abs(x0-1/3)+x0**2", 1),
        claims.geometric(2, 5, "inf", decoder="two-sine", constant="sharp"),
        32,
        levels=5,
    ),
    "multigrade": Large(_bowl(), claims.multigrade("1/10", 2), 555, 2),
}
TABLES = ["Kuhn", "sine", "two variables"]


@cache
def certificate(name: str) -> dict[str, Any]:
    return EXAMPLES[name].claim.judge(EXAMPLES[name].target).certificate


@cache
def honest(name: str) -> str:
    """The Coq file of a certificate."""
    with tempfile.TemporaryDirectory() as folder:
        return coq_text(saved(certificate(name), Path(folder) / "c.json"))


def refused(text: str, tmp_path: Path) -> bool:
    """Whether the kernel computes that the file's claim is false."""
    file = tmp_path / "Certificate.v"
    file.write_text(text)
    ran = coq.compile_file(file, library.compiled(lambda _: None), SECONDS)
    assert ran.accepted or re.search(r'eq_refl"? has type', ran.error), ran.error
    return not ran.accepted


def replaced(text: str, pattern: str, change: Any) -> str:
    """The last place that the pattern finds, changed."""
    *_, found = re.finditer(pattern, text, flags=re.DOTALL)
    new = text[: found.start()] + change(found) + text[found.end() :]
    assert new != text
    return new


def finest_bound(text: str) -> fmpq:
    [listed] = re.findall(r"bounds : list Q := \[(.*?)\]", text, flags=re.DOTALL)
    p, q = re.findall(RATIONAL, listed)[-1]
    return fmpq(int(p), int(q))


def with_another_entry(text: str, example: Large) -> str:
    """The field of the cell in the middle of the finest table becomes 0 or the largest there is, what is farther."""
    level, cell = example.levels, example.size // 2
    bits, per = map(int, re.findall(rf"LevelData (\d+) (\d+) words{level} ", text)[0])
    shift, largest = bits * (per - 1 - cell % per), 2**bits - 1

    def change(found: re.Match[str]) -> str:
        words = found[2].split("; ")
        word = int(words[cell // per], 16)
        field = word >> shift & largest
        words[cell // per] = hex(word + ((0 if field > largest // 2 else largest) - field << shift))
        return found[1] + "; ".join(words)

    return replaced(text, rf"(Definition words{level} : array int := \(\[\| )([^|]*?)(?= \|)", change)


def with_another_weight(text: str) -> str:
    """The value of level 0, a bias of the network, grows by twice the finest bound."""
    more = 2 * finest_bound(text)

    def change(found: re.Match[str]) -> str:
        value = fmpq(int(found[2]), int(found[3])) + more
        return f"{found[1]}({value.p} # {value.q})"

    return replaced(text, rf"(value0 : Q := ){RATIONAL}", change)


def with_another_bound(text: str) -> str:
    """An eighth of the finest one."""
    return replaced(
        text, rf"{RATIONAL}\n\]\.\nDefinition splits", lambda m: m[0].replace(m[1], str(int(m[1]) // 8))
    )


@needs_coq
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_kernel_accepts(name: str, tmp_path: Path) -> None:
    answer = kernel_recheck(saved(certificate(name), tmp_path / "c.json"), lambda _: None)
    assert (answer.accepted, answer.error) == (True, "")


@needs_coq
@pytest.mark.parametrize("name", TABLES)
def test_the_size_is_as_said(name: str) -> None:
    example = EXAMPLES[name]
    assert example.base ** (example.dim * example.levels) == example.size
    assert f"levels 0 to {example.levels})" in honest(name)


@needs_coq
@pytest.mark.parametrize("name", TABLES)
def test_another_table_entry_is_refused(name: str, tmp_path: Path) -> None:
    assert refused(with_another_entry(honest(name), EXAMPLES[name]), tmp_path)


@needs_coq
@pytest.mark.parametrize("name", TABLES)
def test_another_weight_is_refused(name: str, tmp_path: Path) -> None:
    assert refused(with_another_weight(honest(name)), tmp_path)


@needs_coq
@pytest.mark.parametrize("name", TABLES)
def test_another_bound_is_refused(name: str, tmp_path: Path) -> None:
    assert refused(with_another_bound(honest(name)), tmp_path)


@needs_coq
@pytest.mark.parametrize("name", TABLES)
def test_a_certificate_with_another_entry_is_not_written(name: str, tmp_path: Path) -> None:
    """Sealed again, its network the construction's of the changed table: an entry of level 1, on which all build.

    At the finest level of two variables the constant leaves room for any entry.
    """
    example = EXAMPLES[name]
    other = wrong_entry(certificate(name), example.dim, example.base, 1)
    with pytest.raises(ConstructError, match=r"target = .*: expected one whose error on"):
        coq_text(saved(other, tmp_path / "c.json"))


SINE_LEVEL = rf"(SineLevel \(Sines {RATIONAL} {RATIONAL} \()(\d+)(\)\) \d+ )\((\d+) # "


@needs_coq
@pytest.mark.parametrize("change", ["weight", "bound"])
def test_two_sines_with_another_number_are_refused(change: str, tmp_path: Path) -> None:
    """Of the finest level."""

    def changed(m: re.Match[str]) -> str:
        if change == "weight":
            return f"{m[1]}{int(m[6]) + 1000}{m[7]}({m[8]} # "
        return f"{m[1]}{m[6]}{m[7]}({int(m[8]) // 8} # "

    assert refused(replaced(honest("two sines"), SINE_LEVEL, changed), tmp_path)


@needs_coq
@pytest.mark.parametrize(
    ("pattern", "old", "new"),
    [
        (r"\(\[\d+;\d+\],(-?\d+)\)\n?\]%Z", lambda m: m[1], lambda m: str(int(m[1]) * 2)),  # the last step
        (r"Sweep \d+ sweep2 \((\d+) # \d+\)", lambda m: f"({m[1]} #", lambda m: f"({int(m[1]) * 9 // 10} #"),
    ],
)
def test_multigrade_with_another_number_is_refused(pattern: str, old: Any, new: Any, tmp_path: Path) -> None:
    text = honest("multigrade")
    assert len(re.findall(r"\(\[\d+;\d+\],-?\d+\)", text)) == EXAMPLES["multigrade"].size
    assert refused(replaced(text, pattern, lambda m: m[0].replace(old(m), new(m))), tmp_path)


@needs_coq
def test_multigrade_of_another_target_is_refused(tmp_path: Path) -> None:
    """The first of its nodal values, a thousand times its distance from the next."""
    text = honest("multigrade")
    changed = replaced(text, r"(nodal : array int := \(\[\| )(\d+);", lambda m: f"{m[1]}{int(m[2]) + 10**6};")
    assert refused(changed, tmp_path)
