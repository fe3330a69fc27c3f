"""From float candidates to step targets with rational breaks and values, and back."""

from __future__ import annotations

import numpy as np
from flint import fmpq

from constructs.exact import dyadic, floor_dyadic, from_float
from constructs.targets.step import Axis, StepTarget
from verify.witnesses.float_ratio import Axes, Profile

BREAK_BITS = (
    52  # cell borders are often missed by a hair, on purpose: at p = inf a piece may be as short as it likes
)
VALUE_BITS = 32


def step_target(axes: Axes) -> StepTarget:
    """The step target near a candidate: values less the last one of their axis, divided by the largest;
    dyadic; breaks that fall together are one.

    >>> step_target((Profile(np.array([0.25]), np.array([3.0, 1.0])),)).axes
    (((1/4,), (1, 0)),)
    """
    size = max(float(np.abs(g.values - g.values[-1]).max()) for g in axes) or 1.0
    return StepTarget(tuple(_axis(g, size) for g in axes))


def _axis(g: Profile, size: float) -> Axis:
    ends = [_near(b, BREAK_BITS) for b in g.breaks.tolist()]
    values = [_near((v - g.values[-1]) / size, VALUE_BITS) for v in g.values.tolist()]
    breaks: list[fmpq] = []
    kept: list[fmpq] = []
    for end, value in zip(ends, values[:-1], strict=True):
        if (breaks[-1] if breaks else 0) < end < 1:
            breaks.append(end)
            kept.append(value)
    return tuple(breaks), (*kept, values[-1])


def _near(value: float, bits: int) -> fmpq:
    return floor_dyadic(from_float(value) + dyadic(1, -bits - 1), bits)


def profiles(target: StepTarget) -> Axes:
    """The target in floats; equal axes are one object, as `float_ratio.ratio` likes them."""
    known: dict[Axis, Profile] = {}
    for breaks, values in target.axes:
        arrays = (np.array([int(x.p) / int(x.q) for x in part]) for part in (breaks, values))
        known.setdefault((breaks, values), Profile(*arrays))
    return tuple(known[axis] for axis in target.axes)
