"""The bit decoder against plain big-integer arithmetic."""

from __future__ import annotations

import math
from fractions import Fraction as Q

import pytest
from built import exact, fraction
from flint import fmpq
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from constructs.bit_decoder import WIDEST_FIELD, BitDecoder, pack
from constructs.errors import ConstructError
from constructs.rationals import Rationals
from constructs.wiring import Form

relaxed = settings(deadline=None)


@relaxed
@given(st.integers(1, WIDEST_FIELD), st.data())
def test_pack(bits: int, data: st.DataObject):
    fields = data.draw(st.lists(st.integers(0, 2**bits - 1), min_size=1, max_size=40))
    assert pack(fields, bits) == sum(v << (bits * (len(fields) - 1 - J)) for J, v in enumerate(fields))


@relaxed
@given(
    st.lists(st.fractions(-100, 100, max_denominator=97), min_size=1, max_size=30),
    st.fractions(Q(1, 10**6), 50),
)
def test_store_and_decode(wanted: list[Q], tolerance: Q):
    """Every cell's value computed by hand from the channels' weights."""
    assume(tolerance > 0)
    stored = BitDecoder().store(3, Rationals.of(wanted), exact(tolerance), Form.of("J"))
    realized = stored.realized.elements
    for J, w in enumerate(wanted):
        value = _decoded(stored, J)
        assert value == fraction(realized[J])
        assert abs(value - w) <= tolerance
        assert abs(value) <= fraction(stored.bound)
    if len(set(wanted)) == 1:
        assert not stored.inner
        assert fraction(realized[0]) == wanted[0]


def _decoded(stored, J: int) -> Q:
    values = {}
    for channel in stored.inner:
        assert channel.activation == "exp2"
        values[channel.name] = Q(2) ** int(_form(channel.form, {"J": Q(J)}))
    for channel in stored.outer:
        assert channel.activation == "floor"
        values[channel.name] = Q(math.floor(_form(channel.form, values)))
    return _form(stored.correction, values)


def _form(form: Form, values: dict[str, Q]) -> Q:
    return sum((fraction(w) * values[c] for c, w in form.terms.items()), start=fraction(form.bias))


def test_weights_are_dyadic():
    wanted = Rationals.of([fmpq(k, 7) for k in range(5)])
    stored = BitDecoder().store(1, wanted, fmpq(1, 10), Form.of("J"))
    for channel in (*stored.inner, *stored.outer):
        for w in channel.form.terms.values():
            assert int(w.q) & (int(w.q) - 1) == 0
    assert (len(stored.inner), len(stored.outer)) == (1, 2)


def test_the_widest_fields_and_beyond():
    wide = Rationals.of([0, 1])
    stored = BitDecoder().store(1, wide, fmpq(1, 2**WIDEST_FIELD), Form.of("J"))
    assert [_decoded(stored, J) for J in (0, 1)] == [0, 1]
    with pytest.raises(ConstructError, match=r"range of level 1 .* at most 2\^62"):
        BitDecoder().store(1, wide, fmpq(1, 2 ** (WIDEST_FIELD + 2)), Form.of("J"))


@pytest.mark.parametrize("tolerance", [fmpq(0), fmpq(-1, 2)])
def test_no_tolerance(tolerance: fmpq):
    with pytest.raises(ConstructError):
        BitDecoder().store(1, Rationals.of([0, 1]), tolerance, Form.of("J"))
