"""The page: one file that needs no network, no other file, and no script to be read."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources

from verify.exhibits.kinds import Exhibits
from verify.report import charts, derivation, findings, heatmaps, network
from verify.report.formulas import typeset
from verify.report.markup import Markup, element, joined, text

LONGEST = 30  # of a word of a command that is not broken


def page(shown: Exhibits) -> str:
    """The whole document.

    Guarantees: the same exhibits give the same text; texts of the certificate are escaped; a policy inside the page
    forbids every script and style but the two that are in it, and every request.
    """
    style, script = _asset("report.css"), _asset("report.js")
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy(style, script)),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("link", rel="icon", href="data:,"),
        element("title", f"{shown.title}: {shown.status}"),
        element("style", style),
    )
    body = element(
        "body",
        element("a", "Skip to the verdict", href="#verdict", class_="skip"),
        _header(shown),
        element("main", *_sections(shown)),
        element(
            "footer",
            element(
                "p", "Made by approxcert from a certificate; the certificate, not this page, is the proof."
            ),
        ),
        element("script", script),
    )
    return "<!doctype html>\n" + element("html", head, "\n", body, lang="en") + "\n"


def _asset(name: str) -> Markup:
    """A file of this package: markup, since it is not a certificate's."""
    return Markup((resources.files("verify.report") / "assets" / name).read_text(encoding="utf-8"))


def _policy(style: str, script: str) -> str:
    """Nothing but this style, this script, and pictures that are in the page."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(source: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()


def _header(shown: Exhibits) -> Markup:
    kicker = element("p", f"approxcert · {shown.claim}", class_="kicker")
    return element("header", kicker, element("h1", typeset(shown.title)))


def _sections(shown: Exhibits) -> list[Markup]:
    """In the order that a reader asks."""
    return [
        findings.verdict(shown),
        findings.trust(shown),
        findings.facts(shown),
        _pictures(shown),
        _network(shown),
        findings.findings(shown),
        _derivations(shown),
        _reproduce(shown),
    ]


def _pictures(shown: Exhibits) -> Markup:
    """Charts and maps in their order; bits of weights come after the maps."""
    last = [c for c in shown.charts if c.key == "bits"]
    figures = [
        *(charts.figure(c) for c in shown.charts if c not in last),
        *map(heatmaps.figure, shown.maps),
        *map(charts.figure, last),
    ]
    return _section("pictures", "Pictures", *figures) if figures else text("")


def _network(shown: Exhibits) -> Markup:
    return _section("network", "The network", network.figure(shown.drawing)) if shown.drawing else text("")


def _derivations(shown: Exhibits) -> Markup:
    if not shown.derivations:
        return text("")
    note = element(
        "p",
        "Derived for all parameters; a fact is taken over, every other step's algebra was checked when this page was "
        "made. The findings above need none of it: they rest on this network's weights.",
    )
    return _section(
        "derivation", "Where the constant comes from", note, *map(derivation.figure, shown.derivations)
    )


def _reproduce(shown: Exhibits) -> Markup:
    commands = element("pre", element("code", *map(_command, shown.reproduce)), aria_label="Commands")
    parts = [commands]
    for title, pairs in (("Versions", shown.versions), ("Hashes (SHA-256)", shown.hashes)):
        if pairs:
            items = [
                joined([element("dt", key), element("dd", element("code", value))]) for key, value in pairs
            ]
            parts += [element("h3", title), element("dl", *items, class_="names")]
    return _section("reproduce", "How to reproduce", *parts)


def _command(line: str) -> Markup:
    """A line whose words are not broken, unless they are long."""
    words = (element("span", word) if len(word) <= LONGEST else word for word in line.split(" "))
    return element("span", joined(part for word in words for part in (word, " ")), "\n", class_="command")


def _section(key: str, title: str, *children: object) -> Markup:
    return element(
        "section", element("h2", title, id=f"{key}-title"), *children, id=key, aria_labelledby=f"{key}-title"
    )
