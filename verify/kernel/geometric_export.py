"""A geometric certificate as a Coq file: its network, its target, and its bounds, to be proved by computation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from flint import fmpq

from constructs import grids
from constructs.errors import ConstructError
from constructs.exact import from_text
from constructs.network import Network
from constructs.rationals import Rationals, combination
from verify.kernel.splits import split_for
from verify.kernel.stored_tables import PackedLevel, StoredTables, stored_tables
from verify.kernel.targets import CoqTarget, coq_target

MODULES = ("Sums", "Network", "Levels", "BoxCheck", "Computing", "GeometricCertificate")
WORD = 60  # bits of a table in a machine integer of 63


@dataclass(frozen=True)
class Bounds:
    """What is to be proved of one level: |f - Phi_l| <= most at every point, and where that comes from."""

    most: fmpq
    source: str


def geometric_file(certificate: dict[str, Any]) -> str:
    """The text of the Coq file.

    Raises: ConstructError for what cannot be written (the message says what can).
    """
    parameters = certificate["claim"]["parameters"]
    dim, base, levels = (_whole(parameters, name) for name in ("dim", "base", "levels"))
    target = coq_target(certificate["target"])
    tables = stored_tables(Network.from_json(certificate["network"]), dim, base)
    if len(tables.levels) != levels:
        raise ConstructError("levels", levels, f"as many as the network has, {len(tables.levels)}, for Coq")
    bounds = [_bounds(certificate, level) for level in range(levels + 1)]
    splits = [
        split_for(target, table, bound.most)
        for table, bound in zip(_realized(tables, dim, base), bounds, strict=True)
    ]
    return "\n".join(_lines(certificate, target, tables, bounds, splits)) + "\n"


def _whole(parameters: dict[str, Any], name: str) -> int:
    value = parameters[name]
    if type(value) is not int or value < 0:
        raise ConstructError(name, value, "a whole number, for Coq")
    return value


def _bounds(certificate: dict[str, Any], level: int) -> Bounds:
    """The strongest of the proved findings of a level that bound the error at every point."""
    p, dim, base = (certificate["claim"]["parameters"][name] for name in ("p", "dim", "base"))
    found: list[Bounds] = []
    for finding in certificate["findings"]:
        if finding.get("level") != level or finding["status"] != "proved":
            continue
        if finding["property"] == "error" and p == "inf":
            most = from_text(finding["constant"][0]) * from_text(finding["modulus"][0])
            found.append(Bounds(most, "error: the constant times the modulus"))
        if finding["property"] == "lipschitz-error":
            most = (2 * dim + 1) * from_text(certificate["evidence"]["lipschitz"]["K"]) / base**level
            found.append(Bounds(most, "lipschitz-error: (2d+1) K N^-l"))
    if not found:
        raise ConstructError(
            "certificate", f"level {level}", "a proved error for p = inf or lipschitz-error, for Coq"
        )
    return min(found, key=lambda bound: bound.most)


def _realized(tables: StoredTables, dim: int, base: int) -> list[Rationals]:
    found = [Rationals.full((1,) * dim, tables.value0)]
    for t, level in enumerate(tables.levels, start=1):
        entries = grids.from_numbered(level.fields, dim, base**t)
        given = found[-1].rearranged(partial(grids.refine, factor=base))
        found.append(combination([(fmpq(1), given), (level.step, Rationals(entries))], level.low, dim))
    return found


def _lines(
    certificate: dict[str, Any],
    target: CoqTarget,
    tables: StoredTables,
    bounds: Sequence[Bounds],
    splits: Sequence[int],
) -> list[str]:
    parameters = certificate["claim"]["parameters"]
    dim, base, levels = parameters["dim"], parameters["base"], parameters["levels"]
    return [
        f"(** * |f - Phi_l| on the closed cube [0,1]^{dim}, f: {_comment(target.shown)}",
        "",
        "    Written by approxcert from the certificate whose hash.all is",
        f"    {certificate['hash']['all']}:",
        f"    its network (floor digits, bit decoders; N = {base}, levels 0 to {levels}), its target, and for every",
        "    level a bound of the error at every point that its findings state:",
        *(f"    level {level}: {bound.source}" for level, bound in enumerate(bounds)),
        "    Its other findings (errors in L^p for finite p, the modulus itself, sizes) are not in this file. *)",
        "",
        "From Coq Require Import Uint63 PArray Reals QArith Qreals ZArith List.",
        "From Interval Require Import Eval.Tree.",
        "From Approxcert Require Import " + " ".join((*MODULES, *target.modules)) + ".",
        "",
        *target.arrays,
        "(** The tables, packed: the digits of the weights a_t in base 2^(bits * per). *)",
        *(_words(t, level) for t, level in enumerate(tables.levels, start=1)),
        "",
        "Import ListNotations.",
        "Open Scope Q_scope.",
        "(** Of each level: bits of a field, fields of a word, words, then lo and step of lo + step * field. *)",
        "Definition stored : list level_data := [",
        ";\n".join(
            f"  LevelData {level.bits} {_per(level.bits)} words{t} {_rational(level.low)} {_rational(level.step)}"
            for t, level in enumerate(tables.levels, start=1)
        ),
        "].",
        f"Definition value0 : Q := {_rational(tables.value0)}.",
        "Definition bounds : list Q := [",
        ";\n".join(f"  {_rational(bound.most)}" for bound in bounds),
        "].",
        f"Definition splits : list Z := [{'; '.join(map(str, splits))}]%Z.",
        "",
        "(** The certificate's network. *)",
        f"Definition certified : network Q := data_network {dim} {base} value0 stored.",
        "",
        "Open Scope R_scope.",
        "(** The target, for the reader and for the kernel. *)",
        *target.definitions,
        "",
        "Lemma computed :",
        f"  check_data {dim} {base} ({target.ranges}) value0 stored splits bounds = true.",
        "Proof. vm_cast_no_check (eq_refl true). Qed.",
        "",
        "(** The network has the stated width and depth, and at every point of the closed cube readout l is as close",
        "    to f as the bound number l says. *)",
        "Theorem certificate :",
        f"  well_formed certified /\\ (width certified <= {3 * dim + 4})%nat /\\",
        f"  depth certified = {levels + 2}%nat /\\",
        f"  forall l x, (l <= {levels})%nat -> cube {dim} x ->",
        "  Rabs (f x - Phi (real certified) l x) <= Q2R (nth l bounds 0%Q).",
        "Proof.",
        f"  exact (check_data_sound {dim} {base} f _ value0 stored splits bounds",
        f"    ({target.proof}) computed).",
        "Qed.",
    ]


def _comment(text: str) -> str:
    return " ".join(text.replace("(*", "( *").replace("*)", "* )").replace('"', "").split())


def _rational(value: fmpq) -> str:
    return f"({int(value.p)} # {int(value.q)})"


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
