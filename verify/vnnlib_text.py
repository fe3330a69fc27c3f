"""The question whether |output| can reach a bound on the unit cube, in VNN-LIB 1.0 and 2.0."""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpq

VERSIONS = ("1.0", "2.0")


def query_text(version: str, dim: int, bound: fmpq, notes: Sequence[str]) -> str:
    """The VNN-LIB file that asks for a point of [0,1]^dim where the network's output is >= bound or <= -bound.

    Requires: a bound > 0 with a finite decimal expansion. "unsat" then says that |output| < bound on the cube.
    Source: VNN-LIB standard 2.0, grammar; 1.0 as VNN-COMP uses it.
    """
    head = [f"; {note}" for note in notes]
    return "\n".join([*head, *(_first(dim, bound) if version == "1.0" else _second(dim, bound))]) + "\n"


def decimal(value: fmpq) -> str:
    """A rational with a finite decimal expansion, exactly and without an exponent, which VNN-LIB 2.0 does not have.

    >>> decimal(fmpq(-7, 32)), decimal(fmpq(3))
    ('-0.21875', '3.0')
    """
    digits = 1
    while (value * 10**digits).q != 1:
        digits += 1
    whole, part = divmod(abs(int((value * 10**digits).p)), 10**digits)
    return f"{'-' if value < 0 else ''}{whole}.{part:0{digits}d}"


def _first(dim: int, bound: fmpq) -> list[str]:
    lines = [f"(declare-const X_{i} Real)" for i in range(dim)] + ["(declare-const Y_0 Real)"]
    for i in range(dim):
        lines += [f"(assert (>= X_{i} 0.0))", f"(assert (<= X_{i} 1.0))"]
    above, below = f"(and (>= Y_0 {decimal(bound)}))", f"(and (<= Y_0 {decimal(-bound)}))"
    return [*lines, f"(assert (or {above} {below}))"]


def _second(dim: int, bound: fmpq) -> list[str]:
    lines = ["(vnnlib-version <2.0>)", "(declare-network residual"]
    lines += [f"  (declare-input X real [1, {dim}])", "  (declare-output Y real [1, 1])", ")"]
    for i in range(dim):
        lines += [f"(assert (>= X[0, {i}] 0.0))", f"(assert (<= X[0, {i}] 1.0))"]
    return [*lines, f"(assert (or (>= Y[0, 0] {decimal(bound)}) (<= Y[0, 0] {decimal(-bound)})))"]
