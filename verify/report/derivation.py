"""Where a constant comes from: proof trees, checked when the page is made, as numbered steps."""

from __future__ import annotations

import re
from typing import Any

from verify.report.formulas import typeset
from verify.report.markup import Markup, element, text
from verify.report.mathml import mathml

GREEK = {"omega": "ω", "tau": "τ", "kappa": "κ", "eta": "η", "lambda": "λ", "nu": "ν"}


def figure(name: str) -> Markup:
    """A derivation of `verify.symbolic.page`, or nothing if its algebra is not decided."""
    import sympy as sp

    from verify.symbolic.derivations import checked
    from verify.symbolic.page import DERIVATIONS
    from verify.symbolic.rendering import numbered, origin, verdict

    root = DERIVATIONS[name]()
    if not checked(root).proved:
        return text("")
    steps = [
        element(
            "li",
            element("p", origin(node, premises), ": " if node.kind == "fact" else "", typeset(_words(node))),
            element("div", mathml(sp.latex(node.statement)), class_="scroll formula"),
        )
        for _, node, premises in numbered(root)
    ]
    listed = element("ol", *steps, class_="steps")
    return element("div", element("h3", name), listed, element("p", verdict(root)), class_="derivation")


def _words(node: Any) -> str:
    """A fact's name and reason."""
    words = node.note.replace("||", "‖") if node.kind == "fact" else ""
    for name, sign in GREEK.items():
        words = re.sub(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])", sign, words)
    return words
