"""Hypothesis strategies for targets with certified constants, claims and networks; property tests of claims.

Needs the optional dependency Hypothesis: `pip install 'approxcert[hypothesis]'`. Nothing else of the project imports
this package. docs/property-tests.md shows how to use it.
"""

from __future__ import annotations

try:
    import hypothesis as _needed  # noqa: F401
except ImportError as error:
    raise ImportError(
        "verify.strategies needs Hypothesis, which is not installed: pip install 'approxcert[hypothesis]'"
    ) from error

from verify.strategies.expressions import expression_targets
from verify.strategies.extensions import holder_targets, sample_targets
from verify.strategies.kuhn import kuhn_targets, oscillating_targets
from verify.strategies.networks import networks
from verify.strategies.parameters import geometric_claims, multigrade_claims, multiplicative_claims
from verify.strategies.property_tests import NotHeld, property_test
from verify.strategies.slopes import lipschitz_power
from verify.strategies.steps import spike_targets, step_targets

__all__ = [
    "NotHeld",
    "expression_targets",
    "geometric_claims",
    "holder_targets",
    "kuhn_targets",
    "lipschitz_power",
    "multigrade_claims",
    "multiplicative_claims",
    "networks",
    "oscillating_targets",
    "property_test",
    "sample_targets",
    "spike_targets",
    "step_targets",
]
