"""Arguments of the wrong kind: refused by name at the door, not by a traceback from deep inside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from constructs.errors import ConstructError


def text_of(value: object, name: str, expected: str) -> str:
    """The value, a text.

    Raises: ConstructError.
    """
    if not isinstance(value, str):
        raise ConstructError(name, value, expected)
    return value


def items_of(value: object, name: str, expected: str) -> list[Any]:
    """The entries of a list, a tuple or an array; a text is none.

    Raises: ConstructError.

    >>> items_of((1, 2), "x", "numbers")
    [1, 2]
    """
    if isinstance(value, np.ndarray) and value.ndim:
        return list(value)
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return list(value)
    raise ConstructError(name, value, expected)


def float_array(value: object, name: str, expected: str) -> np.ndarray:
    """The array of floats that the value is.

    Raises: ConstructError.
    """
    try:
        return np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise ConstructError(name, value, expected) from None
