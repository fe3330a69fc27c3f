"""Where a constant comes from: proof trees, checked when the page is made, as numbered steps."""

from __future__ import annotations

from verify.report.markup import Markup, element, text
from verify.report.mathml import display


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
            element("p", origin(node, premises), f": {node.note}" if node.kind == "fact" else ""),
            element("div", display(sp.latex(node.statement)), class_="scroll formula"),
        )
        for _, node, premises in numbered(root)
    ]
    listed = element("ol", *steps, class_="steps")
    return element("div", element("h3", name), listed, element("p", verdict(root)), class_="derivation")
