"""`Network.to_torch()`: the same values as the exported model; a clear word where PyTorch is not installed."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from test_export import NAMES, mixed, network, run

from constructs.errors import ConstructError
from constructs.export import onnx_model
from constructs.raw_layers import layers


def test_without_torch_the_error_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ConstructError, match="torch = not installed: expected PyTorch: pip install torch"):
        layers([[("relu", [2], 0)]], readout=([1], 0)).to_torch()


@pytest.mark.parametrize("name", [*NAMES, "mixed"])
def test_a_module_gives_all_readouts(name: str) -> None:
    torch = pytest.importorskip("torch")
    given = mixed() if name == "mixed" else network(name)
    module = given.to_torch()
    points = np.random.default_rng(3).random((500, given.inputs))
    with torch.no_grad():
        found = module(torch.from_numpy(points)).numpy()
    model = onnx_model(given)
    assert [f"level_{level}" for level in module.levels] == [o.name for o in model.graph.output]
    assert np.abs(found - run(model, points)).max() < 1e-6
    assert found.std(axis=0).max() > 0.01
    assert all(p.dtype == torch.float64 for p in module.parameters())


def test_a_module_can_be_differentiated() -> None:
    torch = pytest.importorskip("torch")
    tent = layers([[("relu", [2], 0), ("relu", [4], -2)]], readout=([1, -1], 0)).to_torch()
    x = torch.tensor([[0.25], [0.75]], dtype=torch.float64, requires_grad=True)
    tent(x).sum().backward()
    assert x.grad.ravel().tolist() == [2.0, -2.0]
