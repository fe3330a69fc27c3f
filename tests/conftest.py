"""Test helpers, and the scripts among the notebooks, are imported by their plain names."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(1, str(Path(__file__).parent.parent / "notebooks"))

from hypothesis import Phase, settings

# Nothing is said about time: a loaded machine is not a failure. No explanations: they take most of the time of `find`.
# Everybody draws the same examples, so that what passes here passes elsewhere; profile "fresh" draws others every time.
settings.register_profile(
    "fresh", deadline=None, print_blob=True, phases=[phase for phase in Phase if phase != Phase.explain]
)
settings.register_profile("approxcert", settings.get_profile("fresh"), derandomize=True)
settings.load_profile("approxcert")
