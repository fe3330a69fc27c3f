"""Formulas as the exhibits write them, in plain text, with indices and exponents set as such."""

from __future__ import annotations

import re
from collections.abc import Iterator

from verify.report.markup import Markup, element, joined
from verify.signs import with_signs

# Indices only of the symbols that exhibits use, so that a file's name stays what it is
PIECES = re.compile(
    r"(?<=[‖ωΦ\]ChdDKAIe∂])_(?P<below>\d+(?:/\d+)?|[A-Za-z∞][A-Za-z0-9]*)"
    r"|\^(?P<above>-?(?:\d+|[A-Za-z∞][A-Za-z0-9]*))"
)
SHIFT = 4  # of indices in pictures


def typeset(plain: str) -> Markup:
    """The text as HTML.

    >>> typeset("‖f − Phi_l‖_2 <= C ω_2(f, 2^-l)")
    '‖f − Φ<sub>l</sub>‖<sub>2</sub> ≤ C ω<sub>2</sub>(f, 2<sup>−l</sup>)'
    >>> typeset("x0**2 & my_file")
    'x0**2 &amp; my_file'
    """
    return joined(p if kind == "text" else element(kind, p) for kind, p in _pieces(plain) if p)


def drawn(plain: str) -> Markup:
    """The text as the content of an SVG `text`.

    >>> drawn("h_s")
    'h<tspan dy="4" class="index">s</tspan>'
    """
    parts: list[object] = []
    low = 0  # where the line stands, below that of the text
    for kind, piece in _pieces(plain):
        if not piece:
            continue
        wanted = {"sub": SHIFT, "sup": -SHIFT}.get(kind, 0)
        index = "index" if kind != "text" else None
        if wanted != low or index:
            piece = element("tspan", piece, dy=wanted - low, class_=index)
        parts.append(piece)
        low = wanted
    return joined(parts)


def _pieces(plain: str) -> Iterator[tuple[str, str]]:
    """Kind (text, sub, sup) and characters, in their order."""
    plain, end = with_signs(plain), 0
    for found in PIECES.finditer(plain):
        yield "text", plain[end : found.start()]
        yield ("sub", found["below"]) if found["below"] else ("sup", found["above"].replace("-", "−"))
        end = found.end()
    yield "text", plain[end:]
