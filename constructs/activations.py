"""The activations, each with its exact, ball and float meaning.

A product of several sources is no function of one number: it is a kind of neuron (constructs/neurons.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from flint import arb, fmpq, fmpz

from constructs.errors import ConstructError

LARGEST_EXPONENT = 2**31  # of exp2: beyond it a value would not fit into memory
RELU_POWERS = {"relu": 1, "relu2": 2, "relu3": 3, "relu4": 4, "relu5": 5}  # max(u, 0)^q by name


@dataclass(frozen=True)
class Activation:
    """A function of one number in three meanings.

    `exact` returns None where the value is not rational; `ball` encloses; `floats` is for drawing only.
    """

    name: str
    exact: Callable[[fmpq], fmpq | None]
    ball: Callable[[arb], arb]
    floats: Callable[[np.ndarray], np.ndarray]


def _relu_ball(u: arb) -> arb:
    return u.max(arb(0))


def _exp2(u: fmpq) -> fmpq | None:
    if u.q != 1:
        return None
    exponent = int(u.p)
    if abs(exponent) > LARGEST_EXPONENT:
        raise ConstructError("exponent of exp2", exponent, f"at most {LARGEST_EXPONENT} in size")
    power = fmpz(1) << abs(exponent)
    return fmpq(power) if exponent >= 0 else fmpq(1, power)


def _relu_power(name: str, q: int) -> Activation:
    return Activation(
        name,
        lambda u: max(u, fmpq(0)) ** q,
        lambda u: _relu_ball(u) ** q,
        lambda u: np.maximum(u, 0.0) ** q,
    )


ACTIVATIONS = {
    a.name: a
    for a in (
        Activation("relu", lambda u: max(u, fmpq(0)), _relu_ball, lambda u: np.maximum(u, 0.0)),
        Activation("floor", lambda u: fmpq(u.floor()), lambda u: u.floor(), np.floor),
        Activation("exp2", _exp2, lambda u: arb(2) ** u, np.exp2),
        Activation("sine", lambda u: fmpq(0) if u == 0 else None, lambda u: u.sin(), np.sin),
        *(_relu_power(name, q) for name, q in RELU_POWERS.items() if q > 1),
    )
}
