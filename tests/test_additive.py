"""Additive networks through given values, where a change of them is seen, and how far beside local products."""

from __future__ import annotations

import os
import subprocess
import sys
from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs.additive import Vector, interpolant, level, separating_direction
from constructs.errors import ConstructError
from constructs.extents import Extents, additive_reach, compare, farthest, grid
from constructs.multiplicative import build
from constructs.network import Network
from constructs.neurons import Affine, Neuron, Readout
from constructs.slabs import Slab, changed
from constructs.supports import Box

ONE = fmpq(1)
NUMBERS = st.builds(fmpq, st.integers(-9, 9), st.integers(1, 4))
ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs" / "multiplicative.md"


def value(network: Network, x: Vector) -> fmpq:
    (found,) = network.evaluate(list(x))
    assert isinstance(found, fmpq)
    return found


def cell(mesh: int, *place: int) -> Box:
    return Box(tuple(fmpq(k, mesh) for k in place), tuple(fmpq(k + 1, mesh) for k in place))


@st.composite
def clouds(draw: st.DrawFn, most: int = 12) -> list[Vector]:
    """Distinct points, some of them level in some coordinate."""
    dim = draw(st.integers(1, 3))
    point = st.tuples(*[NUMBERS] * dim)
    return draw(st.lists(point, min_size=1, max_size=most, unique=True))


@settings(max_examples=50)
@given(clouds())
def test_a_separating_direction_separates_in_lexicographic_order(points: list[Vector]):
    w = separating_direction(points)
    levels = [level(w, x) for x in sorted(points)]
    assert all(a < b for a, b in pairwise(levels))


def test_on_a_grid_the_levels_are_equally_spaced():
    for mesh, dim in ((4, 2), (2, 3), (5, 1)):
        points = grid(mesh, dim)
        levels = [level(separating_direction(points), x) for x in points]
        assert {b - a for a, b in pairwise(levels)} == {fmpq(1, mesh)}


@settings(max_examples=60)
@given(clouds(), st.data())
def test_it_interpolates_exactly_and_linearly(points: list[Vector], data: st.DataObject):
    values = data.draw(st.lists(NUMBERS, min_size=len(points), max_size=len(points)))
    w = separating_direction(points)
    network = interpolant(points, values, w)
    assert [value(network, x) for x in points] == values
    assert network.width <= len(points)
    assert network.depth == 1
    assert network.activations == {"relu"}
    x = data.draw(st.tuples(*[NUMBERS] * len(w)))
    ordered = sorted((level(w, p), v) for p, v in zip(points, values, strict=True))
    t = level(w, x)
    below = [pair for pair in ordered if pair[0] <= t]
    above = [pair for pair in ordered if pair[0] >= t]
    (a, u), (b, v) = (below or above[:1])[-1], (above or below[-1:])[0]
    assert value(network, x) == (u if a == b else u + (v - u) * (t - a) / (b - a))


@settings(max_examples=50)
@given(clouds(8), st.data())
def test_networks_differ_exactly_in_the_slabs(points: list[Vector], data: st.DataObject):
    numbers = st.lists(NUMBERS, min_size=len(points), max_size=len(points))
    w = separating_direction(points)
    one, two = (interpolant(points, data.draw(numbers), w) for _ in range(2))
    slabs = changed(one, two)
    levels = sorted(level(w, x) for x in points)
    ends = [t for slab in slabs for t in (slab.lo, slab.hi) if t is not None]
    assert ends == sorted(ends)
    size = level(w, w)
    tried = sorted({*levels, *ends, levels[0] - 1, levels[-1] + 1})
    for t in [*tried, *((a + b) / 2 for a, b in pairwise(tried))]:
        x = tuple(c * t / size for c in w)
        held = sum(slab.holds(x) for slab in slabs)
        assert held == int(value(one, x) != value(two, x))
    assert changed(one, one) == ()


def test_a_difference_of_both_signs_is_cut_at_its_zero():
    points = [(0,), (2,)]
    one, two = (interpolant(points, v, (1,)) for v in ([0, 0], [1, -1]))
    assert [(s.lo, s.hi) for s in changed(one, two)] == [(None, 1), (1, None)]
    assert [(s.lo, s.hi) for s in changed(one, interpolant(points, [1, 1], (1,)))] == [(None, None)]


@pytest.mark.parametrize(("mesh", "dim"), [(1, 2), (3, 2), (4, 2), (2, 3), (6, 1)])
def test_one_value_is_seen_in_its_slab_and_nowhere_else(mesh: int, dim: int):
    """On a grid of the cube, with random values and a random change of each single one."""
    points, draw = grid(mesh, dim), np.random.default_rng(mesh)
    w = separating_direction(points)
    values = draw.integers(-99, 99, len(points)).tolist()
    before = interpolant(points, values, w)
    fine = [tuple(c / 2 + fmpq(1, 97) for c in x) for x in grid(2 * (mesh + 1), dim)] + grid(mesh + 1, dim)
    for j in draw.choice(len(points), min(len(points), 6), replace=False).tolist():
        other = list(values)
        other[j] += int(draw.integers(1, 99))
        (slab,) = additive_reach(points, w, Box(points[j], points[j]))
        after = interpolant(points, other, w)
        assert changed(before, after) == (slab,)
        for x in fine:
            assert (value(before, x) != value(after, x)) == slab.holds(x)
        step = fmpq(1, 10**6)
        for end, inward in ((slab.lo, step), (slab.hi, -step)):
            if end is not None:
                at, near = ((end + d) / level(w, w) for d in (fmpq(0), inward))
                assert not slab.holds(tuple(c * at for c in w))
                assert value(before, tuple(c * near for c in w)) != value(after, tuple(c * near for c in w))


@st.composite
def slabs(draw: st.DrawFn) -> Slab:
    dim = draw(st.integers(1, 3))
    w = draw(st.tuples(*[NUMBERS] * dim))
    ends = sorted(draw(st.lists(NUMBERS, min_size=2, max_size=2)))
    lo, hi = (None if draw(st.booleans()) and draw(st.booleans()) else e for e in ends)
    return Slab(w, lo, hi)


def vertices(slab: Slab) -> list[Vector]:
    """Of the part of the closed slab in the cube: corners, and points of edges at its ends."""
    w, dim = slab.direction, len(slab.direction)
    found = []
    for corner in product((fmpq(0), ONE), repeat=dim):
        t = level(w, corner)
        if (slab.lo is None or slab.lo <= t) and (slab.hi is None or t <= slab.hi):
            found.append(corner)
        for i in range(dim):
            for end in (slab.lo, slab.hi):
                if end is not None and w[i] != 0:
                    u = (end - t + w[i] * corner[i]) / w[i]
                    if 0 <= u <= 1:
                        found.append((*corner[:i], u, *corner[i + 1 :]))
    return found


@settings(max_examples=100)
@given(slabs(), st.data())
def test_the_part_in_the_cube_is_that_of_its_vertices(slab: Slab, data: st.DataObject):
    hull, w = slab.in_cube(), slab.direction
    corners = [level(w, x) for x in product((fmpq(0), ONE), repeat=len(w))]
    lo = min(corners) - 1 if slab.lo is None else slab.lo
    hi = max(corners) + 1 if slab.hi is None else slab.hi
    meets = lo < hi and lo < max(corners) and hi > min(corners)
    assert (hull is not None) == meets
    if hull is None:
        x = data.draw(st.tuples(*[NUMBERS.filter(lambda u: 0 <= u <= 1)] * len(w)))
        assert not slab.holds(x)
        return
    columns = list(zip(*vertices(slab), strict=True))
    assert hull == Box(tuple(map(min, columns)), tuple(map(max, columns)))
    box = Box((fmpq(1, 3),) * len(w), (fmpq(1, 2),) * len(w))
    by_vertices = max(
        max(max(a - c, c - b, fmpq(0)) for a, b, c in zip(box.lo, box.hi, x, strict=True))
        for x in vertices(slab)
    )
    assert farthest(box, [hull]) == by_vertices


@settings(max_examples=25)
@given(st.sampled_from([(1, 2), (2, 2), (1, 1), (3, 1)]), st.integers(3, 7), st.data())
def test_extents_of_cells(of: tuple[int, int], mesh: int, data: st.DataObject):
    q, dim = of
    place = data.draw(st.tuples(*[st.integers(0, mesh - 1)] * dim))
    box = cell(mesh, *place)
    found = compare(q, mesh, dim, box)
    assert 0 < found.products <= fmpq(q + 1, mesh)
    assert found.additive_parameters >= found.products_parameters
    assert found.every_additive <= found.additive <= 1
    if dim == 1:
        assert found.additive <= fmpq(1, found.additive_mesh)
    else:
        farther_side = max(max(a, 1 - b) for a, b in zip(box.lo[1:], box.hi[1:], strict=True))
        assert found.additive >= farther_side
    generic = np.random.default_rng(mesh).integers(1, 10**6, (mesh + q,) * dim).astype(object)
    assert build(generic, q, mesh).network.parameters == found.products_parameters


def test_extents_beside_brute_force():
    """Where a change is seen on a fine grid: never farther, and nearly as far."""
    mesh, q = 4, 1
    box = cell(mesh, 0, 2)
    found = compare(q, mesh, 2, box)
    points = grid(found.additive_mesh, 2)
    w = separating_direction(points)
    one = interpolant(points, [0] * len(points), w)
    two = interpolant(points, [int(box.holds(x)) for x in points], w)
    seen = [x for x in grid(61, 2) if value(one, x) != value(two, x)]
    distances = [
        max(max(a - c, c - b, fmpq(0)) for a, b, c in zip(box.lo, box.hi, x, strict=True)) for x in seen
    ]
    assert found.additive - fmpq(1, 30) <= max(distances) <= found.additive


def ridge_sum(w: list[tuple[int, int]], b: list[int], a: list[int], x: tuple[int, int]) -> int:
    return sum(c * max(u * x[0] + v * x[1] + d, 0) for (u, v), d, c in zip(w, b, a, strict=True))


@settings(max_examples=100)
@given(st.data())
def test_no_additive_network_is_confined(data: st.DataObject):
    """The lemma, tried: a sum of ridges that is not 0 at some point is not 0 at some point far away."""
    n = data.draw(st.integers(1, 5))
    small = st.integers(-3, 3)
    w = data.draw(st.lists(st.tuples(small, small).filter(any), min_size=n, max_size=n))
    b, a = (data.draw(st.lists(small, min_size=n, max_size=n)) for _ in range(2))
    near = [x for x in product(range(-4, 5), repeat=2) if ridge_sum(w, b, a, x) != 0]
    far = [
        (fx, fy)
        for u, v in [*w, (1, 0), (0, 1)]
        for k in (-500, 500)
        for fx, fy in product(range(-v * k - 4, -v * k + 5), range(u * k - 4, u * k + 5))
    ]
    assert not near or any(ridge_sum(w, b, a, x) != 0 for x in far)


def test_wrong_input_is_refused():
    with pytest.raises(ConstructError, match="distinct"):
        separating_direction([(0, 1), (0, "1/1")])
    with pytest.raises(ConstructError, match="points"):
        separating_direction([])
    with pytest.raises(ConstructError, match="same number"):
        separating_direction([(0,), (0, 1)])
    with pytest.raises(ConstructError, match="level"):
        interpolant([(0, 1), (1, 0)], [0, 1], (1, 1))
    with pytest.raises(ConstructError, match="coordinates"):
        interpolant([(0, 1)], [0], (1,))
    with pytest.raises(ConstructError, match="values"):
        interpolant([(0, 1)], [0, 1], (1, 1))
    for box in (cell(8, 1, 1), cell(4, 1), cell(4, 3, 4)):
        with pytest.raises(ConstructError, match="box"):
            compare(1, 4, 2, box)


def test_networks_of_another_kind_are_refused():
    plain = interpolant([(0, 0), (0, 1)], [0, 1], (2, 1))
    with pytest.raises(ConstructError, match="direction"):
        changed(plain, interpolant([(0, 0), (0, 1)], [0, 1], (3, 1)))
    with pytest.raises(ConstructError, match="depth 2"):
        changed(build(np.array([1, 2]), 1, 1).network, plain)
    (neuron, other) = plain.layers[0]
    turned = Neuron("t", "", "relu", Affine(((0, ONE),), fmpq(0)))
    squared = Neuron("s", "", "relu2", neuron.affine)
    for layer in ((neuron, turned), (squared, Neuron("o", "", "relu2", other.affine))):
        with pytest.raises(ConstructError, match="network"):
            changed(Network(2, (layer,), (Readout(0, 1, Affine((), ONE)),)), plain)


def table() -> list[list[str]]:
    """The rows of "Locality beside an additive network" in docs/multiplicative.md."""
    text = DOCS.read_text(encoding="utf-8")
    part = text.partition("## Locality beside an additive network")[2].partition("\n## ")[0]
    rows = [
        [c.strip() for c in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("|")
    ]
    return rows[2:]


@pytest.mark.parametrize("row", table(), ids=lambda row: row[0])
def test_the_table_in_the_documentation(row: list[str]):
    q, mesh, dim = (int(n) for n in row[0].split(","))
    corner = row[1] == "corner"
    found = compare(q, mesh, dim, cell(mesh, *[0 if corner else mesh // 2] * dim))
    numbers = [fmpq(f.numerator, f.denominator) for f in map(Fraction, (c.replace(",", "") for c in row[2:]))]
    assert (
        Extents(numbers[0], int(numbers[1].p), numbers[2], int(numbers[3].p), found.additive_mesh, numbers[4])
        == found
    )


def test_there_is_a_table():
    assert len(table()) >= 6


def test_the_example_in_the_documentation(tmp_path: Path):
    example = DOCS.read_text(encoding="utf-8").partition("```python\n")[2].partition("```")[0]
    script = tmp_path / "example.py"
    script.write_text(example, encoding="utf-8")
    shown = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ).stdout
    assert shown.strip() == str(compare(1, 16, 2, cell(16, 8, 8)))
