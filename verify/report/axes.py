"""Axes of charts: where a value is drawn, and which values are marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
MOST_TICKS = 7


@dataclass(frozen=True)
class Axis:
    """From the value `low`, drawn at `start`, to `high`, drawn at `end`."""

    low: float
    high: float
    start: float
    end: float
    log: bool

    def position(self, value: float) -> float:
        """Where a value is drawn."""
        low, high, v = (log10(x) if self.log else x for x in (self.low, self.high, value))
        return self.start + (v - low) / (high - low) * (self.end - self.start)

    def shows(self, value: float) -> bool:
        """Whether the value has a place."""
        return isfinite(value) and (value > 0 or not self.log)

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """Round values with their labels."""
        if not self.log:
            return _linear_ticks(self.low, self.high)
        return _log_ticks(self.low, self.high) or _linear_ticks(self.low, self.high)


def fitted(values: Iterable[float], start: float, end: float, log: bool, margin: float) -> Axis | None:
    """An axis for all the values that have a place, with a part of its length left free at either end; None if none
    has.
    """
    seen = [v for v in values if isfinite(v) and (v > 0 or not log)]
    if not seen:
        return None
    low, high = min(seen), max(seen)
    if log:
        factor = 2.0 if low == high else (high / low) ** margin
        return Axis(low / factor, high * factor, start, end, log)
    free = (abs(low) / 2 or 1.0) if low == high else margin * (high - low)
    return Axis(low - free, high + free, start, end, log)


def _linear_ticks(low: float, high: float) -> list[tuple[float, str]]:
    """Multiples of 1, 2 or 5 times a power of ten."""
    raw = (high - low) / MOST_TICKS
    power = 10.0 ** floor(log10(raw))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= raw)
    numbers = range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)
    return [(k * step, f"{k * step:.6g}".replace("-", "−")) for k in numbers]


def _log_ticks(low: float, high: float) -> list[tuple[float, str]]:
    """Powers of ten; with few of them also 2 and 5 times these."""
    first, last = floor(log10(low)), ceil(log10(high))
    decades = last - first
    every = max(1, ceil(decades / MOST_TICKS))
    factors = (1,) if log10(high / low) > 2.2 else (1, 2, 5)
    values = [(m, k) for k in range(first, last + 1, every) for m in factors]
    inside = [(m * 10.0**k, _log_label(m, k)) for m, k in values if low <= m * 10.0**k <= high]
    return inside if len(inside) > 1 else []


def _log_label(factor: int, power: int) -> str:
    """Powers of ten as such, unless they are near 1.

    >>> _log_label(1, -5), _log_label(2, -2)
    ('10⁻⁵', '0.02')
    """
    if -4 < power < 5:
        return f"{factor * 10.0**power:.{max(-power, 0)}f}"
    exponent = "10" + str(power).translate(SUPERSCRIPTS)
    return exponent if factor == 1 else f"{factor}·{exponent}"
