"""HTML and SVG as text: whatever is not markup already is escaped, so texts of strangers cannot become markup."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

WITHOUT_END = frozenset({"meta", "link", "input", "br"})
NOT_TEXT = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"  # these turn what follows around: 1/16 would read 61/1
)


class Markup(str):
    """Text that is HTML."""

    __slots__ = ()


def text(value: object) -> Markup:
    """A value as text of a page; characters that HTML does not allow, or that change the direction of
    writing, become U+FFFD.

    >>> text("<b> & 'c'")
    '&lt;b&gt; &amp; &#x27;c&#x27;'
    """
    if isinstance(value, Markup):
        return value
    return Markup(html.escape(NOT_TEXT.sub("\ufffd", str(value)), quote=True))


def joined(parts: Iterable[object]) -> Markup:
    """One after the other."""
    return Markup("".join(map(text, parts)))


def element(name: str, /, *children: object, **attributes: object) -> Markup:
    """An element; an attribute is left out if it is None or False, and bare if True; `_` in its name is `-`.

    >>> element("p", "a < b", class_="note", hidden=False)
    '<p class="note">a &lt; b</p>'
    >>> element("input", type="range", aria_label='"')
    '<input type="range" aria-label="&quot;">'
    """
    start = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in WITHOUT_END:
        return Markup(f"<{name}{start}>")
    return Markup(f"<{name}{start}>{joined(children)}</{name}>")


def _attribute(key: str, value: object) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{text(value)}"'
