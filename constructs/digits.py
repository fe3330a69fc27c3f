"""Base-N digits of the coordinates, by ReLU staircases or by floors, and the number of the cell that they
select.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from flint import fmpq

from constructs.wiring import Channel, Form


class Digits(Protocol):
    """What a digit extractor gives to layer t = 1, 2, ...: its channels, and the cell number that they
    determine.
    """

    @property
    def name(self) -> str:
        """relu or floor."""
        ...

    def channels(self, t: int) -> list[Channel]:
        """The channels of layer t."""
        ...

    def index(self, t: int) -> Form:
        """J_t = sum_i N^(t i) k_i, the number of the level-t cell k of x, affine in layer t (coordinates i
        from 0).
        """
        ...


def _input(i: int) -> Form:
    return Form.of(f"x{i}")


def _source(t: int, i: int) -> Form:
    return _input(i) if t == 1 else Form.of(f"X{i}")


def _carrier(t: int, i: int) -> Channel:
    return Channel(f"X{i}", f"carries x{i}", "relu", _source(t, i))


@dataclass(frozen=True)
class StaircaseDigits:
    """Digits by N-1 ramps of two ReLUs each (faithful to the papers: ReLU only).

    Requires: 0 < delta < N^-L for L levels.
    Guarantees: 2d(N-1) + 2d channels; exact on the closed cube outside the strips [j/N - delta, j/N) of every
    level's fractional coordinate; inside a strip all values stay bounded (fractional coordinates in [0,1],
    J_t in [0, N^(dt)-1]).
    Source: docs/geometric.md, digits.
    """

    dim: int
    base: int
    delta: fmpq
    name: str = "relu"

    def _fraction(self, t: int, i: int) -> Form:
        """z_i^(t), the fractional coordinate after t digits, affine in layer t (t = 0: the input)."""
        if t == 0:
            return _input(i)
        digit = Form()
        for j in range(1, self.base):
            digit = digit + Form.of(f"A{i}.{j}") - Form.of(f"B{i}.{j}")
        return self.base * Form.of(f"Z{i}") - digit

    def channels(self, t: int) -> list[Channel]:
        """Carriers of x and of the fractional coordinate, and the staircase of the t-th digit."""
        out = [_carrier(t, i) for i in range(self.dim)]
        for i in range(self.dim):
            z = self._fraction(t - 1, i)
            out.append(Channel(f"Z{i}", f"carries the fractional coordinate z{i}", "relu", z))
            for j in range(1, self.base):
                rise = (1 / self.delta) * (z - fmpq(j, self.base))
                out.append(Channel(f"A{i}.{j}", f"digit ramp {j} of x{i}, rising", "relu", rise + 1))
                out.append(Channel(f"B{i}.{j}", f"digit ramp {j} of x{i}, stopping", "relu", rise))
        return out

    def index(self, t: int) -> Form:
        """The cell number from N^t x_i - z_i^(t), without any further neuron."""
        total = Form()
        for i in range(self.dim):
            number = self.base**t * Form.of(f"X{i}") - self._fraction(t, i)
            total = total + self.base ** (t * i) * number
        return total


@dataclass(frozen=True)
class FloorDigits:
    """Cell numbers by floors: floor(N^t x_i) - floor(x_i).

    Guarantees: 3d channels; exact for every x in the closed cube (x_i = 1 belongs to the last cell, since
    floor(1) = 1 is subtracted there); no weight depends on the number of levels.
    Source: docs/geometric.md, digits.
    """

    dim: int
    base: int
    name: str = "floor"

    def channels(self, t: int) -> list[Channel]:
        """Carriers of x, and the two floors of every coordinate."""
        out = [_carrier(t, i) for i in range(self.dim)]
        for i in range(self.dim):
            x = _source(t, i)
            scaled = self.base**t * x
            out.append(Channel(f"G{i}", f"floor(N^t x{i}): cell number of x{i}", "floor", scaled))
            out.append(Channel(f"F{i}", f"floor(x{i}): 1 at x{i} = 1 only", "floor", x))
        return out

    def index(self, t: int) -> Form:
        """The cell number."""
        total = Form()
        for i in range(self.dim):
            total = total + self.base ** (t * i) * (Form.of(f"G{i}") - Form.of(f"F{i}"))
        return total
