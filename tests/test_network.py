"""Networks: evaluation against an evaluator in Fractions and mpmath, texts, sizes, floats."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction as Q
from typing import Any

import numpy as np
import pytest
from built import Case, cases, contains, ends, exact, fraction, in_strip, points
from built import value_by_hand as by_hand
from flint import arb, ctx, fmpq
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from constructs import float_walk
from constructs.activations import ACTIVATIONS
from constructs.errors import ConstructError
from constructs.geometric import build
from constructs.network import Network
from constructs.neurons import Affine, Neuron, Readout, bit_size
from constructs.rationals import Rationals
from verify import strategies

relaxed = settings(deadline=None, suppress_health_check=list(HealthCheck))
numbers = st.fractions(-4, 4, max_denominator=9)
MIXED = ("relu", "relu2", "floor", "sine", "product")


def product(name: str, *sources: int) -> Neuron:
    return Neuron(name, "", "product", Affine(tuple((s, fmpq(1)) for s in sources), fmpq(0)))


def networks(activations: tuple[str, ...] = ("relu", "floor", "sine")) -> st.SearchStrategy[Network]:
    """Any network of up to three inputs, layers, and neurons a layer."""
    return st.integers(1, 3).flatmap(lambda inputs: strategies.networks(inputs, activations))


def _inputs(data: st.DataObject, network: Network) -> list[Q]:
    return [data.draw(numbers) for _ in range(network.inputs)]


@settings(relaxed, max_examples=80)
@given(networks(MIXED), st.data())
def test_evaluate_equals_the_oracle(network: Network, data: st.DataObject):
    x = _inputs(data, network)
    for v, w in zip(network.evaluate([exact(c) for c in x]), by_hand(network.to_json(), x), strict=True):
        if isinstance(v, fmpq) and not isinstance(w, Q):  # sin(0) is exact in one of them only
            v = arb(v)
        assert contains(v, w)


@settings(relaxed, max_examples=50)
@given(networks(("relu", "floor", "product", *(f"relu{q}" for q in (2, 3, 4, 5)))), st.data())
def test_without_sines_all_values_are_exact(network: Network, data: st.DataObject):
    x = _inputs(data, network)
    values = network.evaluate([exact(c) for c in x])
    assert all(isinstance(v, fmpq) for v in values)
    assert [fraction(v) for v in values] == by_hand(network.to_json(), x)


@settings(relaxed, max_examples=50)
@given(networks(("relu", "sine")), st.integers(16, 300), st.data())
def test_balls_shrink_with_the_bits_asked_for(network: Network, bits: int, data: st.DataObject):
    x = [exact(c) for c in _inputs(data, network)]
    before = ctx.prec
    for v in network.evaluate(x, bits):
        assert ends(v)[1] <= Q(1, 2 ** (bits - 8))
    assert ctx.prec == before


@settings(relaxed, max_examples=30)
@given(networks(MIXED), st.data())
def test_json_round_trip(network: Network, data: st.DataObject):
    text = json.dumps(network.to_json())
    again = Network.from_json(json.loads(text))
    assert again == network
    assert json.dumps(again.to_json()) == text


@settings(relaxed, max_examples=50)
@given(networks(MIXED))
def test_sizes_are_counted(network: Network):
    data = network.to_json()
    sizes = []
    for part in [n for layer in data["layers"] for n in layer] + data["readouts"]:
        for q in [Q(w) for _, w in part["weights"]] + [Q(part["bias"])]:
            if q:
                below = q.denominator.bit_length() if q.denominator > 1 else 0
                sizes.append(abs(q.numerator).bit_length() + below)
    assert (network.parameters, network.total_bits) == (len(sizes), sum(sizes))
    assert network.weight_bits == max(sizes, default=0)
    assert network.width == max(map(len, data["layers"]))
    assert network.depth == len(data["layers"])
    assert network.neurons == sum(map(len, data["layers"]))
    assert bit_size(fmpq(-5, 8)) == 3 + 4


@settings(relaxed, max_examples=50)
@given(networks(MIXED), st.data())
def test_prefixes_and_subnetworks_of_any_network(network: Network, data: st.DataObject):
    level = data.draw(st.integers(0, len(network.readouts) - 1))
    x = [exact(c) for c in _inputs(data, network)]
    whole = network.evaluate(x)[: level + 1]
    part = network.subnetwork(level)
    for cut in (network.prefix(level), part):
        assert cut.depth == network.readouts[level].layer
        for v, w in zip(cut.evaluate(x), whole, strict=True):
            assert v == w if isinstance(v, fmpq) else v.overlaps(w)
    names = [[n.name for n in layer] for layer in part.layers]
    for kept, layer in zip(names, network.layers, strict=False):
        assert kept == [n.name for n in layer if n.name in kept]  # order kept
    assert part.subnetwork(level).to_json() == part.to_json()


def test_no_such_level():
    network = Network(
        1, ((Neuron("a", "", "relu", Affine((), fmpq(1))),),), (Readout(0, 1, Affine((), fmpq(1))),)
    )
    for act in (network.prefix, network.subnetwork):
        with pytest.raises(ConstructError, match="level = 3"):
            act(3)
    for x in ([], [1, 2]):
        with pytest.raises(ConstructError, match="coordinates"):
            network.evaluate(x)
    with pytest.raises(ConstructError, match=r"x\[0\]"):
        network.evaluate([0.5])  # type: ignore[list-item]
    for bad in (np.zeros(3), np.zeros((2, 2))):
        with pytest.raises(ConstructError, match="points"):
            network.evaluate_floats(bad)


# Layers and readouts made when asked for.


class Lazy(Sequence[Any]):
    """made(i) for i in `numbers`, counting in `asked`; slices stay lazy."""

    def __init__(self, numbers: range, make: Callable[[int], Any], asked: list[int]) -> None:
        self.numbers, self.make, self.asked = numbers, make, asked

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, i: Any) -> Any:
        if isinstance(i, slice):
            return Lazy(self.numbers[i], self.make, self.asked)
        number = self.numbers[i]
        self.asked.append(number)
        return self.make(number)


def _hats(terms: int) -> Network:
    """B + sum of c_i max(0, 1 - |8 x - k_i|) for x >= 0, two layers of up to four neurons a term."""

    def step(i: int) -> fmpq:
        return fmpq(i % 7 - 3, 1 + i % 5)

    def relu(name: str, bias: int, *weights: tuple[int, fmpq]) -> Neuron:
        return Neuron(name, "", "relu", Affine(tuple((s, w) for s, w in weights if w), fmpq(bias)))

    def layer(j: int) -> tuple[Neuron, ...]:
        i, top = divmod(j, 2)
        x, k = relu("x", 0, (0, fmpq(1))), i % 9
        if top:
            hat = relu("psi", 1, (1, fmpq(-1)), (2, fmpq(-1)))
            return (x, hat, relu("S", 0, (3, fmpq(1))))
        total = relu("S", 0, (1, step(i - 1)), (2, fmpq(1))) if i else relu("S", 8 * terms)
        return (x, relu("a", k, (0, fmpq(-8))), relu("b", -k, (0, fmpq(8))), total)

    def readout(i: int) -> Readout:
        terms_ = tuple((s, w) for s, w in ((1, step(i)), (2, fmpq(1))) if w)
        return Readout(i + 1, 2 * i + 2, Affine(terms_, fmpq(0)))

    return Network(1, Lazy(range(2 * terms), layer, []), Lazy(range(terms), readout, []))


def _asked(network: Network) -> tuple[int, int]:
    """How often layers and readouts were made, at most; the counts start again."""
    counts = []
    for made in (network.layers, network.readouts):
        assert isinstance(made, Lazy)
        counts.append(max(Counter(made.asked).values(), default=0))
        made.asked.clear()
    return counts[0], counts[1]


def test_lazily_made_layers_are_made_once_a_pass():
    terms = 1500
    lazy, x = _hats(terms), [fmpq(1, 3)]
    kept = Network(1, tuple(lazy.layers), tuple(lazy.readouts))
    lazy.layers.asked.clear()  # type: ignore[attr-defined]
    lazy.readouts.asked.clear()  # type: ignore[attr-defined]
    sizes = [(n.width, n.neurons, n.parameters, n.weight_bits, n.total_bits) for n in (lazy, kept)]
    assert sizes[0] == sizes[1]
    assert _asked(lazy) == (1, 1)
    whole = kept.evaluate(x)
    assert lazy.evaluate(x) == whole
    assert _asked(lazy) == (1, 2)  # where the readouts are, and what they are
    assert lazy.evaluate(x, levels=[terms, 1, terms]) == [whole[-1], whole[0], whole[-1]]
    assert _asked(lazy) == (1, 2)  # the last one was wanted twice
    grid = np.linspace(0, 1, 5)[:, None]
    assert np.allclose(lazy.evaluate_floats(grid), kept.evaluate_floats(grid))
    assert _asked(lazy) == (1, 1)
    part = lazy.prefix(1000)
    assert isinstance(part.layers, Lazy)
    assert isinstance(part.readouts, Lazy)
    assert part.evaluate(x, levels=[1000]) == [whole[999]]
    assert max(part.layers.asked) == 1999
    assert part.depth == 2000
    again = lazy.subnetwork(1000)
    assert again.evaluate(x, levels=[1000]) == [whole[999]]
    assert _asked(lazy)[0] <= 3


def test_only_the_layers_needed_are_made():
    network = _hats(50)
    (value,) = network.evaluate(["1/5"], levels=[3])
    assert set(network.layers.asked) == set(range(6))  # type: ignore[attr-defined]
    assert network.evaluate_floats(np.array([[0.2]]), levels=[3]) == pytest.approx(float(Q(str(value))))
    assert set(network.layers.asked) == set(range(6))  # type: ignore[attr-defined]
    assert network.evaluate(["1/5"], levels=[]) == []
    assert network.evaluate_floats(np.zeros((4, 1)), levels=()).shape == (4, 0)
    for act in (
        lambda: network.evaluate(["1/5"], levels=[3, 51]),
        lambda: network.evaluate_floats(np.zeros((4, 1)), levels=[51]),
        lambda: network.prefix(51),
    ):
        with pytest.raises(ConstructError, match=r"level = 51: .*50 from 1 to 50"):
            act()


@settings(relaxed, max_examples=50)
@given(networks(), st.data())
def test_some_levels_are_those_of_all(network: Network, data: st.DataObject):
    x = [exact(c) for c in _inputs(data, network)]
    levels = data.draw(st.lists(st.integers(0, network.depth - 1), max_size=5))
    whole = network.evaluate(x)
    for v, level in zip(network.evaluate(x, levels=levels), levels, strict=True):
        assert v == whole[level] if isinstance(v, fmpq) else v.overlaps(whole[level])
    points_ = np.array([[float(Q(str(c))) for c in x]] * 3)
    try:
        floats = network.evaluate_floats(points_)
    except ConstructError:
        return
    assert (network.evaluate_floats(points_, levels) == floats[:, levels]).all()


def test_no_layers_at_all():
    network = Network(2, (), ())
    assert (network.width, network.depth, network.neurons, network.parameters) == (0, 0, 0, 0)
    assert network.evaluate([0, 1]) == []
    assert network.evaluate_floats(np.zeros((3, 2))).shape == (3, 0)
    stray = Network(1, (), (Readout(0, 1, Affine((), fmpq(1))),))
    for act in (lambda: stray.evaluate([0]), lambda: stray.evaluate_floats(np.zeros((1, 1)))):
        with pytest.raises(ConstructError, match="readouts"):
            act()


def test_many_points_are_followed_in_chunks(monkeypatch: pytest.MonkeyPatch):
    network, points_ = _hats(20), np.random.default_rng(1).random((1000, 1)) * 2 - 1
    whole = network.evaluate_floats(points_)
    monkeypatch.setattr(float_walk, "CHUNK", 7)
    monkeypatch.setattr(float_walk, "BLOCK", 3)
    assert (network.evaluate_floats(points_) == whole).all()
    monkeypatch.setattr(float_walk, "VALUES", 1)  # as if a layer were too wide for two points
    assert (network.evaluate_floats(points_[:50]) == whole[:50]).all()
    assert network.evaluate_floats(points_[:0]).shape == (0, 20)
    for i in (0, 1, 2):  # negative inputs among them: they are not carried through a relu
        values = network.evaluate([exact(Q(points_[i, 0]))])
        assert whole[i] == pytest.approx([float(Q(str(v))) for v in values])


# Floats: near the exact values, or refused.


def _clear_of_jumps(x: list[Q], case: Case) -> bool:
    """Not within 1e-6 of a cell's boundary, unless it is 0 or 1; not in a strip."""
    n = case.base**case.levels
    near = all(c in (0, 1) or min(c * n % 1, -c * n % 1) > Q(1, 10**6) for c in x)
    return near and not any(in_strip(x, case, t) for t in range(case.levels + 1))


@settings(relaxed, max_examples=50)
@given(st.data())
def test_floats_are_near_or_refused(data: st.DataObject):
    case = data.draw(cases())
    network = case.build().network
    x = data.draw(points(case))
    assume(_clear_of_jumps(x, case))
    values = network.evaluate([exact(c) for c in x])
    try:
        floats = network.evaluate_floats(np.array([[float(c) for c in x]]))
    except ConstructError as error:
        assert "use evaluate()" in str(error)  # noqa: PT017
        return
    assert floats.shape == (1, case.levels + 1)
    for v, approx in zip(values, floats[0], strict=True):
        assert abs(float(ends(v)[0]) - approx) < 1e-3


def _numbered(levels: int, last: list[int]) -> list[Rationals]:
    return [Rationals.of([0] * 2**t) for t in range(levels)] + [Rationals.of(last)]


def test_floor_digits_with_few_bits_are_exact_in_floats():
    values = [k * k % 61 for k in range(8)]
    built = build(_numbered(3, values), 2, [fmpq(1, 4)] * 4, digits="floor", decoder="bits")
    assert built.table_bits[3] <= 53
    points = np.array([[k / 64] for k in range(65)])
    floats = built.network.evaluate_floats(points)[:, 3]
    assert floats.tolist() == [float(values[min(k // 8, 7)]) for k in range(65)]


@pytest.mark.parametrize("place", [0, 700, 1023])
def test_exponents_beyond_floats_are_refused(place: int):
    """A single bit in 1024 fields: few significant bits, but 2^J overflows (it gave NaN)."""
    built = build(
        _numbered(10, [int(k == place) for k in range(1024)]),
        2,
        [fmpq(1, 4)] * 11,
        digits="floor",
        decoder="bits",
    )
    with pytest.raises(ConstructError):
        built.network.evaluate_floats(np.array([[0.25], [0.99], [1.0]]))
    assert built.network.evaluate([Q(2 * place + 1, 2048)])[10] == 1


def test_long_tables_are_refused_in_floats():
    built = build(
        _numbered(6, [k % 2 for k in range(64)]), 2, [fmpq(1, 4)] * 7, digits="floor", decoder="bits"
    )
    with pytest.raises(ConstructError, match="53 significant bits"):
        built.network.evaluate_floats(np.array([[0.25]]))


def test_cell_numbers_behind_ramps_do_not_feed_an_exp2_in_floats():
    built = build(
        _numbered(1, [0, 1]), 2, [fmpq(1, 4)] * 2, digits="relu", decoder="bits", delta=fmpq(1, 2**40)
    )
    with pytest.raises(ConstructError, match="ramps"):
        built.network.evaluate_floats(np.array([[0.3]]))


def test_weights_beyond_floats_are_refused():
    big = Neuron("a", "", "relu", Affine(((0, fmpq(10) ** 400),), fmpq(0)))
    network = Network(1, ((big,),), (Readout(0, 1, Affine(((0, fmpq(1)),), fmpq(0))),))
    with pytest.raises(ConstructError, match="range of floats"):
        network.evaluate_floats(np.array([[0.5]]))


@given(st.floats(-20, 20))
def test_float_activations(u: float):
    want = {"relu": max(u, 0.0), "floor": math.floor(u), "exp2": 2.0**u, "sine": math.sin(u)}
    want |= {f"relu{q}": max(u, 0.0) ** q for q in (2, 3, 4, 5)}
    assert want.keys() == ACTIVATIONS.keys()
    for name, w in want.items():
        assert ACTIVATIONS[name].floats(np.array([u]))[0] == pytest.approx(w, rel=1e-14, abs=1e-300)


def test_steep_ramps_before_a_large_sine_weight_are_refused_in_floats():
    def network(weight: int) -> Network:
        ramp = Neuron("a", "", "relu", Affine(((0, fmpq(2) ** 20),), fmpq(0)))
        sine = Neuron("b", "", "sine", Affine(((0, fmpq(weight)),), fmpq(0)))
        return Network(1, ((ramp,), (sine,)), (Readout(0, 2, Affine(((0, fmpq(1)),), fmpq(0))),))

    with pytest.raises(ConstructError, match=r"after ramps of slope 2\^20"):
        network(2**30).evaluate_floats(np.array([[0.3]]))
    gentle, x = network(3), fmpq(1, 4)
    (value,) = gentle.evaluate([x])
    assert gentle.evaluate_floats(np.array([[0.25]]))[0, 0] == pytest.approx(float(ends(value)[0]), abs=1e-6)


# Powers and products.


def _of(*layers: tuple[Neuron, ...]) -> Network:
    return Network(2, layers, (Readout(0, len(layers), Affine(((0, fmpq(1)),), fmpq(0))),))


@settings(relaxed, max_examples=50)
@given(networks(("relu", "relu2", "relu3", "product")), st.data())
def test_powers_and_products_in_floats(network: Network, data: st.DataObject):
    x = _inputs(data, network)
    values = network.evaluate([exact(c) for c in x])
    floats = network.evaluate_floats(np.array([[float(c) for c in x]] * 2))
    assert (floats[0] == floats[1]).all()
    size = 100.0 ** (3**network.depth)  # no value, and no slope, is larger
    for v, approx in zip(values, floats[0], strict=True):
        assert abs(float(ends(v)[0]) - approx) <= 1e-15 * size


def test_values_of_products():
    x, relu5 = [fmpq(2, 3), fmpq(-5)], Neuron("c", "", "relu5", Affine(((1, fmpq(-1)),), fmpq(-2)))
    assert _of((product("p", 0, 1),)).evaluate(x) == [fmpq(-10, 3)]
    assert _of((product("p", 1),)).evaluate(x) == [fmpq(-5)]
    assert _of((relu5,)).evaluate(x) == [243]
    assert _of((product("p", 0, 1),)).evaluate_floats(np.array([[0.5, 4.0], [2.0, 0.0]])).tolist() == [
        [2.0],
        [0.0],
    ]
    network = _of((product("p", 0, 1), relu5), (product("q", 0, 1),))
    assert (network.parameters, network.weight_bits) == (2 + 2 + 2 + 1, 2)
    assert network.activations == {"product", "relu5"}


def test_a_factor_of_zero_decides_a_product_of_balls():
    sine = Neuron("s", "", "sine", Affine(((0, fmpq(1)),), fmpq(0)))
    zero = Neuron("z", "", "relu", Affine((), fmpq(-1)))
    (value,) = _of((sine, zero), (product("p", 0, 1),)).evaluate([1, 1])
    assert isinstance(value, fmpq)
    assert value == 0


@pytest.mark.parametrize(
    ("terms", "bias", "message"),
    [
        ([[0, "2"]], "0", "weights 1"),
        ([[0, "1"], [1, "-1"]], "0", "weights 1"),
        ([[0, "1"]], "1", "bias 0"),
        ([], "0", "some source"),
        ([[0, "1"], [0, "1"]], "0", "each once"),
        ([[1, "1"], [0, "1"]], "0", "increasing"),
    ],
)
def test_wrong_products_cannot_be_made(terms: list[Any], bias: str, message: str):
    with pytest.raises(ConstructError, match=message):
        product("p", *(0,) * len(terms)) if message == "each once" else Neuron(
            "p", "", "product", Affine.from_json({"weights": terms, "bias": bias})
        )
    data = _of((product("p", 0, 1),)).to_json()
    data["layers"][0][0] |= {"weights": terms, "bias": bias}
    with pytest.raises(ConstructError, match=message):
        Network.from_json(data)


@pytest.mark.parametrize(
    "curved", [product("p", 0, 1), Neuron("p", "", "relu2", Affine(((0, fmpq(1)),), fmpq(0)))]
)
def test_powers_and_products_before_a_sine_or_a_floor_are_refused_in_floats(curved: Neuron):
    for name in ("sine", "floor", "exp2"):
        after = Neuron("s", "", name, Affine(((0, fmpq(1)),), fmpq(0)))
        with pytest.raises(ConstructError, match="after a power or a product"):
            _of((curved,), (after,)).evaluate_floats(np.array([[0.3, 0.5]]))
