"""Charts of a geometric certificate: errors, ratios, and the bits of what stores a level's table."""

from __future__ import annotations

from math import log2

from flint import fmpq

from constructs.exact import from_text
from constructs.geometric import over_parents
from constructs.network import Network
from constructs.rationals import ONE, Rationals
from verify.exhibits.certified import Certified
from verify.exhibits.curves import enclosed, lower, points, upper
from verify.exhibits.geometric_sides import Sides, all_sides, exponent
from verify.exhibits.kinds import Chart
from verify.powers import Enclosure, norm


def charts(certified: Certified, network: Network, tables: list[Rationals]) -> tuple[Chart, ...]:
    """Error, ratio, and bits against what no code can do without."""
    levels = all_sides(certified)
    return (
        _error_chart(certified, levels),
        _ratio_chart(certified, levels),
        *_bits(levels, certified, network, tables),
    )


def _error_chart(certified: Certified, levels: list[Sides]) -> Chart:
    name = certified.parameters["p"]
    series = [
        enclosed(
            "error ‖f − Phi_l‖, certified", "error", [(s.level, s.error.lo, s.error.hi) for s in levels]
        ),
        lower(f"C ω_{name}(f, N^-l), at least", "bound", [(s.level, s.bound) for s in levels]),
        lower(f"ω_{name}(f, N^-l), at least", "modulus", [(s.level, s.modulus) for s in levels]),
    ]
    if any(f["property"] == "error" and f["status"] == "refuted" for f in certified.findings):
        tops = [(s.level, s.constant.hi * s.modulus_above) for s in levels if s.modulus_above is not None]
        series.append(upper(f"C ω_{name}(f, N^-l), at most", "bound", tops))
    lipschitz = [f for f in certified.findings if f["property"] == "lipschitz-error"]
    if lipschitz:
        p = exponent(certified)
        bounds = [(f["level"], norm(Enclosure.exact(from_text(f["bound"])), p).lo) for f in lipschitz]
        series.append(lower("(2d+1) K N^-l", "claimed", bounds))
    return Chart(
        key="error",
        title=f"Error against modulus, L^{name}",
        caption="Every point is an end of a certified enclosure, rounded outward: errors from both sides, the "
        "modulus of continuity from below (and from above, where something is refuted). The theorem holds at a level "
        "if the error is below C ω.",
        x_label="level l",
        y_label=f"L^{name} norm",
        series=tuple(s for s in series if s.xs),
        log_y=True,
    )


def _ratio_chart(certified: Certified, levels: list[Sides]) -> Chart:
    name = certified.parameters["p"]
    seen = [s for s in levels if s.modulus > 0 and s.error.hi > 0]
    return Chart(
        key="ratio",
        title="Room under the bound",
        caption=f"From certified numbers: error/ω_{name} is at most, and the slack C ω_{name}/error at least, "
        "what is drawn. A ratio above C is no refutation: that needs the modulus from above.",
        x_label="level l",
        y_label="factor",
        series=(
            upper(f"error / ω_{name}", "ratio", [(s.level, s.error.hi / s.modulus) for s in seen]),
            lower("C", "bound", [(s.level, s.constant.lo) for s in seen]),
            lower(f"slack: C ω_{name} / error", "modulus", [(s.level, s.bound / s.error.hi) for s in seen]),
        ),
        log_y=True,
    )


def _bits(
    levels: list[Sides], certified: Certified, network: Network, tables: list[Rationals]
) -> tuple[Chart, ...]:
    """None if no level needs a stored table."""
    stored = [(t, bits) for t in range(1, len(tables)) if (bits := table_bits(network, t))]
    if not stored:
        return ()
    p = certified.parameters
    tolerance = from_text(p["tolerance"])
    needed = [
        (t, entropy(tables[t], tables[t - 1], p["base"], tolerance * levels[t].modulus))
        for t, _ in stored
        if levels[t].modulus > 0
    ]
    return (
        Chart(
            key="bits",
            title="Bits of tables, entropy bound",
            caption="Bits of the one weight that holds a level's table, and log2 of the number of distinguishable "
            "tables: corrections anywhere within the range of this level's, told apart up to the storage tolerance "
            f"({p['tolerance']} of the modulus). No way to store every such table can do with fewer bits; a single "
            "table may need fewer. Computed in floats from the weights' exact tables.",
            x_label="level l",
            y_label="bits",
            series=(
                points("bits of the weight", "bits", [(t, float(bits)) for t, bits in stored]),
                points("log2 of the number of tables", "entropy", [(t, v) for t, v in needed if v > 0]),
            ),
            log_y=True,
        ),
    )


def table_bits(network: Network, level: int) -> int:
    """Bits of the numerator of the weight between the two neurons that hold a level's table: exp2 and floor, or two
    sines; 0 if there are none.
    """
    before, layer = network.layers[level], network.layers[level + 1]
    numerators = [
        int(n.affine.terms[0][1].p).bit_length()
        for n in layer
        if len(n.affine.terms) == 1
        and (before[n.affine.terms[0][0]].activation, n.activation) in {("exp2", "floor"), ("sine", "sine")}
    ]
    return min(numerators, default=0)


def entropy(table: Rationals, coarser: Rationals, base: int, tolerance: fmpq) -> float:
    """cells * log2(R / (2 tolerance)), the quotient rounded up: corrections to the parents' values in an interval of
    length R, that of these, told apart up to the tolerance.

    >>> entropy(Rationals.of([0, 8]), Rationals.of([0]), 2, fmpq(1, 2))
    6.0
    """
    low, high = over_parents(table, coarser, base, -ONE).extremes
    values = int(((high - low) / (2 * tolerance)).ceil())
    return table.numerators.size * log2(max(values, 1))
