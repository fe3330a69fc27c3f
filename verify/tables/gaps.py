"""The bound of an export gap for people."""

from __future__ import annotations

from collections.abc import Iterator

from verify.exhibits.numbers import above
from verify.export_gap import Gap

MOST_LEVELS = 8  # shown one by one


def lines(gap: Gap) -> Iterator[str]:
    """The bounds, where they hold, and what they assume."""
    yield "|exact - exported| at every point of the cube, bounded in exact arithmetic (not by the independent checker):"
    if gap.largest is not None and len(gap.bounds) > MOST_LEVELS:
        yield f"  all {len(gap.bounds)} readouts <= {above(gap.largest)}"
    else:
        for level, bound in gap.bounds.items():
            said = f"no bound: {bound}" if isinstance(bound, str) else f"<= {above(bound)}"
            yield f"  level {level}: {said}"
    if gap.near:
        floors = ", ".join(sorted({near.neuron for near in gap.near}))
        yield f"  except where a floor's argument ({floors}) is almost an integer: volume <= {above(gap.volume)}"
    for assumption in gap.assumptions:
        yield f"  assumed: {assumption}"
