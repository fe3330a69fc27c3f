"""Heat maps as figures: one picture a choice, on one scale if it is logarithmic, else each on its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from verify.exhibits.kinds import HeatMap
from verify.report.axes import Axis, fitted
from verify.report.choosing import choice, slider
from verify.report.colours import scale
from verify.report.formulas import drawn, typeset
from verify.report.markup import Markup, element
from verify.report.png import data_address

LEFT, TOP, SIDE = 34, 30, 300  # of the square
BAR, THICK = 358, 16  # the colour scale's left edge and its width
WIDTH, HEIGHT = 480, 358
DECADES = 3  # below the largest value, on a logarithmic scale
Field = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Shades:
    """Which of 256 colours a value has."""

    axis: Axis

    def number(self, value: float) -> int:
        """From 0 to 255; what lies outside gets the colour of that end, as does what is no number that of the lower."""
        if not self.axis.shows(value) or value <= self.axis.low:
            return 0
        return min(255, int(256 * self.axis.position(value)))


def figure(heat: HeatMap) -> Markup:
    """The figure of a heat map."""
    return element(
        "figure",
        element("h3", typeset(heat.title), id=f"{heat.key}-title"),
        slider(heat.key, [name for name, _ in heat.choices]),
        element("div", _picture(heat), class_="plate"),
        element("figcaption", typeset(heat.caption), " ", _extremes(heat)),
        id=f"figure-{heat.key}",
        class_="map",
        aria_labelledby=f"{heat.key}-title",
    )


def _shades(fields: Sequence[Field], log: bool) -> Shades | None:
    """From the least to the largest value of these fields; None if no value has a place."""
    values = [v for field in fields for row in field for v in row]
    found = fitted(values, 0.0, 1.0, log, 0.0)
    if found is None:
        return None
    seen = [v for v in values if found.shows(v)]
    low, high = min(seen), max(seen)
    if log:
        low = max(low, high / 10**DECADES)
    if low == high:
        return Shades(found)
    return Shades(Axis(low, high, 0.0, 1.0, log))


def _extremes(heat: HeatMap) -> Markup:
    """The least and the largest value sampled, a choice each, for those who do not see the picture."""
    last = len(heat.choices) - 1
    parts = []
    for number, (_, field) in enumerate(heat.choices):
        seen = [v for row in field for v in row if isfinite(v)]
        ends = f"from {min(seen):.4g} to {max(seen):.4g}" if seen else "no number"
        said = f"Sampled here: {ends}.".replace("-", "−")
        parts.append(choice(number, last, said, tag="span"))
    return element("span", *parts, class_="extremes")


def _picture(heat: HeatMap) -> Markup:
    key, last = heat.key, len(heat.choices) - 1
    every = [field for _, field in heat.choices]
    fields = [
        choice(number, last, *_field(field, _shades(every if heat.log else [field], heat.log)), tag="g")
        for number, (_, field) in enumerate(heat.choices)
    ]
    colours = data_address([bytes([255 - k]) for k in range(256)], scale())
    return element(
        "svg",
        element("title", heat.title, id=f"{key}-name"),
        element("desc", f"{heat.legend} on the unit square, as colours.", id=f"{key}-desc"),
        *fields,
        _image(colours, BAR, TOP, THICK, SIDE),
        _frame(heat.legend),
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        aria_labelledby=f"{key}-name {key}-desc",
    )


def _field(field: Field, shades: Shades | None) -> list[Markup]:
    """One field's colours, and its numbers at the colour scale."""
    if shades is None:
        return [element("text", "no value can be drawn", x=LEFT + 12, y=TOP + 24)]
    ticks: list[Markup] = []
    for value, label in shades.axis.ticks:
        at = round(TOP + (1 - shades.axis.position(value)) * SIDE, 1)
        ticks += [
            element("path", d=f"M{BAR + THICK} {at}h5", class_="axis"),
            element("text", label, x=BAR + THICK + 9, y=at, dy="0.35em"),
        ]
    picture = _image(data_address(_pixels(field, shades), scale()), LEFT, TOP, SIDE, SIDE)
    return [picture, element("g", *ticks, class_="frame", aria_hidden="true")]


def _pixels(field: Field, shades: Shades) -> list[bytes]:
    """Rows from the top, as pictures have them."""
    return [bytes(map(shades.number, row)) for row in reversed(field)]


def _image(address: str, x: int, y: int, width: int, height: int) -> Markup:
    return element(
        "image",
        href=address,
        x=x,
        y=y,
        width=width,
        height=height,
        preserveAspectRatio="none",
        class_="field",
    )


def _frame(legend: str) -> Markup:
    parts = [
        element("rect", x=LEFT, y=TOP, width=SIDE, height=SIDE, class_="edge"),
        element("rect", x=BAR, y=TOP, width=THICK, height=SIDE, class_="edge"),
        element("text", drawn(legend), x=BAR, y=16, class_="label"),
        element("text", "x1", x=4, y=16, class_="label"),
        element("text", "x0", x=LEFT + SIDE + 7, y=TOP + SIDE + 8, dy="0.8em", class_="label"),
    ]
    for part, label in ((0.0, "0"), (0.5, "½"), (1.0, "1")):
        across, up = LEFT + part * SIDE, TOP + (1 - part) * SIDE
        parts += [
            element("path", d=f"M{across} {TOP + SIDE}v5M{LEFT} {up}h-5", class_="axis"),
            element("text", label, x=across, y=TOP + SIDE + 8, dy="0.8em", text_anchor="middle"),
            element("text", label, x=LEFT - 9, y=up, dy="0.35em", text_anchor="end"),
        ]
    return element("g", *parts, class_="frame", aria_hidden="true")
