"""One table of small true (or honestly refuted) instances: every law test runs over it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from own_examples import example

from constructs import targets
from constructs.raw_layers import layers
from constructs.targets import kuhn
from verify import claims
from verify.theorem import (
    activations,
    computes,
    custom,
    error,
    monotone,
    neurons,
    parameters,
    theorem,
    width,
)
from verify.verdict import Verdict


@dataclass(frozen=True)
class Instance:
    """A target's text, its dimension, options of the claim, and the status that mathematics gives it."""

    name: str
    target: str
    dim: int
    status: str
    options: dict[str, Any] = field(default_factory=dict, hash=False)
    claim: str = "geometric"


FAITHFUL = {"digits": "relu", "decoder": "two-sine"}

OWN_INSTANCES = tuple(
    Instance(name, target, dim, status, claim="own")
    for name, target, dim, status in (
        ("own, Yarotsky", "x0**2", 1, "proved"),
        ("own, twice as good", "x0**2", 1, "refuted"),
        ("own, boxes", "x0*x1 + sin(x0)", 2, "proved"),
        ("own, floor", "step(x0 - 1/2)", 1, "proved"),
        ("own, falls", "x0", 1, "refuted"),
        ("own, undecided", "x0 + x1", 2, "undecided"),
    )
)

INSTANCES = (
    Instance("kink, floor bits", "abs(x0 - 1/3)", 1, "proved", {"levels": 2, "p": 2}),
    Instance(
        "kink, faithful", "abs(x0 - 1/3)", 1, "proved", {"levels": 2, "p": 2, "until": "1/10", **FAITHFUL}
    ),
    Instance("tent, exact", "tent", 1, "proved", {"levels": 2, "p": 3, "base": 3, "constant": "sharp"}),
    Instance(
        "tent, relu bits", "tent", 2, "proved", {"levels": 1, "p": 1, "digits": "relu", "constant": "sharp"}
    ),
    Instance(
        "random, real p",
        "random-lipschitz:seed=1,cells=2",
        2,
        "proved",
        {"levels": 1, "p": "3/2", "modulus": "euclidean"},
    ),
    Instance("spike", "corner-spike:eta=1/5", 2, "proved", {"levels": 1, "p": 1, "constant": "sharp"}),
    Instance(
        "spike, sup", "corner-spike:eta=1/5", 1, "proved", {"levels": 2, "p": "inf", "modulus": "euclidean"}
    ),
    Instance("refuted constant", "tent", 1, "refuted", {"levels": 2, "p": 2, "constant": "1/10"}),
    Instance("refuted expression", "x0", 1, "refuted", {"levels": 1, "p": 1, "constant": "1/10"}),
    Instance("one too wide", "abs(x0 - 1/3)", 1, "refuted", {"levels": 3, "p": 1, "digits": "relu"}),
    Instance("undecided", "sin(20*x0)", 1, "undecided", {"levels": 1, "p": 2, "constant": "1/2"}),
    Instance("constant", "1/3", 2, "proved", {"levels": 1, "p": 2, **FAITHFUL}),
    Instance("no level", "sqrt", 1, "proved", {"levels": 0, "p": 1}),
    Instance("grades", "tent", 2, "proved", {"mesh": "1/2", "sweeps": 2, "p": 3}, "multigrade"),
    Instance("grades, coarse", "random-lipschitz:seed=1,cells=3", 1, "proved", {"mesh": "1/2"}, "multigrade"),
    Instance(
        "grades, expression", "abs(x0-1/3)*x1 + 1/5", 2, "proved", {"mesh": "1/1", "sweeps": 2}, "multigrade"
    ),
    Instance(
        "grades, stopped", "sin(3*x0) + 1/4", 1, "proved", {"mesh": "1/4", "until": "1/4"}, "multigrade"
    ),
    Instance("grades, not yet", "tent", 1, "refuted", {"sweeps": 1, "until": "1/99"}, "multigrade"),
    Instance("no grade", "0", 2, "proved", {"sweeps": 2}, "multigrade"),
    Instance("products", "exp(-2*x0**2)*x1", 2, "proved", {"mesh": "1/3"}, "multiplicative"),
    Instance(
        "products, zygmund",
        "exp(-4*x0**2)",
        1,
        "proved",
        {"mesh": "1/3", "norm": "zygmund:1/2"},
        "multiplicative",
    ),
    Instance("products, quadratic", "sin(3*x0)", 1, "proved", {"mesh": "1/4", "degree": 2}, "multiplicative"),
    Instance(
        "products, bessel",
        "x0*(1-x0)*x1*(1-x1)*3**2",
        2,
        "proved",
        {"mesh": "1/2", "norm": "bessel:1/2"},
        "multiplicative",
    ),
    Instance(
        "products on the line",
        "(x0*(1-x0))**2*3**2",
        1,
        "proved",
        {"mesh": "1/3", "degree": 2, "norm": "bessel:3/2"},
        "multiplicative",
    ),
    Instance(
        "products, curved",
        "sin(2*x0)",
        1,
        "proved",
        {"mesh": "1/4", "degree": 3, "norm": "zygmund:3/2"},
        "multiplicative",
    ),
    Instance(
        "products, too narrow",
        "sin(2*x0)",
        1,
        "refuted",
        {"mesh": "1/2", "degree": 2, "support": 2},
        "multiplicative",
    ),
    Instance(
        "ladder", "exp(-2*x0**2)", 1, "proved", {"mesh": "1/3", "degree": 2, "ladder": 2}, "multiplicative"
    ),
    Instance(
        "ladder, refuted",
        "abs(x0-1/3)",
        1,
        "refuted",
        {"mesh": "1/2", "ladder": 2, "order": 3},
        "multiplicative",
    ),
    *OWN_INSTANCES,
    Instance("products, undecided", "x0**2", 1, "undecided", {"mesh": "1/2"}, "multiplicative"),
)


def own(name: str) -> Any:
    """The claim of one's own of this name: small networks, conditions of every kind."""
    hat = layers([[("relu", [2], 0), ("relu", [4], -2)]], ([1, -1], 0))
    plane = layers([[("relu", [1, 0], 0), ("relu", [0, 1], 0)]], (["3/2", "1/2"], "-1/4"), 2)
    flat = layers([[("floor", [1, 0], 0), ("relu", [0, 1], 0)]], (["3/2", "1/2"], "-1/4"), 2)
    jump = layers([[("floor", [2], 0)], [("relu", [1], 0), ("relu", [1], -1)]], ([1, -1], 0))
    if name in ("own, Yarotsky", "own, twice as good"):
        return example("yarotsky_square:yarotsky" if name == "own, Yarotsky" else "yarotsky_square:too_good")(
            m=2
        )
    built, stated = {
        "own, boxes": (
            plane,
            [error("inf", at_most=2), error(2, at_most=1), monotone(0), computes((1, 1), "x1", 1)],
        ),
        "own, floor": (
            jump,
            [error("inf", at_most=0), error(2, at_most=0), monotone(), activations("floor", "relu")],
        ),
        "own, falls": (
            hat,
            [monotone(), computes((1, 0), kuhn(1, [0, 2])), width(2), custom("said", lambda: True)],
        ),
        "own, undecided": (flat, [error("inf", at_most=5), neurons(2), parameters(5)]),
    }[name]
    made = theorem(
        name=name, source="here", parameters={}, construct=lambda: built, conditions=stated, target=None
    )
    return made()


@cache
def judged(instance: Instance) -> Verdict:
    """The verdict, without asking the checker; computed once."""
    claim = (
        own(instance.name) if instance.claim == "own" else claims.CLAIMS[instance.claim](**instance.options)
    )
    return claim.judge(targets.parse(instance.target, instance.dim))
