"""The claim of arXiv 2604.20219: geometric rates at every level of one network of width 2dN + d + 2."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import Any

from flint import fmpq

from constructs import geometric as construction
from constructs.errors import ConstructError, nearest_name
from constructs.exact import Exact, integer, rational, to_text
from constructs.targets import exact_form
from constructs.targets.base import Target
from verify.claims.arguments import one_of, positive
from verify.claims.contents import certificate_of
from verify.claims.description import Description
from verify.claims.geometric_findings import Findings, Options
from verify.claims.levels import RTOL, Question
from verify.norms import quantities
from verify.powers import Enclosure, root, rounded
from verify.progress import Notify, silent
from verify.verdict import Verdict

LARGEST_P = 64
LARGEST_BASE = 10**9  # the format's largest integer
CONSTANTS = ("paper", "sharp")
MODULI = ("axis", "euclidean")


DESCRIPTION = Description(
    name="geometric",
    summary="one network, a readout per level, L^p error <= (2d+1) omega_p(f, N^-l) at every level l",
    source="arXiv 2604.20219 (Zhang, Shen, Xu)",
    statement=(
        "For f in L^p([0,1]^d), 1 <= p < inf, one network with ReLU channels and two sine channels, of width",
        "2dN + d + 2, has readouts Phi_0, ..., Phi_L (each a prefix of the network and an affine head) with",
        "||f - Phi_l||_p <= (2d+1) omega_p(f, N^-l) for every l; for f K-Lipschitz (l1): <= (2d+1) K N^-l.",
    ),
    findings=(
        ("width", "neurons in the widest layer <= 2dN + d + 2"),
        ("depth", "hidden layers <= L + 2"),
        ("activations", "those of the digits and decoder only; at most two sines a layer"),
        (
            "nested",
            "readouts are prefixes; floor digits: the network of L-1 levels is contained",
        ),
        (
            "error",
            "error <= C omega_p(f, N^-l); C: 2d+1 (paper), d 2^(1/p)+eps, sqrt(d)+eps at p = 2 (sharp), yours",
        ),
        ("lipschitz-error", "if a Lipschitz constant K is certified: error <= (2d+1) K N^-l"),
        ("until", "with --until EPS: the first level whose certified error is at most EPS"),
    ),
    differs=(
        "The network is a construction that meets the statement, not the paper's proof: digits by ReLU",
        "staircases (relu) or floors (floor), values by sin(w sin(1 + J)) with an integer w found and certified",
        "(two-sine) or by bit extraction (bits). relu + two-sine: width 2dN + 3. floor + bits: width 3d + 4,",
        "for every point of the closed cube, p = inf included. For cell means, smaller constants are proved in",
        "docs/sharpness.md; `approxcert search` looks for targets that break one, `sharpness` lists the gaps.",
    ),
)


@dataclass(frozen=True)
class Geometric:
    """||f - Phi_l||_p <= C omega_p(f, N^-l) for every level l <= L, and what else the theorem says; p None is
    infinity.

    Made by `geometric`, which validates.
    """

    base: int
    levels: int
    p: fmpq | None
    digits: str
    decoder: str
    constant: str | fmpq
    modulus: str
    tolerance: fmpq
    until: fmpq | None
    rtol: fmpq = RTOL  # of enclosed errors; no part of the claim
    name: str = "geometric"

    def parameters(self, dim: int) -> dict[str, Any]:
        """As in the certificate (verify/CERTIFICATE.md, §3)."""
        return {
            "dim": dim,
            "base": self.base,
            "levels": self.levels,
            "p": "inf" if self.p is None else to_text(self.p),
            "digits": self.digits,
            "decoder": self.decoder,
            "constant": self.constant if isinstance(self.constant, str) else to_text(self.constant),
            "modulus": self.modulus,
            "tolerance": to_text(self.tolerance),
            "until": None if self.until is None else to_text(self.until),
        }

    def constant_enclosure(self, dim: int) -> Enclosure:
        """C, enclosed: paper 2d+1; sharp sqrt(d) + eps (p = 2), d + eps (infinity), d 2^(1/p) + eps; a number
        is itself.
        """
        if isinstance(self.constant, fmpq):
            return Enclosure.exact(self.constant)
        if self.constant == "paper":
            return Enclosure.exact(fmpq(2 * dim + 1))
        if self.p is None:
            return Enclosure.exact(dim + self.tolerance)
        exact = (
            root(fmpq(dim), 2)
            if self.p == 2
            else root(fmpq(2) ** int(self.p.q) * fmpq(dim) ** int(self.p.p), int(self.p.p))
        )
        bounds = Enclosure(exact.lo + self.tolerance, exact.hi + self.tolerance)
        return bounds if exact.lo == exact.hi else rounded(bounds, 72)

    def width_stated(self, dim: int) -> int:
        """2dN + d + 2."""
        return construction.stated_width(dim, self.base)

    def judge(self, target: Target, notify: Notify = silent) -> Verdict:
        """Builds the network for the target, and judges every property.

        Returns: Verdict, its certificate sealed.
        Raises: ConstructError for bad input; OutOfBudget if the target cannot be enclosed or no sine weight
        is found.
        """
        started = monotonic()
        target = exact_form(target)
        question = self._question(target)
        options = Options(self.levels, self.digits, self.decoder, self.tolerance, self.until)
        work = Findings(question, options, target, notify)
        findings = work.all()
        claim = {"name": self.name, "parameters": self.parameters(target.dim)}
        asked = {} if self.rtol == RTOL else {"rtol": to_text(self.rtol)}
        certificate = certificate_of(
            claim, target, work.network.to_json(), work.evidence(), findings, asked=asked
        )
        return Verdict(
            claim=self.name,
            parameters=self.parameters(target.dim),
            target=target,
            network=work.network,
            findings=findings,
            certificate=certificate,
            width_stated=self.width_stated(target.dim),
            seconds=monotonic() - started,
            table_bits=work.built.table_bits,
        )

    def _question(self, target: Target) -> Question:
        return Question(
            q=quantities(target, self.p),
            dim=target.dim,
            base=self.base,
            p=self.p,
            constant=self.constant_enclosure(target.dim),
            euclidean=self.modulus == "euclidean",
            is_constant=target.constant() is not None,
            rtol=self.rtol,
        )


def geometric(
    base: int = 2,
    levels: int = 3,
    p: Exact | None = 2,
    *,
    digits: str = "floor",
    decoder: str = "bits",
    constant: Exact = "paper",
    modulus: str = "axis",
    tolerance: Exact = "1/16",
    until: Exact | None = None,
    rtol: Exact = RTOL,
) -> Geometric:
    """The claim with these parameters.

    Requires: base >= 2, levels >= 0; 1 <= p rational with numerator and denominator <= 64, or "inf" (floor
    digits only); digits relu or floor, decoder two-sine or bits; constant paper, sharp or a rational > 0;
    modulus axis or euclidean; tolerance > 0, the storage error relative to the modulus; until: an accuracy >
    0, or None; rtol > 0: once a level is decided, its error is enclosed more narrowly, until the upper end is at most
    1 + rtol times the lower one, or there are 2^16 boxes.
    Raises: ConstructError.
    Source: arXiv 2604.20219; constants: docs/geometric.md.

    >>> geometric(base=2, levels=6, p=2, constant="sharp").constant_enclosure(1).lo
    17/16
    """
    return Geometric(
        base=integer(base, "base", 2, LARGEST_BASE),
        levels=integer(levels, "levels", 0),
        digits=one_of(digits, "digits", construction.DIGITS),
        p=_exponent(p, digits),
        decoder=one_of(decoder, "decoder", construction.DECODERS),
        constant=str(constant)
        if constant in CONSTANTS
        else positive(
            constant, "constant", f"paper, sharp or a rational > 0{nearest_name(constant, CONSTANTS)}"
        ),
        modulus=one_of(modulus, "modulus", MODULI),
        tolerance=positive(tolerance, "tolerance"),
        until=None if until is None else positive(until, "until"),
        rtol=positive(rtol, "rtol"),
    )


def _exponent(p: Exact | None, digits: str) -> fmpq | None:
    if p is None or p == "inf":
        if digits != "floor":
            raise ConstructError(
                "p",
                "inf",
                "a finite p with relu digits, whose strips have no small supremum; or --digits floor",
            )
        return None
    expected = f'a rational >= 1 with numerator and denominator <= {LARGEST_P}, or "inf"'
    try:
        value = rational(p, "p")
    except ConstructError:
        raise ConstructError("p", p, expected) from None
    if value < 1 or value.p > LARGEST_P or value.q > LARGEST_P:
        raise ConstructError("p", str(p), expected)
    return value
