"""One module per theorem, with the same stem as its construction; the builders of claims are re-exported
here.
"""

from verify.claims.geometric import DESCRIPTION, geometric

CLAIMS = {"geometric": geometric}
DESCRIPTIONS = {description.name: description for description in (DESCRIPTION,)}

__all__ = ["CLAIMS", "DESCRIPTIONS", "geometric"]
