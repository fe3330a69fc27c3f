"""Colours: Okabe and Ito's for curves, one scale of increasing lightness for heat maps.

Source: M. Okabe, K. Ito, Color Universal Design (2008); B. Ottosson, A perceptual color space for image
processing (2020).
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

Rgb = tuple[int, int, int]

ANCHORS: tuple[Rgb, ...] = ((18, 24, 66), (24, 92, 128), (64, 150, 134), (170, 196, 110), (255, 240, 170))
TO_LMS = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
TO_L = (0.2104542553, 0.7936177850, -0.0040720468)


def luminance(colour: Rgb) -> float:
    """Relative luminance (WCAG 2)."""
    red, green, blue = map(_linear, colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Rgb, other: Rgb) -> float:
    """Contrast ratio (WCAG 2), from 1 to 21.

    >>> contrast((0, 0, 0), (255, 255, 255))
    21.0
    """
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lightness(colour: Rgb) -> float:
    """Lightness as it is perceived, 0 to 1 (the L of OKLab)."""
    linear = [_linear(c) for c in colour]
    lms = [sum(a * c for a, c in zip(row, linear, strict=True)) ** (1 / 3) for row in TO_LMS]
    return sum(a * c for a, c in zip(TO_L, lms, strict=True))


@cache
def scale() -> list[Rgb]:
    """256 colours, dark for small values, in equal steps of lightness."""
    fine = [_between(one, other, k / 256) for one, other in pairwise(ANCHORS) for k in range(256)]
    fine.append(ANCHORS[-1])
    lights = [lightness(c) for c in fine]
    wanted = [lights[0] + (lights[-1] - lights[0]) * k / 255 for k in range(256)]
    found, at = [], 0
    for light in wanted:
        while at + 1 < len(fine) and lights[at] < light:
            at += 1
        found.append(fine[at])
    return found


def _between(one: Rgb, other: Rgb, part: float) -> Rgb:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _linear(channel: int) -> float:
    value = channel / 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
