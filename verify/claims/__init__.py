"""One module per theorem, with the same stem as its construction; the builders of claims are re-exported here."""

from verify.claims.geometric import geometric

CLAIMS = {"geometric": geometric}

__all__ = ["CLAIMS", "geometric"]
