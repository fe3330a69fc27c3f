"""How roles look: colours of Okabe and Ito, told apart in grey by markers and dashes too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

GREY = "#9a9a9a"
BLACK, ORANGE, SKY, GREEN, BLUE, VERMILION, PURPLE = (
    "#000000",
    "#E69F00",
    "#56B4E9",
    "#009E73",
    "#0072B2",
    "#D55E00",
    "#CC79A7",
)


@dataclass(frozen=True)
class Look:
    """A line's colour, marker, dashes and width."""

    colour: str
    marker: str
    dashes: str
    width: float = 1.1


ROLES = {
    "error": Look(VERMILION, "o", "-"),
    "bound": Look(BLACK, "s", "--"),
    "modulus": Look(BLUE, "^", ":"),
    "ratio": Look(VERMILION, "o", "-"),
    "target": Look(GREY, "", "-", 2.6),
    "readout": Look(BLUE, "", "-"),
    "entropy": Look(BLACK, "s", "--"),
    "bits": Look(BLUE, "o", "-"),
    "claimed": Look(GREEN, "D", "-."),
    "witness": Look(PURPLE, "*", ""),
}
AGAIN = (Look(PURPLE, "v", "--"), Look(GREEN, "D", "-."), Look(ORANGE, "X", ":"), Look(SKY, "P", "-"))

COLOURS = "cividis"
SETTINGS: dict[str, Any] = {
    "font.family": "DejaVu Sans",  # comes with matplotlib, so that every machine draws the same
    "font.size": 7,
    "axes.titlesize": 7.5,
    "axes.titlelocation": "left",
    "axes.labelsize": 7,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.linewidth": 0.4,
    "grid.alpha": 0.35,
    "lines.markersize": 3.5,
    "legend.fontsize": 6.5,
    "legend.frameon": False,
    "pdf.fonttype": 42,  # text stays text
    "svg.fonttype": "none",
    "svg.hashsalt": "approxcert",  # names of parts do not depend on the run
}


def look(role: str, place: int) -> Look:
    """How the series number `place` (from 0) of a role looks within its chart."""
    return ROLES[role] if place == 0 else AGAIN[(place - 1) % len(AGAIN)]
