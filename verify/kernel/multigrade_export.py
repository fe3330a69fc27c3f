"""A multigrade certificate as a Coq file: its network, its target, and its bounds, to be proved by computation."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from flint import fmpq

from constructs.errors import ConstructError
from constructs.exact import from_text
from verify.kernel.stated import rational_text
from verify.kernel.targets import CoqKuhn, coq_target

MODULES = (
    "Sums",
    "Network",
    "HatNetwork",
    "Erosion",
    "StepTables",
    "MultigradeCheck",
    "MultigradeCertificate",
)
MOST_WORK = 1 << 23  # values looked up and supports judged, all in all: some minutes

LONGEST = 2000  # of a list in one piece


@dataclass(frozen=True)
class _Sweep:
    """The grades of a sweep, and what the certificate says of sup |f - Phi| after it."""

    cells: int
    nodes: tuple[int, ...]
    steps: tuple[fmpq, ...]
    supremum: fmpq


@dataclass(frozen=True)
class _File:
    """What goes into the file."""

    seal: str
    dim: int
    offset: int
    target: CoqKuhn
    sweeps: tuple[_Sweep, ...]

    @property
    def kuhn_cells(self) -> int:
        """The target's cells an axis."""
        return self.target.target.cells

    @cached_property
    def grid(self) -> int:
        """A common multiple of the target's cells and of those of all sweeps."""
        return math.lcm(self.kuhn_cells, *(s.cells for s in self.sweeps))

    @cached_property
    def finer(self) -> int:
        """The steps' common denominator over that of the target's values."""
        given = self.target.denominator
        return math.lcm(given, *(int(c.q) for s in self.sweeps for c in s.steps)) // given

    @property
    def work(self) -> int:
        """Coarse values looked up and supports judged: at every node of the grid d+1 values of the target and of
        each sweep, and about 2^d supports.
        """
        values = (self.dim + 1) * (len(self.sweeps) + 1)
        return int((self.grid + 1) ** self.dim) * (values + 2**self.dim * len(self.sweeps))


def multigrade_file(certificate: dict[str, Any]) -> str:
    """The text of the Coq file.

    Raises: ConstructError for what cannot be written (the message says what can).
    """
    file = _read(certificate)
    if file.work > MOST_WORK:
        raise ConstructError(
            "certificate",
            f"{file.work} values and supports to look at on the grid of {file.grid}^{file.dim} cells",
            f"at most {MOST_WORK}, for Coq",
        )
    return "\n".join(_lines(file)) + "\n"


def _read(certificate: dict[str, Any]) -> _File:
    dim, network = certificate["claim"]["parameters"]["dim"], certificate["network"]
    target = coq_target(certificate["target"])
    if not isinstance(target, CoqKuhn):
        raise ConstructError(
            "target", certificate["target"]["kind"], "nodal values on a Kuhn grid, for Coq and multigrade"
        )
    if not dim == network["inputs"] == target.target.dim:
        raise ConstructError("inputs", network["inputs"], f"{dim} in the claim, the network and the target")
    offset = from_text(network["offset"])
    if offset.q != 1:
        raise ConstructError("offset", network["offset"], "an integer")
    sweeps = tuple(_sweep(certificate, s) for s in range(1, len(network["sweeps"]) + 1))
    return _File(certificate["hash"]["all"], dim, int(offset.p), target, sweeps)


def _sweep(certificate: dict[str, Any], level: int) -> _Sweep:
    """Sweep number `level`. Raises: ConstructError."""
    given = certificate["network"]["sweeps"][level - 1]
    steps = tuple(from_text(c) for c in given["steps"])
    if len(steps) != len(given["nodes"]) or any(c == 0 for c in steps):
        raise ConstructError("steps", f"sweep {level}", "a step for each node, none of them 0, for Coq")
    pointwise = _finding(certificate, "pointwise", level)
    if pointwise["status"] != "proved":
        raise ConstructError("pointwise", f"{pointwise['status']} for sweep {level}", "proved, for Coq")
    supremum = from_text(_finding(certificate, "rate", level)["supremum"][1])
    return _Sweep(given["cells"], tuple(given["nodes"]), steps, supremum)


def _finding(certificate: dict[str, Any], name: str, level: int) -> dict[str, Any]:
    for finding in certificate["findings"]:
        if (finding["property"], finding["level"]) == (name, level):
            return dict(finding)
    raise ConstructError("certificate", f"sweep {level}", f"a finding {name}, for Coq")


def _lines(file: _File) -> Iterator[str]:
    d, denominator = file.dim, file.target.denominator * file.finer
    ends = np.cumsum([len(s.nodes) for s in file.sweeps]).tolist()
    yield from [
        f"(** * |f - Phi| on the closed cube [0,1]^{d}, f: {file.target.shown}",
        "",
        "    Written by approxcert from the certificate whose hash.all is",
        f"    {file.seal}:",
        "    its multigrade network, its target, that no grade makes |f - Phi| larger at any point (pointwise), and",
        "    for every sweep the upper end of sup |f - Phi| that its finding rate states. Its other findings (L^p",
        "    norms, slopes, regions) are not in this file.",
        *(
            f"    Sweep {s}: mesh 1/{sweep.cells}, grades up to number {end}, sup |f - Phi| <= {sweep.supremum}"
            for s, (sweep, end) in enumerate(zip(file.sweeps, ends, strict=True), start=1)
        ),
        "*)",
        "",
        "From Coq Require Import Uint63 PArray Reals QArith Qreals ZArith List.",
        "From Approxcert Require Import " + " ".join((*MODULES, *file.target.modules)) + ".",
        "",
        *file.target.arrays,
        "Import ListNotations.",
        f"(** The grades: nodes, and numerators of their steps over {denominator}. *)",
    ]
    for s, sweep in enumerate(file.sweeps, start=1):
        yield from _listed(f"sweep{s}", list(_entries(sweep, d, denominator)))
    listed = "; ".join(
        f"Sweep {s.cells} sweep{i} {rational_text(s.supremum)}" for i, s in enumerate(file.sweeps, start=1)
    )
    given = (
        f"{d} {file.kuhn_cells} node {file.target.denominator} {file.finer} {file.offset} {file.grid} sweeps"
    )
    yield from [
        "(** The sweeps: at mesh 1/m, these grades, the bound after it. *)",
        f"Definition sweeps : list sweep_data := [{listed}].",
        "",
        "(** The certificate's network. *)",
        f"Definition certified : network Q := data_network {d} {file.offset} {denominator} sweeps.",
        "",
        "Open Scope R_scope.",
        "(** The target. *)",
        *file.target.definitions,
        "",
        "Lemma computed :",
        f"  check {given} = true.",
        "Proof. vm_cast_no_check (eq_refl true). Qed.",
        "",
        "(** The network has the stated width and depth, and its first grades are a prefix of it; at every point of",
        "    the closed cube |f - Phi| is after each sweep at most its bound, and no grade makes it larger. *)",
        "Theorem certificate :",
        f"  well_formed certified /\\ (width certified <= {d + 3})%nat /\\",
        f"  depth certified = ({d + 1} * grade_count sweeps)%nat /\\",
        f"  (forall i, prefix ({d + 1} * i) certified =",
        f"    multigrade inject_Z {d} {file.offset} (firstn i (all_grades {denominator} sweeps))) /\\",
        f"  (forall s x, (s < {len(file.sweeps)})%nat -> cube {d} x ->",
        "    Rabs (f x - stage (real certified) (grades_through (S s) sweeps) x) <=",
        "    Q2R (nth s (map bound sweeps) 0%Q)) /\\",
        f"  (forall i x, (i < grade_count sweeps)%nat -> cube {d} x ->",
        "    Rabs (f x - stage (real certified) (S i) x) <= Rabs (f x - stage (real certified) i x)).",
        "Proof.",
        f"  exact (multigrade_check_sound {given} computed).",
        "Qed.",
    ]


def _listed(name: str, entries: list[str]) -> Iterator[str]:
    """The list of a sweep's grades, in parts: Coq cannot read very long lists."""
    parts = [entries[i : i + LONGEST] for i in range(0, len(entries), LONGEST)]
    names = [f"{name}_{i}" for i in range(1, len(parts) + 1)]
    for part, called in zip(parts, names, strict=True):
        yield f"Definition {called} : list entry := ["
        yield from textwrap.wrap("; ".join(part), 110, break_on_hyphens=False)
        yield "]%Z."
    yield f"Definition {name} : list entry := {' ++ '.join(names) or '[]'}."


def _entries(sweep: _Sweep, dim: int, denominator: int) -> Iterator[str]:
    for number, step in zip(sweep.nodes, sweep.steps, strict=True):
        node = np.unravel_index(number, (sweep.cells + 1,) * dim)
        yield f"([{';'.join(str(int(k)) for k in node)}],{int(step.p) * (denominator // int(step.q))})"
