"""Enclosures of constants that are not rational, by region: as many as there are values, not regions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from flint import arb, fmpq

from constructs.rationals import Rationals


@dataclass(frozen=True)
class Balls:
    """palette[codes[region]]: enclosures of constants that are not rational."""

    codes: np.ndarray
    palette: list[arb]


def with_balls(exact: Rationals, balls: Sequence[tuple[fmpq, Balls]]) -> Balls:
    """The sum, one enclosure for each combination of values that occurs."""
    codes, values = exact.distinct()
    palette = [arb(v) for v in values]
    for weight, f in balls:
        joint = codes * len(f.palette) + f.codes
        used, places = np.unique(joint, return_inverse=True)
        pairs = [divmod(u, len(f.palette)) for u in used.tolist()]
        codes, palette = places.reshape(joint.shape), [palette[i] + f.palette[j] * weight for i, j in pairs]
    return Balls(codes, palette)
