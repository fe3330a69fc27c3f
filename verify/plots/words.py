"""Text in figures: foreign text is never read as a formula; of our own, indices and powers are set as such."""

from __future__ import annotations

import re

from verify.signs import with_signs

LONGEST = 90
PLAIN = "0123456789-lps/"
RAISED = {"_": "₀₁₂₃₄₅₆₇₈₉₋ₗₚₛ/", "^": "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ˡᵖˢ/"}
_INDEX = re.compile(r"([_^])(-?(?:∞|[0-9]+(?:/[0-9]+)?|[lps])(?![A-Za-z0-9]))")


def plain(text: str) -> str:
    """The text, with nothing that matplotlib would interpret, cut where it is very long.

    >>> print(plain("a$b"))
    a\\$b
    """
    text = text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."
    return " ".join(text.split()).replace("\\", "\\\\").replace("$", "\\$")


def formula(text: str) -> str:
    """A text of our own, with its indices and powers as characters, so that figures can be searched.

    >>> print(formula("C ω_2(f, N^-l) <= Phi_l, L^inf, x_new"))
    C ω₂(f, N⁻ˡ) ≤ Φₗ, L$^{∞}$, x_new
    """
    return _INDEX.sub(lambda m: _raised(m[1], m[2]), with_signs(plain(text)))


def _raised(how: str, index: str) -> str:
    if index == "∞" or (how == "^" and "/" in index):
        return f"${how}{{{index}}}$"
    return index.translate(str.maketrans(PLAIN, RAISED[how]))
