"""Test helpers, and the scripts among the notebooks, are imported by their plain names."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(1, str(Path(__file__).parent.parent / "notebooks"))

from hypothesis import Phase, settings

# Nothing is said about time: a loaded machine is not a failure. No explanations: they take most of the time of `find`.
settings.register_profile(
    "approxcert", deadline=None, print_blob=True, phases=[phase for phase in Phase if phase != Phase.explain]
)
settings.load_profile("approxcert")
