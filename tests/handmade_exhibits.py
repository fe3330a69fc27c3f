"""Exhibits written down by hand: every kind of picture, and texts that would be markup if nothing escaped them."""

from __future__ import annotations

from verify.exhibits.kinds import Chart, Drawing, Exhibits, HeatMap, Row, Series, Unit

HOSTILE = "</title></script><script>alert(1)</script>&<img src=x onerror=alert(2)>\"'\x00"


def handmade(status: str = "proved", word: str = "plain", **changed: object) -> Exhibits:
    """Small exhibits; `word` stands wherever a certificate's text may stand."""
    levels = (0.0, 1.0, 2.0, 3.0)
    error = Series("error", "error", levels, (0.5, 0.0, 0.1, 0.06), (0.6, 0.3, 0.12, 0.07))
    bound = Series(f"bound {word}", "bound", levels, (3.0, 1.5, 0.7, 0.4))
    choices = tuple(
        (f"level {k} {word}", (Series("Phi_l", "readout", (0.0, 0.5, 1.0), (0.1 * k, 0.3, 0.3), steps=True),))
        for k in range(3)
    )
    target = Series("f", "target", (0.0, 0.4, 1.0), (0.3, 0.0, 0.6))
    field = tuple(tuple(0.1 + i + 2 * j for i in range(4)) for j in range(4))
    half = tuple(tuple(v / 2 for v in row) for row in field)
    layer = (Unit(word, f"carries {word}", "relu", 3, (0, 1)), Unit("G", "cell number", "floor", 12, (1,)))
    values: dict[str, object] = {
        "claim": "geometric",
        "title": f"Rates of {word}",
        "status": status,
        "sentence": f"For f = {word}: ‖f − Phi_l‖_2 <= C ω_2(f, 2^-l).",
        "trust": (f"Recomputed, {word}.",),
        "facts": (("target f", word), (word, "1")),
        "rows": (
            Row(f"error {word}", "level 0", "[0.5, 0.6]", ">= 3", "proved", "the checker", word),
            Row("width", word, "9", "<= 7", "refuted", "the checker", ""),
            Row("custom", "", "", "", "author's word", "the author", ""),
        ),
        "charts": (
            Chart(
                "error", f"Error {word}", "Certified.", "level l", f"norm {word}", (error, bound), log_y=True
            ),
            Chart("readout", "Readout", f"Sampled {word}.", "x", "value", (target,), choices),
            Chart(
                "bits", "Bits", "Bits.", "level l", "bits", (Series("bits", "bits", (1.0, 2.0), (9.0, 80.0)),)
            ),
        ),
        "maps": (
            HeatMap("error-map", f"Where {word}", "Sampled.", word, (("level 0", field), (word, half))),
        ),
        "drawing": Drawing(
            f"Layers {word}", ("x0", "x1"), (layer, (), (Unit("S", word, "exp2", 1, ()),)), ((word, 1),), word
        ),
        "source": f"arXiv {word}",
        "reproduce": (f"approxcert check {word}", "approxcert recheck c.json"),
        "versions": (("approxcert", word),),
        "hashes": (("all", word),),
    }
    return Exhibits(**{**values, **changed})  # pyright: ignore[reportArgumentType]
