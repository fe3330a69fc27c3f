"""A geometric certificate as a Coq file: its network, its target, and its bounds, to be proved by computation."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from flint import fmpq

from constructs import grids
from constructs.network import Network
from constructs.rationals import Rationals, combination
from verify.kernel.splits import split_for
from verify.kernel.stated import Bounds, bounds_of, comment, rational_text, require_levels, whole
from verify.kernel.stored_tables import PackedLevel, StoredTables, stored_tables
from verify.kernel.targets import CoqTarget, TargetText, coq_target

MODULES = ("Sums", "Network", "Levels", "BoxCheck", "Computing", "GeometricCertificate")
WIDTH = 120  # of the lines of a remark
WORD = 60  # bits of a table in a machine integer of 63


LEFT_OUT = "Its other findings (errors in L^p for finite p, the modulus itself, sizes) are not in this file"


def geometric_file(certificate: dict[str, Any], last: Sequence[str] = (f"{LEFT_OUT}.",)) -> str:
    """The text of the Coq file: the network, the target, and bounds of the error at every point; `last` are the last
    lines of its head.

    Raises: ConstructError for what cannot be written (the message says what can).
    """
    target = coq_target(certificate["target"])
    data = read(certificate, target)
    bounds = [bounds_of(certificate, level) for level in range(data.levels + 1)]
    tables = realized(data.tables, data.dim, data.base)
    splits = [split_for(target, table, bound.most) for table, bound in zip(tables, bounds, strict=True)]
    remarks = [
        "For every level a bound of the error at every point that its findings state:",
        *(f"level {level}: {bound.source}" for level, bound in enumerate(bounds)),
        *last,
    ]
    lines = [*opening(certificate, data, remarks), *_bounded(data, target, bounds, splits)]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class GeometricData:
    """What a geometric certificate holds, as far as Coq files need it."""

    dim: int
    base: int
    levels: int
    target: TargetText
    tables: StoredTables


def read(certificate: dict[str, Any], target: TargetText) -> GeometricData:
    """What the network stores, with the target.

    Raises: ConstructError.
    """
    parameters = certificate["claim"]["parameters"]
    dim, base, levels = (whole(parameters, name) for name in ("dim", "base", "levels"))
    tables = stored_tables(Network.from_json(certificate["network"]), dim, base)
    require_levels(levels, len(tables.levels))
    return GeometricData(dim, base, levels, target, tables)


def realized(tables: StoredTables, dim: int, base: int) -> list[Rationals]:
    """The tables of all levels."""
    found = [Rationals.full((1,) * dim, tables.value0)]
    for t, level in enumerate(tables.levels, start=1):
        entries = grids.from_numbered(level.fields, dim, base**t)
        given = found[-1].rearranged(partial(grids.refine, factor=base))
        found.append(combination([(fmpq(1), given), (level.step, Rationals(entries))], level.low, dim))
    return found


def opening(certificate: dict[str, Any], data: GeometricData, remarks: Sequence[str]) -> list[str]:
    """The first lines of a file: what it is about, and the definitions of the network and the target."""
    return [
        f"(** * |f - Phi_l| on the closed cube [0,1]^{data.dim}, f: {comment(data.target.shown)}",
        "",
        "    Written by approxcert from the certificate whose hash.all is",
        f"    {certificate['hash']['all']}:",
        f"    its network (floor digits, bit decoders; N = {data.base}, levels 0 to {data.levels}) and its target.",
        *(line for remark in remarks for line in _wrapped(remark)),
        "*)",
        "",
        "From Coq Require Import Uint63 PArray Reals QArith Qreals ZArith List.",
        "From Interval Require Import Eval.Tree.",
        "From Approxcert Require Import " + " ".join((*MODULES, *data.target.modules)) + ".",
        "",
        *data.target.arrays,
        "(** The tables, packed: the digits of the weights a_t in base 2^(bits * per). *)",
        *(_words(t, level) for t, level in enumerate(data.tables.levels, start=1)),
        "",
        "Import ListNotations.",
        "Open Scope Q_scope.",
        "(** Of each level: bits of a field, fields of a word, words, then lo and step of lo + step * field. *)",
        "Definition stored : list level_data := [",
        ";\n".join(
            f"  LevelData {level.bits} {_per(level.bits)} words{t} "
            f"{rational_text(level.low)} {rational_text(level.step)}"
            for t, level in enumerate(data.tables.levels, start=1)
        ),
        "].",
        f"Definition value0 : Q := {rational_text(data.tables.value0)}.",
        "",
        "(** The certificate's network. *)",
        f"Definition certified : network Q := data_network {data.dim} {data.base} value0 stored.",
        "",
        "Open Scope R_scope.",
        "(** The target, for the reader and for the kernel. *)",
        *data.target.definitions,
    ]


def _wrapped(remark: str) -> list[str]:
    return textwrap.wrap(comment(remark), WIDTH, initial_indent="    ", subsequent_indent="    ")


def _bounded(
    data: GeometricData, target: CoqTarget, bounds: Sequence[Bounds], splits: Sequence[int]
) -> list[str]:
    return [
        "",
        "Open Scope Q_scope.",
        "Definition bounds : list Q := [",
        ";\n".join(f"  {rational_text(bound.most)}" for bound in bounds),
        "].",
        f"Definition splits : list Z := [{'; '.join(map(str, splits))}]%Z.",
        "Open Scope R_scope.",
        "",
        "Lemma computed :",
        f"  check_data {data.dim} {data.base} ({target.ranges}) value0 stored splits bounds = true.",
        "Proof. vm_cast_no_check (eq_refl true). Qed.",
        "",
        "(** The network has the stated width and depth, and at every point of the closed cube readout l is as close",
        "    to f as the bound number l says. *)",
        "Theorem certificate :",
        f"  well_formed certified /\\ (width certified <= {3 * data.dim + 4})%nat /\\",
        f"  depth certified = {data.levels + 2}%nat /\\",
        f"  forall l x, (l <= {data.levels})%nat -> cube {data.dim} x ->",
        "  Rabs (f x - Phi (real certified) l x) <= Q2R (nth l bounds 0%Q).",
        "Proof.",
        f"  exact (check_data_sound {data.dim} {data.base} f _ value0 stored splits bounds",
        f"    ({target.proof}) computed).",
        "Qed.",
    ]


def _per(bits: int) -> int:
    """Fields in a word."""
    return max(1, WORD // bits)


def _words(t: int, level: PackedLevel) -> str:
    """A table as an array of machine integers, the first field of each highest."""
    per = _per(level.bits)
    fields = np.append(level.fields, np.zeros(-len(level.fields) % per, dtype=np.int64)).reshape(-1, per)
    shifts = np.arange(per - 1, -1, -1, dtype=np.int64) * level.bits
    words = np.bitwise_or.reduce(fields.astype(np.uint64) << shifts.astype(np.uint64), axis=1)
    listed = "; ".join(f"0x{int(w):x}" for w in words)
    return f"Definition words{t} : array int := ([| {listed} | 0 |])%uint63."
