"""Judgements about the objects of `constructs`: regions, norms, moduli, claims, certificates.

`from verify import check, claims` gives the function that judges a claim about a target, `from verify import search`
the one that looks for targets that break it. The file check.py of this
package is the independent checker: a program, which nothing here imports (`from verify.check import recheck` works).
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from verify.judging import check as check
    from verify.searching import search as search

__all__ = ["check", "search"]


class _Package(ModuleType):
    """This package, whose attribute `check` is the function even after somebody imported the module check.py.

    The function is loaded late: `python -m verify.check` passes through here and must not load what it checks.
    """

    @property
    def check(self) -> Any:
        from verify.judging import check

        return check

    @check.setter
    def check(self, module: ModuleType) -> None:
        """The import system hangs submodules onto their package; this name is taken."""

    @property
    def search(self) -> Any:
        from verify.searching import search

        return search


sys.modules[__name__].__class__ = _Package
