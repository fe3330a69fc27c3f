"""The network as a figure: neurons, what each is for and what it reads; and the same as a table."""

from __future__ import annotations

from collections.abc import Iterator

from verify.exhibits.kinds import Drawing, Unit
from verify.report.formulas import typeset
from verify.report.markup import Markup, element
from verify.report.places import rows

COLUMN, ROW = 70, 30  # distances
LEFT, TOP = 34, 40  # of the first neuron's centre
HALF, HIGH = 23, 10  # half a neuron's width and height
LONGEST = 6  # of a name inside a neuron
SHAPES = {"relu": 4, "floor": 0, "sine": 10}  # radius of corners; other activations: an outline with points
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def figure(drawing: Drawing) -> Markup:
    """The figure of a network."""
    places = rows(drawing)
    hint = element(
        "p",
        "Point at a neuron, or move there with Tab and the arrow keys, to read what it is for.",
        id="network-about",
        class_="about",
        role="status",
        hidden=True,  # until the script is there that it needs
    )
    box = element(
        "div",
        _picture(drawing, places),
        class_="scroll",
        tabindex=0,
        role="region",
        aria_label="Drawing of the network",
    )
    return element(
        "figure",
        box,
        hint,
        _legend(drawing),
        element("figcaption", typeset(drawing.caption), " ", typeset(drawing.left_out)),
        _table(drawing),
        id="network-drawing",
        class_="network",
    )


def _picture(drawing: Drawing, places: list[list[int]]) -> Markup:
    deepest = max((row for column in places for row in column), default=0)
    width, height = 2 * LEFT + COLUMN * (len(places) - 1), TOP + ROW * deepest + 54
    edges = [_edge(c, places[c - 1][s], places[c][n]) for c, n, s in _edges(drawing, places)]
    return element(
        "svg",
        element("title", "The network, from its inputs on the left", id="network-name"),
        element("g", *edges, class_="edges", aria_hidden="true"),
        *_heads(drawing, height),
        *(_input(name, row) for name, row in zip(drawing.inputs, places[0], strict=True)),
        *(_neuron(drawing, c, n, places[c][n]) for c, n in _neurons(drawing)),
        width=width,
        height=height,
        viewBox=f"0 0 {width} {height}",
        role="group",
        aria_labelledby="network-name",
    )


def _neurons(drawing: Drawing) -> Iterator[tuple[int, int]]:
    """Column and number of every neuron."""
    for column, layer in enumerate(drawing.layers, start=1):
        yield from ((column, number) for number in range(len(layer)))


def _edges(drawing: Drawing, places: list[list[int]]) -> Iterator[tuple[int, int, int]]:
    """Column and number of a neuron, number of a source that is drawn in the column before."""
    for column, number in _neurons(drawing):
        sources = drawing.layers[column - 1][number].sources
        yield from ((column, number, s) for s in sources if s < len(places[column - 1]))


def _edge(column: int, source: int, row: int) -> Markup:
    a, b = LEFT + COLUMN * (column - 1) + HALF, LEFT + COLUMN * column - HALF
    y, z, middle = TOP + ROW * source, TOP + ROW * row, (a + b) / 2
    curve = f"M{a} {y}C{middle} {y} {middle} {z} {b} {z}"
    return element("path", d=curve, data_to=f"{column} {row}")


def _heads(drawing: Drawing, height: int) -> Iterator[Markup]:
    """What stands above and below the columns: the layer's place, and the readouts that read it."""
    number = 0
    for column, layer in enumerate(drawing.layers, start=1):
        x = LEFT + COLUMN * column
        if not layer:
            yield element("text", "⋯", x=x, y=TOP, dy="0.35em", class_="gap")
            continue
        number += 1
        read = [name for name, at in drawing.readouts if at == column]
        if read:
            shown = _readouts(read)
            yield element("path", d=f"M{x} {height - 36}v10m-4 -5l4 5l4 -5", class_="arrow")
            yield element("text", shown, x=x, y=height - 12, class_="readout")
    yield element("text", "inputs", x=LEFT, y=14, class_="head")


def _readouts(names: list[str]) -> str:
    """Their names, the first and the last of many."""
    shown = [name.replace("Phi_", "Φ").translate(SUBSCRIPTS) for name in names]
    return (
        shown[0]
        if len(shown) == 1
        else f"{shown[0]}, {shown[-1]}"
        if len(shown) == 2
        else f"{shown[0]}…{shown[-1]}"
    )


def _input(name: str, row: int) -> Markup:
    x, y = LEFT, TOP + ROW * row
    return element("text", name, x=x, y=y, dy="0.35em", class_="input")


def _neuron(drawing: Drawing, column: int, number: int, row: int) -> Markup:
    unit = drawing.layers[column - 1][number]
    x, y = LEFT + COLUMN * column, TOP + ROW * row
    short = unit.name if len(unit.name) <= LONGEST else unit.name[: LONGEST - 1] + "…"
    return element(
        "g",
        element("title", _about(drawing, column, unit)),
        _shape(unit.activation, x, y),
        element("text", short, x=x, y=y, dy="0.35em", aria_hidden="true"),
        class_="neuron",
        role="img",
        tabindex=0 if (column, number) == (1, 0) else -1,
        data_place=f"{column} {row}",
        data_column=column,
        data_row=row,
        aria_label=_about(drawing, column, unit),
    )


def _shape(activation: str, x: float, y: float) -> Markup:
    if activation in SHAPES:
        return element(
            "rect",
            x=x - HALF,
            y=y - HIGH,
            width=2 * HALF,
            height=2 * HIGH,
            rx=SHAPES[activation],
            class_="body",
        )
    outline = f"M{x - HALF} {y}l7 {-HIGH}h{2 * HALF - 14}l7 {HIGH}l-7 {HIGH}h{14 - 2 * HALF}Z"
    return element("path", d=outline, class_="body")


def _about(drawing: Drawing, column: int, unit: Unit) -> str:
    """A neuron in words."""
    role = f": {unit.role}" if unit.role else ""
    weights = f"largest weight {unit.bits:,} bit{'' if unit.bits == 1 else 's'}"
    return f"{unit.name}{role}; {unit.activation}; {weights}; reads {_sources(drawing, column, unit)}"


def _sources(drawing: Drawing, column: int, unit: Unit) -> str:
    names = drawing.inputs if column == 1 else [u.name for u in drawing.layers[column - 2]]
    return ", ".join(names[s] for s in unit.sources if s < len(names)) or "nothing that is drawn"


def _legend(drawing: Drawing) -> Markup:
    kinds = sorted({unit.activation for layer in drawing.layers for unit in layer})
    items = [
        element(
            "li",
            element(
                "svg", element("g", _shape(kind, 26, 13), class_="neuron"), class_="shape", viewBox="0 0 52 26",
                aria_hidden="true",
            ),
            " ",
            kind,
        )
        for kind in kinds
    ]  # fmt: skip
    return element("ul", *items, class_="legend")


def _table(drawing: Drawing) -> Markup:
    names = ("Column", "Neuron", "Role", "Activation", "Bits of the largest weight", "Reads")
    head = element("tr", *(element("th", name, scope="col") for name in names))
    lines = [
        element(
            "tr",
            element("td", column, class_="number"),
            element("th", unit.name, scope="row"),
            element("td", unit.role, class_="words"),
            element("td", unit.activation),
            element("td", f"{unit.bits:,}", class_="number"),
            element("td", _sources(drawing, column, unit), class_="words"),
        )
        for column, layer in enumerate(drawing.layers, start=1)
        for unit in layer
    ]
    table = element("table", element("thead", head), element("tbody", *lines))
    box = element("div", table, class_="scroll", tabindex=0, role="region", aria_label="Neurons drawn")
    return element("details", element("summary", "The neurons drawn, as a table"), box)
