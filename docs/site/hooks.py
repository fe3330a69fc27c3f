"""The site shows the repository's own files: pages outside docs/ are taken in as they are, nothing is copied.

Links are written for the repository's own page (`../verify/CERTIFICATE.md`) and turned to the site's pages here.
"""

from __future__ import annotations

import posixpath
import re
from html import unescape
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files, InclusionLevel
from notebook_pages import as_page

from verify.report.mathml import mathml

ROOT = Path(__file__).parents[2]
PAGES = {
    "verify/CERTIFICATE.md": "certificate.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
}
FENCE = re.compile(r"^( *)(```.*?^\1```\s*?$)", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<=\]\()(?!https?://|#)([^)#\s]+)")
ITEM = re.compile(r" {0,3}(?:[*-]|\d+\.) ")
FORMULA = re.compile(r'<(span|div) class="arithmatex">\\[(\[](.*?)\\[)\]]</\1>', re.DOTALL)


def on_files(files: Files, config: Any) -> Files:
    """Adds a page for every file outside docs/ that is shown."""
    for source, uri in PAGES.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        files.append(File.generated(config, uri, content=text))
    for source in sorted((ROOT / "examples").glob("*.py")):
        text = f"# {source.name}\n\n```python\n{source.read_text(encoding='utf-8')}```\n"
        files.append(_unlisted(config, f"examples/{source.stem}.md", text))
    for source in sorted((ROOT / "notebooks").glob("*.ipynb")):
        text, pictures = as_page(source)
        files.append(File.generated(config, f"notebooks/{source.stem}.md", content=text))
        for name, content in pictures.items():
            files.append(File.generated(config, f"notebooks/{name}", content=content))
    return files


def _unlisted(config: Any, uri: str, text: str) -> File:
    return File.generated(config, uri, content=text, inclusion=InclusionLevel.NOT_IN_NAV)


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Links to the site's pages, and lists with the empty line that Python-Markdown wants before them."""
    here = page.file.src_uri
    sources = {uri: source for source, uri in PAGES.items()}
    source = sources.get(here, here if here.startswith("notebooks/") else f"docs/{here}")
    parts = FENCE.split(markdown)  # text, indentation, fence, text, ...
    for k in range(0, len(parts), 3):
        after = "\n" if k else ""  # Python-Markdown wants one between a fence and a list
        parts[k] = after + spaced(LINK.sub(lambda m: linked(m[1], source, here), parts[k]))
    return "".join(parts)


def on_page_content(html: str, **_: Any) -> str:
    """Formulas as MathML: the site needs no script and no foreign server for them."""
    return FORMULA.sub(lambda m: mathml(unescape(m[2]), m[1] == "div"), html)


def linked(target: str, source: str, here: str) -> str:
    """A link of the file `source` of the repository as one of the page `here` of the site.

    >>> linked("../verify/CERTIFICATE.md", "docs/geometric.md", "geometric.md")
    'certificate.md'
    >>> linked("docs/proofs.md", "CONTRIBUTING.md", "contributing.md")
    'proofs.md'
    """
    path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
    return posixpath.relpath(shown_as(path), posixpath.dirname(here) or ".")


def shown_as(path: str) -> str:
    """The site's page of a file of the repository."""
    if path in PAGES:
        return PAGES[path]
    if path.startswith(("examples/", "notebooks/")):
        return posixpath.splitext(path)[0] + ".md"
    return path.removeprefix("docs/")


def spaced(text: str) -> str:
    """An empty line between a paragraph and the list that follows it.

    >>> spaced("Two:\\n* one\\n* two\\n")
    'Two:\\n\\n* one\\n* two\\n'
    """
    out: list[str] = []
    listed = False
    for line in text.split("\n"):
        if not line.strip() or line.startswith("#"):
            listed = False
        elif ITEM.match(line):
            if not listed and out and out[-1].strip():
                out.append("")
            listed = True
        out.append(line)
    return "\n".join(out)
