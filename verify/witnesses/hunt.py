"""One hunt: candidates one after another until one breaks the constant or the time is over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from flint import fmpq

from constructs.targets.step import StepTarget
from verify.progress import Notify
from verify.verdict import float_below
from verify.witnesses import float_ratio
from verify.witnesses.rationals import profiles, step_target
from verify.witnesses.setting import Setting
from verify.witnesses.shrinking import Witness, shrunk, witness
from verify.witnesses.walks import walk

EVERY = 0.1  # seconds between two reports
GAIN = 1 + 1e-6  # a candidate is made exact again when it is better than the last one by so much
SIMPLER = 1 - fmpq(1, 2**14)  # what the ratio of the best target may lose when it is made simple


@dataclass
class Hunt:
    """error > constant * modulus is what is looked for; `evaluations` counts candidates."""

    setting: Setting
    constant: fmpq
    seed: int
    notify: Notify
    evaluations: int = field(default=0, init=False)

    def best(self, until: float, starts: tuple[StepTarget, ...] = ()) -> Witness | None:
        """The first witness that exceeds the constant, exactly; else the best target seen by `until`, a time
        of the monotonic clock; None if there was no time for any.

        Method: floats choose; whatever would be returned is made rational and recomputed exactly.
        """
        found: Witness | None = None
        candidates = walk(self.setting, self.seed, tuple(profiles(t) for t in starts))
        axes, top, tried = next(candidates), 0.0, 0.0
        leader = axes
        constant = float_below(self.constant)
        told = 0.0
        while (now := monotonic()) < until:
            value = float_ratio.ratio(axes, self.setting)
            self.evaluations += 1
            if value > top:
                top, leader = value, axes
            if now > told + EVERY:
                told = now
                self.notify(f"best ratio about {top:.5g} after {self.evaluations} candidates")
            if value > constant and value > tried * GAIN:
                tried = value
                found = _better(found, witness(step_target(axes), self.setting))
                if found.ratio.exceeds(self.constant):
                    return found
            axes = candidates.send(value)
        return _better(found, witness(step_target(leader), self.setting)) if top > tried else found

    def simple(self, found: Witness, level_fixed: bool, running: Callable[[], bool]) -> Witness:
        """A simpler witness against the constant, or, where there is none, a simpler target whose ratio is
        nearly as good.
        """
        self.notify("making the target simpler")
        least = self.constant
        if not found.ratio.exceeds(least):
            bounds = found.ratio.enclosure
            if bounds is None:
                return found
            least = bounds.lo * SIMPLER
        return shrunk(found, least, level_fixed, running)


def before(deadline: float) -> Callable[[], bool]:
    """Whether the monotonic clock has not reached it."""
    return lambda: monotonic() < deadline


def _better(best: Witness | None, other: Witness) -> Witness:
    if best is None or best.ratio.enclosure is None:
        return other
    bounds = other.ratio.enclosure
    return other if bounds is not None and bounds.lo > best.ratio.enclosure.lo else best
