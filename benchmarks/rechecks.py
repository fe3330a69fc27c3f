"""Seconds of the whole path: the network built and proved, errors enclosed, and the independent checker beside it.

The checker is one file of pure Python that recomputes everything; CPU seconds, its own process's.
"""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path

from lib.history import recorded

from constructs import targets
from verify import certificate, claims

CASES = (
    ("sin(3*x0)*x1 + abs(x0-1/3)", 2, 5, "2"),
    ("sin(3*x0)*x1 + abs(x0-1/3)", 2, 5, "7/2"),
    ("sqrt(x0)", 1, 10, "2"),
    ("sin(3*x0)*x1 + abs(x0-1/3)", 2, 8, "2"),
    ("sin(3*x0)*x1 + abs(x0-1/3)", 2, 8, "7/2"),
    ("exp(-10*((x0-1/2)**2+(x1-1/3)**2) + x0*x1)", 2, 8, "2"),
)


def spent() -> float:
    """CPU seconds of the children that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    rows = []
    print("cells    p    producer s  checker s  target")
    for text, dim, levels, p in CASES:
        target, claim = targets.expression(text, dim), claims.geometric(2, levels, p)
        start = time.process_time()
        verdict = claim.judge(target)
        produced = time.process_time() - start
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "certificate.json"
            verdict.save(path)
            before = spent()
            code, out, err = certificate.recheck(path)
            checked = spent() - before
        if code != verdict.status.exit_code:
            raise SystemExit(f"the checker disagrees: {out}{err}")
        rows.append(
            {
                "target": text,
                "cells": 2 ** (dim * levels),
                "p": p,
                "producer_seconds": produced,
                "checker_seconds": checked,
            }
        )
        print(f"{2 ** (dim * levels):>6}  {p:>4}  {produced:>10.2f}  {checked:>9.2f}  {text}")
    print(f"\n{recorded('rechecks', rows)}")


if __name__ == "__main__":
    main()
