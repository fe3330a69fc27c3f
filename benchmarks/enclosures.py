"""What rigour costs: L^2 errors and moduli of all levels, enclosed, beside the same sums of midpoint samples.

Every level l = 0..L of a target of two variables: means of its 4^l cells, ||f - means||_2, and ||f(. + s) - f||_2 for
a shift by 2^-l along either axis, on the same grids throughout. Ours encloses all of it. The reference is what anybody
would write with NumPy, on full arrays; `hoisted` is the same with every part of one variable computed on its axis only.
Arb and mpmath enclose the range of f on every box, nothing else, one box at a time; they are timed on a part of the
boxes. CPU seconds of one process; memory of one of its own, on Linux. A table on stdout, and build/enclosures.json.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import log

import mpmath
import numpy as np
from flint import arb, fmpq
from lib.history import recorded

from constructs.targets.expression import ExpressionTarget
from verify.box_quantities import BoxQuantities

LEVELS = (8, 9, 10)
LARGE = 12  # with --long
P = fmpq(2)
SINGLE = 4096  # boxes that are enclosed one at a time
Array = np.ndarray


@dataclass(frozen=True)
class Case:
    """A target, in each of the arithmetics; `hoisted` gets open axes."""

    name: str
    text: str
    plain: Callable[[Array, Array], Array]
    ball: Callable[[arb, arb], arb]
    interval: Callable[[object, object], object]
    aim: float


CASES = (
    Case(
        "separable, with a kink",
        "sin(3*x0)*x1 + abs(x0-1/3)",
        lambda x, y: np.sin(3 * x) * y + np.abs(x - 1 / 3),
        lambda x, y: (3 * x).sin() * y + abs(x - fmpq(1, 3)),
        lambda x, y: mpmath.iv.sin(3 * x) * y + abs(x - mpmath.iv.mpf(1) / 3),
        4,
    ),
    Case(
        "not separable",
        "exp(-10*((x0-1/2)**2+(x1-1/3)**2) + x0*x1)",
        lambda x, y: np.exp(-10 * ((x - 1 / 2) ** 2 + (y - 1 / 3) ** 2) + x * y),
        lambda x, y: (-10 * ((x - fmpq(1, 2)) ** 2 + (y - fmpq(1, 3)) ** 2) + x * y).exp(),
        lambda x, y: mpmath.iv.exp(
            -10 * ((x - mpmath.iv.mpf(1) / 2) ** 2 + (y - mpmath.iv.mpf(1) / 3) ** 2) + x * y
        ),
        15,
    ),
)


def ours(case: Case, levels: int) -> tuple[list[int], float]:
    """The grids of the levels, and the largest ratio of an error's upper end to its lower one."""
    target = ExpressionTarget(case.text, 2)
    q, grids, worst = BoxQuantities(target, P), [], 1.0
    for level in range(levels + 1):
        cells, refinement = 2**level, 0
        while True:
            grid = q.grid(cells, refinement)
            for axis in range(2):
                step = max(grid // cells if level else grid // 2, 1)
                q.shifted(tuple(fmpq(step, grid) if i == axis else fmpq(0) for i in range(2)), grid)
            error = q.error(target.cell_values(2, level), fmpq(0), grid)
            ratio = float(int((error.hi / error.lo).p) / int((error.hi / error.lo).q)) ** 0.5
            if ratio <= 1.05:
                break
            refinement += 1
        grids.append(grid)
        worst = max(worst, ratio)
    return grids, worst


def sampled(f: Callable[[Array, Array], Array], grids: list[int], hoisted: bool) -> None:
    """The same quantities from samples at midpoints."""
    for level, grid in enumerate(grids):
        x = (np.arange(grid) + 0.5) / grid
        axes = (x[:, None], x[None, :]) if hoisted else np.meshgrid(x, x, indexing="ij")
        values = np.broadcast_to(f(*axes), (grid, grid))
        cells = 2**level
        k = grid // cells
        blocks = values.reshape(cells, k, cells, k)
        means = blocks.mean(axis=(1, 3))
        np.sqrt(((blocks - means[:, None, :, None]) ** 2).mean())
        step = max(k if level else grid // 2, 1)
        np.sqrt(((values[step:] - values[:-step]) ** 2).sum() / grid**2)
        np.sqrt(((values[:, step:] - values[:, :-step]) ** 2).sum() / grid**2)


def one_by_one(f: Callable[..., object], box: Callable[[int, int], object], boxes: int, grid: int) -> float:
    """Seconds for all boxes, from some."""
    start = time.process_time()
    for k in range(SINGLE):
        f(box(k % grid, grid), box((k * 7919) % grid, grid))
    return (time.process_time() - start) * boxes / SINGLE


def ball(k: int, grid: int) -> arb:
    return arb(fmpq(2 * k + 1, 2 * grid), fmpq(1, 2 * grid))


def interval(k: int, grid: int) -> object:
    return mpmath.iv.mpf([mpmath.mpf(k) / grid, mpmath.mpf(k + 1) / grid])


def timed(work: Callable[[], object]) -> tuple[float, object]:
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def peak(case: int, levels: int) -> float:
    """MiB at most, of a process of its own."""
    code = (
        "import sys; sys.path.insert(0, 'benchmarks'); import enclosures;"
        f"enclosures.ours(enclosures.CASES[{case}], {levels});"
        "print(next(x.split()[1] for x in open('/proc/self/status') if x.startswith('VmHWM')))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return int(out.stdout) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", action="store_true", help=f"levels up to {LARGE}: 2^{2 * LARGE} cells")
    levels = (*LEVELS, LARGE) if parser.parse_args().long else LEVELS
    rows = []
    for number, case in enumerate(CASES):
        print(f"\n{case.name}: {case.text}, p = 2; the reference is 1 (aim at level 10: {case.aim:g})")
        print("levels   boxes of all grids  reference s   ours  hoisted     Arb   mpmath  upper/lower  MiB")
        for top in levels:
            seconds, (grids, worst) = timed(partial(ours, case, top))
            boxes = sum(g * g for g in grids)
            reference, _ = timed(partial(sampled, case.plain, grids, False))
            hoisted, _ = timed(partial(sampled, case.plain, grids, True))
            single = [
                one_by_one(f, box, boxes, grids[-1])
                for f, box in ((case.ball, ball), (case.interval, interval))
            ]
            row = {
                "target": case.text,
                "levels": top,
                "cells": 4**top,
                "boxes": boxes,
                "reference_seconds": reference,
                "ratios": {
                    "ours": seconds / reference,
                    "hoisted": hoisted / reference,
                    "arb": single[0] / reference,
                    "mpmath": single[1] / reference,
                },
                "upper_over_lower": worst,
                "peak_mib": peak(number, top),
                "ours_seconds": seconds,
            }
            rows.append(row)
            r = row["ratios"]
            print(
                f"0..{top:<3}  {boxes:>19,}  {reference:>11.2f}  {r['ours']:5.2f}  {r['hoisted']:7.2f}  {r['arb']:6.0f}"
                f"  {r['mpmath']:7.0f}  {worst:11.3f}  {row['peak_mib']:4.0f}"
            )
        mine = [r for r in rows if r["target"] == case.text]
        first, last = mine[0], mine[-1]
        growth = log(last["ours_seconds"] / first["ours_seconds"]) / log(last["cells"] / first["cells"])
        print(
            f"growth of our seconds in cells, from level {first['levels']} to {last['levels']}: exponent {growth:.2f}"
        )
    print(f"\n{recorded('enclosures', rows)}")


if __name__ == "__main__":
    main()
