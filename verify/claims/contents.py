"""The certificate of a judgement: the same parts for every claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from constructs.targets.base import Target
from verify.certificate import sealed
from verify.verdict import Finding, Status, overall


def certificate_of(
    claim: dict[str, Any],
    target: Target,
    network: dict[str, Any],
    evidence: dict[str, Any],
    findings: Sequence[Finding],
    status: Status | None = None,
    asked: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The sealed certificate of verify/CERTIFICATE.md, 2.

    Requires: claim {"name", "parameters"}; network and evidence as the claim's section of the format has them; status:
    that of the whole, where it rests on more than these findings; asked: what the producer was asked beside the claim.
    """
    return sealed(
        {
            "claim": claim,
            "target": target.specification(),
            "network": network,
            "evidence": evidence,
            "findings": [f.to_certificate() for f in findings],
            "status": (overall(tuple(findings)) if status is None else status).value,
        },
        asked,
    )
