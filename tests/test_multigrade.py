from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq
from hats import all_nodes, hat, nodal_values
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs import multigrade
from constructs.erosion import Residual
from constructs.errors import ConstructError
from constructs.multigrade import Multigrade
from constructs.network import Network


def partial_sums(built: Multigrade, x: tuple[Fraction, ...]) -> list[Fraction]:
    out, total = [], Fraction(0)
    for sweep in built.sweeps:
        for g in sweep:
            total += Fraction(int(g.step.p), int(g.step.q)) * hat(g.cells, g.node, x)
            out.append(total)
    return out


def evaluated(network: Network, x: tuple[Fraction, ...]) -> list[Fraction]:
    return [Fraction(int(v.p), int(v.q)) for v in network.evaluate(list(x)) if isinstance(v, fmpq)]


coordinates = st.fractions(0, 1, max_denominator=60)


@settings(max_examples=40)
@given(nodal_values(dims=(1, 2, 3), most=3), st.integers(1, 3), st.data())
def test_every_readout_is_the_sum_of_its_grades(values: np.ndarray, mesh: int, data: st.DataObject):
    dim = values.ndim
    built = multigrade.build(Residual(values, 2), mesh if dim < 3 else 1, 2)
    network = built.network
    x = tuple(data.draw(st.lists(coordinates, min_size=dim, max_size=dim)))
    assert evaluated(network, x) == partial_sums(built, x)
    assert network.depth == (dim + 1) * built.grades == len(network.layers)
    assert network.width == (dim + 3 if built.grades else 0)
    assert {n.activation for layer in network.layers for n in layer} <= {"relu"}
    assert [(r.level, r.layer) for r in network.readouts] == [
        (i + 1, (dim + 1) * (i + 1)) for i in range(built.grades)
    ]


def test_four_dimensions():
    values = np.random.default_rng(4).integers(1, 9, (3,) * 4)
    built = multigrade.build(Residual(values, 1), 2, 1)
    for x in [*all_nodes(1, 4)[::3], (Fraction(1, 3), Fraction(2, 7), Fraction(1, 2), Fraction(5, 7))]:
        assert evaluated(built.network, x) == partial_sums(built, x)
    assert built.network.width == 7


@pytest.mark.parametrize("dim", [1, 2])
def test_extend_touches_no_weight(dim: int):
    values = np.random.default_rng(5).integers(-5, 20, (5,) * dim)
    short = multigrade.build(Residual(values, 3), 4, 2)
    long = short.extend(16)
    assert long.grades > short.grades > 0
    before, after = short.network, long.network
    assert all(a == b for a, b in zip(before.layers, after.layers, strict=False))
    assert tuple(before.readouts) == tuple(after.readouts)[: short.grades]
    assert after.prefix(short.grades).to_json() == before.to_json()
    assert multigrade.build(Residual(values, 3), 4, 3).network.to_json() == after.to_json()


def test_layers_are_a_sequence_like_any_other():
    built = multigrade.build(Residual(np.array([5, 3, 4]), 1), 2, 2)
    layers = built.network.layers
    assert list(layers) == [layers[i] for i in range(len(layers))]
    assert layers[-1] == layers[len(layers) - 1]
    assert list(layers[:3]) == list(layers)[:3]
    assert len(layers[:3]) == 3
    assert list(layers[1:4:2]) == list(layers)[1:4:2]
    with pytest.raises(IndexError):
        layers[len(layers)]
    readouts = built.network.readouts
    assert list(readouts[1:]) == [readouts[i] for i in range(1, len(readouts))]
    with pytest.raises(IndexError):
        readouts[len(readouts)]


def test_the_zero_function_has_no_grade():
    built = multigrade.build(Residual(np.zeros((3, 3), dtype=int), 1), 2, 3)
    assert (built.grades, built.network.width, built.network.depth, built.network.neurons) == (0, 0, 0, 0)
    assert built.network.evaluate([0, 1]) == []


def test_the_schedule_stops_where_it_is_told():
    values = np.array([0, 8, 3, 9, 1])
    stopped = multigrade.build(Residual(values, 1), 4, 9, lambda left: left.largest <= 2)
    assert 1 < len(stopped.sweeps) < 9
    assert stopped.residual.largest <= 2
    assert multigrade.build(Residual(values, 1), 4, len(stopped.sweeps) - 1).residual.largest > 2


@pytest.mark.parametrize("dim", [1, 2, 3])
def test_sup_norm_halves_on_a_grid_of_mesh_an_eighth(dim: int):
    """Random targets: at most K h_s after sweep s, in the end half of it at each; for d <= 2 slopes never grow.

    For d = 3 this is what random values do, no theorem: see docs/multigrade.md and tests/test_claims_multigrade.py.
    """
    from verify.residual_norms import slope

    values = np.random.default_rng(dim).integers(-40, 41, (9,) * dim)
    built = multigrade.start(Residual(values, 8))
    steepest = slope(built.residual)
    suprema = []
    for s in range({1: 7, 2: 5, 3: 4}[dim]):
        built = built.extend(8 << s)
        suprema.append(built.residual.largest)
        assert suprema[-1] <= steepest / (8 << s)
        assert dim == 3 or slope(built.residual) <= steepest
    assert suprema[-1] == suprema[-2] / 2


def test_float_evaluation_is_near_the_exact_one():
    values = np.random.default_rng(8).integers(-40, 41, (5, 5))
    network = multigrade.build(Residual(values, 8), 4, 2).network
    points = np.random.default_rng(9).random((20, 2))
    floats = network.evaluate_floats(points)
    for point, row in zip(points, floats, strict=True):
        exact = evaluated(network, tuple(Fraction(float(c)) for c in point))
        assert np.allclose([float(v) for v in exact], row, atol=1e-9)


def test_steps_of_zero_are_layers_like_others():
    from constructs.grades import Sweep

    sweep = Sweep(1, 2, np.array([0, 1]), np.array([0, 3]), 2)
    built = Multigrade(1, 5, (sweep,), Residual(np.array([0, 0, 0]), 1))
    assert built.network.evaluate(["1/2"]) == [0, fmpq(3, 2)]


def test_what_is_refused():
    built = multigrade.start(Residual(np.array([1, 2, 3]), 1, np.array([0, 0])))
    with pytest.raises(ConstructError, match="cells"):
        built.extend(3)
    with pytest.raises(ConstructError, match="cells"):
        multigrade.start(Residual(np.array([1, 2, 3]), 1)).extend(0)
