"""Attacks on `multiplicative`: what they must not get past the checker."""

from __future__ import annotations

import importlib
import itertools
from fractions import Fraction as Q
from typing import Any

import handmade_multiplicative as hand
import pytest
from checked import status
from flint import fmpq

from constructs import targets
from constructs.network import Network
from constructs.neurons import PRODUCT, Affine, Neuron, Readout
from verify import claims, text_budget
from verify.claims import ladder
from verify.claims.levels import OutOfBudget
from verify.claims.multiplicative_findings import Findings
from verify.claims.multiplicative_measured import Options
from verify.verdict import Status

check = importlib.import_module("verify.check")
HALF = Q(1, 2)
INSIDE = "(1-step(-x0))*(1-step(x0-1))"  # 1 in the open interval, 0 at its ends


def judged(text: str, **parameters: Any) -> Any:
    return claims.multiplicative(**parameters).judge(targets.expression(text, 1))


def measured(text: str, d: int, grid: int) -> Any:
    """What the checker finds for Phi = 0 on the mesh of one cell."""
    own = check.Scheme(d, 1, 1, "bessel", HALF, 2)
    source = check.read_source({"kind": "expression", "dim": d, "text": text}, own, grid)
    zero = check.Spline(check.Array([2] * d, [0] * 2**d), 1)
    return check.measure_errors(zero, own, source, grid), source, own, zero


# -- open


def test_a_network_that_has_nothing_to_do_with_the_target_is_not_proved() -> None:
    case = hand.Case(
        **hand.wave(1, q=1, M=4, G=40, step=4, s=HALF, x=(Q(3, 8),), y=(Q(1, 8),), error=Q(1000), tau=Q(2000))
    )
    try:
        found = status(hand.certificate(case))
    except check.Rejected:
        return
    assert found != "proved"


def test_a_change_far_away_reaches_the_network_by_rounding_only() -> None:
    far = [judged(text, mesh="1/16") for text in ("exp(x0)", "exp(x0)+1000*max(x0-3/4,0)")]  # equal up to 3/4
    certificates = [verdict.certificate for verdict in far]
    assert [status(c) for c in certificates] == ["proved", "proved"]
    first, second = (c["network"]["coefficients"][:11] for c in certificates)  # nodes 0, ..., 10/16
    tolerances = [
        Q(f["tolerance"]) for c in certificates for f in c["findings"] if f["property"] == "coefficients"
    ]
    assert all(abs(Q(a) - Q(b)) <= sum(tolerances) for a, b in zip(first, second, strict=True))


def test_a_text_that_takes_hours_is_refused() -> None:
    text = "((((x0+2)**(63/64))**(63/64))**(63/64))**(63/64)*1e-28"
    own = check.Scheme(1, 1, 1, "sup", Q(0), 2)
    with pytest.raises(check.Rejected):
        check.read_source({"kind": "expression", "dim": 1, "text": text}, own, 3_728_270)


@pytest.mark.parametrize(
    ("text", "degree"), [("1e-20*x0**2", 1), ("1e-200*sin(x0)", 2), ("1e307*sin(100*x0)", 3)]
)
def test_what_the_producer_calls_proved_is_accepted(text: str, degree: int) -> None:
    try:
        verdict = judged(text, mesh="1/4", degree=degree)
    except OutOfBudget:
        return
    try:
        found = status(verdict.certificate)
    except check.Rejected:
        found = "rejected"
    assert verdict.status.value in (found, "undecided")


@pytest.mark.parametrize(
    ("text", "degree", "norm"),
    [
        ("abs(x0-1/3)+sin(3*x1)", 2, "sup"),
        ("abs(x0-1/3)/100+sin(6*x1)", 2, "zygmund:1/2"),
        ("max(x1,1/3)+exp(3*x0)", 3, "zygmund:1/2"),
    ],
)
def test_a_kink_along_one_axis_leaves_the_other_as_it_is(text: str, degree: int, norm: str) -> None:
    """Rule 12.5 narrows no Gamma_i of a box on which some Gamma_jk is not bounded, whichever they are."""
    verdict = claims.multiplicative(mesh="1/3", degree=degree, norm=norm).judge(targets.expression(text, 2))
    assert status(verdict.certificate) == verdict.status.value


LONG = "(x0*(1-x0))*(x1*(1-x1))*(1e-100*(x0/3+((1+(tanh(x1))**2)**-3)))"


def test_no_grid_is_finer_than_the_checkers_budget_for_the_text() -> None:
    verdict = claims.multiplicative(mesh="1/1", degree=2, norm="bessel:1").judge(targets.expression(LONG, 2))
    assert status(verdict.certificate) == verdict.status.value


@pytest.mark.parametrize("text", [LONG, "x0*x0*x0+x0*x0*1e-3", "min(x0,1/3,2)-(-x0)**2**3+x0**(1/2)/1e-7"])
def test_what_a_text_costs(text: str) -> None:
    """As the checker counts it: what is written twice counts twice, exponents do not count."""
    own = text_budget.cost(targets.expression(text, 2))
    assert own == check.visits(*check.read_expression({"kind": "expression", "dim": 2, "text": text}, 2))


@pytest.mark.parametrize("scale", ["1e-12", "1", "1e12"])
def test_margins_of_squares_go_with_the_square_of_the_scale(scale: str) -> None:
    verdict = judged(f"{scale}*256*(x0*(1-x0))**4", mesh="1/8", degree=2, norm="bessel:1")
    assert status(verdict.certificate) == verdict.status.value == "proved"


def test_orders_that_cannot_be_stated_are_not() -> None:
    assert ladder._exponent(fmpq(1, 2**64), 1) == -64 * 64
    assert ladder._exponent(fmpq(1, 2**128), 2) == -64 * 64
    assert ladder._exponent(fmpq(1, 2**64 + 1), 1) is None
    assert ladder._exponent(fmpq(2**99), 1) == 64 * 64


Factor = tuple[str, fmpq, fmpq]


def with_one_more_unit(*factors: Factor) -> Findings:
    """Those of a spline on the line, with a product of these powers of max(w x0 + b, 0) added to its network."""
    target = targets.expression("(x0*(1-x0))**2", 1)
    work = Findings(target, Options(4, 2, "bessel", fmpq(1), 3), lambda _: None, 1)
    network = work.built.network
    (first, units), (readout,) = network.layers, network.readouts
    more = [Neuron(f"z{i}", "", a, Affine(((0, w),), b)) for i, (a, w, b) in enumerate(factors)]
    sources = tuple((len(first) + i, fmpq(1)) for i in range(len(more)))
    unit = Neuron("u", "", PRODUCT, Affine(sources, fmpq(0)))
    affine = Affine((*readout.affine.terms, (len(units), fmpq(1))), readout.affine.bias)
    layers = (*first, *more), (*units, unit)
    work.built.__dict__["network"] = Network(1, layers, (Readout(readout.level, 2, affine),))
    return work


A, B = ("relu2", fmpq(4)), ("relu2", fmpq(-4))


@pytest.mark.parametrize(
    "factors",
    [
        ((*A, fmpq(-8)), (*B, fmpq(12))),  # right of everything
        ((*A, fmpq(12)), (*B, fmpq(-9))),  # left of it
        ((*A, fmpq(-8)),),  # a half-line
        ((*A, fmpq(-33, 4)), (*B, fmpq(12))),  # no knot
        ((*A, fmpq(0)), (*B, fmpq(4))),  # inside
    ],
)
def test_a_unit_too_many_is_seen_wherever_it_is(factors: tuple[Factor, ...]) -> None:
    assert with_one_more_unit(*factors)._units().status is Status.UNDECIDED


def test_a_unit_that_vanishes_counts() -> None:
    """units: those of the network, whatever the construction says that it has made."""
    plain = with_one_more_unit((*A, fmpq(-3)), (*B, fmpq(2)))
    assert plain._units().stated["value"] == plain.built.units + 1


@pytest.mark.parametrize("norm", ["zygmund:3/2", "zygmund:2"])
def test_second_derivatives_that_are_0_but_for_rounding(norm: str) -> None:
    """Their squares are below what a checker takes roots of."""
    verdict = judged("x0/3+(1+16/9)**-9", mesh="1/5", degree=2, norm=norm)
    assert status(verdict.certificate) == verdict.status.value


# -- held


JUMPS = [
    INSIDE,
    f"sqrt({INSIDE})",
    f"min({INSIDE},2)",
    f"max({INSIDE},-1)-0",
    f"{INSIDE}/(1+x0)",
    f"2-2**1/(1+{INSIDE})-1+({INSIDE})**0-1",
    f"step({INSIDE}-1/2)",
    f"tanh(abs({INSIDE}))**3",
    "step(x0-1/3)*step(2/3-x0)",
    "x0*(1-x0)*step(x0-1/2)",
    "x0*(1-x0)+min(step(x0-1/2),step(1/2-x0))",
    "sqrt(x0*(1-x0))",
    "(x0*(1-x0))**(63/64)",
]


@pytest.mark.parametrize("text", JUMPS)
@pytest.mark.parametrize("grid", [6, 7, 64])
def test_no_jump_or_infinite_slope_hides_from_a_bessel_norm(text: str, grid: int) -> None:
    errors, *_ = measured(text, 1, grid)
    assert errors.slopes is None
    assert errors.squares is None


@pytest.mark.parametrize("text", ["x0*(1-x0)*x1", "(1-x1)*x1", "x0*x1*(1-x0)*(1-x1)+1e-100", "sin(x0)*0.1"])
def test_all_faces_are_looked_at(text: str) -> None:
    _, source, own, zero = measured(text, 2, 3)
    with pytest.raises(check.Rejected):
        check.check_boundary(zero, own, source, 3)


@pytest.mark.parametrize(
    ("text", "d", "value", "gradient"),
    [
        ("x0*(1-x0)", 1, Q(1, 30), Q(1, 3)),
        ("min(x0,1-x0)", 1, Q(1, 12), Q(1)),
        ("abs(x0-1/2)-1/2", 1, Q(1, 12), Q(1)),
        ("x0**2*(1-x0)", 1, Q(1, 105), Q(2, 15)),
        ("x0*(1-x0)*x1**2*(1-x1)", 2, Q(1, 3150), Q(1, 315) + Q(1, 225)),
        ("x0*(1-x0)*x1*(1-x1)*min(x2,1-x2)", 3, Q(1, 10800), Q(1, 900) + Q(1, 540)),
    ],
)
def test_integrals_that_are_known(text: str, d: int, value: Q, gradient: Q) -> None:
    for grid in (3, 8):
        errors, *_ = measured(text, d, grid)
        for ends, exact in zip(errors.squares, (value, gradient), strict=True):
            assert ends.lo <= exact <= ends.hi, (grid, ends)


@pytest.mark.parametrize("q", [1, 2, 3])
def test_mixed_differences_and_axes_do_not_get_mixed_up(q: int) -> None:
    """f = x0^(q+1)/(q+1)! + 2 x1^(q+1)/(q+1)! + 5 x0 x2: its derivatives are constants."""
    scale = "1/" + str([1, 1, 2, 6, 24][q + 1])
    text = f"{scale}*x0**{q + 1}+2*{scale}*x1**{q + 1}+5*x0*x2"
    own = check.Scheme(3, 4, q, "zygmund", HALF, q + 1)
    source = check.read_source({"kind": "expression", "dim": 3, "text": text}, own, 8)
    found = check.seminorms(own, source, check.Lattice(8, 2, []))
    exact = {(q + 1, 0, 0): 1, (0, q + 1, 0): 2} | ({(1, 0, 1): 5} if q == 1 else {})
    assert set(found) == {b for b in itertools.product(range(q + 2), repeat=3) if sum(b) == q + 1}
    for beta, size in found.items():
        due = exact.get(beta, 0)
        assert due - Q(1, 2**60) <= size <= due


@pytest.mark.parametrize(("mesh", "degree"), [("1/1", 2), ("1/2", 2), ("1/3", 3)])
def test_a_witness_among_rounding_errors_is_accepted(mesh: str, degree: int) -> None:
    """f is a polynomial that the spline meets but for the rounding of samples: the quotient is that of noise."""
    verdict = judged("x0/3 + (x0)", mesh=mesh, degree=degree, norm="zygmund:2")
    assert status(verdict.certificate) == verdict.status.value
