"""The constants of the geometric claim as proof trees: d 2^(1/p) + eps <= 2d+1; sqrt(d) at p = 2, d at p = infinity.

Source: docs/geometric.md, constants.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sympy as sp

from verify.symbolic.quantities import (
    A,
    Applied,
    InCells,
    Inner,
    Jump,
    Left,
    Norm,
    OperatorNorm,
    Partial,
    Phi,
    Shift,
    f,
)
from verify.symbolic.trees import Node

d, i, j = sp.symbols("d i j", integer=True, positive=True)
p, h, omega = sp.symbols("p h omega", positive=True)
eps = sp.Symbol("epsilon", nonnegative=True)
tau = sp.Symbol("tau", real=True)
SMALL = {eps: 1 - sp.Symbol("sigma", nonnegative=True)}  # eps <= 1


def fact(lhs: Any, rhs: Any, note: str, equation: bool = False, data: tuple[Any, ...] = ()) -> Node:
    """A leaf; data: the variable and the range that it holds on, if there is one."""
    return Node("fact", lhs, rhs, note=note, equation=equation, data=data)


def chain(*links: Node) -> Node:
    """The first left side is at most the last right side."""
    return Node("chain", links[0].lhs, links[-1].rhs, links)


def one_coordinate(constant: Any = None) -> Node:
    """||f - A_i f||_p <= 2^(1/p) omega: Jensen, translation, and the modulus under the integral."""
    jensen = fact(Norm(Left(A, i), p) ** p, InCells(i, p), "Jensen: |mean|^p <= mean of |.|^p, on every cell")
    shift = Shift(i, tau, p) ** p
    moved = fact(
        InCells(i, p),
        sp.Integral(shift, (tau, -h, h)) / h,
        "translation: y = x_i + tau with |tau| <= h, and Fubini",
    )
    modulus = fact(
        shift, omega**p, "the modulus: ||f(. + tau e_i) - f||_p <= omega for |tau| <= h", data=(tau, -h, h)
    )
    means = Node(
        "integration",
        sp.Integral(shift, (tau, -h, h)) / h,
        2 * omega**p,
        (modulus,),
        data=(1 / h, tau, -h, h),
    )
    bound = (2 ** (1 / p) if constant is None else constant) * omega
    return Node("root", Norm(Left(A, i), p), bound, (chain(jensen, moved, means),), data=(p,))


def differences(
    one: Node, q: Any, operator: Any = A, why: str = "averages are contractions (Jensen)"
) -> Node:
    """||T_1..T_(i-1) f - T_1..T_i f|| <= r from ||f - T_i f|| <= r, the operators T_i being contractions."""
    T = operator
    small = fact(OperatorNorm(T, i - 1, q), sp.S.One, why)
    image = Applied(T, i - 1, Left(T, i))
    parts = Node("contraction", Norm(image, q), one.rhs, (small, one))
    difference = Partial(T, i - 1) - Partial(T, i)
    product = fact(difference, image, f"{T}_1..{T}_i = {T}_1..{T}_(i-1) {T}_i, and linearity", equation=True)
    return Node("rewriting", Norm(difference, q), one.rhs, (product, parts))


def all_coordinates(one: Node, q: Any) -> Node:
    """||f - A_1..A_d f|| <= d r from ||f - A_i f|| <= r: the differences telescope."""
    whole = Norm(f - Partial(A, d), q)
    return Node("triangle, telescoping", whole, d * one.rhs, (differences(one, q),), data=(i, 1, d))


def stored(means: Node, q: Any, error: Any) -> Node:
    """||f - Phi|| <= (bound of the means) + error."""
    table = fact(Norm(Partial(A, d) - Phi, q), error, "the budget of the stored table and of the strips")
    return Node("triangle", Norm(f - Phi, q), means.rhs + error, (means, table))


def paper_constant(claimed: Any = None, one: Any = None) -> Node:
    """||f - Phi||_p <= (2d+1) omega for all p >= 1 and eps <= 1; claimed, one: other constants, to see them refused."""
    network = stored(all_coordinates(one_coordinate(one), p), p, eps * omega)
    t = sp.Symbol("t", nonnegative=True)
    powers = Node(
        "power", 2 ** (1 / p), sp.Integer(2), data=(sp.Integer(2), 1 / p, sp.S.One), where={p: 1 + t}
    )
    small = Node("budget", eps, sp.S.One, where=SMALL)
    constant = 2 * d + 1 if claimed is None else claimed
    total = Node("combination", network.rhs, constant * omega, (powers, small), data=(d * omega, omega))
    return Node("chain", network.lhs, constant * omega, (network, total), "the paper's constant, all p >= 1")


def square_root(claimed: Any = None) -> Node:
    """||f - A_1..A_d f||_2 <= sqrt(d) omega: a variance in each coordinate, orthogonal differences."""
    shift = Shift(i, tau, 2) ** 2
    variance = fact(
        Norm(Left(A, i), 2) ** 2,
        InCells(i, 2) / 2,
        "variance: half the mean square of differences, on every cell",
    )
    moved = fact(
        InCells(i, 2) / 2,
        sp.Integral(shift, (tau, -h, h)) / (2 * h),
        "translation: y = x_i + tau with |tau| <= h, and Fubini",
    )
    modulus = fact(
        shift, omega**2, "the modulus: ||f(. + tau e_i) - f||_2 <= omega for |tau| <= h", data=(tau, -h, h)
    )
    means = Node("integration", moved.rhs, omega**2, (modulus,), data=(1 / (2 * h), tau, -h, h))
    one = Node("root", Norm(Left(A, i), 2), omega, (chain(variance, moved, means),), data=(sp.Integer(2),))
    each = differences(one, 2)
    difference = each.lhs.args[0]
    squared = Node("raising", Norm(difference, 2) ** 2, omega**2, (each,), data=(sp.Integer(2),))
    orthogonal = fact(
        Inner(difference, difference.subs(i, j)),
        sp.S.Zero,
        "for i < j the i-th difference has mean 0 in x_i on every cell, and the j-th one is constant there",
        equation=True,
    )
    whole = Norm(f - Partial(A, d), 2)
    total = Node("Pythagoras", whole**2, d * omega**2, (squared, orthogonal), data=((i, 1, d), j))
    constant = sp.sqrt(d) if claimed is None else claimed
    return Node("root", whole, constant * omega, (total,), "the means at p = 2", data=(sp.Integer(2),))


def supremum(claimed: Any = None) -> Node:
    """||f - A_1..A_d f||_oo <= d omega."""
    inside = fact(Norm(Left(A, i), sp.oo), Jump(i), "a mean lies between the values on its cell")
    modulus = fact(Jump(i), omega, "the modulus: x and x^(i,y) differ by at most h along one axis")
    means = all_coordinates(chain(inside, modulus), sp.oo)
    return replace(means, rhs=(d if claimed is None else claimed) * omega, note="the means at p = infinity")
