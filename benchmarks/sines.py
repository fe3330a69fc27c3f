"""How long it takes to find a weight n with |sin(n sin(1+J)) - y_J| <= tolerance for all J < K, certified.

y is random in [-1, 1]. Every table starts with empty caches: bases are reduced anew, or, for 64, 128 and 256 cells,
read from the files of those that were reduced ahead of time.
"""

from __future__ import annotations

import math
import random
import time

from flint import fmpq

from constructs.lattice import ladder
from constructs.sine_decoder import fewest_bits, find_weight
from constructs.stored_bases import stored_bases

TOLERANCES = (fmpq(1, 8), fmpq(1, 16))
REMARK = """
bits: bit length of n, per cell. count: the bits at which one n is expected to do if phases were random.
values: log2 of the number of values in [-1, 1] more than 2 tolerance apart. An n serves one table of such values
at most, so that some table needs at least K times that many bits, less one for the sign. Seconds are CPU time."""


def main() -> None:
    """Prints the table."""
    cases = [(K, tolerance) for K in (16, 32, 64, 128) for tolerance in TOLERANCES] + [(256, TOLERANCES[0])]
    print(f"{'K':>4} {'tolerance':>10} {'seconds':>8} {'bits':>6} {'count':>6} {'values':>7}")
    for K, tolerance in cases:
        draw = random.Random(K)
        wanted = [fmpq(draw.randint(-(10**6), 10**6), 10**6) for _ in range(K)]
        ladder.cache_clear()
        stored_bases.cache_clear()
        start = time.process_time()
        found = find_weight(wanted, tolerance, seconds=3600)
        seconds = time.process_time() - start
        values = math.log2(math.ceil(1 / tolerance))
        figures = f"{found.bits_per_cell:>6.2f} {fewest_bits(wanted, tolerance):>6.2f} {values:>7.2f}"
        print(f"{K:>4} {tolerance!s:>10} {seconds:>8.2f} {figures}", flush=True)
    print(REMARK)


if __name__ == "__main__":
    main()
