"""Exact numbers against Fractions, and their texts against verify/CERTIFICATE.md, 1.2."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from fractions import Fraction as Q

import pytest
from built import exact as fmpq_of
from built import fraction, number
from flint import arb, fmpq, fmpz
from hypothesis import given
from hypothesis import strategies as st

from constructs.activations import ACTIVATIONS, LARGEST_EXPONENT
from constructs.errors import ConstructError
from constructs.exact import (
    LONGEST_DECIMAL,
    ceil_dyadic,
    dyadic,
    floor_dyadic,
    from_float,
    from_text,
    integer,
    rational,
    to_text,
)
from constructs.rationals import Rationals
from constructs.storage import constant, dyadic_exponent, without_channels

fractions = st.fractions() | st.fractions(-1, 1)
NORMAL = re.compile(r"-?(0|[1-9]\d*)(/[1-9]\d*)?|-?0x[0-9a-f]*p-?\d+")


@given(fractions)
def test_every_door_gives_the_same_number(q: Q):
    for given_as in (q, str(q), fmpq_of(q), f"  {q} "):
        assert fraction(rational(given_as)) == q
    if q.denominator == 1:
        assert rational(int(q)) == rational(fmpz(int(q))) == fmpq(int(q))


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=7))
def test_decimal_text(d: Decimal):
    assert fraction(rational(format(d, "f"))) == Q(d)
    assert fraction(rational(format(d, "e"))) == Q(d)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (".5", Q(1, 2)),
        ("5.", Q(5)),
        ("-1.25e2", Q(-125)),
        ("+3/6", Q(1, 2)),
        ("1E-3", Q(1, 1000)),
        ("007", Q(7)),
    ],
)
def test_forms_of_text(text: str, value: Q):
    assert fraction(rational(text)) == value


@pytest.mark.parametrize(
    "bad",
    [
        "",
        ".",
        "1/0",
        "1/-2",
        "0x1p2",
        "nan",
        "inf",
        "1e401",
        "1e-401",
        "1 2",
        "1/2/3",
        "1e",
        "--1",
        "1_0",
        "9" * 4001,
        0.5,
        True,
        None,
        [1],
        1j,
        math.nan,
    ],
)
def test_what_is_no_exact_number(bad: object):
    with pytest.raises(ConstructError) as caught:
        rational(bad, "number")  # type: ignore[arg-type]
    assert caught.value.argument == "number"
    assert len(str(caught.value)) < 300


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_from_float_is_exact(x: float):
    assert fraction(from_float(x)) == Q(x)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_from_float_refuses(bad: float):
    with pytest.raises(ConstructError):
        from_float(bad)


@given(st.integers(), st.integers(), st.integers())
def test_integer(value: int, least: int, most: int):
    if least <= value <= most:
        assert integer(value, "n", least, most) == value
        assert type(integer(fmpz(value), "n", least, most)) is int
    else:
        with pytest.raises(ConstructError):
            integer(value, "n", least, most)


@pytest.mark.parametrize("bad", [True, 1.0, "1", None, fmpq(1)])
def test_integer_refuses_other_types(bad: object):
    with pytest.raises(ConstructError):
        integer(bad, "n", 0)


@given(st.integers(-(2**70), 2**70), st.integers(-300, 300))
def test_dyadic(mantissa: int, exponent: int):
    assert fraction(dyadic(mantissa, exponent)) == mantissa * Q(2) ** exponent


@given(fractions, st.integers(0, 200))
def test_rounding_to_dyadics(q: Q, bits: int):
    below, above = (fraction(f(fmpq_of(q), bits)) for f in (floor_dyadic, ceil_dyadic))
    assert below == Q(math.floor(q * 2**bits), 2**bits)
    assert above == Q(math.ceil(q * 2**bits), 2**bits)


@given(fractions | st.builds(lambda m, e: m * Q(2) ** e, st.integers(), st.integers(-3000, 3000)))
def test_text_is_normal_and_read_back(q: Q):
    text = to_text(fmpq_of(q))
    assert NORMAL.fullmatch(text)
    assert number(text) == q  # by the oracle's reader
    assert fraction(from_text(text)) == q
    if "x" in text:
        head, _ = text.lstrip("-").split("p")
        assert int(head, 16) % 2 == 1
        assert not head.startswith("0x0")
        assert len(str(q)) > LONGEST_DECIMAL
    else:
        assert text == str(q)
        assert len(text) <= LONGEST_DECIMAL or q.denominator & (q.denominator - 1)


@given(st.integers(10**59 - 3, 10**60 + 3))
def test_the_longest_decimals(n: int):
    assert ("x" in to_text(fmpq(n))) == (len(str(n)) > LONGEST_DECIMAL)


@pytest.mark.parametrize(
    "bad", ["0x", "0x1", "0xAp1", "0x1p", "0x1p1.5", "x", "0x1p99999999999", "0x1p-99999999999"]
)
def test_texts_that_are_refused(bad: str):
    with pytest.raises(ConstructError):
        from_text(bad)


@given(st.fractions(min_value=Q(1, 10**30)).filter(lambda q: q > 0))
def test_dyadic_exponent(q: Q):
    k = dyadic_exponent(fmpq_of(q))
    assert Q(2) ** k <= q < Q(2) ** (k + 1)


def test_constant_tables():
    assert constant(Rationals.of([1, 2])) is None
    for stored in (constant(Rationals.of(["-1/3"] * 3)), without_channels(fmpq(-1, 3), 3)):
        assert stored is not None
        assert (stored.inner, stored.outer) == ((), ())
        assert stored.realized.elements.tolist() == [fmpq(-1, 3)] * 3
        assert (stored.correction.bias, dict(stored.correction.terms), stored.bound) == (
            fmpq(-1, 3),
            {},
            fmpq(1, 3),
        )


MEANINGS = {"relu": lambda q: max(q, Q(0)), "floor": lambda q: Q(math.floor(q))}


@given(st.fractions(-50, 50))
def test_activations_in_three_meanings(q: Q):
    x = fmpq_of(q)
    for name, f in MEANINGS.items():
        assert fraction(ACTIVATIONS[name].exact(x)) == f(q)
        assert ACTIVATIONS[name].ball(arb(x)).overlaps(arb(fmpq_of(f(q))))
    power = ACTIVATIONS["exp2"].exact(x)
    assert power is None if q.denominator > 1 else fraction(power) == Q(2) ** int(q)
    assert (ACTIVATIONS["sine"].exact(x) is None) == (q != 0)
    for name, f in {"sine": math.sin, "exp2": lambda t: 2.0**t}.items():
        assert float(ACTIVATIONS[name].ball(arb(x)).mid()) == pytest.approx(f(float(q)), rel=1e-9, abs=1e-9)


def test_a_ball_over_a_jump_holds_both_floors():
    ball = ACTIVATIONS["floor"].ball(arb(2, 0.25))
    assert ball.overlaps(arb(1))
    assert ball.overlaps(arb(2))
    kink = ACTIVATIONS["relu"].ball(arb(0, 0.25))
    assert kink.overlaps(arb(0))
    assert kink.overlaps(arb(fmpq(1, 4)))


def test_exp2_refuses_what_no_memory_holds():
    with pytest.raises(ConstructError):
        ACTIVATIONS["exp2"].exact(fmpq(LARGEST_EXPONENT + 1))
