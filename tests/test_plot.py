"""Figures: three formats that their own readers open, the same bytes twice, nothing for a rejected certificate."""

from __future__ import annotations

import copy
import json
import re
import struct
import zlib
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner
from instances import INSTANCES, judged

from constructs.errors import ConstructError
from verify.certificate import sealed, write
from verify.cli import main
from verify.exhibits.certified import Certified
from verify.exhibits.kinds import Chart, Exhibits, HeatMap, Series
from verify.exhibits.reading import of_accepted
from verify.plots.figure import captions, rows_of
from verify.plots.saving import rendered, save
from verify.plots.style import AGAIN, ROLES
from verify.plots.words import formula, plain

NAMED = {instance.name: instance for instance in INSTANCES}
DRAWN = ("refuted expression", "products, zygmund", "own, falls")


@cache
def shown(name: str) -> Exhibits:
    return of_accepted(Certified("c.json", json.loads(json.dumps(judged(NAMED[name]).certificate))))


def pixels(content: bytes) -> np.ndarray:
    """The bytes of a PNG's lines, unfiltered or not: enough to see that not all are white."""
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    data, place = b"", 8
    while place < len(content):
        (length,), kind = struct.unpack(">I", content[place : place + 4]), content[place + 4 : place + 8]
        body = content[place + 8 : place + 8 + length]
        assert (
            zlib.crc32(kind + body)
            == struct.unpack(">I", content[place + 8 + length : place + 12 + length])[0]
        )
        data += body if kind == b"IDAT" else b""
        place += 12 + length
    return np.frombuffer(zlib.decompress(data), dtype=np.uint8)


@pytest.mark.parametrize("name", DRAWN)
def test_svg_says_what_became_of_the_claim(name: str):
    found = shown(name)
    content = rendered(found, ".svg")
    tree = ElementTree.fromstring(content)
    texts = " ".join("".join(t.itertext()) for t in tree.iter("{http://www.w3.org/2000/svg}text"))
    assert NAMED[name].status in texts
    for row in rows_of(found):
        for panel in row:
            assert f"({panel.letter})" in texts
    assert b"<dc:date>" not in content


def small() -> Exhibits:
    """One curve, one map."""
    line = Series("error", "error", (0.0, 1.0), (1.0, 2.0), (1.5, 3.0))
    chart = Chart("error", "Error", "", "level l", "L^2 norm", (line,), log_y=True)
    seen = HeatMap("map", "Map", "", "|f − Phi|", (("a", ((0.0, 1.0), (2.0, 3.0))),))
    return Exhibits(**{**vars(shown("own, falls")), "charts": (chart,), "maps": (seen,)})


def test_the_same_bytes_twice_in_every_format():
    found = small()
    for suffix in (".png", ".svg", ".pdf"):
        first = rendered(found, suffix)
        assert first == rendered(found, suffix), suffix


def test_png_and_pdf_are_whole_and_not_empty():
    found = small()
    assert len(np.unique(pixels(rendered(found, ".png")))) > 20
    content = rendered(found, ".pdf")
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")
    assert not re.search(rb"/CreationDate|/ModDate", content)
    assert b"/FontFile2" in content  # text, not outlines


def test_every_role_looks_different_in_grey():
    looks = [ROLES[role] for role in ("error", "bound", "modulus", "claimed", "witness")]
    assert len({(look.marker, look.dashes) for look in looks}) == len(looks)
    assert len({(look.marker, look.dashes) for look in AGAIN}) == len(AGAIN)
    kinds = re.findall(r"[a-z]+", str(Series.__doc__).partition("Roles: ")[2].partition("points")[0])
    assert set(kinds) == set(ROLES)


def test_foreign_text_is_no_formula():
    found = shown("own, falls")
    odd = Exhibits(**{**vars(found), "title": r"costs $5^{ \frac \\ $ 中 _x"})
    assert rendered(odd, ".svg")
    assert plain("$x$") == r"\$x\$"
    assert formula("ω_2(f, N^-l)") == "ω₂(f, N⁻ˡ)"


def test_zeros_and_flat_curves_can_be_drawn():
    flat = Series("error", "error", (0.0, 1.0), (0.0, 0.0), (1e-300, 1e-300))
    charts = (
        Chart("error", "zero", "", "x", "y", (flat,), log_y=True),
        Chart("none", "none", "", "x", "y", (), log_y=True, log_x=True),
    )
    blank = HeatMap("map", "blank", "", "z", (("a", ((0.0, 0.0), (0.0, 0.0))),) * 2, log=True)
    bare = Exhibits(**{**vars(shown("own, falls")), "charts": charts, "maps": (blank,)})
    assert rendered(bare, ".png")


def test_captions_name_every_panel():
    found = shown("grades, expression")
    told = " ".join(captions(found))
    assert "sampled" in told
    assert told.startswith("(a) ")


def changed(certificate: dict[str, Any]) -> dict[str, Any]:
    """With an error that is not the network's."""
    parts = ("claim", "target", "network", "evidence", "findings", "status")
    content = copy.deepcopy({key: certificate[key] for key in parts})
    next(f for f in content["findings"] if f["property"] == "error")["error"] = ["0", "1/99999"]
    return sealed(content)


def test_command_draws_a_refuted_certificate_and_refuses_a_rejected_one(tmp_path: Path):
    certificate = judged(NAMED["refuted expression"]).certificate
    write(certificate, tmp_path / "c.json")
    run = CliRunner().invoke(main, ["plot", str(tmp_path / "c.json")])
    assert run.exit_code == 0, run.output
    assert "Refuted: " in run.output
    assert pixels((tmp_path / "c.png").read_bytes()).size
    write(changed(certificate), tmp_path / "bad.json")
    run = CliRunner().invoke(main, ["plot", str(tmp_path / "bad.json")])
    assert run.exit_code == 2
    assert "rejected" in run.output
    assert "proved" not in run.output
    assert not (tmp_path / "bad.png").exists()
    assert len(run.output.strip().splitlines()) == 1


@pytest.mark.parametrize("name", ["c.jpg", "c", "c.png.txt"])
def test_other_suffixes_are_refused_before_any_work(name: str, tmp_path: Path):
    write({}, tmp_path / "c.json")
    run = CliRunner().invoke(main, ["plot", str(tmp_path / "c.json"), "-o", str(tmp_path / name)])
    assert run.exit_code == 2
    assert ".png, .svg, .pdf" in run.output
    with pytest.raises(ConstructError, match=r"\.png, \.svg, \.pdf"):
        save(shown("own, falls"), tmp_path / name)
    assert not (tmp_path / name).exists()
