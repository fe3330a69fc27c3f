"""Formulas of derivations as MathML, which browsers set by themselves, from the LaTeX that SymPy writes of them."""

from __future__ import annotations

import re

from verify.report.markup import Markup, element

TOKENS = re.compile(r"\\[A-Za-z]+|\\.|\S")
LETTERS = {
    "Phi": "Φ", "delta": "δ", "epsilon": "ε", "eta": "η", "kappa": "κ", "nu": "ν", "omega": "ω", "sigma": "σ",
    "tau": "τ", "infty": "∞", "partial": "∂", "sup": "sup",
}  # fmt: skip
OPERATORS = {
    "cdot": "·", "cdots": "⋯", "int": "∫", "langle": "⟨", "leq": "≤", "rangle": "⟩", "sum": "∑", "to": "→", "|": "‖",
}  # fmt: skip


def display(latex: str) -> Markup:
    r"""A displayed formula.

    >>> display(r"\frac1h \leq 10")
    '<math display="block"><mrow><mfrac><mn>1</mn><mi>h</mi></mfrac><mo>≤</mo><mn>10</mn></mrow></math>'
    """
    return element("math", _Reader(latex).row(), display="block")


class _Reader:
    """Reads from left to right; a command that is not known is a KeyError, so that none is left out."""

    def __init__(self, latex: str) -> None:
        self.tokens = TOKENS.findall(latex)
        self.at = 0

    def row(self, *ends: str) -> Markup:
        """Everything up to one of these tokens, which is read too."""
        parts: list[Markup] = []
        while self.at < len(self.tokens):
            if self.tokens[self.at] in ends:
                self.at += 1
                break
            parts.append(self._scripted())
        return element("mrow", *parts)

    def _next(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]

    def _ahead(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _scripted(self) -> Markup:
        """An atom with its index and exponent."""
        large = self._ahead() == r"\sum"
        base = self._number() if self._ahead().isdigit() else self._atom()
        if self._ahead() == r"\limits":
            self.at, large = self.at + 1, True
        found: dict[str, Markup] = {}
        while self._ahead() in ("_", "^"):
            mark = self._next()
            found[mark] = self._atom()
        names = ("munder", "mover", "munderover") if large else ("msub", "msup", "msubsup")
        match sorted(found):
            case []:
                return base
            case ["_"]:
                return element(names[0], base, found["_"])
            case ["^"]:
                return element(names[1], base, found["^"])
        return element(names[2], base, found["_"], found["^"])

    def _number(self) -> Markup:
        digits = ""
        while self._ahead().isdigit():
            digits += self._next()
        return element("mn", digits)

    def _delimiter(self) -> Markup:
        """What grows with its content."""
        token = self._next()
        return element("mo", OPERATORS[token[1:]] if token.startswith("\\") else token)

    def _atom(self) -> Markup:
        """One token, or what a command takes."""
        token = self._next()
        if token == "{":
            return self.row("}")
        if token.isdigit():
            return element("mn", token)
        if token.isalpha():
            return element("mi", token)
        if not token.startswith("\\"):
            return element(
                "mo", {"-": "−", "'": "′"}.get(token, token), stretchy="false" if token in "()|" else None
            )
        match token[1:]:
            case "frac":
                return element("mfrac", self._atom(), self._atom())
            case "sqrt":
                return element("msqrt", self._atom())
            case "left":
                opening = self._delimiter()
                inside = self.row(r"\right")
                return element("mrow", opening, inside, self._delimiter())
            case ",":
                return element("mspace", width="0.17em")
            case name if name in LETTERS:
                return element("mi", LETTERS[name])
            case name:
                return element("mo", OPERATORS[name])
