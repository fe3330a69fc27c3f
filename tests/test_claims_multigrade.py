from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from flint import arb, fmpq
from hats import nodal_values
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs import multigrade as construction
from constructs import targets
from constructs.errors import ConstructError
from constructs.multigrade import Multigrade
from constructs.network import Network
from constructs.neurons import Affine
from verify import check, claims
from verify.certificate import canonical
from verify.check import recheck as trusted
from verify.claims.hat_regions import hats_proved
from verify.claims.levels import OutOfBudget
from verify.claims.multigrade import MultigradeClaim
from verify.claims.multigrade_findings import Findings, Question
from verify.progress import silent
from verify.residuals import residual
from verify.verdict import Finding, Status, Verdict


def named(verdict: Verdict, name: str) -> list[Finding]:
    return [f for f in verdict.findings if f.property == name]


def rechecked(verdict: Verdict) -> str:
    return trusted(canonical(verdict.certificate).encode())


@settings(max_examples=25)
@given(nodal_values(dims=(1, 2, 3), most=3), st.sampled_from([1, 2]), st.integers(1, 3))
def test_every_promise_holds_for_kuhn_targets(values: np.ndarray, factor: int, sweeps: int):
    """Sign changes, zeros on nodes, plateaus, constants, the zero function; the first mesh fits the target's grid."""
    cells = values.shape[0] - 1
    sweeps = min(sweeps, 2) if values.ndim == 3 else sweeps
    verdict = claims.multigrade(mesh=f"1/{cells * factor}", sweeps=sweeps).judge(targets.kuhn(cells, values))
    assert verdict.status is Status.PROVED
    assert rechecked(verdict) == "proved"
    slopes = bool(named(verdict, "slope"))
    assert slopes == (values.ndim <= 2)
    rates = named(verdict, "rate")
    if values.ndim <= 2:  # K h_s with the target's own slope
        assert len({f.stated["slope"] for f in rates}) == 1
    assert (len(verdict.network.readouts) == 0) == (
        sum(f.stated["grades"] for f in named(verdict, "pointwise")) == 0
    )
    if not values.any():
        assert verdict.network.depth == 0


@settings(max_examples=25)
@given(nodal_values(dims=(1, 2), most=4), st.integers(1, 3), st.integers(1, 3))
def test_any_first_mesh_is_allowed(values: np.ndarray, mesh: int, sweeps: int):
    verdict = claims.multigrade(mesh=f"1/{mesh}", sweeps=sweeps).judge(
        targets.kuhn(values.shape[0] - 1, values)
    )
    assert verdict.status is Status.PROVED
    assert rechecked(verdict) == "proved"


@pytest.mark.parametrize(
    ("text", "dim", "mesh", "sweeps"),
    [
        ("abs(x0-1/3)*x1 + x1**2/4 - 1/5", 2, "1/4", 3),
        ("sin(5*x0) - 1/4", 1, "1/2", 5),
        ("sqrt(x0) - 1/3", 1, "1/4", 4),
        ("max(x0, x1*x2) - 1/2", 3, "1/2", 2),
    ],
)
def test_expressions_are_judged_themselves(text: str, dim: int, mesh: str, sweeps: int):
    target = targets.expression(text, dim)
    verdict = claims.multigrade(mesh=mesh, sweeps=sweeps, p=3).judge(target)
    assert verdict.status is Status.PROVED
    assert rechecked(verdict) == "proved"
    _pointwise_at_random_points(verdict)


def _pointwise_at_random_points(verdict: Verdict) -> None:
    """|f - Phi_i| does not grow with i, evaluated exactly from the weights; and sup|f - Phi| is what is stated."""
    rng = np.random.default_rng(1)
    for _ in range(4):
        x = [Fraction(float(c)).limit_denominator(10**4) for c in rng.random(verdict.target.dim)]
        f = verdict.target.ball(x, 200)
        sizes = [abs(f)] + [abs(f - arb(v)) for v in verdict.network.evaluate(x)]
        assert all(not b > a for a, b in pairwise(sizes))
        last = named(verdict, "rate")[-1].value
        assert last is not None
        assert sizes[-1] <= arb(last.hi)


def test_sup_norms_halve_on_a_grid_of_mesh_an_eighth():
    for dim, sweeps in ((1, 6), (2, 4)):
        values = np.random.default_rng(dim).integers(-40, 41, (9,) * dim)
        verdict = claims.multigrade(mesh="1/8", sweeps=sweeps).judge(targets.kuhn(8, values))
        assert verdict.status is Status.PROVED
        suprema = [Fraction(f.stated["supremum"][1]) for f in named(verdict, "rate")]
        assert suprema[-1] == suprema[-2] / 2
        for s, (f, top) in enumerate(zip(named(verdict, "rate"), suprema, strict=True)):
            assert top <= Fraction(f.stated["slope"]) / (8 << s) == Fraction(f.stated["bound"])


def test_in_three_dimensions_the_rate_needs_the_residual_s_slope():
    """One cube, 1 at (1,0,0) and (1,1,1): slope along edges 1, suprema 1, 1, 1/2: twice that times h_s."""
    values = np.zeros((2, 2, 2), dtype=int)
    values[1, 0, 0] = values[1, 1, 1] = 1
    verdict = claims.multigrade(mesh="1/1", sweeps=3).judge(targets.kuhn(1, values))
    assert verdict.status is Status.PROVED
    rates = named(verdict, "rate")
    assert [f.stated["supremum"] for f in rates] == [["1", "1"], ["1", "1"], ["1/2", "1/2"]]
    assert [f.stated["slope"] for f in rates] == ["2", "2", "2"]
    assert not named(verdict, "slope")


def test_decreases_are_the_differences_of_norms():
    verdict = claims.multigrade(mesh="1/2", sweeps=3, p=5).judge(targets.kuhn(2, [1, 3, -1]))
    for p in (1, 2, 5):
        found = [f.stated for f in named(verdict, "decrease") if f.stated["p"] == p]
        for a, b in pairwise(found):
            assert a["after"] == b["before"]
        for f in found:
            before, after, change = (Fraction(f[k][0]) for k in ("before", "after", "decrease"))
            assert before - after == change > 0
    first = named(verdict, "decrease")[0].stated["before"][0]
    # |f| is linear from 1 to 3, and 3 to 0 to 1 in the ratio 3:1 of the second half
    assert Fraction(first) == Fraction(1) + Fraction(1, 2) * (
        Fraction(3, 4) * Fraction(3, 2) + Fraction(1, 4) / 2
    )


def test_until_stops_the_schedule():
    target = targets.kuhn(4, [0, 8, 3, 9, 1])
    stopped = claims.multigrade(mesh="1/4", sweeps=9, until=2).judge(target)
    assert (stopped.status, rechecked(stopped)) == (Status.PROVED, "proved")
    (until,) = named(stopped, "until")
    assert until.level == len(named(stopped, "rate")) < 9
    never = claims.multigrade(mesh="1/4", sweeps=1, until="1/100").judge(target)
    assert (never.status, rechecked(never)) == (Status.REFUTED, "refuted")


def test_check_asks_the_checker():
    verdict = check(claims.multigrade(mesh="1/2", sweeps=2), targets.expression("x0*x1 - 1/4", 2))
    assert verdict.accepted
    assert verdict.status is Status.PROVED


def test_constants_and_other_targets():
    flat = claims.multigrade(mesh="1/2", sweeps=2).judge(targets.expression("2/6", 2))
    assert flat.status is Status.PROVED
    assert named(flat, "rate")[0].stated["supremum"] == ["0", "0"]
    with pytest.raises(ConstructError, match="continuous"):
        claims.multigrade().judge(targets.step((["1/2"], [0, 1])))
    with pytest.raises(OutOfBudget):
        claims.multigrade().judge(targets.expression("exp(800*x0)", 1))


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"mesh": "1/0"}, "mesh"),
        ({"mesh": "2/3"}, "mesh"),
        ({"mesh": "-1/2"}, "mesh"),
        ({"sweeps": 0}, "sweeps"),
        ({"sweeps": 41}, "sweeps"),
        ({"p": "3/2"}, "p"),
        ({"p": 17}, "p"),
        ({"until": 0}, "until"),
    ],
)
def test_bad_parameters_are_named(options: dict, name: str):
    with pytest.raises(ConstructError, match=name):
        claims.multigrade(**options)


def test_too_large_is_refused_before_work():
    with pytest.raises(ConstructError, match="sweeps"):
        claims.multigrade(mesh="1/1024", sweeps=3).judge(targets.expression("x0*x1", 2))
    with pytest.raises(ConstructError, match="sweeps"):
        claims.multigrade(mesh="1/7", sweeps=40).judge(targets.kuhn(3, [0, 1, 2, 3]))


# Wrong variants -------------------------------------------------------------------------------------------------

VALUES = [5, 7, 4, 6, 5]


def built_for(
    mesh: int = 4, sweeps: int = 2
) -> tuple[MultigradeClaim, targets.KuhnTarget, Multigrade, Question]:
    claim = claims.multigrade(mesh=f"1/{mesh}", sweeps=sweeps)
    target = targets.kuhn(4, VALUES)
    first = residual(target, None)
    return claim, target, construction.build(first, mesh, sweeps), Question(first, (1, 2), None, True)


def with_step(built: Multigrade, s: int, i: int, numerator: int) -> Multigrade:
    numerators = built.sweeps[s].numerators.copy()
    numerators[i] = numerator
    sweeps = list(built.sweeps)
    sweeps[s] = replace(sweeps[s], numerators=numerators)
    return replace(built, sweeps=tuple(sweeps), offset=100)


def test_a_step_beyond_twice_the_least_value_is_refuted_at_a_point():
    claim, target, built, question = built_for(sweeps=1)
    assert built.sweeps[0].numerators.tolist() == [5, 4, 4, 4, 5]
    verdict = claim.judge_network(target, with_step(built, 0, 0, 11), question, None)
    (pointwise,) = named(verdict, "pointwise")
    assert pointwise.status is Status.REFUTED
    assert pointwise.stated["witness"] == [0, 0]
    assert (verdict.status, rechecked(verdict)) == (Status.REFUTED, "refuted")


def test_a_step_up_to_twice_the_least_value_is_not_called_proved():
    claim, target, built, question = built_for(sweeps=1)
    verdict = claim.judge_network(target, with_step(built, 0, 4, 6), question, None)
    assert named(verdict, "pointwise")[0].status in (Status.UNDECIDED, Status.REFUTED)
    assert verdict.status is not Status.PROVED
    assert rechecked(verdict) == verdict.status.value


def test_a_grade_of_step_zero_is_not_strict():
    claim, target, built, question = built_for(sweeps=1)
    verdict = claim.judge_network(target, with_step(built, 0, 2, 0), question, None)
    assert {f.status for f in named(verdict, "decrease")} == {Status.REFUTED}
    assert named(verdict, "pointwise")[0].status is Status.PROVED
    assert rechecked(verdict) == "refuted"


def changed(network: Network, layer: int, neuron: int, affine: Affine) -> Network:
    layers = [list(row) for row in network.layers]
    layers[layer][neuron] = replace(layers[layer][neuron], affine=affine)
    return Network(network.inputs, tuple(tuple(row) for row in layers), tuple(network.readouts))


def test_a_hat_of_the_wrong_grid_is_refuted():
    """The second hat twice as steep, about the same node: linear on the finest grid, but another function."""
    _, _, built, _ = built_for()
    network, start = built.network, 2
    layers = network.layers
    for neuron in (1, 2):
        affine = layers[start][neuron].affine
        doubled = Affine(tuple((s, w * 2) for s, w in affine.terms), affine.bias * 2)
        network = changed(network, start, neuron, doubled)
    status, why = hats_proved(network, built.sweeps)
    assert status is Status.REFUTED
    assert why is not None
    assert "readout 2" in why


def test_a_hat_that_does_not_fit_the_grid_is_not_proved():
    _, _, built, _ = built_for()
    affine = built.network.layers[2][1].affine
    moved = changed(built.network, 2, 1, Affine(affine.terms, affine.bias + fmpq(1, 3)))
    status, why = hats_proved(moved, built.sweeps)
    assert status is Status.UNDECIDED
    assert why is not None
    assert "'a' of layer 3" in why


def test_a_changed_earlier_weight_is_refuted():
    _, _, built, _ = built_for()
    network = built.network
    last = len(network.layers) - 2
    kept = network.layers[last][-1].affine  # S + c psi
    assert len(kept.terms) == 2
    (hat, c), rest = kept.terms
    other = changed(
        network, last, len(network.layers[last]) - 1, Affine(((hat, c + fmpq(1, 8)), rest), kept.bias)
    )
    assert hats_proved(network, built.sweeps)[0] is Status.PROVED
    assert hats_proved(other, built.sweeps)[0] is Status.REFUTED


def test_nested_is_looked_for_in_the_network():
    """Changed: a weight of the first sweep; a readout of it; and the network cut short. Unchanged: the last sweep's."""
    _, _, built, question = built_for()
    network, first = built.network, len(built.sweeps[0])
    (frozen,) = [f for f in judged_network(built, question, network) if f.property == "nested"]
    assert frozen.status is Status.PROVED
    early = network.layers[1][-2].affine
    late = network.layers[-1][-2].affine
    read = list(network.readouts)
    read[0] = replace(read[0], affine=Affine(read[0].affine.terms, read[0].affine.bias + fmpq(1, 2**90)))
    for other, status in (
        (
            changed(network, 1, len(network.layers[1]) - 2, Affine(early.terms, early.bias + fmpq(1, 2**90))),
            Status.REFUTED,
        ),
        (Network(network.inputs, network.layers, tuple(read)), Status.REFUTED),
        (network.prefix(first - 1), Status.REFUTED),
        (
            changed(
                network, network.depth - 1, len(network.layers[-1]) - 2, Affine(late.terms, late.bias + 1)
            ),
            Status.PROVED,
        ),
    ):
        (found,) = [f for f in judged_network(built, question, other) if f.property == "nested"]
        assert found.status is status


def judged_network(built: Multigrade, question: Question, network: Network) -> tuple[Finding, ...]:
    return Findings(question, built.offset, built.sweeps, network, silent).all()


def test_missing_readouts_are_refuted():
    _, _, built, _ = built_for()
    network = built.network
    short = Network(network.inputs, network.layers, tuple(network.readouts)[:-1])
    assert hats_proved(short, built.sweeps)[0] is Status.REFUTED
    assert hats_proved(network, built.sweeps[:-1])[0] is not Status.PROVED
