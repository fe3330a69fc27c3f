"""The parser against Python's own reading of the same text, and against what it must refuse."""

from __future__ import annotations

import contextlib
import re
from fractions import Fraction

import pytest
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs.errors import ConstructError
from constructs.targets.parser import DEEPEST, MOST_NODES, parse
from constructs.targets.point_values import Undefined, point_value

literals = st.sampled_from(["0", "1", "2", "3", "0.5", ".25", "1e-2", "2.5e+1", "10"])
atoms = literals | st.sampled_from(["x0", "x1"])


def joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    blank = st.sampled_from(["", " ", "\n\t"])
    return st.one_of(
        st.tuples(inner, blank, st.sampled_from("+-*/"), blank, inner).map("".join),
        st.tuples(st.sampled_from("+-"), blank, inner).map("".join),
        inner.map(lambda s: f"({s})"),
        inner.map(lambda s: f"abs({s})"),
        st.tuples(inner, inner).map(lambda p: f"max({p[0]}, {p[1]})"),
        st.tuples(inner, st.sampled_from(["2", "-1", "0", "1**3", "-2", "(4/2)"])).map(
            lambda p: f"{p[0]}**{p[1]}"
        ),
    )


def by_python(text: str, x: list[Fraction]) -> Fraction:
    wrapped = re.sub(r"(?<![\w.])(\d+(?:\.\d+)?|\.\d+)(e[+-]?\d+)?", r"F('\g<0>')", text)
    names = {"F": Fraction, "x0": x[0], "x1": x[1], "abs": abs, "max": max}
    return Fraction(eval(wrapped.replace("\n", " "), {"__builtins__": {}}, names))  # noqa: S307


@given(st.recursive(atoms, joined, max_leaves=8), st.fractions(0, 1, max_denominator=9))
@settings(max_examples=250)
def test_texts_mean_what_python_says(text: str, x0: Fraction) -> None:
    x = [x0, Fraction(1, 3)]
    try:
        expected = by_python(text, x)
    except (ZeroDivisionError, OverflowError, TypeError):  # TypeError: a complex root
        expected = None
    try:
        nodes = parse(text, 2)
    except ConstructError as error:
        assert "exponent" in str(error)  # noqa: PT017  10**10**..., or an exponent that python reads further left
        return
    try:
        value = point_value(nodes, [fmpq(c.numerator, c.denominator) for c in x], 64)
    except Undefined:
        assert expected is None
        return
    assert expected is not None
    if isinstance(value, arb):  # python took a root in floating point: "2**2**-1"
        assert float(value.mid()) == pytest.approx(float(expected))
        return
    assert Fraction(int(value.p), int(value.q)) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-2**2", -4),
        ("2**-2", fmpq(1, 4)),
        ("2**3**2", 512),
        ("8/4/2", 1),
        ("1-2-3", -4),
        ("--3", 3),
        ("0**0", 1),
        ("1/3*3", 1),
        ("min(3, 1/2, 2)", fmpq(1, 2)),
        ("step(0)+step(-1)", 1),
        (".1e1", 1),
        ("1E2", 100),
    ],
)
def test_values(text: str, value) -> None:
    assert point_value(parse(text, 1), [], 64) == value


def test_equal_subexpressions_are_shared_and_lost_ones_dropped() -> None:
    nodes = parse("sin(x0+1)*sin(x0+1) + x0**(1/2+1)", 1)
    assert [n.op for n in nodes] == ["variable", "number", "+", "sin", "*", "**", "+"]
    assert all(a < i for i, node in enumerate(nodes) for a in node.args)


BAD = [
    ("", "a number, a variable"),
    ("   ", "a number, a variable"),
    ("(" * 10_000_000, "at most 20000 characters"),
    ("(" * 9_000, "nested levels"),
    ("-" * 101 + "x0", "nested levels"),
    ("sin(" * 101 + "x0" + ")" * 101, "nested levels"),
    ("2**" * 101 + "1", "nested levels"),
    ("+".join(["1"] * 2_501), "at most 5000 nodes"),
    ("x0**10**10", "exponent"),
    ("x0**65", "exponent"),
    ("x0**(1/65)", "exponent"),
    ("x0**x0", "constant exponent"),
    ("x0**sqrt(4)", "constant exponent"),
    ("x0**abs(2)", "constant exponent"),
    ("x0**(1/0)", "constant exponent"),
    ("x0**0**-1", "constant exponent"),
    ("x0**4**(1/2)", "constant exponent"),
    ("((((2**64)**64)**64)**64)**64", "bits"),
    ("__import__('os')", "at character"),
    ("x0.real", "at character"),
    ("x0[0]", "at character"),
    ("x0;x0", "at character"),
    ("x0 if x0 else 1", "an operator"),
    ("lambda x0: x0", "at character 10"),
    ("eval(x0)", "one of the functions"),
    ("exec(x0)", "one of the functions"),
    ("Sin(x0)", "one of the functions"),
    ("x0(1)", "one of the functions"),
    ("x1", "dim = 1"),
    ("x10", "x0..x9"),
    ("y", "x0..x9"),
    ("x\u0663", "at character 2"),
    ("\u0663", "at character 1"),
    ("x0 \u2212 1", "at character 4"),
    ("x0\u00a0+1", "at character 3"),
    ("x0\x00", "at character 3"),
    ("1.", "at character 2"),
    ("1e", "an operator"),
    ("1_000", "an operator"),
    ("0x10", "an operator"),
    ("1e401", "exponent of at most 400"),
    ("1e99999999999999999999", "exponent of at most 400"),
    ("1" * 401, "400 digits"),
    ("nan", "x0..x9"),
    ("inf", "x0..x9"),
    ("1j", "an operator"),
    ("x0 x0", "an operator"),
    ("2x0", "an operator"),
    ("x0+", "not the end"),
    ("*x0", "not '\\*'"),
    ("x0*/2", "not '/'"),
    ("x0 * * 2", "not '\\*'"),
    ("(x0", "'\\)'"),
    ("x0)", "an operator"),
    ("sin()", "not '\\)'"),
    ("sin(x0, x0)", "'\\)'"),
    ("min(x0)", "second argument"),
    ("max(x0,)", "not '\\)'"),
    ("sin", "x0..x9"),
    ("x0 = 1", "at character 4"),
    ("x0 < 1", "at character 4"),
    ("# x0", "at character 1"),
    ("'x0'", "at character 1"),
]


@pytest.mark.parametrize(("text", "message"), BAD, ids=[repr(text[:20]) for text, _ in BAD])
def test_bad_text_is_refused_in_one_line(text: str, message: str) -> None:
    with pytest.raises(ConstructError, match=message) as caught:
        parse(text, 1)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


def test_the_limits_themselves_are_allowed() -> None:
    assert len(parse("(" * DEEPEST + "x0" + ")" * DEEPEST, 1)) == 1
    parse("+".join(["x0"] * (MOST_NODES // 2)), 1)
    parse("x0**64 + x0**(1/64) + x0**(-63/64)", 1)
    parse("1" * 400, 1)


@given(st.text(alphabet="x01()+-*/., esincoqrtabm9#_'\"\\\n", max_size=40) | st.text(max_size=30))
@settings(max_examples=250)
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(ConstructError):
        assert parse(text, 2)
