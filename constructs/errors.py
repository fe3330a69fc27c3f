"""The one error that bad input raises."""

from __future__ import annotations

from collections.abc import Iterable


class ConstructError(ValueError):
    """Bad input: which argument, its value, and what would be right.

    >>> str(ConstructError("levels", -1, "an integer >= 0"))
    'levels = -1: expected an integer >= 0'
    """

    def __init__(self, argument: str, value: object, expected: str) -> None:
        shown = value if isinstance(value, str) else repr(value)
        if len(shown) > 80:
            shown = shown[:77] + "..."
        super().__init__(f"{argument} = {shown}: expected {expected}".replace("\n", " "))
        self.argument, self.value, self.expected = argument, value, expected


def nearest_name(word: object, known: Iterable[str]) -> str:
    """The end of an error message: the known name that is nearest to a word, or nothing if none is near.

    >>> nearest_name("twosine", ["two-sine", "bits"])
    "; did you mean 'two-sine'?"
    >>> nearest_name("spike", ["corner-spike", "tent"])
    "; did you mean 'corner-spike'?"
    >>> nearest_name("foo", ["two-sine", "bits"])
    ''
    """
    import difflib

    names, text = list(known), str(word)
    close = difflib.get_close_matches(text, names, 1) or [
        name for name in names if len(text) > 2 and text in name
    ]
    return f"; did you mean {close[0]!r}?" if close else ""
