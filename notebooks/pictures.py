"""The pictures of the README and of the theorems' pages: `make figures` writes docs/figures.

Three certificates as `approxcert plot` draws them, and the network of each, its channels by name.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from constructs import targets
from verify import check, claims
from verify.certificate import write_bytes
from verify.claims import Claim
from verify.exhibits.kinds import Drawing, Exhibits, Unit
from verify.exhibits.reading import exhibits
from verify.plots.saving import rendered

DPI = 80
COLOURS = {"relu": "#d7e7f5", "floor": "#fbe3b5", "sine": "#cfeadf", "exp2": "#f3d4e3", "product": "#e4dcf2"}
MOST_UNITS = 12  # of a layer, in a drawing
CASES: dict[str, tuple[str, int, Claim]] = {
    "geometric": (
        "abs(x0 - 1/3)",
        1,
        claims.geometric(levels=6, p=2, digits="relu", decoder="two-sine"),
    ),
    "multigrade": ("abs(x0-1/3)*x1 + x1**2/4 - 1/5", 2, claims.multigrade(mesh="1/4", sweeps=4)),
    "multiplicative": (
        "exp(-8*((x0-1/2)**2+(x1-1/2)**2))",
        2,
        claims.multiplicative(mesh="1/16", norm="zygmund:1/2"),
    ),
}
# Smaller ones, of which the network can be drawn whole.
NETWORKS: dict[str, tuple[str, int, Claim]] = {
    "geometric": ("abs(x0 - 1/3)", 1, claims.geometric(levels=3, p=2, digits="relu", decoder="two-sine")),
    "multigrade": ("x0/2 + x1/3 + 1/4", 2, claims.multigrade(mesh="1/1", sweeps=1)),
    "multiplicative": ("x0*(1-x0)", 1, claims.multiplicative(mesh="1/2")),
}


def shown(text: str, dim: int, claim: Claim) -> Exhibits:
    """The exhibits of a certificate made for the occasion."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "certificate.json"
        check(claim, targets.expression(text, dim)).save(path)
        return exhibits(path)


def network(drawing: Drawing) -> bytes:
    """Layers from left to right, each neuron with its name, coloured by its activation; readouts below."""
    layers = [[Unit(name, "", "", 0, ()) for name in drawing.inputs], *map(list, drawing.layers)]
    layers = [layer[:MOST_UNITS] for layer in layers]
    tallest = max(map(len, layers))
    figure = Figure(figsize=(1.15 * len(layers) + 0.6, 0.36 * tallest + 0.9), dpi=DPI, layout="constrained")
    ax = figure.subplots()
    for x, (layer, before) in enumerate(zip(layers[1:], layers, strict=False), start=1):
        for y, unit in enumerate(layer):
            for source in unit.sources:
                if source < len(before):
                    ax.plot([x - 0.76, x - 0.24], [-source, -y], color="0.7", lw=0.6, zorder=0)
    for x, layer in enumerate(layers):
        for y, unit in enumerate(layer):
            _box(ax, x, -y, unit)
    for name, layer in drawing.readouts:
        if layer < len(layers):
            ax.text(layer, -tallest, name, ha="center", va="center", fontsize=8, style="italic")
    _legend(ax, {u.activation for layer in layers for u in layer if u.activation})
    ax.set_xlim(-0.5, len(layers) - 0.5)
    ax.set_ylim(-tallest - 0.6, 0.6)
    ax.set_axis_off()
    picture = io.BytesIO()
    figure.savefig(picture, format="png", metadata={"Software": None})
    return picture.getvalue()


def _box(ax: Axes, x: int, y: int, unit: Unit) -> None:
    face = COLOURS.get(unit.activation, "white")
    style = {"boxstyle": "round,pad=0.3", "facecolor": face, "edgecolor": "0.4", "linewidth": 0.7}
    ax.text(x, y, unit.name, ha="center", va="center", fontsize=8, bbox=style)


def _legend(ax: Axes, activations: set[str]) -> None:
    for name in COLOURS:
        if name in activations:
            ax.scatter([], [], marker="s", s=60, color=COLOURS[name], edgecolors="0.4", label=name)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, 0), ncols=5, fontsize=8, frameon=False)


def small(picture: bytes) -> bytes:
    """The same PNG in 64 colours, at most 1000 pixels wide."""
    with Image.open(io.BytesIO(picture)) as image:
        image.thumbnail((1000, 4000))
        few = image.convert("RGB").quantize(64, dither=Image.Dither.NONE)
    out = io.BytesIO()
    few.save(out, format="png", optimize=True)
    return out.getvalue()


def main(folder: Path) -> None:
    """Writes NAME.png and NAME-network.png for the three theorems."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, case in CASES.items():
        write_bytes(small(rendered(shown(*case), ".png")), folder / f"{name}.png")
    for name, case in NETWORKS.items():
        drawing = shown(*case).drawing
        if drawing is not None:
            write_bytes(small(network(drawing)), folder / f"{name}-network.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "docs" / "figures")
