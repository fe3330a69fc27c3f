"""Sharpness: proved constants, the folder of witnesses, and the facts that docs/sharpness.md states."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st
from oracles import fraction

from constructs.errors import ConstructError
from constructs.targets.step import StepTarget
from verify import sharpness as module
from verify.cli import main
from verify.constants import is_sharp, proved
from verify.powers import power
from verify.sharpness import sharpness
from verify.verdict import Status
from verify.witnesses.exact_ratio import ratio
from verify.witnesses.setting import Setting
from verify.witnesses.shrinking import Witness, witness
from verify.witnesses.store import Store, better, stated_constant


def spike(dim: int, eta: str) -> StepTarget:
    return StepTarget((((eta,), (1, 0)),) * dim)  # pyright: ignore[reportArgumentType]


ONE = fmpq(1)


def at(dim: int, eta: str, p: fmpq | None = ONE) -> Witness:
    return witness(spike(dim, eta), Setting(dim, 2, 1, p, False))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


# Constants ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dim", [1, 2, 3, 7])
@pytest.mark.parametrize("p", [fmpq(1), fmpq(5, 4), fmpq(3, 2), fmpq(2), fmpq(5, 2), fmpq(3), fmpq(8)])
def test_constants_against_floats(dim: int, p: fmpq) -> None:
    x = float(fraction(p))
    expected = dim ** (1 / x) * 2 ** (2 / x - 1) if x <= 2 else dim ** (1 - 1 / x)
    bounds = proved(dim, p, False)
    assert bounds.lo <= bounds.hi
    assert float(fraction(bounds.lo)) == pytest.approx(expected, rel=1e-14)
    assert bounds.hi <= dim * power(fmpq(2), 1 / p).hi  # the constants of docs/geometric.md are no smaller
    assert proved(dim, p, True) == bounds


def test_the_known_constants() -> None:
    for dim in (1, 2, 5):
        assert proved(dim, fmpq(1), False).hi == 2 * dim
        assert proved(dim, None, False).hi == dim
        squared = proved(dim, fmpq(2), False)
        assert squared.lo**2 <= dim <= squared.hi**2
    assert [int(proved(d, None, True).hi.p) for d in (1, 2, 4, 5, 9, 10)] == [1, 2, 2, 3, 3, 4]
    assert all(proved(1, p, False).hi == 1 for p in (fmpq(2), fmpq(3), fmpq(7, 2), None))


@pytest.mark.parametrize("dim", [1, 2])
@pytest.mark.parametrize("p", [fmpq(1), fmpq(3, 2), fmpq(2), fmpq(3), None])
def test_sharp_is_said_where_spikes_get_close(dim: int, p: fmpq | None) -> None:
    widths = ["1/4", "1/16", "1/256", "1/65536"]
    ratios = [witness(spike(dim, w), Setting(dim, 2, 0, p, False)).ratio.enclosure for w in widths]
    constant = proved(dim, p, False).hi
    reached = max(fraction(r.lo) for r in ratios if r is not None)
    assert reached <= fraction(constant)
    assert (reached > fraction(constant) * Fraction(999, 1000)) == is_sharp(dim, p, False)
    assert not (dim > 1 and is_sharp(dim, p, True))


@given(st.lists(st.fractions(-3, 3, max_denominator=4), min_size=2, max_size=6), st.sampled_from([2, 3, 4]))
def test_the_inequality_behind_the_constants(sample: list[Fraction], p: int) -> None:
    """E|X - EX|^p <= 1/2 E|X - X'|^p for p >= 2, which two values with equal chances attain at p = 2."""
    n = len(sample)
    mean = sum(sample, Fraction(0)) / n
    left = sum((abs(x - mean) ** p for x in sample), Fraction(0)) / n
    right = sum((abs(x - y) ** p for x, y in product(sample, sample)), Fraction(0)) / n**2
    assert 2 * left <= right
    ends = [min(sample), max(sample)]
    assert sum(((ends[1] - ends[0]) / 2) ** 2 for _ in ends) / 2 == (ends[1] - ends[0]) ** 2 / 4


# The folder -----------------------------------------------------------------------------------------------------------


def test_a_witness_is_replaced_by_a_better_one_only(tmp_path: Path) -> None:
    store = Store(tmp_path / "deep" / "results")
    question = (1, fmpq(1), False)
    assert store.load(*question) is None
    assert store.offer(at(1, "1/16"))
    first = store.path(*question).read_bytes()
    assert not store.offer(at(1, "1/16"))
    assert not store.offer(at(1, "1/8"))
    assert store.path(*question).read_bytes() == first
    known = store.load(*question)
    assert known is not None
    assert known.target == spike(1, "1/16")
    assert known.ratio == ratio(spike(1, "1/16"), Setting(1, 2, 1, fmpq(1), False))
    assert store.offer(at(1, "1/64"))
    assert run("recheck", str(store.path(*question))).exit_code == 1
    assert [f.name for f in store.folder.iterdir()] == ["geometric-d1-p1-axis.json"]


@given(st.integers(2, 10**6), st.sampled_from([fmpq(1), fmpq(3, 2), None]))
def test_the_stated_constant_is_just_below_the_ratio(k: int, p: fmpq | None) -> None:
    w = at(1, f"1/{4 * k}", p)
    constant, bounds = stated_constant(w), w.ratio.enclosure
    assert constant is not None
    assert bounds is not None
    assert fmpq(1, 2**16) <= bounds.lo - constant <= fmpq(1, 2**13)
    assert w.ratio.exceeds(constant)
    assert better(w, None)
    assert not better(w, w)


def test_files_that_are_no_witnesses_are_refused(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.offer(at(1, "1/16"))
    path = store.path(1, fmpq(1), False)
    other = store.path(1, fmpq(2), False)
    other.write_bytes(path.read_bytes())
    with pytest.raises(ConstructError, match="as in its name"):
        store.load(1, fmpq(2), False)
    path.write_text(path.read_text().replace('"refuted"', '"proved"'))
    with pytest.raises(ConstructError, match="recheck accepts"):
        store.load(1, fmpq(1), False)
    done = run("sharpness", "geometric", "--results", str(tmp_path), "--budget", "0.1")
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)


# The table ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def fewer_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "DIMS", (1, 2))
    monkeypatch.setattr(module, "EXPONENTS", (fmpq(1), fmpq(3, 2), None))


@pytest.mark.usefixtures("fewer_rows")
def test_the_table_grows(tmp_path: Path) -> None:
    folder = tmp_path / "results"
    done = run("sharpness", "geometric", "--results", str(folder), "--budget", "4")
    assert done.exit_code == 0, done.output
    assert "in the limit" in done.stdout
    assert "open" in done.stdout
    before = {f.name: f.read_bytes() for f in folder.iterdir()}
    assert "geometric-d1-p1-axis.json" in before
    again = run("sharpness", "geometric", "--results", str(folder), "--budget", "4", "--seed", "3", "--json")
    assert again.exit_code == 0, again.output
    said = json.loads(again.stdout)
    assert len(said["rows"]) == 9
    assert (
        [r["certificate"] is None for r in said["rows"]].count(False)
        == len(list(folder.iterdir()))
        >= len(before)
    )
    for row in said["rows"]:
        if row["certificate"] is None:  # no time was left for this row
            assert (row["ratio"], row["gap"], row["witness"], row["improved"]) == (None, None, None, False)
            continue
        assert row["ratio"][0] <= row["ratio"][1]
        assert row["ratio"][0] <= row["proved"]
        assert row["gap"] >= row["proved"] - row["ratio"][0] - 1e-12
        path = Path(row["certificate"])
        assert (path.read_bytes() != before.get(path.name)) == row["improved"]
        assert run("recheck", row["certificate"]).exit_code == 1
        content = json.loads(path.read_text())
        assert float(Fraction(content["claim"]["parameters"]["constant"])) < row["ratio"][1]
    assert said["rows"][0]["ratio"][0] > 1.9


def test_bad_input(tmp_path: Path) -> None:
    for arguments, named in (
        (["multigrade"], "claim = multigrade"),
        (["geometric", "--budget", "-1"], "budget = -1"),
        (["geometric", "--seed", "-1"], "seed = -1"),
        (["geometric", "--results", str(Path(__file__))], "results"),
    ):
        done = run(
            "sharpness", *arguments, *(["--results", str(tmp_path)] if "--results" not in arguments else [])
        )
        assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert named in done.stderr


@pytest.mark.usefixtures("fewer_rows")
def test_a_contradiction_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from verify.powers import Enclosure

    monkeypatch.setattr(module, "DIMS", (1,))
    monkeypatch.setattr(module, "EXPONENTS", (fmpq(1),))
    monkeypatch.setattr(module, "proved", lambda *_: Enclosure.exact(fmpq(3, 2)))
    result = sharpness("geometric", tmp_path, budget=3)
    assert result.status is Status.REFUTED
    assert run("sharpness", "geometric", "--results", str(tmp_path), "--budget", "1").exit_code == 1


# The best constant of each cell: facts of docs/sharpness.md -----------------------------------------------------------

WORD = "1111111111011011000010101000000000"  # the 34 equal pieces of the witness for medians


def largest_shift(word: str) -> int:
    """max over k of the number of places where the word differs from itself moved by k."""
    return max(sum(a != b for a, b in zip(word, word[k:], strict=False)) for k in range(1, len(word)))


def test_the_witness_for_medians() -> None:
    """f = 0 or 1 by the word; half of it is 1, so the median's error is 1/2; omega_1(f, 1) = 11/34."""
    n, ones = len(WORD), WORD.count("1")
    assert Fraction(min(ones, n - ones), largest_shift(WORD)) == Fraction(17, 11)
    breaks = [k for k in range(1, n) if WORD[k] != WORD[k - 1]]
    values = [WORD[k] for k in (0, *breaks)]
    f = StepTarget((([fmpq(k, n) for k in breaks], values),))  # pyright: ignore[reportArgumentType]
    r = ratio(f, Setting(1, 2, 0, fmpq(1), False))
    assert r.modulus.lo == r.modulus.hi == fmpq(11, 34)


def test_medians_never_reach_the_bound() -> None:
    """All words of at most 11 letters: the ratio stays below 1 + 1/sqrt(2)."""
    for n in range(2, 12):
        for k in range(1, n // 2 + 1):
            for places in combinations(range(n), k):
                word = "".join("1" if i in places else "0" for i in range(n))
                assert Fraction(k, largest_shift(word)) < Fraction(17071, 10000)


def test_midranges_halve_the_constant_at_infinity() -> None:
    for dim in (1, 2, 3):
        r = witness(spike(dim, "1/4"), Setting(dim, 2, 0, None, False)).ratio
        top = spike(dim, "1/4").exact([0] * dim)
        assert r.modulus.hi == 1
        assert top is not None
        assert fraction(top / 2) == Fraction(dim, 2)  # the distance of the midrange d/2 to both ends


def test_medians_of_spikes_keep_their_measure() -> None:
    """Sums of narrow corner spikes have median 0: ratio d instead of nearly 2d."""
    eta = Fraction(1, 32)
    for dim in (1, 2, 3):
        f = spike(dim, str(eta))
        counts = np.zeros(dim + 1, dtype=object)
        for inside in product((0, 1), repeat=dim):
            counts[sum(inside)] += (eta ** sum(inside)) * (1 - eta) ** (dim - sum(inside))
        assert counts[0] > Fraction(1, 2)  # so the median is 0
        error = sum((k * c for k, c in enumerate(counts)), Fraction(0))
        modulus = fraction(ratio(f, Setting(dim, 2, 0, fmpq(1), False)).modulus.hi)
        assert error / modulus == dim
