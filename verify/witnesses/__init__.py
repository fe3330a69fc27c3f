"""Looking for targets whose error is large against their modulus: floats find candidates, rationals decide."""
