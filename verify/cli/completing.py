"""What the shell offers for a word that is begun, by click's completion (docs/command-line.md)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Offer = Callable[[click.Context, click.Parameter, str], "list[CompletionItem]"]


def words(*known: str) -> Offer:
    """An offer of these words."""

    def offer(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
        return _beginning(begun, dict.fromkeys(known, ""))

    return offer


def claims(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
    """The claims of the library; files, where none begins like that: claims of one's own."""
    from click.shell_completion import CompletionItem

    from verify.claims import DESCRIPTIONS

    found = _beginning(begun, {name: about.summary for name, about in DESCRIPTIONS.items()})
    return found or [CompletionItem(begun, type="file")]


def named_targets(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
    """The targets of the library, with the defaults of their parameters. A text may also be an expression."""
    from constructs.targets import library

    known = {}
    for name in library.names():
        entry = library.find(name)
        defaults = ",".join(f"{key}={value}" for key, value in entry.defaults)
        known[name + (":" if defaults else "") + defaults] = entry.description
    return _beginning(begun, known)


def _beginning(begun: str, known: dict[str, str]) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(word, help=text) for word, text in known.items() if word.startswith(begun)]
