"""The pictures of the README and of the theorems' pages: there, small, and drawn from what the checker accepted."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

pytest.importorskip("matplotlib")
import pictures
from PIL import Image

ROOT = Path(__file__).parent.parent
LARGEST = 100_000
PAGES = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_picture_is_there_and_small(page: Path) -> None:
    for name in re.findall(r"!\[[^]]+\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / name).stat().st_size < LARGEST, name


def test_the_pages_show_what_the_script_draws() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    for name in (*pictures.CASES, *(f"{name}-network" for name in pictures.NETWORKS)):
        assert f"figures/{name}.png" in text


@pytest.mark.pages
def test_a_network_is_drawn_with_a_box_for_every_neuron() -> None:
    drawing = pictures.shown(*pictures.NETWORKS["multiplicative"]).drawing
    assert drawing is not None
    assert [len(layer) for layer in drawing.layers] == [4, 3]  # facing sides of two cells, three hats
    with Image.open(io.BytesIO(pictures.small(pictures.network(drawing)))) as image:
        assert image.mode == "P"
        colours = {
            image.convert("RGB").getpixel((x, y)) for x in range(image.width) for y in range(image.height)
        }
    assert len(colours) <= 64
    for name in ("relu", "product"):
        wanted = tuple(int(pictures.COLOURS[name][k : k + 2], 16) for k in (1, 3, 5))
        assert any(max(abs(a - b) for a, b in zip(c, wanted, strict=True)) <= 6 for c in colours), name
