"""What an interrupted command has kept: looked up in the folders, not believed."""

from __future__ import annotations

from pathlib import Path

import click

LISTED = 3  # so many files are named, more are counted
Stamp = tuple[int, int, int]


def watch(place: Path, entries: str | None = None) -> None:
    """Remembers what is there before the command writes: a file, or a folder's entries of this pattern."""
    context = click.get_current_context(silent=True)
    if context is not None:
        context.meta.setdefault(__name__, []).append((place, entries, _seen(place, entries)))


def message(context: click.Context) -> str:
    """What was written, and what is as it was before.

    Guarantees: files are written whole (verify.certificate.write_text), so that a new one is complete.
    """
    written: list[Path] = []
    left: list[Path] = []
    for place, entries, before in context.meta.get(__name__, []):
        for path, stamp in _seen(place, entries).items():
            (left if before.get(path) == stamp else written).append(path)
    said = [f"written, and whole: {_named(written)}" if written else "nothing was written"]
    if left:
        said.append(f"as before: {_named(left)}")
    return "; ".join(["interrupted", *said])


def _seen(place: Path, entries: str | None) -> dict[Path, Stamp]:
    found: dict[Path, Stamp] = {}
    for path in [place] if entries is None else sorted(place.glob(entries)):
        try:
            status = path.stat()
        except OSError:
            continue
        found[path] = (status.st_ino, status.st_mtime_ns, status.st_size)
    return found


def _named(paths: list[Path]) -> str:
    if len(paths) <= LISTED:
        return ", ".join(map(str, paths))
    return f"{len(paths)} in {paths[0].parent}"
