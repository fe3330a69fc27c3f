"""The documentation is a site: it builds without a warning, and asks no other server for anything."""

from __future__ import annotations

import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

pytestmark = pytest.mark.pages

pytest.importorskip("mkdocs")
ROOT = Path(__file__).parent.parent
LOADED = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "video": "src"}
NOT_LOADED = {"canonical", "next", "prev", "alternate"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(place)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return place


class Loads(HTMLParser):
    """What a browser would fetch for a page, and its formulas."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.formulas = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.formulas += tag == "math"
        if given.get("rel") not in NOT_LOADED and (place := given.get(LOADED.get(tag, ""))):
            self.found.append(place)


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 20
    formulas = 0
    for page in pages:
        reader = Loads()
        reader.feed(page.read_text(encoding="utf-8"))
        formulas += reader.formulas
        assert reader.found
        assert not [place for place in reader.found if place.startswith(("http:", "https:", "//"))], page
    assert formulas > 10


def test_every_theorem_the_format_and_the_notebooks_have_a_page(site: Path) -> None:
    names = {str(p.relative_to(site)) for p in site.rglob("*.html")}
    pages = {f"{p.stem}.html" for p in (ROOT / "docs").glob("*.md")}
    notebooks = {f"notebooks/{p.stem}.html" for p in (ROOT / "notebooks").glob("*.ipynb")}
    assert pages | notebooks | {"certificate.html", "contributing.html", "changelog.html"} <= names
    assert "verify.claims.geometric" in (site / "reference" / "claims.html").read_text(encoding="utf-8")
