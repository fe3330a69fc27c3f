"""The search: exact ratios against closed forms, no true constant broken, witnesses shrunk and rechecked."""

from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import exact, fraction, step_error, step_shifted

from constructs.errors import ConstructError
from constructs.exact import rational
from constructs.targets.step import StepTarget
from verify import search
from verify.claims import geometric
from verify.cli import main
from verify.constants import proved
from verify.verdict import Status
from verify.witnesses import float_ratio
from verify.witnesses.certified import certified
from verify.witnesses.exact_ratio import ratio
from verify.witnesses.families import families
from verify.witnesses.rationals import profiles, step_target
from verify.witnesses.setting import MOST_PRODUCTS, Setting
from verify.witnesses.shrinking import shrunk, witness
from verify.witnesses.walks import walk

ROOT = Path(__file__).parent.parent
EXPONENTS = [fmpq(1), fmpq(5, 4), fmpq(3, 2), fmpq(2), fmpq(3), None]


def corner(dim: int, eta: Fraction) -> StepTarget:
    return StepTarget((((exact(eta),), (fmpq(1), fmpq(0))),) * dim)


def always() -> bool:
    return True


# Ratios ---------------------------------------------------------------------------------------------------------------


@given(
    st.integers(2, 5), st.integers(0, 2), st.fractions(0, 1, max_denominator=50).filter(lambda e: 0 < e < 1)
)
def test_the_corner_spikes_ratio_by_hand(base: int, level: int, e: Fraction) -> None:
    """f = 1[x < e h]: p = 1: 2(1-e); p = 2: squared 1-e; p = inf: max(e, 1-e), as long as the spike can move away."""
    h = Fraction(1, base**level)
    if level == 0 and e > Fraction(1, 2):
        e = 1 - e
    f = corner(1, e * h)
    at = {p: ratio(f, Setting(1, base, level, p, False)) for p in (fmpq(1), fmpq(2), None)}
    one, two, sup = (at[p] for p in (fmpq(1), fmpq(2), None))
    assert one.error.lo / one.modulus.hi == one.error.hi / one.modulus.lo == exact(2 * (1 - e))
    assert two.error.lo / two.modulus.hi == two.error.hi / two.modulus.lo == exact(1 - e)
    assert sup.error.lo / sup.modulus.hi == sup.error.hi / sup.modulus.lo == exact(max(e, 1 - e))


@given(st.integers(1, 3), st.fractions(0, Fraction(1, 2), max_denominator=30).filter(lambda e: e > 0))
@settings(max_examples=20)
def test_sums_of_spikes_at_p_2_are_orthogonal(dim: int, e: Fraction) -> None:
    r = ratio(corner(dim, e / 2), Setting(dim, 2, 1, fmpq(2), False))
    assert fraction(r.error.lo / r.modulus.hi) == dim * (1 - e)


values = st.fractions(-2, 2, max_denominator=3)


@st.composite
def targets(draw: st.DrawFn, most_dim: int = 2, most_breaks: int = 4) -> StepTarget:
    axes = []
    for _ in range(draw(st.integers(1, most_dim))):
        places = st.integers(1, 23).map(lambda k: Fraction(k, 24))
        breaks = sorted(draw(st.sets(places, min_size=1, max_size=most_breaks)))
        axes.append((breaks, draw(st.lists(values, min_size=len(breaks) + 1, max_size=len(breaks) + 1))))
    return StepTarget(tuple(axes))


@given(targets(), st.integers(2, 3), st.integers(0, 1), st.sampled_from(EXPONENTS), st.booleans())
@settings(max_examples=60)
def test_floats_agree_with_the_exact_ratio(
    f: StepTarget, base: int, level: int, p: fmpq | None, euclidean: bool
) -> None:
    setting = Setting(f.dim, base, level, p, euclidean)
    bounds = ratio(f, setting).enclosure
    seen = float_ratio.ratio(profiles(f), setting)
    if bounds is None:
        assert seen == 0
    else:
        assert seen == pytest.approx(float(fraction(bounds.lo)), rel=1e-8)  # both use the modulus' upper end
        assert bounds.lo <= bounds.hi


@given(targets(2, 3), st.integers(0, 1), st.sampled_from([1, 2, 3]))
@settings(max_examples=25)
def test_both_sides_by_brute_force(f: StepTarget, level: int, p: int) -> None:
    """Means by summing pieces; the modulus at every multiple of 1/24 up to t, where it is attained."""
    n = 2**level
    means = np.empty((n,) * f.dim, dtype=object)
    for k in np.ndindex(means.shape):
        grid = [[fmpq(2 * j + 1, 48) for j in range(24 * i // n, 24 * (i + 1) // n)] for i in k]
        points = np.array(np.meshgrid(*[range(len(g)) for g in grid])).reshape(f.dim, -1).T
        total = sum((f.exact([g[j] for g, j in zip(grid, x, strict=True)]) for x in points.tolist()), fmpq(0))
        means[k] = total / len(points)
    r = ratio(f, Setting(f.dim, 2, level, fmpq(p), False))
    assert fraction(r.error.lo) == step_error(f, means, p) == fraction(r.error.hi)
    shifts = [
        tuple(Fraction(k, 24) if i == axis else Fraction(0) for i in range(f.dim))
        for axis in range(f.dim)
        for k in range(1, 24 // n + 1)
        if k < 24
    ]
    assert fraction(r.modulus.hi) == max(step_shifted(f, s, p) for s in shifts)


# A true constant ------------------------------------------------------------------------------------------------------


@given(targets(3, 4), st.integers(2, 3), st.integers(0, 1), st.sampled_from(EXPONENTS), st.booleans())
@settings(max_examples=80)
def test_no_target_breaks_a_proved_constant(
    f: StepTarget, base: int, level: int, p: fmpq | None, euclidean: bool
) -> None:
    r = ratio(f, Setting(f.dim, base, level, p, euclidean))
    assert not r.exceeds(proved(f.dim, p, euclidean).hi)
    assert not r.exceeds(fmpq(2 * f.dim + 1))
    if p == 1:
        assert not r.exceeds(fmpq(2 * f.dim))


def test_a_true_constant_is_not_decided() -> None:
    for p, constant in ((1, 2), (2, 1), ("3/2", "13/10"), ("inf", 1)):
        result = search("geometric", constant, 1, base=2, level=1, p=p, budget=1)
        assert result.seconds < 10  # of a budget of 1: a loaded machine is not a failure
        assert (result.status, result.verdict) == (Status.UNDECIDED, None)
        assert result.ratio is not None
        assert fmpq(99, 100) < result.ratio.lo <= rational(constant)
        assert result.evaluations > 10


# Candidates -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dim", [1, 2, 10])
@pytest.mark.parametrize("euclidean", [False, True])
def test_families_are_legal(dim: int, euclidean: bool) -> None:
    setting = Setting(dim, 2, 1, fmpq(2), euclidean)
    made = list(families(setting))
    assert len(made) > 10
    for axes in made:
        f = step_target(axes)
        assert f.dim == dim
        assert f.constant() is None
        assert all(len(b) <= setting.most_breaks for b, _ in f.axes)


def test_the_seed_fixes_the_order() -> None:
    """Many candidates on, past the families, hill climbing and CMA-ES, without any clock."""

    def trace(seed: int) -> list[float]:
        setting = Setting(1, 2, 1, fmpq(3, 2), False)
        candidates = walk(setting, seed)
        axes, seen = next(candidates), []
        for _ in range(1200):
            seen.append(float_ratio.ratio(axes, setting))
            axes = candidates.send(seen[-1])
        return seen

    before = np.random.get_state()[1].tolist()  # pyright: ignore[reportArgumentType, reportAttributeAccessIssue]
    assert trace(1) == trace(1) != trace(2)
    assert np.random.get_state()[1].tolist() == before  # pyright: ignore[reportArgumentType, reportAttributeAccessIssue]


# Shrinking ------------------------------------------------------------------------------------------------------------


@given(targets(2, 3), st.sampled_from([fmpq(1), fmpq(2)]), st.booleans())
@settings(max_examples=15)
def test_what_is_shrunk_still_refutes(f: StepTarget, p: fmpq, level_fixed: bool) -> None:
    found = witness(f, Setting(f.dim, 2, 1, p, False))
    bounds = found.ratio.enclosure
    if bounds is None or bounds.lo <= 0:
        return
    constant = bounds.lo * fmpq(3, 4)
    small = shrunk(found, constant, level_fixed, always)
    assert small.ratio.exceeds(constant)
    assert small.ratio == witness(small.target, small.setting).ratio
    assert small.size <= found.size
    assert small.breaks <= found.breaks
    assert small.target.dim == f.dim
    assert small.setting.level <= found.setting.level
    if level_fixed:
        assert small.setting == found.setting
    assert shrunk(small, constant, level_fixed, always).size == small.size


def test_shrinking_finds_the_simplest_spike() -> None:
    found = witness(
        StepTarget(((["1/100", "3/7", "4/5"], ["7/3", "1/50", "1/60", "1/45"]),)),
        Setting(1, 2, 1, fmpq(1), False),
    )
    assert found.ratio.exceeds(fmpq(3, 2))
    small = shrunk(found, fmpq(3, 2), True, always)
    assert small.target == corner(1, Fraction(1, 9))
    assert shrunk(found, fmpq(3, 2), True, lambda: False) == found


def test_a_small_margin_is_certified() -> None:
    f = witness(corner(1, Fraction(1, 9)), Setting(1, 2, 1, fmpq(1), False))
    constant = fmpq(14, 9) - fmpq(1, 2**40)
    verdict = certified(f, constant)
    assert verdict is not None
    assert verdict.accepted
    assert certified(f, fmpq(14, 9)) is None
    assert not f.ratio.exceeds(fmpq(14, 9))


# Command line ---------------------------------------------------------------------------------------------------------


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.mark.parametrize(
    ("arguments", "most_breaks"),
    [
        (["--constant", "3/2", "--p", "1", "--dim", "1", "--base", "2", "--level", "1"], 3),
        (["--constant", "9/10", "--p", "2", "--dim", "1"], 1),
        (["--constant", "7/2", "--p", "1", "--dim", "2"], 2),
        (["--constant", "17/10", "--p", "3/2", "--dim", "2", "--level", "1"], 4),
        (["--constant", "3/2", "--p", "1", "--dim", "2", "--modulus", "euclidean"], 1),
        (["--constant", "19/10", "--p", "inf", "--dim", "2", "--base", "3", "--level", "2"], 2),
    ],
    ids=lambda a: " ".join(a) if isinstance(a, list) else "",
)
def test_a_witness_is_a_certificate(arguments: list[str], most_breaks: int, tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    done = run("search", "geometric", *arguments, "--budget", "60", "-o", str(path), "--json")
    assert done.exit_code == 1, done.output
    said = json.loads(done.stdout)
    assert said["status"] == "refuted"
    assert said["certificate"] == str(path)
    assert sum(len(axis["breaks"]) for axis in said["target"]["axes"]) <= most_breaks
    assert run("recheck", str(path)).exit_code == 1
    content = json.loads(path.read_text())
    assert content["target"] == said["target"]
    assert content["claim"]["parameters"]["constant"] == said["constant"]
    errors = [f for f in content["findings"] if f["property"] == "error"]
    assert errors[-1]["status"] == "refuted"
    assert errors[-1]["level"] == said["parameters"]["level"]
    if "--level" in arguments:
        assert said["parameters"]["level"] == int(arguments[arguments.index("--level") + 1])
    assert float(Fraction(said["constant"])) < said["ratio"][0] <= said["ratio"][1]


def test_not_found_exits_with_3_and_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    common = ["--dim", "1", "--base", "2", "--level", "1", "--budget", "0.5", "-o", str(path)]
    for more in (["--constant", "2", "--p", "1"], ["--constant", "1", "--p", "2"]):
        done = run("search", "geometric", *common, *more)
        assert done.exit_code == 3, done.output
        assert "undecided" in done.stdout
        assert "proved" not in done.stdout.replace("proves nothing", "")
        assert "seed 0" in done.stdout
    assert not path.exists()


def test_it_works_without_asserts(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    command = [
        sys.executable,
        "-O",
        "-m",
        "verify.cli",
        "search",
        "geometric",
        "--constant",
        "3/2",
        "--p",
        "1",
    ]
    done = subprocess.run(
        [*command, "--dim", "1", "-o", str(path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    assert "1 |1/5| 0 in x0" in done.stdout
    assert path.exists()


BAD = [
    (["multigrade"], "claim = multigrade"),
    (["geometrc"], "did you mean 'geometric'"),
    (["geometric", "--constant", "0"], "constant = 0"),
    (["geometric", "--constant", "sharp"], "constant = sharp"),
    (["geometric", "--constant", "nan"], "constant = nan"),
    (["geometric", "--dim", "0"], "dim = 0"),
    (["geometric", "--dim", "11"], "dim = 11"),
    (["geometric", "--base", "1"], "base = 1"),
    (["geometric", "--level", "-1"], "level = -1"),
    (["geometric", "--level", "60"], "level = 60"),
    (["geometric", "--level", "16"], "level = 16"),
    (["geometric", "--p", "1/2"], "p = 1/2"),
    (["geometric", "--modulus", "l1"], "modulus = l1"),
    (["geometric", "--budget", "0"], "budget = 0"),
    (["geometric", "--budget", "nan"], "budget = nan"),
    (["geometric", "--seed", "-1"], "seed = -1"),
    (["geometric", "-o", "/nowhere/at/all.json"], "output"),
]


@pytest.mark.parametrize(("arguments", "named"), BAD, ids=lambda a: str(a)[-30:])
def test_bad_input_is_one_line_and_exit_2(arguments: list[str], named: str) -> None:
    common = ["--constant", "3/2", "--dim", "1"]
    done = run("search", arguments[0], *common, *arguments[1:])
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert named in done.stderr


def test_bad_arguments_in_python() -> None:
    with pytest.raises(ConstructError, match="claim"):
        search("multigrade", 1, 1)
    with pytest.raises(ConstructError, match="products"):
        Setting(10, 2, 2, fmpq(1), False)
    assert geometric(base=2, levels=2).levels == 2
    assert (Setting(10, 2, 1, fmpq(1), False).cells + 1) ** 10 <= MOST_PRODUCTS
