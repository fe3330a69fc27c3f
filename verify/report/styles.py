"""How curves look: their role decides colour, dashes and marker, so that no two look alike in grey either."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from verify.exhibits.kinds import Series

COLOURS = ("vermillion", "blue", "green", "purple", "orange", "sky")
DASHES = ("solid", "dashed", "dotted", "dashdot")
MARKERS = ("disc", "square", "triangle", "diamond", "ring")


@dataclass(frozen=True)
class Style:
    """Names of a colour and of dashes, as the style sheet has them; a marker, or none."""

    colour: str
    dashes: str
    marker: str

    def varied(self, times: int) -> Style:
        """A style for one more curve of the same role."""
        if not times:
            return self
        colour = (
            COLOURS[(COLOURS.index(self.colour) + times) % len(COLOURS)]
            if self.colour in COLOURS
            else self.colour
        )
        dashes = DASHES[((DASHES.index(self.dashes) if self.dashes in DASHES else 0) + times) % len(DASHES)]
        marker = self.marker and MARKERS[(MARKERS.index(self.marker) + times) % len(MARKERS)]
        return Style(colour, dashes, marker)


STYLES = {
    "error": Style("vermillion", "solid", "disc"),
    "bits": Style("vermillion", "solid", "disc"),
    "readout": Style("vermillion", "solid", ""),
    "bound": Style("blue", "dashed", "square"),
    "entropy": Style("blue", "dashed", "square"),
    "modulus": Style("green", "dotted", "triangle"),
    "claimed": Style("purple", "dashdot", "diamond"),
    "ratio": Style("ink", "solid", "ring"),
    "target": Style("ink", "broad", ""),
    "witness": Style("ink", "solid", "cross"),
}
OTHER = Style("orange", "dashdot", "ring")


def styled(series: Iterable[Series]) -> list[tuple[Series, Style]]:
    """Every curve of a picture with its style; several of one role differ by their places."""
    seen: dict[str, int] = {}
    found = []
    for s in series:
        times = seen.get(s.role, 0)
        seen[s.role] = times + 1
        found.append((s, STYLES.get(s.role, OTHER).varied(times)))
    return found
