"""Claims of one's own: what is stated is what is judged, wrong variants are never proved, bad input is named."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from flint import fmpq
from own_examples import example

from constructs import targets
from constructs.errors import ConstructError
from constructs.network import Network
from constructs.neurons import Affine
from constructs.raw_layers import layers
from verify import check
from verify.certificate import digest
from verify.own.claim import OwnClaim
from verify.theorem import (
    activations,
    computes,
    custom,
    depth,
    error,
    local,
    monotone,
    nested,
    neurons,
    one_of,
    parameters,
    ratio,
    theorem,
    whole,
    width,
)
from verify.verdict import Status, Verdict

SQUARE = example("yarotsky_square:yarotsky")
IDENTITY = layers([[("relu", [1], 0)]], ([1], 0))


def made(*conditions: Any, construct: Any = lambda: IDENTITY, target: Any = "x0", **values: Any) -> Verdict:
    """The verdict on a theorem with these conditions, its parameters whole numbers up to 99."""
    domains = dict.fromkeys(values, whole(0, 99))
    stated = theorem(
        name="t", source="s", parameters=domains, construct=construct, conditions=conditions, target=target
    )
    claim = stated(**values)
    return claim.judge(claim.target)


def judged(network: Network, claim: OwnClaim) -> Verdict:
    """The claim about another network."""
    return replace(claim, construct=lambda: network).judge(claim.target)


def changed(network: Network) -> Iterator[tuple[str, Network]]:
    """The network with one number changed: by a little, its sign, to nothing; biases and readouts too."""

    def forms(affine: Affine) -> Iterator[tuple[str, Affine]]:
        for i, (s, w) in enumerate(affine.terms):
            rest = affine.terms[:i], affine.terms[i + 1 :]
            for name, new in (("+", w + fmpq(1, 2**40)), ("-", w - fmpq(1, 2**40)), ("sign", -w)):
                yield f"{name} {s}", Affine((*rest[0], (s, new), *rest[1]), affine.bias)
            yield f"without {s}", Affine((*rest[0], *rest[1]), affine.bias)
        for new in (fmpq(1, 2**40), fmpq(-1, 2**40)):
            yield "bias", Affine(affine.terms, affine.bias + new)

    for j, layer in enumerate(network.layers):
        for k, neuron in enumerate(layer):
            for name, affine in forms(neuron.affine):
                row = (*layer[:k], replace(neuron, affine=affine), *layer[k + 1 :])
                rows = (*network.layers[:j], row, *network.layers[j + 1 :])
                yield f"{neuron.name} {name}", replace(network, layers=rows)
    for name, affine in forms(network.readouts[0].affine):
        yield f"readout {name}", replace(network, readouts=(replace(network.readouts[0], affine=affine),))


def far(network: Network, bound: fmpq) -> bool:
    """Whether |x² - Phi| > bound at one of many points: brute force, by the network's own evaluation."""
    points = [fmpq(k, 64) for k in range(65)] + [fmpq(2 * k + 1, 10**6) for k in range(0, 500_000, 25_013)]
    values = ((x, network.evaluate([x])[0]) for x in points)
    return any(abs(x * x - v) > bound for x, v in values if isinstance(v, fmpq))


def test_every_changed_number_that_makes_it_false_is_refuted() -> None:
    claim = SQUARE(m=3)
    network = claim.construct(m=3)
    bound, refuted = fmpq(1, 256), 0
    for name, other in changed(network):
        alone = replace(claim, conditions=[error("inf", at_most="1/256")])
        verdict = judged(other, alone)
        (finding,) = verdict.findings
        assert verdict.status is not Status.UNDECIDED, name
        if far(other, bound):
            assert verdict.status is Status.REFUTED, name
        if verdict.status is Status.REFUTED:
            refuted += 1
            x = fmpq(*map(int, finding.stated["witness"][0].split("/")))
            phi = other.evaluate([x])[0]
            assert isinstance(phi, fmpq)
            assert abs(x * x - phi) > bound, name
    assert refuted >= 50


def test_a_wrong_weight_is_found_in_its_layer() -> None:
    claim = SQUARE(m=5)
    for name, other in changed(claim.construct(m=5)):
        if not name.startswith("up"):
            continue
        verdict = replace(claim, construct=lambda m, n=other: n).judge(claim.target)
        wrong = [f for f in verdict.findings if f.property == "computes" and f.status is Status.REFUTED]
        places = [verdict.parameters["conditions"][f.level or 0]["neuron"] for f in wrong]
        assert verdict.status is Status.REFUTED, name
        assert f"up{min(places)[0]}" == name.split()[0]
        assert "wanted " in (wrong[0].note or "")


@pytest.mark.parametrize("m", [1, 4, 8])
def test_bounds_that_are_one_too_small_are_refuted(m: int) -> None:
    network = SQUARE(m=m).construct(m=m)
    exact = Fraction(1, 4 ** (m + 1))
    for condition, wrong in (
        (width(3), width(2)),
        (depth(m), depth(m - 1)),
        (neurons(3 * m), neurons(3 * m - 1)),
        (parameters(network.parameters), parameters(network.parameters - 1)),
        (activations("relu"), activations("floor")),
        (error("inf", exact), error("inf", exact - Fraction(1, 10**50))),
        (monotone(), monotone(increasing=False)),
        (computes("sum1", "x0"), computes("sum1", "x0 + 1/1000000000000")),
    ):
        assert made(condition, construct=lambda: network, target="x0**2").status is Status.PROVED
        assert made(wrong, construct=lambda: network, target="x0**2").status is Status.REFUTED


def test_the_square_error_of_yarotsky_is_known_exactly() -> None:
    # Between neighbouring nodes the error is t(h-t): its square has integral h^5/30, and there are 1/h of them.
    for m in (1, 3, 6):
        network = SQUARE(m=m).construct(m=m)
        (finding,) = made(error(2, 1), construct=lambda n=network: n, target="x0**2").findings
        assert finding.stated["error"] == [str(fmpq(1, 30 * 2 ** (4 * m)))] * 2


def test_a_missing_layer_and_a_wrong_jump() -> None:
    four, three = (SQUARE(m=m).construct(m=m) for m in (4, 3))
    claim = replace(SQUARE(m=4), construct=lambda m: three)
    claim = replace(claim, conditions=[error("inf", at_most=lambda m: Fraction(1, 4 ** (m + 1)))])
    assert claim.judge(claim.target).status is Status.REFUTED
    assert replace(claim, construct=lambda m: four).judge(claim.target).status is Status.PROVED
    step = targets.step((["1/2"], [0, 1]))
    for weight, bias, status in (
        (2, 0, Status.REFUTED),  # the last point jumps once more: floor(2) = 2
        (2, fmpq(-1, 10**20), Status.REFUTED),  # jumps too late
        ("19/10", "1/20", Status.PROVED),
    ):
        network = layers([[("floor", [weight], bias)]], ([1], 0))
        assert made(error("inf", 0), construct=lambda n=network: n, target=step).status is status


def test_nested_compares_with_the_network_before() -> None:
    claim = SQUARE(m=4)
    finding = claim.judge(claim.target).findings[4]
    assert (finding.name, finding.status, finding.established_by) == ("nested in m", Status.PROVED, "author")
    rotten = replace(claim, construct=lambda m: claim.construct(m=m) if m == 4 else IDENTITY)
    finding = rotten.judge(claim.target).findings[4]
    assert finding.status is Status.REFUTED
    assert "layer 1 has 1 neurons there, 3 here" in (finding.note or "")
    with pytest.raises(ConstructError, match="nested"):
        made(nested("k"))


def test_local_compares_with_another_network() -> None:
    def hat(height: int) -> Network:
        row = [("relu", [4], -1), ("relu", [4], -2), ("relu", [4], -3)]
        return layers([row], ([height, -2 * height, height], 0))

    def status(side: tuple[str, str]) -> Status:
        condition = local(lambda m: hat(m + 1), within=[side])
        return made(condition, construct=lambda m: hat(m), m=2).findings[0].status

    assert status(("1/4", "3/4")) is Status.PROVED
    assert status(("0", "1")) is Status.PROVED
    assert status(("1/4", "74/100")) is Status.REFUTED
    assert status(("26/100", "3/4")) is Status.REFUTED
    assert made(local(lambda: IDENTITY, within=[(0, 0)])).findings[0].status is Status.PROVED
    with pytest.raises(ConstructError, match="within"):
        local(lambda: IDENTITY, within=[(1, 0)])


def test_nothing_is_proved_by_its_author_s_word_alone() -> None:
    assert made(custom("yes", lambda: True)).status is Status.UNDECIDED


def test_custom_conditions_say_what_they_like_and_are_counted() -> None:
    verdict = made(custom("yes", lambda: True), width(1))
    assert verdict.status is Status.PROVED
    stated = verdict.certificate["findings"][0]
    assert (stated["established_by"], stated["property"], stated["status"]) == ("author", "custom", "proved")
    assert "1 not independently checked" in replace(verdict, accepted=True).checked
    assert made(custom("no", lambda network: network.width == 2)).status is Status.REFUTED
    undecided = made(custom("perhaps", lambda target: "who knows"))
    assert undecided.status is Status.UNDECIDED
    assert undecided.findings[0].note == "who knows"
    with pytest.raises(ConstructError, match="True, False"):
        made(custom("neither", lambda: 1))  # pyright: ignore


def test_other_activations_have_no_certificate_and_no_verdict(tmp_path: Path) -> None:
    sine = layers([[("sine", [1], 0)]], ([1], 0))
    verdict = made(width(1), error("inf", 2), error(2, 2), monotone(), construct=lambda: sine)
    assert verdict.status is Status.UNDECIDED
    assert "sine" in str(verdict.uncertified)
    assert [f.status for f in verdict.findings] == [Status.PROVED] + [Status.UNDECIDED] * 3
    assert {f.reason for f in verdict.findings[1:]} == {"unsupported"}
    with pytest.raises(ConstructError, match="sine"):
        verdict.save(tmp_path / "c.json")
    claim = theorem(
        name="t", source="s", parameters={}, construct=lambda: sine, conditions=[width(1)], target="x0"
    )()
    assert check(claim, claim.target).uncertified is not None


def test_the_certificate_is_the_one_of_the_format() -> None:
    claim = SQUARE(m=2)
    content = claim.judge(claim.target).certificate
    assert content["claim"]["name"] == "own"
    p = content["claim"]["parameters"]
    assert set(p) == {"title", "source", "values", "conditions"}
    assert p["values"] == {"m": "2"}
    assert content["evidence"] == {}
    assert content["hash"]["claim"] == digest(content["claim"])
    assert len(p["conditions"]) == len(content["findings"])
    keys = {"property", "level", "status", "reason", "established_by"}
    fields = {
        "width": {"value", "bound"},
        "depth": {"value", "bound"},
        "activations": {"value", "bound"},
        "monotone": {"witness", "grid"},
        "custom": set(),
        "computes": {"error", "bound", "witness", "grid"},
        "error": {"error", "bound", "witness", "grid"},
    }
    for k, (condition, finding) in enumerate(zip(p["conditions"], content["findings"], strict=True)):
        assert finding["property"] == condition["kind"]
        assert finding["level"] == k
        assert set(finding) == keys | fields[condition["kind"]]
    assert p["conditions"][-2]["neuron"] == [2, 0]
    assert p["conditions"][-1] == {"kind": "error", "of": 2, "norm": "inf", "at_most": "1/64"}


def test_numbers_may_depend_on_the_parameters_and_the_target() -> None:
    f = targets.kuhn(2, [0, 1, 0])
    assert made(error("inf", lambda target: target.lipschitz() / 2), target=f).status is Status.PROVED
    assert made(lambda m: [width(m), depth(m)], m=1).status is Status.PROVED
    stated = theorem(
        name="t",
        source="s",
        parameters={"eps": ratio("1/10", "1/2"), "p": one_of(2, "5/2")},
        construct=lambda eps: layers([[("relu", [1], 0)]], ([1], eps)),
        conditions=lambda eps, p: [error("inf", at_most=eps * p / 2)],
        target=lambda p: "x0" if p == 2 else targets.expression("x0", 1),
    )
    for eps, p in (("1/4", 2), ("0.3", "2.5"), (Fraction(1, 3), Fraction(5, 2))):
        claim = stated(eps=eps, p=p)
        assert claim.judge(claim.target).status is Status.PROVED
    assert "eps               a rational from 1/10 to 1/2" in stated.text()
    assert "For example, eps = 1/10, p = 2; target x0" in stated.text()


def test_construct_may_ask_for_the_target() -> None:
    def interpolate(target: Any, n: int) -> Network:
        values = [target.exact([Fraction(k, n)]) for k in range(n + 1)]
        slopes = [(b - a) * n for a, b in pairwise(values)]
        changes = [slopes[0], *(b - a for a, b in pairwise(slopes))]
        row = [("relu", [1], Fraction(-k, n)) for k in range(n)]
        return layers([row], (changes, values[0]))

    stated = theorem(
        name="interpolation",
        source="folklore",
        parameters={"n": whole(1, 20)},
        construct=interpolate,
        conditions=[neurons(lambda n: n), error("inf", at_most=lambda n: Fraction(1, 4 * n * n))],
    )
    for text, status in (("x0**2", "proved"), ("1 - x0**2", "proved"), ("2*x0**2", "refuted")):
        assert stated(n=5).judge(targets.expression(text, 1)).status.value == status
    with pytest.raises(ConstructError, match="target"):
        _ = stated(n=5).target


BAD = [
    ({"name": ""}, "name"),
    ({"source": "s" * 301}, "source"),
    ({"parameters": {"m": 3}}, "parameters"),
    ({"parameters": {"target": whole(1, 2)}}, "parameters"),
    ({"construct": IDENTITY}, "construct"),
    ({"conditions": ["width"]}, "conditions"),
]


@pytest.mark.parametrize(("wrong", "named"), BAD, ids=str)
def test_bad_theorems_are_refused(wrong: dict[str, Any], named: str) -> None:
    right = {
        "name": "t",
        "source": "s",
        "parameters": {},
        "construct": lambda: IDENTITY,
        "conditions": [width(1)],
    }
    with pytest.raises(ConstructError, match=named):
        theorem(**(right | wrong))


def test_bad_conditions_numbers_and_networks_are_named() -> None:
    for condition, named in (
        (width("3"), "width"),
        (error("inf", 0.5), "at_most"),
        (error("inf", lambda: 2**-3), "float"),
        (error("inf", -1), "at_most"),
        (error("inf", 1, of=7), "levels"),
        (error("inf", lambda k: 1), "function of k"),
        (computes("nobody", "x0"), "nobody"),
        (computes("1.0", targets.expression("x0*x1", 2)), "2 variables"),
        (monotone(axis=1), "axis"),
        (lambda: "width", "conditions"),
        (lambda: [width(1)] * 41, "conditions"),
        (list, "conditions"),
        (lambda: [][0], "IndexError"),
    ):
        with pytest.raises(ConstructError, match=named):
            made(condition)
    for construct, named in (
        (lambda: None, "construct"),
        (lambda: 1 / 0, "ZeroDivisionError.*test_theorem.py:[0-9]+"),
        (lambda: replace(IDENTITY, readouts=()), "readouts"),
        (lambda: replace(IDENTITY, readouts=IDENTITY.readouts * 2), "levels"),
        (lambda: replace(IDENTITY, inputs=2), "variables"),
        (lambda: replace(IDENTITY, layers=IDENTITY.layers * 2, inputs=1, readouts=(
            replace(IDENTITY.readouts[0], layer=3),)), "layer of readout"),
        (lambda: replace(IDENTITY, readouts=(replace(IDENTITY.readouts[0], affine=Affine(((1, fmpq(1)),), fmpq(0))),)),
         "sources of readout"),
    ):  # fmt: skip
        with pytest.raises(ConstructError, match=named):
            made(width(9), construct=construct)
    with pytest.raises(ConstructError, match="norm"):
        error(3, 1)
    with pytest.raises(ConstructError, match="activations"):
        activations("relux")
    with pytest.raises(ConstructError, match="parameter"):
        SQUARE(m=3, n=2)
    with pytest.raises(ConstructError, match="parameter"):
        SQUARE()


def test_nothing_changes_without_asserts() -> None:
    code = (
        "from own_examples import example\n"
        "for name in ('yarotsky', 'too_good'):\n"
        "    claim = example('yarotsky_square:' + name)(m=4)\n"
        "    print(claim.judge(claim.target).status.value)\n"
    )
    here = Path(__file__).parent
    command = [
        sys.executable,
        "-O",
        "-c",
        f"import sys; sys.path[:0] = [{str(here)!r}, {str(here.parent)!r}]\n{code}",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=here.parent)
    assert done.stdout.split() == ["proved", "refuted"]
