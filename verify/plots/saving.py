"""Figures as files: PNG, SVG or PDF, the same bytes for the same certificate, whole or not there."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import Any

from constructs.errors import ConstructError
from verify.certificate import write_bytes
from verify.exhibits.kinds import Exhibits
from verify.plots.style import SETTINGS

SUFFIXES = (".png", ".svg", ".pdf")
NO_DATES: dict[str, Any] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
DOTS = 200  # an inch


def require_suffix(path: Path) -> None:
    """Raises: ConstructError for another kind of file, or where matplotlib is missing."""
    if path.suffix.lower() not in SUFFIXES:
        raise ConstructError("output", str(path), f"a name that ends in {', '.join(SUFFIXES)}")
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError:
        raise ConstructError("plot", "no matplotlib", "matplotlib: pip install 'approxcert[plots]'") from None


def save(exhibits: Exhibits, path: Path) -> None:
    """Draws and writes.

    Raises: ConstructError for a rejected certificate, for one that has nothing to draw, for another suffix; OSError.
    """
    require_suffix(path)
    if exhibits.status == "rejected":
        raise ConstructError("certificate", "rejected", f"one that the checker accepts. {exhibits.sentence}")
    if not exhibits.charts and not exhibits.maps:
        raise ConstructError("certificate", exhibits.title, "one with something to draw")
    write_bytes(rendered(exhibits, path.suffix.lower()), path)


def rendered(exhibits: Exhibits, suffix: str) -> bytes:
    """The file's content."""
    import matplotlib as mpl

    from verify.plots.figure import figure

    settings: Any = {**mpl.rcParamsDefault, **SETTINGS}
    with mpl.rc_context(settings), warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", "Glyph .* missing"
        )  # an author's title in a script that no font here has
        drawn = io.BytesIO()
        figure(exhibits).savefig(drawn, format=suffix[1:], dpi=DOTS, metadata=NO_DATES[suffix])
    return drawn.getvalue()
