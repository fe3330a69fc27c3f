"""Test helpers are imported by their plain names."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from hypothesis import settings

# Nothing is said about time: a loaded machine is not a failure.
settings.register_profile("approxcert", deadline=None, print_blob=True)
settings.load_profile("approxcert")
