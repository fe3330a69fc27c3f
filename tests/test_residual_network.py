"""The network of f - Phi: against sums of hats by their formula, and against all nodes of a finer grid."""

from __future__ import annotations

from fractions import Fraction as Q

import numpy as np
import pytest
from built import exact
from flint import fmpq
from hats import all_nodes, hat, kuhn_value
from hats import nodal_values as nodal
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs import multigrade
from constructs.erosion import Residual
from constructs.errors import ConstructError
from constructs.grades import Sweep
from constructs.multigrade import Multigrade
from constructs.residual_network import residual_network
from constructs.targets.kuhn import KuhnTarget


def eroded(values: np.ndarray, mesh: int, sweeps: int) -> Multigrade:
    return multigrade.build(Residual(values, 1), mesh, sweeps)


def left(values: np.ndarray, sweeps: tuple[Sweep, ...], x: tuple[Q, ...]) -> Q:
    """f - Phi as sums of hats."""
    grades = [grade for sweep in sweeps for grade in sweep]
    phi = (Q(int(g.step.p), int(g.step.q)) * hat(g.cells, g.node, x) for g in grades)
    return kuhn_value(values, x) - sum(phi, Q(0))


@settings(max_examples=40)
@given(nodal(most=3).filter(lambda v: bool(v.any())), st.integers(1, 2), st.integers(1, 2), st.data())
def test_it_is_f_less_the_grades(values: np.ndarray, mesh: int, sweeps: int, data: st.DataObject):
    built = eroded(values, mesh, sweeps)
    network = residual_network(KuhnTarget(values.shape[0] - 1, values), built.sweeps)
    assert (network.depth, len(network.readouts)) == (values.ndim + 1, 1)
    corner = data.draw(st.sampled_from(all_nodes(1, values.ndim)))
    node = data.draw(st.sampled_from(all_nodes(values.shape[0] - 1, values.ndim)))
    border = tuple(data.draw(st.sampled_from([Q(0), Q(1), Q(1, 3), Q(5, 7)])) for _ in corner)
    inside = tuple(data.draw(st.fractions(0, 1, max_denominator=60)) for _ in corner)
    for x in (corner, node, border, inside):
        assert network.evaluate([exact(c) for c in x]) == [exact(left(values, built.sweeps, x))]


@pytest.mark.parametrize("dim", [1, 2, 3])
def test_it_is_largest_at_a_node_and_a_wrong_value_shows(dim: int):
    draw = np.random.default_rng(dim)
    values = draw.integers(-8, 9, (3,) * dim)
    built = eroded(values, 2, 1)
    network = residual_network(KuhnTarget(2, values), built.sweeps)

    def largest(grid: int) -> fmpq:
        found = [network.evaluate([exact(c) for c in x])[0] for x in all_nodes(grid, dim)]
        return max(abs(v) for v in found if isinstance(v, fmpq))

    assert largest(2) == largest(4) == largest(6) == built.residual.largest
    wrong = values.copy()
    wrong[(1,) * dim] += 1
    other = residual_network(KuhnTarget(2, wrong), built.sweeps)
    assert other.evaluate(["1/2"] * dim) != network.evaluate(["1/2"] * dim)


def test_without_grades_it_is_f_and_f_may_be_0():
    tent = KuhnTarget(2, np.array([0, 1, 0]))
    assert residual_network(tent, ()).evaluate(["1/4"]) == [fmpq(1, 2)]
    zero = KuhnTarget(2, np.array([0, 0, 0]))
    grade = Sweep(1, 2, np.array([1]), np.array([3]), 4)
    assert residual_network(zero, [grade]).evaluate(["1/4"]) == [fmpq(-3, 8)]
    with pytest.raises(ConstructError, match="no grades"):
        residual_network(zero, ())
