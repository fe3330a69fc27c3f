"""Proof trees of the other bounds: Lipschitz functions, multigrade sweeps, splines of degree 1.

Source: docs/geometric.md, docs/multigrade.md (the rate), docs/multiplicative.md (error bounds, q = 1).
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from verify.symbolic.cell_means import chain, d, differences, eps, fact, h, i, omega, p
from verify.symbolic.quantities import A, Curvature, Distance, Gauge, I, Left, Norm, Partial, Phi, Value, f
from verify.symbolic.trees import Node

K = sp.Symbol("K", positive=True)
N, level, m = sp.symbols("N l m", integer=True, positive=True)
y = sp.Symbol("y", real=True)
u, w = sp.symbols(
    "u w", nonnegative=True
)  # x_i is u above the lower end of its cell, and w below the upper one
sigma, n = sp.symbols("sigma n", nonnegative=True)
IN_CELL = {h: u + w}


def lipschitz(claimed: Any = None) -> Node:
    """||f - Phi||_p <= (2d+1) K N^-l for f K-Lipschitz in l1 and eps <= 1: by (d/2 + eps) K h, h = N^-l."""
    whole = f - Partial(A, d)
    inside = fact(Norm(whole, p), Norm(whole, sp.oo), "the cube has measure 1")
    spread = fact(
        inside.rhs, K * sp.Sum(Distance(i), (i, 1, d)), "Jensen, and |f(x) - f(y)| <= K sum_i |x_i - y_i|"
    )
    every = Node("summation", spread.rhs, K * d * h / 2, (_mean_distance(),), data=(K, i, 1, d))
    table = fact(
        Norm(Partial(A, d) - Phi, p), eps * omega, "the budget of the stored table and of the strips"
    )
    modulus = fact(omega, K * h, "the modulus along the axes of a K-Lipschitz function")
    scaled = Node("combination", eps * omega, eps * K * h, (modulus,), data=(eps,))
    parts = (chain(inside, spread, every), chain(table, scaled))
    network = Node("triangle", Norm(f - Phi, p), K * d * h / 2 + eps * K * h, parts)
    constant = 2 * d + 1 if claimed is None else claimed
    room = Node("budget", network.rhs, constant * K * h, where={eps: 1 - sigma, d: 1 + n})
    side = fact(N**-level, h, "h is the side of the cells of level l", equation=True)
    bound = chain(network, room)
    return Node("rewriting", bound.lhs, constant * K * N**-level, (side, bound), "Lipschitz functions")


def _mean_distance() -> Node:
    """The mean of |x_i - y| over a cell of side h is at most h/2."""
    integrals = (sp.Integral(u - y, (y, 0, u)) + sp.Integral(y - u, (y, u, h))) / h
    distance = fact(
        Distance(i), integrals, "the mean of |x_i - y| over the cell, x_i being u above its lower end"
    )
    value = Node("evaluation", integrals, (u**2 + (h - u) ** 2) / (2 * h), equation=True)
    squares = Node("budget", u**2 + (h - u) ** 2, h**2, where=IN_CELL)
    half = Node("combination", value.rhs, h / 2, (squares,), data=(1 / (2 * h),))
    return chain(distance, value, half)


def multigrade(claimed: Any = None) -> Node:
    """sup |r'| <= K h after a sweep at the mesh of the residual's own grid (q = 1)."""
    r, after, nu, far = sp.symbols("r r' nu eta")
    largest = fact(
        Norm(after, sp.oo), Value(after, nu), "linear on simplices: the largest |r'| is at some node nu"
    )
    eroded = fact(
        Value(after, nu),
        Value(r, nu) - Value(r, far),
        "the step is m = min |r| over the closed support, at eta; if r has no strict sign there, m = 0 = r(eta)",
    )
    slope = fact(
        Value(r, nu), Value(r, far) + K * Gauge(nu, far), "slope <= K: |r(nu) - r(eta)| <= K kappa(nu - eta)"
    )
    near = fact(Gauge(nu, far), h, "the support of the hat of nu is kappa <= h")
    step = Node("combination", eroded.rhs, K * Gauge(nu, far), (slope,), data=(sp.S.One,))
    constant = sp.S.One if claimed is None else claimed
    scaled = Node("combination", step.rhs, constant * K * h, (near,), data=(K,))
    return Node("chain", largest.lhs, scaled.rhs, (largest, eroded, step, scaled), "multigrade, q = 1")


def coarse_sweep(claimed: Any = None) -> Node:
    """sup |r'| <= (1 + d/(d+1)) K h <= 2 K h after a sweep at a mesh coarser than the residual's grid (q > 1)."""
    after, S = sp.Symbol("r'"), sp.Symbol("S", nonnegative=True)
    eroded = fact(
        Norm(after, sp.oo),
        K * h * (2 - S),
        "where |r'| is largest: |r'| <= K h (1 + sum_j lambda_j (1 - lambda_j)), sum_j lambda_j = 1, "
        "S = sum_j lambda_j^2",
    )
    cauchy = fact(1 / (d + 1), S, "Cauchy-Schwarz for d + 1 numbers with sum 1")
    first = Node("combination", eroded.rhs, K * h * (1 + d / (d + 1)), (cauchy,), data=(K * h,))
    constant = sp.Integer(2) if claimed is None else claimed
    room = Node("budget", first.rhs, constant * K * h)
    return Node("chain", eroded.lhs, room.rhs, (eroded, first, room), "multigrade, coarser sweeps")


def linear_splines(claimed: Any = None) -> Node:
    """||f - I_1..I_m f||_oo <= (h^2/8) sum_i ||d_i^2 f||_oo."""
    taylor = fact(
        Norm(Left(I, i), sp.oo),
        u * (h - u) / 2 * Curvature(i),
        "Rolle: |g - I g| <= u (h - u)/2 sup |g''| at the distance u from a node, where the maximum is",
    )
    constant = sp.Rational(1, 8) if claimed is None else claimed
    peak = Node("budget", u * (h - u) / 2, constant * h**2, where=IN_CELL)
    bound = Node("combination", taylor.rhs, constant * h**2 * Curvature(i), (peak,), data=(Curvature(i),))
    each = differences(
        chain(taylor, bound), sp.oo, I, "linear interpolation takes means with weights >= 0 of sum 1"
    )
    whole, total = Norm(f - Partial(I, m), sp.oo), constant * h**2 * sp.Sum(Curvature(i), (i, 1, m))
    return Node("triangle, telescoping", whole, total, (each,), "splines of degree 1", data=(i, 1, m))
