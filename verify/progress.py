"""Saying what is going on: the judgement reports stages, the command line decides whether anybody sees them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from time import monotonic

Notify = Callable[[str], None]


class Stage(str):
    """A stage that knows how much of its work is behind: `done`, from 0 to 1.

    A plain text is a stage of which that is not known. Stages that follow one another with `done` growing are one
    piece of work, whose end can be estimated.

    >>> Stage("level 1 of 2", 0.25), Stage("level 1 of 2", 0.25).done
    ('level 1 of 2', 0.25)
    """

    __slots__ = ("done",)
    done: float

    def __new__(cls, text: str, done: float) -> Stage:
        made = super().__new__(cls, text)
        made.done = min(max(done, 0.0), 1.0)
        return made


def silent(stage: str) -> None:
    """Tells nobody."""


def shares(costs: Sequence[float]) -> list[float]:
    """What part of the whole is behind when each of several pieces begins.

    >>> shares([1, 4, 15])
    [0.0, 0.05, 0.25]
    """
    ends = list(accumulate(costs))
    return [0.0, *(end / ends[-1] for end in ends[:-1])]


def timed(notify: Notify, started: float, seconds: float, head: str = "") -> Notify:
    """Tells with every stage what part of a budget of seconds, from a time of the monotonic clock on, is spent."""
    return lambda stage: notify(Stage(head + stage, (monotonic() - started) / seconds))
