"""What it costs a checker to evaluate an expression on a box, so that no certificate is made which none will read.

Source: verify/CERTIFICATE.md, 11.13.
"""

from __future__ import annotations

from constructs.targets.expression import ExpressionTarget

MOST = 1 << 25  # boxes times their cost
COSTS = {"sqrt": 8, "exp": 32, "log": 32, "sin": 32, "cos": 32, "tanh": 32}  # of others 1
FRACTIONAL_POWER = 128
WORD = 96  # bits; constants near 0 need more of them


def cost(target: ExpressionTarget) -> int:
    """In additions of one word. A subexpression counts as often as it is written: nobody has to find equal ones.

    >>> cost(ExpressionTarget("x0*x0 + sin(x0)", 1)), cost(ExpressionTarget("x0 + 1e-40", 1))
    (37, 27)
    """
    operations: list[int] = []
    extra: list[int] = []
    for node in target.nodes:
        own = COSTS.get(node.op, 1)
        if node.op == "**" and node.number is not None and node.number.q > 1:
            own = FRACTIONAL_POWER
        bits = 0
        if node.op == "number" and node.number is not None and 0 < node.number < 1:
            bits = int(node.number.q).bit_length() - int(node.number.p).bit_length()
        operations.append(own + sum(operations[a] for a in node.args))
        extra.append(bits + sum(extra[a] for a in node.args))
    words = -(-(WORD + min(4096, extra[-1])) // WORD)
    return operations[-1] * words**2
