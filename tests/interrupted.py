"""A real command that is interrupted (SIGINT), as by ctrl-C, once something has happened."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

# Some shells start background work with SIGINT ignored, which children inherit.
COMMAND = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from verify.cli import main
main(sys.argv[1:])
"""
STARTED = 0.4  # Python's subprocess forgets a process if a signal comes in the moment in which it starts it
PATIENCE = 120.0  # seconds, for a machine that is busy


@dataclass(frozen=True)
class Ended:
    """How the command ended, and which processes it had begun and left."""

    status: int
    output: str
    error: str
    left: tuple[str, ...]


def interrupted(arguments: list[str], when: Callable[[int], bool], folder: Path, **environment: str) -> Ended:
    """Runs the command in the folder, and sends SIGINT to it alone as soon as `when(its process id)`."""
    here = os.pathsep.join([str(Path(__file__).parent.parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    command = subprocess.Popen(
        [sys.executable, "-c", COMMAND, *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": here} | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until = time.monotonic() + PATIENCE
        while not when(command.pid):
            if command.poll() is not None or time.monotonic() > until:
                command.kill()
                raise AssertionError(f"nothing to interrupt: {command.communicate()}")
            time.sleep(0.01)
        time.sleep(STARTED)
        begun = children(command.pid)
        command.send_signal(signal.SIGINT)
        output, error = command.communicate(timeout=PATIENCE)
    except BaseException:
        _end(command)
        raise
    left = tuple(name for process, name in begun.items() if _name(process) == name)
    return Ended(command.returncode, output, error, left)


def _end(command: subprocess.Popen[str]) -> None:
    """Of a test that fails nothing is left for the next ones: no process, no open file."""
    for process in [*children(command.pid), command.pid]:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    command.communicate()


def children(process: int) -> dict[int, str]:
    """The processes that it has begun, and that these have begun: id and command line (Linux)."""
    found: dict[int, str] = {}
    for child in _begun(process):
        found |= {child: _name(child), **children(child)}
    return found


def _begun(process: int) -> list[int]:
    """Whatever ends while it is looked at has begun nothing (its files are not there, or say that it is gone)."""
    begun: list[int] = []
    with suppress(FileNotFoundError, ProcessLookupError):
        for task in os.listdir(f"/proc/{process}/task"):
            with suppress(FileNotFoundError, ProcessLookupError):
                begun += map(int, Path(f"/proc/{process}/task/{task}/children").read_text().split())
    return begun


def _name(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def works(process: int) -> bool:
    """Whether the command has begun its work: exact numbers, which it imports for that only, are there."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return "flint" in Path(f"/proc/{process}/maps").read_text()
    return False


def runs(program: str) -> Callable[[int], bool]:
    """Whether one of the command's processes is this program."""
    return lambda process: any(program in name for name in children(process).values())
