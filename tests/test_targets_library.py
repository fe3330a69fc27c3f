"""Every named target in several dimensions, and what the library refuses."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq

from constructs import targets
from constructs.errors import ConstructError
from constructs.targets import library
from constructs.targets.kuhn import KuhnTarget
from constructs.targets.specification import from_specification


@pytest.mark.parametrize("dim", [1, 2, 3])
@pytest.mark.parametrize("name", library.names())
def test_every_entry_builds(name: str, dim: int) -> None:
    text = "takagi:terms=3" if name == "takagi" else name
    target = targets.parse(text, dim)
    assert target.dim == dim
    assert target.cell_values(2, 1).shape == (2,) * dim
    assert np.isfinite(target.floats(np.full((2, dim), 0.3))).all()
    assert (target.constant() is None) == (name != "constant")
    again = from_specification(json.loads(json.dumps(target.specification())))
    assert again.specification() == target.specification()
    assert library.find(name).description


def test_known_values() -> None:
    assert targets.parse("tent", 2).exact(["1/2", "1/4"]) == fmpq(3, 4)
    assert targets.parse("sawtooth:teeth=2", 1).exact(["1/8"]) == fmpq(1, 2)
    assert targets.parse("takagi:terms=12", 1).exact(["1/4"]) == fmpq(1, 2)
    assert targets.parse("takagi:terms=12", 1).cell_values(2, 0).elements.item() == fmpq(1, 2) * (
        1 - fmpq(1, 2**12)
    )
    assert targets.parse("corner-spike:eta=1/100", 2).exact(["1/100", "0.0099"]) == 1
    assert targets.parse("kink:c=1/2,alpha=1", 1).exact(["1/4"]) == fmpq(1, 4)
    assert targets.parse("kink:c=-1/4,alpha=2", 1).exact(["1/4"]) == fmpq(1, 4)
    assert targets.parse("transition-layer:c=0.25,eps=0.1", 1).exact([0]) is None
    assert targets.parse(" linear : slope = 1/3 ", 2).exact([1, 1]) == fmpq(2, 3)
    assert targets.parse("constant:value=0.1", 2).constant() == fmpq(1, 10)


def _near(text: str, x: list[str], value: float) -> None:
    target = targets.parse(text, len(x))
    (found,) = target.floats(np.array([[float(Fraction(c)) for c in x]]))
    assert found == pytest.approx(value, rel=1e-12)
    assert abs(target.ball(x, 100) - value) < 1e-9


def test_transition_layers_in_any_direction() -> None:
    for text in ("transition-layer", "transition-layer:n0=1,n1=0"):
        assert targets.parse(text, 2).specification()["text"] == "tanh((x0-(1/2))/(1/50))"
    oblique = "transition-layer:n0=3/5,n1=-4/5,c=-1/10,eps=1/20"
    assert targets.parse(oblique, 2).specification()["text"] == "tanh(((3/5)*x0+(-4/5)*x1-(-1/10))/(1/20))"
    _near(oblique, ["1/2", "2/5"], math.tanh((0.3 - 0.32 + 0.1) * 20))
    _near("transition-layer:n0=0,n2=1", ["1/2", "2/5", "0.51"], math.tanh(0.5))
    assert targets.parse(oblique, 2).ball(["1/2", "1/2"], 64) == 0
    assert targets.parse("transition-layer", 10).dim == 10


def test_cusps() -> None:
    _near("cusp", ["1/2"], (1 / 6) ** 0.5)
    _near("cusp:alpha=3/2,c0=1/2,c1=1/4", ["1/5", "13/20"], 0.5**1.5)
    _near("cusp:alpha=1,c0=0,c1=0,c2=0", ["2/7", "3/7", "6/7"], 1)
    assert targets.parse("cusp:alpha=2", 3).exact(["1/3", "0", "1/3"]) == fmpq(1, 9)
    for dim in (1, 2, 3):
        at = targets.parse("cusp:alpha=1/2", dim)
        assert at.ball(["1/3"] * dim, 64) == 0
        assert at.floats(np.full((1, dim), 0.25))[0] == pytest.approx((dim**0.5 / 12) ** 0.5)


def test_bumps_vanish_with_their_derivatives_on_the_boundary() -> None:
    f = targets.parse("bump", 2)
    assert f.specification()["text"] == "(4*x0*(1-x0))**3*(4*x1*(1-x1))**3"
    given = targets.parse("4096*(x0*(1-x0)*x1*(1-x1))**3", 2)
    for x in (["1/3", "1/4"], ["1/2", "1/2"], ["0.1", "1"], [0, "1/2"]):
        assert f.exact(x) == given.exact(x)
    assert f.exact(["1/2", "1/2"]) == 1
    for k in (1, 2, 5):
        value = targets.parse(f"bump:k={k}", 1).exact(["1/1000000"])
        assert value is not None
        assert 0 < value <= fmpq(4, 10**6) ** k


@pytest.mark.parametrize("dim", [1, 2, 3])
def test_random_targets_are_lipschitz_and_repeatable(dim: int) -> None:
    for seed in range(3):
        text = f"random-lipschitz:seed={seed},cells=4,lipschitz=7/3"
        f = targets.parse(text, dim)
        assert isinstance(f, KuhnTarget)
        assert 0 < f.lipschitz() <= fmpq(7, 3)
        assert f.specification() == targets.parse(text, dim).specification()
    assert (
        targets.parse("random-lipschitz:seed=1", dim).specification()
        != targets.parse("random-lipschitz", dim).specification()
    )


def test_random_targets_do_not_change_between_versions() -> None:
    drawn = [
        1046,
        1468,
        118,
        1907,
        1020,
    ]  # random.Random(5).randrange(2049), in units of 1/4096; a step is 1024
    expected = [fmpq(min(v + 1024 * abs(j - k) for k, v in enumerate(drawn)), 4096) for j in range(5)]
    f = targets.parse("random-lipschitz:seed=5,cells=4", 1)
    assert isinstance(f, KuhnTarget)
    assert f.values.tolist() == expected


@pytest.mark.parametrize(
    ("text", "dim", "message"),
    [
        ("tnet", 1, "did you mean 'tent'"),
        ("corner_spike", 1, "did you mean 'corner-spike'"),
        ("y", 1, "an expression or a target's name"),
        ("corner-spike:et=1/3", 1, "did you mean 'eta'"),
        ("corner-spike:eta", 1, "each key=value once"),
        ("corner-spike:eta=", 1, "each key=value once"),
        ("corner-spike:eta=1/3,eta=1/2", 1, "each key=value once"),
        ("corner-spike:eta=1/3,", 1, "one of its parameters"),
        ("corner-spike:", 1, "one of its parameters"),
        ("corner-spike:eta=2", 1, "eta = 2: expected a rational > 0 and < 1"),
        ("corner-spike:eta=0", 1, "eta = 0: expected"),
        ("corner-spike:eta=nan", 1, "an exact number"),
        ("corner-spike:eta=1/0", 1, "an exact number"),
        ("constant:value=1e999999999", 1, "an exact number"),
        ("kink:alpha=-1", 1, "alpha = -1"),
        ("kink:alpha=1/65", 1, "exponent"),
        ("transition-layer:eps=0", 1, "eps = 0"),
        ("transition-layer:n1=1", 1, "n1 = 1: expected 0 in 1 dimensions"),
        ("transition-layer:n0=0", 3, "a direction"),
        ("transition-layer:n3=1", 3, "one of its parameters"),
        ("cusp:alpha=0", 1, "alpha = 0"),
        ("cusp:alpha=1/64", 1, "exponent"),
        ("cusp", 4, "1 to 3 for cusp"),
        ("bump:k=0", 1, "k"),
        ("bump:k=65", 1, "k"),
        ("bump:k=3/2", 1, "an integer"),
        ("tent:height=1", 1, "it has none"),
        ("takagi:terms=21", 1, "<= 20"),
        ("takagi:terms=20", 2, "GiB"),
        ("sawtooth:teeth=1/2", 1, "an integer"),
        ("sawtooth:teeth=1000000", 2, "GiB"),
        ("random-lipschitz:cells=1000000", 2, "GiB"),
        ("random-lipschitz:lipschitz=0", 1, "lipschitz = 0"),
        ("random-lipschitz:seed=-1", 1, "seed"),
        ("tent", 0, "dim = 0"),
        ("tent", 11, "dim = 11"),
        ("x1", 1, "dim = 1"),
        ("", 1, "a number, a variable"),
        ("@", 1, "ends in .json or .csv"),
    ],
)
def test_bad_texts(text: str, dim: int, message: str) -> None:
    with pytest.raises(ConstructError, match=message):
        targets.parse(text, dim)


def test_texts_that_are_expressions() -> None:
    for text in ("x0", "sqrt(x0)", "1/3", "-x0", "(x0)"):
        assert targets.parse(text, 1).specification()["text"] == text


def test_importing_targets_imports_nothing_slow() -> None:
    code = "import constructs.targets, sys; print('sympy' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "False\n"
