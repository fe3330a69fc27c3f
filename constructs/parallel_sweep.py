"""One sweep side by side: all of its hats in one wide, shallow network."""

from __future__ import annotations

from flint import fmpq

from constructs.errors import ConstructError
from constructs.grades import Sweep
from constructs.network import Network
from constructs.wiring import Channel, Form, Head, assemble

ONE = Form(bias=fmpq(1))


def parallel(sweep: Sweep) -> Network:
    """The network with the one readout (level 1) sum of step * psi over the grades of a sweep.

    Requires: a grade.
    Returns: Network, of ReLUs, depth d+1. Layer j holds, for every beginning (k_0..k_(j-1)) of a node, a and b with
    t_i = m x_i - k_i; below it x_(j-1), ..., x_(d-1) as far as they are read again; layer d+1 holds psi.
    Method: u_j = max(0, t_0, ..., t_(j-1)) = t_(j-1) + a, and w_j, the same of -t, = -t_(j-1) + b; only u_1 = a and
    w_1 = b themselves. psi = relu(1 - u_d - w_d), in which t cancels.
    Guarantees: exact on the cube; for d = 2 and all (n+1)^2 nodes 3 (n+1)^2 + 2 (n+1) + 1 neurons. A grade whose
    step is 0 has none.
    Raises: ConstructError for a sweep without grades.
    Source: verify/CERTIFICATE.md, 11.3 and 11.5.

    >>> import numpy as np
    >>> network = parallel(Sweep(2, 1, np.arange(4), np.array([1, 2, 3, 5]), 2))
    >>> network.neurons, network.depth, network.evaluate(["1/3", "1/4"])
    (17, 3, [13/12])
    """
    if not len(sweep):
        raise ConstructError("sweep", "no grades", "at least one")
    d, m = sweep.dim, sweep.cells
    grades = list(sweep)
    layers: list[list[Channel]] = []
    for j in range(d):
        beginnings = dict.fromkeys(grade.node[: j + 1] for grade in grades)
        carried = range(max(j, 1), d) if j + 1 < d else range(0)
        layers.append(
            [_relu(f"x{i}", "carries an input", Form.of(f"x{i}")) for i in carried]
            + [channel for k in beginnings for channel in _extrema(m, k)]
        )
    hats = [
        _relu(
            _name("psi", g.node), "the hat", ONE - Form.of(_name("a", g.node)) - Form.of(_name("b", g.node))
        )
        for g in grades
    ]
    total = Form({_name("psi", g.node): g.step for g in grades if g.step != 0})
    return assemble([f"x{i}" for i in range(d)], [*layers, hats], [Head(1, d + 1, total)])


def _extrema(m: int, k: tuple[int, ...]) -> tuple[Channel, Channel]:
    """a and b of layer len(k), for the beginning k of a node."""
    t = _offset(m, k)
    up, down = t, -1 * t  # u_1 and w_1 at once, so that x_0 is not read again
    if len(k) > 1:
        u, w = Form.of(_name("a", k[:-1])), Form.of(_name("b", k[:-1]))
        if len(k) > 2:
            before = _offset(m, k[:-1])
            u, w = u + before, w - before
        up, down = u - t, w + t
    return (
        _relu(_name("a", k), "running maximum", up),
        _relu(_name("b", k), "running minimum", down),
    )


def _offset(m: int, k: tuple[int, ...]) -> Form:
    """t of the last coordinate: m x - k."""
    return m * Form.of(f"x{len(k) - 1}") - k[-1]


def _name(channel: str, k: tuple[int, ...]) -> str:
    return f"{channel}{k}"


def _relu(name: str, role: str, form: Form) -> Channel:
    return Channel(name, role, "relu", form)
