"""How long it takes to prove |f - Phi| <= bound on the whole cube from the weights of a wide ReLU network.

Phi interpolates f at the nodes of mesh 1/n by the hats of one sweep, side by side; f, (1 + x0)(1 + x1) at the
nodes of mesh 1/(2n) and linear between them, differs from Phi by 1/(4 n^2) in the middle of every diagonal.
Both are linear on the simplices of mesh 1/(2n), so that their nodal values decide.
"""

from __future__ import annotations

import time

import numpy as np
from flint import fmpq

from constructs.grades import Sweep
from constructs.network import Network
from constructs.parallel_sweep import parallel
from constructs.targets.kuhn import KuhnTarget
from verify.kuhn_regions import nodal_values

MESHES = (1, 2, 4, 8, 16, 32)
REMARK = """
error: the largest |f - Phi| on the cube, exactly, from the weights on every simplex of mesh 1/(2n).
General verifiers stop certifying at 300 to 900 ReLUs on this family within two minutes: z3 took 100 s at 902,
CROWN with bisection 4 s at 262 (figures from the project's issue, not measured here). They are not told the
triangulation on which the network is linear; `verify.kuhn_regions` is, and checks it from the weights."""


def product(cells: int) -> KuhnTarget:
    """(1 + x0)(1 + x1) at the nodes of mesh 1/cells, linear on the simplices between them."""
    k = np.arange(cells, 2 * cells + 1)
    numerators = np.multiply.outer(k, k)
    values = [fmpq(v, cells * cells) for v in numerators.reshape(-1).tolist()]
    return KuhnTarget(cells, np.array(values, dtype=object).reshape(numerators.shape))


def interpolant(n: int) -> Network:
    """The network of the hats of mesh 1/n, with the values of (1 + x0)(1 + x1) as steps."""
    k = np.arange(n, 2 * n + 1)
    return parallel(Sweep(2, n, np.arange((n + 1) ** 2), np.multiply.outer(k, k).reshape(-1), n * n))


def error(f: KuhnTarget, network: Network) -> fmpq:
    """The largest |f - Phi|, exactly.

    Raises: Undecided where the network is not linear on a simplex of the target's grid.
    """
    ((_, nodal),) = nodal_values(network, f.cells)
    values, denominator = f.refine(f.cells)
    left = values * nodal.denominator - nodal.numerators.astype(object) * denominator
    return fmpq(int(abs(left).max()), denominator * nodal.denominator)


def main() -> None:
    """Prints the table."""
    print(
        f"{'n':>3} {'nodes':>6} {'ReLUs':>6} {'simplices':>10} {'bound':>8} {'error':>8} {'proved':>7} {'seconds':>8}"
    )
    for n in MESHES:
        f, network, bound = product(2 * n), interpolant(n), fmpq(1, 4 * n * n)
        start = time.perf_counter()
        largest = error(f, network)
        seconds = time.perf_counter() - start
        size = f"{n:>3} {(n + 1) ** 2:>6} {network.neurons:>6} {2 * (2 * n) ** 2:>10}"
        print(f"{size} {bound!s:>8} {largest!s:>8} {'yes' if largest <= bound else 'no':>7} {seconds:>8.2f}")
    print(REMARK)


if __name__ == "__main__":
    main()
