"""The bound of the export gap holds for onnxruntime at 10^4 points: random ones, borders of cells and next to them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import onnxruntime
import pytest
from flint import arb, fmpq
from test_export import network, run

from constructs.exact import from_float
from constructs.export import onnx_model
from constructs.float_formats import FLOAT32, FLOAT64, FloatFormat
from constructs.network import Network
from constructs.neurons import PRODUCT, Affine
from constructs.raw_layers import layers
from verify import float_errors
from verify.export_gap import export_gap

POINTS = 10_000
EXACTLY = np.frompyfunc(lambda c: from_float(float(c)), 1, 1)
FLOOR = np.frompyfunc(lambda u: fmpq(u.floor()), 1, 1)
SINE = np.frompyfunc(lambda u: arb(u).sin(), 1, 1)
FLOAT = np.frompyfunc(lambda u: float(u.p) / float(u.q), 1, 1)


def points(dim: int, floats: FloatFormat) -> np.ndarray:
    draw = np.random.default_rng(7)
    kind = np.dtype(floats.name).type
    borders = (np.arange(65) / 64).astype(kind)
    thirds = (np.arange(10) / kind(9)).astype(kind)
    special = np.concatenate([borders, thirds, [kind(2) ** floats.least, kind(2) ** -30]]).astype(kind)
    near = [np.nextafter(special, kind(side)) for side in (0, 1)]
    special = np.clip(np.concatenate([special, *near]), 0, 1).astype(kind)
    chosen = draw.choice(special, (POINTS // 4, dim))
    return np.concatenate([draw.random((POINTS - len(chosen), dim)).astype(kind), chosen])


def exact_values(given: Network, x: np.ndarray) -> dict[int, np.ndarray]:
    """Every readout at all points in rationals (balls after a sine), a column an axis: not the package's evaluation."""
    values = list(EXACTLY(x).T)
    found = {}
    for number, layer in enumerate(given.layers, start=1):
        after = []
        for neuron in layer:
            if neuron.activation == PRODUCT:
                after.append(np.prod([values[s] for s, _ in neuron.affine.terms], axis=0))
                continue
            u = form(neuron.affine, values, len(x))
            match neuron.activation:
                case "floor":
                    after.append(FLOOR(u))
                case "sine":
                    after.append(SINE(u))
                case "exp2":
                    after.append(np.frompyfunc(lambda k: fmpq(2) ** int(k.p), 1, 1)(u))
                case name:
                    positive = np.where([isinstance(v, arb) or v > 0 for v in u], u, fmpq(0))
                    after.append(positive ** int(name[4:] or 1))
        values = after
        found |= {r.level: form(r.affine, values, len(x)) for r in given.readouts if r.layer == number}
    return found


def form(affine: Affine, values: Sequence[np.ndarray], size: int) -> np.ndarray:
    total = np.full(size, affine.bias, dtype=object)
    for source, weight in affine.terms:
        total = total + values[source] * weight
    return total


def margin(given: Network, x: np.ndarray, gap_near: dict[tuple[int, str], fmpq]) -> np.ndarray:
    """Which points have the arguments of these floors, n * x0, away from integers."""
    away = np.ones(len(x), dtype=bool)
    for (number, name), within in gap_near.items():
        (neuron,) = [n for n in given.layers[number - 1] if n.name == name]
        ((_, weight),) = neuron.affine.terms
        u = EXACTLY(x[:, 0]) * weight
        away &= np.array([abs(v - fmpq((v + fmpq(1, 2)).floor())) > within for v in u])
    return away


@cache
def compared(name: str, floats: FloatFormat) -> dict[int, tuple[fmpq, fmpq, bool]]:
    """For every level: the bound, the largest gap seen (a little above it for sines), whether the gap is within."""
    given = network(name)
    x = points(given.inputs, floats)
    model, gap = onnx_model(given, floats), export_gap(given, floats)
    x = x[margin(given, x, {(n.layer, n.neuron): n.within for n in gap.near})]
    assert len(x) > POINTS // 2
    outputs = EXACTLY(run(model, x))
    wanted = exact_values(given, x)
    found = {}
    for output, column in zip(model.graph.output, outputs.T, strict=True):
        level = int(output.name.removeprefix("level_"))
        bound = gap.bounds[level]
        assert isinstance(bound, fmpq)
        off = [abs(v) for v in column - wanted[level]]
        seen = max(from_float(float(v.abs_upper())) if isinstance(v, arb) else v for v in off)
        found[level] = bound, seen, all(v <= bound for v in off)
    return found


CASES = [
    ("bits", FLOAT64),
    ("thirds", FLOAT64),
    ("two-sine", FLOAT64),
    ("ramps", FLOAT64),
    pytest.param("multigrade", FLOAT64, marks=pytest.mark.slow),
    ("multigrade", FLOAT32),
    pytest.param("products", FLOAT64, marks=pytest.mark.slow),
    ("products", FLOAT32),
    ("cubic", FLOAT64),
    ("cubic", FLOAT32),
]


@pytest.mark.parametrize(("name", "floats"), CASES, ids=lambda c: c if isinstance(c, str) else c.name)
def test_the_gap_is_within_its_bound_at_every_point(name: str, floats: FloatFormat) -> None:
    for level, (bound, seen, within) in compared(name, floats).items():
        assert within, (level, bound, seen)
        assert bound > 0 or seen == 0


@pytest.mark.parametrize(
    "name", ["cubic", *(pytest.param(name, marks=pytest.mark.slow) for name in ("multigrade", "products"))]
)
def test_a_single_precision_model_is_further_away(name: str) -> None:
    double, single = compared(name, FLOAT64), compared(name, FLOAT32)
    for level in double:
        assert 2**20 * double[level][0] < single[level][0] < 2**31 * double[level][0]
    assert max(seen for _, seen, _ in double.values()) < max(seen for _, seen, _ in single.values())


def test_bounds_are_not_idle() -> None:
    """Within a factor 10^4 of what is seen, where a network has no ramps that amplify; 0 where nothing is rounded."""
    for name in ("multigrade", "products", "cubic"):
        for bound, seen, _ in compared(name, FLOAT32).values():
            assert bound <= 10**4 * seen or bound < 10**-5
    assert [compared("bits", FLOAT64)[level][0] for level in (0, 1)] == [0, 0]


def test_a_wrong_weight_breaks_the_bound() -> None:
    """A model whose weight is moved by 2^-40 is further away than the bound of the right one."""
    right = layers([[("relu", ["1/3"], 0), ("relu", [1], "-1/2")]], readout=([1, -3], 0))
    moved = layers(
        [[("relu", [fmpq(1, 3) + fmpq(2) ** -40], 0), ("relu", [1], "-1/2")]], readout=([1, -3], 0)
    )
    bound = export_gap(right, FLOAT64).largest
    assert bound is not None
    x = points(1, FLOAT64)
    for given, broken in ((right, False), (moved, True)):
        off = EXACTLY(run(onnx_model(given), x)[:, 0]) - exact_values(right, x)[0]
        assert any(abs(v) > bound for v in off) == broken


def test_a_rounded_floor_is_bounded_away_from_its_jumps_only() -> None:
    """floor((x + 2)/3) jumps at x = 1, where 1/3 + 2/3 in floats may be less than 1."""
    third = layers([[("floor", ["1/3"], "2/3")]], readout=([1], 0))
    gap = export_gap(third, FLOAT64)
    assert gap.bounds == {0: 0}
    assert 0 < gap.volume < fmpq(2) ** -49
    assert [n.neuron for n in gap.near] == ["1.0"]
    inside = layers([[("relu", ["1/3"], 0), ("relu", [1], "-1/2")], [("floor", [7, 1], 0)]], readout=([1], 0))
    (reason,) = export_gap(inside, FLOAT64).bounds.values()
    assert isinstance(reason, str)
    assert "floor 2.0 in layer 2 may jump" in reason


def test_values_out_of_range_have_no_bound() -> None:
    steep = [("relu", [2**100], 0)]
    given = layers([steep, steep], readout=([1], 0))
    assert export_gap(given, FLOAT64).largest is not None
    (reason,) = export_gap(given, FLOAT32).bounds.values()
    assert reason == "values are not shown to stay within the range of floats"


def test_an_overflow_spoils_rows_that_do_not_read_it() -> None:
    """0 times infinity is no number: dense matrices multiply all values of a layer."""
    huge, row = 2**600, [("relu", [0, 1], 0)]
    network = layers(
        [[("relu", [huge], 0), ("relu", [1], 0)], [("relu", [huge, 0], 0), *row], row], readout=([1], 0)
    )
    session = onnxruntime.InferenceSession(onnx_model(network).SerializeToString())
    (values,) = session.run(None, {"x": np.array([[0.5]])})
    assert np.isnan(values).all()
    assert export_gap(network, FLOAT64).largest is None


@pytest.mark.parametrize("floats", [FLOAT32, FLOAT64], ids=lambda f: f.name)
def test_the_runtime_s_sine_is_as_good_as_assumed(floats: FloatFormat) -> None:
    """In float64 it loses most below 15, where it reduces arguments in a quick way."""
    model = onnx_model(layers([[("sine", [1], 0)]], readout=([1], 0)), floats)
    draw = np.random.default_rng(3)
    ends = [1.0, 16.0, 16.0, 10.0**4, 2.0**20]
    x = np.concatenate([draw.uniform(-end, end, 10_000) for end in ends]).astype(floats.name)[:, None]
    off = EXACTLY(run(model, x)[:, 0]) - SINE(EXACTLY(x[:, 0]))
    allowed = float_errors.SINE_UNITS * floats.unit
    assert all(abs(v) <= allowed for v in off)
    assert any(abs(v) >= allowed / 32 for v in off)
