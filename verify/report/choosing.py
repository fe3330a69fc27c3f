"""One of several pictures, chosen by a slider; without JavaScript the last one, which is the finest, is shown."""

from __future__ import annotations

from collections.abc import Sequence

from verify.report.markup import Markup, element, text


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
    return element(
        "p",
        element("label", "Shown:", for_=number),
        control,
        element("output", names[last], for_=number),
        class_="slider",
    )


def choice(number: int, name: str, shown: bool, *children: object, tag: str) -> Markup:
    """One of the pictures, or what belongs to it, as the element `tag`."""
    classes = "choice" if shown else "choice off"
    return element(tag, *children, class_=classes, data_choice=number, data_name=name)
