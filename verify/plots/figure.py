"""One figure of everything that a certificate's exhibits draw: a row a kind, a letter a panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verify.exhibits.kinds import Chart, Exhibits, HeatMap, Series
from verify.plots import curves, fields
from verify.plots.words import formula, plain

if TYPE_CHECKING:
    from matplotlib.figure import Figure, SubFigure

WIDTH = 7.2  # inches: both columns of a page
CHART, MULTIPLE, MAP = 2.75, 2.35, 2.2  # heights of rows
A_ROW = 3  # panels that are no small multiples
MULTIPLES = 4  # choices of one chart or map, at most


@dataclass(frozen=True)
class Panel:
    """A chart or map with one of its choices, if it has any, and its letter."""

    letter: str
    of: Chart | HeatMap
    choice: int | None
    multiple: bool = False

    @property
    def title(self) -> str:
        """Small multiples are told apart by their choices: their common title stands above the row."""
        if not self.multiple or self.choice is None:
            return f"({self.letter}) {self.of.title}"
        return f"({self.letter}) {self.of.choices[self.choice][0]}"

    @property
    def series(self) -> tuple[Series, ...]:
        """A chart's curves: the common ones, and those of the choice."""
        if isinstance(self.of, HeatMap):
            return ()
        return (*self.of.series, *(() if self.choice is None else self.of.choices[self.choice][1]))


def chosen(count: int) -> list[int]:
    """At most four of them, the first and the last among them.

    >>> chosen(3), chosen(8)
    ([0, 1, 2], [0, 2, 5, 7])
    """
    if count <= MULTIPLES:
        return list(range(count))
    return [round(k * (count - 1) / (MULTIPLES - 1)) for k in range(MULTIPLES)]


def rows_of(exhibits: Exhibits) -> list[list[Panel]]:
    """The panels, row by row: single ones together, each set of small multiples for itself."""
    letters = (chr(ord("a") + n) for n in range(26))
    shown = (*exhibits.charts, *exhibits.maps)
    single = [Panel(next(letters), x, 0 if x.choices else None) for x in shown if len(x.choices) < 2]
    rows = [single[i : i + A_ROW] for i in range(0, len(single), A_ROW)]
    for x in shown:
        if len(x.choices) > 1:
            rows.append([Panel(next(letters), x, n, True) for n in chosen(len(x.choices))])
    return rows


def figure(exhibits: Exhibits) -> Figure:
    """The figure; its title says what became of the claim.

    Requires: at least one chart or map; `verify.plots.style.SETTINGS` in force.
    """
    from matplotlib.figure import Figure

    rows = rows_of(exhibits)
    heights = [_height(row) for row in rows]
    drawn = Figure(figsize=(WIDTH, sum(heights) + 0.3), layout="constrained")
    drawn.suptitle(f"{plain(exhibits.title)}: {exhibits.status}", fontsize=9)
    parts = drawn.subfigures(len(rows), 1, height_ratios=heights, squeeze=False)[:, 0]
    for part, row in zip(parts, rows, strict=True):
        (_multiples if row[0].multiple else _singles)(part, row)
    return drawn


def _height(row: Sequence[Panel]) -> float:
    if not row[0].multiple:
        return CHART
    return MAP if isinstance(row[0].of, HeatMap) else MULTIPLE


def _singles(part: SubFigure, row: Sequence[Panel]) -> None:
    for axes, panel in zip(part.subplots(1, len(row), squeeze=False)[0], row, strict=True):
        if isinstance(panel.of, HeatMap):
            values = panel.of.choices[0][1]
            image = fields.draw(axes, values, fields.scale_of(panel.of, [values]))
            axes.set_ylabel("x1")
            part.colorbar(image, ax=axes, label=formula(panel.of.legend), fraction=0.05, pad=0.02)
        else:
            curves.draw(axes, panel.of, panel.series)
            curves.legend(axes, panel.of)
        axes.set_title(formula(panel.title))


def _multiples(part: SubFigure, row: Sequence[Panel]) -> None:
    """One chart or map for several of its choices, with one title, one legend or colour scale."""
    shown = row[0].of
    axes = part.subplots(1, len(row), squeeze=False, sharey=isinstance(shown, HeatMap))[0]
    part.suptitle(formula(shown.title), fontsize=7.5)
    for ax, panel in zip(axes, row, strict=True):
        ax.set_title(formula(panel.title))
    if isinstance(shown, HeatMap):
        picked = [shown.choices[p.choice or 0][1] for p in row]
        scale = fields.scale_of(shown, picked)
        images = [fields.draw(ax, values, scale) for ax, values in zip(axes, picked, strict=True)]
        axes[0].set_ylabel("x1")
        part.colorbar(images[0], ax=list(axes), label=formula(shown.legend), fraction=0.05, pad=0.01)
        return
    for ax, panel in zip(axes, row, strict=True):
        curves.draw(ax, shown, panel.series)
        if panel is not row[0]:
            ax.set_ylabel("")
    entries = {
        label: handle for ax in axes for handle, label in zip(*ax.get_legend_handles_labels(), strict=True)
    }
    if entries:
        part.legend(entries.values(), entries.keys(), loc="outside lower center", ncols=min(len(entries), 4))


def captions(exhibits: Exhibits) -> list[str]:
    """What the panels show, for the text below the figure."""
    out = []
    for row in rows_of(exhibits):
        for shown in dict.fromkeys(panel.of.key for panel in row):
            panels = [panel for panel in row if panel.of.key == shown]
            letters = panels[0].letter if len(panels) == 1 else f"{panels[0].letter}–{panels[-1].letter}"
            out.append(f"({letters}) {panels[0].of.title}. {panels[0].of.caption}")
    return out
