"""What is shown of a file that the independent checker does not accept: what it states, marked as no more than that."""

from __future__ import annotations

import json
from typing import Any

from verify.exhibits.kinds import Exhibits, Row

STATED = "stated, not accepted"
WORD = "proved"  # must not be read anywhere here, not even quoted
LONGEST = 200
MOST_ROWS = 100


def rejected(file: str, text: bytes, message: str) -> Exhibits:
    """Exhibits without any claim; the file may hold anything."""
    content = _content(text)
    claim = _text(_part(_part(content, "claim"), "name")) or "unknown"
    listed = _part(content, "findings")
    rows = tuple(_row(f) for f in listed[:MOST_ROWS]) if isinstance(listed, list) else ()
    return Exhibits(
        claim=claim,
        title=f"{_text(file)}: rejected",
        status="rejected",
        sentence="The independent checker does not accept this file, so nothing that it states is established. "
        + _why(message),
        trust=(
            "A rejected certificate is no refutation: it says nothing about the claim, in either direction.",
            "Nothing of this file was recomputed successfully; what it states is listed, and not drawn.",
        ),
        facts=(("file", _text(file)),),
        rows=rows,
        charts=(),
        maps=(),
        drawing=None,
        source="",
        reproduce=(f"approxcert recheck {_text(file)}",),
        versions=(),
        hashes=(),
    )


def _why(message: str) -> str:
    if WORD in message.lower():
        return f"It objects to {_text(message.partition(':')[0]) or 'a status'}; approxcert recheck shows its message."
    return f"It says: {message[:LONGEST]}"


def _content(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _part(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _text(value: Any) -> str:
    """A short text of the file's, unless it could be misread."""
    if not isinstance(value, str) or WORD in value.lower():
        return ""
    return value[:LONGEST]


def _row(finding: Any) -> Row:
    level = _part(finding, "level")
    where = f"level {level}" if isinstance(level, int) else ""
    return Row(_text(_part(finding, "property")) or "?", where, "", "", STATED, "nobody", "")
