"""The page of a certificate: nothing of a stranger's becomes markup, nothing is fetched, nothing is drawn wrongly."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
import subprocess
import sys
import zlib
from functools import cache
from html.parser import HTMLParser
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from handmade_exhibits import HOSTILE, handmade

from constructs import targets
from verify import claims
from verify.certificate import sealed, write
from verify.exhibits.kinds import Chart, Series
from verify.report import charts
from verify.report.axes import Axis, fitted
from verify.report.colours import contrast, lightness, luminance, scale
from verify.report.formulas import typeset
from verify.report.heatmaps import figure as heat_figure
from verify.report.markup import WITHOUT_END
from verify.report.mathml import mathml
from verify.report.page import page
from verify.report.png import png
from verify.report.styles import STYLES, styled
from verify.symbolic.trees import nodes

ROOT = Path(__file__).parent.parent
STYLE = (ROOT / "verify" / "report" / "assets" / "report.css").read_text(encoding="utf-8")
ALONE = WITHOUT_END | {"image"}


class Reader(HTMLParser):
    """Elements with their attributes, texts by element; a tag that is not closed in its place is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), "an attribute twice"
        self.found.append((tag, dict(attrs)))
        if tag not in WITHOUT_END:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def test_texts_of_a_certificate_never_become_markup():
    plain, hostile = Reader(page(handmade())), Reader(page(handmade(word=HOSTILE)))
    tags = [[tag for tag, _ in read.found if tag != "span"] for read in (plain, hostile)]
    assert tags[0] == tags[1]  # but for spans: words of commands are in such
    assert not any(name.startswith("on") for _, attributes in hostile.found for name in attributes)
    shown = "".join(data for _, data in hostile.texts)
    assert HOSTILE.replace("\x00", "\ufffd") in shown
    assert "\x00" not in page(handmade(word=HOSTILE))


@pytest.mark.parametrize(
    "turning", "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
def test_no_text_turns_the_writing_around(turning: str):
    shown = page(handmade(word=f"saw{turning}"))
    assert turning not in shown
    assert "saw\ufffd" in shown


def test_the_page_may_load_nothing_and_run_only_its_own_script():
    text = page(handmade(word=HOSTILE))
    read = Reader(text)
    (policy,) = [m["content"] for m in read.all("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    for tag, rule in (("script", "script-src"), ("style", "style-src")):
        (inline,) = [data for name, data in read.texts if name == tag]
        digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"
    assert text.index("Content-Security-Policy") < text.index("<style")
    for _, attributes in read.found:
        assert "style" not in attributes  # the policy would forbid it
        for name in ("href", "src"):
            address = attributes.get(name)
            assert address is None or address.startswith(("data:", "#"))
    assert "url(" not in STYLE
    assert "@import" not in STYLE


@pytest.mark.parametrize("status", ["proved", "refuted", "undecided", "rejected"])
def test_landmarks_headings_labels_and_targets_of_references(status: str):
    read = Reader(page(handmade(status)))
    tags = [tag for tag, _ in read.found]
    assert [tags.count(tag) for tag in ("html", "main", "header", "footer", "h1")] == [1] * 5
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    names = [attributes["id"] for _, attributes in read.found if "id" in attributes]
    assert len(set(names)) == len(names)
    references = [
        name
        for _, attributes in read.found
        for key in ("for", "aria-labelledby")
        for name in (attributes.get(key) or "").split()
    ]
    assert references
    assert set(references) <= set(names)
    assert all(table.get("scope") in {"col", "row"} for table in read.all("th"))
    assert any(a.get("class") == "skip" and a["href"] == "#verdict" for a in read.all("a"))
    pictures = [svg for svg in read.all("svg") if svg.get("aria-hidden") is None]
    assert len(pictures) == 5
    assert {svg["role"] for svg in pictures} == {"img", "group"}
    said = " ".join(data for _, data in read.texts)
    assert status in said


def test_without_a_script_the_last_choice_is_shown_and_no_control():
    read = Reader(page(handmade()))
    sliders = read.all("input")
    assert [s["type"] for s in sliders] == ["range"] * 2
    assert all("hidden" in s and s["value"] == s["max"] for s in sliders)
    choices = [a for _, a in read.found if "data-choice" in a]
    shown = {a["data-choice"] for a in choices if a["class"] == "choice"}
    assert shown == {"2", "1"}  # the last of three readouts, of two maps
    assert {a["data-choice"] for a in choices if a["class"] == "choice off"} == {"0", "1"}


def test_nothing_is_called_proved_in_the_page_of_a_rejected_file(tmp_path: Path):
    bad = json.loads(json.dumps(certificate()))
    bad["findings"][0]["value"] = 1
    write(bad, tmp_path / "c.json")
    done = reported(tmp_path / "c.json")
    assert done.returncode == 2, done.stderr
    read = Reader((tmp_path / "c.html").read_text(encoding="utf-8"))
    said = " ".join(data for tag, data in read.texts if tag not in {"style", "script"})
    assert "rejected" in said
    assert "proved" not in said.lower()
    assert not read.all("figure")


def test_the_command_writes_the_same_page_twice_and_ends_as_the_verdict(tmp_path: Path):
    write(certificate(), tmp_path / "c.json")
    first = reported(tmp_path / "c.json")
    assert first.returncode == 1, first.stderr
    assert first.stdout == f"refuted: {tmp_path / 'c.html'}\n"
    again = reported(tmp_path / "c.json", "-o", str(tmp_path / "d.html"))
    assert again.returncode == 1
    text = (tmp_path / "c.html").read_text(encoding="utf-8")
    assert text == (tmp_path / "d.html").read_text(encoding="utf-8")
    assert len(text) < 500_000
    Reader(text)


def test_a_certificate_is_not_overwritten_and_bad_input_is_one_line(tmp_path: Path):
    write(certificate(), tmp_path / "c.json")
    before = (tmp_path / "c.json").read_bytes()
    for arguments in (["-o", str(tmp_path / "c.json")], ["-o", str(tmp_path / "no" / "c.html")]):
        done = reported(tmp_path / "c.json", *arguments)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    done = reported(tmp_path / "missing.json")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert (tmp_path / "c.json").read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["c.json"]


def reported(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "verify.cli", "report", str(path), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


@cache
def certificate() -> dict[str, object]:
    """Refuted, in the plane."""
    return (
        claims.geometric(levels=1, p=1, constant=3)
        .judge(targets.parse("corner-spike:eta=1/100", 2))
        .certificate
    )


def test_the_example_is_sealed():
    parts = {
        key: certificate()[key] for key in ("claim", "target", "network", "evidence", "findings", "status")
    }
    assert sealed(parts)["hash"] == certificate()["hash"]


def colours_of(block: str) -> dict[str, tuple[int, int, int]]:
    found = re.findall(r"--([a-z]+): #([0-9a-f]{3,6})\b", block)
    longer = {name: code if len(code) == 6 else "".join(c + c for c in code) for name, code in found}
    return {n: (int(c[:2], 16), int(c[2:4], 16), int(c[4:], 16)) for n, c in longer.items()}


def test_text_and_curves_stand_out_in_light_dark_and_print():
    roots = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    assert len(roots) == 3
    for block in roots:
        colours = colours_of(block)
        for ground in ("paper", "field"):
            for name in ("ink", "soft", "link", "proved", "refuted", "undecided", "rejected"):
                assert contrast(colours[name], colours[ground]) >= 4.5, (name, ground)
        for name in ("vermillion", "blue", "green", "purple", "orange", "sky"):
            assert contrast(colours[name], colours["paper"]) >= 3, name


def test_contrast_of_known_pairs():
    assert contrast((255, 255, 255), (118, 118, 118)) == pytest.approx(
        4.54, abs=0.01
    )  # the lightest grey that passes
    assert luminance((255, 0, 0)) == pytest.approx(0.2126)


def test_the_scale_of_heat_maps_gets_lighter_in_even_steps():
    lights = [lightness(c) for c in scale()]
    steps = [b - a for a, b in pairwise(lights)]
    assert len(lights) == 256
    assert min(steps) >= 0
    assert max(steps) < 3 * (lights[-1] - lights[0]) / 255
    assert lights[-1] - lights[0] > 0.6


def test_no_two_curves_look_alike_even_without_colour():
    for one, other in combinations(("error", "bound", "modulus", "claimed", "ratio", "witness"), 2):
        a, b = STYLES[one], STYLES[other]
        assert (a.dashes, a.marker) != (b.dashes, b.marker)
    same = [Series(str(k), "ratio", (0.0,), (1.0,)) for k in range(4)]
    looks = [(style.dashes, style.marker) for _, style in styled(same)]
    assert len(set(looks)) == 4


@pytest.mark.parametrize("log", [False, True])
def test_axes_hold_all_values_and_mark_round_ones_in_their_places(log: bool):
    for low, high in [(1e-9, 3.0), (0.2, 0.21), (1.0, 1.0), (7.0, 90000.0), (2e-5, 3e-5)]:
        axis = fitted([low, high], 300.0, 20.0, log, 0.05)
        assert axis is not None
        assert 20.0 <= axis.position(high) <= axis.position(low) <= 300.0
        ticks = axis.ticks
        assert 2 <= len(ticks) <= 13
        assert all(20 - 1e-6 <= axis.position(value) <= 300 + 1e-6 for value, _ in ticks)
        for value, label in ticks:
            if re.fullmatch(r"[0-9.]+", label):
                assert float(label) == pytest.approx(value)
    assert fitted([0.0, float("nan")], 0.0, 1.0, True, 0.0) is None


def test_points_stand_where_their_values_are():
    series = Series("error", "error", (1.0, 2.0, 3.0), (0.1, 0.0, 0.01), (1.0, 0.1, 0.01))
    chart = Chart("k", "t", "c", "x", "y", (series,), log_y=True)
    read = Reader(charts.figure(chart))
    marks = [(float(a["cx"] or 0), float(a["cy"] or 0)) for a in read.all("circle") if a["cx"] != "18"]
    assert len(marks) == 3
    (x0, y0), (x1, y1), (x2, y2) = marks
    assert x1 - x0 == pytest.approx(x2 - x1, abs=0.11)
    assert y1 - y0 == pytest.approx(y2 - y1, abs=0.11)  # each a tenth of the one before
    assert y0 < y1


def test_steps_are_horizontal_first_and_gaps_stay_gaps():
    jump = Series("Phi", "readout", (0.0, 1.0, 2.0), (0.0, 1.0, 1.0), steps=True)
    line = next(
        a["d"]
        for a in Reader(charts.figure(Chart("k", "t", "c", "x", "y", (jump,)))).all("path")
        if a["class"] == "line"
    )
    assert re.fullmatch(r"M[\d.]+ [\d.]+H[\d.]+V[\d.]+H[\d.]+V[\d.]+", line or "")
    torn = Series("f", "target", (0.0, 1.0, 2.0, 3.0, 4.0), (0.0, 1.0, float("nan"), 1.0, 0.0))
    read = Reader(charts.figure(Chart("k", "t", "c", "x", "y", (torn,))))
    assert sum(a["class"] == "line" for a in read.all("path")) == 2 + 1  # and the legend's


def test_heat_maps_are_pictures_of_their_values():
    (heat,) = handmade().maps
    addresses = [a["href"] or "" for a in Reader(heat_figure(heat)).all("image")]
    first = unpacked(base64.b64decode(addresses[0].removeprefix("data:image/png;base64,")))
    assert (len(first), len(first[0])) == (4, 4)
    assert first[3][0] < first[3][1] < first[2][1]  # from below, x0 along the rows
    flat = [n for row in first for n in row]
    assert (min(flat), max(flat)) == (0, 255)


def unpacked(data: bytes) -> list[bytes]:
    """The rows of a PNG file with one byte a pixel, read by its specification."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    at, pixels, size = 8, b"", (0, 0)
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", data, at + 8 + length)[0] == zlib.crc32(kind + body)
        if kind == b"IHDR":
            size = struct.unpack_from(">II", body)
        if kind == b"IDAT":
            pixels += zlib.decompress(body)
        at += 12 + length
    width, height = size
    rows = [pixels[k * (width + 1) : (k + 1) * (width + 1)] for k in range(height)]
    assert all(row[0] == 0 for row in rows)
    return [row[1:] for row in rows]


def test_a_png_file_holds_its_rows():
    rows = [bytes([0, 1, 2]), bytes([2, 1, 0])]
    assert unpacked(png(rows, [(0, 0, 0), (9, 9, 9), (255, 0, 0)])) == rows


def test_formulas_are_set_and_other_text_is_not_touched():
    assert typeset("f = x0**2 <= a_b.json") == "f = x0**2 ≤ a_b.json"
    assert typeset("<script>") == "&lt;script&gt;"
    assert typeset("L^2") == "L<sup>2</sup>"


def test_an_axis_is_a_line():
    axis = Axis(0.0, 10.0, 100.0, 0.0, False)
    assert [axis.position(v) for v in (0.0, 5.0, 10.0)] == [100.0, 50.0, 0.0]
    assert Axis(1.0, 100.0, 0.0, 2.0, True).position(10.0) == pytest.approx(1.0)


def test_every_derivation_is_set_with_nothing_left_out():
    from verify.report.derivation import figure
    from verify.symbolic.page import DERIVATIONS

    for name, tree in DERIVATIONS.items():
        read = Reader(figure(name))
        assert len(read.all("math")) == len(list(nodes(tree())))
        shown = "".join(data for _, data in read.texts)
        assert name in shown
        assert "\\" not in shown
        assert "Proved from the facts above" in shown


def test_a_formula_with_an_unknown_command_is_not_shown():
    assert "&#x02016;" in mathml(r"\left\| f \right\|_{2}^{2} \leq \sqrt{d}")
    with pytest.raises(ValueError, match="unknown"):
        mathml(r"\unknown")


@pytest.mark.parametrize(
    "latex",
    [r"\text{<script>ran = true</script>}", r"\text{<b>}", r"\text{a & b}", r"\text{<mtext onload='x'>}"],
)
def test_formulas_are_nothing_but_formulas(latex: str):
    with pytest.raises(ValueError, match=r"more than a formula|not well-formed|mismatched"):
        mathml(latex)
