"""Every theorem of the folder examples is what its file says: true for these parameters, or false."""

from __future__ import annotations

from typing import Any

import pytest
from own_examples import FOLDER, example

from constructs.exact import from_text
from verify.theorem import Theorem
from verify.verdict import Status

TRUE = [
    *(("yarotsky_square:yarotsky", {"m": m}) for m in (1, 2, 3, 6, 12)),
    *(("yarotsky_product:product", {"m": m}) for m in (1, 2, 3)),
    *(("telgarsky_sawtooth:telgarsky", {"m": m}) for m in (1, 2, 5, 10)),
    *(("minimal_width:square", {"n": n}) for n in (1, 2, 7, 40)),
    ("minimal_width:roof", {}),
]
FALSE = [
    *(("yarotsky_square:too_good", {"m": m}) for m in (1, 2, 6, 12)),
    *(("yarotsky_product:as_good_as_the_square", {"m": m}) for m in (1, 3, 6)),
    *(("telgarsky_sawtooth:one_layer", {"m": m}) for m in (3, 5, 8)),
    *(("telgarsky_sawtooth:rising", {"m": m}) for m in (1, 5)),
]


@pytest.mark.parametrize(("name", "values"), TRUE, ids=str)
def test_true_ones_are_proved(name: str, values: dict[str, Any]) -> None:
    claim = example(name)(**values)
    assert claim.judge(claim.target).status is Status.PROVED


@pytest.mark.parametrize(("name", "values"), FALSE, ids=str)
def test_false_ones_are_refuted(name: str, values: dict[str, Any]) -> None:
    claim = example(name)(**values)
    verdict = claim.judge(claim.target)
    assert verdict.status is Status.REFUTED
    for f in verdict.findings:
        if f.status is Status.REFUTED:
            assert f.stated["witness"]


@pytest.mark.parametrize("m", [1, 4, 9])
def test_yarotskys_error_is_exactly_the_one_of_the_paper(m: int) -> None:
    claim = example("yarotsky_square:yarotsky")(m=m)
    last = claim.judge(claim.target).findings[-1]
    assert last.stated["error"] == [f"1/{4 ** (m + 1)}"] * 2 == [last.stated["bound"]] * 2
    x = from_text(last.stated["witness"][0])
    assert (x * 2 ** (m + 1)).q == 1
    assert int((x * 2 ** (m + 1)).p) % 2 == 1  # a midpoint


def test_every_theorem_of_the_folder_is_tried() -> None:
    named = {name for name, _ in TRUE + FALSE}
    for path in FOLDER.glob("*.py"):
        words = path.read_text().splitlines()
        found = {f"{path.stem}:{line.split(' =')[0]}" for line in words if line.endswith("= theorem(")}
        assert found <= named
        assert found
        assert all(isinstance(example(name), Theorem) for name in found)
