"""Docstrings of this project as Markdown: their one-line sections as labels, their examples as code."""

from __future__ import annotations

import re
from typing import Any

import griffe

SECTION = re.compile(r"^(Requires|Returns|Method|Guarantees|Raises|Sources?): ", re.MULTILINE)
EXAMPLE = re.compile(r"^( *>>> .*(?:\n(?! *$).*)*)", re.MULTILINE)


class Sections(griffe.Extension):
    """Rewrites every docstring before it is rendered."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        if obj.docstring is not None:
            obj.docstring.value = as_markdown(obj.docstring.value)


def as_markdown(text: str) -> str:
    """Sections as paragraphs of their own; examples fenced; powers are not emphasis.

    >>> as_markdown("A claim.\\nRequires: x**2 <= 1.")
    'A claim.\\n\\n**Requires.** x\\\\*\\\\*2 <= 1.'
    """
    parts = EXAMPLE.split(text)
    out = []
    for number, part in enumerate(parts):
        if number % 2:
            out.append(f"\n```pycon\n{part}\n```\n")
        else:
            out.append(SECTION.sub(r"\n**\1.** ", _literal(part)))
    return "".join(out)


def _literal(text: str) -> str:
    """Stars, brackets and underscores outside `code` are themselves."""
    pieces = re.split(r"(`[^`\n]*`)", text)
    return "".join(
        piece if k % 2 else re.sub(r"([*_[])(?! )", r"\\\1", piece).replace("<", "&lt;")
        for k, piece in enumerate(pieces)
    )
