"""Proved tables under attack: a true network with one number changed must be undecided or rightly described."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction as Q

import numpy as np
import pytest
from built import Case, away, cases, cell_of, ends, exact, fraction, in_strip, points, value_by_hand
from flint import arb, ctx, fmpq
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from constructs.errors import ConstructError
from constructs.geometric import Geometric, build
from constructs.network import Network
from constructs.neurons import Affine, Neuron, Readout
from constructs.rationals import Rationals
from verify import regions

relaxed = settings(deadline=None, suppress_health_check=list(HealthCheck))
ONE = fmpq(1)


def strip_pieces(case: Case, level: int) -> list[tuple[Q, Q]]:
    """Of one axis: the cells less the ramps, found digit by digit with the oracle of membership."""
    n = case.base**level
    out = []
    for k in range(n):
        cut = Q(k + 1, n)
        if case.delta is not None and k < n - 1:
            scale = Q(1)
            while (cut * case.base / scale).denominator != 1:
                scale /= case.base
            cut -= fraction(case.delta) * scale
        out.append((Q(k, n), cut))
    return out


def inside(data: st.DataObject, case: Case, level: int) -> list[Q]:
    """A point of some piece: its ends and its inside."""
    x = []
    for _ in range(case.dim):
        lo, hi = data.draw(st.sampled_from(strip_pieces(case, level)))
        shares = [Q(0), Q(1), Q(1, 2), Q(1, 10**9), 1 - Q(1, 10**9), data.draw(st.fractions(0, 1))]
        x.append(lo + data.draw(st.sampled_from(shares)) * (hi - lo))
    return x


def check(data: st.DataObject, case: Case, network: Network, level: int, found: regions.Table) -> None:
    """The table against exact evaluation, at points of the pieces and anywhere."""
    (readout,) = (r for r in network.readouts if r.level == level)
    needed = replace(network, readouts=(readout,)).subnetwork(level)
    assert found.values.shape == (case.base**level,) * case.dim
    assert 0 <= found.bad < 1
    for x in [inside(data, case, level) for _ in range(4)] + [data.draw(points(case)) for _ in range(4)]:
        try:
            (value,) = needed.evaluate([exact(c) for c in x])
        except ConstructError:  # an exponent that no memory holds, which no piece may have
            assert in_strip(x, case, level)
            continue
        mid, rad = ends(value)
        assert fraction(found.lo) <= mid + rad
        assert mid - rad <= fraction(found.hi)
        if not in_strip(x, case, level) or found.bad == 0:
            stated = fraction(found.values.elements[cell_of(x, case.base**level)])
            assert abs(mid - stated) <= fraction(found.radius) + rad


@settings(relaxed, max_examples=30)
@given(st.data())
def test_true_networks_are_decided_and_equal_their_tables(data: st.DataObject):
    case = data.draw(cases())
    built = case.build()
    for level in range(case.levels + 1):
        found = regions.table(built.network, level, case.base, case.delta)
        check(data, case, built.network, level, found)
        near = Q(1, 2**60) if case.decoder == "two-sine" else Q(0)
        for v, w in zip(found.values.elements.flat, built.tables[level].elements.flat, strict=True):
            assert away(v, fraction(w)) <= near
        assert found.radius <= fmpq(1, 2**90)
        length = sum((hi - lo for lo, hi in strip_pieces(case, level)), start=Q(0))
        reads_x = any(w.affine.terms for w in built.network.prefix(level).subnetwork(level).layers[0])
        assert fraction(found.bad) == (1 - length**case.dim if reads_x else 0)


NUMBERS = st.sampled_from([Q(1), Q(-1), Q(1, 2), Q(2), Q(1, 10**6), Q(-1, 3), Q(5), Q(1, 2**40)])


def changed(data: st.DataObject, affine: Affine, sources: int) -> Affine:
    """One number or source of the form changed."""
    kinds = ["bias", "add"] + (["weight", "scale", "negate", "drop", "source"] if affine.terms else [])
    kind, by = data.draw(st.sampled_from(kinds)), exact(data.draw(NUMBERS))
    terms = dict(affine.terms)
    if kind == "bias":
        return Affine(affine.terms, affine.bias + by)
    source = data.draw(st.sampled_from(sorted(terms) if terms and kind != "add" else range(sources)))
    if kind in ("weight", "add"):
        terms[source] = terms.get(source, fmpq(0)) + by
    elif kind == "scale":
        terms[source] = terms[source] * by
    elif kind == "negate":
        terms[source] = -terms[source]
    elif kind == "drop":
        del terms[source]
    else:
        other = data.draw(st.integers(0, sources - 1))
        terms[other] = terms.get(other, fmpq(0)) + terms.pop(source)
    return Affine(tuple(sorted((s, w) for s, w in terms.items() if w != 0)), affine.bias)


def corrupted(data: st.DataObject, network: Network) -> Network:
    """One weight, bias, source or activation changed, anywhere."""
    layers, readouts = [list(layer) for layer in network.layers], list(network.readouts)
    at = data.draw(st.integers(0, len(layers)))
    if at == len(layers):
        i = data.draw(st.integers(0, len(readouts) - 1))
        r = readouts[i]
        readouts[i] = replace(r, affine=changed(data, r.affine, len(layers[r.layer - 1])))
    else:
        i = data.draw(st.integers(0, len(layers[at]) - 1))
        neuron = layers[at][i]
        if data.draw(st.integers(0, 5)) == 0:
            name = data.draw(st.sampled_from(["relu", "floor", "sine"]))
            layers[at][i] = replace(neuron, activation=name)
        else:
            sources = len(layers[at - 1]) if at else network.inputs
            layers[at][i] = replace(neuron, affine=changed(data, neuron.affine, sources))
    return Network(network.inputs, tuple(map(tuple, layers)), tuple(readouts))


@settings(relaxed, max_examples=120)
@given(st.data())
def test_a_corrupted_network_is_undecided_or_rightly_described(data: st.DataObject):
    case = data.draw(cases(least=1))
    network = case.build().network
    for _ in range(data.draw(st.integers(1, 2))):
        network = corrupted(data, network)
    level = data.draw(st.integers(0, case.levels))
    try:
        found = regions.table(network, level, case.base, case.delta)
    except regions.Undecided as error:
        event("undecided")
        assert "of layer" in str(error)  # noqa: PT017
        return
    event("decided")
    check(data, case, network, level, found)


@settings(relaxed, max_examples=30)
@given(st.data())
def test_a_wrong_strip_width_is_refused_or_rightly_described(data: st.DataObject):
    case = data.draw(cases(digits="relu", decoder="bits", least=1))
    network = case.build().network
    assert case.delta is not None
    wrong = case.delta * exact(data.draw(st.sampled_from([Q(1, 2), Q(2), Q(99, 100), Q(100), Q(-1), Q(0)])))
    level = data.draw(st.integers(1, case.levels))
    try:
        found = regions.table(network, level, case.base, wrong)
    except (regions.Undecided, ConstructError):
        return
    assert wrong > 0
    check(data, replace(case, delta=wrong), network, level, found)


# By hand: one small network, one thing wrong with it.


def net(layers: list[list[Neuron]], *weights: int | fmpq, bias: int | fmpq = 0) -> Network:
    """A readout of level 1 with these weights after the last layer."""
    terms = tuple((i, fmpq(w)) for i, w in enumerate(weights) if w != 0)
    readout = Readout(1, len(layers), Affine(terms, fmpq(bias)))
    return Network(1, tuple(map(tuple, layers)), (readout,))


def neuron(activation: str, *weights: int | fmpq, bias: int | fmpq = 0) -> Neuron:
    """A neuron with these weights, in order of its sources."""
    terms = tuple((i, fmpq(w)) for i, w in enumerate(weights) if w != 0)
    return Neuron(activation[0], "", activation, Affine(terms, fmpq(bias)))


def undecided(network: Network, why: str, delta: fmpq | None = None) -> None:
    """The proof must fail, and say why."""
    with pytest.raises(regions.Undecided, match=why):
        regions.table(network, 1, 2, delta)


HALVES = neuron("floor", 2)  # floor(2 x): 0, 1, and 2 at x = 1


def test_a_floor_is_wrong_at_1():
    undecided(net([[HALVES]], 1), "differs at x = 1")
    fixed = regions.table(net([[HALVES, neuron("floor", 1)]], 1, -1), 1, 2, None)
    assert fixed.values.elements.tolist() == [0, 1]
    assert (fixed.lo, fixed.hi, fixed.bad, fixed.radius) == (0, 1, 0, 0)


@pytest.mark.parametrize(
    "jumping",
    [
        neuron("floor", 3),
        neuron("floor", 2, bias=fmpq(1, 10**12)),
        neuron("floor", -2),  # 0 at 0, -1 just after it
        neuron("floor", 1, bias=fmpq(3, 4)),
    ],
)
def test_a_floor_jumps_inside_a_cell(jumping: Neuron):
    undecided(net([[jumping, neuron("floor", 1)]], 1, -1), "jumps on piece")


def test_a_floor_of_a_falling_form_may_reach_an_integer_at_the_open_end():
    network = net([[neuron("floor", -2, bias=fmpq(5, 2))]], 1)  # 5/2 .. 3/2 jumps at x = 1/4
    undecided(network, "jumps on piece 0")
    falling = net([[neuron("floor", fmpq(-1, 2), bias=fmpq(3, 4))]], 1)  # 3/4 -> 1/2 -> 1/4
    assert regions.table(falling, 1, 2, None).values.elements.tolist() == [0, 0]


def test_a_floor_on_a_closed_piece_may_not_reach_the_next_integer():
    undecided(net([[neuron("floor", 1)]], 1), "jumps on piece 1", fmpq(1, 8))
    undecided(net([[neuron("floor", fmpq(8, 3))]], 1), "jumps on piece 0", fmpq(1, 8))  # 1 at 3/8


@pytest.mark.parametrize("bias", [fmpq(-1, 4), fmpq(-3, 4), fmpq(-1, 10**9), fmpq(-1, 2) - fmpq(1, 10**9)])
def test_a_relu_kinks_inside_a_cell(bias: fmpq):
    undecided(net([[neuron("relu", 1, bias=bias)]], 1), "changes sign on piece")


def test_a_relu_may_kink_in_a_strip_only():
    ramp = net([[neuron("relu", 8, bias=-3), neuron("relu", 8, bias=-4)]], 1, -1)  # 0 to 1 on [3/8, 1/2]
    found = regions.table(ramp, 1, 2, fmpq(1, 8))
    assert found.values.elements.tolist() == [0, 1]
    assert found.bad == fmpq(1, 8)
    assert found.lo <= 0
    assert found.hi >= 1
    undecided(ramp, "changes sign on piece 0", fmpq(1, 9))
    undecided(net([[neuron("relu", 8, bias=-3)]], 1), "not constant on the regions", fmpq(1, 8))


def test_equal_values_outside_the_strips_prove_nothing_inside_them():
    """A bump of height 10 inside the strip, 0 on both cells: the readout is not constant."""
    rise = [neuron("relu", 16, bias=16 * -fmpq(3, 8)), neuron("relu", 16, bias=16 * -fmpq(7, 16))]
    fall = neuron("relu", 16, bias=-8)
    found = regions.table(net([[*rise, fall]], 10, -20, 10), 1, 2, fmpq(1, 8))
    assert found.values.elements.tolist() == [0, 0]
    assert found.bad == fmpq(1, 8)
    assert found.hi >= 10


def test_corrections_that_cancel_leave_garbage_in_the_strips():
    """The same through `build`: level 2 wants one value everywhere, but its readout depends on x."""
    wanted = [Rationals.of([0]), Rationals.of([0, 1]), Rationals.of([3] * 4)]
    delta = fmpq(1, 64)
    network = build(wanted, 2, [fmpq(1, 16)] * 3, digits="relu", decoder="bits", delta=delta).network
    found = regions.table(network, 2, 2, delta)
    assert found.values.elements.tolist() == [3] * 4
    value = network.evaluate([fmpq(1, 2) - delta / 2])[2]
    assert value != 3
    assert found.bad == 2 * delta
    assert found.lo <= value <= found.hi


def powers(e: Neuron, *floors: Neuron) -> list[list[Neuron]]:
    """x to cell number J in {0, 1}, to 2^..., to floors."""
    return [[HALVES, neuron("floor", 1)], [e], list(floors)]


E = neuron("exp2", 2, -2)  # 4^J
FIELDS = fmpq(0b10_01, 16)  # the fields 2, 1


def test_bit_fields():
    network = net(powers(E, neuron("floor", FIELDS), neuron("floor", 4 * FIELDS)), -4, 1)
    assert regions.table(network, 1, 2, None).values.elements.tolist() == [2, 1]


@pytest.mark.parametrize(
    ("network", "why"),
    [
        (
            net(powers(E, neuron("floor", FIELDS / 3), neuron("floor", FIELDS)), -3, 1),
            "otherwise than by a pair",
        ),
        (
            net(powers(E, neuron("floor", FIELDS), neuron("floor", 4 * FIELDS)), -2, 1),
            "otherwise than by a pair",
        ),
        (
            net(powers(E, neuron("floor", FIELDS), neuron("floor", 2 * FIELDS)), -4, 1),
            "otherwise than by a pair",
        ),
        (
            net(powers(E, neuron("floor", FIELDS), neuron("floor", 4 * FIELDS)), 4, 1),
            "otherwise than by a pair",
        ),
        (net(powers(E, neuron("floor", 4 * FIELDS)), 1), "otherwise than by a pair"),
        (net(powers(E, neuron("floor", FIELDS, bias=1), neuron("floor", 4 * FIELDS)), -4, 1), "otherwise"),
        (net(powers(E, neuron("floor", -FIELDS), neuron("floor", -4 * FIELDS)), -4, 1), "not a table of bit"),
        (
            net(powers(E, neuron("floor", fmpq(1, 3)), neuron("floor", fmpq(4, 3))), -4, 1),
            "not a table of bit",
        ),
        (
            net(powers(E, neuron("relu", FIELDS), neuron("floor", 4 * FIELDS)), -4, 1),
            "relu of a multiple of an",
        ),
        (net(powers(E, neuron("sine", FIELDS)), 1), "sine of a multiple of an exp2"),
        (net(powers(E)[:2], 1), "not constant"),
        (net(powers(neuron("exp2", fmpq(1, 2), fmpq(-1, 2)))[:2], 1), "exp2 of a number such as 1/2"),
        (net([[neuron("exp2", 1)]], 1), "exp2 of a form that is not constant"),
        (net([[neuron("sine", 1)]], 1), "sine of a form that is not constant"),
        (net(powers(neuron("exp2", 2**50, -(2**50)))[:2], 1), "exp2 of a number such as"),
        (
            net([[HALVES, neuron("floor", 1)], [neuron("sine", 1, -1)], [neuron("floor", 1)]], 1),
            "floor of a number",
        ),
        (
            net([[HALVES, neuron("floor", 1)], [neuron("sine", 1, -1)], [neuron("exp2", 1)]], 1),
            "exp2 of a number",
        ),
        (net([[neuron("relu", 1)]], 1), "not constant on the regions"),
    ],
)
def test_patterns_that_are_not_recognised(network: Network, why: str):
    undecided(network, why)


@pytest.mark.parametrize("sources", [(1,), (0, 1), (0, 2), (2, 3)])
def test_powers_and_products_are_undecided(sources: tuple[int, ...]):
    """Of what is constant on the regions, too: an axis form, a constant, a ball."""
    first = [neuron("floor", 2), neuron("floor", 1), neuron("relu", 1), neuron("relu", 1)]
    second = [neuron("relu", 1), neuron("relu", 1, -1), neuron("sine", 1, -1), neuron("sine", 1, -1)]
    product = Neuron("p", "", "product", Affine(tuple((s, fmpq(1)) for s in sources), fmpq(0)))
    for head in (product, neuron("relu2", 1), neuron("relu3", 1, -1)):
        with pytest.raises(regions.Undecided):
            regions.table(net([first, second, [head]], 1), 1, 2, None)


def test_floors_of_different_powers_are_no_field():
    layers = [
        [HALVES, neuron("floor", 1)],
        [E, neuron("exp2", 1, -1)],
        [neuron("floor", FIELDS), Neuron("f", "", "floor", Affine(((1, 4 * FIELDS),), fmpq(0)))],
    ]
    undecided(net(layers, -4, 1), "otherwise than by a pair")


def test_two_coordinates_that_do_not_cancel():
    both = Neuron("r", "", "relu", Affine(((0, ONE), (1, ONE)), fmpq(0)))
    network = Network(2, ((both,),), (Readout(1, 1, Affine(((0, ONE),), fmpq(0))),))
    undecided(network, "depends on x0 and on more")


def test_a_level_without_readout():
    with pytest.raises(ConstructError, match="level = 2"):
        regions.table(net([[neuron("relu", 0, bias=1)]], 1), 2, 2, None)


@settings(relaxed, max_examples=30)
@given(st.integers(-(2**200), 2**200), st.integers(1, 2**40), st.data())
def test_radius_of_sines_is_honest(weight: int, denominator: int, data: st.DataObject):
    """gamma sin(w sin(1 + J)) with arbitrary w and gamma, against mpmath."""
    assume(weight != 0)
    gamma = data.draw(st.sampled_from([Q(1), Q(3), Q(1, 3), Q(10**20), Q(-1, 10**20)]))
    layers = [
        [HALVES, neuron("floor", 1)],
        [neuron("sine", 1, -1, bias=1)],
        [neuron("sine", fmpq(weight, denominator))],
        [neuron("relu", 1, bias=2)],
    ]
    network = net(layers, exact(gamma), bias=fmpq(1, 3))
    found = regions.table(network, 1, 2, None)
    values = found.values.elements
    for k, x in enumerate((Q(1, 4), Q(1))):
        (value,) = value_by_hand(network.to_json(), [x])
        assert away(values[k], value) <= fraction(found.radius) + Q(1, 2**200)
        assert found.lo + found.radius <= values[k] <= found.hi - found.radius
    assert 0 < found.radius < abs(exact(gamma)) * fmpq(1, 2**90)


def test_precision_is_left_as_it_was():
    with ctx.workprec(77):
        regions.table(net([[HALVES, neuron("floor", 1)], [neuron("sine", 1, -1)]], 1), 1, 2, None)
        assert ctx.prec == 77
        with pytest.raises(regions.Undecided):
            regions.table(net([[neuron("sine", 1)]], 1), 1, 2, None)
        assert ctx.prec == 77
    assert arb(1).sin().overlaps(arb(1).sin())


@pytest.mark.parametrize(("dim", "base", "level"), [(1, 2, 3), (1, 3, 2), (2, 2, 2), (3, 3, 1)])
def test_the_bad_set_is_the_union_of_the_ramps(dim: int, base: int, level: int):
    """Its measure from the ramps of each level: the new boundaries of level t carry strips delta N^-(t-1)."""
    delta = Q(1, 5 * base**level)
    wanted = [Rationals(np.arange(base ** (dim * t)).reshape((base**t,) * dim)) for t in range(level + 1)]
    network = build(
        wanted, base, [fmpq(1, 8)] * (level + 1), digits="relu", decoder="bits", delta=exact(delta)
    ).network
    strips = sum(
        ((base - 1) * base ** (t - 1) * delta / base ** (t - 1) for t in range(1, level + 1)), start=Q(0)
    )
    assert fraction(regions.table(network, level, base, exact(delta)).bad) == 1 - (1 - strips) ** dim


def _large(dim: int, levels: int) -> Geometric:
    rng = np.random.default_rng(7)
    wanted = [Rationals(rng.integers(0, 256, size=(2**t,) * dim), 256) for t in range(levels + 1)]
    return build(wanted, 2, [fmpq(1, 512)] * (levels + 1), digits="floor", decoder="bits")


@pytest.mark.slow
@pytest.mark.parametrize(("dim", "levels"), [(1, 20), (2, 10)])
def test_a_million_cells(dim: int, levels: int):
    built = _large(dim, levels)
    found = regions.table(built.network, levels, 2, None)
    assert (found.values - built.tables[levels]).largest == 0
    values = found.values.elements
    for x in itertools.islice(itertools.product([Q(0), Q(1, 3), Q(1), Q(355, 452)], repeat=dim), 6):
        cell = cell_of(list(x), 2**levels)
        assert built.network.evaluate([exact(c) for c in x])[-1] == values[cell]
