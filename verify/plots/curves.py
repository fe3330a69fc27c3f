"""Curves and enclosures on a pair of axes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log10
from typing import TYPE_CHECKING, Any

from verify.exhibits.kinds import Chart, Series
from verify.plots.style import Look, look
from verify.plots.words import formula

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

MOST_MARKED = 40  # points that get markers
MOST_LETTERS = 36  # of ticks side by side
ROOM = 1.4  # above and below, on logarithmic axes


def draw(axes: Axes, chart: Chart, series: Sequence[Series]) -> None:
    """A chart's curves, with its axes named."""
    floor = _limits(axes, chart, series)
    seen: Counter[str] = Counter()
    for s in series:
        _draw(axes, s, look(s.role, seen[s.role]), floor)
        seen[s.role] += 1
    axes.set_xlabel(formula(chart.x_label))
    axes.set_ylabel(formula(chart.y_label))
    _x_axis(axes, chart, series)
    if chart.log_y:
        _logarithmic(axes.yaxis, *axes.get_ylim())


def legend(axes: Axes, chart: Chart) -> None:
    """Below the axes, where it covers nothing."""
    low = -0.42 if _slanted(chart) else -0.21
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, low))


def _slanted(chart: Chart) -> bool:
    """Whether the ticks' texts are too long to stand side by side."""
    return sum(len(text) for _, text in chart.ticks) > MOST_LETTERS


def _limits(axes: Axes, chart: Chart, series: Sequence[Series]) -> float | None:
    """Sets logarithmic axes with their limits. Returns the lower end of the y axis; None if it is not logarithmic."""
    if chart.log_x:
        axes.set_xscale("log")
    if not chart.log_y:
        return None
    values = [y for s in series for y in (*s.ys, *(s.upper or ())) if y > 0] or [1.0]
    axes.set_yscale("log")
    axes.set_ylim(min(values) / ROOM, max(values) * ROOM)
    return min(values) / ROOM


def _draw(axes: Axes, s: Series, seen: Look, floor: float | None) -> None:
    ys = s.upper or s.ys
    lows = s.ys if floor is None else tuple(max(y, floor) for y in s.ys)
    style: dict[str, Any] = {
        "color": seen.colour,
        "linewidth": seen.width,
        "linestyle": seen.dashes if s.joined else "",
        "marker": seen.marker if len(s.xs) <= MOST_MARKED else "",
        "label": formula(s.name),
    }
    if s.role == "witness":
        style["markersize"] = 9
    if s.steps:
        axes.step(s.xs, ys, where="post", **style)
        return
    if s.upper and s.joined:
        axes.fill_between(s.xs, lows, ys, color=seen.colour, alpha=0.25, linewidth=0)
    elif s.upper:
        axes.vlines(s.xs, lows, ys, color=seen.colour, linewidth=2.2, alpha=0.5)
    axes.plot(s.xs, ys, **style)


def _x_axis(axes: Axes, chart: Chart, series: Sequence[Series]) -> None:
    from matplotlib.ticker import MaxNLocator, NullLocator

    if chart.ticks:
        axes.set_xticks([x for x, _ in chart.ticks], [formula(text) for _, text in chart.ticks])
        axes.xaxis.set_minor_locator(NullLocator())
        if _slanted(chart):
            axes.tick_params(axis="x", labelrotation=30)
        if any(not s.joined for s in series):
            xs = [x for x, _ in chart.ticks]
            axes.set_xlim(min(xs) - 0.5, max(xs) + 0.5)
    elif chart.log_x:
        _logarithmic(axes.xaxis, *axes.get_xlim())
    elif all(float(x).is_integer() for s in series for x in s.xs):
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def _logarithmic(axis: Axis, low: float, high: float) -> None:
    """Ticks that are few, and labelled also where the axis is shorter than a decade."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, NullLocator

    decades = log10(high / low)
    axis.set_major_locator(LogLocator(subs=(1, 2, 5) if decades < 2.5 else (1,), numticks=12))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda v, _: _power(v)))
    axis.set_minor_formatter(NullFormatter())


def _power(value: float) -> str:
    exponent = round(log10(value))
    if not -4 < exponent < 5 and abs(value / 10.0**exponent - 1) < 1e-9:
        return formula(f"10^{exponent}")
    return f"{value:g}"
