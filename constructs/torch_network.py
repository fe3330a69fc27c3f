"""A network as a module of PyTorch, where that is installed."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from constructs.activations import RELU_POWERS
from constructs.dense import DenseLayer, Form, Group, Products, dense_layers
from constructs.errors import ConstructError
from constructs.float_formats import FLOAT64
from constructs.network import Network


def torch_module(network: Network) -> Any:
    """The network as a torch.nn.Module, every weight the nearest float64, all weights parameters.

    Returns: a module that maps x of shape (batch, inputs), float64, to all readouts, of shape (batch, readouts), in the
    order of `module.levels`.
    Raises: ConstructError where floats cannot hold the network (constructs/dense.py), or without PyTorch.
    """
    try:
        torch = importlib.import_module("torch")
    except ImportError:
        raise ConstructError("torch", "not installed", "PyTorch: pip install torch") from None
    layers = list(dense_layers(network, FLOAT64))

    class Module(torch.nn.Module):
        """A network of approxcert."""

        def __init__(self) -> None:
            super().__init__()
            self.levels = [level for layer in layers for level, _ in layer.heads]
            self.layers = torch.nn.ModuleList(_layer(torch, layer) for layer in layers)

        def forward(self, x: Any) -> Any:
            read = []
            for layer in self.layers:
                x = torch.cat([_part(torch, part, x) for part in layer["parts"]], dim=1)
                read += [head(x) for head in layer["heads"]]
            return torch.cat(read, dim=1)

    return Module()


def _layer(torch: Any, layer: DenseLayer) -> Any:
    parts = torch.nn.ModuleList(_module(torch, part) for part in layer.parts)
    heads = torch.nn.ModuleList(_linear(torch, form) for _, form in layer.heads)
    return torch.nn.ModuleDict({"parts": parts, "heads": heads})


def _module(torch: Any, part: Group | Products) -> Any:
    if isinstance(part, Products):
        made = torch.nn.Module()
        made.activation = "product"
        made.register_buffer("factors", torch.from_numpy(part.factors))
        return made
    made = _linear(torch, part.form)
    made.activation = part.activation
    return made


def _linear(torch: Any, form: Form) -> Any:
    made = torch.nn.Linear(form.weights.shape[1], form.weights.shape[0], dtype=torch.float64)
    with torch.no_grad():
        made.weight.copy_(torch.from_numpy(np.ascontiguousarray(form.weights)))
        made.bias.copy_(torch.from_numpy(form.bias))
    return made


def _part(torch: Any, part: Any, x: Any) -> Any:
    if part.activation == "product":
        return torch.prod(x[:, part.factors], dim=2)
    u = part(x)
    if part.activation in RELU_POWERS:
        return torch.relu(u) ** RELU_POWERS[part.activation]
    return {"sine": torch.sin, "floor": torch.floor, "exp2": torch.exp2}[part.activation](u)
