"""One of several pictures, chosen by a slider; without JavaScript the last one, which is the finest, is shown."""

from __future__ import annotations

from collections.abc import Sequence

from verify.report.formulas import typeset
from verify.report.markup import Markup, element, joined, text


def slider(key: str, names: Sequence[str]) -> Markup:
    """The slider of the figure `key`; nothing if there is nothing to choose."""
    if len(names) < 2:
        return text("")
    last = len(names) - 1
    number = f"{key}-choice"
    control = element(
        "input",
        type="range",
        id=number,
        min=0,
        max=last,
        step=1,
        value=last,
        autocomplete="off",
        aria_valuetext=names[last],
        hidden=True,  # until the script is there that it needs
    )
    said = (choice(n, last, typeset(name), tag="span", data_name=name) for n, name in enumerate(names))
    return element(
        "p",
        element("label", "Shown:", for_=number),
        control,
        element("output", joined(said), for_=number),
        class_="slider",
    )


def choice(number: int, last: int, *children: object, tag: str, data_name: str | None = None) -> Markup:
    """One of the pictures, or what belongs to it, as the element `tag`; the last one is shown at first."""
    classes = "choice" if number == last else "choice off"
    return element(tag, *children, class_=classes, data_choice=number, data_name=data_name)
