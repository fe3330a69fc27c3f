"""A two-sine certificate as a Coq file: its network, its target, and its bounds, to be proved by computation."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from flint import fmpq

from constructs import grids
from constructs.errors import ConstructError
from constructs.network import Network
from constructs.rationals import Rationals, combination
from verify.kernel.splits import split_for
from verify.kernel.stated import Bounds, bounds_of, comment, rational_text, require_levels, whole
from verify.kernel.stored_sines import SineLevel, StoredSines, stored_sines
from verify.kernel.targets import CoqExpression, coq_target

MOST_CELLS = 1 << 12  # of the finest level: intervals of many digits are slow
ONE = fmpq(1)


def sine_file(certificate: dict[str, Any]) -> str:
    """The text of the Coq file.

    Raises: ConstructError for what cannot be written.
    """
    parameters = certificate["claim"]["parameters"]
    dim, base, levels = (whole(parameters, name) for name in ("dim", "base", "levels"))
    target = coq_target(certificate["target"])
    if not isinstance(target, CoqExpression):
        raise ConstructError("target", target.shown, "an expression, for two sines in Coq")
    if base ** (dim * levels) > MOST_CELLS:
        raise ConstructError("levels", levels, f"at most {MOST_CELLS} cells, for two sines in Coq")
    sines = stored_sines(Network.from_json(certificate["network"]), dim, base)
    require_levels(levels, len(sines.levels))
    bounds = [bounds_of(certificate, level) for level in range(levels + 1)]
    splits = [
        split_for(target, table, bound.most)
        for table, bound in zip(_near(sines, dim, base), bounds, strict=True)
    ]
    return "\n".join(_lines(certificate, target, sines, bounds, splits)) + "\n"


def _near(sines: StoredSines, dim: int, base: int) -> list[Rationals]:
    """Tables near those of all levels."""
    found = [Rationals.full((1,) * dim, sines.value0)]
    for t, level in enumerate(sines.levels, start=1):
        values = Rationals.of([level.value(J) for J in range(base ** (dim * t))])
        given = found[-1].rearranged(partial(grids.refine, factor=base))
        found.append(
            combination(
                [(ONE, given), (ONE, values.rearranged(partial(_laid_out, dim=dim, cells=base**t)))],
                fmpq(0),
                dim,
            )
        )
    return found


def _laid_out(entries: np.ndarray, dim: int, cells: int) -> np.ndarray:
    return grids.from_numbered(entries, dim, cells)


def _lines(
    certificate: dict[str, Any],
    target: CoqExpression,
    sines: StoredSines,
    bounds: list[Bounds],
    splits: list[int],
) -> list[str]:
    parameters = certificate["claim"]["parameters"]
    dim, base, levels = parameters["dim"], parameters["base"], parameters["levels"]
    digits = 64 + 3 * max((level.weight.bit_length() for level in sines.levels), default=0)
    return [
        f"(** * |f - Phi_l| on the closed cube [0,1]^{dim}, f: {comment(target.shown)}",
        "",
        "    Written by approxcert from the certificate whose hash.all is",
        f"    {certificate['hash']['all']}:",
        f"    its network (floor digits, two-sine decoders; N = {base}, levels 0 to {levels}), its target, and for",
        "    every level a bound of the error at every point that its findings state:",
        *(f"    level {level}: {bound.source}" for level, bound in enumerate(bounds)),
        "    Its other findings (errors in L^p for finite p, the modulus itself, sizes) are not in this file. *)",
        "",
        "From Coq Require Import Reals QArith Qreals ZArith List.",
        "From Interval Require Import Eval.Tree.",
        "From Approxcert Require Import Sums Network Levels TwoSine BoxCheck SineCertificate.",
        "Import ListNotations.",
        "",
        "Open Scope Q_scope.",
        "(** Of each level: mid, gamma, w of mid + gamma sin(w sin(1 + J)), boxes a cell and axis, and the bound. *)",
        "Definition stored : list sine_level := [",
        ";\n".join(
            _level(level, split, bound.most)
            for level, split, bound in zip(sines.levels, splits[1:], bounds[1:], strict=True)
        ),
        "].",
        f"Definition value0 : Q := {rational_text(sines.value0)}.",
        f"Definition bound0 : Q := {rational_text(bounds[0].most)}.",
        "",
        "(** The certificate's network. *)",
        f"Definition certified : network Q := listed_network {dim} {base} value0 stored.",
        "",
        "Open Scope R_scope.",
        "(** The target, for the reader and for the kernel. *)",
        *target.definitions,
        "",
        "(** Bits of the kernel's floats. *)",
        f"Definition digits := LongFloats.PtoP {digits}.",
        "Lemma computed :",
        f"  check_sines digits {dim} {base} (Long.expression_ranges digits target) value0 {splits[0]} bound0 stored",
        "  = true.",
        "Proof. vm_cast_no_check (eq_refl true). Qed.",
        "",
        "(** The network has the stated width and depth, and at every point of the closed cube readout l is as close",
        "    to f as the bound number l says. *)",
        "Theorem certificate :",
        f"  well_formed certified /\\ (width certified <= {3 * dim + 3})%nat /\\",
        f"  depth certified = {levels + 2}%nat /\\",
        f"  forall l x, (l <= {levels})%nat -> cube {dim} x ->",
        "  Rabs (f x - Phi (real certified) l x) <= Q2R (nth l (bound0 :: map most stored) 0%Q).",
        "Proof.",
        f"  exact (check_sines_sound digits {dim} {base} f _ value0 {splits[0]} bound0 stored",
        f"    (Long.expression_ranges_sound digits {dim} target) computed).",
        "Qed.",
    ]


def _level(level: SineLevel, split: int, most: fmpq) -> str:
    numbers = f"Sines {rational_text(level.mid)} {rational_text(level.gamma)} ({level.weight})"
    return f"  SineLevel ({numbers}) {split} {rational_text(most)}"
