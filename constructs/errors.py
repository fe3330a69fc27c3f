"""The one error that bad input raises."""

from __future__ import annotations


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
