"""Making a witness simple: fewer axes, fewer breaks, a lower level, smaller fractions; it stays a witness."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from flint import fmpq

from constructs.targets.step import Axis, StepTarget
from verify.witnesses import float_ratio
from verify.witnesses.exact_ratio import Ratio, ratio
from verify.witnesses.rationals import profiles
from verify.witnesses.setting import Setting

LARGEST_DENOMINATOR = 64  # denominators tried one by one; beyond it powers of two
FLAT: Axis = ((), (fmpq(0),))
SLACK = 1 - 1e-9  # floats may be off by as much when they rule out an attempt


@dataclass(frozen=True)
class Witness:
    """A target, where it is looked at, and its exact ratio there."""

    target: StepTarget
    setting: Setting
    ratio: Ratio

    @property
    def size(self) -> tuple[int, int, int, int]:
        """What shrinking makes smaller, the first first: axes that matter, breaks, cells, bits."""
        axes = self.target.axes
        numbers = [x for breaks, values in set(axes) for x in (*breaks, *values)]
        bits = sum(abs(int(x.p)).bit_length() + int(x.q).bit_length() + (x < 0) for x in numbers)
        bits += sum(values[-1] != 0 for _, values in set(axes))
        return (sum(bool(b) for b, _ in axes), self.breaks, self.setting.cells, bits)

    @property
    def breaks(self) -> int:
        """Of all axes."""
        return sum(len(b) for b, _ in self.target.axes)


def witness(target: StepTarget, setting: Setting) -> Witness:
    """With its exact ratio."""
    return Witness(target, setting, ratio(target, setting))


def shrunk(found: Witness, constant: fmpq, level_fixed: bool, running: Callable[[], bool]) -> Witness:
    """A simpler witness against the same constant.

    Requires: found.ratio.exceeds(constant); level_fixed: the level was asked for, and stays.
    Returns: a Witness whose ratio exceeds the constant, exactly; never more axes, breaks or cells. As soon
    as `running` says no: what there is by then.
    Method: greedy; floats rule attempts out, the exact ratio accepts.
    """
    floor = int(constant.p) / int(constant.q) * SLACK
    current = found
    moved = True
    while moved:
        moved = False
        for target, setting in _simpler(current, level_fixed):
            if not running():
                return current
            if target.constant() is not None or not float_ratio.ratio(profiles(target), setting) > floor:
                continue
            attempt = witness(target, setting)
            if attempt.size < current.size and attempt.ratio.exceeds(constant):
                current, moved = attempt, True
                break
    return current


def _simpler(w: Witness, level_fixed: bool) -> Iterator[tuple[StepTarget, Setting]]:
    """Attempts, the boldest first."""
    axes, setting = w.target.axes, w.setting
    for i, (breaks, _) in enumerate(axes):
        if breaks:
            yield StepTarget((*axes[:i], FLAT, *axes[i + 1 :])), setting
    for axis in dict.fromkeys(axes):
        for j in range(len(axis[0])):
            for kept in (j, j + 1):
                merged = (*axis[1][:j], axis[1][kept], *axis[1][j + 2 :])
                yield from _with(axes, axis, (axis[0][:j] + axis[0][j + 1 :], merged), setting)
    if setting.level and not level_fixed:
        lower = replace(setting, level=setting.level - 1)
        yield StepTarget(tuple(_dilated(axis, setting.base) for axis in axes)), lower
        yield w.target, lower
    for axis in dict.fromkeys(axes):
        for other in _simpler_numbers(axis):
            yield from _with(axes, axis, other, setting)


def _dilated(axis: Axis, base: int) -> Axis:
    """The first of `base` equal parts, base times as long."""
    breaks = tuple(b * base for b in axis[0] if b * base < 1)
    return breaks, axis[1][: len(breaks) + 1]


def _with(
    axes: tuple[Axis, ...], old: Axis, new: Axis, setting: Setting
) -> Iterator[tuple[StepTarget, Setting]]:
    """The new axis in place of the old one: everywhere, else at one place."""
    yield StepTarget(tuple(new if axis == old else axis for axis in axes)), setting
    if axes.count(old) > 1:
        for i in range(len(axes)):
            if axes[i] == old:
                yield StepTarget((*axes[:i], new, *axes[i + 1 :])), setting


def _simpler_numbers(axis: Axis) -> Iterator[Axis]:
    breaks, values = axis
    yield from _equivalent(axis)
    for value in dict.fromkeys(values):
        for simple in _fractions_near(value):
            yield breaks, tuple(simple if v == value else v for v in values)
    for j, b in enumerate(breaks):
        left = breaks[j - 1] if j else fmpq(0)
        right = breaks[j + 1] if j + 1 < len(breaks) else fmpq(1)
        for simple in _fractions_between(left, right, b):
            yield (*breaks[:j], simple, *breaks[j + 1 :]), values


def _equivalent(axis: Axis) -> Iterator[Axis]:
    """Turned round, moved and scaled so that two of the values are 0 and 1: the ratio stays the same if there
    is but one such axis, or all are changed alike.
    """
    breaks, values = axis
    for b, g in ((breaks, values), (tuple(1 - x for x in reversed(breaks)), values[::-1])):
        for origin in dict.fromkeys((g[-1], *g)):
            for unit in dict.fromkeys(g):
                if unit != origin:
                    yield b, tuple((v - origin) / (unit - origin) for v in g)


def _denominators(value: fmpq) -> Iterator[int]:
    """Less than that of the value, small ones first."""
    q = int(value.q)
    yield from range(1, min(q, LARGEST_DENOMINATOR + 1))
    power = 2 * LARGEST_DENOMINATOR
    while power < q:
        yield power
        power *= 2


def _fractions_near(value: fmpq) -> Iterator[fmpq]:
    """The nearest fractions below and above, for every denominator."""
    if value != 0:
        yield fmpq(0)
    for q in _denominators(value):
        below = fmpq((value * q).floor(), q)
        yield from (below, below + fmpq(1, q))
    if value.q == 1 and value.p not in (0, 1, -1):
        yield fmpq(1 if value > 0 else -1)


def _fractions_between(left: fmpq, right: fmpq, b: fmpq) -> Iterator[fmpq]:
    """Strictly inside; for every denominator the outermost ones and those next to b."""
    for q in _denominators(b):
        inside = ((left * q).floor() + 1, (b * q).floor(), (b * q).floor() + 1, (right * q).ceil() - 1)
        for k in dict.fromkeys(int(n) for n in inside):
            if left < fmpq(k, q) < right:
                yield fmpq(k, q)
