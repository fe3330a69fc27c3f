"""Errors and moduli of step targets against cutting into boxes, and against closed forms."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import exact, fraction, step_error, step_shifted, table

from constructs.rationals import Rationals
from constructs.targets.step import StepTarget
from verify.quantities import TooLarge
from verify.step_quantities import MOST_BREAKS, StepQuantities
from verify.strategies import step_targets

values = st.sampled_from([Fraction(0), Fraction(1)]) | st.fractions(-3, 3, max_denominator=3)
powers = st.sampled_from([1, 2, 3, 4, "3/2", "5/2", None])


def targets(most_dim: int = 3) -> st.SearchStrategy[StepTarget]:
    return st.integers(1, most_dim).flatmap(lambda dim: step_targets(dim, most_breaks=4))


def quantities(f: StepTarget, p: int | str | None) -> StepQuantities:
    return StepQuantities(f, None if p is None else exact(p))


def in_floats(p: int | str | None) -> int | float | None:
    return float(Fraction(p)) if isinstance(p, str) else p


def slack(truth: Fraction | float) -> float | int:
    return 1e-12 * (1 + truth) if isinstance(truth, float) else 0


@given(targets(), st.data(), powers)
@settings(deadline=None, max_examples=60)
def test_errors(f: StepTarget, data: st.DataObject, p: int | str | None) -> None:
    n = data.draw(st.integers(1, 4 if f.dim < 3 else 2))
    listed = data.draw(st.lists(values, min_size=n**f.dim, max_size=n**f.dim))
    T = table(np.array(listed, dtype=object).reshape((n,) * f.dim))
    truth = step_error(f, T, in_floats(p))
    bounds = quantities(f, p).error(Rationals.of(T), fmpq(0), None)
    assert fraction(bounds.lo) <= truth + slack(truth)
    assert truth - slack(truth) <= fraction(bounds.hi)
    if not isinstance(p, str):
        assert bounds.lo == bounds.hi
    radius = data.draw(st.sampled_from([Fraction(1, 100), Fraction(1)]))
    moves = data.draw(st.lists(st.sampled_from([-1, 0, 1]), min_size=T.size, max_size=T.size))
    real = T + exact(radius) * np.array([fmpq(k) for k in moves], dtype=object).reshape(T.shape)
    around, inside = (
        quantities(f, p).error(Rationals.of(T), exact(radius), None),
        quantities(f, p).error(Rationals.of(real), fmpq(0), None),
    )
    assert 0 <= around.lo <= inside.lo <= inside.hi <= around.hi


def admissible(data: st.DataObject, d: int, t: Fraction, euclidean: bool) -> tuple[Fraction, ...]:
    part = st.fractions(-1, 1, max_denominator=30)
    s = [t * c for c in data.draw(st.lists(part, min_size=d, max_size=d))]
    if not euclidean:
        axis = data.draw(st.integers(0, d - 1))
        return tuple(c if i == axis else Fraction(0) for i, c in enumerate(s))
    while sum(c * c for c in s) > t * t:
        s = [c * 3 / 4 for c in s]
    return tuple(s)


@given(targets(), st.data(), powers, st.integers(1, 5), st.booleans())
@settings(deadline=None, max_examples=60)
def test_the_modulus_is_above_every_real_shift(
    f: StepTarget, data: st.DataObject, p: int | str | None, cells: int, euclidean: bool
) -> None:
    t = Fraction(1, cells)
    q = quantities(f, p)
    above = q.modulus_above(exact(t), euclidean, None)
    assert above is not None
    s = admissible(data, f.dim, t, euclidean)
    truth = step_shifted(f, s, in_floats(p))
    assert truth - slack(truth) <= fraction(above)
    lower = q.shifted(tuple(exact(c) for c in s), None)
    assert fraction(lower) <= truth + slack(truth)
    if sum(c != 0 for c in s) == 1 and not isinstance(p, str):
        assert fraction(lower) == truth


@given(targets(), powers, st.integers(1, 5))
@settings(deadline=None, max_examples=60)
def test_the_axis_modulus_is_attained(f: StepTarget, p: int | str | None, cells: int) -> None:
    q, t = quantities(f, p), fmpq(1, cells)
    proposed = q.shifts(t, None)
    assert all(abs(c) <= t and abs(c) < 1 for s in proposed for c in s)
    best = max(q.shifted(s, None) for s in proposed)
    above = q.modulus_above(t, False, None)
    assert above is not None
    assert best == above if not isinstance(p, str) else best * (1 + fmpq(1, 2**100)) >= above


@pytest.mark.parametrize("d", [1, 2, 3])
@pytest.mark.parametrize("p", [1, 2, 3])
def test_the_corner_spike_has_closed_forms(d: int, p: int) -> None:
    """f = Σ 1[x_i < η], η <= t <= 1/2: ω_p^ax(f, t)^p = η; at level 0 the error at p = 1 is nearly 2dη, d = 1."""
    eta = fmpq(1, 1000)
    f = StepTarget((((eta,), (1, 0)),) * d)
    q = StepQuantities(f, fmpq(p))
    assert q.modulus_above(fmpq(1, 2), False, None) == eta
    assert q.range(None).lo == 0
    assert q.range(None).hi == d
    assert q.lipschitz(None) is None
    mean = table(np.full((1,) * d, fraction(d * eta)))
    error = q.error(Rationals.of(mean), fmpq(0), None).hi
    if d == 1:
        assert error == eta * (1 - eta) ** p + (1 - eta) * eta**p
    if p == 1:
        ratio = error / eta
        assert 2 * d - fmpq(2 * d * d, 100) < ratio < 2 * d
    if p == 2:
        assert error == d * eta * (1 - eta)  # the variance: ratio → 1 at d = 1


def test_the_supremum_counts_only_pieces_of_positive_measure() -> None:
    f = StepTarget(((("1/4", "1/2"), (0, 5, 1)),))
    q = StepQuantities(f, None)
    assert q.error(Rationals.of([1]), fmpq(0), None).hi == 4
    assert q.shifted((fmpq(1, 4),), None) == 5
    assert q.shifted((fmpq(3, 4),), None) == 1  # x in [0, 1/4]: values 0 and 1 only
    assert q.modulus_above(fmpq(1, 100), False, None) == 5


def test_shifts_along_several_axes_give_no_bound_below() -> None:
    f = StepTarget(((("1/2",), (0, 1)),) * 2)
    q = StepQuantities(f, fmpq(1))
    assert q.shifted((fmpq(1, 4), fmpq(1, 4)), None) == 0
    assert q.shifted((fmpq(0), fmpq(0)), None) == 0
    assert q.shifted((fmpq(1), fmpq(0)), None) == 0
    assert q.modulus_above(fmpq(1, 4), True, None) == fmpq(1, 2)  # (1/4 + 1/4)^1


def test_constants() -> None:
    f = StepTarget((((), ("1/3",)), (("1/2",), (2, 2))))
    q = StepQuantities(f, fmpq(2))
    assert q.lipschitz(None) == 0
    assert q.modulus_above(fmpq(1), True, None) == 0
    assert q.error(Rationals.of([[Fraction(7, 3)]]), fmpq(0), None).hi == 0


def test_limits() -> None:
    many = StepTarget(((tuple(fmpq(k, 100) for k in range(1, 100)), tuple(range(100))),))
    q = StepQuantities(many, fmpq(2))
    assert len(many.axes[0][0]) > MOST_BREAKS
    assert q.modulus_above(fmpq(1, 2), False, None) is None
    assert q.shifts(fmpq(1, 2), None)
    with pytest.raises(TooLarge, match="pieces"):
        StepQuantities(StepTarget((((), (0,)),) * 3), fmpq(2)).grid(1 << 8, 0)
