"""A sweep as one wide network: its size, its values, and the proof that it is linear on the simplices."""

from __future__ import annotations

from fractions import Fraction as Q

import numpy as np
import pytest
from built import exact
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from constructs.errors import ConstructError
from constructs.grades import Sweep
from constructs.parallel_sweep import parallel
from constructs.targets.kuhn import KuhnTarget
from verify.kuhn_regions import nodal_values


@st.composite
def sweeps(draw: st.DrawFn) -> Sweep:
    """Any grades of d = 1, 2, 3, zero steps among them."""
    dim = draw(st.integers(1, 3))
    cells = draw(st.integers(1, 5 - dim))
    numbers = sorted(draw(st.sets(st.integers(0, (cells + 1) ** dim - 1), min_size=1)))
    steps = [draw(st.integers(-9, 9)) for _ in numbers]
    return Sweep(dim, cells, np.array(numbers), np.array(steps), draw(st.integers(1, 9)))


def whole(dim: int, n: int) -> Sweep:
    """Every node, no step 0."""
    count = (n + 1) ** dim
    return Sweep(dim, n, np.arange(count), np.arange(1, count + 1) * (-1) ** np.arange(count), 7)


def by_nodes(sweep: Sweep) -> KuhnTarget:
    values = np.empty((sweep.cells + 1,) * sweep.dim, dtype=object)
    values.reshape(-1)[:] = [fmpq(n, sweep.denominator) for n in sweep.nodal().reshape(-1).tolist()]
    return KuhnTarget(sweep.cells, values)


@given(sweeps(), st.data())
def test_it_is_the_interpolant_of_the_steps(sweep: Sweep, data: st.DataObject):
    network, target = parallel(sweep), by_nodes(sweep)
    assert network.depth == sweep.dim + 1
    for _ in range(3):
        x = [exact(data.draw(st.fractions(0, 1, max_denominator=60))) for _ in range(sweep.dim)]
        assert network.evaluate(x) == [target.exact(x)]


@given(sweeps(), st.integers(1, 2))
def test_it_is_proved_from_the_weights(sweep: Sweep, finer: int):
    ((level, nodal),) = nodal_values(parallel(sweep), finer * sweep.cells)
    wanted, denominator = by_nodes(sweep).refine(finer * sweep.cells)
    assert level == 1
    assert (nodal.numerators.astype(object) * denominator == wanted * nodal.denominator).all()


@pytest.mark.parametrize(("n", "count"), [(1, 17), (4, 86), (8, 262), (16, 902), (32, 3334)])
def test_the_number_of_neurons_in_the_plane(n: int, count: int):
    network = parallel(whole(2, n))
    assert network.neurons == count == 3 * (n + 1) ** 2 + 2 * (n + 1) + 1
    assert {neuron.activation for layer in network.layers for neuron in layer} == {"relu"}


@pytest.mark.parametrize(("dim", "n"), [(1, 5), (3, 2), (4, 1)])
def test_equal_beginnings_are_shared(dim: int, n: int):
    network, node = parallel(whole(dim, n)), n + 1
    carried = [dim - max(j, 1) if j + 1 < dim else 0 for j in range(dim)]
    assert [len(layer) for layer in network.layers] == [
        *(2 * node ** (j + 1) + c for j, c in enumerate(carried)),
        node**dim,
    ]


def test_one_hat_by_its_formula():
    """CERTIFICATE.md, 11.3, at points of every simplex around the node."""
    sweep = Sweep(3, 2, np.array([13]), np.array([1]), 1)
    network = parallel(sweep)
    for x in np.ndindex(7, 7, 7):
        t = [Q(2 * k, 6) - 1 for k in x]
        want = max(Q(0), 1 - max(0, *t) + min(0, *t))
        assert network.evaluate([Q(k, 6) for k in x]) == [exact(want)]


def test_a_sweep_without_grades_is_refused():
    with pytest.raises(ConstructError, match="grades"):
        parallel(Sweep(2, 1, np.array([], dtype=np.int64), np.array([], dtype=np.int64), 1))
