"""Judgements of the geometric claim: every stated number recomputed by brute force, and what must not be proved."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import exact, fraction, kuhn_error, kuhn_field, kuhn_shifted, step_error, step_shifted, table

from constructs import geometric as construction
from constructs.errors import ConstructError
from constructs.exact import from_text
from constructs.network import Network
from constructs.rationals import Rationals
from constructs.targets.expression import ExpressionTarget
from constructs.targets.kuhn import KuhnTarget
from constructs.targets.step import StepTarget
from verify import claims
from verify.claims.geometric import Geometric
from verify.claims.geometric_findings import Findings, Options
from verify.progress import silent
from verify.strategies import kuhn_targets, step_targets
from verify.verdict import Finding, Status, Verdict


def kuhns(most_dim: int = 3) -> st.SearchStrategy[KuhnTarget]:
    return st.sampled_from([(1, 4), (2, 2), (3, 1)][:most_dim]).flatmap(
        lambda size: kuhn_targets(size[0], most_cells=size[1])
    )


@st.composite
def claimed(draw: st.DrawFn, d: int) -> Geometric:
    base = draw(st.integers(2, 4 if d == 1 else 3 if d == 2 else 2))
    levels = draw(st.integers(0, {1: 2, 2: 1, 3: 1}[d]))
    return claims.geometric(
        base,
        levels,
        draw(st.sampled_from([1, 2, 3, 4, "3/2", "5/2", "inf"])),
        constant=draw(st.sampled_from(["paper", "sharp"])),
        modulus=draw(st.sampled_from(["axis", "euclidean"])),
    )


def of(verdict: Verdict, name: str) -> list[Finding]:
    return [f for f in verdict.findings if f.property == name]


def realized(network: Network, base: int, level: int) -> np.ndarray:
    """The values in the middle of the cells, by running the network."""
    n = base**level
    out = np.empty((n,) * network.inputs, dtype=object)
    for k in np.ndindex(out.shape):
        out[k] = network.evaluate([fmpq(2 * i + 1, 2 * n) for i in k])[level]
    return out


def recompute(verdict: Verdict, error: object, shifted: object) -> None:
    """Every stated error and lower bound, and the comparison, from scratch."""
    target, parameters = verdict.target, verdict.parameters
    p = None if parameters["p"] == "inf" else int(parameters["p"])
    for finding in of(verdict, "error"):
        assert finding.level is not None
        stated = finding.stated
        T = realized(verdict.network, parameters["base"], finding.level)
        truth = error(target, T, p)
        assert fraction(from_text(stated["error"][0])) <= truth <= fraction(from_text(stated["error"][1]))
        shift = [fraction(from_text(s)) for s in stated["shift"]]
        t = Fraction(1, parameters["base"] ** finding.level)
        assert sum(s * s for s in shift) <= t * t
        if parameters["modulus"] == "axis":
            assert sum(s != 0 for s in shift) <= 1
        modulus = shifted(target, shift, p) if any(shift) else Fraction(0)
        assert fraction(from_text(stated["modulus"][0])) <= modulus
        if finding.status is Status.PROVED:
            assert truth <= fraction(from_text(stated["constant"][0])) ** (p or 1) * modulus


@given(st.data())
@settings(deadline=None, max_examples=40)
def test_random_kuhn_targets_are_proved_at_every_level(data: st.DataObject) -> None:
    f = data.draw(kuhns())
    claim = data.draw(claimed(f.dim))
    verdict = claim.judge(f)
    assert verdict.status is Status.PROVED, [
        (x.property, x.level) for x in verdict.findings if x.status != "proved"
    ]
    assert len(of(verdict, "error")) == len(of(verdict, "lipschitz-error")) == claim.levels + 1
    if claim.p is None or claim.p.q == 1:
        small = f.dim < 3 or claim.p is None or claim.p <= 2
        if small:
            recompute(verdict, kuhn_error, kuhn_shifted)


@given(st.data())
@settings(deadline=None, max_examples=30)
def test_random_step_targets_are_proved(data: st.DataObject) -> None:
    f = data.draw(st.integers(1, 2).flatmap(step_targets))
    claim = data.draw(claimed(f.dim))
    verdict = claim.judge(f)
    assert verdict.status is Status.PROVED
    if claim.p is None or claim.p.q == 1:
        recompute(verdict, step_error, step_shifted)


@pytest.mark.parametrize(("decoder", "width"), [("two-sine", 2 * 2 + 3), ("bits", 2 * 2 + 4)])
@pytest.mark.parametrize("p", [1, 2, "3/2"])
def test_relu_digits(decoder: str, width: int, p: int | str) -> None:
    """From three levels on 2dN+3 with sines, 2dN+4 with bits: at d = 1 one too many, refuted, and said."""
    f = KuhnTarget(3, table([0, 2, -1, Fraction(1, 2)]))
    verdict = claims.geometric(2, 3, p, digits="relu", decoder=decoder, constant="sharp").judge(f)
    assert verdict.network.width == width
    assert {x.status for x in (*of(verdict, "error"), *of(verdict, "lipschitz-error"))} == {Status.PROVED}
    assert of(verdict, "width")[0].status is (Status.PROVED if decoder == "two-sine" else Status.REFUTED)
    assert verdict.status is of(verdict, "width")[0].status


def test_relu_digits_in_two_dimensions() -> None:
    f = KuhnTarget(1, table([[0, 1], [3, -1]]))
    for decoder, levels, width in (("two-sine", 1, 9), ("bits", 1, 9), ("bits", 3, 12)):
        verdict = claims.geometric(2, levels, 1, digits="relu", decoder=decoder).judge(f)
        assert verdict.status is Status.PROVED
        assert max(len(layer) for layer in verdict.network.layers) == width
        assert of(verdict, "width")[0].stated == {"value": width, "bound": 12}


def test_strips_are_in_the_error() -> None:
    """The true error of a network with relu digits, integrated over its strips too, lies in the stated enclosure."""
    f = KuhnTarget(2, table([0, 2, -1]))
    verdict = claims.geometric(2, 1, 2, digits="relu", decoder="bits", tolerance=4).judge(f)
    delta = from_text(verdict.certificate["evidence"]["delta"])
    at, network = kuhn_field(f), verdict.network
    ends = of(verdict, "error")[1].stated["error"]
    T = realized(network, 2, 1)
    whole = kuhn_error(f, T, 2)
    strip = [fmpq(1, 2) - delta * fmpq(2 * k + 1, 64) for k in range(32)]
    change = sum(
        (
            (at((fraction(x),)) - fraction(network.evaluate([x])[1])) ** 2
            - (at((fraction(x),)) - fraction(T[0])) ** 2
        )
        for x in strip
    )
    truth = whole + change * fraction(delta) / 32
    assert fraction(from_text(ends[0])) <= truth <= fraction(from_text(ends[1]))


# ------------------------------------------------------------------------------------ what must not be proved


def findings_with(claim: Geometric, f: KuhnTarget, wanted: list[np.ndarray]) -> tuple[Finding, ...]:
    """The findings about f for a network that was built for other tables."""
    options = Options(claim.levels, claim.digits, claim.decoder, claim.tolerance, claim.until)
    work = Findings(claim._question(f), options, f, silent)
    work.built = construction.build(
        [Rationals.of(t) for t in wanted],
        claim.base,
        [fmpq(1, 64)] * len(wanted),
        digits="floor",
        decoder="bits",
    )
    return work.all()


@given(st.data())
@settings(deadline=None, max_examples=40)
def test_networks_of_other_targets_are_judged_by_what_they_do(data: st.DataObject) -> None:
    f = data.draw(kuhns(2).filter(lambda f: f.constant() is None))
    other = data.draw(kuhns(2).filter(lambda g: g.dim == f.dim))
    claim = claims.geometric(2, 1, data.draw(st.sampled_from([1, 2, 3])))
    wanted = [other.cell_values(2, t).elements for t in (0, 1)]
    p = int(str(claim.p))
    C = fraction(claim.constant_enclosure(f.dim).lo) ** p
    for finding in findings_with(claim, f, wanted):
        if finding.property not in ("error", "lipschitz-error") or finding.level is None:
            continue
        T = wanted[finding.level] + fmpq(0)
        near = fraction(from_text(finding.stated["error"][1]))
        truth = kuhn_error(f, T, p)  # up to the storage tolerance 1/64
        assert abs(float(near) ** (1 / p) - float(truth) ** (1 / p)) <= 1 / 64 + 1e-9
        if finding.property == "error":
            shift = [fraction(from_text(s)) for s in finding.stated["shift"]]
            modulus = kuhn_shifted(f, shift, p)
            assert (finding.status is Status.PROVED) == (near <= C * modulus)
        else:
            K, h = f.lipschitz(), Fraction(1, 2**finding.level)
            bound = (fraction(K) * h * (2 * f.dim + 1)) ** p
            assert finding.status is (Status.PROVED if near <= bound else Status.REFUTED)


@pytest.mark.parametrize(("value", "status"), [("7/2", Status.PROVED), ("225/64", Status.REFUTED)])
@pytest.mark.parametrize("p", [1, 2, "inf"])
def test_the_lipschitz_bound_is_sharp(value: str, status: Status, p: int | str) -> None:
    """||x − c||_1 = c − 1/2 for c >= 1, and the bound of level 0 is 3; at larger p both values are too large."""
    found = findings_with(claims.geometric(2, 0, p), KuhnTarget(1, table([0, 1])), [table([Fraction(value)])])
    (finding,) = [x for x in found if x.property == "lipschitz-error"]
    assert finding.status is (status if p == 1 else Status.REFUTED)


def test_inexact_errors_are_compared_from_above() -> None:
    """At p = 3/2 an error is enclosed, not known: beyond the bound it is not refuted, and not proved."""
    for value, status in (("3", Status.PROVED), ("4", Status.UNDECIDED)):
        claim = claims.geometric(2, 0, "3/2")
        found = findings_with(claim, KuhnTarget(1, table([0, 1])), [table([Fraction(value)])])
        (finding,) = [x for x in found if x.property == "lipschitz-error"]
        assert finding.status is status


def test_a_table_shifted_by_one_cell_is_not_proved() -> None:
    """Every cell of 64 x holds its left neighbour's value, the first one the last's: only the weaker bound survives."""
    steep = KuhnTarget(1, table([0, 64]))
    claim = claims.geometric(2, 3, 2, constant="sharp")
    right = [steep.cell_values(2, t).elements for t in range(4)]
    names = ("error", "lipschitz-error")
    assert {x.status for x in findings_with(claim, steep, right) if x.property in names} == {Status.PROVED}
    rolled = [np.roll(t, 1) for t in right]
    found = {x.property: x.status for x in findings_with(claim, steep, rolled) if x.level == 3}
    truth, best = kuhn_error(steep, rolled[3], 2), kuhn_shifted(steep, (Fraction(1, 8),), 2)
    assert 2 * best < truth <= (3 * 64 * Fraction(1, 8)) ** 2
    assert found == {"error": Status.REFUTED, "lipschitz-error": Status.PROVED}


@given(st.data())
@settings(deadline=None, max_examples=15)
def test_small_constants_are_proved_only_where_they_hold(data: st.DataObject) -> None:
    f = data.draw(kuhns(2).filter(lambda f: f.constant() is None))
    p = data.draw(st.sampled_from([1, 2, 4]))
    C = data.draw(st.fractions(Fraction(1, 20), 1, max_denominator=20))
    tolerance = data.draw(st.sampled_from(["1/16", 2, 10]))
    verdict = claims.geometric(2, 1, p, constant=C, tolerance=tolerance).judge(f)
    recompute(verdict, kuhn_error, kuhn_shifted)
    for finding in of(verdict, "error"):
        assert finding.level is not None
        truth = kuhn_error(f, realized(verdict.network, 2, finding.level), p)
        t = Fraction(1, 2**finding.level)
        tried = [
            tuple(t * k / 3 if i == axis else Fraction(0) for i in range(f.dim))
            for k in (1, 2, 3)
            for axis in range(f.dim)
        ]
        best = max(kuhn_shifted(f, s, p) for s in tried)
        if truth <= C**p * best:
            assert finding.status is not Status.REFUTED
        if finding.status is Status.REFUTED:
            assert all(truth > C**p * kuhn_shifted(f, s, p) for s in tried)


@pytest.mark.parametrize("p", [1, 2, "3/2", "inf"])
def test_one_tenth_is_never_proved_for_the_identity(p: int | str) -> None:
    """The true ratios lie between 1/4 and 1: h/√12 against h·√(1−h) at p = 2."""
    verdict = claims.geometric(2, 3, p, constant="1/10").judge(KuhnTarget(1, table([0, 1])))
    assert {f.status for f in of(verdict, "error")} == {Status.REFUTED}
    verdict = claims.geometric(2, 2, p, constant="1/10").judge(ExpressionTarget("x0", 1))
    assert {f.status for f in of(verdict, "error")} <= {Status.REFUTED, Status.UNDECIDED}


def test_just_above_and_just_below_the_true_ratio() -> None:
    """f = 1[x < 1/3] at p = 2, level 0: error² = 2/9 with the mean 1/3, ω² = 1/3, ratio √(2/3) = 0.81649..."""
    f = StepTarget(((("1/3",), (1, 0)),))
    build = {"base": 2, "levels": 0, "p": 2, "tolerance": "1/1000000"}
    above, below = (claims.geometric(**build, constant=c).judge(f) for c in ("8165/10000", "8164/10000"))
    assert [x.status for x in (*of(above, "error"), *of(below, "error"))] == [Status.PROVED, Status.REFUTED]


def test_a_large_tolerance_makes_the_bound_fail() -> None:
    """Nothing is stored then: the error stays above 1/√12, and 3 ω_2(x, 1/16) = 3 √(15/16) / 16 is less."""
    f = KuhnTarget(1, table([0, 1]))
    verdict = claims.geometric(2, 5, 2, tolerance=100).judge(f)
    assert {x.status for x in of(verdict, "error")[4:]} == {Status.REFUTED}
    assert {x.status for x in of(verdict, "lipschitz-error")[4:]} == {Status.REFUTED}
    recompute(verdict, kuhn_error, kuhn_shifted)


# ------------------------------------------------------------------------------------------ special cases


@pytest.mark.parametrize(
    "f",
    [
        KuhnTarget(2, table([Fraction(1, 3)] * 3)),
        StepTarget(((("1/2",), ("-7/3", "-7/3")),)),
        ExpressionTarget("1/3", 1),
        ExpressionTarget("1e300", 1),
    ],
)
@pytest.mark.parametrize("kind", [("floor", "bits", "inf"), ("relu", "two-sine", 2), ("relu", "bits", "3/2")])
def test_constants_are_proved_with_error_zero(f: object, kind: tuple[str, str, int | str]) -> None:
    digits, decoder, p = kind
    verdict = claims.geometric(2, 2, p, digits=digits, decoder=decoder).judge(f)
    assert verdict.status is Status.PROVED
    for finding in (*of(verdict, "error"), *of(verdict, "lipschitz-error")):
        assert finding.stated["error"] == ["0", "0"]


@pytest.mark.parametrize("p", [1, 2, "3/2", "inf"])
def test_until_names_the_first_level(p: int | str) -> None:
    """For x the error at level l is about 2^-l times (1/4, 1/√12, ..., 1/2)."""
    f = KuhnTarget(1, table([0, 1]))
    for eps in ("1/3", "1/10", "1/30"):
        verdict = claims.geometric(2, 5, p, until=eps).judge(f)
        (finding,) = of(verdict, "until")
        at_most = [x.value is not None and x.value.hi <= from_text(eps) for x in of(verdict, "error")]
        assert finding.status is Status.PROVED
        assert finding.level == at_most.index(True)
        if p in (1, 2, "inf"):
            T = [realized(verdict.network, 2, t) for t in range(6)]
            power = None if p == "inf" else int(p)
            errors = [kuhn_error(f, t, power) for t in T]
            assert finding.level == next(
                k for k, e in enumerate(errors) if e <= Fraction(eps) ** (power or 1)
            )


def test_until_is_refuted_when_no_level_reaches_it() -> None:
    f = KuhnTarget(1, table([0, 1]))
    (finding,) = of(claims.geometric(2, 3, 2, until="1/1000").judge(f), "until")
    assert (finding.status, finding.level) == (Status.REFUTED, None)


@pytest.mark.parametrize(
    ("scale", "p"), [(10**6, 2), (10**30, "3/2"), (10**400, 1), (fmpq(1, 2**3000), "5/2")]
)
def test_size_does_not_matter(scale: int | fmpq, p: int | str) -> None:
    f = KuhnTarget(2, table([0, 1, Fraction(1, 3)]))
    scaled = KuhnTarget(2, f.values * fmpq(scale))
    for claim in (claims.geometric(2, 2, p), claims.geometric(2, 1, p, digits="relu", decoder="two-sine")):
        assert {x.status for x in of(claim.judge(scaled), "error")} == {Status.PROVED}


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("abs(x0-1/3)", {"p": 2}),
        ("sqrt(x0)", {"p": 1, "constant": "sharp"}),
        ("step(x0-2/7)", {"p": "3/2"}),
        ("exp(x0)", {"p": "inf"}),
        ("sin(9*x0)", {"p": 4, "digits": "relu", "decoder": "two-sine"}),
    ],
)
def test_expressions_are_proved(text: str, options: dict[str, object]) -> None:
    verdict = claims.geometric(2, 2, **options).judge(ExpressionTarget(text, 1))
    assert {f.status for f in of(verdict, "error")} == {Status.PROVED}


# ---------------------------------------------------------------------------------------------- parameters


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"base": 1}, "base = 1: expected an integer >= 2"),
        ({"base": 2.0}, "base = 2.0: expected an integer >= 2"),
        ({"base": True}, "base = True: expected an integer >= 2"),
        ({"levels": -1}, "levels = -1: expected an integer >= 0"),
        ({"p": "1/2"}, "p = 1/2: expected a rational >= 1"),
        ({"p": 65}, "p = 65: expected a rational >= 1 with numerator and denominator <= 64"),
        ({"p": "101/100"}, "denominator <= 64"),
        ({"p": 2.0}, "p = 2.0: expected a rational >= 1"),
        ({"p": "two"}, "p = two: expected"),
        ({"p": "inf", "digits": "relu"}, "p = inf: expected a finite p with relu digits"),
        ({"p": None, "digits": "relu"}, "p = inf: expected a finite p with relu digits"),
        ({"digits": "binary"}, "digits = binary: expected relu or floor"),
        ({"digits": "binary", "p": "inf"}, "digits = binary: expected relu or floor"),
        ({"decoder": "sine"}, "decoder = sine: expected two-sine or bits"),
        ({"modulus": "l1"}, "modulus = l1: expected axis or euclidean"),
        ({"constant": 0}, "constant = 0: expected paper, sharp or a rational > 0"),
        ({"constant": "best"}, "constant = best: expected paper, sharp or a rational > 0"),
        ({"constant": 0.5}, "constant = 0.5: expected paper, sharp or a rational > 0"),
        ({"tolerance": "-1/2"}, "tolerance = -1/2: expected a rational > 0"),
        ({"tolerance": 0}, "tolerance = 0: expected a rational > 0"),
        ({"until": 0}, "until = 0: expected a rational > 0"),
        ({"until": "soon"}, "until = soon: expected a rational > 0"),
    ],
)
def test_bad_parameters(options: dict[str, object], message: str) -> None:
    with pytest.raises(ConstructError) as caught:
        claims.geometric(**options)
    assert message in str(caught.value)


def test_too_many_cells_are_refused_before_any_work() -> None:
    with pytest.raises(ConstructError, match="levels = 30"):
        claims.geometric(2, 30).judge(KuhnTarget(1, table([0, 1])))


@pytest.mark.parametrize("d", [1, 2, 3, 10])
def test_constants(d: int) -> None:
    eps = fmpq(1, 16)

    def sharp(p: int | str) -> tuple[fmpq, fmpq]:
        bounds = claims.geometric(p=p, constant="sharp").constant_enclosure(d)
        assert bounds.hi - bounds.lo <= fmpq(1, 2**64)
        return bounds.lo - eps, bounds.hi - eps

    assert claims.geometric().constant_enclosure(d).lo == 2 * d + 1
    assert sharp(1) == (2 * d, 2 * d)
    assert sharp("inf") == (d, d)
    lo, hi = sharp(2)
    assert lo**2 <= d <= hi**2
    for p, a, b in ((3, 3, 1), ("3/2", 3, 2), ("64/63", 64, 63), ("5/2", 5, 2)):
        lo, hi = sharp(p)
        assert lo**a <= fmpq(2) ** b * fmpq(d) ** a <= hi**a
    lo, hi = (claims.geometric(constant="7/5").constant_enclosure(d).lo for _ in range(2))
    assert lo == hi == exact("7/5")


def test_the_order_of_the_findings() -> None:
    verdict = claims.geometric(2, 1, until="1/4").judge(KuhnTarget(1, table([0, 1])))
    names = [(f.property, f.level) for f in verdict.findings]
    levels = list(itertools.product(("error", "lipschitz-error"), (0, 1)))
    assert names == [(n, None) for n in ("width", "depth", "activations", "nested")] + levels + [("until", 1)]
