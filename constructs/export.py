"""Networks as ONNX models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from constructs.activations import RELU_POWERS
from constructs.dense import DenseLayer, Form, Group, Products, dense_layers
from constructs.errors import ConstructError
from constructs.float_formats import FLOAT64, FloatFormat
from constructs.network import Network

if TYPE_CHECKING:
    import onnx

OPSET = 13
IR_VERSION = 7  # of ONNX's files, as old as the operators are
INPUT = "x"


def onnx_model(
    network: Network, floats: FloatFormat = FLOAT64, notes: Mapping[str, str] | None = None
) -> onnx.ModelProto:
    """The network as an ONNX model, every weight rounded to the nearest float.

    Returns: a model of opset 13 with the input "x" of shape (batch, inputs) and for every readout an output
    "level_<level>" of shape (batch, 1); notes go into its metadata.
    Method: Gemm and Relu, Sin or Floor for the neurons of a layer that have one activation, Concat where a layer has
    several; powers of ReLU and products by Mul, factors picked by Gather; exp2 by Pow.
    Raises: ConstructError where floats cannot hold the network (constructs/dense.py), or without the package onnx.
    """
    try:
        import onnx
    except ImportError:
        raise ConstructError("onnx", "not installed", 'the extra: pip install "approxcert[export]"') from None
    graph = _Graph(floats)
    values = INPUT
    for number, layer in enumerate(dense_layers(network, floats), start=1):
        values = graph.layer(layer, values, f"layer{number}")
    number_type = onnx.TensorProto.DOUBLE if floats is FLOAT64 else onnx.TensorProto.FLOAT
    shaped = onnx.helper.make_tensor_value_info
    made = onnx.helper.make_graph(
        graph.nodes,
        "network",
        [shaped(INPUT, number_type, ["batch", network.inputs])],
        [shaped(name, number_type, ["batch", 1]) for name in graph.outputs],
        graph.tensors,
    )
    model = onnx.helper.make_model(
        made,
        opset_imports=[onnx.helper.make_opsetid("", OPSET)],
        producer_name="approxcert",
        ir_version=IR_VERSION,
    )
    onnx.helper.set_model_props(model, dict(notes or {}))
    return model


class _Graph:
    """Nodes, tensors of weights and names of outputs, as they are written down."""

    def __init__(self, floats: FloatFormat) -> None:
        self.floats = floats
        self.nodes: list[onnx.NodeProto] = []
        self.tensors: list[onnx.TensorProto] = []
        self.outputs: list[str] = []

    def layer(self, layer: DenseLayer, source: str, name: str) -> str:
        """Writes a layer and its readouts; the name of its values."""
        parts = [self._part(part, source, f"{name}.{i}") for i, part in enumerate(layer.parts)]
        values = parts[0] if len(parts) == 1 else self._node("Concat", parts, f"{name}.all", axis=1)
        for level, form in layer.heads:
            self.outputs.append(self._form(form, values, f"level_{level}"))
        return values

    def _part(self, part: Group | Products, source: str, name: str) -> str:
        if isinstance(part, Products):
            factors = [
                self._node(
                    "Gather",
                    [source, self._tensor(column, f"{name}.sources{k}")],
                    f"{name}.factor{k}",
                    axis=1,
                )
                for k, column in enumerate(part.factors.T)
            ]
            return self._product(factors, name)
        form = self._form(part.form, source, f"{name}.form")
        if part.activation == "exp2":
            base = self._tensor(np.array(2, dtype=self.floats.name), f"{name}.base")
            return self._node("Pow", [base, form], f"{name}.exp2")
        if part.activation == "sine":
            return self._node("Sin", [form], f"{name}.sine")
        if part.activation == "floor":
            return self._node("Floor", [form], f"{name}.floor")
        relu = self._node("Relu", [form], f"{name}.relu")
        return self._product([relu] * RELU_POWERS[part.activation], name)

    def _product(self, factors: list[str], name: str) -> str:
        total = factors[0]
        for k, factor in enumerate(factors[1:], start=2):
            total = self._node("Mul", [total, factor], f"{name}.product{k}")
        return total

    def _form(self, form: Form, source: str, name: str) -> str:
        weights = [self._tensor(form.weights, f"{name}.weights"), self._tensor(form.bias, f"{name}.bias")]
        return self._node("Gemm", [source, *weights], name, transB=1)

    def _tensor(self, values: np.ndarray, name: str) -> str:
        from onnx import numpy_helper

        self.tensors.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _node(self, operator: str, sources: list[str], name: str, **attributes: Any) -> str:
        from onnx import helper

        self.nodes.append(helper.make_node(operator, sources, [name], name=name, **attributes))
        return name
