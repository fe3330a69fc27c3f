"""Exported models are run by onnxruntime, and compared with exact evaluation."""

from __future__ import annotations

from functools import cache

import numpy as np
import onnx
import onnxruntime
import pytest
from flint import fmpq

from constructs import targets
from constructs.errors import ConstructError
from constructs.exact import from_float
from constructs.export import onnx_model
from constructs.float_formats import FLOAT32, FLOAT64, FloatFormat
from constructs.network import Network
from constructs.neurons import PRODUCT, Affine, Neuron, Readout
from constructs.raw_layers import layers
from verify import claims

OPERATORS = {"Gemm", "Relu", "Sin", "Mul", "Floor", "Pow", "Concat", "Gather"}


def run(model: onnx.ModelProto, points: np.ndarray) -> np.ndarray:
    """The outputs side by side, in their order."""
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return np.hstack([np.asarray(values) for values in session.run(None, {"x": points})])


@cache
def network(name: str) -> Network:
    """Small networks, one of each kind."""
    kink, both = targets.expression("abs(x0-1/3)", dim=1), targets.expression("exp(x0*x1)", dim=2)
    match name:
        case "bits":
            return claims.geometric(base=2, levels=3, p=2).judge(kink).network
        case "thirds":
            return claims.geometric(base=3, levels=2, p=2).judge(kink).network
        case "two-sine":
            return claims.geometric(base=2, levels=3, p=2, decoder="two-sine").judge(kink).network
        case "ramps":
            return (
                claims.geometric(base=2, levels=1, p=2, digits="relu", decoder="two-sine").judge(kink).network
            )
        case "multigrade":
            return claims.multigrade(mesh="1/2", sweeps=1).judge(both).network
        case "products":
            return claims.multiplicative(mesh="1/4", degree=1).judge(both).network
        case "cubic":
            return claims.multiplicative(mesh="1/4", degree=3).judge(kink).network
    raise AssertionError(name)


NAMES = ("bits", "thirds", "two-sine", "ramps", "multigrade", "products", "cubic")


@pytest.mark.parametrize("name", NAMES)
def test_models_are_valid_and_have_an_output_a_readout(name: str) -> None:
    model = onnx_model(network(name))
    onnx.checker.check_model(model, full_check=True)
    assert [(o.domain, 13 <= o.version <= 17) for o in model.opset_import] == [("", True)]
    assert {node.op_type for node in model.graph.node} <= OPERATORS
    levels = [readout.level for readout in network(name).readouts]
    assert sorted(o.name for o in model.graph.output) == sorted(f"level_{level}" for level in levels)


def mixed(swapped: bool = False) -> Network:
    """Layers of several activations, no two neighbours alike; all numbers small dyadics."""
    first = [("relu", [4, -2], "1/2"), ("floor", [4, 8], 0), ("relu", [1, 1], -1), ("floor", [2, 0], 1)]
    body = layers([first], readout=([1, 2, 3, 5], 0), inputs=2)
    one = fmpq(1)
    second = (
        Neuron("p", "", PRODUCT, Affine(((0, one), (1, one)), fmpq(0))),
        Neuron("e", "", "exp2", Affine(((1, one), (3, fmpq(-2))), fmpq(0))),
        Neuron("q", "", "product", Affine(((0, one), (2, one), (3, one)), fmpq(0))),
        Neuron("r", "", "relu3", Affine(((2, fmpq(2)),), fmpq(-1, 4))),
    )
    weights = [fmpq(n) for n in ((7, 2, 3, 5) if swapped else (2, 7, 3, 5))]
    head = Readout(9, 2, Affine(tuple(enumerate(weights)), fmpq(1, 8)))
    return Network(2, (*body.layers, second), (head, *body.readouts))


def exactly(given: Network, points: np.ndarray) -> list[list[fmpq]]:
    return [
        [v for v in given.evaluate([from_float(float(c)) for c in p]) if isinstance(v, fmpq)] for p in points
    ]


@pytest.mark.parametrize("floats", [FLOAT64, FLOAT32], ids=lambda f: f.name)
def test_neurons_of_all_kinds_are_wired_as_in_the_network(floats: FloatFormat) -> None:
    """On a coarse dyadic grid nothing is rounded: values are equal, and are not where two weights are swapped."""
    points = np.stack(np.meshgrid(np.arange(9) / 8, np.arange(9) / 8), -1).reshape(-1, 2).astype(floats.name)
    model = onnx_model(mixed(), floats)
    names = [o.name for o in model.graph.output]
    wanted = exactly(mixed(), points)
    found = run(model, points)
    assert names == ["level_0", "level_9"]
    assert [[from_float(float(b)), from_float(float(a))] for a, b in found] == wanted
    assert (found[:, 1] != run(onnx_model(mixed(True), floats), points)[:, 1]).any()


def test_what_floats_cannot_hold_is_refused_with_layer_and_neuron() -> None:
    wide = claims.geometric(base=2, levels=4, p=2).judge(targets.expression("abs(x0-1/3)", dim=1)).network
    with pytest.raises(ConstructError, match=r"neuron 'U\d' in layer \d"):
        onnx_model(wide)
    huge = layers([[("relu", [2**1024], 0)]], readout=([1], 0))
    with pytest.raises(ConstructError, match=r"1.0 in layer 1 = too large"):
        onnx_model(huge)
    small = layers([[("relu", [1], 0)]], readout=([fmpq(1, 2**200)], 0))
    onnx_model(small)
    with pytest.raises(ConstructError, match="readout 0 = too small for float32"):
        onnx_model(small, FLOAT32)


def test_rounding_is_that_of_numpy() -> None:
    draw = np.random.default_rng(1)
    bits = draw.integers(0, 1 << 62, 4000) * draw.integers(-1, 2, 4000)
    for n, shift in zip(bits.tolist(), draw.integers(-1140, 1000, 4000).tolist(), strict=True):
        value = fmpq(n) * fmpq(2) ** shift
        p, q = int(value.p), int(value.q)
        try:
            divided = p / q
        except OverflowError:
            assert FLOAT64.nearest(value) is None
            continue
        assert FLOAT64.nearest(value) == from_float(divided)
        with np.errstate(over="ignore", under="ignore"):
            single = float(np.float32(divided))
        rounded = FLOAT32.nearest(from_float(divided))
        assert rounded == (from_float(single) if np.isfinite(single) else None)
