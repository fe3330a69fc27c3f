"""How much memory a process may still take, as far as the system tells."""

from __future__ import annotations

from pathlib import Path

_MEMINFO = Path("/proc/meminfo")
_GROUP = Path("/sys/fs/cgroup")


def available(meminfo: Path = _MEMINFO, group: Path = _GROUP) -> int | None:
    """Bytes that are free or can be freed, of the machine and of the control group; None where nothing tells.

    >>> free = available()
    >>> free is None or free > 0
    True
    """
    found = [x for x in (_machine(meminfo), _left(group)) if x is not None]
    return min(found, default=None)


def _machine(meminfo: Path) -> int | None:
    try:
        lines = meminfo.read_text().splitlines()
    except OSError:
        return None
    sizes = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return int(sizes[0]) * 1024 if sizes else None


def _left(group: Path) -> int | None:
    try:
        limit, used = ((group / name).read_text().strip() for name in ("memory.max", "memory.current"))
    except OSError:
        return None
    return int(limit) - int(used) if limit.isdigit() and used.isdigit() else None
