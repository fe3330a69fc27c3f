"""What was found: the verdict, what it rests on, and the findings one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from verify.exhibits.kinds import Exhibits, Row
from verify.report.formulas import typeset
from verify.report.markup import Markup, element, joined, text

SIGNS = {"proved": "∎", "refuted": "✗", "undecided": "?", "rejected": "⊘"}  # no status by colour alone
OTHER = "·"


@dataclass(frozen=True)
class Column:
    """A column of the findings: its head, the field of a row that it shows, and whether that is words."""

    head: str
    field: str
    words: bool = False


COLUMNS = (
    Column("Property", "what"),
    Column("Where", "where"),
    Column("Found", "left"),
    Column("Stated", "right"),
    Column("Status", "status"),
    Column("Established by", "established_by", words=True),
    Column("Remarks", "note", words=True),
)


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
    title = "The file" if shown.status == "rejected" else "Target, parameters, network"
    return _section("subject", title, element("dl", *pairs), source)


def status(word: str) -> Markup:
    """A status as a sign and a word."""
    sign = element("span", SIGNS.get(word, OTHER), class_="sign", aria_hidden="true")
    return element("span", sign, " ", element("span", word, class_="word"), class_=f"mark {_kind(word)}")


def findings(shown: Exhibits) -> Markup:
    """All findings in a table that scrolls in a box of its own."""
    if not shown.rows:
        return text("")
    by = list(dict.fromkeys(row.established_by for row in shown.rows))
    columns = [column for column in COLUMNS if _needed(column, shown.rows, several=len(by) > 1)]
    head = element("tr", *(element("th", column.head, scope="col") for column in columns))
    rows = (element("tr", *(_cell(column, row) for column in columns)) for row in shown.rows)
    table = element("table", element("thead", head), element("tbody", *rows))
    alike = len(by) == 1 and shown.status != "rejected"
    said = element("p", f"Every one of them: {by[0]}.") if alike else ""
    box = element("div", table, class_="scroll", tabindex=0, role="region", aria_labelledby="findings-title")
    return _section("findings", "Findings", said, box)


def _needed(column: Column, rows: Sequence[Row], several: bool) -> bool:
    """Whether a column says anything; who established the findings is said once if it is the same for all."""
    return several if column.field == "established_by" else any(getattr(row, column.field) for row in rows)


def _cell(column: Column, row: Row) -> Markup:
    value = str(getattr(row, column.field))
    if column.field == "what":
        return element("th", typeset(value), scope="row")
    if column.field == "status":
        return element("td", status(value))
    return element("td", typeset(value), class_="words" if column.words else None)


def _section(key: str, title: str, *children: object) -> Markup:
    return element(
        "section", element("h2", title, id=f"{key}-title"), *children, id=key, aria_labelledby=f"{key}-title"
    )


def _kind(word: str) -> str:
    """The status as a class name; whatever is no status is none."""
    return word if word in SIGNS else "other"
