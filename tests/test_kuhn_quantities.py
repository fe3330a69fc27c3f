"""Errors and moduli of Kuhn targets against brute force in Fractions, and against closed forms."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import exact, fraction, kuhn_error, kuhn_field, kuhn_shifted, table

from constructs.rationals import Rationals
from constructs.targets.kuhn import KuhnTarget
from verify.kuhn_quantities import MOST_CUBES, KuhnQuantities
from verify.quantities import TooLarge
from verify.strategies import kuhn_targets

values = st.sampled_from([Fraction(0), Fraction(1), Fraction(-1)]) | st.fractions(-4, 4, max_denominator=4)
INTEGER_POWERS = [1, 2, 3, 4]
OTHER_POWERS = ["3/2", "5/2"]


def targets(most_dim: int = 3) -> st.SearchStrategy[KuhnTarget]:
    """Random values, or few of them: zeros on nodes, plateaus, changes of sign."""
    return st.sampled_from([(1, 5), (2, 2), (3, 1)][:most_dim]).flatmap(
        lambda size: kuhn_targets(size[0], most_cells=size[1])
    )


def tables(f: KuhnTarget) -> st.SearchStrategy[np.ndarray]:
    cells = st.sampled_from({1: [1, 2, 3, 4], 2: [1, 2, 3], 3: [1, 2]}[f.dim])
    return cells.flatmap(
        lambda n: st.lists(values, min_size=n**f.dim, max_size=n**f.dim).map(
            lambda v: table(np.array(v, dtype=object).reshape((n,) * f.dim))
        )
    )


def holds(bounds_lo: fmpq, truth: float | Fraction, bounds_hi: fmpq | None) -> bool:
    """lo <= truth <= hi, with a slack of 1e-8 if the truth is a float."""
    slack = 1e-8 * (1 + abs(truth)) if isinstance(truth, float) else 0
    above = bounds_hi is None or truth - slack <= fraction(bounds_hi)
    return fraction(bounds_lo) <= truth + slack and above


@given(targets(), st.data(), st.sampled_from([*INTEGER_POWERS, None]), st.integers(0, 1))
@settings(deadline=None, max_examples=35)
def test_errors_are_exact(f: KuhnTarget, data: st.DataObject, p: int | None, refinement: int) -> None:
    T = data.draw(tables(f))
    q = KuhnQuantities(f, None if p is None else fmpq(p))
    assert q.exact
    bounds = q.error(Rationals.of(T), fmpq(0), q.grid(T.shape[0], refinement if f.dim < 3 else 0))
    assert bounds.lo == bounds.hi
    assert fraction(bounds.lo) == kuhn_error(f, T, p)


@given(targets(2), st.data(), st.sampled_from(OTHER_POWERS), st.integers(0, 2))
@settings(deadline=None, max_examples=25)
def test_errors_of_other_powers_are_enclosed(
    f: KuhnTarget, data: st.DataObject, p: str, refinement: int
) -> None:
    T = data.draw(tables(f))
    q = KuhnQuantities(f, exact(p))
    assert not q.exact
    truth = kuhn_error(f, T, float(Fraction(p)))
    bounds = q.error(Rationals.of(T), fmpq(0), q.grid(T.shape[0], refinement))
    assert holds(bounds.lo, truth, bounds.hi)
    finer = q.error(Rationals.of(T), fmpq(0), q.grid(T.shape[0], refinement + 2))
    assert finer.hi - finer.lo <= bounds.hi - bounds.lo


@given(targets(), st.data(), st.sampled_from([*INTEGER_POWERS, *OTHER_POWERS, None]))
@settings(deadline=None, max_examples=25)
def test_radii_cover_every_table_within_them(f: KuhnTarget, data: st.DataObject, p: int | str | None) -> None:
    T = data.draw(tables(f))
    radius = data.draw(st.sampled_from([Fraction(1, 100), Fraction(1, 3), Fraction(2)]))
    moves = data.draw(st.lists(st.sampled_from([-1, 0, 1]), min_size=T.size, max_size=T.size))
    real = T + exact(radius) * np.array([fmpq(k) for k in moves], dtype=object).reshape(T.shape)
    q = KuhnQuantities(f, None if p is None else exact(p))
    g = q.grid(T.shape[0], 0)
    around, inside = q.error(Rationals.of(T), exact(radius), g), q.error(Rationals.of(real), fmpq(0), g)
    assert around.lo <= inside.hi
    assert inside.lo <= around.hi
    if q.exact:
        assert 0 <= around.lo <= inside.lo <= inside.hi <= around.hi


def shifts(d: int, t: Fraction, euclidean: bool) -> st.SearchStrategy[tuple[Fraction, ...]]:
    """Shifts |s| <= t, on no lattice in particular."""
    lengths = st.builds(lambda k, n: t * min(k, n) / n, st.integers(0, 7), st.integers(1, 7 if d < 3 else 3))

    def build(axis: int, sign: int, length: Fraction, others: list[Fraction]) -> tuple[Fraction, ...]:
        s = [Fraction(0)] * d
        s[axis % d] = sign * length
        if euclidean:
            s = [a if a else o for a, o in zip(s, others, strict=True)]
            while sum(c * c for c in s) > t * t:
                s = [c / 2 for c in s]
        return tuple(s)

    others = st.lists(st.sampled_from([Fraction(0), t / 2, -t / 2]), min_size=d, max_size=d)
    return st.builds(build, st.integers(0, d - 1), st.sampled_from([1, -1]), lengths, others)


@given(
    targets(),
    st.data(),
    st.sampled_from([*INTEGER_POWERS, *OTHER_POWERS, None]),
    st.sampled_from([1, 2, 3, 4]),
    st.booleans(),
)
@settings(deadline=None, max_examples=12)
def test_the_modulus_is_above_every_shift(
    f: KuhnTarget, data: st.DataObject, p: int | str | None, cells: int, euclidean: bool
) -> None:
    if f.dim == 3:
        p = p if p in (1, 2, None) else 2
    t = Fraction(1, cells)
    s = data.draw(shifts(f.dim, t, euclidean))
    q = KuhnQuantities(f, None if p is None else exact(p))
    above = q.modulus_above(exact(t), euclidean, q.grid(cells, 0))
    assert above is not None
    power = float(Fraction(p)) if isinstance(p, str) else p
    truth = kuhn_shifted(f, s, power)
    slack = 1e-8 * (1 + truth) if isinstance(power, float) else 0
    assert truth - slack <= fraction(above)


@given(targets(), st.data(), st.sampled_from([*INTEGER_POWERS, *OTHER_POWERS, None]))
@settings(deadline=None, max_examples=30)
def test_lattice_shifts(f: KuhnTarget, data: st.DataObject, p: int | str | None) -> None:
    q = KuhnQuantities(f, None if p is None else exact(p))
    g = f.cells * (2 if f.dim < 3 else 1)
    steps = data.draw(st.lists(st.integers(-g, g), min_size=f.dim, max_size=f.dim))
    s = tuple(Fraction(k, g) for k in steps)
    power = float(Fraction(p)) if isinstance(p, str) else p
    truth = kuhn_shifted(f, s, power)
    value = q.shifted(tuple(exact(c) for c in s), g)
    if q.exact:
        assert fraction(value) == truth
    else:
        assert holds(value, truth, None)


def test_shifts_off_the_grid_are_refused() -> None:
    """Half a step was once read as a whole one: a lower bound that was too large."""
    f = KuhnTarget(2, table([0, 1, 0]))
    with pytest.raises(ValueError, match="multiples of 1/2"):
        KuhnQuantities(f, fmpq(2)).shifted((fmpq(1, 4),), 2)


@given(targets(), st.sampled_from([1, 2, 3, 4, 9]), st.sampled_from([1, "3/2", None]))
@settings(deadline=None, max_examples=35)
def test_proposed_shifts_are_admissible(f: KuhnTarget, cells: int, p: int | str | None) -> None:
    q = KuhnQuantities(f, None if p is None else exact(p))
    g = q.grid(cells, 0)
    assert g % f.cells == 0
    assert g % cells == 0
    proposed = q.shifts(fmpq(1, cells), g)
    assert proposed
    for s in proposed:
        assert sum(c != 0 for c in s) == 1
        assert all((c * g).q == 1 and abs(c) * cells <= 1 and abs(c) < 1 for c in s)
    if f.constant() is None:
        assert any(q.shifted(s, g) > 0 for s in proposed)


@given(targets())
@settings(deadline=None, max_examples=25)
def test_range_and_lipschitz(f: KuhnTarget) -> None:
    q, at = KuhnQuantities(f, fmpq(2)), kuhn_field(f)
    g = 2 * f.cells
    nodes = {k: at(tuple(Fraction(c, g) for c in k)) for k in np.ndindex((g + 1,) * f.dim)}
    assert fraction(q.range(None).lo) == min(nodes.values())
    assert fraction(q.range(None).hi) == max(nodes.values())
    K = q.lipschitz(None)
    assert K is not None
    slopes = [
        abs(v - nodes[up]) * g
        for k, v in nodes.items()
        for i in range(f.dim)
        if (up := tuple(c + (j == i) for j, c in enumerate(k))) in nodes
    ]
    assert fraction(K) == max(slopes)


def means(n: int) -> np.ndarray:
    return table([Fraction(2 * k + 1, 2 * n) for k in range(n)])


@pytest.mark.parametrize("p", [1, 2, 3, 4, 8])
@pytest.mark.parametrize("n", [1, 2, 3, 8])
def test_the_identity_has_closed_forms(p: int, n: int) -> None:
    """||x − A x||_p^p = (h/2)^p/(p+1): h/√12 at p = 2, h/4 at p = 1; ω_p(x, t)^p = t^p (1−t)."""
    q = KuhnQuantities(KuhnTarget(1, table([0, 1])), fmpq(p))
    g, h = q.grid(n, 0), fmpq(1, n)
    assert q.error(Rationals.of(means(n)), fmpq(0), g).hi == (h / 2) ** p / (p + 1)
    s = fmpq(1, g)
    assert q.shifted((s,), g) == s**p * (1 - s)
    assert q.modulus_above(h, False, g) == h**p
    sup = KuhnQuantities(q.target, None)
    assert sup.error(Rationals.of(means(n)), fmpq(0), g).lo == h / 2
    assert sup.modulus_above(h, False, g) == h


@pytest.mark.parametrize("p", ["3/2", "5/2", "7/2"])
def test_other_powers_of_the_identity_converge(p: str) -> None:
    q = KuhnQuantities(KuhnTarget(1, table([0, 1])), exact(p))
    truth = 0.5 ** float(Fraction(p)) / (float(Fraction(p)) + 1)
    bounds = q.error(Rationals.of(means(1)), fmpq(0), 256)
    assert float(fraction(bounds.lo)) <= truth <= float(fraction(bounds.hi))
    assert float(fraction(bounds.hi - bounds.lo)) < 1e-4


@pytest.mark.parametrize("d", [2, 3])
def test_the_euclidean_modulus_of_a_sum(d: int) -> None:
    """f = Σ x_i has |∇f| = √d: ω_2(f, t) <= √d t, and less than that is not claimed."""
    f = np.empty((2,) * d, dtype=object)
    for k in np.ndindex(f.shape):
        f[k] = fmpq(sum(k))
    q = KuhnQuantities(KuhnTarget(1, f), fmpq(2))
    above = q.modulus_above(fmpq(1, 4), True, 4)
    assert above is not None
    assert fmpq(d, 16) <= above <= fmpq(d, 16) * (1 + fmpq(1, 2**100))
    diagonal = q.shifted((fmpq(1, 8),) * d, 8)
    assert diagonal == fmpq(d * d, 64) * fmpq(7, 8) ** d
    assert diagonal <= q.modulus_above(fmpq(d, 8), True, 8)
    assert q.modulus_above(fmpq(1, 4), False, 4) == fmpq(1, 16)


@pytest.mark.parametrize("scale", [2**40, 2**62, 10**400])
@pytest.mark.parametrize("p", [1, 3, 4])
def test_large_values_stay_exact(scale: int, p: int) -> None:
    rng = np.random.default_rng(p)
    small = KuhnTarget(2, table(rng.integers(-3, 4, (3, 3)).tolist()))
    large = KuhnTarget(2, small.values * fmpq(scale))
    T = table([[0, 1], [2, -1]])
    a, b = KuhnQuantities(small, fmpq(p)), KuhnQuantities(large, fmpq(p))
    assert (
        b.error(Rationals.of(T * fmpq(scale)), fmpq(0), 4).hi
        == a.error(Rationals.of(T), fmpq(0), 4).hi * fmpq(scale) ** p
    )
    assert b.shifted((fmpq(1, 4), fmpq(1, 2)), 4) == a.shifted((fmpq(1, 4), fmpq(1, 2)), 4) * fmpq(scale) ** p
    assert b.modulus_above(fmpq(1, 2), False, 4) == a.modulus_above(fmpq(1, 2), False, 4) * fmpq(scale) ** p
    assert b.shifts(fmpq(1, 2), 4) == a.shifts(fmpq(1, 2), 4)


def test_grids_that_are_too_large_are_refused() -> None:
    q = KuhnQuantities(KuhnTarget(7, table([0] * 8)), fmpq(2))
    with pytest.raises(TooLarge) as caught:
        q.grid(1 << 20, 0)
    assert caught.value.needed == 7 << 20
    assert str(MOST_CUBES) in str(caught.value)


def test_the_grid_always_holds_a_shift() -> None:
    """On a single cube the only shift within level 0 would be 1, and that leaves nothing of the cube."""
    assert KuhnQuantities(KuhnTarget(1, table([0, 1])), fmpq(2)).grid(1, 0) == 2
    assert [math.lcm(3, 4) * 2**k for k in range(3)] == [
        KuhnQuantities(KuhnTarget(3, table([0, 1, 2, 3])), fmpq(2)).grid(4, k) for k in range(3)
    ]
