"""Formulas as MathML, which browsers set by themselves; for the pages of the documentation too."""

from __future__ import annotations

from html import unescape
from xml.etree import ElementTree

from latex2mathml.converter import convert

from verify.report.markup import Markup

MATH = "{http://www.w3.org/1998/Math/MathML}m"  # how every element of a formula begins


def mathml(latex: str, display: bool = True) -> Markup:
    r"""A formula in LaTeX, displayed or within a line, as one <math> element.

    Raises: ValueError for a command that is not known, so that no formula is shown wrongly, and for text that would
    become more than a formula: the library does not escape what \text holds.

    >>> mathml("h", display=False)
    '<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline"><mrow><mi>h</mi></mrow></math>'
    """
    made = convert(latex, display="block" if display else "inline")
    if "\\" in unescape(made):
        raise ValueError(f"{latex!r}: not all of it is known")
    try:
        tags = {part.tag for part in ElementTree.fromstring(made).iter()}
    except ElementTree.ParseError as error:
        raise ValueError(f"{latex!r}: {error}") from None
    if not all(tag.startswith(MATH) for tag in tags):
        raise ValueError(f"{latex!r}: more than a formula")
    return Markup(made)
