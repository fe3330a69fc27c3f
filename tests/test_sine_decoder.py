"""The two-sine decoder against mpmath: what is certified is true, what cannot be done is said."""

from __future__ import annotations

import math
import random

import mpmath
import numpy as np
import pytest
from flint import arb, ctx, fmpq, fmpz
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs.errors import ConstructError
from constructs.lattice import Ladder, phases, reweighted
from constructs.sine_decoder import SineWeight, fewest_bits, find_weight, sine_values
from constructs.sine_search import SineSearchError

TOLERANCES = [fmpq(1, 4), fmpq(1, 8), fmpq(1, 13), fmpq(1, 16), fmpq(1, 20)]


ROUNDING = mpmath.mpf(10) ** -55  # of the oracle, far below what is claimed


def oracle(weight: int, J: int) -> mpmath.mpf:
    """sin(weight sin(1+J)) to 60 digits or more, without flint."""
    with mpmath.workdps(80 + len(str(weight))):
        return mpmath.sin(weight * mpmath.sin(1 + J))


def as_mpf(value: fmpq) -> mpmath.mpf:
    with mpmath.workdps(400):
        return mpmath.mpf(int(value.p)) / int(value.q)


def ends(ball: arb) -> tuple[mpmath.mpf, mpmath.mpf]:
    """Midpoint and radius of a ball, exactly."""
    (m, e), (r, f) = ball.mid().man_exp(), ball.rad().man_exp()
    with mpmath.workdps(2000):
        return mpmath.ldexp(mpmath.mpf(int(m)), int(e)), mpmath.ldexp(mpmath.mpf(int(r)), int(f))


def assert_true(found: SineWeight, wanted: list[fmpq], tolerance: fmpq) -> None:
    """Every claim of a SineWeight, checked with mpmath."""
    assert len(found.values) == len(wanted)
    assert found.error <= tolerance
    assert found.bits_per_cell == (found.weight.bit_length() / len(wanted) if wanted else 0)
    with mpmath.workdps(60):
        errors = [abs(oracle(found.weight, J) - as_mpf(y)) for J, y in enumerate(wanted)]
        worst = max(errors, default=mpmath.mpf(0))
        assert worst <= as_mpf(found.error) + ROUNDING
        assert as_mpf(found.error) - worst <= mpmath.mpf(2) ** -80  # an upper bound, and not a lazy one
        assert worst <= as_mpf(tolerance) + ROUNDING
        for J, ball in enumerate(found.values):
            middle, radius = ends(ball)
            assert radius <= mpmath.mpf(2) ** -80
            assert abs(oracle(found.weight, J) - middle) <= radius + ROUNDING


def random_values(count: int, seed: int) -> list[fmpq]:
    draw = random.Random(seed)
    return [fmpq(draw.randint(-(10**6), 10**6), 10**6) for _ in range(count)]


unit = st.fractions(-1, 1, max_denominator=10**4).map(lambda x: fmpq(x.numerator, x.denominator))


@given(st.lists(unit, max_size=12), st.sampled_from(TOLERANCES))
@settings(max_examples=150, deadline=None)
def test_found_weights_satisfy_their_claims(wanted, tolerance):
    assert_true(find_weight(wanted, tolerance), wanted, tolerance)


@pytest.mark.parametrize("tolerance", [fmpq(1, 4), fmpq(1, 8), fmpq(1, 16)])
@pytest.mark.parametrize("count", [1, 2, 3, 4, 9, 16, 27])
@pytest.mark.parametrize("pattern", [[1], [-1], [1, -1], [0], [0, 1], ["0.99", "-0.5", "-1"]])
def test_adversarial_values(pattern, count, tolerance):
    wanted = [fmpq(round(float(x) * 100), 100) for x in pattern]
    wanted = [wanted[J % len(wanted)] for J in range(count)]
    assert_true(find_weight(wanted, tolerance), wanted, tolerance)


@pytest.mark.parametrize(
    ("count", "tolerance", "bits"),
    [(16, fmpq(1, 8), 80), (27, fmpq(1, 16), 160), (32, fmpq(1, 8), 150), (64, fmpq(1, 8), 350)],
)
def test_weights_stay_short(count, tolerance, bits):
    wanted = random_values(count, seed=count)
    found = find_weight(wanted, tolerance)
    assert_true(found, wanted, tolerance)
    assert found.weight.bit_length() <= bits


@pytest.mark.slow
@pytest.mark.parametrize("tolerance", [fmpq(1, 8), fmpq(1, 16)])
def test_128_cells(tolerance):
    wanted = random_values(128, seed=1)
    found = find_weight(wanted, tolerance)
    assert_true(found, wanted, tolerance)
    assert found.weight.bit_length() <= (770 if tolerance == fmpq(1, 8) else 900)


@pytest.mark.slow
def test_blocks_at_the_edges_and_the_same_twice():
    """100 cells, with values +-1 and repeated ones; the second call finds the ladder climbed."""
    wanted = [*random_values(60, seed=8), *[fmpq(1), fmpq(-1), fmpq(1, 3), fmpq(0)] * 10]
    found = find_weight(wanted, fmpq(1, 8))
    assert_true(found, wanted, fmpq(1, 8))
    assert find_weight(wanted, fmpq(1, 8)).weight == found.weight


@given(st.lists(unit, min_size=1, max_size=2), st.sampled_from(TOLERANCES))
def test_fewest_bits_is_the_share_of_the_circle(wanted, tolerance):
    """Counted on a fine grid of phases."""
    phases = np.sin(2 * np.pi * (np.arange(200_000) + 0.5) / 200_000)
    shares = [np.mean(np.abs(phases - float(as_mpf(y))) <= float(as_mpf(tolerance))) for y in wanted]
    assert fewest_bits(wanted, tolerance) == pytest.approx(-np.log2(shares).mean(), abs=2e-3)


def test_tight_tolerances():
    for power in (10, 20, 40):
        for count in (1, 2, 5):
            wanted = random_values(count, seed=power)
            assert_true(find_weight(wanted, fmpq(1, 2**power)), wanted, fmpq(1, 2**power))


@pytest.mark.parametrize("wanted", [[], [fmpq(0)] * 200, [fmpq(1, 8), fmpq(-1, 8)]])
def test_zero_when_zero_does(wanted):
    found = find_weight(wanted, fmpq(1, 8))
    assert (found.weight, found.bits_per_cell) == (0, 0)
    assert found.error == max((abs(y) for y in wanted), default=0)
    assert_true(found, wanted, fmpq(1, 8))


def test_same_arguments_same_weight():
    wanted = random_values(20, seed=3)
    first = find_weight(wanted, fmpq(1, 8)).weight
    find_weight(random_values(20, seed=4), fmpq(1, 64))  # takes the cached ladder further up
    assert find_weight(wanted, fmpq(1, 8)).weight == first


def test_what_is_proposed_is_not_believed(monkeypatch: pytest.MonkeyPatch):
    """Candidates off by more than the tolerance, or with too many bits, are passed over, however sure the search is."""
    wanted = random_values(5, seed=6)
    right = find_weight(wanted, fmpq(1, 8)).weight
    wrong = [right + 1, -right, right << 80]
    monkeypatch.setattr("constructs.sine_search.Search.candidates", lambda _: iter([*wrong, right]))
    assert find_weight(wanted, fmpq(1, 8)).weight == right
    monkeypatch.setattr("constructs.sine_search.Search.candidates", lambda _: iter([right]))
    with pytest.raises(SineSearchError):
        find_weight(wanted, fmpq(1, 8), max_bits=right.bit_length() - 1)


def test_failure_with_fewer_bits_than_any_basis_that_is_kept():
    with pytest.raises(SineSearchError, match=r"64 cells within 1/8; .* reached \d?\d of 100 bits"):
        find_weight(random_values(64, seed=1), fmpq(1, 8), max_bits=100)


@pytest.mark.parametrize("limit", [{"max_bits": 40}, {"seconds": 0.0}, {"max_bits": 0}])
def test_failure_says_how_far_it_got(limit):
    with pytest.raises(
        SineSearchError, match=r"30 cells within 1/16; best error 0\.\d+, reached \d+ of \d+ bits, .* seconds"
    ) as error:
        find_weight(random_values(30, seed=5), fmpq(1, 16), **limit)
    assert "\n" not in str(error.value)
    assert isinstance(error.value, ConstructError)


def test_max_bits_is_kept():
    wanted = random_values(4, seed=6)
    bits = find_weight(wanted, fmpq(1, 8)).weight.bit_length()
    with pytest.raises(SineSearchError):
        find_weight(wanted, fmpq(1, 8), max_bits=bits - 1)


@pytest.mark.parametrize("value", [fmpq(1001, 1000), fmpq(-2), 0.5, 1])
def test_bad_values_are_named(value):
    with pytest.raises(ConstructError, match=r"wanted\[1\]"):
        find_weight([fmpq(0), value], fmpq(1, 8))


@pytest.mark.parametrize("tolerance", [fmpq(0), fmpq(-1, 8), fmpq(1, 2**41), 0.125])
def test_bad_tolerances(tolerance):
    with pytest.raises(ConstructError, match="tolerance"):
        find_weight([fmpq(1, 2)], tolerance)


@given(st.integers(-(2**700), 2**700), st.integers(0, 12), st.integers(1, 300))
@settings(max_examples=60, deadline=None)
def test_balls_contain_the_sines(weight, count, bits):
    before = ctx.prec
    balls = sine_values(weight, count, bits)
    assert ctx.prec == before
    assert len(balls) == count
    with mpmath.workdps(400):
        for J, ball in enumerate(balls):
            middle, radius = ends(ball)
            assert radius <= mpmath.mpf(2) ** -bits
            exact = mpmath.sin(weight * mpmath.sin(1 + J))
            assert abs(exact - middle) <= radius + mpmath.mpf(10) ** -150


def test_sine_values_reject_other_things():
    for arguments in [(1.5, 2), (True, 2), (1, -1), (1, 2, 0)]:
        with pytest.raises(ConstructError):
            sine_values(*arguments)


def test_the_ladder_keeps_the_lattice():
    """A rung's rows are points n beta_J - m_J, and the transformation is unimodular: the volume is 2^-b."""
    count, bits = 6, 40
    rung = Ladder(count).at(bits)
    beta = phases(count, 200)
    for n, row in zip(rung.weights, rung.points, strict=True):
        for b, coordinate in zip(beta, row, strict=False):
            exact = fmpq(n * b, fmpz(1) << 200) - fmpq(fmpz(round(float(fmpz(n * b >> 150)) / 2.0**50)))
            assert abs(float(exact.p) / float(exact.q) - coordinate) < 1e-9
        assert row[-1] == pytest.approx(n * 2.0**-bits, abs=1e-15)
    for basis in (rung, reweighted(rung, np.arange(1.0, count + 2))):
        assert np.linalg.slogdet(basis.points)[1] == pytest.approx(-bits * math.log(2), abs=1e-6)
