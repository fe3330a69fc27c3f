"""False claims: none may ever be proved. For each of them the status that it must get, why it is false, and a
demonstration by hand that it is (tests/claim_rows.py), so that no row is vacuous.

Networks come from the public builders; what is damaged is one number, one neuron, one layer, one readout.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import factorial
from typing import Any

import numpy as np
from claim_rows import (
    TINY,
    FalseRow,
    Patched,
    Shown,
    counted,
    decided,
    falls,
    far,
    head,
    phi,
    rises,
    shifted,
    square_error,
    swapped,
    table_by_hand,
    times,
    widest,
    with_neuron,
    with_readout,
    without_layer,
    without_neuron,
)
from damaged import (
    VALUES,
    about,
    floors,
    geometric,
    graded,
    hats,
    misbuilt,
    misread,
    of_example,
    plane,
    plane_hat,
    ramps,
    side_by_side,
    with_step,
    zigzag,
)
from flint import fmpq
from oracles import kuhn_error, step_error
from splines import spline

from constructs import multiplicative as multiplicative_construction
from constructs import targets
from constructs.network import Network
from verify import claims
from verify.claims import multiplicative_findings
from verify.splines.samples import Samples
from verify.theorem import (
    activations,
    computes,
    depth,
    error,
    local,
    monotone,
    neurons,
    parameters,
    width,
)
from verify.verdict import Verdict

Q = Fraction
UP, LESS = 1 + TINY, 1 - TINY
TINY_Q = Q(1, 2**40)


def square(x: Fraction) -> Fraction:
    return x * x


def product(x: Fraction, y: Fraction) -> Fraction:
    return x * y


def teeth(m: int) -> Any:
    """2^(m-1) teeth, by hand."""
    return lambda x: 1 - abs(1 - (x * 2**m) % 2)


def value_by_steps(x: Fraction) -> Fraction:
    """0 before 1/2, 1 from there on."""
    return Q(int(x >= Q(1, 2)))


def dyadic(n: int) -> list[Fraction]:
    """0, 1/n, ..., 1."""
    return [Q(k, n) for k in range(n + 1)]


# ------------------------------------------------------------------------------------------------- examples
# Yarotsky: at x = 2^-(m+1) the sum of m terms is x² too large by 4^-(m+1). Layer s holds up, down, sum.

BEST4 = Q(1, 4**5)
MIDDLE4 = Q(1, 2**5)
SQUARE_SUP = [error("inf", at_most=fmpq(1, 4**5))]
SQUARE4 = of_example("yarotsky_square:yarotsky", m=4)


def square4(damage: Any, *more: Any) -> Any:
    return of_example("yarotsky_square:yarotsky", damage, [*more, *SQUARE_SUP], m=4)


EXAMPLES = (
    FalseRow(
        "yarotsky: 2^(-2m-3)",
        "examples",
        of_example("yarotsky_square:too_good", m=4),
        "refuted",
        ("error",),
        "the error is exactly 2^(-2m-2)",
        far(square, BEST4 / 2, MIDDLE4),
        where=("at x0 = 1/32", "active there"),
        f=square,
        sound=SQUARE4,
    ),
    FalseRow(
        "yarotsky: a bound less by 10^-50",
        "examples",
        of_example("yarotsky_square:yarotsky", None, [error("inf", at_most=BEST4 - Q(1, 10**50))], m=4),
        "refuted",
        ("error",),
        "the bound is attained",
        far(square, BEST4 - Q(1, 10**50), MIDDLE4),
        f=square,
        sound=SQUARE4,
    ),
    FalseRow(
        "yarotsky: L2 bound too small in the fourth digit",
        "examples",
        of_example("yarotsky_square:yarotsky", None, [error(2, at_most=Q(1825, 10**4 * 4**3))], m=3),
        "refuted",
        ("error",),
        "the square of the L2 error is 1/(30·16^m), and 0.1825² < 1/30",
        lambda v: square_error(square, v, dyadic(8)) == Q(1, 30 * 16**3) > Q(1825, 10**4 * 4**3) ** 2,
        sound=of_example("yarotsky_square:yarotsky", None, [error(2, at_most=Q(1826, 10**4 * 4**3))], m=3),
    ),
    FalseRow(
        "yarotsky: a weight 2^-40 too large",
        "examples",
        of_example(
            "yarotsky_square:yarotsky",
            lambda n: with_neuron(n, 3, "up3", times(0, UP)),
            m=4,
        ),
        "refuted",
        ("computes",),
        "up3 should be the sawtooth of 2 teeth; the error itself gets no larger, since Phi >= x² comes down a little",
        lambda v: phi(v, MIDDLE4) < MIDDLE4**2 + BEST4,
        where=("up3", "active there"),
        sound=SQUARE4,
    ),
    FalseRow(
        "yarotsky: a bias 2^-40 too large",
        "examples",
        square4(lambda n: with_neuron(n, 2, "down2", shifted(TINY))),
        "refuted",
        ("error",),
        "the second tooth comes down 2^-38 too early",
        far(square, BEST4, "15/32"),
        where=("at x0 =", "active there"),
        f=square,
        sound=square4(None),
    ),
    FalseRow(
        "yarotsky: the sum's step with the other sign",
        "examples",
        square4(lambda n: with_neuron(n, 3, "sum3", times(0, -1))),
        "refuted",
        ("error",),
        "a term is added where it should be taken away",
        far(square, BEST4, "1/4"),
        f=square,
        sound=square4(None),
    ),
    FalseRow(
        "yarotsky: up and down exchanged",
        "examples",
        square4(lambda n: with_neuron(n, 4, "up4", swapped(0, 1))),
        "refuted",
        ("error",),
        "two sources' weights in the wrong order",
        far(square, BEST4, MIDDLE4),
        f=square,
        sound=square4(None),
    ),
    FalseRow(
        "yarotsky: a neuron dropped",
        "examples",
        square4(lambda n: without_neuron(n, 2, "down2")),
        "refuted",
        ("error",),
        "nothing folds the second tooth back",
        far(square, BEST4, "1/2"),
        where=("at x0 =",),
        f=square,
        sound=square4(None),
    ),
    FalseRow(
        "yarotsky: a layer left out",
        "examples",
        square4(lambda n: without_layer(n, 3), depth(4)),
        "refuted",
        ("error",),
        "the third term is missing, and the fourth has too few teeth",
        far(square, BEST4, "1/8"),
        f=square,
        sound=square4(None, depth(4)),
    ),
    FalseRow(
        "yarotsky: sizes one too small",
        "examples",
        square4(None, width(2), depth(3), neurons(11)),
        "refuted",
        ("width", "depth", "neurons"),
        "4 layers of 3",
        lambda v: (widest(v), *counted(v)[:2]) == (3, 4, 12),
        sound=square4(None, width(3), depth(4), neurons(12)),
    ),
    FalseRow(
        "yarotsky: one number less",
        "examples",
        square4(None, parameters(30)),
        "refuted",
        ("parameters",),
        "31 weights and biases are not 0: 4, then 8 a layer, and 3",
        lambda v: counted(v)[2] == 4 + 3 * 8 + 3,
        sound=square4(None, parameters(31)),
    ),
    FalseRow(
        "yarotsky: falling",
        "examples",
        square4(None, monotone(increasing=False)),
        "refuted",
        ("monotone",),
        "it rises",
        rises("1/4", "1/2"),
        sound=square4(None, monotone()),
    ),
    FalseRow(
        "product: as good as the square",
        "examples",
        of_example("yarotsky_product:as_good_as_the_square", m=2),
        "refuted",
        ("error",),
        "two of its squares' errors add up",
        far(product, Q(1, 4**3), 0, "1/4"),
        where=("at x0 =", "on the region of this point"),
        f=product,
        sound=of_example("yarotsky_product:product", m=2),
    ),
    FalseRow(
        "product: a share with the other sign",
        "examples",
        of_example("yarotsky_product:product", lambda n: with_readout(n, 0, head(times(-1, -1))), m=2),
        "refuted",
        ("error",),
        "y²/2 is added where it should be taken away",
        far(product, Q(3, 4**3), 0, 1),
        f=product,
        sound=of_example("yarotsky_product:product", m=2),
    ),
    FalseRow(
        "sawtooth: a tooth less",
        "examples",
        of_example(
            "telgarsky_sawtooth:telgarsky", lambda n: with_neuron(n, 3, "down3", shifted(fmpq(-1, 2))), m=3
        ),
        "refuted",
        ("error",),
        "the last fold never happens",
        far(teeth(3), 0, "1/4"),
        f=teeth(3),
        sound=of_example("telgarsky_sawtooth:telgarsky", m=3),
    ),
    FalseRow(
        "sawtooth: in one layer",
        "examples",
        of_example("telgarsky_sawtooth:one_layer", m=3),
        "refuted",
        ("error",),
        "6 neurons have too few kinks for 4 teeth",
        far(teeth(3), "1/2", 1),
        f=teeth(3),
    ),
    FalseRow(
        "sawtooth: rising",
        "examples",
        of_example("telgarsky_sawtooth:rising", m=3),
        "refuted",
        ("monotone",),
        "a tooth comes down again",
        falls("1/8", "1/4"),
    ),
    FalseRow(
        "sawtooth: one layer less for the same teeth",
        "examples",
        of_example("telgarsky_sawtooth:telgarsky", None, [error("inf", 0), depth(3)], m=4),
        "refuted",
        ("depth",),
        "m layers",
        lambda v: counted(v)[0] == 4,
        sound=of_example("telgarsky_sawtooth:telgarsky", None, [error("inf", 0), depth(4)], m=4),
    ),
    FalseRow(
        "minimal width less one",
        "examples",
        of_example("minimal_width:square", None, [width(1)], n=3),
        "refuted",
        ("width",),
        "d + 1 = 2 neurons are in every layer",
        lambda v: widest(v) == 2,
        sound=of_example("minimal_width:square", None, [width(2)], n=3),
    ),
    FalseRow(
        "minimal width: a tangent forgotten",
        "examples",
        of_example("minimal_width:square", lambda n: without_neuron(n, 2, "rest2"), n=3),
        "refuted",
        ("error",),
        "what was the maximum so far is lost",
        far(square, Q(1, 36), 0),
        f=square,
        sound=of_example("minimal_width:square", n=3),
    ),
    FalseRow(
        "minimal width: the bound of n + 1 tangents for n",
        "examples",
        of_example("minimal_width:square", None, [error("inf", at_most=Q(1, 4 * 16))], n=3),
        "refuted",
        ("error",),
        "in the middle between two tangents x² is larger by 1/(4n²)",
        far(square, Q(1, 64), "1/6"),
        f=square,
        sound=of_example("minimal_width:square", n=3),
    ),
    FalseRow(
        "roof: a kink at the wrong place",
        "examples",
        of_example("minimal_width:roof", lambda n: with_neuron(n, 1, 2, shifted(fmpq(1, 10)))),
        "refuted",
        ("error",),
        "the constant 1/2 is 6/10",
        far(lambda x, y: max(Q(1, 2), x, y), "1/100", 0, 0),
        f=lambda x, y: max(Q(1, 2), x, y),
        sound=of_example("minimal_width:roof"),
    ),
    FalseRow(
        "roof: a weight 2^-20 too large",
        "examples",
        of_example(
            "minimal_width:roof",
            lambda n: with_readout(n, 0, head(times(-1, 1 + fmpq(1, 2**20)))),
            [error("inf", fmpq(1, 2**22))],
        ),
        "refuted",
        ("error",),
        "where the constant is the maximum, 1/2 is added, a little too much",
        far(lambda x, y: max(Q(1, 2), x, y), Q(1, 2**22), 0, 0),
        f=lambda x, y: max(Q(1, 2), x, y),
    ),
    FalseRow(
        "roof: exact, with a weight 2^-60 too large",
        "examples",
        of_example(
            "minimal_width:roof",
            lambda n: with_readout(n, 0, head(times(-1, 1 + fmpq(1, 2**60)))),
            [error("inf", 0)],
        ),
        "undecided",
        ("error",),
        "as before; but in two variables f - Phi is enclosed in floats, and there is no room for 2^-60",
        far(lambda x, y: max(Q(1, 2), x, y), 0, 0, 0),
        because="budget",
        slow=True,
    ),
)

# ------------------------------------------------------------------------------------------------ geometric
# For f with slope K along the axes omega_p(f, t) <= K t for all p; for one jump of height 1, omega_p(f, t)^p <= t.


def slope(k: int, d: int = 1) -> Any:
    """k x0 on [0,1]^d."""
    return lambda: targets.kuhn(1, (np.arange(2**d) >= 2 ** (d - 1)).astype(int).reshape((2,) * d) * k)


def kuhn_beyond(target: Any, base: int, level: int, p: int | None, limit: Any) -> Shown:
    """The p-th power of the error of the table that the network gives is above the limit (p None: the supremum)."""
    return lambda v: kuhn_error(target(), table_by_hand(v, base, level), p) > limit


def step_beyond(target: Any, base: int, level: int, p: int, limit: Any) -> Shown:
    """The same for step targets."""
    return lambda v: step_error(target(), table_by_hand(v, base, level), p) > limit


def jump() -> Any:
    """1 before 1/2, 0 after."""
    return targets.step((["1/2"], [1, 0]))


def spikes() -> Any:
    """1[x0 < 1/100] + 1[x1 < 1/100]."""
    return targets.step((["1/100"], [1, 0]), (["1/100"], [1, 0]))


def line_and_line() -> Any:
    """x0 + x1."""
    return targets.kuhn(1, [[0, 1], [1, 2]])


def last_weights(n: Network, change: Any) -> Network:
    """The readout of the finest level, its stored correction (V and U) changed, the carrier S not."""
    row = n.layers[-1]

    def on_stored(a: Any) -> Any:
        changed = ((s, w if row[s].name == "S" else change(w)) for s, w in a.terms)
        return replace(a, terms=tuple((s, w) for s, w in changed if w != 0))

    return with_readout(n, -1, head(on_stored))


def renetworked(change: Any) -> Any:
    """A bug in what is built: its network changed."""
    return lambda built: replace(built, network=change(built.network))


def truncated(n: Network) -> Network:
    """Of the packed tables of the finest level only the first half."""

    def cut(a: Any) -> Any:
        ((s, w),) = a.terms
        places = fmpq(2) ** ((int(w.q).bit_length() - 1) // 2)
        return replace(a, terms=((s, fmpq((w * places).floor()) / places),))

    for name in ("U3", "V3"):
        n = with_neuron(n, n.depth, name, cut)
    return n


def exchanged(tables: list[np.ndarray]) -> list[np.ndarray]:
    """The first and the last entry of the finest table."""
    last = tables[-1].reshape(-1)
    last[0], last[-1] = last[-1], last[0]
    return tables


def parents(tables: list[np.ndarray]) -> list[np.ndarray]:
    """The finest level forgotten: its cells get what their parents have."""
    n = tables[-1].shape[0] // tables[-2].shape[0]
    tables[-1] = np.repeat(tables[-2], n)
    return tables


STEEP = {"levels": 3, "p": "inf", "constant": "sharp"}  # C = 17/16, omega_inf(64 x, 1/8) = 8

GEOMETRIC = (
    FalseRow(
        "identity, p = 1: C below 1/4",
        "geometric",
        geometric(slope(1), levels=2, p=1, constant="6/25"),
        "refuted",
        ("error",),
        "the error is N^-l / 4",
        kuhn_beyond(slope(1), 2, 2, 1, Q(6, 25) / 4),
    ),
    FalseRow(
        "identity, p = 2: C below 1/sqrt(12)",
        "geometric",
        geometric(slope(1), levels=2, p=2, constant="1/4"),
        "refuted",
        ("error",),
        "the error is N^-l / sqrt(12)",
        kuhn_beyond(slope(1), 2, 2, 2, (Q(1, 4) / 4) ** 2),
    ),
    FalseRow(
        "identity, p = inf: C below 1/2",
        "geometric",
        geometric(slope(1), levels=2, p="inf", constant="2/5"),
        "refuted",
        ("error",),
        "the error is N^-l / 2",
        kuhn_beyond(slope(1), 2, 2, None, Q(2, 5) / 4),
    ),
    FalseRow(
        "identity in three variables",
        "geometric",
        geometric(slope(1, 3), levels=1, p=1, constant="6/25"),
        "refuted",
        ("error",),
        "the error is N^-l / 4, in any dimension",
        kuhn_beyond(slope(1, 3), 2, 1, 1, Q(6, 25) / 2),
    ),
    FalseRow(
        "a jump, base 3: C below 1/2",
        "geometric",
        geometric(jump, base=3, levels=2, p=2, constant="49/100", tolerance="1/1000"),
        "refuted",
        ("error",),
        "the cell with the jump in its middle: error² = N^-l / 4, omega² = N^-l",
        step_beyond(jump, 3, 2, 2, Q(49, 100) ** 2 / 9),
    ),
    FalseRow(
        "corner spikes: C = 3 for d = 2, p = 1",
        "geometric",
        geometric(spikes, levels=1, p=1, constant=3),
        "refuted",
        ("error",),
        "a spike of width 1/100 is moved away by one shift: omega_1 = 1/100, and the error is nearly 4/100",
        step_beyond(spikes, 2, 1, 1, Q(3, 100)),
        sound=geometric(spikes, levels=1, p=1, constant=4),
    ),
    FalseRow(
        "two slopes, p = 2, axis modulus: C = 2/5",
        "geometric",
        geometric(line_and_line, levels=1, p=2, constant="2/5"),
        "refuted",
        ("error",),
        "error² = N^-2l / 6",
        kuhn_beyond(line_and_line, 2, 1, 2, (Q(2, 5) / 2) ** 2),
    ),
    FalseRow(
        "two slopes, p = 2, Euclidean modulus: C = 1/4",
        "geometric",
        geometric(line_and_line, levels=1, p=2, constant="1/4", modulus="euclidean"),
        "refuted",
        ("error",),
        "error² = N^-2l / 6, and omega <= sqrt(2) N^-l",
        kuhn_beyond(line_and_line, 2, 1, 2, 2 * (Q(1, 4) / 2) ** 2),
    ),
    FalseRow(
        "identity, p = 3/2: C = 1/10",
        "geometric",
        geometric(slope(1), levels=1, p="3/2", constant="1/10"),
        "refuted",
        ("error",),
        "the L^(3/2) norm is above the L^1 norm, N^-l / 4",
        kuhn_beyond(slope(1), 2, 1, 1, Q(1, 10) / 2),
    ),
    FalseRow(
        "relu digits with bits, d = 1: one too wide",
        "geometric",
        geometric(slope(1), levels=3, p=1, digits="relu"),
        "refuted",
        ("width",),
        "2dN + 4 neurons, where 2dN + d + 2 are stated",
        lambda v: widest(v) == 2 * 2 + 4 > 2 * 2 + 1 + 2,
        sound=geometric(slope(1), levels=2, p=2, digits="relu", decoder="two-sine"),
    ),
    FalseRow(
        "until 1/1000 after three levels",
        "geometric",
        geometric(slope(1), levels=3, p=2, until="1/1000"),
        "refuted",
        ("until",),
        "the error of level 3 is (1/8) / sqrt(12)",
        kuhn_beyond(slope(1), 2, 3, 2, Q(1, 1000) ** 2),
        sound=geometric(slope(1), levels=3, p=2, until="1/20"),
    ),
    FalseRow(
        "nothing stored",
        "geometric",
        geometric(slope(1), levels=4, p=2, tolerance=100),
        "refuted",
        ("error", "lipschitz-error"),
        "with a tolerance of 100 every level is one constant, and 3/16 < 1/sqrt(12)",
        kuhn_beyond(slope(1), 2, 4, 2, Q(3, 16) ** 2),
        sound=geometric(slope(1), levels=4, p=2),
    ),
    FalseRow(
        "strips, and p = inf",
        "geometric",
        geometric(slope(1), levels=2, p="inf", digits="relu"),
        "refused",
        (),
        "within a strip the readout is anything; see the row about one ramp, where the supremum is 1",
        lambda v: (
            v is None and far(lambda x: int(2 * x), "1/2", Q(1, 2) - Q(1, 2**20))(decided(ramps()).verdict)
        ),
        because="relu digits, whose strips have no small supremum",
    ),
    FalseRow(
        "sin(20 x), p = 2: C = 1/2",
        "geometric",
        geometric("sin(20*x0)", levels=0, p=2, constant="1/2"),
        "undecided",
        ("error",),
        "no-proof: refuting needs the modulus from above; known are twice the error, and sup|f'|: too much",
        lambda v: _sine_ratio() > 0.51,
        because="no-proof",
    ),
    FalseRow(
        "two table entries exchanged",
        "geometric",
        misread(geometric(slope(64), **STEEP), exchanged),
        "refuted",
        ("error", "lipschitz-error"),
        "the first cell has the last one's value",
        kuhn_beyond(slope(64), 2, 3, None, Q(17, 16) * 8),
        sound=geometric(slope(64), **STEEP),
    ),
    FalseRow(
        "two table entries exchanged, for every number of levels",
        "geometric",
        misread(geometric(slope(64), **STEEP), exchanged, always=True),
        "undecided",
        ("error", "lipschitz-error", "nested"),
        "rejected: the network of one level less is not contained, either, and the format has no certificate of that: "
        "by rule 9.4 one holds the hash of the sub-network",
        kuhn_beyond(slope(64), 2, 3, None, Q(17, 16) * 8),
        because="rejected",
        sound=geometric(slope(64), **STEEP),
    ),
    FalseRow(
        "a level forgotten, base 3",
        "geometric",
        misread(geometric(slope(27), base=3, **STEEP), parents),
        "refuted",
        ("error",),
        "half a parent cell is 3/2 cells, more than 17/16",
        kuhn_beyond(slope(27), 3, 3, None, Q(17, 16)),
        sound=geometric(slope(27), base=3, **STEEP),
    ),
    FalseRow(
        "the readout of the level before",
        "geometric",
        misbuilt(
            geometric(slope(27), base=3, **STEEP), renetworked(lambda n: last_weights(n, lambda w: w * 0))
        ),
        "refuted",
        ("error",),
        "the correction of the finest level is not read: the scale is N^-(l-1)",
        kuhn_beyond(slope(27), 3, 3, None, Q(17, 16)),
        sound=geometric(slope(27), base=3, **STEEP),
    ),
    FalseRow(
        "a correction with the other sign",
        "geometric",
        misbuilt(geometric(slope(64), **STEEP), renetworked(lambda n: last_weights(n, lambda w: -w))),
        "refuted",
        ("error",),
        "what should be added is taken away",
        kuhn_beyond(slope(64), 2, 3, None, Q(17, 16) * 8),
        sound=geometric(slope(64), **STEEP),
    ),
    FalseRow(
        "a table cut in half",
        "geometric",
        misbuilt(geometric(slope(64), **STEEP), renetworked(truncated)),
        "refuted",
        ("error",),
        "the fields of the last cells are gone",
        kuhn_beyond(slope(64), 2, 3, None, Q(17, 16) * 8),
        sound=geometric(slope(64), **STEEP),
    ),
    FalseRow(
        "two coordinates' digits exchanged",
        "geometric",
        misread(
            geometric(slope(64, 2), levels=2, p="inf", constant="sharp"),
            lambda ts: [t.T for t in ts],
            always=True,
        ),
        "refuted",
        ("error",),
        "the network is 64 x1",
        kuhn_beyond(slope(64, 2), 2, 2, None, Q(33, 16) * 16),
        sound=geometric(slope(64, 2), levels=2, p="inf", constant="sharp"),
    ),
    FalseRow(
        "a sine weight with the other sign",
        "geometric",
        misbuilt(
            geometric(slope(64), levels=2, p=2, digits="relu", decoder="two-sine", constant="sharp"),
            renetworked(lambda n: with_neuron(n, n.depth, "O2", times(0, -1))),
        ),
        "undecided",
        ("error",),
        "what should be added is taken away; no-proof: omega_2² = 64² (1/4)² (3/4), known from above is 64² (1/4)²",
        kuhn_beyond(slope(64), 2, 2, 2, (Q(17, 16) * 16) ** 2 * Q(3, 4)),
        because="no-proof",
        sound=geometric(slope(64), levels=2, p=2, digits="relu", decoder="two-sine", constant="sharp"),
    ),
    FalseRow(
        "digits: a jump 2^-40 too early",
        "geometric",
        floors(lambda n: with_neuron(n, 3, "G0", times(0, UP))),
        "refuted",
        ("error",),
        "floor(8 x (1 + 2^-40)) jumps a little before the cell's end",
        far(lambda x: min(int(8 * x), 7), 0, Q(1, 2) - Q(1, 2**43)),
        where=("at x0 =", "active there"),
        f=lambda x: min(int(8 * x), 7),
        sound=floors(),
    ),
    FalseRow(
        "digits: the last point forgotten",
        "geometric",
        floors(lambda n: without_neuron(n, 3, "F0")),
        "refuted",
        ("error",),
        "floor(8) = 8 is no cell: wrong at x = 1 only, and seen there",
        far(lambda x: min(int(8 * x), 7), 0, 1),
        where=("at x0 = 1:", "jumps; it has this value at this point only"),
        f=lambda x: min(int(8 * x), 7),
        sound=floors(),
    ),
    FalseRow(
        "digits: a level skipped",
        "geometric",
        floors(lambda n: with_neuron(n, 3, "G0", times(0, fmpq(1, 2)))),
        "refuted",
        ("error",),
        "the cells of level 2 are counted",
        far(lambda x: min(int(8 * x), 7), 0, "1/8"),
        f=lambda x: min(int(8 * x), 7),
        sound=floors(),
    ),
    FalseRow(
        "digits: a floor instead of the carrier",
        "geometric",
        floors(lambda n: with_neuron(n, 2, "X0", lambda a: replace(a, terms=((1, fmpq(1, 2)),)))),
        "refuted",
        ("error",),
        "index swapped: x is read from the digit's neuron",
        far(lambda x: min(int(8 * x), 7), 0, "1/4"),
        f=lambda x: min(int(8 * x), 7),
        sound=floors(),
    ),
    FalseRow(
        "one ramp: the supremum within the strip",
        "geometric",
        ramps(last=error("inf", "1/2")),
        "refuted",
        ("error",),
        "just before 1/2 the ramp is nearly 1 already",
        far(lambda x: int(2 * x), "1/2", Q(1, 2) - Q(1, 2**20)),
        where=("at x0 =",),
        f=lambda x: int(2 * x) if x < 1 else Q(1),
        sound=ramps(last=error("inf", 1)),
    ),
    FalseRow(
        "one ramp: a jump 2^-40 too early",
        "geometric",
        ramps(lambda n: with_neuron(n, 1, "A0.1", shifted(TINY))),
        "refuted",
        ("error",),
        "the strip is wider by delta 2^-40, and the digit a little above 1 beyond it",
        lambda v: square_error(lambda x: Q(int(2 * x)), v, _ramp_cuts(Q(1, 2**40))) > Q(1, 64),
        sound=ramps(),
    ),
    FalseRow(
        "one ramp: a jump 2^-40 too high",
        "geometric",
        ramps(lambda n: with_readout(n, 0, head(times(0, UP)))),
        "refuted",
        ("error",),
        "a weight of the readout",
        lambda v: square_error(lambda x: Q(int(2 * x)), v, _ramp_cuts(Q(0))) > Q(1, 64),
        sound=ramps(),
    ),
    FalseRow(
        "one ramp: L2 bound less by 2^-40",
        "geometric",
        ramps(last=error(2, fmpq(1, 8) * LESS)),
        "refuted",
        ("error",),
        "the square of the error is delta / 3",
        lambda v: square_error(lambda x: Q(int(2 * x)), v, _ramp_cuts(Q(0))) == Q(1, 64),
        sound=ramps(),
    ),
)


def _ramp_cuts(early: Fraction) -> list[Fraction]:
    """Where the ramp of width delta before 1/2 begins (earlier by that share of delta) and ends."""
    delta = Q(3, 64)
    ends = {Q(0), Q(1, 2) - delta - delta * early, Q(1, 2) - delta * early, Q(1, 2) - delta, Q(1, 2), Q(1)}
    return sorted(ends)


def _sine_ratio() -> float:
    """error / omega_2 of sin(20 x) at level 0, from below by closed forms.

    f(x+s) - f(x) = 2 sin(10 s) cos(20 x + 10 s), so that omega² <= max over s of 4 sin²(10 s) ((1-s)/2 + 1/40), which
    grows until s = 0.12 at most to 4·0.87·0.525, and beyond is at most 4 (0.44 + 0.025).
    """
    mean = (1 - np.cos(20)) / 20
    error_squared = 1 / 2 - np.sin(40) / 80 - mean**2
    omega_squared = max(4 * np.sin(1.2) ** 2 * 0.525, 4 * (0.44 + 0.025))
    return float(np.sqrt(error_squared / omega_squared))


# ------------------------------------------------------------------------------------------------ multigrade
# The zigzag 5 7 4 6 5 at mesh 1/4: the sweep takes 5 4 4 4 5, and 0 3 0 2 0 is left. Grade i has two layers:
# x0 a b S, then x0 psi S; a = relu(k - 4x), b = relu(4x - k), psi = relu(1 - a - b), S the sum so far.


def zig(x: Fraction) -> Fraction:
    """Linear between 5, 7, 4, 6, 5."""
    k = min(int(4 * x), 3)
    return VALUES[k] + (4 * x - k) * (VALUES[k + 1] - VALUES[k])


def sup_beyond(bound: Any, x: Any) -> Shown:
    """|zigzag - last readout| > bound at x."""
    return far(zig, bound, x)


def grows(grade: int, x: Any) -> Shown:
    """|zigzag - Phi| is larger at x after this grade (from 1) than before it."""

    def shown(v: Verdict | None) -> bool:
        before = phi(v, x, readout=grade - 2) if grade > 1 else Q(0)
        return abs(zig(Q(x)) - phi(v, x, readout=grade - 1)) > abs(zig(Q(x)) - before)

    return shown


def without_grade(n: Network) -> Network:
    """The second grade's two layers left out."""
    heads = tuple(r for r in n.readouts if r.layer > 4)
    rows = tuple(n.layers[:2]) + tuple(n.layers[4:])
    kept = replace(n.readouts[0]), *(replace(r, layer=r.layer - 2) for r in heads)
    return Network(n.inputs, rows, kept)


def steeper(n: Network) -> Network:
    """The second hat on the grid of mesh 1/8, about the same node."""
    for name in ("a", "b"):
        n = with_neuron(n, 3, name, lambda a: replace(a, terms=((0, a.terms[0][1] * 2),), bias=a.bias * 2))
    return n


MULTIGRADE = (
    FalseRow(
        "until 1/99 after one sweep",
        "multigrade",
        lambda: (claims.multigrade(mesh="1/4", sweeps=1, until="1/99"), zigzag()),
        "refuted",
        ("until",),
        "one sweep leaves 3 at 1/4",
        sup_beyond("1/99", "1/4"),
        sound=lambda: (claims.multigrade(mesh="1/4", sweeps=1, until=3), zigzag()),
    ),
    FalseRow(
        "until, just below what is left",
        "multigrade",
        lambda: (claims.multigrade(mesh="1/4", sweeps=1, until=Q(3) - Q(1, 10**20)), zigzag()),
        "refuted",
        ("until",),
        "one sweep leaves exactly 3",
        sup_beyond(Q(3) - Q(1, 10**20), "1/4"),
        sound=lambda: (claims.multigrade(mesh="1/4", sweeps=1, until=3), zigzag()),
    ),
    FalseRow(
        "until, of an expression",
        "multigrade",
        lambda: (claims.multigrade(mesh="1/2", sweeps=2, until="1/100"), targets.expression("x0 + 1/4", 1)),
        "refuted",
        ("until",),
        "a hat takes the least value of its support only: 1/4 is left at 3/8",
        far(lambda x: x + Q(1, 4), "1/100", "3/8"),
    ),
    FalseRow(
        "a jump, continuous approximation",
        "multigrade",
        lambda: (claims.multigrade(), targets.step((["1/2"], [0, 1]))),
        "refused",
        (),
        "nothing continuous converges uniformly there: values 0 and 1 meet at 1/2",
        lambda v: v is None and abs(value_by_steps(Q(1, 2)) - value_by_steps(Q(1, 2) - TINY_Q)) == 1,
        because="a continuous target",
    ),
    FalseRow(
        "a step beyond twice the least value",
        "multigrade",
        graded(with_step(0, 1, "21/2")),
        "refuted",
        ("pointwise", "decrease", "rate", "slope"),
        "the second grade takes 21/2 where 4 is left at 1/2 - at 1/4 only 7 - 21/2 = -7/2",
        lambda v: _overshoots(v),
        sound=graded(),
    ),
    FalseRow(
        "a step of the other sign",
        "multigrade",
        graded(with_step(0, 1, -4)),
        "refuted",
        ("pointwise", "decrease", "rate", "slope"),
        "at 1/4 it adds to the error",
        grows(2, "1/4"),
        sound=graded(),
    ),
    FalseRow(
        "non-strict called strict",
        "multigrade",
        graded(with_step(0, 2, 0)),
        "refuted",
        ("decrease", "rate"),
        "the third grade changes nothing",
        lambda v: all(phi(v, x, readout=2) == phi(v, x, readout=1) for x in dyadic(64)),
        sound=graded(),
    ),
    FalseRow(
        "steps too small for the rate",
        "multigrade",
        graded(with_step(0, 1, "1/2")),
        "refuted",
        ("rate", "slope"),
        "K h = 3 is claimed, 13/2 are left at 1/4",
        sup_beyond(3, "1/4"),
        sound=graded(),
    ),
    FalseRow(
        "hats: a bound less by 2^-40",
        "multigrade",
        hats(bound=3 * LESS),
        "refuted",
        ("error",),
        "3 is left at 1/4",
        sup_beyond(3 - 3 * Q(1, 2**40), "1/4"),
        f=zig,
        sound=hats(),
    ),
    FalseRow(
        "hats: a step 2^-40 too small",
        "multigrade",
        hats(lambda n: with_neuron(n, 5, "S", times(0, LESS))),
        "refuted",
        ("error",),
        "a little more than 3 is left at 1/4",
        sup_beyond(3, "1/4"),
        where=("at x0 = 1/4", "active there", "psi"),
        f=zig,
        sound=hats(),
    ),
    FalseRow(
        "hats: a bias 2^-40 too large",
        "multigrade",
        hats(lambda n: with_neuron(n, 4, "psi", shifted(-TINY))),
        "refuted",
        ("error",),
        "the second hat is 2^-40 too low",
        sup_beyond(3, "1/4"),
        f=zig,
        sound=hats(),
    ),
    FalseRow(
        "hats: a step of the other sign",
        "multigrade",
        hats(lambda n: with_neuron(n, 5, "S", times(0, -1))),
        "refuted",
        ("error",),
        "the second hat is taken away",
        sup_beyond(3, "1/4"),
        f=zig,
        sound=hats(),
    ),
    FalseRow(
        "hats: the second one twice as steep",
        "multigrade",
        hats(steeper),
        "refuted",
        ("error",),
        "between its node and the next too little is taken",
        sup_beyond(3, "3/8"),
        f=zig,
        sound=hats(),
    ),
    FalseRow(
        "hats: the readout of the grade before",
        "multigrade",
        hats(lambda n: with_readout(n, -1, lambda r: replace(n.readouts[3], level=r.level))),
        "refuted",
        ("error",),
        "the last hat is missing: 5 is left at 1",
        sup_beyond(3, 1),
        f=zig,
        sound=hats(),
    ),
    FalseRow(
        "hats: a grade left out",
        "multigrade",
        hats(without_grade),
        "refuted",
        ("error",),
        "its step is added to another one's hat",
        sup_beyond(3, "1/4"),
        f=zig,
        sound=hats(),
    ),
    FalseRow(
        "hats: a half of a hat dropped",
        "multigrade",
        hats(lambda n: with_neuron(n, 4, "psi", times(0, 0))),
        "refuted",
        ("error",),
        "psi without a is 1 on the whole left side",
        sup_beyond(3, 0),
        f=zig,
        sound=hats(),
    ),
    FalseRow(
        "hats: width d + 2",
        "multigrade",
        hats(conditions=[width(3)]),
        "refuted",
        ("width",),
        "x0, a, b, S",
        lambda v: widest(v) == 4,
        sound=hats(conditions=[width(4)]),
    ),
    FalseRow(
        "hats: one layer less",
        "multigrade",
        hats(conditions=[depth(9)]),
        "refuted",
        ("depth",),
        "two layers for each of 5 grades",
        lambda v: counted(v)[0] == 10,
        sound=hats(conditions=[depth(10)]),
    ),
    FalseRow(
        "hats: a wrong hat named",
        "multigrade",
        hats(
            lambda n: with_neuron(n, 4, "psi", times(0, UP)),
            [computes((4, 1), targets.kuhn(4, [0, 1, 0, 0, 0]))],
        ),
        "refuted",
        ("computes",),
        "one weight of psi is 2^-40 too large: the hat is too narrow; what is left is still at most 3",
        lambda v: phi(v, "1/8", readout=1) < 5 * Q(1, 2) + 4 * Q(1, 2),
        where=("psi",),
        sound=hats(None, [computes((4, 1), targets.kuhn(4, [0, 1, 0, 0, 0]))]),
    ),
    FalseRow(
        "side by side: a step 2^-40 too small",
        "multigrade",
        side_by_side(lambda n: with_readout(n, 0, head(times(1, LESS)))),
        "refuted",
        ("error",),
        "a little more than 3 is left at 1/4",
        sup_beyond(3, "1/4"),
        f=zig,
        sound=side_by_side(),
    ),
    FalseRow(
        "side by side: a hat dropped",
        "multigrade",
        side_by_side(lambda n: with_readout(n, 0, head(times(3, 0)))),
        "refuted",
        ("error",),
        "all of 6 is left at 3/4",
        sup_beyond(3, "3/4"),
        f=zig,
        sound=side_by_side(),
    ),
    FalseRow(
        "in the plane: a step of the other sign",
        "multigrade",
        plane_hat(lambda n: with_readout(n, 0, head(times(0, -1)))),
        "refuted",
        ("error",),
        "8 and 1/16 are missing in the middle",
        far(plane, "1/4", "1/2", "1/2"),
        where=("at x0 =", "on the region of this point"),
        f=plane,
        sound=plane_hat(),
    ),
    FalseRow(
        "in the plane: an index exchanged",
        "multigrade",
        plane_hat(lambda n: with_neuron(n, 3, 0, times(-1, 0))),
        "refuted",
        ("error",),
        "the hat forgets its running minimum",
        far(plane, "1/4", 0, 1),
        f=plane,
        sound=plane_hat(),
    ),
)


def _overshoots(v: Verdict | None) -> bool:
    """Some grade makes the error larger at a multiple of 1/64."""
    return any(grows(i, x)(v) for i in range(1, 6) for x in dyadic(64))


# -------------------------------------------------------------------------------------------- multiplicative
# Splines of degree q reproduce polynomials of degree q; the error of x^(q+1) on mesh h/2 at x/2 is 2^-(q+1) of that on
# mesh h at x, near 0, and in between: its order is q + 1, exactly.


def spline_by_hand(v: Verdict | None, rung: int | None, x: Fraction) -> Fraction:
    """The certificate's spline at a point, by the definition of B-splines."""
    assert v is not None
    given = v.certificate["network"] if rung is None else v.certificate["network"]["rungs"][rung]
    q, mesh = given["degree"], given["mesh"]
    c = np.array([number(t) for t in given["coefficients"]], dtype=object)
    value = spline(c, q, mesh, -q, [fmpq(x.numerator, x.denominator)])
    return Q(int(value.p), int(value.q))


def falls_short(f: Any, degree: int, least: Any, x: Any = None) -> Shown:
    """From the first mesh to the second the supremum of the error does not fall by 2^least.

    On the first it is at most the largest of 65 values per cell, over 1 - n²/64: on every cell it is a polynomial of
    degree n <= 4, whose derivative is at most 2n² its supremum over the cell's length (Markov), and some value is at
    most half a step from where it is largest. With x given, that is where it is largest.
    """

    def shown(v: Verdict | None) -> bool:
        coarse, fine = (v.certificate["network"]["rungs"][r]["mesh"] for r in (0, 1)) if v else (1, 1)
        if x is not None:
            above = abs(f(Q(x)) - spline_by_hand(v, 0, Q(x)))
            below = abs(f(Q(x)) - spline_by_hand(v, 1, Q(x)))
        else:
            above = max(abs(f(t) - spline_by_hand(v, 0, t)) for t in dyadic(64 * coarse)) * Q(
                64, 64 - (degree + 1) ** 2
            )
            below = max(abs(f(t) - spline_by_hand(v, 1, t)) for t in dyadic(8 * fine))
        return below * 2 ** Q(least) > above

    return shown


def longest_support(v: Verdict | None, mesh: int) -> Fraction:
    """The longest side of a product unit's box in cells, from the signs of its factors' weights."""
    assert v is not None
    data, longest = v.network.to_json(), Q(0)
    first, units = data["layers"]
    for unit in units:
        sides: dict[int, list[Fraction]] = {}
        for source, _ in unit["weights"]:
            ((axis, w),) = first[source]["weights"]
            sides.setdefault(axis, []).append(-number_of(first[source]["bias"]) / number_of(w))
        longest = max(longest, *(max(s) - min(s) for s in sides.values()))
    return longest * mesh


def number_of(text: str) -> Fraction:
    """A number of a certificate."""
    from built import number as read

    return read(text)


def number(text: str) -> fmpq:
    """The same for splines.py."""
    value = number_of(text)
    return fmpq(value.numerator, value.denominator)


def multiplicative(text: str, dim: int = 1, **options: Any) -> Any:
    """The library's claim, on one mesh or a ladder."""
    return lambda: (claims.CLAIMS["multiplicative"](**options), targets.expression(text, dim))


def missampled(made: Any, bug: Any) -> Any:
    """The library's claim with a bug in the coefficients."""

    def make() -> Any:
        claim, target = made()

        def wrap(sampled: Any) -> Any:
            def wrong(*a: Any) -> Samples:
                right = sampled(*a)
                c = right.coefficients.copy()
                bug(c)
                return Samples(c, right.tolerance)

            return wrong

        return Patched(claim, multiplicative_findings, "sampled", wrap), target

    return make


def misjoined(made: Any, change: Any) -> Any:
    """The library's claim with a bug in the network: its coefficients are right."""

    def make() -> Any:
        claim, target = made()

        def wrap(build: Any) -> Any:
            def wrong(*a: Any) -> Any:
                built = build(*a)
                object.__setattr__(built, "network", change(built.network))
                return built

            return wrong

        return Patched(claim, multiplicative_findings.construction, "build", wrap), target

    return make


def exchange(c: np.ndarray) -> None:
    """The second and the last coefficient but one."""
    c[1], c[-2] = c[-2], c[1]


def roll(c: np.ndarray) -> None:
    """Every coefficient in its neighbour's place."""
    c[:] = np.roll(c, 1)


def cut_off(c: np.ndarray) -> None:
    """The last ones forgotten."""
    c[-3:] = [fmpq(0)] * 3


def negate(c: np.ndarray) -> None:
    """One with the other sign."""
    c[2] = -c[2]


def bell(x: Fraction) -> Fraction:
    """exp(x), near enough."""
    return sum((x**n / factorial(n) for n in range(20)), Q(0))


def kink(x: Fraction) -> Fraction:
    return abs(x - Q(1, 3))


EXP = multiplicative("exp(x0)", mesh="1/8")


def exp_far(*x: Any) -> Shown:
    """|exp - Phi| > h²/8 · e at this point, by the spline of the certificate."""
    return lambda v: any(abs(bell(Q(t)) - spline_by_hand(v, None, Q(t))) > Q(28, 10 * 8 * 64) for t in x)


def product_network(heights: Any) -> Network:
    """A spline of degree 1 on mesh 1/4 with these coefficients."""
    return multiplicative_construction.build(np.array([fmpq(c) for c in heights], dtype=object), 1, 4).network


def own(conditions: Any, heights: Any = (0, 1, 2, 1, 0)) -> Any:
    """Anybody's claim about a network of products."""
    return about(lambda: product_network(heights), lambda: targets.kuhn(4, list(heights)), conditions)


MULTIPLICATIVE = (
    *(
        FalseRow(
            f"degree {q}: units of {q} cells a side",
            "multiplicative",
            multiplicative("sin(2*x0)", mesh="1/4", degree=q, support=q),
            "refuted",
            ("support",),
            "a B-spline of degree q is positive on q + 1 cells, so that some unit reaches over them all",
            lambda v, q=q: longest_support(v, 4) == q + 1,
            sound=multiplicative("sin(2*x0)", mesh="1/4", degree=q),
        )
        for q in (1, 2, 3)
    ),
    FalseRow(
        "degree 1, two variables: units of one cell",
        "multiplicative",
        multiplicative("sin(2*x0)*exp(x1)", 2, mesh="1/4", support=1),
        "refuted",
        ("support",),
        "hats are two cells wide along each axis",
        lambda v: longest_support(v, 4) == 2,
        sound=multiplicative("sin(2*x0)*exp(x1)", 2, mesh="1/4"),
    ),
    *(
        FalseRow(
            f"order {q + 2} of degree {q}",
            "multiplicative",
            multiplicative(f"x0**{q + 1}", mesh="1/4", degree=q, ladder=2, order=q + 2),
            "refuted",
            ("order", "sup at 1/4", "sup at 1/8", "derivative at 1/4", "derivative at 1/8")
            if q == 1
            else ("order",),
            "the error of x^(q+1) has order q + 1",
            falls_short(lambda x, q=q: x ** (q + 1), q, q + 1 + Q(1, 2)),
        )
        for q in (1, 2, 3)
    ),
    FalseRow(
        "order 2 of a kink",
        "multiplicative",
        multiplicative("abs(x0-1/3)", mesh="1/4", ladder=3, order=2),
        "refuted",
        ("order",),
        "at 1/3 the interpolant is 4h/9 above it",
        falls_short(kink, 1, Q(3, 2), "1/3"),
    ),
    FalseRow(
        "order 5/2 of |x - 1/3|^(3/2)",
        "multiplicative",
        multiplicative("abs(x0-1/3)**(3/2)", mesh="1/8", ladder=2, order="5/2"),
        "refuted",
        ("order",),
        "scaled by 1/2 about 1/3 it is 2^(-3/2) of itself, and 1/3 lies at 2/3 and 1/3 of its cells: order 3/2",
        lambda v: _root_falls_short(v),
    ),
    FalseRow(
        "order 11/4 of an error that falls like h^2",
        "multiplicative",
        multiplicative("exp(x0)", mesh="1/4", ladder=2, order="11/4"),
        "refuted",
        ("order",),
        "2^(9/4) is above 4.2, and errors fall by 4; e is a parabola nearly, and seen near its top within 4 per cent",
        lambda v: (
            max(abs(bell(t) - spline_by_hand(v, 1, t)) for t in dyadic(16)) * Q(42, 10)
            > max(abs(bell(t) - spline_by_hand(v, 0, t)) for t in dyadic(64)) * Q(104, 100)
            > 0
        ),
    ),
    FalseRow(
        "Zygmund norm 3/2 of a kink",
        "multiplicative",
        multiplicative("abs(x0-1/3)", mesh="1/4", degree=2, norm="zygmund:3/2"),
        "refused",
        (),
        "the second difference at 1/3 is 2y, not O(y^(3/2))",
        lambda v: (
            v is None
            and kink(Q(1, 3) + TINY_Q) + kink(Q(1, 3) - TINY_Q) - 2 * kink(Q(1, 3)) > Q(1, 2**60) + TINY_Q
        ),
        because="second derivatives are not bounded",
    ),
    FalseRow(
        "Zygmund norm of a square root",
        "multiplicative",
        multiplicative("sqrt(x0)", mesh="1/4", norm="zygmund:1"),
        "refused",
        (),
        "sqrt(2y) - 2 sqrt(y) is not O(y)",
        lambda v: v is None and 2 * 2.0**-20 - 2**0.5 * 2.0**-20 > 2.0**-21 > 10**5 * 2.0**-40,
        because="gradient is not bounded",
    ),
    FalseRow(
        "Zygmund norm 3/2 by degree 1",
        "multiplicative",
        multiplicative("sin(x0)", mesh="1/4", norm="zygmund:3/2"),
        "refused",
        (),
        "a spline of degree 1 has kinks, as above",
        lambda v: v is None and kink(Q(1, 3) + TINY_Q) + kink(Q(1, 3) - TINY_Q) > Q(1, 2**60) + TINY_Q,
        because="for degree 1 zygmund:S, 0 < S <= 1",
    ),
    FalseRow(
        "Bessel norm of what does not vanish at 1",
        "multiplicative",
        multiplicative("x0", mesh="1/4", norm="bessel:1/2"),
        "refused",
        (),
        "extended by 0 it jumps at 1, and a jump is not in H^(1/2)",
        lambda v: v is None and targets.expression("x0", 1).exact([1]) == 1,
        because="on the boundary of the cube",
    ),
    FalseRow(
        "Bessel norm of what vanishes nearly",
        "multiplicative",
        multiplicative("x0*(1-x0)*x1*(1-x1) + 1/1000000", 2, mesh="1/4", norm="bessel:1/2"),
        "refused",
        (),
        "extended by 0 it jumps by 10^-6",
        lambda v: v is None and Q(0) * (1 - 0) * Q(1, 2) * Q(1, 2) + Q(1, 10**6) > 0,
        because="on the boundary of the cube",
    ),
    FalseRow(
        "Bessel norm 3/2 of what has a slope at 0",
        "multiplicative",
        multiplicative("x0*(1-x0)", mesh="1/4", degree=2, norm="bessel:3/2"),
        "refused",
        (),
        "extended by 0 it has kinks at 0 and 1, and a kink is not in H^(3/2)",
        lambda v: v is None and TINY_Q * (1 - TINY_Q) > TINY_Q / 2,
        because="and so is its gradient",
    ),
    FalseRow(
        "two coefficients exchanged",
        "multiplicative",
        missampled(EXP, exchange),
        "undecided",
        ("sup", "derivative"),
        "rejected: the checker recomputes every coefficient; what is above the theorem's bounds is no-proof, since "
        "these are known from below",
        exp_far("1/8", "7/8", "1/4"),
        because="rejected",
        sound=EXP,
    ),
    FalseRow(
        "all coefficients in the neighbour's place",
        "multiplicative",
        missampled(EXP, roll),
        "undecided",
        ("sup", "derivative"),
        "as before",
        exp_far("1/2"),
        because="rejected",
        sound=EXP,
    ),
    FalseRow(
        "the last coefficients forgotten",
        "multiplicative",
        missampled(EXP, cut_off),
        "undecided",
        ("sup", "derivative"),
        "as before",
        exp_far(1),
        because="rejected",
        sound=EXP,
    ),
    FalseRow(
        "a coefficient with the other sign",
        "multiplicative",
        missampled(EXP, negate),
        "undecided",
        ("sup", "derivative"),
        "as before",
        exp_far("1/8", "1/4"),
        because="rejected",
        sound=EXP,
    ),
    FalseRow(
        "a readout's weight 2^-40 too large",
        "multiplicative",
        misjoined(EXP, lambda n: with_readout(n, 0, head(times(3, UP)))),
        "undecided",
        ("units",),
        "the network is not that of its coefficients: the certificate holds these, and cannot be about another network",
        lambda v: any(phi(v, x) != spline_by_hand(v, None, x) for x in dyadic(32)),
        because="rejected",
        sound=EXP,
    ),
    FalseRow(
        "a product's factor exchanged",
        "multiplicative",
        misjoined(EXP, lambda n: with_neuron(n, 2, 1, swapped(n.layers[1][1].affine.terms[1][0], 3))),
        "undecided",
        ("support", "units"),
        "as before; the unit with the wrong factor is not seen to be local",
        lambda v: any(phi(v, x) != spline_by_hand(v, None, x) for x in dyadic(32)),
        because="rejected",
        sound=EXP,
    ),
    FalseRow(
        "own: a change is seen farther away",
        "multiplicative",
        own([width(99), local(lambda: product_network([0, 1, 3, 1, 0]), within=[("1/4", "5/8")])]),
        "undecided",
        ("custom",),
        "no-proof: a unit that reaches out of the box differs, and units are not added up; besides, products have no "
        "certificate of one's own",
        lambda v: phi(v, "11/16") != value_of([0, 1, 3, 1, 0], Q(11, 16)),
        because="uncertified",
    ),
    FalseRow(
        "own: other activations",
        "multiplicative",
        own([activations("relu")]),
        "undecided",
        ("activations",),
        "the finding is refuted, but products have no certificate of one's own, so that nobody else can see it",
        lambda v: v is not None and "product" in str(v.network.to_json()["layers"][1][0]["activation"]),
        because="uncertified",
    ),
)


def value_of(heights: Any, x: Fraction) -> Fraction:
    """Linear between these values at the multiples of 1/4."""
    k = min(int(4 * x), 3)
    return Q(heights[k]) + (4 * x - k) * (heights[k + 1] - heights[k])


def _root_falls_short(v: Verdict | None) -> bool:
    """On mesh h = 1/8, in units of h^(3/2): off the cell of 1/3 the error is at most (1/8)(3/4)(1/3)^(-1/2) < 0.17.
    There it is L - d^(3/2), d the distance from 1/3, L linear of slope s = (2/3)^(3/2) - (1/3)^(3/2) < 0.36, so at most
    L(1/3) + max(s d - d^(3/2)) < 0.31 + 4 s³/27 < 0.32. On mesh h/2 the error at 1/3 is above a fourth of that.
    """
    return 4 * float(spline_by_hand(v, 1, Q(1, 3))) > 0.32 / 8**1.5


FALSE = EXAMPLES + GEOMETRIC + MULTIGRADE + MULTIPLICATIVE
