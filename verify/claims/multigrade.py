"""The claim of arXiv 2601.16884: multigrade ReLU networks whose residual shrinks at every grade."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import factorial, lcm
from time import monotonic
from typing import Any

import numpy as np
from flint import fmpq

from constructs import multigrade as construction
from constructs.errors import ConstructError
from constructs.exact import Exact, integer, rational, to_text
from constructs.multigrade import Multigrade
from constructs.targets.base import LARGEST_TABLE, Target, bounded_table
from constructs.targets.expression import ExpressionTarget
from constructs.targets.kuhn import KuhnTarget
from verify.claims.arguments import mesh_cells, positive
from verify.claims.contents import certificate_of
from verify.claims.description import Description
from verify.claims.levels import OutOfBudget
from verify.claims.multigrade_findings import Findings, Question
from verify.enclosure import DomainUndecided
from verify.progress import Notify, silent
from verify.quantities import NotEnclosed
from verify.residuals import grid_for, residual
from verify.verdict import Verdict

MOST_SWEEPS = 40
LARGEST_P = 16
LARGEST_GRID = 1 << 22  # nodes of a sweep's grid (verify/CERTIFICATE.md, 11.13)

DESCRIPTION = Description(
    name="multigrade",
    summary="nested ReLU networks of width d+3: the error grows at no point, and shrinks in L^p at every grade",
    source="arXiv 2601.16884; the rate: docs/multigrade.md",
    statement=(
        "For a continuous f on [0,1]^d there are ReLU networks Phi_1, Phi_2, ... of width d + 5, each a prefix of the",
        "next (earlier weights frozen, one readout per grade), with |f - Phi_i| <= |f - Phi_(i-1)| at every point,",
        "||f - Phi_i||_p < ||f - Phi_(i-1)||_p at every nontrivial grade, and uniform convergence.",
        "Beyond the paper: if d <= 2 and f is linear on the Kuhn grid of the first mesh with slopes <= K along its",
        "edges, then after the sweep at mesh h_s the error is at most K h_s at every point, and slopes never grow.",
    ),
    findings=(
        ("width", "neurons in the widest layer <= d + 5 (the network built has d + 3)"),
        ("depth", "hidden layers <= (d + 1) per grade"),
        ("activations", "ReLU only"),
        ("nested", "the network before the last sweep is a prefix, weights unchanged"),
        (
            "regions",
            "small networks: every readout proved from the weights, on each simplex of the finest grid",
        ),
        ("pointwise", "per sweep: no grade makes |f - Phi| larger at any point"),
        ("decrease", "per sweep and p: every grade makes the L^p error strictly smaller; by how much in all"),
        (
            "rate",
            "per sweep: sup|f - Phi| <= K h_s; <= 2 K h_s if f is not linear on the first mesh (see below)",
        ),
        (
            "slope",
            "per sweep, if d <= 2 and f is linear on the first mesh: the residual's slope did not grow",
        ),
        ("until", "with --until EPS: the first sweep after which sup|f - Phi| <= EPS"),
    ),
    differs=(
        "Sweeps erode: at each node of mesh h_s the hat times the least |f - Phi| over its support is added, if",
        "f - Phi has one strict sign there. K is the largest slope of the residuals so far, in the directions {0,1}^d;",
        "it is that of f if d <= 2 and f is linear on the first mesh, else slopes may grow. For an expression",
        "everything rests on its interpolant on a grid up to four times finer than the last mesh, and on certified",
        "bounds of the difference, so that the findings hold for f itself. A jump (step) is allowed, but nothing",
        "converges uniformly there: K grows with the grid.",
    ),
)


@dataclass(frozen=True)
class MultigradeClaim:
    """Every promise of the multigrade theorem, for sweeps at meshes 1/mesh, 1/(2 mesh), ...

    Made by `multigrade`, which validates.
    """

    mesh: int
    sweeps: int
    powers: tuple[int, ...]
    until: fmpq | None
    name: str = "multigrade"

    def parameters(self, dim: int) -> dict[str, Any]:
        """As in the certificate (verify/CERTIFICATE.md, 11.1)."""
        return {
            "dim": dim,
            "mesh": self.mesh,
            "sweeps": self.sweeps,
            "p": list(self.powers),
            "until": None if self.until is None else to_text(self.until),
        }

    def judge(self, target: Target, notify: Notify = silent) -> Verdict:
        """Builds the network for the target, and judges every property.

        Returns: Verdict, its certificate sealed.
        Raises: ConstructError for bad input; OutOfBudget if the target cannot be enclosed.
        """
        started = monotonic()
        target = continuous(target)
        grid = self._grid(target)
        notify("enclosing the target")
        try:
            first = residual(target, grid)
        except (DomainUndecided, NotEnclosed) as error:
            raise OutOfBudget.because(error) from None
        notify("eroding")
        fits = isinstance(target, KuhnTarget) and self.mesh % target.cells == 0
        question = Question(first, self.powers, self.until, fits)
        built = construction.build(first, self.mesh, self.sweeps, question.reached)
        verdict = self.judge_network(target, built, question, grid, notify)
        return replace(verdict, seconds=monotonic() - started)

    def judge_network(
        self, target: Target, built: Multigrade, question: Question, grid: int | None, notify: Notify = silent
    ) -> Verdict:
        """Judges the grades of a given network, whoever made them."""
        work = Findings(question, built.offset, built.sweeps, built.network, notify)
        findings = work.all()
        parameters = self.parameters(target.dim)
        claim = {"name": self.name, "parameters": parameters}
        certificate = certificate_of(claim, target, built.to_json(), {"grid": grid}, findings)
        return Verdict(
            claim=self.name,
            parameters=parameters,
            target=target,
            network=built.network,
            findings=findings,
            certificate=certificate,
            width_stated=construction.stated_width(target.dim),
            seconds=0.0,
        )

    def _grid(self, target: Target) -> int | None:
        finest = self.mesh << (self.sweeps - 1)
        grid = grid_for(target, finest)
        largest = lcm(finest, target.cells) if isinstance(target, KuhnTarget) else grid or finest
        d = target.dim
        bounded_table("sweeps", self.sweeps, (largest + 1) ** d, "nodes", LARGEST_GRID)
        bounded_table("sweeps", self.sweeps, factorial(d) * largest**d, "simplices", LARGEST_TABLE)
        return grid


def continuous(target: Target) -> Target:
    """The target, a constant turned into the Kuhn target that it is.

    Raises: ConstructError for a step target that is not constant.
    """
    value = target.constant()
    if value is not None and not isinstance(target, KuhnTarget):
        return KuhnTarget(1, np.full((2,) * target.dim, value, dtype=object))
    if not isinstance(target, (KuhnTarget, ExpressionTarget)):
        raise ConstructError(
            "target", target.describe(), "a continuous target: an expression, or nodal values on a grid"
        )
    return target


def multigrade(
    mesh: Exact = "1/2", sweeps: int = 3, p: Exact | None = None, until: Exact | None = None
) -> MultigradeClaim:
    """The claim with these parameters.

    Requires: mesh 1/M, that of the first sweep; 1 <= sweeps <= 40; p: an integer in 3..16 to be judged beside 1 and 2;
    until: an accuracy > 0 at which the schedule stops, or None.
    Raises: ConstructError.
    Source: arXiv 2601.16884; docs/multigrade.md.

    >>> multigrade(mesh="1/4", sweeps=5).parameters(2)
    {'dim': 2, 'mesh': 4, 'sweeps': 5, 'p': [1, 2], 'until': None}
    """
    extra = () if p is None or str(p) in ("1", "2") else (_power(p),)
    return MultigradeClaim(
        mesh=mesh_cells(mesh),
        sweeps=integer(sweeps, "sweeps", 1, MOST_SWEEPS),
        powers=(1, 2, *extra),
        until=None if until is None else positive(until, "until"),
    )


def _power(p: Exact) -> int:
    value = rational(p, "p")
    if value.q != 1:
        raise ConstructError("p", str(p), f"an integer from 1 to {LARGEST_P}")
    return integer(int(value.p), "p", 1, LARGEST_P)
