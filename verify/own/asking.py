"""Calling what the author of a claim wrote: by the names of its arguments, and saying where it failed."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from constructs.errors import ConstructError


def ask(function: Callable[..., Any], known: Mapping[str, Any], what: str) -> Any:
    """function(...), each argument taken from `known` by its name.

    Raises: ConstructError for an argument that is not known; and for an exception in the function, with its file and
    line.

    >>> ask(lambda m: m + 1, {"m": 2, "target": None}, "depth")
    3
    """
    try:
        wanted = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        raise ConstructError(what, repr(function), "a function whose arguments have names") from None
    for argument in wanted:
        if argument.name not in known and argument.default is inspect.Parameter.empty:
            raise ConstructError(
                what, f"a function of {argument.name}", f"a function of some of {', '.join(known)}"
            )
    given = {a.name: known[a.name] for a in wanted if a.name in known}
    try:
        return function(**given)
    except Exception as error:  # the author's own code: whatever it raises is told to the author
        code = getattr(function, "__code__", None)
        raise failed(what, error, None if code is None else code.co_filename) from error


def settled(value: Any, known: Mapping[str, Any], what: str) -> Any:
    """The value itself, or, if it is a function, what it says about the parameters."""
    return ask(value, known, what) if callable(value) else value


def failed(what: str, error: BaseException, file: str | None) -> ConstructError:
    """One line about an exception in the author's code: what it was, and the last place of that file it came from."""
    if isinstance(error, SyntaxError):
        where = f"{error.filename}:{error.lineno}"
    else:
        frames = traceback.extract_tb(error.__traceback__)
        own = [f for f in frames if f.filename == file] or list(frames)
        where = f"{own[-1].filename}:{own[-1].lineno}" if own else "an unknown place"
    if isinstance(error, ConstructError):
        return ConstructError(error.argument, str(error.value), f"{error.expected}; in {what}, {where}")
    return ConstructError(
        what, f"{type(error).__name__}: {error}", f"no exception; this one comes from {where}"
    )
