"""Forms by channel name against dictionaries; assembled networks against their channels."""

from __future__ import annotations

from fractions import Fraction as Q

import pytest
from built import exact, fraction
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from constructs.wiring import Channel, Form, Head, assemble

names = st.sampled_from(["a", "b", "c"])
numbers = st.fractions(-5, 5, max_denominator=6)
plain = st.tuples(st.dictionaries(names, numbers), numbers)
AT = {"a": Q(3, 7), "b": Q(-11), "c": Q(5, 13)}


def form(parts: tuple[dict[str, Q], Q]) -> Form:
    """From plain numbers."""
    total = Form() + exact(parts[1])
    for name, w in parts[0].items():
        total = total + exact(w) * Form.of(name)
    return total


def value(f: Form) -> Q:
    """At AT."""
    return sum((fraction(w) * AT[c] for c, w in f.terms.items()), start=fraction(f.bias))


def by_hand(parts: tuple[dict[str, Q], Q]) -> Q:
    return sum((w * AT[c] for c, w in parts[0].items()), start=parts[1])


@given(plain, plain, numbers)
def test_forms_are_affine_arithmetic(f: tuple, g: tuple, k: Q):
    F, G = form(f), form(g)
    assert value(F) == by_hand(f)
    assert value(F + G) == by_hand(f) + by_hand(g)
    assert value(F - G) == by_hand(f) - by_hand(g)
    assert value(exact(k) * F) == k * by_hand(f)
    assert value(F + exact(k)) == by_hand(f) + k
    assert value(F - exact(k)) == by_hand(f) - k
    for result in (F, F + G, F - G, F - F, exact(k) * F, 0 * F):
        assert all(w != 0 for w in result.terms.values())


def test_forms_are_not_changed_by_use():
    f = Form.of("a")
    _ = f + Form.of("b"), 3 * f, f - f
    assert (dict(f.terms), f.bias) == ({"a": fmpq(1)}, fmpq(0))


def test_only_what_a_head_depends_on_is_kept():
    a, b = Form.of("a"), Form.of("b")
    layers = [
        [Channel(n, "", "relu", Form.of("x") + k) for k, n in enumerate("abc")],
        [Channel("b", "", "relu", 2 * b), Channel("a", "", "floor", a - b + 5), Channel("u", "", "relu", a)],
        [Channel("z", "", "sine", a), Channel("y", "", "relu", b)],
    ]
    network = assemble(["x"], layers, [Head(0, 2, 3 * a + 1), Head(1, 3, Form() + 7)])
    assert [[n.name for n in layer] for layer in network.layers] == [["a", "b"], ["a"], ["z"]]
    a2 = network.layers[1][0]
    assert (a2.affine.terms, a2.affine.bias) == (((0, fmpq(1)), (1, fmpq(-1))), fmpq(5))
    assert [(r.level, r.layer, r.affine.terms, r.affine.bias) for r in network.readouts] == [
        (0, 2, ((0, fmpq(3)),), fmpq(1)),
        (1, 3, (), fmpq(7)),
    ]


def test_sources_are_sorted_whatever_the_order_of_writing():
    layers = [[Channel(n, "", "relu", Form.of("x1") + Form.of("x0")) for n in "ab"]]
    network = assemble(["x0", "x1"], layers, [Head(0, 1, Form.of("b") + 2 * Form.of("a"))])
    assert network.readouts[0].affine.terms == ((0, fmpq(2)), (1, fmpq(1)))
    assert [s for s, _ in network.layers[0][0].affine.terms] == [0, 1]


def test_a_form_over_a_channel_that_is_not_there():
    with pytest.raises(KeyError):
        assemble(["x"], [[Channel("a", "", "relu", Form.of("y"))]], [Head(0, 1, Form.of("a"))])
