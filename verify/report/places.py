"""Where the neurons of a drawing stand: a column a layer, and a row that a channel keeps from layer to layer."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from verify.exhibits.kinds import Drawing


def rows(drawing: Drawing) -> list[list[int]]:
    """The row of every input and neuron, layer by layer, inputs first.

    Method: a neuron named as one of the layer before stands in its row, others in the lowest that are free.

    >>> from verify.exhibits.kinds import Unit
    >>> a, b, c = (Unit(name, "", "relu", 1, ()) for name in "abc")
    >>> rows(Drawing("", ("x0",), ((a, b), (c, b)), (), ""))
    [[0], [0, 1], [0, 1]]
    """
    before: dict[str, int] = {}
    found = []
    for names in [drawing.inputs, *([unit.name for unit in layer] for layer in drawing.layers)]:
        if names:
            placed = _placed(names, before)
            before = dict(zip(names, placed, strict=True))
            found.append(placed)
        else:
            found.append([])  # layers that are left out; channels go on behind them
    return found


def _placed(names: Sequence[str], before: dict[str, int]) -> list[int]:
    kept: dict[int, int] = {}
    for number, name in enumerate(names):
        row = before.get(name)
        if row is not None and row not in kept.values():
            kept[number] = row
    free = (row for row in count() if row not in kept.values())
    return [kept[number] if number in kept else next(free) for number in range(len(names))]
