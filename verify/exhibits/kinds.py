"""What a certificate has to show, as plain data: reports and plots draw it, neither computes anything.

Numbers that are drawn are floats; numbers that are stated are texts, made from the certificate's exact ones. A picture
proves nothing, so whatever was sampled says so in its caption.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Series:
    """Points joined by a line, or an enclosure if `upper` is given; `role` decides how it looks everywhere.

    Roles: error, bound, modulus, ratio, target, readout, entropy, bits, claimed; witness: points where a claim fails.
    Several of one role in one chart are told apart by their places in it.
    """

    name: str
    role: str
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    upper: tuple[float, ...] | None = None  # ys are then lower ends; both are rounded outward
    steps: bool = False  # constant between the points
    joined: bool = True  # by lines; else points on their own


@dataclass(frozen=True)
class Chart:
    """Curves over one axis; with `choices`, one of several (a slider, or one panel each)."""

    key: str  # a short name for files and anchors: error, ratio, readout, grades, ladder, bits
    title: str
    caption: str  # says what is certified here and what is sampled
    x_label: str
    y_label: str
    series: tuple[Series, ...]  # shown whatever is chosen
    choices: tuple[tuple[str, tuple[Series, ...]], ...] = ()
    log_x: bool = False
    log_y: bool = False  # a lower end of 0 then lies below the picture
    ticks: tuple[tuple[float, str], ...] = ()  # of the x axis, where numbers say nothing


@dataclass(frozen=True)
class HeatMap:
    """Values at the midpoints of an equal grid on the square; rows from x1 = 0 upward, one field a choice."""

    key: str
    title: str
    caption: str
    legend: str  # of the colour scale
    choices: tuple[tuple[str, tuple[tuple[float, ...], ...]], ...]
    log: bool = False  # values below a thousandth of the largest look alike


@dataclass(frozen=True)
class Unit:
    """A neuron as drawn: name, role, activation, bits of its largest weight, its sources in the layer before."""

    name: str
    role: str
    activation: str
    bits: int
    sources: tuple[int, ...]


@dataclass(frozen=True)
class Drawing:
    """The network's layers, inputs first; `left_out` says in words what is not drawn, if something is not.

    An empty layer stands for layers that are left out. Sources that are not drawn are not listed.
    """

    caption: str
    inputs: tuple[str, ...]
    layers: tuple[tuple[Unit, ...], ...]
    readouts: tuple[tuple[str, int], ...]  # name, and which of `layers` is read, from 1
    left_out: str


@dataclass(frozen=True)
class Row:
    """A finding in words: what, where, both sides, what became of it, and who established that."""

    what: str
    where: str
    left: str
    right: str
    status: str
    established_by: str
    note: str


@dataclass(frozen=True)
class Exhibits:
    """Everything that a report of one certificate shows, in this order."""

    claim: str
    title: str
    status: str  # proved, refuted, undecided; or rejected, when the checker does not accept the file
    sentence: str  # what exactly was proved, refuted or left open, with target and parameters
    trust: tuple[str, ...]  # what was recomputed, by whom, and what was not
    facts: tuple[tuple[str, str], ...]  # target, parameters, network sizes
    rows: tuple[Row, ...]
    charts: tuple[Chart, ...]
    maps: tuple[HeatMap, ...]
    drawing: Drawing | None
    source: str  # of the theorem
    reproduce: tuple[str, ...]  # commands
    versions: tuple[tuple[str, str], ...]
    hashes: tuple[tuple[str, str], ...]
    derivations: tuple[
        str, ...
    ] = ()  # titles in verify.symbolic.page: where constants come from, for all parameters
