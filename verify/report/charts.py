"""A chart as a figure: curves in a frame, a legend, a slider where one of several is chosen, and the numbers drawn."""

from __future__ import annotations

from collections.abc import Iterator

from verify.exhibits.kinds import Chart, Series
from verify.report.axes import Axis, fitted
from verify.report.choosing import choice, slider
from verify.report.curves import curve, sample
from verify.report.formulas import drawn, typeset
from verify.report.markup import Markup, element, text
from verify.report.styles import styled

WIDTH, HEIGHT = 480, 300
LEFT, RIGHT, TOP, BOTTOM = 58, 462, 30, 256
MOST_ROWS = 64  # of a table of numbers
MARGIN, NAMED = 0.06, 0.14  # parts of an axis left free at its ends; more where ticks have names


def figure(chart: Chart) -> Markup:
    """The figure of a chart; a chart without a point that can be drawn says so."""
    x, y = _axes(chart)
    nothing = element("p", "No value can be drawn on these axes.")
    return element(
        "figure",
        element("h3", typeset(chart.title), id=f"{chart.key}-title"),
        slider(chart.key, [name for name, _ in chart.choices]),
        element("div", _picture(chart, x, y) if x and y else nothing, class_="plate"),
        _legend(chart),
        element("figcaption", typeset(chart.caption)),
        _numbers(chart),
        id=f"figure-{chart.key}",
        class_="chart",
        aria_labelledby=f"{chart.key}-title",
    )


def _all(chart: Chart) -> Iterator[Series]:
    yield from chart.series
    for _, series in chart.choices:
        yield from series


def _axes(chart: Chart) -> tuple[Axis | None, Axis | None]:
    xs = [v for s in _all(chart) for v in s.xs]
    ys = [v for s in _all(chart) for ends in (s.ys, s.upper or ()) for v in ends]
    return (
        fitted(xs, LEFT, RIGHT, chart.log_x, NAMED if chart.ticks else MARGIN),
        fitted(ys, BOTTOM, TOP, chart.log_y, MARGIN),
    )


def _picture(chart: Chart, x: Axis, y: Axis) -> Markup:
    key, fixed = chart.key, len(chart.series)
    last = len(chart.choices) - 1
    chosen = [
        choice(number, last, *_curves((*chart.series, *series), x, y)[fixed:], tag="g")
        for number, (_, series) in enumerate(chart.choices)
    ]
    return element(
        "svg",
        element("title", chart.title, id=f"{key}-name"),
        element("desc", _description(chart), id=f"{key}-desc"),
        _frame(chart, x, y),
        *_curves(chart.series, x, y),
        *chosen,
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        aria_labelledby=f"{key}-name {key}-desc",
    )


def _curves(series: tuple[Series, ...], x: Axis, y: Axis) -> list[Markup]:
    return [curve(s, style, x, y) for s, style in styled(series)]


def _description(chart: Chart) -> str:
    names = list(dict.fromkeys(s.name for s in _all(chart)))
    return f"{chart.y_label} over {chart.x_label}: {'; '.join(names)}."


def _frame(chart: Chart, x: Axis, y: Axis) -> Markup:
    parts: list[Markup] = []
    for value, label in y.ticks:
        at = round(y.position(value), 1)
        parts.append(element("path", d=f"M{LEFT} {at}H{RIGHT}", class_="grid"))
        parts.append(element("text", label, x=LEFT - 7, y=at, dy="0.35em", text_anchor="end"))
    for value, label in chart.ticks or _ticks(chart, x):
        at = round(x.position(value), 1)
        parts.append(element("path", d=f"M{at} {BOTTOM}v5", class_="axis"))
        parts.append(element("text", drawn(label), x=at, y=BOTTOM + 8, dy="0.8em", text_anchor="middle"))
    parts.append(element("path", d=f"M{LEFT} {BOTTOM}H{RIGHT}", class_="axis"))
    parts.append(element("text", drawn(chart.y_label), x=4, y=16, class_="label"))
    parts.append(
        element("text", drawn(chart.x_label), x=RIGHT, y=HEIGHT - 6, text_anchor="end", class_="label")
    )
    return element("g", *parts, class_="frame", aria_hidden="true")


def _ticks(chart: Chart, x: Axis) -> list[tuple[float, str]]:
    """Whole numbers only where all points stand at such."""
    whole = [tick for tick in x.ticks if tick[0] == round(tick[0])]
    return whole if all(v == round(v) for s in _all(chart) for v in s.xs) else x.ticks


def _legend(chart: Chart) -> Markup:
    """One entry for each name and look; those of some choices only appear with these."""
    sets = [dict.fromkeys(_entries((*chart.series, *series))) for _, series in chart.choices]
    sets = sets or [dict.fromkeys(_entries(chart.series))]
    last = len(sets) - 1
    items: list[Markup] = []
    for entry in dict.fromkeys(e for found in sets for e in found):
        name, look = entry
        content = [look, " ", element("span", typeset(name))]
        if all(entry in found for found in sets):
            items.append(element("li", *content))
        else:
            items += [choice(n, last, *content, tag="li") for n, found in enumerate(sets) if entry in found]
    return element("ul", *items, class_="legend")


def _entries(series: tuple[Series, ...]) -> list[tuple[str, Markup]]:
    return [(s.name, sample(s, style)) for s, style in styled(series)]


def _numbers(chart: Chart) -> Markup:
    """The points of a chart without a slider as a table, if there are not too many."""
    columns = [c for s in chart.series for c in _columns(s)]
    xs = sorted({x for s in chart.series for x in s.xs}, reverse=chart.log_x)
    if chart.choices or len(xs) > MOST_ROWS:
        return text("")
    head = element(
        "tr",
        element("th", typeset(chart.x_label), scope="col"),
        *(element("th", typeset(name), scope="col") for name, _ in columns),
    )
    rows = [
        element(
            "tr",
            element("th", f"{x:.6g}", scope="row"),
            *(element("td", _shown(values.get(x)), class_="number") for _, values in columns),
        )
        for x in xs
    ]
    table = element("table", element("thead", head), element("tbody", *rows))
    box = element(
        "div", table, class_="scroll", tabindex=0, role="region", aria_label=f"{chart.title}: numbers"
    )
    note = element("p", "As drawn: floats, rounded to six digits.", class_="small")
    return element("details", element("summary", "The numbers drawn"), note, box)


def _columns(series: Series) -> list[tuple[str, dict[float, float]]]:
    low = dict(zip(series.xs, series.ys, strict=True))
    if series.upper is None:
        return [(series.name, low)]
    high = dict(zip(series.xs, series.upper, strict=True))
    return [(f"{series.name}, from", low), ("to", high)]


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}".replace("-", "−")
