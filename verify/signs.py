"""Signs of formulas in plain ASCII as the characters that they mean, for reports and figures alike."""

from __future__ import annotations

import re

_SIGNS = {"<=": "≤", ">=": "≥", "->": "→", "Phi": "Φ", "inf": "∞", "|d_": "|∂_"}
_WRITTEN = re.compile(r"<=|>=|->|\bPhi(?![A-Za-z0-9])|(?<=[_^])inf(?![A-Za-z0-9])|\|d_")


def with_signs(plain: str) -> str:
    """The text with its signs as characters; indices and exponents stay as they are written.

    >>> with_signs("‖f − Phi_l‖_inf <= C -> x_info")
    '‖f − Φ_l‖_∞ ≤ C → x_info'
    """
    return _WRITTEN.sub(lambda m: _SIGNS[m[0]], plain)
