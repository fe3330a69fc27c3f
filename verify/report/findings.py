"""What was found: the verdict, what it rests on, and the findings one by one."""

from __future__ import annotations

from verify.exhibits.kinds import Exhibits, Row
from verify.report.formulas import typeset
from verify.report.markup import Markup, element, joined, text

SIGNS = {"proved": "∎", "refuted": "✗", "undecided": "?", "rejected": "⊘"}  # no status by colour alone
OTHER = "·"
HEADS = ("Property", "Where", "Found", "Stated", "Status")


def verdict(shown: Exhibits) -> Markup:
    """The status, and what exactly has it."""
    return element(
        "section",
        element("h2", "Verdict", id="verdict-title"),
        element("p", status(shown.status), class_="status"),
        element("p", typeset(shown.sentence), class_="sentence"),
        id="verdict",
        class_=f"verdict {_kind(shown.status)}",
        aria_labelledby="verdict-title",
    )


def trust(shown: Exhibits) -> Markup:
    """Who recomputed what."""
    return _section("trust", "What this rests on", *(element("p", typeset(p)) for p in shown.trust))


def facts(shown: Exhibits) -> Markup:
    """Target, parameters and sizes."""
    pairs = [
        joined([element("dt", typeset(name)), element("dd", typeset(value))]) for name, value in shown.facts
    ]
    source = element("p", "Source: ", typeset(shown.source)) if shown.source else ""
    return _section("subject", "Target, parameters, network", element("dl", *pairs), source)


def status(word: str) -> Markup:
    """A status as a sign and a word."""
    sign = element("span", SIGNS.get(word, OTHER), class_="sign", aria_hidden="true")
    return element("span", sign, " ", element("span", word, class_="word"), class_=f"mark {_kind(word)}")


def findings(shown: Exhibits) -> Markup:
    """All findings in a table that scrolls in a box of its own."""
    if not shown.rows:
        return text("")
    by = list(dict.fromkeys(row.established_by for row in shown.rows))
    several, noted = len(by) > 1, any(row.note for row in shown.rows)
    heads = (*HEADS, *(["Established by"] if several else []), *(["Remarks"] if noted else []))
    head = element("tr", *(element("th", name, scope="col") for name in heads))
    rows = [_row(row, several, noted) for row in shown.rows]
    table = element("table", element("thead", head), element("tbody", *rows))
    said = "" if several else element("p", f"All established alike: {by[0]}.")
    box = element("div", table, class_="scroll", tabindex=0, role="region", aria_labelledby="findings-title")
    return _section("findings", "Findings", said, box)


def _row(row: Row, several: bool, noted: bool) -> Markup:
    words = [*([row.established_by] if several else []), *([row.note] if noted else [])]
    return element(
        "tr",
        element("th", typeset(row.what), scope="row"),
        *(element("td", typeset(cell)) for cell in (row.where, row.left, row.right)),
        element("td", status(row.status)),
        *(element("td", typeset(cell), class_="words") for cell in words),
    )


def _section(key: str, title: str, *children: object) -> Markup:
    return element(
        "section", element("h2", title, id=f"{key}-title"), *children, id=key, aria_labelledby=f"{key}-title"
    )


def _kind(word: str) -> str:
    """The status as a class name; whatever is no status is none."""
    return word if word in SIGNS else "other"
