"""Claims about networks of the public builders, as they are (damage None) and damaged: the same conditions for both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
from claim_rows import Made, Patched
from flint import fmpq
from own_examples import example

from constructs import geometric as geometric_construction
from constructs import multigrade as multigrade_construction
from constructs import targets
from constructs.digits import FloorDigits, StaircaseDigits
from constructs.grades import Sweep
from constructs.multigrade import Multigrade
from constructs.network import Network
from constructs.parallel_sweep import parallel
from constructs.rationals import Rationals
from constructs.targets.base import Target
from constructs.wiring import Head, assemble
from verify import claims
from verify.claims import geometric_findings
from verify.claims.multigrade_findings import Question
from verify.residuals import residual
from verify.theorem import activations, depth, error, theorem, width
from verify.verdict import Verdict

Q = Fraction
Damage = Callable[[Network], Network] | None


def of_example(name: str, damage: Damage = None, conditions: Any = None, **values: Any) -> Made:
    """A theorem of the folder examples, its network damaged, its conditions others if given."""

    def make() -> tuple[Any, Target]:
        claim = example(name)(**values)
        build = claim.construct
        if damage is not None:
            claim = replace(claim, construct=lambda: damage(build(**values)))
        if conditions is not None:
            claim = replace(claim, conditions=conditions)
        return claim, claim.target

    return make


def about(build: Callable[[], Network], target: Callable[[], Target], conditions: Sequence[Any]) -> Made:
    """A claim about one network, as anybody could write it."""

    def make() -> tuple[Any, Target]:
        aim = target()
        stated = theorem(
            name="t",
            source="tests/false_claims.py",
            parameters={},
            construct=build,
            conditions=conditions,
            target=aim,
        )
        return stated(), aim

    return make


# ------------------------------------------------------------------------------------------------- geometric


def numbers_of_cells(base: int, levels: int, kind: str, delta: Any = None) -> Network:
    """The cells' numbers level by level, of one coordinate, by constructs/digits.py."""
    digits = StaircaseDigits(1, base, fmpq(delta)) if kind == "relu" else FloorDigits(1, base)
    layers = [digits.channels(t) for t in range(1, levels + 1)]
    return assemble(["x0"], layers, [Head(t, t, digits.index(t)) for t in range(1, levels + 1)])


def stairs(n: int) -> Target:
    """floor(n x), and n - 1 at 1."""
    return targets.step(([f"{k}/{n}" for k in range(1, n)], list(range(n))))


def floors(damage: Damage = None, levels: int = 3) -> Made:
    """Floor digits count the cells at every point of [0,1], with 3 neurons a layer."""

    def build() -> Network:
        network = numbers_of_cells(2, levels, "floor")
        return network if damage is None else damage(network)

    stated = [width(3), depth(levels), activations("relu", "floor"), error("inf", 0)]
    return about(build, lambda: stairs(2**levels), stated)


DELTA = fmpq(3, 64)


def ramps(damage: Damage = None, last: Any = None, base: int = 2, delta: fmpq = DELTA) -> Made:
    """One level of staircase digits: the square of the L^2 error is (N-1) delta / 3, all of it on the strips."""

    def build() -> Network:
        network = numbers_of_cells(base, 1, "relu", delta)
        return network if damage is None else damage(network)

    last = error(2, at_most="1/8") if last is None else last
    return about(build, lambda: stairs(base), [width(2 * base), depth(1), activations("relu"), last])


def geometric(target: Callable[[], Target] | str, dim: int = 1, **options: Any) -> Made:
    """The library's claim."""
    if isinstance(target, str):
        text = target
        return lambda: (claims.geometric(**options), targets.parse(text, dim))
    return lambda: (claims.geometric(**options), target())


def misbuilt(made: Made, bug: Callable[[geometric_construction.Geometric], Any]) -> Made:
    """The library's claim with a bug in the construction: what it builds for all levels comes out changed. (The network
    of one level less, with which `nested` compares, does not.)
    """

    def make() -> tuple[Any, Target]:
        claim, target = made()

        def wrap(build: Callable[..., Any]) -> Callable[..., Any]:
            def built(wanted: list[Rationals], *a: Any, **k: Any) -> Any:
                right = build(wanted, *a, **k)
                return bug(right) if len(wanted) == claim.levels + 1 else right

            return built

        return Patched(claim, geometric_findings.construction, "build", wrap), target

    return make


def misread(made: Made, bug: Callable[[list[np.ndarray]], list[np.ndarray]], always: bool = False) -> Made:
    """The library's claim with a bug in the tables that the construction is given; always: for fewer levels, too."""

    def make() -> tuple[Any, Target]:
        claim, target = made()

        def wrap(build: Callable[..., Any]) -> Callable[..., Any]:
            def built(wanted: list[Rationals], *a: Any, **k: Any) -> Any:
                if always or len(wanted) == claim.levels + 1:
                    wanted = [Rationals.of(t) for t in bug([t.elements for t in wanted])]
                return build(wanted, *a, **k)

            return built

        return Patched(claim, geometric_findings.construction, "build", wrap), target

    return make


# ------------------------------------------------------------------------------------------------ multigrade

VALUES = [
    5,
    7,
    4,
    6,
    5,
]  # at the multiples of 1/4; the first sweep takes 5, 4, 4, 4, 5 and leaves 0, 3, 0, 2, 0
LEFT = [0, 3, 0, 2, 0]


def zigzag() -> Target:
    """The target of these nodal values."""
    return targets.kuhn(4, VALUES)


def built(sweeps: int = 1) -> Multigrade:
    """Its multigrade network."""
    return multigrade_construction.build(residual(zigzag(), None), 4, sweeps)


def hats(damage: Damage = None, conditions: Sequence[Any] = (), bound: Any = 3) -> Made:
    """One sweep at mesh 1/4: five hats one after another leave exactly 3."""

    def build() -> Network:
        network = built().network
        return network if damage is None else damage(network)

    stated = [width(4), depth(10), activations("relu"), *conditions, error("inf", bound)]
    return about(build, zigzag, stated)


def side_by_side(damage: Damage = None, bound: Any = 3) -> Made:
    """The same hats in one wide network, by constructs/parallel_sweep.py."""

    def build() -> Network:
        network = parallel(built().sweeps[0])
        return network if damage is None else damage(network)

    return about(build, zigzag, [depth(2), activations("relu"), error("inf", bound)])


PLANE = "4*max(0, 1 + min(0, 2*x0-1, 2*x1-1) - max(0, 2*x0-1, 2*x1-1)) + x0/8"


def plane(x: Fraction, y: Fraction) -> Fraction:
    """Four times the hat of the middle, mesh 1/2, and x/8."""
    s, t = 2 * x - 1, 2 * y - 1
    return 4 * max(Q(0), 1 + min(0, s, t) - max(0, s, t)) + x / 8


def plane_hat(damage: Damage = None, bound: Any = "1/4") -> Made:
    """That hat alone, in two variables: x0/8 is missing; on boxes 1/4 is seen, not 1/8."""

    def build() -> Network:
        network = parallel(Sweep(2, 2, np.array([4]), np.array([4]), 1))
        return network if damage is None else damage(network)

    return lambda: (
        theorem(
            name="t",
            source="tests/false_claims.py",
            parameters={},
            construct=build,
            conditions=[width(3), depth(3), activations("relu"), error("inf", bound)],
            dim=2,
        )(),
        targets.expression(PLANE, 2),
    )


def graded(bug: Callable[[Multigrade], Multigrade] | None = None, sweeps: int = 1, mesh: int = 4) -> Made:
    """The library's claim about the zigzag, with a bug in the grades: judged and certified as they are."""

    class _Judged:
        def judge(self, target: Target) -> Verdict:
            claim = claims.multigrade(mesh=f"1/{mesh}", sweeps=sweeps)
            first = residual(target, None)
            made = multigrade_construction.build(first, mesh, sweeps)
            question = Question(first, (1, 2), None, True)
            return claim.judge_network(target, made if bug is None else bug(made), question, None)

    return lambda: (_Judged(), zigzag())


def with_step(s: int, i: int, step: Any) -> Callable[[Multigrade], Multigrade]:
    """Another step in grade i of sweep s; the offset is large enough for any of them."""

    def bug(made: Multigrade) -> Multigrade:
        value = Q(step)
        old = made.sweeps[s]
        numerators = old.numerators.astype(object) * value.denominator
        numerators[i] = value.numerator * old.denominator
        new = Sweep(old.dim, old.cells, old.numbers, numerators, old.denominator * value.denominator)
        return replace(made, sweeps=(*made.sweeps[:s], new, *made.sweeps[s + 1 :]), offset=100)

    return bug
