"""Formulas as the exhibits write them, in plain text, with indices and exponents set as such."""

from __future__ import annotations

import re

from verify.report.markup import Markup, element, joined

SIGNS = {"<=": "≤", ">=": "≥", "Phi": "Φ", "->": "→"}
# Indices only of the symbols that exhibits use, so that a file's name stays what it is
PIECES = re.compile(
    r"(?P<sign><=|>=|->|\bPhi(?![A-Za-z0-9]))"
    r"|(?<=[‖ωΦ\]ChdDKLse])_(?P<below>[A-Za-z0-9/∞]+)"
    r"|\^(?P<above>-?[A-Za-z0-9/]+)"
)


def typeset(plain: str) -> Markup:
    """The text as HTML.

    >>> typeset("‖f − Phi_l‖_2 <= C ω_2(f, 2^-l)")
    '‖f − Φ<sub>l</sub>‖<sub>2</sub> ≤ C ω<sub>2</sub>(f, 2<sup>−l</sup>)'
    >>> typeset("x0**2 & my_file")
    'x0**2 &amp; my_file'
    """
    plain = re.sub(r"\bPhi(?=_[A-Za-z0-9])", "Φ", plain)
    parts: list[object] = []
    end = 0
    for found in PIECES.finditer(plain):
        parts += [plain[end : found.start()], _piece(found)]
        end = found.end()
    return joined([*parts, plain[end:]])


def _piece(found: re.Match[str]) -> object:
    if found["sign"]:
        return SIGNS[found["sign"]]
    if found["below"]:
        return element("sub", found["below"])
    return element("sup", found["above"].replace("-", "−"))
