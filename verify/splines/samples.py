"""A target's spline coefficients, rounded, with a certified bound of the rounding."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from flint import fmpq

from constructs.exact import from_float
from constructs.quasi_interpolation import QuasiInterpolation
from constructs.targets.expression import ExpressionTarget
from verify.box_jets import at_nodes
from verify.powers import Enclosure, rounded
from verify.quantities import NotEnclosed
from verify.rounding import up

MANTISSA = 44  # bits of samples and coefficients, relative to the largest
SMALLEST, LARGEST = 2.0**-400, 2.0**400
COARSEST = (
    1 << 30
)  # the tolerance is at most this part of the largest coefficient (verify/CERTIFICATE.md, 12.8)
SLACK = fmpq(1, 2**40)  # tolerances are larger by this much of the scale: arithmetics differ


@dataclass(frozen=True, eq=False)
class Samples:
    """|coefficients[k] - lambda_k(f)| <= tolerance for every k."""

    coefficients: np.ndarray
    tolerance: fmpq


def sampled(target: ExpressionTarget, q: QuasiInterpolation) -> Samples:
    """The coefficients of f's quasi-interpolant, as dyadic rationals.

    Method: all sample points are multiples of 1/(2M); f is enclosed there, a dyadic number is taken within the ends.
    Raises: DomainUndecided; NotEnclosed.
    """
    grid = 2 * q.axis.mesh
    places = [int((p * grid).p) for p in q.axis.points]
    lower, upper = (ends[np.ix_(*([places] * q.dim))] for ends in at_nodes(target, grid))
    scale = float(np.maximum(np.abs(lower), np.abs(upper)).max())
    if not SMALLEST < scale < LARGEST:
        raise NotEnclosed(
            f"the target's values at the sample points are at most {scale:.3g}: too small, or too large"
        )
    bits = MANTISSA - int(np.frexp(scale)[1])
    whole = np.rint(np.ldexp(lower / 2 + upper / 2, bits))
    near = np.ldexp(whole, -bits)
    off = float(np.maximum(up(upper - near), up(near - lower)).max())
    unit = fmpq(2) ** -bits
    exact = q.coefficients(
        np.array([int(v) * unit for v in whole.reshape(-1).tolist()], dtype=object).reshape(near.shape)
    )
    rounded_off = np.empty(exact.shape, dtype=object)
    rounded_off.reshape(-1)[:] = [
        fmpq((c / unit + fmpq(1, 2)).floor()) * unit for c in exact.reshape(-1).tolist()
    ]
    tolerance = q.norm * from_float(off) + unit + SLACK * from_float(scale) * q.norm
    stated = rounded(Enclosure.exact(tolerance)).hi
    if stated * COARSEST > max(abs(c) for c in rounded_off.flat):
        raise NotEnclosed(
            "the target is not known well enough at the sample points: a jump, or values that cancel"
        )
    return Samples(rounded_off, stated)
