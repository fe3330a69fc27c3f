"""A theorem from its author's Python file, which is run: that is what `approxcert check file.py:NAME` asks for."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from constructs.errors import ConstructError, nearest_name
from verify.own.asking import failed
from verify.theorem import Theorem


class _Source(importlib.machinery.SourceFileLoader):
    """Reads the text as it is now: no compiled copy is read or written."""

    def path_stats(self, path: Any) -> Any:
        raise OSError(f"no compiled copy of {path} is wanted")


def load(claim: str) -> Theorem:
    """The theorem "path/to/file.py:NAME", with that place.

    Method: the file is run as a module of its own; it may import what is installed, and files of its folder, which is
    appended to the search path.
    Raises: ConstructError if the file or the name is missing, if it is no theorem, and for an exception in the file,
    with its line.
    """
    place, _, name = claim.rpartition(":")
    path = Path(place)
    if not place or path.suffix != ".py" or not name.isidentifier():
        raise ConstructError("claim", claim, "path/to/file.py:NAME")
    if not path.is_file():
        raise ConstructError("claim", claim, f"an existing file; there is no {place}")
    module = _run(path)
    if not hasattr(module, name):
        found = [key for key, value in vars(module).items() if isinstance(value, Theorem)]
        raise ConstructError(
            "claim",
            claim,
            f"a name in {place}: {', '.join(found) or 'it has no theorem'}{nearest_name(name, found)}",
        )
    value = getattr(module, name)
    if not isinstance(value, Theorem):
        kind = type(value).__name__
        raise ConstructError("claim", claim, f"the name of a theorem(...); this is a value of type {kind}")
    return replace(value, place=claim)


def _run(path: Path) -> Any:
    called = f"approxcert_own_{path.stem}"
    loader = _Source(called, str(path))
    spec = importlib.util.spec_from_loader(called, loader)
    if spec is None:
        raise ConstructError("claim", str(path), "a Python file")
    module = importlib.util.module_from_spec(spec)
    folder = str(path.resolve().parent)
    if folder not in sys.path:
        sys.path.append(folder)
    sys.modules[called] = module  # dataclasses of the file look themselves up there
    try:
        loader.exec_module(module)
    except (
        Exception,
        SystemExit,
    ) as error:  # the author's own code: whatever it raises is told to the author
        del sys.modules[called]
        raise failed("claim", error, str(path)) from error
    return module
