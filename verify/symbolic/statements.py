"""Checked statements: an identity or inequality in symbols, and what was decided on the way to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp


class Undecided(Exception):  # noqa: N818
    """The algebra does not decide; the message says what was left."""


@dataclass(frozen=True)
class Statement:
    """A statement, and whether it is proved.

    statement: a SymPy relation, or equation, as it is meant for people. steps: what was decided, in order.
    reason: why not proved; empty if proved.
    """

    name: str
    statement: sp.Basic
    proved: bool
    steps: tuple[str, ...]
    reason: str

    def to_latex(self) -> str:
        """The statement alone."""
        return sp.latex(self.statement)


@dataclass
class Ledger:
    """The decisions taken so far; every method records one, or raises Undecided."""

    steps: list[str] = field(default_factory=list)

    def zero(self, expression: Any, what: str) -> None:
        """The expression vanishes identically."""
        left = reduced(expression)
        if left != 0:
            raise Undecided(f"{what}: {left} is not seen to be 0")
        self.steps.append(f"{what}: difference simplified to 0")

    def nonnegative(self, expression: Any, what: str) -> None:
        """The expression is >= 0 for all values that the symbols can take."""
        if not nonnegative(expression):
            raise Undecided(f"{what}: {reduced(expression)} >= 0 is not decided")
        self.steps.append(f"{what}: {reduced(expression)} >= 0")

    def positive(self, expression: Any, what: str) -> None:
        """The expression is > 0 for all values that the symbols can take."""
        if not positive(expression):
            raise Undecided(f"{what}: {reduced(expression)} > 0 is not decided")
        self.steps.append(f"{what}: {reduced(expression)} > 0")

    def fact(self, holds: bool, what: str) -> None:
        """A comparison of numbers or of weights, made by the caller."""
        if holds is not True:
            raise Undecided(f"{what}: not so")
        self.steps.append(what)

    def floor(
        self, argument: Any, whole: Any, what: str, above: Mapping[sp.Symbol, Any] | None = None
    ) -> Any:
        """floor(argument), claimed to be `whole`: an integer with 0 <= argument - whole < 1.

        above: what to put in place of symbols for the upper bound, so that its sign can be read off.
        """
        if sp.expand(whole).is_integer is not True:
            raise Undecided(f"{what}: {whole} is not seen to be an integer")
        rest = sp.expand(argument - whole)
        self.nonnegative(rest, f"{what}, from below")
        self.positive((1 - rest).subs(above or {}), f"{what}, from above")
        return whole


def stated(name: str, statement: sp.Basic, prove: Callable[[Ledger], None]) -> Statement:
    """The statement, proved iff `prove` ends without Undecided and decided anything at all.

    Guarantees: no other exception is taken for an answer: it passes through.
    """
    ledger = Ledger()
    try:
        prove(ledger)
    except Undecided as left:
        return Statement(name, statement, False, tuple(ledger.steps), str(left))
    if not ledger.steps:
        return Statement(name, statement, False, (), "nothing was checked")
    return Statement(name, statement, True, tuple(ledger.steps), "")


def reduced(expression: Any) -> Any:
    """A simpler form of an expression; 0 only if it vanishes identically.

    Method: rational functions have a normal form; for the rest SymPy's simplification, which may leave a zero unseen.
    """
    expanded = sp.expand(sp.powsimp(sp.expand(expression)))
    if expanded == 0:
        return sp.S.Zero
    short = sp.cancel(sp.together(expanded))
    return short if short == 0 or short.is_rational_function() else sp.simplify(short)


def nonnegative(expression: Any) -> bool:
    """Whether the expression is seen to be >= 0 by the signs of its symbols; False says nothing.

    Method: numerator and denominator as products of polynomials; each is an even power, or has coefficients >= 0 only
    and symbols that are >= 0.

    >>> x, y = sp.symbols("x y", nonnegative=True)
    >>> nonnegative(x + x * y / (1 + x)), nonnegative(x - y), nonnegative(x**2 - 2 * x * y + y**2)
    (True, False, True)
    """
    top, bottom = _quotient(expression)
    if top == 0:
        return True
    if positive(-bottom):
        top, bottom = -top, -bottom
    return positive(bottom) and _factors(top)


def positive(expression: Any) -> bool:
    """Whether the expression is seen to be > 0: as `nonnegative`, and some term of it is > 0."""
    top, bottom = _quotient(expression)
    return (_terms(top) and _terms(bottom)) or (_terms(-top) and _terms(-bottom))


def _quotient(expression: Any) -> tuple[Any, Any]:
    """Numerator and denominator; functions that are known to be >= 0, as norms are, become symbols."""
    named = {
        a: sp.Dummy(positive=True) if a.is_positive else sp.Dummy(nonnegative=True)
        for a in sp.S(expression).atoms(sp.Function)
        if a.is_nonnegative
    }
    return sp.fraction(sp.cancel(sp.together(sp.expand(sp.S(expression).xreplace(named)))))


def _coefficients(polynomial: Any) -> list[tuple[sp.Expr, sp.Expr]] | None:
    """Monomials with their coefficients, all rational; None if a symbol may be negative, or something else occurs."""
    symbols = sorted(polynomial.free_symbols, key=str)
    if any(s.is_nonnegative is not True for s in symbols) or not polynomial.is_polynomial(*symbols):
        return None
    parts = sp.expand(polynomial).as_coefficients_dict()
    found = [(monomial, coefficient) for monomial, coefficient in parts.items()]
    if any(not c.is_Rational or not m.is_polynomial(*symbols) for m, c in found):
        return None
    return found if all(m.free_symbols or m == 1 for m, _ in found) else None


def _terms(polynomial: Any) -> bool:
    found = _coefficients(polynomial)
    if not found or any(c < 0 for _, c in found):
        return False
    return any(c > 0 and m.is_positive is True for m, c in found)


def _factors(polynomial: Any) -> bool:
    if not polynomial.is_polynomial(*polynomial.free_symbols):
        return False
    constant, factors = sp.factor_list(polynomial)
    if constant.is_Rational is not True:
        return False
    sign = 1 if constant >= 0 else -1
    for base, power in factors:
        if power % 2 == 0:
            continue
        if _nonnegative_terms(base):
            continue
        if _nonnegative_terms(-base):
            sign = -sign
            continue
        return False
    return sign > 0


def _nonnegative_terms(polynomial: Any) -> bool:
    found = _coefficients(polynomial)
    return bool(found) and all(c >= 0 for _, c in found)
