"""Curves of a chart as SVG."""

from __future__ import annotations

from collections.abc import Iterable

from verify.exhibits.kinds import Series
from verify.report.axes import Axis
from verify.report.markup import Markup, element, joined
from verify.report.styles import Style

MOST_MARKED = 40  # points of a curve with markers
RADIUS = 3.4
Point = tuple[float, float, float]  # x, both ends


def curve(series: Series, style: Style, x: Axis, y: Axis) -> Markup:
    """A line with markers; an enclosure as a band with the line at its upper end, or as bars."""
    tops = series.upper or series.ys
    runs = list(_runs(zip(series.xs, series.ys, tops, strict=True), x, y))
    parts: list[Markup] = []
    if series.upper is not None:
        parts += [_band(run, x, y, series.joined) for run in runs]
    if series.joined:
        parts += [_line(run, x, y, series.steps) for run in runs]
    if shape := _shape(series, style):
        for a, low, top in (point for run in runs for point in run):
            ends = {top} if series.joined else {low, top}
            parts += [marker(shape, x.position(a), y.position(end)) for end in sorted(ends)]
    return _group(style, parts)


def sample(series: Series, style: Style) -> Markup:
    """A piece of the curve, for the legend."""
    parts = [element("path", d="M1 7H35", class_="line")] if series.joined else []
    if shape := _shape(series, style):
        parts.append(marker(shape, 18, 7))
    return element("svg", _group(style, parts), class_="sample", viewBox="0 0 36 14", aria_hidden="true")


def _shape(series: Series, style: Style) -> str:
    """The marker of its points; none on the many points of a graph."""
    if not series.joined:
        return style.marker or "disc"
    return style.marker if len(series.xs) <= MOST_MARKED and not series.steps else ""


def marker(shape: str, x: float, y: float) -> Markup:
    """A marker with its centre there."""
    r = RADIUS
    if shape in ("disc", "ring"):
        return element("circle", cx=_n(x), cy=_n(y), r=r, class_=f"marker {shape}")
    if shape == "cross":
        arms = f"M{_n(x - r)} {_n(y - r)}l{2 * r} {2 * r}m0 {-2 * r}l{-2 * r} {2 * r}"
        return element("path", d=arms, class_="marker cross")
    outlines = {
        "square": [(-r, -r), (r, -r), (r, r), (-r, r)],
        "triangle": [(0, -1.25 * r), (1.2 * r, r), (-1.2 * r, r)],
        "diamond": [(0, -1.4 * r), (1.4 * r, 0), (0, 1.4 * r), (-1.4 * r, 0)],
    }
    corners = "L".join(f"{_n(x + a)} {_n(y + b)}" for a, b in outlines[shape])
    return element("path", d=f"M{corners}Z", class_="marker")


def _group(style: Style, parts: Iterable[Markup]) -> Markup:
    return element("g", *parts, class_=f"curve {style.colour} {style.dashes}")


def _runs(points: Iterable[Point], x: Axis, y: Axis) -> Iterable[list[Point]]:
    """The points that have a place, cut where one has none; a lower end without a place is drawn at the axis' end."""
    run: list[Point] = []
    for a, low, top in points:
        if x.shows(a) and y.shows(top):
            run.append((a, low if y.shows(low) else y.low, top))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _line(run: list[Point], x: Axis, y: Axis, steps: bool) -> Markup:
    places = [(_n(x.position(a)), _n(y.position(top))) for a, _, top in run]
    form = "H{}V{}" if steps else "L{} {}"
    rest = "".join(form.format(*place) for place in places[1:])
    return element("path", d=f"M{places[0][0]} {places[0][1]}{rest}", class_="line")


def _band(run: list[Point], x: Axis, y: Axis, joined_by_lines: bool) -> Markup:
    at = [(_n(x.position(a)), _n(y.position(low)), _n(y.position(top))) for a, low, top in run]
    parts = [element("path", d=f"M{a} {low}V{top}", class_="bar") for a, low, top in at]
    if joined_by_lines:
        outline = [f"{a} {top}" for a, _, top in at] + [f"{a} {low}" for a, low, _ in reversed(at)]
        parts.append(element("path", d="M" + "L".join(outline) + "Z", class_="band"))
    return joined(parts)


def _n(value: float) -> str:
    """A coordinate with one decimal.

    >>> _n(3.0), _n(2.26)
    ('3', '2.3')
    """
    return f"{value:.1f}".removesuffix(".0")
