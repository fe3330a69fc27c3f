"""The bit decoder for symbolic fields: floor(a B E) - B floor(a E) = v_J with E = B^J."""

from __future__ import annotations

from typing import Any

import sympy as sp
from flint import fmpq

from constructs.geometric import Geometric
from verify.symbolic.statements import Ledger, Statement, Undecided, stated

v, w, J, P = sp.symbols("v w J P", integer=True, nonnegative=True)
later = sp.Symbol(
    "theta", nonnegative=True
)  # the fields after J's, theta B^-(J+1), with theta = 1 - rest < 1
rest = sp.Symbol("eta", positive=True)
cells = sp.Symbol("n", integer=True, nonnegative=True)


def decoder(multiplier: Any = None) -> Statement:
    """floor(a B E) - B floor(a E) = v where a B^(J+1) = P B + v + theta.

    Here P >= 0 (the fields before, an integer) and 0 <= v < B are integers, and 0 <= theta < 1 (`tail`).
    multiplier: what the second floor is multiplied by, B if None.
    Method: B = 1 + v + w with w >= 0; both floors are decided by inequalities.

    >>> decoder().proved, decoder(2 * v).proved
    (True, False)
    """
    B = 1 + v + w
    E = B**J
    a = P * B**-J + v * B ** (-J - 1) + later * B ** (-J - 1)
    (base, packed), factor = sp.symbols("B a"), B if multiplier is None else multiplier
    shown = base if multiplier is None else multiplier
    claim = sp.Eq(sp.floor(packed * base ** (J + 1)) - shown * sp.floor(packed * base**J), v)

    def prove(ledger: Ledger) -> None:
        ends = {later: 1 - rest}
        upto = ledger.floor(_plain(a * B * E), P * B + v, "fields up to J's", ends)
        before = ledger.floor(_plain(a * E), P, "fields before J's", ends)
        ledger.zero(upto - factor * before - v, "what is left is v")

    return stated("the bit decoder returns the field", claim, prove)


def tail() -> Statement:
    """The largest fields after J's, n of them, make less than B^-(J+1).

    Method: the geometric sum, in closed form.
    """
    B, i = sp.Symbol("B", integer=True, positive=True), sp.Symbol("i", integer=True, positive=True)
    b = sp.Symbol("b", integer=True, positive=True)  # B = 1 + b
    claim = sp.Sum((B - 1) * B ** -(J + 1 + i), (i, 1, cells)) < B ** -(J + 1)

    def prove(ledger: Ledger) -> None:
        closed = (1 - B**-cells) * B ** -(J + 1)
        step = (closed.subs(cells, cells + 1) - closed) * B ** (J + cells + 2)
        ledger.zero(closed.subs(cells, 0), "the closed form for n = 0")
        ledger.zero(step - (B - 1), "one field more, times B^(J+n+2)")
        gap = sp.powsimp(sp.expand((B ** -(J + 1) - closed) * B ** (J + 1 + cells)))
        ledger.positive(gap.subs(B, 1 + b), "B^-(J+1) less the closed form, times B^(J+n+1)")

    return stated("what follows a field is less than one unit of it", claim, prove)


def packed(built: Geometric, level: int) -> Statement:
    """The weights of a level's decoder are as `decoder` needs them, for every J of the level.

    That is: E = 2^(b J), the floors read a E and a B E, B = 2^b, and a B^K is an integer in [0, B^K), K cells: so a has
    K fields in base B, and those after field J make a multiple of B^-K less than B^-(J+1). The correction is a multiple
    of V - B U, plus a constant.
    """
    K = built.base ** (level * built.network.inputs)
    claim = sp.Eq(sp.Symbol("a"), sp.Sum(sp.Indexed("v", J) * sp.Symbol("B") ** -(J + 1), (J, 0, K - 1)))

    def prove(ledger: Ledger) -> None:
        names = [n.name for n in built.network.layers[level + 1]]
        outer = {n.name: n.affine for n in built.network.layers[level + 1]}
        inner = [n.name if n.activation == "exp2" else "" for n in built.network.layers[level]]
        floors = {n.name for n in built.network.layers[level + 1] if n.activation == "floor"}
        if not {f"U{level}", f"V{level}"} <= floors or f"E{level}" not in inner:
            raise Undecided(f"level {level} has no bit decoder")
        forms = [outer[f"{c}{level}"] for c in "UV"]
        at = inner.index(f"E{level}")
        ledger.fact(
            all([s for s, _ in f.terms] == [at] and f.bias == 0 for f in forms), "U and V read E alone"
        )
        a, B = forms[0].terms[0][1], forms[1].terms[0][1] / forms[0].terms[0][1]
        ledger.fact(
            fmpq(2) ** (int(B.p).bit_length() - 1) == B and B >= 2,
            f"V's weight is {B} times U's, a power of 2",
        )
        ledger.fact((a * B**K).q == 1 and 0 <= a * B**K < B**K, f"a B^{K} is an integer in [0, B^{K})")
        head = next(r for r in built.network.readouts if r.level == level)
        weights = {names[s]: weight for s, weight in head.affine.terms}
        ledger.fact(
            weights[f"U{level}"] == -B * weights[f"V{level}"], "the readout holds a multiple of V - B U"
        )

    return stated(f"the packed table of level {level}", claim, prove)


def _plain(expression: Any) -> Any:
    return sp.expand(sp.simplify(sp.powsimp(sp.expand(expression))))
