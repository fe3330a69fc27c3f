"""The quantities that inequalities of approximation are about, as SymPy objects that print as they are written."""

from __future__ import annotations

from typing import Any

import sympy as sp

f = sp.Symbol("f")
Phi = sp.Symbol("Phi")
A, I = sp.symbols("A I")  # averages over cells, linear interpolation: operators in one coordinate  # noqa: E741


class _Printed(sp.Function):
    """A function that says itself how it prints; `form` makes it of its printed arguments."""

    nargs = (1, 2, 3)
    tex = text = ""

    def __new__(cls, *args: Any) -> Any:
        """As SymPy makes it."""
        return super().__new__(cls, *args)

    @classmethod
    def eval(cls, *args: Any) -> None:
        """Never evaluated."""

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        shown = self.tex.format(*(_ordered(a, printer) for a in self.args))
        return shown if exp is None else shown + "^{" + exp + "}"

    def _sympystr(self, printer: Any) -> str:
        return self.text.format(*(_ordered(a, printer) for a in self.args))


def _ordered(expression: Any, printer: Any) -> str:
    """Sums of elements with their positive terms first."""
    terms = sorted(sp.Add.make_args(expression), key=lambda a: (a.could_extract_minus_sign(), str(a)))
    if len(terms) == 1 or not expression.has(sp.Function, f):
        return printer._print(expression)
    (_, first), *others = (
        (" - " if a.could_extract_minus_sign() else " + ", printer._print(_unsigned(a))) for a in terms
    )
    return first + "".join(sign + text for sign, text in others)


def _unsigned(term: Any) -> Any:
    """The term without its minus sign."""
    return -term if term.could_extract_minus_sign() else term


class Norm(_Printed):
    """The L^p norm of an element, its first argument; p is the second."""

    is_nonnegative = True
    is_real = True
    tex, text = r"\left\| {0} \right\|_{{{1}}}", "|| {0} ||_{1}"


class Partial(_Printed):
    """T_1 ... T_k f for the operator T, its first argument; for k = 0: f."""

    tex, text = r"{0}_1 \cdots {0}_{{{1}}} f", "{0}_1..{0}_({1}) f"

    @classmethod
    def eval(cls, *args: Any) -> Any:
        """f for k = 0."""
        return f if args[1] == 0 else None


class Left(_Printed):
    """What T_i leaves of f: f - T_i f."""

    tex, text = r"f - {0}_{{{1}}} f", "f - {0}_({1}) f"


class Applied(_Printed):
    """T_1 ... T_k g."""

    tex, text = r"{0}_1 \cdots {0}_{{{1}}} \left({2}\right)", "{0}_1..{0}_({1}) ({2})"


class Inner(_Printed):
    """The scalar product of two elements."""

    tex, text = r"\left\langle {0}, {1} \right\rangle", "<{0}, {1}>"


class OperatorNorm(_Printed):
    """The norm of T_1 ... T_k on the L^p that is its third argument."""

    tex, text = (
        r"\left\| {0}_1 \cdots {0}_{{{1}}} \right\|_{{{2} \to {2}}}",
        "||{0}_1..{0}_({1})||_({2} -> {2})",
    )


class Shift(_Printed):
    """The L^p norm of f(. + tau e_i) - f, where both are defined: i, tau, p."""

    is_nonnegative = True
    is_real = True
    tex, text = r"\left\| f(\cdot + {1} e_{{{0}}}) - f \right\|_{{{2}}}", "|| f(. + {1} e_{0}) - f ||_{2}"


class InCells(_Printed):
    """The mean over a cell, in coordinate i, of |f(x) - f(y)|^p, integrated over x: i, p."""

    tex = r"\int \frac1h \int |f(x) - f(x^{{{0},y}})|^{{{1}}} \, dy \, dx"
    text = "int (1/h) int |f(x) - f(x^({0},y))|^{1} dy dx"


class Jump(_Printed):
    """The largest difference of values on one cell along axis i."""

    is_nonnegative = True
    is_real = True
    tex, text = r"\sup_{{x, y}} |f(x) - f(x^{{{0},y}})|", "sup |f(x) - f(x^({0},y))|"


class Distance(_Printed):
    """The mean of |x_i - y| over the cell of x_i."""

    tex, text = r"\delta_{{{0}}}(x)", "delta_({0})(x)"


class Curvature(_Printed):
    """The sup of |d_i^2 f|."""

    is_nonnegative = True
    is_real = True
    tex, text = r"\left\| \partial_{{{0}}}^2 f \right\|_\infty", "||d_({0})^2 f||_oo"


class Value(_Printed):
    """|g| at a point: a name of the function, a name of the point."""

    is_nonnegative = True
    is_real = True
    tex, text = "|{0}({1})|", "|{0}({1})|"


class Gauge(_Printed):
    """kappa(u - v)."""

    is_nonnegative = True
    is_real = True
    tex, text = r"\kappa({0} - {1})", "kappa({0} - {1})"
