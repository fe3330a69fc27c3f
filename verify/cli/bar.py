"""The progress bar: on stderr, if that is a terminal, for work that takes more than a second."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer
from time import monotonic

PATIENCE = 1.0  # seconds before anything is shown
EVERY = 0.05  # seconds between two changes of the bar's length


class Estimate:
    """When a piece of work ends, if it goes on as fast as it went so far."""

    def __init__(self) -> None:
        self._first = self._last = (0.0, 0.0)  # time and share
        self._known = False

    def update(self, done: float | None, now: float) -> None:
        """What part is behind, None: not known. A smaller part than before is the beginning of other work."""
        if done is None or not self._known or done < self._last[1]:
            self._first = (now, done or 0.0)
        self._known = done is not None
        self._last = (now, done or 0.0)

    def left(self, now: float) -> float | None:
        """Seconds; None where there is nothing to tell it from, or it takes longer than it seemed."""
        (begun, first), (then, done) = self._first, self._last
        if not self._known or done <= first:
            return None
        end = then + (then - begun) / (done - first) * (1 - done)
        return end - now if end > now else None


@contextmanager
def shown() -> Iterator[Callable[[str], None]]:
    """Shows the stages that it is told, with a bar and the time that is left where a stage knows its share."""
    if not sys.stderr.isatty():
        yield lambda stage: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeElapsedColumn
    from rich.text import Text

    estimate = Estimate()

    class Left(ProgressColumn):
        def render(self, task: Task) -> Text:
            left = estimate.left(monotonic())
            return Text("" if left is None else f"about {clock(left)} left")

    columns = (TextColumn("{task.description}", markup=False), BarColumn(24), TimeElapsedColumn(), Left())
    # Nothing of stdout is redirected: results go there, also while a bar is up.
    progress = Progress(
        *columns,
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    task = progress.add_task("starting", total=None)
    told = 0.0

    def notify(stage: str) -> None:
        nonlocal told
        now, done = monotonic(), getattr(stage, "done", None)
        estimate.update(done, now)
        if stage != progress.tasks[0].description or now >= told + EVERY:
            told = now
            total = None if done is None else 1.0
            progress.update(task, description=stage, total=total, completed=done or 0.0)

    start = Timer(PATIENCE, progress.start)
    start.daemon = True
    start.start()
    try:
        yield notify
    finally:
        start.cancel()
        start.join()
        progress.stop()


def clock(seconds: float) -> str:
    """Minutes and seconds.

    >>> clock(75.2), clock(7200)
    ('1:16', '120:00')
    """
    whole = -int(-seconds // 1)
    return f"{whole // 60}:{whole % 60:02}"
