"""One module per theorem, with the same stem as its construction; the builders of claims are re-exported
here.
"""

from collections.abc import Callable

from verify.claims.description import Claim
from verify.claims.geometric import DESCRIPTION as GEOMETRIC
from verify.claims.geometric import geometric
from verify.claims.ladder import from_options, on_ladder
from verify.claims.multigrade import DESCRIPTION as MULTIGRADE
from verify.claims.multigrade import multigrade
from verify.claims.multiplicative import DESCRIPTION as MULTIPLICATIVE
from verify.claims.multiplicative import multiplicative

CLAIMS: dict[str, Callable[..., Claim]] = {
    "geometric": geometric,
    "multigrade": multigrade,
    "multiplicative": from_options,
}
DESCRIPTIONS = {description.name: description for description in (GEOMETRIC, MULTIGRADE, MULTIPLICATIVE)}

__all__ = ["CLAIMS", "DESCRIPTIONS", "Claim", "geometric", "multigrade", "multiplicative", "on_ladder"]
