"""The two-sine decoder's channels evaluated by mpmath."""

from __future__ import annotations

from fractions import Fraction as Q

import mpmath
import pytest
from built import exact, fraction
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs.errors import ConstructError
from constructs.rationals import Rationals
from constructs.two_sine import TwoSineDecoder
from constructs.wiring import Form


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.fractions(-20, 20, max_denominator=7), min_size=1, max_size=7),
    st.sampled_from([Q(1, 4), Q(1, 8)]),
)
def test_store_and_decode(wanted: list[Q], share: Q):
    tolerance = share * (max(wanted) - min(wanted) or 1)
    stored = TwoSineDecoder().store(2, Rationals.of(wanted), exact(tolerance), Form.of("J"))
    with mpmath.workprec(2000):
        amplitude = sum(_mpf(fraction(w)) for w in stored.correction.terms.values())
        for J, w in enumerate(wanted):
            value = _decoded(stored, J)
            assert abs(value - _mpf(w)) <= _mpf(tolerance)
            assert (
                abs(value - _mpf(fraction(stored.realized.elements[J]))) <= amplitude * mpmath.mpf(2) ** -63
            )
            assert abs(value) <= _mpf(fraction(stored.bound))
    if len(set(wanted)) == 1:
        assert not stored.inner
        assert fraction(stored.realized.elements[0]) == wanted[0]
    else:
        assert len(stored.inner) == len(stored.outer) <= 1


def _mpf(q: Q) -> mpmath.mpf:
    return mpmath.mpf(q.numerator) / q.denominator


def _decoded(stored, J: int) -> mpmath.mpf:
    values = {"J": mpmath.mpf(J)}
    for channel in (*stored.inner, *stored.outer):
        assert channel.activation == "sine"
        values[channel.name] = mpmath.sin(_form(channel.form, values))
    return _form(stored.correction, values)


def _form(form: Form, values: dict[str, mpmath.mpf]) -> mpmath.mpf:
    return mpmath.fsum(
        [_mpf(fraction(form.bias)), *(_mpf(fraction(w)) * values[c] for c, w in form.terms.items())]
    )


@pytest.mark.parametrize("tolerance", [fmpq(0), fmpq(-1, 2)])
def test_no_tolerance(tolerance: fmpq):
    with pytest.raises(ConstructError):
        TwoSineDecoder().store(1, Rationals.of([0, 1]), tolerance, Form.of("J"))


def test_a_budget_that_is_too_small_is_said():
    wanted = Rationals.of([fmpq(k * k % 7, 7) for k in range(12)])
    with pytest.raises(ConstructError):
        TwoSineDecoder(max_bits=4).store(1, wanted, fmpq(1, 10), Form.of("J"))
