"""Slow, independent evaluations in Fractions: what the quantities of `verify` must contain or equal.

Nothing here uses the formulas under test: simplices are cut at the zero set and integrated by a cubature of
point values; step functions are cut into boxes and evaluated at midpoints.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import cache

import numpy as np
from flint import fmpq

from constructs.targets.kuhn import KuhnTarget
from constructs.targets.step import StepTarget

Point = tuple[Fraction, ...]
Field = Callable[[Point], Fraction]


def fraction(value: fmpq) -> Fraction:
    """The same number."""
    return Fraction(int(value.p), int(value.q))


def exact(value: Fraction | int | str) -> fmpq:
    """The same number."""
    value = Fraction(value)
    return fmpq(value.numerator, value.denominator)


def table(values: object) -> np.ndarray:
    """An object array of fmpq from nested numbers."""
    given = np.array(values, dtype=object)
    out = np.empty(given.shape, dtype=object)
    out.reshape(-1)[:] = [exact(v) for v in given.reshape(-1).tolist()]
    return out


def kuhn_field(f: KuhnTarget) -> Field:
    """f as the integral over θ of the values at the corners k + 1[t >= θ]."""
    values = {k: fraction(v) for k, v in np.ndenumerate(f.values)}

    @cache
    def at(x: Point) -> Fraction:
        k = [min(math.floor(c * f.cells), f.cells - 1) for c in x]
        t = [c * f.cells - i for c, i in zip(x, k, strict=True)]
        ends = sorted({Fraction(0), Fraction(1), *t})
        return sum(
            (
                (b - a) * values[tuple(i + (c >= b) for i, c in zip(k, t, strict=True))]
                for a, b in itertools.pairwise(ends)
            ),
            start=Fraction(0),
        )

    return at


def step_field(f: StepTarget) -> Field:
    """f by counting breaks."""
    axes = [([fraction(b) for b in breaks], [fraction(v) for v in values]) for breaks, values in f.axes]
    return lambda x: sum(
        (values[sum(b <= c for b in breaks)] for (breaks, values), c in zip(axes, x, strict=True)),
        start=Fraction(0),
    )


def table_field(values: np.ndarray) -> Field:
    """The cell's value: the cell that the point lies in, or the last one."""
    n = values.shape[0]
    return lambda x: fraction(values[tuple(min(math.floor(c * n), n - 1) for c in x)])


# ------------------------------------------------------------------------------------------------ simplices


def kuhn_simplices(d: int, g: int, ends: Sequence[tuple[int, int]]) -> Iterator[tuple[Point, list[Point]]]:
    """A point inside the cube, and the vertices, of each Kuhn simplex of mesh 1/g in the box of grid lines `ends`."""
    for cube in itertools.product(*(range(a, b) for a, b in ends)):
        middle = tuple(Fraction(2 * k + 1, 2 * g) for k in cube)
        for order in itertools.permutations(range(d)):
            corner, vertices = list(cube), [tuple(Fraction(k, g) for k in cube)]
            for i in order:
                corner[i] += 1
                vertices.append(tuple(Fraction(k, g) for k in corner))
            yield middle, vertices


def one_signed(
    values: list[Fraction], share: Fraction = Fraction(1)
) -> Iterator[tuple[Fraction, list[Fraction]]]:
    """The simplex cut at the zero set of the linear function with these vertex values: shares of its measure.

    An edge with ends of both signs is cut at its zero; the two parts share the measure as the edge's lengths.
    """
    low, high = min(values), max(values)
    if low >= 0 or high <= 0:
        yield share, values
        return
    i, j = values.index(low), values.index(high)
    part = low / (low - high)  # of the edge, from i to its zero
    for k, size in ((j, part), (i, 1 - part)):
        yield from one_signed([Fraction(0) if n == k else v for n, v in enumerate(values)], share * size)


@cache
def cubature(d: int, degree: int) -> list[tuple[Fraction, Point]]:
    """Weights and barycentric points of a mean over a simplex, exact for polynomials of this odd degree.

    Source: Grundmann and Moeller, SIAM J. Numer. Anal. 15 (1978), 282-290.
    """
    s = (degree - 1) // 2
    rule = []
    for i in range(s + 1):
        m = degree + d - 2 * i
        weight = Fraction(
            (-1) ** i * m**degree * math.factorial(d), 4**s * math.factorial(i) * math.factorial(m + i)
        )
        for b in itertools.product(range(s - i + 1), repeat=d + 1):
            if sum(b) == s - i:
                rule.append((weight, tuple(Fraction(2 * k + 1, m) for k in b)))
    return rule


def simplex_mean(values: list[Fraction], p: int) -> Fraction:
    """The mean of |u|^p, u linear with these vertex values, p an integer."""
    d = len(values) - 1
    rule = cubature(d, p if p % 2 else p + 1)
    total = Fraction(0)
    for share, part in one_signed(values):
        sign = 1 if max(part) > 0 else -1
        total += share * sum(
            w * (sign * sum(a * v for a, v in zip(x, part, strict=True))) ** p for w, x in rule
        )
    return total


def simplex_mean_float(values: list[Fraction], p: float) -> float:
    """The same for any p: u = u_i on the cut simplices, integrated layer by layer in floats (d <= 3), to about 1e-9."""
    nodes, weights = np.polynomial.legendre.leggauss(40)
    nodes, weights = (nodes + 1) / 2, weights / 2
    d = len(values) - 1
    total = 0.0
    for share, part in one_signed(values):
        u = np.abs(np.array([float(v) for v in part]))
        mean = np.zeros(())
        axes = np.meshgrid(*([nodes**2] * d), indexing="ij")  # squared: smooth where u vanishes at a vertex
        w = np.prod(np.meshgrid(*([weights * 2 * nodes] * d), indexing="ij"), axis=0)
        left, value, jacobian = np.ones_like(axes[0]), np.zeros_like(axes[0]), np.ones_like(axes[0])
        for i, axis in enumerate(axes):  # collapsed coordinates, the largest value first
            value = value + left * (1 - axis) * sorted(u, reverse=True)[i]
            left = left * axis
            jacobian = jacobian * axis ** (d - 1 - i)
        value = value + left * sorted(u, reverse=True)[d]
        mean = math.factorial(d) * float((w * jacobian * value**p).sum())
        total += float(share) * mean
    return total


def kuhn_integral(
    d: int,
    g: int,
    ends: Sequence[tuple[int, int]],
    u: Callable[[Point, Point], Fraction],
    p: int | float | None,
) -> Fraction | float:
    """The integral of |u|^p over a box of grid lines; u(vertex, point inside) is linear on the simplices of mesh 1/g.

    p None: the maximum; an integer: exact; a float: in floats.
    """
    whole: Fraction | float = Fraction(0)
    for middle, vertices in kuhn_simplices(d, g, ends):
        values = [u(x, middle) for x in vertices]
        if p is None:
            whole = max(whole, *(abs(v) for v in values))
        elif isinstance(p, int):
            whole += simplex_mean(values, p) / (g**d * math.factorial(d))
        else:
            whole += simplex_mean_float(values, p) / (g**d * math.factorial(d))
    return whole


def kuhn_error(f: KuhnTarget, values: np.ndarray, p: int | float | None) -> Fraction | float:
    """||f - T||^p (p None: the supremum)."""
    at, T = kuhn_field(f), table_field(values)
    g = math.lcm(f.cells, values.shape[0])
    return kuhn_integral(f.dim, g, [(0, g)] * f.dim, lambda x, inside: at(x) - T(inside), p)


def kuhn_shifted(f: KuhnTarget, shift: Sequence[Fraction], p: int | float | None) -> Fraction | float:
    """||f(. + s) - f||^p over the cube less the cube shifted back, for any rational s."""
    at = kuhn_field(f)
    g = math.lcm(f.cells, *(s.denominator for s in shift))
    steps = [int(s * g) for s in shift]
    if any(abs(j) >= g for j in steps):
        return Fraction(0)
    ends = [(max(-j, 0), g - max(j, 0)) for j in steps]
    return kuhn_integral(
        f.dim, g, ends, lambda x, _: at(tuple(c + s for c, s in zip(x, shift, strict=True))) - at(x), p
    )


# ------------------------------------------------------------------------------------------------ step targets


def boxes(cuts: Sequence[set[Fraction]]) -> Iterator[tuple[Fraction, Point]]:
    """Measure and midpoint of every box between the cuts."""
    for sides in itertools.product(*(list(itertools.pairwise(sorted(c))) for c in cuts)):
        yield math.prod(b - a for a, b in sides), tuple((a + b) / 2 for a, b in sides)


def collected(parts: Iterator[tuple[Fraction, Fraction]], p: int | float | None) -> Fraction | float:
    """The sum of measure |value|^p, or the largest |value| of positive measure."""
    listed = list(parts)
    if p is None:
        return max((abs(v) for _, v in listed), default=Fraction(0))
    if isinstance(p, int):
        return sum((m * abs(v) ** p for m, v in listed), start=Fraction(0))
    return math.fsum(float(m) * float(abs(v)) ** p for m, v in listed)


def step_error(f: StepTarget, values: np.ndarray, p: int | float | None) -> Fraction | float:
    """||f - T||^p."""
    at, T, n = step_field(f), table_field(values), values.shape[0]
    cuts = [{Fraction(k, n) for k in range(n + 1)} | {fraction(b) for b in breaks} for breaks, _ in f.axes]
    return collected(((m, at(x) - T(x)) for m, x in boxes(cuts)), p)


def step_shifted(f: StepTarget, shift: Sequence[Fraction], p: int | float | None) -> Fraction | float:
    """||f(. + s) - f||^p, for any s."""
    at = step_field(f)
    cuts = []
    for s, (breaks, _) in zip(shift, f.axes, strict=True):
        lo, hi = max(-s, Fraction(0)), 1 - max(s, Fraction(0))
        if lo >= hi:
            return Fraction(0)
        inside = {fraction(b) - move for b in breaks for move in (0, s)}
        cuts.append({lo, hi} | {c for c in inside if lo < c < hi})
    moved = ((m, at(tuple(c + s for c, s in zip(x, shift, strict=True))) - at(x)) for m, x in boxes(cuts))
    return collected(moved, p)


# ------------------------------------------------------------------------------------------------ polynomials


Polynomial = dict[tuple[int, ...], Fraction]


def times(a: Polynomial, b: Polynomial) -> Polynomial:
    """The product."""
    out: Polynomial = {}
    for (i, u), (j, v) in itertools.product(a.items(), b.items()):
        key = tuple(x + y for x, y in zip(i, j, strict=True))
        out[key] = out.get(key, Fraction(0)) + u * v
    return out


def moved(f: Polynomial, shift: Sequence[Fraction]) -> Polynomial:
    """f(. + s), by the binomial theorem."""
    out: Polynomial = {}
    for powers, c in f.items():
        for lower in itertools.product(*(range(k + 1) for k in powers)):
            term = math.prod(
                math.comb(k, j) * s ** (k - j) for k, j, s in zip(powers, lower, shift, strict=True)
            )
            out[lower] = out.get(lower, Fraction(0)) + c * term
    return out


def integral(f: Polynomial, sides: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    """Over a box."""
    return sum(
        (
            c
            * math.prod(
                (b ** (k + 1) - a ** (k + 1)) / (k + 1) for k, (a, b) in zip(powers, sides, strict=True)
            )
            for powers, c in f.items()
        ),
        start=Fraction(0),
    )


def even_power_integral(f: Polynomial, sides: Sequence[tuple[Fraction, Fraction]], p: int) -> Fraction:
    """The integral of |f|^p over a box, p even."""
    power: Polynomial = {(0,) * len(sides): Fraction(1)}
    for _ in range(p):
        power = times(power, f)
    return integral(power, sides)


def text_of(f: Polynomial) -> str:
    """In the grammar of expression targets."""
    return "+".join(
        f"({c})*" + "*".join(f"x{i}**{k}" for i, k in enumerate(powers)) for powers, c in f.items()
    )
