"""The claim of arXiv 2602.06374: networks of local products whose error obeys regularity-sensitive bounds."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import Any

from flint import fmpq

from constructs.arguments import text_of
from constructs.errors import ConstructError, nearest_name
from constructs.exact import Exact, integer, rational, to_text
from constructs.targets.base import Target
from constructs.targets.expression import ExpressionTarget
from verify.claims.arguments import mesh_cells
from verify.claims.contents import certificate_of
from verify.claims.description import Description
from verify.claims.levels import OutOfBudget
from verify.claims.multiplicative_findings import Findings
from verify.claims.multiplicative_measured import Options
from verify.enclosure import DomainUndecided
from verify.progress import Notify, silent
from verify.quantities import NotEnclosed
from verify.verdict import Verdict

LARGEST_DIM = 3
LARGEST_DEGREE = 3
LARGEST_PART = 64  # of numerator and denominator of the Zygmund exponent

DESCRIPTION = Description(
    name="multiplicative",
    summary="a sum of local products of ReLU powers: error C h^(q+1), C h^(q+1-s) in Zygmund and Bessel norms",
    source="arXiv 2602.06374; constants: docs/multiplicative.md",
    statement=(
        "Sums of products of ReLU powers max(w x + b, 0)^q: products of two facing factors per coordinate vanish",
        "outside a box (a sum of ridge functions cannot, for d >= 2). Tensor B-splines of degree q are such sums,",
        "exactly, so that the quasi-interpolant of f on a mesh h is a network of local units, with, e = f - Phi,",
        "sup|e| <= C_q h^(q+1) sum_i sup|d_i^(q+1) f|; i-th derivatives of e are O(h^(q+1-i)), i <= min(q, 2);",
        "[e]_s = sup |e(x+y) - 2 e(x) + e(x-y)| / |y|^s = O(h^(q+1-s)), 0 < s <= min(q, 2), and so is the norm of e",
        "in H^s(R^d), 0 <= s <= min(q, 2), if f vanishes outside the cube. With --ladder: orders from mesh to mesh.",
    ),
    findings=(
        ("activations", "products and one ReLU power only"),
        ("units", "product units after merging equal ones <= ((q+1)(q+2)/2 (M+q))^d"),
        ("support", "every unit vanishes outside a box of q+1 cells a side (--support: as claimed)"),
        ("exactness", "the quasi-interpolant reproduces polynomials of degree q in every coordinate"),
        ("coefficients", "the network's coefficients are those of f up to a stated rounding"),
        (
            "locality",
            "a change of f changes the spline of its values at most (q+1) h away (Phi: up to rounding)",
        ),
        ("sup", "sup|e| <= C_q h^(q+1) sum_i sup|d_i^(q+1) f| (+ rounding); derivatives of f from below"),
        (
            "derivative",
            "per coordinate: q = 1: sup|d_i e| <= (h/2) sum_j sup|d_i d_j f|; q >= 2: C h^q |f|_(q+1)",
        ),
        ("second", "S > 1, per pair of coordinates: sup|d_i d_j e| <= C h^(q-1) |f|_(q+1) (+ rounding)"),
        ("zygmund", "with --norm zygmund:S: [e]_S <= the bound that follows from these"),
        ("l2, gradient", "with --norm bessel:S: the integrals of e^2 and |grad e|^2 <= those of the bounds"),
        ("hessian", "S > 1: the same for the sum of all (d_i d_j e)^2"),
        ("bessel", "the norm of e in H^S(R^d) <= the bound that follows; f is 0 outside the cube"),
        ("order", "with --ladder n, per error and halving of the mesh: it falls at least by 2^(order - 1/2)"),
    ),
    differs=(
        "Sample points lie in the cube; near its boundary functionals are one-sided, so that the bounds hold up to it.",
        "Derivatives of f are bounded from below by difference quotients, so errors are below the same constants times",
        "these; where f has no such derivatives the theorem itself says nothing.",
    ),
)


@dataclass(frozen=True)
class MultiplicativeClaim:
    """The bounds of the quasi-interpolant of degree q at mesh 1/mesh, as a network of local product units.

    Made by `multiplicative`, which validates.
    """

    mesh: int
    degree: int
    norm: str
    s: fmpq | None
    support: int
    name: str = "multiplicative"

    def parameters(self, dim: int) -> dict[str, Any]:
        """As in the certificate (verify/CERTIFICATE.md, 12.1)."""
        return {
            "dim": dim,
            "mesh": self.mesh,
            "degree": self.degree,
            "norm": self.norm,
            "s": None if self.s is None else to_text(self.s),
            "support": self.support,
        }

    @property
    def _options(self) -> Options:
        return Options(self.mesh, self.degree, self.norm, self.s, self.support)

    def judge(self, target: Target, notify: Notify = silent, least: int = 1) -> Verdict:
        """Builds the network for the target, and judges every property.

        Requires: least: boxes per cell and axis, at least, where so many are allowed.
        Returns: Verdict, its certificate sealed.
        Raises: ConstructError for bad input; OutOfBudget if the target cannot be enclosed.
        """
        started = monotonic()
        if not isinstance(target, ExpressionTarget):
            raise ConstructError("target", target.describe(), "an expression: its derivatives are asked for")
        if target.dim > LARGEST_DIM:
            raise ConstructError("dim", target.dim, f"at most {LARGEST_DIM}")
        try:
            work = Findings(target, self._options, notify, least)
            findings = work.all()
        except (DomainUndecided, NotEnclosed) as error:
            raise OutOfBudget.because(error) from None
        parameters = self.parameters(target.dim)
        claim = {"name": self.name, "parameters": parameters}
        certificate = certificate_of(claim, target, work.specification(), work.evidence(), findings)
        network = work.built.network
        return Verdict(
            claim=self.name,
            parameters=parameters,
            target=target,
            network=network,
            findings=findings,
            certificate=certificate,
            width_stated=None,
            seconds=monotonic() - started,
        )


def multiplicative(
    mesh: Exact = "1/8", degree: int = 1, norm: str = "sup", support: int | None = None
) -> MultiplicativeClaim:
    """The claim with these parameters.

    Requires: mesh 1/M, M >= degree; degree q in 1..3; norm: sup; zygmund:S, 0 < S <= 1, for q >= 2 S <= 2; or bessel:S,
    0 <= S <= 1, for q >= 2 S <= 2, of a target that vanishes on the boundary, for S > 1 with its gradient; support: the
    side of a unit's box in cells, as claimed, q+1 unless said otherwise.
    Raises: ConstructError.
    Source: arXiv 2602.06374; docs/multiplicative.md.

    >>> multiplicative(mesh="1/16", norm="zygmund:1/2").parameters(2)
    {'dim': 2, 'mesh': 16, 'degree': 1, 'norm': 'zygmund', 's': '1/2', 'support': 2}
    """
    cells = mesh_cells(mesh)
    q = integer(degree, "degree", 1, LARGEST_DEGREE)
    kind, s = _norm(norm, q)
    side = q + 1 if support is None else integer(support, "support", 1, LARGEST_PART)
    return MultiplicativeClaim(cells, q, kind, s, side)


def _norm(norm: str, degree: int) -> tuple[str, fmpq | None]:
    kind, _, text = text_of(norm, "norm", "sup, zygmund:S or bessel:S").partition(":")
    if norm == "sup":
        return norm, None
    most = 1 if degree == 1 else 2
    expected = (
        f"sup, or for degree {degree} zygmund:S, 0 < S <= {most}, or bessel:S, 0 <= S <= {most}, "
        "S rational with numerator and denominator <= 64"
    )
    if kind not in ("zygmund", "bessel"):
        raise ConstructError("norm", norm, expected + nearest_name(kind, ("sup", "zygmund", "bessel")))
    try:
        s = rational(text, "norm")
    except ConstructError:
        raise ConstructError("norm", norm, expected) from None
    if not 0 <= s <= most or max(s.p, s.q) > LARGEST_PART or (s == 0 and kind == "zygmund"):
        raise ConstructError("norm", norm, expected)
    return kind, s
